#pragma once
/* A recap as the interface shows it. */
#include "op.h"
#include "store/employee.h"
#include "work/recap.h"

extern const struct field_table recap_table;

struct recap_shown {
    const struct employee_row *employee;
    const struct recap_view *view;
    const struct recap_cycle *cycle; /* NULL: nothing is owed to this employee */
    date_t as_of, known_on, today;
    enum lang lang;
    enum duty_detail detail;
    bool exposure; /* with what may be owed */
};
void recap_write_shown(const struct call *call, const struct recap_shown *shown, struct json_writer *w);
