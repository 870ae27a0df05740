/* Calendar objects as they leave: the exact text of each kind, hostile input, folding. */
#include "base/text.h"
#include "ical/write.h"
#include "ical_samples.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static int start(void **state)
{
    (void)state;
    buf_init(&out, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

static struct ical_event plain_event(void)
{
    static const struct ical_attendee attendee = {.person = {.name = "Zoé", .email = "zoe@example.fr"}};

    return (struct ical_event){
        .uid = "review-1@rh.example.fr",
        .sequence = 2,
        .stamp = SAMPLE_STAMP,
        .modified = INSTANT_NONE,
        .start = SAMPLE_START,
        .end = SAMPLE_START + SAMPLE_SECOND(3600),
        .day = DATE_NONE,
        .summary = "Entretien professionnel",
        .organiser = {.name = "RH", .email = "rh@example.fr"},
        .attendees = &attendee,
        .attendee_count = 1,
    };
}

static void expect_lines(const char *const *lines)
{
    const char *at = out.data;

    for (; *lines != NULL; lines++) {
        size_t size = strlen(*lines);
        if (strncmp(at, *lines, size) != 0 || strncmp(at + size, "\r\n", 2) != 0)
            fail_msg("expected %s at %.80s", *lines, at);
        at += size + 2;
    }
    assert_string_equal(at, "");
}

static void test_request(void **state)
{
    struct ical_event event = plain_event();
    (void)state;
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, NULL), ST_OK);
    expect_lines((const char *const[]){"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//entretiend//entretiend//EN",
        "CALSCALE:GREGORIAN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:review-1@rh.example.fr",
        "DTSTAMP:20261122T101530Z", "SEQUENCE:2", "DTSTART:20270201T090000Z", "DTEND:20270201T100000Z",
        "SUMMARY:Entretien professionnel", "CLASS:PRIVATE", "TRANSP:OPAQUE", "STATUS:CONFIRMED",
        "ORGANIZER;CN=\"RH\":mailto:rh@example.fr",
        "ATTENDEE;CN=\"Zoé\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-AC",
        " TION;RSVP=TRUE:mailto:zoe@example.fr", "END:VEVENT", "END:VCALENDAR", NULL});
}

static void test_cancel_keeps_times_and_asks_nothing(void **state)
{
    struct ical_event event = plain_event();
    (void)state;
    event.comment = "Reporté";
    event.alarms = sample_alarms;
    event.alarm_count = 1;
    assert_int_equal(ical_write_message(&out, ITIP_CANCEL, &event, NULL), ST_OK);
    assert_non_null(strstr(out.data, "\r\nMETHOD:CANCEL\r\n"));
    assert_non_null(strstr(out.data, "\r\nSTATUS:CANCELLED\r\n"));
    assert_non_null(strstr(out.data, "\r\nDTSTART:20270201T090000Z\r\n"));
    assert_non_null(strstr(out.data, "\r\nCOMMENT:Reporté\r\n"));
    assert_null(strstr(out.data, "RSVP"));
    assert_null(strstr(out.data, "VALARM"));
}

static void test_declined_counter_only_identifies(void **state)
{
    struct ical_event event = plain_event();
    (void)state;
    event.comment = "Impossible ce jour-là";
    assert_int_equal(ical_write_message(&out, ITIP_DECLINECOUNTER, &event, NULL), ST_OK);
    expect_lines((const char *const[]){"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//entretiend//entretiend//EN",
        "CALSCALE:GREGORIAN", "METHOD:DECLINECOUNTER", "BEGIN:VEVENT", "UID:review-1@rh.example.fr",
        "DTSTAMP:20261122T101530Z", "SEQUENCE:2", "COMMENT:Impossible ce jour-là",
        "ORGANIZER;CN=\"RH\":mailto:rh@example.fr", "END:VEVENT", "END:VCALENDAR", NULL});
}

