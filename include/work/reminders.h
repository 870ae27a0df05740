#pragma once
/*
 * Reminders as deliveries: the policy of model/reminder.h applied to the duties and reviews of the employees
 * whose day has come. Each rung speaks once for its day. Those who meet get a letter each. Those who plan and
 * follow up (managers, interviewers, HR) get one letter for all that became due in one look: about one thing,
 * or a digest. It leaves when work begins, in the organisation's zone, hours and holidays; about dates that
 * have only just appeared, the next morning: neither an import nor a day on which people are entered one by one
 * gives a burst. While deliveries are held the lines wait, and are checked again when they are written.
 */
#include "store/txn.h"

/* The job's verb: looks at no more than `limit` employees of the job's organisation, then writes the lines when
 * nobody is left to look at. *ret_done: employees looked at, or lines written; 0: nothing is left for today. */
enum status reminders_tick(struct txn *txn, unsigned limit, unsigned *ret_done, struct error *err);

/* HR's week: what waits for somebody, in one letter each Monday morning (the organisation's zone); none when
 * nothing does. *ret_done: 1 when its day had come. */
enum status digest_tick(struct txn *txn, unsigned *ret_done, struct error *err);
