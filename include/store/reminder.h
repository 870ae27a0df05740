#pragma once
/*
 * Which reminders went out, and whom to look at again. A rung of the ladder of a subject (a duty, a review) is
 * climbed once for the same day. Marks are rows too: the day a date was first seen.
 */
#include "store/employee.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct reminder_row {
    const char *subject;  /* id of a duty or a review */
    const char *rung;     /* its name; of a mark "." and a name */
    date_t on;            /* its day; of a mark the date that was seen */
    const char *state;    /* "sent", "waiting": a line to be written, "mark" */
    instant_t not_before; /* of a line; INSTANT_NONE of all others */
    instant_t recorded_at;
};

struct reminder_list {
    struct reminder_row *items;
    size_t count;
};

/* Adds the row, or changes the state of the one there is; recorded_at stays that of the first time. */
enum status reminder_put(struct txn *txn, const struct reminder_row *row, struct error *err);
/* Those of that day, or of later ones, may be climbed again. */
enum status reminder_forget(struct txn *txn, const char *subject, date_t on, struct error *err);
/* All of a subject, by day. */
enum status reminder_of(
    const struct snapshot *snapshot, const char *subject, struct reminder_list *ret, struct error *err);
/* At most `limit` lines of an organisation whose time to be written has come. */
enum status reminder_waiting(const struct snapshot *snapshot, const char *organisation, unsigned limit,
    struct reminder_list *ret, struct error *err);

/* Look at the employee again on that day, DATE_NONE: when a fact changes. A change of facts (employee_computed)
 * asks for a look at once. */
enum status reminder_look_on(struct txn *txn, const char *employee, date_t day, struct error *err);
enum status reminder_look_now(struct txn *txn, const char *employee, struct error *err);
/* At most `limit` ids of employees to look at by that day, those that have waited longest first. */
enum status reminder_due(const struct snapshot *snapshot, const char *organisation, date_t day, unsigned limit,
    struct employee_ids *ret, struct error *err);

/* Organisations that send or hold something: the earliest day an employee is to be looked at (DATE_NONE: none),
 * and when the first line that waits is to be written (INSTANT_NONE: there is none, or deliveries are held). */
struct reminder_watch {
    const char *organisation, *zone;
    date_t next;
    instant_t lines_at;
};
struct reminder_watch_list {
    struct reminder_watch *items;
    size_t count;
};
enum status reminder_watches(
    const struct snapshot *snapshot, struct reminder_watch_list *ret, struct error *err);

/* When an organisation's weekly digest is due. INSTANT_NONE: none was ever planned. */
enum status digest_due(
    const struct snapshot *snapshot, const char *organisation, instant_t *ret, struct error *err);
enum status digest_set_due(struct txn *txn, instant_t due, struct error *err);
/* Of every organisation that sends something. */
struct digest_watch {
    const char *organisation;
    instant_t due;
};
struct digest_watch_list {
    struct digest_watch *items;
    size_t count;
};
enum status digest_watches(const struct snapshot *snapshot, struct digest_watch_list *ret, struct error *err);
