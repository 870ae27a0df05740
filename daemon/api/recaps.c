/*
 * /v1/employees/{id}/recap: the assessment of a path as JSON, as text, or as a page to print and hand over. On
 * a read lane.
 */
#include "recap_answer.h"

#include "base/text.h"
#include "duty_answer.h"
#include "ops.h"
#include "work/organisation.h"

#include <string.h>

enum recap_format { RECAP_JSON, RECAP_TEXT, RECAP_HTML };
static const char *const recap_format_names[] = {"json", "text", "html", NULL};

struct recap_query {
    date_t as_of, known_on;
    const char *review;
    int format, lang, exposure;
};
static const struct field recap_query_fields[] = {
    AS_OF_FIELDS(struct recap_query),
    FIELD(struct recap_query, review, FIELD_ID, .kind = "rev",
        .doc = "The recap that was held at this review; the one under way unless told."),
    FIELD(struct recap_query, format, FIELD_ENUM, .names = recap_format_names,
        .doc = "html: a page to print and hand over; text: for a terminal; what Accept asks for unless told."),
    FIELD(struct recap_query, exposure, FIELD_BOOL,
        .doc = "false: without what the employer may owe and what would avert it."),
    FIELD(struct recap_query, lang, FIELD_ENUM, .names = lang_names,
        .doc = "Of the words; the organisation's unless told."),
};
static const struct field_table recap_query_table =
    FIELD_TABLE("RecapQuery", struct recap_query, recap_query_fields, -1);

static enum recap_format recap_format_of(const struct call *call)
{
    const struct recap_query *query = call->params;
    if (query->format != FIELD_UNSET)
        return (enum recap_format)query->format;
    if (!call->accept || strstr(call->accept, "application/json"))
        return RECAP_JSON;
    if (strstr(call->accept, "text/html"))
        return RECAP_HTML;
    return strstr(call->accept, "text/plain") ? RECAP_TEXT : RECAP_JSON;
}

static const struct recap_cycle *recap_held_at(const struct recap *recap, const char *review)
{
    for (size_t i = 0; i < recap->count; i++) {
        const struct duty *duty = recap->cycles[i].duty;
        if (duty->satisfied_by && text_equal(duty->satisfied_by->id, review))
            return &recap->cycles[i];
    }
    return NULL;
}

/* The one asked for; else the one under way, or the last one of somebody to whom nothing is owed any more. */
static enum status recap_choose(
    const struct call *call, const struct recap *recap, const struct recap_cycle **ret, struct error *err)
{
    const struct recap_query *query = call->params;
    *ret = recap->current;
    if (!*ret && recap->count > 0)
        *ret = &recap->cycles[recap->count - 1];
    if (!query->review)
        return ST_OK;
    *ret = recap_held_at(recap, query->review);
    return *ret ? ST_OK
                : error_set(err, ST_NOT_FOUND, "no recap of this employee was held at %s", query->review);
}

struct recap_asking {
    struct employee_row employee;
    struct duties_frame frame;
    struct as_of as_of;
    struct recap_headcounts headcounts;
    struct recap_view view;
};

static void recap_as_json(
    struct call *call, const struct recap_asking *asking, const struct recap_document *document)
{
    const struct recap_shown shown = {.employee = &asking->employee,
        .view = &asking->view,
        .cycle = document->cycle,
        .as_of = document->as_of,
        .known_on = document->known_on,
        .today = asking->frame.today,
        .lang = document->lang,
        .detail = document->detail,
        .exposure = document->exposure};
    struct json_writer w = call_writer(call);
    recap_write_shown(call, &shown, &w);
    call_etag_of_body(call);
}

static enum status recap_render(
    const struct snapshot *snapshot, struct call *call, const struct recap_asking *asking, struct error *err)
{
    const struct recap_query *query = call->params;
    struct organisation_row organisation;
    struct recap_document document = {.frame = &asking->frame,
        .view = &asking->view,
        .number = asking->employee.number,
        .given_name = asking->employee.given_name,
        .family_name = asking->employee.family_name,
        .as_of = asking->as_of.as_of,
        .known_on = asking->as_of.known_on,
        .lang = query->lang == FIELD_UNSET ? asking->frame.lang : (enum lang)query->lang,
        .detail = call_sees_reasons(call) ? DUTY_DETAIL_FULL : DUTY_DETAIL_DISCREET,
        .exposure = query->exposure != 0 && !call_is_manager(call)};
    enum status status = organisation_get(snapshot, call->organisation, &organisation, err);
    if (status == ST_OK)
        status = recap_choose(call, &asking->view.recap, &document.cycle, err);
    if (status != ST_OK)
        return status;
    document.organisation = organisation.name;
    document.siren = organisation.siren;
    switch (recap_format_of(call)) {
    case RECAP_JSON:
        recap_as_json(call, asking, &document);
        break;
    case RECAP_TEXT:
        call->body_type = "text/plain; charset=utf-8";
        recap_text(call->arena, &document, &call->body);
        break;
    case RECAP_HTML:
        call->body_type = "text/html; charset=utf-8";
        call_header(call, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        recap_page(call->arena, &document, &call->body);
        break;
    }
    return ST_OK;
}

static enum status recap_get_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct recap_query *query = call->params;
    struct recap_asking *asking = ARENA_NEW(snapshot_arena(snapshot), struct recap_asking);
    enum status status = call_employee(snapshot, call, &asking->employee, err);
    if (status == ST_OK)
        status = call_as_of(snapshot, call, query->as_of, query->known_on, &asking->frame, &asking->as_of, err);
    if (status == ST_OK)
        status = recap_headcounts_load(
            snapshot, call->organisation, asking->as_of.known_at, &asking->headcounts, err);
    if (status == ST_OK)
        status = recap_view(snapshot, &asking->frame, &asking->headcounts, asking->employee.id,
            asking->as_of.as_of, asking->as_of.known_at, &asking->view, err);
    return status == ST_OK ? recap_render(snapshot, call, asking, err) : status;
}

const struct op recap_get = {.name = "employee_recap",
    .summary = "The assessment of an employee's path: reviews, trainings, progression, what may be owed; JSON, "
               "text or a page to print",
    .query = &recap_query_table,
    .output = &recap_table,
    .read = recap_get_read};
