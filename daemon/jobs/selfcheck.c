/*
 * The nightly self-check: every audit chain in slices, then the database table by table, on the lane of what
 * takes long. What it finds is logged, kept in a row and shown in the metrics. Loop thread, but for the
 * functions of the slices.
 */
#include "internal.h"

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/check.h"
#include "store/upkeep.h"
#include "work/check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SELFCHECK_REST (INT64_C(600) * US_PER_SEC)

enum { SELFCHECK_SLICE = 500 };

struct selfcheck_cursor {
    size_t chain;
    struct audit_verification state;
    bool beside; /* the chain is verified: rows beside it */
    struct check_cursor row;
    unsigned table;
    int64_t records, rows;
    bool ended;
};

struct selfcheck_run {
    struct jobs *jobs;
    struct arena *arena;
    const char **chains; /* NULL: not listed yet */
    size_t count;
    struct selfcheck_cursor cursor, next;
    const char *found; /* by the slice under way, NULL = nothing */
    const char *first; /* of all */
    unsigned faults;
    int64_t began; /* monotonic */
    instant_t at;
};

/* ---- when */

enum status selfcheck_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct upkeep_row row;
    enum status status = upkeep_get(snapshot, "system", SELFCHECK_NAME, &row, err);
    if (status == ST_OK)
        look_found(look, "system", row.next_at);
    else if (status == ST_NOT_FOUND)
        look_found(look, "system", upkeep_night(look_began(look)));
    return status == ST_NOT_FOUND ? ST_OK : status;
}

/* ---- slices */

static enum status selfcheck_list(const struct snapshot *snapshot, struct selfcheck_run *run, struct error *err)
{
    const char *const *keys = NULL;
    enum status status = store_chains(snapshot, &keys, &run->count, err);
    const char **copy = ARENA_ARRAY(run->arena, run->count, const char *);
    for (size_t i = 0; status == ST_OK && i < run->count; i++)
        copy[i] = arena_strdup(run->arena, keys[i]);
    if (status == ST_OK)
        run->chains = copy;
    return status;
}

static void selfcheck_next_chain(struct selfcheck_cursor *cursor)
{
    cursor->chain++;
    cursor->state = (struct audit_verification){0};
    cursor->beside = false;
    cursor->row = (struct check_cursor){0};
}

/* A chain that does not hold tells nothing about rows. */
static enum status selfcheck_rows(const struct snapshot *snapshot, struct selfcheck_run *run, struct error *err)
{
    struct selfcheck_cursor *next = &run->next;
    const char *found = NULL;
    enum status status = check_rows(snapshot, run->chains[next->chain], &next->row, &next->rows, &found, err);
    if (found)
        run->found = arena_strdup(run->arena, found);
    if (next->row.ended)
        selfcheck_next_chain(next);
    return status;
}

static enum status selfcheck_chain(
    const struct snapshot *snapshot, struct selfcheck_run *run, struct error *err)
{
    struct selfcheck_cursor *next = &run->next;
    const char *chain = run->chains[next->chain];
    struct error why = ERROR_INIT;
    int64_t before = next->state.seq;
    enum status status = audit_verify(snapshot, chain, &next->state, SELFCHECK_SLICE, &why);
    if (status != ST_OK && status != ST_CONFLICT)
        return error_set(err, status, "chain of %s: %s", chain, why.detail);
    next->records += next->state.seq - before;
    if (status == ST_CONFLICT)
        run->found = arena_printf(run->arena, "chain of %s: %s", chain, why.detail);
    if (status == ST_CONFLICT)
        selfcheck_next_chain(next);
    else
        next->beside = next->state.finished;
    return ST_OK;
}

static void selfcheck_table(const struct snapshot *snapshot, struct selfcheck_run *run)
{
    const char *table = NULL;
    struct error why = ERROR_INIT;
    if (store_check_table(snapshot, run->next.table, &table, &why) != ST_OK)
        run->found = arena_printf(run->arena, "table %s: %s", table ? table : "?", why.detail);
    run->next.table++;
    run->next.ended = !table;
}

