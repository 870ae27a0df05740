/* Refuses what would break a calendar object or smuggle lines into it, before anything is written. Pure, any
 * thread. */
#include "check.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void ical_check_text(const char *pointer, const char *text, size_t max, bool lines, struct error *err)
{
    if (text == NULL)
        return;
    size_t size = strnlen(text, max + 1);
    if (size > max)
        (void)error_field(err, pointer, "longer than %zu bytes", max);
    else if (!utf8_valid(text, size))
        (void)error_field(err, pointer, "not UTF-8");
    else if (text_has_controls(text, lines))
        (void)error_field(err, pointer, "contains control characters");
}

static void ical_check_uid(const char *uid, struct error *err)
{
    if (uid == NULL || uid[0] == '\0' || strnlen(uid, 256) > 255) {
        (void)error_field(err, "/uid", "1 to 255 characters were expected");
        return;
    }
    for (const char *c = uid; *c != '\0'; c++) {
        if (*c <= 0x20 || *c >= 0x7F || strchr("\"\\;,", *c) != NULL) {
            (void)error_field(err, "/uid", "contains a character that a UID may not have");
            return;
        }
    }
}

static void ical_check_person(const char *pointer, const struct ical_person *person, struct error *err)
{
    if (person->email == NULL || !email_valid(person->email))
        (void)error_field(err, pointer, "a mail address was expected");
    ical_check_text(pointer, person->name, ICAL_TEXT_MAX, false, err);
}

static void ical_check_people(const struct ical_event *event, struct error *err)
{
    ical_check_person("/organiser", &event->organiser, err);
    if (event->attendee_count < 1 || event->attendee_count > ICAL_ATTENDEES_MAX)
        (void)error_field(err, "/attendees", "1 to %d attendees were expected", ICAL_ATTENDEES_MAX);
    for (size_t i = 0; i < event->attendee_count && i < ICAL_ATTENDEES_MAX; i++) {
        char pointer[32];
        (void)snprintf(pointer, sizeof(pointer), "/attendees/%zu", i);
        ical_check_person(pointer, &event->attendees[i].person, err);
    }
}

/* Four digits of a year, whatever the caller computed. */
static bool ical_in_range(instant_t instant)
{
    static const instant_t first = INT64_C(-2208988800) * US_PER_SEC; /* 1900-01-01 */
    static const instant_t last = INT64_C(7258118400) * US_PER_SEC;   /* 2200-01-01 */

    return instant >= first && instant < last;
}

static void ical_check_times(const struct ical_event *event, struct error *err)
{
    if (!ical_in_range(event->stamp))
        (void)error_field(err, "/stamp", "an instant was expected");
    if (event->modified != INSTANT_NONE && !ical_in_range(event->modified))
        (void)error_field(err, "/modified", "an instant was expected");
    if (event->day != DATE_NONE) {
        if (event->day < date_of(1900, 1, 1) || event->day > date_of(2199, 12, 31))
            (void)error_field(err, "/day", "a date between 1900 and 2199 was expected");
        return;
    }
    if (!ical_in_range(event->start))
        (void)error_field(err, "/start", "an instant was expected");
    if (!ical_in_range(event->end) || event->end <= event->start)
        (void)error_field(err, "/end", "an instant after the start was expected");
}

static void ical_check_alarms(const struct ical_event *event, struct error *err)
{
    if (event->alarm_count > ICAL_ALARMS_MAX) {
        (void)error_field(err, "/alarms", "at most %d alarms were expected", ICAL_ALARMS_MAX);
        return;
    }
    for (size_t i = 0; i < event->alarm_count; i++) {
        if (event->alarms[i] < 0 || event->alarms[i] > 366 * 24 * 60)
            (void)error_field(err, "/alarms", "minutes within a year before the beginning were expected");
    }
}

/* Callers' errors are written on failure only. */
static enum status ical_checked(const struct error *found, struct error *err)
{
    if (found->status != ST_OK && err != NULL)
        *err = *found;
    return found->status;
}

enum status ical_check_event(const struct ical_event *event, bool people, struct error *err)
{
    struct error found = ERROR_INIT;
    struct error *e = &found;

    ical_check_uid(event->uid, e);
    ical_check_times(event, e);
    if (event->summary == NULL || event->summary[0] == '\0')
        (void)error_field(e, "/summary", "a text was expected");
    ical_check_text("/summary", event->summary, ICAL_TEXT_MAX, false, e);
    ical_check_text("/location", event->location, ICAL_TEXT_MAX, false, e);
    ical_check_text("/description", event->description, ICAL_DESCRIPTION_MAX, true, e);
    ical_check_text("/comment", event->comment, ICAL_TEXT_MAX, true, e);
    if (event->conference_url != NULL && !url_valid(event->conference_url))
        (void)error_field(e, "/conference_url", "an http(s) URL was expected");
    if (people)
        ical_check_people(event, e);
    else
        ical_check_alarms(event, e);
    return ical_checked(&found, err);
}

enum status ical_check_feed(const struct ical_feed *feed, struct error *err)
{
    struct error found = ERROR_INIT;
    struct error *e = &found;

    if (feed->name == NULL || feed->name[0] == '\0')
        (void)error_field(e, "/name", "a text was expected");
    ical_check_text("/name", feed->name, ICAL_TEXT_MAX, false, e);
    if (feed->color != NULL && strspn(feed->color, "abcdefghijklmnopqrstuvwxyz") != strlen(feed->color))
        (void)error_field(e, "/color", "a CSS colour name was expected");
    if (feed->refresh_minutes < 1 || feed->refresh_minutes > 7 * 24 * 60)
        (void)error_field(e, "/refresh_minutes", "1 minute to 7 days were expected");
    return ical_checked(&found, err);
}
