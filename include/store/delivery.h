#pragma once
/*
 * The outbox: everything that is to leave the daemon is a row here first, written in the transaction of its
 * cause. A sender claims rows by a lease, sends, then acknowledges; a sender that dies loses the lease and the
 * row is claimed again, which UID + SEQUENCE and Message-ID make harmless.
 *
 *   held ─► queued ─► leased ─► sent                 at rest: held, sent, dead, superseded, dropped
 *             ▲          ├────► failed (next_at) ─► leased ...
 *             └─ retry ──┴────► dead
 *
 * The organisation's delivery mode decides where a new row starts: live = queued, held = held, off = dropped.
 * Rows with a uid are ordered per (uid, recipient): adding one supersedes the older ones that are not under
 * way, and one is claimed only when no older one is still to be sent or under way. An invitation that was under
 * way by mail while a calendar was given a newer version is not tried again.
 */
#include "base/buf.h"
#include "store/page.h"
#include "store/txn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum delivery_state {
    DELIVERY_STATE_HELD,
    DELIVERY_STATE_QUEUED,
    DELIVERY_STATE_LEASED, /* a sender has it */
    DELIVERY_STATE_SENT,
    DELIVERY_STATE_FAILED,     /* tried, will be tried again at next_at */
    DELIVERY_STATE_DEAD,       /* given up */
    DELIVERY_STATE_SUPERSEDED, /* a newer version replaces it */
    DELIVERY_STATE_DROPPED     /* the organisation sends nothing */
};
extern const char *const delivery_state_names[]; /* NULL-terminated */

struct delivery_row {
    const char *id;        /* "dlv_..." */
    const char *channel;   /* "mail", "caldav", "webhook" */
    const char *kind;      /* "invitation", "cancellation", "reminder" ... */
    const char *employee;  /* about whom; may be NULL */
    const char *review;    /* about which; may be NULL */
    const char *subject;   /* another id it is about; may be NULL */
    const char *recipient; /* an address or URL */
    const char *reader;    /* the employee written to, NULL: HR, or none; written, not read back */
    const char *uid;       /* of the calendar object, NULL for what is none */
    int64_t sequence;
    const char *message_id;
    instant_t due_at; /* not before */
    enum delivery_state state;
    int64_t attempts;  /* claims so far */
    instant_t next_at; /* when to look again: due, retry, or the end of the lease */
    const char *lease_owner;
    const char *last_error;
    const char *payload; /* JSON: what the channel needs */
    struct span content; /* what is sent, when it is fixed at this point; none otherwise, nor once superseded */
    const char *sha256;  /* of the content as it leaves, in lower-case hex */
    instant_t created_at, sent_at;
};

struct delivery_list {
    struct delivery_row *items;
    size_t count;
    const char *next;
};

/* Makes the id when it is NULL (so that message_id may be made of it), sets state, attempts, next_at, sha256
 * and created_at, and writes them into `row`. due_at INSTANT_NONE = now. */
enum status delivery_add(struct txn *txn, struct delivery_row *row, struct error *err);

/* Claims up to `limit` rows of a channel (NULL = any) until `lease_until`, those that fell due first, and
 * counts an attempt. None unless the organisation is live. In *ret by id. */
enum status delivery_claim(struct txn *txn, const char *channel, const char *owner, instant_t lease_until,
    unsigned limit, struct delivery_list *ret, struct error *err);
/* The three ends of a claim. ST_CONFLICT when the lease is no longer the owner's: somebody else sends it. */
/* From now on `keep` is its content: of what was sent, as much as may stay. */
enum status delivery_sent(
    struct txn *txn, const char *id, const char *owner, struct span keep, struct error *err);
/* To be tried again at `next_at`; superseded instead when a newer one with its uid and recipient is there. */
enum status delivery_failed(
    struct txn *txn, const char *id, const char *owner, const char *why, instant_t next_at, struct error *err);
enum status delivery_dead(
    struct txn *txn, const char *id, const char *owner, const char *why, struct error *err);

/* A message that was sent came back: why, as its last error. */
enum status delivery_note_return(struct txn *txn, const char *id, const char *why, struct error *err);

/* A claim whose people something else reaches instead: superseded, with why as its last error. */
enum status delivery_replaced(
    struct txn *txn, const char *id, const char *owner, const char *why, struct error *err);
enum { DELIVERY_ANY_VERSION = INT32_MAX };
/* Whether the last version of that uid below SEQUENCE `below` went to that person by mail, whether it has left
 * or not. A version of which some mail and some calendar was made went by mail to those who have a mail of it.
 */
enum status delivery_goes_by_mail(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, int64_t below, bool *ret, struct error *err);

/* Whether a mail of that version or a later one was made for that person. */
enum status delivery_was_mailed(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, int64_t since, bool *ret, struct error *err);

/* Whether that version or a later one is on its way to that person: it may have arrived already. */
enum status delivery_is_leaving(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, int64_t since, bool *ret, struct error *err);

/* By hand: held, failed, dead and dropped rows are queued now. ST_CONFLICT in any other state. */
enum status delivery_retry(struct txn *txn, const char *id, struct error *err);
/* All held rows of the organisation are queued (it went live), but for reminders of more than two days ago; or
 * all that wait are dropped. How many in *ret. */
enum status delivery_release(struct txn *txn, bool send, int64_t *ret, struct error *err);
/* What is still to leave about a review is superseded (nothing under way is); how many in *ret. */
enum status delivery_withdraw_review(
    struct txn *txn, const char *review, const char *kind, int64_t *ret, struct error *err);

/* What is still to leave with that uid to that recipient is superseded (nothing under way is). */
enum status delivery_supersede(struct txn *txn, const char *uid, const char *recipient, struct error *err);

enum status delivery_get(
    const struct snapshot *snapshot, const char *id, struct delivery_row *ret, struct error *err);
/* Whether anything of that kind was ever written about a review and another subject. */
enum status delivery_exists(const struct snapshot *snapshot, const char *review, const char *kind,
    const char *subject, bool *ret, struct error *err);
struct delivery_filter {
    int state;                                      /* enum delivery_state, -1 = any */
    const char *review, *employee, *kind, *channel; /* NULL = any */
};
/* Newest first; `content` is left out. */
enum status delivery_list(const struct snapshot *snapshot, const char *organisation,
    const struct delivery_filter *filter, const struct page *page, struct delivery_list *ret,
    struct error *err);

/* Live organisations with rows of a channel to look at, and when the earliest is (maybe past), in that order:
 * whom to claim for and for when to arm the timer. */
struct delivery_due {
    const char *organisation;
    instant_t next_at;
};
struct delivery_due_list {
    struct delivery_due *items;
    size_t count;
};
enum status delivery_due(
    const struct snapshot *snapshot, const char *channel, struct delivery_due_list *ret, struct error *err);
/* Rows by state, for metrics; indexed by enum delivery_state. `organisation` NULL = all. */
enum status delivery_counts(const struct snapshot *snapshot, const char *organisation,
    int64_t ret[DELIVERY_STATE_DROPPED + 1], struct error *err);
