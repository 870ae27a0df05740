/*
 * Answers: written on a lane by operations, sent on the loop. Validators, lists with cursors.
 */
#include "internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void call_reset_answer(struct call *call)
{
    buf_reset(&call->body);
    call->status = 0;
    call->body_type = NULL;
    call->etag = NULL;
    call->coding = NULL;
    call->headers_out_count = 0;
    call->await = NULL;
    call->more = false;
    call->replayed = false;
}

const char *call_param(const struct call *call, const char *name)
{
    return router_param(&call->match, name);
}

enum status call_id(
    const struct call *call, const char *name, const char *kind, const char **ret, struct error *err)
{
    const char *id = call_param(call, name);
    char org[ORG_KEY_MAX];
    if (!id || !id_parse(id, kind, org) || strcmp(org, call->organisation) != 0)
        return error_set(err, ST_NOT_FOUND, "there is no such resource here");
    *ret = id;
    return ST_OK;
}

struct json_writer call_writer(struct call *call)
{
    return json_writer(&call->body);
}

void call_header(struct call *call, const char *name, const char *value)
{
    if (call->headers_out_count < CALL_HEADERS_MAX)
        call->headers_out[call->headers_out_count++] =
            (struct http_header){.name = name, .value = arena_strdup(call->arena, value)};
}

void call_location(struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    call_header(call, "Location", arena_vprintf(call->arena, format, args));
    va_end(args);
}

/* Of the answer as it is written: what is computed for it changes without its version. */
static const char *body_mark(const struct call *call)
{
    char hex[SHA256_HEX];
    struct sha256 hash = sha256(call->body.data, call->body.size);
    return arena_strndup(call->arena, sha256_hex(&hash, hex), 20);
}

void call_etag(struct call *call, int64_t version)
{
    call->etag = arena_printf(call->arena, "\"%lld-%s\"", (long long)version, body_mark(call));
}

void call_etag_of_body(struct call *call)
{
    call->etag = arena_printf(call->arena, "\"%s\"", body_mark(call));
}

void call_answer(struct call *call, const void *out, int64_t version)
{
    struct json_writer w = call_writer(call);
    field_write(call->op->output, &w, out);
    if (version)
        call_etag(call, version);
}

static bool names_etag(const struct call *call, const char *field, const char *current,
    bool (*matches)(const struct etags *etags, const char *current))
{
    struct etags etags;
    return etags_parse(call->arena, field, &etags, NULL) == ST_OK && matches(&etags, current);
}

/* Whether one of the tags is of this version, whatever the rest of the answer was then. */
static bool names_version(const struct call *call, const char *field, int64_t version)
{
    struct etags etags;
    char start[24];
    size_t size = (size_t)snprintf(start, sizeof(start), "\"%lld", (long long)version);
    if (etags_parse(call->arena, field, &etags, NULL) != ST_OK)
        return false;
    bool named = etags.any;
    for (size_t i = 0; i < etags.count; i++) {
        const struct etag *tag = &etags.tags[i];
        named |= !tag->weak && strncmp(tag->text, start, size) == 0 && strchr("-\"", tag->text[size]);
    }
    return named;
}

enum status call_if_match(const struct call *call, int64_t version, struct error *err)
{
    if (!call->if_match || names_version(call, call->if_match, version))
        return ST_OK;
    return error_set(
        err, ST_PRECONDITION, "the resource has changed: it has version %lld by now", (long long)version);
}

struct page call_page(const struct call *call)
{
    const struct page_params *params = call->params;
    unsigned limit = params->limit == FIELD_INT_NONE ? PAGE_DEFAULT : (unsigned)params->limit;
    return (struct page){.limit = limit, .cursor = params->cursor};
}

struct json_writer call_items_open(struct call *call)
{
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_key(&w, "items");
    jw_open(&w, '[');
    return w;
}

