#pragma once
/*
 * Who may see what of whom. Managers see their own team, the employees who report to them; only HR and
 * administrators see why somebody is away.
 */
#include "op.h"
#include "store/employee.h"
#include "work/duties.h"

bool call_sees_reasons(const struct call *call);
/* Whether the caller may see this employee. */
bool call_sees(const struct call *call, const struct employee_row *row);
/* Whose team a list is narrowed to when that of `asked` is asked for; NULL = everybody's. Managers read no rows
 * but those of their own team: a cursor tells of the last row that was read. */
const char *call_team_of(const struct call *call, const char *asked);
/* ST_NOT_FOUND unless the caller may see this employee. */
enum status call_sees_employee(
    const struct snapshot *snapshot, const struct call *call, const char *employee, struct error *err);
/* The employee of the path: ST_NOT_FOUND when there is none here or the caller may not see them. */
enum status call_employee(
    const struct snapshot *snapshot, const struct call *call, struct employee_row *ret, struct error *err);
/* The day an answer is asked for, and the day whose knowledge it is judged with. */
struct as_of {
    date_t as_of, known_on;
    instant_t known_at; /* INSTANT_NONE: what is known now */
};
#define AS_OF_FIELDS(query)                                                                                    \
    FIELD(query, as_of, FIELD_DATE,                                                                            \
        .doc = "Rules in force and facts dated by this day, as recorded by its end; a future day is a "        \
               "projection."),                                                                                 \
        FIELD(query, known_on, FIELD_DATE,                                                                     \
            .doc = "Judge that day with what was recorded by the end of this one.")
/* DATE_NONE twice: today. Loads the frame as it was known then. */
enum status call_as_of(const struct snapshot *snapshot, const struct call *call, date_t as_of, date_t known_on,
    struct duties_frame *ret_frame, struct as_of *ret, struct error *err);
/* Civil dates, rules and language of the organisation the call works in. */
enum status call_frame(
    const struct snapshot *snapshot, const struct call *call, struct duties_frame *ret, struct error *err);
