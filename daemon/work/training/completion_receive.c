/*
 * A verified body becomes an envelope, items and completions in one transaction, or is shown as what it would
 * become. On a lane.
 */
#include "completion.h"

#include "internal.h"

enum status completion_accept(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_envelope *parsed, struct completion_receipt *ret,
    struct error *err)
{
    struct completion_intake in = {.txn = txn, .source = source, .request = request};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < parsed->count; i++)
        status = completion_take(&in, &parsed->items[i], i, err);
    if (status == ST_OK && parsed->count)
        status = completion_taken(&in, err);
    *ret = in.receipt;
    return status;
}

enum status completion_receive(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_verdict *verdict, struct completion_receipt *ret,
    struct error *err)
{
    struct lms_envelope parsed;
    struct lms_input input = {.source = source->id,
        .request = request,
        .content = verdict->content,
        .message_id = verdict->message_id,
        .now = txn_now(txn)};
    enum status status = lms_parse(txn_arena(txn), source->platform, source->mapping, &input, &parsed, err);
    return status == ST_OK ? completion_accept(txn, source, request, &parsed, ret, err) : status;
}

enum status completion_preview(struct arena *arena, const struct source_reader *source,
    const struct lms_request *request, struct span content, instant_t now, struct json_writer *w,
    struct error *err)
{
    struct lms_envelope parsed;
    struct lms_input input = {.source = source->id, .request = request, .content = content, .now = now};
    enum status status = lms_parse(arena, source->platform, source->mapping, &input, &parsed, err);
    if (status != ST_OK)
        return status;
    jw_open(w, '{');
    jw_key(w, "items");
    jw_open(w, '[');
    for (size_t i = 0; i < parsed.count; i++) {
        struct completion_said said = completion_said_of(arena, &parsed.items[i]);
        jw_open(w, '{');
        jw_member(w, "state", lms_item_state_name((enum lms_item_state)parsed.items[i].state));
        jw_member(w, "identity", parsed.items[i].identity);
        jw_member_instant(w, "occurred_at", parsed.items[i].completion.occurred);
        field_write_members(&completion_said_table, w, &said, false);
        jw_close(w, '}');
    }
    jw_close(w, ']');
    jw_close(w, '}');
    return ST_OK;
}
