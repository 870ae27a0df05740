/*
 * Completions that waited for their person and got it, by hand or because it appeared, or that lost it. On a
 * lane.
 */
#include "completion.h"

#include "internal.h"
#include "own.h"
#include "work/alias.h"
#include "work/plan_proof.h"

#include <string.h>

static enum status assign_audit(struct txn *txn, const struct completion_row *row, const char *before)
{
    const char *verb = row->employee ? "completion.assigned" : "completion.unassigned";
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "employee", row->employee ? row->employee : before);
    jw_member_instant(&w, "occurred_at", row->occurred_at);
    jw_close(&w, '}');
    txn_audit(txn, verb, row->id, out.data);
    return ST_OK;
}

/* The evidence an assigned completion carries on: the item it came in. */
static enum status assign_hash(struct txn *txn, const char *id, const char **ret, struct error *err)
{
    struct completion_items items;
    enum status status = completion_evidence(txn_snapshot(txn), id, &items, err);
    if (status == ST_OK)
        *ret = items.count ? items.items[0].sha256 : "";
    return status;
}

void completion_source_close(void *reader)
{
    source_close(reader);
}

enum status completion_found(
    struct txn *txn, struct completion_row *row, const struct completion_said *said, struct error *err)
{
    const char *hash = NULL;
    enum status status = assign_hash(txn, row->id, &hash, err);
    if (status == ST_OK && row->employee)
        status = assign_audit(txn, row, NULL);
    return status == ST_OK ? completion_settle(txn, row, said, hash, err) : status;
}

static enum status assign_to(
    struct txn *txn, struct completion_row *row, const char *employee, struct error *err)
{
    struct completion_said said;
    enum status status = completion_said_of_row(txn_arena(txn), row, &said, err);
    if (status != ST_OK)
        return status;
    row->employee = employee;
    row->state = said.effect ? said.effect : "completed";
    row->reason = NULL;
    status = completion_update(txn, row, 0, err);
    if (status == ST_OK)
        status = completion_wait_drop(txn, row->id, err);
    return status == ST_OK ? completion_found(txn, row, &said, err) : status;
}

static enum status unassign(struct txn *txn, struct completion_row *row, struct error *err)
{
    struct evidence_list evidence;
    const char *before = row->employee;
    enum status status = evidence_of_completion(txn_snapshot(txn), row->id, &evidence, err);
    for (size_t i = 0; status == ST_OK && i < evidence.count; i++)
        if (evidence.items[i].undone_at == INSTANT_NONE)
            status = action_unprove(
                txn, evidence.items[i].action, row->id, "the completion is not this person's", err);
    row->employee = NULL;
    row->state = "quarantined";
    row->reason = "unassigned";
    if (status == ST_OK)
        status = completion_update(txn, row, 0, err);
    return status == ST_OK ? assign_audit(txn, row, before) : status;
}

/* The platform's keys mean this person from now on, those that are free. */
static enum status assign_aliases(struct txn *txn, const struct completion_row *row, struct error *err)
{
    struct completion_said said;
    enum status status = completion_said_of_row(txn_arena(txn), row, &said, err);
    const struct completion_key *keys = said.keys.items;
    for (size_t i = 0; status == ST_OK && i < said.keys.count; i++) {
        struct alias made, alias = {.source = row->source,
                               .kind = work_name_index(lms_key_names, keys[i].kind),
                               .value = keys[i].value,
                               .employee = row->employee,
                               .valid_from = DATE_NONE,
                               .valid_to = DATE_NONE};
        struct error taken = ERROR_INIT;
        status = alias_create(txn, &alias, &made, &taken);
        if (status != ST_OK && status != ST_CONFLICT)
            return error_set(err, status, "%s", taken.detail);
        status = ST_OK;
    }
    return status;
}

enum status completion_assign(struct txn *txn, const char *id, const char *employee, bool alias,
    struct completion_row *ret, struct error *err)
{
    struct employee_row person;
    enum status status = completion_get(txn_snapshot(txn), id, ret, err);
    if (status != ST_OK)
        return status;
    if (!employee)
        return ret->employee ? unassign(txn, ret, err) : ST_OK;
    if (ret->employee && strcmp(ret->employee, employee) != 0)
        return error_set(err, ST_CONFLICT, "it is somebody else's completion: un-assign it first");
    status = own_employee(txn, employee, "/employee", &person, err);
    if (status == ST_OK && !ret->employee)
        status = assign_to(txn, ret, person.id, err);
    return status == ST_OK && alias ? assign_aliases(txn, ret, err) : status;
}
