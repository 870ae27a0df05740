/*
 * Statements of xAPI as items: which verb on which type of activity says what about a course is one table; a
 * module's completion is not a course's, so everything else is kept and ignored. Names are never read as keys.
 * Observed with Moodle's logstore_xapi 5.0.1. Pure, any thread.
 */
#include "xapi.h"

#include "base/text.h"
#include "lms/statement.h"
#include "read.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define ADL        "http://adlnet.gov/expapi/"
#define CMI5       "https://w3id.org/xapi/cmi5/activitytype/"
#define LMS_EXT    "https://w3id.org/learning-analytics/learning-management-system/"
#define EDLM_VERBS "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/"

static const struct xapi_rule {
    const char *verb;
    const char *type; /* of the object's definition */
    int effect;       /* enum lms_effect */
} xapi_rules[] = {
    {ADL "verbs/completed", CMI5 "course", LMS_COMPLETED},
    {"https://w3id.org/xapi/adl/verbs/satisfied", CMI5 "course", LMS_COMPLETED},
    {EDLM_VERBS "uncompleted", CMI5 "course", LMS_UNDONE},
    /* Open edX */
    {ADL "verbs/passed", ADL "activities/course", LMS_COMPLETED},
    {ADL "verbs/failed", ADL "activities/course", LMS_FAILED},
};

/* What a course is called in the organisation: the first extension that is there. */
static const char *const xapi_codes[] = {LMS_EXT "external-id", LMS_EXT "short-id"};

static const char *xapi_text(struct item_reading *reading, const struct json *object, const char *name)
{
    bool single;
    return value_text(reading->arena, json_get(object, name), &single);
}

static const struct json *xapi_object(const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    return json_type(value) == JSON_OBJECT ? value : NULL;
}

static void xapi_read_actor(struct item_reading *reading, const struct json *actor)
{
    const struct json *account = xapi_object(actor, "account");
    const char *mbox = xapi_text(reading, actor, "mbox");
    const char *home = account ? xapi_text(reading, account, "homePage") : NULL;
    const char *name = account ? xapi_text(reading, account, "name") : NULL;
    if (mbox && !strncasecmp(mbox, "mailto:", 7))
        item_key(reading, LMS_KEY_EMAIL, mbox + 7);
    item_key(reading, LMS_KEY_EMAIL_SHA1, xapi_text(reading, actor, "mbox_sha1sum"));
    item_key(reading, LMS_KEY_OPENID, xapi_text(reading, actor, "openid"));
    if (name) {
        item_key(reading, LMS_KEY_ID, name);
        item_key(reading, LMS_KEY_ACCOUNT, arena_printf(reading->arena, "%s %s", home ? home : "", name));
    }
}

struct xapi_language {
    const char *text;
    int rank;
};

static enum status xapi_prefer(void *context, const char *key, const struct json *value)
{
    struct xapi_language *best = context;
    int rank = !strncasecmp(key, "fr", 2) ? 3 : !strncasecmp(key, "en", 2) ? 2 : 1;
    if (json_text(value) && rank > best->rank)
        *best = (struct xapi_language){json_text(value), rank};
    return ST_OK;
}

/* Of a language map: French, else English, else the first. */
static const char *xapi_translated(struct arena *arena, const struct json *map)
{
    struct xapi_language best = {NULL, 0};
    if (json_type(map) == JSON_OBJECT)
        (void)json_each(map, xapi_prefer, &best);
    return value_clean(arena, best.text);
}

static void xapi_read_course(struct item_reading *reading, const struct json *object)
{
    struct completion_in *completion = &reading->item->completion;
    const struct json *definition = xapi_object(object, "definition");
    const struct json *extensions = xapi_object(definition, "extensions");
    completion->course_id = xapi_text(reading, object, "id");
    completion->course_title = xapi_translated(reading->arena, json_get(definition, "name"));
    for (size_t i = 0; !completion->course_code && i < sizeof xapi_codes / sizeof xapi_codes[0]; i++)
        completion->course_code = xapi_text(reading, extensions, xapi_codes[i]);
}

static double xapi_number(struct item_reading *reading, const struct json *object, const char *name)
{
    return value_number(xapi_text(reading, object, name));
}

/* `scaled` is left out: senders were seen to compute it otherwise than the specification. */
static void xapi_read_result(struct item_reading *reading, const struct json *result)
{
    struct completion_in *completion = &reading->item->completion;
    const struct json *score = xapi_object(result, "score");
    const char *duration = xapi_text(reading, result, "duration");
    completion->score = xapi_number(reading, score, "raw");
    completion->score_min = xapi_number(reading, score, "min");
    completion->score_max = xapi_number(reading, score, "max");
    if (duration)
        completion->minutes = value_minutes(duration, LMS_UNIT_ISO);
}

