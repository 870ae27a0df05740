/* The duty engine: sorts what is known, asks each family for its duties, puts the list in order. Pure, any
 * thread. */
#include "engine.h"

#include <stdlib.h>
#include <string.h>

enum { SORT_INSERTION_MAX = 24 };

int text_compare(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a == NULL) - (b == NULL);
    return strcmp(a, b);
}

static int number_compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* qsort allocates; a handful of elements, the common case, need none of it. */
static void sort(
    void *items, size_t count, size_t size, int (*compare)(const void *, const void *), void *spare)
{
    if (count > SORT_INSERTION_MAX) {
        qsort(items, count, size, compare);
        return;
    }
    char *base = items;
    for (size_t i = 1; i < count; i++) {
        size_t j = i;
        while (j > 0 && compare(base + i * size, base + (j - 1) * size) < 0)
            j--;
        if (j < i) {
            memcpy(spare, base + i * size, size);
            memmove(base + (j + 1) * size, base + j * size, (i - j) * size);
            memcpy(base + j * size, spare, size);
        }
    }
}

static int held_compare(const void *a, const void *b)
{
    const struct held *x = a;
    const struct held *y = b;
    int order = number_compare(x->date, y->date);
    if (order == 0)
        order = number_compare(y->recap, x->recap);
    return order != 0 ? order : text_compare(x->review->id, y->review->id);
}

static int away_compare(const void *a, const void *b)
{
    const struct case_absence *x = ((const struct away *)a)->absence;
    const struct case_absence *y = ((const struct away *)b)->absence;
    int order = number_compare(x->start, y->start);
    if (order == 0)
        order = text_compare(x->type, y->type);
    if (order == 0)
        order = number_compare(x->end, y->end);
    return order != 0 ? order : text_compare(x->id, y->id);
}

static int anchor_compare(const struct duty *x, const struct duty *y)
{
    int order = number_compare(x->family, y->family);
    if (order == 0)
        order = number_compare(x->anchor, y->anchor);
    return order != 0 ? order : text_compare(x->anchor_id, y->anchor_id);
}

static int open_compare(const void *a, const void *b)
{
    const struct duty *x = a;
    const struct duty *y = b;
    int order = number_compare(x->due, y->due);
    if (order == 0)
        order = number_compare(x->limit, y->limit);
    return order != 0 ? order : anchor_compare(x, y);
}

static int closed_compare(const void *a, const void *b)
{
    const struct duty *x = a;
    const struct duty *y = b;
    int order = number_compare(x->satisfied_on, y->satisfied_on);
    return order != 0 ? order : anchor_compare(x, y);
}

static void engine_sort_held(struct engine *e)
{
    const struct duty_case *facts = e->facts;
    struct held spare;
    e->held = ARENA_ARRAY(e->arena, facts->review_count, struct held);
    for (size_t i = 0; i < facts->review_count; i++) {
        const struct case_review *review = &facts->reviews[i];
        if (review->type == REVIEW_PROFESSIONAL && review->held != DATE_NONE && review->held >= e->first_day &&
            reached(&e->now, review->held)) {
            e->held[e->held_count++] =
                (struct held){.date = review->held, .review = review, .recap = review->recap == 1};
        }
    }
    sort(e->held, e->held_count, sizeof *e->held, held_compare, &spare);
    size_t kept = 0;
    for (size_t i = 0; i < e->held_count; i++)
        if (kept == 0 || e->held[i].date != e->held[kept - 1].date)
            e->held[kept++] = e->held[i];
    e->held_count = kept;
}

static void engine_sort_away(struct engine *e)
{
    const struct duty_case *facts = e->facts;
    if (facts->absence_count == 0)
        return;
    struct away spare;
    e->away = ARENA_ARRAY(e->arena, facts->absence_count, struct away);
    for (size_t i = 0; i < facts->absence_count; i++) {
        const struct case_absence *absence = &facts->absences[i];
        const struct absence_type *type = rules_absence_type(e->rules, absence->type);
        if (type != NULL && absence->start != DATE_NONE &&
            (absence->end == DATE_NONE || absence->end >= date_max(absence->start, e->first_day)))
            e->away[e->away_count++] = (struct away){.absence = absence, .type = type};
    }
    sort(e->away, e->away_count, sizeof *e->away, away_compare, &spare);
}

