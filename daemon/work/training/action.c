/*
 * Actions of the plan: made, changed, read. On a lane.
 */
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "internal.h"
#include "own.h"
#include "plan_work.h"
#include "work/changes.h"

#include <string.h>

enum { SIRET_DIGITS = 14 };

/* ---- reading */

enum status action_of_row(
    struct arena *arena, const struct action_row *row, struct action *ret, struct error *err)
{
    char key[ORG_KEY_MAX];
    struct action action;
    field_clear(&action_table, &action);
    if (!id_parse(row->id, "act", key) || field_parse(&action_body_table, arena, row->body, strlen(row->body),
                                              FIELD_MODE_STORED, &action, NULL) != ST_OK)
        return error_set(err, ST_INTERNAL, "the body of %s cannot be read", row->id);
    action.id = row->id;
    action.organisation = arena_printf(arena, "org_%s", key);
    action.employee = row->employee;
    action.year = row->year;
    action.need = row->need;
    action.review = row->review;
    action.nature = work_name_index(action_nature_names, row->nature);
    action.mandatory = work_name_index(action_mandatory_names, row->mandatory);
    action.state = work_name_index(action_state_names, row->state);
    action.source = row->source;
    action.course = row->course;
    action.valid_until = row->valid_until;
    action.created_at = row->created_at;
    action.updated_at = row->updated_at;
    action.version = row->version;
    *ret = action;
    return ST_OK;
}

enum status action_view_of(
    const struct snapshot *snapshot, const struct action_row *row, struct action *ret, struct error *err)
{
    struct arena *arena = snapshot_arena(snapshot);
    struct evidence_list rows;
    enum status status = action_of_row(arena, row, ret, err);
    if (status == ST_OK)
        status = evidence_of_action(snapshot, row->id, &rows, err);
    if (status != ST_OK)
        return status;
    struct action_evidence *list = ARENA_ARRAY(arena, rows.count, struct action_evidence);
    for (size_t i = 0; i < rows.count; i++)
        list[i] = (struct action_evidence){.completion = rows.items[i].completion,
            .sha256 = rows.items[i].sha256,
            .recorded_at = rows.items[i].recorded_at,
            .undone_at = rows.items[i].undone_at};
    ret->evidence = (struct list){.items = list, .count = rows.count};
    return ST_OK;
}

enum status action_is_proved(
    const struct snapshot *snapshot, const struct action *action, bool *ret, struct error *err)
{
    struct evidence_list rows = {0};
    enum status status = action->id ? evidence_of_action(snapshot, action->id, &rows, err) : ST_OK;
    if (status != ST_OK)
        return status;
    bool proved = action->certificate != NULL;
    for (size_t i = 0; i < rows.count; i++)
        proved |= rows.items[i].undone_at == INSTANT_NONE;
    *ret = proved;
    return ST_OK;
}

/* ---- checks */

static bool siret_valid(const char *siret)
{
    int sum = 0;
    int plain = 0;
    if (strlen(siret) != SIRET_DIGITS || strspn(siret, "0123456789") != SIRET_DIGITS)
        return false;
    for (int i = 0; i < SIRET_DIGITS; i++) {
        int digit = siret[i] - '0';
        int weighted = i % 2 == 0 ? digit * 2 : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
        plain += digit;
    }
    /* The post offices' numbers add up otherwise. */
    return sum % 10 == 0 || (strncmp(siret, "356000000", 9) == 0 && plain % 5 == 0);
}

void action_check_dates(const struct action *action, struct error *err)
{
    if (action->planned_start != DATE_NONE && action->planned_end != DATE_NONE &&
        action->planned_end < action->planned_start)
        (void)error_field(err, "/planned_end", "is before the start planned");
    if (action->start != DATE_NONE && action->end != DATE_NONE && action->end < action->start)
        (void)error_field(err, "/end", "is before the start");
    if (action->minutes_done != FIELD_INT_NONE && action->minutes_outside != FIELD_INT_NONE &&
        action->minutes_outside > action->minutes_done)
        (void)error_field(err, "/minutes_outside", "are more than the minutes done");
}

