/*
 * A review from its rows into the hands of a use case, and back: row, people, audit record, the fact that
 * duties are computed from, deliveries. On a write lane.
 */
#include "work.h"

#include "base/buf.h"
#include "base/json.h"
#include "internal.h"
#include "model/theme.h"
#include "own.h"
#include "store/delivery.h"
#include "work/changes.h"
#include "work/delivery.h"
#include "work/facts.h"

#include <string.h>
#include <strings.h>

/* ---- loading */

enum status review_begin(struct txn *txn, struct review_work *w, struct error *err)
{
    *w = (struct review_work){.txn = txn, .arena = txn_arena(txn), .now = txn_now(txn)};
    enum status status = organisation_view(txn_snapshot(txn), txn_organisation(txn), &w->organisation, err);
    if (status != ST_OK)
        return status;
    w->zone = organisation_zone(&w->organisation);
    w->today = organisation_today(&w->organisation, w->now);
    return ST_OK;
}

static void load_attendee(const struct attendee_row *row, struct invitation_attendee *ret)
{
    *ret = (struct invitation_attendee){.email = row->email,
        .partstat = (int)partstat_parse(row->partstat),
        .delegated = row->delegated,
        .countered = row->countered,
        .since = (int)row->since,
        .sent = (int)row->sent,
        .refreshed_at = row->refreshed_at,
        .answer = {.method = (int)itip_method_parse(row->answer_method),
            .partstat = (int)partstat_parse(row->answer_partstat),
            .sequence = (int)row->answer_sequence,
            .dtstamp = row->answer_dtstamp,
            .start = row->answer_start,
            .end = row->answer_end}};
}

/* Who may hold an invitation that is on its way has to be told of what changes; what is on its way to the
 * organiser's calendar may tell everybody. */
static enum status load_leaving(struct review_work *w, struct invitation_attendee *attendee, struct error *err)
{
    const struct organiser *organiser = w->organisation.organiser;
    const char *const recipients[] = {attendee->email, organiser ? organiser->email : NULL};
    bool leaving = attendee->sent >= 0 || !w->row.uid;
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && !leaving && i < 2 && recipients[i]; i++) {
        status = delivery_is_leaving(txn_snapshot(w->txn), txn_organisation(w->txn), w->row.uid, recipients[i],
            attendee->since, &leaving, err);
        if (leaving)
            attendee->sent = attendee->since;
    }
    return status;
}

static enum status load_invitation(struct review_work *w, struct error *err)
{
    struct attendee_list rows;
    enum status status = attendee_list(txn_snapshot(w->txn), w->row.id, &rows, err);
    if (status != ST_OK)
        return status;
    struct invitation_attendee *attendees = ARENA_ARRAY(w->arena, rows.count, struct invitation_attendee);
    for (size_t i = 0; status == ST_OK && i < rows.count; i++) {
        load_attendee(&rows.items[i], &attendees[i]);
        status = load_leaving(w, &attendees[i], err);
    }
    w->invitation = (struct invitation){.uid = w->row.uid,
        .sequence = (int)w->row.sequence,
        .time_sequence = (int)w->row.time_sequence,
        .dtstamp = w->row.dtstamp,
        .start = w->row.starts_at,
        .end = w->row.ends_at,
        .cancelled = w->row.sequence >= 0 && !w->row.shown,
        .over = !review_answerable((enum review_state)w->is.state),
        .attendees = attendees,
        .attendee_count = rows.count};
    return status;
}

enum status review_load(
    struct txn *txn, const char *id, int64_t expected, struct review_work *w, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(txn);
    enum status status = review_begin(txn, w, err);
    if (status == ST_OK)
        status = review_get(snapshot, id, &w->row, err);
    if (status == ST_OK)
        status = work_expect(w->row.version, expected, err);
    if (status == ST_OK)
        status = review_of_row(w->arena, &w->row, &w->is, err);
    if (status == ST_OK)
        status = load_invitation(w, err);
    if (status == ST_OK)
        status = employee_get(snapshot, w->row.employee, &w->employee, err);
    if (status == ST_OK && w->row.interviewer)
        status = employee_get(snapshot, w->row.interviewer, &w->interviewer, err);
    w->was = w->is;
    return status;
}

