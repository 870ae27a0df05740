/*
 * Documents as HTML or as plain text. Pure.
 */
#include "sheet.h"

struct sheet sheet_plain(struct buf *out)
{
    return (struct sheet){.out = out, .plain = true};
}

struct sheet sheet_html(struct buf *out, const char *language, const char *title, const char *style)
{
    struct sheet sheet = {.html = html_writer(out), .out = out};
    html_document(&sheet.html, language, title, style);
    html_open(&sheet.html, "main");
    return sheet;
}

static void sheet_underlined(struct sheet *sheet, const char *text, char line)
{
    buf_printf(sheet->out, "%s\n", text);
    for (const char *at = text; *at; at++)
        if (((unsigned char)*at & 0xc0) != 0x80)
            buf_char(sheet->out, line);
    buf_char(sheet->out, '\n');
}

static void sheet_element(struct sheet *sheet, const char *tag, const char *kind, const char *text)
{
    html_open(&sheet->html, tag);
    html_attr(&sheet->html, "class", kind);
    html_lines(&sheet->html, text);
    html_close(&sheet->html);
}

void sheet_title(struct sheet *sheet, const char *text, const char *below)
{
    if (sheet->plain) {
        sheet_underlined(sheet, text, '=');
        buf_printf(sheet->out, "%s\n", below);
        return;
    }
    html_open(&sheet->html, "header");
    html_element(&sheet->html, "h1", text);
    html_element(&sheet->html, "p", below);
    html_close(&sheet->html);
}

void sheet_heading(struct sheet *sheet, const char *text)
{
    if (!sheet->plain) {
        html_element(&sheet->html, "h2", text);
        return;
    }
    buf_char(sheet->out, '\n');
    sheet_underlined(sheet, text, '-');
}

void sheet_finding(struct sheet *sheet, const char *text, const char *mark, const char *kind)
{
    if (sheet->plain) {
        buf_printf(sheet->out, "\n%s: %s\n", text, mark);
        return;
    }
    html_open(&sheet->html, "h3");
    html_text(&sheet->html, text);
    html_text(&sheet->html, " ");
    sheet_element(sheet, "span", kind, mark);
    html_close(&sheet->html);
}

void sheet_paragraph(struct sheet *sheet, const char *kind, const char *text)
{
    if (sheet->plain)
        buf_printf(sheet->out, "%s\n", text);
    else
        sheet_element(sheet, "p", kind, text);
}

void sheet_pairs_open(struct sheet *sheet)
{
    if (sheet->plain)
        buf_char(sheet->out, '\n');
    else
        html_open(&sheet->html, "dl");
}

void sheet_pair(struct sheet *sheet, const char *label, const char *value)
{
    if (!value)
        return;
    if (sheet->plain) {
        buf_printf(sheet->out, "%s: %s\n", label, value);
        return;
    }
    html_element(&sheet->html, "dt", label);
    html_element(&sheet->html, "dd", value);
}

void sheet_pairs_close(struct sheet *sheet)
{
    if (!sheet->plain)
        html_close(&sheet->html);
}

void sheet_list_open(struct sheet *sheet)
{
    if (!sheet->plain)
        html_open(&sheet->html, "ul");
}

void sheet_item(struct sheet *sheet, const char *text)
{
    if (sheet->plain)
        buf_printf(sheet->out, "- %s\n", text);
    else
        html_element(&sheet->html, "li", text);
}

void sheet_list_close(struct sheet *sheet)
{
    if (!sheet->plain)
        html_close(&sheet->html);
}

void sheet_table_open(struct sheet *sheet, const char *const *columns, size_t count)
{
    sheet->columns = columns;
    sheet->column_count = count;
    if (sheet->plain)
        return;
    html_open(&sheet->html, "table");
    html_open(&sheet->html, "thead");
    html_open(&sheet->html, "tr");
    for (size_t i = 0; i < count; i++) {
        html_open(&sheet->html, "th");
        html_attr(&sheet->html, "scope", "col");
        html_text(&sheet->html, columns[i]);
        html_close(&sheet->html);
    }
    html_close(&sheet->html);
    html_close(&sheet->html);
    html_open(&sheet->html, "tbody");
}

static void sheet_row_plain(struct sheet *sheet, const char *const *cells, const char *note)
{
    const char *before = "- ";
    for (size_t i = 0; i < sheet->column_count; i++) {
        if (cells[i] && cells[i][0]) {
            buf_printf(sheet->out, "%s%s", before, cells[i]);
            before = " | ";
        }
    }
    buf_printf(sheet->out, "%s%s\n", note ? "\n  " : "", note ? note : "");
}

void sheet_row(struct sheet *sheet, const char *const *cells, const char *note, const char *kind)
{
    if (sheet->plain) {
        sheet_row_plain(sheet, cells, note);
        return;
    }
    html_open(&sheet->html, "tr");
    for (size_t i = 0; i < sheet->column_count; i++) {
        html_open(&sheet->html, "td");
        html_attr(&sheet->html, "class", i + 1 == sheet->column_count ? kind : NULL);
        html_attr(&sheet->html, "data-label", cells[i][0] ? sheet->columns[i] : NULL);
        html_text(&sheet->html, cells[i]);
        if (i == 1 && note)
            sheet_element(sheet, "small", NULL, note);
        html_close(&sheet->html);
    }
    html_close(&sheet->html);
}

void sheet_table_close(struct sheet *sheet)
{
    if (sheet->plain)
        return;
    html_close(&sheet->html);
    html_close(&sheet->html);
}

void sheet_finish(struct sheet *sheet)
{
    if (!sheet->plain)
        html_finish(&sheet->html);
}
