/* When events take time: each row is an event and the beginnings of its periods in January 2027, in Paris. */
#include "base/buf.h"
#include "ical/busy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static enum status read_text(const char *text, struct ical_periods *ret)
{
    const struct ical_window window = {.from = date_of(2027, 1, 1) * US_PER_DAY,
        .to = date_of(2027, 2, 1) * US_PER_DAY,
        .zone = zone_load("Europe/Paris", NULL)};
    struct error err = ERROR_INIT;
    return ical_read_events(arena, text, strlen(text), &window, ret, &err);
}

static enum status read_event(const char *lines, struct ical_periods *ret)
{
    return read_text(arena_printf(arena,
                         "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\n"
                         "BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY\r\nEND:STANDARD\r\n"
                         "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:a\r\n%sBEGIN:VALARM\r\nDURATION:PT1H\r\n"
                         "END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                         lines),
        ret);
}

/* "05T0800 06T0800": days and hours in UTC. */
static const char *beginnings(const struct ical_periods *periods)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    for (size_t i = 0; i < periods->count; i++) {
        int64_t minutes = periods->items[i].start % US_PER_DAY / (60 * US_PER_SEC);
        struct ymd day = date_ymd((date_t)(periods->items[i].start / US_PER_DAY));
        buf_printf(&text, "%s%02dT%02d%02d", i ? " " : "", day.day, (int)minutes / 60, (int)minutes % 60);
    }
    return arena_strndup(arena, text.data, text.size);
}

#define NINE     "DTSTART;TZID=Europe/Paris:20270105T090000\r\nDTEND;TZID=Europe/Paris:20270105T100000\r\n"
#define LONG_AGO "DTSTART;TZID=\"Europe/Paris\":20200106T090000\r\nDURATION:PT1H\r\n" /* a Monday */

static const struct {
    const char *lines, *expected;
} cases[] = {
    {NINE, "05T0800"},
    {NINE "TRANSP:TRANSPARENT\r\n", ""},
    {NINE "STATUS:CANCELLED\r\n", ""},
    {NINE "STATUS:TENTATIVE\r\n", "05T0800"},
    {"DTSTART:20270105T090000Z\r\nDURATION:PT1H30M\r\n", "05T0900"},
    {"DTSTART:20270105T090000\r\nDURATION:P1D\r\n", "05T0800"},
    {"DTSTART;VALUE=DATE:20270105\r\n", "04T2300"},
    {"DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270103\r\n", "30T2300"},
    {"DTSTART:20270105T090000Z\r\n", ""},
    {"DTSTART:20270205T090000Z\r\nDURATION:PT1H\r\n", ""},
    {NINE "RRULE:FREQ=DAILY;COUNT=3\r\n", "05T0800 06T0800 07T0800"},
    {NINE "RRULE:FREQ=DAILY;INTERVAL=10\r\n", "05T0800 15T0800 25T0800"},
    {NINE "RRULE:FREQ=DAILY;UNTIL=20270107T080000Z\r\n", "05T0800 06T0800 07T0800"},
    {NINE "RRULE:FREQ=DAILY;UNTIL=20270106\r\n", "05T0800 06T0800"},
    {NINE "RRULE:FREQ=WEEKLY\r\n", "05T0800 12T0800 19T0800 26T0800"},
    {NINE "RRULE:FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2\r\n", "05T0800 07T0800 19T0800 21T0800"},
    {NINE "RRULE:FREQ=WEEKLY\r\nEXDATE;TZID=Europe/Paris:20270112T090000,20270119T090000\r\n",
        "05T0800 26T0800"},
    {NINE "RRULE:FREQ=WEEKLY\r\nEXDATE:20270112T080000Z\r\n", "05T0800 19T0800 26T0800"},
    {LONG_AGO "RRULE:FREQ=WEEKLY;INTERVAL=2\r\n", "11T0800 25T0800"},
    {LONG_AGO "RRULE:FREQ=WEEKLY;COUNT=366\r\n", "04T0800"},
    {LONG_AGO "RRULE:FREQ=WEEKLY;COUNT=365\r\n", ""},
    {LONG_AGO "RRULE:FREQ=MONTHLY;BYDAY=2TU\r\n", "12T0800"},
    {LONG_AGO "RRULE:FREQ=MONTHLY;BYDAY=-1FR\r\n", "29T0800"},
    {LONG_AGO "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1,15\r\n", "15T0800 31T0800"},
    {LONG_AGO "RRULE:FREQ=MONTHLY\r\n", "06T0800"},
    {LONG_AGO "RRULE:FREQ=MONTHLY;INTERVAL=7\r\n", "06T0800"},
    {LONG_AGO "RRULE:FREQ=MONTHLY;INTERVAL=5\r\n", ""},
    {LONG_AGO "RRULE:FREQ=YEARLY\r\n", "06T0800"},
    {LONG_AGO "RRULE:FREQ=YEARLY;INTERVAL=2\r\n", ""},
    {LONG_AGO "RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=3WE\r\n", "20T0800"},
    {LONG_AGO "RRULE:FREQ=YEARLY;BYDAY=2MO\r\n", "11T0800"},
    {"DTSTART;TZID=Europe/Paris:20200229T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;"
     "BYMONTHDAY=1,2,3\r\n",
        "01T0800"},
    {"DTSTART;TZID=Romance Standard Time:20270105T090000\r\nDURATION:PT1H\r\n", "05T0800"},
};

