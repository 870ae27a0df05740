/* The recap told in stories: what was due, what counts, what may be owed and what would avert it. */
#include "model/recap.h"

#include "base/field.h"
#include "story.h"

struct assessment {
    struct story *story;
    struct recap_training trainings[STORY_FACTS];
    struct recap_progression progressions[STORY_FACTS];
    struct recap_headcount headcounts[STORY_FACTS];
    struct recap_case given;
    struct recap recap;
};

static int setup(void **state)
{
    struct assessment *a = calloc(1, sizeof *a);
    void *story = NULL;
    (void)story_setup(&story);
    a->story = story;
    a->given = (struct recap_case){.facts = &a->story->facts,
        .duties = &a->story->duties,
        .trainings = a->trainings,
        .progressions = a->progressions,
        .headcounts = a->headcounts};
    for (int year = 2021; year <= 2025; year++)
        a->headcounts[a->given.headcount_count++] = (struct recap_headcount){.year = year, .average = 80};
    a->story->facts.employee.hire_date = day("2020-02-11");
    a->story->facts.employee.birth_date = day("1990-05-05");
    *state = a;
    return 0;
}

static int teardown(void **state)
{
    struct assessment *a = *state;
    void *story = a->story;
    (void)story_teardown(&story);
    free(a);
    return 0;
}

#define ASSESSED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static struct recap_training *train(struct assessment *a, const char *id, int mandatory, const char *done)
{
    struct recap_training *training = &a->trainings[a->given.training_count++];
    *training = (struct recap_training){.id = id,
        .title = id,
        .nature = NATURE_TRAINING,
        .mandatory = mandatory,
        .done = day(done),
        .proved = true,
        .certified = FIELD_UNSET,
        .certified_on = DATE_NONE};
    return training;
}

static struct case_review *hold(struct assessment *a, const char *id, const char *held)
{
    struct case_review *review = story_review(a->story, id, held);
    review->reported = review->held;
    review->copy_handed = review->held;
    return review;
}

static const struct recap_cycle *assess(struct assessment *a, const char *as_of)
{
    (void)story_on(a->story, as_of);
    recap_compute(a->story->arena, &a->given, &a->recap);
    return a->recap.current;
}

#define assert_word(name, value, expected) assert_string_equal(recap_##name##_name(value), (expected))

static void the_window_is_eight_years_and_paid_after_the_next_quarter(void **state)
{
    struct assessment *a = *state;
    hold(a, "r1", "2022-02-10");
    hold(a, "r2", "2024-02-08");
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_date(cycle->from, "2020-02-11");
    assert_date(cycle->to, "2028-02-11");
    assert_date(cycle->payable_on, "2028-06-30");
    assert_int_equal(cycle->duty_count, 3);
    assert_word(outcome, (enum recap_outcome)cycle->duties[0].outcome, "met");
    assert_word(outcome, (enum recap_outcome)cycle->duties[1].outcome, "met");
    assert_word(outcome, (enum recap_outcome)cycle->duties[2].outcome, "pending");
    assert_string_equal(cycle->duties[0].duty->rule->id, "R1.FIRST");
    assert_string_equal(cycle->duties[2].duty->rule->id, "T.PERIODIC");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "met");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
    assert_int_equal(cycle->amount, 0);
    assert_int_equal(cycle->gap_count, 0);
}

static void the_window_was_six_years_before_the_reform(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.hire_date = day("2018-05-02");
    const struct recap_cycle *cycle = assess(a, "2023-03-01");
    assert_date(cycle->to, "2024-05-02");
    assert_string_equal(cycle->duty->rule->id, "R1.RECAP");
    assert_date(cycle->payable_on, "2024-09-30");
}

static void the_quarter_after(void **state)
{
    (void)state;
    static const char *const days[][2] = {{"2028-02-11", "2028-06-30"}, {"2026-03-31", "2026-06-30"},
        {"2026-04-01", "2026-09-30"}, {"2026-09-30", "2026-12-31"}, {"2026-10-01", "2027-03-31"},
        {"2027-12-31", "2028-03-31"}};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        assert_date(recap_payable_on(day(days[i][0])), days[i][1]);
}

