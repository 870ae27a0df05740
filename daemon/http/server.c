/*
 * The server as a whole: its beginning, its draining, its end and its figures. Loop thread.
 */
#include "base/clock.h"
#include "base/crypto.h"
#include "internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

const struct http_limits http_default_limits = {
    .connections = 2000,
    .connections_per_address = 200,
    .header_bytes = 16 * 1024,
    .body_bytes = 1024 * 1024,
    .buffered_bytes = 64 * 1024 * 1024,
    .header_deadline_us = 10 * US_PER_SEC,
    .body_deadline_us = 60 * US_PER_SEC,
    .idle_us = 75 * US_PER_SEC,
    .write_deadline_us = 30 * US_PER_SEC,
    .trusted_proxies = 0,
};

static void server_bury(struct http_server *server)
{
    while (!LIST_EMPTY(&server->dead))
        connection_free(LIST_FIRST(&server->dead));
}

static void server_on_reap(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    server_bury(context);
}

enum status http_server_new(struct loop *loop, const struct http_limits *limits,
    const struct http_handler *handler, struct http_server **ret, struct error *err)
{
    if (!limits->connections || !limits->header_bytes || !handler->request)
        return error_set(
            err, ST_INVALID, "a server needs connections, room for a header and a request handler");
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    server->loop = loop;
    server->limits = *limits;
    server->handler = *handler;
    server->clock = clock_new_real();
    server->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    addresses_init(&server->addresses, limits->connections);
    deadlines_init(server);
    buf_init(&server->head, 0);
    event_assign(&server->reap, loop_base(loop), -1, 0, server_on_reap, server);
    random_bytes(&server->id_epoch, sizeof server->id_epoch);
    *ret = server;
    return ST_OK;
}

/* ---- draining */

static void server_on_drained(void *context)
{
    struct http_server *server = context;
    void (*drained)(void *) = server->drained;
    server->drained = NULL;
    timer_free(server->drain_timer);
    server->drain_timer = NULL;
    if (drained)
        drained(server->drained_context);
}

void server_check_drained(struct http_server *server)
{
    if (server->draining && server->drained && !server->busy && LIST_EMPTY(&server->exchanges))
        timer_arm(server->drain_timer, 0);
}

void http_drain(struct http_server *server, int64_t deadline_us, void (*drained)(void *context), void *context)
{
    struct http_connection *connection, *next;
    listeners_close(server);
    server->draining = true;
    server->drained = drained;
    server->drained_context = context;
    if (!server->drain_timer)
        server->drain_timer = timer_new(server->loop, server_on_drained, server);
    timer_arm(server->drain_timer, deadline_us);
    for (connection = LIST_FIRST(&server->connections); connection; connection = next) {
        next = LIST_NEXT(connection, link);
        if (connection->state == CONNECTION_HEAD && !connection->scan.seen && !connection->ahead.size)
            connection_close(connection, false);
    }
    server_check_drained(server);
}

void http_server_free(struct http_server *server)
{
    if (!server)
        return;
    server->drained = NULL;
    listeners_close(server);
    while (!LIST_EMPTY(&server->connections))
        connection_close(LIST_FIRST(&server->connections), false);
    server_bury(server);
    while (!LIST_EMPTY(&server->exchanges))
        exchange_free(LIST_FIRST(&server->exchanges));
    while (!LIST_EMPTY(&server->spares)) {
        struct http_exchange *exchange = LIST_FIRST(&server->spares);
        LIST_REMOVE(exchange, link);
        arena_free(exchange->arena);
        free(exchange);
    }
    event_del(&server->reap);
    timer_free(server->drain_timer);
    timer_free(server->deadline_timer);
    addresses_free(&server->addresses);
    tls_free(server->tls);
    buf_free(&server->head);
    clock_free(server->clock);
    if (server->reserve_fd >= 0)
        close(server->reserve_fd);
    free(server);
}

void http_stats(const struct http_server *server, struct http_stats *ret)
{
    *ret = server->stats;
}
