/* The first professional review and the periodic ones: the first held closes FIRST, each later one closes the
 * PERIODIC duty that the one before opened. Pure, any thread. */
#include "engine.h"

static const struct chance any_review = {.from = DATE_NONE, .to = DATE_NONE};

/* The anniversary of the hiring nearest to the day held, the earlier of two. */
static date_t anniversary_near(date_t hire, date_t held)
{
    int year = date_ymd(held).year;
    date_t nearest = date_in_year(hire, year - 1);
    for (int y = year; y <= year + 1; y++) {
        date_t candidate = date_in_year(hire, y);
        int before = held > nearest ? held - nearest : nearest - held;
        int after = held > candidate ? held - candidate : candidate - held;
        nearest = after < before ? candidate : nearest;
    }
    return date_max(nearest, hire);
}

/* By policy the term counts from the anniversary when that is earlier; the law's own dates stay the limit. */
static void periodic_align(const struct engine *e, const struct view *view, date_t held, struct term *term)
{
    if (e->facts->policies.periodic_anchor != PERIODIC_HIRE_ANNIVERSARY)
        return;
    date_t anniversary = anniversary_near(e->facts->employee.hire_date, held);
    if (anniversary < held) {
        struct term aligned = *term;
        const struct asked asked = {.family = DUTY_PERIODIC, .anchor = anniversary, .kind = ANCHOR_REVIEW};
        term_move(e, view, &asked, &aligned);
        term->due = date_min(term->due, aligned.due);
    }
}

static void first_readings(struct duty *duty)
{
    const struct rule *rule = duty->rule;
    if (rule->shape != SHAPE_TRANSITION)
        return;
    date_t base = anchor_base(rule, ANCHOR_HIRE, duty->anchor);
    date_t early = date_add(duty->anchor, rule->early_period);
    date_t two_years = date_add(base, rule->period);
    duty->readings[0] = (struct duty_reading){READING_STRICT, early >= rule->valid_from ? early : two_years};
    duty->readings[1] = (struct duty_reading){READING_LENIENT, duty->limit};
    duty->readings[2] = (struct duty_reading){
        READING_ART2222, date_min(date_add(rule->valid_from, rule->early_period), two_years)};
    duty->reading_count = 3;
}

/* The duty to hold the first review (`before` NULL) or the one after `before`, as seen from the view. */
static bool periodic_duty(
    const struct engine *e, const struct view *view, const struct held *before, struct duty *ret)
{
    const struct asked first = {
        .family = DUTY_FIRST, .anchor = e->facts->employee.hire_date, .kind = ANCHOR_HIRE};
    struct term term;
    if (before == NULL) {
        if (!term_find(e, view, &first, &term))
            return false;
        *ret = duty_of(e, &term, &first, NULL);
        first_readings(ret);
        return true;
    }
    const struct asked next = {.family = DUTY_PERIODIC, .anchor = before->date, .kind = ANCHOR_REVIEW};
    if (!term_find(e, view, &next, &term))
        return false;
    periodic_align(e, view, before->date, &term);
    *ret = duty_of(e, &term, &next, before->review->id);
    return true;
}

void periodic_duties(struct engine *e)
{
    const struct held *before = NULL;
    struct duty duty;
    for (size_t i = 0; i < e->held_count; i++) {
        const struct held *held = &e->held[i];
        struct view eve = {.day = held->date - 1};
        if (periodic_duty(e, &eve, before, &duty))
            duty_add_closed(e, &duty, held->review, held->date);
        before = held;
    }
    if (periodic_duty(e, &e->now, before, &duty))
        duty_add_open(e, &duty, &any_review);
}
