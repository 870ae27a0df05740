/*
 * /v1/deliveries: everything that left or is to leave. The message itself, as it was or will be sent, is the
 * same resource asked for as message/rfc822: for HR alone, since it carries the personal link of who reads it.
 */
#include "ops.h"

#include "base/json.h"
#include "store/delivery.h"
#include "team.h"
#include "work/delivery.h"

#include <string.h>

struct delivery_body {
    const char *id, *organisation, *channel, *kind, *employee, *review, *about, *target;
    const char *title, *method, *uid, *message_id, *sha256, *last_error;
    int64_t sequence, attempts;
    int state;
    instant_t due_at, next_at, created_at, sent_at;
};

static const struct field delivery_fields[] = {
    FIELD(struct delivery_body, id, FIELD_ID, .kind = "dlv", .flags = FIELD_READ, .doc = "Identifier."),
    FIELD(struct delivery_body, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ, .doc = "Whose."),
    FIELD(
        struct delivery_body, channel, FIELD_TEXT, .flags = FIELD_READ, .doc = "How it leaves: mail, caldav."),
    FIELD(struct delivery_body, kind, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "invitation, cancellation, counter_declined, proposal, proposal_withdrawn, decision, "
               "copy_ready, reminder, "
               "digest, returned, calendar_failed."),
    FIELD(struct delivery_body, state, FIELD_ENUM, .names = delivery_state_names, .flags = FIELD_READ,
        .doc = "held (to be looked at), queued, leased (under way), sent, failed (will be tried again), dead "
               "(given up), superseded (a newer one replaces it), dropped (deliveries are off)."),
    FIELD(struct delivery_body, target, FIELD_TEXT, .flags = FIELD_READ, .doc = "The address it goes to."),
    FIELD(struct delivery_body, title, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "Subject of the mail."),
    FIELD(struct delivery_body, employee, FIELD_ID, .kind = "emp", .flags = FIELD_READ | FIELD_NULL,
        .doc = "About whom."),
    FIELD(struct delivery_body, review, FIELD_ID, .kind = "rev", .flags = FIELD_READ | FIELD_NULL,
        .doc = "About which review."),
    FIELD(struct delivery_body, about, FIELD_ID, .flags = FIELD_READ | FIELD_NULL,
        .doc = "What else it is about: the duty of a reminder."),
    FIELD(struct delivery_body, method, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "METHOD of the calendar object in it (RFC 5546)."),
    FIELD(struct delivery_body, uid, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "UID of that calendar object."),
    FIELD(struct delivery_body, sequence, FIELD_INT, .flags = FIELD_READ | FIELD_NULL, .doc = "Its SEQUENCE."),
    FIELD(struct delivery_body, message_id, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "Message-ID, the same at each attempt."),
    FIELD(struct delivery_body, sha256, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc =
            "SHA-256 of what leaves. Once it was sent, the links to personal pages in what is kept of it are "
            "masked; of what was superseded nothing else is kept."),
    FIELD(struct delivery_body, attempts, FIELD_INT, .flags = FIELD_READ, .doc = "Attempts so far."),
    FIELD(struct delivery_body, last_error, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "What the last attempt ended with, unless it was sent."),
    FIELD(struct delivery_body, due_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "Not before."),
    FIELD(struct delivery_body, next_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "The next attempt; while one is under way, when it counts as lost."),
    FIELD(struct delivery_body, created_at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When it was written."),
    FIELD(
        struct delivery_body, sent_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL, .doc = "When it left."),
};
static const struct field_table delivery_table =
    FIELD_TABLE("Delivery", struct delivery_body, delivery_fields, -1);

struct delivery_query {
    struct page_params page;
    int state;
    const char *channel, *kind, *review, *employee;
};
static const struct field delivery_query_fields[] = {PAGE_FIELDS(struct delivery_query),
    FIELD(
        struct delivery_query, state, FIELD_ENUM, .names = delivery_state_names, .doc = "Only in this state."),
    FIELD(struct delivery_query, channel, FIELD_TEXT, .max = 20, .doc = "Only through this channel."),
    FIELD(struct delivery_query, kind, FIELD_TEXT, .max = 30, .doc = "Only of this kind."),
    FIELD(struct delivery_query, review, FIELD_ID, .kind = "rev", .doc = "Only about this review."),
    FIELD(struct delivery_query, employee, FIELD_ID, .kind = "emp", .doc = "Only about this employee.")};
static const struct field_table delivery_query_table =
    FIELD_TABLE("DeliveryQuery", struct delivery_query, delivery_query_fields, -1);

static struct delivery_body delivery_of(struct arena *arena, const struct delivery_row *row)
{
    char key[ORG_KEY_MAX];
    const struct json *payload = NULL;
    (void)id_parse(row->id, "dlv", key);
    (void)json_parse(arena, row->payload, strlen(row->payload), &payload, NULL);
    return (struct delivery_body){.id = row->id,
        .organisation = arena_printf(arena, "org_%s", key),
        .channel = row->channel,
        .kind = row->kind,
        .employee = row->employee,
        .review = row->review,
        .about = row->subject,
        .target = row->recipient,
        .title = json_text(json_get(payload, "subject")),
        .method = json_text(json_get(payload, "method")),
        .uid = row->uid,
        .message_id = row->message_id,
        .sha256 = row->sha256,
        .last_error = row->last_error,
        .sequence = row->uid ? row->sequence : FIELD_INT_NONE,
        .attempts = row->attempts,
        .state = (int)row->state,
        .due_at = row->due_at,
        .next_at = row->next_at,
        .created_at = row->created_at,
        .sent_at = row->sent_at};
}

static enum status deliveries_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct delivery_query *query = call->params;
    const struct delivery_filter filter = {.state = query->state,
        .channel = query->channel,
        .kind = query->kind,
        .review = query->review,
        .employee = query->employee};
    struct page page = call_page(call);
    struct delivery_list list;
    enum status status = delivery_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct delivery_body out = delivery_of(call->arena, &list.items[i]);
        field_write(&delivery_table, &w, &out);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op deliveries_list = {.name = "deliveries_list",
    .summary = "What left or is to leave, newest first",
    .query = &delivery_query_table,
    .output = &delivery_table,
    .list = true,
    .read = deliveries_read};

static enum status delivery_named(
    const struct snapshot *snapshot, struct call *call, struct delivery_row *ret, struct error *err)
{
    const char *id = NULL;
    enum status status = call_id(call, "id", "dlv", &id, err);
    return status == ST_OK ? delivery_get(snapshot, id, ret, err) : status;
}

static bool delivery_wants_message(const struct call *call)
{
    return call->accept && strstr(call->accept, "message/rfc822");
}

static enum status delivery_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct delivery_row row;
    enum status status = delivery_named(snapshot, call, &row, err);
    if (status != ST_OK)
        return status;
    bool message = delivery_wants_message(call);
    if (message && !call_sees_reasons(call))
        return error_set(err, ST_FORBIDDEN, "a message carries a personal link: only HR reads it");
    call_header(call, "Vary", "Accept");
    call->etag = arena_printf(call->arena, "\"%s-%lld%s\"", delivery_state_names[row.state],
        (long long)row.attempts, message ? "-message" : "");
    if (!message) {
        struct delivery_body out = delivery_of(call->arena, &row);
        call_answer(call, &out, 0);
        return ST_OK;
    }
    if (!row.content.size)
        return error_set(err, ST_NOT_FOUND, "no message is kept of delivery %s", row.id);
    buf_add(&call->body, row.content.data, row.content.size);
    call->body_type = "message/rfc822";
    call_header(
        call, "Content-Disposition", arena_printf(call->arena, "attachment; filename=\"%s.eml\"", row.id));
    return ST_OK;
}

const struct op delivery_one = {.name = "delivery_get",
    .summary = "A delivery; with `Accept: message/rfc822` the message itself, for HR",
    .output = &delivery_table,
    .read = delivery_read};

static enum status delivery_write_retry(struct txn *txn, struct call *call, struct error *err)
{
    struct delivery_row row;
    enum status status = delivery_named(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = delivery_again(txn, row.id, err);
    if (status == ST_OK)
        status = delivery_get(txn_snapshot(txn), row.id, &row, err);
    if (status != ST_OK)
        return status;
    struct delivery_body out = delivery_of(call->arena, &row);
    call_answer(call, &out, 0);
    return ST_OK;
}

const struct op delivery_retry_post = {.name = "delivery_retry",
    .summary = "Sends at once what was held, failed, given up or dropped",
    .output = &delivery_table,
    .write = delivery_write_retry};
