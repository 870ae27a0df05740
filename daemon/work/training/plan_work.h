#pragma once
/* What the use cases of needs, actions and plans share. */
#include "work/plan.h"

extern const struct field_table need_body_table, action_body_table, plan_body_table;
extern const struct field_table need_audit_table, action_audit_table, plan_audit_table;

enum { NEED_ACTIONS_MAX = 200 };

enum status need_of_row(struct arena *arena, const struct need_row *row, struct need *ret, struct error *err);
/* Makes the state of a need follow its actions; `cause` is the action that changed. */
enum status need_follow(struct txn *txn, const char *need, const char *cause, struct error *err);

enum status action_of_row(
    struct arena *arena, const struct action_row *row, struct action *ret, struct error *err);
/* Writes the action over its row, with all that follows from it; the need it answers follows. */
enum status action_store(
    struct txn *txn, const struct action *action, struct action_row *row, struct error *err);
/* Payload of an audit record: the employee, what changed, and these members unless NULL. */
const char *action_payload(struct arena *arena, const struct action *before, const struct action *after,
    const char *completion, const char *sha256);
/* Fields at fault into `err`: dates and hours that contradict each other. */
void action_check_dates(const struct action *action, struct error *err);
/* It took place on that day: what follows from being done. */
void action_finish(struct action *action, date_t day);
/* Whether evidence stands: a completion, or a certificate. */
enum status action_is_proved(
    const struct snapshot *snapshot, const struct action *action, bool *ret, struct error *err);

/* The members of a table as a JSON object for a column. */
const char *plan_body(struct arena *arena, const struct field_table *table, const void *in);
/* The orientations named for a year: ST_INVALID at "/orientation" when there are some and this is none. */
enum status plan_check_orientation(struct txn *txn, int64_t year, const char *orientation, struct error *err);
