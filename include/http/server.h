#pragma once
/*
 * The HTTP/1.1 server on the loop: accept with limits, deadlines for header, body and idle, ceilings, TLS,
 * streaming answers. It knows no route: `headers` is asked as soon as a header is complete (to set the body's
 * ceiling or refuse), `request` when the body is there. Every refusal it makes itself is problem+json. All
 * calls on the loop thread.
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
    unsigned connections;             /* in all */
    unsigned connections_per_address; /* IPv4 /32, IPv6 /64 */
    size_t header_bytes;              /* request line and fields together; more: 431 */
    size_t body_bytes;                /* default ceiling, a route may raise or lower its own; more: 413 */
    size_t buffered_bytes;            /* of all bodies being received; more: 503 */
    int64_t header_deadline_us;       /* from the first byte (or accept) to the end of the header: 408 */
    int64_t body_deadline_us;         /* for a whole body: 408 */
    int64_t idle_us;                  /* between requests */
    int64_t write_deadline_us;        /* without any progress of a slow reader */
    unsigned trusted_proxies;         /* hops of X-Forwarded-For to believe; 0 = none */
};
extern const struct http_limits http_default_limits;

struct http_handler {
    /* Header complete. Return ST_OK to go on (after http_set_body_limit, if wanted); any other status refuses
     * the request with that problem before a body is read. */
    enum status (*headers)(void *context, struct http_exchange *exchange, struct error *err);
    /* Body complete. Answer now or later, exactly once, with http_respond or http_stream_*. */
    void (*request)(void *context, struct http_exchange *exchange);
    /* The client went away before the answer: drop what you hold for it (http_context); respond is a no-op from
     * then on. */
    void (*gone)(void *context, struct http_exchange *exchange);
    void *context;
};

enum status http_server_new(struct loop *loop, const struct http_limits *limits,
    const struct http_handler *handler, struct http_server **ret, struct error *err);
/* "127.0.0.1", 8470; "::", 0 for any free port. TCP_NODELAY is set. *ret_port is the port bound. */
enum status http_listen(
    struct http_server *server, const char *address, uint16_t port, uint16_t *ret_port, struct error *err);
/* A socket inherited by socket activation. */
enum status http_listen_fd(struct http_server *server, int fd, struct error *err);
/* TLS 1.2+ for all listeners; call again to reload (SIGHUP): connections under way keep theirs. */
enum status http_set_tls(
    struct http_server *server, const char *certificate_file, const char *key_file, struct error *err);
/* Stops accepting, closes idle connections, answers new requests 503; `drained` when no exchange is left or at
 * the deadline. */
void http_drain(struct http_server *server, int64_t deadline_us, void (*drained)(void *context), void *context);
void http_server_free(struct http_server *server);

/* ---- the request; everything is borrowed and lives as long as the exchange */
enum http_method http_method(const struct http_exchange *exchange);
const char *http_path(const struct http_exchange *exchange);  /* decoded, no query; always starts with '/' */
const char *http_query(const struct http_exchange *exchange); /* raw, without '?', "" if none */
const char *http_header(
    const struct http_exchange *exchange, const char *name); /* NULL if absent; case-insensitive */
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
void http_set_context(struct http_exchange *exchange, void *context);
void *http_context(const struct http_exchange *exchange);

/* ---- the answer */
struct http_header {
    const char *name, *value;
};
struct http_response {
    int status;
    const char *content_type; /* NULL without a body */
    struct span body;         /* copied, or referenced until sent when `release` is set */
    void (*release)(void *owner);
    void *owner;
    const struct http_header *headers;
    size_t header_count;
};
/* HEAD answers carry no body but its length. Adds Date, Content-Length, X-Request-Id, X-Content-Type-Options,
 * and Cache-Control: no-store unless a Cache-Control is given. */
void http_respond(struct http_exchange *exchange, const struct http_response *response);
/* problem+json of an error (RFC 9457) with the request id; `extra` headers (Retry-After, Allow,
 * WWW-Authenticate). */
void http_respond_problem(struct http_exchange *exchange, int status, const struct error *err,
    const struct http_header *extra, size_t extra_count);
/* The one table: status -> HTTP status code. */
int http_status_of(enum status status);

/* Chunked answers of unknown length. `drained` is called whenever less than `low` bytes wait to be sent. */
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
