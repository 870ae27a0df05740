/* What no employee can be is refused with a pointer; the rest passes. */
#include "story.h"

static void ordinary(struct story *s)
{
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.employee.birth_date = day("1985-06-01");
    story_review(s, "r", "2022-03-10");
    story_absence(s, "a", "parental", "2023-01-01", "2023-06-30");
    story_visit(s, "v", "2024-01-10");
    story_agreement(s, AGREEMENT_COMPANY, "P3Y")->valid_to = day("2024-12-31");
    story_agreement(s, AGREEMENT_COMPANY, "P2Y")->valid_from = day("2025-01-01");
    story_agreement(s, AGREEMENT_BRANCH, "P3Y");
}

static void assert_refused(const struct story *s, const char *pointer)
{
    struct error err = ERROR_INIT;
    assert_int_equal(duty_case_check(&s->facts, &err), ST_INVALID);
    assert_int_equal(err.status, ST_INVALID);
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, pointer);
    assert_true(err.fields[0].detail[0] != '\0');
    assert_int_equal(duty_case_check(&s->facts, NULL), ST_INVALID);
}

static void an_ordinary_case_passes(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    ordinary(s);
    assert_int_equal(duty_case_check(&s->facts, &err), ST_OK);
    assert_int_equal(err.count, 0);
    s->facts.employee.exit_date = s->facts.employee.hire_date;
    s->facts.employee.birth_date = day("2005-03-15");
    s->absences[0].end = s->absences[0].start;
    s->absences[0].announced = day("2023-02-01");
    s->events[0].date = s->facts.employee.hire_date;
    s->reviews[0].held = s->facts.employee.hire_date;
    assert_int_equal(duty_case_check(&s->facts, &err), ST_OK);
}

static void the_terms_of_an_employee_are_in_order(void **state)
{
    struct story *s = *state;
    ordinary(s);
    s->facts.employee.exit_date = day("2020-03-14");
    assert_refused(s, "/employee/exit_date");
    s->facts.employee.exit_date = DATE_NONE;
    s->facts.employee.contract_end = day("2020-03-14");
    assert_refused(s, "/employee/contract_end");
    s->facts.employee.contract_end = DATE_NONE;
    s->facts.employee.birth_date = day("2005-03-16");
    assert_refused(s, "/employee/birth_date");
    s->facts.employee.birth_date = DATE_NONE;
    s->facts.employee.hire_date = DATE_NONE;
    assert_refused(s, "/employee/hire_date");
    s->facts.employee.hire_date = INT32_MAX;
    s->facts.event_count = 0;
    assert_refused(s, "/employee/hire_date");
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.as_of = DATE_NONE;
    assert_refused(s, "/as_of");
}

static void an_absence_has_a_type_and_an_order(void **state)
{
    struct story *s = *state;
    ordinary(s);
    story_absence(s, "b", "holiday", "2024-01-01", NULL);
    assert_refused(s, "/absences/1/type");
    s->absences[1].type = NULL;
    assert_refused(s, "/absences/1/type");
    s->absences[1].type = "illness";
    s->absences[1].end = day("2023-12-31");
    assert_refused(s, "/absences/1/end");
    s->absences[1].end = DATE_NONE;
    s->absences[1].start = DATE_NONE;
    assert_refused(s, "/absences/1/start");
}

static void a_review_is_dated(void **state)
{
    struct story *s = *state;
    ordinary(s);
    story_review(s, "empty", NULL);
    assert_refused(s, "/reviews/1/held");
    s->reviews[1].planned = day("2026-12-01");
    assert_int_equal(duty_case_check(&s->facts, NULL), ST_OK);
    s->reviews[1].held = INT32_MAX - 1;
    assert_refused(s, "/reviews/1/held");
}

static void an_event_follows_the_hire(void **state)
{
    struct story *s = *state;
    ordinary(s);
    s->events[0].date = day("2020-03-14");
    assert_refused(s, "/events/0/date");
    s->events[0].date = DATE_NONE;
    assert_refused(s, "/events/0/date");
}

static void nothing_happened_before_the_employment(void **state)
{
    struct story *s = *state;
    ordinary(s);
    s->reviews[0].held = day("2020-03-14");
    assert_refused(s, "/reviews/0/held");
    s->reviews[0].held = day("2020-03-15");
    s->absences[0].start = day("2020-03-14");
    assert_refused(s, "/absences/0/start");
    s->facts.employee.seniority_date = day("2020-03-14");
    assert_int_equal(duty_case_check(&s->facts, NULL), ST_OK);
    s->facts.employee.seniority_date = day("2021-01-01");
    assert_refused(s, "/absences/0/start");
}

static void agreements_of_a_level_do_not_overlap(void **state)
{
    struct story *s = *state;
    ordinary(s);
    s->agreements[1].valid_from = day("2024-12-31");
    assert_refused(s, "/organisation/agreements/1/valid_from");
    s->agreements[1].valid_from = DATE_NONE;
    assert_refused(s, "/organisation/agreements/1/valid_from");
    s->agreements[1].valid_from = day("2025-01-01");
    s->agreements[1].valid_to = day("2024-06-01");
    struct error err = ERROR_INIT;
    assert_int_equal(duty_case_check(&s->facts, &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/organisation/agreements/1/valid_to");
    s->agreements[1].valid_to = DATE_NONE;
    s->agreements[2].period = (struct period){0};
    assert_refused(s, "/organisation/agreements/2/period");
}

static void policies_have_ceilings(void **state)
{
    struct story *s = *state;
    ordinary(s);
    s->facts.policies.planning_horizon = -1;
    assert_refused(s, "/organisation/policies/planning.horizon");
    s->facts.policies.planning_horizon = 3660;
    s->facts.policies.notice_days = 367;
    assert_refused(s, "/organisation/policies/planning.notice");
}

static void every_mistake_is_listed(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    ordinary(s);
    s->absences[0].type = "holiday";
    s->absences[0].end = day("2020-01-01");
    s->events[0].date = day("2019-01-01");
    s->facts.employee.exit_date = day("2019-01-01");
    assert_int_equal(duty_case_check(&s->facts, &err), ST_INVALID);
    assert_int_equal(err.count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_ordinary_case_passes),
        STORY(the_terms_of_an_employee_are_in_order),
        STORY(an_absence_has_a_type_and_an_order),
        STORY(a_review_is_dated),
        STORY(an_event_follows_the_hire),
        STORY(nothing_happened_before_the_employment),
        STORY(agreements_of_a_level_do_not_overlap),
        STORY(policies_have_ceilings),
        STORY(every_mistake_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
