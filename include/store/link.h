#pragma once
/*
 * Personal links: pages that open by the secret in their address, without an account. Only the hash of a secret
 * is stored; a revoked link keeps its row until it has expired for a while.
 */
#include "base/crypto.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>

struct link_row {
    const char *id; /* "link_..." */
    const char *organisation;
    const char *kind;     /* "employee", "interviewer" */
    const char *person;   /* whose page it is */
    const char *employee; /* whom it is about: the same person, or the one whose review it is */
    const char *review;   /* of an interviewer's page, NULL: the review is still to be set */
    instant_t created_at, expires_at, revoked_at;
};

struct link_list {
    struct link_row *items;
    size_t count;
    const char *next;
};

/* Makes id and created_at and writes them into `row`. ST_CONFLICT when a person named does not exist. */
enum status link_add(struct txn *txn, struct link_row *row, const struct sha256 *hash, struct error *err);
enum status link_get(const struct snapshot *snapshot, const char *id, struct link_row *ret, struct error *err);
/* Of any organisation, revoked and expired ones too. ST_NOT_FOUND for an unknown secret. */
enum status link_find(
    const struct snapshot *snapshot, const struct sha256 *hash, struct link_row *ret, struct error *err);
/* Newest first; of one person, or of all (NULL). */
enum status link_list(const struct snapshot *snapshot, const char *organisation, const char *person,
    const struct page *page, struct link_list *ret, struct error *err);
/* Keeps the first revocation when there is one already. */
enum status link_revoke(struct txn *txn, const char *id, struct error *err);
/* All of a person that are still usable; *ret_count tells how many. */
enum status link_revoke_person(struct txn *txn, const char *person, int64_t *ret_count, struct error *err);
/* Deletes those that have expired before that. */
enum status link_purge(struct txn *txn, instant_t expired_before, struct error *err);
