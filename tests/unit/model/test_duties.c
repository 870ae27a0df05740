/* Stories that the vectors do not tell: policies, agreements, exclusions, forecasts, competing readings. */
#include "story.h"

static void nobody_owes_anything_before_the_law(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2009-04-01");
    assert_int_equal(story_on(s, "2014-03-06")->open_count, 0);
    assert_date(s->duties.next_check, "2014-03-07");
    assert_int_equal(story_on(s, "2014-03-07")->open_count, 2);
}

static void the_reform_is_unknown_the_day_before(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.employee.birth_date = day("1966-02-10");
    story_review(s, "r1", "2022-03-10");
    story_review(s, "r2", "2024-03-08");
    assert_int_equal(story_on(s, "2025-10-25")->open_count, 2);
    assert_date(story_open(s, "R1.PERIODIC")->due, "2026-03-08");
    assert_date(story_open(s, "R1.RECAP")->due, "2026-03-15");
    assert_date(s->duties.next_check, "2025-10-26");
    assert_int_equal(story_on(s, "2025-10-26")->open_count, 3);
    assert_date(story_open(s, "T.PERIODIC")->due, "2028-03-08");
    assert_date(story_open(s, "R2.RECAP")->due, "2028-03-15");
    assert_date(story_open(s, "R2.SENIOR60")->opens, "2025-10-26");
}

static void a_name_outlives_the_regime(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    story_review(s, "rev_2", "2024-03-08");
    story_on(s, "2025-10-25");
    const char *before = duty_name(s->arena, story_open(s, "R1.PERIODIC"));
    story_on(s, "2025-10-26");
    const char *after = duty_name(s->arena, story_open(s, "T.PERIODIC"));
    assert_string_equal(before, "periodic/2024-03-08/rev_2");
    assert_string_equal(after, before);
    assert_string_equal(duty_name(s->arena, story_open(s, "R2.RECAP")), "recap/2020-03-15");
}

static void no_duty_before_the_hire_nor_after_the_exit(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.employee.exit_date = day("2026-05-31");
    story_review(s, "r1", "2022-03-10");
    assert_int_equal(story_on(s, "2020-03-14")->exclusion, DUTY_NOT_HIRED);
    assert_date(s->duties.next_check, "2020-03-15");
    assert_int_equal(s->duties.open_count, 0);
    assert_int_equal(story_on(s, "2026-05-30")->exclusion, DUTY_SUBJECT);
    assert_int_equal(story_on(s, "2026-05-31")->exclusion, DUTY_LEFT);
    assert_int_equal(s->duties.open_count, 0);
    assert_int_equal(s->duties.history_count, 1);
    s->facts.employee.contract = CONTRACT_TEMPORARY;
    assert_int_equal(story_on(s, "2024-01-01")->exclusion, DUTY_TEMPORARY);
    assert_int_equal(s->duties.open_count + s->duties.history_count, 0);
}

static void a_missing_date_is_listed(void **state)
{
    struct story *s = *state;
    assert_int_equal(story_on(s, "2026-01-01")->missing, DUTY_MISSING_HIRE_DATE);
    assert_int_equal(s->duties.exclusion, DUTY_NOT_HIRED);
    s->facts.employee.hire_date = day("2020-03-15");
    assert_int_equal(story_on(s, "2026-01-01")->missing, DUTY_MISSING_BIRTH_DATE);
    assert_int_equal(story_on(s, "2025-01-01")->missing, 0);
    s->facts.employee.birth_date = day("1990-01-01");
    assert_int_equal(story_on(s, "2026-01-01")->missing, 0);
}

static void the_first_review_of_the_transition_has_three_readings(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2024-12-01");
    story_on(s, "2026-01-10");
    const struct duty *first = story_open(s, "T.FIRST");
    assert_date(first->due, "2025-12-01");
    assert_date(first->limit, "2028-12-01");
    assert_int_equal(first->reading_count, 3);
    assert_int_equal(first->readings[0].name, READING_STRICT);
    assert_date(first->readings[0].date, "2025-12-01");
    assert_int_equal(first->readings[1].name, READING_LENIENT);
    assert_date(first->readings[1].date, "2028-12-01");
    assert_int_equal(first->readings[2].name, READING_ART2222);
    assert_date(first->readings[2].date, "2026-10-26");
    s->facts.policies.first_transition = TRANSITION_LENIENT;
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "T.FIRST")->due, "2028-12-01");
    assert_date(story_open(s, "T.FIRST")->readings[0].date, "2025-12-01");
    assert_state(story_open(s, "T.FIRST"), "upcoming");
}

