/*
 * Completions prove actions, or take their proof back. On a write lane.
 */
#include "work/plan_proof.h"

#include "base/text.h"
#include "internal.h"
#include "own.h"
#include "plan_work.h"
#include "store/completion.h"

/* A course may be completed this long before the period it was planned for. */
enum { MATCH_EARLY_DAYS = 92 };

static enum status proof_load(
    struct txn *txn, const char *id, struct action_row *row, struct action *ret, struct error *err)
{
    if (!own_id(txn, id, "act"))
        return error_set(err, ST_NOT_FOUND, "there is no action %s", id ? id : "");
    enum status status = action_get(txn_snapshot(txn), id, row, err);
    return status == ST_OK ? action_of_row(txn_arena(txn), row, ret, err) : status;
}

static enum status proof_check_person(
    struct txn *txn, const struct action *action, const char *completion, struct error *err)
{
    struct completion_row row;
    if (!own_id(txn, completion, "cpl"))
        return error_set(err, ST_NOT_FOUND, "there is no completion %s", completion ? completion : "");
    enum status status = completion_get(txn_snapshot(txn), completion, &row, err);
    if (status != ST_OK || text_equal(row.employee, action->employee))
        return status;
    return error_set(err, ST_NOT_FOUND, "%s is no completion of the employee of the action", completion);
}

static void proof_certificate(struct arena *arena, const struct action_proof *proof, struct action *action)
{
    if (!proof->certificate || action->certificate)
        return;
    struct action_certificate *certificate = ARENA_NEW(arena, struct action_certificate);
    *certificate = (struct action_certificate){.reference = proof->certificate, .date = proof->done_on};
    action->certificate = certificate;
}

enum status action_prove(
    struct txn *txn, const char *action, const struct action_proof *proof, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct action_row row;
    struct action before;
    bool fresh = false;
    enum status status = proof_load(txn, action, &row, &before, err);
    if (status != ST_OK)
        return status;
    if (before.state == ACTION_CANCELLED || before.state == ACTION_REFUSED)
        return error_set(
            err, ST_CONFLICT, "the action is %s: it cannot be proved", action_state_names[before.state]);
    status = proof_check_person(txn, &before, proof->completion, err);
    if (status != ST_OK)
        return status;
    const struct evidence_row evidence = {
        .action = action, .completion = proof->completion, .sha256 = proof->sha256};
    status = evidence_add(txn, &evidence, &fresh, err);
    if (status != ST_OK || !fresh)
        return status;
    struct action after = before;
    if (before.state != ACTION_DONE) {
        after.state = ACTION_DONE;
        action_finish(&after, proof->done_on);
    }
    if (after.minutes_done == FIELD_INT_NONE)
        after.minutes_done = proof->minutes;
    proof_certificate(arena, proof, &after);
    status = action_store(txn, &after, &row, err);
    if (status != ST_OK)
        return status;
    after.valid_until = row.valid_until;
    txn_audit(
        txn, "action.proved", row.id, action_payload(arena, &before, &after, proof->completion, proof->sha256));
    return ST_OK;
}

enum status action_unprove(
    struct txn *txn, const char *action, const char *completion, const char *why, struct error *err)
{
    struct action_row row;
    struct action before;
    bool proved = false;
    enum status status = proof_load(txn, action, &row, &before, err);
    if (status == ST_OK)
        status = evidence_undo(txn, action, completion, err);
    if (status == ST_OK)
        status = action_is_proved(txn_snapshot(txn), &before, &proved, err);
    if (status != ST_OK)
        return status;
    struct action after = before;
    if (!proved && before.state == ACTION_DONE) {
        after.state = ACTION_IN_PROGRESS;
        after.done_on = DATE_NONE;
        after.reason = why;
    }
    status = action_store(txn, &after, &row, err);
    if (status == ST_OK)
        txn_audit(
            txn, "action.unproved", row.id, action_payload(txn_arena(txn), &before, &after, completion, NULL));
    return status;
}

/* ---- matching */

/* The first day whose completions are meant for this action. */
static date_t match_from(const struct action_row *row)
{
    date_t planned = row->starts_on != DATE_NONE ? row->starts_on : date_of((int)row->year, 1, 1);
    return planned - MATCH_EARLY_DAYS;
}

/* One completion proves one action: of those that wait, the one whose period began last. */
static const struct action_row *match_choose(const struct action_list *list, date_t day)
{
    const struct action_row *chosen = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct action_row *row = &list->items[i];
        int state = work_name_index(action_state_names, row->state);
        if (!action_open((enum action_state)state) || match_from(row) > day)
            continue;
        if (!chosen || match_from(row) > match_from(chosen))
            chosen = row;
    }
    return chosen;
}

/* An action this completion proves already. */
static enum status match_known(struct txn *txn, const struct action_proof *proof, bool *ret, struct error *err)
{
    struct evidence_list rows;
    enum status status = evidence_of_completion(txn_snapshot(txn), proof->completion, &rows, err);
    if (status != ST_OK)
        return status;
    *ret = false;
    for (size_t i = 0; i < rows.count; i++)
        *ret |= rows.items[i].undone_at == INSTANT_NONE;
    return ST_OK;
}

enum status action_match(struct txn *txn, const char *employee, const char *course,
    const struct action_proof *proof, size_t *ret, struct error *err)
{
    struct action_list list;
    bool known = false;
    enum status status = match_known(txn, proof, &known, err);
    if (status == ST_OK)
        status = action_of_course(txn_snapshot(txn), employee, proof->source, course, &list, err);
    if (status != ST_OK)
        return status;
    const struct action_row *chosen = known ? NULL : match_choose(&list, proof->done_on);
    if (chosen)
        status = action_prove(txn, chosen->id, proof, err);
    if (status == ST_OK)
        *ret = chosen ? 1 : 0;
    return status;
}
