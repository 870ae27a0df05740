/* Organisations: rows, versions, counters, and where their watching stands. */
#include "fixture.h"

#include "store/employee.h"
#include "store/organisation.h"

static enum status get(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct organisation_row row;
    struct fixture *f = context;
    enum status status = organisation_get(snapshot, f->org, &row, err);
    if (status != ST_OK)
        return status;
    assert_string_equal(row.key, f->org);
    assert_string_equal(row.id, f->org_id);
    assert_string_equal(row.name, "Essai");
    assert_string_equal(row.siren, "123456782");
    assert_string_equal(row.locale, "fr");
    assert_string_equal(row.zone, "Europe/Paris");
    assert_int_equal(row.deliveries, DELIVERY_LIVE);
    assert_string_equal(row.settings, "{}");
    assert_int_equal(row.version, 1);
    assert_int_equal(row.facts_version, 1);
    assert_true(row.created_at == FIXTURE_NOW);
    assert_int_equal(organisation_get(snapshot, "0000000000", &row, err), ST_NOT_FOUND);
    assert_int_equal(organisation_get(snapshot, "system", &row, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_a_row_comes_back_as_it_was_added(void **state)
{
    fixture_see(*state, get, *state);
}

static enum status add_without_id(struct txn *txn, void *context, struct error *err)
{
    struct organisation_row row = {
        .name = "Neuve", .locale = "en", .zone = "UTC", .deliveries = DELIVERY_OFF, .settings = "{\"a\":1}"};
    char key[ORG_KEY_MAX];
    (void)context;
    enum status status = organisation_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    assert_true(id_parse(row.id, "org", key));
    assert_string_equal(key, row.key);
    assert_int_equal(organisation_get(txn_snapshot(txn), row.key, &row, err), ST_OK);
    assert_null(row.siren);
    assert_int_equal(row.deliveries, DELIVERY_OFF);
    assert_int_equal(organisation_add(txn, &row, err), ST_CONFLICT); /* its id is taken */
    return ST_INVALID;
}

static void test_the_key_is_made_and_taken_once(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_write_now(f->store, "system", "tester", add_without_id, NULL, NULL), ST_INVALID);
}

static enum status update(struct txn *txn, void *context, struct error *err)
{
    struct fixture *f = context;
    struct organisation_row row;
    enum status status = organisation_get(txn_snapshot(txn), f->org, &row, err);
    if (status != ST_OK)
        return status;
    row.name = "Renommée";
    row.siren = NULL;
    row.deliveries = DELIVERY_HELD;
    assert_int_equal(organisation_update(txn, &row, 9, err), ST_PRECONDITION);
    assert_string_equal(
        err->detail, arena_printf(txn_arena(txn), "organisation %s has version 1 by now, not 9", f->org_id));
    assert_int_equal(organisation_update(txn, &row, 1, err), ST_OK);
    assert_int_equal(row.version, 2);
    assert_int_equal(organisation_update(txn, &row, 0, err), ST_OK);
    assert_int_equal(row.version, 3);
    struct organisation_row found;
    assert_int_equal(organisation_get(txn_snapshot(txn), f->org, &found, err), ST_OK);
    assert_string_equal(found.name, "Renommée");
    assert_null(found.siren);
    assert_int_equal(found.deliveries, DELIVERY_HELD);
    assert_int_equal(found.version, 3);
    row.id = "org_0000000000";
    assert_int_equal(organisation_update(txn, &row, 0, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_update_checks_the_version(void **state)
{
    fixture_do(*state, update, *state);
}

static enum status list(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct organisation_list all, part;
    struct page page = {.limit = 2};
    size_t seen = 0;
    (void)context;
    enum status status = organisation_list(snapshot, &(struct page){0}, &all, err);
    if (status != ST_OK)
        return status;
    assert_int_equal(all.count, 5);
    assert_null(all.next);
    do {
        assert_int_equal(organisation_list(snapshot, &page, &part, err), ST_OK);
        for (size_t i = 0; i < part.count; i++)
            assert_string_equal(part.items[i].key, all.items[seen++].key);
        page.cursor = part.next;
    } while (part.next);
    assert_int_equal(seen, 5);
    page.cursor = "not a cursor";
    struct error refused = ERROR_INIT;
    assert_int_equal(organisation_list(snapshot, &page, &part, &refused), ST_INVALID);
    assert_string_equal(refused.fields[0].pointer, "/cursor");
    return ST_OK;
}

static void test_a_list_comes_in_pages(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 4; i++)
        fixture_organisation(f, "Autre");
    fixture_see(f, list, NULL);
}

static enum status raise_facts(struct txn *txn, void *context, struct error *err)
{
    (void)err;
    return organisation_raise_facts(txn, "policies", context, err);
}

static enum status add_checked(struct txn *txn, void *context, struct error *err)
{
    static const char *const numbers[] = {"1", "2", "3"};
    const date_t *checks = context;
    for (int i = 0; i < 3; i++) {
        struct employee_row row = {.number = numbers[i],
            .given_name = "A",
            .family_name = "B",
            .hire_date = DATE_NONE,
            .seniority_date = DATE_NONE,
            .birth_date = DATE_NONE,
            .contract_end = DATE_NONE,
            .exit_date = DATE_NONE,
            .next_check = checks[i]};
        enum status status = employee_add(txn, &row, err);
        if (status != ST_OK)
            return status;
    }
    return ST_OK;
}

struct watch {
    struct fixture *fixture;
    const char *rules;
    size_t count;
    date_t next_check;
    bool stale;
};

static enum status watch(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct watch *watch = context;
    struct organisation_watch_list watches;
    enum status status = organisation_watches(snapshot, watch->rules, &watches, err);
    if (status != ST_OK)
        return status;
    watch->count = watches.count;
    if (watches.count > 0) {
        assert_string_equal(watches.items[0].key, watch->fixture->org);
        assert_string_equal(watches.items[0].zone, "Europe/Paris");
        watch->next_check = watches.items[0].next_check;
        watch->stale = watches.items[0].stale;
    }
    return ST_OK;
}

static void test_watches_tell_the_next_check_and_the_stale(void **state)
{
    struct fixture *f = *state;
    struct watch seen = {.fixture = f, .rules = ""};
    int64_t version = 0;
    date_t checks[] = {date_of(2027, 3, 1), date_of(2027, 1, 1), DATE_NONE};
    fixture_see(f, watch, &seen);
    assert_int_equal(seen.count, 0);
    fixture_do(f, add_checked, checks);
    fixture_see(f, watch, &seen);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.next_check, date_of(2027, 1, 1));
    assert_false(seen.stale);
    fixture_do(f, raise_facts, &version);
    assert_int_equal(version, 2);
    fixture_see(f, watch, &seen);
    assert_true(seen.stale);
}

static enum status take_rules(struct txn *txn, void *context, struct error *err)
{
    return organisation_rules(txn, "other rules", context, err);
}

static void test_other_rules_make_everything_stale_once(void **state)
{
    struct fixture *f = *state;
    struct watch seen = {.fixture = f, .rules = "other rules"};
    date_t checks[] = {date_of(2027, 3, 1), date_of(2027, 1, 1), DATE_NONE};
    bool changed = false;
    fixture_do(f, add_checked, checks);
    fixture_see(f, watch, &seen);
    assert_true(seen.stale);
    fixture_do(f, take_rules, &changed);
    assert_true(changed);
    fixture_see(f, watch, &seen);
    assert_true(seen.stale);
    fixture_do(f, take_rules, &changed);
    assert_false(changed);
}

struct versions {
    const char *org;
    int64_t data;
};

static enum status data_version(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct versions *versions = context;
    struct organisation_row row;
    enum status status = organisation_get(snapshot, versions->org, &row, err);
    versions->data = status == ST_OK ? row.data_version : 0;
    return status;
}

static enum status refuse(struct txn *txn, void *context, struct error *err)
{
    (void)txn;
    (void)context;
    return error_set(err, ST_CONFLICT, "no");
}

static void test_data_version_moves_with_every_commit(void **state)
{
    struct fixture *f = *state;
    struct versions before = {.org = f->org}, after = before;
    fixture_see(f, data_version, &before);
    assert_int_equal(fixture_write(f, refuse, NULL, NULL), ST_CONFLICT);
    fixture_see(f, data_version, &after);
    assert_int_equal(after.data, before.data);
    fixture_do(f, raise_facts, NULL);
    fixture_see(f, data_version, &after);
    assert_int_equal(after.data, before.data + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_row_comes_back_as_it_was_added),
        STORE_TEST(test_the_key_is_made_and_taken_once),
        STORE_TEST(test_update_checks_the_version),
        STORE_TEST(test_a_list_comes_in_pages),
        STORE_TEST(test_watches_tell_the_next_check_and_the_stale),
        STORE_TEST(test_other_rules_make_everything_stale_once),
        STORE_TEST(test_data_version_moves_with_every_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
