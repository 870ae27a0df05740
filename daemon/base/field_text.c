/*
 * One field from one text, and the look at a whole struct that was built otherwise than by reading it: query
 * parameters, CSV cells, merged patches. Any thread.
 */
#include "field_internal.h"

#include <stdio.h>
#include <string.h>

/* Texts separated by commas; blanks around them belong to nobody. */
static bool field_split(const struct field *field, struct arena *arena, const char *text, struct list *ret,
    char why[static FIELD_WHY_MAX])
{
    size_t most = 1;
    for (const char *at = strchr(text, ','); at; at = strchr(at + 1, ','))
        most++;
    if ((int64_t)most > field_max(field)) {
        (void)snprintf(why, FIELD_WHY_MAX, "expected at most %lld items", (long long)field_max(field));
        return false;
    }
    const char **items = ARENA_ARRAY(arena, most, const char *);
    for (size_t i = 0; i < most; i++) {
        text += strspn(text, " ");
        size_t whole = strcspn(text, ",");
        size_t length = whole;
        while (length > 0 && text[length - 1] == ' ')
            length--;
        if (length == 0 || !field_scan_item(arena, arena_strndup(arena, text, length), &items[i], why))
            return false;
        text += whole + 1;
    }
    *ret = (struct list){.items = items, .count = most};
    return true;
}

enum status field_read_text(
    const struct field *field, struct arena *arena, const char *text, void *out_struct, struct error *err)
{
    struct field_reader reader = {.arena = arena, .err = err};
    const struct field_path path = {.name = field->name};
    void *place = field_place(field, out_struct);
    char why[FIELD_WHY_MAX];
    bool read = false;
    field_expect(field, why);
    if (field->type == FIELD_TEXTS)
        read = field_split(field, arena, text, place, why);
    else if (field->type == FIELD_JSON)
        read = json_parse(arena, text, strlen(text), place, NULL) == ST_OK;
    else
        read = field_scan(field, arena, text, place, why);
    if (!read)
        field_complain(&reader, &path, "%s", why);
    return field_verdict(&reader);
}

static void field_check_struct(struct field_reader *reader, const struct field_table *table,
    const struct field_path *path, const void *in);

static void field_check_value(
    struct field_reader *reader, const struct field *field, const struct field_path *path, const void *value)
{
    if (field_is_none(field, value)) {
        if ((field->flags & FIELD_REQUIRED) && !(field->flags & FIELD_READ)) {
            char why[FIELD_WHY_MAX];
            field_expect(field, why);
            field_complain(reader, path, "is required; %.180s", why);
        }
    } else if (field->type == FIELD_OBJECT) {
        field_check_struct(reader, field->of, path, field_pointer(value));
    } else if (field->type == FIELD_LIST) {
        const struct list *list = value;
        for (size_t i = 0; i < list->count; i++) {
            const struct field_path at = {.up = path, .index = i};
            field_check_struct(reader, field->of, &at, (const char *)list->items + i * field->of->size);
        }
    }
}

static void field_check_struct(
    struct field_reader *reader, const struct field_table *table, const struct field_path *path, const void *in)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const struct field_path at = {.up = path, .name = field->name};
        field_check_value(reader, field, &at, field_value(field, in));
    }
}

enum status field_check(const struct field_table *table, const void *in, struct error *err)
{
    struct field_reader reader = {.err = err};
    field_check_struct(&reader, table, NULL, in);
    return field_verdict(&reader);
}
