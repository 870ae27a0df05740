/*
 * Runs that ask sources for completions: a claim begins or continues them, then step by step: which calls (a
 * read lane), the calls (pull_net.c), what they brought (the write lane). Nothing is kept here that a restart
 * would miss. Loop thread, but for the functions of the steps.
 */
#include "pull.h"

#include "base/log.h"
#include "base/text.h"
#include "store/pull.h"

#include <stdlib.h>
#include <string.h>

enum { PULL_RETRY_MS = 500 };

/* ---- life of a run */

static void run_on_timer(void *context)
{
    struct pull_run *run = context;
    run->again(run);
}

struct pull_run *run_new(struct jobs *jobs, struct pull_open *open)
{
    struct pull_run *run = calloc(1, sizeof *run);
    if (!run)
        abort();
    *run = (struct pull_run){
        .jobs = jobs, .open = open, .arena = arena_new(0), .next = jobs->pulls, .retry_after = -1};
    run->timer = timer_new(jobs->options.loop, run_on_timer, run);
    jobs->pulls = run;
    jobs->pulling++;
    return run;
}

void run_free(struct pull_run *run)
{
    struct pull_run **at = &run->jobs->pulls;
    while (*at != run)
        at = &(*at)->next;
    *at = run->next;
    run->jobs->pulling--;
    run_clear(run);
    free(run->token);
    timer_free(run->timer);
    arena_free(run->arena);
    pull_close(run->open);
    free(run);
}

static void run_leave(struct pull_run *run)
{
    struct jobs *jobs = run->jobs;
    run_free(run);
    jobs_arm(jobs, 0);
    jobs_ended(jobs);
}

bool run_is_back(struct pull_run *run)
{
    struct jobs *jobs = run->jobs;
    struct operation_run *trial = run->trial;
    run->in_lane = false;
    if (trial)
        trial->writing = false;
    if (!jobs->draining)
        return true;
    run_free(run);
    if (trial)
        operation_free(trial);
    jobs_ended(jobs);
    return false;
}

void run_store(struct pull_run *run, txn_run write, snapshot_run read, store_done done,
    void (*again)(struct pull_run *run))
{
    struct error err = ERROR_INIT;
    struct store *store = run->jobs->options.store;
    struct store_request request = {
        .organisation = run->trial ? run->trial->organisation : run->open->organisation,
        .actor = "system",
        .priority = LANE_SLICE,
        .context = run,
        .done = done};
    run->in_lane = true;
    if (run->trial)
        run->trial->writing = true;
    enum status status =
        write ? store_write(store, &request, write, &err) : store_read(store, &request, read, &err);
    if (status == ST_OK)
        return;
    run->in_lane = false;
    if (run->trial)
        run->trial->writing = false;
    run->again = again;
    timer_arm(run->timer, PULL_RETRY_MS * INT64_C(1000));
}

/* A step that the store could not do: it will be done again when the lease is over. */
static void run_lost(struct pull_run *run, enum status status, const struct error *err)
{
    if (status != ST_BUSY)
        log_line(LOG_WARNING, "pull", "a step was not done", "source=%s detail=%s",
            run->open ? run->open->source : run->trial->subject, err->detail);
    if (run->trial) {
        (void)text_copy(run->problem, sizeof run->problem, err->detail);
        trial_give_up(run);
    } else {
        run_leave(run);
    }
}

/* ---- asking */

static enum status ask_run(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct pull_run *run = context;
    (void)snapshot;
    return lms_pull_ask(run->arena, &run->open->pull, run->open->cursor, &run->answered, &run->asked, err);
}

static void ask_done(void *context, enum status status, const struct error *err)
{
    struct pull_run *run = context;
    if (!run_is_back(run))
        return;
    if (status != ST_OK)
        run_lost(run, status, err);
    else if (run->asked.count == 0)
        run_take(run);
    else
        run_fetch(run);
}

/* Header fields and bodies as the pure functions take them; borrowed from the answers. */
static struct lms_exchanges run_exchanges(struct pull_run *run)
{
    struct lms_exchange *all = ARENA_ARRAY(run->arena, run->count, struct lms_exchange);
    struct fetch_field fields[PULL_FIELDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct fetch_answer *answer = run->calls[i].answer;
        if (!answer || answer->outcome != FETCH_ANSWERED)
            continue;
        size_t many = fetch_answer_fields(answer, fields, PULL_FIELDS_MAX);
        struct lms_header *headers = ARENA_ARRAY(run->arena, many, struct lms_header);
        for (size_t j = 0; j < many; j++)
            headers[j] = (struct lms_header){.name = fields[j].name, .value = fields[j].value};
        all[count++] = (struct lms_exchange){.call = run->calls[i].asked,
            .status = answer->status,
            .answer = {.headers = headers, .header_count = many, .body = answer->body}};
    }
    return (struct lms_exchanges){.items = all, .count = count};
}

