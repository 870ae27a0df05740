/* Stored duties: stable ids, what is written and audited, the watcher, and the answer as known on a day. */
#include "people.h"

#include "base/text.h"
#include "store/duty.h"

#include <stdio.h>

static const char *hire(struct people *p, const char *number, const char *day)
{
    const char *id = people_hire(
        p, arena_printf(p->f.arena,
               "{\"number\":\"%s\",\"given_name\":\"A\",\"family_name\":\"B\",\"hire_date\":\"%s\"}", number,
               day));
    assert_non_null(id);
    return id;
}

struct ids {
    const char *employee;
    struct people *p;
    const char *text;
};

static enum status look_ids(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct ids *ids = context;
    struct duty_list list;
    enum status status = duty_of_employee(snapshot, ids->employee, &list, err);
    ids->text = "";
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        ids->text = arena_printf(ids->p->f.arena, "%s %s", ids->text, list.items[i].id);
    return status;
}

static const char *ids_of(struct people *p, const char *employee)
{
    struct ids ids = {.employee = employee, .p = p};
    fixture_see(&p->f, look_ids, &ids);
    return ids.text;
}

static void test_holding_closes_one_and_opens_the_next(void **state)
{
    struct people *p = *state;
    const char *id = hire(p, "M1", "2026-02-02");
    assert_string_equal(
        people_duties(p, id, true), "first R2.FIRST 2027-02-01 to_plan; recap R2.RECAP 2034-02-02 upcoming");
    const char *before = ids_of(p, id);
    people_held(p, id, "2026-11-20", false);
    assert_string_equal(people_duties(p, id, true),
        "periodic R2.PERIODIC 2030-11-20 upcoming; recap R2.RECAP 2034-02-02 upcoming; "
        "first R2.FIRST 2027-02-01 = held");
    const char *after = ids_of(p, id);
    char first[ID_MAX + 1];
    (void)text_copy(first, sizeof first, before + 1);
    *strchr(first, ' ') = '\0';
    assert_non_null(strstr(after, first));
    assert_string_equal(people_audit(p, p->org, id),
        "employee.created duty.opened duty.opened duty.closed duty.opened duty.changed");
    assert_non_null(strstr(people_payload(p, id, "duty.closed"), "\"state\":[\"to_plan\",\"held\"]"));
    assert_non_null(strstr(people_payload(p, id, "duty.closed"), "\"cause\":\"fact_"));
}

struct ticking {
    unsigned limit, done;
};

static enum status tick(struct txn *txn, void *context, struct error *err)
{
    struct ticking *ticking = context;
    return duties_tick(txn, ticking->limit, &ticking->done, err);
}

static unsigned tick_now(struct people *p, unsigned limit)
{
    struct ticking ticking = {.limit = limit};
    struct error err = ERROR_INIT;
    assert_int_equal(store_write_now(p->f.store, p->org, "system", tick, &ticking, &err), ST_OK);
    return ticking.done;
}

static void test_time_alone_moves_duties(void **state)
{
    struct people *p = *state;
    const char *id = hire(p, "M1", "2026-06-01");
    assert_non_null(strstr(people_duties(p, id, false), "first R2.FIRST 2027-05-31 upcoming"));
    assert_int_equal(tick_now(p, 10), 0);
    date_t next = people_employee(p, id).next_check;
    people_move(p, next - 1);
    assert_int_equal(tick_now(p, 10), 0);
    people_move(p, date_of(2027, 3, 2));
    assert_int_equal(tick_now(p, 10), 1);
    assert_non_null(strstr(people_duties(p, id, false), "first R2.FIRST 2027-05-31 to_plan"));
    people_move(p, date_of(2027, 6, 1));
    assert_int_equal(tick_now(p, 10), 1);
    assert_non_null(strstr(people_duties(p, id, false), "first R2.FIRST 2027-05-31 overdue"));
    const char *payload = people_payload(p, id, "duty.changed");
    assert_non_null(strstr(payload, "\"state\":[\"to_plan\",\"overdue\"]"));
    assert_null(strstr(payload, "cause"));
    assert_int_equal(tick_now(p, 10), 0);
}

static void test_the_organisation_moves_everybody_in_slices(void **state)
{
    struct people *p = *state;
    const char *ids[5];
    const char *const numbers[] = {"A", "B", "C", "D", "E"};
    for (int i = 0; i < 5; i++) {
        ids[i] = hire(p, numbers[i], "2020-01-06");
        people_held(p, ids[i], "2026-01-12", false);
    }
    assert_non_null(strstr(people_duties(p, ids[4], false), "periodic R2.PERIODIC 2030-01-12"));
    assert_int_equal(
        people_organisation_change(
            p, "{\"agreements\":[{\"level\":\"company\",\"period\":\"P3Y\",\"reference\":\"Accord\"}]}"),
        ST_OK);
    assert_int_equal(tick_now(p, 2), 2);
    assert_int_equal(tick_now(p, 2), 2);
    assert_int_equal(tick_now(p, 2), 1);
    assert_int_equal(tick_now(p, 2), 0);
    for (int i = 0; i < 5; i++)
        assert_non_null(strstr(people_duties(p, ids[i], false), "periodic AGR.PERIODIC 2029-01-12"));
}

/* ---- as known on a day */

struct question {
    const char *organisation, *employee;
    date_t as_of, known_on;
    bool known;
    char text[200];
};

