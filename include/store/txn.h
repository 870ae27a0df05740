#pragma once
/*
 * The store's lanes. A write job runs inside a transaction of its organisation (group commit: a savepoint
 * each), a read job inside a snapshot. Jobs run on lane threads and complete on the loop after COMMIT, exactly
 * once. `run` of a write job may run again (after a lost connection or a serialization failure): it starts from
 * its input and resets its output.
 *
 * What a write job appends with txn_audit commits with it or not at all, as do its rows and its deliveries.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/secret.h"
#include "loop/lane.h"

#include <stdbool.h>

struct store;
struct snapshot; /* what read verbs take */
struct txn;      /* what write verbs take; gives a snapshot too */
struct store_job;

struct store_options {
    const char *path;               /* the SQLite file; its folder must exist */
    unsigned read_lanes;            /* 1-4 */
    unsigned queue;                 /* write jobs waiting */
    unsigned batch;                 /* jobs per transaction, at most 256 */
    const struct db_driver *driver; /* NULL = the default; tests inject faults */
    const struct clock *clock;
    const struct keyring *keyring; /* may be NULL: sealing fails then */
};

/* Opens, migrates, starts the lanes. */
enum status store_open(
    struct loop *loop, const struct store_options *options, struct store **ret, struct error *err);
/* Completes what is queued, then calls drained on the loop; after that store_free. */
void store_drain(struct store *store, void (*drained)(void *context), void *context);
void store_free(struct store *store);

typedef enum status (*txn_run)(struct txn *txn, void *context, struct error *err);
typedef enum status (*snapshot_run)(const struct snapshot *snapshot, void *context, struct error *err);
typedef void (*store_done)(void *context, enum status status, const struct error *err);

struct store_request {
    const char *organisation; /* key of the organisation; "system" for what belongs to none (tokens for all, new
                                 ones) */
    const char *actor;        /* who, for the audit: a token id, "system", "import:<id>", "hook:<source>" */
    enum lane_priority priority;
    void *context;   /* given to run and done; must stay valid until done */
    store_done done; /* on the loop, exactly once, after COMMIT (or the end of the snapshot) */
};

/* Copies the request; ST_BUSY when the queue is full. Loop thread only. */
enum status store_write(
    struct store *store, const struct store_request *request, txn_run run, struct error *err) MUST_CHECK;
enum status store_read(
    struct store *store, const struct store_request *request, snapshot_run run, struct error *err) MUST_CHECK;

/* For tests and subcommands without a loop: runs one write or read now, on this thread, on its own connection.
 */
enum status store_write_now(struct store *store, const char *organisation, const char *actor, txn_run run,
    void *context, struct error *err);
enum status store_read_now(struct store *store, snapshot_run run, void *context, struct error *err);

const struct snapshot *txn_snapshot(const struct txn *txn);
/* One instant for the whole job; with a set clock, the set instant. */
instant_t txn_now(const struct txn *txn);
const char *txn_organisation(const struct txn *txn);
const char *txn_actor(const struct txn *txn);
const struct keyring *txn_keyring(const struct txn *txn);
/* Memory until the end of the batch: for the verbs' own needs. Answers belong in the job's own arena. */
struct arena *txn_arena(const struct txn *txn);
struct arena *snapshot_arena(const struct snapshot *snapshot);
instant_t snapshot_now(const struct snapshot *snapshot);

/* Runs `run` under a savepoint of its own inside the job; a failure undoes it alone (rows of a partial import).
 */
enum status txn_try(struct txn *txn, txn_run run, void *context, struct error *err);

struct store_stats {
    struct lane_stats write, read;
    uint64_t commits, rollbacks, retries;
    int64_t file_bytes, wal_bytes;
};
void store_stats(struct store *store, struct store_stats *ret);
/* False after a failed self-check or while the disk is full: /readyz. */
bool store_ready(const struct store *store);
