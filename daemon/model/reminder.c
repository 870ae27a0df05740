/*
 * Reminders: which rungs of a policy speak for one duty and its review today. Pure, any thread.
 */
#include "model/reminder.h"

#include <stdio.h>
#include <string.h>

const char *const reminder_anchor_names[] = {"plan_by", "due", "review", "held", NULL};

#define NOT_HELD (REMINDER_UNPLANNED | REMINDER_PLANNED | REMINDER_PASSED)

static const struct reminder_rung reminder_default_rungs[] = {
    {"plan", REMINDER_PLAN_BY, -90, REMINDER_UNPLANNED, REMINDER_MANAGER},
    {"prepare", REMINDER_REVIEW, -30, REMINDER_PLANNED, REMINDER_EMPLOYEE | REMINDER_INTERVIEWER},
    {"nearing", REMINDER_REVIEW, -7, REMINDER_PLANNED, REMINDER_EMPLOYEE | REMINDER_INTERVIEWER},
    {"tomorrow", REMINDER_REVIEW, -1, REMINDER_PLANNED, REMINDER_EMPLOYEE | REMINDER_INTERVIEWER},
    {"report_missing", REMINDER_HELD, 7, REMINDER_PASSED | REMINDER_UNREPORTED, REMINDER_INTERVIEWER},
    {"copy_missing", REMINDER_HELD, 15, REMINDER_UNREPORTED | REMINDER_UNCOPIED,
        REMINDER_INTERVIEWER | REMINDER_HR},
    {"overdue_1", REMINDER_DUE, 1, NOT_HELD, REMINDER_MANAGER | REMINDER_HR},
    {"overdue_7", REMINDER_DUE, 7, NOT_HELD, REMINDER_HR},
    {"overdue_30", REMINDER_DUE, 30, NOT_HELD, REMINDER_HR},
};

const struct reminder_policy reminder_default_policy = {
    .rungs = reminder_default_rungs, .count = sizeof reminder_default_rungs / sizeof reminder_default_rungs[0]};

#define ALL_PHASES    (NOT_HELD | REMINDER_UNREPORTED | REMINDER_UNCOPIED)
#define ALL_AUDIENCES (REMINDER_EMPLOYEE | REMINDER_INTERVIEWER | REMINDER_MANAGER | REMINDER_HR)

static void reminder_complain(struct error *err, size_t row, const char *field, const char *detail)
{
    char pointer[48];
    snprintf(pointer, sizeof pointer, "/%zu/%s", row, field);
    error_field(err, pointer, "%s", detail);
}

static bool reminder_named_before(const struct reminder_policy *policy, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (policy->rungs[i].name && !strcmp(policy->rungs[i].name, policy->rungs[row].name))
            return true;
    return false;
}

static bool reminder_rung_check(const struct reminder_policy *policy, size_t i, struct error *err)
{
    const struct reminder_rung *rung = &policy->rungs[i];
    bool named = rung->name && rung->name[0];
    const struct {
        bool wrong;
        const char *field, *detail;
    } checks[] = {
        {!named, "name", "expected a name"},
        {named && reminder_named_before(policy, i), "name", "another rung has this name"},
        {(unsigned)rung->anchor >= REMINDER_ANCHOR_COUNT, "anchor", "expected plan_by, due, review or held"},
        {rung->days < -REMINDER_DAYS_MAX || rung->days > REMINDER_DAYS_MAX, "days", "expected -730 to 730"},
        {!rung->phases || (rung->phases & ~(unsigned)ALL_PHASES), "phases", "expected when it speaks"},
        {!rung->audiences || (rung->audiences & ~(unsigned)ALL_AUDIENCES), "audiences",
            "expected whom it reminds"},
        {rung->anchor == REMINDER_REVIEW && rung->days > 0 && (rung->phases & REMINDER_PLANNED), "days",
            "the review's day has passed then: use held"},
    };
    bool fine = true;
    for (size_t k = 0; k < sizeof checks / sizeof checks[0]; k++)
        if (checks[k].wrong) {
            reminder_complain(err, i, checks[k].field, checks[k].detail);
            fine = false;
        }
    return fine;
}

enum status reminder_policy_check(const struct reminder_policy *policy, struct error *err)
{
    if (policy->count > REMINDER_RUNGS_MAX)
        return error_field(err, "", "expected at most %d rungs", REMINDER_RUNGS_MAX);
    bool fine = true;
    for (size_t i = 0; i < policy->count; i++)
        fine &= reminder_rung_check(policy, i, err);
    return fine ? ST_OK : ST_INVALID;
}

struct reminder_case reminder_case_init(date_t today)
{
    return (struct reminder_case){.today = today,
        .due = DATE_NONE,
        .plan_by = DATE_NONE,
        .duty_known = DATE_NONE,
        .state = -1,
        .review_on = DATE_NONE,
        .review_known = DATE_NONE,
        .held_on = DATE_NONE,
        .held_known = DATE_NONE};
}