enum status review_set_interviewer(
    struct review_work *w, const char *id, const char *pointer, struct error *err)
{
    struct employee_row person = {0};
    if (id && strcmp(id, w->employee.id) == 0)
        return error_field(err, pointer, "an employee does not hold their own review");
    enum status status = id ? own_employee(w->txn, id, pointer, &person, err) : ST_OK;
    if (status != ST_OK)
        return status;
    w->interviewer = person;
    w->is.interviewer = person.id;
    return ST_OK;
}

enum status review_set_topics(
    struct review_work *w, const struct list *themes, const struct list *information, struct error *err)
{
    unsigned bits;
    enum status status = themes->items ? themes_read(themes, &bits, err) : ST_OK;
    if (information->items && informations_read(information, &bits, err) != ST_OK)
        status = ST_INVALID;
    if (status != ST_OK)
        return status;
    if (themes->items)
        w->is.themes = *themes;
    if (information->items)
        w->is.information = *information;
    return ST_OK;
}

/* ---- saving */

static const char *save_body(struct arena *arena, const struct review *review)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(&review_body_table, &w, review, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

static void save_fill_row(struct review_work *w)
{
    const struct review *is = &w->is;
    struct review_row *row = &w->row;
    date_t slot_on = is->start == INSTANT_NONE ? DATE_NONE : zone_date(w->zone, is->start);
    row->employee = is->employee;
    row->type = review_type_names[is->type];
    row->recap = is->recap == 1;
    row->interviewer = is->interviewer;
    row->day = is->held != DATE_NONE ? is->held : slot_on;
    row->starts_at = is->start;
    row->ends_at = is->end;
    row->mode = is->mode == FIELD_UNSET ? NULL : review_mode_names[is->mode];
    row->location = is->location;
    row->conference_url = is->conference_url;
    row->state = review_state_names[is->state];
    row->held_on = is->held;
    row->reported_on = is->report ? is->report->date : DATE_NONE;
    row->copied_on = is->copy ? is->copy->date : DATE_NONE;
    row->sequence = w->invitation.sequence;
    row->time_sequence = w->invitation.time_sequence;
    row->dtstamp = w->invitation.dtstamp;
    row->shown = w->invitation.sequence >= 0 && !w->invitation.cancelled;
    row->body = save_body(w->arena, is);
}

static void save_fill_attendee(
    const struct review_work *w, const struct invitation_attendee *from, struct attendee_row *ret)
{
    bool interviews = w->interviewer.email && strcasecmp(from->email, w->interviewer.email) == 0;
    const struct employee_row *person = interviews ? &w->interviewer : &w->employee;
    *ret = (struct attendee_row){.email = from->email,
        .name = review_person_name(w->arena, person),
        .employee = person->id,
        .role = interviews ? "interviewer" : "employee",
        .partstat = partstat_name((enum partstat)from->partstat),
        .delegated = from->delegated,
        .countered = from->countered,
        .since = from->since,
        .sent = from->sent,
        .refreshed_at = from->refreshed_at,
        .answer_method =
            from->answer.method == ITIP_NONE ? NULL : itip_method_name((enum itip_method)from->answer.method),
        .answer_partstat = partstat_name((enum partstat)from->answer.partstat),
        .answer_sequence = from->answer.sequence,
        .answer_dtstamp = from->answer.dtstamp,
        .answer_start = from->answer.start,
        .answer_end = from->answer.end};
}

static enum status save_attendees(struct review_work *w, struct error *err)
{
    size_t count = w->invitation.attendee_count;
    struct attendee_row *rows = ARENA_ARRAY(w->arena, count, struct attendee_row);
    for (size_t i = 0; i < count; i++)
        save_fill_attendee(w, &w->invitation.attendees[i], &rows[i]);
    return attendee_replace(w->txn, w->row.id, rows, count, err);
}

/* Who has answered what by now: the states of a review alone do not tell. */
static void save_audit_answers(const struct review_work *w, struct json_writer *writer)
{
    jw_key(writer, "attendees");
    jw_open(writer, '[');
    for (size_t i = 0; i < w->invitation.attendee_count; i++) {
        const struct invitation_attendee *attendee = &w->invitation.attendees[i];
        struct attendee_row row;
        save_fill_attendee(w, attendee, &row);
        jw_open(writer, '{');
        jw_member(writer, "role", row.role);
        jw_member(writer, "employee", row.employee);
        jw_member(writer, "partstat", row.partstat);
        if (attendee->countered)
            jw_member_instant(writer, "proposed_start", attendee->answer.start);
        jw_close(writer, '}');
    }
    jw_close(writer, ']');
}

static void save_audit(struct review_work *w, const char *verb, const char *reason, bool created)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer writer = json_writer(&text);
    jw_open(&writer, '{');
    jw_member(&writer, "employee", w->is.employee);
    changes_write(&writer, w->arena, &review_audit_table, created ? NULL : &w->was, &w->is);
    if (w->attendees_changed)
        save_audit_answers(w, &writer);
    if (reason)
        jw_member(&writer, "reason", reason);
    jw_close(&writer, '}');
    txn_audit(w->txn, verb, w->row.id, text.data);
}

