#pragma once
/*
 * Completions proving actions of the plan. A completion is the evidence that an action took place; an action is
 * never done by the calendar.
 */
#include "base/error.h"
#include "store/plan.h"
#include "store/txn.h"

/* What proves an action. */
struct action_proof {
    const char *completion;  /* "cpl_..." */
    const char *source;      /* "src_...", NULL: an import */
    const char *sha256;      /* of the record as received, hexadecimal */
    date_t done_on;          /* the day it was completed, in the organisation's zone */
    int64_t minutes;         /* FIELD_INT_NONE: not known */
    const char *certificate; /* number of a certificate, may be NULL */
};

/* Adds the evidence and makes the action done, from any state but cancelled, refused and done (then the
 * evidence is only added). Proving it again with the same completion changes nothing. Audits action.proved; a
 * need it answers becomes met. ST_CONFLICT: cancelled or refused. ST_NOT_FOUND: no such action, or of another
 * employee than the completion's. */
enum status action_prove(
    struct txn *txn, const char *action, const struct action_proof *proof, struct error *err);

/* The completion was undone: its evidence stays but no longer counts; an action without any other goes back to
 * in_progress. Audits action.unproved. */
enum status action_unprove(
    struct txn *txn, const char *action, const char *completion, const char *why, struct error *err);

/* Proves an action of that employee that waits for this course of this source, or of any source. One completion
 * proves one action: of those that may still be done, the one whose period began last by then (its planned
 * start, else its year; three months early count). *ret says how many: 0 or 1. */
enum status action_match(struct txn *txn, const char *employee, const char *course,
    const struct action_proof *proof, size_t *ret, struct error *err);
