#pragma once
/*
 * The duties of one employee: what must have happened by when, computed from the facts of a duty_case and the
 * rules in force on its `as_of` (articles L6315-1 and following of the Code du travail, as the rules file
 * says). Pure: no clock, no I/O; memory only from the caller's arena; any thread. What is returned borrows from
 * the case and the rules: both must outlive it.
 *
 *   due    prudent date, used for planning
 *   limit  latest defensible date, never before due
 *   opens  first day it may be satisfied (DATE_NONE: any day); a permission, never a lock
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/case.h"
#include "model/rules.h"

enum duty_state {
    DUTY_UPCOMING,
    DUTY_TO_PLAN,   /* inside the planning horizon, no review set */
    DUTY_PLANNED,   /* a review is set that would satisfy it in time */
    DUTY_HELD,      /* closed; the report is missing */
    DUTY_REPORTED,  /* closed; the copy is missing */
    DUTY_PROVED,    /* closed, nothing is missing */
    DUTY_HELD_LATE, /* closed after the limit */
    DUTY_OVERDUE,   /* due has passed; `tolerated` until the limit */
    DUTY_MISSED,    /* the window is closed, nothing can satisfy it any more: a breach */
    DUTY_EXEMPT,
    DUTY_REFUSED, /* closed by a proved proposal and refusal */
    DUTY_UNKNOWN, /* a fact is missing: for lists of employees that cannot be computed, never compliant */
    DUTY_STATE_COUNT
};

enum duty_warning {
    DUTY_WARNING_NONE,
    DUTY_WARNING_SPECIAL_ARTICLE, /* exempt, but `article` grants the review without that exemption */
};

/* What is proved about the review that closed a duty. */
enum duty_document { DUTY_DOCUMENT_NONE, DUTY_DOCUMENT_REPORT, DUTY_DOCUMENT_COPY };

struct duty_reading {
    int name; /* enum reading_name; grade and sentence are in rules->readings[name] */
    date_t date;
};

/* Days of one absence inside the window of a recap. */
struct duty_absence {
    const struct case_absence *absence;
    const struct absence_type *type;
    int days;     /* counted inclusively, each day of the calendar for one absence only */
    int excluded; /* of which do not count: days * share not counted, rounded down */
};

enum { DUTY_READINGS_MAX = 3 };

struct duty {
    const struct rules *rules;
    const struct rule *rule; /* id, regime, grade, titles */
    const char *article;     /* the rule's, or the one that grants this review after this absence */
    int family;              /* enum duty_family */
    int state;               /* enum duty_state */
    int warning;             /* enum duty_warning */
    bool tolerated;          /* overdue or held between due and limit */
    bool expected;           /* forecast only: does not exist yet on as_of */
    bool capped;             /* the end of the contract came before the term */

    int anchor_kind;       /* enum anchor_kind */
    date_t anchor;         /* the day of the opening fact as recorded (a return: the day after the chain) */
    const char *anchor_id; /* of the review, absence or visit; NULL for the employee's own dates */
    struct period period;  /* the one applied: the rule's, the agreement's, the policy's */

    date_t due, limit, opens;
    date_t shifted; /* the recap's due pushed by excluded days, DATE_NONE for others */

    int conflict; /* index in `open` of the duty one meeting cannot serve together with this one, or -1 */

    unsigned char reading_count;
    struct duty_reading readings[DUTY_READINGS_MAX];

    const struct case_absence *absence;      /* DUTY_RETURN, DUTY_BEFORE_LEAVE: the one that names it */
    const struct absence_type *absence_type; /* its type */
    const struct case_agreement *agreement;  /* whose period applies */
    const struct postponement *postponement;
    const struct duty_absence *absences; /* DUTY_RECAP: what fell in its window */
    size_t absence_count;
    int excluded_days;

