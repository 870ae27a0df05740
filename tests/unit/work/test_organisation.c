/* Organisations: defaults, what is refused where, lists that are facts, and what makes duties stale. */
#include "people.h"

#include "store/fact.h"

static void test_what_is_not_given_has_its_default(void **state)
{
    struct people *p = *state;
    struct organisation o = people_organisation(p);
    assert_string_equal(o.name, "Essai");
    assert_int_equal(o.locale, LANG_FR);
    assert_string_equal(o.zone, "Europe/Paris");
    assert_int_equal(o.deliveries, DELIVERY_LIVE);
    assert_int_equal(o.holidays, HOLIDAYS_METROPOLE);
    assert_int_equal(o.working_hours.count, 10);
    assert_string_equal(((const struct working_hours *)o.working_hours.items)[9].end, "17:30");
    assert_true(o.policies->planning_horizon_days == 90);
    assert_true(o.policies->notice_days == 30);
    assert_int_equal(o.agreements.count, 0);
    assert_null(o.siren);
}

static void test_a_new_organisation_has_its_own_chain(void **state)
{
    struct people *p = *state;
    assert_string_equal(people_audit(p, p->org, p->org_id), "organisation.created");
    assert_string_equal(people_audit(p, "system", p->org_id), "");
    assert_int_equal(fixture_verify(&p->f, p->org), 1);
}

static void refused(struct people *p, const char *patch, const char *pointer)
{
    assert_int_equal(people_organisation_change(p, patch), ST_INVALID);
    people_expect_field(p, pointer);
}

static void test_contradictions_are_refused_where_they_are(void **state)
{
    struct people *p = *state;
    refused(p, "{\"siren\":\"732829321\"}", "/siren");
    refused(p, "{\"siren\":\"73282932\"}", "/siren");
    refused(p, "{\"siren\":\"73282932A\"}", "/siren");
    refused(p, "{\"zone\":\"Europe/Lutetia\"}", "/zone");
    refused(p, "{\"name\":null}", "/name");
    refused(p, "{\"organiser\":{\"email\":null}}", "/organiser/email");
    refused(p, "{\"working_hours\":[{\"weekday\":1,\"start\":\"9:00\",\"end\":\"12:00\"}]}",
        "/working_hours/0/start");
    refused(p, "{\"working_hours\":[{\"weekday\":1,\"start\":\"09:00\",\"end\":\"25:00\"}]}",
        "/working_hours/0/end");
    refused(p, "{\"working_hours\":[{\"weekday\":1,\"start\":\"09:00\",\"end\":\"09:00\"}]}",
        "/working_hours/0/end");
    refused(p,
        "{\"working_hours\":[{\"weekday\":1,\"start\":\"09:00\",\"end\":\"12:00\"},"
        "{\"weekday\":1,\"start\":\"11:00\",\"end\":\"14:00\"}]}",
        "/working_hours/1/start");
    refused(p, "{\"headcounts\":[{\"year\":2025,\"average\":60},{\"year\":2025,\"average\":61}]}",
        "/headcounts/1/year");
    assert_true(people_organisation(p).version == 1);
}

static void test_agreements_are_checked_by_the_rules(void **state)
{
    struct people *p = *state;
    refused(p, "{\"agreements\":[{\"level\":\"company\",\"period\":\"P0Y\"}]}", "/agreements/0/period");
    refused(p, "{\"agreements\":[{\"level\":\"company\"}]}", "/agreements/0/period");
    refused(p,
        "{\"agreements\":[{\"level\":\"company\",\"period\":\"P3Y\",\"valid_from\":\"2026-01-01\","
        "\"valid_to\":\"2025-01-01\"}]}",
        "/agreements/0/valid_to");
    refused(p,
        "{\"agreements\":[{\"level\":\"company\",\"period\":\"P3Y\",\"valid_from\":\"2024-01-01\"},"
        "{\"level\":\"company\",\"period\":\"P5Y\",\"valid_from\":\"2026-01-01\"}]}",
        "/agreements/1/valid_from");
    assert_int_equal(
        people_organisation_change(p,
            "{\"agreements\":[{\"level\":\"company\",\"period\":\"P3Y\",\"valid_from\":\"2024-01-01\"},"
            "{\"level\":\"branch\",\"period\":\"P5Y\",\"valid_from\":\"2026-01-01\"}]}"),
        ST_OK);
    assert_int_equal(people_organisation(p).agreements.count, 2);
}

struct versions {
    const char *org;
    const char *org_id;
    int64_t facts_version;
    struct fact_list headcounts;
};