static void a_review_missed_and_no_training_is_exposed_until_one_is_proved(void **state)
{
    struct assessment *a = *state;
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "unmet");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "exposed");
    assert_int_equal(cycle->amount, 300000);
    assert_int_equal(cycle->amount_after_notice, 600000);
    assert_int_equal(cycle->cure_count, 1);
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "training");
    assert_date(cycle->cures[0].by, "2028-02-11");
    assert_int_equal(a->recap.exposed, 300000);
    assert_ptr_equal(a->recap.at_risk, cycle);
    train(a, "act_1", MANDATORY_NO, "2026-12-01");
    assert_word(exposure, (enum recap_exposure)assess(a, "2026-11-30")->exposure, "exposed");
    cycle = assess(a, "2026-12-01");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
    assert_int_equal(cycle->cure_count, 0);
    assert_int_equal(a->recap.exposed + a->recap.possible, 0);
    assert_null(a->recap.at_risk);
}

static void only_late_reviews_expose_possibly(void **state)
{
    struct assessment *a = *state;
    hold(a, "r1", "2022-02-12");
    hold(a, "r2", "2024-02-08");
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(outcome, (enum recap_outcome)cycle->duties[0].outcome, "late");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "late");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_int_equal(cycle->amount, 300000);
    assert_int_equal(a->recap.possible, 300000);
    assert_int_equal(a->recap.exposed, 0);
}

static void a_review_without_a_report_is_not_proved(void **state)
{
    struct assessment *a = *state;
    struct case_review *review = hold(a, "rev_1", "2022-02-10");
    hold(a, "rev_2", "2024-02-08");
    review->reported = DATE_NONE;
    review->copy_handed = DATE_NONE;
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(outcome, (enum recap_outcome)cycle->duties[0].outcome, "unproved");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "unknown");
    assert_word(gap, (enum recap_gap_kind)cycle->gaps[0].kind, "report");
    assert_string_equal(cycle->gaps[0].id, "rev_1");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "write_report");
    assert_string_equal(cycle->cures[0].id, "rev_1");
    review->reported = day("2026-11-22");
    assert_word(exposure, (enum recap_exposure)assess(a, "2026-11-22")->exposure, "none");
}

static void what_counts_as_training(void **state)
{
    struct assessment *a = *state;
    struct recap_training *t = train(a, "act_1", MANDATORY_UNKNOWN, "2024-06-01");
    static const struct {
        int nature, mandatory;
        bool cpf, cofinanced, proved, dated;
        const char *reason, *verdict;
    } table[] = {
        {NATURE_TRAINING, MANDATORY_NO, false, false, true, true, "counts", "met"},
        {NATURE_AFEST, MANDATORY_NO, false, false, true, true, "counts", "met"},
        {NATURE_TRAINING, MANDATORY_NO, true, true, true, true, "counts", "met"},
        {NATURE_TRAINING, MANDATORY_NO, true, false, true, true, "cpf_alone", "unmet"},
        {NATURE_TRAINING, MANDATORY_YES, false, false, true, true, "mandatory", "unmet"},
        {NATURE_TRAINING, MANDATORY_UNKNOWN, false, false, true, true, "mandatory_unknown", "unknown"},
        {NATURE_TRAINING, MANDATORY_NO, false, false, false, true, "without_proof", "unknown"},
        {NATURE_TRAINING, MANDATORY_NO, false, false, true, false, "undated", "unknown"},
        {NATURE_SKILLS_ASSESSMENT, MANDATORY_NO, false, false, true, true, "other_nature", "unmet"},
        {NATURE_VAE, MANDATORY_NO, false, false, true, true, "other_nature", "unmet"},
        {NATURE_MENTORING, MANDATORY_NO, false, false, true, true, "other_nature", "unmet"},
        {NATURE_SELF_STUDY, MANDATORY_NO, false, false, true, true, "other_nature", "unmet"},
        {NATURE_APPRENTICESHIP, MANDATORY_NO, false, false, true, true, "other_nature", "unmet"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        t->nature = table[i].nature;
        t->mandatory = table[i].mandatory;
        t->cpf = table[i].cpf;
        t->cofinanced = table[i].cofinanced;
        t->proved = table[i].proved;
        t->done = table[i].dated ? day("2024-06-01") : DATE_NONE;
        const struct recap_criterion *criterion = &assess(a, "2026-11-22")->criteria[RECAP_TRAINING];
        assert_word(reason, (enum recap_reason)criterion->items[0].reason, table[i].reason);
        assert_word(verdict, (enum recap_verdict)criterion->verdict, table[i].verdict);
    }
}

static void an_unknown_training_is_classified_first(void **state)
{
    struct assessment *a = *state;
    train(a, "cpl_1", MANDATORY_UNKNOWN, "2024-06-01");
    train(a, "act_2", MANDATORY_YES, "2025-06-01");
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "classify_training");
    assert_string_equal(cycle->cures[0].id, "cpl_1");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[1].kind, "training");
    assert_word(gap, (enum recap_gap_kind)cycle->gaps[0].kind, "mandatory");
    assert_string_equal(cycle->criteria[RECAP_TRAINING].items[0].training->id, "cpl_1");
    assert_string_equal(cycle->criteria[RECAP_TRAINING].items[1].training->id, "act_2");
}

