/*
 * Group commit: jobs of one organisation in one transaction, a savepoint each, the audit records and the
 * batch's id at the end, one COMMIT. Decides what a failure of the transaction means for its jobs: run again,
 * look whether it was committed after all, or give up. On the write lane's thread.
 */
#include "internal.h"

#include <string.h>

#define BATCH_ATTEMPTS 8
#define BATCH_LIFE     (INT64_C(3600) * US_PER_SEC)
#define BATCH_SWEEP    256 /* transactions between two sweeps of old ids */
#define BATCH_CAREFUL  16  /* batches with savepoints after one that a job spoiled */

STATEMENT(batch_add, "INSERT INTO batch (organisation, id, at) VALUES ($1, $2, $3)");
STATEMENT(batch_get, "SELECT 1 FROM batch WHERE organisation = $1 AND id = $2");
STATEMENT(batch_sweep, "DELETE FROM batch WHERE organisation = $1 AND at < $2");

struct batch {
    struct store_worker *worker;
    struct db_conn *db;
    const char *organisation;
    struct store_job **jobs;
    unsigned count, succeeded;
    bool careful; /* a savepoint for each job; else one that fails spoils the batch, which is run again
                     carefully */
    bool spoiled;
    struct audit_notes notes;
    char id[ID_MAX]; /* "" while nothing was written */
};

static void batch_run_job(struct batch *batch, struct store_job *job)
{
    const struct store_options *options = &batch->worker->store->options;
    struct txn txn = {
        .snapshot = {.db = batch->db, .arena = batch->worker->arena, .now = clock_now(options->clock)},
        .organisation = batch->organisation,
        .actor = job->actor,
        .keyring = options->keyring,
        .notes = &batch->notes};
    error_clear(&job->error);
    bool apart = batch->careful && batch->count > 1;
    job->status = (apart ? txn_under_savepoint : txn_alone)(&txn, job->write, job->context, &job->error);
    if (job->status == ST_OK)
        batch->succeeded++;
    else
        job->error.status = job->status;
    batch->spoiled = !apart && batch->count > 1 && job->status != ST_OK;
}

static bool batch_seen(const struct batch *batch, size_t before, const char *organisation)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(batch->notes.items[i].organisation, organisation) == 0)
            return true;
    return false;
}

/* Organisations that were added and entered have chains of their own. */
static void batch_append_entered(struct batch *batch)
{
    struct arena *arena = batch->worker->arena;
    for (size_t i = 0; i < batch->notes.count; i++) {
        const char *organisation = batch->notes.items[i].organisation;
        struct chain_row head;
        if (strcmp(organisation, batch->organisation) == 0 || batch_seen(batch, i, organisation))
            continue;
        if (chain_lock(batch->db, arena, organisation, &head))
            chain_append(batch->db, arena, organisation, &head, &batch->notes);
    }
}

static void batch_finish(struct batch *batch, const struct chain_row *head)
{
    struct store *store = batch->worker->store;
    instant_t now = clock_now(store->options.clock);
    id_new(batch->id, "bat", batch->organisation, now);
    chain_append(batch->db, batch->worker->arena, batch->organisation, head, &batch->notes);
    batch_append_entered(batch);
    db_exec(batch->db, &batch_add, DB_VALUES(db_text(batch->organisation), db_text(batch->id), db_int(now)));
    if (atomic_load(&store->commits) % BATCH_SWEEP == 0)
        db_exec(batch->db, &batch_sweep, DB_VALUES(db_text(batch->organisation), db_int(now - BATCH_LIFE)));
    db_commit(batch->db);
}

static void batch_fail(struct batch *batch, enum status status, const struct error *err)
{
    for (unsigned i = 0; i < batch->count; i++) {
        batch->jobs[i]->status = status;
        batch->jobs[i]->error = *err;
    }
}

static void batch_refuse_organisation(struct batch *batch)
{
    struct error err = ERROR_INIT;
    enum status status = error_set(&err, ST_NOT_FOUND, "there is no organisation %s", batch->organisation);
    batch_fail(batch, status, &err);
}

