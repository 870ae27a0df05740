/* From JSON to the text of a cell, a row a kind. What is missing or of another type is an empty cell. */
#include "internal.h"

#include <inttypes.h>
#include <string.h>

/* A scalar as text; objects and lists in JSON. */
static const char *cell_scalar(struct arena *arena, const struct json *value)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    switch (json_type(value)) {
    case JSON_NULL:
        return "";
    case JSON_TEXT:
        return json_text(value);
    case JSON_TRUE:
        return "yes";
    case JSON_FALSE:
        return "no";
    default:
        json_write(&text, value);
        return arena_strndup(arena, text.data, text.size);
    }
}

static const char *cell_any(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    (void)ctl;
    if (json_type(value) != JSON_ARRAY)
        return cell_scalar(arena, value);
    BUF_AUTO text;
    buf_init(&text, 0);
    for (size_t i = 0; i < json_count(value); i++) {
        buf_text(&text, i > 0 ? ", " : "");
        buf_text(&text, cell_scalar(arena, json_at(value, i)));
    }
    return arena_strndup(arena, text.data, text.size);
}

static const char *cell_yes(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    (void)ctl;
    (void)arena;
    return json_type(value) == JSON_TRUE ? "yes" : "";
}

/* On a terminal in the organisation's zone, to the minute; elsewhere as it is. */
static const char *cell_instant(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    instant_t instant;
    const char *text = json_text(value);
    if (!text || !ctl->terminal || !instant_parse(text, &instant))
        return text;
    const struct zone *zone = resolve_zone(ctl);
    if (!zone)
        return text;
    struct local_time local = zone_local(zone, instant);
    return arena_printf(
        arena, "%s %02d:%02d", date_show(local.date).text, local.second / 3600, local.second / 60 % 60);
}

static const char *cell_cents(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    (void)ctl;
    int64_t cents = json_int(value);
    if (json_type(value) != JSON_INT || cents < 0)
        return cell_scalar(arena, value);
    return arena_printf(arena, "%" PRId64 ".%02d", cents / 100, (int)(cents % 100));
}

static const char *cell_count(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    (void)ctl;
    return json_type(value) == JSON_ARRAY || json_type(value) == JSON_OBJECT
               ? arena_printf(arena, "%zu", json_count(value))
               : "";
}

static const char *cell_person(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    const char *number = "";
    const char *name = "";
    (void)arena;
    if (json_text(value))
        resolve_employee(ctl, json_text(value), &number, &name);
    return *number ? number : json_text(value);
}

static const char *cell_person_name(struct ctl *ctl, struct arena *arena, const struct json *value)
{
    const char *number = "";
    const char *name = "";
    (void)arena;
    if (json_text(value))
        resolve_employee(ctl, json_text(value), &number, &name);
    return name;
}

static const char *(*const cell_kinds[])(struct ctl *ctl, struct arena *arena, const struct json *value) = {
    [CELL_TEXT] = cell_any,
    [CELL_NUMBER] = cell_any,
    [CELL_YES] = cell_yes,
    [CELL_INSTANT] = cell_instant,
    [CELL_CENTS] = cell_cents,
    [CELL_COUNT] = cell_count,
    [CELL_PERSON] = cell_person,
    [CELL_PERSON_NAME] = cell_person_name,
};

const char *cell_text(
    struct ctl *ctl, struct arena *arena, const struct json *item, const struct column *column)
{
    const char *text = cell_kinds[column->cell](ctl, arena, json_pointer(item, column->pointer));
    return text ? text : "";
}
