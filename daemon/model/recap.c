/* The cycles of an employee between two recaps, and the reviews that fell due in each. Pure, any thread. */
#include "recap_internal.h"

static enum recap_outcome outcome_of(const struct duty *duty)
{
    switch ((enum duty_state)duty->state) {
    case DUTY_HELD:
    case DUTY_UNKNOWN:
        return RECAP_DUTY_UNPROVED;
    case DUTY_REPORTED:
    case DUTY_PROVED:
        return RECAP_DUTY_MET;
    case DUTY_HELD_LATE:
        return RECAP_DUTY_LATE;
    case DUTY_OVERDUE:
        return duty->tolerated ? RECAP_DUTY_TOLERATED : RECAP_DUTY_UNMET;
    case DUTY_MISSED:
        return RECAP_DUTY_UNMET;
    case DUTY_EXEMPT:
        return RECAP_DUTY_EXEMPT;
    case DUTY_REFUSED:
        return RECAP_DUTY_REFUSED;
    case DUTY_UPCOMING:
    case DUTY_TO_PLAN:
    case DUTY_PLANNED:
    case DUTY_STATE_COUNT:
        break;
    }
    return RECAP_DUTY_PENDING;
}

/* The day that puts a duty into a cycle: it was settled in time on that day, or it fell due. */
static date_t duty_day(const struct duty *duty)
{
    bool settled = duty->satisfied_on != DATE_NONE && duty->state != DUTY_EXEMPT;
    return settled ? date_min(duty->satisfied_on, duty->due) : duty->due;
}

/* The visit is no review, and the recap is what asks. */
static bool duty_asked(const struct duty *duty)
{
    return duty->family != DUTY_MIDCAREER_VISIT && duty->family != DUTY_RECAP && !duty->expected;
}

static enum recap_verdict verdict_of(int outcome)
{
    switch ((enum recap_outcome)outcome) {
    case RECAP_DUTY_UNMET:
        return RECAP_UNMET;
    case RECAP_DUTY_UNPROVED:
        return RECAP_UNKNOWN;
    case RECAP_DUTY_LATE:
    case RECAP_DUTY_TOLERATED:
        return RECAP_LATE;
    default:
        return RECAP_MET;
    }
}

static void cycle_note(struct recap_cycle *cycle, const struct duty *duty)
{
    int outcome = outcome_of(duty);
    int verdict = verdict_of(outcome);
    cycle->reviews = verdict > cycle->reviews ? verdict : cycle->reviews;
    struct recap_duty *list = (struct recap_duty *)cycle->duties;
    size_t at = cycle->duty_count++;
    for (; at > 0 && list[at - 1].duty->due > duty->due; at--)
        list[at] = list[at - 1];
    list[at] = (struct recap_duty){.duty = duty, .outcome = outcome};
}

static void cycle_collect(const struct recap_work *work, struct recap_cycle *cycle, bool first)
{
    const struct duties *duties = work->duties;
    cycle->duties = ARENA_ARRAY(work->arena, duties->history_count + duties->open_count, struct recap_duty);
    for (size_t i = 0; i < duties->history_count + duties->open_count; i++) {
        const struct duty *duty =
            i < duties->history_count ? &duties->history[i] : &duties->open[i - duties->history_count];
        date_t day = duty_day(duty);
        if (duty_asked(duty) && (first || day > cycle->from) && day <= cycle->to)
            cycle_note(cycle, duty);
    }
    int verdict = verdict_of(cycle->outcome);
    cycle->reviews = verdict > cycle->reviews ? verdict : cycle->reviews;
}

/* Some reviews depend on the age: without it nobody can say that all were held. */
static bool age_matters(const struct recap_work *work, const struct recap_cycle *cycle)
{
    const struct rule *senior = work->rules->family[DUTY_SENIOR];
    return work->given->facts->employee.birth_date == DATE_NONE && senior != NULL &&
           (senior->valid_from == DATE_NONE || senior->valid_from <= date_min(cycle->to, work->day));
}

/* While it is not held, a recap may cover what happens until its limit. */
static date_t cycle_until(const struct recap_work *work, const struct recap_cycle *cycle)
{
    if (cycle->held != DATE_NONE || work->day <= cycle->to)
        return cycle->to;
    return date_min(work->day, cycle->duty->limit);
}

