/*
 * Writes invitations, CalDAV copies and feeds. What differs between them is a column of the table of forms; the
 * order of properties is fixed, so that equal input gives equal bytes (ETags). Pure, any thread.
 */
#include "ical/write.h"

#include "check.h"
#include "line.h"

#include <string.h>

struct ical_form {
    bool people;  /* ORGANIZER and ATTENDEE */
    bool alarms;  /* VALARM */
    bool rsvp;    /* asks for an answer */
    bool copy;    /* for a CalDAV server */
    bool by_mail; /* SCHEDULE-AGENT=CLIENT */
    bool cancel;  /* STATUS:CANCELLED whatever the event says */
    bool bare;    /* only what identifies the event (RFC 5546, 3.2.8) */
};

static const struct ical_form forms[ITIP_METHOD_COUNT] = {
    [ITIP_NONE] = {.people = true, .rsvp = true, .copy = true},
    [ITIP_REQUEST] = {.people = true, .rsvp = true},
    [ITIP_CANCEL] = {.people = true, .cancel = true},
    [ITIP_DECLINECOUNTER] = {.bare = true},
};
static const struct ical_form form_by_mail = {.people = true, .rsvp = true, .copy = true, .by_mail = true};
static const struct ical_form form_feed = {.alarms = true};

char *ical_uid(struct arena *arena, const char *review_id, const char *domain)
{
    return arena_printf(arena, "review-%s@%s", review_id, domain);
}

static void ical_put_head(struct buf *out)
{
    ical_line(out, "BEGIN:VCALENDAR");
    ical_line(out, "VERSION:2.0");
    ical_line(out, "PRODID:-//entretiend//entretiend//EN");
    ical_line(out, "CALSCALE:GREGORIAN");
}

static void ical_put_organiser(struct buf *out, const struct ical_person *person, const struct ical_form *form)
{
    BUF_AUTO line;

    buf_init(&line, 0);
    buf_text(&line, "ORGANIZER");
    ical_param_text(&line, "CN", person->name);
    if (form->by_mail)
        buf_text(&line, ";SCHEDULE-AGENT=CLIENT");
    buf_printf(&line, ":mailto:%s", person->email);
    ical_line_fold(out, &line);
}

static void ical_put_attendee(
    struct buf *out, const struct ical_attendee *attendee, const struct ical_form *form)
{
    BUF_AUTO line;

    buf_init(&line, 0);
    buf_text(&line, "ATTENDEE");
    ical_param_text(&line, "CN", attendee->person.name);
    buf_printf(&line, ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=%s", partstat_name(attendee->partstat));
    if (form->rsvp)
        buf_text(&line, ";RSVP=TRUE");
    if (form->by_mail || (attendee->by_mail && form->copy))
        buf_text(&line, ";SCHEDULE-AGENT=CLIENT");
    buf_printf(&line, ":mailto:%s", attendee->person.email);
    ical_line_fold(out, &line);
}

static void ical_put_times(struct buf *out, const struct ical_event *event)
{
    if (event->day != DATE_NONE) {
        ical_line_date(out, "DTSTART", event->day);
        ical_line_date(out, "DTEND", event->day + 1);
    } else {
        ical_line_instant(out, "DTSTART", event->start);
        ical_line_instant(out, "DTEND", event->end);
    }
}

/* `first` and the link, unless the text names it already. */
static void ical_put_with_link(
    struct buf *out, const char *name, const char *first, const char *between, const char *url)
{
    BUF_AUTO text;

