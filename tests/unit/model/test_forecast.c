/* The coming meetings of one employee, told as stories. */
#include "model/forecast.h"
#include "story.h"

static struct forecast forecast_of(struct story *s, const char *today, const char *from, const char *to)
{
    struct forecast forecast;
    s->facts.as_of = day(today);
    forecast_compute(s->arena, &s->facts, day(from), day(to), &forecast);
    return forecast;
}

#define KIND(family) (1U << (family))

static void assert_meeting(const struct forecast_meeting *meeting, const char *on, unsigned kinds)
{
    assert_date(meeting->on, on);
    assert_int_equal(meeting->kinds, kinds);
}

static void ten_years_of_somebody_hired_under_the_reform(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2026-01-10");
    s->facts.employee.birth_date = day("1990-05-05");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2036-11-23");
    assert_int_equal(forecast.count, 5);
    assert_meeting(&forecast.items[0], "2027-01-09", KIND(DUTY_FIRST));
    assert_meeting(&forecast.items[1], "2031-01-09", KIND(DUTY_PERIODIC));
    /* The recap opens a year before the periodic review of 2035 is due: one meeting is both. */
    assert_meeting(&forecast.items[2], "2034-01-10", KIND(DUTY_RECAP) | KIND(DUTY_PERIODIC));
    assert_true(forecast.items[2].joint && !forecast.items[2].conflict);
    assert_true(forecast.items[3].visit);
    assert_meeting(&forecast.items[3], "2035-12-31", KIND(DUTY_MIDCAREER_VISIT));
    assert_meeting(&forecast.items[4], "2036-02-29", KIND(DUTY_MIDCAREER));
}

static void a_recap_that_opens_just_after_the_periodic_review_takes_a_second_meeting(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.employee.birth_date = day("1990-05-05");
    story_review(s, "r1", "2022-03-10");
    story_review(s, "r2", "2024-03-08");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2029-12-31");
    assert_int_equal(forecast.count, 2);
    assert_meeting(&forecast.items[0], "2028-03-08", KIND(DUTY_PERIODIC));
    assert_meeting(&forecast.items[1], "2028-03-15", KIND(DUTY_RECAP));
    assert_true(forecast.items[0].conflict && forecast.items[1].conflict);
    assert_false(forecast.items[0].joint || forecast.items[1].joint);
}

static void the_return_from_a_leave_is_foreseen_from_its_end(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.employee.birth_date = day("1990-05-05");
    story_review(s, "r1", "2025-03-10");
    story_absence(s, "a1", "parental", "2027-01-04", "2027-08-31");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2027-12-31");
    assert_int_equal(forecast.count, 1);
    assert_meeting(&forecast.items[0], "2027-10-01", KIND(DUTY_RETURN));
    /* While the end is not known nothing is. */
    s->absences[0].end = DATE_NONE;
    assert_int_equal(forecast_of(s, "2026-11-23", "2026-11-01", "2027-12-31").count, 0);
}

static void nobody_is_met_while_away(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2026-03-12");
    s->facts.employee.birth_date = day("1990-05-05");
    story_absence(s, "a1", "maternity", "2027-02-01", "2027-06-30");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2027-12-31");
    assert_int_equal(forecast.count, 1);
    assert_date(forecast.items[0].due, "2027-03-11");
    assert_meeting(&forecast.items[0], "2027-07-01", KIND(DUTY_FIRST) | KIND(DUTY_RETURN));
}

static void what_is_overdue_is_for_today_and_what_is_set_for_its_day(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    s->facts.employee.birth_date = day("1990-05-05");
    struct case_review *review = story_review(s, "r1", "2022-03-10");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2027-12-31");
    assert_int_equal(forecast.count, 1);
    assert_date(forecast.items[0].on, "2026-11-23");
    assert_true(forecast.items[0].overdue && !forecast.items[0].planned);
    review = story_review(s, "r2", NULL);
    review->planned = day("2026-12-10");
    forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2027-12-31");
    assert_int_equal(forecast.count, 1);
    assert_date(forecast.items[0].on, "2026-12-10");
    assert_true(forecast.items[0].planned);
}

static void the_review_before_sixty_is_shown_years_before(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2010-03-15");
    s->facts.employee.birth_date = day("1970-09-20");
    story_recap(s, "r1", "2026-03-10");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2036-11-23");
    /* The periodic review of 2030 falls into the two years before the sixtieth birthday. */
    assert_int_equal(forecast.count, 2);
    assert_meeting(&forecast.items[0], "2030-03-10", KIND(DUTY_PERIODIC) | KIND(DUTY_SENIOR));
    assert_meeting(&forecast.items[1], "2034-03-10", KIND(DUTY_PERIODIC) | KIND(DUTY_RECAP));
    assert_true(forecast.items[1].joint);
}

static void who_leaves_is_met_no_more(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2026-01-10");
    s->facts.employee.birth_date = day("1990-05-05");
    s->facts.employee.exit_date = day("2029-05-31");
    struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2036-11-23");
    assert_int_equal(forecast.count, 1);
    s->facts.employee.exit_date = day("2026-06-30");
    forecast = forecast_of(s, "2026-11-23", "2026-11-01", "2036-11-23");
    assert_int_equal(forecast.count, 0);
    assert_int_equal(forecast.exclusion, DUTY_LEFT);
}

/* A day's forecast is what comes of it: each meeting held as foreseen, nothing is ever late. */
static void who_follows_the_forecast_is_never_late(void **state)
{
    struct story *s = *state;
    static const char *const births[] = {"1968-02-10", "1971-07-01", "1981-01-31", "1999-12-31"};
    static const char *const hires[] = {"2012-02-29", "2019-10-26", "2025-12-31", "2026-09-01"};
    for (size_t i = 0; i < 16; i++) {
        s->facts.review_count = s->facts.event_count = 0;
        s->facts.employee.birth_date = day(births[i / 4]);
        s->facts.employee.hire_date = day(hires[i % 4]);
        if (i % 4 < 2)
            story_recap(s, "past", "2025-11-03");
        struct forecast forecast = forecast_of(s, "2026-11-23", "2026-11-23", "2036-11-23");
        assert_true(forecast.count > 1);
        for (size_t m = 0; m < forecast.count && s->facts.review_count < STORY_FACTS; m++) {
            const struct forecast_meeting *meeting = &forecast.items[m];
            char on[DATE_TEXT_MAX];
            date_text(meeting->on, on);
            if (meeting->visit)
                s->events[s->facts.event_count++] = (struct case_event){.date = meeting->on};
            else
                story_review(s, "held", on)->recap = (meeting->kinds & KIND(DUTY_RECAP)) != 0;
            story_on(s, on);
            for (size_t d = 0; d < s->duties.open_count; d++)
                assert_true(s->duties.open[d].state != DUTY_OVERDUE && s->duties.open[d].state != DUTY_MISSED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(ten_years_of_somebody_hired_under_the_reform),
        STORY(a_recap_that_opens_just_after_the_periodic_review_takes_a_second_meeting),
        STORY(the_return_from_a_leave_is_foreseen_from_its_end),
        STORY(nobody_is_met_while_away),
        STORY(what_is_overdue_is_for_today_and_what_is_set_for_its_day),
        STORY(the_review_before_sixty_is_shown_years_before),
        STORY(who_leaves_is_met_no_more),
        STORY(who_follows_the_forecast_is_never_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
