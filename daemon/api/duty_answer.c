/*
 * A duty as the interface shows it. The model writes the members; the tables here describe them for the
 * interface's description. On a lane.
 */
#include "duty_answer.h"

#include "work/organisation.h"

#include <string.h>

#define MAYBE (FIELD_READ | FIELD_NULL)

struct duty_anchor {
    const char *kind, *id;
    date_t date;
};
static const struct field anchor_fields[] = {
    FIELD(struct duty_anchor, kind, FIELD_TEXT, .flags = MAYBE,
        .doc = "hire, review, seniority, recap, return, leave, visit, birth."),
    FIELD(struct duty_anchor, date, FIELD_DATE, .flags = MAYBE, .doc = "The day it counts from."),
    FIELD(struct duty_anchor, id, FIELD_TEXT, .flags = MAYBE, .doc = "Of the review, absence or visit."),
};
static const struct field_table anchor_table = FIELD_TABLE("DutyAnchor", struct duty_anchor, anchor_fields, -1);

struct shown_reading {
    const char *name, *grade, *explanation;
    date_t date;
};
static const struct field reading_fields[] = {
    FIELD(struct shown_reading, name, FIELD_TEXT, .flags = FIELD_READ, .doc = "strict, lenient, shifted ..."),
    FIELD(struct shown_reading, date, FIELD_DATE, .flags = MAYBE, .doc = "Due by this reading."),
    FIELD(
        struct shown_reading, grade, FIELD_TEXT, .flags = FIELD_READ, .doc = "How well it is founded, A to E."),
    FIELD(struct shown_reading, explanation, FIELD_TEXT, .flags = FIELD_READ, .doc = "One sentence."),
};
static const struct field_table reading_table =
    FIELD_TABLE("DutyReading", struct shown_reading, reading_fields, -1);

struct shown_absence {
    const char *id, *type;
    int64_t days, excluded;
};
static const struct field absence_fields[] = {
    FIELD(struct shown_absence, id, FIELD_TEXT, .flags = MAYBE),
    FIELD(struct shown_absence, type, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct shown_absence, days, FIELD_INT, .flags = FIELD_READ, .doc = "Inside the window of the recap."),
    FIELD(struct shown_absence, excluded, FIELD_INT, .flags = FIELD_READ, .doc = "Of which do not count."),
};
static const struct field_table shown_absence_table =
    FIELD_TABLE("DutyAbsence", struct shown_absence, absence_fields, -1);

struct shown_acknowledgement {
    instant_t at;
    const char *by, *note;
};
static const struct field acknowledgement_fields[] = {
    FIELD(struct shown_acknowledgement, at, FIELD_INSTANT, .flags = FIELD_READ, .doc = "When."),
    FIELD(struct shown_acknowledgement, by, FIELD_TEXT, .flags = FIELD_READ, .doc = "By whom: a token."),
    FIELD(struct shown_acknowledgement, note, FIELD_TEXT, .flags = MAYBE),
};
static const struct field_table acknowledgement_table =
    FIELD_TABLE("DutyAcknowledgement", struct shown_acknowledgement, acknowledgement_fields, -1);

