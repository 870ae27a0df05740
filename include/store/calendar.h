#pragma once
/*
 * Calendars of others: servers that hold them, entries we put there, and the busy times they told. Passwords
 * are stored sealed.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calendar_row {
    const char *id;   /* "cal_..." */
    const char *kind; /* "scheduling", "store" */
    const char *name, *url, *user;
    const char *password; /* sealed; NULL: none */
    bool paused;
    const char *collection, *outbox, *address; /* found on the server: URLs, an address in lower case */
    instant_t found_at;                        /* INSTANT_NONE: not found yet */
    int64_t failures;                          /* in a row */
    const char *last_error;
    instant_t visited_at; /* the last visit that went well */
    instant_t next_at;    /* no visit and no delivery before */
    int64_t version;
    instant_t created_at, updated_at;
};
struct calendar_list {
    struct calendar_row *items;
    size_t count;
    const char *next; /* of calendar_page(): NULL at the end */
};

/* Makes the id and the times; version 1. */
enum status calendar_add(struct txn *txn, struct calendar_row *row, struct error *err);
/* Writes name, url, user, password and paused; forgets what was found and what failed: a visit is due. */
enum status calendar_update(struct txn *txn, struct calendar_row *row, int64_t expected, struct error *err);
/* ST_CONFLICT while it has live entries. */
enum status calendar_delete(struct txn *txn, const char *id, struct error *err);
enum status calendar_load(
    const struct snapshot *snapshot, const char *id, struct calendar_row *ret, struct error *err);
/* All of an organisation, in the order of their ids. */
enum status calendar_all(
    const struct snapshot *snapshot, const char *organisation, struct calendar_list *ret, struct error *err);
enum status calendar_page(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct calendar_list *ret, struct error *err);
/* Writes what a visit or a delivery has found out; the version stays. */
enum status calendar_note(struct txn *txn, const struct calendar_row *row, struct error *err);

/* The first visit due in each organisation, paused calendars apart. */
struct calendar_due {
    const char *organisation;
    instant_t next_at;
};
struct calendar_due_list {
    struct calendar_due *items;
    size_t count;
};
enum status calendar_due(const struct snapshot *snapshot, struct calendar_due_list *ret, struct error *err);

/* ---- entries */

struct entry_row {
    const char *uid, *recipient, *review, *calendar;
    const char *href; /* absolute URL */
    const char *etag, *schedule_tag;
    int64_t sequence;
    instant_t starts_at, ends_at;
    const char *state;  /* "live", "gone" */
    const char *people; /* whom it names, as it was last looked at: work/calendar.h */
    instant_t looked_at;
};
struct entry_list {
    struct entry_row *items;
    size_t count;
};
enum status entry_put(struct txn *txn, const struct entry_row *row, struct error *err);
/* ST_NOT_FOUND when there is none. */
enum status entry_get(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, struct entry_row *ret, struct error *err);
enum status entry_of_review(
    const struct snapshot *snapshot, const char *review, struct entry_list *ret, struct error *err);
/* Live ones of a calendar that were looked at longest ago, at most `limit`. */
enum status entry_to_look_at(const struct snapshot *snapshot, const char *calendar, unsigned limit,
    struct entry_list *ret, struct error *err);

/* ---- busy times */

struct busy_view_row {
    const char *employee;
    instant_t from, to, as_of; /* INSTANT_NONE: nothing is known */
    instant_t tried_at;
    const char *last_error;
};
struct busy_period {
    instant_t start, end;
};
struct busy_list {
    struct busy_period *items;
    size_t count;
};
/* Replaces the view and, when as_of is now, the periods. Periods of a view that failed stay with their age. */
enum status busy_put(struct txn *txn, const struct busy_view_row *view, const struct busy_period *periods,
    size_t count, struct error *err);
/* ST_NOT_FOUND when nobody ever asked. */
enum status busy_view(
    const struct snapshot *snapshot, const char *employee, struct busy_view_row *ret, struct error *err);
/* Overlapping [from, to), in the order of time. */
enum status busy_times(const struct snapshot *snapshot, const char *employee, instant_t from, instant_t to,
    struct busy_list *ret, struct error *err);

/* Whose busy times are needed: people of reviews that are to come or have no time yet, and of campaigns under
 * way. Those tried longest ago first, not tried since `before`, at most `limit`. */
struct busy_person {
    const char *employee, *email, *calendar_url;
};
struct busy_people {
    struct busy_person *items;
    size_t count;
};
enum status busy_needed(const struct snapshot *snapshot, const char *organisation, instant_t before,
    bool with_url, unsigned limit, struct busy_people *ret, struct error *err);