static void action_check_review(struct txn *txn, const struct action *action, struct error *err)
{
    struct review_row review;
    if (action->review && own_review(txn, action->review, "/review", &review, err) == ST_OK &&
        strcmp(review.employee, action->employee) != 0)
        (void)error_field(err, "/review", "is a review of somebody else");
}

static void action_check_need(struct txn *txn, const struct action *action, struct error *err)
{
    struct need_row need;
    if (!action->need)
        return;
    if (!own_id(txn, action->need, "need") || need_get(txn_snapshot(txn), action->need, &need, NULL) != ST_OK)
        (void)error_field(err, "/need", "is no need of this organisation");
    else if (strcmp(need.employee, action->employee) != 0)
        (void)error_field(err, "/need", "is a need of somebody else");
}

static enum status action_check(struct txn *txn, const struct action *action, struct error *err)
{
    struct error found = ERROR_INIT;
    action_check_dates(action, &found);
    action_check_need(txn, action, &found);
    action_check_review(txn, action, &found);
    (void)plan_check_orientation(txn, action->year, action->orientation, &found);
    if (action->source && !own_id(txn, action->source, "src"))
        (void)error_field(&found, "/source", "is no source of this organisation");
    if (action->provider && action->provider->siret && !siret_valid(action->provider->siret))
        (void)error_field(&found, "/provider/siret", "expected 14 digits whose last one checks the others");
    if (found.count == 0)
        return ST_OK;
    if (err)
        *err = found;
    return ST_INVALID;
}

/* ---- what follows */

/* What a need says of where an action comes from. */
static void action_inherit(struct txn *txn, struct action *action)
{
    struct need_row need;
    if (action->need && !action->review && need_get(txn_snapshot(txn), action->need, &need, NULL) == ST_OK)
        action->review = need.review;
    if (action->origin != FIELD_UNSET)
        return;
    if (action->review)
        action->origin = ORIGIN_REVIEW;
    else if (action->need)
        action->origin = ORIGIN_NEED;
}

static void action_complete(struct action *action)
{
    if (action->nature == FIELD_UNSET)
        action->nature = NATURE_TRAINING;
    if (action->mandatory == FIELD_UNSET)
        action->mandatory = MANDATORY_UNKNOWN;
    if (action->state == FIELD_UNSET)
        action->state = ACTION_REQUESTED;
}

void action_finish(struct action *action, date_t day)
{
    action->done_on = day;
    if (action->end == DATE_NONE)
        action->end = day;
}

/* By a person, with the paper that proves it. */
static enum status action_move(
    struct txn *txn, struct action *action, int from, const char *reason, struct error *err)
{
    struct action_step step = {.to = action->state, .reason = reason};
    const struct duties_frame *frame;
    enum status status = action_is_proved(txn_snapshot(txn), action, &step.proved, err);
    if (status == ST_OK)
        status = action_apply((enum action_state)from, &step, err);
    if (status == ST_OK)
        status = work_frame(txn, &frame, err);
    if (status != ST_OK || from == action->state)
        return status;
    if (action->state != ACTION_DONE) {
        action->done_on = DATE_NONE;
        return ST_OK;
    }
    date_t paper = action->certificate ? action->certificate->date : DATE_NONE;
    date_t day = action->end != DATE_NONE ? action->end : paper;
    if (day > frame->today)
        return error_field(err, action->end != DATE_NONE ? "/end" : "/certificate/date", "is in the future");
    action_finish(action, day == DATE_NONE ? frame->today : day);
    return ST_OK;
}

/* ---- writing */

const char *action_payload(struct arena *arena, const struct action *before, const struct action *after,
    const char *completion, const char *sha256)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "employee", after->employee);
    changes_write(&w, arena, &action_audit_table, before, after);
    if (completion)
        jw_member(&w, "completion", completion);
    if (sha256)
        jw_member(&w, "sha256", sha256);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

static int64_t or_zero(int64_t value)
{
    return value == FIELD_INT_NONE ? 0 : value;
}

