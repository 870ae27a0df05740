/*
 * What had passed before anybody could be reminded, in one letter to HR and one to each manager instead of a
 * burst. On a write lane.
 */
#include "reminder.h"

#include "base/text.h"
#include "internal.h"
#include "store/duty.h"
#include "text/sentence.h"

#include <string.h>

enum { DIGEST_LINES_MAX = 500 };

struct digest_line {
    struct reminder_row row;
    struct employee_row employee;
    enum letter letter;
    date_t day; /* by which, or on which */
};

struct digest {
    struct outbox_scene *scene;
    struct digest_line *lines;
    size_t count;
};

/* What the line is about may be gone by now: then there is nothing to say. */
static bool digest_line_of(struct outbox_scene *scene, const struct reminder_row *row, struct digest_line *ret)
{
    const struct snapshot *snapshot = txn_snapshot(scene->txn);
    const struct reminder_rung *rung = reminder_rung_named(row->rung);
    struct duty_row duty;
    struct review_row review;
    if (!rung)
        return false;
    *ret = (struct digest_line){.row = *row, .day = row->on - rung->days};
    if (id_valid(row->subject, "duty")) {
        ret->letter = reminder_letter(rung, -1);
        return duty_get(snapshot, row->subject, &duty, NULL) == ST_OK && !duty.closed &&
               employee_get(snapshot, duty.employee, &ret->employee, NULL) == ST_OK;
    }
    if (review_get(snapshot, row->subject, &review, NULL) != ST_OK)
        return false;
    ret->letter = reminder_letter(rung, work_name_index(review_state_names, review.state));
    return employee_get(snapshot, review.employee, &ret->employee, NULL) == ST_OK;
}

static struct letter_list *digest_section(struct letter_values *values, enum letter letter)
{
    if (letter == LETTER_OVERDUE)
        return &values->overdue;
    if (letter == LETTER_PLAN_IT)
        return &values->to_plan;
    return letter == LETTER_COPY_MISSING ? &values->copies : &values->reports;
}

static void digest_add(
    const struct digest *digest, const struct digest_line *line, enum lang lang, struct letter_values *values)
{
    struct arena *arena = digest->scene->arena;
    struct letter_list *section = digest_section(values, line->letter);
    const char **items = (const char **)section->items;
    if (!items)
        section->items = items = ARENA_ARRAY(arena, digest->count, const char *);
    items[section->count++] = arena_printf(arena, "%s – %s (%s)", outbox_full_name(arena, &line->employee),
        sentence_date(arena, lang, line->day), sentence_relative(arena, lang, line->day, digest->scene->today));
}

/* The lines of one manager's team, or all of them (manager NULL). */
static enum status digest_write(
    const struct digest *digest, const struct outbox_reader *reader, const char *manager, struct error *err)
{
    struct letter_values values = outbox_values(digest->scene, reader);
    for (size_t i = 0; i < digest->count; i++)
        if (!manager || text_equal(digest->lines[i].employee.manager, manager))
            digest_add(digest, &digest->lines[i], reader->lang, &values);
    const struct outbox_mail mail = {.kind = "digest",
        .letter = manager ? LETTER_DIGEST_MANAGER : LETTER_DIGEST_HR,
        .to = reader,
        .values = &values};
    return outbox_add(digest->scene, &mail, err);
}

static bool digest_is_first_of_manager(const struct digest *digest, size_t line)
{
    const char *manager = digest->lines[line].employee.manager;
    for (size_t i = 0; i < line; i++)
        if (text_equal(digest->lines[i].employee.manager, manager))
            return false;
    return manager != NULL;
}

static enum status digest_write_managers(const struct digest *digest, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < digest->count; i++) {
        struct employee_row manager;
        if (!digest_is_first_of_manager(digest, i))
            continue;
        status =
            employee_get(txn_snapshot(digest->scene->txn), digest->lines[i].employee.manager, &manager, err);
        if (status != ST_OK || !manager.email)
            continue;
        struct outbox_reader reader = outbox_reader_of(digest->scene, &manager);
        status = digest_write(digest, &reader, manager.id, err);
    }
    return status;
}

static enum status digest_settle(
    const struct digest *digest, const struct reminder_list *rows, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < rows->count; i++) {
        struct reminder_row row = rows->items[i];
        row.state = "sent";
        status = reminder_put(digest->scene->txn, &row, err);
    }
    return status;
}

enum status reminder_write_digests(struct outbox_scene *scene, unsigned *ret_lines, struct error *err)
{
    struct reminder_list rows;
    struct digest digest = {.scene = scene};
    enum status status =
        reminder_waiting(txn_snapshot(scene->txn), txn_organisation(scene->txn), DIGEST_LINES_MAX, &rows, err);
    if (status != ST_OK || rows.count == 0)
        return status;
    digest.lines = ARENA_ARRAY(scene->arena, rows.count, struct digest_line);
    for (size_t i = 0; i < rows.count; i++)
        digest.count += digest_line_of(scene, &rows.items[i], &digest.lines[digest.count]);
    if (digest.count > 0) {
        struct outbox_reader hr = outbox_reader_hr(scene);
        status = digest_write(&digest, &hr, NULL, err);
        if (status == ST_OK)
            status = digest_write_managers(&digest, err);
    }
    if (status == ST_OK)
        status = digest_settle(&digest, &rows, err);
    *ret_lines = (unsigned)rows.count;
    return status;
}