    buf_init(&text, 0);
    if (first != NULL)
        buf_text(&text, first);
    if (url != NULL && strstr(text.data, url) == NULL) {
        if (text.size > 0)
            buf_text(&text, between);
        buf_text(&text, url);
    }
    ical_line_text(out, name, text.data);
}

static void ical_put_content(struct buf *out, const struct ical_event *event, bool cancelled)
{
    ical_put_times(out, event);
    ical_line_text(out, "SUMMARY", event->summary);
    ical_put_with_link(out, "DESCRIPTION", event->description, "\n\n", event->conference_url);
    ical_put_with_link(out, "LOCATION", event->location, " - ", event->conference_url);
    if (event->conference_url != NULL)
        ical_line(out, "CONFERENCE;VALUE=URI;FEATURE=VIDEO:%s", event->conference_url);
    ical_line(out, "CLASS:PRIVATE");
    ical_line(out, "TRANSP:%s", event->day != DATE_NONE ? "TRANSPARENT" : "OPAQUE");
    ical_line(out, "STATUS:%s", cancelled ? "CANCELLED" : "CONFIRMED");
}

/* -P6DT15H, -PT30M, PT0S. */
static void ical_put_trigger(struct buf *out, int minutes)
{
    int days = minutes / (24 * 60), hours = minutes / 60 % 24, rest = minutes % 60;
    BUF_AUTO text;

    buf_init(&text, 0);
    buf_text(&text, minutes == 0 ? "PT0S" : "-P");
    if (days > 0)
        buf_printf(&text, "%dD", days);
    if (hours > 0 || rest > 0)
        buf_char(&text, 'T');
    if (hours > 0)
        buf_printf(&text, "%dH", hours);
    if (rest > 0)
        buf_printf(&text, "%dM", rest);
    ical_line(out, "TRIGGER:%s", text.data);
}

static void ical_put_alarm(struct buf *out, const struct ical_event *event, int minutes)
{
    ical_line(out, "BEGIN:VALARM");
    ical_line(out, "ACTION:DISPLAY");
    ical_line_text(out, "DESCRIPTION", event->summary);
    ical_put_trigger(out, minutes);
    ical_line(out, "END:VALARM");
}

static void ical_put_event(struct buf *out, const struct ical_event *event, const struct ical_form *form)
{
    bool cancelled = event->cancelled || form->cancel;

    ical_line(out, "BEGIN:VEVENT");
    ical_line(out, "UID:%s", event->uid);
    ical_line_instant(out, "DTSTAMP", event->stamp);
    ical_line(out, "SEQUENCE:%u", event->sequence);
    ical_line_text(out, "COMMENT", event->comment);
    if (!form->bare) {
        ical_line_instant(out, "LAST-MODIFIED", event->modified);
        ical_put_content(out, event, cancelled);
    }
    if (form->people || form->bare)
        ical_put_organiser(out, &event->organiser, form);
    for (size_t i = 0; form->people && i < event->attendee_count; i++)
        ical_put_attendee(out, &event->attendees[i], form);
    for (size_t i = 0; form->alarms && !cancelled && i < event->alarm_count; i++)
        ical_put_alarm(out, event, event->alarms[i]);
    ical_line(out, "END:VEVENT");
}

enum status ical_write_message(
    struct buf *out, enum itip_method method, const struct ical_event *event, struct error *err)
{
    if (method != ITIP_REQUEST && method != ITIP_CANCEL && method != ITIP_DECLINECOUNTER)
        return error_set(err, ST_INTERNAL, "no message is written with METHOD:%s", itip_method_name(method));
    enum status status = ical_check_event(event, true, err);
    if (status != ST_OK)
        return status;
    ical_put_head(out);
    ical_line(out, "METHOD:%s", itip_method_name(method));
    ical_put_event(out, event, &forms[method]);
    ical_line(out, "END:VCALENDAR");
    return ST_OK;
}

enum status ical_write_copy(struct buf *out, const struct ical_event *event, bool by_mail, struct error *err)
{
    enum status status = ical_check_event(event, true, err);

    if (status != ST_OK)
        return status;
    ical_put_head(out);
    ical_put_event(out, event, by_mail ? &form_by_mail : &forms[ITIP_NONE]);
    ical_line(out, "END:VCALENDAR");
    return ST_OK;
}

enum status ical_feed_begin(struct buf *out, const struct ical_feed *feed, struct error *err)
{
    enum status status = ical_check_feed(feed, err);

    if (status != ST_OK)
        return status;
    ical_put_head(out);
    ical_line_text(out, "NAME", feed->name);
    ical_line_text(out, "X-WR-CALNAME", feed->name);
    ical_line(out, "REFRESH-INTERVAL;VALUE=DURATION:PT%uM", feed->refresh_minutes);
    ical_line(out, "X-PUBLISHED-TTL:PT%uM", feed->refresh_minutes);
    if (feed->color != NULL)
        ical_line(out, "COLOR:%s", feed->color);
    return ST_OK;
}

enum status ical_feed_event(struct buf *out, const struct ical_event *event, struct error *err)
{
    enum status status = ical_check_event(event, false, err);

    if (status == ST_OK)
        ical_put_event(out, event, &form_feed);
    return status;
}

void ical_feed_end(struct buf *out)
{
    ical_line(out, "END:VCALENDAR");
}