static enum status ask(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct question *question = context;
    struct duties_frame frame;
    struct duties_view view;
    enum status status = duties_frame_load(snapshot, question->organisation, INSTANT_NONE, &frame, err);
    if (status != ST_OK)
        return status;
    instant_t known_at = duties_day_end(&frame, question->known_on);
    status = duties_frame_load(snapshot, question->organisation, known_at, &frame, err);
    if (status == ST_OK)
        status = duties_view(snapshot, &frame, question->employee, question->as_of, known_at, &view, err);
    question->text[0] = '\0';
    question->known = view.known;
    for (size_t i = 0; status == ST_OK && i < view.duties.open_count; i++) {
        const struct duty *duty = &view.duties.open[i];
        struct date_text due = date_show(duty->due);
        if (duty->family == DUTY_RECAP)
            continue;
        (void)snprintf(question->text, sizeof question->text, "%s %s %s", duty->rule->id, due.text,
            duty_state_name((enum duty_state)duty->state));
    }
    return status;
}

static const char *as_known(
    struct people *p, struct question *question, const char *employee, date_t as_of, date_t known_on)
{
    *question =
        (struct question){.organisation = p->org, .employee = employee, .as_of = as_of, .known_on = known_on};
    fixture_see(&p->f, ask, question);
    return question->text;
}

static void test_the_answer_as_it_was_given(void **state)
{
    struct people *p = *state;
    struct question q;
    people_move(p, date_of(2026, 1, 5));
    const char *id = hire(p, "M1", "2025-11-03");
    people_move(p, date_of(2026, 11, 10));
    assert_string_equal(
        as_known(p, &q, id, date_of(2026, 11, 10), date_of(2026, 11, 10)), "R2.FIRST 2026-11-02 overdue");
    /* Ten days later the review of September is found in a drawer. */
    people_move(p, date_of(2026, 11, 20));
    people_held(p, id, "2026-09-15", false);
    assert_string_equal(
        as_known(p, &q, id, date_of(2026, 11, 20), date_of(2026, 11, 20)), "R2.PERIODIC 2030-09-15 upcoming");
    assert_string_equal(
        as_known(p, &q, id, date_of(2026, 11, 10), date_of(2026, 11, 10)), "R2.FIRST 2026-11-02 overdue");
    assert_string_equal(
        as_known(p, &q, id, date_of(2026, 11, 10), date_of(2026, 11, 20)), "R2.PERIODIC 2030-09-15 upcoming");
    assert_string_equal(
        as_known(p, &q, id, date_of(2026, 9, 1), date_of(2026, 11, 20)), "R2.FIRST 2026-11-02 to_plan");
    assert_string_equal(as_known(p, &q, id, date_of(2025, 12, 1), date_of(2025, 12, 1)), "");
    assert_false(q.known);
    /* A projection: nothing happens until 2031. */
    assert_string_equal(
        as_known(p, &q, id, date_of(2031, 1, 1), date_of(2026, 11, 20)), "R2.PERIODIC 2030-09-15 overdue");
}

struct listing {
    const char *organisation;
    struct duty_filter filter;
    size_t count;
    unsigned pages;
};

static enum status list_all(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct listing *listing = context;
    struct page page = {.limit = 2};
    struct duty_list list;
    date_t last = DATE_NONE;
    listing->count = listing->pages = 0;
    do {
        enum status status = duty_list(snapshot, listing->organisation, &listing->filter, &page, &list, err);
        if (status != ST_OK)
            return status;
        for (size_t i = 0; i < list.count; i++) {
            assert_true(list.items[i].due >= last);
            last = list.items[i].due;
        }
        listing->count += list.count;
        listing->pages++;
        page.cursor = list.next;
    } while (list.next);
    return ST_OK;
}

static size_t listed(struct people *p, struct duty_filter filter)
{
    struct listing listing = {.organisation = p->org, .filter = filter};
    fixture_see(&p->f, list_all, &listing);
    return listing.count;
}

#define ANY_DUE .due_before = DATE_NONE, .due_after = DATE_NONE

static void test_lists_are_narrowed_and_paged(void **state)
{
    struct people *p = *state;
    const char *boss = hire(p, "B", "2026-05-04");
    const char *one = hire(p, "M1", "2024-03-01");
    const char *two = hire(p, "M2", "2024-03-01");
    const char *to_boss = arena_printf(p->f.arena, "{\"manager\":\"%s\"}", boss);
    assert_int_equal(people_change(p, two, to_boss, NULL), ST_OK);
    people_held(p, one, "2026-11-02", false);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE}), 6);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE, .state = "overdue"}), 1);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE, .state = "held"}), 1);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE, .kind = "recap"}), 3);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE, .manager = boss}), 2);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE, .employee = one}), 2);
    assert_int_equal(listed(p, (struct duty_filter){ANY_DUE, .employee = one, .state = "held"}), 1);
    assert_int_equal(
        listed(p, (struct duty_filter){.due_before = date_of(2027, 5, 4), .due_after = DATE_NONE}), 2);
    assert_int_equal(
        listed(p, (struct duty_filter){.due_before = DATE_NONE, .due_after = date_of(2027, 5, 3)}), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEOPLE_TEST(test_holding_closes_one_and_opens_the_next),
        PEOPLE_TEST(test_time_alone_moves_duties),
        PEOPLE_TEST(test_the_organisation_moves_everybody_in_slices),
        PEOPLE_TEST(test_the_answer_as_it_was_given),
        PEOPLE_TEST(test_lists_are_narrowed_and_paged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
