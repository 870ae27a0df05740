/* Writes CSV rows (RFC 4180) that a spreadsheet opens without running anything. Pure, any thread. */
#include "text/csv.h"

#include <string.h>

struct csv_writer csv_writer(struct buf *out, char delimiter, bool mark)
{
    if (mark)
        buf_text(out, "\xEF\xBB\xBF");
    return (struct csv_writer){.out = out, .delimiter = delimiter};
}

static void csv_start_cell(struct csv_writer *w)
{
    if (w->started)
        buf_char(w->out, w->delimiter);
    w->started = true;
}

static bool csv_needs_quotes(const char *text, char delimiter)
{
    size_t size = strlen(text);

    return size > 0 && (text[0] == ' ' || text[size - 1] == ' ' || strchr(text, delimiter) != NULL ||
                           strpbrk(text, "\"\r\n\t") != NULL);
}

void csv_put_text(struct csv_writer *w, const char *text)
{
    csv_start_cell(w);
    if (text == NULL || text[0] == '\0')
        return;
    const char *defence = strchr("=+-@\t\r", text[0]) != NULL ? "'" : "";
    if (!csv_needs_quotes(text, w->delimiter)) {
        buf_text(w->out, defence);
        buf_text(w->out, text);
        return;
    }
    buf_char(w->out, '"');
    buf_text(w->out, defence);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_char(w->out, '"');
        buf_char(w->out, *text);
    }
    buf_char(w->out, '"');
}

void csv_put_int(struct csv_writer *w, int64_t value)
{
    csv_start_cell(w);
    buf_printf(w->out, "%lld", (long long)value);
}

void csv_put_cents(struct csv_writer *w, int64_t cents)
{
    uint64_t amount = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;

    csv_start_cell(w);
    buf_printf(w->out, "%s%llu%c%02llu", cents < 0 ? "-" : "", (unsigned long long)(amount / 100),
        w->delimiter == ';' ? ',' : '.', (unsigned long long)(amount % 100));
}

void csv_put_date(struct csv_writer *w, date_t date)
{
    char text[DATE_TEXT_MAX];

    csv_start_cell(w);
    buf_text(w->out, date_text(date, text));
}

void csv_put_instant(struct csv_writer *w, instant_t instant)
{
    char text[INSTANT_TEXT_MAX];

    csv_start_cell(w);
    if (instant != INSTANT_NONE)
        buf_text(w->out, instant_text(instant, text));
}

void csv_end_row(struct csv_writer *w)
{
    buf_text(w->out, "\r\n");
    w->started = false;
}
