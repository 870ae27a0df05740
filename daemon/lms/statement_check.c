/*
 * Walks a statement along the tables of its parts and notes what is not as they say, with a pointer each. Pure,
 * any thread.
 */
#include "statement_check.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct scalar {
    bool (*ok)(const char *text);
    const char *expected;
} scalars[] = {
    [PART_TEXT] = {NULL, "a text"},
    [PART_IRI] = {lms_is_iri, "an IRI with its scheme"},
    [PART_UUID] = {lms_is_uuid, "a UUID"},
    [PART_TIME] = {NULL, "an ISO 8601 time with a time of the day"},
    [PART_DURATION] = {xapi_is_duration, "an ISO 8601 duration"},
    [PART_TAG] = {xapi_is_tag, "a language tag (RFC 5646)"},
    [PART_MAILTO] = {xapi_is_mailto, "mailto: and a mail address"},
    [PART_SHA1] = {xapi_is_sha1, "40 hexadecimal digits"},
    [PART_SHA2] = {xapi_is_sha2, "a SHA-2 hash in hexadecimal"},
    [PART_VERSION] = {xapi_is_version, "a version 1.0.x or 2.0.x"},
    [PART_MEDIA_TYPE] = {xapi_is_media_type, "a media type"},
};

void check_refuse(struct checking *c, const char *name, const char *format, ...)
{
    char at[sizeof c->at + 130], why[160];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    snprintf(at, sizeof at, "%s%s%.120s", c->at, name ? "/" : "", name ? name : "");
    c->failed = true;
    error_field(c->err, at, "%s", why);
}

const char *check_text(const struct json *object, const char *name)
{
    return json_text(json_get(object, name));
}

/* Goes to a member or an element; the length to come back to. A pointer that grows too long stays where it is.
 */
static size_t check_enter(struct checking *c, const char *name)
{
    size_t before = c->length;
    int size = snprintf(c->at + before, sizeof c->at - before, "/%s", name);
    if (size > 0 && (size_t)size < sizeof c->at - before)
        c->length += (size_t)size;
    c->at[c->length] = '\0';
    return before;
}

static void check_leave(struct checking *c, size_t before)
{
    c->length = before;
    c->at[before] = '\0';
}

static void check_value(struct checking *c, const struct json *value, const struct part *part);

static void check_scalar(struct checking *c, const struct json *value, enum part_kind kind)
{
    const char *text = json_text(value);
    instant_t time;
    bool ok = text &&
              (kind == PART_TIME ? lms_is_timestamp(text, &time) : !scalars[kind].ok || scalars[kind].ok(text));
    if (!ok)
        check_refuse(c, NULL, "expected %s", scalars[kind].expected);
}

static void check_each(struct checking *c, const struct json *list, const struct part *element)
{
    if (json_type(list) != JSON_ARRAY) {
        check_refuse(c, NULL, "expected a list");
        return;
    }
    for (size_t i = 0; i < json_count(list); i++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i);
        size_t before = check_enter(c, number);
        check_value(c, json_at(list, i), element);
        check_leave(c, before);
    }
}

struct check_map {
    struct checking *c;
    bool words; /* texts under language tags, else anything under IRIs */
};

static enum status check_entry(void *context, const char *key, const struct json *value)
{
    struct check_map *map = context;
    struct checking *c = map->c;
    if (!map->words && !lms_is_iri(key))
        check_refuse(c, key, "expected an IRI as the name of an extension");
    else if (map->words && !xapi_is_tag(key))
        check_refuse(c, key, "expected a language tag (RFC 5646)");
    else if (map->words && !json_text(value))
        check_refuse(c, key, "expected a text");
    return ST_OK;
}

static void check_entries(struct checking *c, const struct json *value, bool words)
{
    struct check_map map = {c, words};
    if (json_type(value) != JSON_OBJECT)
        check_refuse(c, NULL, words ? "expected texts by language" : "expected an object");
    else
        (void)json_each(value, check_entry, &map);
}

static void check_name(struct checking *c, const struct json *value, const char *const *names)
{
    const char *text = json_text(value);
    for (size_t i = 0; text && names[i]; i++)
        if (!strcmp(names[i], text))
            return;
    check_refuse(c, NULL, names[1] ? "expected one of %s, %s ..." : "expected %s", names[0], names[1]);
}

static bool check_is_number(const struct json *value)
{
    return json_type(value) == JSON_INT || json_type(value) == JSON_REAL;
}

