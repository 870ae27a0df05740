/* What counts for the three criteria of a recap and what is missing to say so. Pure, any thread. */
#include "base/field.h"
#include "recap_internal.h"

static enum recap_reason training_reason(const struct recap_training *training)
{
    if (training->nature != NATURE_TRAINING && training->nature != NATURE_AFEST)
        return RECAP_OTHER_NATURE;
    if (training->mandatory == MANDATORY_YES)
        return RECAP_MANDATORY;
    if (training->cpf && !training->cofinanced)
        return RECAP_CPF_ALONE;
    if (!training->proved)
        return RECAP_WITHOUT_PROOF;
    if (training->done == DATE_NONE)
        return RECAP_UNDATED;
    return training->mandatory == MANDATORY_NO ? RECAP_COUNTS : RECAP_MANDATORY_UNKNOWN;
}

static date_t certification_date(const struct recap_training *training)
{
    bool own = training->certified != FIELD_UNSET && training->certified_on != DATE_NONE;
    return own ? training->certified_on : training->done;
}

/* A certification obtained; a VAE and a skills assessment serve it by themselves. */
static bool certifies(const struct recap_training *training)
{
    return training->certified != FIELD_UNSET || training->nature == NATURE_VAE ||
           training->nature == NATURE_SKILLS_ASSESSMENT;
}

static enum recap_reason certification_reason(const struct recap_training *training)
{
    if (!training->proved)
        return RECAP_WITHOUT_PROOF;
    if (certification_date(training) == DATE_NONE)
        return RECAP_UNDATED;
    return training->certified == REGISTER_OTHER ? RECAP_REGISTER_UNKNOWN : RECAP_COUNTS;
}

static bool reason_open(int reason)
{
    return reason > RECAP_COUNTS && reason < RECAP_MANDATORY;
}

static int evidence_rank(const struct recap_evidence *item)
{
    if (item->reason == RECAP_COUNTS)
        return 0;
    return reason_open(item->reason) ? 1 : 2;
}

static bool evidence_before(const struct recap_evidence *a, const struct recap_evidence *b)
{
    if (evidence_rank(a) != evidence_rank(b))
        return evidence_rank(a) < evidence_rank(b);
    return a->date < b->date;
}

static void criterion_add(struct recap_criterion *criterion, const struct recap_evidence *item)
{
    struct recap_evidence *items = (struct recap_evidence *)criterion->items;
    size_t at = criterion->count++;
    for (; at > 0 && evidence_before(item, &items[at - 1]); at--)
        items[at] = items[at - 1];
    items[at] = *item;
    int verdict = item->reason == RECAP_COUNTS ? RECAP_MET
                  : reason_open(item->reason)  ? RECAP_UNKNOWN
                                               : RECAP_UNMET;
    criterion->verdict = verdict < criterion->verdict ? verdict : criterion->verdict;
}

/* What has no day could be of any cycle: it is shown in the one under way. */
static bool within(const struct recap_work *work, const struct recap_cycle *cycle, bool first, date_t date)
{
    if (date == DATE_NONE)
        return cycle->held == DATE_NONE;
    bool begun = first ? date >= cycle->from : date > cycle->from;
    return begun && date <= cycle->until && date <= work->day;
}

static void judge_trainings(const struct recap_work *work, struct recap_cycle *cycle, bool first)
{
    const struct recap_case *given = work->given;
    struct recap_criterion *training = &cycle->criteria[RECAP_TRAINING];
    struct recap_criterion *certification = &cycle->criteria[RECAP_CERTIFICATION];
    training->items = ARENA_ARRAY(work->arena, given->training_count, struct recap_evidence);
    certification->items = ARENA_ARRAY(work->arena, given->training_count, struct recap_evidence);
    for (size_t i = 0; i < given->training_count; i++) {
        const struct recap_training *one = &given->trainings[i];
        struct recap_evidence item = {.training = one, .date = one->done, .reason = (int)training_reason(one)};
        if (within(work, cycle, first, item.date))
            criterion_add(training, &item);
        item.date = certification_date(one);
        item.reason = (int)certification_reason(one);
        if (certifies(one) && within(work, cycle, first, item.date))
            criterion_add(certification, &item);
    }
}

