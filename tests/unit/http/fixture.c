/*
 * The server under test and its client. The handler runs on the loop thread, assertions on the test's.
 */
#include "fixture.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* ---- the handler */

static void fixture_count(struct fixture *f, unsigned *counter)
{
    pthread_mutex_lock(&f->mutex);
    ++*counter;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->mutex);
}

static void respond_text(struct http_exchange *exchange, int status, struct span body)
{
    struct http_response response = {.status = status, .content_type = "text/plain", .body = body};
    http_respond(exchange, &response);
}

static void handle_hello(struct fixture *f, struct http_exchange *exchange)
{
    (void)f;
    respond_text(exchange, 200, SPAN_TEXT("hello"));
}

static void handle_echo(struct fixture *f, struct http_exchange *exchange)
{
    (void)f;
    respond_text(exchange, 200, http_body(exchange));
}

static void handle_about(struct fixture *f, struct http_exchange *exchange)
{
    const char *tag = http_header(exchange, "X-TAG");
    (void)f;
    char *text = arena_printf(http_arena(exchange), "%s %s ?%s %s [%s] %s %s",
        http_method_name(http_method(exchange)), http_path(exchange), http_query(exchange), http_peer(exchange),
        tag ? tag : "", http_request_id(exchange), http_is_tls(exchange) ? "tls" : "plain");
    respond_text(exchange, 200, SPAN_TEXT(text));
}

static void handle_hold(struct fixture *f, struct http_exchange *exchange)
{
    assert_true(f->held_count < 64);
    f->held[f->held_count++] = exchange;
}

static void large_released(void *owner)
{
    struct fixture *f = owner;
    fixture_count(f, &f->released);
}

static void handle_large(struct fixture *f, struct http_exchange *exchange)
{
    struct http_response response = {.status = 200,
        .content_type = "application/octet-stream",
        .body = {f->large, LARGE_SIZE},
        .release = large_released,
        .owner = f};
    http_respond(exchange, &response);
}

static void stream_more(void *context, struct http_exchange *exchange)
{
    struct fixture *f = context;
    size_t done = (size_t)(uintptr_t)http_context(exchange);
    bool cut = strcmp(http_path(exchange), "/endless") == 0 && done >= STREAM_SIZE / 2;
    if (done < STREAM_SIZE && !cut) {
        http_stream_write(exchange, (struct span){f->large + done % LARGE_SIZE, STREAM_PIECE});
        http_set_context(exchange, (void *)(uintptr_t)(done + STREAM_PIECE));
        pthread_mutex_lock(&f->mutex);
        f->streamed = done + STREAM_PIECE;
        pthread_mutex_unlock(&f->mutex);
    } else {
        http_stream_end(exchange, !cut);
    }
}

static void handle_stream(struct fixture *f, struct http_exchange *exchange)
{
    struct http_response head = {.status = 200, .content_type = "application/octet-stream"};
    http_stream_begin(exchange, &head, 64 * 1024, stream_more, f);
}

static void handle_break(struct fixture *f, struct http_exchange *exchange)
{
    struct error err = ERROR_INIT;
    const struct http_header extra[] = {{"X-Evil", "a\r\nSet-Cookie: b"}, {"Content-Length", "1"},
        {"X-Request-Id", "forged"}, {"X-None", NULL}};
    (void)f;
    (void)error_set(&err, ST_INTERNAL, "the table is gone");
    http_respond_problem(exchange, 500, &err, extra, 4);
}

static const struct {
    const char *path;
    void (*handle)(struct fixture *f, struct http_exchange *exchange);
} handlers[] = {{"/hello", handle_hello}, {"/strange", handle_echo}, {"/echo", handle_echo},
    {"/small", handle_echo}, {"/about", handle_about}, {"/hold", handle_hold}, {"/large", handle_large},
    {"/stream", handle_stream}, {"/endless", handle_stream}, {"/break", handle_break}};

static void fixture_on_request(void *context, struct http_exchange *exchange)
{
    struct fixture *f = context;
    fixture_count(f, &f->requests);
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        if (strcmp(http_path(exchange), handlers[i].path) == 0) {
            handlers[i].handle(f, exchange);
            return;
        }
    }
    handle_about(f, exchange);
}

static enum status fixture_on_headers(void *context, struct http_exchange *exchange, struct error *err)
{
    static const struct http_header allow = {"Allow", "GET"};
    const char *path = http_path(exchange);
    (void)context;
    if (strcmp(path, "/small") == 0)
        http_set_body_limit(exchange, 10);
    if (strcmp(path, "/strange") == 0)
        http_set_stranger(exchange);
    if (strcmp(path, "/forbid") == 0)
        return error_set(err, ST_FORBIDDEN, "not for you");
    if (strcmp(path, "/method") == 0)
        http_respond_problem(exchange, 405, NULL, &allow, 1);
    return ST_OK;
}

