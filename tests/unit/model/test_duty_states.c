/* The states of a duty, open and closed, and what reviews do to them. */
#include "story.h"

static void time_moves_a_duty_from_upcoming_to_missed_its_limit(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2025-11-03");
    static const struct {
        const char *as_of, *state, *next;
        bool tolerated;
    } table[] = {
        {"2025-11-03", "upcoming", "2026-08-04", false},
        {"2026-08-03", "upcoming", "2026-08-04", false},
        {"2026-08-04", "to_plan", "2026-11-03", false},
        {"2026-11-02", "to_plan", "2026-11-03", false},
        {"2026-11-03", "overdue", "2026-11-04", true},
        {"2026-11-04", "overdue", "2033-08-05", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        story_on(s, table[i].as_of);
        const struct duty *first = story_open(s, "R2.FIRST");
        assert_state(first, table[i].state);
        assert_int_equal(first->tolerated, table[i].tolerated);
        assert_date(s->duties.next_check, table[i].next);
    }
    s->facts.policies.planning_horizon = 91;
    story_on(s, "2026-08-03");
    assert_state(story_open(s, "R2.FIRST"), "to_plan");
}

static void a_planned_review_serves_until_its_day_is_over(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2025-11-03");
    story_review(s, "p", NULL)->planned = day("2026-10-20");
    story_on(s, "2026-10-20");
    assert_state(story_open(s, "R2.FIRST"), "planned");
    assert_string_equal(story_open(s, "R2.FIRST")->planned_by->id, "p");
    assert_null(story_open(s, "R2.RECAP")->planned_by);
    assert_date(s->duties.next_check, "2026-10-21");
    story_on(s, "2026-10-21");
    assert_state(story_open(s, "R2.FIRST"), "to_plan");
    s->reviews[0].planned = day("2026-11-03");
    story_on(s, "2026-10-21");
    assert_state(story_open(s, "R2.FIRST"), "planned");
    story_on(s, "2026-11-03");
    assert_state(story_open(s, "R2.FIRST"), "overdue");
    assert_non_null(story_open(s, "R2.FIRST")->planned_by);
    s->reviews[0].planned = day("2026-11-04");
    story_on(s, "2026-10-21");
    assert_state(story_open(s, "R2.FIRST"), "to_plan");
}

static void only_a_professional_review_is_planned_for(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2025-11-03");
    struct case_review *review = story_review(s, "p", NULL);
    review->planned = day("2026-10-20");
    review->type = REVIEW_ANNUAL;
    story_on(s, "2026-10-01");
    assert_state(story_open(s, "R2.FIRST"), "to_plan");
    review->type = REVIEW_PROFESSIONAL;
    review->refused = day("2026-09-30");
    story_on(s, "2026-10-01");
    assert_state(story_open(s, "R2.FIRST"), "to_plan");
    story_on(s, "2026-09-29");
    assert_state(story_open(s, "R2.FIRST"), "planned");
    review->refused = DATE_NONE;
    story_review(s, "q", NULL)->planned = day("2026-10-10");
    story_on(s, "2026-10-01");
    assert_string_equal(story_open(s, "R2.FIRST")->planned_by->id, "q");
}

static void a_recap_is_planned_by_a_recap(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2019-03-04");
    story_review(s, "r", "2025-11-05");
    struct case_review *planned = story_review(s, "p", NULL);
    planned->planned = day("2027-03-10");
    s->facts.employee.hire_date = day("2019-11-22");
    story_on(s, "2027-01-10");
    assert_state(story_open(s, "R2.RECAP"), "upcoming");
    planned->recap = 1;
    story_on(s, "2027-01-10");
    assert_state(story_open(s, "R2.RECAP"), "planned");
}

static void a_window_is_planned_inside_it(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2023-02-01");
    story_absence(s, "a", "carer", "2026-12-22", "2027-03-21")->announced = day("2026-10-23");
    struct case_review *planned = story_review(s, "p", NULL);
    planned->planned = day("2026-12-22");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "LEAVE.BEFORE"), "to_plan");
    planned->planned = day("2026-12-21");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "LEAVE.BEFORE"), "planned");
    story_on(s, "2026-10-22");
    assert_null(story_open(s, "LEAVE.BEFORE"));
    assert_date(s->duties.next_check, "2026-10-23");
    story_on(s, "2026-12-22");
    assert_state(story_open(s, "LEAVE.BEFORE"), "missed");
    assert_false(story_open(s, "LEAVE.BEFORE")->tolerated);
}