const struct held *held_within(const struct engine *e, date_t from, date_t to)
{
    for (size_t i = 0; i < e->held_count; i++)
        if (e->held[i].date >= from)
            return e->held[i].date <= to ? &e->held[i] : NULL;
    return NULL;
}

struct duty duty_of(
    const struct engine *e, const struct term *term, const struct asked *asked, const char *anchor_id)
{
    return (struct duty){
        .rules = e->rules,
        .rule = term->rule,
        .article = term->rule->article,
        .family = term->rule->family,
        .capped = term->capped,
        .anchor_kind = (int)asked->kind,
        .anchor = asked->anchor,
        .anchor_id = anchor_id,
        .period = term->period,
        .due = term->due,
        .limit = term->limit,
        .opens = DATE_NONE,
        .shifted = DATE_NONE,
        .conflict = -1,
        .agreement = term->agreement,
        .postponement = term->postponement,
        .satisfied_on = DATE_NONE,
    };
}

bool duty_begins(const struct engine *e, date_t from, struct duty *duty)
{
    if (reached(&e->now, from))
        return true;
    duty->expected = e->facts->forecast != DATE_NONE && from <= e->facts->forecast;
    return duty->expected;
}

static bool known(const struct engine *e, date_t date)
{
    return date != DATE_NONE && reached(&e->now, date);
}

/* Convened for a day still to come that would satisfy the duty in time. */
static bool planned_serves(const struct engine *e, const struct duty *duty, const struct chance *chance,
    const struct case_review *review)
{
    if (review->type != REVIEW_PROFESSIONAL || review->planned == DATE_NONE || review->planned > duty->limit ||
        (chance->recap && review->recap != 1))
        return false;
    if ((chance->from != DATE_NONE && review->planned < chance->from) ||
        (chance->to != DATE_NONE && review->planned > chance->to))
        return false;
    return !known(e, review->held) && !known(e, review->refused) && !reached(&e->now, review->planned + 1);
}

static const struct case_review *planned_find(
    const struct engine *e, const struct duty *duty, const struct chance *chance)
{
    const struct case_review *found = NULL;
    for (size_t i = 0; i < e->facts->review_count && !chance->not_a_review; i++) {
        const struct case_review *review = &e->facts->reviews[i];
        if (!planned_serves(e, duty, chance, review))
            continue;
        if (found == NULL || review->planned < found->planned ||
            (review->planned == found->planned && text_compare(review->id, found->id) < 0))
            found = review;
    }
    return found;
}

static enum duty_state open_state(const struct engine *e, const struct duty *duty, const struct chance *chance)
{
    if (reached(&e->now, duty->due + 1))
        return chance->final ? DUTY_MISSED : DUTY_OVERDUE;
    if (duty->planned_by != NULL)
        return DUTY_PLANNED;
    return reached(&e->now, duty->due - e->facts->policies.planning_horizon) ? DUTY_TO_PLAN : DUTY_UPCOMING;
}

void duty_add_open(struct engine *e, const struct duty *duty, const struct chance *chance)
{
    struct duty *slot = &e->open[e->open_count++];
    *slot = *duty;
    if (duty->state == DUTY_EXEMPT)
        return;
    slot->planned_by = planned_find(e, slot, chance);
    slot->state = (int)open_state(e, slot, chance);
    slot->tolerated = slot->state == DUTY_OVERDUE && !reached(&e->now, duty->limit + 1);
}

static enum duty_document document_of(const struct engine *e, const struct case_review *review)
{
    if (known(e, review->copy_handed))
        return DUTY_DOCUMENT_COPY;
    return known(e, review->reported) ? DUTY_DOCUMENT_REPORT : DUTY_DOCUMENT_NONE;
}

