/*
 * Finds the bytes of a value inside JSON text. The text has been accepted by json_parse, so this only has to
 * skip; it still never reads past the end, whatever it is given. Pure, any thread.
 */
#include "read.h"

#include <stdlib.h>
#include <string.h>

static bool slice_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span slice_trim(struct span text)
{
    while (text.size && slice_blank(text.data[0]))
        text = (struct span){text.data + 1, text.size - 1};
    while (text.size && slice_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

struct span slice_without_mark(struct span text)
{
    bool marked = text.size >= 3 && !memcmp(text.data, "\xEF\xBB\xBF", 3);
    return marked ? (struct span){text.data + 3, text.size - 3} : text;
}

static size_t slice_string(struct span text)
{
    for (size_t i = 1; i < text.size; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (text.data[i] == '"')
            return i + 1;
    }
    return text.size;
}

static size_t slice_container(struct span text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (--depth == 0)
                return i + 1;
            break;
        case '"':
            i += slice_string((struct span){text.data + i, text.size - i}) - 1;
            break;
        default:
            break;
        }
    }
    return text.size;
}

/* Length of the value at the start of the text. */
static size_t slice_value(struct span text)
{
    if (!text.size)
        return 0;
    if (text.data[0] == '"')
        return slice_string(text);
    if (text.data[0] == '{' || text.data[0] == '[')
        return slice_container(text);
    size_t i = 0;
    while (i < text.size && !slice_blank(text.data[i]) && text.data[i] != ',' && text.data[i] != '}' &&
           text.data[i] != ']')
        i++;
    return i;
}

static void slice_skip(struct span *text, size_t size)
{
    size = size < text->size ? size : text->size;
    *text = (struct span){text->data + size, text->size - size};
}

static void slice_skip_until_value(struct span *text)
{
    while (text->size && (slice_blank(text->data[0]) || text->data[0] == ',' || text->data[0] == ':'))
        slice_skip(text, 1);
}

struct slice_cursor slice_open(struct span container)
{
    container = slice_trim(container);
    struct slice_cursor cursor = {.rest = container, .object = container.size && container.data[0] == '{'};
    slice_skip(&cursor.rest, 1);
    return cursor;
}

bool slice_next(struct slice_cursor *cursor, struct span *ret)
{
    slice_skip_until_value(&cursor->rest);
    if (cursor->object && cursor->rest.size && cursor->rest.data[0] == '"') {
        slice_skip(&cursor->rest, slice_string(cursor->rest));
        slice_skip_until_value(&cursor->rest);
    }
    size_t size = slice_value(cursor->rest);
    if (!size || cursor->rest.data[0] == '}' || cursor->rest.data[0] == ']')
        return false;
    *ret = (struct span){cursor->rest.data, size};
    slice_skip(&cursor->rest, size);
    return true;
}

struct slice_search {
    const char *key;
    size_t ordinal;
};

static enum status slice_is_key(void *context, const char *key, const struct json *value)
{
    struct slice_search *search = context;
    (void)value;
    if (!strcmp(key, search->key))
        return ST_CONFLICT; /* found: stops the walk */
    search->ordinal++;
    return ST_OK;
}

/* The token of a pointer without its escapes; `end` is where the next one starts. */
static bool slice_token(const char *pointer, char *out, size_t size, const char **ret_end)
{
    size_t used = 0;
    const char *at = pointer + 1;
    for (; *at && *at != '/'; at++) {
        if (used + 1 >= size)
            return false;
        char c = *at;
        if (c == '~' && at[1] == '1')
            c = '/';
        if (*at == '~' && at[1])
            at++;
        out[used++] = c;
    }
    out[used] = '\0';
    *ret_end = at;
    return true;
}

bool slice_pointer(const struct json *root, struct span text, const char *pointer, struct span *ret)
{
    text = slice_trim(text);
    while (*pointer) {
        char token[256];
        if (!slice_token(pointer, token, sizeof token, &pointer))
            return false;
        struct slice_search search = {.key = token};
        if (json_type(root) == JSON_ARRAY) {
            search.ordinal = strtoul(token, NULL, 10);
            root = json_at(root, search.ordinal);
        } else {
            const struct json *inner = json_get(root, token);
            if (inner)
                (void)json_each(root, slice_is_key, &search);
            root = inner;
        }
        struct slice_cursor cursor = slice_open(text);
        bool there = root != NULL;
        for (size_t i = 0; there && i <= search.ordinal; i++)
            there = slice_next(&cursor, &text);
        if (!there)
            return false;
    }
    *ret = text;
    return true;
}
