#pragma once
/*
 * Tables: on a terminal columns side by side, without those that hold nothing, and when it is narrow with those
 * that may be cut cut and those on the right left out; elsewhere all cells separated by tabs, one row a line.
 * Pure.
 */
#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS_MAX = 16 };

struct table_column {
    const char *heading;
    bool right;   /* numbers */
    bool stretch; /* may be cut when the terminal is narrow */
    bool note;    /* on a terminal under the row, wrapped; elsewhere a column like the others */
};

struct table_style {
    bool terminal;
    bool heading;
    size_t width; /* columns of the terminal; 0 = as wide as it gets */
};

struct table;

struct table *table_new(
    struct arena *arena, const struct table_column *columns, size_t count, const struct table_style *style);
/* Adds a row; cells are any text, NULL is an empty one, and are copied. */
void table_row(struct table *table, const char *const *cells);
/* Writes the rows added since the last time, the first time under the heading. */
void table_write(struct table *table, struct buf *out);
