#pragma once
/*
 * Work that a request asked for and that takes longer than the request: what needs the network, or a long
 * while. The row is written by the request's own transaction, taken by a job under a lease, and ended with a
 * JSON result, which /v1/operations/{id} shows. What was taken and never ended (the daemon was killed) is taken
 * again when its lease is over, so whatever it does must bear being done twice.
 */
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct operation_row {
    const char *id;           /* "opn_..." */
    const char *organisation; /* its key */
    const char *kind;         /* "source_test" ... */
    const char *subject;      /* id of what it is about, may be NULL */
    const char *state;        /* "waiting", "running", "done", "failed" */
    const char *request;      /* JSON object: what the job needs, without secrets */
    const char *result;       /* JSON object, NULL until there is one; what is known so far while it runs */
    const char *actor;        /* who asked */
    instant_t next_at;        /* when a job takes it; INSTANT_NONE: another job's work ends it */
    int64_t attempts;         /* how often it was taken */
    instant_t created_at, updated_at;
};
struct operation_list {
    struct operation_row *items;
    size_t count;
};

/* Makes the id when it is NULL, state "waiting", the actor and the times; next_at is the caller's. */
enum status operation_add(struct txn *txn, struct operation_row *row, struct error *err);
enum status operation_load(
    const struct snapshot *snapshot, const char *id, struct operation_row *ret, struct error *err);
/* Takes at most `limit` rows that are due, of any kind, and leases them until `until`: they are "running". */
enum status operation_claim(struct txn *txn, const char *owner, instant_t until, unsigned limit,
    struct operation_list *ret, struct error *err);
/* "done" or "failed". ST_CONFLICT when it has ended before. */
enum status operation_end(
    struct txn *txn, const char *id, const char *state, const char *result, struct error *err);
/* Those of a kind about a subject that have not ended, oldest first: the work that ends them knows them. */
enum status operation_open(const struct snapshot *snapshot, const char *organisation, const char *subject,
    const char *kind, struct operation_list *ret, struct error *err);
/* What is known so far; "running" from then on. */
enum status operation_progress(struct txn *txn, const char *id, const char *result, struct error *err);

struct operation_watch {
    const char *organisation;
    instant_t next;   /* a row is due; INSTANT_NONE: none */
    instant_t oldest; /* that has ended; INSTANT_NONE: none */
};
struct operation_watch_list {
    struct operation_watch *items;
    size_t count;
};
enum status operation_watches(
    const struct snapshot *snapshot, struct operation_watch_list *ret, struct error *err);

/* An ended operation is kept for so long. */
#define OPERATION_LIFE (INT64_C(7) * US_PER_DAY)
/* Forgets at most `limit` of those. */
enum status operation_expire(struct txn *txn, unsigned limit, int64_t *ret, struct error *err);
