/*
 * The way of a request through the interface: route, credentials, parse, lane, answer. Runs on the loop, except
 * call_on_lane_*, which run on the store's lanes. An exchange whose client goes away leaves its call running to
 * the end, unanswered.
 */
#include "internal.h"

#include "base/log.h"
#include "base/zone.h"
#include "work/link.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const size_t default_body = 64 * 1024;

struct header_copy {
    struct call *call;
    size_t room;
};

static void copy_header(void *context, const char *name, const char *value)
{
    struct header_copy *copy = context;
    struct query *headers = &copy->call->headers;
    if (headers->count == copy->room)
        return;
    char *lower = arena_strdup(copy->call->arena, name);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    headers->pairs[headers->count++] =
        (struct query_pair){.name = lower, .value = arena_strdup(copy->call->arena, value)};
}

static const char *call_header_in(struct call *call, const char *name)
{
    return arena_strdup(call->arena, http_header(call->exchange, name));
}

static const char *media_type(struct arena *arena, const char *field)
{
    if (!field)
        return "";
    size_t length = strcspn(field, "; \t");
    char *type = arena_strndup(arena, field, length);
    for (char *c = type; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return type;
}

void call_set_content_type(struct call *call, const char *field)
{
    call->content_field = arena_strdup(call->arena, field ? field : "");
    call->content_type = media_type(call->arena, field);
}

static struct call *call_new(struct api *api, struct http_exchange *exchange)
{
    struct arena *arena = arena_new(8192);
    struct call *call = ARENA_NEW(arena, struct call);
    *call = (struct call){.api = api,
        .arena = arena,
        .exchange = exchange,
        .request = http_body(exchange),
        .started = clock_monotonic()};
    call->request_id = arena_strdup(arena, http_request_id(exchange));
    call->peer = arena_strdup(arena, http_peer(exchange));
    call->query_text = http_query(exchange);
    call_set_content_type(call, http_header(exchange, "content-type"));
    call->if_match = call_header_in(call, "if-match");
    call->if_none_match = call_header_in(call, "if-none-match");
    call->if_modified_since = call_header_in(call, "if-modified-since");
    call->idempotency_key = call_header_in(call, "idempotency-key");
    call->accept = call_header_in(call, "accept");
    call->accept_encoding = call_header_in(call, "accept-encoding");
    call->today = zone_date(zone_load("Europe/Paris", NULL), clock_now(api->options.clock));
    buf_init(&call->body, 0);
    http_set_context(exchange, call);
    return call;
}

/* The exchange, to be answered now: its client's leaving no longer concerns the call. */
struct http_exchange *call_release(struct call *call)
{
    struct http_exchange *exchange = call->exchange;
    http_set_context(exchange, NULL);
    call->exchange = NULL;
    return exchange;
}

void call_free(struct call *call)
{
    keyed_leave(call);
    call_hold_end(call);
    stream_close(call);
    timer_free(call->timer);
    buf_free(&call->body);
    arena_free(call->arena);
}

void call_failed_with(
    struct call *call, int status, const struct error *err, const struct http_header *extra, size_t extra_count)
{
    figures_count(call->api, call, status);
    call_note_refusal(call, status, err);
    if (status == 500)
        log_line(LOG_ERROR, call->op ? call->op->name : "http", err->detail, "status=%d request=%s", status,
            call->request_id);
    if (call->route && call->route->auth == AUTH_LINK) {
        me_failed(call, status);
        return;
    }
    http_respond_problem(call_release(call), status, err, extra, extra_count);
    call_free(call);
}

void call_failed(struct call *call, const struct error *err)
{
    int status = call->refusal ? call->refusal : http_status_of(err->status);
    if (status == 422 && call->route && call->route->auth == AUTH_STATEMENTS)
        status = 400; /* as xAPI wants it */
    call_failed_with(call, status, err, NULL, 0);
}

static void call_refuse_path(struct call *call)
{
    struct error err = ERROR_INIT;
    if (call->match.allow) {
        struct http_header allow = {"Allow", call->match.allow};
        error_set(&err, ST_INVALID, "this resource allows %s", call->match.allow);
        call_failed_with(call, 405, &err, &allow, 1);
        return;
    }
    error_set(&err, ST_NOT_FOUND, "there is nothing at this path");
    call_failed(call, &err);
}

static void call_refuse_rate(struct call *call, int retry)
{
    struct error err = ERROR_INIT;
    struct http_header after = {"Retry-After", arena_printf(call->arena, "%d", retry)};
    call->api->rate_refusals++;
    error_set(&err, ST_BUSY, "too many requests, try again in %d s", retry);
    call_failed_with(call, 429, &err, &after, 1);
}

/* Whether something speaks for who sends a body, before it is there and without a lane: a token or source that
 * was seen before, or the signature of a link. */
static bool api_vouches(struct api *api, struct http_exchange *exchange, const struct route *route,
    const struct router_match *match)
{
    instant_t expires_at;
    int retry;
    if (rate_is_barred(api, http_peer(exchange), clock_monotonic(), &retry))
        return false;
    switch (route->auth) {
    case AUTH_TOKEN:
        return api_knows_token(api, exchange);
    case AUTH_LINK:
        return link_genuine(api->options.keyring, router_param(match, "secret"), &expires_at);
    case AUTH_HOOK:
        return api_knows_source(api, router_param(match, "source"));
    case AUTH_STATEMENTS:
        return statements_vouched(api, exchange);
    default:
        return false;
    }
}

static enum status api_on_headers(void *context, struct http_exchange *exchange, struct error *err)
{
    struct api *api = context;
    struct router_match match;
    (void)err;
    if (!strncmp(http_path(exchange), "/xapi/", 6))
        statements_headers(api, exchange);
    router_find(api->router, http_method(exchange), http_path(exchange), http_arena(exchange), &match);
    const struct route *route = match.target;
    http_set_body_limit(exchange, route && route->max_body ? route->max_body : default_body);
    if (!route || route->method == HTTP_GET_ || !api_vouches(api, exchange, route, &match))
        http_set_stranger(exchange);
    return ST_OK;
}

static void api_on_request(void *context, struct http_exchange *exchange)
{
    struct api *api = context;
    struct call *call = call_new(api, exchange);
    struct error err = ERROR_INIT;
    router_find(api->router, http_method(exchange), http_path(exchange), call->arena, &call->match);
    call->route = call->match.target;
    if (!call->route) {
        call_refuse_path(call);
        return;
    }
    call->op = call->route->op;
    if (call->route->rate == RATE_HOOK) {
        struct header_copy copy = {.call = call, .room = 100};
        call->headers.pairs = ARENA_ARRAY(call->arena, copy.room, struct query_pair);
        http_each_header(exchange, copy_header, &copy);
    }
    if (call->route->auth == AUTH_STATEMENTS && statements_alternate(call, &err) != ST_OK)
        call_failed(call, &err);
    else
        call_authenticate(call);
}

static void api_on_gone(void *context, struct http_exchange *exchange)
{
    (void)context;
    struct call *call = http_context(exchange);
    struct error err = ERROR_INIT;
    if (!call)
        return;
    if (call->in_lane) {
        call->gone = true;
        return;
    }
    wait_forget(call);
    if (call->streaming) {
        http_stream_end(call_release(call), false);
        call_free(call);
        return;
    }
    error_set(&err, ST_CONFLICT, "the client has gone");
    call_failed(call, &err);
}

void call_authenticated(struct call *call)
{
    struct error err = ERROR_INIT;
    int retry = 0;
    const char *who = call->route->auth == AUTH_TOKEN ? call->who.actor : call->peer;
    if (!rate_take(call->api, call->route->rate, who, clock_monotonic(), &retry)) {
        if (!call_hold(call, call_authenticated))
            call_refuse_rate(call, retry);
        return;
    }
    if (call_parse(call, &err) != ST_OK || keyed_enter(call, &err) != ST_OK) {
        call_failed(call, &err);
        return;
    }
    call_run(call);
}

static enum status call_on_lane_write(struct txn *txn, void *context, struct error *err)
{
    struct call *call = context;
    bool replayed = false;
    call_reset_answer(call);
    enum status status = keyed_replay(txn, call, &replayed, err);
    if (status != ST_OK || replayed)
        return status;
    status = call->op->write(txn, call, err);
    return status == ST_OK ? keyed_store(txn, call, err) : status;
}

static enum status call_on_lane_read(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct call *call = context;
    call_reset_answer(call);
    call->wrong_secret = false;
    call->witness_verb = NULL;
    stream_rewind(call);
    return call->op->read(snapshot, call, err);
}

static enum status call_on_lane_refresh(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct call *call = context;
    call_reset_answer(call);
    return call->op->refresh(snapshot, call, err);
}

static void call_refuse_secret(struct call *call, const struct error *err)
{
    call->refusal = http_status_of(err->status);
    call_refuse_credentials(call, err->detail);
}

static void call_done(void *context, enum status status, const struct error *err)
{
    struct call *call = context;
    call->in_lane = false;
    if (status == ST_OK && call->route->lane == LANE_WRITE) {
        if (call->op->committed)
            call->op->committed(call);
        if (call->api->options.changed)
            call->api->options.changed(call->api->options.changed_context, call->organisation);
    }
    if (status == ST_OK && call->op->remember)
        call->op->remember(call);
    if (status == ST_OK)
        stream_made(call);
    if (call->streaming)
        stream_go_on(call, status, err);
    else if (status != ST_OK && call->wrong_secret)
        call_refuse_secret(call, err);
    else if (status != ST_OK)
        call_failed(call, err);
    else if (call->await && call->api->ready)
        call_wait(call);
    else if (call->witness_verb)
        witness_before_answer(call);
    else
        call_respond(call);
}

/* Where the call goes next: a lane, or nowhere (loop operations). */
void call_run(struct call *call)
{
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = call->organisation,
        .actor = call->who.actor,
        .priority = call->streaming ? LANE_SLICE : LANE_PEOPLE,
        .context = call,
        .done = call_done};
    enum status status = ST_OK;
    bool waited = call->await != NULL;
    if (!waited && call->op->cached && call->op->cached(call)) {
        call_respond(call);
        return;
    }
    call->await = NULL;
    call->in_lane = true;
    if (waited)
        status = store_read(call->api->options.store, &request, call_on_lane_refresh, &err);
    else if (call->route->lane == LANE_WRITE)
        status = store_write(call->api->options.store, &request, call_on_lane_write, &err);
    else if (call->route->lane == LANE_LONG && !call->streaming)
        status = store_read_long(call->api->options.store, &request, call_on_lane_read, &err);
    else if (call->route->lane != LANE_LOOP)
        status = store_read(call->api->options.store, &request, call_on_lane_read, &err);
    else {
        call->in_lane = false;
        status = call->op->local(call, &err);
        if (status == ST_OK)
            call_respond(call);
    }
    if (status == ST_OK)
        return;
    call->in_lane = false;
    if (status == ST_BUSY && call_hold(call, call_run))
        return;
    if (call->streaming)
        stream_go_on(call, status, &err);
    else
        call_failed(call, &err);
}

