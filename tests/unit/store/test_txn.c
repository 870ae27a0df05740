/* Jobs inside a transaction: what is kept, what is undone, what the audit chain says of it. */
#include "fixture.h"

#include "base/text.h"
#include "db/db.h"
#include "internal.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/employee.h"
#include "store/organisation.h"

static char one[] = "1", two[] = "2", nobody[] = "0000000000";

STATEMENT(txn_nonsense, "SELECT nothing FROM nowhere");
STATEMENT(txn_clash, "INSERT INTO batch (organisation, id, at) VALUES ('x', 'same', 1)");

static struct employee_row person(const char *number)
{
    return (struct employee_row){.number = number,
        .given_name = "Ada",
        .family_name = "Byron",
        .hire_date = date_of(2020, 1, 6),
        .seniority_date = DATE_NONE,
        .birth_date = DATE_NONE,
        .contract_end = DATE_NONE,
        .exit_date = DATE_NONE,
        .next_check = DATE_NONE};
}

static enum status add_person(struct txn *txn, void *context, struct error *err)
{
    struct employee_row row = person(context);
    enum status status = employee_add(txn, &row, err);
    if (status == ST_OK)
        txn_audit(txn, "employee.created", row.id, "{\"b\": 1, \"a\": 2}");
    return status;
}

static enum status add_then_refuse(struct txn *txn, void *context, struct error *err)
{
    enum status status = add_person(txn, context, err);
    return status != ST_OK ? status : error_set(err, ST_INVALID, "changed my mind");
}

struct count {
    int64_t employees;
    int64_t seq;
};

static enum status count_all(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct count *count = context;
    struct employee_list list;
    struct sha256 hash;
    struct organisation_list organisations;
    const struct employee_filter all = {.employed_on = DATE_NONE};
    enum status status = organisation_list(snapshot, &(struct page){0}, &organisations, err);
    if (status != ST_OK)
        return status;
    const char *key = organisations.items[0].key;
    status = employee_list(snapshot, key, &all, &(struct page){.limit = PAGE_MAX}, &list, err);
    count->employees = (int64_t)list.count;
    return status != ST_OK ? status : audit_head_of(snapshot, key, &count->seq, &hash, err);
}

static void expect(struct fixture *f, int64_t employees, int64_t records)
{
    struct count count = {0};
    fixture_see(f, count_all, &count);
    assert_int_equal(count.employees, employees);
    assert_int_equal(count.seq, records);
    assert_int_equal(fixture_verify(f, f->org), records);
}

static void test_rows_and_audit_commit_together(void **state)
{
    struct fixture *f = *state;
    fixture_do(f, add_person, one);
    fixture_do(f, add_person, two);
    expect(f, 2, 2);
}

static void test_a_refusal_undoes_rows_and_audit(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    fixture_do(f, add_person, one);
    assert_int_equal(fixture_write(f, add_then_refuse, two, &err), ST_INVALID);
    assert_string_equal(err.detail, "changed my mind");
    expect(f, 1, 1);
}

static void test_an_unknown_organisation_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    assert_int_equal(store_write_now(f->store, "0000000000", "tester", add_person, one, &err), ST_NOT_FOUND);
    assert_string_equal(err.detail, "there is no organisation 0000000000");
    expect(f, 0, 0);
}

static enum status look_around(struct txn *txn, void *context, struct error *err)
{
    struct fixture *f = context;
    (void)err;
    assert_string_equal(txn_organisation(txn), f->org);
    assert_string_equal(txn_actor(txn), "tester");
    assert_true(txn_now(txn) == FIXTURE_NOW);
    assert_true(snapshot_now(txn_snapshot(txn)) == FIXTURE_NOW);
    assert_ptr_equal(txn_arena(txn), snapshot_arena(txn_snapshot(txn)));
    assert_non_null(txn_keyring(txn));
    return ST_OK;
}

static void test_a_job_knows_where_and_when_it_is(void **state)
{
    struct fixture *f = *state;
    fixture_do(f, look_around, f);
}

static enum status ignore_failures(struct txn *txn, void *context, struct error *err)
{
    (void)add_person(txn, context, err);
    db_exec(txn_snapshot(txn)->db, &txn_nonsense, DB_NO_VALUES);
    return ST_OK;
}

static enum status ignore_clash(struct txn *txn, void *context, struct error *err)
{
    (void)add_person(txn, context, err);
    for (int i = 0; i < 2; i++)
        db_exec(txn_snapshot(txn)->db, &txn_clash, DB_NO_VALUES);
    return ST_OK;
}

static enum status bad_payload(struct txn *txn, void *context, struct error *err)
{
    enum status status = add_person(txn, context, err);
    txn_audit(txn, "employee.created", "emp_x", "{not json");
    return status;
}

