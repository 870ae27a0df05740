#pragma once
/*
 * The keys of sources whose posts are signed tokens: where the set is fetched, the set as it is and as it was
 * before.
 */
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct jwks_row {
    const char *organisation; /* its key */
    const char *source;
    const char *url;
    const char *current, *previous; /* sets as text, NULL: none yet */
    instant_t changed_at;           /* when `previous` was replaced; INSTANT_NONE: never */
    instant_t fetched_at;           /* the last time it went well; INSTANT_NONE: never */
    instant_t next_at;
    int64_t failures;       /* in a row */
    const char *last_error; /* NULL: none */
};
struct jwks_list {
    struct jwks_row *items;
    size_t count;
};

/* Makes or replaces all of it. */
enum status jwks_put(struct txn *txn, const struct jwks_row *row, struct error *err);
/* Nothing happens when there is none. */
enum status jwks_drop(struct txn *txn, const char *source, struct error *err);
/* ST_NOT_FOUND: the source fetches no keys. */
enum status jwks_get(
    const struct snapshot *snapshot, const char *source, struct jwks_row *ret, struct error *err);
/* Those that are to be fetched now. */
enum status jwks_due(struct txn *txn, unsigned limit, struct jwks_list *ret, struct error *err);

struct jwks_watch {
    const char *organisation;
    instant_t next;
};
struct jwks_watch_list {
    struct jwks_watch *items;
    size_t count;
};
enum status jwks_watches(const struct snapshot *snapshot, struct jwks_watch_list *ret, struct error *err);
