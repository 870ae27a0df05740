/* Tokens and kept answers: found by hash, refused when spent; a key answers once. */
#include "fixture.h"

#include "store/idempotency.h"
#include "store/token.h"

static struct sha256 hash_of(const char *text)
{
    return sha256(text, strlen(text));
}

static enum status find(const struct snapshot *snapshot, const char *text, struct token_row *ret)
{
    const struct sha256 hash = hash_of(text);
    return token_find(snapshot, &hash, ret, NULL);
}

static struct token_row blank(const char *label)
{
    return (struct token_row){.scopes = "read hr", .label = label, .expires_at = INSTANT_NONE};
}

static enum status add_and_find(struct txn *txn, void *context, struct error *err)
{
    struct fixture *f = context;
    struct token_row row = blank("first"), found;
    const struct sha256 hash = hash_of("secret");
    row.employee = "emp_x";
    assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    assert_int_equal(find(txn_snapshot(txn), "secret", &found), ST_OK);
    assert_string_equal(found.id, row.id);
    assert_string_equal(found.organisation, f->org);
    assert_string_equal(found.scopes, "read hr");
    assert_string_equal(found.employee, "emp_x");
    assert_string_equal(found.label, "first");
    assert_true(found.expires_at == INSTANT_NONE && found.revoked_at == INSTANT_NONE);
    assert_int_equal(find(txn_snapshot(txn), "other", &found), ST_UNAUTHENTICATED);
    assert_int_equal(token_get(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_int_equal(token_get(txn_snapshot(txn), "tok_none", &found, err), ST_NOT_FOUND);
    return ST_OK;
}

static void test_a_token_is_found_by_its_hash(void **state)
{
    fixture_do(*state, add_and_find, *state);
}

static enum status expire_and_revoke(struct txn *txn, void *context, struct error *err)
{
    struct token_row row = blank("late"), found;
    struct sha256 hash = hash_of("late");
    (void)context;
    row.expires_at = txn_now(txn) + 1;
    assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    assert_int_equal(find(txn_snapshot(txn), "late", &found), ST_OK);
    row.expires_at = txn_now(txn);
    hash = hash_of("too late");
    assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    assert_int_equal(find(txn_snapshot(txn), "too late", &found), ST_UNAUTHENTICATED);
    row = blank("revoked");
    hash = hash_of("revoked");
    assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    assert_int_equal(token_revoke(txn, row.id, err), ST_OK);
    assert_int_equal(find(txn_snapshot(txn), "revoked", &found), ST_UNAUTHENTICATED);
    assert_int_equal(token_revoke(txn, "tok_none", err), ST_NOT_FOUND);
    assert_int_equal(token_get(txn_snapshot(txn), row.id, &found, err), ST_OK);
    assert_true(found.revoked_at == txn_now(txn));
    return token_revoke(txn, row.id, err);
}

static void test_expired_and_revoked_tokens_are_refused(void **state)
{
    fixture_do(*state, expire_and_revoke, NULL);
}

static enum status use(struct txn *txn, void *context, struct error *err)
{
    struct token_row row = blank("used"), found;
    const struct sha256 hash = hash_of("used");
    const instant_t now = txn_now(txn);
    static const int after[] = {0, 1, 59, 60, 61};
    static const int noted[] = {0, 0, 0, 60, 60};
    (void)context;
    assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(token_used(txn, row.id, now + after[i] * US_PER_SEC, err), ST_OK);
        assert_int_equal(token_get(txn_snapshot(txn), row.id, &found, err), ST_OK);
        assert_true(found.last_used == now + noted[i] * US_PER_SEC);
    }
    return ST_OK;
}

static void test_a_use_is_noted_once_a_minute(void **state)
{
    fixture_do(*state, use, NULL);
}

static enum status list(struct txn *txn, void *context, struct error *err)
{
    static const char *const labels[] = {"a", "b", "c"};
    struct token_list part;
    struct page page = {.limit = 2};
    (void)context;
    for (int i = 0; i < 3; i++) {
        struct token_row row = blank(labels[i]);
        const struct sha256 hash = hash_of(labels[i]);
        assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    }
    assert_int_equal(token_list(txn_snapshot(txn), txn_organisation(txn), &page, &part, err), ST_OK);
    assert_int_equal(part.count, 2);
    assert_string_equal(part.items[0].label, "c");
    page.cursor = part.next;
    assert_int_equal(token_list(txn_snapshot(txn), txn_organisation(txn), &page, &part, err), ST_OK);
    assert_int_equal(part.count, 1);
    assert_string_equal(part.items[0].label, "a");
    assert_null(part.next);
    return ST_OK;
}

static void test_tokens_are_listed_newest_first(void **state)
{
    fixture_do(*state, list, NULL);
}

static enum status add_system(struct txn *txn, void *context, struct error *err)
{
    struct token_row row = blank("all"), found;
    const struct sha256 hash = hash_of("all");
    (void)context;
    assert_int_equal(token_add(txn, &row, &hash, err), ST_OK);
    assert_int_equal(find(txn_snapshot(txn), "all", &found), ST_OK);
    assert_string_equal(found.organisation, "system");
    return token_revoke(txn, row.id, err);
}

static void test_a_token_for_all_belongs_to_the_system(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_write_now(f->store, "system", "tester", add_system, NULL, NULL), ST_OK);
}

