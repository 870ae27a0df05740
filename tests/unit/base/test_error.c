/* The error struct: replacing, collecting fields, ceilings. */
#include "base/error.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum status close_twice(struct error *err)
{
    return error_set(err, ST_CONFLICT, "review %s is already closed", "rev_1");
}

static void test_set_replaces_everything(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    assert_int_equal(error_field(&err, "/a", "expected a date"), ST_INVALID);
    assert_int_equal(close_twice(&err), ST_CONFLICT);
    assert_int_equal(err.status, ST_CONFLICT);
    assert_string_equal(err.detail, "review rev_1 is already closed");
    assert_int_equal(err.count, 0);
    error_set(&err, ST_INTERNAL, "while closing: %s", err.detail);
    assert_string_equal(err.detail, "while closing: review rev_1 is already closed");
    error_clear(&err);
    assert_int_equal(err.status, ST_OK);
    assert_string_equal(err.detail, "");
}

static void test_null_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(close_twice(NULL), ST_CONFLICT);
    assert_int_equal(error_field(NULL, "/a", "x"), ST_INVALID);
    error_nest(NULL, "/x");
    error_clear(NULL);
}

static void test_fields_keep_a_set_status(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    error_set(&err, ST_SYNTAX, "not JSON");
    assert_int_equal(error_field(&err, "/a", "at byte %d", 4), ST_SYNTAX);
    assert_string_equal(err.detail, "not JSON");
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, "/a");
    assert_string_equal(err.fields[0].detail, "at byte 4");
}

static void test_fields_nest(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    error_field(&err, "/hire_date", "expected YYYY-MM-DD");
    error_field(&err, "", "unknown");
    error_nest(&err, "/employee");
    error_nest(&err, "/2");
    assert_string_equal(err.fields[0].pointer, "/2/employee/hire_date");
    assert_string_equal(err.fields[1].pointer, "/2/employee");
}

static void test_more_fields_than_fit_are_summarised(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    for (int i = 0; i < 100; i++)
        assert_int_equal(error_field(&err, "/a", "wrong %d", i), ST_INVALID);
    assert_int_equal(err.count, ERROR_FIELDS_MAX);
    assert_string_equal(err.fields[ERROR_FIELDS_MAX - 2].detail, "wrong 14");
    assert_string_equal(err.fields[ERROR_FIELDS_MAX - 1].pointer, "");
    assert_non_null(strstr(err.fields[ERROR_FIELDS_MAX - 1].detail, "more"));
}

static void test_long_details_are_cut_between_characters(void **state)
{
    (void)state;
    char accents[1024] = "";
    for (size_t i = 0; i + 2 < sizeof accents; i += 2)
        memcpy(accents + i, "é", 3);
    struct error err = ERROR_INIT;
    error_set(&err, ST_INVALID, "%s", accents);
    assert_int_equal(strlen(err.detail), ERROR_DETAIL_MAX - 2);
    assert_memory_equal(err.detail + ERROR_DETAIL_MAX - 4, "é", 3);
    error_set(&err, ST_INVALID, "x%s", accents);
    assert_int_equal(strlen(err.detail), ERROR_DETAIL_MAX - 1);
    error_field(&err, accents, "%s", accents);
    assert_int_equal(strlen(err.fields[0].pointer), sizeof err.fields[0].pointer - 2);
    error_nest(&err, "/€");
    assert_int_equal(strlen(err.fields[0].pointer), sizeof err.fields[0].pointer - 2);
    memset(accents, 0x80, sizeof accents - 1);
    error_set(&err, ST_INVALID, "%s", accents);
    assert_true(strlen(err.detail) < ERROR_DETAIL_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_replaces_everything),
        cmocka_unit_test(test_null_is_allowed),
        cmocka_unit_test(test_fields_keep_a_set_status),
        cmocka_unit_test(test_fields_nest),
        cmocka_unit_test(test_more_fields_than_fit_are_summarised),
        cmocka_unit_test(test_long_details_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
