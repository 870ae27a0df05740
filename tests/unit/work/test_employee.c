/* Employees: what is refused where, terms as facts, managers, removal. */
#include "people.h"

#define ADA "{\"number\":\"M1\",\"given_name\":\"Ada\",\"family_name\":\"Byron\",\"hire_date\":\"2024-03-01\"}"

static const char *hire(struct people *p, const char *number)
{
    const char *body = arena_printf(p->f.arena,
        "{\"number\":\"%s\",\"given_name\":\"Ada\",\"family_name\":\"Byron\",\"hire_date\":\"2024-03-01\"}",
        number);
    const char *id = people_hire(p, body);
    assert_non_null(id);
    return id;
}

static void test_a_new_employee_has_duties(void **state)
{
    struct people *p = *state;
    const char *id = people_hire(p, ADA);
    assert_non_null(id);
    assert_string_equal(
        people_duties(p, id, true), "first T.FIRST 2026-03-01 overdue; recap R2.RECAP 2032-03-01 upcoming");
    assert_string_equal(people_audit(p, p->org, id), "employee.created duty.opened duty.opened");
    struct employee_row row = people_employee(p, id);
    assert_true(row.next_check != DATE_NONE && row.next_check > date_of(2026, 11, 22));
    assert_true(row.version == 1);
}

static void refused(struct people *p, const char *members, enum status status, const char *pointer)
{
    const char *body = arena_printf(p->f.arena,
        "{\"number\":\"X\",\"given_name\":\"A\",\"family_name\":\"B\",\"hire_date\":\"2024-03-01\"%s}",
        members);
    assert_null(people_hire(p, body));
    assert_int_equal(p->err.status, status);
    people_expect_field(p, pointer);
}

static void test_dates_that_contradict_each_other(void **state)
{
    struct people *p = *state;
    refused(p, ",\"exit_date\":\"2024-02-29\"", ST_INVALID, "/exit_date");
    refused(p, ",\"birth_date\":\"2009-03-02\"", ST_INVALID, "/birth_date");
    refused(p, ",\"contract\":\"cdd\",\"contract_end\":\"2024-02-01\"", ST_INVALID, "/contract_end");
    refused(p, ",\"contract\":\"cdix\"", ST_INVALID, "/contract");
    refused(p, ",\"external_ids\":[\"x\"]", ST_INVALID, "/external_ids");
    refused(p, ",\"external_ids\":{\"moodle\":7}", ST_INVALID, "/external_ids");
}

static void test_numbers_are_unique_whatever_their_case(void **state)
{
    struct people *p = *state;
    const char *one = hire(p, "M1");
    const char *two = hire(p, "M2");
    assert_null(people_hire(
        p, "{\"number\":\"m1\",\"given_name\":\"A\",\"family_name\":\"B\",\"hire_date\":\"2024-03-01\"}"));
    assert_int_equal(p->err.status, ST_CONFLICT);
    people_expect_field(p, "/number");
    assert_int_equal(people_change(p, two, "{\"number\":\"M1\"}", NULL), ST_CONFLICT);
    assert_int_equal(people_change(p, one, "{\"number\":\"m1\"}", NULL), ST_OK);
}

static void test_managers_make_no_circle(void **state)
{
    struct people *p = *state;
    const char *a = hire(p, "A");
    const char *b = hire(p, "B");
    const char *c = hire(p, "C");
    const char *to_a = arena_printf(p->f.arena, "{\"manager\":\"%s\"}", a);
    const char *to_b = arena_printf(p->f.arena, "{\"manager\":\"%s\"}", b);
    const char *to_c = arena_printf(p->f.arena, "{\"manager\":\"%s\"}", c);
    assert_int_equal(people_change(p, b, to_a, NULL), ST_OK);
    assert_int_equal(people_change(p, c, to_b, NULL), ST_OK);
    assert_int_equal(people_change(p, a, to_c, NULL), ST_INVALID);
    people_expect_field(p, "/manager");
    assert_int_equal(people_change(p, a, to_a, NULL), ST_INVALID);
    people_expect_field(p, "/manager");
    assert_int_equal(people_change(p, c, "{\"manager\":null}", NULL), ST_OK);
    assert_int_equal(people_change(p, a, to_c, NULL), ST_OK);
    const char *stranger =
        arena_printf(p->f.arena, ",\"manager\":\"emp_%s_0123456789abcdefghjkmnpqrs\"", p->org);
    refused(p, stranger, ST_INVALID, "/manager");
    refused(p, ",\"manager\":\"emp_0123456789_0123456789abcdefghjkmnpqrs\"", ST_INVALID, "/manager");
}

