/* Facts of people: added, recognised, corrected, withdrawn; every version kept. */
#include "people.h"

static const char *hire(struct people *p)
{
    const char *id = people_hire(
        p, "{\"number\":\"M1\",\"given_name\":\"A\",\"family_name\":\"B\",\"hire_date\":\"2020-03-02\"}");
    assert_non_null(id);
    return id;
}

static void refused(
    struct people *p, const struct fact_kind *kind, const char *id, const char *body, const char *pointer)
{
    assert_null(people_add(p, kind, id, body));
    assert_int_equal(p->err.status, ST_INVALID);
    people_expect_field(p, pointer);
}

static void test_what_cannot_be_is_refused(void **state)
{
    struct people *p = *state;
    const char *id = hire(p);
    refused(p, &absence_facts, id, "{\"type\":\"holiday\",\"start\":\"2024-01-01\"}", "/type");
    refused(p, &absence_facts, id, "{\"type\":\"illness\",\"start\":\"2024-01-02\",\"end\":\"2024-01-01\"}",
        "/end");
    refused(p, &absence_facts, id, "{\"type\":\"illness\"}", "/start");
    refused(p, &event_facts, id, "{\"type\":\"midcareer_visit\",\"date\":\"2019-01-01\"}", "/date");
    refused(p, &event_facts, id, "{\"type\":\"midcareer_visit\",\"date\":\"2026-11-23\"}", "/date");
    refused(p, &progression_facts, id, "{\"kind\":\"pay\",\"date\":\"2020-03-01\"}", "/date");
    refused(p, &progression_facts, id, "{\"kind\":\"pay\",\"date\":\"2026-11-23\"}", "/date");
    refused(p, &progression_facts, id, "{\"kind\":\"bonus\",\"date\":\"2026-01-01\"}", "/kind");
    assert_null(
        people_add(p, &absence_facts, arena_printf(p->f.arena, "emp_%s_0123456789abcdefghjkmnpqrs", p->org),
            "{\"type\":\"illness\",\"start\":\"2024-01-02\"}"));
    assert_int_equal(p->err.status, ST_NOT_FOUND);
    assert_string_equal(people_audit(p, p->org, id), "employee.created duty.opened duty.opened");
}

static void test_the_same_thing_is_recorded_once(void **state)
{
    struct people *p = *state;
    enum outcome outcome;
    const char *id = hire(p);
    const char *visit = "{\"type\":\"midcareer_visit\",\"date\":\"2026-05-04\"}";
    assert_non_null(people_add(p, &event_facts, id, visit));
    assert_null(people_add(p, &event_facts, id, visit));
    assert_int_equal(p->err.status, ST_CONFLICT);
    assert_int_equal(people_put(p, &event_facts, id, visit, &outcome), ST_OK);
    assert_int_equal(outcome, OUTCOME_UNCHANGED);
    assert_int_equal(
        people_put(p, &absence_facts, id, "{\"type\":\"parental\",\"start\":\"2024-01-01\"}", &outcome), ST_OK);
    assert_int_equal(outcome, OUTCOME_CREATED);
    assert_int_equal(people_put(p, &absence_facts, id,
                         "{\"type\":\"parental\",\"start\":\"2024-01-01\",\"end\":\"2024-12-31\"}", &outcome),
        ST_OK);
    assert_int_equal(outcome, OUTCOME_UPDATED);
    assert_int_equal(people_put(p, &absence_facts, id,
                         "{\"type\":\"parental\",\"start\":\"2024-01-01\",\"end\":\"2024-12-31\"}", &outcome),
        ST_OK);
    assert_int_equal(outcome, OUTCOME_UNCHANGED);
}

struct versions {
    const char *id;
    struct fact_list list;
    const char *text;
    struct people *p;
};

static enum status look_versions(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct versions *versions = context;
    struct fact_list list;
    enum status status = fact_history(snapshot, versions->id, &list, err);
    versions->text = "";
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        char to[DATE_TEXT_MAX];
        versions->text = arena_printf(versions->p->f.arena, "%s%s%s %s %s", versions->text, i ? "; " : "",
            date_text(list.items[i].valid_to, to), list.items[i].withdrawn ? "withdrawn" : "stands",
            list.items[i].reason ? list.items[i].reason : "-");
    }
    return status;
}

static const char *versions_of(struct people *p, const char *fact)
{
    struct versions versions = {.id = fact, .p = p};
    fixture_see(&p->f, look_versions, &versions);
    return versions.text;
}

static void test_a_correction_keeps_what_was_there(void **state)
{
    struct people *p = *state;
    const char *id = hire(p);
    const char *fact = people_add(
        p, &absence_facts, id, "{\"type\":\"parental\",\"start\":\"2025-01-06\",\"end\":\"2026-01-04\"}");
    assert_non_null(fact);
    assert_non_null(strstr(people_duties(p, id, false), "return R2.RETURN 2026-02-05 overdue"));
    assert_int_equal(
        people_correct(p, &absence_facts, fact, "{\"end\":\"2026-07-05\",\"reason\":\"came back later\"}"),
        ST_OK);
    assert_non_null(strstr(people_duties(p, id, false), "return R2.RETURN 2026-08-06 overdue"));
    assert_int_equal(people_correct(p, &absence_facts, fact, "{\"end\":\"2026-07-05\"}"), ST_OK);
    assert_int_equal(people_correct(p, &absence_facts, fact, "{\"end\":\"2024-07-05\"}"), ST_INVALID);
    people_expect_field(p, "/end");
    assert_int_equal(people_correct(p, &absence_facts, fact, "{\"type\":null}"), ST_INVALID);
    assert_int_equal(people_withdraw(p, &absence_facts, fact, "never happened"), ST_OK);
    assert_null(strstr(people_duties(p, id, true), "return"));
    assert_string_equal(versions_of(p, fact),
        "2026-01-04 stands -; 2026-07-05 stands came back later; 2026-07-05 withdrawn never happened");
    assert_int_equal(people_withdraw(p, &absence_facts, fact, "again"), ST_NOT_FOUND);
    const char *trail = people_audit(p, p->org, id);
    assert_non_null(strstr(trail, "absence.added"));
    assert_non_null(strstr(trail, "absence.corrected"));
    assert_non_null(strstr(trail, "absence.withdrawn"));
    assert_non_null(strstr(
        people_payload(p, id, "absence.corrected"), "\"changed\":{\"end\":[\"2026-01-04\",\"2026-07-05\"]}"));
    fixture_verify(&p->f, p->org);
}

static void test_a_correction_does_not_become_another(void **state)
{
    struct people *p = *state;
    const char *id = hire(p);
    assert_non_null(people_add(p, &event_facts, id, "{\"type\":\"midcareer_visit\",\"date\":\"2026-05-04\"}"));
    const char *other =
        people_add(p, &event_facts, id, "{\"type\":\"midcareer_visit\",\"date\":\"2026-05-05\"}");
    assert_int_equal(people_correct(p, &event_facts, other, "{\"date\":\"2026-05-04\"}"), ST_CONFLICT);
    assert_int_equal(people_correct(p, &progression_facts, other, "{\"date\":\"2026-05-04\"}"), ST_NOT_FOUND);
    assert_int_equal(people_withdraw(p, &progression_facts, other, NULL), ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEOPLE_TEST(test_what_cannot_be_is_refused),
        PEOPLE_TEST(test_the_same_thing_is_recorded_once),
        PEOPLE_TEST(test_a_correction_keeps_what_was_there),
        PEOPLE_TEST(test_a_correction_does_not_become_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
