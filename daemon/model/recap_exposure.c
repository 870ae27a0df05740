/* What an employer may owe after a recap, by when, and what would avert it. Pure, any thread. */
#include "recap_internal.h"

date_t recap_payable_on(date_t date)
{
    struct ymd day = date_ymd(date);
    int quarter = (day.month - 1) / 3 + 1; /* of the year, from 0: the next one */
    int year = day.year + quarter / 4;
    return date_month_end(date_of(year, quarter % 4 * 3 + 3, 1));
}

static const struct recap_headcount *headcount_of(
    const struct recap_headcount *headcounts, size_t count, int year)
{
    for (size_t i = 0; i < count; i++)
        if (headcounts[i].year == year)
            return &headcounts[i];
    return NULL;
}

enum recap_size recap_size_on(const struct rules *rules, const struct recap_headcount *headcounts, size_t count,
    date_t date, int *ret_missing)
{
    int last = date_ymd(date).year - 1;
    *ret_missing = 0;
    for (int year = last; year > last - (int)rules->recap.threshold_years; year--) {
        const struct recap_headcount *headcount = headcount_of(headcounts, count, year);
        if (headcount != NULL && headcount->average < rules->recap.threshold) {
            *ret_missing = 0;
            return RECAP_SIZE_BELOW;
        }
        if (headcount == NULL && *ret_missing == 0)
            *ret_missing = year;
    }
    return *ret_missing == 0 ? RECAP_SIZE_REACHED : RECAP_SIZE_UNKNOWN;
}

static int verdict_exposes(int verdict)
{
    if (verdict == RECAP_MET)
        return RECAP_EXPOSURE_NONE;
    return verdict == RECAP_UNMET ? RECAP_EXPOSURE_EXPOSED : RECAP_EXPOSURE_POSSIBLE;
}

/* Both must fail: the better of the two decides. */
static int exposure_of(const struct recap_cycle *cycle, int verdict)
{
    int reviews = verdict_exposes(verdict);
    int training = verdict_exposes(cycle->criteria[RECAP_TRAINING].verdict);
    int exposure = reviews < training ? reviews : training;
    if (cycle->left || cycle->size == RECAP_SIZE_BELOW)
        return RECAP_EXPOSURE_NONE;
    if (cycle->size == RECAP_SIZE_UNKNOWN && exposure > RECAP_EXPOSURE_POSSIBLE)
        return RECAP_EXPOSURE_POSSIBLE;
    return exposure;
}

/* The first contribution paid from the day of the recap on. */
static date_t settled_on(const struct recap_work *work, const struct recap_cycle *cycle)
{
    const struct duty_case *facts = work->given->facts;
    date_t found = DATE_NONE;
    for (size_t i = 0; i < facts->event_count; i++) {
        const struct case_event *event = &facts->events[i];
        if (event->type == EVENT_CPF_CONTRIBUTION && event->date != DATE_NONE && event->date >= cycle->to &&
            event->date <= facts->as_of && (found == DATE_NONE || event->date < found))
            found = event->date;
    }
    return found;
}

static void cure_add(struct recap_cycle *cycle, enum recap_cure_kind kind, const char *id, date_t by)
{
    struct recap_cure *cures = (struct recap_cure *)cycle->cures;
    cures[cycle->cure_count++] = (struct recap_cure){.kind = (int)kind, .id = id, .by = by};
}

/* What only asks for a fact to be recorded. */
static void cures_of_gaps(struct recap_cycle *cycle, enum recap_gap_kind gap, enum recap_cure_kind cure)
{
    for (size_t i = 0; i < cycle->gap_count; i++)
        if (cycle->gaps[i].kind == (int)gap)
            cure_add(cycle, cure, cycle->gaps[i].id, DATE_NONE);
}

