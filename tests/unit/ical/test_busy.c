/* Free/busy: the question that is asked, answers that are read, answers that cannot be and are never "free". */
#include "ical/busy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum status read_text(struct arena *arena, const char *text, struct ical_periods *ret)
{
    struct error err = ERROR_INIT;
    return ical_read_busy(arena, text, strlen(text), ret, &err);
}

static void test_periods(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct ical_periods found;
    assert_int_equal(read_text(arena,
                         "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VFREEBUSY\r\nUID:x\r\n"
                         "FREEBUSY:20261201T080000Z/20261201T\r\n 090000Z,20261202T080000Z/PT1H30M\r\n"
                         "FREEBUSY;FBTYPE=FREE:20261203T080000Z/PT1H\r\n"
                         "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261204T080000Z/P1D\r\n"
                         "END:VFREEBUSY\r\nEND:VCALENDAR\r\n",
                         &found),
        ST_OK);
    assert_int_equal(found.count, 3);
    instant_t eight = date_of(2026, 12, 1) * US_PER_DAY + 8 * 3600 * US_PER_SEC;
    assert_true(found.items[0].start == eight && found.items[0].end == eight + 3600 * US_PER_SEC);
    assert_true(found.items[1].end - found.items[1].start == 5400 * US_PER_SEC);
    assert_true(found.items[2].end - found.items[2].start == US_PER_DAY);
    assert_int_equal(
        read_text(arena, "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nEND:VFREEBUSY\nEND:VCALENDAR", &found), ST_OK);
    assert_int_equal(found.count, 0);
    arena_free(arena);
}

static void test_what_cannot_be_read_is_not_free(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct ical_periods found;
    assert_int_equal(read_text(arena, "", &found), ST_SYNTAX);
    assert_int_equal(read_text(arena, "<html>", &found), ST_SYNTAX);
    assert_int_equal(read_text(arena, "BEGIN:VCALENDAR\nEND:VCALENDAR", &found), ST_INVALID);
#define ONE(value) "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY" value "\nEND:VFREEBUSY\nEND:VCALENDAR"
    assert_int_equal(read_text(arena, ONE(":tomorrow"), &found), ST_INVALID);
    assert_int_equal(read_text(arena, ONE(":20261201T080000/20261201T090000"), &found), ST_INVALID);
    assert_int_equal(read_text(arena, ONE(":20261201T090000Z/20261201T080000Z"), &found), ST_INVALID);
    assert_int_equal(read_text(arena, ONE(";FBTYPE=BUSY"), &found), ST_SYNTAX);
    BUF_AUTO many;
    buf_init(&many, 0);
    buf_text(&many, "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\n");
    for (int i = 0; i <= ICAL_BUSY_PERIODS; i++)
        buf_text(&many, "FREEBUSY:20261201T080000Z/PT1H\n");
    assert_int_equal(read_text(arena, many.data, &found), ST_TOO_LARGE);
    while (many.size <= ICAL_BUSY_BYTES)
        buf_text(&many, "X-SOMETHING:that nobody reads\n");
    assert_int_equal(read_text(arena, many.data, &found), ST_TOO_LARGE);
    arena_free(arena);
}

static void test_the_question(void **state)
{
    (void)state;
    BUF_AUTO text;
    const char *const people[] = {"a@corp.example", "b@corp.example"};
    struct ical_question q = {.uid = "fb-1@hr.example",
        .stamp = 0,
        .from = US_PER_DAY,
        .to = 2 * US_PER_DAY,
        .organiser = "hr@corp.example",
        .attendees = people,
        .attendee_count = 2};
    buf_init(&text, 0);
    assert_int_equal(ical_write_question(&text, &q, NULL), ST_OK);
    assert_non_null(
        strstr(text.data, "DTSTART:19700102T000000Z\r\nDTEND:19700103T000000Z\r\n"
                          "ORGANIZER:mailto:hr@corp.example\r\nATTENDEE:mailto:a@corp.example\r\n"));
    q.organiser = "hr@corp.example\nX:y";
    assert_int_equal(ical_write_question(&text, &q, NULL), ST_INVALID);
    q.organiser = "hr@corp.example";
    q.attendee_count = 0;
    assert_int_equal(ical_write_question(&text, &q, NULL), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_periods),
        cmocka_unit_test(test_what_cannot_be_read_is_not_free), cmocka_unit_test(test_the_question)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
