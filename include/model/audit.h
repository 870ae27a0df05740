#pragma once
/*
 * The audit chain: one per organisation, records 1, 2, 3 ... each holding the hash of the one before. A record
 * names what happened (`verb`) to what (`subject`, an opaque id) by whom; what exactly is in its payload, which
 * is kept apart with a random salt, so that erasing a payload leaves the chain whole and the hash in the record
 * tells nothing about what was erased.
 *
 *   hash         = SHA-256 over the record as canonical JSON (RFC 8785), below
 *   payload_hash = SHA-256 over salt, then the payload as canonical JSON
 *
 *   {"actor":"tok_...","at":"2026-11-22T10:15:30.123456Z","organisation":"...","payload_hash":"<64 hex>",
 *    "prev":"<64 hex>","seq":12,"subject":"emp_...","subject_prev":null,"verb":"employee.created"}
 *
 * Pure: no clock, no I/O, no randomness; any thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/date.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_SALT_SIZE 16

/* A hash of only zero bytes stands for "none" and is written as null. */
struct audit_record {
    int64_t seq;              /* from 1, without gaps */
    const char *organisation; /* its key */
    instant_t at;
    const char *actor;          /* a token id, "system", "import:<id>", "hook:<source>" */
    const char *verb;           /* "review.held" */
    const char *subject;        /* an id */
    struct sha256 subject_prev; /* hash of the subject's previous record in this chain, or none */
    struct sha256 payload_hash;
    struct sha256 prev; /* hash of the record before, none for the first */
};

/* Where a chain stands: its last record. All zero: nothing yet. */
struct audit_head {
    int64_t seq;
    struct sha256 hash;
};

void audit_canonical(const struct audit_record *record, struct buf *out);
struct sha256 audit_hash(const struct audit_record *record);
bool audit_hash_is_none(const struct sha256 *hash);

/* The canonical text of a payload. ST_SYNTAX when it is not JSON. */
enum status audit_payload_canonical(struct arena *arena, const char *json, const char **ret, struct error *err);
struct sha256 audit_payload_hash(const uint8_t salt[AUDIT_SALT_SIZE], const char *canonical);

/* Makes `record` the next one of the chain: sets seq and prev, moves the head, returns the record's hash. */
struct sha256 audit_append(struct audit_head *head, struct audit_record *record);
/* Checks that `record`, stored with `hash`, is the next one of the chain, and moves the head. ST_CONFLICT
 * naming the record and what does not hold: its number, its link, its hash. */
enum status audit_follow(
    struct audit_head *head, const struct audit_record *record, const struct sha256 *hash, struct error *err);
