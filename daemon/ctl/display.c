/*
 * Widths, escapes and line breaks of text from strangers. The locale is set for the thread alone: nothing else
 * of the C library speaks it.
 */
#include "display.h"

#include "base/text.h"

#include <locale.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#define ELLIPSIS    "\xe2\x80\xa6"
#define REPLACEMENT "\xef\xbf\xbd"

void display_begin(void)
{
    static locale_t utf8;
    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (utf8)
        (void)uselocale(utf8);
}

/* The length of the character at `text`, 0 when its bytes are not UTF-8. */
static size_t display_decode(const char *text, size_t size, uint32_t *ret)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    if (length > size || (length > 1 && !utf8_valid(text, length)))
        return 0;
    uint32_t point = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++)
        point = (point << 6) | (bytes[i] & 0x3Fu);
    *ret = point;
    return length;
}

/* What reorders, joins or hides the text around it, or ends a line for some programs. */
static bool display_is_treacherous(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x7F, 0x9F}, {0xAD, 0xAD}, {0x061C, 0x061C}, {0x200B, 0x200B}, {0x200E, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF}};
    if (point < 0x20)
        return true;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static void display_add_escape(struct buf *out, uint32_t point)
{
    if (point == '\n')
        buf_text(out, "\\n");
    else if (point == '\t')
        buf_text(out, "\\t");
    else if (point == '\r')
        buf_text(out, "\\r");
    else
        buf_printf(out, point > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)point);
}

static void display_add(struct buf *out, const char *text, size_t size, const char *kept, bool reversible)
{
    while (size > 0) {
        uint32_t point = 0;
        size_t length = display_decode(text, size, &point);
        if (length == 0)
            buf_text(out, REPLACEMENT);
        else if (reversible && point == '\\')
            buf_text(out, "\\\\");
        else if (display_is_treacherous(point) && (point == 0 || point > 0x7E || !strchr(kept, (int)point)))
            display_add_escape(out, point);
        else
            buf_add(out, text, length);
        text += length ? length : 1;
        size -= length ? length : 1;
    }
}

char *display_escape(struct arena *arena, const char *text, bool reversible)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    display_add(&out, text, strlen(text), "", reversible);
    return arena_strndup(arena, out.data, out.size);
}

void display_escape_lines(struct buf *out, const char *text, size_t size)
{
    display_add(out, text, size, "\n\t", false);
}

static size_t display_point_width(uint32_t point)
{
    int width = wcwidth((wchar_t)point);
    return width >= 0 ? (size_t)width : 1;
}

size_t display_fit(const char *text, size_t columns, size_t *ret_width)
{
    size_t at = 0;
    size_t width = 0;
    size_t size = strlen(text);
    while (at < size) {
        uint32_t point = 0;
        size_t length = display_decode(text + at, size - at, &point);
        size_t wide = length ? display_point_width(point) : 1;
        if (width + wide > columns)
            break;
        width += wide;
        at += length ? length : 1;
    }
    *ret_width = width;
    return at;
}

size_t display_width(const char *text)
{
    size_t width = 0;
    (void)display_fit(text, SIZE_MAX, &width);
    return width;
}

size_t display_cut(struct buf *out, const char *text, size_t columns)
{
    size_t width = 0;
    if (columns == 0)
        return 0;
    size_t fits = display_fit(text, columns, &width);
    bool cut = text[fits] != '\0';
    if (cut)
        fits = display_fit(text, columns - 1, &width);
    buf_add(out, text, fits);
    if (cut)
        buf_text(out, ELLIPSIS);
    return width + cut;
}

void display_pad(struct buf *out, size_t count)
{
    while (count-- > 0)
        buf_char(out, ' ');
}

/* How many bytes of the line come before the break: up to the last blank that fits, else as many as fit. */
static size_t display_break(const char *text, size_t columns)
{
    size_t width = 0;
    size_t fits = display_fit(text, columns, &width);
    if (text[fits] == '\0')
        return fits;
    size_t at = fits;
    while (at > 0 && text[at] != ' ')
        at--;
    if (at == 0)
        at = fits > 0 ? fits : strlen(text);
    return at;
}

void display_wrap(struct buf *out, const char *text, size_t indent, size_t columns)
{
    size_t room = columns > indent + 10 ? columns - indent : columns > 0 ? 10 : SIZE_MAX;
    do {
        size_t length = display_break(text, room);
        display_pad(out, indent);
        buf_add(out, text, length);
        buf_char(out, '\n');
        text += length;
        text += strspn(text, " ");
    } while (*text);
}