static void certifications_and_progressions_are_the_other_criteria(void **state)
{
    struct assessment *a = *state;
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_CERTIFICATION].verdict, "unmet");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_PROGRESSION].verdict, "unmet");
    struct recap_training *t = train(a, "act_1", MANDATORY_YES, "2024-06-01");
    t->certified = REGISTER_RNCP;
    a->progressions[a->given.progression_count++] =
        (struct recap_progression){.id = "fact_1", .date = day("2023-01-01")};
    cycle = assess(a, "2026-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_TRAINING].verdict, "unmet");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_CERTIFICATION].verdict, "met");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_PROGRESSION].verdict, "unknown");
    assert_word(gap, (enum recap_gap_kind)cycle->gaps[0].kind, "proof");
    a->progressions[0].proved = true;
    t->certified = REGISTER_OTHER;
    cycle = assess(a, "2026-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_CERTIFICATION].verdict, "unknown");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_PROGRESSION].verdict, "met");
    t->certified = FIELD_UNSET;
    t->nature = NATURE_VAE;
    cycle = assess(a, "2026-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->criteria[RECAP_CERTIFICATION].verdict, "met");
}

static void fifty_employees_in_five_years_and_none_below(void **state)
{
    struct assessment *a = *state;
    const struct rules *rules = a->story->facts.rules;
    int missing = 0;
    date_t on = day("2026-11-22");
    struct recap_headcount *counts = a->headcounts;
    assert_int_equal(recap_size_on(rules, counts, 5, on, &missing), RECAP_SIZE_REACHED);
    counts[2].average = 49;
    assert_int_equal(recap_size_on(rules, counts, 5, on, &missing), RECAP_SIZE_BELOW);
    counts[2].average = 50;
    assert_int_equal(recap_size_on(rules, counts, 5, on, &missing), RECAP_SIZE_REACHED);
    assert_int_equal(recap_size_on(rules, counts, 5, day("2027-01-01"), &missing), RECAP_SIZE_UNKNOWN);
    assert_int_equal(missing, 2026);
    assert_int_equal(recap_size_on(rules, counts, 4, on, &missing), RECAP_SIZE_UNKNOWN);
    assert_int_equal(missing, 2025);
    counts[0].average = 12;
    assert_int_equal(recap_size_on(rules, counts, 4, on, &missing), RECAP_SIZE_BELOW);
    assert_int_equal(recap_size_on(rules, counts, 0, on, &missing), RECAP_SIZE_UNKNOWN);
    assert_int_equal(missing, 2025);
}

static void a_small_employer_owes_nothing_and_an_unknown_one_perhaps(void **state)
{
    struct assessment *a = *state;
    a->headcounts[4].average = 12;
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "unmet");
    a->given.headcount_count = 0;
    cycle = assess(a, "2026-11-22");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_word(gap, (enum recap_gap_kind)cycle->gaps[0].kind, "headcount");
    assert_int_equal(cycle->gaps[0].year, 2025);
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "record_headcount");
}

