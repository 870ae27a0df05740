/*
 * Conversations with CalDAV servers: taken on the write lane, led on the loop, written in the end. Loop thread,
 * but for the functions that run on the store's lanes.
 */
#include "talk.h"

#include "base/log.h"
#include "base/text.h"
#include "work/delivery.h"

#include <stdlib.h>
#include <string.h>

enum { TALK_AGAIN_MS = 500, TALK_LEASE_S = 5 * 60 };

/* ---- on the store's lanes */

static void talk_free_secret(void *secret)
{
    secret_free(secret);
}

static struct talk *talk_make(struct slice *slice)
{
    struct talk *talk = ARENA_NEW(slice->arena, struct talk);
    talk->jobs = slice->jobs;
    slice->talk = talk;
    return talk;
}

static void talk_keep_password(struct slice *slice, struct talk *talk, struct secret *password)
{
    talk->password = password;
    if (password)
        arena_defer(slice->arena, talk_free_secret, password);
}

enum status visit_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct calendar_due_list list;
    enum status status = calendar_due(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.items[i].organisation, list.items[i].next_at);
    return status;
}

/* How the calendar is now. */
static enum status talk_look_after(struct txn *txn, struct talk *talk, struct error *err)
{
    struct calendar_row row;
    struct error missing = ERROR_INIT;
    if (!talk->calendar->id)
        return ST_OK;
    enum status status = calendar_load(txn_snapshot(txn), talk->calendar->id, &row, &missing);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    talk->failures_after = row.failures;
    talk->next_after = row.next_at;
    return ST_OK;
}

static enum status visit_write(struct txn *txn, void *context, struct error *err)
{
    struct talk *talk = context;
    enum status status = calendar_visit_settle(txn, &talk->visit, &talk->found, err);
    return status == ST_OK ? talk_look_after(txn, talk, err) : status;
}

enum status visit_claim(struct txn *txn, struct slice *slice, struct error *err)
{
    struct talk *talk = talk_make(slice);
    bool any = false;
    talk->is_visit = true;
    talk->write = visit_write;
    enum status status = calendar_visit_claim(txn, slice->arena, &talk->visit, &any, err);
    if (status != ST_OK || !any) {
        slice->talk = NULL;
        return status;
    }
    talk->calendar = &talk->visit.calendar;
    talk_keep_password(slice, talk, talk->visit.password);
    slice->done = 1;
    return ST_OK;
}

enum status put_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct delivery_due_list list;
    enum status status = delivery_due(snapshot, "caldav", &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.items[i].organisation, list.items[i].next_at);
    return status;
}

static enum status put_write(struct txn *txn, void *context, struct error *err)
{
    struct talk *talk = context;
    enum status status = calendar_put_settle(txn, talk->jobs->owner, &talk->put, &talk->result, err);
    return status == ST_OK ? talk_look_after(txn, talk, err) : status;
}

enum status put_claim(struct txn *txn, struct slice *slice, struct error *err)
{
    struct delivery_list claimed;
    enum status status = delivery_claim(
        txn, "caldav", slice->jobs->owner, txn_now(txn) + TALK_LEASE_S * US_PER_SEC, 1, &claimed, err);
    slice->talk = NULL;
    if (status != ST_OK || claimed.count == 0)
        return status;
    struct talk *talk = talk_make(slice);
    talk->write = put_write;
    status = calendar_put_load(txn, slice->arena, &claimed.items[0], &talk->put, err);
    if (status != ST_OK)
        return status;
    talk->calendar = &talk->put.calendar;
    talk_keep_password(slice, talk, talk->put.password);
    slice->done = 1;
    return ST_OK;
}

/* ---- on the loop */

unsigned talk_room(const struct jobs *jobs)
{
    return jobs->draining || !jobs->options.fetcher || jobs->talking >= TALK_MAX ? 0 : 1;
}

void talk_begin(struct slice *slice)
{
    struct talk *talk = slice->talk;
    if (!talk)
        return;
    /* The conversation takes the memory with it. */
    talk->arena = slice->arena;
    slice->arena = arena_new(0);
    slice->talk = NULL;
    (void)text_copy(talk->organisation, sizeof talk->organisation, slice->organisation);
    talk->next = talk->jobs->talks;
    talk->jobs->talks = talk;
    talk->jobs->talking++;
    if (talk->is_visit)
        visit_begin_talk(talk);
    else
        put_begin_talk(talk);
}

static void talk_free(struct talk *talk)
{
    struct jobs *jobs = talk->jobs;
    struct talk **at = &jobs->talks;
    while (*at != talk)
        at = &(*at)->next;
    *at = talk->next;
    jobs->talking--;
    if (talk->call)
        fetch_cancel(talk->call);
    timer_free(talk->timer);
    arena_free(talk->arena);
}

