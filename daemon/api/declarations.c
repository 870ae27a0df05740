/*
 * /v1/declarations: trainings to be declared to the Passeport de prévention, the most urgent first, as JSON or
 * as a list for a spreadsheet. Never a social security number: the portal asks for it, this daemon does not
 * hold it.
 */
#include "op.h"

#include "base/zone.h"
#include "store/organisation.h"
#include "text/csv.h"
#include "work/completion.h"
#include "work/course.h"

#include <string.h>

struct declaration {
    const char *completion, *employee, *number, *given_name, *family_name, *course, *title, *certification,
        *reference;
    int64_t minutes;
    date_t done_on, declare_by, declared_on;
    int late;
};
static const struct field declaration_fields[] = {
    FIELD(struct declaration, completion, FIELD_ID, .kind = "cpl", .flags = FIELD_READ),
    FIELD(struct declaration, employee, FIELD_ID, .kind = "emp", .flags = FIELD_READ),
    FIELD(struct declaration, number, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct declaration, family_name, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct declaration, given_name, FIELD_TEXT, .flags = FIELD_READ),
    FIELD(struct declaration, course, FIELD_ID, .kind = "crs", .flags = FIELD_READ),
    FIELD(struct declaration, title, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct declaration, certification, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct declaration, reference, FIELD_TEXT, .flags = FIELD_READ | FIELD_NULL,
        .doc = "Of the certificate."),
    FIELD(struct declaration, minutes, FIELD_INT, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct declaration, done_on, FIELD_DATE, .flags = FIELD_READ),
    FIELD(struct declaration, declare_by, FIELD_DATE, .flags = FIELD_READ,
        .doc = "Nine months after the quarter in which it ended."),
    FIELD(struct declaration, declared_on, FIELD_DATE, .flags = FIELD_READ | FIELD_NULL),
    FIELD(struct declaration, late, FIELD_BOOL, .flags = FIELD_READ),
};
static const struct field_table declaration_table =
    FIELD_TABLE("Declaration", struct declaration, declaration_fields, -1);

static const char *const declaration_states[] = {"open", "declared", NULL};
static const char *const declaration_formats[] = {"json", "csv", NULL};

struct declaration_query {
    struct page_params page;
    int state, format;
};
static const struct field declaration_query_fields[] = {PAGE_FIELDS(struct declaration_query),
    FIELD(struct declaration_query, state, FIELD_ENUM, .names = declaration_states,
        .doc = "open: still to be declared; declared; all unless told."),
    FIELD(struct declaration_query, format, FIELD_ENUM, .names = declaration_formats,
        .doc = "csv: for a spreadsheet; page by page too.")};
static const struct field_table declaration_query_table =
    FIELD_TABLE("DeclarationQuery", struct declaration_query, declaration_query_fields, -1);

static enum status declaration_of(const struct snapshot *snapshot, struct call *call, const struct zone *zone,
    const struct completion_row *row, struct declaration *ret, struct error *err)
{
    struct employee_row person;
    struct course_row course_row;
    struct course course;
    struct completion_said said;
    enum status status = employee_get(snapshot, row->employee, &person, err);
    if (status == ST_OK)
        status = course_get(snapshot, row->course, &course_row, err);
    if (status == ST_OK)
        status = course_of_row(call->arena, &course_row, &course, err);
    if (status == ST_OK)
        status = completion_said_of_row(call->arena, row, &said, err);
    if (status != ST_OK)
        return status;
    *ret = (struct declaration){.completion = row->id,
        .employee = row->employee,
        .number = person.number,
        .given_name = person.given_name,
        .family_name = person.family_name,
        .course = row->course,
        .title = course.title,
        .certification = course.certification,
        .reference = said.certificate_id,
        .minutes = said.minutes != FIELD_INT_NONE ? said.minutes : course.minutes,
        .done_on = zone_date(zone, row->occurred_at),
        .declare_by = row->declare_by,
        .declared_on = row->declared_on,
        .late =
            row->declared_on == DATE_NONE ? row->declare_by < call->today : row->declared_on > row->declare_by};
    return ST_OK;
}

static void declaration_csv_head(struct csv_writer *w)
{
    static const char *const names[] = {"matricule", "nom", "prénom", "formation", "certification",
        "attestation", "minutes", "terminée le", "à déclarer avant le", "déclarée le", "en retard"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        csv_put_text(w, names[i]);
    csv_end_row(w);
}

static void declaration_csv_row(struct csv_writer *w, const struct declaration *d)
{
    csv_put_text(w, d->number);
    csv_put_text(w, d->family_name);
    csv_put_text(w, d->given_name);
    csv_put_text(w, d->title);
    csv_put_text(w, d->certification);
    csv_put_text(w, d->reference);
    if (d->minutes == FIELD_INT_NONE)
        csv_put_text(w, NULL);
    else
        csv_put_int(w, d->minutes);
    csv_put_date(w, d->done_on);
    csv_put_date(w, d->declare_by);
    csv_put_date(w, d->declared_on);
    csv_put_text(w, d->late ? "oui" : "non");
    csv_end_row(w);
}

static enum status declarations_write_json(const struct snapshot *snapshot, struct call *call,
    const struct zone *zone, const struct completion_list *list, struct error *err)
{
    struct json_writer w = call_items_open(call);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < list->count; i++) {
        struct declaration one;
        status = declaration_of(snapshot, call, zone, &list->items[i], &one, err);
        if (status == ST_OK)
            field_write(&declaration_table, &w, &one);
    }
    call_items_close(call, &w, list->next);
    return status;
}

static enum status declarations_write_csv(const struct snapshot *snapshot, struct call *call,
    const struct zone *zone, const struct completion_list *list, struct error *err)
{
    struct csv_writer w = csv_writer(&call->body, ';', true);
    enum status status = ST_OK;
    declaration_csv_head(&w);
    for (size_t i = 0; status == ST_OK && i < list->count; i++) {
        struct declaration one;
        status = declaration_of(snapshot, call, zone, &list->items[i], &one, err);
        if (status == ST_OK)
            declaration_csv_row(&w, &one);
    }
    call->body_type = "text/csv; charset=utf-8; header=present";
    call_header(call, "Content-Disposition", "attachment; filename=\"passeport-prevention.csv\"");
    if (list->next)
        call_next(call, list->next);
    return status;
}

static enum status declarations_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct declaration_query *query = call->params;
    struct organisation_row organisation;
    struct page page = call_page(call);
    struct completion_list list;
    enum status status = organisation_get(snapshot, call->organisation, &organisation, err);
    if (status == ST_OK)
        status = completion_declarations(snapshot, call->organisation,
            query->state == FIELD_UNSET ? NULL : declaration_states[query->state], &page, &list, err);
    if (status != ST_OK)
        return status;
    const struct zone *zone = zone_load(organisation.zone, NULL);
    return (query->format == 1 ? declarations_write_csv : declarations_write_json)(
        snapshot, call, zone, &list, err);
}

const struct op declarations_list = {.name = "declarations_list",
    .summary = "Safety trainings to be declared to the Passeport de prévention, the most urgent first",
    .query = &declaration_query_table,
    .output = &declaration_table,
    .list = true,
    .read = declarations_read};
