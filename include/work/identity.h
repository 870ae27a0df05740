#pragma once
/*
 * Identities on platforms that were taken for the wrong person: merged, when two employees were one; split,
 * when a key meant somebody else. The keys mean the other person from then on, and what was attributed by them
 * goes over: it proves actions of the other plan and none of the former. What people see of reviews and facts
 * is not touched. Everything is audited under both; no evidence is deleted.
 *
 * One transaction moves all keys, but of the completions no more than IDENTITY_SLICE: whoever has more is left
 * with each of them proved by the one or the other, and the same order again moves the next ones. An order that
 * nothing is left of changes nothing.
 */
#include "base/field.h"
#include "store/txn.h"

struct identity_merge {
    const char *employee; /* who was somebody else */
    const char *into;     /* who it is */
};
extern const struct field_table identity_merge_table;

struct identity_split {
    const char *employee; /* whom the key was taken for */
    const char *into;     /* whom it means */
    const char *source;   /* NULL: on any platform */
    int kind;             /* enum lms_key_kind */
    const char *value;
    date_t from; /* DATE_NONE: it always did */
};
extern const struct field_table identity_split_table;

enum { IDENTITY_SLICE = 200 };

struct identity_outcome {
    const char *employee; /* who has it now */
    int64_t keys, completions;
    int64_t ambiguous; /* their other keys mean the former person: put aside */
    bool more;         /* completions are left: the same order again moves them */
};
extern const struct field_table identity_outcome_table;

/* All keys of the one, its number and its mail address too, and its completions. ST_INVALID at fields. */
enum status identity_merge(
    struct txn *txn, const struct identity_merge *order, struct identity_outcome *ret, struct error *err);
/* One key, and the completions that came by it. ST_INVALID at fields; ST_CONFLICT: the key is a third person's.
 */
enum status identity_split(
    struct txn *txn, const struct identity_split *order, struct identity_outcome *ret, struct error *err);
