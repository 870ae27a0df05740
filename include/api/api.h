#pragma once
/*
 * The REST interface: turns requests of the HTTP server into operations on the store. Owns no thread; all calls
 * on the loop.
 */
#include "base/clock.h"
#include "base/secret.h"
#include "http/server.h"
#include "store/store.h"
#include "work/retention.h"

struct api;

struct api_options {
    struct loop *loop;
    struct store *store;
    const struct clock *clock;
    const struct keyring *keyring;
    struct retention_terms retention;
    bool gzip_feeds; /* calendars are sent compressed to those who take it */
    bool keep_raw;   /* whole bodies of platforms are kept beside their records */
    /* Called on the loop after a write committed that may have left deliveries or due dates: wakes the jobs. */
    void (*changed)(void *context, const char *organisation);
    void *changed_context;
    /* More metrics lines and health members from other modules, on the loop. */
    void (*metrics)(void *context, struct buf *out);
    void *metrics_context;
};

enum status api_new(const struct api_options *options, struct api **ret, struct error *err);
void api_free(struct api *api);
struct http_handler api_handler(struct api *api);
/* The server whose figures /metrics shows; may be set after the server was made with the handler. */
void api_set_server(struct api *api, struct http_server *server);
/* What links that leave the daemon begin with, without a final '/'. Copied. */
void api_set_base_url(struct api *api, const char *base_url);
/* False from the moment a stop was asked: /readyz answers 503. */
void api_set_ready(struct api *api, bool ready);
/* Wakes the requests that wait for this operation or import. */
void api_notify(struct api *api, const char *id);

/* `METHOD path scope` lines of all routes, for --routes. */
void api_print_routes(struct buf *out);
/* The OpenAPI 3.1 description. */
void api_describe(struct buf *out);
