/*
 * The stored duties of an employee made to be what the facts say now: what differs is written and audited, the
 * rest is left alone. On a write lane.
 */
#include "internal.h"

#include "base/buf.h"
#include "store/duty.h"
#include "work/changes.h"

#include <stdlib.h>
#include <string.h>

/* A duty as it is stored: the columns, and in `body` what has none. */
struct record {
    const char *id, *employee;
    bool closed;
    const char *kind, *rule, *regime, *state;
    date_t due, limit, opens, anchor;
    const char *anchor_id, *satisfied_by;
    const char *article, *conflict, *warning, *planned_by, *document, *agreement;
    int tolerated;
    date_t satisfied_on, shifted;
    int64_t excluded_days;
};

#define BODY_FIELDS                                                                                            \
    FIELD(struct record, article, FIELD_TEXT), FIELD(struct record, tolerated, FIELD_BOOL),                    \
        FIELD(struct record, conflict, FIELD_TEXT), FIELD(struct record, warning, FIELD_TEXT),                 \
        FIELD(struct record, planned_by, FIELD_TEXT), FIELD(struct record, satisfied_on, FIELD_DATE),          \
        FIELD(struct record, document, FIELD_TEXT), FIELD(struct record, agreement, FIELD_TEXT),               \
        FIELD(struct record, shifted, FIELD_DATE), FIELD(struct record, excluded_days, FIELD_INT)

static const struct field body_fields[] = {BODY_FIELDS};
static const struct field_table body_table = FIELD_TABLE("DutyBody", struct record, body_fields, -1);
static const struct field record_fields[] = {
    FIELD(struct record, kind, FIELD_TEXT),
    FIELD(struct record, rule, FIELD_TEXT),
    FIELD(struct record, regime, FIELD_TEXT),
    FIELD(struct record, state, FIELD_TEXT),
    FIELD(struct record, due, FIELD_DATE),
    FIELD(struct record, limit, FIELD_DATE),
    FIELD(struct record, opens, FIELD_DATE),
    FIELD(struct record, anchor, FIELD_DATE),
    FIELD(struct record, anchor_id, FIELD_TEXT),
    FIELD(struct record, satisfied_by, FIELD_TEXT),
    BODY_FIELDS,
};
const struct field_table duty_audit_table = FIELD_TABLE("Duty", struct record, record_fields, -1);

static const char *record_satisfied_by(const struct duty *duty)
{
    if (duty->visited_by)
        return duty->visited_by->id;
    return duty->satisfied_by ? duty->satisfied_by->id : NULL;
}

static struct record record_of(
    const char *employee, const char *id, const struct duty *duty, const char *conflict, bool closed)
{
    return (struct record){.id = id,
        .employee = employee,
        .closed = closed,
        .kind = duty_family_name((enum duty_family)duty->family),
        .rule = duty->rule->id,
        .regime = regime_name((enum regime)duty->rule->regime),
        .state = duty_state_name((enum duty_state)duty->state),
        .due = duty->due,
        .limit = duty->limit,
        .opens = duty->opens,
        .anchor = duty->anchor,
        .anchor_id = duty->anchor_id,
        .satisfied_by = record_satisfied_by(duty),
        .article = duty->article,
        .conflict = conflict,
        .warning = duty_warning_name((enum duty_warning)duty->warning),
        .planned_by = duty->planned_by ? duty->planned_by->id : NULL,
        .document = duty_document_name((enum duty_document)duty->document),
        .agreement = duty->agreement ? duty->agreement->reference : NULL,
        .tolerated = duty->tolerated,
        .satisfied_on = duty->satisfied_on,
        .shifted = duty->shifted,
        .excluded_days = duty->excluded_days};
}

