/*
 * Rows that say whom a platform means by a key: what a person in HR fills in beside a list of what waits, to
 * have all of it attributed at once. On lanes.
 */
#include "work/alias.h"
#include "base/text.h"
#include "training/completion.h"
#include "work.h"

#include <string.h>

static const struct field alias_fields[] = {
    FIELD(struct import_key, kind, FIELD_ENUM, .names = lms_key_names, .flags = FIELD_REQUIRED),
    FIELD(struct import_key, value, FIELD_TEXT, .max = 1000, .flags = FIELD_REQUIRED),
    FIELD(struct import_key, source, FIELD_TEXT, .max = 200),
    FIELD(struct import_key, valid_from, FIELD_DATE),
    FIELD(struct import_key, valid_to, FIELD_DATE),
};
const struct field_table import_alias_table = FIELD_TABLE("ImportAlias", struct import_key, alias_fields, -1);

static struct import_key *alias_row_is(struct import_head *row)
{
    return &((struct import_alias *)(void *)row)->is;
}

static const struct import_key *alias_row_said(const struct import_head *row)
{
    return &((const struct import_alias *)(const void *)row)->is;
}

/* A platform by its id or its name; NULL: there is none, or two are called so. */
static enum status alias_platform(const struct snapshot *snapshot, const struct import_file *file,
    const char *said, const char **ret, struct error *err)
{
    const char *wanted = text_fold(file->arena, said);
    struct page page = {.limit = PAGE_MAX};
    struct source_list list;
    enum status status;
    unsigned found = 0;
    do {
        status = source_list(snapshot, file->organisation, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++) {
            const struct source_row *one = &list.items[i];
            if (strcmp(one->id, said) != 0 && strcmp(text_fold(file->arena, one->name), wanted) != 0)
                continue;
            *ret = arena_strdup(file->arena, one->id);
            found++;
        }
        page.cursor = list.next;
    } while (status == ST_OK && list.next);
    if (found != 1)
        *ret = NULL;
    return status;
}

static struct alias_row alias_wanted(
    struct arena *arena, const struct import_file *file, const struct import_head *row)
{
    const struct import_key *is = alias_row_said(row);
    const char *kind = lms_key_names[is->kind];
    return (struct alias_row){.source = is->source,
        .kind = kind,
        .value = completion_wait_value(arena, kind, is->value),
        .employee = file->people[row->person].id,
        .valid_from = is->valid_from,
        .valid_to = is->valid_to};
}

/* Who the key means already on some of these days; ret->employee NULL: nobody. */
static enum status alias_known(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, struct alias_row *ret, struct error *err)
{
    const struct alias_row wanted = alias_wanted(snapshot_arena(snapshot), file, row);
    enum status status = alias_overlapping(snapshot, file->organisation, &wanted, ret, err);
    if (status != ST_NOT_FOUND)
        return status;
    error_clear(err);
    *ret = (struct alias_row){.employee = NULL};
    return ST_OK;
}

enum status import_alias_check(
    const struct snapshot *snapshot, struct import_file *file, struct import_head *row, struct error *err)
{
    struct import_key *is = alias_row_is(row);
    struct alias_row known = {.employee = NULL};
    enum status status = ST_OK;
    if (is->source) {
        const char *said = is->source;
        status = alias_platform(snapshot, file, said, &is->source, err);
        if (status == ST_OK && !is->source)
            import_refuse_row(file, row, "/source", "expected the id of a platform, or a name only it has");
    }
    if (is->valid_from != DATE_NONE && is->valid_to != DATE_NONE && is->valid_to < is->valid_from)
        import_refuse_row(file, row, "/valid_to", "is before its first day");
    if (status == ST_OK && !row->refused)
        status = alias_known(snapshot, file, row, &known, err);
    if (status == ST_OK && known.employee && strcmp(known.employee, file->people[row->person].id) != 0)
        import_refuse_row(file, row, "/value", "the key means somebody else already: end that alias first");
    return status;
}

enum status import_alias_foresee(const struct snapshot *snapshot, const struct import_file *file,
    const struct import_head *row, enum outcome *ret, struct error *err)
{
    struct alias_row known;
    enum status status = alias_known(snapshot, file, row, &known, err);
    *ret = status == ST_OK && known.employee ? OUTCOME_UNCHANGED : OUTCOME_CREATED;
    return status;
}

enum status import_alias_apply(struct txn *txn, const struct import_file *file, const struct import_head *row,
    enum outcome *ret, struct error *err)
{
    struct alias_row wanted = alias_wanted(txn_arena(txn), file, row);
    enum status status = import_alias_foresee(txn_snapshot(txn), file, row, ret, err);
    return status == ST_OK && *ret == OUTCOME_CREATED ? alias_put(txn, &wanted, err) : status;
}

const char *import_alias_identity(struct arena *arena, const struct import_head *row)
{
    const struct import_key *is = alias_row_said(row);
    const char *kind = lms_key_names[is->kind];
    return arena_printf(arena, "%s\n%s\n%s\n%d", kind, completion_wait_value(arena, kind, is->value),
        is->source ? is->source : "", (int)is->valid_from);
}
