/*
 * When events take somebody's time, for calendars that do not tell it themselves. One pass over unfolded lines,
 * then each event's days; libical is not asked: its recurrences can take for ever. Pure, any thread.
 */
#include "ical/busy.h"

#include "base/text.h"
#include "content.h"
#include "recur.h"
#include "tzid.h"

#include <string.h>
#include <strings.h>

enum {
    EVENT_DATES_MAX = 200,
    EVENT_COUNT_DAYS = 50 * 366,
    EVENT_SPAN_DAYS = 370,
    EVENT_WORK_MAX = 1000000,
    EVENT_PARAMS_MAX = 1000
};
#define EVENT_LENGTH_MAX (INT64_C(100) * 366 * 86400) /* seconds */

struct event_time {
    date_t day; /* DATE_NONE: absent */
    int second;
    bool all_day;
    const struct zone *zone; /* NULL: UTC */
};

struct event {
    const char *uid;
    struct event_time start, end, instead_of;
    int64_t duration; /* of DURATION, -1: none */
    bool free, recurs;
    struct ical_rule rule;
    struct event_time dropped[EVENT_DATES_MAX]; /* EXDATE */
    size_t dropped_count;
};

struct event_reading {
    struct arena *arena;
    const struct ical_window *window;
    struct event *events;        /* of the object under hand */
    size_t count, depth, inside; /* inside: the depth of the event's component, 0: in none */
    struct ical_period *items;
    size_t item_count, room;
    unsigned work; /* days looked at */
    struct error *err;
};

/* ---- values */

static bool event_digits(const char *text, size_t count, int *ret)
{
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + text[i] - '0';
    }
    return true;
}

static bool event_clock(const char *text, int *ret)
{
    int hour, minute, second;
    if (!event_digits(text, 2, &hour) || !event_digits(text + 2, 2, &minute) ||
        !event_digits(text + 4, 2, &second))
        return false;
    *ret = (hour * 60 + minute) * 60 + second;
    return hour < 24 && minute < 60 && second <= 60;
}

/* "20270106", "20270106T090000", "20270106T080000Z", with the zone that the line names. */
static bool event_time(
    struct event_reading *r, const struct ical_content *line, const char *value, struct event_time *ret)
{
    size_t size = strcspn(value, ",");
    int year, month, day;
    if (size < 8 || !event_digits(value, 4, &year) || !event_digits(value + 4, 2, &month) ||
        !event_digits(value + 6, 2, &day) || year < 1900 || year > 2199)
        return false;
    *ret = (struct event_time){.day = date_of(year, month, day), .zone = r->window->zone};
    ret->all_day = size == 8;
    if (ret->day == DATE_NONE || ret->all_day)
        return ret->day != DATE_NONE;
    bool utc = size == 16 && value[15] == 'Z';
    if ((size != 15 && !utc) || value[8] != 'T' || !event_clock(value + 9, &ret->second))
        return false;
    const char *tzid = utc ? NULL : ical_content_param(r->arena, line, "TZID");
    if (utc)
        ret->zone = NULL;
    else if (tzid)
        ret->zone = ical_zone(tzid);
    return utc || ret->zone;
}

static instant_t event_instant(const struct event_time *time, date_t day)
{
    if (time->zone)
        return zone_instant(time->zone, day, time->second);
    return day * US_PER_DAY + time->second * US_PER_SEC;
}

