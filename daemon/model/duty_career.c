/* The duties of a career: the mid-career visit (only watched), the review after it, the one before sixty
 * (L4624-2-2, L6315-1 IV and V). Pure, any thread. */
#include "engine.h"

/* The earliest visit known from a day on. */
static const struct case_event *visit_since(const struct engine *e, date_t from)
{
    const struct case_event *found = NULL;
    for (size_t i = 0; i < e->facts->event_count; i++) {
        const struct case_event *event = &e->facts->events[i];
        if (event->type != EVENT_MIDCAREER_VISIT || event->date == DATE_NONE || event->date < from ||
            !reached(&e->now, event->date))
            continue;
        if (found == NULL || event->date < found->date ||
            (event->date == found->date && text_compare(event->id, found->id) < 0))
            found = event;
    }
    return found;
}

static void visit_duty(struct engine *e)
{
    date_t birth = e->facts->employee.birth_date;
    const struct asked asked = {.family = DUTY_MIDCAREER_VISIT, .anchor = birth, .kind = ANCHOR_BIRTH};
    struct term term;
    if (!term_find(e, &e->now, &asked, &term) || term.due < e->facts->employee.hire_date)
        return;
    date_t begins = date_of(date_ymd(term.due).year, 1, 1);
    date_t window = date_of(date_ymd(date_add(birth, term.rule->window)).year, 1, 1);
    const struct case_event *visit = visit_since(e, window);
    struct duty duty = duty_of(e, &term, &asked, NULL);
    if (visit == NULL) {
        if (duty_begins(e, begins, &duty))
            duty_add_open(e, &duty, &(struct chance){.not_a_review = true});
        return;
    }
    struct view eve = {.day = visit->date - 1};
    if (rule_exists(&eve, term.rule) && reached(&eve, begins)) {
        duty.visited_by = visit;
        duty_add_closed(e, &duty, NULL, visit->date);
    }
}

static void midcareer_duty(struct engine *e)
{
    const struct case_event *visit = visit_since(e, DATE_NONE);
    if (visit == NULL || visit->date < e->first_day)
        return;
    const struct asked asked = {.family = DUTY_MIDCAREER, .anchor = visit->date, .kind = ANCHOR_VISIT};
    struct term term;
    if (!term_find(e, &e->now, &asked, &term))
        return;
    struct duty duty = duty_of(e, &term, &asked, visit->id);
    const struct held *held = held_within(e, visit->date, INT32_MAX);
    if (held != NULL)
        duty_add_closed(e, &duty, held->review, held->date);
    else
        duty_add_open(e, &duty, &(struct chance){.from = visit->date, .to = DATE_NONE});
}

static void senior_duty(struct engine *e)
{
    date_t birth = e->facts->employee.birth_date;
    const struct asked asked = {.family = DUTY_SENIOR, .anchor = birth, .kind = ANCHOR_BIRTH};
    struct term term;
    if (!term_find(e, &e->now, &asked, &term) || term.due < e->facts->employee.hire_date)
        return;
    struct duty duty = duty_of(e, &term, &asked, NULL);
    duty.opens = date_max(date_add(birth, term.rule->window), term.rule->valid_from);
    if (!duty_begins(e, duty.opens, &duty))
        return;
    const struct held *held = held_within(e, duty.opens, duty.due);
    if (held != NULL)
        duty_add_closed(e, &duty, held->review, held->date);
    else
        duty_add_open(e, &duty, &(struct chance){.from = duty.opens, .to = duty.due, .final = true});
}

/* Whether a rule that needs the birth date exists at all. */
static bool birth_needed(const struct engine *e)
{
    for (size_t i = 0; i < e->rules->rule_count; i++) {
        const struct rule *rule = &e->rules->rules[i];
        if (rule->anchor == ANCHOR_BIRTH && rule_exists(&e->now, rule))
            return true;
    }
    return false;
}

void career_duties(struct engine *e)
{
    if (e->facts->employee.birth_date != DATE_NONE) {
        visit_duty(e);
        senior_duty(e);
    } else if (birth_needed(e)) {
        e->missing |= DUTY_MISSING_BIRTH_DATE;
    }
    if (e->facts->event_count > 0)
        midcareer_duty(e);
}
