#pragma once
/*
 * What leaves: rows of the outbox (store/delivery.h), made in the transaction of their cause. Whether they
 * wait, are held or dropped is the organisation's delivery mode.
 */
#include "base/error.h"
#include "model/invitation.h"
#include "store/txn.h"

/* Queues one message of an invitation, of invitation_apply(): a REQUEST, CANCEL or DECLINECOUNTER to one
 * person, with the review and its attendees as they are stored by now. `drops` supersedes what has not left yet
 * to that person about that review, also when the method is ITIP_NONE. ST_NOT_FOUND: no such review. */
enum status delivery_invitation(
    struct txn *txn, const char *review, const struct invitation_message *message, struct error *err);

/* Queues the notices (bits of enum review_notice) that a change of a review asks for. */
enum status delivery_notices(struct txn *txn, const char *review, unsigned notices, struct error *err);

/* Reminders about a review that have not left yet are superseded: its slot or its state has changed. */
enum status delivery_drop_reminders(struct txn *txn, const char *review, struct error *err);
