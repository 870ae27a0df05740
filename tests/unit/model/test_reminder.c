/* Reminders: the default ladder over a year, latecomers, days missed, and policies that make no sense. */
#include "model/reminder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TODAY ((date_t)20780)

struct ladder {
    struct arena *arena;
    struct reminder_case facts;
    struct reminder_sent sent[64];
    char log[2000]; /* "offset:name " for each rung sent, "~" before those of a digest */
    date_t zero;
};

static struct ladder ladder(date_t today)
{
    struct ladder l = {.arena = arena_new(0), .facts = reminder_case_init(today), .zero = today};
    l.facts.duty_known = today;
    return l;
}

static void duty_due(struct ladder *l, date_t due)
{
    l->facts.due = l->facts.plan_by = due;
}

static void review_set(struct ladder *l, date_t on)
{
    l->facts.state = REVIEW_INVITED;
    l->facts.review_on = on;
    l->facts.review_known = l->facts.today;
}

static void note(struct ladder *l, const struct reminder *reminder, const char *mark)
{
    size_t used = strlen(l->log);
    snprintf(
        l->log + used, sizeof l->log - used, "%s%d:%s ", mark, l->facts.today - l->zero, reminder->rung->name);
    assert_true(l->facts.sent_count < 64);
    l->sent[l->facts.sent_count++] = (struct reminder_sent){reminder->rung->name, reminder->on};
    l->facts.sent = l->sent;
}

static struct reminder_plan look(struct ladder *l)
{
    struct reminder_plan plan;
    l->facts.sent = l->sent;
    reminders_compute(l->arena, &reminder_default_policy, &l->facts, &plan);
    return plan;
}

static date_t send_all(struct ladder *l)
{
    struct reminder_plan plan = look(l);
    for (size_t i = 0; i < plan.due_count; i++)
        note(l, &plan.due[i], "");
    for (size_t i = 0; i < plan.past_count; i++)
        note(l, &plan.past[i], "~");
    return plan.next;
}

/* Wakes only on the days it was told to, until the ladder is quiet or `end` is reached. */
static void sleep_until(struct ladder *l, date_t end)
{
    for (;;) {
        date_t next = send_all(l);
        if (next == DATE_NONE || next > end)
            break;
        assert_true(next > l->facts.today);
        l->facts.today = next;
    }
    l->facts.today = end;
}

static void expect(struct ladder *l, const char *log)
{
    assert_string_equal(l->log, log);
    arena_free(l->arena);
}

static void test_a_duty_nobody_plans(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 200);
    sleep_until(&l, TODAY + 1000);
    expect(&l, "110:plan 201:overdue_1 207:overdue_7 230:overdue_30 ");
}

static void test_a_review_from_plan_to_report(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 200);
    sleep_until(&l, TODAY + 120);
    review_set(&l, TODAY + 170);
    sleep_until(&l, TODAY + 175);
    /* Nothing was recorded: the report is asked for, held or not. */
    sleep_until(&l, TODAY + 180);
    l.facts.state = REVIEW_HELD;
    l.facts.held_on = TODAY + 170;
    l.facts.held_known = TODAY + 180;
    sleep_until(&l, TODAY + 182);
    l.facts.state = REVIEW_REPORTED;
    sleep_until(&l, TODAY + 190);
    l.facts.state = REVIEW_CLOSED;
    sleep_until(&l, TODAY + 900);
    expect(&l, "110:plan 140:prepare 163:nearing 169:tomorrow 177:report_missing 185:copy_missing ");
}

/* Monday's review is announced on Friday, the one after Easter on Thursday or Friday. */
static void test_what_comes_before_a_review_is_read_on_days_worked(void **state)
{
    (void)state;
    static const struct {
        int holidays, year, month, day;
        const char *log;
    } rows[] = {
        {HOLIDAYS_METROPOLE, 2027, 1, 4, "3:prepare 27:nearing 30:tomorrow 41:report_missing "},
        {HOLIDAYS_METROPOLE, 2027, 3, 30, "87:prepare 112:nearing 115:tomorrow 126:report_missing "},
        {HOLIDAYS_ALSACE_MOSELLE, 2027, 3, 30, "87:prepare 112:nearing 114:tomorrow 126:report_missing "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ladder l = ladder(date_of(2026, 12, 1));
        l.facts.week = WORKWEEK_DEFAULT;
        l.facts.week.holidays = rows[i].holidays;
        review_set(&l, date_of(rows[i].year, rows[i].month, rows[i].day));
        sleep_until(&l, date_of(2027, 6, 1));
        expect(&l, rows[i].log);
    }
    /* Set on the Saturday: the invitation has just said the same. */
    struct ladder l = ladder(date_of(2027, 1, 9));
    l.facts.week = WORKWEEK_DEFAULT;
    review_set(&l, date_of(2027, 1, 11));
    sleep_until(&l, date_of(2027, 1, 11));
    expect(&l, "~0:prepare ~0:nearing ~0:tomorrow ");
}

static void test_an_imported_past_is_one_digest(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY - 300);
    struct reminder_plan plan = look(&l);
    assert_int_equal(plan.due_count, 0);
    assert_int_equal(plan.past_count, 4);
    assert_string_equal(plan.past[0].rung->name, "plan");
    assert_int_equal(plan.past[0].on, TODAY - 390);
    assert_string_equal(plan.past[3].rung->name, "overdue_30");
    assert_int_equal(plan.next, DATE_NONE);
    sleep_until(&l, TODAY + 100);
    expect(&l, "~0:plan ~0:overdue_1 ~0:overdue_7 ~0:overdue_30 ");
}

