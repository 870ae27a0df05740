/*
 * Answers: the head, whole bodies and streams. Whatever a handler gives, the framing is right: no body where
 * none may be, no field that would break out of its line. Loop thread.
 */
#include "base/clock.h"
#include "internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { ANSWER_STREAM_FLUSH = 64 * 1024 };

#define ANSWER_LITERAL(buf, text) buf_add((buf), (text), sizeof(text) - 1)

static void answer_number(struct buf *out, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    buf_add(out, digits + at, sizeof digits - at);
}

static void answer_field(struct buf *out, const char *name, const char *value)
{
    buf_text(out, name);
    ANSWER_LITERAL(out, ": ");
    size_t start = out->size;
    buf_text(out, value);
    for (size_t i = start; i < out->size; i++)
        if ((unsigned char)out->data[i] < ' ' || out->data[i] == 0x7f)
            out->data[i] = '?';
    ANSWER_LITERAL(out, "\r\n");
}

static const char *answer_date(struct http_server *server)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = (time_t)(clock_now(server->clock) / US_PER_SEC);
    if (now != server->date_second) {
        struct tm tm;
        gmtime_r(&now, &tm);
        server->date_second = now;
        snprintf(server->date, sizeof server->date, "Date: %.3s, %02u %.3s %04u %02u:%02u:%02u GMT\r\n",
            days + 3 * tm.tm_wday, (unsigned)tm.tm_mday % 100, months + 3 * tm.tm_mon,
            (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
            (unsigned)tm.tm_sec % 100);
    }
    return server->date;
}

/* Fields that only the server may write. */
static bool answer_owns(const char *name)
{
    static const char *const owned[] = {
        "connection", "content-length", "date", "transfer-encoding", "x-request-id"};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        if (strcasecmp(name, owned[i]) == 0)
            return true;
    return false;
}

static void answer_fields(struct buf *out, const struct http_response *response)
{
    bool cached = false;
    for (size_t i = 0; i < response->header_count; i++) {
        const struct http_header *header = &response->headers[i];
        if (!header->value || answer_owns(header->name))
            continue;
        cached |= strcasecmp(header->name, "cache-control") == 0;
        answer_field(out, header->name, header->value);
    }
    if (!cached)
        ANSWER_LITERAL(out, "Cache-Control: no-store\r\n");
}

void http_always(struct http_exchange *exchange, const char *name, const char *value)
{
    if (exchange->always_count < HTTP_ALWAYS_MAX)
        exchange->always[exchange->always_count++] = (struct http_header){name, value};
}

static bool answer_has_length(int status)
{
    return status != 204 && status != 304 && status >= 200;
}

static bool answer_has_body(const struct http_exchange *exchange, int status)
{
    return exchange->head.method != HTTP_HEAD_ && answer_has_length(status);
}

void answer_head(struct http_exchange *exchange, const struct http_response *response, int64_t length)
{
    struct buf *out = &exchange->server->head;
    const struct http_status *status = http_status_find(response->status);
    buf_reset(out);
    ANSWER_LITERAL(out, "HTTP/1.1 ");
    answer_number(out, (unsigned)response->status);
    buf_char(out, ' ');
    buf_text(out, status ? status->reason : "");
    ANSWER_LITERAL(out, "\r\n");
    buf_text(out, answer_date(exchange->server));
    if (response->content_type)
        answer_field(out, "Content-Type", response->content_type);
    if (length >= 0 && answer_has_length(response->status)) {
        ANSWER_LITERAL(out, "Content-Length: ");
        answer_number(out, (uint64_t)length);
        ANSWER_LITERAL(out, "\r\n");
    }
    if (exchange->stream_framed)
        ANSWER_LITERAL(out, "Transfer-Encoding: chunked\r\n");
    if (!exchange->keep_alive)
        ANSWER_LITERAL(out, "Connection: close\r\n");
    else if (exchange->head.minor == 0)
        ANSWER_LITERAL(out, "Connection: keep-alive\r\n");
    ANSWER_LITERAL(out, "X-Request-Id: ");
    buf_text(out, exchange->id);
    ANSWER_LITERAL(out, "\r\nX-Content-Type-Options: nosniff\r\n");
    for (size_t i = 0; i < exchange->always_count; i++)
        answer_field(out, exchange->always[i].name, exchange->always[i].value);
    answer_fields(out, response);
    ANSWER_LITERAL(out, "\r\n");
}

