/*
 * Needs: recorded, changed, and following the actions that take them up. On a lane.
 */
#include "base/buf.h"
#include "base/json.h"
#include "internal.h"
#include "own.h"
#include "plan_work.h"
#include "work/changes.h"

#include <string.h>

const char *plan_body(struct arena *arena, const struct field_table *table, const void *in)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(table, &w, in, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

/* ---- reading */

enum status need_of_row(struct arena *arena, const struct need_row *row, struct need *ret, struct error *err)
{
    char key[ORG_KEY_MAX];
    struct need need;
    field_clear(&need_table, &need);
    if (!id_parse(row->id, "need", key) || field_parse(&need_body_table, arena, row->body, strlen(row->body),
                                               FIELD_MODE_STORED, &need, NULL) != ST_OK)
        return error_set(err, ST_INTERNAL, "the body of %s cannot be read", row->id);
    need.id = row->id;
    need.organisation = arena_printf(arena, "org_%s", key);
    need.employee = row->employee;
    need.review = row->review;
    need.state = work_name_index(need_state_names, row->state);
    need.created_at = row->created_at;
    need.updated_at = row->updated_at;
    need.version = row->version;
    *ret = need;
    return ST_OK;
}

static enum status need_actions(
    const struct snapshot *snapshot, const char *need, struct action_list *ret, struct error *err)
{
    char key[ORG_KEY_MAX];
    const struct action_filter filter = {.need = need};
    const struct page page = {.limit = NEED_ACTIONS_MAX};
    if (!id_parse(need, "need", key))
        return error_set(err, ST_NOT_FOUND, "there is no need %s", need);
    return action_list(snapshot, key, &filter, &page, ret, err);
}

enum status need_view_of(
    const struct snapshot *snapshot, const struct need_row *row, struct need *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct action_list actions;
    enum status status = need_of_row(arena, row, ret, err);
    if (status == ST_OK)
        status = need_actions(snapshot, row->id, &actions, err);
    if (status != ST_OK)
        return status;
    const char **ids = ARENA_ARRAY(arena, actions.count, const char *);
    for (size_t i = 0; i < actions.count; i++)
        ids[i] = actions.items[i].id;
    ret->actions = (struct list){.items = ids, .count = actions.count};
    return ST_OK;
}

/* ---- writing */

static const char *need_payload(
    struct arena *arena, const struct need *before, const struct need *after, const char *cause)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "employee", after->employee);
    changes_write(&w, arena, &need_audit_table, before, after);
    if (cause)
        jw_member(&w, "cause", cause);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

static void need_fill_row(struct arena *arena, const struct need *need, struct need_row *row)
{
    row->employee = need->employee;
    row->review = need->review;
    row->state = need_state_names[need->state];
    row->body = plan_body(arena, &need_body_table, need);
}

static enum status need_check_review(struct txn *txn, const struct need *need, struct error *err)
{
    struct review_row review;
    if (!need->review)
        return ST_OK;
    enum status status = own_review(txn, need->review, "/review", &review, err);
    if (status == ST_OK && strcmp(review.employee, need->employee) != 0)
        return error_field(err, "/review", "is a review of somebody else");
    return status;
}

enum status need_create(struct txn *txn, const struct need *in, struct need *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct employee_row employee;
    struct need_row row = {0};
    struct need need = *in;
    need.state = NEED_OPEN;
    enum status status = own_employee(txn, in->employee, "/employee", &employee, err);
    if (status == ST_OK)
        status = need_check_review(txn, &need, err);
    if (status == ST_OK && in->state != FIELD_UNSET)
        status = need_apply(NEED_OPEN, in->state, in->reason, err);
    if (status != ST_OK)
        return status;
    need.state = in->state == FIELD_UNSET ? NEED_OPEN : in->state;
    need_fill_row(arena, &need, &row);
    status = need_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "need.created", row.id, need_payload(arena, NULL, &need, NULL));
    return need_view_of(txn_snapshot(txn), &row, ret, err);
}

enum status need_change(struct txn *txn, const char *id, const struct need *patch, int64_t expected,
    struct need *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct need_row row;
    struct need before;
    enum status status = need_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = work_expect(row.version, expected, err);
    if (status == ST_OK)
        status = need_of_row(arena, &row, &before, err);
    if (status != ST_OK)
        return status;
    struct need after = before;
    (void)field_merge(&need_table, &after, patch);
    if (field_equal(&need_audit_table, &before, &after))
        return need_view_of(txn_snapshot(txn), &row, ret, err);
    if (after.state == FIELD_UNSET)
        after.state = before.state;
    status = need_apply((enum need_state)before.state, after.state, patch->reason, err);
    if (status == ST_OK)
        status = need_check_review(txn, &after, err);
    if (status != ST_OK)
        return status;
    need_fill_row(arena, &after, &row);
    status = need_update(txn, &row, row.version, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "need.changed", row.id, need_payload(arena, &before, &after, NULL));
    return need_view_of(txn_snapshot(txn), &row, ret, err);
}

/* ---- following */

static enum need_state need_state_of(const struct need *need, const struct action_list *actions)
{
    unsigned open = 0;
    unsigned done = 0;
    for (size_t i = 0; i < actions->count; i++) {
        int state = work_name_index(action_state_names, actions->items[i].state);
        done += state == ACTION_DONE;
        open += action_open((enum action_state)state);
    }
    return need_follows((enum need_state)need->state, open, done);
}

static const char *need_verb(int state)
{
    static const char *const verbs[NEED_STATE_COUNT] = {[NEED_OPEN] = "need.reopened",
        [NEED_PLANNED] = "need.planned",
        [NEED_MET] = "need.met",
        [NEED_REFUSED] = "need.changed",
        [NEED_WITHDRAWN] = "need.changed"};
    return verbs[state];
}

enum status need_follow(struct txn *txn, const char *need, const char *cause, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct arena *arena = txn_arena(txn);
    struct need_row row;
    struct need before;
    struct action_list actions;
    enum status status = need_get(snapshot, need, &row, err);
    if (status == ST_OK)
        status = need_of_row(arena, &row, &before, err);
    if (status == ST_OK)
        status = need_actions(snapshot, need, &actions, err);
    if (status != ST_OK)
        return status;
    struct need after = before;
    after.state = (int)need_state_of(&before, &actions);
    if (after.state == before.state)
        return ST_OK;
    need_fill_row(arena, &after, &row);
    status = need_update(txn, &row, row.version, err);
    if (status == ST_OK)
        txn_audit(txn, need_verb(after.state), row.id, need_payload(arena, &before, &after, cause));
    return status;
}
