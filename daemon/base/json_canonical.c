/*
 * The two texts of a value that was read: as it was, and in the canonical form of RFC 8785, which hashes and
 * signatures are made of. Any thread that may look at the value.
 */
#include "base/json.h"
#include "json_tree.h"

#include <math.h>
#include <string.h>

enum json_form { JSON_AS_READ, JSON_CANONICAL };

static void json_put(struct json_writer *w, const struct json *value, enum json_form form);

static void json_put_object(struct json_writer *w, const struct json *object, enum json_form form)
{
    jw_open(w, '{');
    for (uint32_t i = 0; i < object->count; i++) {
        uint32_t index = form == JSON_CANONICAL ? object->as.object.order[i] : i;
        const struct json_member *member = &object->as.object.members[index];
        jw_key(w, member->key);
        json_put(w, &member->value, form);
    }
    jw_close(w, '}');
}

static void json_put_array(struct json_writer *w, const struct json *array, enum json_form form)
{
    jw_open(w, '[');
    for (uint32_t i = 0; i < array->count; i++)
        json_put(w, &array->as.items[i], form);
    jw_close(w, ']');
}

/* A real stays one when it is read again: 1.0 is not written as 1. */
static void json_put_real(struct json_writer *w, double value)
{
    char text[JSON_NUMBER_MAX + 4];
    size_t length = json_real_text(value, text);
    if (strspn(text, "-0123456789") == length)
        memcpy(text + length, ".0", sizeof(".0"));
    jw_raw(w, signbit(value) && value == 0 ? "-0.0" : text);
}

static void json_put(struct json_writer *w, const struct json *value, enum json_form form)
{
    switch (json_type(value)) {
    case JSON_NULL:
        jw_null(w);
        break;
    case JSON_FALSE:
    case JSON_TRUE:
        jw_bool(w, value->type == JSON_TRUE);
        break;
    case JSON_INT:
        if (form == JSON_CANONICAL)
            jw_real(w, json_real(value));
        else
            jw_int(w, value->as.integer);
        break;
    case JSON_REAL:
        if (form == JSON_CANONICAL)
            jw_real(w, value->as.real);
        else
            json_put_real(w, value->as.real);
        break;
    case JSON_TEXT:
        jw_text(w, value->as.text);
        break;
    case JSON_ARRAY:
        json_put_array(w, value, form);
        break;
    case JSON_OBJECT:
        json_put_object(w, value, form);
        break;
    }
}

void jw_value(struct json_writer *w, const struct json *value)
{
    json_put(w, value, JSON_AS_READ);
}

void json_write(struct buf *out, const struct json *value)
{
    struct json_writer w = json_writer(out);
    json_put(&w, value, JSON_AS_READ);
}

void json_canonical(struct buf *out, const struct json *value)
{
    struct json_writer w = json_writer(out);
    json_put(&w, value, JSON_CANONICAL);
}