/* A statement without a time gets that of its arrival, as a store of statements gives it (xAPI-Data 2.4.7). */
static void xapi_read_time(struct item_reading *reading, const struct json *statement)
{
    struct completion_in *completion = &reading->item->completion;
    const char *timestamp = xapi_text(reading, statement, "timestamp");
    struct value_time time;
    if (!timestamp) {
        completion->occurred = reading->input->now;
        completion->arrival = true;
    } else if (value_time(timestamp, LMS_TIME_ISO, NULL, &time)) {
        item_occurred(reading, time);
    } else {
        item_problem(reading, "the timestamp is not ISO 8601");
    }
}

static void xapi_read_effect(struct item_reading *reading, const struct json *statement)
{
    struct completion_in *completion = &reading->item->completion;
    const struct json *object = json_get(statement, "object");
    const char *type = xapi_text(reading, xapi_object(object, "definition"), "type");
    completion->status = xapi_text(reading, json_get(statement, "verb"), "id");
    for (size_t i = 0; type && completion->status && i < sizeof xapi_rules / sizeof xapi_rules[0]; i++)
        if (!strcmp(xapi_rules[i].verb, completion->status) && !strcmp(xapi_rules[i].type, type))
            completion->effect = xapi_rules[i].effect;
    bool contradicted = json_type(json_get(json_get(statement, "result"), "completion")) == JSON_FALSE;
    if (completion->effect == LMS_COMPLETED && contradicted)
        completion->effect = LMS_OTHER;
    if (completion->effect == LMS_OTHER) {
        reading->item->state = LMS_ITEM_IGNORED;
        reading->item->problem = "not the completion of a course";
    }
}

static struct lms_item xapi_read(struct arena *arena, const struct lms_input *input,
    const struct json *statement, struct span raw, size_t number)
{
    struct lms_item item = item_init(raw);
    struct item_reading reading = {.arena = arena, .input = input, .item = &item};
    if (!xapi_object(statement, "actor") || !xapi_object(statement, "verb") ||
        !xapi_object(statement, "object")) {
        item_unreadable(&reading, "it is not a statement: actor, verb or object is missing");
    } else {
        item.completion.event_id = xapi_text(&reading, statement, "id");
        xapi_read_actor(&reading, xapi_object(statement, "actor"));
        xapi_read_course(&reading, xapi_object(statement, "object"));
        xapi_read_result(&reading, xapi_object(statement, "result"));
        xapi_read_time(&reading, statement);
        xapi_read_effect(&reading, statement);
    }
    item_finish(&reading, input->message_id, number);
    return item;
}

struct lms_item lms_statement_item(
    struct arena *arena, const struct lms_input *input, const struct json *statement, struct span raw)
{
    return xapi_read(arena, input, statement, raw, 0);
}

struct lms_item lms_statement_undone(struct arena *arena, const struct lms_input *input,
    const struct json *statement, const char *voided_by, struct span raw)
{
    struct lms_item item = xapi_read(arena, input, statement, raw, 0);
    struct item_reading reading = {.arena = arena, .input = input, .item = &item};
    if (item.completion.effect != LMS_COMPLETED)
        return item;
    item.completion.effect = LMS_UNDONE;
    item.completion.event_id = voided_by;
    item.completion.occurred = input->now;
    item.completion.arrival = true;
    item_finish(&reading, NULL, 0);
    return item;
}

static struct lms_item xapi_unreadable(struct arena *arena, const struct lms_input *input, const char *why)
{
    struct lms_item item = item_init(input->content);
    struct item_reading reading = {.arena = arena, .input = input, .item = &item};
    item_unreadable(&reading, why);
    item_finish(&reading, input->message_id, 0);
    return item;
}

enum status xapi_parse(
    struct arena *arena, const struct lms_input *input, struct lms_envelope *ret, struct error *err)
{
    if (input->content.size > LMS_CONTENT_MAX)
        return error_set(
            err, ST_TOO_LARGE, "a body of %zu bytes, at most %d", input->content.size, LMS_CONTENT_MAX);
    const struct json *root;
    struct error why = ERROR_INIT;
    struct span text = slice_trim(slice_without_mark(input->content));
    enum status readable = json_parse(arena, text.data, text.size, &root, &why);
    bool list = !readable && json_type(root) == JSON_ARRAY;
    size_t count = list ? json_count(root) : 1;
    if (count > LMS_ITEMS_MAX)
        return error_set(err, ST_TOO_LARGE, "%zu statements in one body, at most %d", count, LMS_ITEMS_MAX);
    struct lms_item *items = ARENA_ARRAY(arena, count, struct lms_item);
    struct slice_cursor cursor = slice_open(text);
    for (size_t i = 0; list && i < count; i++) {
        struct span raw = text;
        (void)slice_next(&cursor, &raw);
        items[i] = xapi_read(arena, input, json_at(root, i), raw, count > 1 ? i + 1 : 0);
    }
    if (!list)
        items[0] =
            readable ? xapi_unreadable(arena, input, why.detail) : xapi_read(arena, input, root, text, 0);
    *ret = (struct lms_envelope){.items = items, .count = count};
    return ST_OK;
}
