#pragma once
/* What platforms have stated, deleted with all the keys that find it. Inside the module; on a write lane. */
#include "store/statement.h"
#include "store/txn.h"

enum { FORGET_STATEMENTS = 50 }; /* in one go */

enum status statements_forget(struct txn *txn, const struct statement_list *list, struct error *err);
/* Before the rows about the employee are erased, which tell what is theirs. */
enum status statements_forget_person(struct txn *txn, const char *employee, struct error *err);
