/*
 * Turns the selected lines of a stranger's calendar object into a plain struct with libical. One pass over the
 * properties, one row of a table for each; libical's cursors are not nested. Any thread.
 */
#include "ical/read.h"

#include "base/buf.h"
#include "base/text.h"
#include "select.h"
#include "tzid.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

struct ical_reading {
    struct arena *arena;
    const struct zone *zone;
    struct ical_message *message;
    struct ical_read_attendee *attendees;
    int64_t duration; /* seconds, 0 = none */
};

void ical_init(void)
{
    icalerror_set_errors_are_fatal(0);
    /* Made on first use, without a lock. */
    icaltimezone_get_utc_timezone();
}

/* A stranger's text: cut, line breaks as "\n", other control characters dropped. */
static const char *ical_clean(struct arena *arena, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return NULL;
    size_t size = strnlen(text, ICAL_READ_TEXT) + 1;
    char *clean = arena_alloc(arena, size);
    (void)text_copy(clean, size, text);
    char *to = clean;
    for (const char *from = clean; *from != '\0'; from++) {
        unsigned char c = (unsigned char)*from;
        if (c == '\r' && from[1] == '\n')
            continue;
        if (c == '\r' || c == '\n' || c == '\t')
            *to++ = c == '\t' ? ' ' : '\n';
        else if (c >= 0x20 && c != 0x7F)
            *to++ = (char)c;
    }
    *to = '\0';
    return clean[0] != '\0' ? clean : NULL;
}

/* The address of a mailto: URI in lower case; NULL when it is not one. */
static const char *ical_address(struct arena *arena, const char *uri)
{
    if (uri == NULL)
        return NULL;
    while (*uri == ' ' || *uri == '"')
        uri++;
    if (strncasecmp(uri, "mailto:", 7) == 0)
        uri += 7;
    char *address = arena_strndup(arena, uri, strcspn(uri, "?\" "));
    for (char *c = address; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    return email_valid(address) ? address : NULL;
}

static const char *ical_param(icalproperty *property, icalparameter_kind kind)
{
    icalparameter *parameter = icalproperty_get_first_parameter(property, kind);

    if (parameter == NULL)
        return NULL;
    switch (kind) {
    case ICAL_CN_PARAMETER:
        return icalparameter_get_cn(parameter);
    case ICAL_TZID_PARAMETER:
        return icalparameter_get_tzid(parameter);
    case ICAL_DELEGATEDTO_PARAMETER:
        return icalparameter_get_delegatedto(parameter);
    case ICAL_SCHEDULESTATUS_PARAMETER:
        return icalparameter_get_schedulestatus(parameter);
    default:
        return NULL;
    }
}

static const char *ical_x_param(icalproperty *property, const char *name)
{
    icalparameter *p = icalproperty_get_first_parameter(property, ICAL_ANY_PARAMETER);

    for (; p != NULL; p = icalproperty_get_next_parameter(property, ICAL_ANY_PARAMETER)) {
        const char *own = icalparameter_get_xname(p);
        if (own != NULL && strcasecmp(own, name) == 0)
            return icalparameter_get_xvalue(p);
    }
    return NULL;
}

static enum partstat ical_partstat(icalproperty *property)
{
    static const struct {
        icalparameter_partstat from;
        enum partstat to;
    } known[] = {
        {ICAL_PARTSTAT_NEEDSACTION, PARTSTAT_NEEDS_ACTION},
        {ICAL_PARTSTAT_ACCEPTED, PARTSTAT_ACCEPTED},
        {ICAL_PARTSTAT_DECLINED, PARTSTAT_DECLINED},
        {ICAL_PARTSTAT_TENTATIVE, PARTSTAT_TENTATIVE},
        {ICAL_PARTSTAT_DELEGATED, PARTSTAT_DELEGATED},
    };
    icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);

    if (parameter == NULL)
        return PARTSTAT_NEEDS_ACTION;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (icalparameter_get_partstat(parameter) == known[i].from)
            return known[i].to;
    }
    return PARTSTAT_OTHER;
}

