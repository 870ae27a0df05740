/*
 * Proposals of actions for a completion, and matching by hand. On a lane.
 */
#include "work/completion_match.h"

#include "completion.h"
#include "internal.h"
#include "model/match.h"
#include "plan_work.h"
#include "work/course.h"
#include "work/plan_proof.h"

#include <stdlib.h>
#include <string.h>

static const struct field match_proposal_fields[] = {
    FIELD(struct match_proposal, action, FIELD_ID, .kind = "act", .flags = FIELD_READ),
    FIELD(struct match_proposal, title, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct match_proposal, state, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct match_proposal, score, FIELD_INT, .flags = FIELD_READ,
        .doc = "1 to 100; it proposes, people decide."),
    FIELD(struct match_proposal, why, FIELD_TEXT, .flags = FIELD_READ),
};
const struct field_table match_proposal_table =
    FIELD_TABLE("MatchProposal", struct match_proposal, match_proposal_fields, -1);

static int match_compare(const void *a, const void *b)
{
    const struct match_proposal *left = a, *right = b;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return strcmp(left->action, right->action);
}

struct matching {
    const struct snapshot *snapshot;
    struct match_case found; /* of the completion */
    struct match_proposal *items;
    size_t count;
};

static enum status match_consider(struct matching *m, const struct action_row *row, struct error *err)
{
    struct action action;
    const char *why = NULL;
    struct arena *arena = snapshot_arena(m->snapshot);
    enum status status = action_of_row(arena, row, &action, err);
    if (status != ST_OK || action.state == ACTION_CANCELLED || action.state == ACTION_REFUSED)
        return status;
    struct match_case one = m->found;
    one.action =
        (struct match_side){.title = action.title, .code = action.course, .competency = action.competency};
    one.from = action.planned_start;
    one.to = action.planned_end;
    one.year = (int)action.year;
    one.open = action_open((enum action_state)action.state);
    int score = match_score(arena, &one, &why);
    if (score > 0)
        m->items[m->count++] = (struct match_proposal){.action = action.id,
            .title = action.title,
            .state = action_state_names[action.state],
            .score = score,
            .why = why};
    return ST_OK;
}

static enum status match_side_of(const struct snapshot *snapshot, const struct completion_row *row,
    struct match_case *ret, struct error *err)
{
    struct completion_said said;
    struct course_row course_row;
    struct course course = {0};
    struct arena *arena = snapshot_arena(snapshot);
    enum status status = completion_said_of_row(arena, row, &said, err);
    if (status == ST_OK && row->course)
        status = course_get(snapshot, row->course, &course_row, err);
    if (status == ST_OK && row->course)
        status = course_of_row(arena, &course_row, &course, err);
    ret->completion = (struct match_side){.title = course.title ? course.title : said.course_title,
        .code = said.course_code ? said.course_code : said.course_id,
        .competency = course.competency};
    instant_t at = row->occurred_at == INSTANT_NONE ? row->created_at : row->occurred_at;
    ret->day = (date_t)(at / US_PER_DAY);
    return status;
}

static enum status match_actions(
    const struct snapshot *snapshot, const char *employee, struct action_list *ret, struct error *err)
{
    char org[ORG_KEY_MAX] = "";
    const struct action_filter filter = {.employee = employee};
    const struct page page = {.limit = PAGE_MAX};
    (void)id_parse(employee, "emp", org);
    return action_list(snapshot, org, &filter, &page, ret, err);
}

enum status completion_proposals(
    const struct snapshot *snapshot, const char *id, struct list *ret, struct error *err)
{
    struct completion_row row;
    struct action_list actions = {0};
    struct matching m = {.snapshot = snapshot};
    enum status status = completion_get(snapshot, id, &row, err);
    *ret = (struct list){0};
    if (status != ST_OK || !row.employee)
        return status;
    status = match_side_of(snapshot, &row, &m.found, err);
    if (status == ST_OK)
        status = match_actions(snapshot, row.employee, &actions, err);
    if (status != ST_OK)
        return status;
    m.items = ARENA_ARRAY(snapshot_arena(snapshot), actions.count + 1, struct match_proposal);
    for (size_t i = 0; status == ST_OK && i < actions.count; i++)
        status = match_consider(&m, &actions.items[i], err);
    qsort(m.items, m.count, sizeof *m.items, match_compare);
    *ret = (struct list){.items = m.items, .count = m.count < MATCH_PROPOSALS ? m.count : MATCH_PROPOSALS};
    return status;
}

/* ---- by hand */

static enum status match_none(struct txn *txn, const char *id, const struct evidence_list *evidence,
    const char *reason, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < evidence->count; i++)
        if (evidence->items[i].undone_at == INSTANT_NONE)
            status = action_unprove(
                txn, evidence->items[i].action, id, reason ? reason : "it does not prove this action", err);
    return status;
}

static const char *match_standing(const struct evidence_list *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->items[i].undone_at == INSTANT_NONE)
            return evidence->items[i].action;
    return NULL;
}

static enum status match_to(
    struct txn *txn, const struct completion_row *row, const char *action, struct error *err)
{
    struct completion_said said;
    struct completion_items items;
    struct action_proof proof = {.completion = row->id, .source = row->source, .sha256 = ""};
    enum status status = completion_said_of_row(txn_arena(txn), row, &said, err);
    if (status == ST_OK)
        status = completion_evidence(txn_snapshot(txn), row->id, &items, err);
    if (status == ST_OK && items.count)
        proof.sha256 = items.items[0].sha256;
    if (status == ST_OK)
        status = completion_day(txn, row, &proof.done_on, err);
    proof.minutes = said.minutes;
    proof.certificate = said.certificate_id;
    if (status == ST_OK)
        status = action_prove(txn, action, &proof, err);
    return status == ST_OK ? completion_follow_course(txn, row, err) : status;
}

enum status completion_match(struct txn *txn, const char *id, const char *action, const char *reason,
    struct completion_row *ret, struct error *err)
{
    struct evidence_list evidence;
    enum status status = completion_get(txn_snapshot(txn), id, ret, err);
    if (status == ST_OK && action && (!ret->employee || strcmp(ret->state, "completed") != 0))
        status = error_set(err, ST_CONFLICT, "only what somebody completed proves an action");
    if (status == ST_OK)
        status = evidence_of_completion(txn_snapshot(txn), id, &evidence, err);
    if (status != ST_OK)
        return status;
    const char *standing = match_standing(&evidence);
    if (action && standing && strcmp(standing, action) != 0)
        return error_set(err, ST_CONFLICT, "it proves %s: take it back from there first", standing);
    status = action ? match_to(txn, ret, action, err) : match_none(txn, id, &evidence, reason, err);
    if (status == ST_OK)
        txn_audit(txn, action ? "completion.matched" : "completion.unmatched", id,
            arena_printf(txn_arena(txn), "{\"action\":\"%s\"}",
                action     ? action
                : standing ? standing
                           : ""));
    return status;
}
