/*
 * Courses: classified by people, and what follows from it. On a write lane.
 */
#include "work/course.h"

#include "completion.h"
#include "internal.h"
#include "plan_work.h"
#include "work/changes.h"

#include <string.h>

/* Completions that one change of a course takes along; the rest follows by a job. */
enum { COURSE_NOW = 25 };

#define COURSE_KNOWN                                                                                           \
    FIELD(struct course, mandatory_text, FIELD_LINES, .max = 2000, .flags = FIELD_NULL,                        \
        .doc = "The convention, law or regulation that requires it, quoted; needed when it is mandatory."),    \
        FIELD(struct course, minutes, FIELD_INT, .max = 1000000, .flags = FIELD_NULL,                          \
            .doc = "How long it takes, for completions that do not say."),                                     \
        FIELD(                                                                                                 \
            struct course, competency, FIELD_TEXT, .flags = FIELD_NULL, .doc = "What one can do afterwards."), \
        FIELD(struct course, certification, FIELD_TEXT, .flags = FIELD_NULL, .doc = "RNCP or RS number."),     \
        FIELD(struct course, validity, FIELD_PERIOD, .flags = FIELD_NULL,                                      \
            .doc = "How long it holds: P24M for first aid."),                                                  \
        FIELD(struct course, declarable, FIELD_BOOL,                                                           \
            .doc = "A safety training to be declared to the Passeport de prévention (L4141-5).")

static const struct field course_fields[] = {
    FIELD(struct course, id, FIELD_ID, .kind = "crs", .flags = FIELD_READ),
    FIELD(struct course, organisation, FIELD_ID, .kind = "org", .flags = FIELD_READ),
    FIELD(struct course, source, FIELD_ID, .kind = "src", .flags = FIELD_READ,
        .doc = "The platform that names it."),
    FIELD(struct course, code, FIELD_TEXT, .max = 1000, .flags = FIELD_READ, .doc = "The platform's id of it."),
    FIELD(struct course, title, FIELD_TEXT, .max = 1000, .flags = FIELD_NULL),
    FIELD(struct course, mandatory, FIELD_ENUM, .names = action_mandatory_names,
        .doc = "Required to do the job (L6321-2): it does not count for the recap."),
    COURSE_KNOWN,
    FIELD(struct course, created_at, FIELD_INSTANT, .flags = FIELD_READ),
    FIELD(struct course, updated_at, FIELD_INSTANT, .flags = FIELD_READ),
};
const struct field_table course_table =
    FIELD_TABLE("Course", struct course, course_fields, offsetof(struct course, given));

static const struct field course_body_fields[] = {COURSE_KNOWN, FIELD(struct course, was, FIELD_INT)};
static const struct field_table course_body_table =
    FIELD_TABLE("CourseBody", struct course, course_body_fields, -1);

enum status course_of_row(
    struct arena *arena, const struct course_row *row, struct course *ret, struct error *err)
{
    char org[ORG_KEY_MAX] = "";
    field_clear(&course_table, ret);
    ret->was = FIELD_INT_NONE;
    if (field_parse(&course_body_table, arena, row->body, strlen(row->body), FIELD_MODE_STORED, ret, NULL) !=
        ST_OK)
        return error_set(err, ST_INTERNAL, "the stored course %s cannot be read", row->id);
    (void)id_parse(row->id, "crs", org);
    ret->id = row->id;
    ret->organisation = arena_printf(arena, "org_%s", org);
    ret->source = row->source;
    ret->code = row->code;
    ret->title = row->title;
    ret->mandatory = work_name_index(action_mandatory_names, row->mandatory);
    ret->created_at = row->created_at;
    ret->updated_at = row->updated_at;
    ret->version = row->version;
    if (ret->declarable == FIELD_UNSET)
        ret->declarable = 0;
    return ST_OK;
}

static enum status course_check(const struct course *course, struct error *err)
{
    if (course->mandatory != MANDATORY_YES || course->mandatory_text)
        return ST_OK;
    return error_field(err, "/mandatory_text", "expected the text that makes it mandatory, quoted");
}

static const char *course_body(struct arena *arena, const struct course *course)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    field_write_members(&course_body_table, &w, course, true);
    jw_close(&w, '}');
    return arena_strdup(arena, out.data);
}

