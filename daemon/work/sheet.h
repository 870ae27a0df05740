#pragma once
/*
 * A document written once, as HTML to print or as plain text: headings, paragraphs, pairs, lists, tables. What
 * is given is copied; literals of the program are markup for neither.
 */
#include "base/lang.h"
#include "text/html.h"

#include <stdbool.h>
#include <stddef.h>

struct sheet {
    struct html html; /* of an HTML sheet */
    struct buf *out;
    bool plain;
    const char *const *columns; /* of the table that is open */
    size_t column_count;
};

struct sheet sheet_plain(struct buf *out);
/* `style` is a literal of the program. */
struct sheet sheet_html(struct buf *out, const char *language, const char *title, const char *style);

void sheet_title(struct sheet *sheet, const char *text, const char *below);
void sheet_heading(struct sheet *sheet, const char *text);
/* A heading of the second order with a mark beside it; `kind` is its class. */
void sheet_finding(struct sheet *sheet, const char *text, const char *mark, const char *kind);
void sheet_paragraph(struct sheet *sheet, const char *kind, const char *text);
void sheet_pairs_open(struct sheet *sheet);
void sheet_pair(struct sheet *sheet, const char *label, const char *value); /* NULL value: left out */
void sheet_pairs_close(struct sheet *sheet);
void sheet_list_open(struct sheet *sheet);
void sheet_item(struct sheet *sheet, const char *text);
void sheet_list_close(struct sheet *sheet);
/* Cells that are empty are left out of plain rows; in HTML each carries its column's name as data-label, for
 * screens on which cells stand below each other. `columns` is borrowed until the table is closed. */
void sheet_table_open(struct sheet *sheet, const char *const *columns, size_t count);
/* One cell for each column; `note` (may be NULL) stands small below the second one. */
void sheet_row(struct sheet *sheet, const char *const *cells, const char *note, const char *kind);
void sheet_table_close(struct sheet *sheet);
void sheet_finish(struct sheet *sheet);
