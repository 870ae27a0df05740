/*
 * Reads JSON into structs by their field tables and reports everything that is wrong at once. Any thread; one
 * at a time per arena.
 */
#include "base/text.h"
#include "field_internal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* After so many complaints the input is not read further: somebody is playing. */
enum { FIELD_WRONG_MAX = 1000 };

bool field_accepted(const struct field *field, enum field_mode mode)
{
    if (mode == FIELD_MODE_STORED)
        return true;
    return !(field->flags & FIELD_READ) && (mode == FIELD_MODE_CREATE || !(field->flags & FIELD_CREATE));
}

struct field_object {
    struct field_reader *reader;
    const struct field_table *table;
    const struct field_path *path;
    enum field_mode mode;
    void *out;
    struct given given;
};

static void field_read_value(struct field_reader *reader, const struct field *field,
    const struct field_path *path, const struct json *value, enum field_mode mode, void *place);

static void field_complain_unknown(const struct field_object *object, const struct field_path *path)
{
    char names[160] = "";
    size_t length = 0;
    for (size_t i = 0; i < object->table->count; i++) {
        const struct field *field = &object->table->fields[i];
        if (!field_accepted(field, object->mode))
            continue;
        const char *comma = length > 0 ? ", " : "";
        if (length + strlen(field->name) + sizeof(", , ...") > sizeof(names)) {
            (void)snprintf(names + length, sizeof(names) - length, "%s...", comma);
            break;
        }
        length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s", comma, field->name);
    }
    field_complain(object->reader, path, "unknown field; expected one of: %s", names);
}

/* NULL when the field may stand in this input. */
static const char *field_refusal(const struct field *field, enum field_mode mode, const struct json *value)
{
    if (mode != FIELD_MODE_STORED && (field->flags & FIELD_READ))
        return "is computed and cannot be given; leave it out";
    if (!field_accepted(field, mode))
        return "can only be given when creating; leave it out";
    if ((field->flags & FIELD_REQUIRED) && json_type(value) == JSON_NULL)
        return mode == FIELD_MODE_PATCH ? "is required and cannot be cleared"
                                        : "is required and cannot be null";
    return NULL;
}

static enum status field_read_member(void *context, const char *name, const struct json *value)
{
    struct field_object *object = context;
    const struct field_path path = {.up = object->path, .name = name};
    if (object->reader->wrong >= FIELD_WRONG_MAX)
        return ST_INVALID;
    size_t i = 0;
    while (i < object->table->count && strcmp(object->table->fields[i].name, name) != 0)
        i++;
    if (i == object->table->count) {
        field_complain_unknown(object, &path);
        return ST_OK;
    }
    const struct field *field = &object->table->fields[i];
    const char *refusal = field_refusal(field, object->mode, value);
    if (refusal) {
        field_complain(object->reader, &path, "%s", refusal);
        object->given.present |= UINT64_C(1) << i; /* not missing as well */
        return ST_OK;
    }
    object->given.present |= UINT64_C(1) << i;
    if (json_type(value) == JSON_NULL)
        object->given.cleared |= UINT64_C(1) << i;
    else
        field_read_value(object->reader, field, &path, value, object->mode, field_place(field, object->out));
    return ST_OK;
}

static void field_complain_missing(const struct field_object *object)
{
    for (size_t i = 0; i < object->table->count; i++) {
        const struct field *field = &object->table->fields[i];
        bool wanted = (field->flags & FIELD_REQUIRED) && !(field->flags & FIELD_READ);
        if (wanted && !(object->given.present >> i & 1)) {
            const struct field_path path = {.up = object->path, .name = field->name};
            char why[FIELD_WHY_MAX];
            field_expect(field, why);
            field_complain(object->reader, &path, "is required; %.180s", why);
        }
    }
}

static void field_read_object(struct field_reader *reader, const struct field_table *table,
    const struct field_path *path, const struct json *value, enum field_mode mode, void *out)
{
    assert(table->count <= FIELD_TABLE_MAX);
    field_clear(table, out);
    if (json_type(value) != JSON_OBJECT) {
        field_complain(reader, path, "expected an object");
        return;
    }
    struct field_object object = {
        .reader = reader, .table = table, .path = path, .mode = mode, .out = out, .given = {0, 0}};
    (void)json_each(value, field_read_member, &object);
    if (mode != FIELD_MODE_PATCH)
        field_complain_missing(&object);
    if (table->given_at >= 0)
        memcpy((char *)out + table->given_at, &object.given, sizeof(object.given));
}

