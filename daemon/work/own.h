#pragma once
/*
 * Ids that come in requests: what they name must be of the job's organisation. ST_INVALID at `pointer` when it
 * is not, or is not there; another failure as it is.
 */
#include "store/employee.h"
#include "store/review.h"
#include "store/txn.h"

enum status own_employee(
    struct txn *txn, const char *id, const char *pointer, struct employee_row *ret, struct error *err);
enum status own_review(
    struct txn *txn, const char *id, const char *pointer, struct review_row *ret, struct error *err);
/* Whether the id is of that kind and of the job's organisation; nothing is looked up. */
bool own_id(const struct txn *txn, const char *id, const char *kind);
