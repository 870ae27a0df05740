/*
 * /v1/imports: a CSV file is stored, then read and applied by itself; the request is held until that has ended
 * or its patience has.
 */
#include "work/import.h"

#include "ops.h"

#include <string.h>

enum { IMPORT_WAIT_DEFAULT = 10, IMPORT_WAIT_MAX = 120 };

struct import_query {
    struct import_options options;
    int64_t wait;
};
static const struct field import_query_fields[] = {
    FIELD_AS("dry_run", struct import_query, options.dry_run, FIELD_BOOL,
        .doc = "Read and check only, and say what would be done."),
    FIELD_AS("partial", struct import_query, options.partial, FIELD_BOOL,
        .doc = "Apply the other lines when some are refused; without it none are."),
    FIELD(struct import_query, wait, FIELD_INT, .min = 0, .max = IMPORT_WAIT_MAX,
        .doc = "Seconds to wait for the end, 10 unless told; 202 when it has not come by then."),
};
static const struct field_table import_query_table =
    FIELD_TABLE("ImportQuery", struct import_query, import_query_fields, -1);

/* ---- the answer */

static const struct field refusal_fields[] = {
    FIELD(struct import_refusal, line, FIELD_INT, .doc = "Line of the file, from 1; 0: the file as a whole."),
    FIELD(struct import_refusal, column, FIELD_TEXT, .doc = "Heading of the column, as in the file."),
    FIELD(struct import_refusal, reason, FIELD_TEXT, .doc = "What is wrong, and what was expected."),
};
static const struct field_table refusal_table =
    FIELD_TABLE("ImportRefusal", struct import_refusal, refusal_fields, -1);

struct import_shown {
    const char *id, *organisation;
    int kind, state;
    struct import_options options;
    struct import_counts counts;
    struct list refusals;
    instant_t created_at, updated_at;
};
#define COUNT(member, text) FIELD_AS(#member, struct import_shown, counts.member, FIELD_INT, .doc = (text))
static const struct field shown_fields[] = {
    FIELD(struct import_shown, id, FIELD_ID, .kind = "imp", .doc = "Identifier."),
    FIELD(struct import_shown, organisation, FIELD_ID, .kind = "org", .doc = "The organisation."),
    FIELD(struct import_shown, kind, FIELD_ENUM, .names = import_kind_names, .doc = "What the file is about."),
    FIELD(struct import_shown, state, FIELD_ENUM, .names = import_state_names,
        .doc = "received, applying, done; refused: nothing was applied; checked: a dry run has ended."),
    FIELD_AS(
        "dry_run", struct import_shown, options.dry_run, FIELD_BOOL, .doc = "Whether it was only checked."),
    FIELD_AS("partial", struct import_shown, options.partial, FIELD_BOOL,
        .doc = "Whether refused lines keep the others from being applied."),
    COUNT(total, "Lines of the file."),
    COUNT(applied, "Of them, applied so far."),
    COUNT(created, "What was new; in a dry run, what would be."),
    COUNT(updated, "What has changed."),
    COUNT(unchanged, "What said nothing new."),
    COUNT(refused, "Lines refused."),
    COUNT(missing, "Employees who are not in the file; nothing happens to them."),
    FIELD(struct import_shown, refusals, FIELD_LIST, .of = &refusal_table,
        .doc = "Why, by line; at most 1000. Not in lists."),
    FIELD(struct import_shown, created_at, FIELD_INSTANT, .doc = "When it was received."),
    FIELD(struct import_shown, updated_at, FIELD_INSTANT, .doc = "When it last went on."),
};
static const struct field_table shown_table = FIELD_TABLE("Import", struct import_shown, shown_fields, -1);

static int import_name_index(const char *const names[], const char *name)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return FIELD_UNSET;
}

static enum status import_show(
    struct call *call, const struct import_row *row, struct import_shown *ret, struct error *err)
{
    struct import_shown shown = {.id = row->id,
        .organisation = arena_printf(call->arena, "org_%s", row->organisation),
        .kind = import_name_index(import_kind_names, row->kind),
        .state = import_name_index(import_state_names, row->state),
        .created_at = row->created_at,
        .updated_at = row->updated_at};
    enum status status = field_parse(&import_options_table, call->arena, row->options, strlen(row->options),
        FIELD_MODE_STORED, &shown.options, err);
    if (status == ST_OK)
        status = field_parse(&import_counts_table, call->arena, row->counters, strlen(row->counters),
            FIELD_MODE_STORED, &shown.counts, err);
    shown.options.dry_run = shown.options.dry_run == 1;
    shown.options.partial = shown.options.partial == 1;
    if (status == ST_OK)
        *ret = shown;
    return status;
}

