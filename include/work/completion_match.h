#pragma once
/*
 * Completions and the actions they prove, where no course code says so: ranked proposals for a person, and what
 * that person decides.
 */
#include "work/completion.h"
#include "work/plan.h"

struct match_proposal {
    const char *action; /* "act_..." */
    const char *title, *state;
    int64_t score; /* 1 to 100 */
    const char *why;
};
extern const struct field_table match_proposal_table;

enum { MATCH_PROPOSALS = 10 };
/* The best actions of the completion's employee, the best first; none while nobody is known for it. */
enum status completion_proposals(
    const struct snapshot *snapshot, const char *id, struct list *ret, struct error *err);

/* The completion proves this action; `action` NULL: it proves none any more, which stays on record.
 * ST_CONFLICT: it is not a completion of somebody, or proves another action. */
enum status completion_match(struct txn *txn, const char *id, const char *action, const char *reason,
    struct completion_row *ret, struct error *err);
