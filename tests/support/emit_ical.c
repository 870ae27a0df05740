/*
 * Writes calendar objects of every kind into a folder, with what they hold as JSON beside them, for the tests
 * that read them with other programs' parsers: emit_ical DIRECTORY.
 */
#include "base/json.h"
#include "ical/write.h"
#include "ical_samples.h"

#include <stdio.h>
#include <stdlib.h>

static const char *directory;
static struct json_writer expected;

static void emit_fail(const char *what)
{
    (void)fprintf(stderr, "emit_ical: %s\n", what);
    exit(1);
}

static void emit_file(const char *name, const struct buf *out)
{
    char path[4096];

    if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
        emit_fail("path too long");
    FILE *file = fopen(path, "wb");
    if (file == NULL || out->failed || fwrite(out->data, 1, out->size, file) != out->size || fclose(file) != 0)
        emit_fail(path);
}

static void emit_person(const char *key, const struct ical_person *person)
{
    if (key != NULL)
        jw_key(&expected, key);
    jw_open(&expected, '{');
    jw_member(&expected, "name", person->name);
    jw_member(&expected, "email", person->email);
}

static void emit_expected(const struct ical_event *event, bool cancelled, bool people, bool alarms)
{
    jw_open(&expected, '{');
    jw_member(&expected, "uid", event->uid);
    jw_member_int(&expected, "sequence", event->sequence);
    jw_member_instant(&expected, "stamp", event->stamp);
    if (event->day != DATE_NONE) {
        jw_member_date(&expected, "start", event->day);
        jw_member_date(&expected, "end", event->day + 1);
    } else {
        jw_member_instant(&expected, "start", event->start);
        jw_member_instant(&expected, "end", event->end);
    }
    jw_member(&expected, "summary", event->summary);
    jw_member(&expected, "description", event->description);
    jw_member(&expected, "location", event->location);
    jw_member(&expected, "conference_url", event->conference_url);
    jw_member(&expected, "status", cancelled ? "CANCELLED" : "CONFIRMED");
    if (people) {
        emit_person("organiser", &event->organiser);
        jw_close(&expected, '}');
    }
    jw_key(&expected, "attendees");
    jw_open(&expected, '[');
    for (size_t i = 0; people && i < event->attendee_count; i++) {
        emit_person(NULL, &event->attendees[i].person);
        jw_member(&expected, "partstat", partstat_name(event->attendees[i].partstat));
        jw_close(&expected, '}');
    }
    jw_close(&expected, ']');
    jw_key(&expected, "alarms");
    jw_open(&expected, '[');
    for (size_t i = 0; alarms && !cancelled && i < event->alarm_count; i++)
        jw_int(&expected, -60 * (int64_t)event->alarms[i]);
    jw_close(&expected, ']');
    jw_close(&expected, '}');
}

static void emit_begin(const char *name, const char *method)
{
    jw_key(&expected, name);
    jw_open(&expected, '{');
    jw_member(&expected, "method", method);
    jw_key(&expected, "events");
    jw_open(&expected, '[');
}

static void emit_end(const char *name, const struct buf *out)
{
    jw_close(&expected, ']');
    jw_close(&expected, '}');
    emit_file(name, out);
}

static void emit_message(enum itip_method method, const char *word, size_t i)
{
    struct ical_event event = sample_events[i];
    char name[64];
    BUF_AUTO out;

    buf_init(&out, 0);
    (void)snprintf(name, sizeof(name), "%s-%zu.ics", word, i);
    if (method == ITIP_REQUEST)
        event.cancelled = false;
    emit_begin(name, itip_method_name(method));
    if (ical_write_message(&out, method, &event, NULL) != ST_OK)
        emit_fail(name);
    emit_expected(&event, method == ITIP_CANCEL, true, false);
    emit_end(name, &out);
}

static void emit_copy(bool by_mail, const char *word, size_t i)
{
    char name[64];
    BUF_AUTO out;

    buf_init(&out, 0);
    (void)snprintf(name, sizeof(name), "%s-%zu.ics", word, i);
    emit_begin(name, NULL);
    if (ical_write_copy(&out, &sample_events[i], by_mail, NULL) != ST_OK)
        emit_fail(name);
    emit_expected(&sample_events[i], sample_events[i].cancelled, true, false);
    emit_end(name, &out);
}

static void emit_feed(const char *name, size_t events)
{
    BUF_AUTO out;

    buf_init(&out, 0);
    emit_begin(name, NULL);
    if (ical_feed_begin(&out, &sample_feed, NULL) != ST_OK)
        emit_fail(name);
    for (size_t i = 0; i < events; i++) {
        const struct ical_event *event = i < SAMPLE_EVENTS ? &sample_events[i] : &sample_deadline;
        if (ical_feed_event(&out, event, NULL) != ST_OK)
            emit_fail(name);
        emit_expected(event, event->cancelled, false, true);
    }
    ical_feed_end(&out);
    emit_end(name, &out);
}

int main(int argc, char **argv)
{
    BUF_AUTO json;

    buf_init(&json, 0);
    if (argc != 2)
        emit_fail("usage: emit_ical DIRECTORY");
    directory = argv[1];
    expected = json_writer(&json);
    jw_open(&expected, '{');
    for (size_t i = 0; i < SAMPLE_EVENTS; i++) {
        emit_message(ITIP_REQUEST, "request", i);
        emit_message(ITIP_CANCEL, "cancel", i);
        emit_copy(false, "copy", i);
        emit_copy(true, "copy-by-mail", i);
    }
    emit_feed("feed.ics", SAMPLE_EVENTS + 1);
    emit_feed("feed-empty.ics", 0);
    jw_close(&expected, '}');
    emit_file("expected.json", &json);
    return 0;
}
