/* /v1/audit: the chain of an organisation, its head, and its verification. */
#include "op.h"

#include "model/audit.h"
#include "store/audit.h"
#include "team.h"
#include "work/trace.h"

#include <string.h>

struct audit_query {
    struct page_params page;
    const char *subject;
    int64_t after;
    int order;
};

static const char *const audit_orders[] = {"oldest", "newest", NULL};

static const struct field audit_query_fields[] = {PAGE_FIELDS(struct audit_query),
    {.name = "subject",
        .type = FIELD_ID,
        .at = offsetof(struct audit_query, subject),
        .doc = "Only about this id."},
    {.name = "after",
        .type = FIELD_INT,
        .at = offsetof(struct audit_query, after),
        .min = 1,
        .max = INT64_MAX,
        .doc = "Only records after (newest: before) this number."},
    {.name = "order",
        .type = FIELD_ENUM,
        .at = offsetof(struct audit_query, order),
        .names = audit_orders,
        .doc = "oldest (first) or newest."}};
static const struct field_table audit_query_table =
    FIELD_TABLE("AuditQuery", struct audit_query, audit_query_fields, -1);

struct audit_body {
    int64_t seq;
    instant_t at;
    const char *actor, *verb, *subject, *subject_prev, *payload_hash, *prev, *hash, *salt;
    const struct json *payload;
};

#define AUDIT_TEXT(member, text)                                                                               \
    {                                                                                                          \
        .name = #member, .type = FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,                                 \
        .at = offsetof(struct audit_body, member), .doc = (text)                                               \
    }

static const struct field audit_fields[] = {{.name = "seq",
                                                .type = FIELD_INT,
                                                .flags = FIELD_READ,
                                                .at = offsetof(struct audit_body, seq),
                                                .max = INT64_MAX,
                                                .doc = "1, 2, 3 ... without a gap."},
    {.name = "at", .type = FIELD_INSTANT, .flags = FIELD_READ, .at = offsetof(struct audit_body, at)},
    AUDIT_TEXT(actor, "Who: a token, an import, a source, the system."),
    AUDIT_TEXT(verb, "What happened, e.g. review.held."), AUDIT_TEXT(subject, "To what."),
    AUDIT_TEXT(subject_prev, "Hash of the subject's record before."),
    AUDIT_TEXT(payload_hash, "SHA-256 of salt and canonical payload (RFC 8785)."),
    AUDIT_TEXT(prev, "Hash of the chain's record before."),
    AUDIT_TEXT(hash, "SHA-256 of this record in canonical form."),
    AUDIT_TEXT(salt, "Hexadecimal; null with the payload."),
    {.name = "payload",
        .type = FIELD_JSON,
        .flags = FIELD_READ | FIELD_NULL,
        .at = offsetof(struct audit_body, payload),
        .doc = "What changed; null once erased, and for others than HR where it says why somebody was away."}};
const struct field_table audit_table = FIELD_TABLE("AuditRecord", struct audit_body, audit_fields, -1);

static const char *hash_text(struct arena *arena, const struct sha256 *hash)
{
    static const struct sha256 none;
    if (!memcmp(hash, &none, sizeof(none)))
        return NULL;
    char *text = arena_alloc(arena, SHA256_HEX);
    return sha256_hex(hash, text);
}

static void audit_write(struct call *call, struct json_writer *w, const struct audit_row *row)
{
    struct arena *arena = call->arena;
    bool sees = call_sees_reasons(call) || !trace_tells_reason(arena, row);
    struct audit_body out = {.seq = row->seq,
        .at = row->at,
        .actor = row->actor,
        .verb = row->verb,
        .subject = row->subject,
        .subject_prev = hash_text(arena, &row->subject_prev),
        .payload_hash = hash_text(arena, &row->payload_hash),
        .prev = hash_text(arena, &row->prev),
        .hash = hash_text(arena, &row->hash),
        .salt = row->payload && sees ? hex_encode(arena, row->salt, sizeof(row->salt)) : NULL};
    if (row->payload && sees &&
        json_parse(arena, row->payload, strlen(row->payload), &out.payload, NULL) != ST_OK)
        out.payload = NULL;
    field_write(&audit_table, w, &out);
}

static enum status audits_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct audit_query *query = call->params;
    struct audit_filter filter = {.subject = query->subject,
        .newest_first = query->order == 1,
        .after = query->after == FIELD_INT_NONE ? 0 : query->after};
    struct page page = call_page(call);
    struct audit_list list;
    enum status status = audit_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++)
        audit_write(call, &w, &list.items[i]);
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op audit_read = {.name = "audit_list",
    .summary = "The audit records of an organisation",
    .query = &audit_query_table,
    .output = &audit_table,
    .list = true,
    .any_organisation = true,
    .read = audits_read};

static enum status head_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    int64_t seq = 0;
    struct sha256 hash;
    enum status status = audit_head_of(snapshot, call->organisation, &seq, &hash, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member_int(&w, "seq", seq);
    jw_member(&w, "hash", hash_text(call->arena, &hash));
    jw_close(&w, '}');
    call_etag_of_body(call);
    return ST_OK;
}

const struct op audit_head_get = {.name = "audit_head",
    .summary = "The newest record's number and hash: keep it elsewhere",
    .any_organisation = true,
    .read = head_read};

enum { VERIFY_SLICE = 2000 };

/* A long chain is verified in slices, so that no snapshot lives long; the answer says how far it came. */
static enum status verify_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct audit_verification *state = call->cursor;
    struct error broken = ERROR_INIT;
    enum status status = audit_verify(snapshot, call->organisation, state, VERIFY_SLICE, &broken);
    if (status != ST_OK && status != ST_CONFLICT)
        return error_set(err, status, "%s", broken.detail);
    call->more = status == ST_OK && !state->finished;
    if (call->more)
        return ST_OK;
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member_bool(&w, "valid", status == ST_OK);
    jw_member_int(&w, "seq", state->seq);
    jw_member(&w, "hash", hash_text(call->arena, &state->hash));
    jw_member_int(&w, "payloads", state->payloads);
    jw_member_int(&w, "erased", state->erased);
    if (status == ST_CONFLICT)
        jw_member(&w, "detail", broken.detail);
    jw_close(&w, '}');
    return ST_OK;
}

const struct op audit_check = {.name = "audit_verify",
    .summary = "Verifies the whole chain",
    .any_organisation = true,
    .cursor_size = sizeof(struct audit_verification),
    .read = verify_read};
