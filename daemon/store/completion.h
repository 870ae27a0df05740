#pragma once
/* What the files about completions share. */
#include "store/completion.h"

#include "internal.h"

#define COMPLETION_COLUMNS                                                                                     \
    "id, source, identity, course, employee, state, reason, occurred_at, body, version, created_at, "          \
    "updated_at, declare_by, declared_on"

/* That no later word of its platform takes the completion `c` back. */
#define COMPLETION_STANDS(c)                                                                                   \
    "NOT EXISTS (SELECT 1 FROM completion u WHERE u.organisation = " c ".organisation "                        \
    "AND u.employee = " c ".employee AND u.course = " c ".course AND u.state = 'undone' "                      \
    "AND u.occurred_at >= " c ".occurred_at)"

/* The rows of a query of these columns, to its end. */
enum status completion_collect(
    const struct snapshot *snapshot, struct db_rows *rows, struct completion_list *ret, struct error *err);
void item_fill(const struct db_rows *rows, struct arena *arena, struct item_row *row);