static void judge_progressions(const struct recap_work *work, struct recap_cycle *cycle, bool first)
{
    const struct recap_case *given = work->given;
    struct recap_criterion *criterion = &cycle->criteria[RECAP_PROGRESSION];
    criterion->items = ARENA_ARRAY(work->arena, given->progression_count, struct recap_evidence);
    for (size_t i = 0; i < given->progression_count; i++) {
        const struct recap_progression *one = &given->progressions[i];
        const struct recap_evidence item = {
            .progression = one, .date = one->date, .reason = one->proved ? RECAP_COUNTS : RECAP_WITHOUT_PROOF};
        if (within(work, cycle, first, one->date))
            criterion_add(criterion, &item);
    }
}

void recap_judge_criteria(const struct recap_work *work, struct recap_cycle *cycle, bool first)
{
    for (int i = 0; i < RECAP_CRITERIA; i++)
        cycle->criteria[i].verdict = RECAP_UNMET;
    if (work->given->training_count > 0)
        judge_trainings(work, cycle, first);
    if (work->given->progression_count > 0)
        judge_progressions(work, cycle, first);
}

static void gap_add(struct recap_cycle *cycle, enum recap_gap_kind kind, const char *id, int year)
{
    struct recap_gap *gaps = (struct recap_gap *)cycle->gaps;
    for (size_t i = 0; i < cycle->gap_count; i++)
        if (gaps[i].kind == (int)kind && id != NULL && text_compare(gaps[i].id, id) == 0)
            return;
    gaps[cycle->gap_count++] = (struct recap_gap){.kind = (int)kind, .id = id, .year = year};
}

static void gap_of_evidence(struct recap_cycle *cycle, const struct recap_evidence *item)
{
    static const enum recap_gap_kind kinds[] = {
        [RECAP_MANDATORY_UNKNOWN] = RECAP_GAP_MANDATORY,
        [RECAP_UNDATED] = RECAP_GAP_DATE,
        [RECAP_WITHOUT_PROOF] = RECAP_GAP_PROOF,
        [RECAP_REGISTER_UNKNOWN] = RECAP_GAP_REGISTER,
    };
    const char *id = item->training != NULL ? item->training->id : item->progression->id;
    if (reason_open(item->reason))
        gap_add(cycle, kinds[item->reason], id, 0);
}

static void gap_of_duty(struct recap_cycle *cycle, const struct duty *duty, int outcome)
{
    bool held = outcome == RECAP_DUTY_UNPROVED || outcome == RECAP_DUTY_LATE;
    if (held && duty->document == DUTY_DOCUMENT_NONE && duty->satisfied_by != NULL)
        gap_add(cycle, RECAP_GAP_REPORT, duty->satisfied_by->id, 0);
}

void recap_find_gaps(const struct recap_work *work, struct recap_cycle *cycle, bool age_matters)
{
    size_t most = cycle->duty_count + 3;
    int missing = 0;
    for (int i = 0; i < RECAP_CRITERIA; i++)
        most += cycle->criteria[i].count;
    cycle->gaps = ARENA_ARRAY(work->arena, most, struct recap_gap);
    if (age_matters)
        gap_add(cycle, RECAP_GAP_BIRTH_DATE, NULL, 0);
    cycle->size = recap_size_on(work->rules, work->given->headcounts, work->given->headcount_count,
        date_min(cycle->to, work->given->facts->as_of), &missing);
    if (cycle->size == RECAP_SIZE_UNKNOWN)
        gap_add(cycle, RECAP_GAP_HEADCOUNT, NULL, missing);
    for (size_t i = 0; i < cycle->duty_count; i++)
        gap_of_duty(cycle, cycle->duties[i].duty, cycle->duties[i].outcome);
    if (cycle->held != DATE_NONE)
        gap_of_duty(cycle, cycle->duty, RECAP_DUTY_LATE);
    for (int c = 0; c < RECAP_CRITERIA; c++)
        for (size_t i = 0; i < cycle->criteria[c].count; i++)
            gap_of_evidence(cycle, &cycle->criteria[c].items[i]);
}