static void a_missing_birth_date_is_never_compliant(void **state)
{
    struct assessment *a = *state;
    hold(a, "r1", "2022-02-10");
    hold(a, "r2", "2024-02-08");
    a->story->facts.employee.birth_date = DATE_NONE;
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "unknown");
    assert_word(gap, (enum recap_gap_kind)cycle->gaps[0].kind, "birth_date");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
    cycle = assess(a, "2025-10-25");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "met");
}

static void a_missing_birth_date_costs_once_the_recap_is_due(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.birth_date = DATE_NONE;
    hold(a, "r1", "2022-02-10");
    hold(a, "r2", "2024-02-08");
    hold(a, "r3", "2028-01-20");
    const struct recap_cycle *cycle = assess(a, "2028-02-11");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
    cycle = assess(a, "2028-02-12");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "record_headcount");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[1].kind, "record_birth_date");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[2].kind, "hold_review");
    assert_int_equal(cycle->cures[2].by, day("2029-02-10"));
}

static void what_is_tolerated_is_cured_by_holding_it(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.hire_date = day("2024-11-04");
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "hold_review");
    assert_int_equal(cycle->cures[0].by, day("2028-11-04"));
    hold(a, "r", "2026-11-23");
    cycle = assess(a, "2026-11-23");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
}

static void a_recap_held_closes_its_cycle_and_what_it_costs_is_remembered(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.hire_date = day("2017-03-01");
    struct case_review *review = hold(a, "rev_recap", "2026-02-11");
    review->recap = 1;
    const struct recap_cycle *current = assess(a, "2026-11-22");
    assert_int_equal(a->recap.count, 2);
    const struct recap_cycle *cycle = &a->recap.cycles[0];
    assert_date(cycle->from, "2017-03-01");
    assert_date(cycle->to, "2026-02-11");
    assert_date(cycle->held, "2026-02-11");
    assert_date(cycle->payable_on, "2026-06-30");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "late");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "possible");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "pay");
    assert_date(cycle->cures[0].by, "2026-06-30");
    assert_date(current->from, "2026-02-11");
    assert_date(current->to, "2034-02-11");
    assert_word(exposure, (enum recap_exposure)current->exposure, "none");
    assert_ptr_equal(a->recap.at_risk, cycle);
    assert_int_equal(a->recap.possible, 300000);
    (void)assess(a, "2028-06-30");
    assert_int_equal(a->recap.possible, 300000);
    (void)assess(a, "2028-07-01");
    assert_true(a->recap.cycles[0].prescribed);
    assert_int_equal(a->recap.possible, 0);
    a->story->events[a->story->facts.event_count++] =
        (struct case_event){.id = "e", .type = EVENT_CPF_CONTRIBUTION, .date = day("2026-05-30")};
    (void)assess(a, "2026-11-22");
    assert_date(a->recap.cycles[0].settled_on, "2026-05-30");
    assert_int_equal(a->recap.possible, 0);
}

static void after_the_due_date_a_training_helps_until_the_limit(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.hire_date = day("2017-03-01");
    const struct recap_cycle *cycle = assess(a, "2025-11-22");
    assert_string_equal(cycle->duty->rule->id, "R1.RECAP");
    a->story->facts.employee.hire_date = day("2020-02-11");
    for (int year = 2026; year <= 2028; year++)
        a->headcounts[a->given.headcount_count++] = (struct recap_headcount){.year = year, .average = 80};
    cycle = assess(a, "2028-06-01");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "exposed");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "training");
    assert_date(cycle->cures[0].by, "2029-02-10");
    assert_date(cycle->payable_on, "2028-06-30");
    train(a, "act_1", MANDATORY_NO, "2028-05-01");
    assert_word(exposure, (enum recap_exposure)assess(a, "2028-06-01")->exposure, "none");
    a->trainings[0].done = day("2029-02-11");
    cycle = assess(a, "2029-03-01");
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "exposed");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "pay");
}