struct duty_body {
    const char *id, *organisation, *employee, *employee_number, *employee_name;
    const char *kind, *rule, *regime, *title, *article, *source, *grade, *state, *conflict, *warning,
        *agreement;
    const struct shown_acknowledgement *acknowledged;
    const char *absence, *planned_by, *satisfied_by, *document, *explanation;
    const struct duty_anchor *anchor;
    date_t verified_on, due, limit, opens, shifted, satisfied_on;
    int tolerated, expected;
    int64_t excluded_days;
    struct list absences, readings;
};
#define SHOWN(member, type, ...) FIELD(struct duty_body, member, type, ##__VA_ARGS__)
#define MAYBE                    (FIELD_READ | FIELD_NULL)
static const struct field duty_fields[] = {
    SHOWN(id, FIELD_ID, .flags = FIELD_READ, .kind = "duty", .doc = "Stable: recomputing keeps it."),
    SHOWN(organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    SHOWN(employee, FIELD_ID, .flags = FIELD_READ, .kind = "emp", .doc = "Whose review it is."),
    SHOWN(employee_number, FIELD_TEXT, .flags = FIELD_READ),
    SHOWN(employee_name, FIELD_TEXT, .flags = FIELD_READ),
    SHOWN(kind, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "first, periodic, return, before_leave, midcareer_visit, midcareer, senior, recap."),
    SHOWN(rule, FIELD_TEXT, .flags = FIELD_READ, .doc = "Id of the rule, e.g. R2.PERIODIC."),
    SHOWN(regime, FIELD_TEXT, .flags = MAYBE, .doc = "R1: law of 2014, T: the transition, R2: law 2025-989."),
    SHOWN(title, FIELD_TEXT, .flags = FIELD_READ),
    SHOWN(article, FIELD_TEXT, .flags = MAYBE,
        .doc = "Of the Code du travail; null for others than HR where it tells of a leave."),
    SHOWN(source, FIELD_TEXT, .flags = MAYBE, .doc = "Where the rule comes from; null with the article."),
    SHOWN(grade, FIELD_TEXT, .flags = FIELD_READ,
        .doc = "A text of the Code, B doctrine of the Ministry, C case law, D practice, E own choice."),
    SHOWN(verified_on, FIELD_DATE, .flags = FIELD_READ, .doc = "When the rule was last checked."),
    SHOWN(anchor, FIELD_OBJECT, .flags = FIELD_READ, .of = &anchor_table, .doc = "The fact it counts from."),
    SHOWN(due, FIELD_DATE, .flags = MAYBE, .doc = "The prudent date."),
    SHOWN(limit, FIELD_DATE, .flags = MAYBE, .doc = "The latest defensible date."),
    SHOWN(opens, FIELD_DATE, .flags = MAYBE, .doc = "The first day it may be satisfied."),
    SHOWN(shifted, FIELD_DATE, .flags = MAYBE,
        .doc = "The recap's due date pushed by the days that do not count."),
    SHOWN(state, FIELD_TEXT, .flags = FIELD_READ,
        .doc =
            "upcoming, to_plan, planned, held, reported, proved, held_late, overdue, missed, exempt, refused."),
    SHOWN(tolerated, FIELD_BOOL, .flags = FIELD_READ, .doc = "Overdue or held between due and limit."),
    SHOWN(expected, FIELD_BOOL, .flags = FIELD_READ, .doc = "A forecast: does not exist yet."),
    SHOWN(conflict, FIELD_TEXT, .flags = MAYBE,
        .doc = "The duty that one meeting cannot serve together with this one."),
    SHOWN(warning, FIELD_TEXT, .flags = MAYBE),
    SHOWN(agreement, FIELD_TEXT, .flags = MAYBE, .doc = "Reference of the agreement whose period applies."),
    SHOWN(absence, FIELD_TEXT, .flags = MAYBE, .doc = "Type of the absence that names it; for HR."),
    SHOWN(excluded_days, FIELD_INT, .flags = FIELD_READ, .doc = "Days of absence that do not count; for HR."),
    SHOWN(absences, FIELD_LIST, .flags = FIELD_READ, .of = &shown_absence_table, .doc = "For HR."),
    SHOWN(planned_by, FIELD_TEXT, .flags = MAYBE, .doc = "The review set for it."),
    SHOWN(satisfied_by, FIELD_TEXT, .flags = MAYBE, .doc = "The review or event that closed it."),
    SHOWN(satisfied_on, FIELD_DATE, .flags = MAYBE),
    SHOWN(document, FIELD_TEXT, .flags = MAYBE, .doc = "What is proved of that review: none, report, copy."),
    SHOWN(acknowledged, FIELD_OBJECT, .flags = MAYBE, .of = &acknowledgement_table,
        .doc = "Who took note that it was missed; it is out of the lists of what is to do then."),
    SHOWN(readings, FIELD_LIST, .flags = FIELD_READ, .of = &reading_table, .doc = "The competing readings."),
    SHOWN(explanation, FIELD_TEXT, .flags = FIELD_READ, .doc = "Why these dates, in one sentence."),
};
const struct field_table duty_table = FIELD_TABLE("Duty", struct duty_body, duty_fields, -1);

struct employee_duties {
    const char *employee, *organisation, *excluded;
    date_t as_of, known_on, next_check;
    int known, projected;
    struct list missing, items, history;
};
#define ABOUT(member, type, ...) FIELD(struct employee_duties, member, type, ##__VA_ARGS__)
static const struct field employee_duties_fields[] = {
    ABOUT(employee, FIELD_ID, .flags = FIELD_READ, .kind = "emp"),
    ABOUT(organisation, FIELD_ID, .flags = FIELD_READ, .kind = "org"),
    ABOUT(as_of, FIELD_DATE, .flags = FIELD_READ, .doc = "The day the rules and facts are looked at."),
    ABOUT(
        known_on, FIELD_DATE, .flags = FIELD_READ, .doc = "Versions of facts recorded by the end of this day."),
    ABOUT(projected, FIELD_BOOL, .flags = FIELD_READ, .doc = "as_of lies in the future."),
    ABOUT(known, FIELD_BOOL, .flags = FIELD_READ, .doc = "Whether the employee was known then."),
    ABOUT(
        excluded, FIELD_TEXT, .flags = MAYBE, .doc = "Why there is no open duty: not_hired, left, temporary."),
    ABOUT(missing, FIELD_TEXTS, .flags = FIELD_READ, .doc = "Facts without which duties are unknown."),
    ABOUT(
        next_check, FIELD_DATE, .flags = MAYBE, .doc = "The next day on which time alone changes the answer."),
    ABOUT(items, FIELD_LIST, .flags = FIELD_READ, .of = &duty_table, .doc = "By due date."),
    ABOUT(history, FIELD_LIST, .flags = FIELD_READ, .of = &duty_table, .doc = "Closed ones."),
};
const struct field_table employee_duties_table =
    FIELD_TABLE("EmployeeDuties", struct employee_duties, employee_duties_fields, -1);

static const char *shown_conflict(const struct duty_shown *shown, const struct duty *duty)
{
    return !shown->closed && duty->conflict >= 0 ? shown->view->open_ids[duty->conflict] : "";
}

static void write_acknowledged(const struct duty_shown *shown, struct json_writer *w)
{
    const struct acknowledgement *known = shown->closed ? NULL : shown->view->acknowledged[shown->index];
    jw_key(w, "acknowledged");
    if (!known) {
        jw_null(w);
        return;
    }
    const struct shown_acknowledgement body = {
        .at = known->head.recorded_at, .by = known->head.actor, .note = known->note};
    field_write(&acknowledgement_table, w, &body);
}

void duty_write_shown(
    const struct call *call, const struct duty_shown *shown, enum lang lang, struct json_writer *w)
{
    const struct duties_view *view = shown->view;
    const struct duty *duty =
        shown->closed ? &view->duties.history[shown->index] : &view->duties.open[shown->index];
    enum duty_detail detail = call_sees_reasons(call) ? DUTY_DETAIL_FULL : DUTY_DETAIL_DISCREET;
    const struct employee_row *employee = shown->employee;
    jw_open(w, '{');
    jw_member(w, "id", (shown->closed ? view->history_ids : view->open_ids)[shown->index]);
    jw_member(w, "organisation", arena_printf(call->arena, "org_%s", call->organisation));
    jw_member(w, "employee", employee->id);
    jw_member(w, "employee_number", employee->number);
    jw_member(
        w, "employee_name", arena_printf(call->arena, "%s %s", employee->given_name, employee->family_name));
    duty_write_members(duty, lang, detail, shown_conflict(shown, duty), w);
    write_acknowledged(shown, w);
    jw_close(w, '}');
}

bool duty_is_state(const char *text)
{
    for (int i = 0; i < DUTY_STATE_COUNT; i++)
        if (strcmp(duty_state_name((enum duty_state)i), text) == 0)
            return true;
    return false;
}

bool duty_is_kind(const char *text)
{
    for (int i = 0; i < DUTY_FAMILY_COUNT; i++)
        if (strcmp(duty_family_name((enum duty_family)i), text) == 0)
            return true;
    return false;
}
