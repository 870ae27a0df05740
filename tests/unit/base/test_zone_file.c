/* Zone files and footers, well made and broken. */
#include "zone_data.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct zone_tail tail_of(const char *text)
{
    struct zone_tail tail = {0};
    if (!zone_tail_parse(text, &tail))
        fail_msg("%s", text);
    return tail;
}

static int64_t second_of(int year, int month, int day, int second)
{
    return date_of(year, month, day) * INT64_C(86400) + second;
}

/* The clock of `tail` goes from `before` to `after` at that second and not around it. */
static void check_change(const struct zone_tail *tail, int64_t at, int before, int after)
{
    struct zone_span old = zone_tail_span(tail, at - 1);
    struct zone_span new = zone_tail_span(tail, at);
    if (old.type.offset != before || new.type.offset != after || old.end != at || new.begin != at)
        fail_msg("%lld: %d to %d", (long long)at, old.type.offset, new.type.offset);
}

static void test_yearly_rules(void **state)
{
    (void)state;
    struct zone_tail julian = tail_of("AAA0BBB,J60,J300/3:30:15");
    struct zone_tail day = tail_of("AAA-1BBB-1:30,59/0,365/24");
    struct zone_tail south = tail_of("NZST-12NZDT,M9.5.0,M4.1.0/3");
    struct zone_tail negative = tail_of("IST-1GMT0,M10.5.0,M3.5.0/1");
    struct zone_tail early = tail_of("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
    for (int year = 1950; year < 2150; year++) {
        bool leap = date_of(year, 2, 29) != DATE_NONE;
        check_change(&julian, second_of(year, 3, 1, 7200), 0, 3600);
        check_change(&julian, second_of(year, 10, 27, 12615 - 3600), 3600, 0);
        check_change(&day, second_of(year, leap ? 2 : 3, leap ? 29 : 1, -3600), 3600, 5400);
        check_change(&day, second_of(year, 1, 1, 0) + 366 * 86400 - 5400, 5400, 3600);
        date_t april = date_of(year, 4, 1);
        date_t sunday = april + (7 - date_weekday(april));
        check_change(&south, sunday * INT64_C(86400) + 10800 - 46800, 46800, 43200);
        date_t march = date_of(year, 3, 31);
        date_t last = march - date_weekday(march) % 7;
        check_change(&negative, last * INT64_C(86400) + 3600, 0, 3600);
        check_change(&early, last * INT64_C(86400) - 3600 + 7200, -7200, -3600);
    }
    assert_true(zone_tail_span(&negative, second_of(2026, 1, 1, 0)).type.dst);
}

static void test_constant_tails(void **state)
{
    (void)state;
    struct zone_tail always = tail_of("XXX3EDT4,0/0,J365/23");
    for (int64_t at = second_of(2020, 1, 1, 0); at < second_of(2030, 1, 1, 0); at += 1800)
        assert_int_equal(zone_tail_span(&always, at).type.offset, -4 * 3600);
    struct zone_tail india = tail_of("IST-5:30");
    struct zone_span span = zone_tail_span(&india, 0);
    assert_int_equal(span.type.offset, 19800);
    assert_true(span.begin == INT64_MIN && span.end == INT64_MAX);
    assert_false(tail_of("").present);
    struct zone_tail paris = tail_of("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_int_equal(zone_tail_span(&paris, INT64_MAX).type.offset, 3600);
    assert_int_equal(zone_tail_span(&paris, INT64_MIN).type.offset, 3600);
}

static void test_bad_tails(void **state)
{
    (void)state;
    static const char *const bad[] = {"A", "AB1", "CET", "CET-", "CET-1x", "CET-25", "CET-1:60", "CET-1CEST",
        "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,J0,J10", "CET-1CEST,J366,J10", "CET-1CEST,366,1",
        "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0/,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3 ",
        "CET-1CEST,M3.5.0,M10.5.0,", "<+0", "<+01>", "<>1", "<+01-1", "<a b>1", " CET-1", "1", "CET--1",
        "CET0001", "CET-1CEST,M3.5.0,M10.5.0/3:"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zone_tail tail;
        if (zone_tail_parse(bad[i], &tail))
            fail_msg("%s", bad[i]);
    }
}

static void put_u32(struct buf *buf, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_char(buf, (char)(value >> shift));
}

static void put_header(struct buf *buf, char version, uint32_t leap, uint32_t time, uint32_t type)
{
    static const char zeros[15];
    buf_text(buf, "TZif");
    buf_char(buf, version);
    buf_add(buf, zeros, sizeof zeros);
    const uint32_t counts[] = {0, 0, leap, time, type, 4};
    for (size_t i = 0; i < 6; i++)
        put_u32(buf, counts[i]);
}

struct sample {
    char version;
    uint32_t leap;
    int64_t changes[2];
    unsigned char types[2];
    int32_t offset;
    const char *footer;
    const char *why; /* NULL: it is read */
};

static void put_file(struct buf *buf, const struct sample *sample)
{
    put_header(buf, sample->version, 0, 0, 1);
    put_u32(buf, 0);
    buf_add(buf, "\0\0UTC", 6);
    put_header(buf, sample->version, sample->leap, 2, 2);
    for (int i = 0; i < 2; i++) {
        put_u32(buf, (uint32_t)((uint64_t)sample->changes[i] >> 32));
        put_u32(buf, (uint32_t)sample->changes[i]);
    }
    buf_add(buf, sample->types, 2);
    put_u32(buf, (uint32_t)sample->offset);
    buf_add(buf, "\0", 2);
    put_u32(buf, 7200);
    buf_add(buf, "\1", 2);
    buf_add(buf, "UTC", 4);
    for (uint32_t i = 0; i < sample->leap * 3; i++)
        put_u32(buf, 0);
    buf_text(buf, sample->footer);
}

static void test_made_files(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {'2', 0, {1000, 2000}, {1, 0}, 3600, "\nCET-1\n", NULL},
        {'3', 0, {-5000000000, 5000000000}, {1, 0}, 3600, "\n\n", NULL},
        {'2', 0, {1000, 2000}, {1, 0}, -93600, "\n\n", NULL},
        {'\0', 0, {1000, 2000}, {1, 0}, 3600, "\n\n", "version 2"},
        {'2', 0, {2000, 1000}, {1, 0}, 3600, "\n\n", "order"},
        {'2', 0, {1000, 1000}, {1, 0}, 3600, "\n\n", "order"},
        {'2', 0, {1000, 2000}, {1, 2}, 3600, "\n\n", "range"},
        {'2', 0, {1000, 2000}, {1, 0}, 93601, "\n\n", "range"},
        {'2', 0, {1000, 2000}, {1, 0}, INT32_MIN, "\n\n", "range"},
        {'2', 1, {1000, 2000}, {1, 0}, 3600, "\n\n", "leap"},
        {'2', 0, {1000, 2000}, {1, 0}, 3600, "", "footer"},
        {'2', 0, {1000, 2000}, {1, 0}, 3600, "\nCET-1", "footer"},
        {'2', 0, {1000, 2000}, {1, 0}, 3600, "CET-1\n", "footer"},
        {'2', 0, {1000, 2000}, {1, 0}, 3600, "\nnonsense\n", "footer"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct zone *zone = NULL;
        struct error err = ERROR_INIT;
        BUF_AUTO file;
        buf_init(&file, 0);
        put_file(&file, &samples[i]);
        enum status status = zone_read_tzif("Made", (unsigned char *)file.data, file.size, &zone, &err);
        if (samples[i].why) {
            assert_int_equal(status, ST_INVALID);
            assert_non_null(strstr(err.detail, samples[i].why));
            continue;
        }
        assert_int_equal(status, ST_OK);
        assert_int_equal(zone_local(zone, (samples[i].changes[0] - 1) * US_PER_SEC).offset, samples[i].offset);
        assert_int_equal(zone_local(zone, samples[i].changes[0] * US_PER_SEC).offset, 7200);
        assert_int_equal(zone_local(zone, (samples[i].changes[1] - 1) * US_PER_SEC).offset, 7200);
        assert_int_equal(zone_local(zone, samples[i].changes[1] * US_PER_SEC).offset, samples[i].offset);
        free(zone);
    }
}

static size_t read_paris(unsigned char *bytes, size_t size)
{
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
    assert_non_null(file);
    size_t got = fread(bytes, 1, size, file);
    fclose(file);
    assert_true(got > 500 && got < size);
    return got;
}

/* In a block of its own, so that a read past the end is seen. */
static bool readable(const unsigned char *bytes, size_t size)
{
    struct zone *zone = NULL;
    unsigned char *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    enum status status = zone_read_tzif("Europe/Paris", exact, size, &zone, NULL);
    if (status == ST_OK) {
        for (int64_t at = -5000000000; at < 9000000000; at += 100000000)
            zone_instant(zone, zone_date(zone, at * US_PER_SEC), 9000);
        free(zone);
    }
    free(exact);
    return status == ST_OK;
}

static void test_cut_and_damaged_files(void **state)
{
    (void)state;
    static unsigned char bytes[16384];
    size_t size = read_paris(bytes, sizeof bytes);
    assert_true(readable(bytes, size));
    for (size_t cut = 0; cut < size; cut++)
        assert_false(readable(bytes, cut));
    static const unsigned char values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    size_t refused = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char kept = bytes[i];
        for (size_t k = 0; k < sizeof values; k++) {
            bytes[i] = values[k];
            refused += !readable(bytes, size);
        }
        bytes[i] = kept;
    }
    assert_true(refused > 100);
}

/* The footer alone says the same as the table of the file, year after year. */
static void test_footer_agrees_with_table(void **state)
{
    (void)state;
    static unsigned char bytes[16384];
    struct zone *zone = NULL;
    assert_int_equal(
        zone_read_tzif("Europe/Paris", bytes, read_paris(bytes, sizeof bytes), &zone, NULL), ST_OK);
    for (int64_t at = second_of(1997, 1, 1, 0); at < second_of(2060, 1, 1, 0); at += 3600)
        if (zone_local(zone, at * US_PER_SEC).offset != zone_tail_span(&zone->tail, at).type.offset)
            fail_msg("%lld", (long long)at);
    free(zone);
}

static void test_folder_of_zones(void **state)
{
    (void)state;
    char folder[] = "/tmp/test_zone_XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    setenv("TZDIR", folder, 1);
    snprintf(path, sizeof path, "%s/Made", folder);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    BUF_AUTO file;
    buf_init(&file, 0);
    put_file(&file, &(struct sample){'2', 0, {1000, 2000}, {1, 0}, 3600, "\nCET-1\n", NULL});
    assert_int_equal(fwrite(file.data, 1, file.size, out), file.size);
    fclose(out);
    const struct zone *zone = zone_load("Made", NULL);
    assert_non_null(zone);
    unlink(path);
    assert_ptr_equal(zone_load("Made", NULL), zone);
    snprintf(path, sizeof path, "%s/Pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_null(zone_load("Pipe", NULL));
    unlink(path);
    rmdir(folder);
    unsetenv("TZDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yearly_rules),
        cmocka_unit_test(test_constant_tails),
        cmocka_unit_test(test_bad_tails),
        cmocka_unit_test(test_made_files),
        cmocka_unit_test(test_cut_and_damaged_files),
        cmocka_unit_test(test_footer_agrees_with_table),
        cmocka_unit_test(test_folder_of_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
