/* From a row of the rules to dates: which row of a family applies to an anchor on a day, and what it gives.
 * Pure, any thread. */
#include "engine.h"

/* What a shape works on. */
struct shaping {
    const struct engine *e;
    const struct view *view;
    const struct rule *rule;
    date_t anchor;
    date_t base;    /* the anchor, not before the floor */
    struct ymd ymd; /* the base */
    const struct case_agreement *agreement;
};

bool rule_exists(const struct view *view, const struct rule *rule)
{
    if (rule->valid_from != DATE_NONE && !reached(view, rule->valid_from))
        return false;
    return rule->valid_to == DATE_NONE || !reached(view, rule->valid_to + 1);
}

static bool agreement_in_force(const struct view *view, const struct case_agreement *agreement)
{
    if (agreement->valid_from != DATE_NONE && !reached(view, agreement->valid_from))
        return false;
    return agreement->valid_to == DATE_NONE || !reached(view, agreement->valid_to + 1);
}

/* A company agreement wins; overlaps of a level are refused earlier, the latest is taken should one be here. */
static bool agreement_wins(const struct case_agreement *one, const struct case_agreement *other)
{
    if (other == NULL || one->level != other->level)
        return other == NULL || one->level < other->level;
    if (one->valid_from != other->valid_from)
        return one->valid_from > other->valid_from;
    return text_compare(one->reference, other->reference) < 0;
}

static const struct case_agreement *agreement_find(const struct engine *e, const struct view *view)
{
    const struct case_agreement *found = NULL;
    for (size_t i = 0; i < e->facts->agreement_count; i++) {
        const struct case_agreement *agreement = &e->facts->agreements[i];
        if (!period_is_none(agreement->period) && agreement_in_force(view, agreement) &&
            agreement_wins(agreement, found))
            found = agreement;
    }
    return found;
}

static date_t plus(const struct shaping *s, struct period period, int64_t days)
{
    return date_add_to(s->ymd, period) + (date_t)days;
}

/* Whether the rule is over by the view's day for this term: it keeps only what had expired. */
static bool term_lives(const struct shaping *s, const struct term *t)
{
    date_t end = s->rule->expired_before;
    return end == DATE_NONE || t->due < end || !reached(s->view, end);
}

static bool term_shape(const struct shaping *s, struct term *t)
{
    const struct rule *rule = s->rule;
    if (rule->agreed == 1 && s->agreement != NULL) {
        t->agreement = s->agreement;
        t->period = s->agreement->period;
    }
    t->due = plus(s, t->period, rule->days);
    t->limit = t->due;
    if (!term_lives(s, t))
        return false;
    if (!period_is_none(rule->limit_period))
        t->limit = date_max(t->due, plus(s, rule->limit_period, rule->limit_days));
    return true;
}

static bool term_transition(const struct shaping *s, struct term *t)
{
    const struct rule *rule = s->rule;
    date_t early = date_add(s->anchor, rule->early_period);
    t->limit = plus(s, rule->limit_period, rule->limit_days);
    if (s->e->facts->policies.first_transition == TRANSITION_LENIENT) {
        t->period = rule->limit_period;
        t->due = t->limit;
    } else if (early >= rule->valid_from) {
        t->period = rule->early_period;
        t->due = early;
    } else {
        t->due = plus(s, rule->period, 0);
    }
    t->due = date_min(t->due, t->limit);
    return true;
}

/* Whether the agreed period is longer than the law's is asked of dates: months and days do not compare
 * otherwise. */
static bool term_agreed(const struct shaping *s, struct term *t)
{
    if (s->agreement == NULL)
        return false;
    t->agreement = s->agreement;
    t->period = s->agreement->period;
    t->due = plus(s, t->period, 0);
    t->limit = t->due;
    return t->due <= plus(s, s->rule->period, 0) || t->due < s->rule->lapse;
}

static bool term_lapsed(const struct shaping *s, struct term *t)
{
    if (s->agreement == NULL)
        return false;
    const struct rule *rule = s->rule;
    date_t agreed = plus(s, s->agreement->period, 0);
    t->agreement = s->agreement;
    t->period = s->agreement->period;
    t->due = date_max(plus(s, rule->period, 0), rule->lapse);
    t->limit = date_min(agreed, date_add(rule->lapse, rule->period));
    return s->anchor < rule->lapse;
}

