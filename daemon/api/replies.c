/*
 * /v1/replies: what came back to invitations, and what people decide about it; /itip: where mail systems hand
 * answers over.
 */
#include "ops.h"

#include "work/reply.h"

#include <string.h>

/* ---- reading */

struct reply_query {
    struct page_params page;
    int state;
    const char *review;
};
static const struct field reply_query_fields[] = {PAGE_FIELDS(struct reply_query),
    FIELD(struct reply_query, state, FIELD_ENUM, .names = reply_state_names, .doc = "Only in this state."),
    FIELD(struct reply_query, review, FIELD_ID, .kind = "rev", .doc = "Only about this review.")};
static const struct field_table reply_query_table =
    FIELD_TABLE("ReplyQuery", struct reply_query, reply_query_fields, -1);

static enum status replies_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct reply_query *query = call->params;
    const struct reply_filter filter = {
        .review = query->review, .state = query->state == FIELD_UNSET ? NULL : reply_state_names[query->state]};
    const struct page page = call_page(call);
    struct reply_list list;
    enum status status = reply_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct reply shown;
        status = reply_of_row(snapshot_arena(snapshot), &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&reply_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op replies_list = {.name = "replies_list",
    .summary = "What came back to invitations, newest first; without an organisation: what belongs to none",
    .query = &reply_query_table,
    .output = &reply_table,
    .list = true,
    .any_organisation = true,
    .read = replies_read};

static enum status reply_named(
    const struct snapshot *snapshot, struct call *call, struct reply_row *ret, struct error *err)
{
    const char *id = NULL;
    enum status status = call_id(call, "id", "rpl", &id, err);
    return status == ST_OK ? reply_get(snapshot, id, ret, err) : status;
}

static const char *reply_etag(struct call *call, const struct reply_row *row, const char *form)
{
    return arena_printf(call->arena, "\"%s-%lld%s\"", row->state, (long long)row->decided_at, form);
}

static enum status reply_bytes(
    const struct snapshot *snapshot, struct call *call, const struct reply *shown, struct error *err)
{
    struct span raw;
    enum status status = reply_raw(snapshot, shown->id, &raw, err);
    if (status != ST_OK)
        return status;
    bool mail = !strcmp(shown->media_type, "message/rfc822");
    call_witness(call, "reply.read", shown->id);
    buf_add(&call->body, raw.data, raw.size);
    call->body_type = mail ? "message/rfc822" : "text/calendar";
    call_header(call, "Content-Disposition",
        arena_printf(call->arena, "attachment; filename=\"%s.%s\"", shown->id, mail ? "eml" : "ics"));
    return ST_OK;
}

static enum status reply_read_one(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct reply_row row;
    struct reply shown;
    enum status status = reply_named(snapshot, call, &row, err);
    if (status == ST_OK)
        status = reply_of_row(snapshot_arena(snapshot), &row, &shown, err);
    if (status != ST_OK)
        return status;
    bool raw =
        call->accept && (strstr(call->accept, "message/rfc822") || strstr(call->accept, "text/calendar"));
    call_header(call, "Vary", "Accept");
    call->etag = reply_etag(call, &row, raw ? "-raw" : "");
    if (raw)
        return reply_bytes(snapshot, call, &shown, err);
    call_answer(call, &shown, 0);
    return ST_OK;
}

const struct op reply_one = {.name = "reply_get",
    .summary = "A reply; with `Accept: message/rfc822` what came in, byte for byte",
    .output = &reply_table,
    .read = reply_read_one};

/* ---- deciding */

static enum status reply_write_confirm(struct txn *txn, struct call *call, struct error *err)
{
    struct reply_row row;
    struct reply shown;
    enum status status = reply_named(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = reply_confirm(txn, row.id, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, 0);
    return status;
}

const struct op reply_confirm_op = {.name = "reply_confirm",
    .summary = "Vouches for the sender of an answer that waits: it counts from now on",
    .output = &reply_table,
    .write = reply_write_confirm};

struct dismiss_body {
    const char *reason;
};
static const struct field dismiss_fields[] = {
    FIELD(struct dismiss_body, reason, FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 500,
        .doc = "Why it counts for nothing, or what was done about it."),
};
static const struct field_table dismiss_table =
    FIELD_TABLE("ReplyDismissal", struct dismiss_body, dismiss_fields, -1);

static enum status reply_write_dismiss(struct txn *txn, struct call *call, struct error *err)
{
    const struct dismiss_body *in = call->in;
    struct reply_row row;
    struct reply shown;
    enum status status = reply_named(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = reply_dismiss(txn, row.id, in->reason, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, 0);
    return status;
}

const struct op reply_dismiss_op = {.name = "reply_dismiss",
    .summary = "Settles a reply that was looked at: it counts for nothing",
    .input = &dismiss_table,
    .output = &reply_table,
    .write = reply_write_dismiss};

/* ---- /itip */

struct itip_query {
    const char *sender, *authserv_id;
};
static const struct field itip_query_fields[] = {
    FIELD(struct itip_query, sender, FIELD_EMAIL,
        .doc =
            "The sender's address as the mail system has proved it; without it a calendar object alone waits "
            "for a person."),
    FIELD(struct itip_query, authserv_id, FIELD_TEXT, .max = 255,
        .doc = "Of a mail: the mail system that wrote the Authentication-Results to believe (RFC 8601)."),
};
static const struct field_table itip_query_table =
    FIELD_TABLE("ItipQuery", struct itip_query, itip_query_fields, -1);

/* Whose it is stands in it, for tokens that may hand over for several organisations. */
static enum status itip_parse(struct call *call, struct error *err)
{
    const struct itip_query *query = call->params;
    const struct incoming in = {.channel = REPLY_BY_ITIP,
        .raw = call->request,
        .is_calendar = !strcmp(call->content_type, "text/calendar"),
        .authserv_id = query->authserv_id,
        .attested_by = query->sender};
    const struct reply_reading *reading = reply_read(call->arena, &in);
    if (!call->request.size)
        return error_set(err, ST_INVALID, "expected a mail or a calendar object");
    if (!call->who.organisation[0] && !query_get(&call->query, "organisation"))
        memcpy(call->organisation, reply_organisation(reading), strlen(reply_organisation(reading)) + 1);
    call->state = (void *)reading;
    return ST_OK;
}

static enum status itip_write(struct txn *txn, struct call *call, struct error *err)
{
    struct reply shown;
    enum status status = reply_receive(txn, call->state, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/replies/%s", shown.id);
    call_answer(call, &shown, 0);
    return ST_OK;
}

const struct op itip_post = {.name = "itip_receive",
    .summary = "Takes an answer to an invitation, as a mail or as the calendar object in it",
    .query = &itip_query_table,
    .consumes = "text/calendar, message/rfc822",
    .output = &reply_table,
    .created = 201,
    .any_organisation = true,
    .parse = itip_parse,
    .write = itip_write};
