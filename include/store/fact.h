#pragma once
/*
 * Bitemporal facts. A fact is a series of versions: each has the civil dates it speaks of (valid_from,
 * valid_to) and the instants between which it was what we knew (recorded_at, superseded_at). Nothing is ever
 * overwritten: a correction closes the current version and adds one; a withdrawal closes it and adds one that
 * is `withdrawn`.
 *
 * The subject is an employee or the organisation itself ("org_..."). A change of a fact of the organisation
 * raises its facts_version: the duties of all its employees are stale then. A change of a fact of an employee
 * does not: the caller recomputes that employee's duties in the same job.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct fact_row {
    const char *id; /* "fact_..." */
    int64_t version;
    const char *kind; /* terms, absence, event, progression, agreement, headcount, review, classification */
    const char *subject;
    date_t valid_from, valid_to; /* the last day; DATE_NONE = open */
    instant_t recorded_at;
    instant_t superseded_at; /* INSTANT_NONE: what we know today */
    bool withdrawn;
    const char *body;   /* JSON object, the kind's own */
    const char *reason; /* of a correction or withdrawal */
    const char *actor;
};

struct fact_list {
    struct fact_row *items;
    size_t count;
    const char *next;
};

/* Takes kind, subject, dates, body and reason from `row`; makes the id when it is NULL, version 1 and the rest,
 * and writes them into `row`. ST_NOT_FOUND when the subject is of another organisation. */
enum status fact_add(struct txn *txn, struct fact_row *row, struct error *err);
/* Closes the current version of row->id and adds one with dates, body and reason of `row`; kind and subject
 * stay. The rest is written into `row`. ST_NOT_FOUND when there is none or it is withdrawn. */
enum status fact_correct(struct txn *txn, struct fact_row *row, int64_t expected, struct error *err);
/* Closes the current version and adds a withdrawn one with the same dates and body. */
enum status fact_withdraw(
    struct txn *txn, const char *id, int64_t expected, const char *reason, struct error *err);

/* `known_at` below: the versions we knew at that instant (recorded by then, not yet superseded), withdrawn ones
 * left out; INSTANT_NONE = today's. */

/* ST_NOT_FOUND also when it is withdrawn. */
enum status fact_get(const struct snapshot *snapshot, const char *id, instant_t known_at, struct fact_row *ret,
    struct error *err);
/* All facts of a subject, by kind, then id (the order of their first recording). `kind` NULL = all kinds. */
enum status fact_of(const struct snapshot *snapshot, const char *subject, const char *kind, instant_t known_at,
    struct fact_list *ret, struct error *err);
/* The facts of one kind of all subjects of an organisation, by id. */
enum status fact_list(const struct snapshot *snapshot, const char *organisation, const char *kind,
    instant_t known_at, const struct page *page, struct fact_list *ret, struct error *err);
/* All versions of one fact, oldest first, withdrawn ones included. ST_NOT_FOUND when there are none. */
enum status fact_history(
    const struct snapshot *snapshot, const char *id, struct fact_list *ret, struct error *err);
/* Deletes all versions of all facts of a subject: erasure of a person. How many rows in *ret. */
enum status fact_erase_subject(struct txn *txn, const char *subject, int64_t *ret, struct error *err);
