/*
 * /v1/duties and /v1/employees/{id}/duties: what has to happen by when, and why. Stored rows say which duties a
 * list holds and in which order; what is shown is computed from the facts. On a read lane.
 */
#include "base/text.h"
#include "duty_answer.h"
#include "ops.h"
#include "store/duty.h"
#include "work/organisation.h"

#include <string.h>

#define LANG_FIELD(query)                                                                                      \
    FIELD(query, lang, FIELD_ENUM, .names = lang_names,                                                        \
        .doc = "Of explanations; the organisation's unless told.")

/* ---- lists */

struct duty_query {
    struct page_params page;
    const char *state, *kind, *employee, *manager;
    date_t due_before, due_after;
    int lang;
};
static const struct field duty_query_fields[] = {PAGE_FIELDS(struct duty_query),
    FIELD(struct duty_query, state, FIELD_TEXT,
        .doc = "One state; also finds closed duties (held, reported, proved, held_late, refused)."),
    FIELD(struct duty_query, kind, FIELD_TEXT, .doc = "One kind: first, periodic, recap ..."),
    FIELD(struct duty_query, employee, FIELD_ID, .kind = "emp", .doc = "Of one employee."),
    FIELD(struct duty_query, manager, FIELD_ID, .kind = "emp", .doc = "Of those who report to this employee."),
    FIELD(struct duty_query, due_before, FIELD_DATE, .doc = "Due before this day."),
    FIELD(struct duty_query, due_after, FIELD_DATE, .doc = "Due after this day."),
    LANG_FIELD(struct duty_query)};
static const struct field_table duty_query_table =
    FIELD_TABLE("DutyQuery", struct duty_query, duty_query_fields, -1);

static enum status duties_parse(struct call *call, struct error *err)
{
    const struct duty_query *query = call->params;
    if (query->state && !duty_is_state(query->state))
        return error_field(
            err, "/state", "expected a state of a duty: upcoming, to_plan, planned, overdue ...");
    if (query->kind && !duty_is_kind(query->kind))
        return error_field(err, "/kind", "expected a kind of duty: first, periodic, return, recap ...");
    return ST_OK;
}

/* An employee of the page, with the duties computed once. */
struct person {
    struct employee_row row;
    struct duties_view view;
};

struct listing {
    struct call *call;
    const struct snapshot *snapshot;
    struct duties_frame frame;
    enum lang lang;
    struct person **people;
    size_t count;
};

static enum status listing_person(
    struct listing *listing, const char *id, const struct person **ret, struct error *err)
{
    for (size_t i = listing->count; i > 0; i--) {
        if (strcmp(listing->people[i - 1]->row.id, id) == 0) {
            *ret = listing->people[i - 1];
            return ST_OK;
        }
    }
    struct person *person = ARENA_NEW(snapshot_arena(listing->snapshot), struct person);
    enum status status = employee_get(listing->snapshot, id, &person->row, err);
    if (status == ST_OK)
        status = duties_view(
            listing->snapshot, &listing->frame, id, listing->frame.today, INSTANT_NONE, &person->view, err);
    if (status == ST_OK)
        *ret = listing->people[listing->count++] = person;
    return status;
}

