/*
 * Describes field tables as JSON Schema 2020-12 for the interface's description. One thread at a time, the
 * writer's owner.
 */
#include "field_internal.h"

#include <stdio.h>

/* How each type looks in JSON; `longest` is a ceiling of its reader in bytes. */
static const struct field_look {
    const char *type, *format;
    int longest;
} field_looks[] = {
    [FIELD_TEXT] = {.type = "string"},
    [FIELD_LINES] = {.type = "string"},
    [FIELD_EMAIL] = {.type = "string", .format = "email", .longest = 254},
    [FIELD_URL] = {.type = "string", .format = "uri", .longest = 2048},
    [FIELD_ID] = {.type = "string"},
    [FIELD_DATE] = {.type = "string", .format = "date"},
    [FIELD_INSTANT] = {.type = "string", .format = "date-time"},
    [FIELD_PERIOD] = {.type = "string", .format = "duration"},
    [FIELD_INT] = {.type = "integer"},
    [FIELD_BOOL] = {.type = "boolean"},
    [FIELD_ENUM] = {.type = "string"},
    [FIELD_LIST] = {.type = "array"},
    [FIELD_TEXTS] = {.type = "array"},
};

/* Whether the schema is that of answers. */
static bool field_answers(enum field_mode mode)
{
    return mode == FIELD_MODE_STORED;
}

static bool field_shown(const struct field *field, enum field_mode mode)
{
    return field_answers(mode) ? !(field->flags & FIELD_WRITE) : field_accepted(field, mode);
}

static bool field_may_be_null(const struct field *field, enum field_mode mode)
{
    return field_answers(mode) ? (field->flags & FIELD_NULL) != 0 : !(field->flags & FIELD_REQUIRED);
}

static bool field_always_there(const struct field *field, enum field_mode mode)
{
    if (field_answers(mode))
        return (field->flags & (FIELD_REQUIRED | FIELD_NULL)) != 0;
    return mode == FIELD_MODE_CREATE && (field->flags & FIELD_REQUIRED);
}

static void field_schema_reference(const struct field_table *of, struct json_writer *w)
{
    char pointer[128];
    (void)snprintf(pointer, sizeof(pointer), "#/components/schemas/%s", of->name);
    jw_member(w, "$ref", pointer);
}

static void field_schema_type(const char *type, bool null, struct json_writer *w)
{
    jw_key(w, "type");
    if (null) {
        jw_open(w, '[');
        jw_text(w, type);
        jw_text(w, "null");
        jw_close(w, ']');
    } else {
        jw_text(w, type);
    }
}

static void field_schema_names(const struct field *field, bool null, struct json_writer *w)
{
    jw_key(w, "enum");
    jw_open(w, '[');
    for (const char *const *name = field->names; *name; name++)
        jw_text(w, *name);
    if (null)
        jw_null(w);
    jw_close(w, ']');
}

static void field_schema_bounds(
    const struct field *field, const char *min_key, const char *max_key, struct json_writer *w)
{
    bool integer = field->type == FIELD_INT;
    /* What is only ever answered keeps to no ceiling that is not said. */
    if (field->flags & FIELD_READ && !field->min && !field->max)
        return;
    if (field_min(field) > (integer ? FIELD_INT_NONE + 1 : 0))
        jw_member_int(w, min_key, field_min(field));
    if (field_max(field) < INT64_MAX)
        jw_member_int(w, max_key, field_max(field));
}

static void field_schema_items(const struct field *field, struct json_writer *w)
{
    jw_key(w, "items");
    jw_open(w, '{');
    if (field->type == FIELD_TEXTS) {
        jw_member(w, "type", "string");
        jw_member_int(w, "maxLength", FIELD_ITEM_LENGTH);
    } else {
        field_schema_reference(field->of, w);
    }
    jw_close(w, '}');
}

static void field_schema_limits(const struct field *field, bool null, struct json_writer *w)
{
    char pattern[32];
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES:
        field_schema_bounds(field, "minLength", "maxLength", w);
        break;
    case FIELD_ID:
        (void)snprintf(pattern, sizeof(pattern), "^%.12s_", field->kind ? field->kind : "[a-z]+");
        jw_member(w, "pattern", pattern);
        break;
    case FIELD_INT:
        field_schema_bounds(field, "minimum", "maximum", w);
        break;
    case FIELD_ENUM:
        field_schema_names(field, null, w);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
        field_schema_items(field, w);
        field_schema_bounds(field, "minItems", "maxItems", w);
        break;
    default:
        break;
    }
}

static void field_schema_value(const struct field *field, enum field_mode mode, struct json_writer *w)
{
    const struct field_look *look = &field_looks[field->type];
    bool null = field_may_be_null(field, mode);
    if (field->type == FIELD_OBJECT && null) {
        jw_key(w, "anyOf");
        jw_open(w, '[');
        jw_open(w, '{');
        field_schema_reference(field->of, w);
        jw_close(w, '}');
        jw_raw(w, "{\"type\":\"null\"}");
        jw_close(w, ']');
    } else if (field->type == FIELD_OBJECT) {
        field_schema_reference(field->of, w);
    } else if (field->type != FIELD_JSON) {
        field_schema_type(look->type, null, w);
        if (look->format)
            jw_member(w, "format", look->format);
        if (look->longest > 0)
            jw_member_int(w, "maxLength", look->longest);
        field_schema_limits(field, null, w);
    }
}

static void field_schema_property(const struct field *field, enum field_mode mode, struct json_writer *w)
{
    jw_key(w, field->name);
    jw_open(w, '{');
    field_schema_value(field, mode, w);
    if (field->doc)
        jw_member(w, "description", field->doc);
    if (field->flags & FIELD_READ)
        jw_member_bool(w, "readOnly", true);
    if (field->flags & FIELD_WRITE)
        jw_member_bool(w, "writeOnly", true);
    jw_close(w, '}');
}

static void field_schema_required(const struct field_table *table, enum field_mode mode, struct json_writer *w)
{
    bool open = false;
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (!field_shown(field, mode) || !field_always_there(field, mode))
            continue;
        if (!open) {
            jw_key(w, "required");
            jw_open(w, '[');
            open = true;
        }
        jw_text(w, field->name);
    }
    if (open)
        jw_close(w, ']');
}

void field_schema(const struct field_table *table, struct json_writer *w, enum field_mode mode)
{
    jw_open(w, '{');
    jw_member(w, "type", "object");
    jw_key(w, "properties");
    jw_open(w, '{');
    for (size_t i = 0; i < table->count; i++) {
        if (field_shown(&table->fields[i], mode))
            field_schema_property(&table->fields[i], mode, w);
    }
    jw_close(w, '}');
    field_schema_required(table, mode, w);
    if (!field_answers(mode)) /* answers may hold more than their table: links, computed members */
        jw_member_bool(w, "additionalProperties", false);
    jw_close(w, '}');
}
