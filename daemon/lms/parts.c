/*
 * Splits multipart/mixed at its boundaries. A library for mail would read what is inside of a part, too; here a
 * part is bytes. Pure, any thread.
 */
#include "lms/parts.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { BOUNDARY_MAX = 70 };

/* ---- fields */

static char *part_lower(struct arena *arena, const char *text, size_t size)
{
    char *out = arena_strndup(arena, text, size);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    return out;
}

static size_t media_size(const char *field)
{
    return strcspn(field, "; \t");
}

bool lms_media_same(const char *a, const char *b)
{
    size_t size = media_size(a);
    return size == media_size(b) && !strncasecmp(a, b, size);
}

/* A parameter's value: a token, or a quoted string. The rest of the field. */
static const char *parameter_value(const char *at, char *out, size_t size)
{
    bool quoted = *at == '"';
    size_t used = 0;
    for (at += quoted; *at && (quoted ? *at != '"' : !strchr("; \t", *at)); at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        if (used + 1 < size)
            out[used++] = *at;
        else
            size = 0; /* too long: none at all */
    }
    out[size ? used : 0] = '\0';
    return at + (quoted && *at == '"');
}

/* Whether `out` holds a boundary of 1 to 70 characters afterwards. */
static bool boundary_read(const char *field, char out[static BOUNDARY_MAX + 1])
{
    out[0] = '\0';
    field += media_size(field);
    while (*field) {
        field += strspn(field, "; \t");
        size_t name = strcspn(field, "=;");
        bool wanted = name == 8 && !strncasecmp(field, "boundary", 8);
        char other[BOUNDARY_MAX + 1];
        field += name;
        if (*field == '=')
            field = parameter_value(field + 1, wanted ? out : other, BOUNDARY_MAX + 1);
        if (wanted)
            break;
    }
    return out[0] && out[strlen(out) - 1] != ' ' && !text_has_controls(out, false);
}

/* ---- lines */

struct part_cursor {
    const char *at, *end;
    const char *boundary;
    size_t boundary_size;
};

/* The line at the cursor without its end, which the cursor then is behind. */
static struct span part_line(struct part_cursor *cursor)
{
    const char *feed = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));
    struct span line = {cursor->at, (size_t)((feed ? feed : cursor->end) - cursor->at)};
    cursor->at = feed ? feed + 1 : cursor->end;
    if (feed && line.size && line.data[line.size - 1] == '\r')
        line.size--;
    return line;
}

static bool part_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool part_delimits(const struct part_cursor *cursor, struct span line, bool *ret_last)
{
    size_t size = cursor->boundary_size + 2;
    if (line.size < size || memcmp(line.data, "--", 2) != 0 ||
        memcmp(line.data + 2, cursor->boundary, size - 2) != 0)
        return false;
    *ret_last = line.size >= size + 2 && !memcmp(line.data + size, "--", 2);
    for (size_t i = size + (*ret_last ? 2 : 0); i < line.size; i++)
        if (!part_blank(line.data[i]))
            return false;
    return true;
}

/* Up to the next boundary, whose line break is its own. False: there is none. */
static bool part_content(struct part_cursor *cursor, struct span *ret, bool *ret_last)
{
    const char *start = cursor->at;
    while (cursor->at < cursor->end) {
        struct span line = part_line(cursor);
        if (!part_delimits(cursor, line, ret_last))
            continue;
        const char *end = line.data;
        if (end > start && end[-1] == '\n')
            end--;
        if (end > start && end[-1] == '\r')
            end--;
        *ret = (struct span){start, (size_t)(end - start)};
        return true;
    }
    return false;
}

/* ---- headers of parts */

/* NULL, or what is wrong with it. */
static const char *part_field(struct arena *arena, struct span line, struct lms_part *part)
{
    const char *colon = line.size ? memchr(line.data, ':', line.size) : NULL;
    if (!colon || colon == line.data || part_blank(line.data[0]))
        return "a header that is none";
    size_t name = (size_t)(colon - line.data);
    struct span value = {colon + 1, line.size - name - 1};
    while (value.size && part_blank(value.data[0]))
        value = (struct span){value.data + 1, value.size - 1};
    while (value.size && part_blank(value.data[value.size - 1]))
        value.size--;
    if (!utf8_valid(value.data, value.size))
        return "a header that is not UTF-8";
    char *text = arena_strndup(arena, value.data, value.size);
    if (text_has_controls(text, false))
        return "control characters in a header";
    if (name == 12 && !strncasecmp(line.data, "Content-Type", name))
        part->type = text;
    else if (name == 25 && !strncasecmp(line.data, "Content-Transfer-Encoding", name))
        part->encoding = part_lower(arena, value.data, value.size);
    else if (name == 21 && !strncasecmp(line.data, "X-Experience-API-Hash", name))
        part->hash = part_lower(arena, value.data, value.size);
    return NULL;
}

/* NULL, or what is wrong with it. */
static const char *part_header(struct arena *arena, struct part_cursor *cursor, struct lms_part *part)
{
    const char *start = cursor->at;
    *part = (struct lms_part){.type = "", .encoding = "", .hash = ""};
    while (cursor->at < cursor->end) {
        struct span line = part_line(cursor);
        if (!line.size)
            return NULL;
        if (cursor->at - start > LMS_PART_HEADER_MAX)
            return "too long a header";
        const char *wrong = part_field(arena, line, part);
        if (wrong)
            return wrong;
    }
    return "a header without an end";
}

enum status lms_parts_read(
    struct arena *arena, const char *content_type, struct span body, struct lms_parts *ret, struct error *err)
{
    char boundary[BOUNDARY_MAX + 1];
    if (!lms_media_same(content_type, "multipart/mixed") || !boundary_read(content_type, boundary))
        return error_set(err, ST_SYNTAX, "expected Content-Type: multipart/mixed with its boundary");
    struct part_cursor cursor = {body.data, body.data + body.size, boundary, strlen(boundary)};
    struct lms_part *items = ARENA_ARRAY(arena, LMS_PARTS_MAX, struct lms_part);
    struct span preamble;
    bool last = false;
    size_t count = 0;
    if (!body.size || !part_content(&cursor, &preamble, &last))
        return error_set(err, ST_SYNTAX, "the body holds no boundary %s", boundary);
    for (; !last; count++) {
        if (count == LMS_PARTS_MAX)
            return error_set(err, ST_SYNTAX, "the body has more than %d parts", LMS_PARTS_MAX);
        const char *wrong = part_header(arena, &cursor, &items[count]);
        if (wrong)
            return error_set(err, ST_SYNTAX, "part %zu of the body has %s", count + 1, wrong);
        if (!part_content(&cursor, &items[count].content, &last))
            return error_set(err, ST_SYNTAX, "the body ends before its last boundary");
    }
    *ret = (struct lms_parts){.items = items, .count = count};
    return count ? ST_OK : error_set(err, ST_SYNTAX, "the body has no parts");
}
