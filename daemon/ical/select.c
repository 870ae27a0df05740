/*
 * Reduces a stranger's calendar object to a small well-nested text: ceilings first, then unfolding, then one
 * pass over the lines that keeps the properties of the events and drops everything else. Pure, any thread.
 */
#include "select.h"

#include "base/buf.h"
#include "base/text.h"
#include "ical/read.h"

#include <string.h>

struct ical_selection {
    struct buf out;
    struct span open[ICAL_READ_DEPTH]; /* names of the open components */
    size_t depth;
    bool done; /* the VCALENDAR has ended */
    struct error *err;
};

static const char *const calendar_properties[] = {"METHOD", "PRODID", "VERSION", NULL};
static const char *const event_properties[] = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "DURATION",
    "ORGANIZER", "ATTENDEE", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "RECURRENCE-ID", NULL};
/* Never given to the parser, only known to have been there. */
static const char *const recurrence_properties[] = {"RRULE", "RDATE", NULL};

static bool ical_word_is(struct span word, const char *name)
{
    return word.size == strlen(name) && strncasecmp(word.data, name, word.size) == 0;
}

static bool ical_word_in(struct span word, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (ical_word_is(word, *names))
            return true;
    }
    return false;
}

static struct span ical_line_name(struct span line)
{
    size_t size = 0;

    while (size < line.size && line.data[size] != ':' && line.data[size] != ';')
        size++;
    return (struct span){.data = line.data, .size = size};
}

/* The value of BEGIN and END lines, without blanks after it. */
static struct span ical_line_component(struct span line, struct span name)
{
    struct span value = {.data = line.data + name.size, .size = line.size - name.size};

    if (value.size > 0) {
        value.data++;
        value.size--;
    }
    while (value.size > 0 && (value.data[value.size - 1] == ' ' || value.data[value.size - 1] == '\t'))
        value.size--;
    return value;
}

static void ical_keep(struct ical_selection *s, struct span line)
{
    buf_add(&s->out, line.data, line.size);
    buf_text(&s->out, "\r\n");
}

/* Whether lines of the innermost component are kept: of the calendar itself and of its events. */
static bool ical_kept_depth(const struct ical_selection *s)
{
    return s->depth == 1 || (s->depth == 2 && ical_word_is(s->open[1], "VEVENT"));
}

static enum status ical_select_begin(struct ical_selection *s, struct span name)
{
    if (s->depth == 0 && !ical_word_is(name, "VCALENDAR"))
        return error_set(s->err, ST_SYNTAX, "not a calendar object: BEGIN:VCALENDAR was expected");
    if (s->depth == ICAL_READ_DEPTH)
        return error_set(s->err, ST_TOO_LARGE, "more than %d components inside each other", ICAL_READ_DEPTH);
    s->open[s->depth++] = name;
    if (ical_kept_depth(s))
        buf_text(&s->out, s->depth == 1 ? "BEGIN:VCALENDAR\r\n" : "BEGIN:VEVENT\r\n");
    return ST_OK;
}

static enum status ical_select_end(struct ical_selection *s, struct span name)
{
    struct span open = s->depth > 0 ? s->open[s->depth - 1] : (struct span){0};

    if (s->depth == 0 || open.size != name.size || strncasecmp(open.data, name.data, name.size) != 0)
        return error_set(s->err, ST_SYNTAX, "an END that ends nothing");
    if (ical_kept_depth(s))
        buf_text(&s->out, s->depth == 1 ? "END:VCALENDAR\r\n" : "END:VEVENT\r\n");
    s->depth--;
    s->done = s->depth == 0;
    return ST_OK;
}

static enum status ical_select_line(struct ical_selection *s, struct span line)
{
    struct span name = ical_line_name(line);

    if (ical_word_is(name, "BEGIN"))
        return ical_select_begin(s, ical_line_component(line, name));
    if (ical_word_is(name, "END"))
        return ical_select_end(s, ical_line_component(line, name));
    if (!ical_kept_depth(s))
        return ST_OK;
    if (ical_word_in(name, s->depth == 1 ? calendar_properties : event_properties))
        ical_keep(s, line);
    else if (s->depth == 2 && ical_word_in(name, recurrence_properties))
        ical_keep(s, SPAN_TEXT("X-RECURRING:1"));
    return ST_OK;
}

/* Joins folded lines in place; a line ends with CRLF, LF or CR. Counts physical lines. */
static size_t ical_unfold(char *text, size_t size, size_t *ret_lines)
{
    size_t to = 0, lines = 0;

    for (size_t from = 0; from < size;) {
        char c = text[from++];
        if (c != '\r' && c != '\n') {
            text[to++] = c;
            continue;
        }
        if (c == '\r' && from < size && text[from] == '\n')
            from++;
        lines++;
        if (from < size && (text[from] == ' ' || text[from] == '\t'))
            from++;
        else
            text[to++] = '\n';
    }
    *ret_lines = lines + 1;
    return to;
}

static enum status ical_select_lines(struct ical_selection *s, const char *text, size_t size)
{
    const char *end = text + size;
    enum status status = ST_OK;

    while (status == ST_OK && !s->done && text < end) {
        const char *next = memchr(text, '\n', (size_t)(end - text));
        const char *stop = next != NULL ? next : end;
        struct span line = {.data = text, .size = (size_t)(stop - text)};
        if (line.size > 0)
            status = ical_select_line(s, line);
        text = stop < end ? stop + 1 : end;
    }
    if (status == ST_OK && !s->done)
        return error_set(s->err, ST_SYNTAX, "not a calendar object: END:VCALENDAR was expected");
    return status;
}

/* A copy as UTF-8, without byte order mark. */
static char *ical_decode(struct arena *arena, const char *bytes, size_t *size)
{
    if (*size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        *size -= 3;
    }
    if (!utf8_valid(bytes, *size))
        return text_from_windows1252(arena, bytes, *size, size);
    return arena_strndup(arena, bytes, *size);
}

enum status ical_select(
    struct arena *arena, const char *bytes, size_t size, const char **ret, struct error *err)
{
    struct ical_selection s = {.err = err};
    size_t lines = 0;

    if (size > ICAL_READ_MAX)
        return error_set(err, ST_TOO_LARGE, "a calendar object of more than %d bytes", ICAL_READ_MAX);
    if (size == 0 || memchr(bytes, '\0', size) != NULL)
        return error_set(err, ST_SYNTAX, "not a calendar object: empty or binary");
    char *text = ical_decode(arena, bytes, &size);
    size = ical_unfold(text, size, &lines);
    if (lines > ICAL_READ_LINES)
        return error_set(err, ST_TOO_LARGE, "a calendar object of more than %d lines", ICAL_READ_LINES);
    buf_init(&s.out, 0);
    enum status status = ical_select_lines(&s, text, size);
    if (status == ST_OK)
        *ret = arena_strndup(arena, s.out.data, s.out.size);
    buf_free(&s.out);
    return status;
}
