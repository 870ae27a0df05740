/*
 * When a calendar of a store is busy (RFC 4791, 7.10). Stores that do not speak of free and busy, such as
 * Radicale before 3.2, are asked for the events in that time. Loop thread.
 */
#include "talk.h"

#include <string.h>

static void busy_take_events(struct talk *talk, const struct fetch_answer *answer)
{
    struct dav_multistatus found;
    struct error err = ERROR_INIT;
    const char *problem = talk_problem(talk, answer);
    if (!problem &&
        dav_multistatus_read(talk->arena, answer->body.data, answer->body.size, &found, &err) != ST_OK)
        problem = arena_strdup(talk->arena, err.detail);
    if (problem) {
        talk->take_busy(
            talk, &(struct calendar_busy){.problem = problem, .server_failed = !talk_is_local(answer)});
        return;
    }
    BUF_AUTO objects;
    buf_init(&objects, 0);
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i].data)
            buf_printf(&objects, "%s\n", found.items[i].data);
    talk->take_busy(talk,
        &(struct calendar_busy){
            .known = true, .data = arena_strndup(talk->arena, objects.data, objects.size), .events = true});
}

static void busy_report(struct talk *talk, void (*put)(struct buf *out, instant_t from, instant_t to),
    size_t answer_max, void (*take)(struct talk *talk, const struct fetch_answer *answer))
{
    BUF_AUTO body;
    buf_init(&body, 0);
    put(&body, talk->busy_from, talk->busy_to);
    talk_send(talk, &(struct talk_request){.method = "REPORT",
                        .url = talk->busy_url,
                        .depth = "1",
                        .type = "application/xml; charset=utf-8",
                        .body = {body.data, body.size},
                        .answer_max = answer_max,
                        .take = take});
}

/* 207 is an answer to another question: that store knows nothing of this one. */
static bool busy_is_not_told(const struct fetch_answer *answer)
{
    static const int others[] = {207, 400, 403, 405, 409, 415, 422, 500, 501};
    bool other = false;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        other |= answer->outcome == FETCH_ANSWERED && answer->status == others[i];
    return other;
}

static void busy_take_freebusy(struct talk *talk, const struct fetch_answer *answer)
{
    if (busy_is_not_told(answer)) {
        talk->tells_no_freebusy = true;
        busy_report(talk, dav_put_events, DAV_BYTES_MAX, busy_take_events);
        return;
    }
    const char *problem = talk_problem(talk, answer);
    talk->take_busy(talk, &(struct calendar_busy){.known = !problem,
                              .problem = problem,
                              .server_failed = problem && !talk_is_local(answer),
                              .data = problem ? NULL : talk_body(talk, answer)});
}

void talk_ask_busy(struct talk *talk, const char *url, instant_t from, instant_t to,
    void (*take)(struct talk *talk, const struct calendar_busy *busy))
{
    talk->busy_url = url;
    talk->busy_from = from;
    talk->busy_to = to;
    talk->take_busy = take;
    if (talk->tells_no_freebusy)
        busy_report(talk, dav_put_events, DAV_BYTES_MAX, busy_take_events);
    else
        busy_report(talk, dav_put_freebusy, 0, busy_take_freebusy);
}