/* Hired two years before the reform to the day, and a day earlier. */
static void two_years_to_the_day_decide_the_first_regime(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2023-10-25");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "R1.FIRST")->due, "2025-10-25");
    s->facts.employee.hire_date = day("2023-10-26");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "T.FIRST")->due, "2025-10-26");
    s->facts.employee.hire_date = day("2024-10-25");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "T.FIRST")->due, "2026-10-25");
    s->facts.employee.hire_date = day("2024-10-26");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "T.FIRST")->due, "2025-10-26");
    s->facts.employee.hire_date = day("2025-10-26");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "R2.FIRST")->due, "2026-10-25");
}

static void the_contract_end_caps_only_what_comes_later(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2026-03-02");
    s->facts.employee.contract_end = day("2027-03-01");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R2.FIRST")->due, "2027-03-01");
    assert_date(story_open(s, "R2.FIRST")->limit, "2027-03-01");
    assert_false(story_open(s, "R2.FIRST")->capped);
    s->facts.employee.contract_end = day("2027-02-28");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R2.FIRST")->due, "2027-02-28");
    assert_true(story_open(s, "R2.FIRST")->capped);
}

static void the_covid_window_has_two_edges(void **state)
{
    struct story *s = *state;
    static const struct {
        const char *hire, *due;
    } table[] = {
        {"2017-12-31", "2019-12-31"},
        {"2018-01-01", "2021-06-30"},
        {"2019-06-30", "2021-06-30"},
        {"2019-07-01", "2021-07-01"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        s->facts.employee.hire_date = day(table[i].hire);
        story_on(s, "2019-08-01");
        const struct duty *first = story_open(s, "R1.FIRST");
        assert_date(first->due, table[i].due);
        assert_date(first->limit, table[i].due);
        assert_true((first->postponement != NULL) == (i == 1 || i == 2));
    }
}

static void an_agreement_is_long_by_its_dates(void **state)
{
    struct story *s = *state;
    static const struct {
        const char *period, *rule, *due, *limit;
    } table[] = {
        {"P48M", "AGR.PERIODIC", "2027-05-10", "2027-05-10"},
        {"P1461D", "AGR.PERIODIC", "2027-05-10", "2027-05-10"},
        {"P1462D", "AGR.LAPSE", "2027-05-10", "2027-05-11"},
        {"P49M", "AGR.LAPSE", "2027-05-10", "2027-06-10"},
        {"P8Y", "AGR.LAPSE", "2027-05-10", "2030-10-01"},
        {"P2Y5M", "R1.PERIODIC", "2025-10-10", "2025-10-10"},
        {"P30M", "AGR.PERIODIC", "2025-11-10", "2025-11-10"},
    };
    s->facts.employee.hire_date = day("2019-05-10");
    story_review(s, "r", "2023-05-10");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        s->facts.agreement_count = 0;
        story_agreement(s, AGREEMENT_COMPANY, table[i].period);
        story_on(s, "2026-11-22");
        const struct duty *periodic = story_open(s, table[i].rule);
        assert_non_null(periodic);
        assert_date(periodic->due, table[i].due);
        assert_date(periodic->limit, table[i].limit);
        assert_ptr_equal(periodic->agreement, &s->agreements[0]);
    }
}

/* A long agreed term that ends before the lapse day still applies as it is. */
static void a_long_agreement_runs_until_the_lapse(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2015-05-10");
    story_review(s, "r", "2020-09-30");
    story_agreement(s, AGREEMENT_BRANCH, "P6Y");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "AGR.PERIODIC")->due, "2026-09-30");
    s->reviews[0].held = day("2020-10-01");
    story_on(s, "2026-01-10");
    assert_date(story_open(s, "AGR.LAPSE")->due, "2026-10-01");
    assert_date(story_open(s, "AGR.LAPSE")->limit, "2026-10-01");
    s->reviews[0].held = day("2026-09-30");
    story_on(s, "2026-10-01");
    assert_date(story_open(s, "AGR.LAPSE")->due, "2030-09-30");
    assert_date(story_open(s, "AGR.LAPSE")->limit, "2030-10-01");
    s->reviews[0].held = day("2026-10-01");
    story_on(s, "2026-10-01");
    assert_date(story_open(s, "R2.PERIODIC")->due, "2030-10-01");
}

