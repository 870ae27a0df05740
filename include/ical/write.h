#pragma once
/*
 * Writing calendar objects (RFC 5545, 5546, 7986): invitations for mail, copies for CalDAV servers, feeds.
 * Pure, any thread.
 *
 * Times are written in UTC, so that no object needs a VTIMEZONE. Lines end with CRLF and are folded at 75
 * octets without splitting a character. What cannot be written safely is refused before anything is written:
 * ST_INVALID with one field each (control characters, text that is not UTF-8, an address that is not one). In
 * names, double quotes and carets become apostrophes (the escapes of RFC 6868 are shown as they are by the
 * most used clients), commas, semicolons and colons a blank (some readers split at them inside quotes, some
 * answer with a broken From).
 *
 * Entries are opaque and private; the summary must not tell why the meeting takes place. That is the caller's
 * duty.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "model/invitation.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ICAL_ATTENDEES_MAX = 50,
    ICAL_ALARMS_MAX = 8,
    ICAL_TEXT_MAX = 4096,         /* bytes of a text on one line */
    ICAL_DESCRIPTION_MAX = 32768, /* bytes */
};

struct ical_person {
    const char *name; /* NULL = none */
    const char *email;
};

struct ical_attendee {
    struct ical_person person;
    enum partstat partstat;
    bool by_mail; /* on a copy: this person is mailed, whoever serves the others */
};

struct ical_event {
    const char *uid; /* ASCII without blanks and quotes, see ical_uid() */
    unsigned sequence;
    instant_t stamp;            /* DTSTAMP: of this sending in a message, of the last change in a feed */
    instant_t modified;         /* LAST-MODIFIED; INSTANT_NONE = none */
    instant_t start, end;       /* ignored when `day` is set */
    date_t day;                 /* an all-day entry that blocks no time; DATE_NONE = a meeting */
    const char *summary;        /* required */
    const char *description;    /* line breaks allowed */
    const char *location;       /* NULL = none */
    const char *conference_url; /* http(s); also written into LOCATION and DESCRIPTION, where people look */
    const char *comment;        /* to the attendee, with a cancellation or a declined counter-proposal */
    bool cancelled;
    struct ical_person organiser;
    const struct ical_attendee *attendees;
    size_t attendee_count;
    const int *alarms; /* minutes before the beginning; feeds only, messages never carry any */
    size_t alarm_count;
};

/* "review-<id>@<domain>". */
char *ical_uid(struct arena *arena, const char *review_id, const char *domain);

/* A whole VCALENDAR for a message: ITIP_REQUEST, ITIP_CANCEL (STATUS:CANCELLED, times kept) or
 * ITIP_DECLINECOUNTER. Organiser and at least one attendee are required. Another method is ST_INTERNAL. */
enum status ical_write_message(
    struct buf *out, enum itip_method method, const struct ical_event *event, struct error *err) MUST_CHECK;

/* A whole VCALENDAR for a PUT on a CalDAV server, without METHOD. `by_mail`: SCHEDULE-AGENT=CLIENT (RFC 6638),
 * because the invitations leave by mail and the server must not send a second one; of all people, or of those
 * who say so themselves. */
enum status ical_write_copy(
    struct buf *out, const struct ical_event *event, bool by_mail, struct error *err) MUST_CHECK;

/*
 * A feed: begin, any number of events, end. A refused event leaves no trace in the buffer, the feed may go on.
 * Attendees and organiser of events are not written.
 */
struct ical_feed {
    const char *name;  /* shown in the list of calendars */
    const char *color; /* a CSS3 colour name, NULL = none */
    unsigned refresh_minutes;
};
enum status ical_feed_begin(struct buf *out, const struct ical_feed *feed, struct error *err) MUST_CHECK;
enum status ical_feed_event(struct buf *out, const struct ical_event *event, struct error *err) MUST_CHECK;
void ical_feed_end(struct buf *out);
