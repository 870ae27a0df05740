#pragma once
/*
 * What came in about invitations, kept as it came: answers, counter-proposals, bounces, letters in return; what
 * belongs to no invitation that is known is kept in the organisation "system". And what a mailbox taught: where
 * reading it stands, and which addresses mail came back from.
 */
#include "base/buf.h"
#include "store/page.h"
#include "store/txn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reply_row {
    const char *id;       /* "rpl_..." */
    const char *channel;  /* "mail", "itip" */
    const char *review;   /* NULL: no invitation is known */
    const char *email;    /* of the attendee it speaks for, lower case */
    const char *sender;   /* of the mail, lower case, "" for none; written, not read back */
    const char *method;   /* "REPLY", "COUNTER", "REFRESH" */
    const char *partstat; /* as received */
    int64_t sequence;     /* -1: none */
    instant_t dtstamp;
    bool verified; /* the sender is proved to be the attendee */
    const char *state, *reason;
    const char *message_id;
    const char *body; /* JSON: what else is shown */
    const char *sha256;
    instant_t received_at, decided_at;
};
struct reply_list {
    struct reply_row *items;
    size_t count;
    const char *next;
};

/* Makes the id and received_at and writes them into `row`. The same bytes are kept once (reply_find). */
enum status reply_add(struct txn *txn, struct reply_row *row, struct span raw, struct error *err);
/* How many of a sender's, received after `since`, prove nothing and are no bounces; counted up to `most`. */
enum status reply_unproved(const struct snapshot *snapshot, const char *organisation, const char *sender,
    instant_t since, int64_t most, int64_t *ret, struct error *err);
/* How many of all senders' belong to no review. */
enum status reply_strange(const struct snapshot *snapshot, const char *organisation, instant_t since,
    int64_t most, int64_t *ret, struct error *err);
/* By the hash of its bytes. */
enum status reply_find(const struct snapshot *snapshot, const char *organisation, const char *sha256,
    struct reply_row *ret, struct error *err);
/* What a person decided: its state, its reason, verified, and when. */
enum status reply_decide(struct txn *txn, struct reply_row *row, struct error *err);
enum status reply_get(
    const struct snapshot *snapshot, const char *id, struct reply_row *ret, struct error *err);
enum status reply_raw(const struct snapshot *snapshot, const char *id, struct span *ret, struct error *err);
struct reply_filter {
    const char *review, *state; /* NULL = any */
};
/* Newest first. */
enum status reply_list(const struct snapshot *snapshot, const char *organisation,
    const struct reply_filter *filter, const struct page *page, struct reply_list *ret, struct error *err);

/* Where reading the mailbox stands, in the words of who reads it; NULL: at its beginning. Written in the
 * transaction that keeps the mail, whatever the organisation. */
enum status mailbox_cursor(const struct snapshot *snapshot, const char **ret, struct error *err);
enum status mailbox_set_cursor(struct txn *txn, const char *cursor, struct error *err);

struct failing_address {
    const char *email;    /* lower case */
    const char *code;     /* "5.1.1" (RFC 3463); may be NULL */
    const char *reason;   /* in the words of the server that refused; may be NULL */
    const char *delivery; /* the message that came back */
    instant_t since;      /* of the first that came back */
};
/* *ret_new: it was not failing before. */
enum status address_fail(
    struct txn *txn, const struct failing_address *address, bool *ret_new, struct error *err);
/* Mail from there, or a decision: it works again. Nothing happens when it did. */
enum status address_works(struct txn *txn, const char *email, struct error *err);
/* ST_NOT_FOUND when nothing is known against it. */
enum status address_failing(const struct snapshot *snapshot, const char *organisation, const char *email,
    struct failing_address *ret, struct error *err);
