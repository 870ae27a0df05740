#pragma once
/*
 * What the files of the server share. A connection is a socket with at most one exchange at a time; an exchange
 * is one request and its answer, and outlives its connection when the client goes away while the handler works.
 */
#include "base/buf.h"
#include "chunked.h"
#include "head.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <openssl/types.h>
#include <sys/queue.h>

enum {
    HTTP_SCRATCH = 64 * 1024,     /* read at once */
    HTTP_AHEAD_MAX = 16 * 1024,   /* pipelined bytes held while an exchange is open */
    HTTP_ROUND_MAX = 32,          /* requests of one connection served before others get their turn */
    HTTP_DISCARD_MAX = 16 << 20,  /* bytes read and dropped after a refusal */
    HTTP_SPARE_EXCHANGES = 64,    /* kept for reuse */
    HTTP_REFUSALS_LINGERING = 64, /* connections over the limits that are told so */
};

/* ---- deadlines */
enum http_wait { WAIT_NONE, WAIT_HEADER, WAIT_BODY, WAIT_IDLE, WAIT_WRITE, WAIT_LINGER, WAIT_COUNT };

struct http_deadline {
    TAILQ_ENTRY(http_deadline) link;
    int64_t at; /* monotonic microseconds */
    enum http_wait wait;
};
TAILQ_HEAD(http_deadlines, http_deadline);

/* ---- addresses */
struct http_address {
    int family; /* AF_INET, AF_INET6 or AF_UNIX */
    union {
        struct in_addr v4;
        struct in6_addr v6;
    };
};
struct http_address_count {
    struct http_address_count *next;
    uint64_t key;
    unsigned count;
};
struct http_addresses {
    struct http_address_count **slots;
    unsigned bits;
    uint64_t seed;
};

/* ---- the server */
struct http_listener {
    SLIST_ENTRY(http_listener) link;
    struct http_server *server;
    struct event accept;
    int fd;
};

SLIST_HEAD(http_listeners, http_listener);
LIST_HEAD(http_connections, http_connection);
LIST_HEAD(http_exchanges, http_exchange);

struct http_server {
    struct loop *loop;
    struct http_limits limits;
    struct http_handler handler;
    SSL_CTX *tls;        /* NULL = plain */
    struct clock *clock; /* the real one: what is written on the wire is for others */

    struct http_listeners listeners;
    struct http_addresses addresses;
    struct timer *accept_again;
    int reserve_fd;
    bool accept_starved; /* said so in the log */
    unsigned refusals;   /* connections lingering after a refusal to serve them */

    struct http_connections connections;
    struct http_connections dead; /* closed, freed by `reap` */
    struct event reap;
    struct http_deadlines deadlines[WAIT_COUNT];
    struct timer *deadline_timer;
    int64_t deadline_armed; /* monotonic microseconds, 0 = not */

    struct http_exchanges exchanges; /* open ones */
    struct http_exchanges spares;
    unsigned spare_count;
    uint64_t id_epoch, id_count;

    bool draining;
    struct timer *drain_timer;
    void (*drained)(void *context);
    void *drained_context;
    unsigned busy; /* connections with an exchange or with bytes to send */

    struct buf head;    /* of the answer being written */
    struct error error; /* of `headers`; clear in between: it is too large to wipe for each request */
    int64_t date_second;
    char date[sizeof "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"];
    struct http_stats stats;
    size_t strangers; /* of stats.buffered, what nothing vouches for */
    char scratch[HTTP_SCRATCH];
};

/* ---- connections */
enum http_state {
    CONNECTION_HEAD,   /* waits for a request, or the rest of its head */
    CONNECTION_BODY,   /* reads a body */
    CONNECTION_ANSWER, /* the handler works, or the answer is being sent */
    CONNECTION_LINGER, /* all is said; reads and drops until the client closes */
    CONNECTION_CLOSED,
};

struct http_connection {
    LIST_ENTRY(http_connection) link;
    struct http_server *server;
    struct http_exchange *exchange;
    SSL *tls;
    struct event read, write;
    struct http_deadline deadline;
    struct http_address address;
    enum http_state state;
    int fd;
    bool reading;       /* `read` waits for bytes, not only for the end of the connection */
    bool consuming;     /* inside connection_consume */
    bool answered;      /* the whole answer is sent or in `out` */
    bool close_after;   /* the answer */
    bool clean;         /* nothing the client sent is left unread when the answer is out */
    bool counted;       /* in server->addresses */
    bool refused;       /* in server->refusals */
    bool busy;          /* in server->busy */
    bool read_on_write; /* TLS wants to write before it can read on */
    bool resume;        /* `ahead` holds bytes worth consuming before more are read */
    bool failed;        /* the socket is broken, closed at the next round */
    struct head_scan scan;
    struct buf ahead; /* received, not yet consumed */
    size_t rest;      /* bytes behind the ones being consumed */
    size_t discarded;
    struct evbuffer *out; /* what the socket did not take yet; NULL until needed */
};

/* ---- exchanges */
enum http_stage {
    EXCHANGE_RECEIVING, /* the handler has seen at most its header */
    EXCHANGE_HANDED,    /* the handler owes an answer */
    EXCHANGE_STREAMING,
    EXCHANGE_OVER, /* the client is gone and no answer is owed */
};

struct http_exchange {
    LIST_ENTRY(http_exchange) link;
    struct http_server *server;
    struct http_connection *connection; /* NULL once the client is gone */
    struct arena *arena;
    enum http_stage stage;
    bool shown; /* the handler knows of it and is told when it goes */
    struct head head;
    const char *path, *query, *peer;
    char id[65];
    void *context;

