/* The guard of outgoing connections: a table of what is not public, and the operator's list. Pure. */
#include "net/address.h"

#include "base/arena.h"
#include "base/number.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { GUARD_ENTRIES_MAX = 256, V4_AT = 12 };

/* Every address as 16 bytes: IPv4 as ::ffff:a.b.c.d. */
struct address {
    unsigned char bytes[16];
};

struct network {
    struct address address;
    int bits;
};

struct guard_entry {
    struct network network;
    const char *host; /* or this name */
};

struct address_guard {
    struct arena *arena;
    struct guard_entry *entries;
    size_t count;
};

static bool address_in(const struct address *address, const struct network *network)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(address->bytes, network->address.bytes, (size_t)whole) != 0)
        return false;
    unsigned mask = 0xffU & ~(0xffU >> rest);
    return rest == 0 || ((address->bytes[whole] ^ network->address.bytes[whole]) & mask) == 0;
}

static void address_map(const void *v4, struct address *ret)
{
    static const unsigned char prefix[V4_AT] = {[10] = 0xff, [11] = 0xff};
    memcpy(ret->bytes, prefix, V4_AT);
    memcpy(ret->bytes + V4_AT, v4, 4);
}

static bool address_of(const struct sockaddr *from, struct address *ret)
{
    if (from->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, from, sizeof v4);
        address_map(&v4.sin_addr, ret);
        return true;
    }
    if (from->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, from, sizeof v6);
    memcpy(ret->bytes, &v6.sin6_addr, sizeof ret->bytes);
    return true;
}

/* ---- what is not public */

static const struct special {
    struct network network;
    const char *kind;
} special_v4[] = {
/* bytes 12-15 are the address; bits count from the start of the mapped form */
#define V4(a, b, c, d, bits, kind)                                                                             \
    {                                                                                                          \
        {{{[10] = 0xff, 0xff, a, b, c, d}}, 96 + (bits)}, kind                                                 \
    }
    V4(0, 0, 0, 0, 8, "reserved"),
    V4(10, 0, 0, 0, 8, "private"),
    V4(100, 64, 0, 0, 10, "private"), /* shared by carriers, RFC 6598 */
    V4(127, 0, 0, 0, 8, "loopback"),
    V4(169, 254, 0, 0, 16, "link-local"), /* where clouds serve their metadata */
    V4(172, 16, 0, 0, 12, "private"),
    V4(192, 0, 0, 0, 24, "reserved"),
    V4(192, 0, 2, 0, 24, "reserved"),
    V4(192, 88, 99, 0, 24, "reserved"),
    V4(192, 168, 0, 0, 16, "private"),
    V4(198, 18, 0, 0, 15, "reserved"),
    V4(198, 51, 100, 0, 24, "reserved"),
    V4(203, 0, 113, 0, 24, "reserved"),
    V4(224, 0, 0, 0, 4, "multicast"),
    V4(240, 0, 0, 0, 4, "reserved"),
};

static const struct special special_v6[] = {
    {{{{0}}, 128}, "unspecified"},
    {{{{[15] = 1}}, 128}, "loopback"},
    {{{{0xfc}}, 7}, "private"},
    {{{{0xfe, 0x80}}, 10}, "link-local"},
    {{{{0xff}}, 8}, "multicast"},
    {{{{0x20, 0x01, 0x00}}, 23}, "reserved"},
    {{{{0x20, 0x01, 0x0d, 0xb8}}, 32}, "reserved"},
    {{{{0x3f, 0xff}}, 20}, "reserved"},
};

/* Where an IPv6 address carries an IPv4 address that traffic ends up at. */
static const struct {
    struct network network;
    int at;
} carriers[] = {
    {{{{[10] = 0xff, 0xff}}, 96}, V4_AT}, {{{{0x00, 0x64, 0xff, 0x9b}}, 96}, V4_AT}, /* NAT64, RFC 6052 */
    {{{{0x20, 0x02}}, 16}, 2},                                                       /* 6to4 */
};

