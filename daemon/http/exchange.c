/*
 * The life of an exchange: taken from the spares when a head is complete, shown to the handler, handed over
 * with its body, recycled when answered. Also what a handler may ask of the request. Loop thread.
 */
#include "base/clock.h"
#include "internal.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "req_" and a ULID: milliseconds, 40 bits of the server's start, 40 bits of a counter. */
static void exchange_name(struct http_exchange *exchange)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct http_server *server = exchange->server;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    uint64_t parts[] = {
        (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000, server->id_epoch, server->id_count++};
    static const unsigned sizes[] = {10, 8, 8};
    memcpy(exchange->id, "req_", 4);
    char *end = exchange->id + 4;
    for (unsigned part = 0; part < 3; part++) {
        for (unsigned i = 0; i < sizes[part]; i++)
            *end++ = digits[parts[part] >> 5 * (sizes[part] - 1 - i) & 31];
    }
    *end = '\0';
}

struct http_exchange *exchange_new(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct http_exchange *exchange = LIST_FIRST(&server->spares);
    if (exchange) {
        LIST_REMOVE(exchange, link);
        server->spare_count--;
    } else {
        exchange = calloc(1, sizeof *exchange);
        if (!exchange)
            abort();
        exchange->arena = arena_new(0);
    }
    exchange->server = server;
    exchange->connection = connection;
    exchange->head.minor = 1;
    exchange->path = "/";
    exchange->query = "";
    exchange->body_limit = server->limits.body_bytes;
    buf_init(&exchange->body, 0);
    exchange_name(exchange);
    LIST_INSERT_HEAD(&server->exchanges, exchange, link);
    server->stats.in_flight++;
    connection->exchange = exchange;
    connection->state = CONNECTION_ANSWER;
    connection->close_after = false;
    deadline_clear(connection);
    connection_set_busy(connection, true);
    return exchange;
}

void exchange_free(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    struct arena *arena = exchange->arena;
    if (exchange->connection)
        exchange->connection->exchange = NULL;
    LIST_REMOVE(exchange, link);
    server->stats.in_flight--;
    server->stats.buffered -= exchange->budgeted;
    server->strangers -= exchange->stranger ? exchange->budgeted : 0;
    buf_free(&exchange->body);
    arena_reset(arena);
    if (server->spare_count == HTTP_SPARE_EXCHANGES) {
        arena_free(arena);
        free(exchange);
    } else {
        *exchange = (struct http_exchange){.arena = arena};
        LIST_INSERT_HEAD(&server->spares, exchange, link);
        server->spare_count++;
    }
    server_check_drained(server);
}

static void exchange_tell_gone(struct http_exchange *exchange)
{
    const struct http_handler *handler = &exchange->server->handler;
    if (exchange->shown && handler->gone)
        handler->gone(handler->context, exchange);
}

void exchange_gone(struct http_exchange *exchange)
{
    bool owed = exchange->stage != EXCHANGE_RECEIVING;
    exchange->connection = NULL;
    if (!owed)
        exchange->stage = EXCHANGE_OVER;
    exchange_tell_gone(exchange);
    if (!owed)
        exchange_free(exchange);
}

void exchange_refuse(struct http_exchange *exchange, struct refusal refusal)
{
    struct error err = ERROR_INIT;
    exchange->stage = EXCHANGE_OVER;
    exchange_tell_gone(exchange);
    exchange->stage = EXCHANGE_RECEIVING;
    exchange->keep_alive = false;
    exchange->refused = true;
    (void)error_set(&err, ST_OK, "%s", refusal.detail);
    http_respond_problem(exchange, refusal.status, &err, NULL, 0);
}

struct refusal exchange_read_head(struct http_exchange *exchange, const char *text, size_t size)
{
    struct arena *arena = exchange->arena;
    char *copy = arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    struct refusal refusal = head_parse(arena, copy, size, &exchange->head);
    if (!refusal.status)
        refusal = exchange_frame(exchange);
    if (!refusal.status)
        refusal = target_parse(arena, &exchange->head, &exchange->path, &exchange->query);
    return refusal;
}