static enum status import_find(const struct snapshot *snapshot, struct call *call, const char *id,
    struct import_shown *ret, struct error *err)
{
    struct import_row row;
    struct import_refusals refusals;
    enum status status = import_get(snapshot, id, &row, err);
    if (status == ST_OK)
        status = import_show(call, &row, ret, err);
    if (status == ST_OK)
        status = import_refusals_of(snapshot, id, IMPORT_REFUSALS_MAX, &refusals, err);
    if (status == ST_OK && refusals.count > 0)
        ret->refusals = (struct list){.items = refusals.items, .count = refusals.count};
    else if (status == ST_OK)
        ret->refusals = (struct list){.items = "", .count = 0};
    return status;
}

/* ---- reading */

static enum status import_read_one(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id;
    struct import_shown shown;
    enum status status = call_id(call, "id", "imp", &id, err);
    if (status == ST_OK)
        status = import_find(snapshot, call, id, &shown, err);
    if (status != ST_OK)
        return status;
    call_answer(call, &shown, 0);
    call_etag_of_body(call);
    return ST_OK;
}

const struct op import_one = {.name = "import_get",
    .summary = "One import, how far it is, and what was refused",
    .output = &shown_table,
    .read = import_read_one};

struct imports_query {
    struct page_params page;
};
static const struct field imports_query_fields[] = {PAGE_FIELDS(struct imports_query)};
static const struct field_table imports_query_table =
    FIELD_TABLE("ImportsQuery", struct imports_query, imports_query_fields, -1);

static enum status imports_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct page page = call_page(call);
    struct import_list list;
    enum status status = import_list(snapshot, call->organisation, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct import_shown shown;
        status = import_show(call, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&shown_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op imports_list = {.name = "imports_list",
    .summary = "Imports, newest first",
    .query = &imports_query_table,
    .output = &shown_table,
    .list = true,
    .read = imports_read};

/* ---- receiving */

static enum status import_parse(struct call *call, struct error *err)
{
    const char *kind = call_param(call, "kind");
    return import_name_index(import_kind_names, kind) == FIELD_UNSET
               ? error_set(err, ST_NOT_FOUND, "there are no imports of the kind %.40s", kind)
               : ST_OK;
}

static enum status import_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct import_query *query = call->params;
    struct import_row row;
    struct import_shown shown;
    int64_t wait = query->wait == FIELD_INT_NONE ? IMPORT_WAIT_DEFAULT : query->wait;
    enum status status =
        import_receive(txn, call_param(call, "kind"), &query->options, call->request, &row, err);
    if (status == ST_OK)
        status = import_show(call, &row, &shown, err);
    if (status != ST_OK)
        return status;
    char *id = arena_strdup(call->arena, row.id);
    call->state = id;
    call->status = 202;
    call_location(call, "/v1/imports/%s", id);
    call_answer(call, &shown, 0);
    call_await(call, id, wait * US_PER_SEC);
    return ST_OK;
}

/* A file that was refused is a problem of the request; the import's own members say which lines. */
static void import_answer_refused(struct call *call, const struct import_shown *shown)
{
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member(&w, "type", "about:blank");
    jw_member(&w, "title", "Unprocessable Content");
    jw_member_int(&w, "status", 422);
    jw_member(&w, "detail", "the file was refused: nothing of it was applied, see refusals");
    jw_member(&w, "request_id", call->request_id);
    field_write_members(&shown_table, &w, shown, false);
    jw_close(&w, '}');
    call->status = 422;
    call->body_type = "application/problem+json";
}

static enum status import_refresh(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct import_shown shown;
    enum status status = import_find(snapshot, call, call->state, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/imports/%s", shown.id);
    if (shown.state == IMPORT_REFUSED) {
        import_answer_refused(call, &shown);
        return ST_OK;
    }
    call->status = shown.state == IMPORT_RECEIVED || shown.state == IMPORT_APPLYING ? 202 : 201;
    call_answer(call, &shown, 0);
    return ST_OK;
}

const struct op import_post = {.name = "import_create",
    .summary = "Imports a CSV file, all of it or nothing",
    .query = &import_query_table,
    .consumes = "text/csv",
    .output = &shown_table,
    .created = 201,
    .also = 202,
    .parse = import_parse,
    .write = import_write,
    .refresh = import_refresh};
