/*
 * Keys of sources: where they are fetched, which of them are good. On a lane.
 */
#include "work/jwks.h"

#include "base/text.h"

#include <string.h>

enum { REFRESH_S = 6 * 60 * 60, RETRY_FIRST_S = 60, RETRY_MOST_S = 60 * 60, PREVIOUS_S = 24 * 60 * 60 };

static const struct field keys_fields[] = {
    FIELD(struct source_keys, fetched_at, FIELD_INSTANT, .doc = "When they were last fetched."),
    FIELD(struct source_keys, last_error, FIELD_TEXT, .doc = "Why that did not go well the last time."),
};
const struct field_table source_keys_table = FIELD_TABLE("SourceKeys", struct source_keys, keys_fields, -1);

enum status jwks_configure(struct txn *txn, const struct source *source, bool changed, struct error *err)
{
    if (!source->jwks_url)
        return jwks_drop(txn, source->id, err);
    if (!changed)
        return ST_OK;
    if (!source->signature || source->signature->family != LMS_FAMILY_JWT)
        return error_field(err, "/jwks_url", "expected a source that signs with jwt");
    const struct jwks_row row = {.source = source->id,
        .url = source->jwks_url,
        .changed_at = INSTANT_NONE,
        .fetched_at = INSTANT_NONE,
        .next_at = txn_now(txn)};
    return jwks_put(txn, &row, err);
}

enum status jwks_show(
    const struct snapshot *snapshot, struct arena *arena, struct source *source, struct error *err)
{
    struct jwks_row row;
    enum status status = jwks_get(snapshot, source->id, &row, NULL);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status != ST_OK)
        return error_set(err, status, "the keys of %s cannot be read", source->id);
    struct source_keys *keys = ARENA_NEW(arena, struct source_keys);
    *keys =
        (struct source_keys){.fetched_at = row.fetched_at, .last_error = arena_strdup(arena, row.last_error)};
    source->jwks_url = arena_strdup(arena, row.url);
    source->jwks = keys;
    return ST_OK;
}

enum status jwks_good(const struct snapshot *snapshot, struct arena *arena, const char *source,
    const char **ret, struct error *err)
{
    struct jwks_row row;
    enum status status = jwks_get(snapshot, source, &row, NULL);
    *ret = NULL;
    if (status == ST_NOT_FOUND || (status == ST_OK && !row.current))
        return ST_OK;
    if (status != ST_OK)
        return error_set(err, status, "the keys of %s cannot be read", source);
    bool both = row.previous && row.changed_at != INSTANT_NONE &&
                snapshot_now(snapshot) < row.changed_at + PREVIOUS_S * US_PER_SEC;
    *ret = lms_jwks_join(arena, row.current, both ? row.previous : NULL);
    return ST_OK;
}

enum status jwks_want(struct txn *txn, const char *source, struct error *err)
{
    struct jwks_row row;
    enum status status = jwks_get(txn_snapshot(txn), source, &row, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status != ST_OK || row.next_at <= txn_now(txn))
        return status;
    row.next_at = txn_now(txn);
    return jwks_put(txn, &row, err);
}

enum status jwks_claim(struct txn *txn, unsigned limit, struct jwks_list *ret, struct error *err)
{
    enum status status = jwks_due(txn, limit, ret, err);
    for (size_t i = 0; status == ST_OK && i < ret->count; i++) {
        ret->items[i].next_at = txn_now(txn) + JWKS_LEASE_S * US_PER_SEC;
        status = jwks_put(txn, &ret->items[i], err);
    }
    return status;
}

static void jwks_note_failure(struct jwks_row *row, const char *problem, instant_t now)
{
    int64_t wait = RETRY_FIRST_S;
    for (int64_t i = 0; i < row->failures && wait < RETRY_MOST_S; i++)
        wait *= 2;
    row->failures++;
    row->last_error = problem;
    row->next_at = now + (wait < RETRY_MOST_S ? wait : RETRY_MOST_S) * US_PER_SEC;
}

enum status jwks_take(struct txn *txn, const char *source, struct span body, const char *problem,
    const char **ret_problem, struct error *err)
{
    struct jwks_row row;
    struct arena *arena = txn_arena(txn);
    enum status status = jwks_get(txn_snapshot(txn), source, &row, err);
    if (status != ST_OK)
        return status;
    *ret_problem = problem ? arena_strdup(arena, problem) : lms_jwks_wrong(body);
    if (*ret_problem) {
        jwks_note_failure(&row, *ret_problem, txn_now(txn));
        return jwks_put(txn, &row, err);
    }
    const char *fetched = arena_strndup(arena, body.data, body.size);
    if (!text_equal(fetched, row.current)) {
        txn_audit(txn, "source.keys_changed", source, NULL);
        row.previous = row.current;
        row.current = fetched;
        row.changed_at = txn_now(txn);
    }
    row.failures = 0;
    row.last_error = NULL;
    row.fetched_at = txn_now(txn);
    row.next_at = txn_now(txn) + REFRESH_S * US_PER_SEC;
    return jwks_put(txn, &row, err);
}