static void cycle_judge(
    const struct recap_work *work, const struct duty *duty, bool first, struct recap_cycle *cycle)
{
    bool held = duty->satisfied_on != DATE_NONE;
    *cycle = (struct recap_cycle){.duty = duty,
        .held = held ? duty->satisfied_on : DATE_NONE,
        .outcome = outcome_of(duty),
        .from = anchor_base(duty->rule, (enum anchor_kind)duty->anchor_kind, duty->anchor),
        .to = held ? duty->satisfied_on : duty->due,
        .reviews = RECAP_MET,
        .settled_on = DATE_NONE};
    cycle->until = cycle_until(work, cycle);
    cycle->left = !held && work->day < work->given->facts->as_of && duty->due > work->day;
    cycle_collect(work, cycle, first);
    recap_judge_criteria(work, cycle, first);
    bool age = age_matters(work, cycle);
    /* Nobody owes anything yet for a birth date that is still to be recorded when the recap falls due. */
    int risked = cycle->reviews;
    if (age && cycle->reviews < RECAP_UNKNOWN)
        cycle->reviews = RECAP_UNKNOWN;
    if (held || work->day > cycle->to)
        risked = cycle->reviews;
    recap_find_gaps(work, cycle, age);
    recap_judge_exposure(work, cycle, risked);
}

static size_t recap_count(const struct duty *duties, size_t count)
{
    size_t recaps = 0;
    for (size_t i = 0; i < count; i++)
        recaps += duties[i].family == DUTY_RECAP;
    return recaps;
}

static size_t cycles_judge(const struct recap_work *work, const struct duty *duties, size_t count,
    struct recap_cycle *cycles, size_t done)
{
    for (size_t i = 0; i < count; i++) {
        if (duties[i].family != DUTY_RECAP)
            continue;
        cycle_judge(work, &duties[i], done == 0, &cycles[done]);
        done++;
    }
    return done;
}

static void recap_sum(struct recap *recap)
{
    for (size_t i = 0; i < recap->count; i++) {
        const struct recap_cycle *cycle = &recap->cycles[i];
        if (cycle->exposure == RECAP_EXPOSURE_NONE || cycle->settled_on != DATE_NONE || cycle->prescribed)
            continue;
        if (cycle->exposure == RECAP_EXPOSURE_EXPOSED)
            recap->exposed += cycle->amount;
        else
            recap->possible += cycle->amount;
        if (cycle->exposure >= recap->exposure) {
            recap->exposure = cycle->exposure;
            recap->at_risk = cycle;
        }
    }
}

/* Of somebody who left nothing is open any more: what counts is how things stood on the last day. */
static const struct duties *duties_on_leaving(struct recap_work *work)
{
    struct duty_case *last = ARENA_NEW(work->arena, struct duty_case);
    struct duties *duties = ARENA_NEW(work->arena, struct duties);
    *last = *work->given->facts;
    last->as_of = last->employee.exit_date - 1;
    last->forecast = DATE_NONE;
    work->day = last->as_of;
    duties_compute(work->arena, last, duties);
    return duties;
}

void recap_compute(struct arena *arena, const struct recap_case *given, struct recap *ret)
{
    struct recap_work work = {.arena = arena,
        .given = given,
        .rules = given->facts->rules,
        .duties = given->duties,
        .day = given->facts->as_of};
    *ret = (struct recap){.exposure = RECAP_EXPOSURE_NONE};
    if (given->duties->exclusion == DUTY_LEFT)
        work.duties = duties_on_leaving(&work);
    const struct duties *duties = work.duties;
    size_t closed = recap_count(duties->history, duties->history_count);
    size_t open = recap_count(duties->open, duties->open_count);
    if (closed + open == 0)
        return;
    struct recap_cycle *cycles = ARENA_ARRAY(arena, closed + open, struct recap_cycle);
    ret->count = cycles_judge(&work, duties->history, duties->history_count, cycles, 0);
    ret->count = cycles_judge(&work, duties->open, duties->open_count, cycles, ret->count);
    ret->cycles = cycles;
    if (open > 0)
        ret->current = &cycles[ret->count - 1];
    recap_sum(ret);
}
