/*
 * Completions that waited for their person: assigned by hand, or found again when somebody appears. On a lane.
 */
#include "completion.h"

#include "internal.h"
#include "own.h"
#include "work/plan_proof.h"

#include <string.h>

/* As many pages of what waits as one job may look at. */
enum { RETRY_PAGES_MAX = 20 };

static enum status assign_audit(struct txn *txn, const struct completion_row *row, const char *before)
{
    struct arena *arena = txn_arena(txn);
    const char *verb = row->employee ? "completion.assigned" : "completion.unassigned";
    const char *who = row->employee ? row->employee : before;
    txn_audit(txn, verb, row->id, arena_printf(arena, "{\"employee\":\"%s\"}", who));
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

static enum status assign_to(
    struct txn *txn, struct completion_row *row, const char *employee, struct error *err)
{
    struct completion_said said;
    const char *hash = NULL;
    enum status status = completion_said_of_row(txn_arena(txn), row, &said, err);
    if (status == ST_OK)
        status = assign_hash(txn, row->id, &hash, err);
    if (status != ST_OK)
        return status;
    row->employee = employee;
    row->state = said.effect ? said.effect : "completed";
    row->reason = NULL;
    status = completion_update(txn, row, 0, err);
    if (status == ST_OK)
        status = assign_audit(txn, row, NULL);
    return status == ST_OK ? completion_settle(txn, row, &said, hash, err) : status;
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

static enum status assign_aliases(struct txn *txn, const struct completion_row *row, struct error *err)
{
    struct completion_said said;
    enum status status = completion_said_of_row(txn_arena(txn), row, &said, err);
    const struct completion_key *keys = said.keys.items;
    for (size_t i = 0; status == ST_OK && i < said.keys.count; i++) {
        struct alias_row alias = {.source = row->source,
            .kind = keys[i].kind,
            .value = keys[i].value,
            .employee = row->employee,
            .valid_from = DATE_NONE,
            .valid_to = DATE_NONE};
        status = alias_add(txn, &alias, err);
        if (status == ST_OK)
            txn_audit(txn, "alias.added", row->employee,
                arena_printf(txn_arena(txn), "{\"source\":\"%s\",\"kind\":\"%s\"}", row->source, keys[i].kind));
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

static enum status retry_one(struct txn *txn, struct completion_row *row, bool *ret_found, struct error *err)
{
    struct completion_said said;
    date_t day = DATE_NONE;
    const char *employee = NULL, *reason = NULL;
    *ret_found = false;
    if (!row->reason ||
        (strcmp(row->reason, "unknown_person") != 0 && strcmp(row->reason, "ambiguous_person") != 0))
        return ST_OK;
    enum status status = completion_said_of_row(txn_arena(txn), row, &said, err);
    if (status == ST_OK)
        status = completion_day(txn, row, &day, err);
    if (status == ST_OK)
        status =
            completion_person(txn, row->source, said.keys.items, said.keys.count, day, &employee, &reason, err);
    *ret_found = status == ST_OK && employee;
    return *ret_found ? assign_to(txn, row, employee, err) : status;
}

enum status completion_retry(struct txn *txn, size_t *ret, struct error *err)
{
    struct completion_filter filter = {.state = "quarantined"};
    struct page page = {.limit = PAGE_MAX};
    enum status status = ST_OK;
    *ret = 0;
    for (unsigned pages = 0; status == ST_OK && pages < RETRY_PAGES_MAX; pages++) {
        struct completion_list list;
        status = completion_list(txn_snapshot(txn), txn_organisation(txn), &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++) {
            bool found = false;
            status = retry_one(txn, &list.items[i], &found, err);
            *ret += found;
        }
        if (status != ST_OK || !list.next)
            break;
        page.cursor = list.next;
    }
    return status;
}