static bool field_check_count(struct field_reader *reader, const struct field *field,
    const struct field_path *path, const struct json *value)
{
    int64_t count = (int64_t)json_count(value);
    if (json_type(value) != JSON_ARRAY) {
        char why[FIELD_WHY_MAX];
        field_expect(field, why);
        field_complain(reader, path, "%s", why);
        return false;
    }
    if (count > field_max(field)) {
        field_complain(reader, path, "expected at most %lld items, not %lld", (long long)field_max(field),
            (long long)count);
        return false;
    }
    if (count < field_min(field)) {
        field_complain(reader, path, "expected at least %lld items", (long long)field_min(field));
        return false;
    }
    return true;
}

static struct list field_read_list(struct field_reader *reader, const struct field *field,
    const struct field_path *path, const struct json *value, enum field_mode mode)
{
    size_t count = json_count(value);
    char *items = arena_array(reader->arena, count, field->of->size);
    for (size_t i = 0; i < count && reader->wrong < FIELD_WRONG_MAX; i++) {
        const struct field_path at = {.up = path, .index = i};
        field_read_object(reader, field->of, &at, json_at(value, i), mode, items + i * field->of->size);
    }
    return (struct list){.items = items, .count = count};
}

static struct list field_read_texts(
    struct field_reader *reader, const struct field_path *path, const struct json *value)
{
    size_t count = json_count(value);
    const char **items = ARENA_ARRAY(reader->arena, count, const char *);
    for (size_t i = 0; i < count && reader->wrong < FIELD_WRONG_MAX; i++) {
        const struct field_path at = {.up = path, .index = i};
        char why[FIELD_WHY_MAX] = "expected a text";
        const char *text = json_text(json_at(value, i));
        if (!text || !field_scan_item(reader->arena, text, &items[i], why))
            field_complain(reader, &at, "%s", why);
    }
    return (struct list){.items = items, .count = count};
}

/* 3.0 is an integer to JSON Schema, and to many a client's serialiser. */
static bool field_read_int(const struct field *field, const struct json *value, int64_t *ret)
{
    const double exact = 9007199254740992.0;
    double real = json_real(value);
    int64_t integer = json_int(value);
    if (json_type(value) == JSON_REAL && fabs(real) <= exact && real == trunc(real))
        integer = (int64_t)real;
    else if (json_type(value) != JSON_INT)
        return false;
    if (integer < field_min(field) || integer > field_max(field) || integer == FIELD_INT_NONE)
        return false;
    *ret = integer;
    return true;
}

static void field_read_scalar(struct field_reader *reader, const struct field *field,
    const struct field_path *path, const struct json *value, void *place)
{
    char why[FIELD_WHY_MAX];
    enum json_type type = json_type(value);
    bool read = false;
    field_expect(field, why);
    if (field->type == FIELD_INT) {
        read = field_read_int(field, value, place);
    } else if (field->type == FIELD_BOOL) {
        read = type == JSON_TRUE || type == JSON_FALSE;
        if (read)
            *(int *)place = type == JSON_TRUE;
    } else if (type == JSON_TEXT) {
        read = field_scan(field, reader->arena, json_text(value), place, why);
    }
    if (!read)
        field_complain(reader, path, "%s", why);
}

static void field_read_value(struct field_reader *reader, const struct field *field,
    const struct field_path *path, const struct json *value, enum field_mode mode, void *place)
{
    bool patch = mode == FIELD_MODE_PATCH;
    switch (field->type) {
    case FIELD_OBJECT: {
        void *nested = arena_alloc(reader->arena, field->of->size);
        bool whole = patch && field->of->given_at < 0;
        field_read_object(reader, field->of, path, value, whole ? FIELD_MODE_CREATE : mode, nested);
        memcpy(place, &nested, sizeof(nested));
        break;
    }
    case FIELD_LIST: /* a patch replaces lists whole (RFC 7396) */
        if (field_check_count(reader, field, path, value))
            *(struct list *)place =
                field_read_list(reader, field, path, value, patch ? FIELD_MODE_CREATE : mode);
        break;
    case FIELD_TEXTS:
        if (field_check_count(reader, field, path, value))
            *(struct list *)place = field_read_texts(reader, path, value);
        break;
    case FIELD_JSON:
        *(const struct json **)place = value;
        break;
    default:
        field_read_scalar(reader, field, path, value, place);
    }
}

enum status field_read(const struct field_table *table, struct arena *arena, const struct json *value,
    enum field_mode mode, void *out, struct error *err)
{
    struct field_reader reader = {.arena = arena, .err = err};
    void *read = arena_alloc(arena, table->size);
    field_read_object(&reader, table, NULL, value, mode, read);
    enum status status = field_verdict(&reader);
    if (status == ST_OK)
        memcpy(out, read, table->size);
    return status;
}

enum status field_parse(const struct field_table *table, struct arena *arena, const char *text, size_t size,
    enum field_mode mode, void *out, struct error *err)
{
    const struct json *value = NULL;
    enum status status = json_parse(arena, text, size, &value, err);
    return status == ST_OK ? field_read(table, arena, value, mode, out, err) : status;
}
