/*
 * /v1/operations/{id}: how far long work is, whatever it is. What has a resource of its own (an import) goes by
 * the id of that; anything else by a row that holds its result.
 */
#include "operations.h"

#include "store/campaign.h"
#include "store/import.h"

#include <string.h>

static const char *const operation_states[] = {"running", "done", "failed", NULL};
enum operation_state { OPERATION_RUNNING, OPERATION_DONE, OPERATION_FAILED };

struct operation {
    const char *id, *organisation, *kind, *subject, *location;
    int state;
    const struct json *result;
    instant_t created_at, updated_at;
};
static const struct field operation_fields[] = {
    FIELD(struct operation, id, FIELD_ID, .doc = "Identifier: of what is worked on, or the operation's own."),
    FIELD(struct operation, organisation, FIELD_ID, .kind = "org", .doc = "The organisation."),
    FIELD(struct operation, kind, FIELD_TEXT, .doc = "import, campaign, source_test, source_sync ..."),
    FIELD(struct operation, subject, FIELD_ID, .doc = "What it is about, when that is not the result."),
    FIELD(struct operation, state, FIELD_ENUM, .names = operation_states, .doc = "running, done or failed."),
    FIELD(struct operation, location, FIELD_TEXT, .doc = "Where the result and its details are."),
    FIELD(struct operation, result, FIELD_JSON,
        .doc = "What came of it; what is known so far while it runs; {\"problem\": ...} when it failed."),
    FIELD(struct operation, created_at, FIELD_INSTANT, .doc = "When it was asked for."),
    FIELD(struct operation, updated_at, FIELD_INSTANT, .doc = "When it last went on."),
};
const struct field_table operation_table = FIELD_TABLE("Operation", struct operation, operation_fields, -1);

enum { OPERATION_WAIT_MAX = 120 };

struct operation_query {
    int64_t wait;
};
static const struct field operation_query_fields[] = {
    FIELD(struct operation_query, wait, FIELD_INT, .max = OPERATION_WAIT_MAX,
        .doc = "Seconds to wait for the end, none unless told."),
};
static const struct field_table operation_query_table =
    FIELD_TABLE("OperationQuery", struct operation_query, operation_query_fields, -1);

static enum status operation_of_import(const struct snapshot *snapshot, struct call *call, const char *id,
    struct operation *ret, struct error *err)
{
    struct import_row row;
    enum status status = import_get(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    bool running = !strcmp(row.state, "received") || !strcmp(row.state, "applying");
    *ret = (struct operation){.id = row.id,
        .kind = "import",
        .location = arena_printf(call->arena, "/v1/imports/%s", id),
        .state = running                        ? OPERATION_RUNNING
                 : strcmp(row.state, "refused") ? OPERATION_DONE
                                                : OPERATION_FAILED,
        .created_at = row.created_at,
        .updated_at = row.updated_at};
    return ST_OK;
}

static enum status operation_of_row(const struct snapshot *snapshot, struct call *call, const char *id,
    struct operation *ret, struct error *err)
{
    struct operation_row row;
    enum status status = operation_load(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    bool ended = !strcmp(row.state, "done") || !strcmp(row.state, "failed");
    *ret = (struct operation){.id = row.id,
        .kind = row.kind,
        .subject = row.subject,
        .state = !ended                      ? OPERATION_RUNNING
                 : strcmp(row.state, "done") ? OPERATION_FAILED
                                             : OPERATION_DONE,
        .created_at = row.created_at,
        .updated_at = row.updated_at};
    return row.result ? json_parse(call->arena, row.result, strlen(row.result), &ret->result, err) : ST_OK;
}

static enum status operation_of_campaign(const struct snapshot *snapshot, struct call *call, const char *id,
    struct operation *ret, struct error *err)
{
    struct campaign_row row;
    enum status status = campaign_get(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    *ret = (struct operation){.id = row.id,
        .kind = "campaign",
        .location = arena_printf(call->arena, "/v1/campaigns/%s", id),
        .state = strcmp(row.state, "done") ? OPERATION_RUNNING : OPERATION_DONE,
        .created_at = row.created_at,
        .updated_at = row.updated_at};
    return ST_OK;
}

static const struct operation_kind {
    const char *prefix;
    enum status (*read)(const struct snapshot *snapshot, struct call *call, const char *id,
        struct operation *ret, struct error *err);
} operation_kinds[] = {{"imp", operation_of_import}, {"cmp", operation_of_campaign}, {"opn", operation_of_row}};

static enum status operation_find(
    const struct snapshot *snapshot, struct call *call, struct operation *ret, struct error *err)
{
    const char *id = call_param(call, "id");
    for (size_t i = 0; i < sizeof operation_kinds / sizeof operation_kinds[0]; i++)
        if (call_id(call, "id", operation_kinds[i].prefix, &id, NULL) == ST_OK)
            return operation_kinds[i].read(snapshot, call, id, ret, err);
    return error_set(err, ST_NOT_FOUND, "there is no such operation");
}

static enum status operation_answer(
    const struct snapshot *snapshot, struct call *call, struct operation *ret, struct error *err)
{
    enum status status = operation_find(snapshot, call, ret, err);
    if (status != ST_OK)
        return status;
    ret->organisation = arena_printf(call->arena, "org_%s", call->organisation);
    call_answer(call, ret, 0);
    call_etag_of_body(call);
    return ST_OK;
}

static enum status operation_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct operation_query *query = call->params;
    struct operation operation;
    enum status status = operation_answer(snapshot, call, &operation, err);
    if (status == ST_OK && operation.state == OPERATION_RUNNING)
        call_await_end(call, call_param(call, "id"), query->wait);
    return status;
}

enum status call_answer_operation(struct call *call, const struct operation_row *row)
{
    struct operation operation = {.id = row->id,
        .organisation = arena_printf(call->arena, "org_%s", call->organisation),
        .kind = row->kind,
        .subject = row->subject,
        .state = OPERATION_RUNNING,
        .created_at = row->created_at,
        .updated_at = row->updated_at};
    struct json_writer w = call_writer(call);
    field_write(&operation_table, &w, &operation);
    call->status = 202;
    call_location(call, "/v1/operations/%s", row->id);
    return ST_OK;
}

const struct op operation_get = {.name = "operation_get",
    .summary = "Long work: how far it is, and where its result will be",
    .query = &operation_query_table,
    .output = &operation_table,
    .read = operation_read,
    .refresh = operation_read};