static void ical_take_attendee(struct ical_reading *r, icalproperty *property)
{
    const char *email = ical_address(r->arena, icalproperty_get_attendee(property));

    if (email == NULL || r->message->attendee_count == ICAL_READ_ATTENDEES)
        return;
    if (r->attendees == NULL) {
        r->attendees = ARENA_ARRAY(r->arena, ICAL_READ_ATTENDEES, struct ical_read_attendee);
        r->message->attendees = r->attendees;
    }
    r->attendees[r->message->attendee_count++] = (struct ical_read_attendee){
        .email = email,
        .name = ical_clean(r->arena, ical_param(property, ICAL_CN_PARAMETER)),
        .partstat = ical_partstat(property),
        .delegated_to = ical_address(r->arena, ical_param(property, ICAL_DELEGATEDTO_PARAMETER)),
        .comment = ical_clean(r->arena, ical_x_param(property, "X-RESPONSE-COMMENT")),
        .schedule_status = ical_clean(r->arena, ical_param(property, ICAL_SCHEDULESTATUS_PARAMETER)),
    };
}

static instant_t ical_instant(struct ical_reading *r, icalproperty *property, struct icaltimetype time)
{
    const char *tzid = ical_param(property, ICAL_TZID_PARAMETER);
    date_t date = date_of(time.year, time.month, time.day);
    int second = time.is_date ? 0 : time.hour * 3600 + time.minute * 60 + time.second;

    if (icaltime_is_null_time(time) || date == DATE_NONE || time.year < 1900 || time.year > 2199)
        return INSTANT_NONE;
    if (second < 0 || second >= 86400)
        return INSTANT_NONE;
    if (icaltime_is_utc(time))
        return date * US_PER_DAY + second * US_PER_SEC;
    const struct zone *zone = tzid != NULL ? ical_zone(tzid) : r->zone;
    if (zone == NULL) {
        r->message->unknown_zone = ical_clean(r->arena, tzid);
        return INSTANT_NONE;
    }
    return zone_instant(zone, date, second);
}

static void ical_take_start(struct ical_reading *r, icalproperty *property)
{
    struct icaltimetype time = icalproperty_get_dtstart(property);

    r->message->start = ical_instant(r, property, time);
    r->message->all_day = time.is_date;
}

static void ical_take_end(struct ical_reading *r, icalproperty *property)
{
    r->message->end = ical_instant(r, property, icalproperty_get_dtend(property));
}

static void ical_take_duration(struct ical_reading *r, icalproperty *property)
{
    struct icaldurationtype d = icalproperty_get_duration(property);

    if (!d.is_neg && d.weeks <= 52 && d.days <= 366 && d.hours <= 9000 && d.minutes <= 500000 &&
        d.seconds <= 30000000)
        r->duration =
            (((int64_t)d.weeks * 7 + d.days) * 24 + d.hours) * 3600 + (int64_t)d.minutes * 60 + d.seconds;
}

static void ical_take_stamp(struct ical_reading *r, icalproperty *property)
{
    struct icaltimetype time = icalproperty_get_dtstamp(property);

    if (icaltime_is_utc(time))
        r->message->stamp = ical_instant(r, property, time);
}

static void ical_take_uid(struct ical_reading *r, icalproperty *property)
{
    const char *uid = icalproperty_get_uid(property);

    if (r->message->uid == NULL && uid != NULL && strlen(uid) < 256)
        r->message->uid = ical_clean(r->arena, uid);
}

static void ical_take_sequence(struct ical_reading *r, icalproperty *property)
{
    int sequence = icalproperty_get_sequence(property);

    r->message->sequence = sequence > 0 ? sequence : 0;
}

static void ical_take_organiser(struct ical_reading *r, icalproperty *property)
{
    r->message->organiser = ical_address(r->arena, icalproperty_get_organizer(property));
}

static void ical_take_status(struct ical_reading *r, icalproperty *property)
{
    r->message->cancelled = icalproperty_get_status(property) == ICAL_STATUS_CANCELLED;
}

static void ical_take_summary(struct ical_reading *r, icalproperty *property)
{
    r->message->summary = ical_clean(r->arena, icalproperty_get_summary(property));
}

static void ical_take_location(struct ical_reading *r, icalproperty *property)
{
    r->message->location = ical_clean(r->arena, icalproperty_get_location(property));
}

static void ical_take_description(struct ical_reading *r, icalproperty *property)
{
    r->message->description = ical_clean(r->arena, icalproperty_get_description(property));
}

static void ical_take_comment(struct ical_reading *r, icalproperty *property)
{
    if (r->message->comment == NULL)
        r->message->comment = ical_clean(r->arena, icalproperty_get_comment(property));
}

static void ical_take_recurring(struct ical_reading *r, icalproperty *property)
{
    (void)property;
    r->message->recurring = true;
}

