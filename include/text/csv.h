#pragma once
/*
 * CSV as spreadsheets write it (RFC 4180 and its relatives). Pure, any thread.
 *
 * Reading: a table is a heading line and rows. The delimiter (`;`, `,` or tab) is found in the first line, or
 * named by a first line `sep=;`; the bytes are UTF-8, with or without a byte order mark, or else Windows-1252.
 * Cells are UTF-8, unquoted blanks and all no-break spaces around them are removed, line breaks inside quotes
 * are kept as "\n". Rows without any content are skipped.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CSV_COLUMNS_MAX = 64,
    CSV_CELL_MAX = 4096, /* bytes of UTF-8 */
    CSV_FAULTS_MAX = 200 /* reading stops there */
};

struct csv_row {
    unsigned line; /* physical line of the file where the row begins, from 1 */
    size_t count;
    const char *const *cells;
};

/* A row that could not be read; it is in no other list. */
struct csv_fault {
    unsigned line;
    unsigned column; /* from 1; 0 = the row */
    const char *detail;
};

struct csv_table {
    char delimiter;
    bool windows1252;
    struct csv_row heading;
    const struct csv_row *rows;
    size_t row_count;
    const struct csv_fault *faults;
    size_t fault_count;
    bool stopped; /* CSV_FAULTS_MAX was reached: the rest was not read */
};

/*
 * Reads a whole file. A malformed row (a stray or unclosed quote, more cells than the heading, a ceiling
 * exceeded, bytes that are not UTF-8 in a file marked as UTF-8) becomes a fault and reading goes on with the
 * line after the one where it began. Errors: ST_SYNTAX (empty, binary, UTF-16), ST_TOO_LARGE (more than
 * `max_rows` rows). Everything lives in the arena.
 */
enum status csv_read(struct arena *arena, const void *bytes, size_t size, size_t max_rows,
    const struct csv_table **ret, struct error *err) MUST_CHECK;

/* The cell of a 0-based column, "" when the row is shorter. */
const char *csv_cell(const struct csv_row *row, size_t column);

/*
 * Writing: one csv_put_... per cell, csv_end_row() after the last. Rows end with CRLF, cells are quoted when
 * needed. A text cell that a spreadsheet would run as a formula (it begins with = + - @, a tab or CR) gets a
 * leading apostrophe; numbers and dates do not. Look at the buffer's `failed` at the end.
 */
struct csv_writer {
    struct buf *out;
    char delimiter;
    bool started; /* the current row has a cell */
};

/* `mark` writes a UTF-8 byte order mark first, which spreadsheets need to see accents. */
struct csv_writer csv_writer(struct buf *out, char delimiter, bool mark);
void csv_put_text(struct csv_writer *w, const char *text); /* NULL = empty cell */
void csv_put_int(struct csv_writer *w, int64_t value);
void csv_put_cents(struct csv_writer *w, int64_t cents); /* "1234.56", "1234,56" when the delimiter is ';' */
void csv_put_date(struct csv_writer *w, date_t date);    /* ISO 8601, empty for DATE_NONE */
void csv_put_instant(struct csv_writer *w, instant_t instant);
void csv_end_row(struct csv_writer *w);