static enum status look_versions(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct versions *v = context;
    struct organisation_row row;
    enum status status = organisation_get(snapshot, v->org, &row, err);
    if (status == ST_OK)
        status = fact_of(snapshot, v->org_id, "headcount", INSTANT_NONE, &v->headcounts, err);
    v->facts_version = row.facts_version;
    return status;
}

static int64_t facts_version(struct people *p)
{
    struct versions v = {.org = p->org, .org_id = p->org_id};
    fixture_see(&p->f, look_versions, &v);
    return v.facts_version;
}

static void test_a_list_given_replaces_the_one_before(void **state)
{
    struct people *p = *state;
    assert_int_equal(people_organisation_change(
                         p, "{\"headcounts\":[{\"year\":2025,\"average\":60},{\"year\":2024,\"average\":48}]}"),
        ST_OK);
    struct organisation o = people_organisation(p);
    const struct headcount *h = o.headcounts.items;
    assert_int_equal(o.headcounts.count, 2);
    assert_true(h[0].year == 2024 && h[0].average == 48 && h[1].year == 2025);
    assert_int_equal(people_organisation_change(
                         p, "{\"headcounts\":[{\"year\":2025,\"average\":62},{\"year\":2026,\"average\":70}]}"),
        ST_OK);
    o = people_organisation(p);
    h = o.headcounts.items;
    assert_int_equal(o.headcounts.count, 2);
    assert_true(h[0].year == 2025 && h[0].average == 62 && h[1].year == 2026);
    assert_non_null(strstr(people_payload(p, p->org_id, "organisation.changed"), "\"headcounts\":[["));
    assert_int_equal(people_organisation_change(p, "{\"headcounts\":null}"), ST_OK);
    assert_int_equal(people_organisation(p).headcounts.count, 0);
}

static void test_nothing_new_is_no_new_version(void **state)
{
    struct people *p = *state;
    assert_int_equal(people_organisation_change(p, "{\"name\":\"Essai\",\"locale\":\"fr\"}"), ST_OK);
    assert_int_equal(people_organisation_change(p, "{\"policies\":{\"notice_days\":30}}"), ST_OK);
    assert_true(people_organisation(p).version == 1);
    assert_string_equal(people_audit(p, p->org, p->org_id), "organisation.created");
}

static void test_what_moves_duties_makes_them_stale(void **state)
{
    struct people *p = *state;
    int64_t before = facts_version(p);
    assert_int_equal(people_organisation_change(p, "{\"name\":\"Autre\",\"siren\":\"732829320\"}"), ST_OK);
    assert_true(facts_version(p) == before);
    assert_int_equal(people_organisation_change(p, "{\"policies\":{\"notice_days\":20}}"), ST_OK);
    assert_true(facts_version(p) > before);
    assert_true(people_organisation(p).policies->planning_horizon_days == 90);
    before = facts_version(p);
    assert_int_equal(people_organisation_change(p, "{\"zone\":\"Indian/Reunion\"}"), ST_OK);
    assert_true(facts_version(p) > before);
    before = facts_version(p);
    assert_int_equal(
        people_organisation_change(p, "{\"agreements\":[{\"level\":\"branch\",\"period\":\"P3Y\"}]}"), ST_OK);
    assert_true(facts_version(p) > before);
    assert_int_equal(people_organisation_change(p, "{\"policies\":null,\"zone\":null}"), ST_OK);
    assert_true(people_organisation(p).policies->notice_days == 30);
    assert_string_equal(people_organisation(p).zone, "Europe/Paris");
}

static void test_times_of_day(void **state)
{
    (void)state;
    assert_int_equal(time_of_day("00:00"), 0);
    assert_int_equal(time_of_day("09:05"), 545);
    assert_int_equal(time_of_day("24:00"), 1440);
    assert_int_equal(time_of_day("24:01"), -1);
    assert_int_equal(time_of_day("12:60"), -1);
    assert_int_equal(time_of_day("9:00"), -1);
    assert_int_equal(time_of_day("+9:00"), -1);
    assert_int_equal(time_of_day(NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEOPLE_TEST(test_what_is_not_given_has_its_default),
        PEOPLE_TEST(test_a_new_organisation_has_its_own_chain),
        PEOPLE_TEST(test_contradictions_are_refused_where_they_are),
        PEOPLE_TEST(test_agreements_are_checked_by_the_rules),
        PEOPLE_TEST(test_a_list_given_replaces_the_one_before),
        PEOPLE_TEST(test_nothing_new_is_no_new_version),
        PEOPLE_TEST(test_what_moves_duties_makes_them_stale),
        cmocka_unit_test(test_times_of_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