/* Whoever declines or asks for another time is not going to come: until that is settled nothing is planned. */
static bool save_convened(int state)
{
    bool open = state == REVIEW_DECLINED || state == REVIEW_COUNTERED;
    return state == REVIEW_PROPOSED || (review_answerable((enum review_state)state) && !open);
}

/* What the rules may know of it: the day it is convened for counts as planned, a draft's does not. */
static enum status save_fact(struct review_work *w, const char *reason, bool created, struct error *err)
{
    const struct review *is = &w->is;
    struct review_fact fact;
    enum outcome outcome;
    field_clear(review_facts.table, &fact);
    fact.head.reason = reason;
    fact.review = w->row.id;
    fact.type = is->type;
    fact.recap = is->recap == 1;
    fact.planned = save_convened(is->state) ? w->row.day : DATE_NONE;
    fact.held = is->held;
    fact.reported = is->held != DATE_NONE ? w->row.reported_on : DATE_NONE;
    fact.copy_handed = is->held != DATE_NONE ? w->row.copied_on : DATE_NONE;
    fact.refused = is->state == REVIEW_REFUSED && is->refusal ? is->refusal->date : DATE_NONE;
    if (created && fact.planned == DATE_NONE && fact.held == DATE_NONE)
        return ST_OK;
    return facts_put(w->txn, &review_facts, is->employee, &fact, &outcome, err);
}

/* Messages supersede what has not left to the same person; without any, nothing of the past is to leave. */
static enum status save_deliveries(struct review_work *w, struct error *err)
{
    enum status status = ST_OK;
    if (w->drops_invitations && w->message_count == 0)
        status = delivery_withdraw_review(w->txn, w->row.id, "invitation", NULL, err);
    for (size_t i = 0; status == ST_OK && i < w->message_count; i++)
        status = delivery_invitation(w->txn, w->row.id, &w->messages[i], err);
    if (status == ST_OK && w->drops_reminders)
        status = delivery_drop_reminders(w->txn, w->row.id, err);
    if (status == ST_OK && w->notices)
        status = delivery_notices(w->txn, w->row.id, w->notices, err);
    return status;
}

enum status review_save(
    struct review_work *w, const char *verb, const char *reason, struct review *ret, struct error *err)
{
    bool created = w->row.version == 0;
    if (reason)
        w->is.reason = reason;
    save_fill_row(w);
    enum status status =
        created ? review_add(w->txn, &w->row, err) : review_update(w->txn, &w->row, w->row.version, err);
    if (status == ST_OK && w->attendees_changed)
        status = save_attendees(w, err);
    if (status != ST_OK)
        return status;
    save_audit(w, verb, reason, created);
    status = save_fact(w, reason, created, err);
    if (status == ST_OK && !created)
        status = save_deliveries(w, err);
    return status == ST_OK ? review_view_of(txn_snapshot(w->txn), &w->row, ret, err) : status;
}
