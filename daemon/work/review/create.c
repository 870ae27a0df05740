/*
 * A review is planned, or one of the past is recorded. On a write lane.
 */
#include "own.h"
#include "work.h"
#include "work/calendar.h"

#include <string.h>

#define REVIEW_DOMAIN "entretiend.invalid" /* of the UIDs while the organisation has no mailbox */

static const char *create_uid(struct review_work *w, const char *id)
{
    const struct organiser *organiser = w->organisation.organiser;
    const char *at = organiser && organiser->email ? strrchr(organiser->email, '@') : NULL;
    return arena_printf(w->arena, "review-%s@%s", id, at ? at + 1 : REVIEW_DOMAIN);
}

static int create_mode(const struct review *in)
{
    if (in->mode != FIELD_UNSET || in->start == INSTANT_NONE)
        return in->mode;
    return in->conference_url ? REVIEW_REMOTE : REVIEW_ONSITE;
}

/* An empty draft of the employee. */
static enum status create_begin(
    struct txn *txn, const struct review *in, struct review_work *w, struct error *err)
{
    enum status status = review_begin(txn, w, err);
    if (status != ST_OK)
        return status;
    status = own_employee(txn, in->employee, "/employee", &w->employee, err);
    if (status != ST_OK)
        return status;
    const char *id = id_make(w->arena, "rev", txn_organisation(txn), w->now);
    w->row = (struct review_row){.id = id, .uid = create_uid(w, id), .sequence = -1};
    w->invitation = invitation_init(w->row.uid);
    field_clear(&review_table, &w->is);
    w->is.id = id;
    w->is.employee = w->employee.id;
    w->is.type = in->type == FIELD_UNSET ? REVIEW_PROFESSIONAL : in->type;
    w->is.recap = in->recap == 1;
    w->is.mode = create_mode(in);
    w->is.location = in->location;
    w->is.conference_url = in->conference_url;
    w->is.state = REVIEW_DRAFT;
    w->is.sequence = -1;
    if (w->is.type == REVIEW_ANNUAL && w->is.recap)
        return error_field(err, "/recap", "an annual review is no recap of the path");
    /* Who held one of the past is not guessed. */
    const char *otherwise = in->held == DATE_NONE ? w->employee.manager : NULL;
    return review_set_interviewer(w, in->interviewer ? in->interviewer : otherwise, "/interviewer", err);
}

/* ---- planned */

static enum status create_planned(struct review_work *w, const struct review *in, struct error *err)
{
    if (in->report || in->copy)
        return error_field(err, in->report ? "/report" : "/copy", "only a review that was held has one");
    if (in->start == INSTANT_NONE)
        return in->end == INSTANT_NONE && in->duration == FIELD_INT_NONE
                   ? ST_OK
                   : error_field(err, "/start", "expected the start of the slot");
    instant_t end = review_end(in->start, in->end, in->duration);
    enum status status = review_check_slot(w, in->start, end, false, false, err);
    if (status != ST_OK)
        return status;
    struct review_happening slot = review_slot_event(w, REVIEW_EVENT_RESCHEDULE, in->start, end);
    return review_happen(w, &slot, err);
}

/* ---- held elsewhere */

static enum status create_report(struct review_work *w, const struct review *in, struct error *err)
{
    struct review_report *report = ARENA_NEW(w->arena, struct review_report);
    *report = *in->report;
    if (report->date == DATE_NONE)
        report->date = in->held;
    enum status status = review_check_day(w, report->date, in->held, "/report/date", err);
    if (status != ST_OK)
        return status;
    w->is.report = report;
    struct review_happening event = review_event(w, REVIEW_EVENT_REPORT);
    return review_happen(w, &event, err);
}

static enum status create_copy(struct review_work *w, const struct review *in, struct error *err)
{
    if (!in->report)
        return error_field(err, "/report", "a copy is handed over of a report");
    enum status status = review_check_day(w, in->copy->date, in->held, "/copy/date", err);
    if (status != ST_OK)
        return status;
    w->is.copy = in->copy;
    struct review_happening event = review_event(w, REVIEW_EVENT_COPY);
    return review_happen(w, &event, err);
}

