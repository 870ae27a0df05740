#pragma once
/* What the files about completions share. */
#include "work/completion.h"

/* The items of one request on their way in. */
struct completion_intake {
    struct txn *txn;
    const struct source_reader *source;
    const struct lms_request *request; /* what the envelope keeps of it */
    const char *envelope;              /* NULL until an item has to be kept */
    struct completion_receipt receipt;
};
enum status completion_take(
    struct completion_intake *in, const struct lms_item *item, size_t position, struct error *err);
/* After the last item: the source's counters. */
enum status completion_taken(struct completion_intake *in, struct error *err);
struct completion_said completion_said_of(struct arena *arena, const struct lms_item *item);
/* Whose it is and of what, into `row`; why not, in row->reason, and its state. */
enum status completion_attribute(struct completion_intake *in, const struct lms_item *item,
    const struct completion_said *said, struct completion_row *row, struct error *err);
/* An item that is not known by its identity, as a completion; `stored` has an id when its row is there already.
 */
enum status completion_admit(
    struct completion_intake *in, const struct lms_item *item, struct item_row *stored, struct error *err);
/* What a kept record says by the mapping the source has now, read as it came: as a post or as an answer.
 * ST_NOT_FOUND: it is an answer, and the source is not asked any more. */
enum status completion_reread(struct txn *txn, const struct source_reader *source,
    const struct item_row *stored, struct lms_item *ret, struct error *err);
/* What is known of this completion already, from another piece of evidence: the same person completed the same
 * course on the same day, and did not start again since. *ret NULL: nothing. */
enum status completion_twin(struct txn *txn, const struct completion_row *row, const char **ret,
    bool *ret_superseded, struct error *err);
/* It waits for its person's keys. */
enum status completion_wait(
    struct txn *txn, const struct completion_row *row, const struct completion_said *said, struct error *err);
/* A key as it is waited for. */
const char *completion_wait_value(struct arena *arena, const char *kind, const char *value);
/* Its person was found, and it says so: audited, and it proves what it proves. */
enum status completion_found(
    struct txn *txn, struct completion_row *row, const struct completion_said *said, struct error *err);
/* The course code of the plan that a source's rules name for it; NULL: none. */
enum status completion_rule_course(struct txn *txn, const char *source, const struct completion_said *said,
    const char **ret, struct error *err);
void completion_source_close(void *reader);
/* What the source calls the course: its id, else its code, else its title; NULL: nothing. */
const char *completion_course_code(const struct completion_said *said);

/* ---- completion_deed.c: what no platform sent */

/* The source that stands for all of a kind; NULL: there is none yet. */
enum status completion_find_source(const struct snapshot *snapshot, const char *organisation, const char *kind,
    const char **ret, struct error *err);
/* The same, made with its first. */
enum status completion_own_source(
    struct txn *txn, const char *kind, const char *name, const char **ret, struct error *err);
/* A record as an envelope and an item of its own; not new: the item that is there already. */
enum status completion_keep(struct txn *txn, const char *source, const char *identity, struct span raw,
    struct item_row *ret, bool *ret_new, struct error *err);
/* The completion that a new item proves. */
enum status completion_enter(struct txn *txn, const struct course_row *course, const struct item_row *item,
    const char *employee, instant_t occurred, const struct completion_said *said, const char **ret,
    struct error *err);
void completion_audit(
    struct txn *txn, const struct completion_row *row, const struct item_row *item, const char *verb);

/* The one person the keys of an item name on a day: by the aliases of the source or of all, else by number and
 * address. NULL and a reason ("unknown_person", "ambiguous_person") when there is none, or when they do not
 * agree. */
enum status completion_person(struct txn *txn, const char *source, const struct completion_key *keys,
    size_t count, date_t day, const char **ret_employee, const char **ret_reason, struct error *err);

/* The person is known: proves what waits for this course, or takes back what an undone completion had proved.
 */
enum status completion_settle(struct txn *txn, struct completion_row *row, const struct completion_said *said,
    const char *sha256, struct error *err);
/* The same by who knows already whether the latest completion of the person and course, if any, supersedes it.
 */
enum status completion_settle_standing(struct txn *txn, struct completion_row *row,
    const struct completion_said *said, const char *sha256, bool superseded, struct error *err);
/* Whether a later fact says that this completion does not count. */
bool completion_superseded(const struct completion_row *row, const struct completion_row *latest);

const char *completion_said_json(struct arena *arena, const struct completion_said *said);
/* The day it took place, in the organisation's zone. */
enum status completion_day(struct txn *txn, const struct completion_row *row, date_t *ret, struct error *err);
