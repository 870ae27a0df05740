/*
 * What differs between two structs of a field table, as audit payloads say it. Pure, any thread.
 */
#include "work/changes.h"

#include "base/buf.h"

#include <stddef.h>
#include <string.h>

/* Two texts of JSON that say the same: written by one writer, but for what was JSON already. */
static bool changes_same(
    struct arena *arena, const struct field *field, const struct buf *was, const struct buf *is)
{
    const struct json *old = NULL, *new = NULL;
    if (was->size == is->size && memcmp(was->data, is->data, is->size) == 0)
        return true;
    return field->type == FIELD_JSON && json_parse(arena, was->data, was->size, &old, NULL) == ST_OK &&
           json_parse(arena, is->data, is->size, &new, NULL) == ST_OK && json_equal(old, new);
}

/* The fields of the table in the order of their names, as the canonical form has them. */
static void changes_order(const struct field_table *table, uint8_t order[static FIELD_TABLE_MAX])
{
    for (size_t i = 0; i < table->count; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(table->fields[order[at - 1]].name, table->fields[i].name) > 0; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)i;
    }
}

static void changes_show(const struct field *field, struct buf *out, const void *in)
{
    buf_reset(out);
    struct json_writer w = json_writer(out);
    field_write_value(field, &w, in);
}

void changes_write(struct json_writer *w, struct arena *arena, const struct field_table *table,
    const void *before, const void *after)
{
    uint8_t order[FIELD_TABLE_MAX];
    BUF_AUTO was;
    BUF_AUTO is;
    buf_init(&was, 0);
    buf_init(&is, 0);
    changes_order(table, order);
    jw_key(w, "changed");
    jw_open(w, '{');
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[order[i]];
        if ((field->flags & FIELD_READ) || (!field_is_shown(field, before) && !field_is_shown(field, after)))
            continue;
        changes_show(field, &was, before);
        changes_show(field, &is, after);
        if (changes_same(arena, field, &was, &is))
            continue;
        jw_key(w, field->name);
        jw_open(w, '[');
        jw_raw(w, was.data);
        jw_raw(w, is.data);
        jw_close(w, ']');
    }
    jw_close(w, '}');
}

const char *changes_payload(struct arena *arena, const struct field_table *table, const void *before,
    const void *after, const char *reason, const char *cause)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{'); /* in the order of the canonical form */
    if (cause)
        jw_member(&w, "cause", cause);
    changes_write(&w, arena, table, before, after);
    if (reason)
        jw_member(&w, "reason", reason);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}
