/* Where employees stand, one and many together. Pure, any thread. */
#include "model/compliance.h"

bool compliance_counts(const struct compliance *compliance, const struct duty *closed)
{
    return compliance->since == DATE_NONE || closed->satisfied_on >= compliance->since;
}

static unsigned missing_of_cycle(const struct recap_cycle *cycle)
{
    unsigned missing = 0;
    for (size_t i = 0; i < cycle->gap_count; i++) {
        switch ((enum recap_gap_kind)cycle->gaps[i].kind) {
        case RECAP_GAP_HEADCOUNT:
            missing |= 1U << MISSING_HEADCOUNT;
            break;
        case RECAP_GAP_MANDATORY:
            missing |= 1U << MISSING_MANDATORY;
            break;
        case RECAP_GAP_DATE:
        case RECAP_GAP_REGISTER:
        case RECAP_GAP_PROOF:
            missing |= 1U << MISSING_TRAINING;
            break;
        case RECAP_GAP_BIRTH_DATE: /* in the duties already */
        case RECAP_GAP_REPORT:     /* unproved, not unknown */
        case RECAP_GAP_COUNT:
            break;
        }
    }
    return missing;
}

static unsigned missing_of(const struct duties *duties, const struct recap *recap)
{
    unsigned missing = 0;
    if (duties->missing & DUTY_MISSING_HIRE_DATE)
        missing |= 1U << MISSING_HIRE_DATE;
    if (duties->missing & DUTY_MISSING_BIRTH_DATE)
        missing |= 1U << MISSING_BIRTH_DATE;
    return recap->at_risk ? missing | missing_of_cycle(recap->at_risk) : missing;
}

static bool unproved(const struct duties *duties, const struct compliance *compliance)
{
    for (size_t i = 0; i < duties->history_count; i++) {
        const struct duty *duty = &duties->history[i];
        if (duty->satisfied_by && duty->document != DUTY_DOCUMENT_COPY && duty->state != DUTY_REFUSED &&
            duty->state != DUTY_EXEMPT && compliance_counts(compliance, duty))
            return true;
    }
    return false;
}

static enum standing worse(enum standing a, enum standing b)
{
    return a > b ? a : b;
}

static enum standing standing_of_duty(const struct duty *duty)
{
    if (duty->state == DUTY_MISSED)
        return STANDING_BREACH;
    if (duty->state != DUTY_OVERDUE)
        return STANDING_COMPLIANT;
    return duty->tolerated ? STANDING_TOLERATED : STANDING_BREACH;
}

static enum standing standing_of(const struct duties *duties, const struct compliance *compliance)
{
    enum standing standing = STANDING_COMPLIANT;
    if (duties->missing & DUTY_MISSING_HIRE_DATE)
        return STANDING_UNKNOWN;
    if (duties->exclusion != DUTY_SUBJECT)
        return STANDING_EXCLUDED;
    for (size_t i = 0; i < duties->open_count; i++)
        standing = worse(standing, standing_of_duty(&duties->open[i]));
    if (compliance->exposure == RECAP_EXPOSURE_EXPOSED)
        standing = STANDING_BREACH;
    if (compliance->missing)
        standing = worse(standing, STANDING_UNKNOWN);
    return unproved(duties, compliance) ? worse(standing, STANDING_UNPROVED) : standing;
}

static void judge_open(const struct duties *duties, struct compliance *compliance)
{
    for (size_t i = 0; i < duties->open_count; i++) {
        const struct duty *duty = &duties->open[i];
        if (duty->state == DUTY_OVERDUE || duty->state == DUTY_MISSED)
            compliance->overdue++;
        if (!compliance->next && duty_state_open((enum duty_state)duty->state))
            compliance->next = duty;
    }
}

void compliance_judge(const struct duties *duties, const struct recap *recap, struct compliance *ret)
{
    const struct recap_cycle *risk = recap->at_risk;
    *ret = (struct compliance){.missing = missing_of(duties, recap),
        .since = recap->current ? recap->current->from : DATE_NONE,
        .exposure = recap->exposure,
        .exposed = recap->exposed,
        .possible = recap->possible,
        .payable_on = risk ? risk->payable_on : DATE_NONE,
        .cure = risk && risk->cure_count > 0 ? &risk->cures[0] : NULL};
    judge_open(duties, ret);
    ret->standing = (int)standing_of(duties, ret);
}

void compliance_add(
    struct compliance_sums *sums, const struct duties *duties, const struct compliance *compliance)
{
    sums->employees++;
    sums->standings[compliance->standing]++;
    for (size_t i = 0; i < duties->open_count; i++)
        sums->duties[duties->open[i].family][duties->open[i].state]++;
    for (size_t i = 0; i < duties->history_count; i++)
        if (compliance_counts(compliance, &duties->history[i]))
            sums->duties[duties->history[i].family][duties->history[i].state]++;
    for (unsigned fact = 0; fact < MISSING_COUNT; fact++)
        sums->missing[fact] += compliance->missing >> fact & 1;
    sums->exposures[compliance->exposure]++;
    sums->exposed += compliance->exposed;
    sums->possible += compliance->possible;
    if (compliance->cure)
        sums->cures[compliance->cure->kind]++;
}

const char *standing_name(enum standing standing)
{
    static const char *const names[] = {[STANDING_EXCLUDED] = "excluded",
        [STANDING_COMPLIANT] = "compliant",
        [STANDING_UNPROVED] = "unproved",
        [STANDING_TOLERATED] = "tolerated",
        [STANDING_UNKNOWN] = "unknown",
        [STANDING_BREACH] = "breach"};
    return (unsigned)standing < STANDING_COUNT ? names[standing] : NULL;
}

const char *missing_fact_name(enum missing_fact fact)
{
    static const char *const names[] = {[MISSING_HIRE_DATE] = "hire_date",
        [MISSING_BIRTH_DATE] = "birth_date",
        [MISSING_MANDATORY] = "training_mandatory",
        [MISSING_TRAINING] = "training_evidence",
        [MISSING_HEADCOUNT] = "headcount"};
    return (unsigned)fact < MISSING_COUNT ? names[fact] : NULL;
}