static enum status api_add_routes(struct api *api, struct error *err)
{
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];
        enum status status = router_add(api->router, route->method, route->path, route, err);
        if (status != ST_OK)
            return status;
    }
    return ST_OK;
}

enum status api_new(const struct api_options *options, struct api **ret, struct error *err)
{
    struct api *api = calloc(1, sizeof(*api));
    if (!api)
        abort();
    api->options = *options;
    api->router = router_new();
    random_bytes(&api->rate_seed, sizeof api->rate_seed);
    api->figures = calloc(routes_count, sizeof(*api->figures));
    if (!api->figures)
        abort();
    enum status status = api_add_routes(api, err);
    if (status != ST_OK) {
        api_free(api);
        return status;
    }
    *ret = api;
    return ST_OK;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    while (api->waiting) {
        struct call *call = api->waiting;
        wait_forget(call);
        call_free(call);
    }
    api_forget_sources(api);
    refusals_free(api);
    key_wishes_free(api);
    api_forget_calendars(api);
    router_free(api->router);
    free(api->figures);
    free(api->base_url);
    free(api);
}

struct http_handler api_handler(struct api *api)
{
    return (struct http_handler){
        .headers = api_on_headers, .request = api_on_request, .gone = api_on_gone, .context = api};
}

void api_set_server(struct api *api, struct http_server *server)
{
    api->server = server;
}

void api_set_base_url(struct api *api, const char *base_url)
{
    free(api->base_url);
    api->base_url = strdup(base_url);
    if (!api->base_url)
        abort();
}

const char *call_base_url(const struct call *call)
{
    return call->api->base_url;
}

void api_set_ready(struct api *api, bool ready)
{
    api->ready = ready;
    if (!ready)
        wait_end(api);
}
