#pragma once
/*
 * The inbox and what it holds. An envelope is a request as received, an item one record of its body with its
 * own bytes, a completion what items say; several items may be evidence of one completion. Nothing here is ever
 * deleted by a verb.
 */
#include "base/buf.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct envelope_row {
    const char *id; /* "env_..." */
    const char *source;
    const char *headers; /* JSON object, without credentials */
    const char *sha256;  /* of the whole body, hexadecimal */
    int64_t size;
    struct span body; /* the whole body, where it is kept; else no data */
    bool pulled;      /* the answer to a question, else what was posted */
    instant_t received_at;
};
/* Makes the id when it is NULL and received_at. */
enum status envelope_add(struct txn *txn, struct envelope_row *row, struct error *err);

struct item_row {
    const char *id; /* "itm_..." */
    const char *envelope, *source;
    int64_t position;     /* in the body, from 0 */
    const char *identity; /* the same for the same event, unique per source */
    const char *sha256;   /* of `raw`, hexadecimal */
    const char *state;    /* "completed", "quarantined", "ignored" */
    const char *reason;
    const char *completion;
    instant_t received_at;
    struct span raw;
};
enum status envelope_get(
    const struct snapshot *snapshot, const char *id, struct envelope_row *ret, struct error *err);
enum status item_get(const struct snapshot *snapshot, const char *id, struct item_row *ret, struct error *err);
/* ST_NOT_FOUND: the source has not sent this identity. */
enum status item_by_identity(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *identity, struct item_row *ret, struct error *err);
struct item_list {
    struct item_row *items;
    size_t count;
};
/* Whose identity begins so, in their order. The prefix ends with ':'. */
enum status items_by_prefix(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *prefix, unsigned limit, struct item_list *ret, struct error *err);
/* Whether the source has sent this identity before. */
enum status item_known(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *identity, bool *ret, struct error *err);
/* Adds it unless the source has sent this identity before: then *ret_new is false and nothing is written. */
enum status item_add(struct txn *txn, struct item_row *row, bool *ret_new, struct error *err);
enum status item_set(struct txn *txn, const char *id, const char *state, const char *reason,
    const char *completion, struct error *err);

struct completion_row {
    const char *id; /* "cpl_..." */
    const char *source;
    const char *identity;
    const char *course;   /* id of a course, may be NULL */
    const char *employee; /* NULL while quarantined */
    const char *state;    /* "completed", "failed", "undone", "quarantined" */
    const char *reason;   /* of the quarantine */
    instant_t occurred_at;
    const char *body; /* JSON object: what was said */
    int64_t version;
    instant_t created_at, updated_at;
    date_t declare_by, declared_on; /* read only: completion_set_declaration writes them */
};
struct completion_list {
    struct completion_row *items;
    size_t count;
    const char *next;
};
/* Makes the id when it is NULL, version 1, the times. */
enum status completion_add(struct txn *txn, struct completion_row *row, struct error *err);
/* Writes course, employee, state, reason, occurred_at and body; it is not to be looked at again. */
enum status completion_update(struct txn *txn, struct completion_row *row, int64_t expected, struct error *err);
enum status completion_get(
    const struct snapshot *snapshot, const char *id, struct completion_row *ret, struct error *err);
struct completion_filter {
    const char *employee, *source, *state, *course; /* NULL = any */
    bool unmatched;                                 /* only what somebody completed and proves no action */
};
/* By id. */
enum status completion_list(const struct snapshot *snapshot, const char *organisation,
    const struct completion_filter *filter, const struct page *page, struct completion_list *ret,
    struct error *err);

/* By when it has to be declared, DATE_NONE: not at all; and when it was. */
enum status completion_set_declaration(
    struct txn *txn, const char *id, date_t declare_by, date_t declared_on, struct error *err);
/* Those with a day by which they have to be declared, by that day; `state` "open" or "declared", NULL = both.
 */
enum status completion_declarations(const struct snapshot *snapshot, const char *organisation,
    const char *state, const struct page *page, struct completion_list *ret, struct error *err);
/* Of the other completions of the same source, course and employee as `row`: what happened last. ST_NOT_FOUND.
 */
enum status completion_latest(const struct snapshot *snapshot, const char *organisation,
    const struct completion_row *row, struct completion_row *ret, struct error *err);

/* ---- waiting: what is looked at again */

/* That a completion waits for a person with this key. */
enum status completion_wait_add(
    struct txn *txn, const char *completion, const char *kind, const char *value, struct error *err);
enum status completion_wait_drop(struct txn *txn, const char *completion, struct error *err);
/* To be looked at again: those that wait for the key, with how many; those of a source in quarantine; all of a
 * course. */
enum status completion_wake_key(
    struct txn *txn, const char *kind, const char *value, int64_t *ret, struct error *err);
enum status completion_wake_source(struct txn *txn, const char *source, struct error *err);
enum status completion_wake_course(struct txn *txn, const char *course, struct error *err);
/* Looked at, nothing to change. */
enum status completion_rest(struct txn *txn, const char *id, struct error *err);
/* The first to be looked at again. */
enum status completion_to_retry(const struct snapshot *snapshot, const char *organisation, unsigned limit,
    struct completion_list *ret, struct error *err);
struct retry_list {
    const char *const *organisations;
    size_t count;
};
/* Where some are to be looked at again. */
enum status completion_retries(const struct snapshot *snapshot, struct retry_list *ret, struct error *err);

struct completion_item {
    const char *item, *sha256;
    instant_t recorded_at;
};
struct completion_items {
    struct completion_item *items;
    size_t count;
};
/* That an item is evidence of a completion; saying it twice changes nothing. */
enum status completion_prove(
    struct txn *txn, const char *completion, const char *item, const char *sha256, struct error *err);
enum status completion_evidence(
    const struct snapshot *snapshot, const char *completion, struct completion_items *ret, struct error *err);
