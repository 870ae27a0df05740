#pragma once
/* What an employee prepares for a review: a draft that is nobody else's, and what was handed in. */
#include "store/page.h"
#include "store/txn.h"

struct preparation_row {
    const char *review;
    const char *employee;
    const char *body;     /* JSON object: the draft */
    const char *handed;   /* the draft as it was when it was handed in, NULL: it is not */
    instant_t handed_at;  /* INSTANT_NONE: it is not */
    instant_t updated_at; /* of the draft */
};

/* ST_NOT_FOUND when nothing was written for that review yet. */
enum status preparation_get(
    const struct snapshot *snapshot, const char *review, struct preparation_row *ret, struct error *err);
/* Adds or replaces it; updated_at is filled in. ST_NOT_FOUND when there is no such review. */
enum status preparation_put(struct txn *txn, struct preparation_row *row, struct error *err);
