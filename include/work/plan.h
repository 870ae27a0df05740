#pragma once
/*
 * From a review to a plan line and its evidence: needs, the actions they become, the plan of a year. States
 * follow model/plan.h; completions prove actions through work/plan_proof.h.
 *
 * All verbs run on a lane. What they return lives as long as the snapshot's arena.
 */
#include "base/date.h"
#include "base/field.h"
#include "model/plan.h"
#include "store/plan.h"

#include <stdint.h>

enum plan_strand {
    STRAND_ADAPTATION,
    STRAND_EMPLOYABILITY,
    STRAND_INTERNAL_MOBILITY,
    STRAND_CROSS_FUNCTIONAL,
    STRAND_WELLBEING,
    STRAND_INTRAPRENEURSHIP,
    STRAND_SUSTAINABILITY,
    STRAND_DIGITAL
};
enum plan_priority { PRIORITY_LOW, PRIORITY_NORMAL, PRIORITY_HIGH };
enum action_origin { ORIGIN_REVIEW, ORIGIN_NEED, ORIGIN_OBLIGATION, ORIGIN_PROJECT, ORIGIN_EMPLOYEE };
enum action_format { FORMAT_ONSITE, FORMAT_REMOTE, FORMAT_BLENDED, FORMAT_AFEST, FORMAT_MICRO_LEARNING };
enum action_modality { MODALITY_GROUP, MODALITY_INDIVIDUAL };
enum action_financing {
    FINANCING_EMPLOYER,
    FINANCING_OPCO,
    FINANCING_CPF,
    FINANCING_MIXED,
    FINANCING_FNE,
    FINANCING_OTHER
};
extern const char *const plan_strand_names[],
    *const plan_priority_names[], *const action_origin_names[], *const action_format_names[],
                                                                    *const action_modality_names[],
                                                                        *const action_financing_names[];

/* ---- needs */

struct need {
    const char *id, *organisation, *employee;
    const char *review; /* it came out of */
    const char *title, *description, *domain, *competency, *objective, *orientation;
    int strand, priority;
    int state;           /* enum need_state */
    const char *reason;  /* of its refusal or withdrawal */
    struct list actions; /* ids of those that take it up */
    instant_t created_at, updated_at;
    struct given given;
    int64_t version;
};
extern const struct field_table need_table;

enum status need_view_of(
    const struct snapshot *snapshot, const struct need_row *row, struct need *ret, struct error *err);
/* ST_INVALID: "/employee", "/review" (of somebody else). */
enum status need_create(struct txn *txn, const struct need *in, struct need *ret, struct error *err);
enum status need_change(struct txn *txn, const char *id, const struct need *patch, int64_t expected,
    struct need *ret, struct error *err);

/* ---- actions */

struct action_provider {
    const char *name, *siret, *activity_number;
    int qualiopi;
    struct given given;
};
/* Cents. */
struct action_cost {
    int64_t teaching, ancillary, wages;
    const char *currency;
    struct given given;
};
/* A paper that proves it, where no platform does. */
struct action_certificate {
    const char *reference, *sha256;
    date_t date;
};
struct action_certification {
    int kind; /* enum certification_register */
    const char *code, *title;
    date_t date;
};
struct action_evaluation {
    date_t date;
    int64_t rating; /* 1 to 5 */
    const char *comment;
};
struct action_evidence {
    const char *completion, *sha256;
    instant_t recorded_at, undone_at;
};

struct action {
    const char *id, *organisation, *employee;
    int64_t year;
    const char *need, *review;
    const char *title, *domain, *competency, *objective, *orientation;
    int origin, strand, nature, mandatory, format, modality, priority;
    const char *mandatory_text; /* the text that requires it */
    const struct action_provider *provider;
    int64_t minutes_planned, minutes_done, minutes_outside; /* outside: of those done, outside working time */
    date_t planned_start, planned_end, start, end;
    const struct action_cost *cost;
    int financing;
    const char *financing_file;
    int64_t granted, received; /* cents */
    int cpf_cofinanced;
    int state; /* enum action_state */
    const char *reason;
    const char *source, *course; /* whose completion proves it */
    const struct action_certificate *certificate;
    const struct action_certification *certification;
    struct period validity;
    date_t done_on, valid_until;
    const struct action_evaluation *evaluation, *evaluation_later;
    struct list evidence; /* struct action_evidence */
    instant_t created_at, updated_at;
    struct given given;
    int64_t version;
};
extern const struct field_table action_table;

enum status action_view_of(
    const struct snapshot *snapshot, const struct action_row *row, struct action *ret, struct error *err);
/* ST_INVALID with pointers ("/need" of somebody else, "/orientation" that the year's plan does not name ...);
 * ST_CONFLICT: done without evidence. */
enum status action_create(struct txn *txn, const struct action *in, struct action *ret, struct error *err);
enum status action_change(struct txn *txn, const char *id, const struct action *patch, int64_t expected,
    struct action *ret, struct error *err);

/* ---- plans */

struct plan_orientation {
    const char *name, *description;
};
/* Sums over actions; minutes and cents. */
struct plan_total {
    const char *state, *nature, *mandatory; /* NULL: of all */
    int64_t actions, employees, minutes_planned, minutes_done, cost, granted, received;
};
struct plan {
    int64_t year;
    const char *organisation;
    struct list orientations; /* struct plan_orientation */
    int64_t budget;           /* cents */
    const char *notes;
    const struct plan_total *total;
    struct list totals; /* struct plan_total, one for each state, nature and mandatory */
    instant_t created_at, updated_at;
    struct given given;
    int64_t version; /* 0: nothing was said about the year yet */
};
extern const struct field_table plan_table;

/* A year nothing was said about is an empty plan. */
enum status plan_view(const struct snapshot *snapshot, const char *organisation, int64_t year, struct plan *ret,
    struct error *err);
/* ST_CONFLICT when the year has one. */
enum status plan_create(struct txn *txn, const struct plan *in, struct plan *ret, struct error *err);
/* Makes it when there is none. */
enum status plan_change(struct txn *txn, int64_t year, const struct plan *patch, int64_t expected,
    struct plan *ret, struct error *err);
