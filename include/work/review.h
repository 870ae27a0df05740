#pragma once
/*
 * Reviews as use cases: planned, convened, held, reported, handed over. Every change of state goes through the
 * one table of model/review.h; rows, the fact for the duty engine (review_facts of work/facts.h), duties, audit
 * records and deliveries are written in the same transaction.
 *
 * All verbs run on a lane. What they return lives as long as the snapshot's arena.
 */
#include "base/date.h"
#include "base/field.h"
#include "base/lang.h"
#include "model/case.h"
#include "model/review.h"
#include "store/review.h"
#include "work/outcome.h"

#include <stdint.h>

enum review_mode { REVIEW_ONSITE, REVIEW_REMOTE, REVIEW_HYBRID };
extern const char *const review_mode_names[];
/* How a copy was handed over. */
enum copy_means { COPY_HAND, COPY_EMAIL, COPY_POST, COPY_REGISTERED_POST, COPY_PORTAL };
extern const char *const copy_means_names[];

struct review_report {
    date_t date;
    const char *reference, *sha256;
};
struct review_copy {
    date_t date;
    int means; /* enum copy_means */
    const char *proof;
};
struct review_no_show {
    date_t date;
    const char *reason;
};
struct review_refusal {
    date_t date;
    const char *proof, *reason;
};

/* Who is invited, and what they answered. */
struct review_attendee {
    const char *role; /* "employee", "interviewer" */
    const char *employee, *name, *email;
    const char *partstat;
    const char *invited_by;                 /* "mail", "calendar"; NULL: not yet */
    const char *schedule_status;            /* what a scheduling server said of it (RFC 6638), NULL */
    instant_t proposed_start, proposed_end; /* another time this person asks for */
};
/* A duty that this review satisfies, or is planned to. */
struct review_duty {
    const char *id, *kind, *rule, *state;
    date_t due, limit;
};
struct review_warning {
    const char *code; /* "short_notice", "no_link" ... */
    const char *detail;
};
struct review_document {
    const char *kind, *media_type, *sha256;
    int64_t number, size;
    instant_t recorded_at;
};

struct review {
    const char *id, *organisation, *employee;
    int type; /* enum review_type */
    int recap;
    const char *interviewer;
    instant_t start, end;
    int64_t duration; /* minutes, instead of `end`, in requests only */
    int mode;         /* enum review_mode */
    const char *location, *conference_url;
    int state; /* enum review_state */
    date_t held;
    const char *held_by;
    struct list themes, information; /* names of model/theme.h */
    const struct review_report *report;
    const struct review_copy *copy;
    struct list no_shows; /* struct review_no_show */
    const struct review_refusal *refusal;
    const char *reason;  /* of the last change that had one; of this one, in a request */
    int short_notice;    /* convened later than the notice asks; in a request: insist */
    bool address_fails;  /* mail to somebody invited came back; answers warn of it */
    int outside_hours;   /* the slot is not within working hours; answers warn of it */
    bool during_absence; /* the day set is one on which the employee or the interviewer is away by now */
    bool serves_nothing; /* it is convened, and no duty needs it by now */
    int64_t sequence;
    struct list attendees;                           /* struct review_attendee */
    struct list duties;                              /* struct review_duty */
    struct list allowed;                             /* names of enum review_event */
    struct list warnings;                            /* struct review_warning */
    struct list missing_themes, missing_information; /* of a professional review held */
    struct list documents;                           /* struct review_document, the latest of each kind */
    instant_t created_at, updated_at;
    struct given given;
    int64_t version; /* of the row: its ETag */
};
extern const struct field_table review_table;

/* A row with all that answers show of it. */
enum status review_view_of(
    const struct snapshot *snapshot, const struct review_row *row, struct review *ret, struct error *err);
enum status review_view(const struct snapshot *snapshot, const char *id, struct review *ret, struct error *err);

/* Plans a review, or records one that took place elsewhere (`held`, with report and copy when there are): then
 * nothing is sent. The interviewer is the employee's manager unless given. Errors: ST_INVALID with pointers
 * ("/start" on a day off, "/held" in the future, "/employee", "/interviewer" ...). */
enum status review_create(struct txn *txn, const struct review *in, struct review *ret, struct error *err);
/* Merges the patch: another slot, place or interviewer before it is held; afterwards what it covered. `held`
 * with a reason corrects a wrong record (null: it did not take place); so do `recap` and `type` once it is
 * held. */
enum status review_change(struct txn *txn, const char *id, const struct review *patch, int64_t expected,
    struct review *ret, struct error *err);

