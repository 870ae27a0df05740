/* Zones of the system, change by change, against tests/data/zone/changes.txt. */
#include "base/zone.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 4, HOUR = 3600 };

static const struct zone *load(const char *name)
{
    struct error err = ERROR_INIT;
    const struct zone *zone = zone_load(name, &err);
    if (!zone)
        fail_msg("%s: %s", name, err.detail);
    return zone;
}

static int64_t seconds(const char *text)
{
    instant_t instant;
    if (!instant_parse(text, &instant))
        fail_msg("%s", text);
    return instant / US_PER_SEC;
}

static int offset_at(const struct zone *zone, int64_t second)
{
    return zone_local(zone, second * US_PER_SEC).offset;
}

/* What zone_instant makes of the wall time `local`, as seconds. */
static int64_t from_wall(const struct zone *zone, int64_t local)
{
    int64_t day = local / 86400 - (local % 86400 < 0);
    return zone_instant(zone, (date_t)day, (int)(local - day * 86400)) / US_PER_SEC;
}

static void check(int64_t got, int64_t expected, const char *line)
{
    if (got != expected)
        fail_msg("%s: got %lld, expected %lld", line, (long long)got, (long long)expected);
}

/* The wall clock around a change from `before` to `after` seconds east. */
static void check_wall(const struct zone *zone, int64_t at, int before, int after, const char *line)
{
    int early = before < after ? before : after;
    int late = before < after ? after : before;
    int64_t first = at + early;
    int64_t last = at + late - 1;
    check(from_wall(zone, first - 1), at - (before > after ? before - after : 0) - 1, line);
    /* Skipped and repeated times alike are read with the offset before the change. */
    check(from_wall(zone, first), first - before, line);
    check(from_wall(zone, (first + last) / 2), (first + last) / 2 - before, line);
    check(from_wall(zone, last), last - before, line);
    check(from_wall(zone, last + 1), last + 1 - after, line);
}

static void check_constant(const struct zone *zone, int64_t from, int64_t to, int offset, const char *line)
{
    for (int64_t at = from; at < to; at += 7 * HOUR)
        check(offset_at(zone, at), offset, line);
    check(offset_at(zone, to - 1), offset, line);
}

static void test_every_change(void **state)
{
    (void)state;
    FILE *file = fopen(TEST_DATA "/zone/changes.txt", "r");
    assert_non_null(file);
    const struct zone *zone = NULL;
    char line[128], name[64], from[32], to[32];
    int64_t since = 0, end = 0;
    int offset = 0, changes = 0;
    while (fgets(line, sizeof line, file)) {
        int after;
        if (sscanf(line, "zone %63s %31s %31s %d", name, from, to, &after) == 4) {
            if (zone)
                check_constant(zone, since, end, offset, "end");
            zone = load(name);
            since = seconds(from);
            end = seconds(to);
        } else {
            assert_int_equal(sscanf(line, "%31s %d", from, &after), 2);
            int64_t at = seconds(from);
            check_constant(zone, since, at, offset, line);
            check(offset_at(zone, at), after, line);
            check_wall(zone, at, offset, after, line);
            since = at;
            changes++;
        }
        offset = after;
    }
    check_constant(zone, since, end, offset, "end");
    fclose(file);
    assert_true(changes > 700);
}

static void test_paris(void **state)
{
    (void)state;
    const struct zone *paris = load("Europe/Paris");
    assert_string_equal(zone_name(paris), "Europe/Paris");
    struct local_time local = zone_local(paris, seconds("2026-07-14T22:30:15Z") * US_PER_SEC + 999999);
    assert_int_equal(local.date, date_of(2026, 7, 15));
    assert_int_equal(local.second, 1815);
    assert_int_equal(local.offset, 7200);
    assert_true(local.dst);
    local = zone_local(paris, seconds("2099-12-31T23:00:00Z") * US_PER_SEC);
    assert_int_equal(local.date, date_of(2100, 1, 1));
    assert_int_equal(local.second, 0);
    assert_false(local.dst);
    assert_int_equal(zone_date(paris, seconds("2026-10-24T22:00:00Z") * US_PER_SEC - 1), date_of(2026, 10, 24));
    assert_int_equal(zone_date(paris, seconds("2026-10-24T22:00:00Z") * US_PER_SEC), date_of(2026, 10, 25));
    /* 02:30 does not exist on 29 March 2026 and exists twice on 25 October. */
    assert_int_equal(
        zone_instant(paris, date_of(2026, 3, 29), 9000), seconds("2026-03-29T01:30:00Z") * US_PER_SEC);
    assert_int_equal(
        zone_instant(paris, date_of(2026, 10, 25), 9000), seconds("2026-10-25T00:30:00Z") * US_PER_SEC);
    assert_int_equal(zone_instant(paris, date_of(2150, 7, 1), 0), seconds("2150-06-30T22:00:00Z") * US_PER_SEC);
    /* Before 1911 Paris kept its own mean time. */
    assert_int_equal(zone_local(paris, seconds("1900-06-01T00:00:00Z") * US_PER_SEC).offset, 561);
}

