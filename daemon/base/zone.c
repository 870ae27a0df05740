/*
 * Zones by name: the cache, and the two questions asked of a zone. Loaded zones never change, so lookups take
 * no lock; loading does. Any thread.
 */
#include "base/zone.h"

#include "zone_data.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ZONE_FILE_MAX = 256 * 1024 };

static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone *zone_cache;

/* Names have no dots, so ".." cannot be written. */
static bool zone_name_valid(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    size_t length = name ? strnlen(name, ZONE_NAME_MAX) : 0;
    return length && length < ZONE_NAME_MAX && strspn(name, allowed) == length && name[0] != '/' &&
           name[length - 1] != '/' && !strstr(name, "//");
}

/* Reads at most `size` bytes of a regular file; -1 with errno otherwise. */
static ssize_t zone_read_file(const char *path, unsigned char *bytes, size_t size)
{
    /* O_NONBLOCK: a pipe under that name must not hold anybody up. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    struct stat info;
    ssize_t filled = -1;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        ssize_t got;
        filled = 0;
        while ((size_t)filled < size && (got = read(fd, bytes + filled, size - (size_t)filled)) > 0)
            filled += got;
    } else {
        errno = ENOENT;
    }
    close(fd);
    return filled;
}

static struct zone *zone_read(const char *name, struct error *err)
{
    const char *folder = getenv("TZDIR");
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder && *folder ? folder : "/usr/share/zoneinfo", name);
    if (length < 0 || (size_t)length >= sizeof path) {
        error_set(err, ST_INTERNAL, "TZDIR is too long");
        return NULL;
    }
    unsigned char *bytes = malloc(ZONE_FILE_MAX);
    if (!bytes)
        abort();
    struct zone *zone = NULL;
    ssize_t size = zone_read_file(path, bytes, ZONE_FILE_MAX);
    if (size < 0)
        error_set(err, ST_INVALID, "there is no time zone %s", name);
    else if (zone_read_tzif(name, bytes, (size_t)size, &zone, err) != ST_OK)
        zone = NULL;
    free(bytes);
    return zone;
}

const struct zone *zone_load(const char *name, struct error *err)
{
    if (!zone_name_valid(name)) {
        error_set(err, ST_INVALID, "expected the name of a time zone, like Europe/Paris");
        return NULL;
    }
    pthread_mutex_lock(&zone_lock);
    struct zone *zone = zone_cache;
    while (zone && strcmp(zone->name, name) != 0)
        zone = zone->next;
    if (!zone && (zone = zone_read(name, err))) {
        zone->next = zone_cache;
        zone_cache = zone;
    }
    pthread_mutex_unlock(&zone_lock);
    return zone;
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

/* Changes at or before `second`. */
static size_t zone_count_until(const struct zone *zone, int64_t second)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct zone_span zone_span(const struct zone *zone, int64_t second)
{
    size_t until = zone_count_until(zone, second);
    int64_t last = until ? zone->changes[until - 1].at : INT64_MIN;
    if (until == zone->count && zone->tail.present) {
        struct zone_span span = zone_tail_span(&zone->tail, second);
        if (span.begin < last)
            span.begin = last;
        return span;
    }
    return (struct zone_span){
        .begin = last,
        .end = until < zone->count ? zone->changes[until].at : INT64_MAX,
        .type = until ? zone->changes[until - 1].type : zone->first,
    };
}

static int64_t zone_floor(int64_t value, int64_t unit)
{
    return value / unit - (value % unit < 0);
}

struct local_time zone_local(const struct zone *zone, instant_t instant)
{
    int64_t second = zone_floor(instant, US_PER_SEC);
    struct zone_type type = zone_span(zone, second).type;
    int64_t day = zone_floor(second + type.offset, 86400);
    return (struct local_time){
        .date = (date_t)day,
        .second = (int)(second + type.offset - day * 86400),
        .offset = type.offset,
        .dst = type.dst,
    };
}

date_t zone_date(const struct zone *zone, instant_t instant)
{
    return instant == INSTANT_NONE ? DATE_NONE : zone_local(zone, instant).date;
}

instant_t zone_instant(const struct zone *zone, date_t date, int second_of_day)
{
    if (date < date_of(1, 1, 1) || date > date_of(9999, 12, 31))
        return INSTANT_NONE;
    int64_t local = date * INT64_C(86400) + second_of_day;
    /* From the earliest second that could show this time, one span after the other. */
    struct zone_span span = zone_span(zone, local - ZONE_OFFSET_MAX);
    int64_t second = local - span.type.offset;
    while (second >= span.end) {
        span = zone_span(zone, span.end);
        /* The span begins with a later time on the clock: skipped, so `second` stays as if nothing changed. */
        if (local - span.type.offset < span.begin)
            break;
        second = local - span.type.offset;
    }
    return second * US_PER_SEC;
}
