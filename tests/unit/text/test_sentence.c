/* French and English wording. */
#include "text/sentence.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

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

static void test_languages(void **state)
{
    static const struct {
        const char *locale;
        enum lang lang;
    } cases[] = {{"fr", LANG_FR}, {"en", LANG_EN}, {"EN-gb", LANG_EN}, {"en_US.UTF-8", LANG_EN},
        {"enm", LANG_FR}, {"de", LANG_FR}, {"", LANG_FR}, {NULL, LANG_FR}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(lang_of(cases[i].locale), cases[i].lang);
    assert_string_equal(lang_tag(LANG_FR), "fr");
    assert_string_equal(lang_tag(LANG_EN), "en");
}

static void test_dates(void **state)
{
    (void)state;
    date_t day = date_of(2024, 3, 8);
    assert_string_equal(sentence_date(arena, LANG_FR, day), "8 mars 2024");
    assert_string_equal(sentence_date(arena, LANG_EN, day), "8 March 2024");
    assert_string_equal(sentence_date(arena, LANG_FR, date_of(2026, 8, 1)), "1er août 2026");
    assert_string_equal(sentence_date(arena, LANG_EN, date_of(2026, 8, 1)), "1 August 2026");
    assert_string_equal(sentence_day(arena, LANG_FR, day), "vendredi 8 mars 2024");
    assert_string_equal(sentence_day(arena, LANG_EN, date_of(2024, 3, 10)), "Sunday 10 March 2024");
    assert_string_equal(sentence_day(arena, LANG_FR, DATE_NONE), "");
    assert_string_equal(sentence_date(arena, LANG_EN, DATE_NONE), "");
}

static void test_times(void **state)
{
    (void)state;
    assert_string_equal(sentence_time(arena, LANG_FR, 14 * 3600 + 30 * 60), "14 h 30");
    assert_string_equal(sentence_time(arena, LANG_FR, 9 * 3600), "9 h");
    assert_string_equal(sentence_time(arena, LANG_FR, 5 * 60), "0 h 05");
    assert_string_equal(sentence_time(arena, LANG_EN, 14 * 3600 + 30 * 60), "14:30");
    assert_string_equal(sentence_time(arena, LANG_EN, 9 * 3600 + 59), "09:00");
}

static void test_slots(void **state)
{
    struct error err = ERROR_INIT;
    const struct zone *paris = zone_load("Europe/Paris", &err);
    instant_t from = date_of(2024, 3, 8) * US_PER_DAY + INT64_C(48600) * US_PER_SEC;
    instant_t to = from + 3600 * US_PER_SEC;
    (void)state;
    assert_non_null(paris);
    assert_string_equal(
        sentence_slot(arena, LANG_FR, paris, from, to), "vendredi 8 mars 2024 de 14 h 30 à 15 h 30");
    assert_string_equal(sentence_slot(arena, LANG_EN, paris, from, to), "Friday 8 March 2024, 14:30 to 15:30");
    to = from + US_PER_DAY;
    assert_string_equal(sentence_slot(arena, LANG_FR, paris, from, to),
        "vendredi 8 mars 2024 à 14 h 30 jusqu'au samedi 9 mars 2024 à 14 h 30");
    assert_string_equal(sentence_slot(arena, LANG_EN, paris, from, to),
        "Friday 8 March 2024 14:30 to Saturday 9 March 2024 14:30");
}

static void test_durations_and_periods(void **state)
{
    (void)state;
    assert_string_equal(sentence_duration(arena, LANG_FR, 45 * 60), "45 minutes");
    assert_string_equal(sentence_duration(arena, LANG_EN, 60), "1 minute");
    assert_string_equal(sentence_duration(arena, LANG_FR, 3600), "1 h");
    assert_string_equal(sentence_duration(arena, LANG_EN, 5400), "1 h 30");
    assert_string_equal(sentence_period(arena, LANG_FR, (struct period){.years = 4}), "4 ans");
    assert_string_equal(
        sentence_period(arena, LANG_EN, (struct period){.years = 1, .months = 1}), "1 year and 1 month");
    assert_string_equal(sentence_period(arena, LANG_FR, (struct period){.years = 2, .months = 6, .days = 1}),
        "2 ans, 6 mois et 1 jour");
    assert_string_equal(sentence_period(arena, LANG_EN, (struct period){.days = 14}), "14 days");
}

static void test_relative_days(void **state)
{
    static const struct {
        int days;
        const char *fr, *en;
    } cases[] = {{0, "aujourd'hui", "today"}, {1, "demain", "tomorrow"}, {-1, "hier", "yesterday"},
        {7, "dans 7 jours", "in 7 days"}, {-3, "il y a 3 jours", "3 days ago"}};
    date_t today = date_of(2026, 11, 22);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(sentence_relative(arena, LANG_FR, today + cases[i].days, today), cases[i].fr);
        assert_string_equal(sentence_relative(arena, LANG_EN, today + cases[i].days, today), cases[i].en);
    }
}

static void test_counts_and_lists(void **state)
{
    static const struct noun people = {"salarié", "salariés", "employee", "employees"};
    static const char *const items[] = {"a", "b", "c"};
    (void)state;
    assert_string_equal(sentence_count(arena, LANG_FR, 0, &people), "0 salarié");
    assert_string_equal(sentence_count(arena, LANG_EN, 0, &people), "0 employees");
    assert_string_equal(sentence_count(arena, LANG_FR, 1, &people), "1 salarié");
    assert_string_equal(sentence_count(arena, LANG_EN, 1, &people), "1 employee");
    assert_string_equal(sentence_count(arena, LANG_FR, 2, &people), "2 salariés");
    assert_string_equal(sentence_list(arena, LANG_FR, items, 3), "a, b et c");
    assert_string_equal(sentence_list(arena, LANG_EN, items, 2), "a and b");
    assert_string_equal(sentence_list(arena, LANG_EN, items, 1), "a");
    assert_string_equal(sentence_list(arena, LANG_FR, items, 0), "");
}

static void test_names_that_run_left_are_isolated(void **state)
{
    static const char *const names[] = {"שירה", "Ali محمد", "ﷺ", "ﻻ", "𐤀", "𞤀"};
    static const char *const others[] = {"", "Zoé L’Hôte", "Nguyễn", "Ωmega", "Юлия", "𝒞", "名", "🎓", "ԱԲ"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(sentence_name(arena, names[i]), arena_printf(arena, "\u2068%s\u2069", names[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_ptr_equal(sentence_name(arena, others[i]), others[i]);
    assert_null(sentence_name(arena, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_that_run_left_are_isolated),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_slots),
        cmocka_unit_test(test_durations_and_periods),
        cmocka_unit_test(test_relative_days),
        cmocka_unit_test(test_counts_and_lists),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