static const char *record_body(struct arena *arena, const struct record *record)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(&body_table, &w, record, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

static struct record record_of_row(struct arena *arena, const struct duty_row *row)
{
    struct record record;
    if (field_parse(&body_table, arena, row->body, strlen(row->body), FIELD_MODE_STORED, &record, NULL) !=
        ST_OK)
        field_clear(&body_table, &record);
    record.id = row->id;
    record.employee = row->employee;
    record.closed = row->closed;
    record.kind = row->kind;
    record.rule = row->rule;
    record.regime = row->regime;
    record.state = row->state;
    record.due = row->due;
    record.limit = row->limit;
    record.opens = row->opens;
    record.anchor = row->anchor_date;
    record.anchor_id = row->anchor_id;
    record.satisfied_by = row->satisfied_by;
    return record;
}

/* One recomputation. */
struct change {
    struct txn *txn;
    const struct duties_frame *frame;
    const char *employee, *cause;
    struct duty_list stored;
};

/* The subject is the person, so that everything about them is found, and erased, together. */
static void change_audit(
    struct change *change, const char *verb, const struct record *before, const struct record *after)
{
    struct arena *arena = txn_arena(change->txn);
    const struct record *either = after ? after : before;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{'); /* in the order of the canonical form */
    if (change->cause)
        jw_member(&w, "cause", change->cause);
    changes_write(&w, arena, &duty_audit_table, before, after);
    jw_member(&w, "duty", either->id);
    jw_member(&w, "kind", either->kind);
    jw_close(&w, '}');
    txn_audit(change->txn, verb, change->employee, text.data);
}

const void *duty_audited(struct arena *arena, const struct duty_row *row)
{
    struct record *record = ARENA_NEW(arena, struct record);
    *record = record_of_row(arena, row);
    return record;
}

static const char *change_verb(const struct record *before, const struct record *after)
{
    if (after->closed && (!before || !before->closed))
        return strcmp(after->state, "missed") == 0 ? "duty.acknowledged" : "duty.closed";
    if (!after->closed && (!before || before->closed))
        return "duty.opened";
    return "duty.changed";
}

static enum status change_put(struct change *change, const struct record *record, struct error *err)
{
    const struct duty_row row = {.id = record->id,
        .employee = record->employee,
        .kind = record->kind,
        .rule = record->rule,
        .regime = record->regime,
        .due = record->due,
        .limit = record->limit,
        .opens = record->opens,
        .state = record->state,
        .anchor_date = record->anchor,
        .anchor_id = record->anchor_id,
        .closed = record->closed,
        .satisfied_by = record->satisfied_by,
        .body = record_body(txn_arena(change->txn), record)};
    return duty_put(change->txn, &row, err);
}

static enum status change_one(struct change *change, const struct record *after, struct error *err)
{
    struct record before;
    const struct record *known = NULL;
    for (size_t i = 0; !known && i < change->stored.count; i++) {
        if (strcmp(change->stored.items[i].id, after->id) != 0)
            continue;
        before = record_of_row(txn_arena(change->txn), &change->stored.items[i]);
        known = &before;
    }
    if (known && known->closed == after->closed && field_equal(&duty_audit_table, known, after))
        return ST_OK;
    change_audit(change, change_verb(known, after), known, after);
    return change_put(change, after, err);
}

static bool change_keeps(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

/* What the facts no longer say. */
static enum status change_withdraw(struct change *change, const struct duties_view *view, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < change->stored.count; i++) {
        const struct duty_row *row = &change->stored.items[i];
        if (change_keeps(row->id, view->open_ids, view->duties.open_count) ||
            change_keeps(row->id, view->history_ids, view->duties.history_count))
            continue;
        struct record before = record_of_row(txn_arena(change->txn), row);
        change_audit(change, "duty.withdrawn", &before, NULL);
        status = duty_delete(change->txn, row->id, err);
    }
    return status;
}

/* ---- reviews that are convened */

static const struct case_review *change_convened(
    const struct change *change, const struct duties_view *view, const char *review)
{
    for (size_t i = 0; review && i < view->facts.review_count; i++) {
        const struct case_review *one = &view->facts.reviews[i];
        if (one->id && strcmp(one->id, review) == 0)
            return one->planned != DATE_NONE && one->planned >= change->frame->today &&
                           one->held == DATE_NONE && one->refused == DATE_NONE
                       ? one
                       : NULL;
    }
    return NULL;
}

static bool change_served(const struct duties_view *view, const char *review)
{
    for (size_t i = 0; i < view->duties.open_count; i++) {
        const struct case_review *by = view->duties.open[i].planned_by;
        if (by && by->id && strcmp(by->id, review) == 0)
            return true;
    }
    return false;
}

static void change_flag(const struct change *change, const char *review, const char *reason)
{
    struct arena *arena = txn_arena(change->txn);
    const char *cause = change->cause ? arena_printf(arena, ",\"cause\":\"%s\"", change->cause) : "";
    txn_audit(change->txn, "review.flagged", review,
        arena_printf(arena, "{\"employee\":\"%s\",\"reason\":\"%s\"%s}", change->employee, reason, cause));
}

/* The audit says which change overtook a review that people were asked to; it stays as it is, and its view
 * warns. */
static void change_flag_reviews(const struct change *change, const struct duties_view *view)
{
    const char *last = NULL;
    for (size_t i = 0; i < change->stored.count; i++) {
        struct record before = record_of_row(txn_arena(change->txn), &change->stored.items[i]);
        const char *review = before.planned_by;
        if (!change_convened(change, view, review) || change_served(view, review) ||
            (last && strcmp(last, review) == 0))
            continue;
        change_flag(change, review, "serves_no_duty");
        last = review;
    }
    for (size_t i = 0; change->cause && i < view->facts.absence_count; i++) {
        const struct case_absence *absence = &view->facts.absences[i];
        const struct absence_type *type = rules_absence_type(view->facts.rules, absence->type);
        if (strcmp(absence->id, change->cause) != 0 || !type || type->away != 1)
            continue;
        for (size_t k = 0; k < view->facts.review_count; k++) {
            const struct case_review *one = &view->facts.reviews[k];
            if (change_convened(change, view, one->id) && absence->start <= one->planned &&
                (absence->end == DATE_NONE || one->planned <= absence->end))
                change_flag(change, one->id, "during_absence");
        }
    }
}

static enum status change_all(struct change *change, const struct duties_view *view, struct error *err)
{
    const struct duties *duties = &view->duties;
    enum status status = change_withdraw(change, view, err);
    for (size_t i = 0; status == ST_OK && i < duties->history_count; i++) {
        struct record record =
            record_of(change->employee, view->history_ids[i], &duties->history[i], NULL, true);
        status = change_one(change, &record, err);
    }
    for (size_t i = 0; status == ST_OK && i < duties->open_count; i++) {
        const struct duty *duty = &duties->open[i];
        const char *conflict = duty->conflict >= 0 ? view->open_ids[duty->conflict] : NULL;
        struct record record =
            record_of(change->employee, view->open_ids[i], duty, conflict, view->acknowledged[i] != NULL);
        status = change_one(change, &record, err);
    }
    return status;
}

enum status duties_recompute(struct txn *txn, const char *employee, const char *cause, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct change change = {.txn = txn, .employee = employee, .cause = cause};
    struct duties_view view;
    enum status status = work_frame(txn, &change.frame, err);
    if (status == ST_OK)
        status = duties_view(snapshot, change.frame, employee, change.frame->today, INSTANT_NONE, &view, err);
    if (status == ST_OK)
        status = duty_of_employee(snapshot, employee, &change.stored, err);
    if (status == ST_OK)
        status = change_all(&change, &view, err);
    if (status == ST_OK)
        change_flag_reviews(&change, &view);
    return status == ST_OK ? employee_computed(txn, employee, view.duties.next_check, err) : status;
}

static enum status acknowledge_one(struct txn *txn, const struct duties_view *view, size_t index,
    const struct duty_row *row, const char *note, struct error *err)
{
    const struct acknowledgement *known = view->acknowledged[index];
    if (view->duties.open[index].state != DUTY_MISSED)
        return error_set(err, ST_CONFLICT, "the duty is %s: only what was missed is acknowledged",
            duty_state_name((enum duty_state)view->duties.open[index].state));
    if (known)
        return error_set(err, ST_CONFLICT, "it was acknowledged already, by %s", known->head.actor);
    struct acknowledgement fact = {.duty = row->id, .note = note};
    return facts_add(txn, &acknowledgement_facts, row->employee, &fact, err);
}

enum status duty_acknowledge(struct txn *txn, const char *duty, const char *note, struct error *err)
{
    const struct duties_frame *frame;
    struct duty_row row;
    struct duties_view *view = ARENA_NEW(txn_arena(txn), struct duties_view);
    enum status status = duty_get(txn_snapshot(txn), duty, &row, err);
    if (status == ST_OK)
        status = work_frame(txn, &frame, err);
    if (status == ST_OK)
        status = duties_view(txn_snapshot(txn), frame, row.employee, frame->today, INSTANT_NONE, view, err);
    if (status != ST_OK)
        return status;
    for (size_t i = 0; i < view->duties.open_count; i++)
        if (strcmp(view->open_ids[i], duty) == 0)
            return acknowledge_one(txn, view, i, &row, note, err);
    return error_set(err, ST_CONFLICT, "the duty is %s: only what was missed is acknowledged", row.state);
}

/* Another rules file, or another release with other rules built in. */
static enum status duties_take_rules(struct txn *txn, struct error *err)
{
    struct organisation_row row;
    bool changed = false;
    enum status status = organisation_get(txn_snapshot(txn), txn_organisation(txn), &row, err);
    if (status == ST_OK)
        status = organisation_rules(txn, duties_rules_name(), &changed, err);
    if (changed && row.rules[0])
        txn_audit(txn, "rules.changed", row.id,
            arena_printf(
                txn_arena(txn), "{\"changed\":{\"rules\":[\"%s\",\"%s\"]}}", row.rules, duties_rules_name()));
    return status;
}

/* Its day has come, or something about the organisation has changed. */
static enum status duties_catch_up(
    struct txn *txn, const struct duties_frame *frame, const char *employee, struct error *err)
{
    struct employee_row row;
    enum status status = employee_get(txn_snapshot(txn), employee, &row, err);
    if (status != ST_OK)
        return status;
    bool stale = row.facts_version < frame->facts_version;
    return duties_recompute(txn, employee, stale ? frame->facts_cause : NULL, err);
}

enum status duties_tick(struct txn *txn, unsigned limit, unsigned *ret_done, struct error *err)
{
    const struct duties_frame *frame = NULL;
    struct employee_ids due;
    enum status status = duties_take_rules(txn, err);
    if (status == ST_OK)
        status = work_frame(txn, &frame, err);
    if (status == ST_OK)
        status = employee_due(txn_snapshot(txn), frame->organisation, frame->today, limit, &due, err);
    for (size_t i = 0; status == ST_OK && i < due.count; i++)
        status = duties_catch_up(txn, frame, due.items[i], err);
    if (status == ST_OK)
        *ret_done = (unsigned)due.count;
    return status;
}
