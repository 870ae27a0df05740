/* Scalars as platforms write them: times in all formats, numbers, durations, texts. */
#include "read.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct zone *paris(void)
{
    const struct zone *zone = zone_load("Europe/Paris", NULL);
    assert_non_null(zone);
    return zone;
}

static void expect_time(
    const char *text, enum lms_time_format format, const struct zone *zone, const char *expected)
{
    struct value_time time;
    char shown[INSTANT_TEXT_MAX];
    if (!value_time(text, format, zone, &time))
        fail_msg("'%s' was refused", text);
    assert_string_equal(instant_text(time.at, shown), expected);
    assert_int_equal(time.day_only, !strpbrk(text, ":") && strpbrk(text, "-/.") && format != LMS_TIME_EPOCH_S);
}

static void test_times_with_a_zone(void **state)
{
    (void)state;
    expect_time("2026-11-22T10:15:30Z", LMS_TIME_ISO, paris(), "2026-11-22T10:15:30Z");
    expect_time("2026-11-22t10:15:30z", LMS_TIME_ISO, paris(), "2026-11-22T10:15:30Z");
    expect_time("2026-11-22T10:15:30.533Z", LMS_TIME_ISO, NULL, "2026-11-22T10:15:30.533000Z");
    expect_time("2026-11-22T10:15:30.123456789Z", LMS_TIME_ISO, NULL, "2026-11-22T10:15:30.123456Z");
    expect_time("2026-11-22T10:15:30+01:00", LMS_TIME_ISO, NULL, "2026-11-22T09:15:30Z");
    expect_time("2026-11-22T10:15:30+0100", LMS_TIME_ISO, NULL, "2026-11-22T09:15:30Z");
    expect_time("2026-11-22T10:15:30-05", LMS_TIME_ISO, NULL, "2026-11-22T15:15:30Z");
    expect_time("2026-11-22 10:15:30 UTC", LMS_TIME_SQL, paris(), "2026-11-22T10:15:30Z");
    expect_time("2026-11-22 10:15:30 +0530", LMS_TIME_SQL, paris(), "2026-11-22T04:45:30Z");
    expect_time("2026-12-31T23:30-01:00", LMS_TIME_ISO, NULL, "2027-01-01T00:30:00Z");
}

static void test_times_without_a_zone(void **state)
{
    (void)state;
    expect_time("2026-11-22T10:15:30", LMS_TIME_ISO, NULL, "2026-11-22T10:15:30Z");
    expect_time("2026-11-22T10:15:30", LMS_TIME_ISO, paris(), "2026-11-22T09:15:30Z");
    expect_time("2026-07-22 10:15:30", LMS_TIME_SQL, paris(), "2026-07-22T08:15:30Z");
    expect_time("2026-07-22 10:15:30.5", LMS_TIME_SQL, paris(), "2026-07-22T08:15:30.500000Z");
    expect_time("22/11/2026 10:15", LMS_TIME_DMY, paris(), "2026-11-22T09:15:00Z");
    expect_time("22-11-2026 10:15:30", LMS_TIME_DMY, NULL, "2026-11-22T10:15:30Z");
    expect_time("2.1.2026 00:00", LMS_TIME_DMY, NULL, "2026-01-02T00:00:00Z");
    expect_time("11/22/2026 10:15", LMS_TIME_MDY, NULL, "2026-11-22T10:15:00Z");
    expect_time("11/22/2026 1:05 PM", LMS_TIME_MDY, NULL, "2026-11-22T13:05:00Z");
    expect_time("11/22/2026 12:05 am", LMS_TIME_MDY, NULL, "2026-11-22T00:05:00Z");
    expect_time("11/22/2026 12:05:09PM", LMS_TIME_MDY, NULL, "2026-11-22T12:05:09Z");
    /* The hour that happens twice is the first; the one that does not exist goes on. */
    expect_time("2026-10-25 02:30:00", LMS_TIME_SQL, paris(), "2026-10-25T00:30:00Z");
    expect_time("2026-03-29 02:30:00", LMS_TIME_SQL, paris(), "2026-03-29T01:30:00Z");
}