static bool find_id(const char *const *ids, size_t count, const char *id, size_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(ids[i], id) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

/* False when time or the organisation has moved on and the duty is none any more, or not the one asked for. */
static bool listing_find(const struct duty_row *row, const struct person *person,
    const struct duty_query *query, struct duty_shown *ret)
{
    const struct duties *duties = &person->view.duties;
    *ret = (struct duty_shown){.employee = &person->row, .view = &person->view};
    if (query->manager && !text_equal(query->manager, person->row.manager))
        return false;
    if (!find_id(person->view.open_ids, duties->open_count, row->id, &ret->index)) {
        ret->closed = true;
        if (!query->state || !find_id(person->view.history_ids, duties->history_count, row->id, &ret->index))
            return false;
    }
    const struct duty *duty = &(ret->closed ? duties->history : duties->open)[ret->index];
    return !query->state || strcmp(query->state, duty_state_name((enum duty_state)duty->state)) == 0;
}

static enum status listing_write(
    struct listing *listing, const struct duty_row *row, struct json_writer *w, struct error *err)
{
    const struct person *person = NULL;
    struct duty_shown shown;
    enum status status = listing_person(listing, row->employee, &person, err);
    if (status == ST_OK && call_sees(listing->call, &person->row) &&
        listing_find(row, person, listing->call->params, &shown))
        duty_write_shown(listing->call, &shown, listing->lang, w);
    return status;
}

static enum lang lang_or(int asked, enum lang otherwise)
{
    return asked == FIELD_UNSET ? otherwise : (enum lang)asked;
}

static enum status duties_rows(const struct listing *listing, struct duty_list *ret, struct error *err)
{
    const struct call *call = listing->call;
    const struct duty_query *query = call->params;
    const struct page page = call_page(call);
    const struct duty_filter filter = {.state = query->state,
        .kind = query->kind,
        .employee = query->employee,
        .manager = call_team_of(call, query->manager),
        .due_before = query->due_before,
        .due_after = query->due_after};
    return duty_list(listing->snapshot, call->organisation, &filter, &page, ret, err);
}

/* Duties computed under facts of the organisation that have changed since wait for the watcher: the list says
 * how many people's. */
static struct json_writer duties_open(struct call *call, int64_t stale)
{
    if (stale == 0)
        return call_items_open(call);
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member_int(&w, "recomputing", stale);
    jw_key(&w, "items");
    jw_open(&w, '[');
    return w;
}

static enum status duties_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct duty_query *query = call->params;
    struct listing listing = {.call = call, .snapshot = snapshot};
    struct duty_list rows;
    int64_t stale = 0;
    enum status status = call_frame(snapshot, call, &listing.frame, err);
    if (status == ST_OK)
        status = duty_stale(snapshot, call->organisation, &stale, err);
    if (status == ST_OK)
        status = duties_rows(&listing, &rows, err);
    if (status != ST_OK)
        return status;
    listing.lang = lang_or(query->lang, listing.frame.lang);
    listing.people = ARENA_ARRAY(snapshot_arena(snapshot), rows.count, struct person *);
    struct json_writer w = duties_open(call, stale);
    for (size_t i = 0; status == ST_OK && i < rows.count; i++)
        status = listing_write(&listing, &rows.items[i], &w, err);
    call_items_close(call, &w, rows.next);
    return status;
}

const struct op duties_list = {.name = "duties_list",
    .summary =
        "Open duties by due date, or those in one state; `recomputing` people's are being brought up to date",
    .query = &duty_query_table,
    .output = &duty_table,
    .list = true,
    .parse = duties_parse,
    .read = duties_read};

/* ---- of one employee, on a day, as known on a day */

struct as_of_query {
    date_t as_of, known_on;
    int lang;
};
static const struct field as_of_fields[] = {AS_OF_FIELDS(struct as_of_query), LANG_FIELD(struct as_of_query)};
static const struct field_table as_of_table = FIELD_TABLE("AsOfQuery", struct as_of_query, as_of_fields, -1);

static void write_duties(
    const struct call *call, const char *key, struct duty_shown shown, enum lang lang, struct json_writer *w)
{
    const struct duties *duties = &shown.view->duties;
    size_t count = shown.closed ? duties->history_count : duties->open_count;
    jw_key(w, key);
    jw_open(w, '[');
    for (shown.index = 0; shown.index < count; shown.index++)
        duty_write_shown(call, &shown, lang, w);
    jw_close(w, ']');
}

static void write_missing(const struct duties *duties, struct json_writer *w)
{
    jw_key(w, "missing");
    jw_open(w, '[');
    if (duties->missing & DUTY_MISSING_HIRE_DATE)
        jw_text(w, "hire_date");
    if (duties->missing & DUTY_MISSING_BIRTH_DATE)
        jw_text(w, "birth_date");
    jw_close(w, ']');
}

struct asking {
    struct employee_row employee;
    struct duties_frame frame;
    struct duties_view view;
    struct as_of day;
};

