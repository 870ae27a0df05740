#pragma once
/*
 * The HTTP/1.1 server on the loop (RFC 9110, RFC 9112): accept with limits, deadlines for header, body and
 * idle, ceilings, TLS, streaming answers. It knows no route: `headers` is asked as soon as a header is complete
 * (to set the body's ceiling or refuse), `request` when the body is there. Pipelined requests are served one at
 * a time, in order. Every refusal it makes itself is problem+json. All calls on the loop thread.
 *
 * What it refuses itself: 400 what is malformed or could be read in two ways (bare line feeds, folded fields,
 * repeated Host, Content-Length, Transfer-Encoding, Authorization or Content-Type, Content-Length together with
 * Transfer-Encoding, text that is not UTF-8, encoded slashes, "." and ".." segments), 408, 413, 414 (target
 * over 8 KiB), 417, 431 (header over its ceiling, more than 100 fields), 501 (a transfer coding but chunked),
 * 503, 505.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "loop/loop.h"

#include <stdbool.h>
#include <stdint.h>

struct http_server;
struct http_exchange; /* one request and its answer */

enum http_method {
    HTTP_GET_,
    HTTP_HEAD_,
    HTTP_POST_,
    HTTP_PUT_,
    HTTP_PATCH_,
    HTTP_DELETE_,
    HTTP_OPTIONS_,
    HTTP_OTHER_
};
const char *http_method_name(enum http_method method);

struct http_limits {
    unsigned connections;             /* in all; more are told 503 and closed (with TLS: closed) */
    unsigned connections_per_address; /* IPv4 /32, IPv6 /64; not applied behind trusted proxies */
    size_t header_bytes;              /* request line and fields together; more: 431 */
    size_t body_bytes;                /* default ceiling, a route may raise or lower its own; more: 413 */
    size_t buffered_bytes;            /* of all bodies received and not answered yet; more: 503 */
    int64_t header_deadline_us;       /* from the first byte (or accept) to the end of the header: 408 */
    int64_t body_deadline_us;         /* for a whole body: 408 */
    int64_t idle_us;                  /* between requests */
    int64_t write_deadline_us;        /* without any progress of a slow reader */
    unsigned trusted_proxies;         /* hops of X-Forwarded-For and -Proto to believe; 0 = none */
};
extern const struct http_limits http_default_limits;

struct http_handler {
    /* Header complete. Return ST_OK to go on (after http_set_body_limit, if wanted); any other status refuses
     * the request with that problem before a body is read. It may also answer with http_respond* itself, for
     * what a status alone cannot say (405 and Allow, 415, 429); what it returns does not matter then. May be
     * NULL. */
    enum status (*headers)(void *context, struct http_exchange *exchange, struct error *err);
    /* Body complete. The exchange now belongs to the handler until it answers, now or later, exactly once, with
     * http_respond* or http_stream_end: also after `gone`, when that only gives the exchange back. */
    void (*request)(void *context, struct http_exchange *exchange);
    /* The client went away before the answer was complete, or its body never arrived whole: drop what you hold
     * for it (http_context). Nothing more is sent, answering is a no-op for the client. Called for every
     * exchange that `headers` let pass and that is not answered, once, and never from inside a call made by the
     * handler. After `request` the exchange and its memory stay valid until answered (a lane may still read
     * them), which may be done right here; before `request` they end with this call. May be NULL. */
    void (*gone)(void *context, struct http_exchange *exchange);
    void *context;
};

enum status http_server_new(struct loop *loop, const struct http_limits *limits,
    const struct http_handler *handler, struct http_server **ret, struct error *err);
/* "127.0.0.1", 8470; "::", 0 for any free port ("::" takes IPv4 too). TCP_NODELAY is set. *ret_port is the port
 * bound (may be NULL). */
enum status http_listen(
    struct http_server *server, const char *address, uint16_t port, uint16_t *ret_port, struct error *err);
/* A listening socket inherited by socket activation (TCP or local), owned from then on if ST_OK. */
enum status http_listen_fd(struct http_server *server, int fd, struct error *err);
/* TLS 1.2+ for all listeners; call again to reload (SIGHUP): connections under way keep theirs. On failure what
 * was set before stays. */
enum status http_set_tls(
    struct http_server *server, const char *certificate_file, const char *key_file, struct error *err);
