/* Strict numbers. */
#include "base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { UNTOUCHED = 42 };

struct sample {
    const char *text;
    bool valid;
    int64_t value;
};

static void expect(bool (*parse)(const char *, int64_t *), const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t value = UNTOUCHED;
        bool valid = parse(samples[i].text, &value);
        if (valid != samples[i].valid || value != (valid ? samples[i].value : UNTOUCHED))
            fail_msg("\"%s\" gave %s, %lld", samples[i].text, valid ? "true" : "false", (long long)value);
    }
}
#define EXPECT(parse, samples) expect(parse, samples, sizeof(samples) / sizeof *(samples))

static bool parse_any(const char *text, int64_t *ret)
{
    return parse_int64(text, INT64_MIN, INT64_MAX, ret);
}

static bool parse_percent(const char *text, int64_t *ret)
{
    return parse_int64(text, 0, 100, ret);
}

static void test_integers(void **state)
{
    (void)state;
    static const struct sample any[] = {{"0", true, 0}, {"7", true, 7}, {"-7", true, -7},
        {"9223372036854775807", true, INT64_MAX}, {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775807", true, -INT64_MAX}, {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0}, {"99999999999999999999999999", false, 0}, {"", false, 0},
        {"-", false, 0}, {"+1", false, 0}, {"-0", false, 0}, {"00", false, 0}, {"01", false, 0},
        {"-01", false, 0}, {" 1", false, 0}, {"1 ", false, 0}, {"1\n", false, 0}, {"0x10", false, 0},
        {"1e3", false, 0}, {"1.0", false, 0}, {"--1", false, 0}, {"1_000", false, 0}, {"\xD9\xA1", false, 0},
        {NULL, false, 0}};
    static const struct sample percent[] = {
        {"0", true, 0}, {"100", true, 100}, {"101", false, 0}, {"-1", false, 0}};
    EXPECT(parse_any, any);
    EXPECT(parse_percent, percent);
}

static void test_cents(void **state)
{
    (void)state;
    static const struct sample samples[] = {{"1234.56", true, 123456}, {"1 234,56", true, 123456},
        {"1234", true, 123400}, {"0", true, 0}, {"0.5", true, 50}, {"0,05", true, 5},
        {"12 345 678", true, 1234567800},
        {"1\xC2\xA0"
         "234,5",
            true, 123450},
        {"1\xE2\x80\xAF"
         "234",
            true, 123400},
        {"92233720368547758.07", true, INT64_MAX}, {"92 233 720 368 547 758,07", true, INT64_MAX},
        {"92233720368547758.08", false, 0}, {"92 233 720 368 547 759", false, 0},
        {"999 999 999 999 999 999 999", false, 0}, {"", false, 0}, {".5", false, 0}, {"1.", false, 0},
        {"1.234", false, 0}, {"1,2,3", false, 0}, {"-1", false, 0}, {"+1", false, 0}, {"1 23", false, 0},
        {"1 2345", false, 0}, {"1234 567", false, 0}, {"0 123", false, 0}, {"1  234", false, 0},
        {" 1", false, 0}, {"1 ", false, 0}, {"1 234 ", false, 0}, {"01", false, 0}, {"1e2", false, 0},
        {"12€", false, 0}, {"1.234,56", false, 0}, {"1\xC2", false, 0}, {NULL, false, 0}};
    EXPECT(parse_cents, samples);
}

static void test_sizes_and_durations(void **state)
{
    (void)state;
    static const struct sample sizes[] = {{"0", true, 0}, {"512", true, 512}, {"256KiB", true, 262144},
        {"1MiB", true, 1048576}, {"2GiB", true, INT64_C(2147483648)},
        {"8589934591GiB", true, INT64_C(8589934591) << 30}, {"8589934592GiB", false, 0}, {"1 KiB", false, 0},
        {"1kib", false, 0}, {"1KB", false, 0}, {"KiB", false, 0}, {"-1KiB", false, 0}, {"01KiB", false, 0},
        {"1KiBx", false, 0}, {"", false, 0}, {NULL, false, 0}};
    static const struct sample durations[] = {{"5us", true, 5}, {"250ms", true, 250000},
        {"90s", true, 90000000}, {"15min", true, INT64_C(900000000)}, {"2h", true, INT64_C(7200000000)},
        {"30d", true, INT64_C(2592000000000)}, {"106751991d", true, INT64_C(106751991) * 86400000000},
        {"106751992d", false, 0}, {"5", false, 0}, {"0", false, 0}, {"0s", true, 0}, {"1m", false, 0},
        {"1h30min", false, 0}, {"-1s", false, 0}, {"1.5s", false, 0}, {"s", false, 0}, {"", false, 0},
        {NULL, false, 0}};
    EXPECT(parse_size, sizes);
    EXPECT(parse_duration, durations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_cents),
        cmocka_unit_test(test_sizes_and_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