static void write_answer(struct call *call, const struct asking *asking)
{
    const struct as_of_query *query = call->params;
    const struct duties *duties = &asking->view.duties;
    enum lang lang = lang_or(query->lang, asking->frame.lang);
    struct duty_shown shown = {.employee = &asking->employee, .view = &asking->view};
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member(&w, "employee", asking->employee.id);
    jw_member(&w, "organisation", arena_printf(call->arena, "org_%s", call->organisation));
    jw_member_date(&w, "as_of", asking->day.as_of);
    jw_member_date(&w, "known_on", asking->day.known_on);
    jw_member_bool(&w, "projected", asking->day.as_of > asking->frame.today);
    jw_member_bool(&w, "known", asking->view.known);
    jw_member(&w, "excluded",
        duties->exclusion == DUTY_SUBJECT ? NULL : duty_exclusion_name((enum duty_exclusion)duties->exclusion));
    write_missing(duties, &w);
    jw_member_date(&w, "next_check", duties->next_check);
    write_duties(call, "items", shown, lang, &w);
    shown.closed = true;
    write_duties(call, "history", shown, lang, &w);
    jw_close(&w, '}');
    call_etag_of_body(call);
}

static enum status employee_duties_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct as_of_query *query = call->params;
    struct asking *asking = ARENA_NEW(snapshot_arena(snapshot), struct asking);
    enum status status = call_employee(snapshot, call, &asking->employee, err);
    if (status == ST_OK)
        status = call_as_of(snapshot, call, query->as_of, query->known_on, &asking->frame, &asking->day, err);
    if (status == ST_OK)
        status = duties_view(snapshot, &asking->frame, asking->employee.id, asking->day.as_of,
            asking->day.known_at, &asking->view, err);
    if (status == ST_OK)
        write_answer(call, asking);
    return status;
}

const struct op employee_duties_get = {.name = "employee_duties",
    .summary = "Duties and history of one employee, today, as given on a day, or projected",
    .query = &as_of_table,
    .output = &employee_duties_table,
    .read = employee_duties_read};

/* ---- taking note of one that was missed */

struct acknowledge_body {
    const char *note;
};
static const struct field acknowledge_fields[] = {FIELD(struct acknowledge_body, note, FIELD_LINES,
    .flags = FIELD_NULL, .max = 2000, .doc = "Why it was missed, what is done instead.")};
static const struct field_table acknowledge_table =
    FIELD_TABLE("DutyAcknowledge", struct acknowledge_body, acknowledge_fields, -1);

static enum status duty_answer_one(
    const struct snapshot *snapshot, struct call *call, const struct duty_row *row, struct error *err)
{
    struct asking *asking = ARENA_NEW(snapshot_arena(snapshot), struct asking);
    struct duty_shown shown = {.employee = &asking->employee, .view = &asking->view};
    enum status status = employee_get(snapshot, row->employee, &asking->employee, err);
    if (status == ST_OK)
        status = call_frame(snapshot, call, &asking->frame, err);
    if (status == ST_OK)
        status = duties_view(
            snapshot, &asking->frame, row->employee, asking->frame.today, INSTANT_NONE, &asking->view, err);
    if (status != ST_OK)
        return status;
    if (!find_id(asking->view.open_ids, asking->view.duties.open_count, row->id, &shown.index))
        return error_set(err, ST_NOT_FOUND, "there is no duty %s any more", row->id);
    struct json_writer w = call_writer(call);
    duty_write_shown(call, &shown, asking->frame.lang, &w);
    return ST_OK;
}

static enum status duty_acknowledge_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct acknowledge_body *body = call->in;
    struct duty_row row = {0};
    const char *id;
    enum status status = call_id(call, "id", "duty", &id, err);
    if (status == ST_OK)
        status = duty_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = duty_acknowledge(txn, id, body->note, err);
    return status == ST_OK ? duty_answer_one(txn_snapshot(txn), call, &row, err) : status;
}

const struct op duty_acknowledge_post = {.name = "duty_acknowledge",
    .summary = "Takes note, once, of a duty that was missed: it leaves the lists of what is to do",
    .input = &acknowledge_table,
    .body_optional = true,
    .output = &duty_table,
    .write = duty_acknowledge_write};