static bool term_year_end(const struct shaping *s, struct term *t)
{
    t->due = date_of(date_ymd(plus(s, t->period, 0)).year, 12, 31);
    t->limit = t->due;
    return true;
}

typedef bool term_shaper(const struct shaping *s, struct term *t);

/* What opens a duty and what closes it differs more than these: see the files of the families. */
static term_shaper *const shapers[] = {
    [SHAPE_TERM] = term_shape,
    [SHAPE_TRANSITION] = term_transition,
    [SHAPE_AGREED] = term_agreed,
    [SHAPE_LAPSED] = term_lapsed,
    [SHAPE_RECAP] = term_shape,
    [SHAPE_BEFORE] = term_shape,
    [SHAPE_YEAR_END] = term_year_end,
    [SHAPE_BIRTHDAY] = term_shape,
};

static void term_cap(const struct engine *e, struct term *t)
{
    date_t end = e->facts->employee.contract_end;
    if (t->rule->capped == 1 && end != DATE_NONE) {
        t->capped = end < t->due;
        t->due = date_min(t->due, end);
        t->limit = date_min(t->limit, end);
    }
}

static void term_postpone(const struct engine *e, struct term *t)
{
    if (t->rule->postponable != 1)
        return;
    for (size_t i = 0; i < e->rules->postponement_count; i++) {
        const struct postponement *p = &e->rules->postponements[i];
        if (t->due >= p->from && t->due <= p->to) {
            t->due = p->becomes;
            t->limit = date_max(t->limit, t->due);
            t->postponement = p;
            return;
        }
    }
}

date_t anchor_base(const struct rule *rule, enum anchor_kind kind, date_t anchor)
{
    bool terms = kind == ANCHOR_HIRE || kind == ANCHOR_SENIORITY;
    return terms && rule->anchor_floor != DATE_NONE ? date_max(anchor, rule->anchor_floor) : anchor;
}

static void shaping_base(struct shaping *s, const struct rule *rule, enum anchor_kind kind)
{
    date_t base = anchor_base(rule, kind, s->anchor);
    if (s->rule == NULL || base != s->base) {
        s->base = base;
        s->ymd = date_ymd(base);
    }
    s->rule = rule;
}

static bool term_of(struct shaping *s, const struct asked *asked, struct term *t)
{
    const struct rule *rule = t->rule;
    shaping_base(s, rule, asked->kind);
    bool agreed = rule->agreed == 1 || rule->shape == SHAPE_AGREED || rule->shape == SHAPE_LAPSED;
    s->agreement = agreed && s->e->facts->agreement_count > 0 ? agreement_find(s->e, s->view) : NULL;
    t->period = period_is_none(asked->period) ? rule->period : asked->period;
    if (!shapers[rule->shape](s, t))
        return false;
    term_cap(s->e, t);
    term_postpone(s->e, t);
    return true;
}

static bool anchor_fits(const struct rule *rule, date_t anchor)
{
    return (rule->anchor_from == DATE_NONE || anchor >= rule->anchor_from) &&
           (rule->anchor_before == DATE_NONE || anchor < rule->anchor_before);
}

bool term_find(const struct engine *e, const struct view *view, const struct asked *asked, struct term *ret)
{
    const struct rule *rows = e->rules->family[asked->family];
    struct shaping s = {.e = e, .view = view, .anchor = asked->anchor};
    for (size_t i = 0; i < e->rules->family_count[asked->family]; i++) {
        struct term t = {.rule = &rows[i]};
        if (anchor_fits(&rows[i], asked->anchor) && rule_exists(view, &rows[i]) && term_of(&s, asked, &t) &&
            (rows[i].due_from == DATE_NONE || t.due >= rows[i].due_from)) {
            *ret = t;
            return true;
        }
    }
    return false;
}

void term_move(const struct engine *e, const struct view *view, const struct asked *asked, struct term *term)
{
    struct shaping s = {.e = e, .view = view, .anchor = asked->anchor};
    struct term moved = {.rule = term->rule};
    (void)term_of(&s, asked, &moved);
    *term = moved;
}