enum status course_change(struct txn *txn, const char *id, const struct course *patch, int64_t expected,
    struct course *ret, struct error *err)
{
    struct course_row row;
    struct course before;
    unsigned done = 0;
    struct arena *arena = txn_arena(txn);
    enum status status = course_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = course_of_row(arena, &row, &before, err);
    if (status != ST_OK)
        return status;
    *ret = before;
    bool changed = field_merge(&course_table, ret, patch);
    if (ret->mandatory == FIELD_UNSET)
        ret->mandatory = MANDATORY_UNKNOWN;
    status = course_check(ret, err);
    if (status != ST_OK || !changed)
        return status;
    int64_t was = before.was == FIELD_INT_NONE ? 0 : before.was;
    ret->was = was | (1 << before.mandatory);
    row.title = ret->title;
    row.mandatory = action_mandatory_names[ret->mandatory];
    row.body = course_body(arena, ret);
    status = course_update(txn, &row, expected, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "course.changed", id, changes_payload(arena, &course_table, &before, ret, NULL, NULL));
    ret->version = row.version;
    ret->updated_at = row.updated_at;
    status = completion_wake_course(txn, id, err);
    return status == ST_OK ? completion_retry(txn, COURSE_NOW, &done, err) : status;
}

/* ---- what follows */

date_t declaration_due(date_t done_on)
{
    if (done_on < date_of(2026, 3, 16))
        return DATE_NONE;
    struct ymd day = date_ymd(done_on);
    date_t quarter = date_month_end(date_of(day.year, (day.month + 2) / 3 * 3, 1));
    return date_month_end(date_add(quarter, (struct period){.months = 9}));
}

static enum status follow_declaration(
    struct txn *txn, const struct completion_row *row, const struct course *course, struct error *err)
{
    date_t day = DATE_NONE, due = DATE_NONE;
    enum status status = ST_OK;
    if (course->declarable == 1 && !strcmp(row->state, "completed")) {
        status = completion_day(txn, row, &day, err);
        due = declaration_due(day);
    }
    return status == ST_OK && due != row->declare_by
               ? completion_set_declaration(txn, row->id, due, row->declared_on, err)
               : status;
}

/* The action says what its course says, unless somebody said otherwise of the action itself. */
static enum status follow_action(
    struct txn *txn, const char *action, const struct course *course, struct error *err)
{
    struct action_row row;
    struct action before;
    enum status status = action_get(txn_snapshot(txn), action, &row, err);
    if (status == ST_OK)
        status = action_of_row(txn_arena(txn), &row, &before, err);
    if (status != ST_OK)
        return status;
    struct action after = before;
    int64_t was = course->was == FIELD_INT_NONE ? 0 : course->was;
    if (before.mandatory == MANDATORY_UNKNOWN || (was & (1 << before.mandatory)))
        after.mandatory = course->mandatory;
    if (before.minutes_done == FIELD_INT_NONE)
        after.minutes_done = course->minutes;
    if (period_is_none(before.validity))
        after.validity = course->validity;
    if (field_equal(&action_table, &before, &after))
        return ST_OK;
    status = action_store(txn, &after, &row, err);
    after.valid_until = row.valid_until;
    if (status == ST_OK)
        txn_audit(
            txn, "action.followed_course", row.id, action_payload(txn_arena(txn), &before, &after, NULL, NULL));
    return status;
}

enum status completion_follow_course(struct txn *txn, const struct completion_row *row, struct error *err)
{
    struct course_row course_row;
    struct course course;
    struct evidence_list evidence;
    if (!row->course)
        return ST_OK;
    enum status status = course_get(txn_snapshot(txn), row->course, &course_row, err);
    if (status != ST_OK || (!strcmp(course_row.body, "{}") && !strcmp(course_row.mandatory, "unknown")))
        return status;
    status = course_of_row(txn_arena(txn), &course_row, &course, err);
    if (status == ST_OK)
        status = follow_declaration(txn, row, &course, err);
    if (status == ST_OK)
        status = evidence_of_completion(txn_snapshot(txn), row->id, &evidence, err);
    for (size_t i = 0; status == ST_OK && i < evidence.count; i++)
        if (evidence.items[i].undone_at == INSTANT_NONE)
            status = follow_action(txn, evidence.items[i].action, &course, err);
    return status;
}

enum status completion_declare(
    struct txn *txn, const char *id, date_t declared_on, struct completion_row *ret, struct error *err)
{
    enum status status = completion_get(txn_snapshot(txn), id, ret, err);
    if (status == ST_OK && ret->declare_by == DATE_NONE)
        status = error_set(err, ST_CONFLICT, "it does not have to be declared: its course is not declarable");
    if (status == ST_OK)
        status = completion_set_declaration(txn, id, ret->declare_by, declared_on, err);
    if (status != ST_OK)
        return status;
    ret->declared_on = declared_on;
    txn_audit(txn, declared_on == DATE_NONE ? "completion.undeclared" : "completion.declared", id,
        arena_printf(txn_arena(txn), "{\"declared_on\":\"%s\"}", date_show(declared_on).text));
    return ST_OK;
}
