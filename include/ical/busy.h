#pragma once
/*
 * Free/busy times (RFC 5545, 3.6.4): the question to a schedule-outbox (RFC 6638, 5), and answers from
 * strangers: periods that the server has expanded, or, of servers that cannot, the events themselves. Pure, any
 * thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "base/zone.h"

#include <stddef.h>

enum {
    ICAL_BUSY_BYTES = 512 * 1024,
    ICAL_BUSY_PERIODS = 5000,
    ICAL_BUSY_PEOPLE = 20,
    ICAL_BUSY_EVENT_BYTES = 1024 * 1024,
    ICAL_BUSY_EVENTS = 200 /* in one object: a series and its exceptions */
};

struct ical_question {
    const char *uid;
    instant_t stamp;
    instant_t from, to;
    const char *organiser;        /* address of who asks */
    const char *const *attendees; /* addresses, at most ICAL_BUSY_PEOPLE */
    size_t attendee_count;
};
/* A VCALENDAR with METHOD:REQUEST. ST_INVALID: an address is none, or too many. */
enum status ical_write_question(
    struct buf *out, const struct ical_question *question, struct error *err) MUST_CHECK;

struct ical_period {
    instant_t start, end;
};
struct ical_periods {
    const struct ical_period *items; /* in the order given; may overlap */
    size_t count;
};
/*
 * What is busy, busy-tentative or busy-unavailable in all VFREEBUSY of the object. Whoever cannot be read is
 * not free: ST_TOO_LARGE, ST_SYNTAX (not a calendar object), ST_INVALID (no VFREEBUSY, or a period that is
 * none).
 */
enum status ical_read_busy(struct arena *arena, const char *bytes, size_t size, struct ical_periods *ret,
    struct error *err) MUST_CHECK;

struct ical_window {
    instant_t from, to;
    const struct zone *zone; /* of times without one, and of days */
};
/*
 * When the events of calendar objects, one after the other, take time in the window: not those that are
 * cancelled or transparent; a day without a time takes the whole day. Series are looked at day by day of the
 * window: of rules that are not understood in all their parts there may be too many days, never too few. What
 * cannot be read is not free: ST_INVALID (a zone that is not known, a series within a day, RDATE), ST_SYNTAX,
 * ST_TOO_LARGE.
 */
enum status ical_read_events(struct arena *arena, const char *bytes, size_t size,
    const struct ical_window *window, struct ical_periods *ret, struct error *err) MUST_CHECK;
