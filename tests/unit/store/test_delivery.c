/* The outbox: modes, leases, the order of versions, retries, what is due. */
#include "fixture.h"

#include "store/delivery.h"
#include "store/organisation.h"

#define MINUTE (60 * US_PER_SEC)

/* The ids of rows by the number they were added under. */
struct box {
    struct fixture *fixture;
    char ids[16][ID_MAX];
};

static const struct span whole = {"the secret", 10}, kept = {"the ******", 10};

static struct delivery_row mail(const char *recipient)
{
    return (struct delivery_row){.channel = "mail",
        .content = whole,
        .kind = "invitation",
        .recipient = recipient,
        .due_at = INSTANT_NONE,
        .payload = "{\"template\":\"invite\"}"};
}

static enum delivery_state add(struct txn *txn, struct box *box, int number, struct delivery_row row)
{
    struct error err = ERROR_INIT;
    if (delivery_add(txn, &row, &err) != ST_OK)
        fail_msg("%s", err.detail);
    memcpy(box->ids[number], row.id, strlen(row.id) + 1);
    return row.state;
}

static struct delivery_row get(const struct snapshot *snapshot, const struct box *box, int number)
{
    struct delivery_row row;
    assert_int_equal(delivery_get(snapshot, box->ids[number], &row, NULL), ST_OK);
    return row;
}

#define state_of(txn, box, number) get(txn_snapshot(txn), box, number).state

/* The numbers of the rows that a claim gives, in their order. */
static const char *claim(struct txn *txn, const struct box *box, const char *channel, unsigned limit)
{
    struct arena *arena = txn_arena(txn);
    struct delivery_list list;
    char *numbers = arena_strdup(arena, "");
    const instant_t until = txn_now(txn) + 5 * MINUTE;
    assert_int_equal(delivery_claim(txn, channel, "sender", until, limit, &list, NULL), ST_OK);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.items[i].state, DELIVERY_STATE_LEASED);
        assert_true(list.items[i].next_at == until);
        assert_string_equal(list.items[i].lease_owner, "sender");
        for (int number = 0; number < 16; number++)
            if (strcmp(box->ids[number], list.items[i].id) == 0)
                numbers = arena_printf(arena, "%s%d", numbers, number);
    }
    return numbers;
}

static struct box *box_of(void **state)
{
    static struct box box;
    box = (struct box){.fixture = *state};
    return &box;
}

/* ---- rows */

