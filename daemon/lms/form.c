/*
 * application/x-www-form-urlencoded (WHATWG URL, 5.1) as a JSON object: each name once, a name given several
 * times with a list of its values. Pure, any thread.
 */
#include "read.h"

#include <string.h>

enum { FORM_FIELDS_MAX = 1000 };

struct form_field {
    char *name, *value;
    size_t next; /* index + 1 of the next field of that name, 0: none */
    bool later;  /* another field of that name came before */
};

static int form_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes `size` bytes; what is no escape stays as it is. A zero byte would end the text: it becomes a blank.
 */
static char *form_decode(struct arena *arena, const char *text, size_t size)
{
    char *out = arena_alloc(arena, size + 1);
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%' && i + 2 < size && form_digit(text[i + 1]) >= 0 && form_digit(text[i + 2]) >= 0) {
            c = (char)(form_digit(text[i + 1]) * 16 + form_digit(text[i + 2]));
            i += 2;
        }
        out[used++] = c ? c : ' ';
    }
    return out;
}

static size_t form_until(struct span text, char c)
{
    const char *found = text.size ? memchr(text.data, c, text.size) : NULL;
    return found ? (size_t)(found - text.data) : text.size;
}

static struct form_field form_field(struct arena *arena, struct span field)
{
    size_t name = form_until(field, '=');
    size_t value = name < field.size ? name + 1 : name;
    return (struct form_field){.name = form_decode(arena, field.data, name),
        .value = form_decode(arena, field.data + value, field.size - value)};
}

static size_t form_split(struct arena *arena, struct span body, struct form_field *fields)
{
    size_t count = 0;
    for (size_t at = 0; at < body.size;) {
        struct span rest = {body.data + at, body.size - at};
        size_t size = form_until(rest, '&');
        at += size + 1;
        if (!size)
            continue;
        if (count == FORM_FIELDS_MAX)
            return FORM_FIELDS_MAX + 1;
        fields[count++] = form_field(arena, (struct span){rest.data, size});
    }
    return count;
}

static void form_chain(struct form_field *fields, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j-- > 0;)
            if (!strcmp(fields[i].name, fields[j].name)) {
                fields[j].next = i + 1;
                fields[i].later = true;
                break;
            }
}

bool form_to_json(struct arena *arena, struct span body, struct buf *out)
{
    struct form_field *fields = ARENA_ARRAY(arena, FORM_FIELDS_MAX, struct form_field);
    size_t count = form_split(arena, body, fields);
    if (count > FORM_FIELDS_MAX)
        return false;
    form_chain(fields, count);
    struct json_writer w = json_writer(out);
    jw_open(&w, '{');
    for (size_t i = 0; i < count; i++) {
        if (fields[i].later)
            continue;
        jw_key(&w, fields[i].name);
        if (!fields[i].next) {
            jw_text(&w, fields[i].value);
            continue;
        }
        jw_open(&w, '[');
        jw_text(&w, fields[i].value);
        for (size_t at = fields[i].next; at; at = fields[at - 1].next)
            jw_text(&w, fields[at - 1].value);
        jw_close(&w, ']');
    }
    jw_close(&w, '}');
    return !out->failed;
}
