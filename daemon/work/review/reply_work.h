#pragma once
/* What was read of something that came in. Inside the module. */
#include "ical/read.h"
#include "mail/read.h"
#include "work/reply.h"

struct reply_reading {
    struct incoming in;
    const struct mail_received *mail; /* NULL: a calendar object alone, or none that can be read */
    struct span calendar;             /* the calendar object's bytes; none */
    const struct ical_message *ical;  /* NULL: none that can be read */
    const char *trouble;              /* why it cannot be read; NULL */
    bool is_failed;                   /* it was read, but could not be taken */
    const char *review;               /* the id in its UID, when it has the form of ours */
    const char *delivery;             /* the message of ours that it goes back to */
    const char *organisation;         /* key */
};

/* Whom an answer speaks for: the sender among its attendees, else the only one. NULL: it does not tell. */
const struct ical_read_attendee *reply_attendee(const struct reply_reading *reading);
bool reply_is_verified(const struct reply_reading *reading, const char *attendee);

/* The part of struct reply that is kept as JSON. */
extern const struct field_table reply_body_table;