/* One transaction; DB_OK when the jobs' outcomes stand. */
static enum db_class batch_attempt(struct batch *batch)
{
    struct store *store = batch->worker->store;
    struct chain_row head = {0};
    arena_reset(batch->worker->arena);
    batch->notes = (struct audit_notes){0};
    batch->succeeded = 0;
    batch->spoiled = false;
    batch->id[0] = '\0';
    db_begin(batch->db, true);
    if (chain_lock(batch->db, batch->worker->arena, batch->organisation, &head)) {
        for (unsigned i = 0; i < batch->count && !batch->spoiled && db_class(batch->db) == DB_OK; i++)
            batch_run_job(batch, batch->jobs[i]);
        if (batch->succeeded > 0 && !batch->spoiled)
            batch_finish(batch, &head);
    } else if (db_class(batch->db) == DB_OK) {
        batch_refuse_organisation(batch);
    }
    enum db_class class = store_end(batch->worker);
    bool committed = class == DB_OK && batch->succeeded > 0 && !batch->spoiled;
    atomic_fetch_add(committed ? &store->commits : &store->rollbacks, 1);
    return class;
}

/* After a connection lost during COMMIT: DB_OK when the batch is there, DB_RETRY when it is not, DB_UNCERTAIN
 * when that cannot be known. Locking the organisation first waits for a COMMIT that is still under way. */
static enum db_class batch_resolve(struct batch *batch)
{
    struct chain_row head;
    if (!store_reconnect(batch->worker))
        return DB_UNCERTAIN;
    db_begin(batch->db, true);
    chain_lock(batch->db, batch->worker->arena, batch->organisation, &head);
    struct db_rows *rows =
        db_query(batch->db, &batch_get, DB_VALUES(db_text(batch->organisation), db_text(batch->id)));
    bool there = db_next(rows);
    db_done(rows);
    if (store_end(batch->worker) != DB_OK)
        return DB_UNCERTAIN;
    if (!there)
        return DB_RETRY;
    atomic_fetch_add(&batch->worker->store->commits, 1);
    return DB_OK;
}

/* Few jobs fail, and savepoints cost all of them: SQLite copies each page that is changed after one. */
static enum db_class batch_attempt_twice(struct batch *batch)
{
    unsigned *careful = &batch->worker->careful;
    batch->careful = *careful > 0;
    *careful -= batch->careful;
    enum db_class class = batch_attempt(batch);
    if (class != DB_OK || !batch->spoiled)
        return class;
    *careful = BATCH_CAREFUL;
    batch->careful = true;
    return batch_attempt(batch);
}

static enum db_class batch_once(struct batch *batch)
{
    enum db_class class = batch_attempt_twice(batch);
    for (int i = 0; class == DB_UNCERTAIN && i < BATCH_ATTEMPTS; i++)
        class = batch_resolve(batch);
    if (class == DB_GONE)
        (void)store_reconnect(batch->worker);
    return class;
}

void batch_run(struct store_worker *worker, struct store_job **jobs, unsigned count)
{
    struct batch batch = {.worker = worker,
        .db = worker->db,
        .organisation = jobs[0]->organisation,
        .jobs = jobs,
        .count = count};
    enum db_class class = batch_once(&batch);
    for (int i = 1; (class == DB_RETRY || class == DB_GONE) && i < BATCH_ATTEMPTS; i++) {
        atomic_fetch_add(&worker->store->retries, 1);
        class = batch_once(&batch);
    }
    if (class == DB_OK && batch.succeeded > 0)
        atomic_store(&worker->store->full, false);
    if (class != DB_OK) {
        struct error err = ERROR_INIT;
        enum status status = store_refuse(worker, class, &err);
        batch_fail(&batch, status, &err);
    }
    store_raise_version(worker->store, batch.organisation);
    arena_reset(worker->arena);
}
