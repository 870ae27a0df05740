/*
 * Operations that requests have asked for: claimed under a lease, begun by their kind, ended with a result.
 * Loop thread, but for the functions on the store's lanes.
 */
#include "internal.h"

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "store/operation.h"

#include <stdlib.h>
#include <string.h>

enum { OPERATION_RETRY_MS = 500 };

static const struct operation_kind *operation_kind_find(const char *name)
{
    for (const struct operation_kind *kind = operation_kinds; kind->name; kind++)
        if (!strcmp(kind->name, name))
            return kind;
    return NULL;
}

/* ---- taking */

enum status operation_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct operation_watch_list list;
    enum status status = operation_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        if (list.items[i].next != INSTANT_NONE)
            look_found(look, list.items[i].organisation, list.items[i].next);
    return status;
}

unsigned operation_room(const struct jobs *jobs)
{
    return jobs->operating < OPERATIONS_MAX ? OPERATIONS_MAX - jobs->operating : 0;
}

/* The rows are copied: the store's memory ends with the transaction. */
enum status operation_take(struct txn *txn, struct slice *slice, struct error *err)
{
    struct operation_list list;
    instant_t until = txn_now(txn) + OPERATION_LEASE_S * US_PER_SEC;
    enum status status = operation_claim(txn, slice->jobs->owner, until, slice->limit, &list, err);
    if (status != ST_OK)
        return status;
    struct operation_row *rows = ARENA_ARRAY(slice->arena, list.count + 1, struct operation_row);
    for (size_t i = 0; i < list.count; i++) {
        rows[i] = (struct operation_row){.id = arena_strdup(slice->arena, list.items[i].id),
            .kind = arena_strdup(slice->arena, list.items[i].kind),
            .subject = arena_strdup(slice->arena, list.items[i].subject),
            .request = arena_strdup(slice->arena, list.items[i].request),
            .attempts = list.items[i].attempts};
    }
    slice->operations = (struct operation_list){.items = rows, .count = list.count};
    slice->done = (unsigned)list.count;
    return ST_OK;
}

void operation_begin(struct slice *slice)
{
    struct jobs *jobs = slice->jobs;
    for (size_t i = 0; i < slice->operations.count; i++) {
        const struct operation_row *row = &slice->operations.items[i];
        struct arena *arena = arena_new(0);
        struct operation_run *run = ARENA_NEW(arena, struct operation_run);
        *run = (struct operation_run){.jobs = jobs,
            .arena = arena,
            .kind = operation_kind_find(row->kind),
            .id = arena_strdup(arena, row->id),
            .subject = arena_strdup(arena, row->subject),
            .request = arena_strdup(arena, row->request),
            .next = jobs->operations};
        (void)text_copy(run->organisation, sizeof run->organisation, slice->organisation);
        buf_init(&run->result, 0);
        jobs->operations = run;
        jobs->operating++;
        if (row->attempts > OPERATION_ATTEMPTS)
            operation_fail(run, "it was begun several times and never ended");
        else if (!run->kind)
            operation_fail(run, "nobody here knows this kind of operation");
        else
            run->kind->begin(run);
    }
}

/* ---- ending */

void operation_free(struct operation_run *run)
{
    struct jobs *jobs = run->jobs;
    struct operation_run **at = &jobs->operations;
    while (*at != run)
        at = &(*at)->next;
    *at = run->next;
    jobs->operating--;
    if (run->call)
        fetch_cancel(run->call);
    timer_free(run->timer);
    buf_free(&run->result);
    arena_free(run->arena);
}

static enum status operation_write(struct txn *txn, void *context, struct error *err)
{
    const struct operation_run *run = context;
    return operation_end(txn, run->id, run->failed ? "failed" : "done", run->result.data, err);
}

static void operation_written(void *context, enum status status, const struct error *err)
{
    struct operation_run *run = context;
    struct jobs *jobs = run->jobs;
    run->writing = false;
    if ((status == ST_BUSY || status == ST_FULL) && !jobs->draining) {
        timer_arm(run->timer, OPERATION_RETRY_MS * INT64_C(1000));
        return;
    }
    if (status != ST_OK)
        log_line(LOG_WARNING, "operation", "its end was not written", "operation=%s detail=%s", run->id,
            err->detail);
    if (status == ST_OK && jobs->options.ended)
        jobs->options.ended(jobs->options.context, run->id);
    operation_free(run);
    jobs_arm(jobs, 0);
    jobs_ended(jobs);
}

static void operation_settle(void *context)
{
    struct operation_run *run = context;
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = run->organisation,
        .actor = "system",
        .priority = LANE_PEOPLE,
        .context = run,
        .done = operation_written};
    run->writing = true;
    if (store_write(run->jobs->options.store, &request, operation_write, &err) != ST_OK)
        operation_written(run, ST_BUSY, &err);
}

void operation_done(struct operation_run *run)
{
    if (!run->result.size)
        buf_text(&run->result, "{}");
    if (!run->timer)
        run->timer = timer_new(run->jobs->options.loop, operation_settle, run);
    timer_arm(run->timer, 0);
}

void operation_fail(struct operation_run *run, const char *problem)
{
    struct json_writer w = json_writer(&run->result);
    buf_reset(&run->result);
    jw_open(&w, '{');
    jw_member(&w, "problem", problem);
    jw_close(&w, '}');
    run->failed = true;
    operation_done(run);
}

/* What waits for the network or for a retry is left to its lease; what runs on a lane ends there. */
void operation_drain(struct jobs *jobs)
{
    struct operation_run *next;
    for (struct operation_run *run = jobs->operations; run; run = next) {
        next = run->next;
        if (!run->writing)
            operation_free(run);
    }
}

/* ---- forgetting */

enum status operation_forget_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct operation_watch_list list;
    enum status status = operation_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        if (list.items[i].oldest != INSTANT_NONE)
            look_found(look, list.items[i].organisation,
                list.items[i].oldest + OPERATION_LIFE + INT64_C(3600) * US_PER_SEC);
    return status;
}

enum status operation_forget(struct txn *txn, struct slice *slice, struct error *err)
{
    int64_t expired = 0;
    enum status status = operation_expire(txn, OPERATION_FORGET_MAX, &expired, err);
    slice->done = (unsigned)expired;
    return status;
}
