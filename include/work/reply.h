#pragma once
/*
 * Answers that come back: from the mailbox or handed over by a mail system. Each is kept as it came, read, and
 * judged: an answer whose sender is proved changes the review (work/review.h), any other waits for a person; a
 * bounce of ours marks the address as failing. What nobody here is concerned by is not kept.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/field.h"
#include "base/id.h"
#include "store/reply.h"
#include "store/txn.h"

enum reply_channel { REPLY_BY_MAIL, REPLY_BY_ITIP };
extern const char *const reply_channel_names[];

/* What comes of it. The first are those of model/invitation.h, in its order. */
enum reply_state {
    REPLY_TAKEN,
    REPLY_DUPLICATE,
    REPLY_STALE,
    REPLY_OUTDATED,
    REPLY_UNMATCHED, /* no invitation of ours is known by its UID */
    REPLY_STRANGER,
    REPLY_OVER,
    REPLY_UNUSABLE,
    REPLY_UNVERIFIED, /* waits for a person to confirm or dismiss it */
    REPLY_WRITTEN,    /* a letter without a calendar answer, in return for one of ours: a person reads it */
    REPLY_BOUNCED,
    REPLY_UNREADABLE,
    REPLY_DISMISSED, /* a person has looked at it: it counts for nothing */
    REPLY_STATE_COUNT
};
extern const char *const reply_state_names[]; /* NULL-terminated */

enum { REPLY_MAIL_MAX = 8 * 1024 * 1024 }; /* bytes of a mail that is read */

/* As received. */
struct incoming {
    enum reply_channel channel;
    struct span raw;
    bool is_calendar;        /* a calendar object alone, without a mail around it */
    bool is_head;            /* the mail was too large: only its header */
    const char *authserv_id; /* whose Authentication-Results are believed; NULL = none */
    const char *attested_by; /* the address that whoever hands it over has proved; NULL = none */
    /* Mails kept within 24 hours that prove nothing: of one sender, and about no review of all; 0: no ceiling.
     */
    int64_t per_sender, strangers;
};

/* What was read of it; pure, any thread. Lives in the arena, borrows `incoming`. */
struct reply_reading;
const struct reply_reading *reply_read(struct arena *arena, const struct incoming *incoming);
/* Of something that could not be taken, for the reason given: it is kept as unreadable. */
const struct reply_reading *reply_read_failed(
    struct arena *arena, const struct incoming *incoming, const char *why);
/* Whether it concerns invitations of ours; else it is to be left where it is. */
bool reply_concerns(const struct reply_reading *reading);
/* The organisation whose business it claims to be, "system" when it does not say. */
const char *reply_organisation(const struct reply_reading *reading);

struct reply {
    const char *id, *organisation;
    int channel, state;
    const char *media_type; /* of what was kept */
    const char *reason;
    const char *review;
    const char *sender, *sender_name, *subject, *text; /* of the mail */
    const char *attendee, *method, *partstat, *comment;
    int64_t sequence;
    instant_t dtstamp, proposed_start, proposed_end;
    int verified;
    const char *message_id, *sha256;
    instant_t received_at, decided_at;
    const char *left; /* why it was not kept: it is to stay where it is; NULL. Not in the table */
};
extern const struct field_table reply_table;

enum status reply_of_row(
    struct arena *arena, const struct reply_row *row, struct reply *ret, struct error *err);

/* In a job of the organisation it concerns, or of any other: then it is unmatched. The same bytes again are
 * what they were, and change nothing. What is over a ceiling of `incoming` is not kept: ret->left says why. */
enum status reply_receive(
    struct txn *txn, const struct reply_reading *reading, struct reply *ret, struct error *err);

/* A person vouches for the sender of an answer that waits: it is judged again as of now. ST_CONFLICT when it
 * does not wait for anybody. */
enum status reply_confirm(struct txn *txn, const char *id, struct reply *ret, struct error *err);
/* It counts for nothing; also a letter that was read. */
enum status reply_dismiss(
    struct txn *txn, const char *id, const char *reason, struct reply *ret, struct error *err);
