/* The recap: six-yearly under the law of 2014, eight-yearly since the reform, from the seniority or the last
 * recap held. Pure, any thread. */
#include "engine.h"

static const struct chance any_recap = {.from = DATE_NONE, .to = DATE_NONE, .recap = true};

/* `opens` permits, it never locks: after a late first review the due date itself opens. */
static date_t recap_opens(const struct engine *e, const struct view *view, const struct duty *duty)
{
    const struct rule *rule = duty->rule;
    const struct held *first = e->held_count > 0 ? e->held : NULL;
    if (duty->anchor_kind == ANCHOR_RECAP || e->facts->employee.hire_date < rule->valid_from || !first ||
        !reached(view, first->date))
        return duty->due;
    return date_min(duty->due, date_add(first->date, rule->opens_period));
}

static date_t seniority_of(const struct engine *e)
{
    const struct case_employee *employee = &e->facts->employee;
    return employee->seniority_date != DATE_NONE ? employee->seniority_date : employee->hire_date;
}

static void recap_reading(struct duty *duty, enum reading_name name, date_t date)
{
    duty->readings[duty->reading_count++] = (struct duty_reading){(int)name, date};
}

/* The date of the grid closest to the due date: the grid drifts against recaps held early or late. */
static date_t recap_grid(date_t seniority, const struct duty *duty)
{
    const struct rule *rule = duty->rule;
    date_t base = anchor_base(rule, ANCHOR_SENIORITY, seniority);
    date_t nearest = base;
    date_t cell = base;
    for (int k = 1; cell < duty->due && k <= 40; k++) {
        cell = date_add(base, (struct period){.years = k * rule->period.years,
                                  .months = k * rule->period.months,
                                  .days = k * rule->period.days});
        nearest =
            duty->due - nearest <= (cell > duty->due ? cell - duty->due : duty->due - cell) ? nearest : cell;
    }
    return nearest;
}

static void recap_shape(struct engine *e, const struct view *view, struct duty *duty)
{
    if (duty->rule->shape != SHAPE_RECAP)
        return;
    date_t from = anchor_base(duty->rule, (enum anchor_kind)duty->anchor_kind, duty->anchor);
    duty->opens = recap_opens(e, view, duty);
    duty->excluded_days =
        absences_excluded(e, view, from, duty->due - 1, false, &duty->absences, &duty->absence_count);
    duty->limit += duty->excluded_days;
    duty->shifted = duty->due + duty->excluded_days;
    if (duty->excluded_days > 0)
        recap_reading(duty, READING_SHIFTED, duty->shifted);
    if (absences_reading_differs(e, view)) {
        int days = absences_excluded(e, view, from, duty->due - 1, true, NULL, NULL);
        if (days != duty->excluded_days)
            recap_reading(duty, READING_MINISTRY, duty->due + days);
    }
    if (duty->anchor_kind == ANCHOR_RECAP)
        recap_reading(duty, READING_SENIORITY_GRID, recap_grid(seniority_of(e), duty));
}

static bool recap_duty(struct engine *e, const struct view *view, const struct held *last, struct duty *ret)
{
    const struct asked asked = {.family = DUTY_RECAP,
        .anchor = last != NULL ? last->date : seniority_of(e),
        .kind = last != NULL ? ANCHOR_RECAP : ANCHOR_SENIORITY};
    struct term term;
    if (!term_find(e, view, &asked, &term))
        return false;
    *ret = duty_of(e, &term, &asked, last != NULL ? last->review->id : NULL);
    recap_shape(e, view, ret);
    return true;
}

void recap_duties(struct engine *e)
{
    const struct held *last = NULL;
    struct duty duty;
    for (size_t i = 0; i < e->held_count; i++) {
        if (!e->held[i].recap)
            continue;
        struct view eve = {.day = e->held[i].date - 1};
        if (recap_duty(e, &eve, last, &duty))
            duty_add_closed(e, &duty, e->held[i].review, e->held[i].date);
        last = &e->held[i];
    }
    if (recap_duty(e, &e->now, last, &duty))
        duty_add_open(e, &duty, &any_recap);
}
