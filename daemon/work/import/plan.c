/*
 * Rows of training: completions of the past, actions of a plan. On lanes.
 */
#include "base/text.h"
#include "training/plan_work.h"
#include "work.h"
#include "work/completion.h"

#include <inttypes.h>
#include <string.h>

/* ---- completions */

static const struct field completion_fields[] = {
    FIELD(struct import_completed, course, FIELD_TEXT, .flags = FIELD_REQUIRED),
    FIELD(struct import_completed, day, FIELD_DATE, .flags = FIELD_REQUIRED),
    FIELD(struct import_completed, minutes, FIELD_INT, .min = 0, .max = 600000),
    FIELD(struct import_completed, mandatory, FIELD_ENUM, .names = action_mandatory_names),
    FIELD(struct import_completed, reference, FIELD_TEXT),
};
const struct field_table import_completion_table =
    FIELD_TABLE("ImportCompletion", struct import_completed, completion_fields, -1);

static const struct import_completed *completion_row_is(const struct import_head *row)
{
    return &((const struct import_completion *)(const void *)row)->is;
}

static struct completion_record completion_recorded(
    const struct import_file *file, const struct import_head *row)
{
    const struct import_completed *is = completion_row_is(row);
    return (struct completion_record){.employee = file->people[row->person].id,
        .course = is->course,
        .day = is->day,
        .minutes = is->minutes,
        .mandatory = is->mandatory == FIELD_UNSET ? NULL : action_mandatory_names[is->mandatory],
        .reference = is->reference};
}

enum status import_completion_check(
    const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err)
{
    const struct import_completed *is = completion_row_is(row);
    (void)snapshot;
    (void)err;
    if (is->day > file->today)
        import_refuse_row(file, row, "/day", "is in the future");
    if (is->mandatory == FIELD_UNSET)
        return ST_OK;
    uint32_t at = (uint32_t)(((const char *)row - file->rows) / (ptrdiff_t)file->kind->size);
    const struct import_head *first = import_row_at(file, *import_index_at(&file->by_course, is->course, at));
    if (completion_row_is(first)->mandatory != is->mandatory)
        import_refuse_row(file, row, "/mandatory", "line %u says otherwise of the same course", first->line);
    return ST_OK;
}

enum status import_completion_foresee(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    struct completion_record record = completion_recorded(file, row);
    return completion_foresee(snapshot, file->organisation, &record, ret, err);
}

enum status import_completion_apply(struct txn *txn, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    struct completion_record record = completion_recorded(file, row);
    return completion_record(txn, &record, ret, err);
}

const char *import_completion_identity(struct arena *arena, const struct import_head *row)
{
    const struct import_completed *is = completion_row_is(row);
    return arena_printf(
        arena, "%d %s\n%s", (int)is->day, text_fold(arena, is->course), is->reference ? is->reference : "");
}

/* ---- actions: recognised by person, year and title */

static const struct action *action_row_is(const struct import_head *row)
{
    return &((const struct import_action *)(const void *)row)->is;
}

/* ret->id NULL: there is none. */
static enum status action_find(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, struct action *ret, struct error *err)
{
    const struct action *is = action_row_is(row);
    struct arena *arena = snapshot_arena(snapshot);
    const struct action_filter filter = {.year = is->year, .employee = file->people[row->person].id};
    struct page page = {.limit = PAGE_MAX};
    struct action_list list;
    const char *title = text_fold(arena, is->title);
    enum status status;
    ret->id = NULL;
    do {
        status = action_list(snapshot, file->organisation, &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && !ret->id && i < list.count; i++) {
            struct action one;
            status = action_of_row(arena, &list.items[i], &one, err);
            if (status == ST_OK && strcmp(text_fold(arena, one.title), title) == 0)
                *ret = one;
        }
        page.cursor = list.next;
    } while (status == ST_OK && !ret->id && list.next);
    return status;
}

static void action_check_state(const struct action *action, int from, struct error *err)
{
    struct action_step step = {.to = action->state};
    struct error why = ERROR_INIT;
    if (action->state == FIELD_UNSET)
        return;
    if (action->state == ACTION_DONE && from != ACTION_DONE)
        (void)error_field(err, "/state", "an action is done by a completion or a certificate, not by a file");
    else if (action_apply((enum action_state)from, &step, &why) != ST_OK)
        (void)error_field(err, "/state", "%s", why.count > 0 ? why.fields[0].detail : why.detail);
}

static enum status action_check_orientation(const struct snapshot *snapshot, const struct import_file *file,
    const struct action *action, struct error *found, struct error *err)
{
    struct plan plan;
    if (!action->orientation)
        return ST_OK;
    enum status status = plan_view(snapshot, file->organisation, action->year, &plan, err);
    const struct plan_orientation *named = plan.orientations.items;
    bool known = status != ST_OK || plan.orientations.count == 0;
    for (size_t i = 0; !known && i < plan.orientations.count; i++)
        known = strcmp(named[i].name, action->orientation) == 0;
    if (!known)
        (void)error_field(
            found, "/orientation", "is none of those that the plan of %" PRId64 " names", action->year);
    return status;
}

enum status import_action_check(
    const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err)
{
    struct error found = ERROR_INIT;
    struct action known;
    enum status status = action_find(snapshot, file, row, &known, err);
    if (status != ST_OK)
        return status;
    struct action after = known.id ? known : *action_row_is(row);
    if (known.id)
        (void)field_merge(&action_table, &after, action_row_is(row));
    action_check_dates(&after, &found);
    action_check_state(&after, known.id ? known.state : ACTION_REQUESTED, &found);
    status = action_check_orientation(snapshot, file, &after, &found, err);
    import_refuse_error(file, row, &found);
    return status;
}

enum status import_action_foresee(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    struct action known;
    enum status status = action_find(snapshot, file, row, &known, err);
    *ret = OUTCOME_CREATED;
    if (status == ST_OK && known.id) {
        struct action after = known;
        *ret = field_merge(&action_table, &after, action_row_is(row)) ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
    }
    return status;
}

enum status import_action_apply(struct txn *txn, const struct import_file *file, const struct import_head *row,
    enum outcome *ret, struct error *err)
{
    struct action known, shown;
    enum status status = action_find(txn_snapshot(txn), file, row, &known, err);
    if (status != ST_OK)
        return status;
    if (known.id) {
        status = action_change(txn, known.id, action_row_is(row), 0, &shown, err);
        *ret = status == ST_OK && shown.version != known.version ? OUTCOME_UPDATED : OUTCOME_UNCHANGED;
        return status;
    }
    struct action made = *action_row_is(row);
    made.employee = file->people[row->person].id;
    *ret = OUTCOME_CREATED;
    return action_create(txn, &made, &shown, err);
}

const char *import_action_identity(struct arena *arena, const struct import_head *row)
{
    const struct action *is = action_row_is(row);
    return arena_printf(arena, "%" PRId64 " %s", is->year, text_fold(arena, is->title));
}
