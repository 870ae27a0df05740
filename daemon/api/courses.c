/* /v1/courses: what the platforms teach, as people classify it. */
#include "op.h"

#include "work/course.h"

struct course_query {
    struct page_params page;
    const char *source;
    int mandatory;
};
static const struct field course_query_fields[] = {PAGE_FIELDS(struct course_query),
    FIELD(struct course_query, source, FIELD_ID, .kind = "src", .doc = "Only of this platform."),
    FIELD(struct course_query, mandatory, FIELD_ENUM, .names = action_mandatory_names,
        .doc = "Only classified so: unknown is what remains to be done.")};
static const struct field_table course_query_table =
    FIELD_TABLE("CourseQuery", struct course_query, course_query_fields, -1);

static enum status courses_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const struct course_query *query = call->params;
    const char *mandatory = query->mandatory == FIELD_UNSET ? NULL : action_mandatory_names[query->mandatory];
    struct page page = call_page(call);
    struct course_list list;
    enum status status = course_list(snapshot, call->organisation, query->source, mandatory, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct course shown;
        status = course_of_row(call->arena, &list.items[i], &shown, err);
        if (status == ST_OK)
            field_write(&course_table, &w, &shown);
    }
    call_items_close(call, &w, list.next);
    return status;
}

const struct op courses_list = {.name = "courses_list",
    .summary = "Courses as the platforms name them, with their classification",
    .query = &course_query_table,
    .output = &course_table,
    .list = true,
    .read = courses_read};

static enum status course_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct course_row row;
    struct course shown;
    enum status status = call_id(call, "id", "crs", &id, err);
    if (status == ST_OK)
        status = course_get(snapshot, id, &row, err);
    if (status == ST_OK)
        status = course_of_row(call->arena, &row, &shown, err);
    if (status == ST_OK)
        call_answer(call, &shown, shown.version);
    return status;
}

const struct op course_one = {
    .name = "course_get", .summary = "A course", .output = &course_table, .read = course_read};

static enum status course_alter(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    struct course_row row = {0};
    struct course changed;
    enum status status = call_id(call, "id", "crs", &id, err);
    if (status == ST_OK)
        status = course_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = call_if_match(call, row.version, err);
    if (status == ST_OK)
        status = course_change(txn, id, call->in, row.version, &changed, err);
    if (status == ST_OK)
        call_answer(call, &changed, changed.version);
    return status;
}

const struct op course_patch = {.name = "course_change",
    .summary = "Classifies a course; what its completions proved follows",
    .input = &course_table,
    .mode = FIELD_MODE_PATCH,
    .output = &course_table,
    .write = course_alter};