/* ---- kept answers */

static struct idempotency_row answer(const char *body)
{
    return (struct idempotency_row){.request_hash = hash_of("request"),
        .status = 201,
        .etag = "\"1\"",
        .location = "/v1/employees/emp_x",
        .media_type = "application/json",
        .body = body ? SPAN_TEXT(body) : (struct span){NULL, 0}};
}

static enum status keep(struct txn *txn, void *context, struct error *err)
{
    struct idempotency_row row = answer("{\"id\":1}"), found;
    const struct snapshot *snapshot = txn_snapshot(txn);
    (void)context;
    assert_int_equal(idempotency_get(snapshot, "tok_a", "k", &found, err), ST_NOT_FOUND);
    assert_int_equal(idempotency_add(txn, "tok_a", "k", &row, err), ST_OK);
    assert_int_equal(idempotency_get(snapshot, "tok_a", "k", &found, err), ST_OK);
    assert_memory_equal(&found.request_hash, &row.request_hash, sizeof row.request_hash);
    assert_int_equal(found.status, 201);
    assert_string_equal(found.etag, "\"1\"");
    assert_string_equal(found.location, "/v1/employees/emp_x");
    assert_string_equal(found.media_type, "application/json");
    assert_int_equal(found.body.size, 8);
    assert_memory_equal(found.body.data, "{\"id\":1}", 8);
    assert_int_equal(idempotency_get(snapshot, "tok_b", "k", &found, err), ST_NOT_FOUND);
    assert_int_equal(idempotency_add(txn, "tok_a", "k", &row, err), ST_CONFLICT);
    row = answer(NULL);
    assert_int_equal(idempotency_add(txn, "tok_b", "k", &row, err), ST_OK);
    assert_int_equal(idempotency_get(snapshot, "tok_b", "k", &found, err), ST_OK);
    assert_null(found.body.data);
    return ST_OK;
}

static void test_an_answer_is_kept_per_token_and_key(void **state)
{
    fixture_do(*state, keep, NULL);
}

static enum status keep_again(struct txn *txn, void *context, struct error *err)
{
    const bool *free = context;
    struct idempotency_row row = answer("later"), found;
    assert_int_equal(
        idempotency_get(txn_snapshot(txn), "tok_a", "k", &found, err), *free ? ST_NOT_FOUND : ST_OK);
    assert_int_equal(idempotency_add(txn, "tok_a", "k", &row, err), *free ? ST_OK : ST_CONFLICT);
    return ST_OK;
}

static enum status sweep(struct txn *txn, void *context, struct error *err)
{
    return idempotency_expire(txn, 10, context, err);
}

static void test_a_key_is_free_again_after_a_day(void **state)
{
    struct fixture *f = *state;
    bool free = false;
    int64_t expired = -1;
    fixture_do(f, keep, NULL);
    clock_move(f->clock, FIXTURE_NOW + IDEMPOTENCY_LIFE - 1);
    fixture_do(f, keep_again, &free);
    fixture_do(f, sweep, &expired);
    assert_int_equal(expired, 0);
    clock_move(f->clock, FIXTURE_NOW + IDEMPOTENCY_LIFE);
    free = true;
    fixture_do(f, keep_again, &free);
    fixture_do(f, sweep, &expired);
    assert_int_equal(expired, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_token_is_found_by_its_hash),
        STORE_TEST(test_expired_and_revoked_tokens_are_refused),
        STORE_TEST(test_a_use_is_noted_once_a_minute),
        STORE_TEST(test_tokens_are_listed_newest_first),
        STORE_TEST(test_a_token_for_all_belongs_to_the_system),
        STORE_TEST(test_an_answer_is_kept_per_token_and_key),
        STORE_TEST(test_a_key_is_free_again_after_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
