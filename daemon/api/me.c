/*
 * /me/{secret}: personal pages, opened by the secret in their address alone. What is forged or has expired is
 * refused on the loop, by its signature; the rest is looked up, and its organisation with it. A GET shows, a
 * POST acts and answers 303, or the page again with what was refused. Failures are pages too.
 */
#include "base/text.h"
#include "internal.h"
#include "ops.h"
#include "store/review.h"
#include "work/link.h"
#include "work/organisation.h"
#include "work/page.h"

#include <string.h>

static const char me_type[] = "text/html; charset=utf-8";

/* ---- who asks */

struct me_lookup {
    struct call *call;
    struct link_row row;
    bool found;
};

static enum status me_lookup_run(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct me_lookup *lookup = context;
    struct arena *arena = lookup->call->arena;
    struct link_row row;
    enum status status = link_of_secret(snapshot, call_param(lookup->call, "secret"), &row, err);
    lookup->found = status == ST_OK;
    if (lookup->found) {
        lookup->row = row;
        lookup->row.id = arena_strdup(arena, row.id);
        lookup->row.organisation = arena_strdup(arena, row.organisation);
        lookup->row.kind = arena_strdup(arena, row.kind);
        lookup->row.person = arena_strdup(arena, row.person);
        lookup->row.employee = arena_strdup(arena, row.employee);
        lookup->row.review = arena_strdup(arena, row.review);
    }
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static void me_refuse(struct call *call, int refusal, const char *why)
{
    struct error err = ERROR_INIT;
    call->refusal = refusal;
    error_set(&err, ST_NOT_FOUND, "%s", why);
    call_failed(call, &err);
}

static void me_lookup_done(void *context, enum status status, const struct error *err)
{
    struct me_lookup *lookup = context;
    struct call *call = lookup->call;
    call->in_lane = false;
    if (status != ST_OK) {
        call_failed(call, err);
        return;
    }
    if (!lookup->found) {
        me_refuse(call, 410, "this link was taken back");
        return;
    }
    call->link = &lookup->row;
    text_copy(call->who.actor, sizeof(call->who.actor), lookup->row.id);
    text_copy(call->who.organisation, sizeof(call->who.organisation), lookup->row.organisation);
    call_authenticated(call);
}

void me_authenticate(struct call *call)
{
    struct error err = ERROR_INIT;
    const struct api_options *options = &call->api->options;
    instant_t expires_at = INSTANT_NONE;
    if (!link_genuine(options->keyring, call_param(call, "secret"), &expires_at)) {
        call->refusal = 404;
        call_refuse_credentials(call, "there is no such page");
        return;
    }
    if (expires_at <= clock_now(options->clock)) {
        me_refuse(call, 410, "this link has expired");
        return;
    }
    struct me_lookup *lookup = ARENA_NEW(call->arena, struct me_lookup);
    *lookup = (struct me_lookup){.call = call};
    struct store_request request = {
        .organisation = "system", .actor = "anonymous", .context = lookup, .done = me_lookup_done};
    call->in_lane = true;
    if (store_read(options->store, &request, me_lookup_run, &err) != ST_OK) {
        call->in_lane = false;
        call_failed(call, &err);
    }
}

/* ---- answers */

enum { ME_HEADERS = 3 };

static void me_headers(struct http_header headers[static ME_HEADERS])
{
    headers[0] = (struct http_header){"Content-Security-Policy", page_policy()};
    headers[1] = (struct http_header){"Referrer-Policy", "no-referrer"};
    headers[2] = (struct http_header){"X-Robots-Tag", "noindex"};
}

static void me_page(struct call *call)
{
    struct http_header headers[ME_HEADERS];
    me_headers(headers);
    for (size_t i = 0; i < ME_HEADERS; i++)
        call_header(call, headers[i].name, headers[i].value);
    call->body_type = me_type;
}

/* Whoever opens a page reads no JSON. */
void me_failed(struct call *call, int status)
{
    static const char *const gone[LANG_COUNT] = {"Ce lien n'est plus valable", "This link is no longer valid"};
    static const char *const gone_words[LANG_COUNT] = {"Il a expiré, il a été retiré, ou son adresse est "
                                                       "incomplète. Ouvrez le lien du message le plus récent, "
                                                       "ou demandez-en un nouveau aux ressources humaines.",
        "It has expired, was taken back, or its address is incomplete. Open the link of the latest message, or "
        "ask HR for a new one."};
    static const char *const failed[LANG_COUNT] = {"La demande n'a pas abouti", "The request failed"};
    static const char *const failed_words[LANG_COUNT] = {
        "Rien n'a été changé. Revenez à la page précédente et réessayez.",
        "Nothing was changed. Go back to the page before and try again."};
    bool lost = status == 404 || status == 410;
    struct http_header headers[ME_HEADERS];
    BUF_AUTO body;
    buf_init(&body, 0);
    me_headers(headers);
    page_plain(&body, lost ? gone : failed, lost ? gone_words : failed_words);
    const struct http_response response = {.status = status,
        .content_type = me_type,
        .body = {body.data, body.size},
        .headers = headers,
        .header_count = ME_HEADERS};
    http_respond(call_release(call), &response);
    call_free(call);
}

/* ---- the page */

struct me_query {
    int lang, format;
    const char *done;
    instant_t slot;
};
#define ME_LANG                                                                                                \
    FIELD(struct me_query, lang, FIELD_ENUM, .names = lang_names,                                              \
        .doc = "Of the page; the person's unless told.")
static const struct field me_fields[] = {
    ME_LANG,
    FIELD(struct me_query, done, FIELD_TEXT, .max = 40, .doc = "What was done just before."),
    FIELD(struct me_query, slot, FIELD_INSTANT, .doc = "A time chosen in a message, to be confirmed."),
};
static const struct field_table me_table = FIELD_TABLE("PageQuery", struct me_query, me_fields, -1);

static struct page_request me_request(const struct call *call)
{
    const struct me_query *query = call->params;
    return (struct page_request){.link = call->link,
        .keyring = call->api->options.keyring,
        .path = arena_printf(call->arena, "/me/%s", call_param(call, "secret")),
        .lang = query->lang,
        .slot = INSTANT_NONE};
}

static enum status me_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct me_query *query = call->params;
    struct page_request request = me_request(call);
    request.done = query->done;
    request.slot = query->slot;
    me_page(call);
    return page_show(snapshot, &request, &call->body, err);
}

