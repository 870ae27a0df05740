#pragma once
/*
 * The audit chains, for reading. Records are made by txn_audit() and appended at the end of each batch. What is
 * hashed and how is in model/audit.h.
 */
#include "base/crypto.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

enum { AUDIT_ROW_SALT = 16 };

struct audit_row {
    int64_t seq;
    instant_t at;
    const char *organisation, *actor, *verb, *subject;
    struct sha256 subject_prev, payload_hash, prev; /* all zero: none */
    struct sha256 hash;                             /* of this record */
    const char *payload;                            /* canonical JSON, NULL once erased */
    uint8_t salt[AUDIT_ROW_SALT];                   /* zero once erased */
    instant_t erased_at;
};

struct audit_list {
    struct audit_row *items;
    size_t count;
    const char *next; /* cursor, NULL at the end */
};

/* seq 0 and a zero hash while the chain is empty. ST_NOT_FOUND for an organisation that does not exist. */
enum status audit_head_of(const struct snapshot *snapshot, const char *organisation, int64_t *ret_seq,
    struct sha256 *ret_hash, struct error *err);

struct audit_filter {
    const char *subject; /* NULL = any */
    bool newest_first;
    int64_t after; /* only records with a greater seq (a smaller one when newest first); 0 = all */
};
enum status audit_list(const struct snapshot *snapshot, const char *organisation,
    const struct audit_filter *filter, const struct page *page, struct audit_list *ret, struct error *err);

/* Verifies up to `limit` records after the record `state` stands at, so that a long chain is verified in
 * slices: start with a zeroed state, go on until `finished`. */
struct audit_verification {
    int64_t seq;        /* verified so far */
    struct sha256 hash; /* of that record */
    int64_t payloads;   /* checked against their hash */
    int64_t erased;
    bool finished; /* the head was reached and is the one the organisation's row holds */
};
/* ST_CONFLICT naming the first record that does not hold, and why. */
enum status audit_verify(const struct snapshot *snapshot, const char *organisation,
    struct audit_verification *state, unsigned limit, struct error *err);

/* Erases the payloads of all records about a subject; the chain stays whole. Returns how many in *ret. */
enum status audit_erase_subject(struct txn *txn, const char *subject, int64_t *ret, struct error *err);
