/* Lays out tables. A table is written piece by piece, so that a long list needs no more memory than a page. */
#include "table.h"

#include "display.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NARROWEST = 10, NOTE_INDENT = 4 };

struct table {
    const struct table_column *columns;
    size_t count;
    struct table_style style;
    struct arena *page; /* rows not written yet */
    char ***rows;
    size_t row_count, row_capacity;
    size_t widths[TABLE_COLUMNS_MAX]; /* of the widest cell so far */
    bool used[TABLE_COLUMNS_MAX];     /* some cell holds something */
    bool headed[TABLE_COLUMNS_MAX];   /* in the heading written last */
};

struct layout {
    size_t widths[TABLE_COLUMNS_MAX];
    bool shown[TABLE_COLUMNS_MAX];
};

static void table_release(void *context)
{
    struct table *table = context;
    arena_free(table->page);
    free(table->rows);
}

struct table *table_new(
    struct arena *arena, const struct table_column *columns, size_t count, const struct table_style *style)
{
    struct table *table = ARENA_NEW(arena, struct table);
    table->columns = columns;
    table->count = count < TABLE_COLUMNS_MAX ? count : TABLE_COLUMNS_MAX;
    table->style = *style;
    table->page = arena_new(0);
    arena_defer(arena, table_release, table);
    for (size_t i = 0; style->heading && i < table->count; i++)
        table->widths[i] = display_width(columns[i].heading);
    return table;
}

void table_row(struct table *table, const char *const *cells)
{
    if (table->row_count == table->row_capacity) {
        table->row_capacity = table->row_capacity ? 2 * table->row_capacity : 64;
        table->rows = reallocarray(table->rows, table->row_capacity, sizeof(*table->rows));
        if (!table->rows)
            abort();
    }
    char **row = ARENA_ARRAY(table->page, table->count + 1, char *);
    for (size_t i = 0; i < table->count; i++) {
        row[i] = display_escape(table->page, cells[i] ? cells[i] : "", !table->style.terminal);
        size_t width = display_width(row[i]);
        if (width > table->widths[i])
            table->widths[i] = width;
        table->used[i] |= width > 0;
    }
    table->rows[table->row_count++] = row;
}

/* ---- which columns, how wide */

/* What a column may be narrowed to. */
static size_t table_least(const struct table *table, size_t column)
{
    size_t width = table->widths[column];
    return table->columns[column].stretch && width > NARROWEST ? NARROWEST : width;
}

static size_t table_total(const struct layout *layout, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        if (layout->shown[i])
            total += layout->widths[i] + (total ? GAP : 0);
    return total;
}

/* Leaves out columns from the right until the others fit at their narrowest; the first stays. */
static void table_drop(const struct table *table, struct layout *layout)
{
    for (size_t i = 0; i < table->count; i++)
        layout->widths[i] = table_least(table, i);
    for (size_t i = table->count; i-- > 1 && table_total(layout, table->count) > table->style.width;)
        layout->shown[i] = false;
}

/* Gives what room is left to the columns that were narrowed, the most narrowed first. */
static void table_widen(const struct table *table, struct layout *layout)
{
    size_t room = table->style.width;
    size_t total = table_total(layout, table->count);
    for (room = room > total ? room - total : 0; room > 0; room--) {
        size_t most = table->count;
        for (size_t i = 0; i < table->count; i++) {
            bool narrow = layout->shown[i] && layout->widths[i] < table->widths[i];
            if (narrow && (most == table->count || layout->widths[i] < layout->widths[most]))
                most = i;
        }
        if (most == table->count)
            return;
        layout->widths[most]++;
    }
}

/* Columns without a value are left out. */
static void table_lay_out(const struct table *table, struct layout *layout)
{
    *layout = (struct layout){0};
    memcpy(layout->widths, table->widths, sizeof(layout->widths));
    for (size_t i = 0; i < table->count; i++)
        layout->shown[i] = table->used[i] && !table->columns[i].note;
    if (table->style.width == 0 || table_total(layout, table->count) <= table->style.width)
        return;
    table_drop(table, layout);
    table_widen(table, layout);
}

/* ---- lines */

static void table_cell(const struct table_column *column, const char *cell, size_t width, struct buf *line)
{
    size_t wide = display_width(cell);
    if (column->right && wide < width)
        display_pad(line, width - wide);
    wide = display_cut(line, cell, width);
    if (!column->right && wide < width)
        display_pad(line, width - wide);
}

/* Blanks at the end are of no use; a row that is still too wide ends at the terminal's edge. */
static void table_end_line(const struct table *table, struct buf *line, struct buf *out)
{
    while (line->size > 0 && line->data[line->size - 1] == ' ')
        line->data[--line->size] = '\0';
    size_t width = 0;
    size_t size = line->size;
    if (table->style.width > 0)
        size = display_fit(line->data, table->style.width, &width);
    buf_add(out, line->data, size);
    buf_char(out, '\n');
}

static void table_line(
    const struct table *table, char *const *cells, const struct layout *layout, struct buf *out)
{
    bool first = true;
    BUF_AUTO line;
    buf_init(&line, 0);
    for (size_t i = 0; i < table->count; i++) {
        if (!layout->shown[i])
            continue;
        display_pad(&line, first ? 0 : GAP);
        table_cell(&table->columns[i], cells[i], layout->widths[i], &line);
        first = false;
    }
    table_end_line(table, &line, out);
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].note && *cells[i])
            display_wrap(out, cells[i], NOTE_INDENT, table->style.width);
}

/* Before the first row, and again when other columns are shown than before. */
static void table_heading(struct table *table, const struct layout *layout, struct buf *out)
{
    char *cells[TABLE_COLUMNS_MAX];
    if (!table->style.heading || memcmp(table->headed, layout->shown, sizeof(table->headed)) == 0)
        return;
    for (size_t i = 0; i < table->count; i++)
        cells[i] = arena_strdup(table->page, table->columns[i].note ? "" : table->columns[i].heading);
    table_line(table, cells, layout, out);
    memcpy(table->headed, layout->shown, sizeof(table->headed));
}

static void table_values(const struct table *table, char *const *cells, struct buf *out)
{
    for (size_t i = 0; i < table->count; i++) {
        buf_text(out, i > 0 ? "\t" : "");
        buf_text(out, cells[i]);
    }
    buf_char(out, '\n');
}

void table_write(struct table *table, struct buf *out)
{
    struct layout layout;
    table_lay_out(table, &layout);
    if (table->style.terminal && table->row_count > 0)
        table_heading(table, &layout, out);
    for (size_t i = 0; i < table->row_count; i++) {
        if (table->style.terminal)
            table_line(table, table->rows[i], &layout, out);
        else
            table_values(table, table->rows[i], out);
    }
    table->row_count = 0;
    arena_reset(table->page);
}