static void test_links_are_where_people_look(void **state)
{
    struct ical_event event = plain_event();
    (void)state;
    event.location = "Salle 2";
    event.conference_url = "https://visio.example.fr/r1";
    event.description = "Lien : https://visio.example.fr/r1";
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, NULL), ST_OK);
    assert_non_null(strstr(out.data, "\r\nDESCRIPTION:Lien : https://visio.example.fr/r1\r\n"
                                     "LOCATION:Salle 2 - https://visio.example.fr/r1\r\n"
                                     "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://visio.example.fr/r1\r\n"));
    buf_reset(&out);
    event.location = event.description = NULL;
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, NULL), ST_OK);
    assert_non_null(strstr(
        out.data, "\r\nDESCRIPTION:https://visio.example.fr/r1\r\nLOCATION:https://visio.example.fr/r1\r\n"));
}

static void test_copies_for_servers(void **state)
{
    struct ical_event event = plain_event();
    (void)state;
    assert_int_equal(ical_write_copy(&out, &event, false, NULL), ST_OK);
    assert_null(strstr(out.data, "METHOD"));
    assert_null(strstr(out.data, "SCHEDULE-AGENT"));
    buf_reset(&out);
    assert_int_equal(ical_write_copy(&out, &event, true, NULL), ST_OK);
    assert_null(strstr(out.data, "METHOD"));
    assert_non_null(strstr(out.data, "ORGANIZER;CN=\"RH\";SCHEDULE-AGENT=CLIENT:mailto:rh@example.fr"));
    assert_non_null(strstr(out.data, ";RSVP=TRUE;SCHEDULE-AGENT=CLIENT:mailto:zoe@example.fr"));
    /* One is mailed, the server tells the others; in a message it means nothing. */
    struct ical_attendee people[] = {event.attendees[0], event.attendees[0]};
    people[0].by_mail = true;
    people[1].person.email = "ali@example.fr";
    event.attendees = people;
    event.attendee_count = 2;
    buf_reset(&out);
    assert_int_equal(ical_write_copy(&out, &event, false, NULL), ST_OK);
    assert_non_null(strstr(out.data, ";RSVP=TRUE;SCHEDULE-AGENT=CLIENT:mailto:zoe@example.fr"));
    assert_non_null(strstr(out.data, ";RSVP=TRUE:mailto:ali@example.fr"));
    assert_non_null(strstr(out.data, "ORGANIZER;CN=\"RH\":mailto:rh@example.fr"));
    buf_reset(&out);
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, NULL), ST_OK);
    assert_null(strstr(out.data, "SCHEDULE-AGENT"));
}

