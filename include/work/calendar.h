#pragma once
/*
 * Calendars of others, by CalDAV (RFC 4791, 6638): where they are, what we put there, what they tell. No
 * network: jobs speak with the servers and bring what they answered.
 *
 * Two kinds. A scheduling server holds HR's calendar: a review is put there once, the server invites everybody
 * and brings their answers, so nobody is mailed. A plain store holds people's own calendars: each gets a copy
 * (RFC 6638 SCHEDULE-AGENT=CLIENT) in the collection of the employee's calendar_url, which must lie under the
 * URL of the store: credentials go nowhere else. Whoever has neither is mailed: one deliverer per person and
 * version. Whom a calendar does not reach (the server says so, refuses us, is paused or does not answer for
 * some hours) is mailed that version, and HR is told. The next version (a SEQUENCE of its own) goes to the
 * calendar again when there is one and it is well; what only repeats a version, or cancels it, goes the way it
 * went.
 *
 * All verbs run on a lane.
 */
#include "base/buf.h"
#include "base/date.h"
#include "base/field.h"
#include "base/secret.h"
#include "base/zone.h"
#include "model/invitation.h"
#include "store/calendar.h"
#include "store/delivery.h"
#include "store/txn.h"

#include <stdbool.h>

enum calendar_kind { CALENDAR_SCHEDULING, CALENDAR_STORE };
extern const char *const calendar_kind_names[]; /* "scheduling", "store", NULL */

struct calendar {
    const char *id, *organisation;
    int kind; /* enum calendar_kind */
    const char *name, *url, *user;
    const char *password; /* never shown */
    int paused;
    const char *state; /* "unknown", "found", "failing", "paused" */
    const char *collection, *address, *last_error;
    int64_t failures; /* in a row */
    instant_t found_at, visited_at, next_visit_at, created_at, updated_at;
    struct given given;
    int64_t version;
};
extern const struct field_table calendar_table;

void calendar_of_row(struct arena *arena, const struct calendar_row *row, struct calendar *ret);
/* ST_INVALID with pointers; ST_CONFLICT: an organisation has one scheduling server. */
enum status calendar_create(
    struct txn *txn, const struct calendar *in, struct calendar *ret, struct error *err);
enum status calendar_change(struct txn *txn, const char *id, const struct calendar *patch, int64_t expected,
    struct calendar *ret, struct error *err);
enum status calendar_remove(struct txn *txn, const char *id, struct error *err);

/* What a visit's problem begins with when the server does not take user name and password: until they are
 * changed nothing is delivered there. */
#define CALENDAR_REFUSED "the server refuses user name and password"

/* ---- visits */

enum {
    CALENDAR_LEASE_S = 6 * 60,     /* longer than any visit takes */
    CALENDAR_REST_S = 5 * 60,      /* between two visits */
    CALENDAR_BUSY_AGE_S = 15 * 60, /* busy times are asked for again */
    CALENDAR_BUSY_DAYS = 190,      /* ahead */
    CALENDAR_VISIT_ENTRIES = 20,
    CALENDAR_VISIT_PEOPLE = 10,
    CALENDAR_ENTRY_AGE_S = 4 * 60, /* entries are looked at again */
};

/* What one visit is for. Strings live in the arena given. */
struct calendar_visit {
    struct calendar_row calendar; /* password still sealed */
    struct secret *password;      /* the caller's to free; NULL: none */
    const char *organiser;        /* address that reviews are convened from; NULL: none yet */
    instant_t now, busy_from, busy_to;
    const struct zone *zone;   /* of the organisation */
    struct entry_list entries; /* to look at */
    struct busy_people people; /* whose busy times are asked for */
};
/* The most urgent one of the job's organisation, leased; *ret_any false: none is due. */
enum status calendar_visit_claim(
    struct txn *txn, struct arena *arena, struct calendar_visit *ret, bool *ret_any, struct error *err);