static void test_a_review_set_late(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 300);
    review_set(&l, TODAY + 5);
    sleep_until(&l, TODAY + 10);
    expect(&l, "~0:prepare ~0:nearing 4:tomorrow ");
}

static void test_a_rung_of_the_day_itself_is_no_digest(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 90);
    sleep_until(&l, TODAY);
    expect(&l, "0:plan ");
}

static void test_another_slot_starts_its_own_rungs(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 300);
    review_set(&l, TODAY + 40);
    sleep_until(&l, TODAY + 20);
    review_set(&l, TODAY + 60);
    sleep_until(&l, TODAY + 61);
    expect(&l, "10:prepare 30:prepare 53:nearing 59:tomorrow ");
}

static void test_a_week_asleep_loses_nothing(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 300);
    review_set(&l, TODAY + 40);
    l.facts.today = TODAY + 35;
    struct reminder_plan plan = look(&l);
    assert_int_equal(plan.due_count, 2);
    assert_string_equal(plan.due[0].rung->name, "prepare");
    assert_string_equal(plan.due[1].rung->name, "nearing");
    assert_int_equal(plan.past_count, 0);
    assert_int_equal(plan.next, TODAY + 39);
    /* Once the day has come, what should have prepared it has no sense any more. */
    l.facts.today = TODAY + 41;
    plan = look(&l);
    assert_int_equal(plan.due_count, 0);
    assert_int_equal(plan.next, TODAY + 47);
    arena_free(l.arena);
}

static void test_cancelled_and_absent_ask_for_a_plan_again(void **state)
{
    (void)state;
    static const int states[] = {REVIEW_CANCELLED, REVIEW_NO_SHOW, REVIEW_DECLINED};
    for (size_t i = 0; i < 2; i++) {
        struct ladder l = ladder(TODAY);
        duty_due(&l, TODAY + 60);
        l.facts.duty_known = TODAY - 100;
        review_set(&l, TODAY + 30);
        l.facts.state = states[i];
        sleep_until(&l, TODAY + 20);
        expect(&l, "0:plan ");
    }
}

static void test_an_overdue_duty_escalates_though_planned(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY + 10);
    review_set(&l, TODAY + 12);
    sleep_until(&l, TODAY + 11);
    l.facts.state = REVIEW_HELD;
    l.facts.held_on = l.facts.held_known = TODAY + 12;
    l.facts.today = TODAY + 12;
    sleep_until(&l, TODAY + 18);
    expect(&l, "~0:prepare 5:nearing 11:tomorrow 11:overdue_1 ");
}

static void test_settled_duties_are_quiet(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY - 300);
    review_set(&l, TODAY + 3);
    l.facts.settled = true;
    sleep_until(&l, TODAY + 100);
    expect(&l, "");
    static const int states[] = {REVIEW_CLOSED, REVIEW_REFUSED};
    for (size_t i = 0; i < 2; i++) {
        l = ladder(TODAY);
        duty_due(&l, TODAY - 300);
        l.facts.state = states[i];
        l.facts.held_on = TODAY - 320;
        sleep_until(&l, TODAY + 100);
        expect(&l, "");
    }
}

static void test_a_review_without_a_duty(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    review_set(&l, TODAY + 50);
    sleep_until(&l, TODAY + 100);
    expect(&l, "20:prepare 43:nearing 49:tomorrow 57:report_missing ");
    l = ladder(TODAY);
    sleep_until(&l, TODAY + 100);
    expect(&l, "");
}

static void test_a_history_recorded_late_is_a_digest(void **state)
{
    (void)state;
    struct ladder l = ladder(TODAY);
    l.facts.state = REVIEW_HELD;
    l.facts.held_on = TODAY - 10;
    l.facts.held_known = TODAY;
    sleep_until(&l, TODAY + 100);
    expect(&l, "~0:report_missing 5:copy_missing ");
}

