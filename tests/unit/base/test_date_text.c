/* Dates, periods and instants as text. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_dates_round_trip(void **state)
{
    (void)state;
    char text[DATE_TEXT_MAX];
    for (date_t date = date_of(1900, 1, 1); date <= date_of(2199, 12, 31); date++) {
        date_t back = DATE_NONE;
        if (!date_parse(date_text(date, text), &back) || back != date)
            fail_msg("%s", text);
    }
    assert_string_equal(date_text(date_of(2026, 11, 22), text), "2026-11-22");
    assert_string_equal(date_text(date_of(7, 1, 2), text), "0007-01-02");
    assert_string_equal(date_text(DATE_NONE, text), "");
    assert_string_equal(date_text(INT32_MAX, text), "");
    assert_string_equal(date_text(INT32_MIN + 1, text), "");
    assert_string_equal(date_show(date_of(2024, 2, 29)).text, "2024-02-29");
}

static void test_bad_dates(void **state)
{
    (void)state;
    static const char *const bad[] = {NULL, "", "2026", "2026-1-1", "2026-01-1", "2026-01-01 ", " 2026-01-01",
        "2026-02-29", "2025-02-30", "2100-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32",
        "1899-12-31", "2200-01-01", "20260101", "2026/01/01", "+026-01-01", "-026-01-01", "2026-01-01T",
        "2026-01-0x", "202\xD9\xA6-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        date_t date = 42;
        if (date_parse(bad[i], &date) || date != 42)
            fail_msg("%s", bad[i]);
    }
}

static void test_loose_dates(void **state)
{
    (void)state;
    static const char *const good[] = {
        "05/03/2026", "5/3/2026", "5/03/2026", "05-03-2026", "5.3.2026", "2026-03-05"};
    static const char *const bad[] = {NULL, "", "5/3/26", "5/3-2026", "31/02/2026", "3/31/2026", "005/3/2026",
        "5//3/2026", "5/3/2026 ", "5 3 2026", "5/3/02026", "2026/03/05", "2026.03.05", "/3/2026", "5/3/", "5/3",
        "5", "46086", "5/3/1899"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        date_t date = DATE_NONE;
        if (!date_parse_loose(good[i], &date) || date != date_of(2026, 3, 5))
            fail_msg("%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        date_t date = 42;
        if (date_parse_loose(bad[i], &date) || date != 42)
            fail_msg("%s", bad[i]);
    }
}

static void test_periods(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct period period;
        const char *back;
    } good[] = {
        {"P4Y", {.years = 4}, "P4Y"},
        {"P2Y6M", {.years = 2, .months = 6}, "P2Y6M"},
        {"P30D", {.days = 30}, "P30D"},
        {"P2W", {.days = 14}, "P14D"},
        {"P1Y2M3D", {1, 2, 3}, "P1Y2M3D"},
        {"P0Y6M", {.months = 6}, "P6M"},
        {"P100Y", {.years = 100}, "P100Y"},
        {"P1200M", {.months = 1200}, "P1200M"},
        {"P36525D", {.days = 36525}, "P36525D"},
    };
    static const char *const bad[] = {NULL, "", "P", "P0D", "P0Y0M0D", "P0W", "4Y", "p4y", "P4", "PY", "P-4Y",
        "-P4Y", "+P4Y", "P1.5Y", "P1,5Y", "P04Y", "P4Y ", "P1M2Y", "P1Y1Y", "P1Y2W", "P2W1D", "PT1H", "P1DT1H",
        "P101Y", "P1201M", "P36526D", "P100Y1D", "P5218W", "P999999999999D", "P1D\n"};
    char text[PERIOD_TEXT_MAX];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct period period = {9, 9, 9};
        assert_true(period_parse(good[i].text, &period));
        assert_int_equal(period.years, good[i].period.years);
        assert_int_equal(period.months, good[i].period.months);
        assert_int_equal(period.days, good[i].period.days);
        assert_string_equal(period_text(period, text), good[i].back);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct period period = {9, 9, 9};
        if (period_parse(bad[i], &period) || period.years != 9)
            fail_msg("%s", bad[i]);
    }
    struct period none = {0};
    assert_true(period_is_none(none));
    assert_string_equal(period_text(none, text), "");
    assert_string_equal(period_text((struct period){INT32_MIN, INT32_MIN, INT32_MIN}, text), "");
}

static instant_t at(int year, int month, int day, int seconds, int us)
{
    return (date_of(year, month, day) * INT64_C(86400) + seconds) * US_PER_SEC + us;
}

static void test_instants(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *back;
    } good[] = {
        {"2026-11-22T10:15:30Z", "2026-11-22T10:15:30Z"},
        {"2026-11-22t10:15:30z", "2026-11-22T10:15:30Z"},
        {"2026-11-22T10:15:30.5Z", "2026-11-22T10:15:30.500000Z"},
        {"2026-11-22T10:15:30.000001Z", "2026-11-22T10:15:30.000001Z"},
        {"2026-11-22T10:15:30.123456789Z", "2026-11-22T10:15:30.123456Z"},
        {"2026-11-22T10:15:30.000Z", "2026-11-22T10:15:30Z"},
        {"2026-11-22T11:15:30+01:00", "2026-11-22T10:15:30Z"},
        {"2026-01-01T00:15:00+05:30", "2025-12-31T18:45:00Z"},
        {"2026-12-31T23:00:00-02:00", "2027-01-01T01:00:00Z"},
        {"2026-11-22T10:15:30-00:00", "2026-11-22T10:15:30Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
        {"2017-01-01T00:59:60.25+01:00", "2017-01-01T00:00:00.250000Z"},
        {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
        {"1900-01-01T00:00:00+23:59", "1899-12-31T00:01:00Z"},
        {"2199-12-31T23:59:59-23:59", "2200-01-01T23:58:59Z"},
    };
    char text[INSTANT_TEXT_MAX];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        instant_t instant = INSTANT_NONE;
        if (!instant_parse(good[i].text, &instant))
            fail_msg("%s", good[i].text);
        assert_string_equal(instant_text(instant, text), good[i].back);
    }
    instant_t instant;
    assert_true(instant_parse("2026-11-22T10:15:30.25Z", &instant));
    assert_int_equal(instant, at(2026, 11, 22, 36930, 250000));
    assert_true(instant_parse("1970-01-01T00:00:00Z", &instant));
    assert_int_equal(instant, 0);
    assert_string_equal(instant_text(INSTANT_NONE, text), "");
    assert_string_equal(instant_text(INT64_MAX, text), "");
    assert_string_equal(instant_text(INT64_MIN + 1, text), "");
}

static void test_bad_instants(void **state)
{
    (void)state;
    static const char *const bad[] = {NULL, "", "2026-11-22", "2026-11-22T10:15:30", "2026-11-22 10:15:30Z",
        "2026-11-22T10:15Z", "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:15:60Z",
        "2026-11-22T10:15:61Z", "2026-11-22T10:15:30.Z", "2026-11-22T10:15:30,5Z",
        "2026-11-22T10:15:30.1234567890Z", "2026-11-22T10:15:30+0100", "2026-11-22T10:15:30+1:00",
        "2026-11-22T10:15:30+24:00", "2026-11-22T10:15:30+01:60", "2026-11-22T10:15:30Z ",
        "2026-11-22T10:15:30ZZ", "2026-02-30T10:15:30Z", "1899-11-22T10:15:30Z", "2026-11-22T1:15:30Z",
        "2026-11-22TT10:15:30Z", "20261122T101530Z", "2026-11-22T10:15:30+", "2026-11-22T10:15:30.5",
        "2026-11-22T-1:15:30Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        instant_t instant = 42;
        if (instant_parse(bad[i], &instant) || instant != 42)
            fail_msg("%s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_round_trip),
        cmocka_unit_test(test_bad_dates),
        cmocka_unit_test(test_loose_dates),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_bad_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