static enum status add_full(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    struct delivery_row row = {.id = id_make(txn_arena(txn), "dlv", txn_organisation(txn), txn_now(txn)),
        .channel = "mail",
        .kind = "invitation",
        .employee = "emp_x",
        .review = "rev_x",
        .subject = "duty_x",
        .recipient = "ada@example.org",
        .uid = "review-x@example.org",
        .sequence = 3,
        .message_id = "<x@example.org>",
        .due_at = txn_now(txn) + MINUTE,
        .payload = "{\"a\":1}",
        .content = SPAN_TEXT("MIME")};
    struct delivery_row found;
    assert_int_equal(delivery_add(txn, &row, err), ST_OK);
    assert_int_equal(row.state, DELIVERY_STATE_QUEUED);
    assert_int_equal(delivery_get(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_string_equal(arena_printf(txn_arena(txn), "%s %s %s %s %s", found.channel, found.kind,
                            found.employee, found.review, found.subject),
        "mail invitation emp_x rev_x duty_x");
    assert_string_equal(arena_printf(txn_arena(txn), "%s %s %s", found.recipient, found.uid, found.message_id),
        "ada@example.org review-x@example.org <x@example.org>");
    assert_int_equal(found.sequence, 3);
    assert_true(found.due_at == txn_now(txn) + MINUTE && found.next_at == found.due_at);
    assert_true(found.state == DELIVERY_STATE_QUEUED && found.attempts == 0 && found.content.size == 4);
    assert_string_equal(found.payload, "{\"a\":1}");
    assert_memory_equal(found.content.data, "MIME", 4);
    assert_true(found.created_at == txn_now(txn) && found.sent_at == INSTANT_NONE);
    assert_string_equal(claim(txn, box, NULL, 10), ""); /* not due yet */
    assert_int_equal(delivery_get(txn_snapshot(txn), "dlv_none", &found, err), ST_NOT_FOUND);
    assert_int_equal(delivery_add(txn, &row, err), ST_CONFLICT);
    return ST_INVALID;
}

static void test_a_row_comes_back_as_it_was_added(void **state)
{
    assert_int_equal(fixture_write(*state, add_full, box_of(state), NULL), ST_INVALID);
}

/* ---- modes */

static enum status set_mode(struct txn *txn, void *context, struct error *err)
{
    struct organisation_row row;
    enum status status = organisation_get(txn_snapshot(txn), txn_organisation(txn), &row, err);
    row.deliveries = *(const enum delivery_mode *)context;
    return status != ST_OK ? status : organisation_update(txn, &row, 0, err);
}

static void switch_mode(struct fixture *f, enum delivery_mode mode)
{
    fixture_do(f, set_mode, &mode);
}

static enum status add_three(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    (void)err;
    for (int i = 0; i < 3; i++) {
        struct delivery_row row = mail("ada@example.org");
        row.due_at = txn_now(txn) + (i == 2 ? MINUTE : 0);
        add(txn, box, i, row);
    }
    return ST_OK;
}

static enum status expect_state(struct txn *txn, void *context, struct error *err)
{
    const struct box *box = context;
    (void)err;
    assert_int_equal(state_of(txn, box, 0), DELIVERY_STATE_DROPPED);
    assert_string_equal(claim(txn, box, NULL, 10), "");
    return ST_OK;
}

static enum status release(struct txn *txn, void *context, struct error *err)
{
    const struct box *box = context;
    int64_t count = 0;
    assert_int_equal(state_of(txn, box, 0), DELIVERY_STATE_HELD);
    assert_string_equal(claim(txn, box, NULL, 10), "");
    assert_int_equal(delivery_release(txn, true, &count, err), ST_OK);
    assert_int_equal(count, 3);
    assert_string_equal(claim(txn, box, NULL, 10), "01"); /* the third is due in a minute */
    return ST_OK;
}

static enum status drop(struct txn *txn, void *context, struct error *err)
{
    const struct box *box = context;
    int64_t count = 0;
    assert_int_equal(delivery_release(txn, false, &count, err), ST_OK);
    assert_int_equal(count, 3);
    assert_int_equal(state_of(txn, box, 1), DELIVERY_STATE_DROPPED);
    return ST_OK;
}

static void test_off_drops_what_is_added(void **state)
{
    struct box *box = box_of(state);
    switch_mode(*state, DELIVERY_OFF);
    fixture_do(*state, add_three, box);
    fixture_do(*state, expect_state, box);
}

static enum status claim_nothing(struct txn *txn, void *context, struct error *err)
{
    (void)err;
    assert_string_equal(claim(txn, context, NULL, 10), "");
    return ST_OK;
}

static void test_held_rows_wait_for_release(void **state)
{
    struct box *box = box_of(state);
    switch_mode(*state, DELIVERY_HELD);
    fixture_do(*state, add_three, box);
    switch_mode(*state, DELIVERY_LIVE);
    fixture_do(*state, release, box);
}

static void test_held_rows_may_be_dropped(void **state)
{
    struct box *box = box_of(state);
    switch_mode(*state, DELIVERY_HELD);
    fixture_do(*state, add_three, box);
    fixture_do(*state, drop, box);
}

static void test_nothing_leaves_while_the_organisation_is_not_live(void **state)
{
    struct box *box = box_of(state);
    fixture_do(*state, add_three, box);
    switch_mode(*state, DELIVERY_HELD);
    fixture_do(*state, claim_nothing, box);
}

/* ---- leases */

static enum status claim_some(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    (void)err;
    add_three(txn, box, err);
    struct delivery_row other = mail("https://example.org/hook");
    other.channel = "webhook";
    add(txn, box, 3, other);
    assert_string_equal(claim(txn, box, "webhook", 10), "3");
    assert_string_equal(claim(txn, box, "mail", 1), "0");
    assert_string_equal(claim(txn, box, NULL, 10), "1");
    assert_string_equal(claim(txn, box, NULL, 10), "");
    assert_int_equal(get(txn_snapshot(txn), box, 0).attempts, 1);
    return ST_OK;
}

static enum status claim_third(struct txn *txn, void *context, struct error *err)
{
    (void)err;
    assert_string_equal(claim(txn, context, NULL, 10), "2");
    return ST_OK;
}

static enum status after_the_lease(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    struct delivery_list list;
    assert_string_equal(claim(txn, box, "webhook", 10), "3");
    assert_int_equal(delivery_claim(txn, "mail", "another", txn_now(txn) + 5 * MINUTE, 1, &list, err), ST_OK);
    assert_string_equal(list.items[0].id, box->ids[0]);
    assert_int_equal(list.items[0].attempts, 2);
    assert_int_equal(delivery_sent(txn, box->ids[0], "sender", kept, err), ST_CONFLICT);
    assert_int_equal(delivery_sent(txn, box->ids[0], "another", kept, err), ST_OK);
    assert_int_equal(delivery_sent(txn, box->ids[0], "another", kept, err), ST_CONFLICT);
    struct delivery_row row = get(txn_snapshot(txn), box, 0);
    assert_int_equal(row.state, DELIVERY_STATE_SENT);
    assert_memory_equal(row.content.data, kept.data, kept.size);
    assert_string_equal(row.sha256, "368a693d784c7d1957ec748148a5de1e1f2e97f1f6360c69b0cfcf6471bbbf07");
    assert_true(row.sent_at == txn_now(txn) && row.next_at == INSTANT_NONE && !row.lease_owner);
    return ST_OK;
}

static void test_a_lease_is_one_senders_until_it_ends(void **state)
{
    struct fixture *f = *state;
    struct box *box = box_of(state);
    fixture_do(f, claim_some, box);
    clock_move(f->clock, FIXTURE_NOW + 5 * MINUTE - 1);
    fixture_do(f, claim_third, box);
    clock_move(f->clock, FIXTURE_NOW + 5 * MINUTE);
    fixture_do(f, after_the_lease, box);
}

static enum status fail_and_retry(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    const instant_t now = txn_now(txn);
    add_three(txn, box, err);
    assert_string_equal(claim(txn, box, NULL, 10), "01");
    assert_int_equal(delivery_failed(txn, box->ids[0], "sender", "451 later", now + MINUTE, err), ST_OK);
    assert_int_equal(delivery_dead(txn, box->ids[1], "sender", "550 never", err), ST_OK);
    struct delivery_row failed = get(txn_snapshot(txn), box, 0), dead = get(txn_snapshot(txn), box, 1);
    assert_int_equal(failed.state, DELIVERY_STATE_FAILED);
    assert_string_equal(failed.last_error, "451 later");
    assert_true(
        failed.next_at == now + MINUTE && failed.content.size == whole.size && dead.content.size == whole.size);
    assert_true(dead.state == DELIVERY_STATE_DEAD && dead.next_at == INSTANT_NONE);
    assert_string_equal(claim(txn, box, NULL, 10), "");
    assert_int_equal(delivery_failed(txn, box->ids[0], "sender", "", now, err), ST_CONFLICT);
    assert_int_equal(delivery_retry(txn, box->ids[1], err), ST_OK);
    assert_int_equal(delivery_retry(txn, box->ids[1], err), ST_CONFLICT); /* queued already */
    assert_int_equal(delivery_retry(txn, "dlv_none", err), ST_NOT_FOUND);
    assert_string_equal(claim(txn, box, NULL, 10), "1");
    assert_int_equal(delivery_sent(txn, box->ids[1], "sender", kept, err), ST_OK);
    assert_int_equal(delivery_retry(txn, box->ids[1], err), ST_CONFLICT);
    assert_null(get(txn_snapshot(txn), box, 1).last_error);
    return ST_OK;
}

static enum status claim_failed(struct txn *txn, void *context, struct error *err)
{
    (void)err;
    assert_string_equal(claim(txn, context, NULL, 10), "02");
    return ST_OK;
}

static void test_failures_are_tried_again_until_given_up(void **state)
{
    struct fixture *f = *state;
    struct box *box = box_of(state);
    fixture_do(f, fail_and_retry, box);
    clock_move(f->clock, FIXTURE_NOW + MINUTE);
    fixture_do(f, claim_failed, box);
}

/* ---- versions of one calendar object */

static struct delivery_row version(const char *recipient, int64_t sequence)
{
    struct delivery_row row = mail(recipient);
    row.uid = "review-1@example.org";
    row.sequence = sequence;
    row.review = "rev_1";
    return row;
}

static enum status supersede(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    (void)err;
    add(txn, box, 0, version("ada@example.org", 0));
    add(txn, box, 1, version("boss@example.org", 0));
    add(txn, box, 2, mail("ada@example.org")); /* no calendar object: untouched */
    add(txn, box, 3, version("ada@example.org", 1));
    assert_int_equal(state_of(txn, box, 0), DELIVERY_STATE_SUPERSEDED);
    assert_true(get(txn_snapshot(txn), box, 0).next_at == INSTANT_NONE);
    assert_int_equal(get(txn_snapshot(txn), box, 0).content.size, 0);
    assert_int_equal(state_of(txn, box, 1), DELIVERY_STATE_QUEUED);
    assert_string_equal(claim(txn, box, NULL, 10), "123");
    assert_int_equal(delivery_retry(txn, box->ids[0], err), ST_CONFLICT); /* never again */
    return ST_OK;
}

static void test_a_newer_version_supersedes_what_waits(void **state)
{
    fixture_do(*state, supersede, box_of(state));
}

static enum status under_way(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    add(txn, box, 0, version("ada@example.org", 0));
    assert_string_equal(claim(txn, box, NULL, 10), "0");
    add(txn, box, 1, version("ada@example.org", 1));
    assert_int_equal(state_of(txn, box, 0), DELIVERY_STATE_LEASED);
    assert_string_equal(claim(txn, box, NULL, 10), ""); /* the older one is under way */
    assert_int_equal(delivery_sent(txn, box->ids[0], "sender", kept, err), ST_OK);
    assert_string_equal(claim(txn, box, NULL, 10), "1");
    add(txn, box, 2, version("ada@example.org", 2));
    assert_int_equal(delivery_failed(txn, box->ids[1], "sender", "421", txn_now(txn), err), ST_OK);
    assert_int_equal(state_of(txn, box, 1), DELIVERY_STATE_SUPERSEDED);
    assert_string_equal(claim(txn, box, NULL, 10), "2");
    return ST_OK;
}

static void test_two_versions_are_never_under_way_at_once(void **state)
{
    fixture_do(*state, under_way, box_of(state));
}

static enum status withdraw(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    int64_t count = 0;
    struct delivery_row reminder = version("ada@example.org", 0);
    reminder.uid = NULL;
    reminder.kind = "reminder";
    add(txn, box, 0, reminder);
    add(txn, box, 1, reminder);
    add(txn, box, 2, version("ada@example.org", 0));
    reminder.review = "rev_2";
    add(txn, box, 3, reminder);
    assert_string_equal(claim(txn, box, NULL, 1), "0");
    assert_int_equal(delivery_withdraw_review(txn, "rev_1", "reminder", &count, err), ST_OK);
    assert_int_equal(count, 1);
    assert_int_equal(delivery_withdraw_review(txn, "rev_1", NULL, &count, err), ST_OK);
    assert_int_equal(count, 1);
    assert_int_equal(state_of(txn, box, 0), DELIVERY_STATE_LEASED);
    assert_string_equal(claim(txn, box, NULL, 10), "3");
    return ST_OK;
}

static void test_what_waits_about_a_review_can_be_withdrawn(void **state)
{
    fixture_do(*state, withdraw, box_of(state));
}

/* ---- lists and what is due */

static enum status add_mixed(struct txn *txn, void *context, struct error *err)
{
    struct box *box = context;
    (void)err;
    for (int i = 0; i < 5; i++) {
        struct delivery_row row = mail("ada@example.org");
        row.review = i % 2 ? "rev_1" : NULL;
        row.employee = i < 2 ? "emp_1" : NULL;
        row.kind = i == 4 ? "reminder" : "invitation";
        row.due_at = txn_now(txn) + (5 - i) * MINUTE;
        row.content = SPAN_TEXT("MIME");
        add(txn, box, i, row);
    }
    return ST_OK;
}

static const char *listed(const struct snapshot *snapshot, const struct box *box, struct delivery_filter filter)
{
    struct arena *arena = snapshot_arena(snapshot);
    char *numbers = arena_strdup(arena, "");
    struct page page = {.limit = 2};
    struct delivery_list list;
    do {
        assert_int_equal(delivery_list(snapshot, box->fixture->org, &filter, &page, &list, NULL), ST_OK);
        for (size_t i = 0; i < list.count; i++)
            for (int number = 0; number < 16; number++)
                if (strcmp(box->ids[number], list.items[i].id) == 0)
                    numbers = arena_printf(arena, "%s%d", numbers, number);
        page.cursor = list.next;
    } while (list.next);
    return numbers;
}

static enum status see_lists(const struct snapshot *snapshot, void *context, struct error *err)
{
    const struct box *box = context;
    int64_t counts[DELIVERY_STATE_DROPPED + 1];
    struct delivery_due_list due;
    assert_string_equal(listed(snapshot, box, (struct delivery_filter){.state = -1}), "43210");
    assert_string_equal(listed(snapshot, box, (struct delivery_filter){.state = -1, .review = "rev_1"}), "31");
    assert_string_equal(
        listed(snapshot, box, (struct delivery_filter){.state = -1, .employee = "emp_1"}), "10");
    assert_string_equal(listed(snapshot, box, (struct delivery_filter){.state = -1, .kind = "reminder"}), "4");
    assert_string_equal(listed(snapshot, box, (struct delivery_filter){.state = DELIVERY_STATE_SENT}), "");
    assert_string_equal(
        listed(snapshot, box, (struct delivery_filter){.state = DELIVERY_STATE_QUEUED}), "43210");
    assert_int_equal(delivery_counts(snapshot, box->fixture->org, counts, err), ST_OK);
    assert_int_equal(counts[DELIVERY_STATE_QUEUED], 5);
    assert_int_equal(counts[DELIVERY_STATE_DROPPED], 0);
    assert_int_equal(delivery_counts(snapshot, NULL, counts, err), ST_OK);
    assert_int_equal(counts[DELIVERY_STATE_QUEUED], 6);
    assert_int_equal(delivery_due(snapshot, "mail", &due, err), ST_OK);
    assert_int_equal(due.count, 2);
    assert_true(due.items[0].next_at == FIXTURE_NOW);
    assert_string_not_equal(due.items[0].organisation, box->fixture->org);
    assert_string_equal(due.items[1].organisation, box->fixture->org);
    assert_true(due.items[1].next_at == FIXTURE_NOW + MINUTE);
    return ST_OK;
}

static enum status add_one(struct txn *txn, void *context, struct error *err)
{
    (void)err;
    add(txn, context, 9, mail("else@example.org"));
    return ST_OK;
}

static enum status count_due(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct delivery_due_list due;
    enum status status = delivery_due(snapshot, "mail", &due, err);
    *(size_t *)context = due.count;
    return status;
}

static void test_lists_counts_and_the_next_due(void **state)
{
    struct fixture *f = *state;
    struct box *box = box_of(state);
    const char *other = fixture_organisation(f, "Autre");
    size_t due = 0;
    fixture_do(f, add_mixed, box);
    assert_int_equal(store_write_now(f->store, other, "tester", add_one, box, NULL), ST_OK);
    fixture_see(f, see_lists, box);
    switch_mode(f, DELIVERY_OFF);
    fixture_see(f, count_due, &due);
    assert_int_equal(due, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_row_comes_back_as_it_was_added),
        STORE_TEST(test_off_drops_what_is_added),
        STORE_TEST(test_held_rows_wait_for_release),
        STORE_TEST(test_held_rows_may_be_dropped),
        STORE_TEST(test_nothing_leaves_while_the_organisation_is_not_live),
        STORE_TEST(test_a_lease_is_one_senders_until_it_ends),
        STORE_TEST(test_failures_are_tried_again_until_given_up),
        STORE_TEST(test_a_newer_version_supersedes_what_waits),
        STORE_TEST(test_two_versions_are_never_under_way_at_once),
        STORE_TEST(test_what_waits_about_a_review_can_be_withdrawn),
        STORE_TEST(test_lists_counts_and_the_next_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
