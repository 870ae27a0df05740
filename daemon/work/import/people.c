/*
 * The people a file speaks of: known ones, new ones, who reports to whom, and the order in which rows can be
 * applied. On a read lane.
 */
#include "base/text.h"
#include "work.h"

#include <string.h>

enum { PEOPLE_DEPTH_MAX = 190 };
#define PEOPLE_SEVERAL (UINT32_MAX - 1) /* an address that is not one person's */

static void people_add(struct import_file *file, const struct import_person *person)
{
    uint32_t at = (uint32_t)file->people_count++;
    file->people[at] = *person;
    (void)import_index_at(&file->by_number, person->number, at);
}

enum status import_people_load(const struct snapshot *snapshot, struct import_file *file, struct error *err)
{
    struct employee_keys keys;
    enum status status = employee_keys(snapshot, file->organisation, file->arena, &keys, err);
    if (status != ST_OK)
        return status;
    size_t most = keys.count + (file->kind->people ? file->count : 0);
    struct import_index by_id = import_index(file->arena, keys.count);
    file->by_number = import_index(file->arena, most);
    file->by_email = import_index(file->arena, most);
    file->people = ARENA_ARRAY(file->arena, most, struct import_person);
    for (size_t i = 0; i < keys.count; i++) {
        const struct employee_key *key = &keys.items[i];
        people_add(file, &(struct import_person){.id = key->id,
                             .number = key->number,
                             .email = key->email,
                             .first_day = employee_first_day(key->hire_date, key->seniority_date),
                             .exit_date = key->exit_date});
        (void)import_index_at(&by_id, key->id, (uint32_t)i);
    }
    for (size_t i = 0; i < keys.count; i++)
        file->people[i].manager =
            keys.items[i].manager ? import_index_find(&by_id, keys.items[i].manager) : IMPORT_NOBODY;
    return ST_OK;
}

/* ---- rows that are people */

static void people_enter(struct import_file *file, struct import_head *row, size_t position)
{
    const struct employee *is = import_row_is(file, row);
    const char *number = text_fold(file->arena, row->number);
    uint32_t at = import_index_find(&file->by_number, number);
    if (at == IMPORT_NOBODY) {
        at = (uint32_t)file->people_count;
        people_add(
            file, &(struct import_person){.number = number, .manager = IMPORT_NOBODY, .exit_date = DATE_NONE});
    }
    struct import_person *person = &file->people[at];
    if (person->row > 0) {
        import_refuse_row(
            file, row, "/number", "is on line %u already", import_row_at(file, person->row - 1)->line);
        return;
    }
    person->row = position + 1;
    row->person = at;
    if (field_given(&employee_table, is, "email"))
        person->email = is->email ? text_fold(file->arena, is->email) : NULL;
}

static void people_index_emails(struct import_file *file)
{
    for (size_t i = 0; i < file->people_count; i++) {
        const char *email = file->people[i].email;
        uint32_t *at = email ? import_index_at(&file->by_email, email, (uint32_t)i) : NULL;
        if (at && *at != i)
            *at = PEOPLE_SEVERAL;
    }
}

/* ---- rows about people */

static void people_find_other(struct import_file *file, struct import_head *row)
{
    const char *pointer = file->kind->people ? "/manager" : "/interviewer";
    const char *folded = text_fold(file->arena, row->other);
    uint32_t at = import_index_find(&file->by_number, folded);
    if (at == IMPORT_NOBODY)
        at = import_index_find(&file->by_email, folded);
    if (at == IMPORT_NOBODY)
        import_refuse_row(file, row, pointer,
            "\"%.60s\" is neither a number nor an e-mail address of an employee", row->other);
    else if (at == PEOPLE_SEVERAL)
        import_refuse_row(
            file, row, pointer, "several people have the address %.60s: give the number", row->other);
    else
        row->other_person = at;
}

static void people_find_number(struct import_file *file, struct import_head *row)
{
    row->person = import_index_find(&file->by_number, text_fold(file->arena, row->number));
    if (row->person == IMPORT_NOBODY)
        import_refuse_row(file, row, "/number", "no employee has the number %.60s", row->number);
}

static void people_count_missing(struct import_file *file)
{
    for (size_t i = 0; i < file->people_count; i++) {
        const struct import_person *person = &file->people[i];
        bool gone = person->exit_date != DATE_NONE && person->exit_date <= file->today;
        file->counts.missing += person->id && person->row == 0 && !gone;
    }
}

