/*
 * The runner: looks what is due, has it done in slices, sleeps until the next thing falls due. Loop thread, but
 * for the functions of the table, which run on lanes.
 */
#include "internal.h"

#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    JOBS_GATHER_MS = 10,        /* writes that follow one another are looked at together */
    JOBS_REST_S = 60,           /* of a job that failed or found nothing to do, unless it is roused */
    JOBS_BUSY_MS = 500,         /* the store's queue is full */
    JOBS_PATIENCE_S = 5,        /* for relays that do not answer, when the daemon stops */
    JOBS_LOOK_MOST_S = 60 * 60, /* the wall clock may be moved */
};

struct look {
    struct jobs *jobs;
    struct arena *arena;
    unsigned job; /* whose look function runs */
    struct job_due *dues;
    size_t count, capacity;
    instant_t now;
};

instant_t look_began(const struct look *look)
{
    return look->jobs->began;
}

/* ---- the timer */

void jobs_arm(struct jobs *jobs, int64_t delay_us)
{
    int64_t at = clock_monotonic() + (delay_us > 0 ? delay_us : 0);
    if (at >= jobs->timer_at)
        return;
    jobs->timer_at = at;
    timer_arm(jobs->timer, delay_us > 0 ? delay_us : 0);
}

void jobs_rouse(struct jobs *jobs, const char *organisation)
{
    for (struct slice *slice = jobs->slices; slice; slice = slice->next)
        if (!organisation || !strcmp(slice->organisation, organisation)) {
            slice->woken = true;
            slice->rests_until = slice->rests_until ? 1 : 0;
        }
}

void jobs_wake(struct jobs *jobs, const char *organisation)
{
    if (!jobs)
        return;
    jobs_rouse(jobs, organisation);
    jobs_arm(jobs, JOBS_GATHER_MS * 1000);
}

/* ---- slices */

static struct slice *slice_find(struct jobs *jobs, const struct job_due *due)
{
    for (struct slice *slice = jobs->slices; slice; slice = slice->next)
        if (slice->job == due->job && !strcmp(slice->organisation, due->organisation))
            return slice;
    return NULL;
}

static void slice_free(struct slice *slice)
{
    struct slice **at = &slice->jobs->slices;
    while (*at != slice)
        at = &(*at)->next;
    *at = slice->next;
    arena_free(slice->arena);
    free(slice);
}

/* Those that have rested enough are forgotten; whether there is work for them is looked at anew. */
static void slices_forget_rested(struct jobs *jobs)
{
    int64_t now = clock_monotonic();
    struct slice *next;
    for (struct slice *slice = jobs->slices; slice; slice = next) {
        next = slice->next;
        if (slice->rests_until && slice->rests_until <= now)
            slice_free(slice);
    }
}

static enum status slice_run(struct txn *txn, void *context, struct error *err)
{
    struct slice *slice = context;
    arena_reset(slice->arena);
    slice->done = 0;
    return job_table[slice->job].run(txn, slice, err);
}

static void slice_done(void *context, enum status status, const struct error *err)
{
    struct slice *slice = context;
    struct jobs *jobs = slice->jobs;
    const struct job_row *row = &job_table[slice->job];
    jobs->running--;
    if (status != ST_OK && status != ST_BUSY)
        log_line(LOG_WARNING, row->name, "will be tried again", "organisation=%s detail=%s",
            slice->organisation, err->detail);
    if (status == ST_OK && row->committed)
        row->committed(slice);
    /* What was written while it ran it may not have seen. */
    if (status == ST_OK && (slice->done > 0 || slice->woken)) {
        slice_free(slice);
        jobs_arm(jobs, 0);
    } else {
        slice->rests_until = clock_monotonic() + JOBS_REST_S * US_PER_SEC;
        jobs_arm(jobs, JOBS_REST_S * US_PER_SEC);
    }
    jobs_ended(jobs);
}

static void slice_start(struct jobs *jobs, const struct job_due *due, unsigned limit)
{
    struct slice *slice = calloc(1, sizeof *slice);
    struct error err = ERROR_INIT;
    if (!slice)
        abort();
    *slice = (struct slice){
        .next = jobs->slices, .jobs = jobs, .job = due->job, .limit = limit, .arena = arena_new(0)};
    (void)text_copy(slice->organisation, sizeof slice->organisation, due->organisation);
    jobs->slices = slice;
    struct store_request request = {.organisation = slice->organisation,
        .actor = "system",
        .priority = LANE_SLICE,
        .context = slice,
        .done = slice_done};
    if (store_write(jobs->options.store, &request, slice_run, &err) == ST_OK) {
        jobs->running++;
        return;
    }
    slice_free(slice);
    jobs_arm(jobs, JOBS_BUSY_MS * 1000);
}

/* ---- looking */

void look_found(struct look *look, const char *organisation, instant_t at)
{
    if (look->count == look->capacity) {
        struct job_due *more = ARENA_ARRAY(look->arena, 2 * look->capacity + 16, struct job_due);
        if (look->count)
            memcpy(more, look->dues, look->count * sizeof *more);
        look->dues = more;
        look->capacity = 2 * look->capacity + 16;
    }
    struct job_due *due = &look->dues[look->count++];
    *due = (struct job_due){.job = look->job, .at = at};
    (void)text_copy(due->organisation, sizeof due->organisation, organisation);
}

