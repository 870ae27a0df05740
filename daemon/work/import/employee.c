/*
 * Rows that are employees: made or changed by their number. On lanes.
 */
#include "base/text.h"
#include "work.h"

static const struct employee *employee_row_is(const struct import_head *row)
{
    return &((const struct import_employee *)(const void *)row)->is;
}

/* Somebody new, as the row says. */
static struct employee employee_made(const struct import_head *row, const char *manager)
{
    struct employee made = *employee_row_is(row);
    made.number = row->number;
    made.manager = manager;
    return made;
}

/* What the row changes of somebody known. */
static struct employee employee_patch(const struct import_head *row, const char *manager)
{
    struct employee patch = *employee_row_is(row);
    patch.manager = manager;
    for (size_t i = 0; i < employee_table.count; i++) {
        if (employee_table.fields[i].at != offsetof(struct employee, manager))
            continue;
        patch.given.present |= manager || row->other_cleared ? UINT64_C(1) << i : 0;
        patch.given.cleared |= row->other_cleared ? UINT64_C(1) << i : 0;
    }
    return patch;
}

static enum status employee_merged(const struct snapshot *snapshot, const struct import_head *row,
    const char *id, const char *manager, struct employee *ret, bool *ret_changed, struct error *err)
{
    struct employee_row known;
    enum status status = employee_get(snapshot, id, &known, err);
    if (status != ST_OK)
        return status;
    struct employee patch = employee_patch(row, manager);
    employee_of_row(snapshot_arena(snapshot), &known, ret);
    *ret_changed = field_merge(&employee_table, ret, &patch);
    return ST_OK;
}

enum status import_employee_check(
    const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err)
{
    struct error found = ERROR_INIT;
    struct employee after;
    bool changed = true;
    const char *id = file->people[row->person].id;
    if (!id) {
        file->fresh += !row->refused;
        after = employee_made(row, NULL);
        (void)field_check(&employee_table, &after, &found);
    } else {
        enum status status = employee_merged(snapshot, row, id, NULL, &after, &changed, err);
        if (status != ST_OK)
            return status;
    }
    if (found.count == 0 && changed)
        (void)employee_check_alone(&after, &found);
    import_refuse_error(file, row, &found);
    return ST_OK;
}

enum status import_employee_foresee(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    const char *id = file->people[row->person].id;
    struct employee after;
    bool changed = true;
    *ret = OUTCOME_CREATED;
    if (!id)
        return ST_OK;
    /* A manager that this file makes is nobody yet, and not the one there is. */
    const char *manager = row->other_person == IMPORT_NOBODY ? NULL : file->people[row->other_person].id;
    enum status status = employee_merged(snapshot, row, id, manager, &after, &changed, err);
    changed |= row->other_person != IMPORT_NOBODY && !manager;
    *ret = changed ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
    return status;
}

enum status import_employee_apply(struct txn *txn, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(txn);
    const char *manager = NULL;
    struct employee_row known;
    enum status status = ST_OK;
    if (row->other_person != IMPORT_NOBODY)
        status = import_person_id(snapshot, file, row->other_person, &manager, err);
    if (status != ST_OK)
        return error_field(err, "/manager", "is no employee of this organisation");
    status = employee_by_number(snapshot, file->organisation, row->number, &known, err);
    if (status == ST_OK) {
        struct employee patch = employee_patch(row, manager);
        return employee_change(txn, known.id, &patch, 0, ret, &known, err);
    }
    if (status != ST_NOT_FOUND)
        return status;
    error_clear(err);
    struct employee made = employee_made(row, manager);
    status = employee_create(txn, &made, &known, err);
    if (status == ST_OK)
        *ret = OUTCOME_CREATED;
    return status;
}
