/* Versions of one invitation by mail and by calendar: which way the last one went, what overtakes what. */
#include "fixture.h"

#include "store/delivery.h"

#define UID "review-1@example.org"

static const char *add(
    struct txn *txn, const char *channel, const char *kind, const char *recipient, int sequence)
{
    struct error err = ERROR_INIT;
    struct delivery_row row = {.channel = channel,
        .kind = kind,
        .recipient = recipient,
        .uid = UID,
        .sequence = sequence,
        .due_at = INSTANT_NONE,
        .content = SPAN_TEXT("MIME")};
    if (delivery_add(txn, &row, &err) != ST_OK)
        fail_msg("%s", err.detail);
    return row.id;
}

static void claim(struct txn *txn, size_t count)
{
    struct delivery_list list;
    assert_int_equal(delivery_claim(txn, NULL, "sender", txn_now(txn) + US_PER_SEC, 10, &list, NULL), ST_OK);
    assert_int_equal(list.count, count);
}

static void expect_after_failure(struct txn *txn, const char *id, enum delivery_state state)
{
    struct delivery_row row;
    assert_int_equal(delivery_failed(txn, id, "sender", "421", txn_now(txn), NULL), ST_OK);
    assert_int_equal(delivery_get(txn_snapshot(txn), id, &row, NULL), ST_OK);
    assert_int_equal(row.state, state);
}

static bool by_mail(struct txn *txn, const char *recipient, int below)
{
    bool mailed = false;
    const struct snapshot *snapshot = txn_snapshot(txn);
    assert_int_equal(
        delivery_goes_by_mail(snapshot, txn_organisation(txn), UID, recipient, below, &mailed, NULL), ST_OK);
    return mailed;
}

static bool was_mailed(struct txn *txn, const char *recipient, int since)
{
    bool mailed = false;
    const struct snapshot *snapshot = txn_snapshot(txn);
    assert_int_equal(
        delivery_was_mailed(snapshot, txn_organisation(txn), UID, recipient, since, &mailed, NULL), ST_OK);
    return mailed;
}

static enum status ways(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    const char *first = add(txn, "mail", "invitation", "ada@example.org", 0);
    assert_true(by_mail(txn, "ada@example.org", DELIVERY_ANY_VERSION));
    assert_false(by_mail(txn, "hr@example.org", DELIVERY_ANY_VERSION));
    assert_false(by_mail(txn, "ada@example.org", 0)); /* nothing before the first */
    claim(txn, 1);
    add(txn, "caldav", "invitation", "hr@example.org", 1); /* tells Ada as well */
    assert_false(by_mail(txn, "ada@example.org", DELIVERY_ANY_VERSION));
    assert_true(by_mail(txn, "ada@example.org", 1));
    assert_true(was_mailed(txn, "ada@example.org", 0) && !was_mailed(txn, "ada@example.org", 1));
    expect_after_failure(txn, first, DELIVERY_STATE_SUPERSEDED);
    assert_int_equal(delivery_retry(txn, first, err), ST_CONFLICT);
    add(txn, "mail", "invitation", "ada@example.org", 1); /* it could not */
    assert_true(by_mail(txn, "ada@example.org", DELIVERY_ANY_VERSION));
    assert_true(was_mailed(txn, "ada@example.org", 1));
    return ST_OK;
}

static void test_a_calendar_takes_over_from_mail(void **state)
{
    fixture_do(*state, ways, NULL);
}

/* Bob is not on the list any more: what the others are told is not for him. */
static enum status removed(struct txn *txn, void *context, struct error *err)
{
    (void)context;
    (void)err;
    const char *cancellation = add(txn, "mail", "cancellation", "bob@example.org", 1);
    claim(txn, 1);
    add(txn, "caldav", "invitation", "hr@example.org", 2);
    expect_after_failure(txn, cancellation, DELIVERY_STATE_FAILED);
    return ST_OK;
}

static void test_a_cancellation_is_overtaken_by_no_invitation(void **state)
{
    fixture_do(*state, removed, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_calendar_takes_over_from_mail),
        STORE_TEST(test_a_cancellation_is_overtaken_by_no_invitation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
