#pragma once
/* Pages of manual (man(7)): text that roff takes as it is, escapes and requests disarmed. */
#include "base/buf.h"

void roff_text(struct buf *out, const char *text);
void roff_line(struct buf *out, const char *text);
/* A paragraph with its term in bold: "-c, --config FILE". `letter` may be NULL. */
void roff_item(struct buf *out, const char *letter, const char *name, const char *doc);