bool exchange_show(struct http_exchange *exchange)
{
    const struct http_handler *handler = &exchange->server->handler;
    struct http_connection *connection = exchange->connection;
    struct error *err = &exchange->server->error;
    if (!handler->headers) {
        exchange->shown = true;
        return true;
    }
    enum status status = handler->headers(handler->context, exchange, err);
    if (connection->exchange != exchange) {
        error_clear(err);
        return false;
    }
    bool streaming = exchange->stage == EXCHANGE_STREAMING;
    if (status != ST_OK && !streaming) {
        http_respond_problem(exchange, http_status_of(status), err, NULL, 0);
        error_clear(err);
        return false;
    }
    exchange->shown = true;
    return !streaming;
}

/* One alone is not held to the half: it may be all that a large upload takes. */
static bool exchange_fits_strangers(const struct http_exchange *exchange, uint64_t more)
{
    size_t others = exchange->server->strangers - exchange->budgeted;
    size_t half = exchange->server->limits.buffered_bytes / 2;
    return others == 0 || (others < half && exchange->budgeted + more <= half - others);
}

struct refusal exchange_fits(const struct http_exchange *exchange, uint64_t more)
{
    const struct http_server *server = exchange->server;
    size_t used = server->stats.buffered, budget = server->limits.buffered_bytes;
    if (used > budget || more > budget - used ||
        (exchange->stranger && !exchange_fits_strangers(exchange, more)))
        return (struct refusal){503, "too many request bodies are being received"};
    return (struct refusal){0};
}

struct refusal exchange_add_body(struct http_exchange *exchange, const char *data, size_t size)
{
    struct buf *body = &exchange->body;
    if (body->size + size > exchange->body_limit)
        return (struct refusal){413, "the request body is larger than this resource takes"};
    struct refusal refusal = exchange_fits(exchange, size);
    if (refusal.status)
        return refusal;
    buf_add(body, data, size);
    exchange->server->stats.buffered += size;
    exchange->budgeted += size;
    exchange->server->strangers += exchange->stranger ? size : 0;
    return refusal;
}

void exchange_hand_over(struct http_exchange *exchange)
{
    const struct http_handler *handler = &exchange->server->handler;
    deadline_clear(exchange->connection);
    exchange->connection->state = CONNECTION_ANSWER;
    exchange->stage = EXCHANGE_HANDED;
    handler->request(handler->context, exchange);
}

/* ---- what a handler may ask */

enum http_method http_method(const struct http_exchange *exchange)
{
    return exchange->head.method;
}

const char *http_path(const struct http_exchange *exchange)
{
    return exchange->path;
}

const char *http_query(const struct http_exchange *exchange)
{
    return exchange->query;
}

const char *http_header(const struct http_exchange *exchange, const char *name)
{
    const char *found = NULL;
    size_t size = strlen(name);
    for (unsigned i = 0; i < exchange->head.count; i++) {
        const struct head_field *field = &exchange->head.fields[i];
        if (field->name_size != size || strcasecmp(field->name, name) != 0)
            continue;
        found = found ? arena_printf(exchange->arena, "%s, %s", found, field->value) : field->value;
    }
    return found;
}

void http_each_header(const struct http_exchange *exchange,
    void (*each)(void *context, const char *name, const char *value), void *context)
{
    for (unsigned i = 0; i < exchange->head.count; i++)
        each(context, exchange->head.fields[i].name, exchange->head.fields[i].value);
}

struct span http_body(const struct http_exchange *exchange)
{
    return (struct span){exchange->body.data, exchange->body.size};
}

const char *http_peer(const struct http_exchange *exchange)
{
    return exchange->peer;
}

bool http_is_tls(const struct http_exchange *exchange)
{
    return exchange->tls;
}

const char *http_request_id(const struct http_exchange *exchange)
{
    return exchange->id;
}

struct arena *http_arena(struct http_exchange *exchange)
{
    return exchange->arena;
}

void http_set_body_limit(struct http_exchange *exchange, size_t bytes)
{
    exchange->body_limit = bytes;
}

void http_set_stranger(struct http_exchange *exchange)
{
    exchange->stranger = true;
}

void http_set_context(struct http_exchange *exchange, void *context)
{
    exchange->context = context;
}

void *http_context(const struct http_exchange *exchange)
{
    return exchange->context;
}