static const struct ical_taker {
    icalproperty_kind kind;
    void (*take)(struct ical_reading *r, icalproperty *property);
} takers[] = {
    {ICAL_UID_PROPERTY, ical_take_uid},
    {ICAL_SEQUENCE_PROPERTY, ical_take_sequence},
    {ICAL_DTSTAMP_PROPERTY, ical_take_stamp},
    {ICAL_DTSTART_PROPERTY, ical_take_start},
    {ICAL_DTEND_PROPERTY, ical_take_end},
    {ICAL_DURATION_PROPERTY, ical_take_duration},
    {ICAL_ORGANIZER_PROPERTY, ical_take_organiser},
    {ICAL_ATTENDEE_PROPERTY, ical_take_attendee},
    {ICAL_STATUS_PROPERTY, ical_take_status},
    {ICAL_SUMMARY_PROPERTY, ical_take_summary},
    {ICAL_LOCATION_PROPERTY, ical_take_location},
    {ICAL_DESCRIPTION_PROPERTY, ical_take_description},
    {ICAL_COMMENT_PROPERTY, ical_take_comment},
    {ICAL_RECURRENCEID_PROPERTY, ical_take_recurring},
    {ICAL_X_PROPERTY, ical_take_recurring},
};

static void ical_take_event(struct ical_reading *r, icalcomponent *event)
{
    icalproperty *property = icalcomponent_get_first_property(event, ICAL_ANY_PROPERTY);

    for (; property != NULL; property = icalcomponent_get_next_property(event, ICAL_ANY_PROPERTY)) {
        for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
            if (takers[i].kind == icalproperty_isa(property))
                takers[i].take(r, property);
        }
    }
    struct ical_message *m = r->message;
    if (m->end == INSTANT_NONE && m->start != INSTANT_NONE && r->duration > 0)
        m->end = m->start + r->duration * US_PER_SEC;
}

static void ical_take_calendar(struct ical_reading *r, icalcomponent *calendar)
{
    icalproperty *property = icalcomponent_get_first_property(calendar, ICAL_ANY_PROPERTY);

    for (; property != NULL; property = icalcomponent_get_next_property(calendar, ICAL_ANY_PROPERTY)) {
        if (icalproperty_isa(property) == ICAL_PRODID_PROPERTY) {
            r->message->product = ical_clean(r->arena, icalproperty_get_prodid(property));
        } else if (icalproperty_isa(property) == ICAL_METHOD_PROPERTY) {
            r->message->method =
                itip_method_parse(icalproperty_method_to_string(icalproperty_get_method(property)));
        }
    }
}

static bool ical_same_uid(icalcomponent *event, const char *uid)
{
    icalproperty *property = icalcomponent_get_first_property(event, ICAL_UID_PROPERTY);
    const char *own = property != NULL ? icalproperty_get_uid(property) : NULL;

    return own != NULL && strcmp(own, uid) == 0;
}

static enum status ical_take(struct ical_reading *r, icalcomponent *root, struct error *err)
{
    if (root == NULL || icalcomponent_isa(root) != ICAL_VCALENDAR_COMPONENT)
        return error_set(err, ST_SYNTAX, "not a calendar object");
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    if (event == NULL)
        return error_set(err, ST_INVALID, "a calendar object without an event");
    ical_take_calendar(r, root);
    ical_take_event(r, event);
    if (r->message->uid == NULL)
        return error_set(err, ST_INVALID, "an event without a usable UID");
    while ((event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) != NULL) {
        if (!ical_same_uid(event, r->message->uid))
            return error_set(err, ST_INVALID, "a calendar object with several events");
        r->message->recurring = true;
    }
    return ST_OK;
}

enum status ical_read(struct arena *arena, const char *bytes, size_t size, const struct zone *zone,
    const struct ical_message **ret, struct error *err)
{
    const char *text = NULL;
    enum status status = ical_select(arena, bytes, size, &text, err);

    if (status != ST_OK)
        return status;
    struct ical_message *message = ARENA_NEW(arena, struct ical_message);
    message->stamp = message->start = message->end = INSTANT_NONE;
    struct ical_reading r = {.arena = arena, .zone = zone, .message = message};
    icalcomponent *root = icalparser_parse_string(text);
    status = ical_take(&r, root, err);
    if (root != NULL)
        icalcomponent_free(root);
    icalmemory_free_ring();
    if (status == ST_OK)
        *ret = message;
    return status;
}
