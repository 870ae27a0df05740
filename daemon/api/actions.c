/* /v1/actions: the lines of the plan, up to their evidence. Managers see those of their own team. */
#include "work/plan.h"

#include "ops.h"
#include "team.h"

struct action_query {
    struct page_params page;
    int64_t year;
    const char *employee, *need, *review, *course;
    int state, nature;
};
static const struct field action_query_fields[] = {
    PAGE_FIELDS(struct action_query),
    FIELD(struct action_query, year, FIELD_INT, .min = 1990, .max = 2199, .doc = "Of the plan of this year."),
    FIELD(struct action_query, employee, FIELD_ID, .kind = "emp", .doc = "For this employee."),
    FIELD(struct action_query, need, FIELD_ID, .kind = "need", .doc = "That take up this need."),
    FIELD(struct action_query, review, FIELD_ID, .kind = "rev", .doc = "Decided after this review."),
    FIELD(struct action_query, state, FIELD_ENUM, .names = action_state_names, .doc = "In this state."),
    FIELD(struct action_query, nature, FIELD_ENUM, .names = action_nature_names, .doc = "Of this nature."),
    FIELD(struct action_query, course, FIELD_TEXT, .doc = "That wait for this course."),
};
static const struct field_table action_query_table =
    FIELD_TABLE("ActionQuery", struct action_query, action_query_fields, -1);

static enum status actions_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct action_query *query = call->params;
    const struct page page = call_page(call);
    const struct action_filter filter = {.year = query->year == FIELD_INT_NONE ? 0 : query->year,
        .employee = query->employee,
        .need = query->need,
        .review = query->review,
        .state = query->state == FIELD_UNSET ? NULL : action_state_names[query->state],
        .nature = query->nature == FIELD_UNSET ? NULL : action_nature_names[query->nature],
        .course = query->course,
        .manager = call_is_manager(call) ? call->who.employee : NULL};
    struct action_list list;
    enum status status = action_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct action shown;
        status = action_view_of(snapshot, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&action_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op actions_list = {.name = "actions_list",
    .summary = "Actions of the plan, oldest first",
    .query = &action_query_table,
    .output = &action_table,
    .list = true,
    .read = actions_read};

static enum status action_find(
    const struct snapshot *snapshot, const struct call *call, struct action_row *ret, struct error *err)
{
    const char *id;
    enum status status = call_id(call, "id", "act", &id, err);
    if (status == ST_OK)
        status = action_get(snapshot, id, ret, err);
    return status == ST_OK ? call_sees_employee(snapshot, call, ret->employee, err) : status;
}

static enum status action_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct action_row row;
    struct action shown;
    enum status status = action_find(snapshot, call, &row, err);
    if (status == ST_OK)
        status = action_view_of(snapshot, &row, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op action_one = {
    .name = "action_one", .summary = "One action", .output = &action_table, .read = action_read};

static enum status action_make(struct txn *txn, struct call *call, struct error *err)
{
    struct action shown;
    enum status status = action_create(txn, call->in, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/actions/%s", shown.id);
    call_answer(call, &shown, shown.version);
    return ST_OK;
}

const struct op action_post = {.name = "action_create",
    .summary = "Adds a line to the plan of its year",
    .input = &action_table,
    .output = &action_table,
    .created = 201,
    .write = action_make};

static enum status action_alter(struct txn *txn, struct call *call, struct error *err)
{
    struct action_row row;
    struct action shown;
    enum status status = action_find(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, row.version, err);
    if (status == ST_OK)
        status = action_change(txn, row.id, call->in, row.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op action_patch = {.name = "action_change",
    .summary = "Changes an action; done needs evidence, leaving the plan needs a reason",
    .input = &action_table,
    .mode = FIELD_MODE_PATCH,
    .output = &action_table,
    .write = action_alter};
