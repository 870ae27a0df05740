/* Duties around absences: after a chain of absences (L6315-1 I), before a leave (L3142-11, L3142-23). Pure, any
 * thread.
 */
#include "engine.h"

/* Absences one after the other without a day at work between them. */
struct chain {
    size_t first, last; /* into e->away; others may lie between, they are not `away` */
    date_t start, end;  /* end is DATE_NONE while open */
    bool alone;         /* only the absence `first` */
};

static bool absence_asks(const struct away *away, date_t back)
{
    const struct absence_type *type = away->type;
    if (type->return_from != DATE_NONE && back < type->return_from)
        return false;
    switch ((enum absence_return)type->after) {
    case ABSENCE_RETURN_YES:
        return true;
    case ABSENCE_RETURN_LONG:
        return away->absence->end + 1 > date_add(away->absence->start, type->long_period);
    case ABSENCE_RETURN_NO:
        break;
    }
    return false;
}

static bool absence_names_rather(const struct away *one, const struct away *other)
{
    if (one->absence->end != other->absence->end)
        return one->absence->end > other->absence->end;
    if (one->absence->start != other->absence->start)
        return one->absence->start > other->absence->start;
    int types = text_compare(one->absence->type, other->absence->type);
    return types != 0 ? types < 0 : text_compare(one->absence->id, other->absence->id) < 0;
}

/* The absence of the chain that asks for a review and ended last, NULL when none asks. */
static const struct away *chain_name(const struct engine *e, const struct chain *chain, date_t back)
{
    const struct away *name = NULL;
    for (size_t i = chain->first; i <= chain->last; i++) {
        const struct away *away = &e->away[i];
        if ((chain->alone ? i == chain->first : away->type->away == 1) && absence_asks(away, back) &&
            (name == NULL || absence_names_rather(away, name)))
            name = away;
    }
    return name;
}

static const struct case_review *refusal_since(const struct engine *e, date_t from)
{
    const struct case_review *found = NULL;
    for (size_t i = 0; i < e->facts->review_count; i++) {
        const struct case_review *review = &e->facts->reviews[i];
        if (review->type != REVIEW_PROFESSIONAL || review->refused == DATE_NONE || review->refused < from ||
            !reached(&e->now, review->refused))
            continue;
        if (found == NULL || review->refused < found->refused ||
            (review->refused == found->refused && text_compare(review->id, found->id) < 0))
            found = review;
    }
    return found;
}

/* The latest review that exempts: held in the window before the return. */
static const struct held *return_exempts(const struct engine *e, const struct duty *duty)
{
    if (duty->absence_type->exemptible != 1 || period_is_none(duty->rule->exempt_window))
        return NULL;
    date_t from = date_subtract(duty->anchor, duty->rule->exempt_window);
    const struct held *found = NULL;
    for (size_t i = 0; i < e->held_count && e->held[i].date < duty->anchor; i++)
        found = e->held[i].date >= from ? &e->held[i] : found;
    return found;
}

static void return_exempt(struct duty *duty, const struct held *by)
{
    duty->state = DUTY_EXEMPT;
    duty->satisfied_by = by->review;
    duty->satisfied_on = by->date;
    if (duty->absence_type->special_article != NULL)
        duty->warning = DUTY_WARNING_SPECIAL_ARTICLE;
}

