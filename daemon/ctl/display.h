#pragma once
/*
 * Text as a terminal shows it: how many columns it takes (wcwidth in C.UTF-8), what fits, and what must not
 * reach a terminal or a line of values. Pure; any thread that has called display_begin().
 */
#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Makes this thread know the widths of characters. */
void display_begin(void);

/* `text` on one line: controls, line and paragraph separators, and what reorders or hides text become escapes
 * (\n, \t, \u001b), bytes that are not UTF-8 become U+FFFD. With `reversible` a backslash is doubled. */
char *display_escape(struct arena *arena, const char *text, bool reversible);
/* The same for a text of several lines: its line breaks and tabs stay. */
void display_escape_lines(struct buf *out, const char *text, size_t size);

/* Columns that an escaped text takes. */
size_t display_width(const char *text);
/* How many bytes fit in `columns`; combining marks stay with what they follow. *ret_width is what they take. */
size_t display_fit(const char *text, size_t columns, size_t *ret_width);
/* Adds the text, cut with an ellipsis when it takes more than `columns`; returns what it took. */
size_t display_cut(struct buf *out, const char *text, size_t columns);
/* Adds the text broken at blanks, each line after `indent` blanks and at most `columns` wide (0 = one line). */
void display_wrap(struct buf *out, const char *text, size_t indent, size_t columns);
void display_pad(struct buf *out, size_t count);
