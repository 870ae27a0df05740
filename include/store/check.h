#pragma once
/*
 * Whether a store holds: the database's own structures, and every record of every audit chain. A whole file at
 * once, for commands and backups; the daemon's nightly check goes by slices over the verbs below it.
 */
#include "base/buf.h"
#include "store/txn.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct store_verdict {
    int64_t organisations;             /* with a chain */
    int64_t records, payloads, erased; /* of all chains */
    int64_t bytes;                     /* of the file */
};

/* Verifies a file, which a daemon may use meanwhile, without changing it. ST_CONFLICT naming what does not
 * hold, ST_INTERNAL for a damaged file or one that is no store. `stop` ends it early, with ST_BUSY; may be
 * NULL. */
enum status store_verify(
    const char *path, const atomic_bool *stop, struct store_verdict *ret, struct error *err);

/* The database's own check of the table at that place: its rows, indexes and references. *ret_table is its
 * name, NULL after the last one. ST_INTERNAL with the first thing it found. */
enum status store_check_table(
    const struct snapshot *snapshot, unsigned place, const char **ret_table, struct error *err);
/* Rows that something in the store tells the truth about. */
enum check_table {
    CHECK_REVIEWS,
    CHECK_NEEDS,
    CHECK_ACTIONS,
    CHECK_EMPLOYEES,
    CHECK_COMPLETIONS,
    CHECK_DOCUMENTS,
    CHECK_ITEMS,
    CHECK_ENVELOPES,
    CHECK_TABLES
};
struct check_ids {
    const char *const *items;
    size_t count;
};
/* By id, after the id `after` ("": the first). */
enum status store_check_ids(const struct snapshot *snapshot, const char *organisation, enum check_table table,
    const char *after, unsigned limit, struct check_ids *ret, struct error *err);
struct check_bytes {
    const char *sha256; /* NULL: the bytes are not kept any more */
    struct span bytes;
};
/* Of CHECK_DOCUMENTS and what follows. */
enum status store_check_bytes(const struct snapshot *snapshot, const char *organisation, enum check_table table,
    const char *id, struct check_bytes *ret, struct error *err);
/* The keys of all chains, "system" first. */
enum status store_chains(
    const struct snapshot *snapshot, const char *const **ret, size_t *ret_count, struct error *err);
