#pragma once
/*
 * What is kept for a term only. The contents of mails at rest, and the raw bodies of what platforms and
 * calendars have sent, are emptied: the rows stay with their hashes, so that what was sent or received, when,
 * to and by whom can still be told and proved. People who left are erased: every row about them goes, the audit
 * records stay without their payloads, so that the chain still verifies.
 */
#include "base/buf.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

/* What was there before each of these has outlived its term; INSTANT_NONE, DATE_NONE = kept for good. */
struct retention_limits {
    instant_t mail;
    instant_t raw;
    date_t departed; /* the last day of exit */
};

struct retention_counts {
    int64_t mails, records, replies, statements, people;
    int64_t refusals; /* of lines of imports, with the mails: not counted before */
};

/* Someone who left that long ago. */
struct departed {
    const char *id, *number;
    date_t exit_date;
};
struct departed_list {
    struct departed *items;
    size_t count;
};

/* How much has outlived its term in an organisation ("system" too, which has replies only). */
enum status retention_count(const struct snapshot *snapshot, const char *organisation,
    const struct retention_limits *limits, struct retention_counts *ret, struct error *err);
/* At most `limit`, who left first. */
enum status retention_departed(const struct snapshot *snapshot, const char *organisation, date_t until,
    unsigned limit, struct departed_list *ret, struct error *err);

/* Empties up to `limit` mails, records and replies each; adds to *counts. */
enum status retention_empty(struct txn *txn, const struct retention_limits *limits, unsigned limit,
    struct retention_counts *counts, struct error *err);

struct address_list {
    const char *const *items;
    size_t count;
};
/* Every address that is or was an employee's, as far as rows tell; none that is somebody else's by now. */
enum status person_addresses(const struct snapshot *snapshot, const char *organisation, const char *employee,
    struct address_list *ret, struct error *err);

struct person_item {
    const char *id, *source;
    struct span raw; /* empty once its term is over */
};
struct person_item_list {
    const struct person_item *items;
    size_t count;
};
/* What was received about an employee's completions, by id, after the id `after` ("": the first). */
enum status person_items(const struct snapshot *snapshot, const char *organisation, const char *employee,
    const char *after, unsigned limit, struct person_item_list *ret, struct error *err);

/* Deletes every row about an employee and what names them in rows about others, the employee's own row last;
 * empties the payloads of the audit records about them. xAPI statements are left to the caller, who knows their
 * keys (store/statement.h). */
enum status person_erase(struct txn *txn, const char *employee, struct error *err);
