/* /v1/plans: the plan of a year: orientations, budget, sums and lines. */
#include "work/plan.h"

#include "base/number.h"
#include "ops.h"

enum { PLAN_FIRST_YEAR = 1990, PLAN_LAST_YEAR = 2199 };

static enum status plan_year(const struct call *call, int64_t *ret, struct error *err)
{
    const char *text = call_param(call, "year");
    if (text && parse_int64(text, PLAN_FIRST_YEAR, PLAN_LAST_YEAR, ret))
        return ST_OK;
    return error_set(err, ST_NOT_FOUND, "plans are those of years %d to %d", PLAN_FIRST_YEAR, PLAN_LAST_YEAR);
}

struct plan_query {
    struct page_params page;
};
static const struct field plan_query_fields[] = {PAGE_FIELDS(struct plan_query)};
static const struct field_table plan_query_table =
    FIELD_TABLE("PlanQuery", struct plan_query, plan_query_fields, -1);

/* ---- lists */

static enum status plans_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct plan_list list;
    enum status status = plan_list(snapshot, call->organisation, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct plan shown;
        status = plan_view(snapshot, call->organisation, list.items[i].year, &shown, err);
        if (status == ST_OK)
            field_write(&plan_table, &w, &shown);
    }
    call_items_close(call, &w, NULL);
    return status;
}

const struct op plans_list = {.name = "plans_list",
    .summary = "The plans of all years, with their sums",
    .query = &plan_query_table,
    .output = &plan_table,
    .list = true,
    .read = plans_read};

/* ---- one */

static enum status plan_lines(
    const struct snapshot *snapshot, struct call *call, int64_t year, struct json_writer *w, struct error *err)
{
    const struct page page = call_page(call);
    const struct action_filter filter = {.year = year};
    struct action_list list;
    enum status status = action_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    jw_key(w, "lines");
    jw_open(w, '[');
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct action shown;
        status = action_view_of(snapshot, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&action_table, w, &shown);
    }
    jw_close(w, ']');
    if (list.next)
        jw_member(w, "next", list.next);
    return status;
}

static enum status plan_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    int64_t year;
    struct plan shown;
    enum status status = plan_year(call, &year, err);
    if (status == ST_OK)
        status = plan_view(snapshot, call->organisation, year, &shown, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    field_write_members(&plan_table, &w, &shown, false);
    status = plan_lines(snapshot, call, year, &w, err);
    jw_close(&w, '}');
    call_etag(call, shown.version);
    return status;
}

const struct op plan_one = {.name = "plan_one",
    .summary = "The plan of a year: what is said about it, sums, and a page of its lines (actions)",
    .query = &plan_query_table,
    .output = &plan_table,
    .read = plan_read};

static enum status plan_make(struct txn *txn, struct call *call, struct error *err)
{
    struct plan shown;
    enum status status = plan_create(txn, call->in, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/plans/%lld", (long long)shown.year);
    call_answer(call, &shown, shown.version);
    return ST_OK;
}

const struct op plan_post = {.name = "plan_create",
    .summary = "Says what the plan of a year is about",
    .input = &plan_table,
    .output = &plan_table,
    .created = 201,
    .write = plan_make};

static enum status plan_alter(struct txn *txn, struct call *call, struct error *err)
{
    int64_t year;
    struct plan before;
    struct plan shown;
    enum status status = plan_year(call, &year, err);
    if (status == ST_OK)
        status = plan_view(txn_snapshot(txn), call->organisation, year, &before, err);
    if (status == ST_OK)
        status = call_if_match(call, before.version, err);
    if (status == ST_OK)
        status = plan_change(txn, year, call->in, before.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op plan_patch = {.name = "plan_change",
    .summary = "Changes what the plan of a year is about; makes it when there is none",
    .input = &plan_table,
    .mode = FIELD_MODE_PATCH,
    .output = &plan_table,
    .write = plan_alter};
