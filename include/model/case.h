#pragma once
/*
 * What is known about one employee: the input of the duty engine. Plain arrays in any order, borrowed from the
 * caller; dates are civil dates of the organisation's zone, DATE_NONE when there is none. Facts later than
 * `as_of` may be present: they are not known yet and only move the date of the next change.
 */
#include "base/date.h"
#include "base/error.h"
#include "model/rules.h"

#include <stdbool.h>
#include <stddef.h>

enum contract_kind {
    CONTRACT_UNKNOWN = -1,
    CONTRACT_CDI,
    CONTRACT_CDD,
    CONTRACT_TEMPORARY, /* interim: the agency's duty */
    CONTRACT_APPRENTICESHIP,
    CONTRACT_PROFESSIONALISATION,
    CONTRACT_OTHER,
};
/* NULL-terminated, in the order of the enum: "cdi", "cdd", "temporary" ... */
extern const char *const contract_kind_names[];

struct case_employee {
    date_t hire_date; /* required */
    date_t seniority_date;
    date_t birth_date;
    date_t contract_end;
    date_t exit_date;
    int contract; /* enum contract_kind */
};

enum review_type { REVIEW_PROFESSIONAL, REVIEW_ANNUAL };
extern const char *const review_type_names[];

struct case_review {
    const char *id; /* may be NULL */
    int type;       /* enum review_type; annual ones satisfy nothing */
    int recap;      /* 1: also the recap; anything else: no */
    date_t planned; /* the day it is convened for, while neither held, refused nor cancelled */
    date_t held;
    date_t reported;    /* the written report exists since */
    date_t copy_handed; /* the copy is proved to be handed over since */
    date_t refused;     /* proposal and refusal are proved since */
};

struct case_absence {
    const char *id;
    const char *type; /* a name of the rules' absence types */
    date_t start;
    date_t end; /* last day, DATE_NONE while open */
    date_t announced;
};

enum event_type {
    EVENT_MIDCAREER_VISIT,
    EVENT_CPF_CONTRIBUTION, /* the employer's contribution after a recap was paid (model/recap.h) */
};
extern const char *const event_type_names[];

struct case_event {
    const char *id;
    int type; /* enum event_type */
    date_t date;
};

enum agreement_level { AGREEMENT_COMPANY, AGREEMENT_BRANCH };
extern const char *const agreement_level_names[];

struct case_agreement {
    int level; /* enum agreement_level */
    struct period period;
    date_t valid_from; /* DATE_NONE: always */
    date_t valid_to;   /* last day, DATE_NONE: no end */
    const char *reference;
};

enum periodic_anchor {
    PERIODIC_LAST_HELD,
    /* The nearest anniversary of the hiring when it comes before the day held: dates do not drift; the limit
     * stays that of the day held. */
    PERIODIC_HIRE_ANNIVERSARY,
};
enum first_transition { TRANSITION_STRICT, TRANSITION_LENIENT };

struct duty_policies {
    int periodic_anchor;         /* enum periodic_anchor */
    int first_transition;        /* enum first_transition: which reading `due` follows */
    struct period return_period; /* none = the rule's own */
    int planning_horizon;        /* days before `due` from which a duty is to plan */
    int notice_days;             /* days between an invitation and its review */
};
#define DUTY_POLICIES_DEFAULT                                                                                  \
    ((struct duty_policies){.periodic_anchor = PERIODIC_LAST_HELD, .planning_horizon = 90, .notice_days = 30})

struct duty_case {
    date_t as_of;
    /* DATE_NONE, or a later day: duties that will exist by then from facts known on `as_of` are listed too,
     * `expected` (the forecast). */
    date_t forecast;
    struct case_employee employee;
    const struct case_review *reviews;
    size_t review_count;
    const struct case_absence *absences;
    size_t absence_count;
    const struct case_event *events;
    size_t event_count;
    const struct case_agreement *agreements; /* of the organisation */
    size_t agreement_count;
    struct duty_policies policies;
    const struct rules *rules;
};

/* A case without facts, every date none, default policies. */
struct duty_case duty_case_init(const struct rules *rules, date_t as_of);

/* The first day of what counts: the hiring, or before it the seniority that was taken over. What happened
 * earlier belongs to another employment and makes no duty and meets none. DATE_NONE without a hire date. */
date_t case_first_day(const struct case_employee *employee);

/* Refuses what no employee can be, with pointers in the shape of /v1/simulations ("/absences/0/type",
 * "/organisation/agreements/1/valid_from"): an unknown absence type, an end before a start, a hire after the
 * exit, a birth less than 15 years before the hire, a review, an absence or an event before the first day,
 * overlapping agreements of a level, an empty period, a missing date. ST_INVALID. The engine takes any facts
 * with dates of the years 1900 to 2199 and a hire date that is known or none without harm; unknown types are
 * ignored. */
enum status duty_case_check(const struct duty_case *facts, struct error *err);
