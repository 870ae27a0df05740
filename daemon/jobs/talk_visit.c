/*
 * Visits to CalDAV servers: find the calendar (RFC 6764, RFC 4791 6.2.1, RFC 6638 2.1), look at what we put
 * there, ask for busy times. Loop thread.
 */
#include "talk.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { VISIT_REDIRECTS = 3 };

static void visit_entry(struct talk *talk);
static void visit_person(struct talk *talk);

static bool visit_is_store(const struct talk *talk)
{
    return !strcmp(talk->calendar->kind, calendar_kind_names[CALENDAR_STORE]);
}

static void visit_fail(struct talk *talk, const char *problem)
{
    talk->found.problem = problem;
    talk_end(talk);
}

/* Parsed; fails the visit otherwise. */
static bool visit_read(struct talk *talk, const struct fetch_answer *answer, struct dav_multistatus *ret)
{
    struct error err = ERROR_INIT;
    const char *problem = talk_problem(talk, answer);
    if (problem) {
        visit_fail(talk, problem);
        return false;
    }
    if (dav_multistatus_read(talk->arena, answer->body.data, answer->body.size, ret, &err) != ST_OK) {
        visit_fail(talk, arena_strdup(talk->arena, err.detail));
        return false;
    }
    return true;
}

static void visit_propfind(struct talk *talk, const char *url, const char *depth, void (*put)(struct buf *out),
    void (*take)(struct talk *talk, const struct fetch_answer *answer))
{
    BUF_AUTO body;
    buf_init(&body, 0);
    put(&body);
    talk_send(talk, &(struct talk_request){.method = "PROPFIND",
                        .url = url,
                        .depth = depth,
                        .type = "application/xml; charset=utf-8",
                        .body = {body.data, body.size},
                        .take = take});
}

/* ---- finding */

static const char *visit_pick(const struct talk *talk, const struct dav_multistatus *found)
{
    const char *best = NULL;
    for (size_t i = 0; i < found->count; i++) {
        const struct dav_response *one = &found->items[i];
        if (one->calendar && one->events && (!best || strcmp(one->href, best) < 0))
            best = one->href;
    }
    return best ? dav_resolve(talk->arena, talk->calendar->url, best) : NULL;
}

static void visit_take_calendars(struct talk *talk, const struct fetch_answer *answer)
{
    struct dav_multistatus found;
    if (!visit_read(talk, answer, &found))
        return;
    talk->calendar->collection = visit_pick(talk, &found);
    if (!talk->calendar->collection)
        visit_fail(talk, "the user has no calendar that takes events");
    else
        visit_entry(talk);
}

/* The address that the server takes HR for must be the organiser's: the server sends for its own user only. */
static const char *visit_address(struct talk *talk, const char *addresses)
{
    const char *first = NULL;
    size_t size;
    for (const char *at = addresses ? addresses : ""; *at; at += size + (at[size] == ' ')) {
        size = strcspn(at, " ");
        const char *one = arena_strndup(talk->arena, at, size);
        if (!first)
            first = one;
        if (talk->visit.organiser && !strcasecmp(one, talk->visit.organiser))
            return one;
    }
    return talk->visit.organiser ? NULL : first;
}

static void visit_take_homes(struct talk *talk, const struct fetch_answer *answer)
{
    struct dav_multistatus found;
    if (!visit_read(talk, answer, &found))
        return;
    const struct dav_response *who = found.count ? &found.items[0] : &(struct dav_response){0};
    const char *home = dav_resolve(talk->arena, talk->calendar->url, who->home);
    talk->calendar->outbox = dav_resolve(talk->arena, talk->calendar->url, who->outbox);
    talk->calendar->address = visit_address(talk, who->addresses);
    if (!talk->calendar->outbox)
        visit_fail(talk, "the server has no schedule-outbox: it does not invite; make it a store");
    else if (!talk->calendar->address)
        visit_fail(talk, arena_printf(talk->arena, "the organiser %s is no address of this user (%s)",
                             talk->visit.organiser ? talk->visit.organiser : "is not set and there",
                             who->addresses ? who->addresses : "none"));
    else if (talk->calendar->collection)
        visit_entry(talk);
    else if (!home)
        visit_fail(talk, "the server does not say where the user's calendars are");
    else
        visit_propfind(talk, home, "1", dav_put_calendars, visit_take_calendars);
}

static void visit_take_who(struct talk *talk, const struct fetch_answer *answer);

