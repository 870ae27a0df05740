/*
 * A file is read and checked whole, against the organisation as it is. On a read lane.
 */
#include "base/text.h"
#include "work.h"

#include <stdarg.h>
#include <string.h>

enum { READ_BLOCK = 256 }; /* rows whose checks share a memory aside */

const char *const import_state_names[] = {"received", "applying", "done", "refused", "checked", NULL};

static const struct field options_fields[] = {
    FIELD(
        struct import_options, dry_run, FIELD_BOOL, .doc = "Read and check only, and say what would be done."),
    FIELD(struct import_options, partial, FIELD_BOOL,
        .doc = "Apply the other lines when some are refused; none are otherwise."),
};
const struct field_table import_options_table =
    FIELD_TABLE("ImportOptions", struct import_options, options_fields, -1);

static const struct field counts_fields[] = {
    FIELD(struct import_counts, total, FIELD_INT, .doc = "Lines of the file."),
    FIELD(struct import_counts, applied, FIELD_INT, .doc = "Of them, applied so far."),
    FIELD(struct import_counts, created, FIELD_INT, .doc = "What was new."),
    FIELD(struct import_counts, updated, FIELD_INT, .doc = "What has changed."),
    FIELD(struct import_counts, unchanged, FIELD_INT, .doc = "What said nothing new."),
    FIELD(struct import_counts, refused, FIELD_INT, .doc = "Lines refused."),
    FIELD(struct import_counts, missing, FIELD_INT, .doc = "Employees who are not in the file; they stay."),
};
const struct field_table import_counts_table =
    FIELD_TABLE("ImportCounts", struct import_counts, counts_fields, -1);

/* ---- refusals */

struct import_head *import_row_at(const struct import_file *file, size_t index)
{
    return (struct import_head *)(void *)(file->rows + index * file->kind->size);
}

void *import_row_is(const struct import_file *file, const struct import_head *row)
{
    return file->rows + (((const char *)row - file->rows) + (ptrdiff_t)file->kind->at);
}

static PRINTF_LIKE(4, 0) void read_refuse(
    struct import_file *file, unsigned line, const char *column, const char *format, va_list args)
{
    if (file->refusal_count == IMPORT_REFUSALS_MAX)
        return;
    file->refusals[file->refusal_count++] = (struct import_refusal){
        .line = line, .column = column, .reason = arena_vprintf(file->arena, format, args)};
}

void import_refuse_file(struct import_file *file, unsigned line, const char *column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    read_refuse(file, line, column, format, args);
    va_end(args);
    file->unusable = true;
}

void import_refuse_row(
    struct import_file *file, struct import_head *row, const char *pointer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    read_refuse(file, row->line, import_title(file, pointer), format, args);
    va_end(args);
    file->counts.refused += !row->refused;
    row->refused = true;
}

void import_refuse_error(struct import_file *file, struct import_head *row, const struct error *err)
{
    for (unsigned i = 0; i < err->count; i++)
        import_refuse_row(file, row, err->fields[i].pointer, "%s", err->fields[i].detail);
    if (err->count == 0 && err->status != ST_OK)
        import_refuse_row(file, row, "", "%s", err->detail);
}

/* ---- checks of rows */

static void read_find_doubles(struct import_file *file)
{
    struct import_index seen = import_index(file->arena, file->count);
    for (size_t i = 0; file->kind->identity && i < file->count; i++) {
        struct import_head *row = import_row_at(file, i);
        if (row->refused)
            continue;
        const char *key =
            arena_printf(file->arena, "%u %s", (unsigned)row->person, file->kind->identity(file->arena, row));
        uint32_t first = *import_index_at(&seen, key, (uint32_t)i);
        if (first != i)
            import_refuse_row(
                file, row, "/number", "says the same as line %u", import_row_at(file, first)->line);
    }
}

struct read_block {
    struct import_file *file;
    size_t from;
    bool foresee;
};

static void read_count(struct import_counts *counts, enum outcome outcome)
{
    counts->created += outcome == OUTCOME_CREATED;
    counts->updated += outcome == OUTCOME_UPDATED;
    counts->unchanged += outcome == OUTCOME_UNCHANGED;
}

