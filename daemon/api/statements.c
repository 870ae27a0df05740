/*
 * /xapi: the Statement resource of the Experience API, for platforms that speak to a learning record store. It
 * receives statements, answers after COMMIT exactly as senders were seen to expect, and shows a source its own.
 * Bodies are read and checked on the loop, so that nothing wrong reaches a lane.
 */
#include "statements.h"

#include "base/text.h"
#include "work/statement.h"

#include <string.h>

/* A write under way: what was stored from then on may not be seen yet. */
struct stating {
    struct stating *next;
    struct api *api;
    instant_t since;
    enum lms_xapi_version version;
    struct lms_statements statements;
};

/* ---- what every answer carries */

static instant_t statements_consistent_through(const struct api *api)
{
    instant_t now = clock_now(api->options.clock);
    return api->stating && api->stating->since < now ? api->stating->since : now;
}

void statements_headers(struct api *api, struct http_exchange *exchange)
{
    struct arena *arena = http_arena(exchange);
    enum lms_xapi_version version = lms_xapi_version(http_header(exchange, "x-experience-api-version"));
    char *through = arena_alloc(arena, INSTANT_TEXT_MAX);
    http_always(exchange, "X-Experience-API-Version",
        lms_xapi_version_text(version == LMS_XAPI_NONE ? LMS_XAPI_1 : version));
    http_always(exchange, "X-Experience-API-Consistent-Through",
        instant_text(statements_consistent_through(api), through));
}

/* ---- who */

void statements_authenticate(struct call *call)
{
    const char *user, *password;
    char org[ORG_KEY_MAX];
    const char *field = query_get(&call->headers, "authorization");
    if (!credentials_basic(call->arena, field, &user, &password) || !id_parse(user, "src", org)) {
        call_refuse_credentials(call, "expected Basic credentials: the id of the source and its secret");
        return;
    }
    struct lms_signature *basic = ARENA_NEW(call->arena, struct lms_signature);
    *basic = (struct lms_signature){.family = LMS_FAMILY_BASIC, .user = user, .window = FIELD_INT_NONE};
    text_copy(call->who.organisation, sizeof call->who.organisation, org);
    source_authenticate(call, user, basic);
}

bool statements_vouched(struct api *api, struct http_exchange *exchange)
{
    const char *user, *password;
    const char *field = http_header(exchange, "authorization");
    return credentials_basic(http_arena(exchange), field, &user, &password) && api_knows_source(api, user);
}

enum status statements_enter(struct call *call, enum lms_xapi_version *ret, struct error *err)
{
    const struct hook *hook = call->state;
    const char *version = query_get(&call->headers, "x-experience-api-version");
    if (!lms_platform_states(hook->source->platform))
        return error_set(err, ST_INVALID, "a source of %s takes no statements", hook->source->platform->title);
    *ret = lms_xapi_version(version);
    return *ret != LMS_XAPI_NONE ? ST_OK
                                 : error_field(err, "/X-Experience-API-Version",
                                       "expected 1.0, 1.0.x, 2.0 or 2.0.x in the header");
}

const char *statements_authority(const struct call *call, const char *source)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "objectType", "Agent");
    jw_key(&w, "account");
    jw_open(&w, '{');
    jw_member(&w, "homePage", call_base_url(call));
    jw_member(&w, "name", source);
    jw_close(&w, '}');
    jw_close(&w, '}');
    return arena_strdup(call->arena, out.data);
}

/* ---- writing */

static void stating_end(void *value)
{
    struct stating *stating = value;
    struct stating **at = &stating->api->stating;
    while (*at && *at != stating)
        at = &(*at)->next;
    if (*at)
        *at = stating->next;
}

static void stating_begin(struct call *call, struct stating *stating)
{
    struct stating **at = &call->api->stating;
    while (*at)
        at = &(*at)->next;
    *at = stating;
    stating->api = call->api;
    stating->since = clock_now(call->api->options.clock);
    arena_defer(call->arena, stating_end, stating);
}