static enum status selfcheck_slice(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct selfcheck_run *run = context;
    run->next = run->cursor;
    run->found = NULL;
    if (!run->chains)
        return selfcheck_list(snapshot, run, err);
    if (run->next.chain < run->count)
        return run->next.beside ? selfcheck_rows(snapshot, run, err) : selfcheck_chain(snapshot, run, err);
    selfcheck_table(snapshot, run);
    return ST_OK;
}

/* ---- from slice to slice */

static void selfcheck_step(struct selfcheck_run *run);

void selfcheck_free(struct selfcheck_run *run)
{
    if (!run)
        return;
    run->jobs->selfcheck = NULL;
    arena_free(run->arena);
    free(run);
}

static void selfcheck_leave(struct selfcheck_run *run)
{
    struct jobs *jobs = run->jobs;
    selfcheck_free(run);
    if (!jobs->draining && jobs->options.ended)
        jobs->options.ended(jobs->options.context, SELFCHECK_NAME);
    jobs_ended(jobs);
}

/* Not at once again, whoever wakes the jobs meanwhile. */
static void selfcheck_give_up(struct selfcheck_run *run)
{
    run->jobs->selfcheck_rests = clock_monotonic() + SELFCHECK_REST;
    jobs_arm(run->jobs, SELFCHECK_REST);
    selfcheck_leave(run);
}

static const char *selfcheck_result(struct selfcheck_run *run)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member_int(&w, "chains", (int64_t)run->count);
    jw_member_int(&w, "records", run->cursor.records);
    jw_member_int(&w, "rows", run->cursor.rows);
    jw_member_int(&w, "tables", run->cursor.table - 1);
    jw_member_int(&w, "faults", run->faults);
    jw_member_int(&w, "ms", (clock_monotonic() - run->began) / 1000);
    jw_close(&w, '}');
    return arena_strdup(run->arena, text.data);
}

static enum status selfcheck_keep(struct txn *txn, void *context, struct error *err)
{
    struct selfcheck_run *run = context;
    struct upkeep_row before = {.last_success = INSTANT_NONE};
    bool failed = run->faults > 0;
    enum status status = upkeep_get(txn_snapshot(txn), "system", SELFCHECK_NAME, &before, err);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    struct upkeep_row row = {.name = SELFCHECK_NAME,
        .state = failed ? "failed" : "held",
        .next_at = upkeep_night(run->at),
        .last_run = run->at,
        .last_success = failed ? before.last_success : run->at,
        .last_error = failed ? run->first : NULL,
        .result = selfcheck_result(run)};
    return upkeep_put(txn, &row, err);
}

/* Whether it could be kept or not, what was found is known. */
static void selfcheck_kept(void *context, enum status status, const struct error *err)
{
    struct selfcheck_run *run = context;
    if (status == ST_OK) {
        jobs_arm(run->jobs, 0);
        selfcheck_leave(run);
        return;
    }
    log_line(LOG_WARNING, "selfcheck", "its end could not be written", "detail=%s", err->detail);
    selfcheck_give_up(run);
}

static void selfcheck_end(struct selfcheck_run *run)
{
    struct selfcheck_figures *figures = &run->jobs->selfcheck_figures;
    figures->at = run->at;
    figures->failed = run->faults > 0;
    figures->taken = clock_monotonic() - run->began;
    if (!figures->failed) {
        figures->held_at = run->at;
        log_line(LOG_INFO, "selfcheck", "the store holds",
            "chains=%zu records=%" PRId64 " rows=%" PRId64 " tables=%u ms=%" PRId64, run->count,
            run->cursor.records, run->cursor.rows, run->cursor.table - 1, figures->taken / 1000);
    }
    const struct store_request request = {.organisation = "system",
        .actor = "system",
        .priority = LANE_SLICE,
        .context = run,
        .done = selfcheck_kept};
    if (store_write(run->jobs->options.store, &request, selfcheck_keep, NULL) != ST_OK)
        selfcheck_give_up(run);
}

/* A slice that cannot be read is a fault too, and what comes after it is looked at all the same. */
static void selfcheck_unread(struct selfcheck_run *run, const struct error *err)
{
    run->next = run->cursor;
    run->found = arena_strdup(run->arena, err->detail);
    if (run->next.chain < run->count)
        selfcheck_next_chain(&run->next);
    else
        run->next.table++;
}