static void return_settle(struct engine *e, struct duty *duty, date_t start)
{
    const struct held *held = held_within(e, start, INT32_MAX);
    const struct case_review *refusal = duty->rule->refusal == 1 ? refusal_since(e, start) : NULL;
    const struct held *exempting = return_exempts(e, duty);
    if (exempting != NULL && exempting->date >= start)
        exempting = NULL; /* held during the absence: it satisfies */
    if (refusal != NULL && (held == NULL || refusal->refused < held->date)) {
        duty->state = DUTY_REFUSED;
        duty_add_closed(e, duty, refusal, refusal->refused);
    } else if (held != NULL && (exempting == NULL || held->date <= duty->limit)) {
        duty_add_closed(e, duty, held->review, held->date);
    } else if (exempting != NULL) {
        return_exempt(duty, exempting);
        if (held != NULL) {
            /* What a lawful exemption left undone is not late when the next review comes. */
            duty_add_closed(e, duty, exempting->review, exempting->date);
        } else {
            duty_add_open(e, duty, NULL);
        }
    } else {
        duty_add_open(e, duty, &(struct chance){.from = start, .to = DATE_NONE});
    }
}

static void return_duty(struct engine *e, const struct chain *chain)
{
    if (chain->end == DATE_NONE)
        return;
    date_t back = chain->end + 1;
    const struct away *name = chain_name(e, chain, back);
    const struct asked asked = {.family = DUTY_RETURN,
        .anchor = back,
        .kind = ANCHOR_RETURN,
        .period = e->facts->policies.return_period};
    struct term term;
    struct duty probe = {.expected = false};
    if (name == NULL || !duty_begins(e, back, &probe) || !term_find(e, &e->now, &asked, &term))
        return;
    struct duty duty = duty_of(e, &term, &asked, name->absence->id);
    duty.expected = probe.expected;
    duty.absence = name->absence;
    duty.absence_type = name->type;
    if (name->type->return_article != NULL)
        duty.article = name->type->return_article;
    return_settle(e, &duty, chain->start);
}

static void chain_begin(const struct engine *e, size_t i, bool alone, struct chain *chain)
{
    *chain = (struct chain){.first = i,
        .last = i,
        .start = e->away[i].absence->start,
        .end = e->away[i].absence->end,
        .alone = alone};
}

static bool chain_touches(const struct chain *chain, const struct case_absence *absence)
{
    return chain->end == DATE_NONE || absence->start <= chain->end + 1;
}

void return_duties(struct engine *e)
{
    struct chain chain;
    bool begun = false;
    for (size_t i = 0; i < e->away_count; i++) {
        const struct away *away = &e->away[i];
        if (!reached(&e->now, away->absence->start))
            break;
        if (away->type->away != 1) {
            struct chain alone;
            chain_begin(e, i, true, &alone);
            return_duty(e, &alone);
        } else if (begun && chain_touches(&chain, away->absence)) {
            chain.last = i;
            bool open = chain.end == DATE_NONE || away->absence->end == DATE_NONE;
            chain.end = open ? DATE_NONE : date_max(chain.end, away->absence->end);
        } else {
            if (begun)
                return_duty(e, &chain);
            chain_begin(e, i, false, &chain);
            begun = true;
        }
    }
    if (begun)
        return_duty(e, &chain);
}

static void leave_duty(struct engine *e, const struct away *away)
{
    date_t start = away->absence->start;
    date_t announced = away->absence->announced;
    const struct asked asked = {.family = DUTY_BEFORE_LEAVE, .anchor = start, .kind = ANCHOR_LEAVE};
    struct term term;
    if (!reached(&e->now, announced == DATE_NONE ? start : date_min(announced, start)) ||
        !term_find(e, &e->now, &asked, &term))
        return;
    struct duty duty = duty_of(e, &term, &asked, away->absence->id);
    duty.absence = away->absence;
    duty.absence_type = away->type;
    struct chance chance = {.from = date_subtract(start, term.rule->window), .to = start - 1, .final = true};
    const struct held *held = held_within(e, chance.from, chance.to);
    if (held != NULL)
        duty_add_closed(e, &duty, held->review, held->date);
    else
        duty_add_open(e, &duty, &chance);
}

void leave_duties(struct engine *e)
{
    for (size_t i = 0; i < e->away_count; i++)
        if (e->away[i].type->before == 1 && e->away[i].absence->start > e->first_day)
            leave_duty(e, &e->away[i]);
}
