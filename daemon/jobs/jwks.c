/*
 * Keys of sources: fetched when they are due. Loop thread, but for the functions on the write lane.
 */
#include "internal.h"

#include "base/log.h"
#include "base/text.h"
#include "work/jwks.h"

#include <stdio.h>

struct jwks_run {
    struct jwks_run *next;
    struct jobs *jobs;
    struct arena *arena;
    const char *source, *organisation;
    struct fetch_call *call;
    struct fetch_answer *answer;
    char problem[240]; /* instead of an answer */
    bool in_lane;
};

static void jwks_free(struct jwks_run *run)
{
    struct jobs *jobs = run->jobs;
    struct jwks_run **at = &jobs->jwks;
    while (*at != run)
        at = &(*at)->next;
    *at = run->next;
    jobs->fetching_keys--;
    if (run->call)
        fetch_cancel(run->call);
    fetch_answer_free(run->answer);
    arena_free(run->arena);
}

static enum status jwks_write(struct txn *txn, void *context, struct error *err)
{
    struct jwks_run *run = context;
    const char *wrong = NULL;
    struct span body = run->answer ? run->answer->body : SPAN_TEXT("");
    enum status status = jwks_take(txn, run->source, body, run->problem[0] ? run->problem : NULL, &wrong, err);
    if (status == ST_OK && wrong)
        (void)text_copy(run->problem, sizeof run->problem, wrong);
    return status;
}

/* What could not be written is fetched again when the lease is over. */
static void jwks_written(void *context, enum status status, const struct error *err)
{
    struct jwks_run *run = context;
    struct jobs *jobs = run->jobs;
    if (status != ST_OK)
        log_line(LOG_NOTICE, "keys", "not stored", "source=%s why=%s", run->source, err->detail);
    else if (run->problem[0])
        log_line(LOG_NOTICE, "keys", "not fetched", "source=%s why=%s", run->source, run->problem);
    jwks_free(run);
    jobs_arm(jobs, 0);
    jobs_ended(jobs);
}

static void jwks_settle(struct jwks_run *run)
{
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = run->organisation,
        .actor = "system",
        .priority = LANE_SLICE,
        .context = run,
        .done = jwks_written};
    run->in_lane = true;
    enum status status = store_write(run->jobs->options.store, &request, jwks_write, &err);
    if (status != ST_OK)
        jwks_written(run, status, &err);
}

static void jwks_answered(void *context, struct fetch_answer *answer)
{
    struct jwks_run *run = context;
    run->call = NULL;
    run->answer = answer;
    if (answer->outcome != FETCH_ANSWERED)
        (void)text_copy(run->problem, sizeof run->problem, answer->problem);
    else if (answer->status != 200)
        (void)snprintf(run->problem, sizeof run->problem, "the platform answers %d", answer->status);
    jwks_settle(run);
}

static void jwks_fetch(struct jobs *jobs, const struct jwks_row *row, const char *organisation)
{
    static const struct fetch_field accept = {"Accept", "application/jwk-set+json, application/json"};
    struct error err = ERROR_INIT;
    struct arena *arena = arena_new(0);
    struct jwks_run *run = ARENA_NEW(arena, struct jwks_run);
    *run = (struct jwks_run){.next = jobs->jwks,
        .jobs = jobs,
        .arena = arena,
        .source = arena_strdup(arena, row->source),
        .organisation = arena_strdup(arena, organisation)};
    jobs->jwks = run;
    jobs->fetching_keys++;
    const struct fetch_request request = {.url = row->url,
        .fields = &accept,
        .field_count = 1,
        .answer_max = LMS_JWKS_MAX,
        .done = jwks_answered,
        .context = run};
    if (fetch_start(jobs->options.fetcher, &request, &run->call, &err) == ST_OK)
        return;
    (void)text_copy(run->problem, sizeof run->problem, err.detail);
    jwks_settle(run);
}

/* ---- the job */

enum status jwks_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct jwks_watch_list list;
    enum status status = jwks_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.items[i].organisation, list.items[i].next);
    return status;
}

unsigned jwks_room(const struct jobs *jobs)
{
    return jobs->options.fetcher && jobs->fetching_keys < JWKS_FETCHES_MAX
               ? JWKS_FETCHES_MAX - jobs->fetching_keys
               : 0;
}

enum status jwks_lease(struct txn *txn, struct slice *slice, struct error *err)
{
    struct jwks_list due;
    enum status status = jwks_claim(txn, slice->limit, &due, err);
    if (status != ST_OK)
        return status;
    struct jwks_row *rows = ARENA_ARRAY(slice->arena, due.count, struct jwks_row);
    for (size_t i = 0; i < due.count; i++)
        rows[i] = (struct jwks_row){.source = arena_strdup(slice->arena, due.items[i].source),
            .url = arena_strdup(slice->arena, due.items[i].url)};
    slice->jwks = rows;
    slice->done = (unsigned)due.count;
    return ST_OK;
}

void jwks_begin(struct slice *slice)
{
    for (unsigned i = 0; i < slice->done && !slice->jobs->draining; i++)
        jwks_fetch(slice->jobs, &slice->jwks[i], slice->organisation);
}

void jwks_drain(struct jobs *jobs)
{
    for (struct jwks_run *run = jobs->jwks, *next; run; run = next) {
        next = run->next;
        if (!run->in_lane)
            jwks_free(run);
    }
}

void jwks_forget(struct jobs *jobs)
{
    for (struct jwks_run *run = jobs->jwks, *next; run; run = next) {
        next = run->next;
        jwks_free(run);
    }
}
