#pragma once
/*
 * Conversations with CalDAV servers: one visit or one delivery each, request after request on the loop, then
 * one write of what came of it. Loop thread. Inside the module.
 */
#include "internal.h"
#include "net/dav.h"
#include "net/fetch.h"
#include "work/calendar.h"

enum {
    TALK_MAX = 8,                /* under way */
    TALK_ANSWER_MAX = 256 * 1024 /* bytes; it is parsed on the loop */
};

struct talk {
    struct talk *next;
    struct jobs *jobs;
    struct arena *arena; /* of everything here */
    char organisation[ORG_KEY_MAX];
    struct calendar_row *calendar;
    struct secret *password; /* the arena's */
    struct fetch_call *call; /* under way */
    void (*take)(struct talk *talk, const struct fetch_answer *answer);
    txn_run write; /* what is written in the end */
    struct timer *timer;
    bool writing;

    int64_t failures_after; /* of the calendar, once the end is written */
    instant_t next_after;

    bool is_visit;
    struct calendar_visit visit;
    struct calendar_found found;
    struct calendar_seen *entries;
    struct calendar_busy *people;
    size_t at;              /* index of the entry or person asked about */
    bool tells_no_freebusy; /* the store: events are asked for instead */
    const char *busy_url;   /* whose busy times are asked for, between two instants */
    instant_t busy_from, busy_to;
    void (*take_busy)(struct talk *talk, const struct calendar_busy *busy);
    const char *collection; /* in which an entry was missed last */
    bool collection_is_there;
    unsigned redirects;
    bool well_known;

    struct calendar_put put;
    struct calendar_result result;
    bool overwrites; /* an entry of an earlier attempt that was never noted */
};

/* A request of a conversation; `take` gets its answer, unless the conversation ends first. */
struct talk_request {
    const char *method, *url, *depth, *type; /* NULL: no such field */
    const char *match, *tag;                 /* a condition: "If-Match" and its value */
    struct span body;
    size_t answer_max; /* bytes, 0: TALK_ANSWER_MAX */
    void (*take)(struct talk *talk, const struct fetch_answer *answer);
};
void talk_send(struct talk *talk, const struct talk_request *request);
/* Writes what came of it, and is over. */
void talk_end(struct talk *talk);

/* What went wrong with an answer, as one sentence; NULL: nothing did (2xx). */
const char *talk_problem(struct talk *talk, const struct fetch_answer *answer);
/* Whether that concerns what was asked for, which may be somebody's own calendar, and not the server. */
bool talk_is_local(const struct fetch_answer *answer);
/* A copy of a header field or of the body, NULL when there is none. */
const char *talk_field(struct talk *talk, const struct fetch_answer *answer, const char *name);
const char *talk_body(struct talk *talk, const struct fetch_answer *answer);

/* talk_metrics.c: what has ended and is written. */
void talk_count(struct talk *talk);
void talk_metrics_free(struct jobs *jobs);

/* talk_busy.c: asks a store when a calendar is busy: by free-busy-query, else by its events. */
void talk_ask_busy(struct talk *talk, const char *url, instant_t from, instant_t to,
    void (*take)(struct talk *talk, const struct calendar_busy *busy));

/* talk_visit.c, talk_put.c: the first step. */
void visit_begin_talk(struct talk *talk);
void put_begin_talk(struct talk *talk);
