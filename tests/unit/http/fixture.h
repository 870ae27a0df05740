#pragma once
/*
 * A server on a loop in a thread of its own, and a blocking client, for tests over a real socket. The handler
 * knows these paths:
 *   /hello    "hello"                                /echo    the body it got
 *   /about    method, path, query, peer, X-Tag, id   /hold    kept until fixture_release
 *   /large    LARGE_SIZE bytes by reference          /stream  STREAM_SIZE bytes in pieces, as the reader drains
 *   /endless  a stream cut in the middle             /small   as /echo, at most 10 bytes
 *   /forbid   ST_FORBIDDEN from the header           /method  405 answered from the header
 *   /break    500 and header fields that try to break out
 */
#include "http/server.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LARGE_SIZE = 8 << 20, STREAM_SIZE = 16 << 20, STREAM_PIECE = 32 << 10 };

struct fixture {
    struct loop *loop;
    struct http_server *server;
    pthread_t thread;
    uint16_t port;
    struct http_limits limits;

    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t changed;
    unsigned requests, gone, released, drained, calls;
    size_t streamed, stream_peak;
    bool respond_when_gone;

    struct http_exchange *held[64]; /* loop thread */
    unsigned held_count;
    char *large;
};

/* Set fixture->limits between init and start. */
void fixture_init(struct fixture *f);
void fixture_start(struct fixture *f);
void fixture_stop(struct fixture *f);
/* Runs on the loop and waits for it. */
void fixture_call(struct fixture *f, void (*run)(struct fixture *f));
/* Waits until the counter has reached `value`. */
void fixture_wait(struct fixture *f, const unsigned *counter, unsigned value);
struct http_stats fixture_stats(struct fixture *f);
/* Answers all that /hold keeps. */
void fixture_release(struct fixture *f);
/* Waits, on the loop's own events, until `open` connections and `in_flight` exchanges are left. */
void fixture_settle(struct fixture *f, unsigned open, unsigned in_flight);

struct client {
    int fd;
    struct buf in;
    size_t used;
};

struct answer {
    int status;
    char head[4096];
    struct buf text;
    const char *body; /* of `text` */
    size_t size;
};

struct client client_connect(const struct fixture *f);
void client_close(struct client *client);
void client_send(struct client *client, const char *text);
void client_send_n(struct client *client, const void *bytes, size_t size);
/* One answer, to a HEAD request if `head`. */
struct answer client_read(struct client *client, bool head);
/* Expects that the server closes without another byte. */
void client_expect_end(struct client *client);
/* The value of a field, or NULL. */
const char *answer_field_of(struct answer *answer, const char *name);
void answer_release(struct answer *answer);
/* Sends, expects that status (and closes after it if `closes`). */
void client_expect(struct client *client, const char *text, int status);
/* On a connection of its own: sends, expects a problem of that status, and the end. */
void expect_refusal(const struct fixture *f, const char *text, int status);
void expect_refusal_n(const struct fixture *f, const char *bytes, size_t size, int status);