const struct op me_get = {.name = "page_get",
    .summary = "A personal page: an employee's own, or an interviewer's about a review",
    .query = &me_table,
    .produces = "text/html",
    .read = me_read};

/* ---- forms */

static enum status me_form_urlencoded(struct call *call, struct form *ret, struct error *err)
{
    struct query pairs;
    enum status status = query_parse(call->arena, call->request.data, call->request.size, &pairs, err);
    if (status != ST_OK)
        return status;
    struct form_field *fields = ARENA_ARRAY(call->arena, pairs.count, struct form_field);
    for (size_t i = 0; status == ST_OK && i < pairs.count; i++) {
        char *value = arena_strdup(call->arena, pairs.pairs[i].value);
        status = form_clean(value, err);
        fields[i] = (struct form_field){.name = pairs.pairs[i].name, .value = value};
    }
    *ret = (struct form){.fields = fields, .count = pairs.count};
    return status;
}

struct me_act {
    const struct page_request *request;
    const char *done;
};

static enum status me_act_run(struct txn *txn, void *context, struct error *err)
{
    struct me_act *act = context;
    return page_act(txn, act->request, &act->done, err);
}

/* What the page says in its own words; everything else is a failure. */
static bool me_is_refusal(enum status status)
{
    return status == ST_INVALID || status == ST_CONFLICT || status == ST_FORBIDDEN || status == ST_PRECONDITION;
}

static enum status me_write(struct txn *txn, struct call *call, struct error *err)
{
    struct form form;
    struct error refused = ERROR_INIT;
    struct page_request request = me_request(call);
    enum status status = strcmp(call->content_type, "multipart/form-data") == 0
                             ? form_read_multipart(call->arena, call->content_field, call->request, &form, err)
                             : me_form_urlencoded(call, &form, err);
    if (status != ST_OK)
        return status;
    request.form = &form;
    struct me_act act = {.request = &request};
    status = txn_try(txn, me_act_run, &act, &refused);
    if (me_is_refusal(status)) {
        request.refused = &refused;
        me_page(call);
        call->status = http_status_of(status);
        return page_show(txn_snapshot(txn), &request, &call->body, err);
    }
    if (status != ST_OK)
        return error_set(err, status, "%s", refused.detail);
    const char *lang = request.lang < 0 ? "" : arena_printf(call->arena, "&lang=%s", lang_names[request.lang]);
    call_location(call, "%s?done=%s%s", request.path, act.done, lang);
    call_header(call, "Referrer-Policy", "no-referrer");
    return ST_OK;
}

static const struct field me_post_fields[] = {ME_LANG};
static const struct field_table me_post_table =
    FIELD_TABLE("PageActQuery", struct me_query, me_post_fields, -1);

const struct op me_post = {.name = "page_act",
    .summary = "Does what a form of the page asks: answer, prepare, acknowledge, choose, hold, report",
    .query = &me_post_table,
    .consumes = "application/x-www-form-urlencoded, multipart/form-data",
    .produces = "text/html",
    .created = 303,
    .write = me_write};

/* ---- below the page */

enum { ME_JSON, ME_HTML };
static const char *const me_formats[] = {"json", "html", NULL};
static const struct field me_data_fields[] = {
    ME_LANG,
    FIELD(struct me_query, format, FIELD_ENUM, .names = me_formats, .doc = "html: a page to read."),
};
static const struct field_table me_data_table =
    FIELD_TABLE("PageDataQuery", struct me_query, me_data_fields, -1);

static enum status me_data_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct me_query *query = call->params;
    struct page_request request = me_request(call);
    if (query->format == ME_HTML) {
        me_page(call);
        return page_data_html(snapshot, &request, &call->body, err);
    }
    call_header(call, "Content-Disposition", "attachment; filename=\"entretiend.json\"");
    return page_data_json(snapshot, &request, &call->body, err);
}

const struct op me_data = {.name = "page_data",
    .summary = "Everything stored about the employee of the page",
    .query = &me_data_table,
    .produces = "application/json",
    .read = me_data_read};

static enum status me_document_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct document_row row;
    const char *review = call_param(call, "review");
    enum status status = page_review(snapshot, call->link, review, err);
    if (status == ST_OK)
        status = document_get(snapshot, review, call_param(call, "kind"), 0, &row, err);
    if (status != ST_OK)
        return status;
    buf_add(&call->body, row.content.data, row.content.size);
    call->body_type = arena_strdup(call->arena, row.media_type);
    call_header(call, "Content-Disposition",
        arena_printf(call->arena, "attachment; filename=\"%s-%s.pdf\"", row.kind, review));
    call_header(call, "Referrer-Policy", "no-referrer");
    return ST_OK;
}

const struct op me_document = {.name = "page_document",
    .summary = "A document of a review that the page shows",
    .produces = "application/pdf",
    .read = me_document_read};