static void talk_settle(void *context);

static void talk_written(void *context, enum status status, const struct error *err)
{
    struct talk *talk = context;
    struct jobs *jobs = talk->jobs;
    char organisation[ORG_KEY_MAX];
    talk->writing = false;
    if ((status == ST_BUSY || status == ST_FULL) && !jobs->draining) {
        timer_arm(talk->timer, TALK_AGAIN_MS * INT64_C(1000));
        return;
    }
    if (status != ST_OK)
        log_line(LOG_NOTICE, "calendar", "an end was not written", "organisation=%s detail=%s",
            talk->organisation, err->detail);
    else
        talk_count(talk);
    (void)text_copy(organisation, sizeof organisation, talk->organisation);
    talk_free(talk);
    jobs_rouse(jobs, organisation);
    jobs_arm(jobs, 0);
    jobs_ended(jobs);
}

static void talk_settle(void *context)
{
    struct talk *talk = context;
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = talk->organisation,
        .actor = "system",
        .priority = LANE_PEOPLE,
        .context = talk,
        .done = talk_written};
    talk->writing = true;
    if (store_write(talk->jobs->options.store, &request, talk->write, &err) != ST_OK)
        talk_written(talk, ST_BUSY, &err);
}

void talk_end(struct talk *talk)
{
    if (!talk->timer)
        talk->timer = timer_new(talk->jobs->options.loop, talk_settle, talk);
    timer_arm(talk->timer, 0);
}

static void talk_answered(void *context, struct fetch_answer *answer)
{
    struct talk *talk = context;
    talk->call = NULL;
    talk->take(talk, answer);
    fetch_answer_free(answer);
}

static void talk_refused(struct talk *talk, const char *problem)
{
    talk->found.problem = talk->result.why = arena_strdup(talk->arena, problem);
    talk->result.outcome = DELIVERY_RETRY;
    talk->result.server_failed = true;
    talk_end(talk);
}

void talk_send(struct talk *talk, const struct talk_request *request)
{
    struct error err = ERROR_INIT;
    struct fetch_field fields[4];
    size_t count = 0;
    if (request->depth)
        fields[count++] = (struct fetch_field){"Depth", request->depth};
    if (request->type)
        fields[count++] = (struct fetch_field){"Content-Type", request->type};
    if (request->match)
        fields[count++] = (struct fetch_field){request->match, request->tag};
    struct fetch_request fetch = {.method = request->method,
        .url = request->url,
        .fields = fields,
        .field_count = count,
        .body = request->body,
        .auth = talk->calendar->user ? FETCH_BASIC : FETCH_NO_AUTH,
        .user = talk->calendar->user,
        .secret = talk->password,
        .answer_max = request->answer_max ? request->answer_max : TALK_ANSWER_MAX,
        .done = talk_answered,
        .context = talk};
    if (!talk->password)
        fetch.auth = FETCH_NO_AUTH;
    talk->take = request->take;
    if (fetch_start(talk->jobs->options.fetcher, &fetch, &talk->call, &err) != ST_OK)
        talk_refused(talk, err.detail);
}

/* ---- answers */

const char *talk_problem(struct talk *talk, const struct fetch_answer *answer)
{
    if (answer->outcome != FETCH_ANSWERED)
        return arena_strdup(talk->arena, answer->problem);
    if (answer->status >= 200 && answer->status < 300)
        return NULL;
    if (answer->status == 401)
        return arena_printf(talk->arena, CALENDAR_REFUSED " (%d)", answer->status);
    return arena_printf(talk->arena, "the server answers %d", answer->status);
}

bool talk_is_local(const struct fetch_answer *answer)
{
    if (answer->outcome == FETCH_TOO_LARGE)
        return true;
    return answer->outcome == FETCH_ANSWERED && answer->status < 500 && answer->status != 401 &&
           answer->status != 429;
}

const char *talk_field(struct talk *talk, const struct fetch_answer *answer, const char *name)
{
    return arena_strdup(talk->arena, fetch_answer_field(answer, name, 0));
}

const char *talk_body(struct talk *talk, const struct fetch_answer *answer)
{
    return arena_strndup(talk->arena, answer->body.data, answer->body.size);
}

/* ---- life */

/* What waits for a server is left to its lease; what is being written ends there. */
void talk_drain(struct jobs *jobs)
{
    struct talk *next;
    for (struct talk *talk = jobs->talks; talk; talk = next) {
        next = talk->next;
        if (!talk->writing)
            talk_free(talk);
    }
}

void talk_stop(struct jobs *jobs)
{
    while (jobs->talks)
        talk_free(jobs->talks);
    talk_metrics_free(jobs);
}
