#pragma once
/*
 * Campaigns: reviews of many employees planned together, and what was found for each of them.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

struct campaign_row {
    const char *id; /* "cmp_..." */
    const char *label;
    const char *state;   /* "selecting", "planning", "inviting", "discarding", "done" */
    const char *options; /* JSON object */
    const char *cursor;  /* of what is gone through, NULL: at its start */
    const char *actor;
    instant_t created_at, updated_at;
};
struct campaign_list {
    struct campaign_row *items;
    size_t count;
    const char *next;
};

/* Makes the id and the times. */
enum status campaign_add(struct txn *txn, struct campaign_row *row, struct error *err);
/* Writes state, cursor and options. */
enum status campaign_update(struct txn *txn, const struct campaign_row *row, struct error *err);
enum status campaign_get(
    const struct snapshot *snapshot, const char *id, struct campaign_row *ret, struct error *err);
/* Newest first. */
enum status campaign_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct campaign_list *ret, struct error *err);
/* The oldest one of the organisation that is not done; ST_NOT_FOUND when there is none. */
enum status campaign_next(
    const struct snapshot *snapshot, const char *organisation, struct campaign_row *ret, struct error *err);

/* Keys of the organisations with campaigns that are not done. */
struct campaign_watch_list {
    const char **organisations;
    size_t count;
};
enum status campaign_watches(
    const struct snapshot *snapshot, struct campaign_watch_list *ret, struct error *err);

/* What is found for one employee. */
struct placement_row {
    const char *employee, *duty;
    date_t due;
    const char *interviewer; /* "" for nobody */
    date_t from, to;         /* the days to look at */
    const char *state;       /* "waiting", "planned", "created", "refused", "invited", "discarded" */
    instant_t starts_at, ends_at;
    const char *review;
    const char *reason, *explanation; /* why it is refused, or was not invited */
};
struct placement_list {
    struct placement_row *items;
    size_t count;
    const char *next;
};

/* Nothing happens when the employee has one in this campaign already. */
enum status placement_add(
    struct txn *txn, const char *campaign, const struct placement_row *row, struct error *err);
/* Writes state, times, review, reason and explanation. */
enum status placement_update(
    struct txn *txn, const char *campaign, const struct placement_row *row, struct error *err);
/* At most `limit` in that state, those of one interviewer together: the first by id; by due date, employee. */
enum status placement_of_one_interviewer(const struct snapshot *snapshot, const char *campaign,
    const char *state, unsigned limit, struct placement_list *ret, struct error *err);
/* Times found for a person, as employee or interviewer, that are no reviews yet. */
enum status placement_times(const struct snapshot *snapshot, const char *campaign, const char *person,
    struct placement_list *ret, struct error *err);
/* By employee. `state` NULL = any. */
enum status placement_list(const struct snapshot *snapshot, const char *campaign, const char *state,
    const struct page *page, struct placement_list *ret, struct error *err);

/* At most `limit` in that state, by employee, of those after one (NULL: from the first). */
enum status placement_after(const struct snapshot *snapshot, const char *campaign, const char *state,
    const char *after, unsigned limit, struct placement_list *ret, struct error *err);
/* Those waiting and planned are discarded. */
enum status placement_discard_waiting(struct txn *txn, const char *campaign, struct error *err);

struct placement_counts {
    int64_t waiting, planned, created, refused, invited, discarded;
};
enum status placement_counts(
    const struct snapshot *snapshot, const char *campaign, struct placement_counts *ret, struct error *err);
