#pragma once
/* What the operations on reviews share. */
#include "op.h"
#include "store/review.h"

/* The review of the path: ST_NOT_FOUND when there is none here or it is of somebody the caller may not see. */
enum status call_review(
    const struct snapshot *snapshot, const struct call *call, struct review_row *ret, struct error *err);
/* The same, and If-Match names its version. */
enum status call_review_expected(
    struct txn *txn, const struct call *call, struct review_row *ret, struct error *err);
