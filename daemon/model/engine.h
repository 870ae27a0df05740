#pragma once
/*
 * Inside the duty engine. Every question about time goes through reached(): the engine's answer depends on
 * `as_of` through nothing else, so the earliest day that was asked for and has not come yet is the day on which
 * the answer may change. Add no other comparison with a view's day.
 */
#include "model/duty.h"

/* One day seen with what was known then. */
struct view {
    date_t day;
    date_t *next; /* lowered to the earliest day asked for that has not come; NULL: the day is a fact itself */
};

static inline bool reached(const struct view *view, date_t date)
{
    if (date <= view->day)
        return true;
    if (view->next != NULL && date < *view->next)
        *view->next = date;
    return false;
}

/* A day on which a professional review was held; several on one day are one. */
struct held {
    date_t date;
    const struct case_review *review;
    bool recap;
};

/* An absence with its type; the unusable ones are left out. */
struct away {
    const struct case_absence *absence;
    const struct absence_type *type;
};

struct engine {
    struct arena *arena;
    const struct duty_case *facts;
    const struct rules *rules;
    struct view now;
    date_t next;
    date_t first_day; /* of the employment; what happened before it is left out */

    struct held *held; /* known, by date */
    size_t held_count;
    struct away *away; /* all of them, by start, then type */
    size_t away_count;

    struct duty *open;
    size_t open_count;
    struct duty *history;
    size_t history_count;
    unsigned missing;
};

/* The dates a rule gives. */
struct term {
    const struct rule *rule;
    struct period period;
    date_t due, limit;
    bool capped;
    const struct postponement *postponement;
    const struct case_agreement *agreement;
};

/* Where and when a duty may be satisfied, for the state of an open one. */
struct chance {
    date_t from, to;   /* days that would satisfy it, DATE_NONE: any */
    bool recap;        /* only by a recap */
    bool not_a_review; /* by no review at all */
    bool final;        /* missed, not overdue, after `due` */
};

static inline date_t date_min(date_t a, date_t b)
{
    return a < b ? a : b;
}

static inline date_t date_max(date_t a, date_t b)
{
    return a > b ? a : b;
}

/* NULL sorts last. */
int text_compare(const char *a, const char *b);

/* terms.c: the terms that run from an anchor. */
struct asked {
    enum duty_family family;
    date_t anchor;
    enum anchor_kind kind;
    struct period period; /* instead of the rule's own, unless none */
};
/* The anchor of a rule's dates: what an employee's terms say counts from the law on, what was held as it is. */
date_t anchor_base(const struct rule *rule, enum anchor_kind kind, date_t anchor);
bool rule_exists(const struct view *view, const struct rule *rule);
/* The first row of the family that applies as seen from the view. */
bool term_find(const struct engine *e, const struct view *view, const struct asked *asked, struct term *ret);
/* Dates of the term's rule for another anchor, without asking whether it applies. */
void term_move(const struct engine *e, const struct view *view, const struct asked *asked, struct term *term);

/* absences.c: the days of absence within from ... to (inclusive) that do not count, each day of the calendar
 * for one absence only. With `reading`, shares of the competing reading. `ret_list` may be NULL. */
int absences_excluded(const struct engine *e, const struct view *view, date_t from, date_t to, bool reading,
    const struct duty_absence **ret_list, size_t *ret_count);
bool absences_reading_differs(const struct engine *e, const struct view *view);

/* duties.c */
struct duty duty_of(
    const struct engine *e, const struct term *term, const struct asked *asked, const char *anchor_id);
void duty_add_open(struct engine *e, const struct duty *duty, const struct chance *chance);
void duty_add_closed(struct engine *e, struct duty *duty, const struct case_review *review, date_t on);
/* Whether something that begins on `from` belongs in the list; sets `expected` in a forecast. */
bool duty_begins(const struct engine *e, date_t from, struct duty *duty);
/* The first day held within from ... to, or NULL. */
const struct held *held_within(const struct engine *e, date_t from, date_t to);

/* One file per family. */
void periodic_duties(struct engine *e);
void recap_duties(struct engine *e);
void return_duties(struct engine *e);
void leave_duties(struct engine *e);
void career_duties(struct engine *e);