static void each_review_closes_the_duty_before_it(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2018-09-03");
    story_review(s, "r3", "2025-11-20");
    story_review(s, "r1", "2020-09-10");
    story_review(s, "r2", "2023-11-16");
    story_on(s, "2026-11-22");
    assert_int_equal(s->duties.history_count, 3);
    const struct duty *history = s->duties.history;
    assert_string_equal(history[0].rule->id, "R1.FIRST");
    assert_date(history[0].due, "2021-06-30");
    assert_string_equal(history[0].satisfied_by->id, "r1");
    assert_state(&history[0], "held");
    assert_string_equal(history[1].rule->id, "R1.PERIODIC");
    assert_date(history[1].due, "2022-09-10");
    assert_state(&history[1], "held_late");
    assert_string_equal(history[2].rule->id, "T.PERIODIC");
    assert_date(history[2].due, "2027-11-16");
    assert_date(history[2].satisfied_on, "2025-11-20");
    assert_string_equal(history[2].anchor_id, "r2");
    assert_date(story_open(s, "R2.PERIODIC")->due, "2029-11-20");
}

/* The dates are those of the eve: a review on the day of the reform closes a duty of the old law. */
static void a_closed_duty_keeps_the_dates_of_the_eve(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2021-09-03");
    story_review(s, "r1", "2024-01-16");
    story_review(s, "r2", "2025-10-26");
    story_on(s, "2026-11-22");
    assert_date(story_closed(s, "R1.PERIODIC")->due, "2026-01-16");
    s->reviews[1].held = day("2025-10-27");
    story_on(s, "2026-11-22");
    assert_date(story_closed(s, "T.PERIODIC")->due, "2028-01-16");
    story_agreement(s, AGREEMENT_COMPANY, "P3Y")->valid_to = day("2025-10-26");
    story_on(s, "2026-11-22");
    assert_date(story_closed(s, "AGR.PERIODIC")->due, "2027-01-16");
    s->agreements[0].valid_to = day("2025-10-25");
    story_on(s, "2026-11-22");
    assert_null(story_closed(s, "AGR.PERIODIC"));
}

static void between_due_and_limit_is_tolerated(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2025-11-03");
    story_review(s, "r", "2026-11-02");
    story_on(s, "2026-11-22");
    assert_false(story_closed(s, "R2.FIRST")->tolerated);
    s->reviews[0].held = day("2026-11-03");
    story_on(s, "2026-11-22");
    assert_state(story_closed(s, "R2.FIRST"), "held");
    assert_true(story_closed(s, "R2.FIRST")->tolerated);
    s->reviews[0].held = day("2026-11-04");
    story_on(s, "2026-11-22");
    assert_state(story_closed(s, "R2.FIRST"), "held_late");
    assert_false(story_closed(s, "R2.FIRST")->tolerated);
}

static void a_held_review_is_proved_step_by_step(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2025-11-03");
    struct case_review *review = story_review(s, "r", "2026-10-15");
    review->reported = day("2026-10-20");
    review->copy_handed = day("2026-11-05");
    story_on(s, "2026-10-15");
    assert_state(story_closed(s, "R2.FIRST"), "held");
    assert_date(s->duties.next_check, "2026-10-20");
    story_on(s, "2026-10-20");
    assert_state(story_closed(s, "R2.FIRST"), "reported");
    story_on(s, "2026-11-05");
    assert_state(story_closed(s, "R2.FIRST"), "proved");
    assert_int_equal(story_closed(s, "R2.FIRST")->document, DUTY_DOCUMENT_COPY);
    review->held = day("2026-11-04");
    story_on(s, "2026-11-05");
    assert_state(story_closed(s, "R2.FIRST"), "held_late");
    assert_int_equal(story_closed(s, "R2.FIRST")->document, DUTY_DOCUMENT_COPY);
}

static void a_recap_closes_two_duties_and_opens_two(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2017-02-01");
    story_review(s, "r1", "2019-01-20");
    story_recap(s, "r2", "2024-03-04");
    story_on(s, "2026-11-22");
    assert_int_equal(s->duties.history_count, 3);
    assert_date(story_closed(s, "R1.RECAP")->due, "2023-02-01");
    assert_state(story_closed(s, "R1.RECAP"), "held_late");
    assert_date(story_open(s, "T.PERIODIC")->due, "2028-03-04");
    assert_date(story_open(s, "R2.RECAP")->due, "2032-03-04");
    assert_string_equal(story_open(s, "R2.RECAP")->anchor_id, "r2");
}

