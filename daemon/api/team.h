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
/* Civil dates, rules and language of the organisation the call works in. */
enum status call_frame(
    const struct snapshot *snapshot, const struct call *call, struct duties_frame *ret, struct error *err);
