/*
 * From the bytes of a file to typed rows: headings to columns, cells to fields. What cannot be read is a
 * refusal of its line. On a read lane.
 */
#include "base/text.h"
#include "text/csv.h"
#include "work.h"

#include <stdio.h>
#include <string.h>

/* ---- headings */

static const char *table_fold(struct arena *arena, const char *text, size_t size)
{
    char *folded = text_fold(arena, arena_strndup(arena, text, size));
    for (char *c = folded; *c; c++)
        if (*c == '_')
            *c = ' ';
    return folded;
}

static bool table_is_called(struct arena *arena, const struct import_column *column, const char *heading)
{
    if (strcmp(table_fold(arena, column->field, strlen(column->field)), heading) == 0)
        return true;
    for (const char *at = column->headings; *at;) {
        size_t length = strcspn(at, "|");
        if (strcmp(table_fold(arena, at, length), heading) == 0)
            return true;
        at += length + (at[length] == '|');
    }
    return false;
}

static const struct import_column *table_column(const struct import_file *file, const char *heading)
{
    const char *folded = table_fold(file->arena, heading, strlen(heading));
    for (size_t i = 0; i < file->kind->column_count; i++)
        if (table_is_called(file->arena, &file->kind->columns[i], folded))
            return &file->kind->columns[i];
    return NULL;
}

const struct field_table *import_is_table(const struct import_kind *kind)
{
    return kind->facts ? kind->facts->table : kind->table;
}

static void table_bind(struct import_file *file, struct import_cells *cells)
{
    bool head = (cells->column->flags & IMPORT_HEAD) != 0;
    const struct field_table *table = head ? &import_head_table : import_is_table(file->kind);
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->fields[i].name, cells->column->field) != 0)
            continue;
        cells->field = &table->fields[i];
        cells->at = head ? 0 : file->kind->at;
        cells->bit = head ? 0 : UINT64_C(1) << i;
    }
}

static bool table_has(const struct import_file *file, const struct import_column *column, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (file->cells[i].column == column)
            return true;
    return false;
}

static const char *table_first_name(struct arena *arena, const struct import_column *column)
{
    return arena_strndup(arena, column->headings, strcspn(column->headings, "|"));
}

/* "matricule, prénom, nom": what a heading may be called. */
static const char *table_headings(const struct import_file *file)
{
    const char *all = "";
    for (size_t i = 0; i < file->kind->column_count; i++)
        all = arena_printf(file->arena, "%s%s%s", all, i > 0 ? ", " : "",
            table_first_name(file->arena, &file->kind->columns[i]));
    return all;
}

static void table_read_heading(struct import_file *file, const struct csv_row *heading)
{
    file->cells = ARENA_ARRAY(file->arena, heading->count + 1, struct import_cells);
    file->cell_count = heading->count;
    for (size_t i = 0; i < heading->count; i++) {
        struct import_cells *cells = &file->cells[i];
        cells->title = heading->cells[i];
        if (!cells->title[0])
            continue;
        cells->column = table_column(file, cells->title);
        if (!cells->column)
            import_refuse_file(file, heading->line, cells->title,
                "is no heading of this kind of file; take the column out, or name it one of: %s",
                table_headings(file));
        else if (table_has(file, cells->column, i))
            import_refuse_file(file, heading->line, cells->title, "says the same as another column");
        else
            table_bind(file, cells);
    }
    for (size_t i = 0; i < file->kind->column_count; i++) {
        const struct import_column *column = &file->kind->columns[i];
        if ((column->flags & IMPORT_REQUIRED) && !table_has(file, column, file->cell_count))
            import_refuse_file(file, heading->line, table_first_name(file->arena, column), "is missing");
    }
}

const char *import_title(const struct import_file *file, const char *pointer)
{
    const char *name = pointer[0] == '/' ? pointer + 1 : pointer;
    size_t length = strcspn(name, "/");
    if (length == 0)
        return "";
    for (size_t i = 0; i < file->cell_count; i++)
        if (file->cells[i].column && strncmp(file->cells[i].column->field, name, length) == 0)
            return file->cells[i].title;
    for (size_t i = 0; i < file->kind->column_count; i++)
        if (strncmp(file->kind->columns[i].field, name, length) == 0)
            return table_first_name(file->arena, &file->kind->columns[i]);
    return file->cell_count > 0 ? import_title(file, "/number") : "";
}

