/*
 * Writes JSON text into a buffer: commas, escapes, and the two serialisations of a value that was read.
 * Failures stick in the buffer. One thread at a time, the buffer's owner.
 */
#include "base/date.h"
#include "base/json.h"
#include "json_tree.h"
#include "utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct json_writer json_writer(struct buf *out)
{
    return (struct json_writer){.out = out};
}

/* What goes before a key or value. */
static void jw_begin(struct json_writer *w)
{
    if (w->comma && !w->after_key)
        buf_char(w->out, ',');
    w->after_key = false;
    w->comma = true;
}

void jw_open(struct json_writer *w, char bracket)
{
    jw_begin(w);
    buf_char(w->out, bracket);
    w->comma = false;
}

void jw_close(struct json_writer *w, char bracket)
{
    buf_char(w->out, bracket);
    w->comma = true;
    w->after_key = false;
}

/* The escapes RFC 8785 asks for, which are the shortest ones. */
static void json_escape(struct buf *out, unsigned char c)
{
    static const char letters[] = "\b\t\n\f\r\"\\";
    static const char escapes[] = "btnfr\"\\";
    const char *found = c == '\0' ? NULL : strchr(letters, c);
    if (found) {
        char pair[2] = {'\\', escapes[found - letters]};
        buf_add(out, pair, sizeof(pair));
    } else if (c < 0x20) {
        buf_printf(out, "\\u%04x", c);
    } else {
        buf_text(out, "\xEF\xBF\xBD"); /* U+FFFD for a stray byte */
    }
}

/* How many bytes stand for themselves, one each. */
static size_t json_plain(const char *text, size_t size)
{
    size_t at = 0;
    for (; at < size; at++) {
        unsigned char c = (unsigned char)text[at];
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
            break;
    }
    return at;
}

static void json_quote(struct buf *out, const char *text, size_t size)
{
    size_t done = 0;
    size_t at = 0;
    buf_char(out, '"');
    while ((at += json_plain(text + at, size - at)) < size) {
        unsigned char c = (unsigned char)text[at];
        uint32_t point = 0;
        size_t length = c < 0x80 ? 0 : utf8_decode(text + at, size - at, &point);
        if (length == 0) {
            buf_add(out, text + done, at - done);
            json_escape(out, c);
            done = at + 1;
        }
        at += length > 0 ? length : 1;
    }
    buf_add(out, text + done, size - done);
    buf_char(out, '"');
}

void jw_key(struct json_writer *w, const char *key)
{
    jw_begin(w);
    json_quote(w->out, key, strlen(key));
    buf_char(w->out, ':');
    w->after_key = true;
}

void jw_raw(struct json_writer *w, const char *json)
{
    jw_begin(w);
    buf_text(w->out, json);
}

void jw_null(struct json_writer *w)
{
    jw_raw(w, "null");
}

void jw_bool(struct json_writer *w, bool value)
{
    jw_raw(w, value ? "true" : "false");
}

void jw_text_n(struct json_writer *w, const char *text, size_t size)
{
    jw_begin(w);
    json_quote(w->out, text, size);
}

void jw_text(struct json_writer *w, const char *text)
{
    if (text)
        jw_text_n(w, text, strlen(text));
    else
        jw_null(w);
}

void jw_int(struct json_writer *w, int64_t value)
{
    jw_begin(w);
    buf_printf(w->out, "%" PRId64, value);
}

void jw_real(struct json_writer *w, double value)
{
    char text[JSON_NUMBER_MAX] = "null";
    if (isfinite(value))
        (void)json_real_text(value, text);
    jw_raw(w, text);
}

void jw_date(struct json_writer *w, int32_t date)
{
    char text[DATE_TEXT_MAX];
    jw_text(w, date == DATE_NONE ? NULL : date_text(date, text));
}

void jw_instant(struct json_writer *w, int64_t instant)
{
    char text[INSTANT_TEXT_MAX];
    jw_text(w, instant == INSTANT_NONE ? NULL : instant_text(instant, text));
}

void jw_member(struct json_writer *w, const char *key, const char *text)
{
    jw_key(w, key);
    jw_text(w, text);
}

void jw_member_int(struct json_writer *w, const char *key, int64_t value)
{
    jw_key(w, key);
    jw_int(w, value);
}

void jw_member_bool(struct json_writer *w, const char *key, bool value)
{
    jw_key(w, key);
    jw_bool(w, value);
}

void jw_member_date(struct json_writer *w, const char *key, int32_t date)
{
    jw_key(w, key);
    jw_date(w, date);
}

void jw_member_instant(struct json_writer *w, const char *key, int64_t instant)
{
    jw_key(w, key);
    jw_instant(w, instant);
}
