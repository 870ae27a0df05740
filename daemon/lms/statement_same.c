/*
 * Whether two statements say the same (xAPI-Data 2.3.1): what a store sets or may change, what is only shown,
 * and the order of a group's members do not count. Pure, any thread.
 */
#include "lms/statement.h"

#include <stdlib.h>
#include <string.h>

struct essence {
    struct arena *arena;
    struct json_writer *w;
    const char *inside; /* the name of the object that is written */
    bool top;
};

static void essence_value(
    struct arena *arena, struct json_writer *w, const char *name, const struct json *value);

static bool essence_default(const char *key, const struct json *value)
{
    const char *text = json_text(value);
    return !strcmp(key, "objectType") && text && (!strcmp(text, "Agent") || !strcmp(text, "Activity"));
}

static enum status essence_member(void *context, const char *key, const struct json *value)
{
    static const char *const set_by_a_store[] = {"id", "authority", "stored", "timestamp", "version"};
    const struct essence *e = context;
    for (size_t i = 0; e->top && i < sizeof set_by_a_store / sizeof set_by_a_store[0]; i++)
        if (!strcmp(key, set_by_a_store[i]))
            return ST_OK;
    if (!strcmp(key, "definition") || (!strcmp(key, "display") && !strcmp(e->inside, "verb")) ||
        essence_default(key, value))
        return ST_OK;
    jw_key(e->w, key);
    if (!strcmp(key, "extensions")) {
        jw_value(e->w, value);
        return ST_OK;
    }
    bool wrapped = !strcmp(e->inside, "contextActivities") && json_type(value) == JSON_OBJECT;
    if (wrapped)
        jw_open(e->w, '[');
    essence_value(e->arena, e->w, key, value);
    if (wrapped)
        jw_close(e->w, ']');
    return ST_OK;
}

static const char *essence_canonical(struct arena *arena, const struct json *value, const char *name, bool top)
{
    const struct json *parsed;
    BUF_AUTO text, canonical;
    buf_init(&text, 0);
    buf_init(&canonical, 0);
    struct json_writer w = json_writer(&text);
    if (top) {
        struct essence e = {arena, &w, name, true};
        jw_open(&w, '{');
        (void)json_each(value, essence_member, &e);
        jw_close(&w, '}');
    } else {
        essence_value(arena, &w, name, value);
    }
    if (json_parse(arena, text.data, text.size, &parsed, NULL) == ST_OK)
        json_canonical(&canonical, parsed);
    return arena_strdup(arena, canonical.data);
}

static int essence_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void essence_members(struct arena *arena, struct json_writer *w, const struct json *list)
{
    size_t count = json_count(list);
    const char **texts = ARENA_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        texts[i] = essence_canonical(arena, json_at(list, i), "agent", false);
    qsort(texts, count, sizeof *texts, essence_compare);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++)
        jw_raw(w, texts[i]);
    jw_close(w, ']');
}

static void essence_value(
    struct arena *arena, struct json_writer *w, const char *name, const struct json *value)
{
    struct essence e = {arena, w, name, false};
    if (json_type(value) == JSON_OBJECT) {
        jw_open(w, '{');
        (void)json_each(value, essence_member, &e);
        jw_close(w, '}');
    } else if (json_type(value) == JSON_ARRAY && !strcmp(name, "member")) {
        essence_members(arena, w, value);
    } else if (json_type(value) == JSON_ARRAY) {
        jw_open(w, '[');
        for (size_t i = 0; i < json_count(value); i++)
            essence_value(arena, w, name, json_at(value, i));
        jw_close(w, ']');
    } else {
        jw_value(w, value);
    }
}

bool lms_statement_same(struct arena *arena, const struct json *a, const struct json *b)
{
    return !strcmp(
        essence_canonical(arena, a, "statement", true), essence_canonical(arena, b, "statement", true));
}
