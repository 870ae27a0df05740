#pragma once
/*
 * Answers to requests with an Idempotency-Key, kept for a day per token and written in the transaction of the
 * change they answer.
 */
#include "base/buf.h"
#include "base/crypto.h"
#include "store/txn.h"

#define IDEMPOTENCY_LIFE (US_PER_DAY)

struct idempotency_row {
    struct sha256 request_hash; /* of method, path and body, as the caller defines it */
    int status;                 /* HTTP */
    const char *etag, *location, *media_type;
    struct span body; /* none: an answer that holds a secret is kept without it */
    instant_t created_at;
};

/* ST_NOT_FOUND when the key was not used, or longer ago than IDEMPOTENCY_LIFE. */
enum status idempotency_get(const struct snapshot *snapshot, const char *token, const char *key,
    struct idempotency_row *ret, struct error *err);
/* ST_CONFLICT when the key is in use already. created_at is set. */
enum status idempotency_add(
    struct txn *txn, const char *token, const char *key, const struct idempotency_row *row, struct error *err);
/* Forgets the job's organisation's expired keys, at most `limit`; how many in *ret. */
enum status idempotency_expire(struct txn *txn, unsigned limit, int64_t *ret, struct error *err);

/* Organisations ("system" too) that keep answers, and the instant the oldest of each was written. */
struct idempotency_age {
    const char *organisation;
    instant_t oldest;
};
struct idempotency_ages {
    struct idempotency_age *items;
    size_t count;
};
enum status idempotency_ages(const struct snapshot *snapshot, struct idempotency_ages *ret, struct error *err);
