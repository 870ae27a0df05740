/*
 * Token buckets per class and caller, in a fixed table: a caller that loses its slot to another starts with a
 * full bucket. Loop thread.
 */
#include "internal.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>

struct rate_limit {
    double per_second;
    double burst;
};

static const struct rate_limit rate_limits[RATE_COUNT] = {
    [RATE_PEOPLE] = {2000, 4000},
    [RATE_HOOK] = {20000, 40000},
    [RATE_FEED] = {50000, 100000},
    [RATE_HEALTH] = {50000, 100000},
};
/* Wrong credentials and unknown secrets, per address; of IPv6 per /64, which may be somebody's own. */
static const struct rate_limit rate_failures = {20, 100};

static uint64_t rate_hash(unsigned class, const char *who)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ class;
    for (; *who; who++)
        hash = (hash ^ (unsigned char)*who) * UINT64_C(1099511628211);
    return hash | 1;
}

static bool rate_spend(
    struct api *api, const struct rate_limit *limit, uint64_t key, int64_t now, int *ret_retry)
{
    struct rate_slot *slot = &api->rates[key % RATE_SLOTS];
    if (slot->key != key)
        *slot = (struct rate_slot){.key = key, .tokens = limit->burst, .at = now};
    double refill = (double)(now - slot->at) / (double)US_PER_SEC * limit->per_second;
    slot->tokens = fmin(limit->burst, slot->tokens + refill);
    slot->at = now;
    if (slot->tokens < 1) {
        *ret_retry = (int)ceil((1 - slot->tokens) / limit->per_second);
        return false;
    }
    slot->tokens -= 1;
    return true;
}

bool rate_take(struct api *api, enum rate_class class, const char *who, int64_t now, int *ret_retry)
{
    return rate_spend(api, &rate_limits[class], rate_hash(class, who), now, ret_retry);
}

bool rate_take_failure(struct api *api, const char *peer, int64_t now, int *ret_retry)
{
    enum { NETWORK_BYTES = 8 };
    struct in6_addr address;
    char network[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, peer, &address) == 1) {
        memset(address.s6_addr + NETWORK_BYTES, 0, sizeof address.s6_addr - NETWORK_BYTES);
        peer = inet_ntop(AF_INET6, &address, network, sizeof network);
    }
    return rate_spend(api, &rate_failures, rate_hash(RATE_COUNT, peer), now, ret_retry);
}
