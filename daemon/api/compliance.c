/*
 * /v1/compliance: where everybody stands on a day, what it may cost and what would cure it. Sums, or a row for
 * each employee or duty; streams. On a read lane.
 */
#include "compliance_rows.h"
#include "duty_answer.h"
#include "ops.h"

static const char *const compliance_rows_names[] = {"none", "employees", "duties", NULL};
static const char *const standing_names[] = {
    "excluded", "compliant", "unproved", "tolerated", "unknown", "breach", NULL};

static const struct field compliance_query_fields[] = {STAFF_FIELDS(struct compliance_query),
    AS_OF_FIELDS(struct compliance_query),
    FIELD(struct compliance_query, rows, FIELD_ENUM, .names = compliance_rows_names,
        .doc =
            "A row for each of the employees, or of their duties (open ones, and closed ones of the cycle)."),
    FIELD(struct compliance_query, standing, FIELD_ENUM, .names = standing_names,
        .doc = "With rows: only of people in this standing."),
    FIELD(struct compliance_query, state, FIELD_TEXT, .doc = "With rows=duties: only in this state."),
    FIELD(struct compliance_query, kind, FIELD_TEXT, .doc = "With rows=duties: only of this kind.")};
static const struct field_table compliance_query_table =
    FIELD_TABLE("ComplianceQuery", struct compliance_query, compliance_query_fields, -1);

struct compliance_cursor {
    struct staff_cursor staff; /* first */
    struct compliance_sums total, group;
};

/* ---- the stream */

static bool compliance_shows_people(const struct staff_stream *stream)
{
    const struct compliance_query *query = stream->call->params;
    return query->rows > ROWS_NONE;
}

static void compliance_begin(struct staff_stream *stream)
{
    if (stream->csv)
        compliance_head(stream);
}

static enum status compliance_person(const struct snapshot *snapshot, struct staff_stream *stream,
    const struct staff_row *row, void *total, void *group, struct error *err)
{
    const struct compliance_query *query = stream->call->params;
    const struct staff_cursor *cursor = stream->cursor;
    struct recap_view *view = ARENA_NEW(snapshot_arena(snapshot), struct recap_view);
    struct compliance compliance;
    enum status status = recap_view(
        snapshot, &stream->frame, stream->shared, row->id, cursor->as_of, cursor->known_at, view, err);
    if (status != ST_OK || !view->duties.known)
        return status;
    compliance_judge(&view->duties.duties, &view->recap, &compliance);
    if (query->standing != FIELD_UNSET && query->standing != compliance.standing)
        return ST_OK;
    compliance_add(total, &view->duties.duties, &compliance);
    compliance_add(group, &view->duties.duties, &compliance);
    compliance_show(stream, row, view, &compliance);
    return ST_OK;
}

static enum status compliance_load(struct staff_stream *stream, struct error *err)
{
    struct recap_headcounts *headcounts = ARENA_NEW(snapshot_arena(stream->snapshot), struct recap_headcounts);
    stream->shared = headcounts;
    return recap_headcounts_load(
        stream->snapshot, stream->call->organisation, stream->cursor->known_at, headcounts, err);
}

static const struct staff_shape compliance_shape = {.file = "compliance",
    .total_at = offsetof(struct compliance_cursor, total),
    .group_at = offsetof(struct compliance_cursor, group),
    .sums_size = sizeof(struct compliance_sums),
    .load = compliance_load,
    .shows_people = compliance_shows_people,
    .begin = compliance_begin,
    .person = compliance_person,
    .sums = compliance_show_sums};

static enum status compliance_parse(struct call *call, struct error *err)
{
    const struct compliance_query *query = call->params;
    if (query->state && !duty_is_state(query->state))
        return error_field(
            err, "/state", "expected a state of a duty: upcoming, to_plan, planned, overdue ...");
    if (query->kind && !duty_is_kind(query->kind))
        return error_field(err, "/kind", "expected a kind of duty: first, periodic, return, recap ...");
    if ((query->state || query->kind) && query->rows != ROWS_DUTIES)
        return error_field(err, "/rows", "expected duties together with state or kind");
    return staff_parse(call, &query->staff, query->rows > ROWS_NONE, err);
}

static enum status compliance_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct compliance_query *query = call->params;
    return staff_read(snapshot, call, &query->staff, &compliance_shape, query->as_of, query->known_on, err);
}

/* ---- for the interface's description */

struct compliance_body {
    const char *organisation;
    date_t as_of, known_on;
    instant_t known_at;
    int projected;
    int64_t recomputing;
    const struct json *items, *groups, *total;
};
#define BODY(member, type, ...) FIELD(struct compliance_body, member, type, ##__VA_ARGS__)
static const struct field compliance_fields[] = {
    BODY(organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    BODY(as_of, FIELD_DATE, .flags = FIELD_READ),
    BODY(known_on, FIELD_DATE, .flags = FIELD_READ),
    BODY(known_at, FIELD_INSTANT, .flags = FIELD_READ,
        .doc = "Facts recorded by then, whatever is written since."),
    BODY(projected, FIELD_BOOL, .flags = FIELD_READ, .doc = "as_of lies in the future."),
    BODY(recomputing, FIELD_INT,
        .doc = "People whose stored duties are being brought up to date; this answer is."),
    BODY(items, FIELD_JSON, .doc = "With rows: one object for each employee, or duty."),
    BODY(groups, FIELD_JSON, .doc = "With by: the sums of each manager's team, or establishment."),
    BODY(total, FIELD_JSON, .flags = FIELD_READ,
        .doc =
            "employees, standings {excluded, compliant, unproved, tolerated, unknown, breach}, duties {kind: "
            "{state: n}}, missing {fact: n}, exposure {currency, exposed, amount, possibly_exposed, possible} "
            "in people and cents, cures {kind: n}."),
};
static const struct field_table compliance_table =
    FIELD_TABLE("Compliance", struct compliance_body, compliance_fields, -1);

const struct op compliance_get = {.name = "compliance",
    .summary = "Where everybody stands, what it may cost, what cures it: sums, or rows; JSON or CSV",
    .query = &compliance_query_table,
    .output = &compliance_table,
    .cursor_size = sizeof(struct compliance_cursor),
    .parse = compliance_parse,
    .read = compliance_read};