static void test_days_alone(void **state)
{
    (void)state;
    expect_time("2026-11-22", LMS_TIME_ISO, NULL, "2026-11-22T00:00:00Z");
    expect_time("2026-11-22", LMS_TIME_SQL, paris(), "2026-11-21T23:00:00Z");
    expect_time("22/11/2026", LMS_TIME_DMY, paris(), "2026-11-21T23:00:00Z");
    expect_time("28.2.2026", LMS_TIME_DMY, NULL, "2026-02-28T00:00:00Z");
    expect_time("02-28-2026", LMS_TIME_MDY, NULL, "2026-02-28T00:00:00Z");
    expect_time("2024-02-29", LMS_TIME_ISO, NULL, "2024-02-29T00:00:00Z");
}

static void test_epochs(void **state)
{
    (void)state;
    expect_time("1795000000", LMS_TIME_EPOCH_S, paris(), "2026-11-18T11:06:40Z");
    expect_time("1795000000.25", LMS_TIME_EPOCH_S, NULL, "2026-11-18T11:06:40.250000Z");
    expect_time("1.795e9", LMS_TIME_EPOCH_S, NULL, "2026-11-18T11:06:40Z");
    expect_time("1795000000250", LMS_TIME_EPOCH_MS, NULL, "2026-11-18T11:06:40.250000Z");
    expect_time("0", LMS_TIME_EPOCH_S, NULL, "1970-01-01T00:00:00Z");
}

