/* /v1/calendars: servers that hold the calendars of HR or of people. */
#include "ops.h"
#include "work/calendar.h"

struct calendars_query {
    struct page_params page;
};
static const struct field calendars_query_fields[] = {PAGE_FIELDS(struct calendars_query)};
static const struct field_table calendars_query_table =
    FIELD_TABLE("CalendarsQuery", struct calendars_query, calendars_query_fields, -1);

static enum status calendars_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct calendar_list list;
    struct page page = call_page(call);
    enum status status = calendar_page(snapshot, call->organisation, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct calendar shown;
        calendar_of_row(call->arena, &list.items[i], &shown);
        field_write(&calendar_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op calendars_list = {.name = "calendars_list",
    .summary = "Calendar servers, and how they are",
    .query = &calendars_query_table,
    .output = &calendar_table,
    .list = true,
    .read = calendars_read};

static enum status calendar_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id;
    struct calendar_row row;
    struct calendar shown;
    enum status status = call_id(call, "id", "cal", &id, err);
    if (status == ST_OK)
        status = calendar_load(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    calendar_of_row(call->arena, &row, &shown);
    call_answer(call, &shown, shown.version);
    return ST_OK;
}

const struct op calendar_one = {
    .name = "calendar_get", .summary = "One calendar server", .output = &calendar_table, .read = calendar_read};

static enum status calendar_write(struct txn *txn, struct call *call, struct error *err)
{
    struct calendar shown;
    enum status status = calendar_create(txn, call->in, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/calendars/%s", shown.id);
    call_answer(call, &shown, shown.version);
    return ST_OK;
}

const struct op calendar_post = {.name = "calendar_create",
    .summary = "Connects a calendar server by CalDAV; it is looked for at once",
    .input = &calendar_table,
    .output = &calendar_table,
    .created = 201,
    .write = calendar_write};

/* The row that If-Match speaks of. */
static enum status calendar_expected(
    struct txn *txn, const struct call *call, struct calendar_row *ret, struct error *err)
{
    const char *id;
    enum status status = call_id(call, "id", "cal", &id, err);
    if (status == ST_OK)
        status = calendar_load(txn_snapshot(txn), id, ret, err);
    return status == ST_OK ? call_if_match(call, ret->version, err) : status;
}

static enum status calendar_edit(struct txn *txn, struct call *call, struct error *err)
{
    struct calendar_row row;
    struct calendar shown;
    enum status status = calendar_expected(txn, call, &row, err);
    if (status == ST_OK)
        status = calendar_change(txn, row.id, call->in, row.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op calendar_patch = {.name = "calendar_change",
    .summary = "Changes a calendar server; it is looked for again at once, whatever failed before",
    .input = &calendar_table,
    .mode = FIELD_MODE_PATCH,
    .output = &calendar_table,
    .write = calendar_edit};

static enum status calendar_drop(struct txn *txn, struct call *call, struct error *err)
{
    struct calendar_row row;
    enum status status = calendar_expected(txn, call, &row, err);
    return status == ST_OK ? calendar_remove(txn, row.id, err) : status;
}

const struct op calendar_delete_op = {.name = "calendar_delete",
    .summary = "Forgets a calendar server that holds no review any more",
    .created = 204,
    .write = calendar_drop};