static void a_branch_agreement_takes_over_when_the_company_one_ends(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2021-05-10");
    story_review(s, "r", "2025-05-06");
    story_agreement(s, AGREEMENT_BRANCH, "P3Y");
    story_agreement(s, AGREEMENT_COMPANY, "P2Y")->valid_to = day("2026-12-31");
    story_on(s, "2026-12-31");
    assert_date(story_open(s, "AGR.PERIODIC")->due, "2027-05-06");
    assert_date(s->duties.next_check, "2027-01-01");
    story_on(s, "2027-01-01");
    assert_date(story_open(s, "AGR.PERIODIC")->due, "2028-05-06");
}

static void the_hire_anniversary_keeps_dates_from_drifting(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.policies.periodic_anchor = PERIODIC_HIRE_ANNIVERSARY;
    story_review(s, "late", "2024-04-02");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "T.PERIODIC")->due, "2028-03-15");
    assert_date(story_open(s, "T.PERIODIC")->limit, "2028-04-02");
    s->reviews[0].held = day("2024-03-08");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "T.PERIODIC")->due, "2028-03-08");
}

static void the_return_period_is_policy(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_absence(s, "a", "maternity", "2026-05-10", "2026-08-31");
    s->facts.policies.return_period = (struct period){.days = 15};
    story_on(s, "2026-09-01");
    const struct duty *back = story_open(s, "R2.RETURN");
    assert_date(back->due, "2026-09-16");
    assert_date(back->anchor, "2026-09-01");
    assert_string_equal(back->anchor_id, "a");
    assert_string_equal(back->article, "L1225-27");
    assert_string_equal(back->absence_type->name, "maternity");
}

static void each_absence_of_a_chain_is_judged_by_its_own_length(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2015-01-12");
    /* Six months to the day ask for nothing, even when two of them follow each other. */
    story_absence(s, "a", "illness", "2026-01-01", "2026-06-30");
    story_absence(s, "b", "illness", "2026-07-01", "2026-10-31");
    story_on(s, "2026-11-22");
    assert_null(story_open(s, "R2.RETURN"));
    s->absences[0].start = day("2025-12-31");
    story_on(s, "2026-11-22");
    assert_string_equal(story_open(s, "R2.RETURN")->anchor_id, "a");
    assert_date(story_open(s, "R2.RETURN")->due, "2026-12-01");
}

static void a_birth_leave_asks_from_its_first_day_of_law(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2015-01-12");
    story_absence(s, "a", "birth", "2025-11-01", "2025-12-29");
    story_on(s, "2026-11-22");
    assert_null(story_open(s, "R2.RETURN"));
    s->absences[0].end = day("2025-12-30");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R2.RETURN")->due, "2026-01-31");
}

static void a_day_at_work_breaks_a_chain(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2015-01-12");
    story_absence(s, "b", "parental", "2026-05-24", "2026-09-30");
    story_absence(s, "a", "maternity", "2026-01-05", "2026-05-22");
    assert_int_equal(story_on(s, "2026-11-22")->exclusion, DUTY_SUBJECT);
    size_t returns = 0;
    for (size_t i = 0; i < s->duties.open_count; i++)
        returns += s->duties.open[i].family == DUTY_RETURN;
    assert_int_equal(returns, 2);
    s->absences[0].start = day("2026-05-23");
    story_on(s, "2026-11-22");
    assert_string_equal(story_open(s, "R2.RETURN")->anchor_id, "b");
}

