/*
 * Token buckets per class and caller, in tables of a fixed size: a caller has four places, and who comes when
 * all are taken gets the fullest bucket, with what is in it, so that nobody fills his own by bringing others.
 * Wrong guesses have a table that nothing else uses. Loop thread.
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

/* Nobody outside knows the seed, and so which callers share places. */
static uint64_t rate_hash(const struct api *api, unsigned class, const char *who)
{
    uint64_t hash = api->rate_seed ^ UINT64_C(14695981039346656037) ^ class;
    for (; *who; who++)
        hash = (hash ^ (unsigned char)*who) * UINT64_C(1099511628211);
    hash ^= hash >> 29; /* the low bits choose the places, and a product's are the weakest */
    return hash | 1;
}

static double rate_filled(const struct rate_slot *slot, const struct rate_limit *limit, int64_t now)
{
    double refill = (double)(now - slot->at) / (double)US_PER_SEC * limit->per_second;
    return fmin(limit->burst, slot->tokens + refill);
}

/* A place that was never used (key 0) counts as the fullest. */
static struct rate_slot *rate_slot(
    struct rate_slot *slots, const struct rate_limit *limit, uint64_t key, int64_t now)
{
    enum { WAYS = 4 };
    struct rate_slot *first = &slots[(key >> 1) % (RATE_SLOTS / WAYS) * WAYS], *fullest = NULL;
    double most = -1;
    for (size_t i = 0; i < WAYS; i++) {
        if (first[i].key == key)
            return &first[i];
        double tokens = first[i].key ? rate_filled(&first[i], limit, now) : limit->burst + 1;
        if (tokens > most) {
            most = tokens;
            fullest = &first[i];
        }
    }
    *fullest = (struct rate_slot){.key = key, .tokens = fmin(most, limit->burst), .at = now};
    return fullest;
}

static int rate_retry(const struct rate_limit *limit, double tokens)
{
    return (int)ceil((1 - tokens) / limit->per_second);
}

static bool rate_spend(struct rate_slot *slots, const struct rate_limit *limit, uint64_t key, int64_t now,
    unsigned count, int *ret_retry)
{
    struct rate_slot *slot = rate_slot(slots, limit, key, now);
    slot->tokens = rate_filled(slot, limit, now);
    slot->at = now;
    if (slot->tokens < 1) {
        *ret_retry = rate_retry(limit, slot->tokens);
        return false;
    }
    slot->tokens -= count;
    return true;
}

bool rate_take(struct api *api, enum rate_class class, const char *who, int64_t now, int *ret_retry)
{
    return rate_spend(api->rates, &rate_limits[class], rate_hash(api, class, who), now, 1, ret_retry);
}

static uint64_t rate_address(const struct api *api, const char *peer)
{
    enum { NETWORK_BYTES = 8 };
    struct in6_addr address;
    char network[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, peer, &address) == 1) {
        memset(address.s6_addr + NETWORK_BYTES, 0, sizeof address.s6_addr - NETWORK_BYTES);
        peer = inet_ntop(AF_INET6, &address, network, sizeof network);
    }
    return rate_hash(api, RATE_COUNT, peer);
}

bool rate_take_failure(struct api *api, const char *peer, int64_t now, int *ret_retry)
{
    return rate_spend(api->failures, &rate_failures, rate_address(api, peer), now, 1, ret_retry);
}

bool rate_is_barred(struct api *api, const char *peer, int64_t now, int *ret_retry)
{
    return !rate_spend(api->failures, &rate_failures, rate_address(api, peer), now, 0, ret_retry);
}
