/*
 * Looking into JSON values: types, members, RFC 6901 pointers, equality. Values are immutable, so any thread
 * that may use the arena may look.
 */
#include "base/json.h"

#include "json_tree.h"

#include <string.h>

static const struct json json_nothing = {.type = JSON_NULL};

enum json_type json_type(const struct json *value)
{
    return value ? value->type : JSON_NULL;
}

const char *json_text(const struct json *value)
{
    return json_type(value) == JSON_TEXT ? value->as.text : NULL;
}

int64_t json_int(const struct json *value)
{
    return json_type(value) == JSON_INT ? value->as.integer : 0;
}

double json_real(const struct json *value)
{
    if (json_type(value) == JSON_INT)
        return (double)value->as.integer;
    return json_type(value) == JSON_REAL ? value->as.real : 0;
}

size_t json_count(const struct json *value)
{
    enum json_type type = json_type(value);
    return type == JSON_ARRAY || type == JSON_OBJECT ? value->count : 0;
}

const struct json *json_at(const struct json *array, size_t index)
{
    return json_type(array) == JSON_ARRAY && index < array->count ? &array->as.items[index] : NULL;
}

/* Where UTF-16 and UTF-8 disagree: a character past U+FFFF starts with a surrogate (D800-DBFF) in the one, so
 * it precedes U+E000-U+FFFF, and with a byte of F0 or more in the other. */
int json_key_compare(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    unsigned char left = (unsigned char)*a;
    unsigned char right = (unsigned char)*b;
    if (left >= 0xEE && right >= 0xEE && (left >= 0xF0) != (right >= 0xF0))
        return left >= 0xF0 ? -1 : 1;
    return (left > right) - (left < right);
}

const struct json *json_get(const struct json *object, const char *key)
{
    size_t low = 0;
    size_t high = json_type(object) == JSON_OBJECT ? object->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct json_member *member = &object->as.object.members[object->as.object.order[middle]];
        int difference = json_key_compare(key, member->key);
        if (difference == 0)
            return &member->value;
        if (difference < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

enum status json_each(const struct json *object,
    enum status (*each)(void *context, const char *key, const struct json *value), void *context)
{
    size_t count = json_type(object) == JSON_OBJECT ? object->count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct json_member *member = &object->as.object.members[i];
        enum status status = each(context, member->key, &member->value);
        if (status != ST_OK)
            return status;
    }
    return ST_OK;
}

bool json_pointer_valid(const char *pointer)
{
    if (*pointer != '\0' && *pointer != '/')
        return false;
    for (; *pointer != '\0'; pointer++) {
        if (*pointer == '~' && pointer[1] != '0' && pointer[1] != '1')
            return false;
    }
    return true;
}

/* Whether `key` is what the reference token of `size` bytes stands for. */
static bool json_token_is(const char *token, size_t size, const char *key)
{
    for (size_t i = 0; i < size; i++, key++) {
        char c = token[i];
        if (c == '~')
            c = i + 1 < size && token[++i] == '1' ? '/' : '~';
        if (c != *key)
            return false;
    }
    return *key == '\0';
}

static const struct json *json_token_member(const struct json *object, const char *token, size_t size)
{
    for (size_t i = 0; i < object->count; i++) {
        const struct json_member *member = &object->as.object.members[i];
        if (json_token_is(token, size, member->key))
            return &member->value;
    }
    return NULL;
}

static const struct json *json_token_element(const struct json *array, const char *token, size_t size)
{
    if (size == 0 || size > 9 || (size > 1 && token[0] == '0'))
        return NULL;
    size_t index = 0;
    for (size_t i = 0; i < size; i++) {
        if (token[i] < '0' || token[i] > '9')
            return NULL;
        index = index * 10 + (size_t)(token[i] - '0');
    }
    return json_at(array, index);
}

const struct json *json_pointer(const struct json *value, const char *pointer)
{
    if (!json_pointer_valid(pointer))
        return NULL;
    while (value && *pointer == '/') {
        const char *token = pointer + 1;
        size_t size = strcspn(token, "/");
        pointer = token + size;
        if (value->type == JSON_OBJECT)
            value = json_token_member(value, token, size);
        else if (value->type == JSON_ARRAY)
            value = json_token_element(value, token, size);
        else
            value = NULL;
    }
    return value;
}

static bool json_objects_equal(const struct json *a, const struct json *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct json_member *left = &a->as.object.members[a->as.object.order[i]];
        const struct json_member *right = &b->as.object.members[b->as.object.order[i]];
        if (strcmp(left->key, right->key) != 0 || !json_equal(&left->value, &right->value))
            return false;
    }
    return true;
}

static bool json_arrays_equal(const struct json *a, const struct json *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!json_equal(&a->as.items[i], &b->as.items[i]))
            return false;
    }
    return true;
}

static bool json_is_number(const struct json *value)
{
    return value->type == JSON_INT || value->type == JSON_REAL;
}

bool json_equal(const struct json *a, const struct json *b)
{
    a = a ? a : &json_nothing;
    b = b ? b : &json_nothing;
    if (a->type != b->type)
        return json_is_number(a) && json_is_number(b) && json_real(a) == json_real(b);
    switch (a->type) {
    case JSON_INT:
        return a->as.integer == b->as.integer;
    case JSON_REAL:
        return a->as.real == b->as.real;
    case JSON_TEXT:
        return strcmp(a->as.text, b->as.text) == 0;
    case JSON_ARRAY:
        return a->count == b->count && json_arrays_equal(a, b);
    case JSON_OBJECT:
        return a->count == b->count && json_objects_equal(a, b);
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        break;
    }
    return true;
}
