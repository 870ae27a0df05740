/* The growing buffer: content, ceiling, sticky failure, taking. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_grows_and_stays_terminated(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    assert_string_equal(buf.data, "");
    buf_add(&buf, NULL, 0);
    for (int i = 0; i < 1000; i++) {
        buf_printf(&buf, "%d,", i % 10);
        buf_text(&buf, "é");
        buf_char(&buf, ';');
        assert_int_equal(buf.data[buf.size], '\0');
    }
    buf_add(&buf, "\0x", 2);
    assert_int_equal(buf.size, 5002);
    assert_memory_equal(buf.data, "0,é;1,é;", 10);
    assert_false(buf.failed);
    buf_printf(&buf, "%3000d", 1);
    assert_int_equal(buf.size, 8002);
    assert_int_equal(buf.data[8001], '1');
    buf_reset(&buf);
    assert_string_equal(buf.data, "");
    assert_int_equal(buf.size, 0);
}

static void test_ceiling_is_exact_and_sticky(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 1100; limit += 7) {
        BUF_AUTO buf;
        buf_init(&buf, limit);
        for (size_t i = 0; i < limit; i++)
            buf_char(&buf, 'x');
        assert_false(buf.failed);
        assert_int_equal(buf.size, limit);
        buf_text(&buf, "");
        assert_false(buf.failed);
        buf_char(&buf, 'y');
        assert_true(buf.failed);
        assert_int_equal(buf.size, limit);
        buf_reset(&buf);
        buf_printf(&buf, "%1500s", "z");
        assert_true(buf.failed);
        buf_char(&buf, 'a');
        assert_int_equal(buf.size, 0);
    }
}

static void test_take_hands_over(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 10);
    size_t size = 1;
    char *nothing = buf_take(&buf, &size);
    assert_string_equal(nothing, "");
    assert_int_equal(size, 0);
    free(nothing);
    buf_text(&buf, "hello");
    char *hello = buf_take(&buf, &size);
    assert_int_equal(size, 5);
    assert_string_equal(hello, "hello");
    assert_string_equal(buf.data, "");
    buf_text(&buf, "again");
    assert_string_equal(buf.data, "again");
    free(hello);
    buf_free(&buf);
    buf_free(&buf);
    buf_free(NULL);
    assert_int_equal(buf.limit, 10);
}

static void test_absurd_size_fails_without_writing(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    buf_text(&buf, "a");
    volatile size_t absurd = SIZE_MAX;
    buf_add(&buf, "b", absurd);
    assert_true(buf.failed);
    assert_string_equal(buf.data, "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_and_stays_terminated),
        cmocka_unit_test(test_ceiling_is_exact_and_sticky),
        cmocka_unit_test(test_take_hands_over),
        cmocka_unit_test(test_absurd_size_fails_without_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
