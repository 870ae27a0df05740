#pragma once
/*
 * Building mail: notices, and invitations in the shape that the common clients show with their answer buttons
 * (RFC 6047). No network; the result is what SMTP's DATA takes (RFC 5322, lines of at most 76 octets, CRLF,
 * ASCII only, not yet dot-stuffed) and what an .eml file holds. Equal input gives equal bytes. Any thread,
 * after mail_init().
 *
 *   multipart/alternative [text/plain, text/html]                                    a notice
 *   multipart/mixed [multipart/alternative [text/plain, text/html,                   an invitation
 *       text/calendar; method=...], application/ics; name="invite.ics"]
 */
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "base/lang.h"
#include "model/invitation.h"

#include <stddef.h>

enum {
    MAIL_SUBJECT_MAX = 500,       /* bytes */
    MAIL_NAME_MAX = 1000,         /* bytes */
    MAIL_BODY_MAX = 1024 * 1024,  /* bytes of each alternative */
    MAIL_CALENDAR_MAX = 64 * 1024 /* bytes */
};

struct mail_address {
    const char *name; /* NULL = none */
    const char *email;
};

/* A whole calendar object (ical/write.h) and its METHOD. */
struct mail_calendar {
    enum itip_method method;
    const char *text;
    size_t size;
};

struct mail_message {
    struct mail_address from; /* the organiser of the calendar object: answers go there */
    struct mail_address to;
    const char *subject;
    const char
        *message_id; /* "<local@domain>" without the brackets: new for each sending, the same for a repeat */
    const char *in_reply_to; /* in the same form; NULL = none */
    instant_t date;
    enum lang lang;
    const char *text; /* UTF-8, "\n" */
    const char *html;
    const struct mail_calendar *calendar; /* NULL = a notice */
};

/* Once, before threads start. */
void mail_init(void);

/* Appends the message. ST_INVALID with one field each: a line break or control character in a header, an
 * address that is none, text that is not UTF-8, a ceiling. */
enum status mail_build(struct buf *out, const struct mail_message *message, struct error *err) MUST_CHECK;