static void fixture_on_gone(void *context, struct http_exchange *exchange)
{
    struct fixture *f = context;
    const char *path = http_path(exchange);
    fixture_count(f, &f->gone);
    if (strcmp(path, "/stream") == 0 || strcmp(path, "/endless") == 0) {
        http_stream_write(exchange, SPAN_TEXT("nobody reads this"));
        http_stream_end(exchange, true);
    }
}

/* ---- the server */

void fixture_init(struct fixture *f)
{
    *f = (struct fixture){.limits = http_default_limits};
    f->limits.connections_per_address = 2000;
    pthread_mutex_init(&f->mutex, NULL);
    pthread_cond_init(&f->changed, NULL);
    f->large = malloc(LARGE_SIZE);
    for (size_t i = 0; i < LARGE_SIZE; i++)
        f->large[i] = (char)('a' + i / 1000 % 26);
}

static void *fixture_run(void *context)
{
    struct fixture *f = context;
    loop_run(f->loop);
    return NULL;
}

void fixture_start(struct fixture *f)
{
    const struct http_handler handler = {fixture_on_headers, fixture_on_request, fixture_on_gone, f};
    struct error err = ERROR_INIT;
    f->loop = loop_new();
    assert_int_equal(http_server_new(f->loop, &f->limits, &handler, &f->server, &err), ST_OK);
    assert_int_equal(http_listen(f->server, "127.0.0.1", 0, &f->port, &err), ST_OK);
    assert_int_equal(pthread_create(&f->thread, NULL, fixture_run, f), 0);
}

static void fixture_end(struct fixture *f)
{
    loop_stop(f->loop);
}

void fixture_stop(struct fixture *f)
{
    fixture_call(f, fixture_end);
    pthread_join(f->thread, NULL);
    http_server_free(f->server);
    loop_free(f->loop);
    free(f->large);
    pthread_mutex_destroy(&f->mutex);
    pthread_cond_destroy(&f->changed);
}

struct fixture_posted {
    struct fixture *f;
    void (*run)(struct fixture *f);
};

static void fixture_on_posted(void *context)
{
    struct fixture_posted *posted = context;
    posted->run(posted->f);
    fixture_count(posted->f, &posted->f->calls);
}

void fixture_call(struct fixture *f, void (*run)(struct fixture *f))
{
    struct fixture_posted posted = {f, run};
    unsigned before = f->calls; /* only this thread calls */
    loop_post(f->loop, fixture_on_posted, &posted);
    fixture_wait(f, &f->calls, before + 1);
}

void fixture_wait(struct fixture *f, const unsigned *counter, unsigned value)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 30;
    int error = 0;
    pthread_mutex_lock(&f->mutex);
    while (*counter < value && error == 0)
        error = pthread_cond_timedwait(&f->changed, &f->mutex, &until);
    pthread_mutex_unlock(&f->mutex);
    assert_int_equal(error, 0);
}

static struct http_stats fixture_last_stats; /* passed by fixture_call, which orders the threads */

static void fixture_take_stats(struct fixture *f)
{
    http_stats(f->server, &fixture_last_stats);
}

struct http_stats fixture_stats(struct fixture *f)
{
    fixture_call(f, fixture_take_stats);
    return fixture_last_stats;
}

static void fixture_release_held(struct fixture *f)
{
    for (unsigned i = 0; i < f->held_count; i++)
        handle_hello(f, f->held[i]);
    f->held_count = 0;
}

void fixture_release(struct fixture *f)
{
    fixture_call(f, fixture_release_held);
}

void fixture_settle(struct fixture *f, unsigned open, unsigned in_flight)
{
    for (int i = 0; i < 200000; i++) {
        struct http_stats stats = fixture_stats(f);
        if (stats.open == open && stats.in_flight == in_flight)
            return;
    }
    fail_msg("the server did not settle at %u connections, %u exchanges", open, in_flight);
}

/* ---- the client */

