#pragma once
/*
 * What leaves: rows of the outbox (store/delivery.h), made in the transaction of their cause. Whether they
 * wait, are held or dropped is the organisation's delivery mode. The message is built there and then: what was
 * sent is evidence. All verbs run on a lane, except delivery_begin.
 */
#include "base/error.h"
#include "model/invitation.h"
#include "model/review.h"
#include "store/delivery.h"
#include "store/txn.h"

struct letters;

/* What all messages have in common. */
struct delivery_means {
    const struct letters *letters; /* mail/letter.h; NULL = those of the program */
    const char *organiser_name,
        *organiser_email; /* of organisations without a mailbox of their own; may be NULL */
};
/* Before any lane runs; borrowed until the process ends. Without it: the letters of the program. */
void delivery_begin(const struct delivery_means *means);

/* Queues one message of an invitation, of invitation_apply(): a REQUEST, CANCEL or DECLINECOUNTER to one
 * person, with the review and its attendees as they are stored by now. `drops` supersedes what has not left yet
 * to that person about that review, also when the method is ITIP_NONE. ST_NOT_FOUND: no such review.
 * ST_CONFLICT: there is no mailbox to write from. */
enum status delivery_invitation(
    struct txn *txn, const char *review, const struct invitation_message *message, struct error *err);

/* The same message as a mail, whatever calendars there are: what a calendar could not do. */
enum status delivery_invitation_by_mail(
    struct txn *txn, const char *review, const struct invitation_message *message, struct error *err);

/* Queues the notices (bits of enum review_notice) that a change of a review asks for. */
enum status delivery_notices(struct txn *txn, const char *review, unsigned notices, struct error *err);

/* Tells the employee that the copy is on their page: once for each document, when the review is reported. */
enum status delivery_copy_ready(struct txn *txn, const char *review, struct error *err);

/* Tells HR that an answer about this review waits to be confirmed. */
enum status delivery_tell_unverified(struct txn *txn, const char *review, struct error *err);
/* Tells HR that a message came back, and why. */
enum status delivery_tell_return(struct txn *txn, const char *delivery, const char *why, struct error *err);

/* Tells HR that a calendar could not reach somebody, and why: that person is mailed. */
enum status delivery_tell_calendar(
    struct txn *txn, const char *review, const char *address, const char *why, struct error *err);

/* Reminders about a review that have not left yet are superseded: its slot or its state has changed. */
enum status delivery_drop_reminders(struct txn *txn, const char *review, struct error *err);

/* By hand: delivery_retry, audited as delivery.retried. */
enum status delivery_again(struct txn *txn, const char *id, struct error *err);

/* How an attempt to send a claimed row ended. */
enum delivery_outcome {
    DELIVERY_SENT,
    DELIVERY_RETRY,
    DELIVERY_GIVEN_UP,
    DELIVERY_REPLACED /* other messages go to its people instead */
};
struct delivery_end {
    const char *id;
    enum delivery_outcome outcome;
    const char *why;   /* unless it was sent */
    instant_t next_at; /* DELIVERY_RETRY */
};
/* Ends a claim of `owner`; audits delivery.sent and delivery.abandoned; an invitation sent is noted with its
 * attendee. ST_CONFLICT when the lease is no longer the owner's. */
enum status delivery_settle(
    struct txn *txn, const char *owner, const struct delivery_end *end, struct error *err);
