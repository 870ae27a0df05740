/*
 * The writing side of a connection. An answer goes straight to the socket in one writev; only what the socket
 * does not take is queued. A broken socket is noted and closed at the next round, so that no handler is told of
 * it from inside its own call. Loop thread.
 */
#include "internal.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct send_owner {
    void (*release)(void *owner);
    void *owner;
};

ssize_t transport_read(struct http_connection *connection, void *out, size_t size)
{
    ssize_t got = connection->tls ? tls_read(connection, out, size) : recv(connection->fd, out, size, 0);
    if (got > 0)
        connection->server->stats.bytes_in += (uint64_t)got;
    else if (got < 0 && !connection->tls)
        got = errno == EAGAIN || errno == EINTR ? TRANSPORT_AGAIN : TRANSPORT_FAILED;
    return got;
}

size_t connection_unsent(const struct http_connection *connection)
{
    return connection->out ? evbuffer_get_length(connection->out) : 0;
}

static struct evbuffer *send_queue(struct http_connection *connection)
{
    if (!connection->out && !(connection->out = evbuffer_new()))
        abort();
    return connection->out;
}

void connection_queue(struct http_connection *connection, const void *bytes, size_t size)
{
    if (evbuffer_add(send_queue(connection), bytes, size) < 0)
        abort();
}

static void send_release(const void *data, size_t size, void *context)
{
    struct send_owner *held = context;
    (void)data;
    (void)size;
    held->release(held->owner);
    free(held);
}

/* Queues bytes that stay where they are until release(owner). */
static void send_queue_owned(
    struct http_connection *connection, struct span bytes, void (*release)(void *owner), void *owner)
{
    struct send_owner *held = malloc(sizeof *held);
    if (!held)
        abort();
    *held = (struct send_owner){release, owner};
    if (evbuffer_add_reference(send_queue(connection), bytes.data, bytes.size, send_release, held) < 0)
        abort();
}

/* What was written of two pieces, without waiting. */
static size_t send_now(struct http_connection *connection, struct span head, struct span tail)
{
    struct iovec pieces[2] = {{(void *)head.data, head.size}, {(void *)tail.data, tail.size}};
    ssize_t sent = writev(connection->fd, pieces, tail.size ? 2 : 1);
    if (sent >= 0)
        connection->server->stats.bytes_out += (uint64_t)sent;
    else if (errno != EAGAIN && errno != EINTR)
        connection->failed = true;
    return sent < 0 ? 0 : (size_t)sent;
}

static struct span send_rest(struct span piece, size_t sent)
{
    return sent < piece.size ? (struct span){piece.data + sent, piece.size - sent} : (struct span){NULL, 0};
}

void connection_send(struct http_connection *connection, struct span head, struct span tail,
    void (*release)(void *owner), void *owner)
{
    size_t sent = 0;
    if (!connection->tls && !connection->failed && !connection_unsent(connection))
        sent = send_now(connection, head, tail);
    struct span head_rest = send_rest(head, sent);
    struct span tail_rest = send_rest(tail, sent - (head.size - head_rest.size));
    if (!connection->failed && head_rest.size)
        connection_queue(connection, head_rest.data, head_rest.size);
    if (!connection->failed && tail_rest.size && release) {
        send_queue_owned(connection, tail_rest, release, owner);
        release = NULL;
    } else if (!connection->failed && tail_rest.size) {
        connection_queue(connection, tail_rest.data, tail_rest.size);
    }
    if (release)
        release(owner);
    if (connection->failed || head_rest.size || tail_rest.size)
        connection_flush(connection);
}

static void send_queued(struct http_connection *connection)
{
    size_t before = connection_unsent(connection);
    ssize_t sent = 0;
    if (!before)
        return;
    if (connection->tls)
        sent = tls_flush(connection);
    else if (evbuffer_write_atmost(connection->out, connection->fd, -1) < 0 && errno != EAGAIN &&
             errno != EINTR)
        sent = TRANSPORT_FAILED;
    size_t written = before - connection_unsent(connection);
    connection->server->stats.bytes_out += written;
    if (sent == TRANSPORT_FAILED)
        connection->failed = true;
    if (written && connection->deadline.wait == WAIT_WRITE)
        deadline_clear(connection);
}

void connection_flush(struct http_connection *connection)
{
    if (!connection->failed)
        send_queued(connection);
    if (connection->failed) {
        event_active(&connection->write, EV_WRITE, 1);
    } else if (connection_unsent(connection)) {
        event_add(&connection->write, NULL);
        if (connection->deadline.wait == WAIT_NONE)
            deadline_set(connection, WAIT_WRITE);
    }
}

void connection_flush_soon(struct http_connection *connection)
{
    event_active(&connection->write, EV_WRITE, 1);
}

static void send_ask(struct http_exchange *exchange, size_t unsent)
{
    size_t low = exchange->stream_low ? exchange->stream_low : 1;
    if (exchange->stage != EXCHANGE_STREAMING || !exchange->stream_ask || unsent >= low)
        return;
    exchange->stream_ask = false;
    if (exchange->stream_drained)
        exchange->stream_drained(exchange->stream_context, exchange);
}

void connection_on_writable(evutil_socket_t fd, short what, void *context)
{
    struct http_connection *connection = context;
    (void)fd;
    (void)what;
    if (connection->state == CONNECTION_CLOSED)
        return;
    if (connection->read_on_write) {
        connection->read_on_write = false;
        event_active(&connection->read, EV_READ, 1);
    }
    connection_flush(connection);
    size_t unsent = connection_unsent(connection);
    if (connection->failed)
        connection_close(connection, true);
    else if (connection->answered && !unsent)
        connection_answered(connection);
    else if (connection->exchange)
        send_ask(connection->exchange, unsent);
}
