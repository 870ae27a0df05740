/* Slots within working hours, around holidays, absences, changes of the clock and other reviews. */
#include "model/slot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct slot_hours hours[] = {{1, 540, 750}, {1, 840, 1050}, {2, 540, 750}, {2, 840, 1050},
    {3, 540, 750}, {3, 840, 1050}, {4, 540, 750}, {4, 840, 1050}, {5, 540, 750}, {5, 840, 1050}};

static struct slot_search search(date_t from, date_t to)
{
    return (struct slot_search){.zone = zone_load("Europe/Paris", NULL),
        .hours = hours,
        .hours_count = sizeof hours / sizeof hours[0],
        .from = from,
        .to = to,
        .now = zone_instant(zone_load("Europe/Paris", NULL), date_of(2026, 12, 1), 0),
        .minutes = 60,
        .step = 30,
        .per_day = 100};
}

static const char *text_of(instant_t at)
{
    static char text[INSTANT_TEXT_MAX];
    return instant_text(at, text);
}

static void test_a_day_is_cut_by_its_hours(void **state)
{
    (void)state;
    struct slot slots[50];
    struct slot_search s = search(date_of(2027, 1, 6), date_of(2027, 1, 6));
    /* 9:00 to 11:30 and 14:00 to 16:30. */
    assert_int_equal(slots_find(&s, slots, 50, NULL), 12);
    assert_string_equal(text_of(slots[0].start), "2027-01-06T08:00:00Z");
    assert_string_equal(text_of(slots[5].end), "2027-01-06T11:30:00Z");
    assert_string_equal(text_of(slots[6].start), "2027-01-06T13:00:00Z");
    s.per_day = 3;
    assert_int_equal(slots_find(&s, slots, 50, NULL), 3);
    assert_string_equal(text_of(slots[1].start), "2027-01-06T10:00:00Z");
    assert_string_equal(text_of(slots[2].start), "2027-01-06T14:00:00Z");
}

static void test_summer_time(void **state)
{
    (void)state;
    struct slot slots[50];
    struct slot_search s = search(date_of(2027, 3, 26), date_of(2027, 3, 30));
    s.per_day = 1;
    /* Friday in winter time, Monday is Easter Monday, Tuesday in summer time. */
    assert_int_equal(slots_find(&s, slots, 50, NULL), 2);
    assert_string_equal(text_of(slots[0].start), "2027-03-26T08:00:00Z");
    assert_string_equal(text_of(slots[1].start), "2027-03-30T07:00:00Z");
    s.holidays = HOLIDAYS_ALSACE_MOSELLE;
    assert_int_equal(slots_find(&s, slots, 50, NULL), 1);
}

static void test_what_is_busy_is_left_out(void **state)
{
    (void)state;
    struct slot slots[50];
    struct slot_search s = search(date_of(2027, 1, 6), date_of(2027, 1, 7));
    instant_t ten = zone_instant(s.zone, date_of(2027, 1, 6), 10 * 3600);
    struct slot_busy busy[] = {{ten, ten + 3600 * US_PER_SEC, SLOT_INTERVIEWER_BUSY},
        {zone_instant(s.zone, date_of(2027, 1, 7), 0), zone_instant(s.zone, date_of(2027, 1, 8), 0),
            SLOT_EMPLOYEE_AWAY}};
    s.busy = busy;
    s.busy_count = 2;
    /* 9:00 and 11:00, 11:30, then the afternoon: 9:30, 10:00 and 10:30 touch the meeting. */
    assert_int_equal(slots_find(&s, slots, 50, NULL), 9);
    assert_string_equal(text_of(slots[0].start), "2027-01-06T08:00:00Z");
    assert_string_equal(text_of(slots[1].start), "2027-01-06T10:00:00Z");
}

static void test_limits(void **state)
{
    (void)state;
    struct slot slots[3];
    struct slot_search s = search(date_of(2027, 1, 1), date_of(2027, 12, 31));
    assert_int_equal(slots_find(&s, slots, 3, NULL), 3);
    s.minutes = 600;
    assert_int_equal(slots_find(&s, slots, 3, NULL), 0);
    s.minutes = 0;
    assert_int_equal(slots_find(&s, slots, 3, NULL), 0);
    s = search(date_of(2027, 1, 9), date_of(2027, 1, 8));
    assert_int_equal(slots_find(&s, slots, 3, NULL), 0);
}

static void test_why_there_is_none(void **state)
{
    (void)state;
    struct slot slots[50];
    struct slot_tally tally;
    /* Saturday, then the two holidays of Alsace at Christmas, then a Sunday. */
    struct slot_search s = search(date_of(2026, 12, 25), date_of(2026, 12, 27));
    s.holidays = HOLIDAYS_ALSACE_MOSELLE;
    assert_int_equal(slots_find(&s, slots, 50, &tally), 0);
    assert_int_equal(tally.count[SLOT_HOLIDAY], 1);
    assert_int_equal(tally.count[SLOT_CLOSED], 2);
    assert_int_equal(slot_tally_main(&tally), SLOT_CLOSED);
    /* A week in which the interviewer holds enough, but for one day of absence. */
    s = search(date_of(2027, 1, 4), date_of(2027, 1, 10));
    instant_t monday = zone_instant(s.zone, date_of(2027, 1, 4), 9 * 3600);
    struct slot_busy busy[] = {{monday, monday + 3600 * US_PER_SEC, SLOT_INTERVIEWER_REVIEW},
        {monday + US_PER_DAY, monday + US_PER_DAY + 3600 * US_PER_SEC, SLOT_INTERVIEWER_REVIEW},
        {zone_instant(s.zone, date_of(2027, 1, 8), 0), zone_instant(s.zone, date_of(2027, 1, 9), 0),
            SLOT_EMPLOYEE_AWAY}};
    s.busy = busy;
    s.busy_count = 3;
    s.per_week = 2;
    assert_int_equal(slots_find(&s, slots, 50, &tally), 0);
    assert_int_equal(tally.count[SLOT_EMPLOYEE_AWAY], 12);
    assert_int_equal(slot_tally_main(&tally), SLOT_WEEK_FULL);
    s.per_week = 3;
    assert_int_equal(slots_find(&s, slots, 50, &tally), 44);
    /* What is over is no time to propose. */
    s.now = zone_instant(s.zone, date_of(2027, 1, 11), 0);
    assert_int_equal(slots_find(&s, slots, 50, &tally), 0);
    assert_int_equal(slot_tally_main(&tally), SLOT_PAST);
    assert_int_equal(slot_tally_main(&(struct slot_tally){0}), SLOT_FREE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_day_is_cut_by_its_hours),
        cmocka_unit_test(test_summer_time), cmocka_unit_test(test_what_is_busy_is_left_out),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_why_there_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
