/*
 * The daemon's own server with a handler that does nothing: what a request costs before it is anybody's work.
 * Prints its port.
 */
#include "http/server.h"
#include "loop/loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void answer(void *context, struct http_exchange *exchange)
{
    (void)context;
    struct http_response response = {
        .status = 200, .content_type = "application/json", .body = SPAN_TEXT("{\"accepted\":1}")};
    http_respond(exchange, &response);
}

static void stop(void *context)
{
    loop_stop(context);
}

int main(void)
{
    struct loop *loop = loop_new();
    struct http_server *server = NULL;
    struct error err = ERROR_INIT;
    uint16_t port = 0;
    struct http_limits limits = http_default_limits;
    struct http_handler handler = {.request = answer};
    limits.connections_per_address = limits.connections;
    if (http_server_new(loop, &limits, &handler, &server, &err) != ST_OK ||
        http_listen(server, "127.0.0.1", 0, &port, &err) != ST_OK) {
        (void)fprintf(stderr, "bench_noop: %s\n", err.detail);
        return EXIT_FAILURE;
    }
    loop_on_signal(loop, SIGTERM, stop, loop);
    (void)printf("%u\n", port);
    (void)fflush(stdout);
    loop_run(loop);
    http_server_free(server);
    loop_free(loop);
    return EXIT_SUCCESS;
}
