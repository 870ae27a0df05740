/*
 * One import at a time, step by step: read and checked on a read lane, applied in slices on the write lane. It
 * goes on where it stood after a restart. Loop thread, but for the functions of the steps.
 */
#include "internal.h"

#include "base/log.h"
#include "base/text.h"
#include "work/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMPORT_BUDGET_MS = 25, IMPORT_RETRY_MS = 500, IMPORT_REST_S = 60 };

struct import_run {
    struct jobs *jobs;
    struct timer *timer; /* armed while a step has to be tried again */
    bool waiting;
    const struct import_step *step;
    struct arena *arena; /* of the file */
    struct import_file *file;
    char id[ID_MAX], organisation[ORG_KEY_MAX], actor[ID_MAX + 8];
    enum import_state state; /* as it is stored */
    size_t position;
    struct import_counts counts;
    bool careful; /* the slice under way: a row of it was refused */
    /* Of the step under way: */
    size_t next_position;
    struct import_counts next_counts;
    char reason[ERROR_DETAIL_MAX];
};

struct import_step {
    const char *name;
    snapshot_run read; /* one of the two */
    txn_run write;
    /* On the loop, once it went well: what comes next, NULL = the end. */
    const struct import_step *(*then)(struct import_run *run);
};
static const struct import_step step_read, step_begin, step_apply, step_end, step_abandon;

static void run_step(struct import_run *run);

enum status import_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct import_row row;
    enum status status = import_next(snapshot, &row, err);
    if (status == ST_OK)
        look_found(look, row.organisation, snapshot_now(snapshot));
    return status == ST_NOT_FOUND ? ST_OK : status;
}

/* ---- the steps */

static enum status run_read(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct import_run *run = context;
    struct import_row row;
    arena_reset(run->arena);
    run->file = NULL;
    run->id[0] = '\0';
    enum status status = import_next(snapshot, &row, err);
    if (status != ST_OK)
        return status == ST_NOT_FOUND ? ST_OK : status;
    (void)text_copy(run->id, sizeof run->id, row.id);
    (void)text_copy(run->organisation, sizeof run->organisation, row.organisation);
    run->state = strcmp(row.state, import_state_names[IMPORT_APPLYING]) ? IMPORT_RECEIVED : IMPORT_APPLYING;
    run->position = (size_t)row.cursor;
    status = import_read(snapshot, run->arena, &row, &run->file, err);
    if (status != ST_OK)
        return status;
    run->counts = import_file_counts(run->file);
    return run->state == IMPORT_RECEIVED ? ST_OK
                                         : field_parse(&import_counts_table, run->arena, row.counters,
                                               strlen(row.counters), FIELD_MODE_STORED, &run->counts, err);
}

static const struct import_step *run_apply_or_end(const struct import_run *run)
{
    return run->position < import_rows(run->file) ? &step_apply : &step_end;
}

static const struct import_step *run_after_read(struct import_run *run)
{
    if (!run->file)
        return NULL;
    (void)snprintf(run->actor, sizeof run->actor, "import:%s", run->id);
    if (run->state == IMPORT_APPLYING)
        return run_apply_or_end(run);
    run->state = IMPORT_REFUSED;
    if (import_applies(run->file))
        run->state = IMPORT_APPLYING;
    if (import_is_dry(run->file))
        run->state = IMPORT_CHECKED;
    return &step_begin;
}

static enum status run_begin(struct txn *txn, void *context, struct error *err)
{
    const struct import_run *run = context;
    return import_begin(txn, run->file, run->id, run->state, err);
}

static const struct import_step *run_after_begin(struct import_run *run)
{
    return run->state == IMPORT_APPLYING ? run_apply_or_end(run) : NULL;
}

static enum status run_apply(struct txn *txn, void *context, struct error *err)
{
    struct import_run *run = context;
    run->next_counts = run->counts;
    return import_apply(txn, run->file, run->id, run->position, run->careful, IMPORT_BUDGET_MS * INT64_C(1000),
        &run->next_counts, &run->next_position, err);
}

static const struct import_step *run_after_apply(struct import_run *run)
{
    run->careful = false;
    run->counts = run->next_counts;
    run->position = run->next_position;
    return run_apply_or_end(run);
}

