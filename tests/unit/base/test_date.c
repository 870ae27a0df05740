/* The civil calendar, day by day against a calendar that only knows how to count. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FIRST = 1900, LAST = 2199 };

static int month_length(int year, int month)
{
    if (month == 2)
        return year == 1900 || year == 2100 || year % 4 ? 28 : 29;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void check(bool holds, int year, int month, int day)
{
    if (!holds)
        fail_msg("%04d-%02d-%02d", year, month, day);
}

static void test_every_day_of_three_centuries(void **state)
{
    (void)state;
    date_t date = -25567; /* 1900-01-01 */
    int weekday = 1;      /* a Monday */
    for (int year = FIRST; year <= LAST; year++) {
        for (int month = 1; month <= 12; month++) {
            int length = month_length(year, month);
            for (int day = 1; day <= length; day++, date++, weekday = weekday % 7 + 1) {
                struct ymd ymd = date_ymd(date);
                check(date_of(year, month, day) == date, year, month, day);
                check(ymd.year == year && ymd.month == month && ymd.day == day, year, month, day);
                check(date_weekday(date) == weekday, year, month, day);
                check(date_month_end(date) == date - day + length, year, month, day);
            }
            check(date_of(year, month, length + 1) == DATE_NONE, year, month, length + 1);
            check(date_of(year, month, 0) == DATE_NONE, year, month, 0);
        }
    }
    assert_int_equal(date_of(1970, 1, 1), 0);
    assert_int_equal(date, date_of(LAST + 1, 1, 1));
}

/* What date + months must be, found without the module's arithmetic. */
static date_t expected_after(struct ymd from, int months)
{
    int year = from.year;
    int month = from.month;
    for (; months > 0; months--)
        if (++month == 13)
            month = 1, year++;
    for (; months < 0; months++)
        if (--month == 0)
            month = 12, year--;
    int length = month_length(year, month);
    return date_of(year, month, from.day < length ? from.day : length);
}

static void test_same_day_of_month_everywhere(void **state)
{
    (void)state;
    static const int months[] = {1, 2, 3, 6, 11, 12, 13, 24, 25, 48, 72, 84, 96, 108};
    for (date_t date = date_of(1920, 1, 1); date < date_of(2180, 1, 1); date++) {
        struct ymd ymd = date_ymd(date);
        for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
            struct period as_months = {.months = months[i]};
            struct period split = {.years = months[i] / 12, .months = months[i] % 12};
            date_t after = expected_after(ymd, months[i]);
            date_t before = expected_after(ymd, -months[i]);
            check(date_add(date, as_months) == after, ymd.year, ymd.month, ymd.day);
            check(date_add(date, split) == after, ymd.year, ymd.month, ymd.day);
            check(date_subtract(date, as_months) == before, ymd.year, ymd.month, ymd.day);
            check(date_subtract(date, split) == before, ymd.year, ymd.month, ymd.day);
        }
    }
}

