#pragma once
/*
 * How long personal data is kept: contents of mails, raw bodies of what came in, whole people some years after
 * they left. On a lane.
 */
#include "base/field.h"
#include "store/retention.h"

/* Microseconds; 0 = for good. */
struct retention_terms {
    int64_t mail, raw, departed;
};

/* What has outlived its term by now. */
struct retention {
    int64_t mails, records, replies, statements, people;
    struct list departed; /* of struct retention_person, who left first, at most RETENTION_SHOWN */
    instant_t last_run, next_at;
    int running;
};
struct retention_person {
    const char *id, *number;
    date_t exit_date;
};
enum { RETENTION_SHOWN = 100 };
extern const struct field_table retention_table;

enum status retention_view(const struct snapshot *snapshot, const char *organisation,
    const struct retention_terms *terms, struct retention *ret, struct error *err);
/* Makes it due now. */
enum status retention_ask(struct txn *txn, struct error *err);
/* Some of it, in a job of an organisation or of "system"; *ret_done 0: nothing is left until tomorrow. */
enum status retention_tick(
    struct txn *txn, const struct retention_terms *terms, unsigned *ret_done, struct error *err);