void link_escape(struct buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (isalnum((unsigned char)*c) || strchr("-._~", *c))
            buf_char(out, *c);
        else
            buf_printf(out, "%%%02X", (unsigned char)*c);
    }
}

static char *call_next_link(const struct call *call, const char *cursor)
{
    struct buf link;
    buf_init(&link, 4096);
    buf_printf(&link, "<%s?", http_path(call->exchange));
    for (size_t i = 0; i < call->query.count; i++) {
        const struct query_pair *pair = &call->query.pairs[i];
        if (!strcmp(pair->name, "cursor"))
            continue;
        link_escape(&link, pair->name);
        buf_char(&link, '=');
        link_escape(&link, pair->value);
        buf_char(&link, '&');
    }
    buf_text(&link, "cursor=");
    link_escape(&link, cursor);
    buf_text(&link, ">; rel=\"next\"");
    char *text = arena_strdup(call->arena, link.data);
    buf_free(&link);
    return text;
}

void call_next(struct call *call, const char *next)
{
    call_header(call, "Link", call_next_link(call, next));
}

void call_items_close(struct call *call, struct json_writer *w, const char *next)
{
    jw_close(w, ']');
    if (next) {
        jw_member(w, "next", next);
        call_next(call, next);
    }
    jw_close(w, '}');
}

bool call_is_manager(const struct call *call)
{
    return call->who.employee[0] && !(call->who.scopes & (SCOPE_ADMIN | SCOPE_HR | SCOPE_READ));
}

static int call_status(const struct call *call)
{
    if (call->status)
        return call->status;
    return call->op->created ? call->op->created : 200;
}

struct http_response call_head(struct call *call, int status)
{
    struct http_header *headers = ARENA_ARRAY(call->arena, CALL_HEADERS_MAX + 3, struct http_header);
    size_t count = 0;
    for (unsigned i = 0; i < call->headers_out_count; i++)
        headers[count++] = call->headers_out[i];
    if (call->etag)
        headers[count++] = (struct http_header){"ETag", call->etag};
    if (call->coding && status != 304)
        headers[count++] = (struct http_header){"Content-Encoding", call->coding};
    if (call->replayed)
        headers[count++] = (struct http_header){"Idempotent-Replayed", "true"};
    return (struct http_response){.status = status,
        .content_type = call->body_type      ? call->body_type
                        : call->op->produces ? call->op->produces
                                             : "application/json",
        .headers = headers,
        .header_count = count};
}

static bool call_not_modified(const struct call *call)
{
    enum http_method method = call->route->method;
    return method == HTTP_GET_ && call->etag && call->if_none_match &&
           names_etag(call, call->if_none_match, call->etag, etags_match_weak);
}

struct shared_body *shared_body_new(const void *data, size_t size)
{
    struct shared_body *body = malloc(sizeof(*body) + size);
    if (!body)
        abort();
    body->uses = 1;
    body->size = size;
    memcpy(body->data, data, size);
    return body;
}

void shared_body_release(void *body)
{
    struct shared_body *shared = body;
    if (shared && --shared->uses == 0)
        free(shared);
}

static void shared_body_send(struct shared_body *body, struct http_response *response)
{
    body->uses++;
    response->body = (struct span){.data = body->data, .size = body->size};
    response->release = shared_body_release;
    response->owner = body;
}

void call_respond(struct call *call)
{
    if (call->more) {
        stream_start(call, call_status(call));
        return;
    }
    if (call_not_modified(call))
        call->status = 304;
    struct http_response response = call_head(call, call_status(call));
    bool empty = (!call->body.size && !call->shared) || response.status == 304 || response.status == 204;
    if (empty)
        response.content_type = NULL;
    else if (call->shared)
        shared_body_send(call->shared, &response);
    else
        response.body = (struct span){.data = call->body.data, .size = call->body.size};
    figures_count(call->api, call, response.status);
    http_respond(call_release(call), &response);
    call_free(call);
}