/* ---- cells */

static void table_give(
    struct import_file *file, struct import_head *row, const struct import_cells *cells, bool cleared)
{
    long at = import_is_table(file->kind)->given_at;
    if (cells->bit == 0 || at < 0)
        return;
    struct given *given = (struct given *)(void *)((char *)import_row_is(file, row) + at);
    given->present |= cells->bit;
    given->cleared |= cleared ? cells->bit : 0;
}

static void table_clear(struct import_file *file, struct import_head *row, const struct import_cells *cells)
{
    if ((cells->column->flags & IMPORT_FILLED) || (cells->field->flags & FIELD_REQUIRED)) {
        import_refuse_row(file, row, cells->column->field, "cannot be cleared");
        return;
    }
    table_give(file, row, cells, true);
    row->other_cleared |= cells->field->at == offsetof(struct import_head, other) && cells->bit == 0;
}

static void table_read_cell(
    struct import_file *file, struct import_head *row, const struct import_cells *cells, const char *cell)
{
    struct error err = ERROR_INIT;
    char minutes[24];
    int64_t value;
    const char *text = import_cell_text(file->arena, cells->field, cells->column->words, cell);
    if (cells->field->type == FIELD_DATE && !date_parse_loose(cell, &(date_t){0})) {
        import_refuse_row(file, row, cells->column->field,
            "expected a date such as 31/12/2026 or 2026-12-31, not \"%.40s\"", cell);
        return;
    }
    if (cells->column->flags & IMPORT_HOURS) {
        if (!import_hours(cell, &value)) {
            import_refuse_row(
                file, row, cells->column->field, "expected hours such as 7, 3,5 or 7h30, not \"%.40s\"", cell);
            return;
        }
        (void)snprintf(minutes, sizeof minutes, "%lld", (long long)value);
        text = minutes;
    }
    if (field_read_text(cells->field, file->arena, text, (char *)row + cells->at, &err) == ST_OK)
        table_give(file, row, cells, false);
    else
        import_refuse_row(
            file, row, cells->column->field, "%s", err.count > 0 ? err.fields[0].detail : err.detail);
}

static void table_read_row(struct import_file *file, struct import_head *row, const struct csv_row *from)
{
    *row = (struct import_head){.line = from->line, .person = IMPORT_NOBODY, .other_person = IMPORT_NOBODY};
    field_clear(import_is_table(file->kind), import_row_is(file, row));
    for (size_t i = 0; i < file->cell_count; i++) {
        const struct import_cells *cells = &file->cells[i];
        const char *cell = csv_cell(from, i);
        if (!cells->field || (!cell[0] && !(cells->column->flags & IMPORT_FILLED)))
            continue;
        if (!cell[0])
            import_refuse_row(file, row, cells->column->field, "is missing");
        else if (strcmp(cell, "-") == 0)
            table_clear(file, row, cells);
        else
            table_read_cell(file, row, cells, cell);
    }
}

static void table_read_faults(struct import_file *file, const struct csv_table *table)
{
    for (size_t i = 0; i < table->fault_count; i++) {
        const struct csv_fault *fault = &table->faults[i];
        bool named = fault->column > 0 && fault->column <= file->cell_count;
        struct import_head row = {.line = fault->line};
        import_refuse_row(file, &row, "", "%s%s%s", named ? file->cells[fault->column - 1].title : "",
            named ? ": " : "", fault->detail);
    }
    if (table->stopped)
        import_refuse_file(file, 0, "", "too many lines cannot be read: is this a CSV file?");
}

void import_table_read(struct import_file *file, struct span content)
{
    const struct csv_table *table;
    struct error err = ERROR_INIT;
    if (csv_read(file->arena, content.data, content.size, IMPORT_ROWS_MAX, &table, &err) != ST_OK) {
        import_refuse_file(file, 0, "", "%s", err.detail);
        return;
    }
    table_read_heading(file, &table->heading);
    file->counts.total = (int64_t)(table->row_count + table->fault_count);
    if (file->unusable)
        return;
    table_read_faults(file, table);
    file->count = table->row_count;
    file->rows = arena_array(file->arena, table->row_count, file->kind->size);
    for (size_t i = 0; i < table->row_count; i++)
        table_read_row(file, import_row_at(file, i), &table->rows[i]);
}