static const char *special_find(const struct special *table, size_t count, const struct address *address)
{
    for (size_t i = 0; i < count; i++)
        if (address_in(address, &table[i].network))
            return table[i].kind;
    return NULL;
}

static const char *kind_of(const struct address *address)
{
    static const struct network global = {{{0x20}}, 3};
    for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
        if (address_in(address, &carriers[i].network)) {
            struct address inner;
            address_map(address->bytes + carriers[i].at, &inner);
            return special_find(special_v4, sizeof(special_v4) / sizeof(special_v4[0]), &inner);
        }
    const char *kind = special_find(special_v6, sizeof(special_v6) / sizeof(special_v6[0]), address);
    return kind || address_in(address, &global) ? kind : "reserved";
}

const char *address_kind(const struct sockaddr *address)
{
    struct address it;
    return address_of(address, &it) ? kind_of(&it) : "not an internet address";
}

/* ---- the operator's list */

static bool network_read(const char *word, struct network *ret)
{
    char text[INET6_ADDRSTRLEN];
    struct in_addr v4;
    size_t length = strcspn(word, "/");
    int64_t bits = -1;
    if (length >= sizeof text)
        return false;
    memcpy(text, word, length);
    text[length] = '\0';
    bool is_v4 = inet_pton(AF_INET, text, &v4) == 1;
    if (is_v4)
        address_map(&v4, &ret->address);
    else if (inet_pton(AF_INET6, text, ret->address.bytes) != 1)
        return false;
    int most = is_v4 ? 32 : 128;
    if (!word[length])
        bits = most;
    else if (!parse_int64(word + length + 1, 0, most, &bits))
        return false;
    ret->bits = (int)bits + (is_v4 ? 96 : 0);
    return true;
}

static bool host_valid(const char *word)
{
    size_t length = strlen(word);
    return length <= 253 && word[0] != '.' && word[0] != '-' && !strstr(word, "..") &&
           strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == length &&
           strspn(word, "0123456789.") < length;
}

static enum status guard_add(struct address_guard *guard, const char *word, struct error *err)
{
    struct guard_entry entry = {.host = NULL};
    if (!network_read(word, &entry.network)) {
        if (!host_valid(word))
            return error_set(err, ST_INVALID, "\"%.80s\" is neither a network nor a host name", word);
        entry.host = arena_strdup(guard->arena, word);
    }
    if (guard->count == GUARD_ENTRIES_MAX)
        return error_set(err, ST_INVALID, "at most %d networks and hosts are expected", GUARD_ENTRIES_MAX);
    guard->entries[guard->count++] = entry;
    return ST_OK;
}

enum status address_guard_new(const char *allow, struct address_guard **ret, struct error *err)
{
    struct arena *arena = arena_new(0);
    struct address_guard *guard = ARENA_NEW(arena, struct address_guard);
    char *rest = arena_strdup(arena, allow), *word;
    enum status status = ST_OK;
    guard->arena = arena;
    guard->entries = ARENA_ARRAY(arena, GUARD_ENTRIES_MAX, struct guard_entry);
    while (status == ST_OK && (word = strsep(&rest, " \t")))
        if (*word)
            status = guard_add(guard, word, err);
    if (status == ST_OK)
        *ret = guard;
    else
        arena_free(arena);
    return status;
}

void address_guard_free(struct address_guard *guard)
{
    if (guard)
        arena_free(guard->arena);
}

bool address_guard_allows(const struct address_guard *guard, const char *host, const struct sockaddr *address)
{
    struct address it;
    if (!address_of(address, &it))
        return false;
    if (!kind_of(&it))
        return true;
    for (size_t i = 0; i < guard->count; i++) {
        const struct guard_entry *entry = &guard->entries[i];
        if (entry->host ? !strcasecmp(entry->host, host) : address_in(&it, &entry->network))
            return true;
    }
    return false;
}
