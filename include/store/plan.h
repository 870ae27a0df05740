#pragma once
/*
 * Needs, the actions they become, the plan of a year, and the evidence that an action took place. `body` is
 * JSON of work/plan.h; the other columns are what is searched and summed.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct need_row {
    const char *id; /* "need_..." */
    const char *employee;
    const char *review; /* it came out of, may be NULL */
    const char *state;
    const char *body;
    int64_t version;
    instant_t created_at, updated_at;
};
struct need_list {
    struct need_row *items;
    size_t count;
    const char *next;
};

/* Makes the id when it is NULL, version 1, the times. ST_CONFLICT at "/employee" when there is none such. */
enum status need_add(struct txn *txn, struct need_row *row, struct error *err);
/* Writes review, state and body. */
enum status need_update(struct txn *txn, struct need_row *row, int64_t expected, struct error *err);
enum status need_get(const struct snapshot *snapshot, const char *id, struct need_row *ret, struct error *err);
struct need_filter {
    const char *employee, *review, *state, *manager; /* NULL = any; `manager`: direct reports only */
};
/* By id. */
enum status need_list(const struct snapshot *snapshot, const char *organisation,
    const struct need_filter *filter, const struct page *page, struct need_list *ret, struct error *err);

struct action_row {
    const char *id; /* "act_..." */
    int64_t year;
    const char *employee;
    const char *need, *review; /* may be NULL */
    const char *state, *nature;
    const char *mandatory;       /* "yes", "no", "unknown" */
    const char *source, *course; /* whose completion proves it: platform and code of the course there */
    date_t starts_on, ends_on;
    date_t valid_until;
    int64_t minutes_planned, minutes_done;
    int64_t cost, granted, received; /* cents */
    const char *body;
    int64_t version;
    instant_t created_at, updated_at;
};
struct action_list {
    struct action_row *items;
    size_t count;
    const char *next;
};

/* Makes the id when it is NULL, version 1, the times. ST_CONFLICT at "/employee" when there is none such. */
enum status action_add(struct txn *txn, struct action_row *row, struct error *err);
/* Writes all members but id, employee and created_at. */
enum status action_update(struct txn *txn, struct action_row *row, int64_t expected, struct error *err);
enum status action_get(
    const struct snapshot *snapshot, const char *id, struct action_row *ret, struct error *err);
struct action_filter {
    int64_t year;                                                             /* 0 = any */
    const char *employee, *need, *review, *state, *nature, *course, *manager; /* NULL = any */
};
/* By id. */
enum status action_list(const struct snapshot *snapshot, const char *organisation,
    const struct action_filter *filter, const struct page *page, struct action_list *ret, struct error *err);
/* The actions of an employee that a course of a source proves, by id; at most 100. */
enum status action_of_course(const struct snapshot *snapshot, const char *employee, const char *source,
    const char *course, struct action_list *ret, struct error *err);

/* Sums over the actions of a year, one row for each state, nature and mandatory. */
struct action_sum {
    const char *state, *nature, *mandatory;
    int64_t actions, employees;
    int64_t minutes_planned, minutes_done, cost, granted, received;
};
struct action_sums {
    struct action_sum *items;
    size_t count;
};
enum status action_sums(const struct snapshot *snapshot, const char *organisation, int64_t year,
    struct action_sums *ret, struct error *err);
/* How many people the actions of a year are for. */
enum status action_people(
    const struct snapshot *snapshot, const char *organisation, int64_t year, int64_t *ret, struct error *err);

/* A completion that proves an action. Rows are never deleted. */
struct evidence_row {
    const char *action, *completion;
    const char *sha256; /* of the record as it was received, hexadecimal */
    instant_t recorded_at;
    instant_t undone_at; /* the platform took the completion back; INSTANT_NONE: it stands */
};
struct evidence_list {
    struct evidence_row *items;
    size_t count;
};
/* Adds it, or makes it stand again; *ret_new unless it stood already. */
enum status evidence_add(struct txn *txn, const struct evidence_row *row, bool *ret_new, struct error *err);
/* ST_NOT_FOUND unless it stands. */
enum status evidence_undo(struct txn *txn, const char *action, const char *completion, struct error *err);
/* By completion. */
enum status evidence_of_action(
    const struct snapshot *snapshot, const char *action, struct evidence_list *ret, struct error *err);
/* By action. */
enum status evidence_of_completion(
    const struct snapshot *snapshot, const char *completion, struct evidence_list *ret, struct error *err);

/* What a year's plan says beside its actions. */
struct plan_row {
    int64_t year;
    const char *body;
    int64_t version;
    instant_t created_at, updated_at;
};
/* Makes the plan of the year when `expected` is 0 and there is none; version and times into `row`. */
enum status plan_write(struct txn *txn, struct plan_row *row, int64_t expected, struct error *err);
enum status plan_get(const struct snapshot *snapshot, const char *organisation, int64_t year,
    struct plan_row *ret, struct error *err);
/* All of them, by year. */
struct plan_list {
    struct plan_row *items;
    size_t count;
};
enum status plan_list(
    const struct snapshot *snapshot, const char *organisation, struct plan_list *ret, struct error *err);
