#pragma once
/*
 * Requests to one server, one at a time, over one connection (libcurl). Nothing is followed, decompressed or
 * kept: answers past CLIENT_ANSWER_MAX are refused unless they are taken piece by piece, redirections are
 * answers like others.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "settings.h"

#include <stdbool.h>

enum { CLIENT_ANSWER_MAX = 64 * 1024 * 1024 };

struct client;

/* A copy in the arena, with a NUL that is not counted. */
struct span span_keep(struct arena *arena, const struct buf *bytes);

struct request {
    const char *method;
    const char *target; /* path and query */
    struct span body;
    const char *type;   /* of the body; NULL = none */
    const char *accept; /* NULL = JSON */
    const char *key;    /* Idempotency-Key: may be sent again when the connection is lost; NULL = none */
    /* Takes the bytes of a 2xx answer as they come, however many; false ends it. NULL = they are kept. */
    bool (*take)(void *context, const char *bytes, size_t size);
    void *context;
};

struct answer {
    long status;
    const char *type;     /* lower case, without parameters; "" if none */
    const char *location; /* NULL if none */
    const char *request_id;
    long retry_after; /* seconds, 0 = not said */
    struct span body; /* ends with a NUL that is not counted */
};

/* Settings are borrowed. */
struct client *client_new(const struct settings *settings);
void client_free(struct client *client);
/* The answer lives in the arena. ST_INTERNAL when there is none, with the reason. */
enum status client_send(struct client *client, struct arena *arena, const struct request *request,
    struct answer *ret, struct error *err);
/* Whether the token would go in clear text over a network. */
bool client_is_exposed(const struct client *client);
