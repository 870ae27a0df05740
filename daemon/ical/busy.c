/*
 * Free/busy times: one pass over unfolded lines; libical reads each period. Pure, any thread.
 */
#include "ical/busy.h"

#include "base/text.h"
#include "content.h"
#include "line.h"

#include <libical/ical.h>
#include <string.h>

/* ---- the question */

enum status ical_write_question(struct buf *out, const struct ical_question *q, struct error *err)
{
    if (!email_valid(q->organiser) || q->attendee_count == 0 || q->attendee_count > ICAL_BUSY_PEOPLE)
        return error_set(
            err, ST_INVALID, "a question about free time needs who asks, and 1 to %d people", ICAL_BUSY_PEOPLE);
    for (size_t i = 0; i < q->attendee_count; i++)
        if (!email_valid(q->attendees[i]))
            return error_set(err, ST_INVALID, "an attendee without an address");
    ical_line(out, "BEGIN:VCALENDAR");
    ical_line(out, "VERSION:2.0");
    ical_line(out, "PRODID:-//entretiend//entretiend//EN");
    ical_line(out, "METHOD:REQUEST");
    ical_line(out, "BEGIN:VFREEBUSY");
    ical_line(out, "UID:%s", q->uid);
    ical_line_instant(out, "DTSTAMP", q->stamp);
    ical_line_instant(out, "DTSTART", q->from);
    ical_line_instant(out, "DTEND", q->to);
    ical_line(out, "ORGANIZER:mailto:%s", q->organiser);
    for (size_t i = 0; i < q->attendee_count; i++)
        ical_line(out, "ATTENDEE:mailto:%s", q->attendees[i]);
    ical_line(out, "END:VFREEBUSY");
    ical_line(out, "END:VCALENDAR");
    return ST_OK;
}

/* ---- answers */

struct busy_reading {
    struct ical_period *items;
    size_t count, room;
    struct arena *arena;
    bool inside, any; /* of a VFREEBUSY; there was one */
    struct error *err;
};

static instant_t busy_instant(struct icaltimetype at)
{
    date_t day = date_of(at.year, at.month, at.day);
    if (icaltime_is_null_time(at) || !icaltime_is_utc(at) || at.is_date || day == DATE_NONE)
        return INSTANT_NONE;
    return (int64_t)day * US_PER_DAY + ((at.hour * 60 + at.minute) * 60 + at.second) * US_PER_SEC;
}

static void busy_push(struct busy_reading *r, struct ical_period period)
{
    if (r->count == r->room) {
        struct ical_period *more = ARENA_ARRAY(r->arena, 2 * r->room + 16, struct ical_period);
        if (r->count)
            memcpy(more, r->items, r->count * sizeof *more);
        r->items = more;
        r->room = 2 * r->room + 16;
    }
    r->items[r->count++] = period;
}

/* "20261123T080000Z/PT1H" */
static enum status busy_period(struct busy_reading *r, const char *text)
{
    struct icalperiodtype period = icalperiodtype_from_string(text);
    struct ical_period made = {.start = busy_instant(period.start), .end = busy_instant(period.end)};
    if (made.start != INSTANT_NONE && made.end == INSTANT_NONE)
        made.end = made.start + (int64_t)icaldurationtype_as_int(period.duration) * US_PER_SEC;
    if (made.start == INSTANT_NONE || made.end <= made.start)
        return error_set(r->err, ST_INVALID, "a busy period is none: %.40s", text);
    if (r->count == ICAL_BUSY_PERIODS)
        return error_set(r->err, ST_TOO_LARGE, "more than %d busy periods", ICAL_BUSY_PERIODS);
    busy_push(r, made);
    return ST_OK;
}

/* FREEBUSY;FBTYPE=BUSY:period,period */
static enum status busy_periods(struct busy_reading *r, char *line)
{
    char *value = strchr(line, ':');
    enum status status = ST_OK;
    if (!value)
        return error_set(r->err, ST_SYNTAX, "a line without a value");
    *value++ = '\0';
    if (strcasestr(line, "FBTYPE=FREE") || strcasestr(line, "FBTYPE=\"FREE\""))
        return ST_OK;
    for (char *next; value && status == ST_OK; value = next) {
        next = strchr(value, ',');
        if (next)
            *next++ = '\0';
        if (*value)
            status = busy_period(r, value);
    }
    return status;
}

static enum status busy_line(struct busy_reading *r, char *line)
{
    if (!strcasecmp(line, "BEGIN:VFREEBUSY"))
        r->inside = r->any = true;
    else if (!strcasecmp(line, "END:VFREEBUSY"))
        r->inside = false;
    else if (r->inside && !strncasecmp(line, "FREEBUSY", 8) && (line[8] == ':' || line[8] == ';'))
        return busy_periods(r, line);
    return ST_OK;
}

enum status ical_read_busy(
    struct arena *arena, const char *bytes, size_t size, struct ical_periods *ret, struct error *err)
{
    struct busy_reading r = {.arena = arena, .err = err};
    enum status status = ST_OK;
    if (size > ICAL_BUSY_BYTES)
        return error_set(err, ST_TOO_LARGE, "more than %d bytes of busy times", ICAL_BUSY_BYTES);
    char *line = arena_strndup(arena, bytes, size);
    if (strncasecmp(line, "BEGIN:VCALENDAR", 15) != 0)
        return error_set(err, ST_SYNTAX, "not a calendar object");
    while (line && status == ST_OK) {
        char *next = ical_unfold(line);
        status = busy_line(&r, line);
        line = next;
    }
    icalmemory_free_ring();
    if (status == ST_OK && !r.any)
        return error_set(err, ST_INVALID, "a calendar object without free/busy times");
    if (status == ST_OK)
        *ret = (struct ical_periods){.items = r.items, .count = r.count};
    return status;
}
