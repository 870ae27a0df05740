#pragma once
/*
 * Reading calendar objects from strangers: REPLY, COUNTER, REFRESH, REQUEST. libical parses them, after the
 * ceilings below and after dropping everything that is not used here: zones, alarms, recurrences, attachments.
 * Recurrences are never expanded. Any thread, after ical_init().
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/zone.h"
#include "model/invitation.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ICAL_READ_MAX = 64 * 1024, /* bytes */
    ICAL_READ_LINES = 2000,    /* physical lines */
    ICAL_READ_DEPTH = 4,       /* components inside each other */
    ICAL_READ_ATTENDEES = 50,
    ICAL_READ_TEXT = 4000, /* bytes kept of a text */
};

struct ical_read_attendee {
    const char *email; /* lower case, without mailto: */
    const char *name;  /* NULL = none */
    enum partstat partstat;
    const char *delegated_to;    /* address; NULL = nobody */
    const char *comment;         /* of this attendee (X-RESPONSE-COMMENT); NULL = none */
    const char *schedule_status; /* "1.2" (RFC 6638); NULL = none */
};

struct ical_message {
    enum itip_method method; /* ITIP_NONE when there is none, or one this program does not speak */
    const char *product;     /* PRODID */
    const char *uid;
    int sequence;          /* 0 when there is none */
    instant_t stamp;       /* DTSTAMP; INSTANT_NONE */
    const char *organiser; /* address; Exchange leaves it out of replies */
    const struct ical_read_attendee *attendees;
    size_t attendee_count;
    instant_t start, end; /* INSTANT_NONE: absent, or in a zone that is not known */
    bool all_day;
    const char *unknown_zone; /* the TZID that could not be resolved: times need a person */
    bool recurring;           /* a RECURRENCE-ID or recurrence rule was there */
    bool cancelled;           /* STATUS:CANCELLED */
    const char *summary, *location, *description, *comment;
};

/* Once, before threads start. */
void ical_init(void);

/*
 * Reads the first VCALENDAR and its event. Bytes that are not UTF-8 are taken as Windows-1252. Times without a
 * zone are times of `zone`. Texts are cut at ICAL_READ_TEXT, their control characters dropped. Errors:
 * ST_TOO_LARGE over a ceiling, ST_SYNTAX when it is not a calendar object, ST_INVALID without an event or UID
 * or with several UIDs.
 */
enum status ical_read(struct arena *arena, const char *bytes, size_t size, const struct zone *zone,
    const struct ical_message **ret, struct error *err) MUST_CHECK;
