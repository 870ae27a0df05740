/* /v1/reviews: reviews planned, convened, held and proved. Managers see and record those of their own team. */
#include "work/review.h"

#include "ops.h"
#include "reviews.h"
#include "team.h"

struct review_query {
    struct page_params page;
    const char *employee, *interviewer;
    int state, type;
    date_t from, to;
};
static const struct field review_query_fields[] = {
    PAGE_FIELDS(struct review_query),
    FIELD(struct review_query, employee, FIELD_ID, .kind = "emp", .doc = "Of this employee."),
    FIELD(struct review_query, interviewer, FIELD_ID, .kind = "emp", .doc = "Held by this employee."),
    FIELD(struct review_query, state, FIELD_ENUM, .names = review_state_names, .doc = "In this state."),
    FIELD(struct review_query, type, FIELD_ENUM, .names = review_type_names, .doc = "Of this type."),
    FIELD(struct review_query, from, FIELD_DATE, .doc = "Held, else planned, on or after this day."),
    FIELD(struct review_query, to, FIELD_DATE, .doc = "Held, else planned, on or before this day."),
};
static const struct field_table review_query_table =
    FIELD_TABLE("ReviewQuery", struct review_query, review_query_fields, -1);

static const char *name_or_all(const char *const names[], int index)
{
    return index == FIELD_UNSET ? NULL : names[index];
}

static enum status reviews_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct review_query *query = call->params;
    const struct page page = call_page(call);
    const struct review_filter filter = {.employee = query->employee,
        .interviewer = query->interviewer,
        .state = name_or_all(review_state_names, query->state),
        .type = name_or_all(review_type_names, query->type),
        .manager = call_is_manager(call) ? call->who.employee : NULL,
        .from = query->from,
        .to = query->to};
    struct review_list list;
    enum status status = review_list(snapshot, call->organisation, &filter, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct review shown;
        status = review_view_of(snapshot, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&review_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op reviews_list = {.name = "reviews_list",
    .summary = "Reviews by day; drafts without a slot first",
    .query = &review_query_table,
    .output = &review_table,
    .list = true,
    .read = reviews_read};

enum status call_review(
    const struct snapshot *snapshot, const struct call *call, struct review_row *ret, struct error *err)
{
    const char *id;
    enum status status = call_id(call, "id", "rev", &id, err);
    if (status == ST_OK)
        status = review_get(snapshot, id, ret, err);
    return status == ST_OK ? call_sees_employee(snapshot, call, ret->employee, err) : status;
}

enum status call_review_expected(
    struct txn *txn, const struct call *call, struct review_row *ret, struct error *err)
{
    enum status status = call_review(txn_snapshot(txn), call, ret, err);
    return status == ST_OK ? call_if_match(call, ret->version, err) : status;
}

static enum status review_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct review_row row;
    struct review shown;
    enum status status = call_review(snapshot, call, &row, err);
    if (status == ST_OK)
        status = review_view_of(snapshot, &row, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op review_one = {
    .name = "review_one", .summary = "One review", .output = &review_table, .read = review_read};

static enum status review_make(struct txn *txn, struct call *call, struct error *err)
{
    struct review shown;
    enum status status = review_create(txn, call->in, &shown, err);
    if (status != ST_OK)
        return status;
    call_location(call, "/v1/reviews/%s", shown.id);
    call_answer(call, &shown, shown.version);
    return ST_OK;
}

const struct op review_post = {.name = "review_create",
    .summary = "Plans a review, or records one that took place elsewhere (held): then nothing is sent",
    .input = &review_table,
    .output = &review_table,
    .created = 201,
    .write = review_make};

static enum status review_alter(struct txn *txn, struct call *call, struct error *err)
{
    struct review_row row;
    struct review shown;
    enum status status = call_review_expected(txn, call, &row, err);
    if (status == ST_OK)
        status = review_change(txn, row.id, call->in, row.version, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op review_patch = {.name = "review_change",
    .summary = "Another slot, place or interviewer before it is held; corrections with a reason afterwards",
    .input = &review_table,
    .mode = FIELD_MODE_PATCH,
    .output = &review_table,
    .write = review_alter};
