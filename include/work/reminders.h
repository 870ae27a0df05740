#pragma once
/*
 * Reminders as deliveries: the policy of model/reminder.h applied to the duties and reviews of the employees
 * whose day has come. Each rung goes out once for its day; what had passed already when a date appeared (after
 * an import, say) is collected into one digest for HR and one for each manager.
 */
#include "store/txn.h"

/* The job's verb: looks at no more than `limit` employees of the job's organisation, then writes the digest
 * when nobody is left to look at. *ret_done: employees looked at and digest lines written; 0: nothing is left
 * for today. */
enum status reminders_tick(struct txn *txn, unsigned limit, unsigned *ret_done, struct error *err);
