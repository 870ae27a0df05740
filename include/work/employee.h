#pragma once
/*
 * Employees. Their terms (dates and contract) are facts, every version kept; the employee row is what is known
 * today. A change of terms recomputes the duties in the same transaction. Completions that wait for somebody
 * are looked at by completion_retry() (work/completion.h), once after one or many changes.
 */
#include "base/date.h"
#include "base/field.h"
#include "base/json.h"
#include "store/employee.h"
#include "work/outcome.h"

#include <stdint.h>

enum employee_sex { SEX_FEMALE, SEX_MALE };
extern const char *const employee_sex_names[];

struct employee {
    const char *id;
    const char *organisation; /* "org_..." */
    const char *number;       /* payroll number, unique in the organisation */
    const char *given_name, *family_name;
    const char *email;
    const char *manager; /* id of an employee */
    const char *establishment, *category;
    int sex;      /* enum employee_sex: for the yearly figures only */
    int contract; /* enum contract_kind */
    date_t hire_date, seniority_date, birth_date, contract_end;
    date_t exit_date; /* the first day the person is gone */
    int locale;       /* enum lang, FIELD_UNSET = the organisation's */
    const char *calendar_url;
    const struct json *external_ids; /* {"name of a system": "id there"} */
    instant_t created_at, updated_at;
    struct given given;
    int64_t version; /* of the row: its ETag */
};
extern const struct field_table employee_table;

void employee_of_row(struct arena *arena, const struct employee_row *row, struct employee *ret);

/* What is recorded about somebody happened from this day on, see case_first_day(). */
date_t employee_first_day(date_t hire_date, date_t seniority_date);

/* By today, as the organisation counts days; so has who is not there. */
bool employee_has_left(const struct snapshot *snapshot, const char *id);

/* Errors: ST_INVALID with pointers (dates that contradict each other, "/manager" of another organisation),
 * ST_CONFLICT at "/number". `in` was read by employee_table when creating (or looked at with field_check). */
enum status employee_create(
    struct txn *txn, const struct employee *in, struct employee_row *ret, struct error *err);
/* Merges the patch (fields marked in `given`). A patch that says nothing new is OUTCOME_UNCHANGED and writes
 * nothing. A manager below the employee is ST_INVALID at "/manager". */
enum status employee_change(struct txn *txn, const char *id, const struct employee *patch, int64_t expected,
    enum outcome *ret_outcome, struct employee_row *ret, struct error *err);
/* ST_CONFLICT when anything was sent to, held with or recorded about the person, or somebody reports to them.
 */
enum status employee_remove(struct txn *txn, const char *id, int64_t expected, struct error *err);