/* Whatever `run` returns: nothing is committed after a failure that it did not see. */
static void test_a_failure_that_was_not_looked_at_undoes_the_job(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(fixture_write(f, ignore_failures, one, NULL), ST_INTERNAL);
    assert_int_equal(fixture_write(f, ignore_clash, one, NULL), ST_CONFLICT);
    assert_int_equal(fixture_write(f, bad_payload, one, NULL), ST_INTERNAL);
    expect(f, 0, 0);
    fixture_do(f, add_person, one);
    expect(f, 1, 1);
}

struct attempts {
    enum status inner[4];
};

static enum status import_some(struct txn *txn, void *context, struct error *err)
{
    static const char *const numbers[] = {"1", "2", "1", "3"};
    struct attempts *attempts = context;
    (void)err;
    for (int i = 0; i < 4; i++)
        attempts->inner[i] = txn_try(txn, i == 1 ? add_then_refuse : add_person, (void *)numbers[i], NULL);
    return ST_OK;
}

static void test_txn_try_undoes_only_its_part(void **state)
{
    struct fixture *f = *state;
    struct attempts attempts;
    fixture_do(f, import_some, &attempts);
    const enum status expected[] = {ST_OK, ST_INVALID, ST_CONFLICT, ST_OK};
    assert_memory_equal(attempts.inner, expected, sizeof expected);
    expect(f, 2, 2);
}

static enum status try_failures(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    assert_int_equal(txn_try(txn, ignore_failures, one, NULL), ST_INTERNAL);
    assert_int_equal(txn_try(txn, bad_payload, one, NULL), ST_INTERNAL);
    assert_int_equal(txn_try(txn, ignore_clash, one, NULL), ST_CONFLICT);
    return txn_try(txn, add_person, two, err);
}

static void test_txn_try_survives_failed_statements(void **state)
{
    struct fixture *f = *state;
    fixture_do(f, try_failures, NULL);
    expect(f, 1, 1);
}

static enum status say_twice(struct txn *txn, void *context, struct error *err)
{
    char verb[] = "first";
    (void)context;
    (void)err;
    txn_audit(txn, verb, "emp_subject", NULL);
    memcpy(verb, "later", sizeof verb);
    txn_audit(txn, verb, "emp_subject", "[1,2]");
    return ST_OK;
}

static enum status read_records(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct fixture *f = context;
    struct audit_list list;
    const struct audit_filter all = {.newest_first = false};
    enum status status = audit_list(snapshot, f->org, &all, &(struct page){0}, &list, err);
    if (status != ST_OK)
        return status;
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].verb, "first");
    assert_string_equal(list.items[0].payload, "{}");
    assert_string_equal(list.items[0].actor, "tester");
    assert_true(list.items[0].at == FIXTURE_NOW);
    assert_string_equal(list.items[1].verb, "later");
    assert_memory_equal(&list.items[1].subject_prev, &list.items[0].hash, sizeof(struct sha256));
    assert_memory_equal(&list.items[1].prev, &list.items[0].hash, sizeof(struct sha256));
    return ST_OK;
}

static void test_records_hold_what_was_said(void **state)
{
    struct fixture *f = *state;
    fixture_do(f, say_twice, NULL);
    fixture_see(f, read_records, f);
}

static void test_each_organisation_has_its_own_chain(void **state)
{
    struct fixture *f = *state;
    const char *other = fixture_organisation(f, "Autre");
    fixture_do(f, say_twice, NULL);
    assert_int_equal(store_write_now(f->store, other, "tester", say_twice, NULL, NULL), ST_OK);
    assert_int_equal(store_write_now(f->store, "system", "tester", say_twice, NULL, NULL), ST_OK);
    assert_int_equal(fixture_verify(f, f->org), 2);
    assert_int_equal(fixture_verify(f, other), 2);
    assert_int_equal(fixture_verify(f, "system"), 2);
}

static void test_a_store_opens_again_with_all_it_held(void **state)
{
    struct fixture *f = *state;
    struct store *second = NULL;
    struct error err = ERROR_INIT;
    fixture_do(f, add_person, one);
    const struct store_options options = {.path = f->path, .clock = f->clock};
    assert_int_equal(store_open(NULL, &options, &second, &err), ST_OK);
    assert_int_equal(store_write_now(second, f->org, "tester", add_person, two, NULL), ST_OK);
    store_free(second);
    expect(f, 2, 2);
}