static enum status create_held(struct review_work *w, const struct review *in, struct error *err)
{
    if (in->start != INSTANT_NONE)
        return error_field(err, "/start", "a review recorded as held has no slot: give one or the other");
    enum status status = review_check_day(w, in->held, review_first_day(w), "/held", err);
    if (status == ST_OK)
        status = review_set_topics(w, &in->themes, &in->information, err);
    if (status != ST_OK)
        return status;
    struct employee_row person = {.id = w->is.interviewer};
    if (in->held_by && own_employee(w->txn, in->held_by, "/held_by", &person, err) != ST_OK)
        return ST_INVALID;
    w->is.held_by = person.id;
    struct review_happening held = review_event(w, REVIEW_EVENT_HOLD);
    held.held_on = in->held;
    status = review_happen(w, &held, err);
    if (status == ST_OK && in->report)
        status = create_report(w, in, err);
    if (status == ST_OK && in->copy)
        status = create_copy(w, in, err);
    return status;
}

enum status review_create(struct txn *txn, const struct review *in, struct review *ret, struct error *err)
{
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    bool woken;
    enum status status = create_begin(txn, in, w, err);
    if (status == ST_OK)
        status = in->held == DATE_NONE ? create_planned(w, in, err) : create_held(w, in, err);
    if (status == ST_OK && in->held == DATE_NONE)
        status = calendar_wake(txn, &woken, err);
    if (status != ST_OK)
        return status;
    return review_save(w, in->held == DATE_NONE ? "review.created" : "review.recorded", in->reason, ret, err);
}

/* ---- imports */

/* The review of that employee, type and day, if there is one; its id. */
static enum status record_find(
    struct txn *txn, const struct review_record *record, const char **ret, struct error *err)
{
    struct review_list list;
    enum status status = review_of(txn_snapshot(txn), record->employee, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        if (list.items[i].held_on == record->held &&
            strcmp(list.items[i].type, review_type_names[record->type]) == 0)
            *ret = list.items[i].id;
    return status;
}

static struct review record_as_review(struct arena *arena, const struct review_record *record)
{
    struct review in;
    field_clear(&review_table, &in);
    in.employee = record->employee;
    in.type = record->type;
    in.recap = record->recap == 1;
    in.interviewer = record->interviewer;
    in.held = record->held;
    if (record->report_reference || record->copy_handed != DATE_NONE) {
        struct review_report *report = ARENA_NEW(arena, struct review_report);
        *report = (struct review_report){.date = DATE_NONE, .reference = record->report_reference};
        in.report = report;
    }
    if (record->copy_handed != DATE_NONE) {
        struct review_copy *copy = ARENA_NEW(arena, struct review_copy);
        *copy = (struct review_copy){.date = record->copy_handed, .means = FIELD_UNSET};
        in.copy = copy;
    }
    return in;
}

/* What an import adds to a review that is known: who held it, its report, its copy. */
static enum status record_complete(
    struct review_work *w, const struct review *in, bool *changed, struct error *err)
{
    enum status status = ST_OK;
    *changed = false;
    if (in->interviewer && !w->is.interviewer) {
        status = review_set_interviewer(w, in->interviewer, "/interviewer", err);
        *changed = true;
    }
    if (status == ST_OK && in->report && !w->is.report) {
        status = create_report(w, in, err);
        *changed = true;
    }
    if (status == ST_OK && in->copy && !w->is.copy) {
        status = create_copy(w, in, err);
        *changed = true;
    }
    if (in->recap == 1 && w->is.recap != 1) {
        w->is.recap = 1;
        *changed = true;
    }
    return status;
}

enum status review_record(struct txn *txn, const struct review_record *record, enum outcome *ret_outcome,
    const char **ret_id, struct error *err)
{
    struct review in = record_as_review(txn_arena(txn), record);
    struct review shown;
    const char *known = NULL;
    enum status status = record_find(txn, record, &known, err);
    if (status != ST_OK)
        return status;
    if (!known) {
        status = review_create(txn, &in, &shown, err);
        if (status == ST_OK) {
            *ret_outcome = OUTCOME_CREATED;
            *ret_id = shown.id;
        }
        return status;
    }
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    bool changed = false;
    status = review_load(txn, known, 0, w, err);
    if (status == ST_OK)
        status = record_complete(w, &in, &changed, err);
    if (status == ST_OK && changed)
        status = review_save(w, "review.completed", NULL, &shown, err);
    if (status == ST_OK) {
        *ret_outcome = changed ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
        *ret_id = known;
    }
    return status;
}