void check_actor(struct checking *c, const struct json *value)
{
    const char *type = check_text(value, "objectType");
    check_object(c, value, type && !strcmp(type, "Group") ? &group_parts : &agent_parts);
}

static void check_target(struct checking *c, const struct json *value, bool minor)
{
    static const struct {
        const char *type;
        const struct part_table *table;
    } rows[] = {{"Activity", &target_activity}, {"Agent", &agent_parts}, {"Group", &group_parts},
        {"StatementRef", &target_statement_ref}, {"SubStatement", &target_substatement}};
    const struct json *named = json_get(value, "objectType");
    const char *type = named ? json_text(named) : "Activity";
    for (size_t i = 0; type && i < sizeof rows / sizeof rows[0] - minor; i++) {
        if (strcmp(rows[i].type, type) != 0)
            continue;
        check_object(c, value, rows[i].table);
        return;
    }
    check_refuse(
        c, "objectType", "expected Activity, Agent, Group, StatementRef%s", minor ? "" : " or SubStatement");
}

static void check_activities(struct checking *c, const struct json *value)
{
    static const struct part activity = {.kind = PART_OBJECT, .of = &target_activity};
    if (json_type(value) == JSON_ARRAY)
        check_each(c, value, &activity);
    else
        check_object(c, value, &target_activity);
}

static void check_composite(struct checking *c, const struct json *value, const struct part *part)
{
    static const struct part text = {.kind = PART_TEXT}, iri = {.kind = PART_IRI};
    const struct part object = {.kind = PART_OBJECT, .of = part->of};
    switch (part->kind) {
    case PART_OBJECT:
        check_object(c, value, part->of);
        break;
    case PART_OBJECTS:
        check_each(c, value, &object);
        break;
    case PART_TEXTS:
        check_each(c, value, &text);
        break;
    case PART_IRIS:
        check_each(c, value, &iri);
        break;
    case PART_WORDS:
    case PART_EXTENSIONS:
        check_entries(c, value, part->kind == PART_WORDS);
        break;
    case PART_ACTIVITIES:
        check_activities(c, value);
        break;
    case PART_ACTOR:
        check_actor(c, value);
        break;
    default:
        check_target(c, value, part->kind == PART_MINOR);
    }
}

static void check_value(struct checking *c, const struct json *value, const struct part *part)
{
    enum json_type type = json_type(value);
    switch (part->kind) {
    case PART_BOOL:
        if (type != JSON_TRUE && type != JSON_FALSE)
            check_refuse(c, NULL, "expected true or false");
        break;
    case PART_NUMBER:
        if (!check_is_number(value))
            check_refuse(c, NULL, "expected a number");
        break;
    case PART_LENGTH:
        if (type != JSON_INT || json_int(value) < 0)
            check_refuse(c, NULL, "expected a number of bytes");
        break;
    case PART_NAME:
        check_name(c, value, part->names);
        break;
    default:
        if (part->kind < PART_BOOL)
            check_scalar(c, value, part->kind);
        else
            check_composite(c, value, part);
    }
}

struct check_members {
    struct checking *c;
    const struct part_table *table;
};

static enum status check_member(void *context, const char *key, const struct json *value)
{
    struct check_members *members = context;
    struct checking *c = members->c;
    const struct part *part = NULL;
    for (size_t i = 0; !part && i < members->table->count; i++)
        if (!strcmp(members->table->parts[i].name, key))
            part = &members->table->parts[i];
    if (!part || ((part->flags & PART_SECOND) && !c->second)) {
        check_refuse(c, key, "there is no such property in %s", members->table->name);
        return ST_OK;
    }
    size_t before = check_enter(c, key);
    if (json_type(value) == JSON_NULL)
        check_refuse(c, NULL, "null is not accepted");
    else
        check_value(c, value, part);
    check_leave(c, before);
    return ST_OK;
}

void check_object(struct checking *c, const struct json *object, const struct part_table *table)
{
    struct check_members members = {c, table};
    if (json_type(object) != JSON_OBJECT) {
        check_refuse(c, NULL, "expected %s", table->name);
        return;
    }
    (void)json_each(object, check_member, &members);
    for (size_t i = 0; i < table->count; i++)
        if ((table->parts[i].flags & PART_REQUIRED) && !json_get(object, table->parts[i].name))
            check_refuse(c, table->parts[i].name, "is required in %s", table->name);
    if (table->also)
        table->also(c, object);
}
