#pragma once
/*
 * The keys that signed tokens of a source are verified with: fetched when the source is saved, and again every
 * few hours. Keys that the platform has taken out of its set stay good for a day, so that what was signed
 * before a rotation is still accepted.
 */
#include "store/jwks.h"
#include "work/source.h"

/* ---- for work/source.c */

/* Without a jwks_url nothing is fetched any more. */
enum status jwks_configure(struct txn *txn, const struct source *source, bool changed, struct error *err);
/* Fills jwks_url and jwks of a source. */
enum status jwks_show(
    const struct snapshot *snapshot, struct arena *arena, struct source *source, struct error *err);
/* The keys that are good now, as one set; NULL: none. */
enum status jwks_good(const struct snapshot *snapshot, struct arena *arena, const char *source,
    const char **ret, struct error *err);

/* A token names a key that is not there: the set is fetched now. Nothing when the source fetches none. */
enum status jwks_want(struct txn *txn, const char *source, struct error *err);

/* ---- fetching */

enum { JWKS_LEASE_S = 60 };
/* What is due, leased. */
enum status jwks_claim(struct txn *txn, unsigned limit, struct jwks_list *ret, struct error *err);
/* What came: a set, or why there is none. *ret_problem: what is wrong with it, NULL: nothing. */
enum status jwks_take(struct txn *txn, const char *source, struct span body, const char *problem,
    const char **ret_problem, struct error *err);
