#pragma once
/*
 * Reading mail from strangers: answers to invitations, bounces, whatever else arrives in the mailbox. No
 * network; any thread, after mail_init(). Everything returned is text fit to store and show: UTF-8, cut,
 * without control characters; it is still a stranger's word.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MAIL_READ_MAX = 8 * 1024 * 1024, /* bytes */
    MAIL_READ_PARTS = 100,           /* parts of a message that say what they are, however nested */
    MAIL_READ_DASHES = 2000,         /* lines that may begin one */
    MAIL_READ_HEADER = 512 * 1024,   /* bytes of its header and those of its parts */
    MAIL_READ_DEPTH = 10,
    MAIL_READ_TEXT = 4000, /* bytes kept of a text */
    MAIL_READ_BOUNCES = 20,
};

/* What the mailbox's own server says about the sender (RFC 8601, 7489). */
enum mail_authenticity {
    MAIL_AUTH_NONE, /* it says nothing, or another server does */
    MAIL_AUTH_PASS, /* dmarc=pass for the domain of From */
    MAIL_AUTH_FAIL, /* DMARC was looked at and did not pass */
};

enum mail_bounce_action {
    MAIL_BOUNCE_FAILED,  /* will not be tried again: the address fails */
    MAIL_BOUNCE_DELAYED, /* still being tried */
    MAIL_BOUNCE_OTHER,   /* delivered, relayed, expanded */
};

/* One recipient of a delivery status notification (RFC 3464). */
struct mail_bounce {
    const char *recipient; /* lower case */
    enum mail_bounce_action action;
    const char *status;     /* "5.1.1"; NULL = none */
    const char *diagnostic; /* NULL = none */
};

struct mail_received {
    const char *message_id; /* without brackets; NULL = none */
    const char *in_reply_to;
    const char *from; /* address in lower case; NULL when there is not exactly one */
    const char *from_name;
    const char *subject;
    instant_t date; /* as the sender claims; INSTANT_NONE */
    enum mail_authenticity authenticity;
    bool automatic;       /* sent by a program: Auto-Submitted (RFC 3834), Precedence, or a bounce */
    const char *text;     /* the first text/plain, for people; NULL = none */
    const char *calendar; /* the first text/calendar, else application/ics or *.ics; NULL = none */
    size_t calendar_size; /* bytes, as they are: ical/read.h has its own ceilings */
    bool is_bounce;
    const struct mail_bounce *bounces;
    size_t bounce_count;
    const char *bounced_message_id; /* of ours, as the bounce quotes it; NULL = it does not */
};

/*
 * `authserv_id` names the server whose Authentication-Results are believed (the one that takes mail for this
 * mailbox and removes forged ones); NULL = none. Calendar objects inside forwarded messages are not looked for.
 * Errors: ST_TOO_LARGE over a ceiling, ST_SYNTAX when it is not a mail.
 */
enum status mail_read(struct arena *arena, const char *bytes, size_t size, const char *authserv_id,
    const struct mail_received **ret, struct error *err) MUST_CHECK;

/* Whether the mail is proved to come from that attendee: authenticity passes and From is that address, or the
 * address from which Google sends answers of its calendar's users. */
bool mail_speaks_for(const struct mail_received *mail, const char *attendee);