/* RFC 6764, 5: where the server says calendars are. */
static void visit_try_well_known(struct talk *talk, const char *problem)
{
    const char *url = dav_resolve(talk->arena, talk->calendar->url, "/.well-known/caldav");
    if (talk->well_known || !url) {
        visit_fail(talk, problem);
        return;
    }
    talk->well_known = true;
    talk->redirects = 0;
    visit_propfind(talk, url, "0", dav_put_who, visit_take_who);
}

static void visit_take_who(struct talk *talk, const struct fetch_answer *answer)
{
    bool moved = answer->outcome == FETCH_ANSWERED && answer->status >= 301 && answer->status <= 308;
    const char *to =
        moved ? dav_resolve(talk->arena, answer->url, fetch_answer_field(answer, "Location", 0)) : NULL;
    if (to && talk->redirects++ < VISIT_REDIRECTS) {
        visit_propfind(talk, to, "0", dav_put_who, visit_take_who);
        return;
    }
    struct dav_multistatus found = {0};
    const char *problem = talk_problem(talk, answer);
    bool asked = answer->outcome != FETCH_ANSWERED || answer->status == 401 || answer->status == 403;
    if (problem && asked) {
        visit_fail(talk, problem);
        return;
    }
    bool read = !problem &&
                dav_multistatus_read(talk->arena, answer->body.data, answer->body.size, &found, NULL) == ST_OK;
    if (read && visit_is_store(talk)) {
        visit_entry(talk);
        return;
    }
    const char *principal = found.count ? found.items[0].principal : NULL;
    const char *url = dav_resolve(talk->arena, talk->calendar->url, principal);
    if (found.count && found.items[0].calendar)
        talk->calendar->collection = dav_resolve(talk->arena, talk->calendar->url, found.items[0].href);
    if (url)
        visit_propfind(talk, url, "0", dav_put_homes, visit_take_homes);
    else
        visit_try_well_known(talk, problem ? problem : "the server does not say who the user is");
}

/* ---- entries */

/* Up to the last slash. */
static const char *visit_collection_of(struct talk *talk, const char *href)
{
    const char *slash = strrchr(href, '/');
    return arena_strndup(talk->arena, href, slash ? (size_t)(slash - href) + 1 : strlen(href));
}

/* Deleted by hand, if its calendar is there; else nothing is known of it. */
static void visit_missed(struct talk *talk)
{
    if (talk->collection_is_there)
        talk->entries[talk->at] = (struct calendar_seen){.known = true, .gone = true};
    talk->at++;
    visit_entry(talk);
}

static void visit_take_collection(struct talk *talk, const struct fetch_answer *answer)
{
    struct dav_multistatus found = {0};
    const char *problem = talk_problem(talk, answer);
    talk->collection_is_there =
        !problem &&
        dav_multistatus_read(talk->arena, answer->body.data, answer->body.size, &found, NULL) == ST_OK &&
        found.count > 0 && found.items[0].status == 200;
    if (!talk->collection_is_there) {
        talk->found.trouble = arena_printf(talk->arena, "the calendar %s is not there any more%s%s",
            talk->collection, problem ? ": " : "", problem ? problem : "");
        talk->found.lost |= !visit_is_store(talk);
    }
    visit_missed(talk);
}

/* Whoever loses a calendar has declined nothing. */
static void visit_look_at_collection(struct talk *talk)
{
    const char *collection = visit_collection_of(talk, talk->visit.entries.items[talk->at].href);
    if (talk->collection && !strcmp(talk->collection, collection)) {
        visit_missed(talk);
        return;
    }
    talk->collection = collection;
    visit_propfind(talk, collection, "0", dav_put_calendars, visit_take_collection);
}

static void visit_take_entry(struct talk *talk, const struct fetch_answer *answer)
{
    struct calendar_seen *seen = &talk->entries[talk->at];
    const struct entry_row *entry = &talk->visit.entries.items[talk->at];
    bool answered = answer->outcome == FETCH_ANSWERED;
    if (answered && (answer->status == 404 || answer->status == 410)) {
        visit_look_at_collection(talk);
        return;
    }
    if (answered && answer->status == 304) {
        *seen = (struct calendar_seen){.known = true, .etag = entry->etag, .schedule_tag = entry->schedule_tag};
    } else {
        const char *problem = talk_problem(talk, answer);
        if (problem && !talk_is_local(answer)) {
            visit_fail(talk, problem);
            return;
        }
        if (problem) {
            talk->found.trouble = arena_printf(talk->arena, "%s for %s", problem, entry->href);
            talk->at++;
            visit_entry(talk);
            return;
        }
        *seen = (struct calendar_seen){.known = true,
            .etag = talk_field(talk, answer, "ETag"),
            .schedule_tag = talk_field(talk, answer, "Schedule-Tag"),
            .data = talk_body(talk, answer)};
    }
    talk->at++;
    visit_entry(talk);
}

