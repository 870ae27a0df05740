/* /v1/needs: what came out of reviews and may become actions. Managers see those of their own team. */
#include "work/plan.h"

#include "ops.h"
#include "team.h"

struct need_query {
    struct page_params page;
    const char *employee, *review;
    int state;
};
static const struct field need_query_fields[] = {
    PAGE_FIELDS(struct need_query),
    FIELD(struct need_query, employee, FIELD_ID, .kind = "emp", .doc = "Of this employee."),
    FIELD(struct need_query, review, FIELD_ID, .kind = "rev", .doc = "That came out of this review."),
    FIELD(struct need_query, state, FIELD_ENUM, .names = need_state_names, .doc = "In this state."),
};
static const struct field_table need_query_table =
    FIELD_TABLE("NeedQuery", struct need_query, need_query_fields, -1);

static enum status needs_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct need_query *query = call->params;
    const struct page page = call_page(call);
    const struct need_filter filter = {.employee = query->employee,
        .review = query->review,
        .state = query->state == FIELD_UNSET ? NULL : need_state_names[query->state],
        .manager = call_is_manager(call) ? call->who.employee : NULL};
    struct need_list list;
    enum status status = need_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct need shown;
        status = need_view_of(snapshot, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&need_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op needs_list = {.name = "needs_list",
    .summary = "Needs, oldest first",
    .query = &need_query_table,
    .output = &need_table,
    .list = true,
    .read = needs_read};

static enum status need_find(
    const struct snapshot *snapshot, const struct call *call, struct need_row *ret, struct error *err)
{
    const char *id;
    enum status status = call_id(call, "id", "need", &id, err);
    if (status == ST_OK)
        status = need_get(snapshot, id, ret, err);
    return status == ST_OK ? call_sees_employee(snapshot, call, ret->employee, err) : status;
}

static enum status need_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct need_row row;
    struct need shown;
    enum status status = need_find(snapshot, call, &row, err);
    if (status == ST_OK)
        status = need_view_of(snapshot, &row, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op need_one = {
    .name = "need_one", .summary = "One need", .output = &need_table, .read = need_read};

static enum status need_make(struct txn *txn, struct call *call, struct error *err)
{
    struct need shown;
    enum status status = need_create(txn, call->in, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/needs/%s", shown.id);
    call_answer(call, &shown, shown.version);
    return ST_OK;
}

const struct op need_post = {.name = "need_create",
    .summary = "Records a need",
    .input = &need_table,
    .output = &need_table,
    .created = 201,
    .write = need_make};

static enum status need_alter(struct txn *txn, struct call *call, struct error *err)
{
    struct need_row row;
    struct need shown;
    enum status status = need_find(txn_snapshot(txn), call, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, row.version, err);
    if (status == ST_OK)
        status = need_change(txn, row.id, call->in, row.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op need_patch = {.name = "need_change",
    .summary = "Changes, refuses or withdraws a need",
    .input = &need_table,
    .mode = FIELD_MODE_PATCH,
    .output = &need_table,
    .write = need_alter};
