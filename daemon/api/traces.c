/* /v1/employees/{id}/trace: every step about a person with its audit record, as JSON or as a page. */
#include "work/trace.h"

#include "ops.h"
#include "team.h"
#include "work/organisation.h"

#include <string.h>

enum trace_format { TRACE_JSON, TRACE_HTML };
static const char *const trace_format_names[] = {"json", "html", NULL};

struct trace_query {
    struct page_params page;
    int format, lang;
};
static const struct field trace_query_fields[] = {
    PAGE_FIELDS(struct trace_query),
    FIELD(struct trace_query, format, FIELD_ENUM, .names = trace_format_names,
        .doc = "html: a page to read or print; what Accept asks for unless told."),
    FIELD(struct trace_query, lang, FIELD_ENUM, .names = lang_names,
        .doc = "Of the words; the organisation's unless told."),
};
static const struct field_table trace_query_table =
    FIELD_TABLE("TraceQuery", struct trace_query, trace_query_fields, -1);

struct trace_record_body {
    int64_t seq;
    instant_t at;
    const char *actor, *verb, *subject, *payload_hash, *hash;
};
static const struct field record_fields[] = {
    FIELD(struct trace_record_body, seq, FIELD_INT, .doc = "Number of the record in the chain."),
    FIELD(struct trace_record_body, at, FIELD_INSTANT, .doc = "When."),
    FIELD(struct trace_record_body, actor, FIELD_TEXT, .doc = "By whom."),
    FIELD(struct trace_record_body, verb, FIELD_TEXT, .doc = "What happened."),
    FIELD(struct trace_record_body, subject, FIELD_TEXT, .doc = "To what."),
    FIELD(struct trace_record_body, payload_hash, FIELD_TEXT, .doc = "SHA-256 of salt and details."),
    FIELD(struct trace_record_body, hash, FIELD_TEXT, .doc = "SHA-256 of the record."),
};
static const struct field_table record_table =
    FIELD_TABLE("TraceRecord", struct trace_record_body, record_fields, -1);

struct trace_body {
    instant_t at;
    const char *kind, *id, *what;
    const struct json *details;
    const struct trace_record_body *audit;
};
static const struct field trace_fields[] = {
    FIELD(struct trace_body, at, FIELD_INSTANT, .doc = "When it was recorded."),
    FIELD(struct trace_body, kind, FIELD_TEXT, .doc = "What it is about: review, duty, action ..."),
    FIELD(struct trace_body, id, FIELD_TEXT, .doc = "Which one."),
    FIELD(struct trace_body, what, FIELD_TEXT, .doc = "In a few words."),
    FIELD(struct trace_body, details, FIELD_JSON, .flags = FIELD_NULL,
        .doc = "What changed; null once erased, and for others than HR where it says why somebody was away."),
    FIELD(struct trace_body, audit, FIELD_OBJECT, .of = &record_table, .doc = "Its audit record."),
};
static const struct field_table trace_table = FIELD_TABLE("TraceStep", struct trace_body, trace_fields, -1);

static const char *hash_text(struct arena *arena, const struct sha256 *hash)
{
    char hex[SHA256_HEX];
    return arena_strdup(arena, sha256_hex(hash, hex));
}

static void trace_write(struct arena *arena, struct json_writer *w, const struct trace_step *step)
{
    const struct audit_row *row = step->record;
    const struct trace_record_body record = {.seq = row->seq,
        .at = row->at,
        .actor = row->actor,
        .verb = row->verb,
        .subject = row->subject,
        .payload_hash = hash_text(arena, &row->payload_hash),
        .hash = hash_text(arena, &row->hash)};
    const struct trace_body body = {.at = row->at,
        .kind = step->kind,
        .id = step->id,
        .what = step->what,
        .details = step->details,
        .audit = &record};
    field_write(&trace_table, w, &body);
}

/* A trace is read whole: its pages are as long as they may be. */
static enum status trace_as_json(
    const struct snapshot *snapshot, struct call *call, const char *employee, enum lang lang, struct error *err)
{
    const struct trace_query *query = call->params;
    struct page page = call_page(call);
    if (query->page.limit == FIELD_INT_NONE)
        page.limit = PAGE_MAX;
    struct trace_steps steps;
    enum status status = trace_read(snapshot, employee, lang, call_sees_reasons(call), &page, &steps, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < steps.count; i++)
        trace_write(snapshot_arena(snapshot), &w, &steps.items[i]);
    call_items_close(call, &w, steps.next);
    return ST_OK;
}

static bool trace_wants_page(const struct call *call)
{
    const struct trace_query *query = call->params;
    if (query->format != FIELD_UNSET)
        return query->format == TRACE_HTML;
    return call->accept && strstr(call->accept, "text/html") && !strstr(call->accept, "application/json");
}

static enum status trace_get(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct trace_query *query = call->params;
    struct employee_row employee;
    struct duties_frame frame;
    enum status status = call_employee(snapshot, call, &employee, err);
    if (status == ST_OK)
        status = call_frame(snapshot, call, &frame, err);
    if (status != ST_OK)
        return status;
    enum lang lang = query->lang == FIELD_UNSET ? frame.lang : (enum lang)query->lang;
    if (!trace_wants_page(call))
        return trace_as_json(snapshot, call, employee.id, lang, err);
    call->body_type = "text/html; charset=utf-8";
    call_header(call, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    return trace_page(snapshot, employee.id, lang, call_sees_reasons(call), &call->body, err);
}

const struct op employee_trace = {.name = "employee_trace",
    .summary = "Every step about an employee with its audit record, oldest first; JSON or a page",
    .query = &trace_query_table,
    .output = &trace_table,
    .list = true,
    .read = trace_get};
