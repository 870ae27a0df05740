#pragma once
/*
 * Duties as computed last: one row per duty, open or closed. They are a projection of facts (work/duties.h):
 * ids derive from employee, family and opening fact, rows are replaced freely, history is in the facts.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct duty_row {
    const char *id; /* "duty_..." */
    const char *employee;
    const char *kind, *rule, *regime; /* "periodic", "R2.PERIODIC", "R2"; some rules are of no regime */
    date_t due, limit, opens;
    const char *state;
    date_t anchor_date;
    const char *anchor_id;
    bool closed;              /* history, or missed and acknowledged */
    const char *satisfied_by; /* id of the review or event */
    instant_t changed_at;     /* set by duty_put */
    const char *body;         /* JSON object: what else tells two results apart */
};

struct duty_list {
    struct duty_row *items;
    size_t count;
    const char *next;
};

/* Adds the row or replaces the one with this id. */
enum status duty_put(struct txn *txn, const struct duty_row *row, struct error *err);
enum status duty_delete(struct txn *txn, const char *id, struct error *err);
/* All of one employee. */
enum status duty_delete_of(struct txn *txn, const char *employee, struct error *err);

enum status duty_get(const struct snapshot *snapshot, const char *id, struct duty_row *ret, struct error *err);
/* All of one employee, open ones first, by due date. */
enum status duty_of_employee(
    const struct snapshot *snapshot, const char *employee, struct duty_list *ret, struct error *err);

struct duty_filter {
    const char *state; /* NULL: open ones in any state; a name: also among the closed ones */
    const char *kind;
    const char *employee;
    const char *manager;          /* of the employees who report to this one */
    date_t due_before, due_after; /* exclusive; DATE_NONE = any */
};
/* By due date, then id. */
enum status duty_list(const struct snapshot *snapshot, const char *organisation,
    const struct duty_filter *filter, const struct page *page, struct duty_list *ret, struct error *err);

/* How many employees' duties were computed under an older facts_version of the organisation. */
enum status duty_stale(
    const struct snapshot *snapshot, const char *organisation, int64_t *ret, struct error *err);