    const struct case_review *planned_by;   /* DUTY_PLANNED; also when overdue */
    const struct case_review *satisfied_by; /* closed, or exempt: the review; NULL for the visit */
    const struct case_event *visited_by;    /* DUTY_MIDCAREER_VISIT closed */
    date_t satisfied_on;
    int document; /* enum duty_document */
};

/* Why there is no open duty at all. */
enum duty_exclusion { DUTY_SUBJECT, DUTY_NOT_HIRED, DUTY_LEFT, DUTY_TEMPORARY };

enum { DUTY_MISSING_HIRE_DATE = 1 << 0, DUTY_MISSING_BIRTH_DATE = 1 << 1 };

struct duties {
    const struct duty *open; /* by due date; exempt and missed ones included */
    size_t open_count;
    const struct duty *history; /* closed ones, by the day they were closed */
    size_t history_count;
    int exclusion;    /* enum duty_exclusion */
    unsigned missing; /* DUTY_MISSING_... */
    /* Until the day before this one, the same facts give the same result on every day; DATE_NONE: for ever.
     * Never late; on that day itself the result may, rarely, still be the same: see duty_next_change(). */
    date_t next_check;
};

void duties_compute(struct arena *arena, const struct duty_case *facts, struct duties *ret);

/* The next civil day on which the result differs from today's with time alone, DATE_NONE when none will.
 * Recomputes until it finds it; memory from a private arena. */
date_t duty_next_change(const struct duty_case *facts);
/* Whether two results say the same of the same facts (next_check apart). */
bool duties_equal(const struct duties *a, const struct duties *b);

/* A stable name of a duty within its employee, "periodic/2024-03-08/rev_..." (family, date and id of the
 * opening fact): recomputing keeps it. */
char *duty_name(struct arena *arena, const struct duty *duty);

/* The days to plan it on: from the later of today + notice and opens, to due; when it opens on its due date, to
 * its limit. ret_to before ret_from: no lawful day with full notice is left. */
void duty_window(const struct duty *duty, const struct duty_policies *policies, date_t today, date_t *ret_from,
    date_t *ret_to);

/* Absence types are for the HR role only: discreet texts and members name no absence, and no article or warning
 * that would tell which. */
enum duty_detail { DUTY_DETAIL_FULL, DUTY_DETAIL_DISCREET };

/* The article and source to show, NULL where they would tell: few types ask for a review before they begin. */
const char *duty_shown_article(const struct duty *duty, enum duty_detail detail);
const char *duty_shown_source(const struct duty *duty, enum duty_detail detail);

/* Adds the reason of its dates as one clause: "four years after the review held on 8 March 2024; ...". */
void duty_explain(const struct duty *duty, enum lang lang, enum duty_detail detail, struct buf *out);
/* The same for one of its readings. */
void duty_explain_reading(
    const struct duty *duty, const struct duty_reading *reading, enum lang lang, struct buf *out);

/* The members of a duty in answers: kind, rule, regime, title, article, source, grade, verified_on, anchor
 * {kind, date, id}, due, limit, opens, shifted, state, tolerated, expected, conflict, warning, agreement,
 * absence, absences, excluded_days, planned_by, satisfied_by, satisfied_on, document, readings [{name, date,
 * grade, explanation}], explanation. What there is none of is null, or [] for lists. `conflict` is the id
 * of the duty it names ("" when there is none), written as it is or as null; NULL when duties have no ids: true
 * or false is written. */
void duty_write_members(const struct duty *duty, enum lang lang, enum duty_detail detail, const char *conflict,
    struct json_writer *w);

const char *duty_state_name(enum duty_state state);
const char *duty_warning_name(enum duty_warning warning); /* NULL for none */
const char *duty_document_name(enum duty_document document);
const char *duty_exclusion_name(enum duty_exclusion exclusion);
/* Whether a duty in this state still asks for something (upcoming, to_plan, planned, overdue). */
bool duty_state_open(enum duty_state state);
