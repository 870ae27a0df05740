/* The server's side: one script a path. */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 65536, LINKS_MAX = 64 };

struct peer {
    int listener;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t links[LINKS_MAX];
    unsigned link_count, requests, now, most;
    bool released;
};

struct peer_link {
    struct peer *peer;
    int fd;
};

static void say(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void say_text(int fd, const char *text)
{
    say(fd, text, strlen(text));
}

static void say_body(int fd, const char *status, const char *fields, const char *body, size_t size)
{
    char head[512];
    int length =
        snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, fields, size);
    say(fd, head, (size_t)length);
    say(fd, body, size);
}

static void answer_plain(struct peer_link *link, const char *request)
{
    const char *fields = "X-Twice: one\r\nx-twice:  two \r\nX-Empty:\r\n";
    (void)request;
    say_body(link->fd, "200 OK", fields, "hello", 5);
}

static void answer_echo(struct peer_link *link, const char *request)
{
    say_body(link->fd, "207 Multi-Status", "", request, strlen(request));
}

static void answer_redirect(struct peer_link *link, const char *request)
{
    (void)request;
    say_body(link->fd, "302 Found", "Location: /plain\r\n", "", 0);
}

static void answer_cut(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
}

static void answer_cut_chunk(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
}

static void answer_chunks(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd,
        "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
}

static void answer_endless(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 4096; i++)
        say_text(link->fd, "10\r\n0123456789abcdef\r\n");
}

static void answer_huge(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
}

static void answer_flood(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 2000; i++)
        say_text(link->fd, "X-Flood: 0123456789012345678901234567890123456789\r\n");
    say_text(link->fd, "\r\n");
}

/* gzip of 100 000 zero bytes. */
static void answer_bomb(struct peer_link *link, const char *request)
{
    static const char packed[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\xf5\x4f\x6d\x0d\x0f"
        "\xa0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\x00\x80\x57\x03\x7d\x95\x11\xd4\xa0\x86\x01\x00";
    (void)request;
    say_body(link->fd, "200 OK", "Content-Encoding: gzip\r\n", packed, sizeof packed - 1);
}

static void answer_busy(struct peer_link *link, const char *request)
{
    (void)request;
    say_body(link->fd, "429 Too Many Requests", "Retry-After: 7\r\n", "", 0);
}

static void answer_busy_until(struct peer_link *link, const char *request)
{
    (void)request;
    say_body(link->fd, "503 Service Unavailable",
        "Date: Sun, 22 Nov 2026 10:00:00 GMT\r\nRetry-After: Sun, 22 Nov 2026 10:02:00 GMT\r\n", "", 0);
}

static void answer_garbage(struct peer_link *link, const char *request)
{
    (void)request;
    say_text(link->fd, "220 mail.example ESMTP\r\n");
}

static void answer_hold(struct peer_link *link, const char *request)
{
    struct peer *peer = link->peer;
    pthread_mutex_lock(&peer->mutex);
    while (!peer->released)
        pthread_cond_wait(&peer->changed, &peer->mutex);
    pthread_mutex_unlock(&peer->mutex);
    answer_plain(link, request);
}

static const struct script {
    const char *path;
    void (*answer)(struct peer_link *link, const char *request);
    bool closes;
} scripts[] = {
    {"/plain", answer_plain, false},
    {"/echo", answer_echo, false},
    {"/redirect", answer_redirect, false},
    {"/cut", answer_cut, true},
    {"/cut-chunk", answer_cut_chunk, true},
    {"/chunks", answer_chunks, false},
    {"/endless", answer_endless, true},
    {"/huge", answer_huge, true},
    {"/flood", answer_flood, true},
    {"/bomb", answer_bomb, false},
    {"/busy", answer_busy, false},
    {"/busy-until", answer_busy_until, false},
    {"/garbage", answer_garbage, true},
    {"/hold", answer_hold, false},
};

/* Header and Content-Length bytes of body; 0 = the client has gone. */
static size_t read_request(int fd, char *request)
{
    size_t size = 0;
    for (;;) {
        const char *end, *length;
        ssize_t got = recv(fd, request + size, REQUEST_MAX - 1 - size, 0);
        if (got <= 0)
            return 0;
        size += (size_t)got;
        request[size] = '\0';
        end = strstr(request, "\r\n\r\n");
        length = strcasestr(request, "\r\ncontent-length:");
        size_t body = length ? strtoul(length + 17, NULL, 10) : 0;
        if (end && size >= (size_t)(end - request) + 4 + body)
            return size;
    }
}

static bool answer(struct peer_link *link, const char *request)
{
    const char *path = strchr(request, ' ') + 1;
    size_t length = strcspn(path, " ?");
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
        if (strlen(scripts[i].path) == length && !strncmp(scripts[i].path, path, length)) {
            scripts[i].answer(link, request);
            return !scripts[i].closes;
        }
    say_body(link->fd, "404 Not Found", "", "", 0);
    return true;
}

static void count(struct peer *peer, unsigned *counter, int step)
{
    pthread_mutex_lock(&peer->mutex);
    *counter += (unsigned)step;
    if (peer->now > peer->most)
        peer->most = peer->now;
    pthread_mutex_unlock(&peer->mutex);
}

static void *serve(void *context)
{
    struct peer_link *link = context;
    char *request = malloc(REQUEST_MAX);
    bool more = true;
    while (more && read_request(link->fd, request) > 0) {
        count(link->peer, &link->peer->requests, 1);
        count(link->peer, &link->peer->now, 1);
        more = answer(link, request);
        count(link->peer, &link->peer->now, -1);
    }
    close(link->fd);
    free(request);
    free(link);
    return NULL;
}

static void *accept_all(void *context)
{
    struct peer *peer = context;
    int fd;
    while ((fd = accept(peer->listener, NULL, NULL)) >= 0) {
        struct peer_link *link = malloc(sizeof *link);
        *link = (struct peer_link){peer, fd};
        if (peer->link_count == LINKS_MAX ||
            pthread_create(&peer->links[peer->link_count++], NULL, serve, link))
            abort();
    }
    return NULL;
}

struct peer *peer_new(void)
{
    struct peer *peer = calloc(1, sizeof *peer);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(peer->listener, (struct sockaddr *)&at, size) < 0 || listen(peer->listener, 64) < 0 ||
        getsockname(peer->listener, (struct sockaddr *)&at, &size) < 0)
        abort();
    peer->port = ntohs(at.sin_port);
    pthread_mutex_init(&peer->mutex, NULL);
    pthread_cond_init(&peer->changed, NULL);
    if (pthread_create(&peer->thread, NULL, accept_all, peer))
        abort();
    return peer;
}

uint16_t peer_port(const struct peer *peer)
{
    return peer->port;
}

static unsigned peer_read(struct peer *peer, const unsigned *counter)
{
    pthread_mutex_lock(&peer->mutex);
    unsigned value = *counter;
    pthread_mutex_unlock(&peer->mutex);
    return value;
}

unsigned peer_requests(struct peer *peer)
{
    return peer_read(peer, &peer->requests);
}

unsigned peer_most(struct peer *peer)
{
    return peer_read(peer, &peer->most);
}

void peer_release(struct peer *peer)
{
    pthread_mutex_lock(&peer->mutex);
    peer->released = true;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->mutex);
}

/* After the clients have closed. */
void peer_free(struct peer *peer)
{
    peer_release(peer);
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    for (unsigned i = 0; i < peer->link_count; i++)
        pthread_join(peer->links[i], NULL);
    close(peer->listener);
    free(peer);
}