static enum status run_end(struct txn *txn, void *context, struct error *err)
{
    const struct import_run *run = context;
    return import_end(txn, run->file, run->id, &run->counts, err);
}

static enum status run_abandon(struct txn *txn, void *context, struct error *err)
{
    const struct import_run *run = context;
    return import_abandon(txn, run->id, run->reason, err);
}

static const struct import_step *run_is_over(struct import_run *run)
{
    (void)run;
    return NULL;
}

static const struct import_step step_read = {"read", .read = run_read, .then = run_after_read};
static const struct import_step step_begin = {"begin", .write = run_begin, .then = run_after_begin};
static const struct import_step step_apply = {"apply", .write = run_apply, .then = run_after_apply};
static const struct import_step step_end = {"end", .write = run_end, .then = run_is_over};
static const struct import_step step_abandon = {"abandon", .write = run_abandon, .then = run_is_over};

/* ---- from step to step */

void import_run_free(struct import_run *run)
{
    if (!run)
        return;
    run->jobs->import = NULL;
    timer_free(run->timer);
    arena_free(run->arena);
    free(run);
}

/* The next one is looked for at once, after a failure later. */
static void run_leave(struct import_run *run, bool well)
{
    struct jobs *jobs = run->jobs;
    bool was_one = run->id[0] != '\0';
    if (well && was_one && jobs->options.ended)
        jobs->options.ended(jobs->options.context, run->id);
    if (well && was_one)
        jobs_rouse(jobs, run->organisation);
    import_run_free(run);
    if (was_one)
        jobs_arm(jobs, well ? 0 : IMPORT_REST_S * US_PER_SEC);
    jobs_ended(jobs);
}

static void run_retry(struct import_run *run)
{
    run->waiting = true;
    timer_arm(run->timer, IMPORT_RETRY_MS * INT64_C(1000));
}

static void run_failed(struct import_run *run, enum status status, const struct error *err)
{
    if (status == ST_BUSY || status == ST_FULL) {
        run_retry(run);
        return;
    }
    if (status == ST_CONFLICT && run->step == &step_apply && !run->careful) {
        run->careful = true;
        run_step(run);
        return;
    }
    log_line(LOG_ERROR, "import", "a step failed", "import=%s step=%s detail=%s", run->id, run->step->name,
        err->detail);
    if (!run->id[0] || run->step == &step_abandon) {
        run_leave(run, false);
        return;
    }
    (void)text_copy(run->reason, sizeof run->reason, err->detail);
    run->step = &step_abandon;
    run_step(run);
}

static void run_done(void *context, enum status status, const struct error *err)
{
    struct import_run *run = context;
    if (status != ST_OK && !run->jobs->draining) {
        run_failed(run, status, err);
        return;
    }
    const struct import_step *next = status == ST_OK ? run->step->then(run) : NULL;
    if (!next || run->jobs->draining) {
        run_leave(run, !next);
        return;
    }
    run->step = next;
    run_step(run);
}

static void run_step(struct import_run *run)
{
    const struct import_step *step = run->step;
    struct store *store = run->jobs->options.store;
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = step->write ? run->organisation : NULL,
        .actor = run->actor,
        .priority = LANE_SLICE,
        .context = run,
        .done = run_done};
    enum status status = step->write ? store_write(store, &request, step->write, &err)
                                     : store_read(store, &request, step->read, &err);
    if (status != ST_OK)
        run_retry(run);
}

static void run_again(void *context)
{
    struct import_run *run = context;
    run->waiting = false;
    run_step(run);
}

void import_start(struct jobs *jobs)
{
    if (jobs->import || jobs->draining)
        return;
    struct import_run *run = calloc(1, sizeof *run);
    if (!run)
        abort();
    *run = (struct import_run){.jobs = jobs, .step = &step_read, .arena = arena_new(0), .actor = "system"};
    run->timer = timer_new(jobs->options.loop, run_again, run);
    jobs->import = run;
    run_step(run);
}

void import_drain(struct jobs *jobs)
{
    if (jobs->import && jobs->import->waiting)
        import_run_free(jobs->import);
}