struct client client_connect(const struct fixture *f)
{
    struct client client = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(f->port)};
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1;
    struct timeval wait = {.tv_sec = 30};
    setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(client.fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(client.fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    assert_int_equal(connect(client.fd, (struct sockaddr *)&name, sizeof name), 0);
    buf_init(&client.in, 0);
    return client;
}

void client_close(struct client *client)
{
    close(client->fd);
    buf_free(&client->in);
}

void client_send_n(struct client *client, const void *bytes, size_t size)
{
    const char *text = bytes;
    while (size) {
        ssize_t sent = send(client->fd, text, size, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
            return; /* refused before all was sent */
        assert_true(sent > 0);
        text += sent;
        size -= (size_t)sent;
    }
}

void client_send(struct client *client, const char *text)
{
    client_send_n(client, text, strlen(text));
}

/* Reads until `size` bytes are there beyond those used; false at the end. */
static bool client_fill(struct client *client, size_t size)
{
    char chunk[65536];
    while (client->in.size - client->used < size) {
        ssize_t got = recv(client->fd, chunk, sizeof chunk, 0);
        assert_true(got >= 0 || errno == ECONNRESET);
        if (got <= 0)
            return false;
        buf_add(&client->in, chunk, (size_t)got);
    }
    return true;
}

/* A line without its CR LF, NULL at the end. */
static char *client_line(struct client *client)
{
    char *end;
    while (!(end = memmem(client->in.data + client->used, client->in.size - client->used, "\r\n", 2)))
        if (!client_fill(client, client->in.size - client->used + 1))
            return NULL;
    *end = '\0';
    char *line = client->in.data + client->used;
    client->used = (size_t)(end + 2 - client->in.data);
    return line;
}

static void client_take(struct client *client, struct answer *answer, size_t size)
{
    assert_true(client_fill(client, size));
    buf_add(&answer->text, client->in.data + client->used, size);
    answer->body = answer->text.data;
    answer->size = answer->text.size;
    client->used += size;
    if (client->used == client->in.size) {
        buf_reset(&client->in);
        client->used = 0;
    }
}

static void client_read_chunks(struct client *client, struct answer *answer)
{
    size_t size;
    do {
        char *line = client_line(client);
        assert_non_null(line);
        size = strtoul(line, NULL, 16);
        client_take(client, answer, size);
        line = client_line(client);
        assert_non_null(line);
        assert_string_equal(line, "");
    } while (size);
}

struct answer client_read(struct client *client, bool head)
{
    struct answer answer = {.body = ""};
    buf_init(&answer.text, 0);
    char *line = client_line(client);
    assert_non_null(line);
    assert_memory_equal(line, "HTTP/1.1 ", 9);
    answer.status = (int)strtol(line + 9, NULL, 10);
    size_t used = 0;
    while ((line = client_line(client)) && *line)
        used += (size_t)snprintf(answer.head + used, sizeof answer.head - used, "%s\n", line);
    assert_non_null(line);
    const char *length = answer_field_of(&answer, "Content-Length");
    if (head || answer.status == 204 || answer.status == 304 || answer.status < 200)
        return answer;
    if (length)
        client_take(client, &answer, strtoul(length, NULL, 10));
    else if (answer_field_of(&answer, "Transfer-Encoding"))
        client_read_chunks(client, &answer);
    else {
        while (client_fill(client, 1))
            client_take(client, &answer, client->in.size - client->used);
    }
    return answer;
}

const char *answer_field_of(struct answer *answer, const char *name)
{
    static char value[1024];
    size_t size = strlen(name);
    for (const char *line = answer->head; *line; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, name, size) != 0 || line[size] != ':')
            continue;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(line + size + 2, "\n"), line + size + 2);
        return value;
    }
    return NULL;
}

void answer_release(struct answer *answer)
{
    buf_free(&answer->text);
}

void client_expect_end(struct client *client)
{
    assert_false(client_fill(client, 1));
}

void client_expect(struct client *client, const char *text, int status)
{
    client_send(client, text);
    struct answer answer = client_read(client, strncmp(text, "HEAD", 4) == 0);
    if (answer.status != status)
        fail_msg("%d instead of %d for %s", answer.status, status, text);
    answer_release(&answer);
}

void expect_refusal_n(const struct fixture *f, const char *bytes, size_t size, int status)
{
    struct client client = client_connect(f);
    client_send_n(&client, bytes, size);
    struct answer answer = client_read(&client, false);
    if (answer.status != status)
        fail_msg("%d instead of %d for %.*s", answer.status, status, (int)size, bytes);
    assert_string_equal(answer_field_of(&answer, "Content-Type"), "application/problem+json");
    assert_string_equal(answer_field_of(&answer, "Connection"), "close");
    assert_non_null(strstr(answer.body, "\"request_id\":\"req_"));
    answer_release(&answer);
    client_expect_end(&client);
    client_close(&client);
}

void expect_refusal(const struct fixture *f, const char *text, int status)
{
    expect_refusal_n(f, text, strlen(text), status);
}