void run_ask(struct pull_run *run)
{
    run->answered = run_exchanges(run);
    run_store(run, NULL, ask_run, ask_done, run_ask);
}

/* ---- storing */

static void run_note(struct pull_run *run, const struct pull_outcome *outcome)
{
    run->end = outcome->end;
    run->ended_operations = (struct operation_list){.count = outcome->ended.count};
    struct operation_row *ended = ARENA_ARRAY(run->arena, outcome->ended.count, struct operation_row);
    for (size_t i = 0; i < outcome->ended.count; i++)
        ended[i].id = arena_strdup(run->arena, outcome->ended.items[i].id);
    run->ended_operations.items = ended;
    if (outcome->end == PULL_GOES_ON)
        run->open->cursor = arena_strdup(run->open->arena, outcome->cursor);
    if (outcome->end == PULL_RESTS)
        (void)text_copy(run->problem, sizeof run->problem, outcome->problem);
}

static enum status take_run(struct txn *txn, void *context, struct error *err)
{
    struct pull_run *run = context;
    struct pull_outcome outcome;
    enum status status = pull_step(txn, run->open, &run->answered, run->retry_after, &outcome, err);
    if (status == ST_OK)
        run_note(run, &outcome);
    return status;
}

static enum status fail_run(struct txn *txn, void *context, struct error *err)
{
    struct pull_run *run = context;
    struct pull_outcome outcome;
    enum status status = pull_fail(txn, run->open, run->problem, run->refused, run->retry_after, &outcome, err);
    if (status == ST_OK)
        run_note(run, &outcome);
    return status;
}

static void step_done(void *context, enum status status, const struct error *err)
{
    struct pull_run *run = context;
    const struct jobs_options *options = &run->jobs->options;
    for (size_t i = 0; status == ST_OK && options->ended && i < run->ended_operations.count; i++)
        options->ended(options->context, run->ended_operations.items[i].id);
    if (!run_is_back(run))
        return;
    if (status != ST_OK) {
        run_lost(run, status, err);
        return;
    }
    if (run->end == PULL_RESTS)
        log_line(LOG_NOTICE, "pull", "the source rests", "source=%s why=%s", run->open->source, run->problem);
    if (run->end != PULL_GOES_ON) {
        jobs_rouse(run->jobs, run->open->organisation);
        run_leave(run);
        return;
    }
    run_clear(run);
    run->renewed = false;
    run_ask(run);
}

void run_take(struct pull_run *run)
{
    if (run->trial) {
        trial_take(run);
        return;
    }
    run->answered = run_exchanges(run);
    run->ended_operations.count = 0;
    run_store(run, take_run, NULL, step_done, run_take);
}

void run_give_up(struct pull_run *run)
{
    if (run->trial) {
        trial_give_up(run);
        return;
    }
    run->ended_operations.count = 0;
    run_store(run, fail_run, NULL, step_done, run_give_up);
}

/* ---- the job */

enum status pull_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct pull_watch_list list;
    enum status status = pull_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.items[i].organisation, list.items[i].next);
    return status;
}

unsigned pull_room(const struct jobs *jobs)
{
    return jobs->options.fetcher && jobs->pulling < PULLS_MAX ? PULLS_MAX - jobs->pulling : 0;
}

enum status pull_take(struct txn *txn, struct slice *slice, struct error *err)
{
    struct pull_claims claims;
    enum status status = pull_claim(txn, slice->arena, slice->limit, &claims, err);
    if (status != ST_OK)
        return status;
    slice->pulls = claims.items;
    slice->done = (unsigned)claims.count;
    return ST_OK;
}

static bool is_under_way(const struct jobs *jobs, const char *source)
{
    for (const struct pull_run *run = jobs->pulls; run; run = run->next)
        if (!run->trial && !strcmp(run->open->source, source))
            return true;
    return false;
}

void pull_begin(struct slice *slice)
{
    struct jobs *jobs = slice->jobs;
    for (unsigned i = 0; i < slice->done; i++) {
        struct pull_open *open = slice->pulls[i];
        if (jobs->draining || is_under_way(jobs, open->source))
            pull_close(open);
        else
            run_enter(run_new(jobs, open));
    }
}

void pull_drain(struct jobs *jobs)
{
    struct pull_run *next;
    for (struct pull_run *run = jobs->pulls; run; run = next) {
        next = run->next;
        if (!run->in_lane)
            run_free(run);
    }
}

void pull_forget(struct jobs *jobs)
{
    for (struct pull_run *run = jobs->pulls, *next; run; run = next) {
        next = run->next;
        run_free(run);
    }
}
