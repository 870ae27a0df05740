#pragma once
/*
 * Asking a source for completions: its configuration, the plan of its runs, and what each step leaves in the
 * store. A run begins when it is due, goes on from its cursor after any interruption, and ends with everything
 * asked for accepted as if it had been posted. The network is the caller's.
 */
#include "base/secret.h"
#include "lms/pull.h"
#include "store/operation.h"
#include "work/source.h"

/* ---- configuration, for work/source.c */

/* `source` as it is to be, url and pull included; `credential` NULL keeps what there is. Without a url the
 * source is not asked any more. ST_INVALID with pointers. */
enum status pull_configure(
    struct txn *txn, const struct source *source, const char *credential, bool changed, struct error *err);
/* Fills url, pull, sync, replaying, jwks_url and jwks of a source. */
enum status pull_show(
    const struct snapshot *snapshot, struct arena *arena, struct source *source, struct error *err);

/* How the source is asked, in `arena` (`mapping` is borrowed); NULL: it only posts. */
enum status pull_of_source(const struct snapshot *snapshot, struct arena *arena, const struct source *source,
    const struct lms_pull **ret, struct error *err);

#define PULL_SYNC "source_sync" /* kind of the operations */
/* A run now, a sweep if wanted; the operation ends with the run. ST_CONFLICT: the source is not asked, or
 * paused. */
enum status pull_want(
    struct txn *txn, const char *source, bool sweep, struct operation_row *ret, struct error *err);

/* ---- running */

/* What the caller needs between two steps, on memory of its own. */
struct pull_open {
    struct arena *arena;
    const char *source, *organisation;
    struct lms_pull pull;
    enum lms_pull_auth auth;
    struct secret *credential; /* may be NULL */
    struct secret *token;      /* oauth2, NULL: to be bought */
    unsigned concurrency;
    const char *cursor; /* of the step to do */
};
void pull_close(struct pull_open *open);

enum { PULL_LEASE_S = 60 /* from step to step */ };

/* Sources of the organisation that are due: begun if no run is under way, and leased. `only` NULL, or the one
 * source to try without beginning a run. */
struct pull_claims {
    struct pull_open **items;
    size_t count;
};
enum status pull_claim(
    struct txn *txn, struct arena *arena, unsigned limit, struct pull_claims *ret, struct error *err);
/* Opens a source to try its connection: the cursor is of a run that is not stored. */
enum status pull_try(struct txn *txn, const char *source, struct pull_open **ret, struct error *err);

enum pull_end {
    PULL_GOES_ON, /* open->cursor is the next step's */
    PULL_ENDED,   /* the run is over, or somebody else goes on with it */
    PULL_RESTS,   /* it failed; when it goes on is in the store */
};
struct pull_outcome {
    enum pull_end end;
    const char *cursor;          /* GOES_ON, in the arena of the job */
    const char *problem;         /* RESTS, the same */
    struct operation_list ended; /* operations that ended with it, the same */
};
/* Stores what the calls of a step brought, and the next cursor with it. `retry_after`: what the platform asked
 * for, microseconds, -1 = nothing. */
enum status pull_step(struct txn *txn, const struct pull_open *open, const struct lms_exchanges *done,
    int64_t retry_after, struct pull_outcome *ret, struct error *err);
/* A call could not be made. `refused`: not without the operator. */
enum status pull_fail(struct txn *txn, const struct pull_open *open, const char *problem, bool refused,
    int64_t retry_after, struct pull_outcome *ret, struct error *err);
/* The token of OAuth2 for the next `life` seconds; NULL forgets it. */
enum status pull_keep_token(
    struct txn *txn, const struct pull_open *open, const char *token, int64_t life, struct error *err);
