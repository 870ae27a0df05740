/*
 * Slots: each day worked is cut into starts, what is busy is left out, a few of the rest are kept. Pure, any
 * thread.
 */
#include "model/slot.h"

enum { SLOT_DAY_MAX = 300 };

static bool slot_is_busy(const struct slot_search *search, const struct slot *slot)
{
    for (size_t i = 0; i < search->busy_count; i++)
        if (search->busy[i].start < slot->end && slot->start < search->busy[i].end)
            return true;
    return false;
}

/* All free starts of a day, in the order of the hours given. */
static int slots_of_day(const struct slot_search *search, date_t day, struct slot all[SLOT_DAY_MAX])
{
    int count = 0;
    int weekday = date_weekday(day);
    for (size_t i = 0; i < search->hours_count; i++) {
        const struct slot_hours *hours = &search->hours[i];
        if (hours->weekday != weekday)
            continue;
        for (int at = hours->from; at + search->minutes <= hours->to && count < SLOT_DAY_MAX;
             at += search->step) {
            struct slot slot = {.start = zone_instant(search->zone, day, at * 60)};
            slot.end = slot.start + search->minutes * 60 * US_PER_SEC;
            if (!slot_is_busy(search, &slot))
                all[count++] = slot;
        }
    }
    return count;
}

size_t slots_find(const struct slot_search *search, struct slot *slots, size_t room)
{
    struct slot all[SLOT_DAY_MAX];
    size_t found = 0;
    if (search->minutes <= 0 || search->step <= 0 || search->per_day <= 0)
        return 0;
    for (date_t day = search->from; day <= search->to && found < room; day++) {
        if (holiday_name((enum holiday_calendar)search->holidays, day, LANG_FR))
            continue;
        int count = slots_of_day(search, day, all);
        int kept = count < search->per_day ? count : search->per_day;
        for (int i = 0; i < kept && found < room; i++)
            slots[found++] = all[i * count / kept];
    }
    return found;
}
