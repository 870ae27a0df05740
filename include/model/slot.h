#pragma once
/*
 * Times at which a review may take place: within working hours, on days worked, where nothing is known to be in
 * the way of either person, and no more a week than its interviewer takes. What is not known is not free: the
 * caller says so beside each. One review at a time (slots_find), or many at once (slots_assign). Pure, any
 * thread; the same input gives the same output.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/zone.h"
#include "model/workday.h"

#include <stdbool.h>
#include <stddef.h>

/* Minutes of the day, in the zone. */
struct slot_hours {
    int weekday; /* 1 = Monday ... 7 = Sunday */
    int from, to;
};

/* What keeps a start from being offered: the first of these that applies. */
enum slot_reason {
    SLOT_FREE,
    SLOT_CLOSED,  /* a day without working hours, or with too short ones */
    SLOT_HOLIDAY, /* a public holiday */
    SLOT_PAST,
    SLOT_EMPLOYEE_AWAY, /* absent */
    SLOT_INTERVIEWER_AWAY,
    SLOT_EMPLOYEE_REVIEW, /* another review, proposed or set */
    SLOT_INTERVIEWER_REVIEW,
    SLOT_EMPLOYEE_BUSY, /* so says the calendar */
    SLOT_INTERVIEWER_BUSY,
    SLOT_WEEK_FULL, /* the interviewer holds enough reviews that week */
    SLOT_REASON_COUNT
};
/* "free", "closed", "holiday" ... NULL-terminated. */
extern const char *const slot_reason_names[];

/* Something in the way: [start, end). */
struct slot_busy {
    instant_t start, end;
    int reason; /* SLOT_EMPLOYEE_AWAY ... SLOT_INTERVIEWER_BUSY */
};
struct slot {
    instant_t start, end;
};

/* How many days (SLOT_CLOSED, SLOT_HOLIDAY) or starts (all others) each reason took. */
struct slot_tally {
    unsigned count[SLOT_REASON_COUNT];
};
/* The reason that took most starts; days that are closed anyway only when there is no other. SLOT_FREE: none.
 */
enum slot_reason slot_tally_main(const struct slot_tally *tally);

struct slot_search {
    const struct zone *zone;
    int holidays; /* enum holiday_calendar */
    const struct slot_hours *hours;
    size_t hours_count;
    const struct slot_busy *busy;
    size_t busy_count;
    instant_t now;   /* nothing starts at or before it */
    date_t from, to; /* both included */
    int minutes;     /* length */
    int step;        /* starts are this many minutes apart, counted from the beginning of the hours */
    int per_day;     /* at most so many on one day, spread over it */
    int per_week;    /* an interviewer's reviews from Monday to Sunday, those in `busy` included; 0 = no end */
};

/* In the order of time, at most `room`; how many. The tally, unless NULL, covers the days looked at. */
size_t slots_find(const struct slot_search *search, struct slot *slots, size_t room, struct slot_tally *tally);

/* One review of many. The busy times of both are the caller's; reviews assigned here are kept apart by it. */
struct slot_task {
    size_t employee, interviewer; /* who: any numbers, the same for the same person */
    date_t from, to;
    const struct slot_busy *busy;
    size_t busy_count;
};
struct slot_assigned {
    struct slot slot; /* start INSTANT_NONE: no time was found */
    struct slot_tally tally;
};

/*
 * A time for each of `count` reviews: those that must be over first go first, each in the week and on the day
 * its interviewer holds the fewest, the weeks in the order of time, days and hours at other ones for each
 * interviewer and from week to week. Where one finds no time, others of its interviewer
 * are moved to make room, as far as that goes in a few steps. Of `rules` the zone, hours, holidays, now,
 * length, step and per_week are used. Nobody is in two reviews at once, whatever role they have in each.
 */
void slots_assign(const struct slot_search *rules, const struct slot_task *tasks, size_t count,
    struct arena *arena, struct slot_assigned *ret);