/* The question to the server's outbox about the people of the visit. */
enum status calendar_visit_ask(
    const struct calendar_visit *visit, struct buf *out, struct arena *arena, struct error *err);

/* Busy times are wanted: calendars that are well and rest are visited at once; *ret_any: there were some. */
enum status calendar_wake(struct txn *txn, bool *ret_any, struct error *err);

/* How an entry looks now. */
struct calendar_seen {
    bool known, gone; /* it was looked at; it is not there any more */
    const char *etag, *schedule_tag;
    const char *data; /* the calendar object */
};
struct calendar_busy {
    bool known;
    const char *problem; /* why not */
    bool server_failed;  /* not of this person alone */
    const char *data;    /* a calendar object with free/busy times */
    bool events;         /* or calendar objects with the events of the time asked about */
};
struct calendar_found {
    bool ok;
    const char *problem;                 /* of the visit as a whole */
    const char *trouble;                 /* of a part of it, which the rest did not suffer from */
    bool lost;                           /* HR's calendar is not there any more: it is found anew */
    const struct calendar_seen *entries; /* beside visit->entries */
    const struct calendar_busy *people;  /* beside visit->people */
};
/* Notes what was found: `visit->calendar` with its new collection, outbox and address; entries that somebody
 * has moved, answered or deleted by hand become answers to the review (work/review.h), audited as
 * calendar.noticed; busy times get their age. */
enum status calendar_visit_settle(
    struct txn *txn, const struct calendar_visit *visit, const struct calendar_found *found, struct error *err);

/* ---- deliveries, channel "caldav" */

/* Queues a message of an invitation for a calendar instead of a mailbox; *ret_taken false: by mail. */
enum status calendar_deliver(struct txn *txn, const char *review, const struct invitation_message *message,
    bool *ret_taken, struct error *err);

/* What a claimed row asks for. Strings live in the arena given. */
struct calendar_put {
    struct delivery_row row; /* id, attempts, content, uid, recipient, review, sequence, last_error */
    struct calendar_row calendar;
    struct secret *password; /* the caller's to free */
    bool scheduling;         /* HR's entry, of which the server tells everybody */
    bool removes;            /* DELETE */
    bool has_entry;          /* it is there, as `entry` says */
    struct entry_row entry;  /* href of a new one too; "" while the collection is not found */
    instant_t start, end;
    const struct zone *zone; /* of the organisation */
    const char *organiser;
    const char *const *people; /* addresses whose time is looked at again before it is taken */
    size_t people_count;
    bool asks;            /* the time is looked at again first: it is new, and nobody has insisted */
    const char *hopeless; /* it cannot be delivered: why */
    const char *waits;    /* not now: why; until then */
    instant_t wait_until;
};
enum status calendar_put_load(struct txn *txn, struct arena *arena, const struct delivery_row *row,
    struct calendar_put *ret, struct error *err);
/* The question about the time of a put, and whether an answer says that it is taken. */
enum status calendar_put_ask(const struct calendar_put *put, instant_t now, struct buf *out, struct error *err);
bool calendar_put_is_taken(
    struct arena *arena, const struct calendar_put *put, const struct calendar_busy *busy);

/* Given up, but not because the time is taken: people are mailed the same, and the row is superseded. */
struct calendar_result {
    int outcome; /* enum delivery_outcome of work/delivery.h, without DELIVERY_REPLACED */
    const char *why;
    int64_t delay;                          /* of DELIVERY_RETRY, microseconds */
    bool server_failed;                     /* the calendar as a whole: it backs off */
    bool changed_by_hand;                   /* look at it soon */
    bool collection_gone;                   /* HR's calendar is to be found again */
    const char *etag, *schedule_tag, *data; /* as read again */
};
enum status calendar_put_settle(struct txn *txn, const char *owner, const struct calendar_put *put,
    const struct calendar_result *result, struct error *err);