static int64_t action_cost(const struct action *action)
{
    const struct action_cost *cost = action->cost;
    return cost ? or_zero(cost->teaching) + or_zero(cost->ancillary) + or_zero(cost->wages) : 0;
}

static void action_fill_row(struct arena *arena, const struct action *action, struct action_row *row)
{
    row->employee = action->employee;
    row->year = action->year;
    row->need = action->need;
    row->review = action->review;
    row->state = action_state_names[action->state];
    row->nature = action_nature_names[action->nature];
    row->mandatory = action_mandatory_names[action->mandatory];
    row->source = action->source;
    row->course = action->course;
    row->starts_on = action->start != DATE_NONE ? action->start : action->planned_start;
    row->ends_on = action->end != DATE_NONE ? action->end : action->planned_end;
    row->valid_until = DATE_NONE;
    if (action->done_on != DATE_NONE && !period_is_none(action->validity))
        row->valid_until = date_add(action->done_on, action->validity);
    row->minutes_planned = or_zero(action->minutes_planned);
    row->minutes_done = or_zero(action->minutes_done);
    row->cost = action_cost(action);
    row->granted = or_zero(action->granted);
    row->received = or_zero(action->received);
    row->body = plan_body(arena, &action_body_table, action);
}

enum status action_store(
    struct txn *txn, const struct action *action, struct action_row *row, struct error *err)
{
    const char *left = row->need;
    bool created = row->version == 0;
    action_fill_row(txn_arena(txn), action, row);
    enum status status = created ? action_add(txn, row, err) : action_update(txn, row, row->version, err);
    if (status == ST_OK && row->need)
        status = need_follow(txn, row->need, row->id, err);
    if (status == ST_OK && left && !text_equal(left, row->need))
        status = need_follow(txn, left, row->id, err);
    return status;
}

enum status action_create(struct txn *txn, const struct action *in, struct action *ret, struct error *err)
{
    struct employee_row employee;
    struct action_row row = {.need = NULL};
    struct action action = *in;
    enum status status = own_employee(txn, in->employee, "/employee", &employee, err);
    if (status != ST_OK)
        return status;
    action.id = NULL;
    action_complete(&action);
    action_inherit(txn, &action);
    status = action_check(txn, &action, err);
    if (status == ST_OK)
        status = action_move(txn, &action, ACTION_REQUESTED, in->reason, err);
    if (status == ST_OK)
        status = action_store(txn, &action, &row, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "action.created", row.id, action_payload(txn_arena(txn), NULL, &action, NULL, NULL));
    return action_view_of(txn_snapshot(txn), &row, ret, err);
}

static const char *action_verb(const struct action *before, const struct action *after)
{
    static const char *const verbs[ACTION_STATE_COUNT] = {"action.requested", "action.approved",
        "action.planned", "action.enrolled", "action.started", "action.proved", "action.cancelled",
        "action.postponed", "action.refused"};
    return before->state == after->state ? "action.changed" : verbs[after->state];
}

enum status action_change(struct txn *txn, const char *id, const struct action *patch, int64_t expected,
    struct action *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct action_row row;
    struct action before;
    enum status status = action_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = work_expect(row.version, expected, err);
    if (status == ST_OK)
        status = action_of_row(arena, &row, &before, err);
    if (status != ST_OK)
        return status;
    struct action after = before;
    (void)field_merge(&action_table, &after, patch);
    action_complete(&after);
    action_inherit(txn, &after);
    if (field_equal(&action_audit_table, &before, &after))
        return action_view_of(txn_snapshot(txn), &row, ret, err);
    status = action_check(txn, &after, err);
    if (status == ST_OK)
        status = field_check(&action_table, &after, err);
    if (status == ST_OK)
        status = action_move(txn, &after, before.state, patch->reason, err);
    if (status == ST_OK)
        status = action_store(txn, &after, &row, err);
    if (status != ST_OK)
        return status;
    after.valid_until = row.valid_until;
    txn_audit(txn, action_verb(&before, &after), row.id, action_payload(arena, &before, &after, NULL, NULL));
    return action_view_of(txn_snapshot(txn), &row, ret, err);
}