static enum status read_row(
    const struct snapshot *snapshot, struct read_block *block, struct import_head *row, struct error *err)
{
    struct import_file *file = block->file;
    enum outcome outcome;
    if (!block->foresee)
        return row->refused ? ST_OK : file->kind->check(snapshot, file, row, err);
    if (row->refused)
        return ST_OK;
    enum status status = file->kind->foresee(snapshot, file, row, &outcome, err);
    if (status == ST_OK)
        read_count(&file->counts, outcome);
    return status;
}

static enum status read_block(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct read_block *block = context;
    enum status status = ST_OK;
    for (size_t i = block->from; status == ST_OK && i < block->file->count && i < block->from + READ_BLOCK; i++)
        status = read_row(snapshot, block, import_row_at(block->file, i), err);
    return status;
}

static enum status read_each(
    const struct snapshot *snapshot, struct import_file *file, bool foresee, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < file->count; i += READ_BLOCK) {
        struct read_block block = {.file = file, .from = i, .foresee = foresee};
        status = snapshot_aside(snapshot, read_block, &block, err);
    }
    return status;
}

/* ---- the whole */

static void read_order(struct import_file *file)
{
    file->order = ARENA_ARRAY(file->arena, file->count, uint32_t);
    if (file->kind->people) {
        import_people_order(file);
        if (file->options.partial == 1)
            import_people_cascade(file);
        return;
    }
    for (size_t i = 0; i < file->count; i++)
        file->order[i] = (uint32_t)i;
}

static enum status read_against(const struct snapshot *snapshot, struct import_file *file, struct error *err)
{
    struct duties_frame frame;
    enum status status = duties_frame_load(snapshot, file->organisation, INSTANT_NONE, &frame, err);
    if (status != ST_OK)
        return status;
    file->today = frame.today;
    status = import_people_load(snapshot, file, err);
    if (status != ST_OK)
        return status;
    import_people_find(file);
    file->by_course = import_index(file->arena, file->count);
    status = read_each(snapshot, file, false, err);
    if (status != ST_OK)
        return status;
    read_find_doubles(file);
    read_order(file);
    bool foresees = file->options.dry_run == 1 && (file->refusal_count == 0 || file->options.partial == 1);
    return foresees ? read_each(snapshot, file, true, err) : ST_OK;
}

static enum status read_begin(struct import_file *file, const struct import_row *import, struct error *err)
{
    struct arena *arena = file->arena;
    char key[ORG_KEY_MAX];
    file->kind = import_kind_named(import->kind);
    if (!file->kind || !id_parse(import->id, "imp", key) ||
        field_parse(&import_options_table, arena, import->options, strlen(import->options), FIELD_MODE_STORED,
            &file->options, NULL) != ST_OK)
        return error_set(err, ST_INTERNAL, "the import %s cannot be read", import->id);
    file->organisation = arena_strdup(arena, key);
    file->refusals = ARENA_ARRAY(arena, IMPORT_REFUSALS_MAX, struct import_refusal);
    return ST_OK;
}

enum status import_read(const struct snapshot *snapshot, struct arena *arena, const struct import_row *import,
    struct import_file **ret, struct error *err)
{
    struct import_file *file = ARENA_NEW(arena, struct import_file);
    struct span content;
    file->arena = arena;
    enum status status = read_begin(file, import, err);
    if (status == ST_OK)
        status = import_content(snapshot, import->id, &content, err);
    if (status != ST_OK)
        return status;
    import_table_read(file, content);
    if (!file->unusable)
        status = read_against(snapshot, file, err);
    if (status == ST_OK)
        *ret = file;
    return status;
}

bool import_applies(const struct import_file *file)
{
    return !file->unusable && (file->refusal_count == 0 || file->options.partial == 1);
}

bool import_is_dry(const struct import_file *file)
{
    return file->options.dry_run == 1;
}

size_t import_rows(const struct import_file *file)
{
    return file->count;
}

struct import_counts import_file_counts(const struct import_file *file)
{
    return file->counts;
}
