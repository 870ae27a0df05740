/* Whether two results say the same, and when time alone will change one. Pure, any thread. */
#include "engine.h"

static bool absences_equal(const struct duty *a, const struct duty *b)
{
    if (a->absence_count != b->absence_count)
        return false;
    for (size_t i = 0; i < a->absence_count; i++) {
        const struct duty_absence *x = &a->absences[i];
        const struct duty_absence *y = &b->absences[i];
        if (x->absence != y->absence || x->days != y->days || x->excluded != y->excluded)
            return false;
    }
    return true;
}

static bool readings_equal(const struct duty *a, const struct duty *b)
{
    if (a->reading_count != b->reading_count)
        return false;
    for (unsigned i = 0; i < a->reading_count; i++)
        if (a->readings[i].name != b->readings[i].name || a->readings[i].date != b->readings[i].date)
            return false;
    return true;
}

static bool dates_equal(const struct duty *a, const struct duty *b)
{
    return a->anchor == b->anchor && a->due == b->due && a->limit == b->limit && a->opens == b->opens &&
           a->shifted == b->shifted && a->satisfied_on == b->satisfied_on &&
           a->period.years == b->period.years && a->period.months == b->period.months &&
           a->period.days == b->period.days;
}

static bool facts_equal(const struct duty *a, const struct duty *b)
{
    return a->rule == b->rule && a->anchor_kind == b->anchor_kind && a->anchor_id == b->anchor_id &&
           a->absence == b->absence && a->agreement == b->agreement && a->postponement == b->postponement &&
           a->planned_by == b->planned_by && a->satisfied_by == b->satisfied_by &&
           a->visited_by == b->visited_by;
}

static bool duty_equal(const struct duty *a, const struct duty *b)
{
    return facts_equal(a, b) && dates_equal(a, b) && a->state == b->state && a->warning == b->warning &&
           a->tolerated == b->tolerated && a->expected == b->expected && a->capped == b->capped &&
           a->conflict == b->conflict && a->document == b->document && a->excluded_days == b->excluded_days &&
           readings_equal(a, b) && absences_equal(a, b);
}

static bool lists_equal(const struct duty *a, size_t a_count, const struct duty *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!duty_equal(&a[i], &b[i]))
            return false;
    return true;
}

bool duties_equal(const struct duties *a, const struct duties *b)
{
    return a->exclusion == b->exclusion && a->missing == b->missing &&
           lists_equal(a->open, a->open_count, b->open, b->open_count) &&
           lists_equal(a->history, a->history_count, b->history, b->history_count);
}

date_t duty_next_change(const struct duty_case *facts)
{
    struct arena *arena = arena_new(0);
    struct duty_case later = *facts;
    struct duties now;
    struct duties then;
    duties_compute(arena, facts, &now);
    date_t day = now.next_check;
    /* Each step asks for a later day than the one before, and a case has only so many days in it. */
    while (day != DATE_NONE) {
        later.as_of = day;
        duties_compute(arena, &later, &then);
        if (!duties_equal(&now, &then))
            break;
        day = then.next_check;
    }
    arena_free(arena);
    return day;
}
