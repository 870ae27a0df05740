/*
 * The reading side of a connection: bytes to requests, one at a time and in order. While an exchange is open,
 * what arrives is kept up to a ceiling; then only the end of the connection is watched. Loop thread.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void connection_watch(struct http_connection *connection, bool bytes)
{
    if (connection->reading == bytes)
        return;
    connection->reading = bytes;
    event_del(&connection->read);
    event_assign(&connection->read, loop_base(connection->server->loop), connection->fd,
        (bytes ? EV_READ : EV_CLOSED) | EV_PERSIST, connection_on_readable, connection);
    event_add(&connection->read, NULL);
}

void connection_resume(struct http_connection *connection)
{
    connection->resume = true;
    event_active(&connection->read, EV_READ, 1);
}

/* ---- requests */

static struct refusal receive_check_body(const struct http_exchange *exchange)
{
    if (exchange->length > exchange->body_limit)
        return (struct refusal){413, "the request body is larger than this resource takes"};
    return exchange_fits(exchange, exchange->length);
}

static void receive_begin_body(struct http_connection *connection)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct http_exchange *exchange = connection->exchange;
    struct refusal refusal = receive_check_body(exchange);
    if (refusal.status) {
        exchange_refuse(exchange, refusal);
        return;
    }
    connection->state = CONNECTION_BODY;
    deadline_set(connection, WAIT_BODY);
    if (exchange->expects && !connection->rest) {
        connection_queue(connection, go_on, sizeof go_on - 1);
        connection_flush(connection);
    }
}

static void receive_begin(struct http_connection *connection, const char *text, size_t size)
{
    struct http_server *server = connection->server;
    struct http_exchange *exchange = exchange_new(connection);
    struct refusal refusal = exchange_read_head(exchange, text, size);
    server->stats.requests++;
    if (!refusal.status && server->draining)
        refusal = (struct refusal){503, "the server is stopping"};
    if (refusal.status)
        exchange_refuse(exchange, refusal);
    else if (exchange_show(exchange)) {
        if (exchange_has_body(exchange))
            receive_begin_body(connection);
        else
            exchange_hand_over(exchange);
    }
}

static size_t receive_head(struct http_connection *connection, const char *data, size_t size)
{
    struct head_scan *scan = &connection->scan;
    struct refusal refusal = head_scan(scan, data, size, connection->server->limits.header_bytes);
    if (refusal.status) {
        connection->rest = 0;
        *scan = (struct head_scan){0};
        exchange_refuse(exchange_new(connection), refusal);
        return size;
    }
    if (!scan->end) {
        if (connection->deadline.wait != WAIT_HEADER)
            deadline_set(connection, WAIT_HEADER);
        return 0;
    }
    struct head_scan found = *scan;
    *scan = (struct head_scan){0};
    connection->rest = size - found.end;
    receive_begin(connection, data + found.start, found.end - found.start);
    return found.end;
}

/* The next piece of the body at data[0..size): returns the bytes it takes there. */
static size_t receive_piece(
    struct http_exchange *exchange, const char *data, size_t size, struct span *ret_piece, bool *ret_complete)
{
    if (exchange->chunked) {
        size_t used = chunked_take(&exchange->decoder, data, size, &ret_piece->data, &ret_piece->size);
        *ret_complete = exchange->decoder.complete;
        return used;
    }
    uint64_t left = exchange->length - exchange->body.size;
    *ret_piece = (struct span){data, size < left ? size : (size_t)left};
    *ret_complete = ret_piece->size == left;
    return ret_piece->size;
}

static size_t receive_body(struct http_connection *connection, const char *data, size_t size)
{
    struct http_exchange *exchange = connection->exchange;
    struct span piece;
    bool complete;
    size_t used = receive_piece(exchange, data, size, &piece, &complete);
    connection->rest = size - used;
    struct refusal refusal = exchange_add_body(exchange, piece.data, piece.size);
    if (exchange->decoder.failed)
        refusal = (struct refusal){400, "the chunked body is malformed"};
    if (refusal.status)
        exchange_refuse(exchange, refusal);
    else if (complete)
        exchange_hand_over(exchange);
    return used;
}