static void test_feed(void **state)
{
    struct ical_event event = plain_event();
    struct ical_event bad = plain_event();
    (void)state;
    event.modified = SAMPLE_STAMP;
    bad.summary = "x\nATTENDEE:mailto:y@z.fr";
    assert_int_equal(ical_feed_begin(&out, &sample_feed, NULL), ST_OK);
    assert_int_equal(ical_feed_event(&out, &event, NULL), ST_OK);
    assert_int_equal(ical_feed_event(&out, &bad, NULL), ST_INVALID);
    assert_int_equal(ical_feed_event(&out, &sample_deadline, NULL), ST_OK);
    ical_feed_end(&out);
    expect_lines((const char *const[]){"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//entretiend//entretiend//EN",
        "CALSCALE:GREGORIAN", "NAME:Entretiens\\, équipe \"Zoé\"\\; 🎓",
        "X-WR-CALNAME:Entretiens\\, équipe \"Zoé\"\\; 🎓", "REFRESH-INTERVAL;VALUE=DURATION:PT240M",
        "X-PUBLISHED-TTL:PT240M", "COLOR:steelblue", "BEGIN:VEVENT", "UID:review-1@rh.example.fr",
        "DTSTAMP:20261122T101530Z", "SEQUENCE:2", "LAST-MODIFIED:20261122T101530Z", "DTSTART:20270201T090000Z",
        "DTEND:20270201T100000Z", "SUMMARY:Entretien professionnel", "CLASS:PRIVATE", "TRANSP:OPAQUE",
        "STATUS:CONFIRMED", "END:VEVENT", "BEGIN:VEVENT", "UID:duty-1@rh.example.fr",
        "DTSTAMP:20261122T101530Z", "SEQUENCE:1", "LAST-MODIFIED:20261122T101530Z",
        "DTSTART;VALUE=DATE:20270203", "DTEND;VALUE=DATE:20270204",
        "SUMMARY:Échéance : entretien professionnel de Zoé d'Aubigné", "CLASS:PRIVATE", "TRANSP:TRANSPARENT",
        "STATUS:CONFIRMED", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:Échéance : entretien professionnel de Zoé d'Aubigné", "TRIGGER:-P6DT15H", "END:VALARM",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Échéance : entretien professionnel de Zoé d'Aubigné",
        "TRIGGER:-P1D", "END:VALARM", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:Échéance : entretien professionnel de Zoé d'Aubigné", "TRIGGER:-PT30M", "END:VALARM",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Échéance : entretien professionnel de Zoé d'Aubigné",
        "TRIGGER:PT0S", "END:VALARM", "END:VEVENT", "END:VCALENDAR", NULL});
}

static void test_cancelled_feed_entries_ring_no_bell(void **state)
{
    (void)state;
    assert_int_equal(ical_feed_event(&out, &sample_events[2], NULL), ST_OK);
    assert_non_null(strstr(out.data, "\r\nSTATUS:CANCELLED\r\n"));
    assert_null(strstr(out.data, "VALARM"));
    assert_null(strstr(out.data, "ATTENDEE"));
}

static void test_names_that_need_care(void **state)
{
    (void)state;
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &sample_events[0], NULL), ST_OK);
    assert_non_null(strstr(out.data, "ATTENDEE;CN=\"Zoé 'Zaza' d'Aubigné née L’Hôte 🎓\""));
    assert_non_null(
        strstr(out.data, "DESCRIPTION:Bonjour\\,\\nligne\\; deux\\, \\\\ barre\\n\\nFin.\\n\\nhttps://visi"));
}

static void test_lines_are_folded_between_characters(void **state)
{
    struct ical_event event = plain_event();
    char summary[512];
    (void)state;
    for (size_t lead = 0; lead < 8; lead++) {
        size_t at = lead;
        memset(summary, 'a', lead);
        for (int i = 0; i < 100; i++, at += 4)
            memcpy(summary + at, "🎓", 4);
        summary[at] = '\0';
        event.summary = summary;
        buf_reset(&out);
        assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, NULL), ST_OK);
        size_t folded = 0;
        for (const char *line = out.data; *line != '\0';) {
            const char *end = strstr(line, "\r\n");
            assert_non_null(end);
            assert_in_range(end - line, 1, 75);
            assert_true(utf8_valid(line, (size_t)(end - line)));
            folded += line[0] == ' ';
            line = end + 2;
        }
        assert_true(folded >= 5);
    }
}

static void refuse(const struct ical_event *event, const char *pointer)
{
    struct error err = ERROR_INIT;

    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, event, &err), ST_INVALID);
    assert_int_equal(out.size, 0);
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, pointer);
}

#define REFUSE(pointer, member, wrong)                                                                         \
    do {                                                                                                       \
        struct ical_event event = plain_event();                                                               \
        event.member = wrong;                                                                                  \
        refuse(&event, pointer);                                                                               \
    } while (0)

