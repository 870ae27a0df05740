/*
 * The life of a connection apart from reading and writing: beginning, what comes after an answer, lingering,
 * deadlines, end. Loop thread.
 */
#include "internal.h"

#include <event2/buffer.h>
#include <stdlib.h>
#include <unistd.h>

struct http_connection *connection_new(
    struct http_server *server, int fd, const struct http_address *address, bool counted)
{
    struct http_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        abort();
    struct event_base *base = loop_base(server->loop);
    connection->server = server;
    connection->fd = fd;
    connection->address = *address;
    connection->counted = counted;
    connection->reading = true;
    buf_init(&connection->ahead, 0);
    if (server->tls)
        connection->tls = tls_accept(server->tls, fd);
    event_assign(&connection->read, base, fd, EV_READ | EV_PERSIST, connection_on_readable, connection);
    event_assign(&connection->write, base, fd, EV_WRITE, connection_on_writable, connection);
    event_add(&connection->read, NULL);
    LIST_INSERT_HEAD(&server->connections, connection, link);
    server->stats.open++;
    deadline_set(connection, WAIT_HEADER);
    return connection;
}

void connection_set_busy(struct http_connection *connection, bool busy)
{
    struct http_server *server = connection->server;
    if (connection->busy == busy)
        return;
    connection->busy = busy;
    server->busy += busy ? 1U : -1U;
    server_check_drained(server);
}

static void connection_uncount(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (connection->counted)
        addresses_give(&server->addresses, &connection->address);
    if (connection->refused)
        server->refusals--;
    server->stats.open--;
}

static void connection_close_socket(struct http_connection *connection, bool abort)
{
    if (connection->tls)
        tls_close(connection->tls, !abort && connection->state != CONNECTION_LINGER);
    connection->tls = NULL;
    if (abort)
        setsockopt(
            connection->fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
    close(connection->fd);
}

void connection_close(struct http_connection *connection, bool abort)
{
    struct http_server *server = connection->server;
    struct http_exchange *exchange = connection->exchange;
    if (connection->state == CONNECTION_CLOSED)
        return;
    deadline_clear(connection);
    event_del(&connection->read);
    event_del(&connection->write);
    connection_close_socket(connection, abort);
    connection->state = CONNECTION_CLOSED;
    connection_uncount(connection);
    LIST_REMOVE(connection, link);
    LIST_INSERT_HEAD(&server->dead, connection, link);
    event_active(&server->reap, EV_TIMEOUT, 1);
    connection->exchange = NULL;
    if (exchange)
        exchange_gone(exchange);
    connection_set_busy(connection, false);
}

void connection_free(struct http_connection *connection)
{
    LIST_REMOVE(connection, link);
    if (connection->out)
        evbuffer_free(connection->out);
    buf_free(&connection->ahead);
    free(connection);
}

void connection_linger(struct http_connection *connection)
{
    connection->state = CONNECTION_LINGER;
    buf_free(&connection->ahead);
    if (connection->tls)
        tls_close(connection->tls, true);
    connection->tls = NULL;
    shutdown(connection->fd, SHUT_WR);
    connection_watch(connection, true);
    event_add(&connection->read, NULL); /* it may have been given up at the end of the client's side */
    deadline_set(connection, WAIT_LINGER);
}

void connection_answered(struct http_connection *connection)
{
    size_t unread = connection->consuming ? connection->rest : connection->ahead.size;
    connection->answered = false;
    connection_set_busy(connection, false);
    if (connection->close_after || connection->server->draining) {
        if (connection->clean && !unread)
            connection_close(connection, false);
        else
            connection_linger(connection);
        return;
    }
    connection->state = CONNECTION_HEAD;
    deadline_set(connection, WAIT_IDLE);
    connection_watch(connection, true);
    if (unread && !connection->consuming)
        connection_resume(connection);
}

void connection_timed_out(struct http_connection *connection)
{
    static const struct refusal refusals[WAIT_COUNT] = {
        [WAIT_HEADER] = {408, "the request header took too long"},
        [WAIT_BODY] = {408, "the request body took too long"},
    };
    enum http_wait wait = connection->deadline.wait;
    struct http_exchange *exchange = connection->exchange;
    deadline_clear(connection);
    if (wait == WAIT_HEADER || wait == WAIT_BODY || wait == WAIT_WRITE)
        connection->server->stats.timeouts++;
    if (wait == WAIT_HEADER && connection->scan.seen)
        exchange = exchange_new(connection);
    if (exchange && refusals[wait].status)
        exchange_refuse(exchange, refusals[wait]);
    else
        connection_close(connection, wait == WAIT_WRITE);
}
