/*
 * Employees: creating, changing, removing one that was a mistake. Their terms are facts, the row is what is
 * known today. On a lane.
 */
#include "work/employee.h"

#include "base/text.h"
#include "internal.h"
#include "store/person.h"
#include "training/completion.h"
#include "work/alias.h"
#include "work/changes.h"
#include "work/link.h"
#include "work/organisation.h"
#include "work/review.h"

#include <string.h>

/* A chain of managers longer than this is a circle that was not noticed. */
enum { MANAGERS_MAX = 200, EXTERNAL_IDS_MAX = 20, EXTERNAL_ID_MAX = 200 };

/* ---- checks */

static enum status employee_check_external(void *context, const char *key, const struct json *value)
{
    struct error *err = context;
    const char *text = json_text(value);
    if (!text || !text[0] || strlen(text) > EXTERNAL_ID_MAX || !key[0] || strlen(key) > EXTERNAL_ID_MAX)
        (void)error_field(
            err, "/external_ids", "expected names and texts of at most %d bytes", EXTERNAL_ID_MAX);
    return err->count > 0 ? ST_INVALID : ST_OK;
}

static void employee_check_external_ids(const struct json *ids, struct error *err)
{
    if (!ids)
        return;
    if (json_type(ids) != JSON_OBJECT || json_count(ids) > EXTERNAL_IDS_MAX)
        (void)error_field(err, "/external_ids", "expected an object of at most %d texts", EXTERNAL_IDS_MAX);
    else
        (void)json_each(ids, employee_check_external, err);
}

date_t employee_first_day(date_t hire_date, date_t seniority_date)
{
    return case_first_day(&(struct case_employee){.hire_date = hire_date, .seniority_date = seniority_date});
}

/* Dates by the rules' own check. */
enum status employee_check_alone(const struct employee *employee, struct error *err)
{
    struct error found = ERROR_INIT;
    struct duty_case facts = duty_case_init(duties_rules(), employee->hire_date);
    facts.employee.hire_date = employee->hire_date;
    facts.employee.birth_date = employee->birth_date;
    facts.employee.contract_end = employee->contract_end;
    facts.employee.exit_date = employee->exit_date;
    facts.employee.seniority_date = employee->seniority_date;
    (void)duty_case_check(&facts, &found);
    work_strip(&found, "/employee");
    employee_check_external_ids(employee->external_ids, &found);
    if (found.count == 0)
        return ST_OK;
    if (err)
        *err = found;
    return ST_INVALID;
}

/* The manager is somebody of the organisation and does not, at any remove, report to the employee. */
static enum status employee_check_manager(
    struct txn *txn, const char *employee, const char *manager, struct error *err)
{
    struct error missing = ERROR_INIT;
    const char *at = manager;
    for (int i = 0; at && i < MANAGERS_MAX; i++) {
        struct employee_row row;
        if (employee && strcmp(at, employee) == 0)
            return error_field(err, "/manager",
                i == 0 ? "an employee cannot report to themselves" : "reports to this employee already");
        enum status status = employee_get(txn_snapshot(txn), at, &row, &missing);
        if (status == ST_NOT_FOUND && i == 0)
            return error_field(err, "/manager", "is no employee of this organisation");
        if (status != ST_OK)
            return error_set(err, status, "%s", missing.detail);
        at = row.manager;
    }
    return at ? error_field(err, "/manager", "stands at the end of too long a chain of managers") : ST_OK;
}

static enum status employee_check_organisation(struct txn *txn, const char *manager, struct error *err)
{
    char key[ORG_KEY_MAX];
    if (!manager || (id_parse(manager, "emp", key) && strcmp(key, txn_organisation(txn)) == 0))
        return ST_OK;
    return error_field(err, "/manager", "is no employee of this organisation");
}

static enum status employee_check(
    struct txn *txn, const struct employee *employee, bool new_manager, struct error *err)
{
    enum status status = employee_check_alone(employee, err);
    if (status == ST_OK && new_manager)
        status = employee_check_organisation(txn, employee->manager, err);
    if (status == ST_OK && new_manager)
        status = employee_check_manager(txn, employee->id, employee->manager, err);
    return status;
}

/* ---- terms */

/* Facts of one series: `fact` tells the caller which, for the duties they move. */
static enum status employee_put_terms(struct txn *txn, const char *id, const struct employee *employee,
    const char **ret_fact, bool *ret_changed, struct error *err)
{
    struct terms terms = employee_terms(employee);
    struct list one = {.items = &terms, .count = 1};
    struct list known;
    enum status status = facts_replace(txn, &terms_facts, id, &one, ret_changed, err);
    if (status == ST_OK)
        status = facts_of(txn_snapshot(txn), &terms_facts, id, INSTANT_NONE, &known, err);
    if (status == ST_OK && known.count > 0)
        *ret_fact = ((const struct terms *)known.items)->head.id;
    return status;
}

static enum status employee_write_terms(
    struct txn *txn, const char *id, const struct employee *employee, struct error *err)
{
    bool changed = false;
    const char *fact = NULL;
    enum status status = employee_put_terms(txn, id, employee, &fact, &changed, err);
    return status == ST_OK && changed ? duties_recompute(txn, id, fact, err) : status;
}

/* ---- keys: what the platforms may call the person by */

