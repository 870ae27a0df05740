/* Operations: waiting, taken under a lease, ended once, forgotten after their time. */
#include "fixture.h"

#include "store/operation.h"

static struct operation_row asked(const char *kind, instant_t at)
{
    return (struct operation_row){.kind = kind, .subject = "src_x", .request = "{}", .next_at = at};
}

static enum status live(struct txn *txn, void *context, struct error *err)
{
    struct operation_row row = asked("test", txn_now(txn)), later = asked("test", txn_now(txn) + 1), found;
    struct operation_list list;
    (void)context;
    assert_int_equal(operation_add(txn, &row, err), ST_OK);
    assert_int_equal(operation_add(txn, &later, err), ST_OK);
    assert_int_equal(operation_claim(txn, "me", txn_now(txn) + 10, 5, &list, err), ST_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].id, row.id);
    assert_int_equal(list.items[0].attempts, 1);
    assert_int_equal(operation_claim(txn, "me", txn_now(txn) + 10, 5, &list, err), ST_OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(operation_load(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_string_equal(found.state, "running");
    assert_int_equal(
        operation_open(txn_snapshot(txn), txn_organisation(txn), "src_x", "test", &list, err), ST_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(operation_progress(txn, row.id, "{\"done\":1}", err), ST_OK);
    assert_int_equal(operation_end(txn, row.id, "done", "{\"done\":2}", err), ST_OK);
    assert_int_equal(operation_end(txn, row.id, "failed", "{}", err), ST_CONFLICT);
    assert_int_equal(operation_load(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_string_equal(found.state, "done");
    assert_string_equal(found.result, "{\"done\":2}");
    assert_true(found.next_at == INSTANT_NONE);
    assert_int_equal(operation_load(txn_snapshot(txn), "opn_none", &found, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_an_operation_is_taken_and_ended_once(void **state)
{
    fixture_do(*state, live, NULL);
}

static enum status end_one(struct txn *txn, void *context, struct error *err)
{
    struct operation_row row = asked("test", INSTANT_NONE);
    struct operation_watch_list watches;
    int64_t gone = -1;
    (void)context;
    assert_int_equal(operation_add(txn, &row, err), ST_OK);
    assert_int_equal(operation_watches(txn_snapshot(txn), &watches, err), ST_OK);
    assert_int_equal(watches.count, 0);
    assert_int_equal(operation_end(txn, row.id, "failed", "{}", err), ST_OK);
    assert_int_equal(operation_watches(txn_snapshot(txn), &watches, err), ST_OK);
    assert_int_equal(watches.count, 1);
    assert_true(watches.items[0].next == INSTANT_NONE && watches.items[0].oldest == txn_now(txn));
    assert_int_equal(operation_expire(txn, 10, &gone, err), ST_OK);
    assert_int_equal(gone, 0);
    return ST_OK;
}

static enum status forget(struct txn *txn, void *context, struct error *err)
{
    int64_t gone = -1;
    (void)context;
    assert_int_equal(operation_expire(txn, 10, &gone, err), ST_OK);
    assert_int_equal(gone, 1);
    return ST_OK;
}

static void test_what_has_ended_is_forgotten(void **state)
{
    struct fixture *f = *state;
    fixture_do(f, end_one, NULL);
    clock_move(f->clock, clock_now(f->clock) + OPERATION_LIFE);
    fixture_do(f, forget, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_an_operation_is_taken_and_ended_once, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_what_has_ended_is_forgotten, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
