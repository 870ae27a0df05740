/* Yearly figures: what is told of groups, and what is not. */
#include "model/indicators.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void staff(struct indicators *indicators, const char *category, int sex, int people)
{
    const struct indicator_figures one = {.people = 1, .reviewed = 1, .reviews = 2, .credit = 300000};
    for (int i = 0; i < people; i++)
        indicators_add(indicators, category, sex, &one);
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct indicators));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

/* What could be subtracted from the whole is never fewer than five people. */
static void assert_nobody_is_singled_out(const struct indicators *indicators)
{
    int64_t shown = 0;
    for (size_t i = 0; i < indicators->count; i++) {
        assert_true(indicators->groups[i].figures.people >= INDICATOR_PEOPLE_MIN);
        shown += indicators->groups[i].figures.people;
    }
    assert_true(indicators->merged.people == 0 || indicators->merged.people >= INDICATOR_PEOPLE_MIN);
    assert_int_equal(shown + indicators->merged.people, indicators->total.people);
}

static void large_groups_are_told_apart(void **state)
{
    struct indicators *indicators = *state;
    staff(indicators, "ouvrier", 1, 7);
    staff(indicators, "cadre", 1, 6);
    staff(indicators, "cadre", 0, 5);
    assert_true(indicators_merge(indicators));
    assert_int_equal(indicators->count, 3);
    assert_string_equal(indicators->groups[0].category, "cadre");
    assert_int_equal(indicators->groups[0].sex, 0);
    assert_int_equal(indicators->groups[2].figures.reviews, 14);
    assert_int_equal(indicators->merged.people, 0);
    assert_int_equal(indicators->total.credit, 18 * 300000);
    assert_nobody_is_singled_out(indicators);
}

static void small_groups_are_merged(void **state)
{
    struct indicators *indicators = *state;
    staff(indicators, "cadre", 0, 3);
    staff(indicators, NULL, -1, 2);
    staff(indicators, "ouvrier", 1, 9);
    assert_true(indicators_merge(indicators));
    assert_int_equal(indicators->count, 1);
    assert_int_equal(indicators->merged.people, 5);
    assert_nobody_is_singled_out(indicators);
}

static void a_merged_group_that_is_small_takes_another_with_it(void **state)
{
    struct indicators *indicators = *state;
    staff(indicators, "cadre", 0, 1);
    staff(indicators, "ouvrier", 1, 20);
    staff(indicators, "employé", 0, 6);
    assert_true(indicators_merge(indicators));
    assert_int_equal(indicators->count, 1);
    assert_string_equal(indicators->groups[0].category, "ouvrier");
    assert_int_equal(indicators->merged.people, 7);
    assert_nobody_is_singled_out(indicators);
}

static void of_four_people_nothing_is_told(void **state)
{
    struct indicators *indicators = *state;
    staff(indicators, "cadre", 0, 4);
    assert_false(indicators_merge(indicators));
    assert_int_equal(indicators->count, 0);
}

static void many_groups_are_no_harm(void **state)
{
    struct indicators *indicators = *state;
    for (int i = 0; i < 3 * INDICATOR_GROUPS_MAX; i++) {
        char category[32];
        snprintf(category, sizeof category, "c%d", i);
        staff(indicators, category, i % 3 - 1, 1 + i % 9);
    }
    assert_true(indicators_merge(indicators));
    assert_nobody_is_singled_out(indicators);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(large_groups_are_told_apart),
        TEST(small_groups_are_merged),
        TEST(a_merged_group_that_is_small_takes_another_with_it),
        TEST(of_four_people_nothing_is_told),
        TEST(many_groups_are_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