static void two_records_of_one_day_are_one_review(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2019-02-01");
    story_review(s, "a", "2025-01-20");
    story_recap(s, "b", "2025-01-20");
    story_on(s, "2026-11-22");
    assert_int_equal(s->duties.history_count, 2);
    assert_date(story_open(s, "T.PERIODIC")->due, "2029-01-20");
    assert_date(story_open(s, "R2.RECAP")->due, "2033-01-20");
    assert_string_equal(story_closed(s, "R1.RECAP")->satisfied_by->id, "b");
}

static void a_proved_refusal_closes_a_return(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_absence(s, "m", "maternity", "2026-05-10", "2026-08-31");
    story_review(s, "no", NULL)->refused = day("2026-09-20");
    story_on(s, "2026-11-22");
    assert_state(story_closed(s, "R2.RETURN"), "refused");
    assert_string_equal(story_closed(s, "R2.RETURN")->satisfied_by->id, "no");
    assert_non_null(story_open(s, "R1.FIRST"));
    story_on(s, "2026-09-19");
    assert_state(story_open(s, "R2.RETURN"), "to_plan");
    s->reviews[0].refused = day("2026-05-09");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "R2.RETURN"), "overdue");
    story_review(s, "yes", "2026-09-10");
    s->reviews[0].refused = day("2026-09-20");
    story_on(s, "2026-11-22");
    assert_state(story_closed(s, "R2.RETURN"), "held");
}

static void the_old_law_knows_no_refusal(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2019-01-07");
    story_absence(s, "p", "parental", "2024-03-01", "2025-10-24");
    story_review(s, "no", NULL)->refused = day("2025-11-10");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "R1.RETURN"), "overdue");
}

static void a_review_during_the_chain_satisfies_its_return(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_absence(s, "m", "maternity", "2026-05-10", "2026-08-31");
    story_review(s, "r", "2026-05-10");
    story_on(s, "2026-08-31");
    assert_null(story_closed(s, "R2.RETURN"));
    story_on(s, "2026-09-01");
    assert_state(story_closed(s, "R2.RETURN"), "held");
    assert_date(story_closed(s, "R2.RETURN")->satisfied_on, "2026-05-10");
    s->reviews[0].held = day("2026-05-09");
    story_on(s, "2026-09-01");
    assert_state(story_open(s, "R2.RETURN"), "exempt");
}

static void an_exemption_is_not_a_breach_later(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_absence(s, "m", "maternity", "2026-05-10", "2026-08-31");
    story_review(s, "before", "2026-02-01");
    story_review(s, "after", "2027-03-01");
    story_on(s, "2026-11-22");
    const struct duty *back = story_open(s, "R2.RETURN");
    assert_state(back, "exempt");
    assert_int_equal(back->warning, DUTY_WARNING_SPECIAL_ARTICLE);
    assert_string_equal(back->article, "L1225-27");
    assert_string_equal(back->satisfied_by->id, "before");
    story_on(s, "2027-03-01");
    assert_null(story_open(s, "R2.RETURN"));
    assert_state(story_closed(s, "R2.RETURN"), "exempt");
    s->reviews[1].held = day("2026-09-20");
    story_on(s, "2027-03-01");
    assert_state(story_closed(s, "R2.RETURN"), "held");
    assert_string_equal(story_closed(s, "R2.RETURN")->satisfied_by->id, "after");
}

/* Hired again: what happened under the contract before makes no duty and meets none. */
static void another_employment_is_left_out(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2026-02-02");
    story_review(s, "old", "2017-02-20");
    story_recap(s, "old recap", "2019-02-15");
    story_absence(s, "old leave", "maternity", "2018-01-02", "2018-05-03");
    story_absence(s, "old care", "carer", "2018-09-01", "2018-11-30");
    story_visit(s, "old visit", "2025-11-20");
    story_on(s, "2026-11-22");
    assert_int_equal(s->duties.open_count, 2);
    assert_int_equal(s->duties.history_count, 0);
    assert_date(story_open(s, "R2.FIRST")->due, "2027-02-01");
    assert_date(story_open(s, "R2.RECAP")->due, "2034-02-02");
    s->facts.employee.seniority_date = day("2015-03-01"); /* taken over: it all counts */
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R1.RECAP")->due, "2025-02-15");
    assert_date(story_open(s, "R2.MIDCAREER")->due, "2026-01-20");
    assert_state(story_closed(s, "R1.RETURN"), "held_late");
}

