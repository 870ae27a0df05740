/* The stored audit chain: lists, what tampering breaks, what erasing leaves. */
#include "fixture.h"

#include "db/db.h"
#include "internal.h"
#include "store/audit.h"

#define RECORDS 10

STATEMENT(audit_test_actor, "UPDATE audit SET actor = 'someone' WHERE seq = 4");
STATEMENT(audit_test_subject, "UPDATE audit SET subject_prev = NULL WHERE seq = 4");
STATEMENT(audit_test_payload, "UPDATE audit_payload SET payload = '{\"n\":99}' WHERE seq = 4");
STATEMENT(audit_test_no_payload, "DELETE FROM audit_payload WHERE seq = 4");
STATEMENT(audit_test_lost_payloads, "DELETE FROM audit_payload WHERE seq >= 9");
STATEMENT(audit_test_cut, "DELETE FROM audit WHERE seq >= 9");
STATEMENT(audit_test_head, "UPDATE organisation SET audit_hash = '' WHERE key <> 'system'");
STATEMENT(audit_test_again, "INSERT INTO audit_payload (organisation, seq, salt, payload) SELECT organisation, "
                            "seq, X'00', '{}' FROM audit "
                            "WHERE seq = 4");

static enum status write_records(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    (void)err;
    for (int i = 1; i <= RECORDS; i++)
        txn_audit(
            txn, "thing.done", i % 2 ? "emp_odd" : "emp_even", arena_printf(txn_arena(txn), "{\"n\":%d}", i));
    return ST_OK;
}

static int set_up(void **state)
{
    fixture_set_up(state);
    fixture_do(*state, write_records, NULL);
    return 0;
}

/* ---- lists */

static const char *listed(
    const struct snapshot *snapshot, const char *org, const struct audit_filter *filter, unsigned limit)
{
    struct arena *arena = snapshot_arena(snapshot);
    char *numbers = arena_strdup(arena, "");
    struct page page = {.limit = limit};
    struct audit_list list;
    do {
        assert_int_equal(audit_list(snapshot, org, filter, &page, &list, NULL), ST_OK);
        for (size_t i = 0; i < list.count; i++)
            numbers = arena_printf(arena, "%s %d", numbers, (int)list.items[i].seq);
        page.cursor = list.next;
    } while (list.next);
    return numbers;
}

static enum status see_lists(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct fixture *f = context;
    (void)err;
    struct audit_filter filter = {.newest_first = false};
    assert_string_equal(listed(snapshot, f->org, &filter, 3), " 1 2 3 4 5 6 7 8 9 10");
    filter.after = 7;
    assert_string_equal(listed(snapshot, f->org, &filter, 0), " 8 9 10");
    filter.newest_first = true;
    assert_string_equal(listed(snapshot, f->org, &filter, 4), " 6 5 4 3 2 1");
    filter = (struct audit_filter){.subject = "emp_even"};
    assert_string_equal(listed(snapshot, f->org, &filter, 2), " 2 4 6 8 10");
    filter.newest_first = true;
    assert_string_equal(listed(snapshot, f->org, &filter, 2), " 10 8 6 4 2");
    filter.subject = "emp_none";
    assert_string_equal(listed(snapshot, f->org, &filter, 2), "");
    assert_string_equal(listed(snapshot, "system", &(struct audit_filter){.after = 0}, 2), "");
    return ST_OK;
}

static void test_lists_go_both_ways_and_by_subject(void **state)
{
    fixture_see(*state, see_lists, *state);
}

static enum status see_cursors(const struct snapshot *snapshot, void *context, struct error *err)
{
    static const char *const bad[] = {"", "x", "WyJ4Il0" /* ["x"] */, "WzFd" /* [1] */, "W10" /* [] */, "!!"};
    struct fixture *f = context;
    struct audit_list list;
    (void)err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error refused = ERROR_INIT;
        const struct page page = {.cursor = bad[i]};
        const struct audit_filter all = {.after = 0};
        assert_int_equal(audit_list(snapshot, f->org, &all, &page, &list, &refused), ST_INVALID);
        assert_string_equal(refused.fields[0].pointer, "/cursor");
    }
    return ST_OK;
}

static void test_foreign_cursors_are_refused(void **state)
{
    fixture_see(*state, see_cursors, *state);
}