/* ---- bytes */

static bool receive_wants(const struct http_connection *connection)
{
    return (connection->state == CONNECTION_HEAD || connection->state == CONNECTION_BODY) &&
           !connection->failed;
}

static size_t receive_consume(struct http_connection *connection, const char *data, size_t size)
{
    size_t used = 0;
    unsigned heads = 0;
    connection->consuming = true;
    while (used < size && receive_wants(connection)) {
        if (connection->state == CONNECTION_HEAD && ++heads > HTTP_ROUND_MAX) {
            connection_resume(connection);
            break;
        }
        size_t taken = connection->state == CONNECTION_HEAD
                           ? receive_head(connection, data + used, size - used)
                           : receive_body(connection, data + used, size - used);
        if (!taken)
            break;
        used += taken;
    }
    connection->consuming = false;
    connection->rest = 0;
    return used;
}

/* Consumes what was received ahead, keeps the rest. */
static void receive_ahead(struct http_connection *connection)
{
    struct buf *ahead = &connection->ahead;
    size_t used = receive_consume(connection, ahead->data, ahead->size);
    if (connection->state == CONNECTION_CLOSED || connection->state == CONNECTION_LINGER ||
        used == ahead->size) {
        buf_free(ahead);
    } else if (used) {
        memmove(ahead->data, ahead->data + used, ahead->size - used);
        ahead->size -= used;
    }
}

static void receive_bytes(struct http_connection *connection, const char *data, size_t size)
{
    if (connection->ahead.size) {
        buf_add(&connection->ahead, data, size);
        receive_ahead(connection);
        return;
    }
    size_t used = receive_consume(connection, data, size);
    if (connection->state != CONNECTION_CLOSED && connection->state != CONNECTION_LINGER)
        buf_add(&connection->ahead, data + used, size - used);
}

static void receive_request(struct http_connection *connection)
{
    char *scratch = connection->server->scratch;
    if (connection->resume) {
        connection->resume = false;
        receive_ahead(connection);
        return;
    }
    ssize_t got = transport_read(connection, scratch, HTTP_SCRATCH);
    if (got > 0)
        receive_bytes(connection, scratch, (size_t)got);
    else if (got != TRANSPORT_AGAIN)
        connection_close(connection, false);
}

/* The client's side has ended. It cannot be told from one that only stops sending, so without an answer yet it
 * is gone; an answer on its way is still sent. */
static void receive_end(struct http_connection *connection)
{
    if (!connection->answered) {
        connection_close(connection, false);
        return;
    }
    connection->close_after = true;
    event_del(&connection->read);
}

static void receive_while_answering(struct http_connection *connection)
{
    char *scratch = connection->server->scratch;
    ssize_t got = transport_read(connection, scratch, HTTP_SCRATCH);
    if (got == TRANSPORT_AGAIN)
        return;
    if (got <= 0) {
        receive_end(connection);
        return;
    }
    buf_add(&connection->ahead, scratch, (size_t)got);
    if (connection->ahead.size >= HTTP_AHEAD_MAX)
        connection_watch(connection, false);
}

static void receive_and_drop(struct http_connection *connection)
{
    ssize_t got = recv(connection->fd, connection->server->scratch, HTTP_SCRATCH, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    connection->discarded += got > 0 ? (size_t)got : 0;
    if (got <= 0 || connection->discarded > HTTP_DISCARD_MAX)
        connection_close(connection, got != 0);
}

void connection_on_readable(evutil_socket_t fd, short what, void *context)
{
    struct http_connection *connection = context;
    (void)fd;
    if (connection->state == CONNECTION_CLOSED || connection->failed)
        return;
    if (what & EV_CLOSED)
        receive_end(connection);
    else if (connection->state == CONNECTION_LINGER)
        receive_and_drop(connection);
    else if (connection->state == CONNECTION_ANSWER)
        receive_while_answering(connection);
    else
        receive_request(connection);
}
