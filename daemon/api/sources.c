/* /v1/sources: the LMS platforms, their signatures and mappings. */
#include "internal.h"

#include "operations.h"
#include "store/pull.h"
#include "work/completion.h"
#include "work/pull.h"

#include <string.h>

struct source_query {
    struct page_params page;
};
static const struct field source_query_fields[] = {PAGE_FIELDS(struct source_query)};
static const struct field_table source_query_table =
    FIELD_TABLE("SourceQuery", struct source_query, source_query_fields, -1);

static void source_answer(struct call *call, struct source *source)
{
    source->hook_url = arena_printf(call->arena, "%s/hooks/%s", call_base_url(call), source->id);
    call_answer(call, source, source->version);
}

static void sources_changed(struct call *call)
{
    api_forget_sources(call->api);
}

static enum status source_write(struct txn *txn, struct call *call, struct error *err)
{
    struct source made;
    enum status status = source_create(txn, call->in, &made, err);
    if (status != ST_OK)
        return status;
    source_answer(call, &made);
    call_location(call, "/v1/sources/%s", made.id);
    return ST_OK;
}

const struct op source_post = {.name = "source_create",
    .summary = "Connects an LMS platform; a secret made for it is shown once",
    .query = &source_query_table,
    .input = &source_table,
    .output = &source_table,
    .secret_answer = true,
    .created = 201,
    .write = source_write};

static enum status source_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct source_row row;
    struct source source;
    enum status status = call_id(call, "id", "src", &id, err);
    if (status == ST_OK)
        status = source_get(snapshot, id, &row, err);
    if (status == ST_OK)
        status = source_of_row(call->arena, &row, &source, err);
    if (status == ST_OK)
        status = pull_show(snapshot, call->arena, &source, err);
    if (status == ST_OK)
        source_answer(call, &source);
    return status;
}

const struct op source_one = {.name = "source_get",
    .summary = "A platform, its configuration and counters",
    .output = &source_table,
    .read = source_read};

static enum status sources_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct source_list list;
    struct page page = call_page(call);
    enum status status = source_list(snapshot, call->organisation, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct source source;
        status = source_of_row(call->arena, &list.items[i], &source, err);
        if (status == ST_OK)
            status = pull_show(snapshot, call->arena, &source, err);
        if (status != ST_OK)
            return status;
        source.hook_url = arena_printf(call->arena, "%s/hooks/%s", call_base_url(call), source.id);
        field_write(&source_table, &w, &source);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op sources_list = {.name = "sources_list",
    .summary = "The platforms of an organisation",
    .query = &source_query_table,
    .output = &source_table,
    .list = true,
    .read = sources_read};

static enum status source_modify(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct source_row row = {.version = 0};
    struct source changed;
    enum status status = call_id(call, "id", "src", &id, err);
    if (status == ST_OK)
        status = source_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, row.version, err);
    if (status == ST_OK)
        status = source_change(txn, id, call->in, row.version, &changed, err);
    if (status == ST_OK)
        source_answer(call, &changed);
    return status;
}

const struct op source_patch = {.name = "source_change",
    .summary = "Changes a platform; a new secret keeps the former one good until it is cleared",
    .input = &source_table,
    .mode = FIELD_MODE_PATCH,
    .output = &source_table,
    .write = source_modify,
    .committed = sources_changed};

static enum status source_drop(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct source_row row = {0};
    enum status status = call_id(call, "id", "src", &id, err);
    if (status == ST_OK)
        status = source_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, row.version, err);
    return status == ST_OK ? source_remove(txn, id, row.version, err) : status;
}

const struct op source_delete_op = {.name = "source_delete",
    .summary = "Forgets a platform that never posted",
    .created = 204,
    .write = source_drop,
    .committed = sources_changed};

/* The payload is given as the platform would post it, unsigned; nothing is stored. */
static enum status source_preview(
    const struct snapshot *snapshot, struct call *call, const char *id, struct error *err)
{
    struct source_reader *reader = NULL;
    enum status status = source_open(snapshot, call->api->options.keyring, id, &reader, err);
    if (status != ST_OK)
        return status;
    struct lms_header type = {.name = "content-type", .value = call->content_type};
    struct lms_request request = {.headers = &type, .header_count = 1, .body = call->request};
    struct json_writer w = call_writer(call);
    status = completion_preview(call->arena, reader, &request, call->request, snapshot_now(snapshot), &w, err);
    source_close(reader);
    return status;
}

/* Trying the connection takes the network: a job does it. */
static enum status source_connect(struct txn *txn, struct call *call, const char *id, struct error *err)
{
    struct source_row row;
    struct operation_row operation = {
        .kind = "source_test", .subject = id, .request = "{}", .next_at = txn_now(txn)};
    enum status status = source_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = operation_add(txn, &operation, err);
    return status == ST_OK ? call_answer_operation(call, &operation) : status;
}

