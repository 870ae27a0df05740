/* /v1/employees: the people of an organisation. Managers see their own team. */
#include "work/employee.h"

#include "base/text.h"
#include "internal.h"
#include "ops.h"
#include "team.h"
#include "work/completion.h"

struct employee_query {
    struct page_params page;
    const char *manager, *establishment, *category, *number, *email, *q;
    int active;
};
static const struct field employee_query_fields[] = {PAGE_FIELDS(struct employee_query),
    FIELD(struct employee_query, manager, FIELD_ID, .kind = "emp", .doc = "Who report to this employee."),
    FIELD(struct employee_query, establishment, FIELD_TEXT, .doc = "Of this establishment."),
    FIELD(struct employee_query, category, FIELD_TEXT, .doc = "Of this professional category."),
    FIELD(struct employee_query, number, FIELD_TEXT, .doc = "With this payroll number; case does not count."),
    FIELD(struct employee_query, email, FIELD_EMAIL, .doc = "With this mail address."),
    FIELD(struct employee_query, q, FIELD_TEXT,
        .doc = "Start of the number, of \"family given\" name or of the mail address; accents do not count."),
    FIELD(struct employee_query, active, FIELD_BOOL,
        .doc = "true: hired and not left today; false: left by today.")};
static const struct field_table employee_query_table =
    FIELD_TABLE("EmployeeQuery", struct employee_query, employee_query_fields, -1);

/* Managers need no date of birth, nor what the yearly figures are given by. */
static void employee_show(
    const struct call *call, struct arena *arena, const struct employee_row *row, struct employee *ret)
{
    employee_of_row(arena, row, ret);
    if (!call_is_manager(call))
        return;
    ret->birth_date = DATE_NONE;
    ret->sex = FIELD_UNSET;
}

/* ---- lists */