static void test_times_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum lms_time_format format;
    } rows[] = {
        {"", LMS_TIME_ISO},
        {"today", LMS_TIME_ISO},
        {"2026-11", LMS_TIME_ISO},
        {"2026-11-22T", LMS_TIME_ISO},
        {"2026-11-22T10", LMS_TIME_ISO},
        {"2026-11-22T10:15:30 ", LMS_TIME_ISO},
        {"2026-11-22T24:00:00Z", LMS_TIME_ISO},
        {"2026-11-22T10:60:00Z", LMS_TIME_ISO},
        {"2026-11-22T10:15:61Z", LMS_TIME_ISO},
        {"2026-11-22T10:15:30.Z", LMS_TIME_ISO},
        {"2026-11-22T10:15:30+25:00", LMS_TIME_ISO},
        {"2026-11-22T10:15:30+01:60", LMS_TIME_ISO},
        {"2026-11-22T10:15:30+1", LMS_TIME_ISO},
        {"2026-11-22T10:15:30CET", LMS_TIME_ISO},
        {"2026-02-29", LMS_TIME_ISO},
        {"2026-13-01", LMS_TIME_ISO},
        {"1899-12-31", LMS_TIME_ISO},
        {"2200-01-01", LMS_TIME_ISO},
        {"22/11/2026", LMS_TIME_ISO},
        {"2026-11-22", LMS_TIME_DMY},
        {"11/22/2026", LMS_TIME_DMY},
        {"22/11/2026", LMS_TIME_MDY},
        {"22/11/26", LMS_TIME_DMY},
        {"22/11-2026", LMS_TIME_DMY},
        {"22 11 2026", LMS_TIME_DMY},
        {"22/11/2026 1:05", LMS_TIME_DMY},
        {"11/22/2026 13:05 PM", LMS_TIME_MDY},
        {"11/22/2026 0:05 AM", LMS_TIME_MDY},
        {"-1", LMS_TIME_EPOCH_S},
        {"nan", LMS_TIME_EPOCH_S},
        {"inf", LMS_TIME_EPOCH_S},
        {"0x6afd7fc0", LMS_TIME_EPOCH_S},
        {"1e300", LMS_TIME_EPOCH_S},
        {"1795000000s", LMS_TIME_EPOCH_S},
        {"99999999999999", LMS_TIME_EPOCH_S},
        {"2026-11-22T10:15:30Z", LMS_TIME_EPOCH_MS},
        {"2026-11-22", LMS_TIME_ARRIVAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct value_time time;
        if (value_time(rows[i].text, rows[i].format, NULL, &time))
            fail_msg("'%s' was taken", rows[i].text);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    assert_true(value_number("82.5") == 82.5);
    assert_true(value_number("82,50") == 82.5);
    assert_true(value_number("-3") == -3);
    assert_true(value_number("1e2") == 100);
    static const char *const none[] = {NULL, "", " 1", "1 ", "1.2.3", "1,2,3", "abc", "nan", "inf", "0x10",
        "1e999", "--1", "e", "0000000000000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_true(isnan(value_number(none[i])));
}

static void test_durations(void **state)
{
    (void)state;
    assert_int_equal(value_minutes("7", LMS_UNIT_HOURS), 420);
    assert_int_equal(value_minutes("1,5", LMS_UNIT_HOURS), 90);
    assert_int_equal(value_minutes("90", LMS_UNIT_MINUTES), 90);
    assert_int_equal(value_minutes("3599", LMS_UNIT_SECONDS), 60);
    assert_int_equal(value_minutes("0", LMS_UNIT_SECONDS), 0);
    assert_int_equal(value_minutes("PT1H30M", LMS_UNIT_ISO), 90);
    assert_int_equal(value_minutes("P1DT2H", LMS_UNIT_ISO), 1560);
    assert_int_equal(value_minutes("P1W", LMS_UNIT_ISO), 10080);
    assert_int_equal(value_minutes("PT0.5H", LMS_UNIT_ISO), 30);
    assert_int_equal(value_minutes("PT90S", LMS_UNIT_ISO), 2);
    assert_int_equal(value_minutes("PT1M30.00S", LMS_UNIT_ISO), 2);
    static const char *const none[] = {"", "P", "PT", "P1H", "PT1D", "P1Y", "P1M", "PT1", "1H", "PT1H30",
        "P1DT", "PTT1H", "PT-1H", "P1D1D", "PT1S1H"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (value_minutes(none[i], LMS_UNIT_ISO) != FIELD_INT_NONE)
            fail_msg("'%s' was taken", none[i]);
    assert_int_equal(value_minutes("-1", LMS_UNIT_HOURS), FIELD_INT_NONE);
    assert_int_equal(value_minutes("10001", LMS_UNIT_HOURS), FIELD_INT_NONE);
    assert_int_equal(value_minutes("a while", LMS_UNIT_HOURS), FIELD_INT_NONE);
}

static void expect_text(const char *json, const char *expected, bool expected_single)
{
    struct arena *arena = arena_new(0);
    const struct json *value;
    bool single;
    assert_int_equal(json_parse(arena, json, strlen(json), &value, NULL), ST_OK);
    const char *text = value_text(arena, value, &single);
    if (expected)
        assert_string_equal(text, expected);
    else
        assert_null(text);
    assert_int_equal(single, expected_single);
    arena_free(arena);
}

static void test_texts(void **state)
{
    (void)state;
    expect_text("\"  Sécurité\\n\\tincendie \"", "Sécurité  incendie", true);
    expect_text("\"\\u0007\"", NULL, true);
    expect_text("\"\"", NULL, true);
    expect_text("\" \\n \"", NULL, true);
    expect_text("null", NULL, true);
    expect_text("true", "true", true);
    expect_text("13006", "13006", true);
    expect_text("9223372036854775807", "9223372036854775807", true);
    expect_text("31.5", "31.5", true);
    expect_text("[]", NULL, false);
    expect_text("{\"a\": 1}", NULL, false);
    struct arena *arena = arena_new(0);
    BUF_AUTO text;
    buf_init(&text, 0);
    while (text.size < (size_t)LMS_TEXT_MAX * 3)
        buf_text(&text, "é");
    const char *cut = value_clean(arena, text.data);
    assert_int_equal(strlen(cut), LMS_TEXT_MAX);
    assert_null(value_clean(arena, NULL));
    bool single;
    assert_null(value_text(arena, NULL, &single));
    assert_true(single);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_with_a_zone),
        cmocka_unit_test(test_times_without_a_zone),
        cmocka_unit_test(test_days_alone),
        cmocka_unit_test(test_epochs),
        cmocka_unit_test(test_times_that_are_none),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