/* "PT1H30M", "P1D", "P2W"; -1: none */
static int64_t event_duration(const char *text)
{
    int64_t total = 0;
    text += *text == '+';
    if (*text++ != 'P')
        return -1;
    for (bool clock = false; *text;) {
        int64_t number = 0;
        clock |= *text == 'T';
        text += *text == 'T';
        size_t digits = strspn(text, "0123456789");
        for (size_t i = 0; i < digits && i < 9; i++)
            number = number * 10 + text[i] - '0';
        text += digits;
        static const struct {
            char unit;
            bool clock;
            int64_t seconds;
        } units[] = {
            {'W', false, 604800}, {'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};
        size_t unit = 0;
        while (unit < 5 && (*text != units[unit].unit || clock != units[unit].clock))
            unit++;
        if (unit == 5 || digits == 0 || digits > 8)
            return -1;
        total += number * units[unit].seconds;
        if (total > EVENT_LENGTH_MAX)
            return -1;
        text++;
    }
    return total;
}

/* ---- lines */

static bool take_start(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    return event_time(r, line, line->value, &event->start);
}

static bool take_end(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    return event_time(r, line, line->value, &event->end);
}

static bool take_instead_of(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    return !ical_content_param(r->arena, line, "RANGE") && event_time(r, line, line->value, &event->instead_of);
}

static bool take_duration(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    (void)r;
    event->duration = event_duration(line->value);
    return event->duration >= 0;
}

static bool take_uid(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    event->uid = arena_strdup(r->arena, line->value);
    return true;
}

static bool take_status(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    (void)r;
    event->free |= !strcasecmp(line->value, "CANCELLED") || !strcasecmp(line->value, "TRANSPARENT");
    return true;
}

static bool take_rule(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    (void)r;
    bool first = !event->recurs;
    event->recurs = true;
    return first && ical_rule_read(line->value, &event->rule);
}

static bool take_dropped(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    const char *value = line->value;
    for (bool more = true; more; value++) {
        if (event->dropped_count == EVENT_DATES_MAX ||
            !event_time(r, line, value, &event->dropped[event->dropped_count++]))
            return false;
        value += strcspn(value, ",");
        more = *value == ',';
    }
    return true;
}

/* Dates beside the rule are seldom; whoever uses them is not free because of it. */
static bool take_not(struct event_reading *r, struct event *event, const struct ical_content *line)
{
    (void)r;
    (void)event;
    (void)line;
    return false;
}

static const struct event_taker {
    const char *name;
    bool (*take)(struct event_reading *r, struct event *event, const struct ical_content *line);
} event_takers[] = {
    {"UID", take_uid},
    {"DTSTART", take_start},
    {"DTEND", take_end},
    {"DURATION", take_duration},
    {"RECURRENCE-ID", take_instead_of},
    {"RRULE", take_rule},
    {"EXDATE", take_dropped},
    {"RDATE", take_not},
    {"STATUS", take_status},
    {"TRANSP", take_status},
};

/* ---- days */

static enum status event_push(struct event_reading *r, instant_t start, instant_t end)
{
    if (end <= start || end <= r->window->from || start >= r->window->to)
        return ST_OK;
    if (r->item_count == ICAL_BUSY_PERIODS)
        return error_set(r->err, ST_TOO_LARGE, "more than %d busy periods", ICAL_BUSY_PERIODS);
    if (r->item_count == r->room) {
        struct ical_period *more = ARENA_ARRAY(r->arena, 2 * r->room + 16, struct ical_period);
        if (r->item_count)
            memcpy(more, r->items, r->item_count * sizeof *more);
        r->items = more;
        r->room = 2 * r->room + 16;
    }
    r->items[r->item_count++] = (struct ical_period){start, end};
    return ST_OK;
}

/* Without an end: the day, or no time at all (RFC 5545, 3.6.1). */
static int64_t event_length(const struct event *event)
{
    if (event->duration >= 0)
        return event->duration * US_PER_SEC;
    if (event->end.day != DATE_NONE)
        return event_instant(&event->end, event->end.day) - event_instant(&event->start, event->start.day);
    return event->start.all_day ? US_PER_DAY : 0;
}

/* Whether an exception names the one that would be on that day. */
static bool event_is_that(const struct event_time *exception, const struct event *event, date_t day)
{
    if (exception->all_day)
        return exception->day == day;
    return event_instant(exception, exception->day) == event_instant(&event->start, day);
}

static bool event_is_dropped(const struct event_reading *r, const struct event *event, date_t day)
{
    bool dropped = false;
    for (size_t i = 0; i < event->dropped_count && !dropped; i++)
        dropped = event_is_that(&event->dropped[i], event, day);
    for (size_t i = 0; i < r->count && !dropped; i++) {
        const struct event *other = &r->events[i];
        dropped = other->instead_of.day != DATE_NONE && text_equal(other->uid, event->uid) &&
                  event_is_that(&other->instead_of, event, day);
    }
    return dropped;
}

/* Counted from the first; what cannot be counted lasts for ever. */
static bool event_has_ended(const struct event *event, date_t day, int *count)
{
    const struct ical_rule *rule = &event->rule;
    if (rule->until != INSTANT_NONE && event_instant(&event->start, day) > rule->until)
        return true;
    if (rule->until_day != DATE_NONE && day > rule->until_day)
        return true;
    return rule->count > 0 && !rule->loose && (*count)++ >= rule->count;
}

static enum status event_expand(struct event_reading *r, const struct event *event, int64_t length)
{
    date_t from = (date_t)(r->window->from / US_PER_DAY) - (date_t)(length / US_PER_DAY) - 2;
    date_t to = (date_t)(r->window->to / US_PER_DAY) + 1;
    date_t first = event->start.day;
    bool counts = event->rule.count > 0 && to - first < EVENT_COUNT_DAYS;
    int count = counts ? 0 : INT32_MIN;
    enum status status = ST_OK;
    if (!counts && from > first)
        first = from;
    for (date_t day = first; status == ST_OK && day <= to; day++) {
        if (++r->work > EVENT_WORK_MAX)
            return error_set(r->err, ST_TOO_LARGE, "too many series of events");
        if (day != event->start.day && !ical_rule_meets(&event->rule, event->start.day, day))
            continue;
        if (event_has_ended(event, day, &count))
            break;
        instant_t start = event_instant(&event->start, day);
        if (day >= from && !event_is_dropped(r, event, day))
            status = event_push(r, start, start + length);
    }
    return status;
}

static enum status event_busy(struct event_reading *r, const struct event *event)
{
    if (event->free)
        return ST_OK;
    if (event->start.day == DATE_NONE)
        return error_set(r->err, ST_INVALID, "an event without a beginning");
    int64_t length = event_length(event);
    if (length < 0 || (event->recurs && length > EVENT_SPAN_DAYS * US_PER_DAY))
        return error_set(r->err, ST_INVALID, "an event without a length");
    instant_t start = event_instant(&event->start, event->start.day);
    return event->recurs ? event_expand(r, event, length) : event_push(r, start, start + length);
}

/* ---- the object */

static enum status event_begin(struct event_reading *r, const char *name)
{
    r->depth++;
    if (r->inside || strcasecmp(name, "VEVENT") != 0)
        return ST_OK;
    if (r->count == ICAL_BUSY_EVENTS)
        return error_set(r->err, ST_TOO_LARGE, "more than %d events in one object", ICAL_BUSY_EVENTS);
    r->inside = r->depth;
    struct event *event = &r->events[r->count++];
    event->uid = NULL;
    event->start = event->end = event->instead_of = (struct event_time){.day = DATE_NONE};
    event->duration = -1;
    event->free = event->recurs = false;
    event->dropped_count = 0;
    return ST_OK;
}

static enum status event_end(struct event_reading *r, const char *name)
{
    enum status status = ST_OK;
    bool object = !strcasecmp(name, "VCALENDAR");
    if (r->depth == 0 || object != (r->depth == 1)) /* nothing ends before what it holds */
        return error_set(r->err, ST_SYNTAX, "not a calendar object");
    if (r->depth == r->inside)
        r->inside = 0;
    r->depth--;
    if (!object)
        return ST_OK;
    for (size_t i = 0; status == ST_OK && i < r->count; i++)
        status = event_busy(r, &r->events[i]);
    r->count = 0;
    return status;
}

static enum status event_line(struct event_reading *r, char *line)
{
    struct ical_content content;
    if (!*line)
        return ST_OK;
    if (!ical_content_split(line, &content))
        return error_set(r->err, ST_SYNTAX, "not a calendar object");
    if (ical_content_is(&content, "BEGIN"))
        return event_begin(r, content.value);
    if (ical_content_is(&content, "END"))
        return event_end(r, content.value);
    if (!r->inside || r->depth != r->inside)
        return ST_OK;
    for (size_t i = 0; i < sizeof event_takers / sizeof event_takers[0]; i++)
        if (ical_content_is(&content, event_takers[i].name) &&
            (strlen(content.params) > EVENT_PARAMS_MAX ||
                !event_takers[i].take(r, &r->events[r->count - 1], &content)))
            return error_set(r->err, ST_INVALID, "an event whose %s cannot be read: its time is not known",
                event_takers[i].name);
    return ST_OK;
}

enum status ical_read_events(struct arena *arena, const char *bytes, size_t size,
    const struct ical_window *window, struct ical_periods *ret, struct error *err)
{
    struct event_reading r = {.arena = arena, .window = window, .err = err};
    enum status status = ST_OK;
    if (size > ICAL_BUSY_EVENT_BYTES)
        return error_set(err, ST_TOO_LARGE, "more than %d bytes of events", ICAL_BUSY_EVENT_BYTES);
    r.events = ARENA_ARRAY(arena, ICAL_BUSY_EVENTS, struct event);
    char *line = size ? arena_strndup(arena, bytes, size) : NULL;
    while (line && status == ST_OK) {
        char *next = ical_unfold(line);
        status = event_line(&r, line);
        line = next;
    }
    if (status == ST_OK && (r.depth > 0 || r.count > 0))
        return error_set(err, ST_SYNTAX, "a calendar object that does not end");
    if (status == ST_OK)
        *ret = (struct ical_periods){.items = r.items, .count = r.item_count};
    return status;
}