/* By number or address: at most a few, looked up rather than scanned for. */
static enum status employees_by_key(
    const struct snapshot *snapshot, const struct call *call, struct employee_list *ret, struct error *err)
{
    const struct employee_query *query = call->params;
    if (!query->number)
        return employee_by_email(snapshot, call->organisation, query->email, ret, err);
    struct employee_row *row = ARENA_NEW(snapshot_arena(snapshot), struct employee_row);
    enum status status = employee_by_number(snapshot, call->organisation, query->number, row, NULL);
    *ret = (struct employee_list){.items = row, .count = status == ST_OK ? 1 : 0};
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static bool employee_fits(const struct employee_query *query, const struct employee_row *row, date_t today)
{
    bool left = row->exit_date != DATE_NONE && row->exit_date <= today;
    bool hired = row->hire_date == DATE_NONE || row->hire_date <= today;
    return (query->active != 1 || (hired && !left)) && (query->active != 0 || left) &&
           (!query->manager || text_equal(query->manager, row->manager)) &&
           (!query->establishment || text_equal(query->establishment, row->establishment)) &&
           (!query->category || text_equal(query->category, row->category)) &&
           (!query->number || !query->email || text_equal(query->email, row->email));
}

static enum status employees_find(const struct snapshot *snapshot, const struct call *call, date_t today,
    struct employee_list *ret, struct error *err)
{
    const struct employee_query *query = call->params;
    const struct page page = call_page(call);
    const struct employee_filter filter = {.search = query->q,
        .manager = call_team_of(call, query->manager),
        .establishment = query->establishment,
        .category = query->category,
        .employed_on = query->active == FIELD_UNSET ? DATE_NONE : today,
        .left = query->active == 0};
    if (query->number || query->email)
        return employees_by_key(snapshot, call, ret, err);
    return employee_list(snapshot, call->organisation, &filter, &page, ret, err);
}

static enum status employees_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct duties_frame frame;
    struct employee_list list;
    enum status status = call_frame(snapshot, call, &frame, err);
    if (status == ST_OK)
        status = employees_find(snapshot, call, frame.today, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct employee shown;
        if (!call_sees(call, &list.items[i]) || !employee_fits(call->params, &list.items[i], frame.today))
            continue;
        employee_show(call, snapshot_arena(snapshot), &list.items[i], &shown);
        field_write(&employee_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

static enum status employees_parse(struct call *call, struct error *err)
{
    const struct employee_query *query = call->params;
    return query->q && (query->number || query->email)
               ? error_field(err, "/q", "does not go with number or email, which name people exactly")
               : ST_OK;
}

const struct op employees_list = {.name = "employees_list",
    .summary = "Employees by name; a manager's token lists its own team",
    .query = &employee_query_table,
    .output = &employee_table,
    .list = true,
    .parse = employees_parse,
    .read = employees_read};

/* ---- one */

static void employee_answer(struct call *call, struct arena *arena, const struct employee_row *row)
{
    struct employee shown;
    employee_show(call, arena, row, &shown);
    call_answer(call, &shown, shown.version);
}

static enum status employee_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct employee_row row;
    enum status status = call_employee(snapshot, call, &row, err);
    if (status == ST_OK)
        employee_answer(call, snapshot_arena(snapshot), &row);
    return status;
}

const struct op employee_one = {
    .name = "employee_one", .summary = "One employee", .output = &employee_table, .read = employee_read};

static enum status employee_make(struct txn *txn, struct call *call, struct error *err)
{
    struct employee_row row;
    enum status status = employee_create(txn, call->in, &row, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/employees/%s", row.id);
    employee_answer(call, txn_arena(txn), &row);
    return ST_OK;
}

struct organisation_params {
    struct page_params page;
};
static const struct field organisation_param_fields[] = {FIELD_AS("organisation", struct organisation_params,
    page.organisation, FIELD_ID, .kind = "org", .doc = "Which organisation, for tokens that see several.")};
static const struct field_table organisation_param_table =
    FIELD_TABLE("OrganisationParameter", struct organisation_params, organisation_param_fields, -1);

const struct op employee_post = {.name = "employee_create",
    .summary = "Creates an employee; the duties follow at once",
    .query = &organisation_param_table,
    .input = &employee_table,
    .output = &employee_table,
    .created = 201,
    .write = employee_make};

static enum status employee_expected(
    struct txn *txn, const struct call *call, struct employee_row *ret, struct error *err)
{
    enum status status = call_employee(txn_snapshot(txn), call, ret, err);
    return status == ST_OK ? call_if_match(call, ret->version, err) : status;
}

static enum status employee_alter(struct txn *txn, struct call *call, struct error *err)
{
    struct employee_row row;
    enum outcome outcome;
    enum status status = employee_expected(txn, call, &row, err);
    if (status == ST_OK)
        status = employee_change(txn, row.id, call->in, row.version, &outcome, &row, err);
    if (status == ST_OK)
        employee_answer(call, txn_arena(txn), &row);
    return status;
}

/* The tokens of a manager go with the person. */
static void employee_gone(struct call *call)
{
    const struct employee *patch = call->in;
    if (!patch || field_given(&employee_table, patch, "exit_date"))
        api_forget_tokens(call->api);
}

const struct op employee_patch = {.name = "employee_change",
    .summary = "Changes an employee (JSON Merge Patch)",
    .input = &employee_table,
    .mode = FIELD_MODE_PATCH,
    .output = &employee_table,
    .write = employee_alter,
    .committed = employee_gone};

static enum status employee_drop(struct txn *txn, struct call *call, struct error *err)
{
    struct employee_row row;
    enum status status = employee_expected(txn, call, &row, err);
    return status == ST_OK ? employee_remove(txn, row.id, row.version, err) : status;
}

const struct op employee_drop_op = {.name = "employee_delete",
    .summary = "Removes an employee who was created by mistake: nothing sent, held or recorded",
    .created = 204,
    .write = employee_drop,
    .committed = employee_gone};