static void leaves_with_a_review_before_are_never_exempt(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_review(s, "before", "2026-02-01");
    story_absence(s, "c", "family_solidarity", "2026-05-10", "2026-08-31");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "R2.RETURN"), "overdue");
    assert_string_equal(story_open(s, "R2.RETURN")->article, "L3142-11");
    assert_state(story_closed(s, "LEAVE.BEFORE"), "held");
    s->absences[0].type = "union_mandate";
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "R2.RETURN"), "exempt");
    assert_int_equal(story_open(s, "R2.RETURN")->warning, DUTY_WARNING_NONE);
}

static void a_visit_closes_the_watch_and_opens_a_review(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2015-06-01");
    s->facts.employee.birth_date = day("1981-04-12");
    story_visit(s, "v2", "2026-09-01");
    story_visit(s, "v1", "2026-06-18");
    story_on(s, "2026-06-17");
    assert_non_null(story_open(s, "R2.MIDCAREER.VISIT"));
    story_on(s, "2026-11-22");
    assert_null(story_open(s, "R2.MIDCAREER.VISIT"));
    const struct duty *watch = story_closed(s, "R2.MIDCAREER.VISIT");
    assert_state(watch, "proved");
    assert_string_equal(watch->visited_by->id, "v1");
    assert_null(watch->satisfied_by);
    assert_date(story_open(s, "R2.MIDCAREER")->anchor, "2026-06-18");
    s->events[0].date = s->events[1].date = day("2027-01-05");
    story_on(s, "2027-01-05");
    assert_state(story_closed(s, "R2.MIDCAREER.VISIT"), "held_late");
    /* Early enough for the watch, too early for the review. */
    s->events[0].date = s->events[1].date = day("2024-01-05");
    story_on(s, "2027-01-05");
    assert_null(story_closed(s, "R2.MIDCAREER.VISIT"));
    assert_null(story_open(s, "R2.MIDCAREER"));
}

static void sixty_is_missed_for_good(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2012-05-02");
    s->facts.employee.birth_date = day("1966-09-15");
    story_review(s, "late", "2026-09-15");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "R2.SENIOR60"), "missed");
    s->reviews[0].held = day("2026-09-14");
    story_on(s, "2026-11-22");
    assert_state(story_closed(s, "R2.SENIOR60"), "held");
    s->reviews[0].held = day("2025-10-26");
    story_on(s, "2026-11-22");
    assert_state(story_closed(s, "R2.SENIOR60"), "held");
    s->reviews[0].held = day("2025-10-25");
    story_on(s, "2026-11-22");
    assert_state(story_open(s, "R2.SENIOR60"), "missed");
}

static void facts_of_tomorrow_are_not_known(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    story_review(s, "r", "2022-03-10");
    struct duties alone = *story_on(s, "2024-01-10");
    story_review(s, "future", "2024-01-11");
    story_absence(s, "a", "sabbatical", "2024-01-11", "2024-11-30");
    story_visit(s, "v", "2024-01-11");
    const struct duties *with = story_on(s, "2024-01-10");
    assert_date(with->next_check, "2024-01-11");
    assert_true(duties_equal(&alone, with));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(time_moves_a_duty_from_upcoming_to_missed_its_limit),
        STORY(a_planned_review_serves_until_its_day_is_over),
        STORY(only_a_professional_review_is_planned_for),
        STORY(a_recap_is_planned_by_a_recap),
        STORY(a_window_is_planned_inside_it),
        STORY(each_review_closes_the_duty_before_it),
        STORY(a_closed_duty_keeps_the_dates_of_the_eve),
        STORY(between_due_and_limit_is_tolerated),
        STORY(a_held_review_is_proved_step_by_step),
        STORY(a_recap_closes_two_duties_and_opens_two),
        STORY(two_records_of_one_day_are_one_review),
        STORY(a_proved_refusal_closes_a_return),
        STORY(the_old_law_knows_no_refusal),
        STORY(a_review_during_the_chain_satisfies_its_return),
        STORY(an_exemption_is_not_a_breach_later),
        STORY(another_employment_is_left_out),
        STORY(leaves_with_a_review_before_are_never_exempt),
        STORY(a_visit_closes_the_watch_and_opens_a_review),
        STORY(sixty_is_missed_for_good),
        STORY(facts_of_tomorrow_are_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