void duty_add_closed(struct engine *e, struct duty *duty, const struct case_review *review, date_t on)
{
    static const enum duty_state by_document[] = {
        [DUTY_DOCUMENT_NONE] = DUTY_HELD,
        [DUTY_DOCUMENT_REPORT] = DUTY_REPORTED,
        [DUTY_DOCUMENT_COPY] = DUTY_PROVED,
    };
    duty->satisfied_by = review;
    duty->satisfied_on = on;
    /* Of a visit only the date may be stored: nothing more can be missing. */
    duty->document = (int)(review == NULL ? DUTY_DOCUMENT_COPY : document_of(e, review));
    if (duty->state != DUTY_REFUSED && duty->state != DUTY_EXEMPT) {
        duty->state = (int)(on > duty->limit ? DUTY_HELD_LATE : by_document[duty->document]);
        duty->tolerated = on > duty->due && on <= duty->limit;
    }
    e->history[e->history_count++] = *duty;
}

/* A periodic review that falls due shortly before the recap opens: one meeting cannot serve both. */
static void engine_mark_conflict(struct engine *e)
{
    for (size_t r = 0; r < e->open_count; r++) {
        struct duty *recap = &e->open[r];
        if (recap->family != DUTY_RECAP || recap->opens == DATE_NONE)
            continue;
        for (size_t p = 0; p < e->open_count; p++) {
            struct duty *periodic = &e->open[p];
            if (periodic->family == DUTY_PERIODIC && periodic->due < recap->opens &&
                recap->opens < date_add(periodic->due, recap->rule->conflict_period)) {
                periodic->conflict = (int)r;
                recap->conflict = (int)p;
            }
        }
    }
}

static enum duty_exclusion engine_exclusion(const struct engine *e)
{
    const struct case_employee *employee = &e->facts->employee;
    if (employee->contract == CONTRACT_TEMPORARY)
        return DUTY_TEMPORARY;
    if (employee->hire_date == DATE_NONE || !reached(&e->now, employee->hire_date))
        return DUTY_NOT_HIRED;
    return employee->exit_date != DATE_NONE && reached(&e->now, employee->exit_date) ? DUTY_LEFT : DUTY_SUBJECT;
}

static void engine_run(struct engine *e)
{
    struct duty spare;
    engine_sort_held(e);
    engine_sort_away(e);
    e->open = ARENA_ARRAY(e->arena, 5 + 2 * e->away_count, struct duty);
    e->history = ARENA_ARRAY(e->arena, 3 + 2 * (e->held_count + e->away_count), struct duty);
    periodic_duties(e);
    recap_duties(e);
    if (e->away_count > 0) {
        return_duties(e);
        leave_duties(e);
    }
    career_duties(e);
    sort(e->open, e->open_count, sizeof *e->open, open_compare, &spare);
    sort(e->history, e->history_count, sizeof *e->history, closed_compare, &spare);
    engine_mark_conflict(e);
}

void duties_compute(struct arena *arena, const struct duty_case *facts, struct duties *ret)
{
    struct engine e = {.arena = arena,
        .facts = facts,
        .rules = facts->rules,
        .next = INT32_MAX,
        .first_day = case_first_day(&facts->employee)};
    e.now = (struct view){.day = facts->as_of, .next = &e.next};
    enum duty_exclusion exclusion = engine_exclusion(&e);
    if (facts->employee.hire_date == DATE_NONE)
        e.missing |= DUTY_MISSING_HIRE_DATE;
    if (exclusion == DUTY_SUBJECT || exclusion == DUTY_LEFT)
        engine_run(&e);
    bool subject = exclusion == DUTY_SUBJECT;
    *ret = (struct duties){
        .open = e.open,
        .open_count = subject ? e.open_count : 0,
        .history = e.history,
        .history_count = e.history_count,
        .exclusion = (int)exclusion,
        .missing = e.missing,
        .next_check = e.next == INT32_MAX ? DATE_NONE : e.next,
    };
}
