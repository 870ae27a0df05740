/*
 * Reads JSON text. A scan that allocates nothing refuses what is too deep or has too many values, jansson
 * parses, and its tree is copied into the arena: what callers hold is plain memory of their arena. Any thread.
 */
/* jansson's names that base/json.h uses for its own */
#define json_type   jansson_type
#define json_real   jansson_real
#define json_equal  jansson_equal
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY  JANSSON_ARRAY
#define JSON_REAL   JANSSON_REAL
#define JSON_TRUE   JANSSON_TRUE
#define JSON_FALSE  JANSSON_FALSE
#define JSON_NULL   JANSSON_NULL
#include <jansson.h>
#undef json_type
#undef json_real
#undef json_equal
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_REAL
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

#include "json_tree.h"

#include <stdlib.h>
#include <string.h>

enum { JSON_DEPTH_MAX = 32, JSON_VALUES_MAX = 200000 };

struct json_scan {
    const char *text;
    size_t size;
    size_t at;
    int depth;
    int64_t values; /* keys excepted */
};

static enum status json_scan_refuse(const struct json_scan *scan, const char *why, struct error *err)
{
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i < scan->at; i++) {
        if (scan->text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)scan->text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    return error_set(err, ST_SYNTAX, "line %zu, column %zu: %s", line, column, why);
}

/* From an opening quote to the closing one, or to the end of the text. */
static void json_scan_string(struct json_scan *scan)
{
    for (scan->at++; scan->at < scan->size && scan->text[scan->at] != '"'; scan->at++) {
        if (scan->text[scan->at] == '\\')
            scan->at++;
    }
}

/* Up to the last character of a number or word. */
static void json_scan_word(struct json_scan *scan)
{
    while (scan->at + 1 < scan->size && !memchr(" \t\r\n,:[]{}\"", scan->text[scan->at + 1], 11))
        scan->at++;
}

static void json_scan_token(struct json_scan *scan)
{
    switch (scan->text[scan->at]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case ',':
        break;
    case ':': /* the string before it was a key */
        scan->values--;
        break;
    case '[':
    case '{':
        scan->depth++;
        scan->values++;
        break;
    case ']':
    case '}':
        scan->depth--;
        break;
    case '"':
        scan->values++;
        json_scan_string(scan);
        break;
    default:
        scan->values++;
        json_scan_word(scan);
    }
}

static enum status json_scan_ceilings(const char *text, size_t size, struct error *err)
{
    struct json_scan scan = {.text = text, .size = size};
    const char *nul = memchr(text, '\0', size);
    if (nul) { /* jansson skips one after a number */
        scan.at = (size_t)(nul - text);
        return json_scan_refuse(&scan, "a byte 0 is not JSON", err);
    }
    for (; scan.at < size; scan.at++) {
        json_scan_token(&scan);
        if (scan.depth > JSON_DEPTH_MAX)
            return json_scan_refuse(&scan, "nested more than 32 levels deep", err);
        if (scan.values > JSON_VALUES_MAX)
            return json_scan_refuse(&scan, "more than 200000 values", err);
    }
    return ST_OK;
}

static const char *json_parse_sentence(enum json_error_code code)
{
    static const struct {
        enum json_error_code code;
        const char *sentence;
    } rows[] = {
        {json_error_premature_end_of_input, "the text ends in the middle of a value"},
        {json_error_end_of_input_expected, "something follows the value"},
        {json_error_invalid_utf8, "not valid UTF-8"},
        {json_error_null_character, "U+0000 is not accepted in a string"},
        {json_error_null_byte_in_key, "U+0000 is not accepted in a key"},
        {json_error_duplicate_key, "the same key stands twice in one object"},
        {json_error_numeric_overflow, "number out of range (integers have at most 64 bits with sign)"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code == code)
            return rows[i].sentence;
    }
    return "not JSON";
}

static int json_order_compare(const void *a, const void *b, void *members)
{
    const struct json_member *all = members;
    return json_key_compare(all[*(const uint32_t *)a].key, all[*(const uint32_t *)b].key);
}

static void json_adopt(struct arena *arena, json_t *from, struct json *to);

static void json_adopt_object(struct arena *arena, json_t *from, struct json *to)
{
    size_t count = json_object_size(from);
    struct json_member *members = ARENA_ARRAY(arena, count, struct json_member);
    uint32_t *order = ARENA_ARRAY(arena, count, uint32_t);
    uint32_t i = 0;
    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
        members[i].key = arena_strdup(arena, json_object_iter_key(at));
        json_adopt(arena, json_object_iter_value(at), &members[i].value);
        order[i] = i;
        i++;
    }
    qsort_r(order, count, sizeof(order[0]), json_order_compare, members);
    to->type = JSON_OBJECT;
    to->count = i;
    to->as.object.members = members;
    to->as.object.order = order;
}

static void json_adopt_array(struct arena *arena, json_t *from, struct json *to)
{
    size_t count = json_array_size(from);
    to->type = JSON_ARRAY;
    to->count = (uint32_t)count;
    to->as.items = ARENA_ARRAY(arena, count, struct json);
    for (size_t i = 0; i < count; i++)
        json_adopt(arena, json_array_get(from, i), &to->as.items[i]);
}

static void json_adopt(struct arena *arena, json_t *from, struct json *to)
{
    switch (json_typeof(from)) {
    case JANSSON_OBJECT:
        json_adopt_object(arena, from, to);
        break;
    case JANSSON_ARRAY:
        json_adopt_array(arena, from, to);
        break;
    case JSON_STRING:
        to->type = JSON_TEXT;
        to->as.text = arena_strndup(arena, json_string_value(from), json_string_length(from));
        break;
    case JSON_INTEGER:
        to->type = JSON_INT;
        to->as.integer = json_integer_value(from);
        break;
    case JANSSON_REAL:
        to->type = JSON_REAL;
        to->as.real = json_real_value(from);
        break;
    case JANSSON_TRUE:
        to->type = JSON_TRUE;
        break;
    case JANSSON_FALSE:
        to->type = JSON_FALSE;
        break;
    case JANSSON_NULL:
        to->type = JSON_NULL;
        break;
    }
}

enum status json_parse(
    struct arena *arena, const char *text, size_t size, const struct json **ret, struct error *err)
{
    if (size == 0)
        return error_set(err, ST_SYNTAX, "line 1, column 1: JSON expected, but there is nothing");
    enum status status = json_scan_ceilings(text, size, err);
    if (status != ST_OK)
        return status;
    json_error_t why;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!root) {
        const char *sentence = json_parse_sentence(json_error_code(&why));
        return error_set(err, ST_SYNTAX, "line %d, column %d: %s", why.line, why.column, sentence);
    }
    struct json *value = ARENA_NEW(arena, struct json);
    json_adopt(arena, root, value);
    json_decref(root);
    *ret = value;
    return ST_OK;
}