static enum status source_try(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    enum status status = call_id(call, "id", "src", &id, err);
    if (status != ST_OK)
        return status;
    return call->request.size > 0 ? source_preview(txn_snapshot(txn), call, id, err)
                                  : source_connect(txn, call, id, err);
}

const struct op source_test = {.name = "source_test",
    .summary = "What a payload would become, storing nothing; without one, tries the connection (202)",
    .consumes = "*/*",
    .body_optional = true,
    .write = source_try};

struct sync_order {
    int sweep;
};
static const struct field sync_order_fields[] = {
    FIELD(struct sync_order, sweep, FIELD_BOOL, .doc = "true: everything, not only what is recent."),
};
static const struct field_table sync_order_table =
    FIELD_TABLE("SyncOrder", struct sync_order, sync_order_fields, -1);

static enum status source_sync_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct sync_order *order = call->in;
    struct operation_row operation;
    const char *id = NULL;
    enum status status = call_id(call, "id", "src", &id, err);
    if (status == ST_OK)
        status = pull_want(txn, id, order->sweep == 1, &operation, err);
    return status == ST_OK ? call_answer_operation(call, &operation) : status;
}

const struct op source_sync_post = {.name = "source_sync",
    .summary = "Asks a platform for completions now; the operation ends with the run",
    .input = &sync_order_table,
    .body_optional = true,
    .output = &operation_table,
    .created = 202,
    .write = source_sync_write};

struct replay_body {
    instant_t from, until;
};
static const struct field replay_fields[] = {
    FIELD(struct replay_body, from, FIELD_INSTANT, .doc = "Received from then on; everything unless told."),
    FIELD(struct replay_body, until, FIELD_INSTANT, .doc = "Received until then; now unless told."),
};
static const struct field_table replay_table = FIELD_TABLE("Replay", struct replay_body, replay_fields, -1);

static enum status replay_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct replay_body *in = call->in;
    const char *id = NULL;
    struct source_row row;
    struct source source;
    enum status status = call_id(call, "id", "src", &id, err);
    if (status == ST_OK)
        status = source_replay(txn, id, in->from, in->until, err);
    if (status == ST_OK)
        status = source_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = source_of_row(call->arena, &row, &source, err);
    if (status == ST_OK)
        status = pull_show(txn_snapshot(txn), call->arena, &source, err);
    if (status == ST_OK)
        source_answer(call, &source);
    return status;
}

const struct op source_replay_op = {.name = "source_replay",
    .summary = "Reads what a platform sent in a period again, posts and answers, by the mappings it has now",
    .input = &replay_table,
    .output = &source_table,
    .body_optional = true,
    .created = 202,
    .write = replay_write};

/* ---- what posts and answers do not say alike */

struct differences_query {
    struct page_params page;
    int kind;
};
static const struct field differences_query_fields[] = {
    PAGE_FIELDS(struct differences_query),
    FIELD(struct differences_query, kind, FIELD_ENUM, .names = pull_difference_names,
        .doc =
            "only_pushed (unless told): posted, and not in any answer; gone: not in the last sweep any more; "
            "only_pulled: in answers, and never posted as another record."),
};
static const struct field_table differences_query_table =
    FIELD_TABLE("DifferencesQuery", struct differences_query, differences_query_fields, -1);

static const struct field difference_fields[] = {
    FIELD(struct pull_difference, kind, FIELD_ENUM, .names = pull_difference_names),
    FIELD(struct pull_difference, completion, FIELD_ID, .kind = "cpl"),
    FIELD(struct pull_difference, employee, FIELD_ID, .kind = "emp"),
    FIELD(struct pull_difference, course, FIELD_ID, .kind = "crs"),
    FIELD(struct pull_difference, occurred_at, FIELD_INSTANT),
    FIELD(struct pull_difference, seen_at, FIELD_INSTANT, .doc = "When an answer last held it."),
};
static const struct field_table difference_table =
    FIELD_TABLE("Difference", struct pull_difference, difference_fields, -1);

static enum status differences_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct differences_query *query = call->params;
    struct page page = call_page(call);
    struct pull_differences list;
    const char *id = NULL;
    int kind = query->kind == FIELD_UNSET ? PULL_ONLY_PUSHED : query->kind;
    struct source_row row;
    enum status status = call_id(call, "id", "src", &id, err);
    if (status == ST_OK)
        status = source_get(snapshot, id, &row, err);
    if (status == ST_OK)
        status = pull_compare(snapshot, id, (enum pull_difference_kind)kind, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++)
        field_write(&difference_table, &w, &list.items[i]);
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op source_differences = {.name = "source_differences",
    .summary = "Completions about which a platform's posts and its answers to the last sweep do not agree",
    .query = &differences_query_table,
    .output = &difference_table,
    .list = true,
    .read = differences_read};
