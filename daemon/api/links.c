/*
 * /v1/links: personal links that HR makes and takes back; those that letters carry are listed too. An address
 * is shown when its link is made and never again.
 */
#include "op.h"
#include "ops.h"
#include "work/link.h"

#include <string.h>

struct link_body {
    const char *id, *organisation, *person, *employee, *review, *url;
    int kind;
    instant_t created_at, expires_at, revoked_at;
};
static const struct field link_fields[] = {
    FIELD(struct link_body, id, FIELD_ID, .kind = "link", .flags = FIELD_READ),
    FIELD(struct link_body, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ),
    FIELD(struct link_body, kind, FIELD_ENUM, .names = link_kind_names, .flags = FIELD_REQUIRED,
        .doc = "An employee's own page, or an interviewer's about one review."),
    FIELD(struct link_body, person, FIELD_ID, .kind = "emp", .flags = FIELD_REQUIRED, .doc = "Whose page."),
    FIELD(struct link_body, employee, FIELD_ID, .kind = "emp", .flags = FIELD_READ, .doc = "About whom."),
    FIELD(struct link_body, review, FIELD_ID, .kind = "rev", .doc = "The review that the interviewer holds."),
    FIELD(struct link_body, created_at, FIELD_INSTANT, .flags = FIELD_READ),
    FIELD(struct link_body, expires_at, FIELD_INSTANT,
        .doc = "Within a year; 90 days from now, or after the review, unless told."),
    FIELD(struct link_body, revoked_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct link_body, url, FIELD_TEXT, .max = 2048, .flags = FIELD_READ,
        .doc = "Its address; shown once, when it is made."),
};
static const struct field_table link_table = FIELD_TABLE("Link", struct link_body, link_fields, -1);

struct link_query {
    struct page_params page;
    const char *person;
};
static const struct field link_query_fields[] = {PAGE_FIELDS(struct link_query),
    FIELD(struct link_query, person, FIELD_ID, .kind = "emp", .doc = "Only this person's.")};
static const struct field_table link_query_table =
    FIELD_TABLE("LinkQuery", struct link_query, link_query_fields, -1);

static struct link_body link_of(struct arena *arena, const struct link_row *row)
{
    bool own = strcmp(row->kind, link_kind_names[LINK_EMPLOYEE]) == 0;
    return (struct link_body){.id = row->id,
        .organisation = arena_printf(arena, "org_%s", row->organisation),
        .kind = own ? LINK_EMPLOYEE : LINK_INTERVIEWER,
        .person = row->person,
        .employee = row->employee,
        .review = row->review,
        .created_at = row->created_at,
        .expires_at = row->expires_at,
        .revoked_at = row->revoked_at};
}

/* Nothing changes but that it is revoked. */
static int64_t link_version(const struct link_row *row)
{
    return row->revoked_at == INSTANT_NONE ? 1 : 2;
}

static enum status link_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct link_body *in = call->in;
    const char *url = NULL;
    struct link_row row = {.kind = link_kind_names[in->kind],
        .person = in->person,
        .review = in->review,
        .expires_at = in->expires_at};
    enum status status = link_grant(txn, &row, &url, err);
    if (status != ST_OK)
        return status;
    struct link_body out = link_of(call->arena, &row);
    out.url = url;
    call_answer(call, &out, link_version(&row));
    call_location(call, "/v1/links/%s", row.id);
    return ST_OK;
}

const struct op link_post = {.name = "link_create",
    .summary = "Makes a personal link; its address is shown once",
    .input = &link_table,
    .output = &link_table,
    .secret_answer = true,
    .created = 201,
    .write = link_write};

static enum status link_named(
    const struct snapshot *snapshot, const struct call *call, struct link_row *ret, struct error *err)
{
    const char *id = NULL;
    enum status status = call_id(call, "id", "link", &id, err);
    return status == ST_OK ? link_get(snapshot, id, ret, err) : status;
}

static enum status link_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct link_row row;
    enum status status = link_named(snapshot, call, &row, err);
    if (status != ST_OK)
        return status;
    struct link_body out = link_of(call->arena, &row);
    call_answer(call, &out, link_version(&row));
    return ST_OK;
}

const struct op link_one = {.name = "link_get",
    .summary = "A personal link, without its address",
    .output = &link_table,
    .read = link_read};

static enum status links_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct link_query *query = call->params;
    struct link_list list;
    struct page page = call_page(call);
    enum status status = link_list(snapshot, call->organisation, query->person, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct link_body out = link_of(call->arena, &list.items[i]);
        field_write(&link_table, &w, &out);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op links_list = {.name = "links_list",
    .summary = "The personal links, those of letters and revoked ones included",
    .query = &link_query_table,
    .output = &link_table,
    .list = true,
    .read = links_read};

static enum status link_drop(struct txn *txn, struct call *call, struct error *err)
{
    struct link_row row;
    enum status status = link_named(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, link_version(&row), err);
    return status == ST_OK ? link_withdraw(txn, row.id, err) : status;
}

const struct op link_delete = {.name = "link_delete",
    .summary = "Revokes a personal link: its page opens no more",
    .created = 204,
    .write = link_drop};
