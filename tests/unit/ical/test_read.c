/* Reading answers: what the common programs send, and what strangers may try. */
#include "ical/read.h"
#include "ical/write.h"
#include "ical_samples.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CALENDAR(method, lines)                                                                                \
    "BEGIN:VCALENDAR\r\nPRODID:-//X//Y//EN\r\nVERSION:2.0\r\n" method "BEGIN:VEVENT\r\n" lines                 \
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define REPLY(lines) CALENDAR("METHOD:REPLY\r\n", lines)

static struct arena *arena;
static const struct zone *paris;

static int start(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct ical_message *read_sized(const char *text, size_t size)
{
    const struct ical_message *message = NULL;
    struct error err = ERROR_INIT;

    if (ical_read(arena, text, size, paris, &message, &err) != ST_OK)
        fail_msg("%s", err.detail);
    return message;
}

static const struct ical_message *read_text(const char *text)
{
    return read_sized(text, strlen(text));
}

static void refuse(const char *text, size_t size, enum status status, const char *detail)
{
    const struct ical_message *message = NULL;
    struct error err = ERROR_INIT;

    assert_int_equal(ical_read(arena, text, size, paris, &message, &err), status);
    assert_null(message);
    if (strstr(err.detail, detail) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", detail, err.detail);
}

static void test_reply_of_a_standard_client(void **state)
{
    (void)state;
    const struct ical_message *m =
        read_text(REPLY("UID:review-1@rh.example.fr\r\nSEQUENCE:2\r\nDTSTAMP:20261123T080000Z\r\n"
                        "ORGANIZER;CN=RH:mailto:rh@example.fr\r\n"
                        "ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Zoé, d'A\":MAILTO:Zoe@Example.FR\r\n"
                        "COMMENT:Avec plaisir\\, merci\\nZ.\r\n"));
    assert_int_equal(m->method, ITIP_REPLY);
    assert_string_equal(m->product, "-//X//Y//EN");
    assert_string_equal(m->uid, "review-1@rh.example.fr");
    assert_int_equal(m->sequence, 2);
    assert_int_equal(m->stamp, SAMPLE_SECOND(1795420800));
    assert_string_equal(m->organiser, "rh@example.fr");
    assert_int_equal(m->attendee_count, 1);
    assert_string_equal(m->attendees[0].email, "zoe@example.fr");
    assert_string_equal(m->attendees[0].name, "Zoé, d'A");
    assert_int_equal(m->attendees[0].partstat, PARTSTAT_ACCEPTED);
    assert_string_equal(m->comment, "Avec plaisir, merci\nZ.");
    assert_int_equal(m->start, INSTANT_NONE);
    assert_false(m->recurring);
}

static void test_exchange_reply(void **state)
{
    (void)state;
    const struct ical_message *m = read_text("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
                                             "PRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\n"
                                             "BEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\n"
                                             "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
                                             "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\n"
                                             "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
                                             "END:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
                                             "ATTENDEE;PARTSTAT=DECLINED;CN=Zoe:mailto:zoe@example.fr\r\n"
                                             "COMMENT;LANGUAGE=fr-FR:\\n\r\nUID:review-1@rh.example.fr\r\n"
                                             "SUMMARY;LANGUAGE=fr-FR:Refus : Entretien\r\n"
                                             "DTSTART;TZID=Romance Standard Time:20270201T100000\r\n"
                                             "DTEND;TZID=Romance Standard Time:20270201T110000\r\n"
                                             "DTSTAMP:20261123T080000Z\r\nSEQUENCE:0\r\n"
                                             "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"
                                             "BEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nTRIGGER:-PT15M\r\n"
                                             "END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    assert_null(m->organiser);
    assert_int_equal(m->attendees[0].partstat, PARTSTAT_DECLINED);
    assert_int_equal(m->start, SAMPLE_START);
    assert_int_equal(m->end, SAMPLE_START + SAMPLE_SECOND(3600));
    assert_string_equal(m->summary, "Refus : Entretien");
    assert_false(m->recurring);
}

static void test_google_reply(void **state)
{
    (void)state;
    const struct ical_message *m =
        read_text(REPLY("DTSTART:20270201T090000Z\r\nDTEND:20270201T100000Z\r\nDTSTAMP:20261123T080000Z\r\n"
                        "ORGANIZER;CN=rh@example.fr:mailto:rh@example.fr\r\nUID:review-1@rh.example.fr\r\n"
                        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;CN=zoe@exam\r\n"
                        " ple.fr;X-NUM-GUESTS=0;X-RESPONSE-COMMENT=\"plutôt mardi ?\":mailto:zoe@example.fr\r\n"
                        "SEQUENCE:0\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n"));
    assert_int_equal(m->attendees[0].partstat, PARTSTAT_TENTATIVE);
    assert_string_equal(m->attendees[0].comment, "plutôt mardi ?");
    assert_false(m->cancelled);
}

static void test_counter_and_zones(void **state)
{
    static const struct {
        const char *tzid;
        bool known;
    } cases[] = {
        {"Europe/Paris", true},
        {"\"Europe/Paris\"", true},
        {"/citadel.org/20210210_1/Europe/Paris", true},
        {"/freeassociation.sourceforge.net/Tzfile/Europe/Paris", true},
        {"\"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris\"", true},
        {"Customized Time Zone", false},
        {"../../etc/passwd", false},
        {"/etc/Europe/../../passwd", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ical_message *m = read_text(arena_printf(arena,
            CALENDAR("METHOD:COUNTER\r\n", "UID:a\r\nDTSTART;TZID=%s:20270201T100000\r\nDURATION:PT1H30M\r\n"),
            cases[i].tzid));
        assert_int_equal(m->method, ITIP_COUNTER);
        assert_int_equal(m->start, cases[i].known ? SAMPLE_START : INSTANT_NONE);
        assert_int_equal(m->end, cases[i].known ? SAMPLE_START + SAMPLE_SECOND(5400) : INSTANT_NONE);
        assert_int_equal(m->unknown_zone == NULL, cases[i].known);
    }
    const struct ical_message *floating = read_text(CALENDAR("", "UID:a\r\nDTSTART:20270201T100000\r\n"));
    assert_int_equal(floating->method, ITIP_NONE);
    assert_int_equal(floating->start, SAMPLE_START);
    const struct ical_message *day = read_text(REPLY("UID:a\r\nDTSTART;VALUE=DATE:20270201\r\n"));
    assert_true(day->all_day);
    assert_int_equal(day->start, SAMPLE_START - SAMPLE_SECOND(10 * 3600));
}

static void test_reads_what_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_EVENTS; i++) {
        const struct ical_event *event = &sample_events[i];
        BUF_AUTO out;
        buf_init(&out, 0);
        assert_int_equal(ical_write_message(&out, ITIP_REQUEST, event, NULL), ST_OK);
        const struct ical_message *m = read_sized(out.data, out.size);
        assert_int_equal(m->method, ITIP_REQUEST);
        assert_string_equal(m->uid, event->uid);
        assert_int_equal(m->sequence, event->sequence);
        assert_int_equal(m->stamp, event->stamp);
        assert_int_equal(m->start, event->start);
        assert_int_equal(m->end, event->end);
        assert_int_equal(m->cancelled, event->cancelled);
        assert_string_equal(m->summary, event->summary);
        assert_string_equal(m->organiser, event->organiser.email);
        assert_int_equal(m->attendee_count, event->attendee_count);
        for (size_t a = 0; a < m->attendee_count; a++) {
            assert_string_equal(m->attendees[a].email, event->attendees[a].person.email);
            assert_int_equal(m->attendees[a].partstat, event->attendees[a].partstat);
        }
    }
}

static void test_delegation_status_and_odd_values(void **state)
{
    (void)state;
    const struct ical_message *m =
        read_text(REPLY("UID:a\r\nSEQUENCE:-7\r\nSTATUS:CANCELLED\r\nDTSTAMP:20261123T080000\r\n"
                        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:bob@example.fr\":mailto:a@b.fr\r\n"
                        "ATTENDEE;PARTSTAT=X-MAYBE;SCHEDULE-STATUS=1.2:mailto:c@d.fr\r\n"
                        "ATTENDEE:urn:uuid:1234\r\nATTENDEE:mailto:bad address\r\nATTENDEE:\r\n"
                        "DTSTART:20271399T250000Z\r\nDTEND:99999999T999999Z\r\n"
                        "RRULE:FREQ=SECONDLY;BYSETPOS=-1\r\n"));
    assert_int_equal(m->sequence, 0);
    assert_true(m->cancelled);
    assert_true(m->recurring);
    assert_int_equal(m->stamp, INSTANT_NONE);
    assert_int_equal(m->start, INSTANT_NONE);
    assert_int_equal(m->end, INSTANT_NONE);
    assert_int_equal(m->attendee_count, 2);
    assert_int_equal(m->attendees[0].partstat, PARTSTAT_DELEGATED);
    assert_string_equal(m->attendees[0].delegated_to, "bob@example.fr");
    assert_int_equal(m->attendees[1].partstat, PARTSTAT_OTHER);
    assert_string_equal(m->attendees[1].schedule_status, "1.2");
}

static void test_encodings_and_line_ends(void **state)
{
    static const char latin[] = REPLY("UID:a\r\nCOMMENT:d\xE9sol\xE9\r\n");
    static const char unix_ends[] = "\xEF\xBB\xBF"
                                    "begin:vcalendar\nmethod:reply\nbegin:vevent\nuid:a\nSUM\n"
                                    " MARY:un\n \tdeux\nend:vevent\nend:vcalendar";
    (void)state;
    assert_string_equal(read_text(latin)->comment, "désolé");
    const struct ical_message *m = read_text(unix_ends);
    assert_string_equal(m->summary, "un deux");
    assert_int_equal(m->method, ITIP_REPLY);
}

static void test_only_the_first_calendar_counts(void **state)
{
    (void)state;
    const struct ical_message *m =
        read_text(REPLY("UID:a\r\n") CALENDAR("METHOD:CANCEL\r\n", "UID:b\r\n") "garbage");
    assert_int_equal(m->method, ITIP_REPLY);
    assert_string_equal(m->uid, "a");
}

static void test_texts_are_cleaned_and_cut(void **state)
{
    (void)state;
    BUF_AUTO text;
    buf_init(&text, 0);
    buf_text(&text, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:x\x01\x1b[31my\x7f\tz\r\nCOMMENT:a");
    for (int i = 0; i < 3000; i++)
        buf_text(&text, "é");
    buf_text(&text, "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    const struct ical_message *m = read_sized(text.data, text.size);
    assert_string_equal(m->summary, "x[31my z");
    assert_int_equal(strlen(m->comment), ICAL_READ_TEXT - 1);
}

static void test_what_is_refused(void **state)
{
    static const char nul[] = "BEGIN:VCALENDAR\r\n\0";
    (void)state;
    refuse("", 0, ST_SYNTAX, "empty");
    refuse(nul, sizeof(nul), ST_SYNTAX, "binary");
    refuse("hello", 5, ST_SYNTAX, "END:VCALENDAR was expected");
    refuse("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 26, ST_SYNTAX, "BEGIN:VCALENDAR was expected");
    refuse("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", 46, ST_SYNTAX, "ends nothing");
    refuse("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", 32, ST_INVALID, "without an event");
    static const char no_uid[] = REPLY("SUMMARY:x\r\n");
    refuse(no_uid, sizeof(no_uid) - 1, ST_INVALID, "without a usable UID");
    static const char two[] = REPLY("UID:a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\n");
    refuse(two, sizeof(two) - 1, ST_INVALID, "several events");
}

static void test_ceilings(void **state)
{
    (void)state;
    BUF_AUTO text;
    buf_init(&text, 0);
    buf_text(&text, "BEGIN:VCALENDAR\r\n");
    for (int i = 0; i < 4; i++)
        buf_text(&text, "BEGIN:VEVENT\r\n");
    refuse(text.data, text.size, ST_TOO_LARGE, "inside each other");

    buf_reset(&text);
    buf_text(&text, "BEGIN:VCALENDAR\r\n");
    for (int i = 0; i < 2000; i++)
        buf_text(&text, "X:1\r\n");
    refuse(text.data, text.size, ST_TOO_LARGE, "2000 lines");

    buf_reset(&text);
    buf_text(&text, "BEGIN:VCALENDAR\r\nX:");
    while (text.size <= ICAL_READ_MAX)
        buf_text(&text, "0123456789");
    refuse(text.data, text.size, ST_TOO_LARGE, "65536 bytes");

    buf_reset(&text);
    buf_text(&text, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n");
    for (int i = 0; i < 100; i++)
        buf_printf(&text, "ATTENDEE:mailto:a%d@example.fr\r\n", i);
    buf_text(&text, "END:VEVENT\r\nEND:VCALENDAR\r\n");
    assert_int_equal(read_sized(text.data, text.size)->attendee_count, ICAL_READ_ATTENDEES);
}

static int load_zone(void **state)
{
    (void)state;
    ical_init();
    paris = zone_load("Europe/Paris", NULL);
    return paris == NULL;
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        EACH(test_reply_of_a_standard_client),
        EACH(test_exchange_reply),
        EACH(test_google_reply),
        EACH(test_counter_and_zones),
        EACH(test_reads_what_is_written),
        EACH(test_delegation_status_and_odd_values),
        EACH(test_encodings_and_line_ends),
        EACH(test_only_the_first_calendar_counts),
        EACH(test_texts_are_cleaned_and_cut),
        EACH(test_what_is_refused),
        EACH(test_ceilings),
    };
    return cmocka_run_group_tests(tests, load_zone, NULL);
}
