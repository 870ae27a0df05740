#pragma once
/*
 * Organisations: their terms, agreements, headcounts and policies. Agreements and headcounts are facts of the
 * organisation, each version kept; a patch gives the whole list and what is left out of it is withdrawn.
 *
 * The verbs run on a lane. Strings and lists of what they return live as long as the snapshot's arena.
 */
#include "base/date.h"
#include "base/field.h"
#include "base/lang.h"
#include "base/zone.h"
#include "model/case.h"
#include "model/workday.h"
#include "store/organisation.h"
#include "work/facts.h"

#include <stdint.h>

/* The mailbox that convocations come from and answers go to. */
struct organiser {
    const char *name, *email;
    struct given given;
};

/* Average number of employees over a civil year, whole persons, rounded down (thresholds compare with it). */
struct headcount {
    struct fact_head head;
    int64_t year, average;
};

struct agreement {
    struct fact_head head;
    struct case_agreement terms;
};

/* Wall-clock times of the organisation's zone, "09:00"; a day may have several. */
struct working_hours {
    int64_t weekday; /* ISO 8601: 1 = Monday ... 7 = Sunday */
    const char *start, *end;
};

/* When letters leave that nobody has just asked for: reminders, what is to plan, digests. */
enum letter_hours { LETTERS_WORKING_HOURS, LETTERS_ANY_TIME };
extern const char *const letter_hours_names[]; /* "working_hours", "any_time", NULL */

/* Choices the law leaves open. */
struct organisation_policies {
    int periodic_anchor;         /* enum periodic_anchor */
    int first_reading;           /* enum first_transition */
    struct period return_period; /* none = the rule's own */
    int64_t planning_horizon_days;
    int64_t notice_days;
    int64_t reviews_per_week; /* at most so many are set in an interviewer's week */
    int title_older;          /* 1: calendars and mails say "Entretien professionnel" */
    int letters;              /* enum letter_hours */
    struct given given;
};

extern const char *const lang_names[]; /* "fr", "en", NULL: by enum lang */

struct organisation {
    const char *id;
    const char *name;
    const char *siren; /* nine digits */
    int locale;        /* enum lang */
    const char *zone;  /* "Europe/Paris" */
    const struct organiser *organiser;
    struct list headcounts; /* struct headcount, by year */
    struct list agreements; /* struct agreement */
    const struct organisation_policies *policies;
    struct list working_hours; /* struct working_hours */
    int holidays;              /* enum holiday_calendar of model/workday.h */
    int deliveries;            /* enum delivery_mode */
    instant_t created_at, updated_at;
    struct given given;
    int64_t version; /* of the row: its ETag */
};
extern const struct field_table organisation_table;
extern const struct field_table organiser_table, headcount_table, agreement_table, policies_table,
    working_hours_table;
extern const struct fact_kind agreement_facts, headcount_facts;

/* What an organisation starts with where nothing is said. Once, before lanes run; the zone must outlive them.
 */
struct organisation_defaults {
    enum lang locale;
    const char *zone;
};
void organisation_begin(const struct organisation_defaults *configured);

/* In a job of "system", which goes on in the new organisation: audit and facts are its own. What is not given
 * gets its default. Errors: ST_INVALID with pointers ("/siren", "/zone", "/agreements/1/valid_from" ...). */
enum status organisation_create(
    struct txn *txn, const struct organisation *in, struct organisation *ret, struct error *err);
/* Merges the patch (field_merge). `expected` as in the store. A change of agreements, headcounts, policies or
 * zone makes the duties of all employees stale: the watcher computes them again. */
enum status organisation_change(struct txn *txn, const struct organisation *patch, int64_t expected,
    struct organisation *ret, struct error *err);
/* Everything about an organisation, by key. */
enum status organisation_view(
    const struct snapshot *snapshot, const char *key, struct organisation *ret, struct error *err);
/* The same of a row that is at hand. */
enum status organisation_of_row(const struct snapshot *snapshot, const struct organisation_row *row,
    struct organisation *ret, struct error *err);

/* What its civil dates are counted in; never NULL for an organisation that was stored. */
const struct zone *organisation_zone(const struct organisation *organisation);
date_t organisation_today(const struct organisation *organisation, instant_t now);
/* The days it works on: those with working hours; Monday to Friday where none are told. */
struct workweek organisation_week(const struct organisation *organisation);
/* When letters that can wait leave: as its work begins on the first day it works on, from `day` on; by its
 * policy as soon as the day begins. */
instant_t organisation_letters_from(const struct organisation *organisation, date_t day);
/* The days on which they leave. */
struct workweek organisation_letter_week(const struct organisation *organisation);
/* Minutes of the day of "HH:MM" (00:00 to 24:00), -1 when it is none. */
int time_of_day(const char *text);
