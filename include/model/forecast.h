#pragma once
/*
 * The coming workload: the meetings one employee will need between two days, if each is held on its day. Pure:
 * no clock, no I/O; memory only from the caller's arena; any thread.
 *
 * Time is played forward from `as_of`: each open duty is met by a review on the day that is set for it, else on
 * its due date, else (that has passed) today, else (the person is away then) on the first day back; the duties
 * are computed again as of that day, and so on. So the return from a leave whose end is known, the mid-career
 * visit and the review after it, the one before sixty and the second and third periodic review are all there
 * before they exist. What a meeting serves is what the rules say a review held on that day closes.
 *
 * A meeting is also the recap as soon as the recap may be held (`opens`): periodic review and recap are then
 * one, `joint`. Where the periodic review falls due before the recap opens, and less than a year before, one
 * meeting cannot lawfully serve both without holding the recap early: both are `conflict`, and stay two.
 */
#include "model/duty.h"

struct forecast_meeting {
    date_t on;      /* the day it is set for, or proposed for */
    date_t due;     /* of the duty that asks for it */
    unsigned kinds; /* 1 << enum duty_family, of what it serves; a periodic review due more than a year later
                       only begins anew with it and is not named */
    bool visit;     /* the mid-career visit: watched, no review */
    bool joint;     /* recap and periodic review in one */
    bool conflict;  /* recap and periodic review that one meeting cannot serve */
    bool planned;   /* a review is set */
    bool overdue;   /* was due before `as_of` */
    bool away;      /* in an absence whose end is not known */
};

struct forecast {
    const struct forecast_meeting *items; /* by day */
    size_t count;
    int exclusion;    /* enum duty_exclusion, as of today */
    unsigned missing; /* DUTY_MISSING_..., as of today: what depends on it is not foreseen */
};

enum { FORECAST_YEARS_MAX = 10 };

/* Meetings on from ... to; `to` at most FORECAST_YEARS_MAX years after facts->as_of, which is today. */
void forecast_compute(
    struct arena *arena, const struct duty_case *facts, date_t from, date_t to, struct forecast *ret);