static void visit_entry(struct talk *talk)
{
    if (talk->at == talk->visit.entries.count) {
        talk->at = 0;
        visit_person(talk);
        return;
    }
    const struct entry_row *entry = &talk->visit.entries.items[talk->at];
    talk_send(talk, &(struct talk_request){.method = "GET",
                        .url = entry->href,
                        .match = entry->etag ? "If-None-Match" : NULL,
                        .tag = entry->etag,
                        .take = visit_take_entry});
}

/* ---- busy times */

static void visit_over(struct talk *talk)
{
    talk->found.ok = true;
    talk->found.people = talk->people;
    talk_end(talk);
}

/* The server does not answer: nobody's time is known, and it is tried again later. */
static void visit_fail_busy(struct talk *talk, const char *problem)
{
    for (size_t i = talk->at; i < talk->visit.people.count; i++)
        talk->people[i] = (struct calendar_busy){.problem = problem};
    talk->found.people = talk->people;
    visit_fail(talk, problem);
}

static void visit_take_outbox(struct talk *talk, const struct fetch_answer *answer)
{
    struct dav_schedule said;
    struct error err = ERROR_INIT;
    const char *problem = talk_problem(talk, answer);
    if (problem && !talk_is_local(answer)) {
        visit_fail_busy(talk, problem);
        return;
    }
    if (!problem && dav_schedule_read(talk->arena, answer->body.data, answer->body.size, &said, &err) != ST_OK)
        problem = arena_strdup(talk->arena, err.detail);
    for (size_t i = 0; i < talk->visit.people.count; i++) {
        struct calendar_busy *busy = &talk->people[i];
        *busy = (struct calendar_busy){.problem = problem ? problem : "the server says nothing of this person"};
        for (size_t k = 0; !problem && k < said.count; k++) {
            const struct dav_recipient *one = &said.items[k];
            if (strcasecmp(one->address, talk->visit.people.items[i].email) != 0)
                continue;
            busy->known = one->data && !strncmp(one->status, "2.", 2);
            busy->data = one->data;
            busy->problem = busy->known ? NULL : one->status;
        }
    }
    visit_over(talk);
}

static void visit_take_busy(struct talk *talk, const struct calendar_busy *busy)
{
    if (busy->server_failed) {
        visit_fail_busy(talk, busy->problem);
        return;
    }
    talk->people[talk->at++] = *busy;
    visit_person(talk);
}

static void visit_ask_outbox(struct talk *talk)
{
    struct error err = ERROR_INIT;
    BUF_AUTO question;
    buf_init(&question, 0);
    if (calendar_visit_ask(&talk->visit, &question, talk->arena, &err) != ST_OK) {
        visit_fail(talk, arena_strdup(talk->arena, err.detail));
        return;
    }
    talk_send(talk, &(struct talk_request){.method = "POST",
                        .url = talk->calendar->outbox,
                        .type = "text/calendar; charset=utf-8",
                        .body = {question.data, question.size},
                        .take = visit_take_outbox});
}

static void visit_person(struct talk *talk)
{
    if (talk->at == talk->visit.people.count) {
        visit_over(talk);
        return;
    }
    if (!visit_is_store(talk)) {
        visit_ask_outbox(talk);
        return;
    }
    talk_ask_busy(talk, talk->visit.people.items[talk->at].calendar_url, talk->visit.busy_from,
        talk->visit.busy_to, visit_take_busy);
}

void visit_begin_talk(struct talk *talk)
{
    talk->entries = ARENA_ARRAY(talk->arena, talk->visit.entries.count, struct calendar_seen);
    talk->people = ARENA_ARRAY(talk->arena, talk->visit.people.count, struct calendar_busy);
    talk->found.entries = talk->entries;
    bool found = talk->calendar->found_at != INSTANT_NONE;
    bool asks = talk->visit.entries.count > 0 || talk->visit.people.count > 0;
    /* Without anything to ask, whether it answers at all. */
    if (found && asks && (visit_is_store(talk) || talk->calendar->collection))
        visit_entry(talk);
    else
        visit_propfind(talk, talk->calendar->url, "0", dav_put_who, visit_take_who);
}
