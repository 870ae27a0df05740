/*
 * Writes structs as JSON by their field tables. One thread at a time, the writer's owner.
 */
#include "field_internal.h"

static void field_write_object(
    const struct field_table *table, struct json_writer *w, const void *in, bool stored)
{
    jw_open(w, '{');
    field_write_members(table, w, in, stored);
    jw_close(w, '}');
}

static void field_write_list(
    const struct field *field, struct json_writer *w, const struct list *list, bool stored)
{
    jw_open(w, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (field->type == FIELD_TEXTS)
            jw_text(w, ((const char *const *)list->items)[i]);
        else
            field_write_object(field->of, w, (const char *)list->items + i * field->of->size, stored);
    }
    jw_close(w, ']');
}

static void field_put_value(const struct field *field, struct json_writer *w, const void *value, bool stored)
{
    char period[PERIOD_TEXT_MAX];
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_EMAIL:
    case FIELD_URL:
    case FIELD_ID:
        jw_text(w, *(const char *const *)value);
        break;
    case FIELD_DATE:
        jw_date(w, *(const date_t *)value);
        break;
    case FIELD_INSTANT:
        jw_instant(w, *(const instant_t *)value);
        break;
    case FIELD_PERIOD:
        jw_text(w, period_text(*(const struct period *)value, period));
        break;
    case FIELD_INT:
        jw_int(w, *(const int64_t *)value);
        break;
    case FIELD_BOOL:
        jw_bool(w, *(const int *)value != 0);
        break;
    case FIELD_ENUM:
        jw_text(w, field->names[*(const int *)value]);
        break;
    case FIELD_OBJECT:
        field_write_object(field->of, w, field_pointer(value), stored);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
        field_write_list(field, w, value, stored);
        break;
    case FIELD_JSON:
        jw_value(w, *(const struct json *const *)value);
        break;
    }
}

/* What stands for a missing value: a list that must be there is empty, stored rows say nothing. */
static const char *field_none_text(const struct field *field, bool stored)
{
    bool list = field->type == FIELD_LIST || field->type == FIELD_TEXTS;
    if (list && (field->flags & FIELD_REQUIRED))
        return "[]";
    return (field->flags & FIELD_NULL) && !stored ? "null" : NULL;
}

void field_write_members(const struct field_table *table, struct json_writer *w, const void *in, bool stored)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const void *value = field_value(field, in);
        if ((field->flags & FIELD_WRITE) && !stored)
            continue;
        const char *instead = field_is_none(field, value) ? field_none_text(field, stored) : "";
        if (!instead)
            continue;
        jw_key(w, field->name);
        if (instead[0] != '\0')
            jw_raw(w, instead);
        else
            field_put_value(field, w, value, stored);
    }
}

bool field_is_shown(const struct field *field, const void *in)
{
    if (!in || (field->flags & FIELD_WRITE))
        return false;
    return !field_is_none(field, field_value(field, in)) || field_none_text(field, false);
}

void field_write_value(const struct field *field, struct json_writer *w, const void *in)
{
    if (!field_is_shown(field, in))
        jw_null(w);
    else if (field_is_none(field, field_value(field, in)))
        jw_raw(w, field_none_text(field, false));
    else
        field_put_value(field, w, field_value(field, in), false);
}

void field_write(const struct field_table *table, struct json_writer *w, const void *in)
{
    field_write_object(table, w, in, false);
}
