/* The clock as an object: real, set, read from a file. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/test_clock_XXXXXX";

static void put(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int drop_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void test_real(void **state)
{
    (void)state;
    struct clock *clock = clock_new_real();
    int64_t before = (int64_t)time(NULL) * US_PER_SEC;
    instant_t now = clock_now(clock);
    assert_true(now >= before && now < before + 60 * US_PER_SEC);
    assert_false(clock_is_set(clock));
    clock_move(clock, 0);
    assert_true(clock_now(clock) >= now);
    bool changed = true;
    assert_int_equal(clock_refresh(clock, &changed, NULL), ST_OK);
    assert_false(changed);
    clock_free(clock);
    clock_free(NULL);
    int64_t first = clock_monotonic();
    assert_true(first > 0 && clock_monotonic() >= first);
}

static void test_set(void **state)
{
    (void)state;
    struct clock *clock = clock_new_set(1000);
    assert_true(clock_is_set(clock));
    assert_int_equal(clock_now(clock), 1000);
    clock_move(clock, -5);
    assert_int_equal(clock_now(clock), -5);
    assert_int_equal(clock_refresh(clock, NULL, NULL), ST_OK);
    assert_int_equal(clock_now(clock), -5);
    clock_free(clock);
}

static void test_file(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    char text[INSTANT_TEXT_MAX];
    bool changed = false;
    put("2026-11-22T10:15:30Z\n");
    struct clock *clock = clock_new_file(path, &err);
    assert_non_null(clock);
    assert_true(clock_is_set(clock));
    assert_string_equal(instant_text(clock_now(clock), text), "2026-11-22T10:15:30Z");
    put("2034-01-01T00:00:00+01:00\r\nanything");
    assert_string_equal(instant_text(clock_now(clock), text), "2026-11-22T10:15:30Z");
    assert_int_equal(clock_refresh(clock, &changed, &err), ST_OK);
    assert_true(changed);
    assert_string_equal(instant_text(clock_now(clock), text), "2033-12-31T23:00:00Z");
    assert_int_equal(clock_refresh(clock, &changed, &err), ST_OK);
    assert_false(changed);
    changed = true;
    static const char *const bad[] = {"", "\n2026-11-22T10:15:30Z", "tomorrow", "2026-11-22",
        "2026-11-22T10:15:30Z                                                                        "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put(bad[i]);
        error_clear(&err);
        assert_int_equal(clock_refresh(clock, &changed, &err), ST_INVALID);
        assert_non_null(strstr(err.detail, path));
        assert_string_equal(instant_text(clock_now(clock), text), "2033-12-31T23:00:00Z");
    }
    assert_true(changed);
    assert_null(clock_new_file(path, &err));
    unlink(path);
    assert_int_equal(clock_refresh(clock, &changed, &err), ST_NOT_FOUND);
    assert_null(clock_new_file(path, &err));
    assert_int_equal(err.status, ST_NOT_FOUND);
    assert_null(clock_new_file("/tmp", NULL));
    clock_free(clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real),
        cmocka_unit_test(test_set),
        cmocka_unit_test_setup_teardown(test_file, make_path, drop_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
