/* Writes roff. Any thread. */
#include "base/roff.h"

void roff_text(struct buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            buf_text(out, "\\e");
        else if (*c == '-')
            buf_text(out, "\\-");
        else if (*c == '`')
            buf_text(out, "\\(ga");
        else if (*c == '~')
            buf_text(out, "\\(ti");
        else if ((*c == '.' || *c == '\'') && c == text)
            buf_printf(out, "\\&%c", *c);
        else
            buf_char(out, *c);
    }
}

void roff_line(struct buf *out, const char *text)
{
    roff_text(out, text);
    buf_char(out, '\n');
}

void roff_item(struct buf *out, const char *letter, const char *name, const char *doc)
{
    buf_text(out, ".TP\n.B ");
    if (letter) {
        roff_text(out, letter);
        buf_text(out, ", ");
    }
    roff_line(out, name);
    roff_line(out, doc);
}