/* A new number or address may be what something waits for; a former one goes on meaning the person for what
 * comes late. */
static enum status employee_keys_changed(struct txn *txn, const char *id, const struct employee *before,
    const struct employee *after, struct error *err)
{
    const struct {
        const char *kind, *was, *is;
    } keys[] = {{"number", before ? before->number : NULL, after->number},
        {"email", before ? before->email : NULL, after->email}};
    const struct zone *zone = NULL;
    enum status status = work_zone(txn, &zone, err);
    for (size_t i = 0; status == ST_OK && i < sizeof keys / sizeof keys[0]; i++) {
        if (text_equal(keys[i].was, keys[i].is))
            continue;
        if (keys[i].was)
            status = alias_keep_history(txn, keys[i].kind,
                completion_wait_value(txn_arena(txn), keys[i].kind, keys[i].was), id,
                zone_date(zone, txn_now(txn)), err);
        if (status == ST_OK)
            status = completion_key_appears(txn, keys[i].kind, keys[i].is, err);
    }
    return status;
}

/* ---- verbs */

bool employee_has_left(const struct snapshot *snapshot, const char *id)
{
    char key[ORG_KEY_MAX];
    struct employee_row row;
    struct organisation organisation;
    if (!id_parse(id, "emp", key) || employee_get(snapshot, id, &row, NULL) != ST_OK ||
        organisation_view(snapshot, key, &organisation, NULL) != ST_OK)
        return true;
    return row.exit_date != DATE_NONE &&
           row.exit_date <= organisation_today(&organisation, snapshot_now(snapshot));
}

enum status employee_create(
    struct txn *txn, const struct employee *in, struct employee_row *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct employee made = *in;
    made.id = id_make(arena, "emp", txn_organisation(txn), txn_now(txn));
    enum status status = employee_check(txn, &made, true, err);
    if (status != ST_OK)
        return status;
    struct employee_row row = {.id = made.id, .next_check = DATE_NONE};
    employee_fill_row(arena, &made, &row);
    status = employee_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    txn_audit(
        txn, "employee.created", row.id, changes_payload(arena, &employee_table, NULL, &made, NULL, NULL));
    status = employee_write_terms(txn, row.id, &made, err);
    if (status == ST_OK)
        status = employee_keys_changed(txn, row.id, NULL, &made, err);
    if (status == ST_OK)
        *ret = row;
    return status;
}

static enum status employee_write(struct txn *txn, struct employee_row *row, const struct employee *before,
    const struct employee *after, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    employee_fill_row(arena, after, row);
    enum status status = employee_update(txn, row, row->version, err);
    if (status != ST_OK)
        return status;
    txn_audit(
        txn, "employee.changed", row->id, changes_payload(arena, &employee_table, before, after, NULL, NULL));
    if (!text_equal(before->email, after->email))
        status = link_withdraw_all(txn, row->id, err);
    if (status == ST_OK)
        status = employee_write_terms(txn, row->id, after, err);
    return status == ST_OK ? review_follow(txn, before, after, err) : status;
}

enum status employee_change(struct txn *txn, const char *id, const struct employee *patch, int64_t expected,
    enum outcome *ret_outcome, struct employee_row *ret, struct error *err)
{
    struct employee_row row;
    struct employee before;
    enum status status = employee_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = work_expect(row.version, expected, err);
    if (status != ST_OK)
        return status;
    employee_of_row(txn_arena(txn), &row, &before);
    struct employee after = before;
    bool changed = field_merge(&employee_table, &after, patch);
    if (changed) {
        status = field_check(&employee_table, &after, err);
        if (status == ST_OK)
            status = employee_check(txn, &after, !text_equal(before.manager, after.manager), err);
        if (status == ST_OK)
            status = employee_write(txn, &row, &before, &after, err);
        if (status == ST_OK)
            status = employee_keys_changed(txn, id, &before, &after, err);
    }
    if (status == ST_OK) {
        *ret = row;
        *ret_outcome = changed ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
    }
    return status;
}

static enum status employee_refuse_removal(const struct person_traces *traces, struct error *err)
{
    if (traces->team > 0)
        return error_set(err, ST_CONFLICT, "somebody reports to this employee: name another manager first");
    if (traces->facts + traces->reviews + traces->sent + traces->plan + traces->completions == 0)
        return ST_OK;
    return error_set(err, ST_CONFLICT,
        "something was sent, held or recorded for this employee: give an exit_date instead; the person is "
        "erased "
        "when the retention period after it ends");
}

enum status employee_remove(struct txn *txn, const char *id, int64_t expected, struct error *err)
{
    struct employee_row row;
    struct person_traces traces;
    enum status status = employee_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = work_expect(row.version, expected, err);
    if (status == ST_OK)
        status = person_traces(txn_snapshot(txn), id, &traces, err);
    if (status == ST_OK)
        status = employee_refuse_removal(&traces, err);
    if (status == ST_OK)
        status = person_forget(txn, id, err);
    if (status == ST_OK)
        status = employee_delete(txn, id, expected, err);
    if (status != ST_OK)
        return status;
    struct employee removed;
    employee_of_row(txn_arena(txn), &row, &removed);
    txn_audit(txn, "employee.removed", id,
        changes_payload(txn_arena(txn), &employee_table, &removed, NULL, NULL, NULL));
    return ST_OK;
}