static void cures_of_training(struct recap_cycle *cycle)
{
    const struct recap_criterion *training = &cycle->criteria[RECAP_TRAINING];
    static const struct {
        enum recap_reason reason;
        enum recap_cure_kind cure;
    } cures[] = {
        {RECAP_MANDATORY_UNKNOWN, RECAP_CURE_CLASSIFY},
        {RECAP_UNDATED, RECAP_CURE_DATE},
        {RECAP_WITHOUT_PROOF, RECAP_CURE_PROVE},
    };
    for (size_t c = 0; c < sizeof cures / sizeof cures[0]; c++)
        for (size_t i = 0; i < training->count; i++)
            if (training->items[i].reason == (int)cures[c].reason)
                cure_add(cycle, cures[c].cure, training->items[i].training->id, DATE_NONE);
}

/* A review that was held late stays late, and one that was not held stays missing. */
static bool reviews_curable(const struct recap_cycle *cycle)
{
    bool late = cycle->outcome == RECAP_DUTY_LATE;
    for (size_t i = 0; i < cycle->duty_count; i++)
        late |= cycle->duties[i].outcome == RECAP_DUTY_LATE;
    return !late && cycle->reviews != RECAP_UNMET;
}

static void cures_of_reviews(struct recap_cycle *cycle)
{
    if (!reviews_curable(cycle))
        return;
    cures_of_gaps(cycle, RECAP_GAP_REPORT, RECAP_CURE_REPORT);
    cures_of_gaps(cycle, RECAP_GAP_BIRTH_DATE, RECAP_CURE_BIRTH_DATE);
    for (size_t i = 0; i < cycle->duty_count; i++)
        if (cycle->duties[i].outcome == RECAP_DUTY_TOLERATED)
            cure_add(cycle, RECAP_CURE_HOLD, NULL, cycle->duties[i].duty->limit);
    if (cycle->outcome == RECAP_DUTY_TOLERATED)
        cure_add(cycle, RECAP_CURE_HOLD, NULL, cycle->duty->limit);
}

/* The last day for a training: the recap looks at what lies before it. DATE_NONE: too late. */
static date_t training_by(const struct recap_work *work, const struct recap_cycle *cycle)
{
    const struct duty *duty = cycle->duty;
    if (cycle->held != DATE_NONE || work->day > duty->limit || work->day < work->given->facts->as_of)
        return DATE_NONE;
    date_t by = work->day <= duty->due ? duty->due : duty->limit;
    return duty->planned_by != NULL ? date_min(by, duty->planned_by->planned) : by;
}

static void find_cures(const struct recap_work *work, struct recap_cycle *cycle)
{
    date_t by = training_by(work, cycle);
    cycle->cures = ARENA_ARRAY(work->arena,
        cycle->gap_count + cycle->duty_count + cycle->criteria[RECAP_TRAINING].count + 3, struct recap_cure);
    cures_of_training(cycle);
    cures_of_gaps(cycle, RECAP_GAP_HEADCOUNT, RECAP_CURE_HEADCOUNT);
    cures_of_reviews(cycle);
    if (by != DATE_NONE)
        cure_add(cycle, RECAP_CURE_TRAINING, NULL, by);
    else
        cure_add(cycle, RECAP_CURE_PAY, NULL, cycle->payable_on);
}

void recap_judge_exposure(const struct recap_work *work, struct recap_cycle *cycle, int reviews)
{
    const struct recap_rules *rules = &work->rules->recap;
    date_t as_of = work->given->facts->as_of;
    cycle->size_year = date_ymd(date_min(cycle->to, as_of)).year - 1;
    cycle->payable_on = recap_payable_on(cycle->to);
    cycle->exposure = exposure_of(cycle, reviews);
    if (cycle->exposure == RECAP_EXPOSURE_NONE)
        return;
    cycle->amount = rules->amount;
    cycle->amount_after_notice = rules->amount + rules->amount * rules->increase / 100;
    cycle->settled_on = settled_on(work, cycle);
    /* While the recap is not held nobody was told: no time runs. */
    cycle->prescribed = cycle->held != DATE_NONE && cycle->settled_on == DATE_NONE &&
                        !period_is_none(rules->limitation) &&
                        as_of > date_add(cycle->payable_on, rules->limitation);
    if (cycle->settled_on == DATE_NONE && !cycle->prescribed)
        find_cures(work, cycle);
}
