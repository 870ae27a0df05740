/*
 * Connections counted per client address: IPv4 by address, IPv6 by /64, because a client commands a whole one.
 * The hash is seeded: nobody can choose addresses that fall into one slot. Loop thread.
 */
#include "base/crypto.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

void addresses_init(struct http_addresses *addresses, unsigned expected)
{
    *addresses = (struct http_addresses){.bits = 4};
    while (addresses->bits < 20 && (1U << addresses->bits) < expected)
        addresses->bits++;
    random_bytes(&addresses->seed, sizeof addresses->seed);
    addresses->seed |= 1;
    addresses->slots = calloc((size_t)1 << addresses->bits, sizeof *addresses->slots);
    if (!addresses->slots)
        abort();
}

void addresses_free(struct http_addresses *addresses)
{
    for (size_t i = 0; addresses->slots && i < (size_t)1 << addresses->bits; i++) {
        while (addresses->slots[i]) {
            struct http_address_count *count = addresses->slots[i];
            addresses->slots[i] = count->next;
            free(count);
        }
    }
    free(addresses->slots);
    addresses->slots = NULL;
}

static uint64_t address_key(const struct http_address *address)
{
    uint64_t key = 0;
    if (address->family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&address->v6))
        memcpy(&key, &address->v6.s6_addr[12], 4);
    else if (address->family == AF_INET6)
        memcpy(&key, &address->v6, 8);
    else
        memcpy(&key, &address->v4, 4);
    return key;
}

static struct http_address_count **addresses_find(struct http_addresses *addresses, uint64_t key)
{
    uint64_t hash = (key ^ addresses->seed >> 32) * addresses->seed;
    hash = (hash ^ hash >> 29) * addresses->seed;
    struct http_address_count **slot = &addresses->slots[hash >> (64 - addresses->bits)];
    while (*slot && (*slot)->key != key)
        slot = &(*slot)->next;
    return slot;
}

bool addresses_take(struct http_addresses *addresses, const struct http_address *address, unsigned limit)
{
    uint64_t key = address_key(address);
    struct http_address_count **slot = addresses_find(addresses, key);
    if (*slot && (*slot)->count >= limit)
        return false;
    if (!*slot) {
        *slot = calloc(1, sizeof **slot);
        if (!*slot)
            abort();
        (*slot)->key = key;
    }
    (*slot)->count++;
    return true;
}

void addresses_give(struct http_addresses *addresses, const struct http_address *address)
{
    struct http_address_count **slot = addresses_find(addresses, address_key(address));
    struct http_address_count *count = *slot;
    if (!count || --count->count)
        return;
    *slot = count->next;
    free(count);
}
