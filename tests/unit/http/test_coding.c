/* Content codings: who takes gzip, and that it is what it says. */
#include "http/coding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_who_takes_gzip(void **state)
{
    static const struct {
        const char *field;
        bool takes;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"gzip", true},
        {"GZip", true},
        {"x-gzip", true},
        {"deflate, gzip, br", true},
        {"gzip;q=0.5", true},
        {"gzip; q=1", true},
        {"gzip;q=0", false},
        {"gzip ; q=0.000", false},
        {"gzip;q=0.001", true},
        {"*", true},
        {"*;q=0", false},
        {"gzip;q=0, *", false},
        {"identity", false},
        {"br, identity;q=0", false},
        {"gzippy", false},
        {"not-gzip", false},
        {"deflate;q=0,gzip", true},
        {",,gzip,", true},
        {";q=0", false},
        {"identity;q=0, *;q=0", false},
        {"\t gzip\t", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (http_takes_gzip(rows[i].field) != rows[i].takes)
            fail_msg("%s", rows[i].field ? rows[i].field : "none");
}

static void test_the_same_bytes_in_the_same_bytes_out(void **state)
{
    BUF_AUTO one;
    BUF_AUTO other;
    BUF_AUTO none;
    static const char text[] = "BEGIN:VCALENDAR\r\nBEGIN:VCALENDAR\r\nBEGIN:VCALENDAR\r\nBEGIN:VCALENDAR\r\n";
    (void)state;
    buf_init(&one, 0);
    buf_init(&other, 0);
    buf_init(&none, 0);
    http_gzip(&one, text, sizeof text - 1);
    http_gzip(&other, text, sizeof text - 1);
    http_gzip(&none, "", 0);
    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.data, other.data, one.size);
    assert_memory_equal(one.data, "\x1f\x8b\x08\0\0\0\0\0", 8); /* no time of its own */
    assert_true(one.size < sizeof text - 1 && none.size >= 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_takes_gzip),
        cmocka_unit_test(test_the_same_bytes_in_the_same_bytes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
