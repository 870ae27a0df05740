/* Employees: rows, unique numbers, search, pages, what the watching of duties asks. */
#include "fixture.h"

#include "store/employee.h"
#include "store/organisation.h"

static struct employee_row blank(const char *number, const char *given, const char *family)
{
    return (struct employee_row){.number = number,
        .given_name = given,
        .family_name = family,
        .hire_date = DATE_NONE,
        .seniority_date = DATE_NONE,
        .birth_date = DATE_NONE,
        .contract_end = DATE_NONE,
        .exit_date = DATE_NONE,
        .next_check = DATE_NONE};
}

static const char *added(struct txn *txn, struct employee_row row)
{
    struct error err = ERROR_INIT;
    if (employee_add(txn, &row, &err) != ST_OK)
        fail_msg("%s", err.detail);
    return row.id;
}

static enum status add_full(struct txn *txn, void *context, struct error *err)
{
    struct fixture *f = context;
    const char *boss = added(txn, blank("0", "Grace", "Hopper"));
    struct employee_row row = {.number = "M-0042",
        .given_name = "Éléonore",
        .family_name = "d'Aubigné",
        .email = "Eleonore.Aubigne@Example.org",
        .manager = boss,
        .establishment = "Lyon",
        .category = "cadre",
        .contract = "cdi",
        .hire_date = date_of(2020, 1, 6),
        .seniority_date = date_of(2019, 6, 1),
        .birth_date = date_of(1980, 2, 29),
        .contract_end = DATE_NONE,
        .exit_date = date_of(2030, 12, 31),
        .locale = "fr",
        .calendar_url = "https://cal.example.org/e",
        .external_ids = "{\"moodle\":\"12\"}",
        .next_check = date_of(2026, 12, 1)};
    struct employee_row found;
    assert_int_equal(employee_add(txn, &row, err), ST_OK);
    char key[ORG_KEY_MAX];
    assert_true(id_parse(row.id, "emp", key));
    assert_string_equal(key, f->org);
    assert_int_equal(row.version, 1);
    assert_int_equal(row.facts_version, 1);
    assert_int_equal(employee_get(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_string_equal(found.number, "M-0042");
    assert_string_equal(found.given_name, "Éléonore");
    assert_string_equal(found.family_name, "d'Aubigné");
    assert_string_equal(found.email, "Eleonore.Aubigne@Example.org");
    assert_string_equal(found.manager, boss);
    assert_string_equal(found.establishment, "Lyon");
    assert_string_equal(found.category, "cadre");
    assert_string_equal(found.contract, "cdi");
    assert_int_equal(found.hire_date, date_of(2020, 1, 6));
    assert_int_equal(found.seniority_date, date_of(2019, 6, 1));
    assert_int_equal(found.birth_date, date_of(1980, 2, 29));
    assert_int_equal(found.contract_end, DATE_NONE);
    assert_int_equal(found.exit_date, date_of(2030, 12, 31));
    assert_string_equal(found.locale, "fr");
    assert_string_equal(found.calendar_url, "https://cal.example.org/e");
    assert_string_equal(found.external_ids, "{\"moodle\":\"12\"}");
    assert_int_equal(found.next_check, date_of(2026, 12, 1));
    assert_true(found.created_at == FIXTURE_NOW && found.updated_at == FIXTURE_NOW);
    return ST_OK;
}

static void test_a_row_comes_back_as_it_was_added(void **state)
{
    fixture_do(*state, add_full, *state);
}

static enum status clash(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    added(txn, blank("É1", "A", "B"));
    struct employee_row twin = blank("e1", "C", "D");
    assert_int_equal(employee_add(txn, &twin, err), ST_CONFLICT);
    assert_string_equal(err->fields[0].pointer, "/number");
    assert_null(twin.id);
    struct employee_row lost = blank("2", "C", "D");
    lost.manager = id_make(txn_arena(txn), "emp", txn_organisation(txn), txn_now(txn));
    assert_int_equal(employee_add(txn, &lost, err), ST_CONFLICT);
    assert_string_equal(err->fields[0].pointer, "/manager");
    lost.manager = NULL;
    assert_int_equal(employee_add(txn, &lost, err), ST_OK); /* nothing stuck */
    lost.number = "E1";
    assert_int_equal(employee_update(txn, &lost, 0, err), ST_CONFLICT);
    return ST_OK;
}

static void test_numbers_are_unique_whatever_their_case(void **state)
{
    fixture_do(*state, clash, NULL);
}

static enum status same_number(struct txn *txn, void *context, struct error *err)
{
    const char *other = context;
    (void)err;
    added(txn, blank("1", "A", "B"));
    struct employee_row foreign = blank("2", "A", "B");
    foreign.manager = id_make(txn_arena(txn), "emp", other, txn_now(txn));
    assert_int_equal(employee_add(txn, &foreign, NULL), ST_CONFLICT);
    foreign.manager = NULL;
    foreign.id = id_make(txn_arena(txn), "emp", other, txn_now(txn));
    assert_int_equal(employee_add(txn, &foreign, NULL), ST_NOT_FOUND);
    assert_int_equal(employee_update(txn, &foreign, 0, NULL), ST_NOT_FOUND);
    assert_int_equal(employee_delete(txn, foreign.id, 0, NULL), ST_NOT_FOUND);
    assert_int_equal(employee_computed(txn, foreign.id, DATE_NONE, NULL), ST_NOT_FOUND);
    return ST_OK;
}

static void test_organisations_do_not_touch_each_other(void **state)
{
    struct fixture *f = *state;
    char *other = arena_strdup(f->arena, fixture_organisation(f, "Autre"));
    fixture_do(f, same_number, other);
    assert_int_equal(store_write_now(f->store, other, "tester", same_number, f->org, NULL), ST_OK);
}

static enum status change(struct txn *txn, void *context, struct error *err)
{
    struct employee_row row = blank("1", "Ada", "Byron"), found;
    (void)context;
    row.next_check = date_of(2027, 1, 1);
    assert_int_equal(employee_add(txn, &row, err), ST_OK);
    row.family_name = "Lovelace";
    row.email = "ada@example.org";
    row.next_check = date_of(2030, 1, 1); /* not update's to change */
    assert_int_equal(employee_update(txn, &row, 7, err), ST_PRECONDITION);
    assert_int_equal(employee_update(txn, &row, 1, err), ST_OK);
    assert_int_equal(row.version, 2);
    assert_int_equal(employee_get(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_string_equal(found.family_name, "Lovelace");
    assert_string_equal(found.email, "ada@example.org");
    assert_int_equal(found.next_check, date_of(2027, 1, 1));
    assert_int_equal(found.version, 2);
    assert_int_equal(employee_by_number(txn_snapshot(txn), txn_organisation(txn), " 1 ", &found, err), ST_OK);
    assert_int_equal(employee_delete(txn, row.id, 1, err), ST_PRECONDITION);
    assert_int_equal(employee_delete(txn, row.id, 2, err), ST_OK);
    assert_int_equal(employee_delete(txn, row.id, 2, err), ST_NOT_FOUND);
    assert_int_equal(employee_get(txn_snapshot(txn), row.id, &found, err), ST_NOT_FOUND);
    assert_int_equal(employee_update(txn, &row, 0, err), ST_NOT_FOUND);
    assert_int_equal(employee_get(txn_snapshot(txn), "emp_nonsense", &found, err), ST_NOT_FOUND);
    assert_int_equal(employee_get(txn_snapshot(txn), NULL, &found, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_update_and_delete_check_the_version(void **state)
{
    fixture_do(*state, change, NULL);
}

static enum status delete_boss(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    struct employee_row row = blank("2", "A", "B");
    const char *boss = added(txn, blank("1", "A", "B"));
    row.manager = boss;
    added(txn, row);
    return employee_delete(txn, boss, 0, err);
}

static void test_who_is_referred_to_stays(void **state)
{
    assert_int_equal(fixture_write(*state, delete_boss, NULL, NULL), ST_CONFLICT);
}

static enum status by_email(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    struct employee_list list;
    struct employee_row row = blank("1", "A", "B");
    row.email = "Shared@Example.org";
    added(txn, row);
    row.number = "2";
    added(txn, row);
    const struct snapshot *snapshot = txn_snapshot(txn);
    assert_int_equal(
        employee_by_email(snapshot, txn_organisation(txn), "shared@example.ORG", &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(
        employee_by_email(snapshot, txn_organisation(txn), "nobody@example.org", &list, err), ST_OK);
    assert_int_equal(list.count, 0);
    return ST_OK;
}

static void test_an_address_may_be_shared(void **state)
{
    fixture_do(*state, by_email, NULL);
}

/* ---- lists */

static enum status add_many(struct txn *txn, void *context, struct error *err)
{
    static const char *const families[] = {"Zola", "Éluard", "elan", "Balzac", "Balzac", "Camus"};
    static const char *const givens[] = {"Emile", "Paul", "Ana", "Honoré", "Anne", "Albert"};
    const char **ids = context;
    (void)err;
    for (size_t i = 0; i < 6; i++) {
        struct employee_row row = blank(arena_printf(txn_arena(txn), "N%zu", i + 1), givens[i], families[i]);
        row.establishment = i % 2 ? "Lyon" : "Paris";
        row.category = i < 3 ? "cadre" : "employé";
        row.manager = i > 0 ? ids[0] : NULL;
        row.email = arena_printf(txn_arena(txn), "mail%zu@example.org", i);
        row.hire_date = date_of(2020 + (int)i, 1, 1);
        row.exit_date = i == 1 ? date_of(2023, 1, 1) : DATE_NONE;
        memcpy((char *)ids[i], added(txn, row), ID_MAX);
    }
    return ST_OK;
}

static const char *listed(const struct snapshot *snapshot, const struct employee_filter *filter)
{
    struct arena *arena = snapshot_arena(snapshot);
    char *numbers = arena_strdup(arena, "");
    struct page page = {.limit = 2};
    struct employee_list list;
    struct organisation_list organisations;
    assert_int_equal(organisation_list(snapshot, &(struct page){0}, &organisations, NULL), ST_OK);
    do {
        const char *key = organisations.items[0].key;
        assert_int_equal(employee_list(snapshot, key, filter, &page, &list, NULL), ST_OK);
        assert_true(list.count <= 2);
        for (size_t i = 0; i < list.count; i++)
            numbers = arena_printf(arena, "%s%s", numbers, list.items[i].number + 1);
        page.cursor = list.next;
    } while (list.next);
    return numbers;
}

static enum status see_lists(const struct snapshot *snapshot, void *context, struct error *err)
{
    const char **ids = context;
    struct employee_filter filter = {.employed_on = DATE_NONE};
    (void)err;
    assert_string_equal(listed(snapshot, &filter), "546321"); /* by folded family name, then given name */
    filter.search = "BALZAC a";
    assert_string_equal(listed(snapshot, &filter), "5");
    filter.search = "éL";
    assert_string_equal(listed(snapshot, &filter), "32");
    filter.search = "n4";
    assert_string_equal(listed(snapshot, &filter), "4");
    filter.search = "MAIL5@";
    assert_string_equal(listed(snapshot, &filter), "6");
    filter.search = "%";
    assert_string_equal(listed(snapshot, &filter), "");
    filter = (struct employee_filter){.employed_on = DATE_NONE, .manager = ids[0]};
    assert_string_equal(listed(snapshot, &filter), "54632");
    filter = (struct employee_filter){.employed_on = DATE_NONE, .establishment = "Lyon", .category = "cadre"};
    assert_string_equal(listed(snapshot, &filter), "2");
    filter = (struct employee_filter){.employed_on = date_of(2022, 12, 31)};
    assert_string_equal(listed(snapshot, &filter), "321");
    filter.employed_on = date_of(2023, 1, 1); /* the day of leaving is no day of work */
    assert_string_equal(listed(snapshot, &filter), "431");
    filter.left = true;
    assert_string_equal(listed(snapshot, &filter), "2");
    return ST_OK;
}

static void test_lists_filter_and_page_in_order(void **state)
{
    struct fixture *f = *state;
    const char *ids[6];
    for (int i = 0; i < 6; i++)
        ids[i] = arena_alloc(f->arena, ID_MAX);
    fixture_do(f, add_many, ids);
    fixture_see(f, see_lists, ids);
}

/* ---- watching */

static enum status watch(struct txn *txn, void *context, struct error *err)
{
    static const int days[] = {10, 5, 20};
    const char *ids[3];
    struct employee_ids due;
    const char *org = txn_organisation(txn);
    (void)context;
    for (int i = 0; i < 3; i++) {
        struct employee_row row = blank(arena_printf(txn_arena(txn), "%d", i), "A", "B");
        row.next_check = date_of(2027, 1, days[i]);
        ids[i] = added(txn, row);
    }
    const struct snapshot *snapshot = txn_snapshot(txn);
    assert_int_equal(employee_due(snapshot, org, date_of(2027, 1, 4), 10, &due, err), ST_OK);
    assert_int_equal(due.count, 0);
    assert_int_equal(employee_due(snapshot, org, date_of(2027, 1, 10), 10, &due, err), ST_OK);
    assert_int_equal(due.count, 2);
    assert_string_equal(due.items[0], ids[1]);
    assert_string_equal(due.items[1], ids[0]);
    assert_int_equal(employee_due(snapshot, org, date_of(2027, 1, 10), 1, &due, err), ST_OK);
    assert_int_equal(due.count, 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(employee_computed(txn, ids[i], i ? DATE_NONE : date_of(2028, 1, 1), err), ST_OK);
    assert_int_equal(employee_due(snapshot, org, date_of(2027, 1, 10), 10, &due, err), ST_OK);
    assert_int_equal(due.count, 0);
    assert_int_equal(organisation_raise_facts(txn, NULL, NULL, err), ST_OK);
    assert_int_equal(employee_computed(txn, ids[0], date_of(2028, 1, 1), err), ST_OK);
    assert_int_equal(employee_due(snapshot, org, date_of(2027, 1, 20), 10, &due, err), ST_OK);
    assert_int_equal(due.count, 2); /* one whose day has come, one that is stale; each once */
    assert_string_equal(due.items[0], ids[2]);
    assert_string_equal(due.items[1], ids[1]);
    struct employee_row row;
    assert_int_equal(employee_get(snapshot, ids[0], &row, err), ST_OK);
    assert_int_equal(row.version, 1); /* computing is no new version */
    assert_int_equal(row.facts_version, 2);
    assert_int_equal(row.next_check, date_of(2028, 1, 1));
    return ST_OK;
}

static void test_due_are_those_whose_day_has_come_and_the_stale(void **state)
{
    fixture_do(*state, watch, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_row_comes_back_as_it_was_added),
        STORE_TEST(test_numbers_are_unique_whatever_their_case),
        STORE_TEST(test_organisations_do_not_touch_each_other),
        STORE_TEST(test_update_and_delete_check_the_version),
        STORE_TEST(test_who_is_referred_to_stays),
        STORE_TEST(test_an_address_may_be_shared),
        STORE_TEST(test_lists_filter_and_page_in_order),
        STORE_TEST(test_due_are_those_whose_day_has_come_and_the_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