static void test_a_copy_is_a_store(void **state)
{
    struct fixture *f = *state;
    char path[160];
    struct store *copy = NULL;
    struct store_verdict verdict;
    fixture_do(f, add_person, one);
    snprintf(path, sizeof path, "%s/copy", f->scratch.folder);
    assert_int_equal(store_backup(f->path, path, &verdict, NULL), ST_OK);
    const struct store_options options = {.path = path, .clock = f->clock};
    assert_int_equal(store_open(NULL, &options, &copy, NULL), ST_OK);
    struct count count = {0};
    assert_int_equal(store_read_now(copy, count_all, &count, NULL), ST_OK);
    assert_int_equal(count.employees, 1);
    store_free(copy);
}

static void test_a_store_that_cannot_be_opened(void **state)
{
    struct fixture *f = *state;
    struct store *store = NULL;
    struct error err = ERROR_INIT;
    const struct store_options options = {.path = "/nowhere/store", .clock = f->clock};
    assert_int_equal(store_open(NULL, &options, &store, &err), ST_INTERNAL);
    assert_non_null(strstr(err.detail, "/nowhere/store"));
    assert_null(store);
}

static void done_never(void *context, enum status status, const struct error *err)
{
    (void)context;
    (void)err;
    fail_msg("done with %d", (int)status);
}

static void test_without_a_loop_there_are_no_lanes(void **state)
{
    struct fixture *f = *state;
    const struct store_request request = {.organisation = f->org, .actor = "tester", .done = done_never};
    assert_int_equal(store_write(f->store, &request, add_person, NULL), ST_BUSY);
    assert_int_equal(store_read(f->store, &request, count_all, NULL), ST_BUSY);
    struct store_stats stats;
    store_stats(f->store, &stats);
    assert_int_equal(stats.write.submitted, 0);
    assert_true(stats.file_bytes > 0);
    assert_true(store_ready(f->store));
}

/* ---- entering an organisation that was just added */

static enum status add_and_enter(struct txn *txn, void *context, struct error *err)
{
    struct organisation_row row = {.name = "Neuve", .locale = "fr", .zone = "UTC", .settings = "{}"};
    char *key = context;
    enum status status = organisation_add(txn, &row, err);
    if (status == ST_OK)
        status = txn_enter(txn, row.key, err);
    if (status != ST_OK)
        return status;
    assert_null(*txn_slot(txn));
    assert_string_equal(txn_organisation(txn), row.key);
    (void)text_copy(key, ORG_KEY_MAX, row.key);
    return add_person(txn, one, err);
}

static enum status enter_then_refuse(struct txn *txn, void *context, struct error *err)
{
    enum status status = add_and_enter(txn, context, err);
    return status != ST_OK ? status : error_set(err, ST_INVALID, "changed my mind");
}

static enum status enter_aside(struct txn *txn, void *context, struct error *err)
{
    assert_int_equal(txn_try(txn, enter_then_refuse, context, err), ST_INVALID);
    assert_string_equal(txn_organisation(txn), "system");
    txn_audit(txn, "system.noted", "org_system", NULL);
    return ST_OK;
}

static void test_a_new_organisation_is_entered(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    char key[ORG_KEY_MAX];
    int64_t before = fixture_verify(f, "system");
    assert_int_equal(store_write_now(f->store, "system", "tester", add_and_enter, key, &err), ST_OK);
    assert_int_equal(fixture_verify(f, key), 1);
    assert_int_equal(fixture_verify(f, "system"), before);
    assert_int_equal(store_write_now(f->store, "system", "tester", enter_aside, key, &err), ST_OK);
    assert_int_equal(fixture_verify(f, "system"), before + 1);
}

static enum status enter_from_elsewhere(struct txn *txn, void *context, struct error *err)
{
    return txn_enter(txn, context, err);
}

static void test_only_the_system_enters(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    assert_int_equal(fixture_write(f, enter_from_elsewhere, f->org, &err), ST_INTERNAL);
    assert_int_equal(
        store_write_now(f->store, "system", "tester", enter_from_elsewhere, nobody, &err), ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_rows_and_audit_commit_together),
        STORE_TEST(test_a_refusal_undoes_rows_and_audit),
        STORE_TEST(test_an_unknown_organisation_is_not_found),
        STORE_TEST(test_a_job_knows_where_and_when_it_is),
        STORE_TEST(test_a_failure_that_was_not_looked_at_undoes_the_job),
        STORE_TEST(test_txn_try_undoes_only_its_part),
        STORE_TEST(test_txn_try_survives_failed_statements),
        STORE_TEST(test_records_hold_what_was_said),
        STORE_TEST(test_each_organisation_has_its_own_chain),
        STORE_TEST(test_a_store_opens_again_with_all_it_held),
        STORE_TEST(test_a_copy_is_a_store),
        STORE_TEST(test_a_store_that_cannot_be_opened),
        STORE_TEST(test_without_a_loop_there_are_no_lanes),
        STORE_TEST(test_a_new_organisation_is_entered),
        STORE_TEST(test_only_the_system_enters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
