#pragma once
/* Content lines (RFC 5545, 3.1): escaped, folded, ended with CRLF. Values have been checked before. */
#include "base/buf.h"
#include "base/date.h"

/* One line that needs no escapes. */
void ical_line(struct buf *out, const char *format, ...) PRINTF_LIKE(2, 3);
/* NAME:text, escaped; nothing for NULL or "". */
void ical_line_text(struct buf *out, const char *name, const char *text);
/* NAME:20261122T101500Z; nothing for INSTANT_NONE. */
void ical_line_instant(struct buf *out, const char *name, instant_t instant);
/* NAME;VALUE=DATE:20261122. */
void ical_line_date(struct buf *out, const char *name, date_t date);
/* Appends `;NAME="value"` to a line under construction, without what readers stumble over: " and ^ become
 * apostrophes, runs of blanks and , ; : one blank. Nothing for NULL or "". */
void ical_param_text(struct buf *line, const char *name, const char *value);
/* Folds a line under construction into the output. */
void ical_line_fold(struct buf *out, const struct buf *line);
