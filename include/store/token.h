#pragma once
/*
 * Access tokens. Only the hash of a token is stored. A token for all organisations belongs to "system".
 */
#include "base/crypto.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>

struct token_row {
    const char *id; /* "tok_..." */
    const char *organisation;
    const char *scopes;   /* names separated by one space */
    const char *employee; /* a manager's token: whose team */
    const char *label;
    instant_t created_at, expires_at, last_used, revoked_at;
};

struct token_list {
    struct token_row *items;
    size_t count;
    const char *next;
};

/* Makes the id and created_at, writes them into `row`; the organisation is the job's. */
enum status token_add(struct txn *txn, struct token_row *row, const struct sha256 *hash, struct error *err);
/* The token with this hash, usable now. ST_UNAUTHENTICATED when it is unknown, revoked or expired: the sentence
 * does not say which. */
enum status token_find(
    const struct snapshot *snapshot, const struct sha256 *hash, struct token_row *ret, struct error *err);
enum status token_get(
    const struct snapshot *snapshot, const char *id, struct token_row *ret, struct error *err);
/* Newest first, revoked ones included. */
enum status token_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct token_list *ret, struct error *err);
/* Keeps the first revocation when there is one already. */
enum status token_revoke(struct txn *txn, const char *id, struct error *err);
/* Notes a use, at most once a minute. */
enum status token_used(struct txn *txn, const char *id, instant_t at, struct error *err);
