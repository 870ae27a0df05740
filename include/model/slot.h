#pragma once
/*
 * Times at which a review may be proposed: within working hours, on days worked, where nothing is known to be
 * in the way. What is not known is not free: the caller says so beside each. Pure, any thread.
 */
#include "base/date.h"
#include "base/zone.h"
#include "model/workday.h"

#include <stddef.h>

/* Minutes of the day, in the zone. */
struct slot_hours {
    int weekday; /* 1 = Monday ... 7 = Sunday */
    int from, to;
};
/* Something in the way: [start, end). */
struct slot_busy {
    instant_t start, end;
};
struct slot {
    instant_t start, end;
};

struct slot_search {
    const struct zone *zone;
    int holidays; /* enum holiday_calendar */
    const struct slot_hours *hours;
    size_t hours_count;
    const struct slot_busy *busy;
    size_t busy_count;
    date_t from, to; /* both included */
    int minutes;     /* length */
    int step;        /* starts are this many minutes apart, counted from the beginning of the hours */
    int per_day;     /* at most so many on one day, spread over it */
};

/* In the order of time, at most `room`; how many. */
size_t slots_find(const struct slot_search *search, struct slot *slots, size_t room);