static enum status see_head(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct fixture *f = context;
    int64_t seq = -1;
    struct sha256 hash, none = {{0}};
    assert_int_equal(audit_head_of(snapshot, f->org, &seq, &hash, err), ST_OK);
    assert_int_equal(seq, RECORDS);
    assert_int_equal(audit_head_of(snapshot, "system", &seq, &hash, err), ST_OK);
    assert_int_equal(seq, 0);
    assert_memory_equal(&hash, &none, sizeof none);
    assert_int_equal(audit_head_of(snapshot, "0000000000", &seq, &hash, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_the_head_is_the_last_record(void **state)
{
    fixture_see(*state, see_head, *state);
}

/* ---- tampering, straight in the database */

static enum status verify(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct fixture *f = context;
    struct audit_verification all = {.seq = 0};
    enum status status = ST_OK;
    while (status == ST_OK && !all.finished)
        status = audit_verify(snapshot, f->org, &all, 4, err);
    return status;
}

static void expect_broken(struct fixture *f, const char *sentence)
{
    struct error err = ERROR_INIT;
    assert_int_equal(fixture_read(f, verify, f, &err), ST_CONFLICT);
    assert_string_equal(err.detail, sentence);
}

static enum status tamper(struct txn *txn, void *context, struct error *err)
{
    const struct statement *const *statements = context;
    for (; *statements; statements++)
        db_exec(txn_snapshot(txn)->db, *statements, DB_NO_VALUES);
    return db_status(txn_snapshot(txn)->db, err);
}

static void run_tamper(struct fixture *f, const struct statement *first, const struct statement *second)
{
    const struct statement *statements[] = {first, second, NULL};
    fixture_do(f, tamper, statements);
}

static void test_a_changed_record_is_found(void **state)
{
    run_tamper(*state, &audit_test_actor, NULL);
    expect_broken(*state, "audit record 4 was changed: its hash does not match");
}

static void test_a_changed_link_to_the_subject_is_found(void **state)
{
    run_tamper(*state, &audit_test_subject, NULL);
    expect_broken(*state, "audit record 4 was changed: its hash does not match");
}

static void test_a_changed_payload_is_found(void **state)
{
    run_tamper(*state, &audit_test_payload, NULL);
    expect_broken(*state, "the payload of audit record 4 was changed or is missing");
}

static void test_a_missing_payload_is_found(void **state)
{
    run_tamper(*state, &audit_test_no_payload, NULL);
    expect_broken(*state, "the payload of audit record 4 was changed or is missing");
}

static void test_another_payload_is_found(void **state)
{
    run_tamper(*state, &audit_test_no_payload, &audit_test_again);
    expect_broken(*state, "the payload of audit record 4 was changed or is missing");
}

static void test_a_cut_chain_is_found(void **state)
{
    run_tamper(*state, &audit_test_lost_payloads, &audit_test_cut);
    expect_broken(*state, "the chain ends at record 8, 10 were written");
}

static void test_another_head_is_found(void **state)
{
    run_tamper(*state, &audit_test_head, NULL);
    expect_broken(*state, "audit record 10 is not the one that was written last");
}

/* ---- erasing */

static enum status erase(struct txn *txn, void *context, struct error *err)
{
    return audit_erase_subject(txn, "emp_even", context, err);
}

static enum status see_erased(const struct snapshot *snapshot, void *context, struct error *err)
{
    static const uint8_t zero[AUDIT_ROW_SALT];
    struct fixture *f = context;
    struct audit_list list;
    const struct audit_filter all = {.after = 0};
    assert_int_equal(audit_list(snapshot, f->org, &all, &(struct page){0}, &list, err), ST_OK);
    for (size_t i = 0; i < list.count; i++) {
        const struct audit_row *row = &list.items[i];
        bool erased = strcmp(row->subject, "emp_even") == 0;
        assert_int_equal(row->payload == NULL, erased);
        assert_int_equal(memcmp(row->salt, zero, sizeof zero) == 0, erased);
        assert_true(erased ? row->erased_at == FIXTURE_NOW : row->erased_at == INSTANT_NONE);
    }
    struct audit_verification state = {.seq = 0};
    assert_int_equal(audit_verify(snapshot, f->org, &state, 100, err), ST_OK);
    assert_true(state.finished);
    assert_int_equal(state.seq, RECORDS);
    assert_int_equal(state.payloads, 5);
    assert_int_equal(state.erased, 5);
    return ST_OK;
}

static void test_an_erased_chain_still_verifies(void **state)
{
    int64_t erased = 0;
    fixture_do(*state, erase, &erased);
    assert_int_equal(erased, 5);
    fixture_see(*state, see_erased, *state);
    fixture_do(*state, erase, &erased);
    assert_int_equal(erased, 0);
    fixture_do(*state, write_records, NULL);
    assert_int_equal(fixture_verify(*state, ((struct fixture *)*state)->org), 2 * RECORDS);
}

#define AUDIT_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AUDIT_TEST(test_lists_go_both_ways_and_by_subject),
        AUDIT_TEST(test_foreign_cursors_are_refused),
        AUDIT_TEST(test_the_head_is_the_last_record),
        AUDIT_TEST(test_a_changed_record_is_found),
        AUDIT_TEST(test_a_changed_link_to_the_subject_is_found),
        AUDIT_TEST(test_a_changed_payload_is_found),
        AUDIT_TEST(test_a_missing_payload_is_found),
        AUDIT_TEST(test_another_payload_is_found),
        AUDIT_TEST(test_a_cut_chain_is_found),
        AUDIT_TEST(test_another_head_is_found),
        AUDIT_TEST(test_an_erased_chain_still_verifies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