static void test_a_rung_that_waits_for_the_day_to_pass(void **state)
{
    (void)state;
    static const struct reminder_rung rungs[] = {
        {"nothing_recorded", REMINDER_DUE, 1, REMINDER_PASSED, REMINDER_HR},
        {"never", REMINDER_DUE, -10, REMINDER_UNREPORTED, REMINDER_HR},
    };
    static const struct reminder_policy policy = {rungs, 2};
    assert_int_equal(reminder_policy_check(&policy, NULL), ST_OK);
    struct ladder l = ladder(TODAY);
    duty_due(&l, TODAY - 5);
    review_set(&l, TODAY + 8);
    struct reminder_plan plan;
    reminders_compute(l.arena, &policy, &l.facts, &plan);
    assert_int_equal(plan.due_count + plan.past_count, 0);
    assert_int_equal(plan.next, TODAY + 9);
    l.facts.today = TODAY + 9;
    reminders_compute(l.arena, &policy, &l.facts, &plan);
    assert_int_equal(plan.past_count, 1);
    arena_free(l.arena);
}

static void test_policies_are_checked(void **state)
{
    (void)state;
    assert_int_equal(reminder_policy_check(&reminder_default_policy, NULL), ST_OK);
    static const struct {
        struct reminder_rung rung;
        const char *pointer;
    } wrong[] = {
        {{NULL, REMINDER_DUE, 1, REMINDER_PLANNED, REMINDER_HR}, "/1/name"},
        {{"", REMINDER_DUE, 1, REMINDER_PLANNED, REMINDER_HR}, "/1/name"},
        {{"plan", REMINDER_DUE, 1, REMINDER_PLANNED, REMINDER_HR}, "/1/name"},
        {{"x", 9, 1, REMINDER_PLANNED, REMINDER_HR}, "/1/anchor"},
        {{"x", -1, 1, REMINDER_PLANNED, REMINDER_HR}, "/1/anchor"},
        {{"x", REMINDER_DUE, 731, REMINDER_PLANNED, REMINDER_HR}, "/1/days"},
        {{"x", REMINDER_DUE, INT32_MIN, REMINDER_PLANNED, REMINDER_HR}, "/1/days"},
        {{"x", REMINDER_DUE, 1, 0, REMINDER_HR}, "/1/phases"},
        {{"x", REMINDER_DUE, 1, 1 << 9, REMINDER_HR}, "/1/phases"},
        {{"x", REMINDER_DUE, 1, REMINDER_PLANNED, 0}, "/1/audiences"},
        {{"x", REMINDER_DUE, 1, REMINDER_PLANNED, 1 << 9}, "/1/audiences"},
        {{"x", REMINDER_REVIEW, 1, REMINDER_PLANNED, REMINDER_HR}, "/1/days"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct reminder_rung rungs[2] = {reminder_default_policy.rungs[0], wrong[i].rung};
        struct error err = ERROR_INIT;
        assert_int_equal(reminder_policy_check(&(struct reminder_policy){rungs, 2}, &err), ST_INVALID);
        assert_int_equal(err.count, 1);
        assert_string_equal(err.fields[0].pointer, wrong[i].pointer);
    }
    struct reminder_rung many[REMINDER_RUNGS_MAX + 1];
    memset(many, 0, sizeof many);
    assert_int_equal(
        reminder_policy_check(&(struct reminder_policy){many, REMINDER_RUNGS_MAX + 1}, NULL), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_duty_nobody_plans),
        cmocka_unit_test(test_a_review_from_plan_to_report),
        cmocka_unit_test(test_what_comes_before_a_review_is_read_on_days_worked),
        cmocka_unit_test(test_an_imported_past_is_one_digest),
        cmocka_unit_test(test_a_review_set_late),
        cmocka_unit_test(test_a_rung_of_the_day_itself_is_no_digest),
        cmocka_unit_test(test_another_slot_starts_its_own_rungs),
        cmocka_unit_test(test_a_week_asleep_loses_nothing),
        cmocka_unit_test(test_cancelled_and_absent_ask_for_a_plan_again),
        cmocka_unit_test(test_an_overdue_duty_escalates_though_planned),
        cmocka_unit_test(test_settled_duties_are_quiet),
        cmocka_unit_test(test_a_review_without_a_duty),
        cmocka_unit_test(test_a_history_recorded_late_is_a_digest),
        cmocka_unit_test(test_a_rung_that_waits_for_the_day_to_pass),
        cmocka_unit_test(test_policies_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