/* Stops accepting, closes idle connections, answers new requests 503; `drained`, once and not from inside this
 * call, when every answer is sent or at the deadline. */
void http_drain(struct http_server *server, int64_t deadline_us, void (*drained)(void *context), void *context);
/* Closes what is left. Exchanges not answered are gone and end with the server: stop the lanes that still work
 * for them before. NULL is fine. */
void http_server_free(struct http_server *server);

/* ---- the request; everything is borrowed and lives as long as the exchange */
enum http_method http_method(const struct http_exchange *exchange);
const char *http_path(const struct http_exchange *exchange);  /* decoded UTF-8, no query; starts with '/' */
const char *http_query(const struct http_exchange *exchange); /* raw, without '?', "" if none */
/* NULL if absent; case-insensitive; UTF-8; several fields of one name are joined with ", " (RFC 9110 5.3). */
const char *http_header(const struct http_exchange *exchange, const char *name);
/* Calls each(name, value) for all fields in order. */
void http_each_header(const struct http_exchange *exchange,
    void (*each)(void *context, const char *name, const char *value), void *context);
struct span http_body(const struct http_exchange *exchange);
const char *http_peer(const struct http_exchange *exchange); /* the client's address, after trusted proxies */
bool http_is_tls(const struct http_exchange *exchange);
/* "req_" + 26 characters, or the client's valid X-Request-Id. */
const char *http_request_id(const struct http_exchange *exchange);
/* The exchange's own memory, freed with it. */
struct arena *http_arena(struct http_exchange *exchange);
void http_set_body_limit(struct http_exchange *exchange, size_t bytes);
/* Nothing proves yet who sends this: all such bodies together may hold half of buffered_bytes, so that they
 * keep out nobody who is known. From `headers`. */
void http_set_stranger(struct http_exchange *exchange);
void http_set_context(struct http_exchange *exchange, void *context);
void *http_context(const struct http_exchange *exchange);

/* ---- the answer */
struct http_header {
    const char *name, *value;
};
/* A field of whatever answer this request gets, refusals by the server included; from `headers` on. Borrowed:
 * in the exchange's memory. At most HTTP_ALWAYS_MAX. */
enum { HTTP_ALWAYS_MAX = 2 };
void http_always(struct http_exchange *exchange, const char *name, const char *value);

struct http_response {
    int status;
    const char *content_type;     /* NULL without a body */
    struct span body;             /* copied, or referenced until sent when `release` is set */
    void (*release)(void *owner); /* called once, possibly before http_respond returns */
    void *owner;
    const struct http_header *headers;
    size_t header_count;
};
/* HEAD answers carry no body but its length. Adds Date, Content-Length, Connection, X-Request-Id, which only
 * the server may set, X-Content-Type-Options, and Cache-Control: no-store unless a Cache-Control is given. */
void http_respond(struct http_exchange *exchange, const struct http_response *response);
/* problem+json of an error (RFC 9457; may be NULL) with the request id; `extra` headers (Allow ...). 401
 * carries WWW-Authenticate: Bearer, 429 and 503 carry Retry-After: 1, unless given. What a 500 says of its
 * error is for the log: the client is not shown it. */
void http_respond_problem(struct http_exchange *exchange, int status, const struct error *err,
    const struct http_header *extra, size_t extra_count);
/* The one table: status -> HTTP status code. */
int http_status_of(enum status status);

/* Answers of unknown length: chunked, or ended by closing for HTTP/1.0. `drained` is called once after
 * http_stream_begin and once after the writes that follow, as soon as less than `low` bytes wait to be sent,
 * never from inside http_stream_*. */
void http_stream_begin(struct http_exchange *exchange, const struct http_response *head, size_t low,
    void (*drained)(void *context, struct http_exchange *exchange), void *context);
void http_stream_write(struct http_exchange *exchange, struct span bytes);
/* false: the stream failed midway; the connection is cut so that the client notices. */
void http_stream_end(struct http_exchange *exchange, bool complete);

struct http_stats {
    uint64_t accepted, refused_connections, requests, timeouts, bytes_in, bytes_out;
    unsigned open, in_flight;
    size_t buffered;
};
void http_stats(const struct http_server *server, struct http_stats *ret);
