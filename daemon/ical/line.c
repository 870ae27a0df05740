/* Writes content lines: escapes (RFC 5545, 3.3.11), folding (3.1), times. Pure, any thread. */
#include "line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ICAL_OCTETS = 75 };

/* How many of the bytes fit, without splitting a character. */
static size_t ical_fitting(const char *bytes, size_t size, size_t room)
{
    if (size <= room)
        return size;
    while (room > 1 && ((unsigned char)bytes[room] & 0xC0) == 0x80)
        room--;
    return room;
}

void ical_line_fold(struct buf *out, const struct buf *line)
{
    const char *at = line->data;
    size_t left = line->size;
    size_t room = ICAL_OCTETS;

    for (;;) {
        size_t fits = ical_fitting(at, left, room);
        buf_add(out, at, fits);
        buf_text(out, "\r\n");
        at += fits;
        left -= fits;
        if (left == 0)
            return;
        buf_char(out, ' ');
        room = ICAL_OCTETS - 1;
    }
}

void ical_line(struct buf *out, const char *format, ...)
{
    BUF_AUTO line;
    char *text = NULL;
    va_list args;

    buf_init(&line, 0);
    va_start(args, format);
    int size = vasprintf(&text, format, args);
    va_end(args);
    if (size < 0)
        abort();
    buf_add(&line, text, (size_t)size);
    free(text);
    ical_line_fold(out, &line);
}

static void ical_escape(struct buf *line, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\r' && text[1] == '\n')
            continue;
        if (*text == '\n' || *text == '\r') {
            buf_text(line, "\\n");
            continue;
        }
        if (strchr("\\;,", *text) != NULL)
            buf_char(line, '\\');
        buf_char(line, *text);
    }
}

void ical_line_text(struct buf *out, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    BUF_AUTO line;
    buf_init(&line, 0);
    buf_text(&line, name);
    buf_char(&line, ':');
    ical_escape(&line, text);
    ical_line_fold(out, &line);
}

void ical_line_instant(struct buf *out, const char *name, instant_t instant)
{
    if (instant == INSTANT_NONE)
        return;
    int64_t seconds = instant / US_PER_SEC - (instant % US_PER_SEC < 0);
    int64_t day = seconds / 86400 - (seconds % 86400 < 0);
    int second = (int)(seconds - day * 86400);
    struct ymd ymd = date_ymd((date_t)day);

    ical_line(out, "%s:%04d%02d%02dT%02d%02d%02dZ", name, ymd.year, ymd.month, ymd.day, second / 3600,
        second / 60 % 60, second % 60);
}

void ical_line_date(struct buf *out, const char *name, date_t date)
{
    struct ymd ymd = date_ymd(date);

    ical_line(out, "%s;VALUE=DATE:%04d%02d%02d", name, ymd.year, ymd.month, ymd.day);
}

/*
 * Quotes and carets have no safe form (RFC 6868) and become apostrophes. Separators end a parameter for some
 * readers, quoted or not, and an answer's From for others: a run of them and of blanks becomes one blank.
 */
void ical_param_text(struct buf *line, const char *name, const char *value)
{
    bool blank = false;

    if (value == NULL || value[0] == '\0')
        return;
    buf_printf(line, ";%s=\"", name);
    for (; *value != '\0'; value++) {
        bool separates = strchr(" ,;:", *value) != NULL;
        if (separates && blank)
            continue;
        blank = separates;
        if (*value == '"' || *value == '^')
            buf_char(line, '\'');
        else
            buf_char(line, (char)(separates ? ' ' : *value));
    }
    buf_char(line, '"');
}
