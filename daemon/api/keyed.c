/*
 * Idempotency-Key: the first answer is kept for a day with the hash of its request, in the transaction that did
 * the work. Two requests with one key at the same time: the later gets 409. Loop thread, but keyed_replay and
 * keyed_store on the lane.
 */
#include "internal.h"

#include "store/idempotency.h"

#include <string.h>

/* Answers whose day is over that each new one takes with it. */
enum { KEYED_SWEEP = 8 };

static bool keyed(const struct call *call)
{
    return call->idempotency_key && call->route->method == HTTP_POST_ && call->route->auth == AUTH_TOKEN &&
           call->route->lane == LANE_WRITE;
}

static bool key_valid(const char *key)
{
    size_t length = strlen(key);
    for (const char *c = key; *c; c++)
        if (*c < 0x21 || *c > 0x7e)
            return false;
    return length >= 1 && length <= 100;
}

enum status keyed_enter(struct call *call, struct error *err)
{
    if (!keyed(call))
        return ST_OK;
    if (!key_valid(call->idempotency_key))
        return error_set(err, ST_INVALID, "Idempotency-Key: expected 1 to 100 visible ASCII characters");
    for (const struct call *other = call->api->keyed; other; other = other->keyed_next)
        if (!strcmp(other->who.actor, call->who.actor) &&
            !strcmp(other->idempotency_key, call->idempotency_key))
            return error_set(err, ST_CONFLICT, "a request with this Idempotency-Key is under way");
    struct span parts[] = {SPAN_TEXT(http_path(call->exchange)), SPAN_TEXT("?"), SPAN_TEXT(call->query_text),
        SPAN_TEXT("\n"), call->request};
    call->request_hash = sha256_parts(parts, sizeof(parts) / sizeof(parts[0]));
    call->keyed_next = call->api->keyed;
    call->api->keyed = call;
    return ST_OK;
}

void keyed_leave(struct call *call)
{
    for (struct call **at = &call->api->keyed; *at; at = &(*at)->keyed_next) {
        if (*at == call) {
            *at = call->keyed_next;
            return;
        }
    }
}

enum status keyed_replay(struct txn *txn, struct call *call, bool *ret_replayed, struct error *err)
{
    struct idempotency_row row;
    if (!keyed(call))
        return ST_OK;
    const char *key = call->idempotency_key;
    enum status status = idempotency_get(txn_snapshot(txn), call->who.actor, key, &row, NULL);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status != ST_OK)
        return error_set(err, status, "the Idempotency-Key could not be looked up");
    if (!bytes_equal_ct(&row.request_hash, &call->request_hash, sizeof(row.request_hash)))
        return error_set(err, ST_INVALID, "this Idempotency-Key was used for another request");
    call->status = row.status;
    call->body_type = arena_strdup(call->arena, row.media_type);
    call->etag = arena_strdup(call->arena, row.etag);
    if (row.location)
        call_header(call, "Location", row.location);
    buf_add(&call->body, row.body.data, row.body.size);
    call->replayed = true;
    *ret_replayed = true;
    return ST_OK;
}

static const char *answer_location(const struct call *call)
{
    for (unsigned i = 0; i < call->headers_out_count; i++)
        if (!strcmp(call->headers_out[i].name, "Location"))
            return call->headers_out[i].value;
    return NULL;
}

enum status keyed_store(struct txn *txn, struct call *call, struct error *err)
{
    if (!keyed(call))
        return ST_OK;
    struct idempotency_row row = {.request_hash = call->request_hash,
        .status = call->status        ? call->status
                  : call->op->created ? call->op->created
                                      : 200,
        .etag = call->etag,
        .location = answer_location(call),
        .media_type = call->body_type};
    if (!call->op->secret_answer)
        row.body = (struct span){.data = call->body.data, .size = call->body.size};
    enum status status = idempotency_add(txn, call->who.actor, call->idempotency_key, &row, err);
    return status == ST_OK ? idempotency_expire(txn, KEYED_SWEEP, NULL, err) : status;
}
