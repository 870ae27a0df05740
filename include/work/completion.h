#pragma once
/*
 * Completions: received from platforms, attributed to people, put aside when they cannot be, and proving the
 * actions of the plan. Evidence is never deleted: what a platform takes back is a new record.
 */
#include "base/date.h"
#include "base/field.h"
#include "lms/platform.h"
#include "store/completion.h"
#include "store/employee.h"
#include "work/attribution.h"
#include "work/outcome.h"
#include "work/source.h"

#include <stddef.h>

/* What is kept of what a platform said; `body` of the row. */
struct completion_said {
    struct list keys; /* of struct completion_key */
    const char *event_id, *course_id, *course_code, *course_title, *status, *effect, *problem;
    const char *score;
    int64_t minutes;
    int day_only;
    const char *certificate_id, *certificate_url;
    instant_t expires;
};
struct completion_key {
    const char *kind, *value;
};
extern const struct field_table completion_said_table;

enum status completion_said_of_row(
    struct arena *arena, const struct completion_row *row, struct completion_said *ret, struct error *err);

struct completion_receipt {
    size_t received, completions, duplicates, quarantined, ignored;
};

/* A verified body: stores envelope, items and completions, and proves what they prove. `verdict` and `request`
 * as lms_verify() saw them. ST_TOO_LARGE: too many records. */
enum status completion_receive(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_verdict *verdict, struct completion_receipt *ret,
    struct error *err);

/* Items that came with `request` (what was posted, or the answer to what was asked) into the inbox. */
enum status completion_accept(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_envelope *parsed, struct completion_receipt *ret,
    struct error *err);

/* A completion of the past, from an import: recognised by employee, course, day and reference. The course is
 * one of a source of the kind "import", which the organisation gets with its first. */
struct completion_record {
    const char *employee;
    const char *course; /* its title */
    date_t day;
    int64_t minutes;       /* FIELD_INT_NONE: not known */
    const char *mandatory; /* "yes", "no", "unknown": what the course is from now on; NULL = as it was */
    const char *reference; /* of the certificate, may be NULL */
};
enum status completion_record(
    struct txn *txn, const struct completion_record *record, enum outcome *ret, struct error *err);
/* What completion_record would do. */
enum status completion_foresee(const struct snapshot *snapshot, const char *organisation,
    const struct completion_record *record, enum outcome *ret, struct error *err);

/* What the body would become, storing nothing: {"items": [...]}. */
enum status completion_preview(struct arena *arena, const struct source_reader *source,
    const struct lms_request *request, struct span content, instant_t now, struct json_writer *w,
    struct error *err);

/* By hand: `employee` NULL un-assigns (evidence of actions no longer counts). `alias`: the source's keys mean
 * this person from now on. ST_CONFLICT: assigned to somebody else already. */
enum status completion_assign(struct txn *txn, const char *id, const char *employee, bool alias,
    struct completion_row *ret, struct error *err);
