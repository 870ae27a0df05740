#pragma once
/*
 * What the store holds about one employee, across its tables: whether the person can be forgotten as a mistake,
 * and forgetting.
 */
#include "store/txn.h"

#include <stdint.h>

/* How many rows of each there are. */
struct person_traces {
    int64_t facts;   /* versions, without those of the terms */
    int64_t reviews; /* in any state, as employee or interviewer */
    int64_t sent;    /* deliveries that left or may have left */
    int64_t plan;    /* needs and actions */
    int64_t completions;
    int64_t team; /* employees who report to this one */
};
enum status person_traces(
    const struct snapshot *snapshot, const char *employee, struct person_traces *ret, struct error *err);

/* Deletes what stands by itself: duties, facts, aliases, feeds, personal links, access tokens, deliveries that
 * never left. The employee's row is left to employee_delete. */
enum status person_forget(struct txn *txn, const char *employee, struct error *err);