/* What a person says has happened, or is to be done. */
struct review_step {
    int event;                       /* enum review_event */
    date_t date;                     /* HOLD, REPORT, COPY, ABSENCE, REFUSE */
    const char *by;                  /* HOLD: who held it; the interviewer unless told */
    struct list themes, information; /* HOLD */
    const char *reference, *sha256;  /* REPORT */
    int means;                       /* COPY */
    const char *proof;               /* COPY, REFUSE */
    const char *reason;              /* ABSENCE, REFUSE, CANCEL, CLOSE */
    instant_t start, end;            /* PROPOSE */
    int64_t duration;
    int short_notice; /* INVITE: insist on a notice below eight days */
};
/* ST_CONFLICT names the state and what is allowed in it; ST_INVALID with pointers into the step ("/date",
 * "/themes/1"), "/start" for a slot on which nobody can be convened. */
enum status review_do(struct txn *txn, const char *id, const struct review_step *step, int64_t expected,
    struct review *ret, struct error *err);
/* The answer to a counter-proposal: its time becomes the slot, or the slot stays. */
enum status review_answer_counter(struct txn *txn, const char *id, bool accept, int short_notice,
    int64_t expected, struct review *ret, struct error *err);

/* Times to propose for a review: in working hours, not while either is known to be away or in another review,
 * in the window of the duty to satisfy, in weeks in which the interviewer takes more. What a calendar holds is
 * said to be unknown where it is not known. */
struct review_slot {
    instant_t start, end;
    const char *employee,
        *interviewer; /* "free", so says the calendar; "unknown": it was not read that far, or today */
};
struct review_calendar {
    instant_t as_of;     /* INSTANT_NONE: it was never read */
    const char *problem; /* of the last look, NULL = none */
};
struct review_slot_search {
    date_t from, to;  /* DATE_NONE: by the duty, else the next weeks */
    int64_t duration; /* minutes, FIELD_INT_NONE: of the slot set, else 60 */
    int64_t limit;    /* FIELD_INT_NONE: 20 */
};
struct review_slots {
    struct review_slot *items;
    size_t count;
    date_t from, to; /* where they were looked for */
    struct review_calendar employee, interviewer;
    const char *explanation; /* why there is none, else NULL */
};
/* Of the review `id`; or of one that is still to be made, between `employee` and `interviewer`. ST_INVALID:
 * "/to" before "/from", or more than SLOT_DAYS_MAX days. */
enum { SLOT_DAYS_MAX = 184, SLOTS_MAX = 100 };
enum status review_propose_slots(const struct snapshot *snapshot, const char *id,
    const struct review_slot_search *search, struct review_slots *ret, struct error *err);
enum status review_propose_first_slots(const struct snapshot *snapshot, const char *employee,
    const char *interviewer, const struct review_slot_search *search, struct review_slots *ret,
    struct error *err);
/* What the interviewer is told when a calendar was not read that far; NULL: both are known at all these times.
 */
const char *review_unknown_calendars(const struct review_slots *slots, enum lang lang);

/* A review of the past, from an import: recognised by employee, type and day. */
struct review_record {
    const char *employee;
    int type, recap;
    const char *interviewer;
    date_t held;
    const char *report_reference;
    date_t copy_handed;
};
enum status review_record(struct txn *txn, const struct review_record *record, enum outcome *ret_outcome,
    const char **ret_id, struct error *err);

/* An answer by iTIP, from mail or calendar. `ret` says what came of it; ST_NOT_FOUND when no review has its
 * UID.
 */
enum status review_receive(
    struct txn *txn, const struct itip_received *received, struct itip_outcome *ret, struct error *err);

/* What becomes of the reviews to come when a person leaves, gets another manager or another address; `after` is
 * stored already. Those after the departure are cancelled, those that the former manager was to hold pass to
 * the new one, invitations follow the address. A review that cannot follow is logged and stays as it is. */
struct employee;
enum status review_follow(
    struct txn *txn, const struct employee *before, const struct employee *after, struct error *err);

/* Keeps a document: PDF, at most REVIEW_DOCUMENT_MAX bytes; `sha256` and `number` come back in `ret`. The same
 * bytes as the latest of its kind are not kept twice. */
#define REVIEW_DOCUMENT_MAX (10 * 1024 * 1024)
enum document_kind { DOCUMENT_REPORT, DOCUMENT_COPY, DOCUMENT_RECAP, DOCUMENT_REFUSAL };
extern const char *const document_kind_names[];
enum status review_keep_document(struct txn *txn, const char *id, enum document_kind kind, struct span content,
    enum outcome *ret_outcome, struct document_row *ret, struct error *err);
