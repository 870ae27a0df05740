#pragma once
/* What the files about completions share. */
#include "work/completion.h"

/* The one person the keys of an item name on a day: aliases of the source first, then number, then address.
 * NULL and a reason ("unknown_person", "ambiguous_person") when there is none or more than one. */
enum status completion_person(struct txn *txn, const char *source, const struct completion_key *keys,
    size_t count, date_t day, const char **ret_employee, const char **ret_reason, struct error *err);

/* The person is known: proves what waits for this course, or takes back what an undone completion had proved.
 */
enum status completion_settle(struct txn *txn, struct completion_row *row, const struct completion_said *said,
    const char *sha256, struct error *err);

/* Items that came with `request` (what was posted, or the answer to what was asked) into the inbox. */
enum status completion_accept(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_envelope *parsed, struct completion_receipt *ret,
    struct error *err);

const char *completion_said_json(struct arena *arena, const struct completion_said *said);
/* The day it took place, in the organisation's zone. */
enum status completion_day(struct txn *txn, const struct completion_row *row, date_t *ret, struct error *err);
