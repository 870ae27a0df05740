/* /v1/aliases: whom the platforms mean by their keys. */
#include "op.h"

#include "work/alias.h"

struct alias_query {
    struct page_params page;
    const char *employee, *source, *value;
};
static const struct field alias_query_fields[] = {PAGE_FIELDS(struct alias_query),
    FIELD(struct alias_query, employee, FIELD_ID, .kind = "emp", .doc = "Only this person's."),
    FIELD(struct alias_query, source, FIELD_ID, .kind = "src", .doc = "Only of this platform."),
    FIELD(struct alias_query, value, FIELD_TEXT, .max = 1000, .doc = "Only this key.")};
static const struct field_table alias_query_table =
    FIELD_TABLE("AliasQuery", struct alias_query, alias_query_fields, -1);

static enum status aliases_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct alias_query *query = call->params;
    const struct alias_filter filter = {query->employee, query->source, query->value};
    struct page page = call_page(call);
    struct alias_list list;
    enum status status = alias_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct alias shown;
        alias_of_row(call->arena, &list.items[i], &shown);
        field_write(&alias_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op aliases_list = {.name = "aliases_list",
    .summary = "Whom the platforms mean by their keys",
    .query = &alias_query_table,
    .output = &alias_table,
    .list = true,
    .read = aliases_read};

static enum status alias_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct alias_row row;
    struct alias shown;
    enum status status = call_id(call, "id", "als", &id, err);
    if (status == ST_OK)
        status = alias_get(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    alias_of_row(call->arena, &row, &shown);
    call_answer(call, &shown, 0);
    call_etag_of_body(call);
    return ST_OK;
}

const struct op alias_one = {
    .name = "alias_get", .summary = "An alias", .output = &alias_table, .read = alias_read};

static enum status alias_make(struct txn *txn, struct call *call, struct error *err)
{
    struct alias made;
    enum status status = alias_create(txn, call->in, &made, err);
    if (status != ST_OK)
        return status;
    call_answer(call, &made, 0);
    call_location(call, "/v1/aliases/%s", made.id);
    return ST_OK;
}

const struct op alias_post = {.name = "alias_create",
    .summary = "A key of a platform means this person; what waits for it is attributed",
    .query = &alias_query_table,
    .input = &alias_table,
    .output = &alias_table,
    .created = 201,
    .write = alias_make};

static enum status alias_alter(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct alias changed;
    enum status status = call_id(call, "id", "als", &id, err);
    if (status == ST_OK)
        status = alias_change(txn, id, call->in, &changed, err);
    if (status == ST_OK)
        call_answer(call, &changed, 0);
    return status;
}

const struct op alias_patch = {.name = "alias_change",
    .summary = "Ends an alias",
    .input = &alias_table,
    .mode = FIELD_MODE_PATCH,
    .output = &alias_table,
    .write = alias_alter};

static enum status alias_drop(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    enum status status = call_id(call, "id", "als", &id, err);
    return status == ST_OK ? alias_remove(txn, id, err) : status;
}

const struct op alias_delete_op = {.name = "alias_delete",
    .summary = "Withdraws an alias that was a mistake",
    .created = 204,
    .write = alias_drop};