static void test_nothing_new_is_unchanged(void **state)
{
    struct people *p = *state;
    enum outcome outcome;
    const char *id = hire(p, "M1");
    assert_int_equal(
        people_change(p, id, "{\"given_name\":\"Ada\",\"email\":null,\"hire_date\":\"2024-03-01\"}", &outcome),
        ST_OK);
    assert_int_equal(outcome, OUTCOME_UNCHANGED);
    assert_true(people_employee(p, id).version == 1);
    assert_int_equal(people_change(p, id, "{\"email\":\"ada@example.org\"}", &outcome), ST_OK);
    assert_int_equal(outcome, OUTCOME_UPDATED);
    assert_true(people_employee(p, id).version == 2);
    assert_string_equal(
        people_payload(p, id, "employee.changed"), "{\"changed\":{\"email\":[null,\"ada@example.org\"]}}");
}

struct history {
    const char *id;
    struct fact_list terms;
    size_t versions;
};

static enum status look_history(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct history *history = context;
    struct fact_list all;
    enum status status = fact_of(snapshot, history->id, "terms", INSTANT_NONE, &history->terms, err);
    if (status == ST_OK)
        status = fact_history(snapshot, history->terms.items[0].id, &all, err);
    history->versions = all.count;
    return status;
}

static void test_terms_are_facts_with_versions(void **state)
{
    struct people *p = *state;
    const char *id = hire(p, "M1");
    struct history history = {.id = id};
    fixture_see(&p->f, look_history, &history);
    assert_int_equal(history.terms.count, 1);
    assert_int_equal(history.versions, 1);
    assert_int_equal(people_change(p, id, "{\"email\":\"ada@example.org\"}", NULL), ST_OK);
    fixture_see(&p->f, look_history, &history);
    assert_int_equal(history.versions, 1);
    assert_int_equal(people_change(p, id, "{\"hire_date\":\"2026-01-05\"}", NULL), ST_OK);
    fixture_see(&p->f, look_history, &history);
    assert_int_equal(history.versions, 2);
    assert_string_equal(
        people_duties(p, id, true), "first R2.FIRST 2027-01-04 to_plan; recap R2.RECAP 2034-01-05 upcoming");
    assert_non_null(strstr(people_payload(p, id, "duty.withdrawn"), "\"cause\":\"fact_"));
}

static void test_who_has_left_has_no_duty(void **state)
{
    struct people *p = *state;
    const char *id = hire(p, "M1");
    assert_int_equal(people_change(p, id, "{\"exit_date\":\"2026-11-22\"}", NULL), ST_OK);
    assert_string_equal(people_duties(p, id, true), "");
    assert_int_equal(people_change(p, id, "{\"exit_date\":null,\"contract\":\"temporary\"}", NULL), ST_OK);
    assert_string_equal(people_duties(p, id, true), "");
    assert_int_equal(people_change(p, id, "{\"contract\":\"cdi\"}", NULL), ST_OK);
    assert_string_not_equal(people_duties(p, id, true), "");
}

static void test_only_a_mistake_is_removed(void **state)
{
    struct people *p = *state;
    const char *boss = hire(p, "B");
    const char *id = hire(p, "M1");
    assert_int_equal(people_change(p, id, arena_printf(p->f.arena, "{\"manager\":\"%s\"}", boss), NULL), ST_OK);
    assert_int_equal(people_remove(p, boss), ST_CONFLICT);
    assert_non_null(strstr(p->err.detail, "reports to"));
    const char *absence = people_add(p, &absence_facts, id, "{\"type\":\"illness\",\"start\":\"2026-01-05\"}");
    assert_non_null(absence);
    assert_int_equal(people_remove(p, id), ST_CONFLICT);
    assert_non_null(strstr(p->err.detail, "exit_date"));
    assert_int_equal(people_change(p, id, "{\"manager\":null}", NULL), ST_OK);
    assert_int_equal(people_remove(p, boss), ST_OK);
    assert_string_equal(
        people_audit(p, p->org, boss), "employee.created duty.opened duty.opened employee.removed");
    assert_int_equal(people_remove(p, boss), ST_NOT_FOUND);
    assert_non_null(hire(p, "B"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEOPLE_TEST(test_a_new_employee_has_duties),
        PEOPLE_TEST(test_dates_that_contradict_each_other),
        PEOPLE_TEST(test_numbers_are_unique_whatever_their_case),
        PEOPLE_TEST(test_managers_make_no_circle),
        PEOPLE_TEST(test_nothing_new_is_unchanged),
        PEOPLE_TEST(test_terms_are_facts_with_versions),
        PEOPLE_TEST(test_who_has_left_has_no_duty),
        PEOPLE_TEST(test_only_a_mistake_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
