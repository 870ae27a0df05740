#pragma once
/* A duty as the interface shows it. */
#include "op.h"
#include "team.h"

/* Of one duty in lists, and of the answer about one employee: for the interface's description. */
extern const struct field_table duty_table, employee_duties_table;

/* One of the duties of a view, by its index. */
struct duty_shown {
    const struct employee_row *employee;
    const struct duties_view *view;
    bool closed;
    size_t index;
};
/* Whether a text of a query names one. */
bool duty_is_state(const char *text);
bool duty_is_kind(const char *text);
/* {"id": ..., ...} with reasons in full for HR, without why somebody was away for others. */
void duty_write_shown(
    const struct call *call, const struct duty_shown *shown, enum lang lang, struct json_writer *w);