void import_people_find(struct import_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        struct import_head *row = import_row_at(file, i);
        if (row->number && file->kind->people)
            people_enter(file, row, i);
        else if (row->number)
            people_find_number(file, row);
    }
    people_index_emails(file);
    for (size_t i = 0; i < file->count; i++) {
        struct import_head *row = import_row_at(file, i);
        if (row->other)
            people_find_other(file, row);
    }
    if (file->kind->people)
        people_count_missing(file);
}

/* ---- order */

static void people_set_managers(struct import_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct import_head *row = import_row_at(file, i);
        if (row->person == IMPORT_NOBODY)
            continue;
        struct import_person *person = &file->people[row->person];
        if (row->other_person != IMPORT_NOBODY)
            person->manager = row->other_person;
        else if (row->other_cleared)
            person->manager = IMPORT_NOBODY;
    }
}

/* Everybody from `at` upwards until `at` again is their own manager's manager. */
static void people_refuse_circle(struct import_file *file, uint32_t at)
{
    for (uint32_t i = at; !file->people[i].circling; i = file->people[i].manager) {
        struct import_person *person = &file->people[i];
        person->circling = true;
        if (person->row > 0)
            import_refuse_row(file, import_row_at(file, person->row - 1), "/manager",
                "this makes a circle: everybody in it reports to themselves in the end");
    }
}

/* How many stand above, by walking up to somebody of whom that is known. `path` has room for everybody. */
static void people_measure(struct import_file *file, uint32_t from, uint32_t *path)
{
    size_t length = 0;
    uint32_t at = from;
    for (; at != IMPORT_NOBODY && !file->people[at].walked; at = file->people[at].manager) {
        file->people[at].walked = true;
        file->people[at].depth = UINT32_MAX;
        path[length++] = at;
    }
    bool circle = at != IMPORT_NOBODY && file->people[at].depth == UINT32_MAX;
    if (circle)
        people_refuse_circle(file, at);
    uint32_t depth = at == IMPORT_NOBODY || circle ? 0 : file->people[at].depth + 1;
    while (length > 0)
        file->people[path[--length]].depth = depth++;
}

static uint32_t people_depth(struct import_file *file, const struct import_head *row)
{
    return row->person == IMPORT_NOBODY ? 0 : file->people[row->person].depth;
}

void import_people_order(struct import_file *file)
{
    uint32_t *path = ARENA_ARRAY(file->arena, file->people_count, uint32_t);
    size_t *starts = ARENA_ARRAY(file->arena, file->people_count + 2, size_t);
    people_set_managers(file);
    for (size_t i = 0; i < file->count; i++) {
        struct import_head *row = import_row_at(file, i);
        if (row->person != IMPORT_NOBODY)
            people_measure(file, row->person, path);
        if (people_depth(file, row) > PEOPLE_DEPTH_MAX)
            import_refuse_row(file, row, "/manager", "stands at the end of too long a chain of managers");
    }
    for (size_t i = 0; i < file->count; i++)
        starts[people_depth(file, import_row_at(file, i)) + 1]++;
    for (size_t i = 1; i <= file->people_count; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < file->count; i++)
        file->order[starts[people_depth(file, import_row_at(file, i))]++] = (uint32_t)i;
}

void import_people_cascade(struct import_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        struct import_head *row = import_row_at(file, file->order[i]);
        const struct import_person *manager =
            row->other_person == IMPORT_NOBODY ? NULL : &file->people[row->other_person];
        if (!manager || manager->id || row->refused)
            continue;
        const struct import_head *above = import_row_at(file, manager->row - 1);
        if (above->refused)
            import_refuse_row(file, row, "/manager", "is on line %u, which is refused", above->line);
    }
}

enum status import_person_id(const struct snapshot *snapshot, const struct import_file *file, uint32_t person,
    const char **ret, struct error *err)
{
    struct employee_row row;
    if (file->people[person].id) {
        *ret = file->people[person].id;
        return ST_OK;
    }
    enum status status =
        employee_by_number(snapshot, file->organisation, file->people[person].number, &row, err);
    if (status == ST_OK)
        *ret = row.id;
    return status;
}
