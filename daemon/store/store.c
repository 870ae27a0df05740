/*
 * Opens the store, owns its lanes and connections, and hands jobs to them. Opening, submitting and draining
 * belong to the loop's thread; what runs a job belongs to its lane's.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STORE_BATCH_MAX   256
#define STORE_READERS_MAX 4
#define STORE_ATTEMPTS    8
#define STORE_LANES       3
#define STORE_LONG_MAX    16 /* waiting for the long lane */
#define STORE_ARENA       (64 * 1024)
#define STORE_WRITE_ARENA (1024 * 1024) /* a batch's: what it takes of the system is taken once */
#define STORE_RECONNECTS  8
#define STORE_FIRST_WAIT  INT64_C(5000) /* microseconds, doubled each time: 1.3 s in all */

static void *store_alloc(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- connections */

static enum status store_connect(
    struct store *store, struct store_worker *worker, bool read_only, struct error *err)
{
    struct db_options options = store->db;
    options.read_only = read_only;
    options.stop = worker == &store->reader_long ? &store->stopping : NULL;
    worker->store = store;
    enum status status = db_connect(&options, &worker->db, err);
    if (status == ST_OK)
        worker->arena = arena_new(read_only ? STORE_ARENA : STORE_WRITE_ARENA);
    return status;
}

static void store_disconnect(struct store_worker *worker)
{
    db_disconnect(worker->db);
    arena_free(worker->arena);
}

/* Until the time has passed or the store is being closed; false then. */
static bool store_pause(struct store *store, int64_t wait)
{
    int64_t until = clock_monotonic() + wait;
    const struct timespec at = {.tv_sec = until / US_PER_SEC, .tv_nsec = until % US_PER_SEC * 1000};
    pthread_mutex_lock(&store->close_mutex);
    while (!store->closing && clock_monotonic() < until)
        (void)pthread_cond_clockwait(&store->close_cond, &store->close_mutex, CLOCK_MONOTONIC, &at);
    bool go_on = !store->closing;
    pthread_mutex_unlock(&store->close_mutex);
    return go_on;
}

bool store_reconnect(struct store_worker *worker)
{
    int64_t wait = STORE_FIRST_WAIT;
    atomic_fetch_add(&worker->store->reconnects, 1);
    for (int i = 0; i < STORE_RECONNECTS; i++, wait *= 2) {
        if (db_reconnect(worker->db, NULL) == ST_OK)
            return true;
        if (!store_pause(worker->store, wait))
            return false;
    }
    return false;
}

enum db_class store_end(struct store_worker *worker)
{
    enum db_class class = db_class(worker->db);
    error_clear(&worker->error);
    (void)db_status(worker->db, &worker->error);
    db_rollback(worker->db);
    return class;
}

enum status store_refuse(struct store_worker *worker, enum db_class class, struct error *err)
{
    const char *why = worker->error.detail;
    switch (class) {
    case DB_OK:
        return ST_OK;
    case DB_FULL:
        atomic_store(&worker->store->full, true);
        return error_set(err, ST_FULL, "the disk is full: %s", why);
    case DB_CORRUPT:
        atomic_store(&worker->store->damaged, true);
        return error_set(err, ST_INTERNAL, "the store is damaged: %s", why);
    case DB_RETRY:
        return error_set(err, ST_BUSY, "the store is in use: %s", why);
    case DB_GONE:
    case DB_UNCERTAIN:
        return error_set(err, ST_BUSY, "the store is out of reach: %s", why);
    case DB_CONSTRAINT:
    case DB_BUG:
        break;
    }
    return error_set(err, ST_INTERNAL, "%s", why);
}

/* ---- running jobs */

static enum db_class store_read_once(struct store_worker *worker, struct store_job *job)
{
    arena_reset(worker->arena);
    struct snapshot snapshot = {
        .db = worker->db, .arena = worker->arena, .now = clock_now(worker->store->options.clock)};
    error_clear(&job->error);
    db_begin(worker->db, false);
    job->status = ST_OK;
    if (db_class(worker->db) == DB_OK)
        job->status = job->read(&snapshot, job->context, &job->error);
    enum db_class class = store_end(worker);
    if (class == DB_GONE)
        (void)store_reconnect(worker);
    return class;
}

void store_run_read(struct store_worker *worker, struct store_job *job)
{
    enum db_class class = store_read_once(worker, job);
    for (int i = 1; (class == DB_RETRY || class == DB_GONE) && i < STORE_ATTEMPTS; i++)
        class = store_read_once(worker, job);
    if (class != DB_OK)
        job->status = store_refuse(worker, class, &job->error);
    arena_reset(worker->arena);
}

static void store_on_write(void *worker, struct lane_job **jobs, unsigned count)
{
    batch_run(worker, (struct store_job **)jobs, count);
}

static void store_on_read(void *worker, struct lane_job **jobs, unsigned count)
{
    (void)count;
    store_run_read(worker, (struct store_job *)jobs[0]);
}

static void *store_start_writer(void *context, unsigned thread)
{
    (void)thread;
    return &((struct store *)context)->writer;
}

static void *store_start_reader(void *context, unsigned thread)
{
    return &((struct store *)context)->readers[thread];
}

static void *store_start_long(void *context, unsigned thread)
{
    (void)thread;
    return &((struct store *)context)->reader_long;
}

/* ---- opening and closing */

static void store_start_lanes(struct store *store, struct loop *loop)
{
    const struct store_options *options = &store->options;
    const struct lane_options write = {.name = "write",
        .threads = 1,
        .capacity = options->queue,
        .slice_share = options->queue / 2,
        .max_batch = options->batch,
        .start = store_start_writer,
        .run = store_on_write,
        .context = store};
    const struct lane_options read = {.name = "read",
        .threads = options->read_lanes,
        .capacity = options->queue,
        .slice_share = options->queue / 2,
        .max_batch = 1,
        .start = store_start_reader,
        .run = store_on_read,
        .context = store};
    const struct lane_options longer = {.name = "long",
        .threads = 1,
        .capacity = STORE_LONG_MAX,
        .slice_share = STORE_LONG_MAX / 2,
        .max_batch = 1,
        .start = store_start_long,
        .run = store_on_read,
        .context = store};
    store->write = lane_new(loop, &write);
    store->read = lane_new(loop, &read);
    store->longer = lane_new(loop, &longer);
}

static unsigned store_clamp(unsigned value, unsigned low, unsigned high)
{
    return value < low ? low : value > high ? high : value;
}

static enum status store_connect_all(struct store *store, struct error *err)
{
    enum status status = store_connect(store, &store->writer, false, err);
    if (status == ST_OK)
        status = store_migrate(store->writer.db, err);
    for (unsigned i = 0; status == ST_OK && i < store->options.read_lanes; i++)
        status = store_connect(store, &store->readers[i], true, err);
    if (status == ST_OK)
        status = store_connect(store, &store->reader_long, true, err);
    return status;
}

enum status store_open(
    struct loop *loop, const struct store_options *options, struct store **ret, struct error *err)
{
    struct store *store = store_alloc(sizeof *store);
    store->options = *options;
    store->options.read_lanes = store_clamp(options->read_lanes, 1, STORE_READERS_MAX);
    store->options.batch = store_clamp(options->batch, 1, STORE_BATCH_MAX);
    store->options.queue = store_clamp(options->queue, 2, 1000000);
    store->db = (struct db_options){.driver = options->driver, .path = options->path};
    pthread_mutex_init(&store->now_mutex, NULL);
    pthread_mutex_init(&store->close_mutex, NULL);
    pthread_cond_init(&store->close_cond, NULL);
    store->readers = store_alloc(store->options.read_lanes * sizeof *store->readers);
    enum status status = store_connect_all(store, err);
    if (status != ST_OK) {
        store_free(store);
        return status;
    }
    if (loop)
        store_start_lanes(store, loop);
    *ret = store;
    return ST_OK;
}

static void store_on_drained(void *context)
{
    struct store *store = context;
    if (++store->drained == STORE_LANES)
        store->on_drained(store->on_drained_context);
}

void store_drain(struct store *store, void (*drained)(void *context), void *context)
{
    store->drained = 0;
    store->on_drained = drained;
    store->on_drained_context = context;
    lane_drain(store->write, store_on_drained, store);
    lane_drain(store->read, store_on_drained, store);
    lane_drain(store->longer, store_on_drained, store);
}

void store_close(struct store *store)
{
    atomic_store(&store->stopping, true);
    pthread_mutex_lock(&store->close_mutex);
    store->closing = true;
    pthread_cond_broadcast(&store->close_cond);
    pthread_mutex_unlock(&store->close_mutex);
    lane_free(store->longer);
    lane_free(store->read);
    lane_free(store->write);
    store->longer = store->read = store->write = NULL;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    store_close(store);
    for (unsigned i = 0; i < store->options.read_lanes; i++)
        store_disconnect(&store->readers[i]);
    store_disconnect(&store->reader_long);
    store_disconnect(&store->writer);
    store_disconnect(&store->now);
    pthread_mutex_destroy(&store->now_mutex);
    pthread_mutex_destroy(&store->close_mutex);
    pthread_cond_destroy(&store->close_cond);
    free(store->readers);
    free(store);
}

/* ---- submitting */

static void store_on_done(struct lane_job *lane)
{
    struct store_job *job = (struct store_job *)lane;
    job->done(job->context, job->status, &job->error);
    free(job);
}

static struct store_job *store_job_new(const struct store_request *request, bool write)
{
    const char *organisation = request->organisation ? request->organisation : "";
    const char *actor = request->actor ? request->actor : "";
    size_t first = strlen(organisation) + 1, second = strlen(actor) + 1;
    struct store_job *job = store_alloc(sizeof *job + first + second);
    char *text = (char *)(job + 1);
    memcpy(text, organisation, first);
    memcpy(text + first, actor, second);
    job->organisation = text;
    job->actor = text + first;
    job->context = request->context;
    job->done = request->done;
    job->lane =
        (struct lane_job){.key = write ? text : NULL, .priority = request->priority, .done = store_on_done};
    return job;
}

static enum status store_submit(struct lane *lane, struct store_job *job, struct error *err)
{
    if (!lane) {
        free(job);
        return error_set(err, ST_BUSY, "the store has no lanes");
    }
    enum status status = lane_submit(lane, &job->lane, err);
    if (status != ST_OK)
        free(job);
    return status;
}

enum status store_write(
    struct store *store, const struct store_request *request, txn_run run, struct error *err)
{
    struct store_job *job = store_job_new(request, true);
    job->write = run;
    return store_submit(store->write, job, err);
}

enum status store_read(
    struct store *store, const struct store_request *request, snapshot_run run, struct error *err)
{
    struct store_job *job = store_job_new(request, false);
    job->read = run;
    return store_submit(store->read, job, err);
}

enum status store_read_long(
    struct store *store, const struct store_request *request, snapshot_run run, struct error *err)
{
    struct store_job *job = store_job_new(request, false);
    job->read = run;
    return store_submit(store->longer, job, err);
}

/* ---- running now */

static enum status store_take_outcome(const struct store_job *job, struct error *err)
{
    if (job->status != ST_OK && err)
        *err = job->error;
    return job->status;
}

/* The worker of this moment, locked; NULL when it cannot connect. */
static struct store_worker *store_lock_now(struct store *store, struct error *err)
{
    pthread_mutex_lock(&store->now_mutex);
    if (store->now.db || store_connect(store, &store->now, false, err) == ST_OK)
        return &store->now;
    pthread_mutex_unlock(&store->now_mutex);
    return NULL;
}

enum status store_write_now(struct store *store, const char *organisation, const char *actor, txn_run run,
    void *context, struct error *err)
{
    struct store_job job = {.write = run, .organisation = organisation, .actor = actor, .context = context};
    struct store_worker *worker = store_lock_now(store, err);
    if (!worker)
        return ST_BUSY;
    batch_run(worker, (struct store_job *[]){&job}, 1);
    pthread_mutex_unlock(&store->now_mutex);
    return store_take_outcome(&job, err);
}

enum status store_read_now(struct store *store, snapshot_run run, void *context, struct error *err)
{
    struct store_job job = {.read = run, .context = context};
    struct store_worker *worker = store_lock_now(store, err);
    if (!worker)
        return ST_BUSY;
    store_run_read(worker, &job);
    pthread_mutex_unlock(&store->now_mutex);
    return store_take_outcome(&job, err);
}

/* ---- state */

void store_stats(struct store *store, struct store_stats *ret)
{
    *ret = (struct store_stats){.commits = atomic_load(&store->commits),
        .rollbacks = atomic_load(&store->rollbacks),
        .retries = atomic_load(&store->retries),
        .reconnects = atomic_load(&store->reconnects)};
    if (store->write) {
        lane_stats(store->write, &ret->write);
        lane_stats(store->read, &ret->read);
        lane_stats(store->longer, &ret->longer);
    }
    db_sizes(&store->db, &ret->file_bytes, &ret->wal_bytes);
}

bool store_ready(const struct store *store)
{
    return !atomic_load(&store->full) && !atomic_load(&store->damaged);
}

/* ---- versions */

static size_t store_version_slot(const char *organisation)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = organisation; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return (size_t)(hash >> 32) % STORE_VERSIONS;
}

void store_raise_version(struct store *store, const char *organisation)
{
    atomic_fetch_add(&store->versions[store_version_slot(organisation)], 1);
}

uint64_t store_version(const struct store *store, const char *organisation)
{
    return atomic_load(&store->versions[store_version_slot(organisation)]) +
           atomic_load(&store->versions[store_version_slot("system")]);
}
