/* Public holidays and working days, against published calendars. */
#include "model/workday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static date_t on(int year, int month, int day)
{
    return date_of(year, month, day);
}

static void test_easter(void **state)
{
    (void)state;
    /* Earliest and latest possible, the corrections of the epact (1954, 1981), the next years. */
    static const struct {
        int year, month, day;
    } known[] = {{1583, 4, 10}, {1818, 3, 22}, {1943, 4, 25}, {1954, 4, 18}, {1981, 4, 19}, {2000, 4, 23},
        {2008, 3, 23}, {2011, 4, 24}, {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5}, {2027, 3, 28}, {2038, 4, 25},
        {2049, 4, 18}, {2076, 4, 19}, {2199, 4, 14}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_int_equal(easter_sunday(known[i].year), on(known[i].year, known[i].month, known[i].day));
    for (int year = 1900; year < 2200; year++) {
        date_t easter = easter_sunday(year);
        assert_int_equal(date_weekday(easter), 7);
        assert_true(easter >= on(year, 3, 22) && easter <= on(year, 4, 25));
    }
    assert_int_equal(easter_sunday(1582), DATE_NONE);
    assert_int_equal(easter_sunday(10000), DATE_NONE);
}

static void test_holidays_of_a_year(void **state)
{
    (void)state;
    static const int days[][2] = {
        {1, 1}, {4, 6}, {5, 1}, {5, 8}, {5, 14}, {5, 25}, {7, 14}, {8, 15}, {11, 1}, {11, 11}, {12, 25}};
    unsigned found = 0;
    for (date_t day = on(2026, 1, 1); day <= on(2026, 12, 31); day++)
        if (holiday_name(HOLIDAYS_METROPOLE, day, LANG_FR)) {
            assert_int_equal(day, on(2026, days[found][0], days[found][1]));
            found++;
        }
    assert_int_equal(found, 11);
    assert_string_equal(holiday_name(HOLIDAYS_METROPOLE, on(2026, 5, 14), LANG_FR), "Ascension");
    assert_string_equal(holiday_name(HOLIDAYS_METROPOLE, on(2026, 5, 25), LANG_EN), "Whit Monday");
}

static void test_alsace_moselle_adds_two(void **state)
{
    (void)state;
    assert_null(holiday_name(HOLIDAYS_METROPOLE, on(2026, 4, 3), LANG_FR));
    assert_string_equal(holiday_name(HOLIDAYS_ALSACE_MOSELLE, on(2026, 4, 3), LANG_FR), "vendredi saint");
    assert_null(holiday_name(HOLIDAYS_METROPOLE, on(2026, 12, 26), LANG_FR));
    assert_string_equal(
        holiday_name(HOLIDAYS_ALSACE_MOSELLE, on(2026, 12, 26), LANG_EN), "Saint Stephen's Day");
    assert_non_null(holiday_name(HOLIDAYS_ALSACE_MOSELLE, on(2026, 7, 14), LANG_FR));
}

static void test_victory_day_since_1982(void **state)
{
    (void)state;
    assert_null(holiday_name(HOLIDAYS_METROPOLE, on(1981, 5, 8), LANG_FR));
    assert_non_null(holiday_name(HOLIDAYS_METROPOLE, on(1982, 5, 8), LANG_FR));
}

static void test_working_days(void **state)
{
    (void)state;
    struct workweek week = WORKWEEK_DEFAULT;
    assert_int_equal(workday(&week, on(2026, 11, 23)), WORKDAY_YES);
    assert_int_equal(workday(&week, on(2026, 11, 21)), WORKDAY_WEEKEND);
    assert_int_equal(workday(&week, on(2026, 11, 11)), WORKDAY_HOLIDAY);
    assert_int_equal(workday(&week, on(2026, 8, 15)), WORKDAY_WEEKEND); /* a holiday on a Saturday */
    assert_int_equal(workday(&week, DATE_NONE), WORKDAY_WEEKEND);

    struct workweek shop = {.weekdays = 0x7c, .holidays = HOLIDAYS_METROPOLE}; /* Tuesday to Saturday */
    assert_int_equal(workday(&shop, on(2026, 11, 21)), WORKDAY_YES);
    assert_int_equal(workday(&shop, on(2026, 11, 23)), WORKDAY_WEEKEND);
}

static void test_next_and_count(void **state)
{
    (void)state;
    struct workweek week = WORKWEEK_DEFAULT, local = {.weekdays = 0x3e, .holidays = HOLIDAYS_ALSACE_MOSELLE};
    assert_int_equal(workday_from(&week, on(2026, 12, 24)), on(2026, 12, 24));
    assert_int_equal(workday_from(&week, on(2026, 12, 25)), on(2026, 12, 28));
    assert_int_equal(workday_from(&local, on(2027, 3, 26)), on(2027, 3, 30)); /* Good Friday to Easter Monday */
    assert_int_equal(workday_from(&(struct workweek){0}, on(2026, 12, 25)), DATE_NONE);
    assert_int_equal(workday_from(&week, DATE_NONE), DATE_NONE);
    assert_int_equal(workday_count(&week, on(2026, 5, 1), on(2026, 6, 1)), 17);
    assert_int_equal(workday_count(&week, on(2026, 5, 2), on(2026, 5, 2)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_easter), cmocka_unit_test(test_holidays_of_a_year),
        cmocka_unit_test(test_alsace_moselle_adds_two), cmocka_unit_test(test_victory_day_since_1982),
        cmocka_unit_test(test_working_days), cmocka_unit_test(test_next_and_count)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
