#pragma once
/* A loaded zone, between its file reader (zone_tzif.c), its footer (zone_posix.c) and its lookups (zone.c). */
#include "base/error.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZONE_NAME_MAX = 64, ZONE_OFFSET_MAX = 26 * 3600 };

struct zone_type {
    int32_t offset; /* seconds east of UTC, within ZONE_OFFSET_MAX */
    bool dst;
};

/* The day of a yearly change, as POSIX writes it. */
enum zone_rule_kind {
    ZONE_RULE_JULIAN, /* Jn: 1 - 365, 29 February is never counted */
    ZONE_RULE_DAY,    /* n: 0 - 365 */
    ZONE_RULE_MONTH,  /* Mm.w.d: the w-th (5 = last) weekday d (0 = Sunday) of month m */
};

struct zone_rule {
    enum zone_rule_kind kind;
    int month;
    int week;
    int day;
    int32_t time; /* seconds from the start of that day in local time, may be negative or over a day */
};

/* What holds after the last change of the file. */
struct zone_tail {
    bool present;
    bool changes; /* twice a year, at `start` to `summer` and at `end` back */
    struct zone_type standard;
    struct zone_type summer;
    struct zone_rule start;
    struct zone_rule end;
};

struct zone_change {
    int64_t at; /* seconds since 1970-01-01T00:00:00Z */
    struct zone_type type;
};

struct zone {
    struct zone *next;
    char name[ZONE_NAME_MAX];
    struct zone_type first; /* before the first change */
    struct zone_tail tail;
    size_t count;
    struct zone_change changes[]; /* ascending */
};

/* From `begin` to before `end` (seconds) one type holds. */
struct zone_span {
    int64_t begin;
    int64_t end;
    struct zone_type type;
};

/* `name` is only for messages and the copy in the zone. Caller frees. */
enum status zone_read_tzif(
    const char *name, const unsigned char *bytes, size_t size, struct zone **ret, struct error *err) MUST_CHECK;
/* "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX TZ with the extension of RFC 8536 3.3.1); "" is a tail that is not
 * present. */
bool zone_tail_parse(const char *text, struct zone_tail *ret) MUST_CHECK;
struct zone_span zone_tail_span(const struct zone_tail *tail, int64_t second);