static void test_skipped_day(void **state)
{
    (void)state;
    const struct zone *apia = load("Pacific/Apia");
    assert_int_equal(zone_date(apia, seconds("2011-12-30T09:59:59Z") * US_PER_SEC), date_of(2011, 12, 29));
    assert_int_equal(zone_date(apia, seconds("2011-12-30T10:00:00Z") * US_PER_SEC), date_of(2011, 12, 31));
    assert_int_equal(
        zone_instant(apia, date_of(2011, 12, 30), 12 * HOUR), seconds("2011-12-30T22:00:00Z") * US_PER_SEC);
}

static void test_round_trip(void **state)
{
    (void)state;
    static const char *const names[] = {"Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct zone *zone = load(names[i]);
        for (int64_t at = seconds("1900-01-01T12:00:00Z"); at < seconds("2199-12-31T00:00:00Z");
             at += 13 * HOUR + 7) {
            struct local_time local = zone_local(zone, at * US_PER_SEC);
            int64_t back = zone_instant(zone, local.date, local.second) / US_PER_SEC;
            /* Of a repeated time the first. */
            if (back != at && !(back < at && zone_local(zone, back * US_PER_SEC).second == local.second))
                fail_msg("%s %lld", names[i], (long long)at);
        }
    }
}

static void test_far_away(void **state)
{
    (void)state;
    const struct zone *paris = load("Europe/Paris");
    assert_int_equal(zone_date(paris, INSTANT_NONE), DATE_NONE);
    assert_int_equal(zone_instant(paris, DATE_NONE, 0), INSTANT_NONE);
    assert_int_equal(zone_instant(paris, INT32_MAX, 0), INSTANT_NONE);
    assert_int_equal(zone_local(paris, INT64_MAX).offset, 3600);
    assert_int_equal(zone_local(paris, INT64_MIN).offset, 561);
    assert_true(zone_instant(paris, date_of(9999, 12, 31), 86399) > zone_instant(paris, date_of(1, 1, 1), 0));
}

static void test_bad_names(void **state)
{
    (void)state;
    char long_name[200];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *const bad[] = {NULL, "", "/etc/passwd", "../../etc/passwd", "Europe/../UTC", "Europe",
        "Europe/", "Europe//Paris", "Europe/Atlantis", "Paris\n", "tzdata.zi", "zone.tab",
        "Europe/Par\xC3\xAFs", long_name};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = ERROR_INIT;
        assert_null(zone_load(bad[i], &err));
        assert_int_equal(err.status, ST_INVALID);
        assert_null(zone_load(bad[i], NULL));
    }
}

static void *load_all(void *result)
{
    static const char *const names[] = {"Europe/Madrid", "Europe/Rome", "Europe/Berlin", "Europe/Lisbon"};
    const struct zone **zones = result;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        zones[i] = zone_load(names[i], NULL);
    return NULL;
}

static void test_threads_share_zones(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    const struct zone *zones[THREADS][4];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load_all, zones[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_non_null(zones[0][0]);
    for (int i = 1; i < THREADS; i++)
        assert_memory_equal(zones[i], zones[0], sizeof zones[0]);
}

int main(void)
{
    unsetenv("TZDIR");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_change),
        cmocka_unit_test(test_paris),
        cmocka_unit_test(test_skipped_day),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_bad_names),
        cmocka_unit_test(test_threads_share_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
