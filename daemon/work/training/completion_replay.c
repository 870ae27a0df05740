/*
 * A period of a source read again, record by record, after its mapping changed: what was ignored may turn out
 * to be a completion, what was read may read otherwise. The bytes are those that were received; nothing is
 * deleted. On a write lane.
 */
#include "completion.h"

#include "base/text.h"
#include "internal.h"
#include "store/replay.h"
#include "work/plan_proof.h"

#include <stdio.h>
#include <string.h>

enum status source_replay(struct txn *txn, const char *id, instant_t from, instant_t until, struct error *err)
{
    struct source_row source;
    char payload[100], first[INSTANT_TEXT_MAX], last[INSTANT_TEXT_MAX];
    if (from != INSTANT_NONE && until != INSTANT_NONE && until < from)
        return error_field(err, "/until", "expected a time after from");
    enum status status = source_get(txn_snapshot(txn), id, &source, err);
    if (status == ST_OK && !lms_platform_find(source.kind))
        status = error_set(err, ST_CONFLICT, "nothing was posted by %s: there is no mapping to read it by", id);
    if (status == ST_OK)
        status = replay_ask(txn, id, from, until == INSTANT_NONE ? txn_now(txn) : until, err);
    if (status != ST_OK)
        return status;
    (void)snprintf(payload, sizeof payload, "{\"from\":\"%s\",\"until\":\"%s\"}", instant_text(from, first),
        instant_text(until == INSTANT_NONE ? txn_now(txn) : until, last));
    txn_audit(txn, "source.replayed", id, payload);
    return ST_OK;
}

/* What was ignored and is a completion now comes in as if it had just been read. */
static enum status replay_ignored(
    struct completion_intake *in, const struct lms_item *item, struct item_row *stored, struct error *err)
{
    return item->state == LMS_ITEM_IGNORED ? ST_OK : completion_admit(in, item, stored, err);
}

static enum status replay_unprove(struct txn *txn, const char *completion, struct error *err)
{
    struct evidence_list evidence;
    enum status status = evidence_of_completion(txn_snapshot(txn), completion, &evidence, err);
    for (size_t i = 0; status == ST_OK && i < evidence.count; i++)
        if (evidence.items[i].undone_at == INSTANT_NONE)
            status = action_unprove(
                txn, evidence.items[i].action, completion, "its record reads otherwise now", err);
    return status;
}

static void replay_audit(
    struct txn *txn, const struct completion_row *before, const struct completion_row *after)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_key(&w, "before");
    jw_raw(&w, before->body);
    jw_member(&w, "state_before", before->state);
    jw_key(&w, "after");
    jw_raw(&w, after->body);
    jw_member_instant(&w, "occurred_at", after->occurred_at);
    jw_member(&w, "state", after->state);
    jw_close(&w, '}');
    txn_audit(txn, "completion.reread", after->id, out.data);
}

/* A record alone may say less than it did in its body: what was known stays. */
static bool replay_says_less(const struct lms_item *item, const struct completion_row *before)
{
    bool lacks = item->state == LMS_ITEM_THIN || item->state == LMS_ITEM_UNREADABLE;
    return lacks && strcmp(before->state, "quarantined") != 0;
}

/* A record that is known: who it belongs to stays when somebody is known for it. */
static enum status replay_known(
    struct completion_intake *in, const struct lms_item *item, const struct item_row *stored, struct error *err)
{
    struct completion_row row, before;
    struct completion_said said = completion_said_of(txn_arena(in->txn), item);
    enum status status = completion_get(txn_snapshot(in->txn), stored->completion, &row, err);
    if (status != ST_OK || strcmp(row.identity, stored->identity) != 0)
        return status; /* further evidence of another record's completion */
    if (replay_says_less(item, &row))
        return ST_OK;
    before = row;
    row.body = completion_said_json(txn_arena(in->txn), &said);
    row.occurred_at = item->completion.occurred;
    if (item->state == LMS_ITEM_IGNORED) {
        row.state = "other";
        row.reason = NULL;
    } else {
        status = completion_attribute(in, item, &said, &row, err);
    }
    if (before.employee && !row.reason)
        row.employee = before.employee;
    bool same = !strcmp(before.body, row.body) && !strcmp(before.state, row.state) &&
                text_equal(before.reason, row.reason) && before.occurred_at == row.occurred_at &&
                text_equal(before.course, row.course);
    bool unassigned = before.reason && !strcmp(before.reason, "unassigned");
    if (status != ST_OK || same || unassigned)
        return status;
    status = completion_update(in->txn, &row, 0, err);
    if (status == ST_OK)
        status = completion_wait_drop(in->txn, row.id, err);
    if (status == ST_OK && row.reason)
        status = completion_wait(in->txn, &row, &said, err);
    if (status == ST_OK && (strcmp(row.state, "completed") != 0 || !text_equal(before.course, row.course)))
        status = replay_unprove(in->txn, row.id, err);
    if (status != ST_OK)
        return status;
    replay_audit(in->txn, &before, &row);
    return completion_settle(in->txn, &row, &said, stored->sha256, err);
}

static enum status replay_item(struct completion_intake *in, struct item_row *stored, struct error *err)
{
    struct lms_item item;
    enum status status = completion_reread(in->txn, in->source, stored, &item, err);
    if (status == ST_NOT_FOUND) { /* nothing reads it any more: it stays as it is */
        error_clear(err);
        return ST_OK;
    }
    if (status != ST_OK)
        return status;
    return stored->completion ? replay_known(in, &item, stored, err) : replay_ignored(in, &item, stored, err);
}

enum status source_replay_tick(struct txn *txn, unsigned limit, unsigned *ret, struct error *err)
{
    struct replay_row replay;
    struct item_list items = {0};
    struct source_reader *source = NULL;
    enum status status = replay_next(txn_snapshot(txn), txn_organisation(txn), &replay, err);
    *ret = 0;
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status == ST_OK)
        status = source_open(txn_snapshot(txn), txn_keyring(txn), replay.source, &source, err);
    if (status != ST_OK)
        return status;
    arena_defer(txn_arena(txn), completion_source_close, source);
    status = replay_items(txn_snapshot(txn), txn_organisation(txn), &replay, limit, &items, err);
    struct completion_intake in = {.txn = txn, .source = source};
    for (size_t i = 0; status == ST_OK && i < items.count; i++)
        status = replay_item(&in, &items.items[i], err);
    *ret = (unsigned)items.count;
    if (status != ST_OK)
        return status;
    bool over = items.count < limit;
    return replay_move(txn, replay.source, over ? NULL : items.items[items.count - 1].id, err);
}
