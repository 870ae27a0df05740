/*
 * A kept statement as it is asked for: whole, with identifiers only, or in one language (xAPI-Communication
 * 2.1.3). Pure, any thread.
 */
#include "statement_check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct showing {
    struct json_writer *w;
    enum lms_statement_format format;
    const char *languages;
    const char *inside; /* the name of the object that is written */
};

static void show_value(const struct showing *as, const char *name, const struct json *value);

/* ---- one language */

/* The weight of a tag in an Accept-Language field (RFC 9110 12.5.4), 0 when it is not wanted. */
static double language_weight(const char *field, const char *tag)
{
    double best = 0;
    while (field && *field) {
        field += strspn(field, " ,\t");
        size_t size = strcspn(field, " ,;\t"), item = strcspn(field, ",");
        const char *quality = memchr(field, '=', item);
        double weight = quality ? strtod(quality + 1, NULL) : 1;
        bool range = size && !strncasecmp(field, tag, size) && (!tag[size] || tag[size] == '-');
        if (range || (size == 1 && *field == '*'))
            best = weight > best ? weight : best;
        field += item;
    }
    return best;
}

struct language_choice {
    const char *languages, *key;
    const struct json *value;
    double weight;
};

static enum status language_choose(void *context, const char *key, const struct json *value)
{
    struct language_choice *choice = context;
    double weight = language_weight(choice->languages, key);
    if (!choice->key || weight > choice->weight)
        *choice = (struct language_choice){choice->languages, key, value, weight};
    return ST_OK;
}

static void show_words(const struct showing *as, const struct json *words)
{
    struct language_choice choice = {.languages = as->languages};
    (void)json_each(words, language_choose, &choice);
    jw_open(as->w, '{');
    if (choice.key)
        jw_member(as->w, choice.key, json_text(choice.value));
    jw_close(as->w, '}');
}

/* ---- identifiers only */

static bool show_is_identified(const struct json *object)
{
    static const char *const names[] = {"mbox", "mbox_sha1sum", "openid", "account"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (json_get(object, names[i]))
            return true;
    return false;
}

static bool show_is_agent(const struct json *object)
{
    return json_get(object, "member") || show_is_identified(object);
}

/* What a minimum need not hold: names of agents, definitions, what is displayed. Members identify a group only
 * when nothing else does. */
static bool show_drops(const struct showing *as, const char *key, const struct json *object)
{
    if (as->format != LMS_FORMAT_IDS)
        return false;
    if (show_is_agent(object))
        return !strcmp(key, "name") || (!strcmp(key, "member") && show_is_identified(object));
    return !strcmp(key, "definition") || (!strcmp(key, "display") && !strcmp(as->inside, "verb"));
}

struct show_members {
    const struct showing *as;
    const struct json *object;
};

static enum status show_member(void *context, const char *key, const struct json *value)
{
    const struct show_members *members = context;
    const struct showing *as = members->as;
    if (show_drops(as, key, members->object))
        return ST_OK;
    jw_key(as->w, key);
    if (!strcmp(key, "extensions"))
        jw_value(as->w, value);
    else
        show_value(as, key, value);
    return ST_OK;
}

static bool show_is_words(const char *name, const char *inside, const struct json *value)
{
    bool display = !strcmp(name, "display") || !strcmp(name, "description");
    bool title = !strcmp(name, "name") && !strcmp(inside, "definition");
    return (display || title) && json_type(value) == JSON_OBJECT;
}

static void show_value(const struct showing *as, const char *name, const struct json *value)
{
    const struct showing inner = {as->w, as->format, as->languages, name};
    struct show_members members = {&inner, value};
    if (as->format == LMS_FORMAT_CANONICAL && show_is_words(name, as->inside, value)) {
        show_words(as, value);
    } else if (json_type(value) == JSON_OBJECT) {
        jw_open(as->w, '{');
        (void)json_each(value, show_member, &members);
        jw_close(as->w, '}');
    } else if (json_type(value) == JSON_ARRAY) {
        jw_open(as->w, '[');
        for (size_t i = 0; i < json_count(value); i++)
            show_value(as, name, json_at(value, i));
        jw_close(as->w, ']');
    } else {
        jw_value(as->w, value);
    }
}

void lms_statement_show(struct json_writer *w, const struct json *statement, enum lms_statement_format format,
    const char *languages)
{
    struct showing as = {w, format, languages, ""};
    if (format == LMS_FORMAT_EXACT)
        jw_value(w, statement);
    else
        show_value(&as, "", statement);
}