static void the_ministry_counts_other_days(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2021-01-11");
    story_absence(s, "p", "parental_presence", "2024-01-01", "2024-01-31");
    story_on(s, "2026-11-22");
    const struct duty *recap = story_open(s, "R2.RECAP");
    assert_date(recap->shifted, "2029-01-11");
    assert_int_equal(recap->reading_count, 1);
    assert_int_equal(recap->readings[0].name, READING_MINISTRY);
    assert_date(recap->readings[0].date, "2029-02-11");
    assert_int_equal(recap->absence_count, 1);
    assert_int_equal(recap->absences[0].days, 31);
    assert_int_equal(recap->absences[0].excluded, 0);
}

static void excluded_days_are_told_one_by_one(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-06-03");
    story_absence(s, "sab", "sabbatical", "2024-01-01", "2024-06-30");
    story_absence(s, "par", "parental", "2024-04-01", "2024-09-30");
    story_absence(s, "ill", "illness", "2024-05-01", "2024-05-31");
    story_on(s, "2026-11-22");
    const struct duty *recap = story_open(s, "R2.RECAP");
    assert_int_equal(recap->excluded_days, 182);
    assert_int_equal(recap->absence_count, 3);
    assert_string_equal(recap->absences[0].absence->id, "par");
    assert_int_equal(recap->absences[0].days, 183);
    assert_int_equal(recap->absences[0].excluded, 91);
    assert_int_equal(recap->absences[1].days, 91);
    assert_int_equal(recap->absences[2].days, 0);
    assert_int_equal(recap->readings[0].name, READING_SHIFTED);
    assert_date(recap->readings[0].date, "2028-12-02");
}

static void the_seniority_grid_is_the_date_nearest_to_the_due_one(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2014-09-01");
    story_recap(s, "r", "2020-11-15");
    story_on(s, "2026-11-22");
    const struct duty *recap = story_open(s, "R2.RECAP");
    assert_date(recap->due, "2028-11-15");
    assert_int_equal(recap->readings[0].name, READING_SENIORITY_GRID);
    assert_date(recap->readings[0].date, "2030-09-01");
}

static void a_first_recap_opens_seven_years_after_the_first_review(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2025-10-26");
    s->facts.employee.seniority_date = day("2020-01-15");
    story_review(s, "r", "2026-06-15");
    story_on(s, "2026-11-22");
    const struct duty *recap = story_open(s, "R2.RECAP");
    assert_date(recap->anchor, "2020-01-15");
    assert_date(recap->due, "2028-01-15");
    assert_date(recap->opens, "2028-01-15");
    s->facts.employee.seniority_date = DATE_NONE;
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R2.RECAP")->due, "2033-10-26");
    assert_date(story_open(s, "R2.RECAP")->opens, "2033-06-15");
    s->facts.employee.hire_date = day("2025-10-25");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R2.RECAP")->opens, "2033-10-25");
}

static void conflicts_name_each_other(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    story_review(s, "r", "2024-03-08");
    story_on(s, "2026-11-22");
    const struct duty *periodic = story_open(s, "T.PERIODIC");
    const struct duty *recap = story_open(s, "R2.RECAP");
    assert_ptr_equal(&s->duties.open[periodic->conflict], recap);
    assert_ptr_equal(&s->duties.open[recap->conflict], periodic);
    /* On the opening day itself, and a year before it, one meeting serves both or none. */
    s->reviews[0].held = day("2024-03-15");
    story_on(s, "2026-11-22");
    assert_int_equal(story_open(s, "T.PERIODIC")->conflict, -1);
    s->facts.employee.seniority_date = day("2021-03-15");
    story_on(s, "2026-11-22");
    assert_int_equal(story_open(s, "T.PERIODIC")->conflict, -1);
    assert_int_equal(story_open(s, "R2.RECAP")->conflict, -1);
}

static void a_forecast_shows_what_will_exist(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2015-06-01");
    s->facts.employee.birth_date = day("1982-06-01");
    story_absence(s, "a", "maternity", "2026-09-01", "2026-12-31");
    story_on(s, "2026-11-22");
    assert_null(story_open(s, "R2.MIDCAREER.VISIT"));
    assert_null(story_open(s, "R2.RETURN"));
    s->facts.forecast = day("2027-01-01");
    story_on(s, "2026-11-22");
    assert_true(story_open(s, "R2.MIDCAREER.VISIT")->expected);
    assert_date(story_open(s, "R2.MIDCAREER.VISIT")->due, "2027-12-31");
    assert_true(story_open(s, "R2.RETURN")->expected);
    assert_date(story_open(s, "R2.RETURN")->due, "2027-02-01");
    story_on(s, "2027-01-01");
    assert_false(story_open(s, "R2.RETURN")->expected);
    assert_false(story_open(s, "R2.MIDCAREER.VISIT")->expected);
    s->facts.employee.birth_date = day("1968-12-24");
    s->facts.forecast = day("2026-12-24");
    story_on(s, "2026-11-22");
    assert_true(story_open(s, "R2.SENIOR60")->expected);
    assert_date(story_open(s, "R2.SENIOR60")->opens, "2026-12-24");
}

