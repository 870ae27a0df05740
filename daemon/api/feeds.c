/*
 * /v1/feeds: calendar subscriptions. The secret in the address is the only key; it is shown when the feed is
 * made and never again.
 */
#include "op.h"

#include "work/feed.h"

#include <string.h>

static const char *const feed_scopes[] = {"employee", "manager", "organisation", NULL};

struct feed_body {
    const char *id, *organisation, *subject, *label, *url, *webcal, *google;
    int scope;
    instant_t created_at, revoked_at;
};

static const struct field feed_fields[] = {
    FIELD(struct feed_body, id, FIELD_ID, .kind = "feed", .flags = FIELD_READ),
    FIELD(struct feed_body, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ),
    FIELD(struct feed_body, scope, FIELD_ENUM, .names = feed_scopes, .flags = FIELD_REQUIRED,
        .doc = "Whose calendar: one person's, a manager's team, everybody's."),
    FIELD(struct feed_body, subject, FIELD_ID, .kind = "emp", .doc = "The employee or manager."),
    FIELD(struct feed_body, label, FIELD_TEXT, .max = 100, .doc = "What it is for."),
    FIELD(struct feed_body, created_at, FIELD_INSTANT, .flags = FIELD_READ),
    FIELD(struct feed_body, revoked_at, FIELD_INSTANT, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct feed_body, url, FIELD_TEXT, .max = 2048, .flags = FIELD_READ,
        .doc = "Its address; shown once, when it is made."),
    FIELD(struct feed_body, webcal, FIELD_TEXT, .max = 2048, .flags = FIELD_READ,
        .doc = "The same for programs that subscribe to webcal: links."),
    FIELD(struct feed_body, google, FIELD_TEXT, .max = 2048, .flags = FIELD_READ,
        .doc = "The same for Google Calendar."),
};
static const struct field_table feed_table = FIELD_TABLE("Feed", struct feed_body, feed_fields, -1);

struct feed_query {
    struct page_params page;
};
static const struct field feed_query_fields[] = {PAGE_FIELDS(struct feed_query)};
static const struct field_table feed_query_table =
    FIELD_TABLE("FeedQuery", struct feed_query, feed_query_fields, -1);

static int feed_scope_of(const char *name)
{
    int scope = 0;
    while (feed_scopes[scope] && strcmp(feed_scopes[scope], name) != 0)
        scope++;
    return scope;
}

static struct feed_body feed_of(struct arena *arena, const struct feed_row *row)
{
    return (struct feed_body){.id = row->id,
        .organisation = arena_printf(arena, "org_%s", row->organisation),
        .scope = feed_scope_of(row->scope),
        .subject = row->subject,
        .label = row->label,
        .created_at = row->created_at,
        .revoked_at = row->revoked_at};
}

/* The links of a new feed. Google subscribes by a webcal address inside one of its own. */
static void feed_links(struct call *call, const char *secret, struct feed_body *out)
{
    const char *base = call_base_url(call);
    const char *host = strstr(base, "://");
    host = host ? host + 3 : base;
    out->url = arena_printf(call->arena, "%s/feeds/%s.ics", base, secret);
    out->webcal = arena_printf(call->arena, "webcal://%s/feeds/%s.ics", host, secret);
    out->google = arena_printf(call->arena,
        "https://calendar.google.com/calendar/r?cid=webcal%%3A%%2F%%2F%s%%2Ffeeds%%2F%s.ics", host, secret);
}

/* Nothing changes but that it is revoked. */
static int64_t feed_version(const struct feed_row *row)
{
    return row->revoked_at == INSTANT_NONE ? 1 : 2;
}

static enum status feed_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct feed_body *in = call->in;
    const char *secret = NULL;
    struct feed_row row = {.scope = feed_scopes[in->scope], .subject = in->subject, .label = in->label};
    enum status status = feed_create(txn, &row, &secret, err);
    if (status != ST_OK)
        return status;
    struct feed_body out = feed_of(call->arena, &row);
    feed_links(call, secret, &out);
    call_answer(call, &out, feed_version(&row));
    call_location(call, "/v1/feeds/%s", row.id);
    return ST_OK;
}

const struct op feed_post = {.name = "feed_create",
    .summary = "Makes a calendar subscription; its address is shown once",
    .query = &feed_query_table,
    .input = &feed_table,
    .output = &feed_table,
    .secret_answer = true,
    .created = 201,
    .write = feed_write};

static enum status feed_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct feed_row row;
    enum status status = call_id(call, "id", "feed", &id, err);
    if (status == ST_OK)
        status = feed_get(snapshot, id, &row, err);
    if (status != ST_OK)
        return status;
    struct feed_body out = feed_of(call->arena, &row);
    call_answer(call, &out, feed_version(&row));
    return ST_OK;
}

const struct op feed_one = {
    .name = "feed_get", .summary = "A calendar subscription", .output = &feed_table, .read = feed_read};

static enum status feeds_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct feed_list list;
    struct page page = call_page(call);
    enum status status = feed_list(snapshot, call->organisation, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct feed_body out = feed_of(call->arena, &list.items[i]);
        field_write(&feed_table, &w, &out);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op feeds_list = {.name = "feeds_list",
    .summary = "The calendar subscriptions, revoked ones included",
    .query = &feed_query_table,
    .output = &feed_table,
    .list = true,
    .read = feeds_read};

static enum status feed_drop(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct feed_row row;
    enum status status = call_id(call, "id", "feed", &id, err);
    if (status == ST_OK)
        status = feed_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, feed_version(&row), err);
    return status == ST_OK ? feed_withdraw(txn, id, err) : status;
}

const struct op feed_delete = {.name = "feed_delete",
    .summary = "Revokes a subscription: an empty calendar for 30 days, then 410",
    .created = 204,
    .write = feed_drop};