static void test_beginnings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ical_periods found = {0};
        if (read_event(cases[i].lines, &found) != ST_OK)
            fail_msg("not read: %s", cases[i].lines);
        if (strcmp(beginnings(&found), cases[i].expected) != 0)
            fail_msg("%s: %s instead of %s", cases[i].lines, beginnings(&found), cases[i].expected);
    }
}

/* Too many days rather than too few. */
static void test_what_narrows_is_not_believed(void **state)
{
    (void)state;
    struct ical_periods found;
    assert_int_equal(
        read_event(LONG_AGO "RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=2\r\n", &found), ST_OK);
    assert_int_equal(found.count, 8);
}

static void test_exceptions_stand_for_themselves(void **state)
{
    (void)state;
    static const char text[] =
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n" NINE "RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20270112T080000Z\r\nDTSTART:20270113T130000Z\r\n"
        "DURATION:PT1H\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Europe/Paris:20270119T090000\r\nSTATUS:CANCELLED\r\n"
        "DTSTART:20270119T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTART:2027\r\n 0120T130000Z\r\nDURATION:PT1H\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n";
    struct ical_periods found;
    assert_int_equal(read_text(text, &found), ST_OK);
    assert_string_equal(beginnings(&found), "05T0800 26T0800 13T1300 20T1300");
    assert_int_equal(read_text("", &found), ST_OK);
    assert_int_equal(found.count, 0);
}

static void test_what_cannot_be_read_is_not_free(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "DTSTART:tomorrow\r\n",
        "DTSTART;TZID=Moon/Crater:20270105T090000\r\n", "DTSTART:20271305T090000Z\r\n",
        NINE "RRULE:FREQ=HOURLY\r\n", NINE "RRULE:FREQ=DAILY;BYHOUR=9,11\r\n", NINE "RRULE:COUNT=3\r\n",
        NINE "RRULE:FREQ=DAILY;INTERVAL=0\r\n", NINE "RDATE:20270106T080000Z\r\n",
        NINE "RRULE:FREQ=WEEKLY\r\nEXDATE:x\r\n", NINE "RECURRENCE-ID;RANGE=THISANDFUTURE:20270112T080000Z\r\n",
        "DTSTART:20270105T090000Z\r\nDURATION:-PT1H\r\n",
        "DTSTART:20270105T090000Z\r\nDTEND:20270105T080000Z\r\n"};
    struct ical_periods found;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (read_event(lines[i], &found) != ST_INVALID)
            fail_msg("read: %s", lines[i]);
    assert_int_equal(read_text("<html>", &found), ST_SYNTAX);
    assert_int_equal(read_text("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", &found), ST_SYNTAX);
    assert_int_equal(read_text("END:VCALENDAR\r\n", &found), ST_SYNTAX);
}

/* A stranger's calendar takes no more than its share of a lane. */
static void test_work_has_an_end(void **state)
{
    (void)state;
    struct ical_periods found;
    BUF_AUTO text;
    buf_init(&text, 0);
    for (int i = 0; i < 400; i++)
        buf_text(&text,
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:19800105T090000Z\r\nDURATION:PT1H\r\n"
            "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=99\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    assert_int_equal(read_text(text.data, &found), ST_TOO_LARGE);
    buf_reset(&text);
    for (int i = 0; i < 300; i++)
        buf_text(&text, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270105T090000Z\r\nDURATION:PT1H\r\n"
                        "RRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    assert_int_equal(read_text(text.data, &found), ST_TOO_LARGE);
}

/* Components that end in another order than they began, numbers that no clock holds. */
static void test_hostile_objects(void **state)
{
    (void)state;
    struct ical_periods found;
    BUF_AUTO text;
    assert_int_equal(read_text("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270105T090000Z\r\nBEGIN:"
                               "VALARM\r\nEND:VCALENDAR\r\nUID:a\r\n",
                         &found),
        ST_SYNTAX);
    assert_int_equal(read_text("BEGIN:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", &found), ST_SYNTAX);
    buf_init(&text, 0);
    buf_text(&text, "DTSTART:20270105T090000Z\r\nDURATION:P");
    for (int i = 0; i < 1000; i++)
        buf_text(&text, "99999999W");
    buf_text(&text, "\r\n");
    assert_int_equal(read_event(text.data, &found), ST_INVALID);
    buf_reset(&text);
    buf_text(&text, "DTSTART:20270105T090000Z\r\nDTEND:20270105T100000Z\r\nEXDATE;X=");
    for (int i = 0; i < 300000; i++)
        buf_char(&text, 'x');
    buf_text(&text, ":20270105T090000");
    for (int i = 0; i < 100; i++)
        buf_text(&text, ",20270105T090000");
    buf_text(&text, "\r\n");
    assert_int_equal(read_event(text.data, &found), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_beginnings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_narrows_is_not_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exceptions_stand_for_themselves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_not_free, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_work_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_objects, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