static enum status look_run(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct look *look = context;
    enum status status = ST_OK;
    arena_reset(look->arena);
    look->dues = NULL;
    look->count = look->capacity = 0;
    look->now = snapshot_now(snapshot);
    for (look->job = 0; look->job < job_table_count && status == ST_OK; look->job++)
        status = job_table[look->job].look(snapshot, look, err);
    return status;
}

static void look_act_on(struct jobs *jobs, const struct job_due *due, instant_t now)
{
    const struct job_row *row = &job_table[due->job];
    if (due->at > now) {
        jobs_arm(jobs, due->at - now);
        return;
    }
    if (row->begin) {
        row->begin(jobs);
        return;
    }
    const struct slice *slice = slice_find(jobs, due);
    if (slice && slice->rests_until)
        jobs_arm(jobs, slice->rests_until - clock_monotonic());
    /* What is under way, and what makes room, looks again when it ends. */
    unsigned room = row->room ? row->room(jobs) : 1;
    if (!slice && room > 0 && jobs->running < JOBS_SLICES_MAX)
        slice_start(jobs, due, room);
}

static void look_done(void *context, enum status status, const struct error *err)
{
    struct look *look = context;
    struct jobs *jobs = look->jobs;
    jobs->looking = false;
    if (status != ST_OK && status != ST_BUSY)
        log_line(LOG_WARNING, "jobs", "cannot look what is due", "detail=%s", err->detail);
    if (status != ST_OK)
        jobs_arm(jobs, JOBS_REST_S * US_PER_SEC);
    for (size_t i = 0; status == ST_OK && !jobs->draining && i < look->count; i++)
        look_act_on(jobs, &look->dues[i], look->now);
    jobs_arm(jobs, jobs->again ? 0 : JOBS_LOOK_MOST_S * US_PER_SEC);
    jobs->again = false;
    arena_free(look->arena);
    free(look);
    jobs_ended(jobs);
}

static void jobs_look(void *context)
{
    struct jobs *jobs = context;
    struct error err = ERROR_INIT;
    jobs->timer_at = INT64_MAX;
    mail_settle_again(jobs);
    jobs->again = jobs->looking;
    if (jobs->looking || jobs->draining)
        return;
    slices_forget_rested(jobs);
    if (!jobs->recalled)
        selfcheck_remember(jobs);
    struct look *look = calloc(1, sizeof *look);
    if (!look)
        abort();
    *look = (struct look){.jobs = jobs, .arena = arena_new(0)};
    struct store_request request = {
        .actor = "system", .priority = LANE_SLICE, .context = look, .done = look_done};
    if (store_read(jobs->options.store, &request, look_run, &err) == ST_OK) {
        jobs->looking = true;
        return;
    }
    arena_free(look->arena);
    free(look);
    jobs_arm(jobs, JOBS_BUSY_MS * 1000);
}

/* ---- life */

enum status jobs_new(const struct jobs_options *options, struct jobs **ret, struct error *err)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (!jobs)
        abort();
    jobs->options = *options;
    jobs->timer_at = INT64_MAX;
    jobs->began = clock_now(options->clock);
    enum status status = mail_start(jobs, err);
    if (status != ST_OK) {
        free(jobs);
        return status;
    }
    jobs->timer = timer_new(options->loop, jobs_look, jobs);
    jobs->selfcheck_figures = (struct selfcheck_figures){.at = INSTANT_NONE, .held_at = INSTANT_NONE};
    mailbox_start(jobs);
    jobs_arm(jobs, 0);
    *ret = jobs;
    return ST_OK;
}

void jobs_ended(struct jobs *jobs)
{
    if (!jobs->drained || jobs->running || jobs->looking || jobs->recalling || jobs->selfcheck ||
        jobs->sending || jobs->import || jobs->talking || jobs->operating || jobs->pulling ||
        jobs->fetching_keys || !jobs->lane_ended)
        return;
    if (!mailbox_is_idle(jobs))
        return;
    void (*drained)(void *context) = jobs->drained;
    jobs->drained = NULL;
    drained(jobs->drained_context);
}

static void jobs_lane_ended(void *context)
{
    struct jobs *jobs = context;
    jobs->lane_ended = true;
    jobs_ended(jobs);
}

static void jobs_give_up(void *context)
{
    struct jobs *jobs = context;
    atomic_store(&jobs->stopping, true);
}

void jobs_drain(struct jobs *jobs, void (*drained)(void *context), void *context)
{
    jobs->draining = true;
    jobs->patience = timer_new(jobs->options.loop, jobs_give_up, jobs);
    timer_arm(jobs->patience, JOBS_PATIENCE_S * US_PER_SEC);
    jobs->drained = drained;
    jobs->drained_context = context;
    import_drain(jobs);
    pull_drain(jobs);
    jwks_drain(jobs);
    talk_drain(jobs);
    operation_drain(jobs);
    mailbox_drain(jobs);
    if (jobs->lane)
        lane_drain(jobs->lane, jobs_lane_ended, jobs);
    else
        loop_post(jobs->options.loop, jobs_lane_ended, jobs);
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs)
        return;
    mail_stop(jobs);
    mailbox_stop(jobs);
    talk_stop(jobs);
    import_run_free(jobs->import);
    selfcheck_free(jobs->selfcheck);
    pull_forget(jobs);
    jwks_forget(jobs);
    for (struct operation_run *run = jobs->operations, *next; run; run = next) {
        next = run->next;
        operation_free(run);
    }
    for (struct slice *slice = jobs->slices, *next; slice; slice = next) {
        next = slice->next;
        slice_free(slice);
    }
    timer_free(jobs->timer);
    timer_free(jobs->patience);
    free(jobs);
}
