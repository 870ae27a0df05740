/* Every value of the duty vocabulary has a word, and only those. */
#include "model/duty.h"
#include "names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_value_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < DUTY_FAMILY_COUNT; i++)
        assert_non_null(duty_family_name((enum duty_family)i));
    for (int i = 0; i < DUTY_STATE_COUNT; i++)
        assert_non_null(duty_state_name((enum duty_state)i));
    for (int i = 0; i < ANCHOR_COUNT; i++)
        assert_non_null(anchor_kind_name((enum anchor_kind)i));
    for (int i = 0; i < READING_COUNT; i++)
        assert_non_null(reading_name((enum reading_name)i));
    assert_string_equal(duty_family_name(DUTY_RECAP), "recap");
    assert_string_equal(duty_state_name(DUTY_UNKNOWN), "unknown");
    assert_string_equal(anchor_kind_name(ANCHOR_BIRTH), "birth");
    assert_string_equal(reading_name(READING_SENIORITY_GRID), "seniority_grid");
    assert_string_equal(regime_name(REGIME_R2), "R2");
    assert_string_equal(contract_kind_names[CONTRACT_TEMPORARY], "temporary");
    assert_string_equal(duty_document_name(DUTY_DOCUMENT_COPY), "copy");
    assert_string_equal(duty_exclusion_name(DUTY_TEMPORARY), "temporary");
    assert_string_equal(duty_warning_name(DUTY_WARNING_SPECIAL_ARTICLE), "special_article");
}

static void nothing_else_has_one(void **state)
{
    (void)state;
    assert_null(duty_family_name(DUTY_FAMILY_COUNT));
    assert_null(duty_state_name((enum duty_state) - 1));
    assert_null(reading_name(READING_COUNT));
    assert_null(duty_warning_name(DUTY_WARNING_NONE));
}

static void open_states_ask_for_something(void **state)
{
    (void)state;
    assert_true(duty_state_open(DUTY_UPCOMING));
    assert_true(duty_state_open(DUTY_PLANNED));
    assert_true(duty_state_open(DUTY_OVERDUE));
    assert_false(duty_state_open(DUTY_MISSED));
    assert_false(duty_state_open(DUTY_EXEMPT));
    assert_false(duty_state_open(DUTY_PROVED));
    assert_false(duty_state_open(DUTY_UNKNOWN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_a_name),
        cmocka_unit_test(nothing_else_has_one),
        cmocka_unit_test(open_states_ask_for_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
