#pragma once
/*
 * Time zones by name, read from TZif files (RFC 8536) because glibc's zones are process-wide. A zone is
 * immutable once loaded, shared by all threads, and lives until the process ends. Rules after the last
 * transition follow the POSIX footer.
 */
#include "base/date.h"
#include "base/error.h"

struct zone;

/* "Europe/Paris", from $TZDIR or /usr/share/zoneinfo. NULL and ST_INVALID when there is no such zone, its file
 * is not TZif of version 2 or later or counts leap seconds, or the name has more than letters, digits, _ + -
 * and inner slashes. Cached, thread safe. */
const struct zone *zone_load(const char *name, struct error *err);
const char *zone_name(const struct zone *zone);

struct local_time {
    date_t date;
    int second; /* of the day: 0 - 86399 */
    int offset; /* seconds east of UTC */
    bool dst;
};

struct local_time zone_local(const struct zone *zone, instant_t instant);
date_t zone_date(const struct zone *zone, instant_t instant);
/* The instant of a local time; of a time that happens twice the first; of one skipped by a change, the instant
 * the clock would show had the change not happened (RFC 5545 3.3.5). INSTANT_NONE for DATE_NONE. */
instant_t zone_instant(const struct zone *zone, date_t date, int second_of_day);