/* Whether the connection serves another request is decided when the head is written. */
static void answer_begin(struct http_exchange *exchange)
{
    struct http_connection *connection = exchange->connection;
    bool unread = exchange->refused || (exchange->stage == EXCHANGE_RECEIVING && exchange_has_body(exchange));
    if (unread || exchange->server->draining || connection->close_after)
        exchange->keep_alive = false;
    connection->clean = !unread;
    connection->close_after = !exchange->keep_alive;
}

/* The whole answer is sent or queued. */
static void answer_end(struct http_connection *connection)
{
    connection->answered = true;
    if (!connection->failed && !connection_unsent(connection))
        connection_answered(connection);
}

static void answer_nobody(struct http_exchange *exchange, const struct http_response *response)
{
    if (response && response->release)
        response->release(response->owner);
    if (exchange->stage != EXCHANGE_OVER)
        exchange_free(exchange);
}

void http_respond(struct http_exchange *exchange, const struct http_response *response)
{
    struct http_connection *connection = exchange->connection;
    if (!connection || exchange->stage == EXCHANGE_OVER) {
        answer_nobody(exchange, response);
        return;
    }
    struct buf *head = &exchange->server->head;
    struct span body = response->body;
    answer_begin(exchange);
    answer_head(exchange, response, (int64_t)body.size);
    if (!answer_has_body(exchange, response->status))
        body = (struct span){NULL, 0};
    connection_send(
        connection, (struct span){head->data, head->size}, body, response->release, response->owner);
    exchange_free(exchange);
    answer_end(connection);
}

/* ---- streams */

void http_stream_begin(struct http_exchange *exchange, const struct http_response *head, size_t low,
    void (*drained)(void *context, struct http_exchange *exchange), void *context)
{
    struct http_connection *connection = exchange->connection;
    if (!connection || exchange->stage == EXCHANGE_OVER)
        return;
    answer_begin(exchange);
    exchange->stage = EXCHANGE_STREAMING;
    exchange->stream_bare = !answer_has_body(exchange, head->status);
    exchange->stream_framed = exchange->head.minor > 0 && answer_has_length(head->status);
    if (!exchange->stream_framed && !exchange->stream_bare)
        exchange->keep_alive = false;
    connection->close_after = !exchange->keep_alive;
    exchange->stream_low = low;
    exchange->stream_drained = drained;
    exchange->stream_context = context;
    exchange->stream_ask = true;
    answer_head(exchange, head, -1);
    connection_queue(connection, exchange->server->head.data, exchange->server->head.size);
    connection_flush_soon(connection);
}

static void answer_piece(struct http_exchange *exchange, struct span bytes)
{
    struct http_connection *connection = exchange->connection;
    char size[20];
    int length = snprintf(size, sizeof size, "%zx\r\n", bytes.size);
    if (exchange->stream_framed)
        connection_queue(connection, size, (size_t)length);
    connection_queue(connection, bytes.data, bytes.size);
    if (exchange->stream_framed)
        connection_queue(connection, "\r\n", 2);
}

void http_stream_write(struct http_exchange *exchange, struct span bytes)
{
    struct http_connection *connection = exchange->connection;
    if (!connection || exchange->stage != EXCHANGE_STREAMING || !bytes.size)
        return;
    exchange->stream_ask = true;
    if (!exchange->stream_bare && !connection->failed)
        answer_piece(exchange, bytes);
    if (connection_unsent(connection) >= ANSWER_STREAM_FLUSH)
        connection_flush(connection);
    connection_flush_soon(connection);
}

void http_stream_end(struct http_exchange *exchange, bool complete)
{
    struct http_connection *connection = exchange->connection;
    if (!connection || exchange->stage == EXCHANGE_OVER) {
        answer_nobody(exchange, NULL);
        return;
    }
    if (complete && exchange->stream_framed && !exchange->stream_bare && !connection->failed)
        connection_queue(connection, "0\r\n\r\n", 5);
    exchange_free(exchange);
    if (!complete) {
        connection_close(connection, true);
        return;
    }
    connection_flush(connection);
    answer_end(connection);
}
