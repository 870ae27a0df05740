/*
 * Deliveries to CalDAV servers: the time is looked at again, the entry is put or deleted under a condition, and
 * read again, because a server that changes it gives no ETag (RFC 4791, 5.3.4). Loop thread.
 */
#include "talk.h"

#include "base/crypto.h"
#include "net/backoff.h"
#include "work/delivery.h"

#include <string.h>

static void put_request(struct talk *talk);

static bool put_is_store(const struct talk *talk)
{
    return !strcmp(talk->calendar->kind, calendar_kind_names[CALENDAR_STORE]);
}

static void put_over(struct talk *talk, enum delivery_outcome outcome, const char *why)
{
    talk->result.outcome = (int)outcome;
    talk->result.why = why;
    if (outcome == DELIVERY_RETRY) {
        uint64_t random;
        int64_t attempts = talk->put.row.attempts;
        random_bytes(&random, sizeof random);
        talk->result.delay = backoff_delay(&backoff_calendar, attempts < 1 ? 1 : (int)attempts, random);
        if (talk->result.delay < 0)
            talk->result.outcome = DELIVERY_GIVEN_UP;
    }
    talk_end(talk);
}

static void put_server_failed(struct talk *talk, const char *why)
{
    talk->result.server_failed = true;
    put_over(talk, DELIVERY_RETRY, why);
}

/* ---- the time */

static void put_take_outbox(struct talk *talk, const struct fetch_answer *answer)
{
    struct dav_schedule said;
    bool read = !talk_problem(talk, answer) &&
                dav_schedule_read(talk->arena, answer->body.data, answer->body.size, &said, NULL) == ST_OK;
    for (size_t i = 0; read && i < said.count; i++)
        if (calendar_put_is_taken(
                talk->arena, &talk->put, &(struct calendar_busy){.known = true, .data = said.items[i].data})) {
            put_over(talk, DELIVERY_GIVEN_UP,
                arena_printf(talk->arena, "busy: %s has no time any more", said.items[i].address));
            return;
        }
    put_request(talk);
}

static void put_take_busy(struct talk *talk, const struct calendar_busy *busy)
{
    if (busy->known && calendar_put_is_taken(talk->arena, &talk->put, busy))
        put_over(talk, DELIVERY_GIVEN_UP,
            arena_printf(talk->arena, "busy: %s has no time any more", talk->put.row.recipient));
    else
        put_request(talk);
}

static void put_ask_outbox(struct talk *talk)
{
    BUF_AUTO question;
    buf_init(&question, 0);
    if (!talk->calendar->outbox ||
        calendar_put_ask(&talk->put, clock_now(talk->jobs->options.clock), &question, NULL) != ST_OK) {
        put_request(talk);
        return;
    }
    talk_send(talk, &(struct talk_request){.method = "POST",
                        .url = talk->calendar->outbox,
                        .type = "text/calendar; charset=utf-8",
                        .body = {question.data, question.size},
                        .take = put_take_outbox});
}

/* The collection is what the entry lies in. */
static void put_ask_store(struct talk *talk)
{
    const char *slash = strrchr(talk->put.entry.href, '/');
    const char *collection =
        arena_strndup(talk->arena, talk->put.entry.href, (size_t)(slash - talk->put.entry.href) + 1);
    talk_ask_busy(talk, collection, talk->put.start, talk->put.end, put_take_busy);
}

/* ---- the entry */

static void put_take_reread(struct talk *talk, const struct fetch_answer *answer)
{
    if (!talk_problem(talk, answer)) {
        talk->result.etag = talk_field(talk, answer, "ETag");
        talk->result.schedule_tag = talk_field(talk, answer, "Schedule-Tag");
        talk->result.data = talk_body(talk, answer);
    }
    put_over(talk, DELIVERY_SENT, NULL);
}

/* An attempt whose end was never noted left it there: the UID is ours. */
static void put_take_left_over(struct talk *talk, const struct fetch_answer *answer)
{
    const char *problem = talk_problem(talk, answer);
    talk->put.entry.etag = talk_field(talk, answer, "ETag");
    if (problem || !talk->put.entry.etag) {
        put_server_failed(talk, problem ? problem : "the server gives no ETag");
        return;
    }
    talk->overwrites = true;
    put_request(talk);
}

static void put_get(struct talk *talk, void (*take)(struct talk *talk, const struct fetch_answer *answer))
{
    talk_send(talk, &(struct talk_request){.method = "GET", .url = talk->put.entry.href, .take = take});
}

/* Of this entry, which trying again does not change; the calendar is well. */
static bool put_is_refusal(int status)
{
    static const int refusals[] = {400, 403, 404, 405, 409, 410, 413, 415, 422, 507};
    bool refused = false;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        refused |= status == refusals[i];
    return refused;
}

static void put_take(struct talk *talk, const struct fetch_answer *answer)
{
    const char *problem = talk_problem(talk, answer);
    int status = answer->outcome == FETCH_ANSWERED ? answer->status : 0;
    if (talk->put.removes && (status == 404 || status == 410))
        problem = NULL;
    if (!problem && talk->put.removes) {
        put_over(talk, DELIVERY_SENT, NULL);
    } else if (!problem) {
        put_get(talk, put_take_reread);
    } else if (status == 412 && !talk->put.has_entry && !talk->overwrites) {
        put_get(talk, put_take_left_over);
    } else if (status == 412) {
        talk->result.changed_by_hand = true;
        put_over(talk, DELIVERY_RETRY, "the entry was changed by hand: that is looked at first");
    } else if (status == 401) {
        talk->result.server_failed = true;
        put_over(talk, DELIVERY_GIVEN_UP, problem);
    } else if (put_is_refusal(status)) {
        talk->result.collection_gone = status == 404 || status == 409 || status == 410;
        put_over(talk, DELIVERY_GIVEN_UP, problem);
    } else {
        put_server_failed(talk, problem);
    }
}

static void put_request(struct talk *talk)
{
    const struct calendar_put *put = &talk->put;
    struct talk_request request = {.method = put->removes ? "DELETE" : "PUT",
        .url = put->entry.href,
        .type = put->removes ? NULL : "text/calendar; charset=utf-8",
        .body = put->row.content,
        .take = put_take};
    if (put->removes)
        request.body = (struct span){0};
    if (put->has_entry && put->entry.schedule_tag) {
        request.match = "If-Schedule-Tag-Match";
        request.tag = put->entry.schedule_tag;
    } else if ((put->has_entry || talk->overwrites) && put->entry.etag) {
        request.match = "If-Match";
        request.tag = put->entry.etag;
    } else if (!put->has_entry) {
        request.match = "If-None-Match";
        request.tag = "*";
    }
    talk_send(talk, &request);
}

void put_begin_talk(struct talk *talk)
{
    const struct calendar_put *put = &talk->put;
    if (put->hopeless)
        put_over(talk, DELIVERY_GIVEN_UP, put->hopeless);
    else if (put->removes && !put->has_entry)
        put_over(talk, DELIVERY_SENT, NULL);
    else if (put->waits)
        put_over(talk, DELIVERY_RETRY, put->waits);
    else if (put->asks && put_is_store(talk))
        put_ask_store(talk);
    else if (put->asks)
        put_ask_outbox(talk);
    else
        put_request(talk);
}
