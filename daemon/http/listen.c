/*
 * Listening sockets: binding, accepting within the limits, and living on when the process has no descriptor
 * left. Loop thread.
 */
#include "base/log.h"
#include "internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTEN_ROUND_MAX = 64, LISTEN_PAUSE_US = 100000 };

union listen_name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
};

static void listen_watch(struct http_server *server, bool accept)
{
    struct http_listener *listener;
    SLIST_FOREACH(listener, &server->listeners, link)
    {
        if (accept)
            event_add(&listener->accept, NULL);
        else
            event_del(&listener->accept);
    }
}

/* Out of descriptors: the client waiting longest is sent away with the one held back, then nobody is accepted
 * for a while, or the loop would spin on a socket that stays readable. */
static void listen_exhausted(struct http_server *server, int fd)
{
    if (server->reserve_fd >= 0)
        close(server->reserve_fd);
    int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    if (client >= 0) {
        close(client);
        server->stats.refused_connections++;
    }
    server->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (!server->accept_starved)
        log_line(
            LOG_WARNING, "http", "out of file descriptors, accepting pauses", "open=%u", server->stats.open);
    server->accept_starved = true;
    listen_watch(server, false);
    timer_arm(server->accept_again, LISTEN_PAUSE_US);
}

static void listen_on_again(void *context)
{
    listen_watch(context, true);
}

static struct http_address listen_address(const union listen_name *name)
{
    struct http_address address = {.family = name->any.sa_family};
    if (name->any.sa_family == AF_INET)
        address.v4 = name->v4.sin_addr;
    else if (name->any.sa_family == AF_INET6)
        address.v6 = name->v6.sin6_addr;
    return address;
}

/* Tells a client that there are too many, unless too many have to be told. */
static void listen_refuse(struct http_server *server, int fd, const struct http_address *address)
{
    server->stats.refused_connections++;
    if (server->tls || server->refusals >= HTTP_REFUSALS_LINGERING) {
        close(fd);
        return;
    }
    struct http_connection *connection = connection_new(server, fd, address, false);
    connection->refused = true;
    server->refusals++;
    exchange_refuse(exchange_new(connection), (struct refusal){503, "too many connections"});
}

static void listen_admit(struct http_server *server, int fd, const union listen_name *name)
{
    const struct http_limits *limits = &server->limits;
    struct http_address address = listen_address(name);
    /* behind a proxy all clients share its address; a local socket has none */
    bool counted = address.family != AF_UNIX && !limits->trusted_proxies;
    server->stats.accepted++;
    if (server->stats.open - server->refusals >= limits->connections ||
        (counted && !addresses_take(&server->addresses, &address, limits->connections_per_address)))
        listen_refuse(server, fd, &address);
    else
        connection_new(server, fd, &address, counted);
}

static void listen_on_accept(evutil_socket_t fd, short what, void *context)
{
    struct http_listener *listener = context;
    struct http_server *server = listener->server;
    (void)what;
    for (unsigned i = 0; i < LISTEN_ROUND_MAX; i++) {
        union listen_name name = {.any.sa_family = AF_UNIX};
        socklen_t size = sizeof name;
        int client = accept4(fd, &name.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client >= 0) {
            server->accept_starved = false;
            listen_admit(server, client, &name);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            listen_exhausted(server, fd);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

enum status http_listen_fd(struct http_server *server, int fd, struct error *err)
{
    int one = 1, listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) < 0 || !listening)
        return error_set(err, ST_INVALID, "descriptor %d is not a listening socket", fd);
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return error_set(err, ST_INVALID, "descriptor %d: %s", fd, strerror(errno));
    /* accepted sockets inherit it; a local socket has no such option */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct http_listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        abort();
    listener->server = server;
    listener->fd = fd;
    event_assign(
        &listener->accept, loop_base(server->loop), fd, EV_READ | EV_PERSIST, listen_on_accept, listener);
    event_add(&listener->accept, NULL);
    SLIST_INSERT_HEAD(&server->listeners, listener, link);
    if (!server->accept_again)
        server->accept_again = timer_new(server->loop, listen_on_again, server);
    return ST_OK;
}

static bool listen_name(const char *address, uint16_t port, union listen_name *ret, socklen_t *ret_size)
{
    *ret = (union listen_name){0};
    if (inet_pton(AF_INET, address, &ret->v4.sin_addr) == 1) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons(port);
        *ret_size = sizeof ret->v4;
        return true;
    }
    ret->v6.sin6_family = AF_INET6;
    ret->v6.sin6_port = htons(port);
    *ret_size = sizeof ret->v6;
    return inet_pton(AF_INET6, address, &ret->v6.sin6_addr) == 1;
}

enum status http_listen(
    struct http_server *server, const char *address, uint16_t port, uint16_t *ret_port, struct error *err)
{
    union listen_name name;
    socklen_t size;
    int one = 1, zero = 0;
    if (!listen_name(address, port, &name, &size))
        return error_set(err, ST_INVALID, "%s is not an IPv4 or IPv6 address", address);
    int fd = socket(name.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd >= 0 && name.any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (fd < 0 || bind(fd, &name.any, size) < 0 || listen(fd, SOMAXCONN) < 0 ||
        getsockname(fd, &name.any, &size) < 0) {
        enum status status =
            error_set(err, ST_CONFLICT, "cannot listen on %s port %u: %s", address, port, strerror(errno));
        if (fd >= 0)
            close(fd);
        return status;
    }
    enum status status = http_listen_fd(server, fd, err);
    if (status != ST_OK)
        close(fd);
    else if (ret_port)
        *ret_port = ntohs(name.any.sa_family == AF_INET6 ? name.v6.sin6_port : name.v4.sin_port);
    return status;
}

void listeners_close(struct http_server *server)
{
    while (!SLIST_EMPTY(&server->listeners)) {
        struct http_listener *listener = SLIST_FIRST(&server->listeners);
        SLIST_REMOVE_HEAD(&server->listeners, link);
        event_del(&listener->accept);
        close(listener->fd);
        free(listener);
    }
    timer_free(server->accept_again);
    server->accept_again = NULL;
}