static void birthdays_of_a_leap_day_are_the_28th(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2000-01-03");
    s->facts.employee.birth_date = day("1968-02-29");
    story_on(s, "2026-02-28");
    assert_date(story_open(s, "R2.SENIOR60")->opens, "2026-02-28");
    assert_date(story_open(s, "R2.SENIOR60")->due, "2028-02-28");
    assert_int_equal(story_on(s, "2026-02-27")->exclusion, DUTY_SUBJECT);
    assert_null(story_open(s, "R2.SENIOR60"));
}

static void the_watch_begins_with_its_year(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2010-03-01");
    s->facts.employee.birth_date = day("1976-12-31");
    story_on(s, "2026-11-22");
    assert_null(story_open(s, "R2.MIDCAREER.VISIT")); /* 45 in 2021: the law is of 2022 */
    s->facts.employee.birth_date = day("1977-01-01");
    story_on(s, "2026-11-22");
    assert_date(story_open(s, "R2.MIDCAREER.VISIT")->due, "2022-12-31");
    assert_state(story_open(s, "R2.MIDCAREER.VISIT"), "overdue");
    s->facts.employee.birth_date = day("1982-06-01");
    story_on(s, "2026-12-31");
    assert_null(story_open(s, "R2.MIDCAREER.VISIT"));
    assert_date(s->duties.next_check, "2027-01-01");
}

static void the_planning_window_follows_what_opens(void **state)
{
    struct story *s = *state;
    date_t from = 0;
    date_t to = 0;
    s->facts.employee.hire_date = day("2020-03-15");
    story_review(s, "r", "2024-03-08");
    story_on(s, "2027-12-01");
    duty_window(story_open(s, "T.PERIODIC"), &s->facts.policies, s->facts.as_of, &from, &to);
    assert_date(from, "2027-12-31");
    assert_date(to, "2028-03-08");
    duty_window(story_open(s, "R2.RECAP"), &s->facts.policies, s->facts.as_of, &from, &to);
    assert_date(from, "2028-03-15");
    assert_date(to, "2029-03-14");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(nobody_owes_anything_before_the_law),
        STORY(the_reform_is_unknown_the_day_before),
        STORY(a_name_outlives_the_regime),
        STORY(no_duty_before_the_hire_nor_after_the_exit),
        STORY(a_missing_date_is_listed),
        STORY(the_first_review_of_the_transition_has_three_readings),
        STORY(two_years_to_the_day_decide_the_first_regime),
        STORY(the_contract_end_caps_only_what_comes_later),
        STORY(the_covid_window_has_two_edges),
        STORY(an_agreement_is_long_by_its_dates),
        STORY(a_long_agreement_runs_until_the_lapse),
        STORY(a_branch_agreement_takes_over_when_the_company_one_ends),
        STORY(the_hire_anniversary_keeps_dates_from_drifting),
        STORY(the_return_period_is_policy),
        STORY(each_absence_of_a_chain_is_judged_by_its_own_length),
        STORY(a_birth_leave_asks_from_its_first_day_of_law),
        STORY(a_day_at_work_breaks_a_chain),
        STORY(the_ministry_counts_other_days),
        STORY(excluded_days_are_told_one_by_one),
        STORY(the_seniority_grid_is_the_date_nearest_to_the_due_one),
        STORY(a_first_recap_opens_seven_years_after_the_first_review),
        STORY(conflicts_name_each_other),
        STORY(a_forecast_shows_what_will_exist),
        STORY(birthdays_of_a_leap_day_are_the_28th),
        STORY(the_watch_begins_with_its_year),
        STORY(the_planning_window_follows_what_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
