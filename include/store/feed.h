#pragma once
/* Calendar subscriptions. Only the hash of a feed's secret is stored; a revoked feed keeps its row. */
#include "base/crypto.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>

struct feed_row {
    const char *id; /* "feed_..." */
    const char *organisation;
    const char *scope;   /* "employee", "manager", "organisation" */
    const char *subject; /* id of the employee or manager; NULL for an organisation's */
    const char *label;
    instant_t created_at, revoked_at;
};

struct feed_list {
    struct feed_row *items;
    size_t count;
    const char *next;
};

/* Takes scope, subject and label; makes id and created_at and writes them into `row`. */
enum status feed_add(struct txn *txn, struct feed_row *row, const struct sha256 *hash, struct error *err);
enum status feed_get(const struct snapshot *snapshot, const char *id, struct feed_row *ret, struct error *err);
/* Of any organisation, revoked ones too. ST_NOT_FOUND for an unknown secret. */
enum status feed_find(
    const struct snapshot *snapshot, const struct sha256 *hash, struct feed_row *ret, struct error *err);
/* Newest first. */
enum status feed_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct feed_list *ret, struct error *err);
/* Keeps the first revocation when there is one already. */
enum status feed_revoke(struct txn *txn, const char *id, struct error *err);