    bool tls, says_close, says_keep, keep_alive, chunked, expects;
    bool refused;    /* by the server itself: what is still to come from the client is not read */
    uint64_t length; /* Content-Length */
    size_t body_limit;
    size_t budgeted; /* bytes counted in stats.buffered */
    bool stranger;   /* and in server->strangers */
    struct chunked decoder;
    struct buf body;

    struct http_header always[HTTP_ALWAYS_MAX];
    size_t always_count;

    bool stream_framed; /* in chunks */
    bool stream_bare;   /* its body is not sent: HEAD, 204, 304 */
    bool stream_ask;    /* call stream_drained when there is room */
    size_t stream_low;
    void (*stream_drained)(void *context, struct http_exchange *exchange);
    void *stream_context;
};

static inline bool exchange_has_body(const struct http_exchange *exchange)
{
    return exchange->chunked || exchange->length > 0;
}

/* connection.c */
struct http_connection *connection_new(
    struct http_server *server, int fd, const struct http_address *address, bool counted);
/* Closes at once; the client sees a reset when `abort`. The exchange is told. Memory goes at the end of the
 * round. */
void connection_close(struct http_connection *connection, bool abort);
void connection_free(struct http_connection *connection);
/* The answer is wholly sent: on to the next request, or the end. */
void connection_answered(struct http_connection *connection);
void connection_linger(struct http_connection *connection);
void connection_timed_out(struct http_connection *connection);
/* Counts the connection in server->busy or not. */
void connection_set_busy(struct http_connection *connection, bool busy);

/* receive.c */
void connection_on_readable(evutil_socket_t fd, short what, void *context);
/* Serves what was received ahead, at the next round. */
void connection_resume(struct http_connection *connection);
/* Chooses between waiting for bytes and only for the end of the connection. */
void connection_watch(struct http_connection *connection, bool bytes);

/* exchange.c */
struct http_exchange *exchange_new(struct http_connection *connection);
/* Detaches from the connection and recycles. */
void exchange_free(struct http_exchange *exchange);
/* Tells the handler that the client is gone; frees unless an answer is owed. */
void exchange_gone(struct http_exchange *exchange);
/* Reads the head at text[0..size) into the exchange. */
struct refusal exchange_read_head(struct http_exchange *exchange, const char *text, size_t size);
/* Asks the handler's `headers`; false when the request is answered with that. */
bool exchange_show(struct http_exchange *exchange);
/* Whether the budget of buffered bytes has room for `more`. */
struct refusal exchange_fits(const struct http_exchange *exchange, uint64_t more);
struct refusal exchange_add_body(struct http_exchange *exchange, const char *data, size_t size);
void exchange_hand_over(struct http_exchange *exchange);
/* Answers with the server's own problem and closes afterwards. */
void exchange_refuse(struct http_exchange *exchange, struct refusal refusal);

/* framing.c: which bytes belong to the request (RFC 9112 section 6), and what it says of the connection. */
struct refusal exchange_frame(struct http_exchange *exchange);

/* peer.c */
const char *address_text(const struct http_address *address, char out[static INET6_ADDRSTRLEN]);
/* Sets who the client is, and over what it speaks, as the trusted proxies say. */
void peer_find(struct http_exchange *exchange);

/* send.c */
enum { TRANSPORT_AGAIN = -1, TRANSPORT_FAILED = -2 };
/* Bytes read, 0 at the end, or one of the above. */
ssize_t transport_read(struct http_connection *connection, void *out, size_t size);
/* Sends two pieces, what the socket does not take is copied, or referenced for `tail` with a release. */
void connection_send(struct http_connection *connection, struct span head, struct span tail,
    void (*release)(void *owner), void *owner);
/* Bytes waiting for the socket. */
size_t connection_unsent(const struct http_connection *connection);
/* Queues bytes without writing them yet. */
void connection_queue(struct http_connection *connection, const void *bytes, size_t size);
/* Writes what waits; a broken socket is closed at the next round, never from inside this call. */
void connection_flush(struct http_connection *connection);
/* As connection_flush at the next round, with what follows from it. */
void connection_flush_soon(struct http_connection *connection);
void connection_on_writable(evutil_socket_t fd, short what, void *context);

/* tls.c */
void tls_free(SSL_CTX *tls);
SSL *tls_accept(SSL_CTX *tls, int fd);
void tls_close(SSL *tls, bool notify);
ssize_t tls_read(struct http_connection *connection, void *out, size_t size);
ssize_t tls_flush(struct http_connection *connection);

/* deadline.c */
int64_t deadline_now(void);
void deadlines_init(struct http_server *server);
void deadline_set(struct http_connection *connection, enum http_wait wait);
void deadline_clear(struct http_connection *connection);

/* address.c */
void addresses_init(struct http_addresses *addresses, unsigned expected);
void addresses_free(struct http_addresses *addresses);
/* False when the address has `limit` connections already. */
bool addresses_take(struct http_addresses *addresses, const struct http_address *address, unsigned limit);
void addresses_give(struct http_addresses *addresses, const struct http_address *address);

/* listen.c */
void listeners_close(struct http_server *server);

/* server.c */
void server_check_drained(struct http_server *server);

/* problem.c */
struct http_status {
    int code;
    const char *reason;
    struct http_header hint; /* a header every such problem carries unless given otherwise */
};
const struct http_status *http_status_find(int code);
void http_problem_write(struct buf *out, int status, const struct error *err, const char *request_id);

/* answer.c */
/* Writes the head of an answer into server->head. `length` < 0: of unknown length. */
void answer_head(struct http_exchange *exchange, const struct http_response *response, int64_t length);
