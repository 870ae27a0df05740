/*
 * What differs between two structs of a field table, as audit payloads say it. Pure, any thread.
 */
#include "work/changes.h"

#include "base/buf.h"

#include <stddef.h>

/* The struct as an answer would show it: secrets are not in it. */
static const struct json *changes_shown(struct arena *arena, const struct field_table *table, const void *in)
{
    const struct json *value = NULL;
    if (!in)
        return NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    field_write(table, &w, in);
    return json_parse(arena, text.data, text.size, &value, NULL) == ST_OK ? value : NULL;
}

static void changes_write_value(struct json_writer *w, const struct json *value)
{
    if (value)
        jw_value(w, value);
    else
        jw_null(w);
}

void changes_write(struct json_writer *w, struct arena *arena, const struct field_table *table,
    const void *before, const void *after)
{
    const struct json *old = changes_shown(arena, table, before);
    const struct json *new = changes_shown(arena, table, after);
    jw_key(w, "changed");
    jw_open(w, '{');
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const struct json *was = json_get(old, field->name);
        const struct json *is = json_get(new, field->name);
        if ((field->flags & FIELD_READ) || json_equal(was, is))
            continue;
        jw_key(w, field->name);
        jw_open(w, '[');
        changes_write_value(w, was);
        changes_write_value(w, is);
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
    jw_open(&w, '{');
    changes_write(&w, arena, table, before, after);
    if (reason)
        jw_member(&w, "reason", reason);
    if (cause)
        jw_member(&w, "cause", cause);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}