static void selfcheck_done(void *context, enum status status, const struct error *err)
{
    struct selfcheck_run *run = context;
    if (run->jobs->draining || status == ST_BUSY || (status != ST_OK && !run->chains)) {
        if (status != ST_OK && status != ST_BUSY)
            log_line(LOG_WARNING, "selfcheck", "will be tried again", "detail=%s", err->detail);
        selfcheck_give_up(run);
        return;
    }
    if (status != ST_OK)
        selfcheck_unread(run, err);
    if (run->found) {
        log_line(LOG_ERROR, "selfcheck", "the store does not hold", "detail=%s", run->found);
        if (run->faults++ == 0)
            run->first = run->found;
    }
    run->cursor = run->next;
    if (run->cursor.ended)
        selfcheck_end(run);
    else
        selfcheck_step(run);
}

static void selfcheck_step(struct selfcheck_run *run)
{
    const struct store_request request = {
        .actor = "system", .priority = LANE_SLICE, .context = run, .done = selfcheck_done};
    if (store_read_long(run->jobs->options.store, &request, selfcheck_slice, NULL) != ST_OK)
        selfcheck_give_up(run);
}

void selfcheck_start(struct jobs *jobs)
{
    if (jobs->selfcheck || jobs->draining || clock_monotonic() < jobs->selfcheck_rests)
        return;
    struct selfcheck_run *run = calloc(1, sizeof *run);
    if (!run)
        abort();
    *run = (struct selfcheck_run){
        .jobs = jobs, .arena = arena_new(0), .began = clock_monotonic(), .at = clock_now(jobs->options.clock)};
    jobs->selfcheck = run;
    selfcheck_step(run);
}

/* ---- what the last one found, before a restart */

static enum status selfcheck_recall(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct jobs *jobs = context;
    struct upkeep_row row;
    enum status status = upkeep_get(snapshot, "system", SELFCHECK_NAME, &row, err);
    if (status == ST_OK)
        jobs->selfcheck_recalled = (struct selfcheck_figures){
            .at = row.last_run, .held_at = row.last_success, .failed = text_equal(row.state, "failed")};
    return status;
}

static void selfcheck_on_recalled(void *context, enum status status, const struct error *err)
{
    struct jobs *jobs = context;
    (void)err;
    if (status == ST_OK && jobs->selfcheck_figures.at == INSTANT_NONE)
        jobs->selfcheck_figures = jobs->selfcheck_recalled;
    jobs->recalling = false;
    jobs_ended(jobs);
}

void selfcheck_remember(struct jobs *jobs)
{
    const struct store_request request = {
        .actor = "system", .priority = LANE_SLICE, .context = jobs, .done = selfcheck_on_recalled};
    jobs->recalled = true;
    jobs->recalling = store_read(jobs->options.store, &request, selfcheck_recall, NULL) == ST_OK;
}

static void selfcheck_metric(struct buf *out, const char *name, const char *help, double value)
{
    buf_printf(out,
        "# HELP entretiend_selfcheck_%1$s %2$s\n# TYPE entretiend_selfcheck_%1$s gauge\n"
        "entretiend_selfcheck_%1$s %3$.17g\n",
        name, help, value);
}

static double selfcheck_seconds(instant_t at)
{
    return at == INSTANT_NONE ? 0 : (double)at / US_PER_SEC;
}

void selfcheck_metrics(const struct jobs *jobs, struct buf *out)
{
    const struct selfcheck_figures *figures = &jobs->selfcheck_figures;
    selfcheck_metric(
        out, "failed", "1 when the latest self-check found the store damaged or changed.", figures->failed);
    selfcheck_metric(out, "last_run_timestamp_seconds", "When the latest one began, 0: there was none yet.",
        selfcheck_seconds(figures->at));
    selfcheck_metric(out, "last_success_timestamp_seconds", "When the latest one began that found nothing.",
        selfcheck_seconds(figures->held_at));
    selfcheck_metric(out, "duration_seconds", "How long the latest one since the start of the daemon took.",
        (double)figures->taken / 1e6);
}
