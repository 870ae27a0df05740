/*
 * Answers in chunks: made one after the other on a read lane, sent as fast as the client takes them. Loop
 * thread, but for stream_rewind and call_chunk_full.
 */
#include "internal.h"

#include "base/log.h"

#include <string.h>

enum { CHUNK_BYTES = 64 * 1024, STREAM_REFUSALS_MAX = 50 };
static const size_t stream_low = 256 * 1024;
static const int64_t chunk_us = 30 * 1000;
static const int64_t refusal_wait_us = 200 * 1000;

bool call_chunk_full(const struct call *call)
{
    return call->body.size >= CHUNK_BYTES || clock_monotonic() - call->chunk_started >= chunk_us;
}

void stream_rewind(struct call *call)
{
    size_t size = call->op->cursor_size;
    if (!size)
        return;
    if (!call->cursor) {
        call->cursor = arena_alloc(call->arena, size);
        call->cursor_sent = arena_alloc(call->arena, size);
        memset(call->cursor_sent, 0, size);
    }
    memcpy(call->cursor, call->cursor_sent, size);
    call->chunk_started = clock_monotonic();
}

void stream_made(struct call *call)
{
    if (!call->cursor)
        return;
    memcpy(call->cursor_sent, call->cursor, call->op->cursor_size);
    call->stream_refusals = 0;
}

void stream_close(struct call *call)
{
    if (call->cursor && call->op->close)
        call->op->close(call);
}

static void stream_end(struct call *call, bool complete)
{
    http_stream_end(call_release(call), complete);
    call_free(call);
}

static void stream_cut(struct call *call, const struct error *err)
{
    if (!call->gone) {
        call->api->cut_streams++;
        log_line(err->status == ST_BUSY ? LOG_NOTICE : LOG_ERROR, call->op->name, "an answer was cut midway",
            "why=%s request=%s", err->detail, call->request_id);
    }
    stream_end(call, false);
}

static void stream_next(void *context)
{
    struct call *call = context;
    if (call->in_lane || !call->more)
        return;
    if (call->timer)
        timer_disarm(call->timer);
    call_run(call);
}

static void stream_drained(void *context, struct http_exchange *exchange)
{
    (void)exchange;
    stream_next(context);
}

/* The lanes have too much to do: the same chunk is asked for again. */
static bool stream_waits(struct call *call, enum status status)
{
    if (status != ST_BUSY || call->gone || call->stream_refusals++ == STREAM_REFUSALS_MAX)
        return false;
    call->more = true;
    if (!call->timer)
        call->timer = timer_new(call->api->options.loop, stream_next, call);
    timer_arm(call->timer, refusal_wait_us);
    return true;
}

void stream_go_on(struct call *call, enum status status, const struct error *err)
{
    struct error full = ERROR_INIT;
    if (status == ST_OK && call->body.failed)
        status = error_set(&full, ST_INTERNAL, "a chunk has no room");
    if (stream_waits(call, status))
        return;
    if (status != ST_OK || call->gone) {
        stream_cut(call, full.status == ST_OK ? err : &full);
        return;
    }
    http_stream_write(call->exchange, (struct span){.data = call->body.data, .size = call->body.size});
    if (!call->more)
        stream_end(call, true);
    else if (!call->body.size)
        stream_next(call);
}

void stream_start(struct call *call, int status)
{
    struct error none = ERROR_INIT;
    struct http_response head = call_head(call, status);
    bool bare = http_method(call->exchange) == HTTP_HEAD_;
    figures_count(call->api, call, head.status);
    call->streaming = true;
    http_stream_begin(call->exchange, &head, stream_low, stream_drained, call);
    if (bare)
        stream_end(call, true);
    else
        stream_go_on(call, ST_OK, &none);
}
