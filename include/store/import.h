#pragma once
/*
 * Imports: a file as received, how far it is applied, and the lines that were refused.
 */
#include "base/buf.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct import_row {
    const char *id; /* "imp_..." */
    const char *organisation;
    const char *kind;     /* "employees" ... */
    const char *state;    /* "received", "applying", "done", "refused", "checked" */
    const char *options;  /* JSON object */
    const char *counters; /* JSON object */
    int64_t cursor;       /* rows applied */
    const char *actor;
    struct span content; /* the file, for import_add; see import_content */
    instant_t created_at, updated_at;
};
struct import_list {
    struct import_row *items;
    size_t count;
    const char *next;
};

/* Makes the id and the times. */
enum status import_add(struct txn *txn, struct import_row *row, struct error *err);
/* Writes state, counters and cursor; `keep` false forgets the content. */
enum status import_update(struct txn *txn, const struct import_row *row, bool keep, struct error *err);
enum status import_get(
    const struct snapshot *snapshot, const char *id, struct import_row *ret, struct error *err);
/* Its file; empty once it is no longer needed. */
enum status import_content(
    const struct snapshot *snapshot, const char *id, struct span *ret, struct error *err);
/* Newest first. */
enum status import_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct import_list *ret, struct error *err);
/* The oldest one of any organisation that is received or applying; ST_NOT_FOUND when there is none. */
enum status import_next(const struct snapshot *snapshot, struct import_row *ret, struct error *err);

struct import_refusal {
    int64_t line;
    const char *column, *reason;
};
struct import_refusals {
    struct import_refusal *items;
    size_t count;
};
enum status import_refuse(
    struct txn *txn, const char *id, const struct import_refusal *refusal, struct error *err);
/* By line, at most `limit`. */
enum status import_refusals_of(const struct snapshot *snapshot, const char *id, unsigned limit,
    struct import_refusals *ret, struct error *err);
