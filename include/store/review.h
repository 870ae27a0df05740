#pragma once
/*
 * Reviews and the people invited to them. What a state means and what may follow is model/review.h; `body`
 * holds what a review leaves behind (work/review.h).
 */
#include "base/buf.h"
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct review_row {
    const char *id; /* "rev_..." */
    const char *employee;
    const char *type; /* "professional", "annual" */
    bool recap;
    const char *interviewer; /* id of an employee, may be NULL */
    date_t day;              /* the civil day it was held on, else that of its slot, DATE_NONE: none yet */
    instant_t starts_at, ends_at;
    const char *mode; /* "onsite", "remote", "hybrid" */
    const char *location, *conference_url;
    const char *state;
    date_t held_on, reported_on, copied_on;
    /* Its entry in calendars. */
    const char *uid;
    int64_t sequence;      /* of the last invitation, -1: none was ever made */
    int64_t time_sequence; /* SEQUENCE of the last change of the time, -1 */
    instant_t dtstamp;     /* of the last invitation */
    bool shown;            /* an invitation is out and not cancelled */
    const char *body;      /* JSON object */
    int64_t version;
    instant_t created_at, updated_at;
};

struct review_list {
    struct review_row *items;
    size_t count;
    const char *next;
};

/* Makes the id when it is NULL (so that the uid may be made of it), version 1, the times, and writes them into
 * `row`. ST_CONFLICT at "/employee" when there is no such employee. */
enum status review_add(struct txn *txn, struct review_row *row, struct error *err);
/* Writes all members but id, employee, uid and created_at. */
enum status review_update(struct txn *txn, struct review_row *row, int64_t expected, struct error *err);
enum status review_get(
    const struct snapshot *snapshot, const char *id, struct review_row *ret, struct error *err);

/* By the UID of its entry in calendars, whatever the organisation. */
enum status review_by_uid(
    const struct snapshot *snapshot, const char *uid, struct review_row *ret, struct error *err);

struct review_filter {
    const char *employee, *interviewer, *state, *type; /* NULL = any */
    const char *manager;                               /* only those of this person's direct reports */
    date_t from, to;                                   /* `day` within, DATE_NONE = open */
};
/* In the order of day, then id; those without a day come first. */
enum status review_list(const struct snapshot *snapshot, const char *organisation,
    const struct review_filter *filter, const struct page *page, struct review_list *ret, struct error *err);
/* All reviews of an employee, by id; at most 1000. */
enum status review_of(
    const struct snapshot *snapshot, const char *employee, struct review_list *ret, struct error *err);

/* When somebody is taken by reviews: those with a slot that may still take place, in the order of time. */
struct review_time {
    const char *id, *employee, *interviewer;
    instant_t starts_at, ends_at;
};
struct review_time_list {
    struct review_time *items;
    size_t count;
};
/* As employee or interviewer, of slots on the days `from` to `to` (both included). */
enum status review_times(const struct snapshot *snapshot, const char *person, date_t from, date_t to,
    struct review_time_list *ret, struct error *err);

/* One person invited, with the last answer taken: struct invitation_attendee of model/invitation.h at rest. */
struct attendee_row {
    const char *email;
    const char *name;
    const char *employee;
    const char *role;     /* "employee", "interviewer" */
    const char *partstat; /* as in RFC 5545 */
    bool delegated, countered;
    int64_t since, sent;                /* SEQUENCEs, -1: none */
    instant_t refreshed_at;             /* the last REFRESH answered */
    const char *answer_method;          /* "REPLY", "COUNTER", NULL: no answer yet */
    const char *answer_partstat;        /* as received */
    int64_t answer_sequence;            /* -1: none */
    instant_t answer_dtstamp;           /* of that answer */
    instant_t answer_start, answer_end; /* of a COUNTER */
};

struct attendee_list {
    struct attendee_row *items;
    size_t count;
};

/* The interviewer after the employee. */
enum status attendee_list(
    const struct snapshot *snapshot, const char *review, struct attendee_list *ret, struct error *err);
/* The list is this one from now on. */
enum status attendee_replace(
    struct txn *txn, const char *review, const struct attendee_row *rows, size_t count, struct error *err);
/* A deliverer has taken the message with this SEQUENCE (see invitation_mark_sent). Nothing happens when the
 * person is no longer on the list. */
enum status attendee_mark_sent(
    struct txn *txn, const char *review, const char *email, int64_t sequence, struct error *err);

/* Documents of a review: each upload is a version, none is overwritten. */
struct document_row {
    const char *id; /* "doc_..." */
    const char *review;
    const char *kind; /* "report", "copy", "recap", "refusal" */
    const char *media_type;
    const char *sha256; /* hexadecimal */
    int64_t size;
    int64_t number; /* 1, 2 ...: which upload of its kind */
    instant_t recorded_at;
    struct span content; /* only from document_get */
};

struct document_list {
    struct document_row *items;
    size_t count;
};

/* Makes id, number and recorded_at, and writes them into `row`. */
enum status document_add(struct txn *txn, struct document_row *row, struct error *err);
/* With its content; number 0 = the latest. ST_NOT_FOUND when there is none. */
enum status document_get(const struct snapshot *snapshot, const char *review, const char *kind, int64_t number,
    struct document_row *ret, struct error *err);
/* All of a review, by kind, then number; without contents. */
enum status document_list(
    const struct snapshot *snapshot, const char *review, struct document_list *ret, struct error *err);