/* The phase on a day, were nothing recorded until then. */
static unsigned reminder_phase(const struct reminder_case *facts, date_t day)
{
    switch (facts->state) {
    case REVIEW_HELD:
        return REMINDER_UNREPORTED;
    case REVIEW_REPORTED:
        return REMINDER_UNCOPIED;
    case REVIEW_CLOSED:
        return facts->held_on == DATE_NONE ? REMINDER_UNPLANNED : 0;
    case REVIEW_REFUSED:
        return 0;
    case REVIEW_DRAFT:
    case REVIEW_PROPOSED:
    case REVIEW_INVITED:
    case REVIEW_ACCEPTED:
    case REVIEW_TENTATIVE:
    case REVIEW_COUNTERED:
        if (facts->review_on == DATE_NONE)
            return REMINDER_UNPLANNED;
        return day <= facts->review_on ? REMINDER_PLANNED : REMINDER_PASSED;
    default: /* none, declined, cancelled, no_show: another one has to be set */
        return REMINDER_UNPLANNED;
    }
}

struct reminder_day {
    date_t on;    /* DATE_NONE: the rung has no date to count from */
    date_t known; /* since when that date is known */
};

static struct reminder_day reminder_day(const struct reminder_rung *rung, const struct reminder_case *facts)
{
    bool held = facts->held_on != DATE_NONE;
    const struct {
        date_t anchor, known;
    } of[REMINDER_ANCHOR_COUNT] = {
        [REMINDER_PLAN_BY] = {facts->plan_by, facts->duty_known},
        [REMINDER_DUE] = {facts->due, facts->duty_known},
        [REMINDER_REVIEW] = {facts->review_on, facts->review_known},
        [REMINDER_HELD] = {held ? facts->held_on : facts->review_on,
            held ? facts->held_known : facts->review_known},
    };
    date_t anchor = of[rung->anchor].anchor;
    return (struct reminder_day){anchor == DATE_NONE ? DATE_NONE : anchor + rung->days, of[rung->anchor].known};
}

/* What is to be read before the review does not wait for the day after a weekend. */
static date_t reminder_read_on(const struct reminder_rung *rung, const struct reminder_case *facts, date_t on)
{
    bool before = rung->anchor == REMINDER_REVIEW && rung->days < 0;
    return before ? workday_until(&facts->week, on) : on;
}

/* The first day from today on which the rung speaks with time alone, or DATE_NONE. */
static date_t reminder_speaks_on(const struct reminder_rung *rung, const struct reminder_case *facts, date_t on)
{
    date_t day = reminder_read_on(rung, facts, on);
    if (day < facts->today)
        day = facts->today;
    unsigned phase = reminder_phase(facts, day);
    if (phase & rung->phases)
        return day;
    return phase == REMINDER_PLANNED && (rung->phases & REMINDER_PASSED) ? facts->review_on + 1 : DATE_NONE;
}

static bool reminder_was_sent(const struct reminder_case *facts, const struct reminder_rung *rung, date_t on)
{
    for (size_t i = 0; i < facts->sent_count; i++)
        if (facts->sent[i].on == on && !strcmp(facts->sent[i].name, rung->name))
            return true;
    return false;
}

static void reminder_insert(struct reminder *list, size_t *count, struct reminder reminder)
{
    size_t i = (*count)++;
    for (; i > 0 && list[i - 1].on > reminder.on; i--)
        list[i] = list[i - 1];
    list[i] = reminder;
}

void reminders_compute(struct arena *arena, const struct reminder_policy *policy,
    const struct reminder_case *facts, struct reminder_plan *ret)
{
    struct reminder *due = ARENA_ARRAY(arena, policy->count, struct reminder);
    struct reminder *past = ARENA_ARRAY(arena, policy->count, struct reminder);
    *ret = (struct reminder_plan){.due = due, .past = past, .next = DATE_NONE};
    for (size_t i = 0; !facts->settled && i < policy->count; i++) {
        const struct reminder_rung *rung = &policy->rungs[i];
        struct reminder_day day = reminder_day(rung, facts);
        if (day.on == DATE_NONE || reminder_was_sent(facts, rung, day.on))
            continue;
        date_t speaks = reminder_speaks_on(rung, facts, day.on);
        if (speaks == DATE_NONE)
            continue;
        struct reminder reminder = {rung, day.on, day.known};
        if (speaks > facts->today) {
            if (ret->next == DATE_NONE || speaks < ret->next)
                ret->next = speaks;
        } else if (reminder_read_on(rung, facts, day.on) < day.known) {
            reminder_insert(past, &ret->past_count, reminder);
        } else {
            reminder_insert(due, &ret->due_count, reminder);
        }
    }
}
