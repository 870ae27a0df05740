#pragma once
/*
 * The store and its lanes. A write job runs inside a transaction of its organisation: the write lane takes what
 * is queued for one organisation, runs each job under a savepoint, appends the audit records and commits once
 * (group commit). A read job runs inside a snapshot on one of the read lanes. Jobs run on lane threads and
 * complete on the loop after COMMIT, exactly once.
 *
 * How a job ends:
 *   ST_OK          committed and on disk
 *   what run said  the job is undone, the others of its batch are not
 *   ST_BUSY        nothing was changed, as far as can be known; the database was locked or out of reach in time
 *   ST_FULL        the disk is full: nothing was changed; reads go on
 *   ST_NOT_FOUND   no such organisation
 *   ST_INTERNAL    a bug or a damaged database: nothing was changed
 */
#include "base/clock.h"
#include "loop/lane.h"
#include "store/txn.h"

struct store;

struct store_options {
    const char *path;               /* the SQLite file; its folder must exist */
    unsigned read_lanes;            /* 1-4 */
    unsigned queue;                 /* jobs waiting, of each kind; slices may take half */
    unsigned batch;                 /* jobs per transaction, at most 256 */
    const struct db_driver *driver; /* NULL = the default; tests inject faults */
    const struct clock *clock;
    const struct keyring *keyring; /* may be NULL: sealing fails then */
};

/* Opens, migrates, starts the lanes. Without a loop (NULL, for subcommands and tests) there are no lanes and
 * only the two functions that run now. Strings and objects of the options must outlive the store. Errors:
 * ST_CONFLICT for a store of a newer program, ST_INTERNAL and ST_BUSY for one that cannot be opened. */
enum status store_open(
    struct loop *loop, const struct store_options *options, struct store **ret, struct error *err);
/* Completes what is queued, then calls drained on the loop; after that store_free. */
void store_drain(struct store *store, void (*drained)(void *context), void *context);
/* Waits for the jobs that run and ends the lanes: whoever they work for may be freed then. Jobs that still wait
 * never complete. For a stop that had no time to drain; the store can only be freed afterwards. */
void store_close(struct store *store);
void store_free(struct store *store);

typedef void (*store_done)(void *context, enum status status, const struct error *err);

struct store_request {
    const char *organisation; /* its key; "system" for what belongs to none (new organisations, tokens for all);
                                 reads may leave it NULL */
    const char *actor;        /* who, for the audit: a token id, "system", "import:<id>", "hook:<source>" */
    enum lane_priority priority;
    void *context;   /* given to run and done; must stay valid until done */
    store_done done; /* on the loop, exactly once, after COMMIT (or the end of the snapshot) */
};

/* Copies the request and its strings. ST_BUSY when the queue is full: then done is not called. Loop thread
 * only. */
enum status store_write(
    struct store *store, const struct store_request *request, txn_run run, struct error *err) MUST_CHECK;
enum status store_read(
    struct store *store, const struct store_request *request, snapshot_run run, struct error *err) MUST_CHECK;
/* The same on a lane and a connection of their own, one at a time: what takes as long as the store is large (a
 * copy, a check). Nothing else waits for it, and it does not outlast store_close. */
enum status store_read_long(
    struct store *store, const struct store_request *request, snapshot_run run, struct error *err) MUST_CHECK;

/* For tests and subcommands: runs one write or read now, on this thread, on a connection of their own; one at a
 * time, and not from within another. */
enum status store_write_now(struct store *store, const char *organisation, const char *actor, txn_run run,
    void *context, struct error *err);
enum status store_read_now(struct store *store, snapshot_run run, void *context, struct error *err);

/* Rises after each transaction of the organisation, or of "system", that this process has committed, and before
 * any of its jobs completes: what is read in a snapshot that begins after this call is at least as new as the
 * answer, and as long as the answer stays the same nothing was written since. Any thread. */
uint64_t store_version(const struct store *store, const char *organisation);

struct store_stats {
    struct lane_stats write, read, longer;
    uint64_t commits, rollbacks; /* transactions */
    uint64_t retries;            /* transactions that ran again */
    uint64_t reconnects;
    int64_t file_bytes, wal_bytes;
};
void store_stats(struct store *store, struct store_stats *ret);
/* False while the disk is full (until a write works again) and for good once the database is found damaged:
 * /readyz. Any thread. */
bool store_ready(const struct store *store);
