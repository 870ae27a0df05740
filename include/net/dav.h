#pragma once
/*
 * The XML of CalDAV (RFC 4918, 4791, 6638) without a network: bodies of requests, and answers from strangers
 * as plain structs. Answers are parsed by libxml2 with everything off that reaches out or grows: a document
 * type is refused, and with it entities; nothing is loaded; bytes, elements and responses have ceilings. What
 * is not asked for is skipped. Any thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    DAV_BYTES_MAX = 1024 * 1024,
    DAV_ELEMENTS_MAX = 20000,
    DAV_RESPONSES_MAX = 1000,
    DAV_HREF_MAX = 2000, /* bytes; a longer one is none */
};

/* One resource of a multistatus. Members that the server did not give with 200 are NULL. */
struct dav_response {
    const char *href; /* as sent: an absolute path or URL, percent-encoded */
    int status;       /* of the resource: 200 unless it has one of its own (404: it is gone) */
    const char *principal, *home,
        *outbox;           /* hrefs: current-user-principal, calendar-home-set, schedule-outbox-URL */
    const char *addresses; /* calendar-user-address-set: what follows mailto:, in lower case, a blank between */
    const char *data;      /* calendar-data: a calendar object */
    bool calendar;         /* a collection of calendar objects */
    bool events;           /* which takes events; true when it does not say */
};
struct dav_multistatus {
    const struct dav_response *items;
    size_t count;
};
/* ST_TOO_LARGE over a ceiling, ST_SYNTAX: no XML or with a document type, ST_INVALID: no multistatus. */
enum status dav_multistatus_read(struct arena *arena, const char *bytes, size_t size,
    struct dav_multistatus *ret, struct error *err) MUST_CHECK;

/* One recipient of an answer from a schedule-outbox (RFC 6638, 10.2). */
struct dav_recipient {
    const char *address; /* in lower case, without mailto: */
    const char *status;  /* "2.0;Success"; "" when there is none */
    const char *data;    /* a calendar object with a VFREEBUSY, NULL */
};
struct dav_schedule {
    const struct dav_recipient *items;
    size_t count;
};
enum status dav_schedule_read(struct arena *arena, const char *bytes, size_t size, struct dav_schedule *ret,
    struct error *err) MUST_CHECK;

/* Bodies. */
void dav_put_who(struct buf *out);                                    /* PROPFIND: who the user is */
void dav_put_homes(struct buf *out);                                  /* PROPFIND on the principal */
void dav_put_calendars(struct buf *out);                              /* PROPFIND on a home or a collection */
void dav_put_freebusy(struct buf *out, instant_t from, instant_t to); /* REPORT */
void dav_put_events(struct buf *out, instant_t from, instant_t to);   /* REPORT: events that touch that time */

/* `href` of an answer from `base` as an absolute URL; NULL when it is none or names another origin: credentials
 * never follow it there. */
char *dav_resolve(struct arena *arena, const char *base, const char *href);
