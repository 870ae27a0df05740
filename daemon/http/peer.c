/*
 * Who the client is: the other end of the socket or, behind proxies one trusts, what the outermost of them saw
 * (X-Forwarded-For, X-Forwarded-Proto). Loop thread.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

const char *address_text(const struct http_address *address, char out[static INET6_ADDRSTRLEN])
{
    if (address->family == AF_INET)
        return inet_ntop(AF_INET, &address->v4, out, INET6_ADDRSTRLEN);
    if (address->family != AF_INET6)
        return "local";
    if (IN6_IS_ADDR_V4MAPPED(&address->v6))
        return inet_ntop(AF_INET, &address->v6.s6_addr[12], out, INET6_ADDRSTRLEN);
    return inet_ntop(AF_INET6, &address->v6, out, INET6_ADDRSTRLEN);
}

/* Reads an address with or without a port: 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80. */
static bool peer_read(const char *text, size_t size, struct http_address *ret)
{
    char copy[INET6_ADDRSTRLEN + 8];
    const char *colon = memchr(text, ':', size);
    if (size && *text == '[') {
        const char *end = memchr(text, ']', size);
        text++;
        size = end ? (size_t)(end - text) : 0;
    } else if (colon && !memchr(colon + 1, ':', size - (size_t)(colon + 1 - text))) {
        size = (size_t)(colon - text);
    }
    if (!size || size >= sizeof copy)
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    ret->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
    return inet_pton(ret->family, copy, &ret->v6) == 1;
}

/* The entry of a comma separated list that is `hops` from its end, or the first. */
static struct span peer_entry(const char *list, unsigned hops)
{
    const char *end = list + strlen(list), *start = end;
    for (unsigned i = 0; i < hops; i++) {
        end = i ? start - 1 : end;
        start = end;
        while (start > list && start[-1] != ',')
            start--;
        if (start == list)
            break;
    }
    while (start < end && (*start == ' ' || *start == '\t'))
        start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct span){start, (size_t)(end - start)};
}

void peer_find(struct http_exchange *exchange)
{
    const struct http_connection *connection = exchange->connection;
    unsigned hops = exchange->server->limits.trusted_proxies;
    struct http_address address = connection->address;
    exchange->tls = connection->tls != NULL;
    if (hops) {
        const char *forwarded = http_header(exchange, "x-forwarded-for");
        const char *scheme = http_header(exchange, "x-forwarded-proto");
        struct span entry = peer_entry(forwarded ? forwarded : "", hops);
        if (!peer_read(entry.data, entry.size, &address))
            address = connection->address;
        struct span proto = peer_entry(scheme ? scheme : "", hops);
        exchange->tls |= proto.size == 5 && strncasecmp(proto.data, "https", 5) == 0;
    }
    char *text = arena_alloc(exchange->arena, INET6_ADDRSTRLEN);
    exchange->peer = address_text(&address, text);
}