static void test_what_is_refused(void **state)
{
    static const struct ical_attendee injected = {.person = {.name = "x", .email = "a@b.fr\r\nX-EVIL:1"}};
    static const struct ical_attendee named = {.person = {.name = "x\nX-EVIL:1", .email = "a@b.fr"}};
    (void)state;
    REFUSE("/uid", uid, NULL);
    REFUSE("/uid", uid, "");
    REFUSE("/uid", uid, "a b@c");
    REFUSE("/uid", uid, "a\"b@c");
    REFUSE("/uid", uid, "é@c");
    REFUSE("/uid", uid, "a\r\nX:1");
    REFUSE("/stamp", stamp, INSTANT_NONE);
    REFUSE("/modified", modified, INT64_MAX);
    REFUSE("/start", start, INT64_MIN);
    REFUSE("/end", end, SAMPLE_START);
    REFUSE("/day", day, INT32_MAX);
    REFUSE("/summary", summary, NULL);
    REFUSE("/summary", summary, "");
    REFUSE("/summary", summary, "a\r\nATTENDEE:mailto:x@y.fr");
    REFUSE("/summary", summary, "bell\x07");
    REFUSE("/summary", summary, "\xC3");
    REFUSE("/location", location, "a\nb");
    REFUSE("/description", description, "esc\x1b");
    REFUSE("/comment", comment, "\x7f");
    REFUSE("/conference_url", conference_url, "javascript:alert(1)");
    REFUSE("/conference_url", conference_url, "https://a.fr/\r\nX:1");
    REFUSE("/organiser", organiser.email, "rh");
    REFUSE("/organiser", organiser.name, "R\nH");
    REFUSE("/attendees", attendee_count, 0);
    REFUSE("/attendees/0", attendees, &injected);
    REFUSE("/attendees/0", attendees, &named);
}

static void test_ceilings_and_methods(void **state)
{
    struct ical_event event = plain_event();
    struct error err = ERROR_INIT;
    struct ical_feed feed = sample_feed;
    int many[ICAL_ALARMS_MAX + 1] = {0};
    (void)state;
    char *text = calloc(1, ICAL_DESCRIPTION_MAX + 2);
    assert_non_null(text);
    memset(text, 'x', ICAL_DESCRIPTION_MAX + 1);
    event.description = text;
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, &err), ST_INVALID);
    text[ICAL_DESCRIPTION_MAX] = '\0';
    assert_int_equal(ical_write_message(&out, ITIP_REQUEST, &event, &err), ST_OK);
    free(text);
    buf_reset(&out);
    event = plain_event();
    event.alarms = many;
    event.alarm_count = ICAL_ALARMS_MAX + 1;
    assert_int_equal(ical_feed_event(&out, &event, &err), ST_INVALID);
    many[0] = -5;
    event.alarm_count = 1;
    assert_int_equal(ical_feed_event(&out, &event, &err), ST_INVALID);
    assert_int_equal(ical_write_message(&out, ITIP_REPLY, &event, &err), ST_INTERNAL);
    feed.color = "red\r\nX:1";
    assert_int_equal(ical_feed_begin(&out, &feed, &err), ST_INVALID);
    feed = sample_feed;
    feed.name = "a\rb";
    assert_int_equal(ical_feed_begin(&out, &feed, &err), ST_INVALID);
    assert_int_equal(out.size, 0);
}

static void test_uid(void **state)
{
    struct arena *arena = arena_new(0);
    (void)state;
    assert_string_equal(ical_uid(arena, "rev_a_1", "rh.example.fr"), "review-rev_a_1@rh.example.fr");
    arena_free(arena);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        EACH(test_request),
        EACH(test_cancel_keeps_times_and_asks_nothing),
        EACH(test_declined_counter_only_identifies),
        EACH(test_links_are_where_people_look),
        EACH(test_copies_for_servers),
        EACH(test_feed),
        EACH(test_cancelled_feed_entries_ring_no_bell),
        EACH(test_names_that_need_care),
        EACH(test_lines_are_folded_between_characters),
        EACH(test_what_is_refused),
        EACH(test_ceilings_and_methods),
        EACH(test_uid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
