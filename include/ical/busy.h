#pragma once
/*
 * Free/busy times (RFC 5545, 3.6.4): the question to a schedule-outbox (RFC 6638, 5), and answers from
 * strangers. Answers hold periods that the server has expanded; nothing is expanded here. Pure, any thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"

#include <stddef.h>

enum { ICAL_BUSY_BYTES = 512 * 1024, ICAL_BUSY_PERIODS = 5000, ICAL_BUSY_PEOPLE = 20 };

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