static void a_recap_planned_earlier_sets_the_last_day(void **state)
{
    struct assessment *a = *state;
    struct case_review *planned = story_recap(a->story, "rev_p", NULL);
    planned->planned = day("2027-10-04");
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_date(cycle->cures[0].by, "2027-10-04");
}

static void a_leave_without_its_review_is_a_breach(void **state)
{
    struct assessment *a = *state;
    hold(a, "r1", "2022-02-10");
    hold(a, "r2", "2024-02-08");
    story_absence(a->story, "abs_1", "carer", "2025-06-01", "2025-06-30");
    const struct recap_cycle *cycle = assess(a, "2025-07-15");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "unmet");
    assert_string_equal(cycle->duties[2].duty->rule->id, "LEAVE.BEFORE");
    assert_word(outcome, (enum recap_outcome)cycle->duties[2].outcome, "unmet");
}

static void who_leaves_before_the_recap_is_owed_nothing(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.exit_date = day("2026-06-30");
    const struct recap_cycle *cycle = assess(a, "2026-11-22");
    assert_true(cycle->left);
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "none");
    assert_word(exposure, (enum recap_exposure)assess(a, "2026-06-29")->exposure, "exposed");
    a->story->facts.employee.hire_date = day("2019-03-01");
    a->headcounts[a->given.headcount_count++] = (struct recap_headcount){.year = 2020, .average = 80};
    cycle = assess(a, "2026-11-22");
    assert_false(cycle->left);
    assert_word(exposure, (enum recap_exposure)cycle->exposure, "exposed");
    assert_word(cure, (enum recap_cure_kind)cycle->cures[0].kind, "pay");
}

static void nobody_is_judged_who_owes_nothing(void **state)
{
    struct assessment *a = *state;
    a->story->facts.employee.contract = CONTRACT_TEMPORARY;
    assert_null(assess(a, "2026-11-22"));
    assert_int_equal(a->recap.count, 0);
    assert_int_equal(a->recap.exposure, RECAP_EXPOSURE_NONE);
    a->story->facts.employee.contract = CONTRACT_CDI;
    assert_null(assess(a, "2020-01-01"));
}

static void annual_reviews_meet_nothing(void **state)
{
    struct assessment *a = *state;
    hold(a, "r1", "2022-02-10")->type = REVIEW_ANNUAL;
    const struct recap_cycle *cycle = assess(a, "2024-11-22");
    assert_word(verdict, (enum recap_verdict)cycle->reviews, "unmet");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ASSESSED(the_window_is_eight_years_and_paid_after_the_next_quarter),
        ASSESSED(the_window_was_six_years_before_the_reform),
        ASSESSED(the_quarter_after),
        ASSESSED(a_review_missed_and_no_training_is_exposed_until_one_is_proved),
        ASSESSED(only_late_reviews_expose_possibly),
        ASSESSED(a_review_without_a_report_is_not_proved),
        ASSESSED(what_counts_as_training),
        ASSESSED(an_unknown_training_is_classified_first),
        ASSESSED(certifications_and_progressions_are_the_other_criteria),
        ASSESSED(fifty_employees_in_five_years_and_none_below),
        ASSESSED(a_small_employer_owes_nothing_and_an_unknown_one_perhaps),
        ASSESSED(a_missing_birth_date_is_never_compliant),
        ASSESSED(a_missing_birth_date_costs_once_the_recap_is_due),
        ASSESSED(what_is_tolerated_is_cured_by_holding_it),
        ASSESSED(a_recap_held_closes_its_cycle_and_what_it_costs_is_remembered),
        ASSESSED(after_the_due_date_a_training_helps_until_the_limit),
        ASSESSED(a_recap_planned_earlier_sets_the_last_day),
        ASSESSED(a_leave_without_its_review_is_a_breach),
        ASSESSED(who_leaves_before_the_recap_is_owed_nothing),
        ASSESSED(nobody_is_judged_who_owes_nothing),
        ASSESSED(annual_reviews_meet_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
