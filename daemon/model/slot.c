/*
 * Slots: each day worked is cut into starts, what is busy is left out, a few of the rest are kept. Pure, any
 * thread.
 */
#include "slot_internal.h"

const char *const slot_reason_names[] = {"free", "closed", "holiday", "past", "employee_away",
    "interviewer_away", "employee_review", "interviewer_review", "employee_busy", "interviewer_busy",
    "week_full", NULL};

enum slot_reason slot_tally_main(const struct slot_tally *tally)
{
    enum slot_reason most = SLOT_FREE;
    unsigned count = 0;
    for (int reason = SLOT_PAST; reason < SLOT_REASON_COUNT; reason++)
        if (tally->count[reason] > count) {
            most = (enum slot_reason)reason;
            count = tally->count[reason];
        }
    if (most == SLOT_FREE && tally->count[SLOT_CLOSED] + tally->count[SLOT_HOLIDAY] > 0)
        return tally->count[SLOT_HOLIDAY] > tally->count[SLOT_CLOSED] ? SLOT_HOLIDAY : SLOT_CLOSED;
    return most;
}

date_t slot_week(date_t day)
{
    return day - (date_weekday(day) - 1);
}

enum slot_reason slot_day(const struct slot_search *search, date_t day)
{
    int weekday = date_weekday(day);
    bool open = false;
    for (size_t i = 0; i < search->hours_count; i++) {
        const struct slot_hours *hours = &search->hours[i];
        open |= hours->weekday == weekday && hours->from + search->minutes <= hours->to;
    }
    if (!open)
        return SLOT_CLOSED;
    return holiday_name((enum holiday_calendar)search->holidays, day, LANG_FR) ? SLOT_HOLIDAY : SLOT_FREE;
}

size_t slot_starts(const struct slot_search *search, date_t day, struct slot all[SLOT_DAY_MAX])
{
    size_t count = 0;
    int weekday = date_weekday(day);
    for (size_t i = 0; i < search->hours_count; i++) {
        const struct slot_hours *hours = &search->hours[i];
        if (hours->weekday != weekday)
            continue;
        for (int at = hours->from; at + search->minutes <= hours->to && count < SLOT_DAY_MAX;
             at += search->step) {
            instant_t start = zone_instant(search->zone, day, at * 60);
            all[count++] = (struct slot){start, start + search->minutes * 60 * US_PER_SEC};
        }
    }
    return count;
}

enum slot_reason slot_why(const struct slot_search *search, const struct slot *slot)
{
    int reason = SLOT_REASON_COUNT;
    if (slot->start <= search->now)
        return SLOT_PAST;
    for (size_t i = 0; i < search->busy_count; i++) {
        const struct slot_busy *busy = &search->busy[i];
        if (busy->start < slot->end && slot->start < busy->end && busy->reason < reason)
            reason = busy->reason;
    }
    return reason == SLOT_REASON_COUNT ? SLOT_FREE : (enum slot_reason)reason;
}

unsigned slot_week_load(const struct slot_search *search, date_t monday)
{
    unsigned load = 0;
    instant_t from = zone_instant(search->zone, monday, 0);
    instant_t to = zone_instant(search->zone, monday + 7, 0);
    for (size_t i = 0; i < search->busy_count; i++) {
        const struct slot_busy *busy = &search->busy[i];
        load += busy->reason == SLOT_INTERVIEWER_REVIEW && busy->start >= from && busy->start < to;
    }
    return load;
}

/* The free starts of a day, those refused counted. */
static size_t slots_of_day(
    const struct slot_search *search, date_t day, struct slot all[SLOT_DAY_MAX], struct slot_tally *tally)
{
    enum slot_reason why = slot_day(search, day);
    if (why != SLOT_FREE) {
        tally->count[why]++;
        return 0;
    }
    size_t count = slot_starts(search, day, all);
    bool full = search->per_week > 0 && slot_week_load(search, slot_week(day)) >= (unsigned)search->per_week;
    size_t free_count = 0;
    for (size_t i = 0; i < count; i++) {
        enum slot_reason reason = slot_why(search, &all[i]);
        if (reason == SLOT_FREE && full)
            reason = SLOT_WEEK_FULL;
        tally->count[reason]++;
        if (reason == SLOT_FREE)
            all[free_count++] = all[i];
    }
    return free_count;
}

size_t slots_find(const struct slot_search *search, struct slot *slots, size_t room, struct slot_tally *tally)
{
    struct slot all[SLOT_DAY_MAX];
    struct slot_tally unasked = {0};
    struct slot_tally *seen = tally ? tally : &unasked;
    size_t found = 0;
    *seen = (struct slot_tally){0};
    if (search->minutes <= 0 || search->step <= 0 || search->per_day <= 0)
        return 0;
    for (date_t day = search->from; day <= search->to && found < room; day++) {
        size_t count = slots_of_day(search, day, all, seen);
        size_t kept = count < (size_t)search->per_day ? count : (size_t)search->per_day;
        for (size_t i = 0; i < kept && found < room; i++)
            slots[found++] = all[i * count / kept];
    }
    return found;
}