static void test_examples_of_the_law(void **state)
{
    (void)state;
    struct {
        date_t from;
        struct period period;
        date_t sum;
    } const samples[] = {
        {date_of(2024, 2, 29), {.years = 1}, date_of(2025, 2, 28)},
        {date_of(2024, 2, 29), {.years = 4}, date_of(2028, 2, 29)},
        {date_of(2026, 12, 31), {.months = 2}, date_of(2027, 2, 28)},
        {date_of(2027, 12, 31), {.months = 2}, date_of(2028, 2, 29)},
        {date_of(2026, 1, 31), {.months = 1}, date_of(2026, 2, 28)},
        {date_of(2026, 2, 28), {.months = 1}, date_of(2026, 3, 28)},
        {date_of(2026, 5, 31), {.months = 6}, date_of(2026, 11, 30)},
        {date_of(2096, 2, 29), {.years = 4}, date_of(2100, 2, 28)},
        {date_of(2026, 1, 31), {.months = 1, .days = 1}, date_of(2026, 3, 1)},
        {date_of(2026, 12, 25), {.days = 14}, date_of(2027, 1, 8)},
        {date_of(2014, 3, 7), {.years = 6}, date_of(2020, 3, 7)},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        assert_int_equal(date_add(samples[i].from, samples[i].period), samples[i].sum);
    struct period month = {.months = 1};
    assert_int_equal(date_subtract(date_of(2026, 3, 31), month), date_of(2026, 2, 28));
    assert_int_equal(date_subtract(date_of(2024, 3, 31), month), date_of(2024, 2, 29));
    assert_int_equal(date_subtract(date_of(2026, 1, 15), month), date_of(2025, 12, 15));
    struct period mixed = {.months = 1, .days = 1};
    assert_int_equal(date_subtract(date_of(2026, 3, 31), mixed), date_of(2026, 2, 27));
    struct period year = {.years = 1};
    assert_int_equal(date_subtract(date_of(2024, 2, 29), year), date_of(2023, 2, 28));
}

static void test_from_the_anchor_not_step_by_step(void **state)
{
    (void)state;
    date_t anchor = date_of(2024, 2, 29);
    struct period year = {.years = 1};
    date_t stepped = anchor;
    for (int i = 0; i < 4; i++)
        stepped = date_add(stepped, year);
    assert_int_equal(stepped, date_of(2028, 2, 28));
    assert_int_equal(date_add(anchor, (struct period){.years = 4}), date_of(2028, 2, 29));
}

static void test_birthdays(void **state)
{
    (void)state;
    assert_int_equal(date_in_year(date_of(1980, 2, 29), 2025), date_of(2025, 2, 28));
    assert_int_equal(date_in_year(date_of(1980, 2, 29), 2024), date_of(2024, 2, 29));
    assert_int_equal(date_in_year(date_of(1980, 12, 31), 2025), date_of(2025, 12, 31));
    assert_int_equal(date_in_year(date_of(1980, 12, 31), 10000), DATE_NONE);
    assert_int_equal(date_in_year(DATE_NONE, 2025), DATE_NONE);
}

static void test_nothing_and_far_away(void **state)
{
    (void)state;
    struct period huge = {.years = INT32_MAX, .months = INT32_MAX, .days = INT32_MAX};
    struct period day = {.days = 1};
    assert_int_equal(date_add(DATE_NONE, day), DATE_NONE);
    assert_int_equal(date_subtract(DATE_NONE, day), DATE_NONE);
    assert_int_equal(date_month_end(DATE_NONE), DATE_NONE);
    assert_int_equal(date_ymd(DATE_NONE).year, 0);
    assert_int_equal(date_weekday(DATE_NONE), 0);
    assert_int_equal(date_add(0, huge), DATE_NONE);
    assert_int_equal(date_subtract(0, huge), DATE_NONE);
    assert_int_equal(date_add(date_of(9999, 12, 31), day), DATE_NONE);
    assert_int_equal(date_subtract(date_of(1, 1, 1), day), DATE_NONE);
    assert_int_equal(date_ymd(INT32_MAX).year, 5881580);
    assert_int_equal(date_month_end(INT32_MAX), DATE_NONE);
    assert_int_equal(date_ymd(date_of(1, 1, 1)).year, 1);
    assert_int_equal(date_of(0, 1, 1), DATE_NONE);
    assert_int_equal(date_of(2026, 13, 1), DATE_NONE);
    assert_int_equal(date_of(2026, 0, 1), DATE_NONE);
    assert_int_equal(date_of(INT32_MAX, 1, 1), DATE_NONE);
    assert_int_equal(date_of(2026, 1, INT32_MIN), DATE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_of_three_centuries),
        cmocka_unit_test(test_same_day_of_month_everywhere),
        cmocka_unit_test(test_examples_of_the_law),
        cmocka_unit_test(test_from_the_anchor_not_step_by_step),
        cmocka_unit_test(test_birthdays),
        cmocka_unit_test(test_nothing_and_far_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