/* The statements, and the data of attachments behind them (xAPI-Communication 1.5). */
static enum status stating_split(struct call *call, struct lms_statements_input *input, struct error *err)
{
    struct lms_parts parts;
    input->body = call->request;
    if (!strcmp(call->content_type, "application/json"))
        return ST_OK;
    if (strcmp(call->content_type, "multipart/mixed") != 0)
        return error_field(
            err, "/Content-Type", "expected application/json, or multipart/mixed with data of attachments");
    enum status status = lms_parts_read(call->arena, call->content_field, call->request, &parts, err);
    if (status != ST_OK)
        return status;
    if (!lms_media_same(parts.items[0].type, "application/json"))
        return error_set(err, ST_SYNTAX, "part 1 of the body: expected the statements, as application/json");
    input->body = parts.items[0].content;
    input->parts = (struct lms_parts){.items = parts.items + 1, .count = parts.count - 1};
    return ST_OK;
}

static enum status stating_parse(struct call *call, const char *id, struct error *err)
{
    struct hook *hook = call->state;
    struct stating *stating = ARENA_NEW(call->arena, struct stating);
    enum status status = statements_enter(call, &stating->version, err);
    if (status != ST_OK)
        return status;
    struct lms_statements_input input = {
        .version = stating->version, .authority = statements_authority(call, hook->source->id), .id = id};
    status = stating_split(call, &input, err);
    if (status == ST_OK)
        status = lms_statements_read(call->arena, &input, &stating->statements, err);
    if (status != ST_OK)
        return status;
    call->in = stating;
    stating_begin(call, stating);
    return ST_OK;
}

static enum status stating_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct hook *hook = call->state;
    const struct stating *stating = call->in;
    struct completion_receipt receipt;
    return statements_receive(txn, hook->source, &hook->request, &stating->statements, &receipt, err);
}

static enum status post_parse(struct call *call, struct error *err)
{
    return stating_parse(call, NULL, err);
}

static enum status post_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct stating *stating = call->in;
    enum status status = stating_write(txn, call, err);
    struct json_writer w = call_writer(call);
    jw_open(&w, '[');
    for (size_t i = 0; i < stating->statements.count; i++)
        jw_text(&w, stating->statements.items[i].id);
    jw_close(&w, ']');
    return status;
}

const struct op statements_post = {.name = "statements_post",
    .summary = "A platform posts xAPI statements, one or a list",
    .consumes = "*/*",
    .parse = post_parse,
    .write = post_write};

struct put_query {
    const char *id;
};
static const struct field put_query_fields[] = {
    FIELD_AS("statementId", struct put_query, id, FIELD_TEXT, .flags = FIELD_REQUIRED,
        .doc = "The id of the statement, a UUID."),
};
static const struct field_table put_query_table =
    FIELD_TABLE("StatementPutQuery", struct put_query, put_query_fields, -1);

static enum status put_parse(struct call *call, struct error *err)
{
    const struct put_query *query = call->params;
    if (!query->id || !lms_is_uuid(query->id))
        return error_field(err, "/statementId", "expected a UUID");
    char *lower = arena_strdup(call->arena, query->id);
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    return stating_parse(call, lower, err);
}

const struct op statement_put = {.name = "statement_put",
    .summary = "A platform puts an xAPI statement under its id",
    .query = &put_query_table,
    .consumes = "*/*",
    .created = 204,
    .parse = put_parse,
    .write = stating_write};

/* ---- about */

static enum status about_local(struct call *call, struct error *err)
{
    (void)err;
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_key(&w, "version");
    jw_open(&w, '[');
    jw_text(&w, lms_xapi_version_text(LMS_XAPI_1));
    jw_text(&w, lms_xapi_version_text(LMS_XAPI_2));
    jw_close(&w, ']');
    jw_key(&w, "extensions");
    jw_open(&w, '{');
    jw_close(&w, '}');
    jw_close(&w, '}');
    return ST_OK;
}

const struct op statements_about = {
    .name = "statements_about", .summary = "Versions of the xAPI statement receiver", .local = about_local};
