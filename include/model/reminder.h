#pragma once
/*
 * Who is reminded of what, when: a policy is a list of rungs, each a number of days before or after a date of a
 * duty or of its review. Given what is known and today, the function says which rungs are due, which had
 * already passed when their date appeared (one digest instead of a burst), and when to look again. It sends
 * nothing and remembers nothing: what was sent is an argument, so a day missed or a restart loses and repeats
 * nothing. Pure, any thread.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "model/review.h"
#include "model/workday.h"

#include <stdbool.h>
#include <stddef.h>

enum reminder_anchor {
    REMINDER_PLAN_BY, /* end of the planning window: the duty's due date, or its limit (domain: R2.RECAP) */
    REMINDER_DUE,
    REMINDER_REVIEW, /* the day the review is set for */
    REMINDER_HELD,   /* the day it was held; while nothing is recorded, the day it was set for */
    REMINDER_ANCHOR_COUNT
};
extern const char *const reminder_anchor_names[]; /* "plan_by", "due", "review", "held" */

enum reminder_audience {
    REMINDER_EMPLOYEE = 1 << 0,
    REMINDER_INTERVIEWER = 1 << 1,
    REMINDER_MANAGER = 1 << 2,
    REMINDER_HR = 1 << 3,
};

/* The situations in which a rung speaks. */
enum reminder_phase {
    REMINDER_UNPLANNED = 1 << 0,  /* no review is set */
    REMINDER_PLANNED = 1 << 1,    /* one is set, its day has not passed */
    REMINDER_PASSED = 1 << 2,     /* its day has passed, nothing is recorded */
    REMINDER_UNREPORTED = 1 << 3, /* held, no report yet */
    REMINDER_UNCOPIED = 1 << 4,   /* reported, the copy is not proved */
};

struct reminder_rung {
    const char *name;   /* stable: what was sent is remembered by it */
    int anchor;         /* enum reminder_anchor */
    int days;           /* after the anchor; negative: before */
    unsigned phases;    /* enum reminder_phase */
    unsigned audiences; /* enum reminder_audience */
};

enum { REMINDER_RUNGS_MAX = 24, REMINDER_DAYS_MAX = 730 };

struct reminder_policy {
    const struct reminder_rung *rungs;
    size_t count;
};

/*
 * plan 90 days before the planning window ends, to the manager; once a review is set: prepare (invitation and
 * preparation list) 30 days, nearing 7 days and tomorrow 1 day before it; report_missing 7 days and
 * copy_missing 15 days after it; overdue_1, overdue_7, overdue_30 days after the due date, to HR.
 */
extern const struct reminder_policy reminder_default_policy;

/* Refuses ("/3/name", "/3/days" ...) names missing or given twice, unknown anchors, rungs for nobody or for no
 * phase, days out of range, a rung before its review that speaks after it; more rungs than the ceiling. */
enum status reminder_policy_check(const struct reminder_policy *policy, struct error *err);

/* What was sent already: a rung is sent once for the same day. */
struct reminder_sent {
    const char *name;
    date_t on;
};

struct reminder_case {
    date_t today;
    struct workweek
        week; /* a rung before a review speaks on the last of these days until its own; none: on its own */
    /* The duty. DATE_NONE: the review serves none, only rungs of the review speak. */
    date_t due;
    date_t plan_by;
    date_t duty_known; /* the day the duty, or its date, first appeared */
    bool settled;      /* exempt, refused, acknowledged as missed, left: nobody is reminded any more */
    /* The review that is to satisfy it; state -1: none. */
    int state; /* enum review_state */
    date_t review_on;
    date_t review_known; /* the day this slot was set */
    date_t held_on;
    date_t held_known; /* the day the review was recorded as held */
    const struct reminder_sent *sent;
    size_t sent_count;
};
/* No duty, no review. */
struct reminder_case reminder_case_init(date_t today);

struct reminder {
    const struct reminder_rung *rung;
    date_t on;    /* its day; `sent` is to remember this one */
    date_t known; /* since when that day is known */
};

struct reminder_plan {
    const struct reminder *due; /* to send today, by day; a day missed is made up for */
    size_t due_count;
    const struct reminder *past; /* their day had passed before their date appeared: one digest for all */
    size_t past_count;
    date_t next; /* look again on that day, DATE_NONE: only when a fact changes */
};

void reminders_compute(struct arena *arena, const struct reminder_policy *policy,
    const struct reminder_case *facts, struct reminder_plan *ret);
