/*
 * What a statement consists of: one table per kind of object, and the conditions between their members. From
 * xAPI-Data 2.2 to 2.4 and IEEE 9274.1.1 4.2. Pure, any thread.
 */
#include "statement_check.h"

#include <string.h>

#define PARTS(table_name, rows, condition)                                                                     \
    {                                                                                                          \
        .name = (table_name), .parts = (rows), .count = sizeof(rows) / sizeof((rows)[0]), .also = (condition)  \
    }

static const char *const type_agent[] = {"Agent", NULL};
static const char *const type_group[] = {"Group", NULL};
static const char *const type_activity[] = {"Activity", NULL};
static const char *const type_statement_ref[] = {"StatementRef", NULL};
static const char *const type_substatement[] = {"SubStatement", NULL};
static const char *const type_context_agent[] = {"contextAgent", NULL};
static const char *const type_context_group[] = {"contextGroup", NULL};

/* ---- agents */

static const struct part account_rows[] = {
    {"homePage", PART_IRI, PART_REQUIRED, NULL, NULL},
    {"name", PART_TEXT, PART_REQUIRED, NULL, NULL},
};
static const struct part_table account_parts = PARTS("an account", account_rows, NULL);

static size_t agent_identifiers(const struct json *agent)
{
    static const char *const names[] = {"mbox", "mbox_sha1sum", "openid", "account"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        count += json_get(agent, names[i]) != NULL;
    return count;
}

static void agent_also(struct checking *c, const struct json *agent)
{
    if (agent_identifiers(agent) != 1)
        check_refuse(c, NULL, "expected exactly one of mbox, mbox_sha1sum, openid, account");
}

static void group_also(struct checking *c, const struct json *group)
{
    size_t identifiers = agent_identifiers(group);
    if (identifiers > 1)
        check_refuse(c, NULL, "expected at most one of mbox, mbox_sha1sum, openid, account");
    if (!identifiers && !json_count(json_get(group, "member")))
        check_refuse(c, "member", "an anonymous group needs members");
}

#define AGENT_ROWS(types)                                                                                      \
    {"objectType", PART_NAME, 0, NULL, types}, {"name", PART_TEXT, 0, NULL, NULL},                             \
        {"mbox", PART_MAILTO, 0, NULL, NULL}, {"mbox_sha1sum", PART_SHA1, 0, NULL, NULL},                      \
        {"openid", PART_IRI, 0, NULL, NULL},                                                                   \
    {                                                                                                          \
        "account", PART_OBJECT, 0, &account_parts, NULL                                                        \
    }

static const struct part agent_rows[] = {AGENT_ROWS(type_agent)};
const struct part_table agent_parts = PARTS("an agent", agent_rows, agent_also);
static const struct part group_rows[] = {
    AGENT_ROWS(type_group), {"member", PART_OBJECTS, 0, &agent_parts, NULL}};
const struct part_table group_parts = PARTS("a group", group_rows, group_also);

/* ---- activities */

static const char *const interactions[] = {"choice", "true-false", "fill-in", "long-fill-in", "matching",
    "performance", "sequencing", "likert", "numeric", "other", NULL};
static const struct part component_rows[] = {
    {"id", PART_TEXT, PART_REQUIRED, NULL, NULL},
    {"description", PART_WORDS, 0, NULL, NULL},
};
static const struct part_table component_parts = PARTS("a component of an interaction", component_rows, NULL);
static const char *const component_lists[] = {"choices", "scale", "source", "target", "steps"};

static bool component_repeats(const struct json *list, size_t at)
{
    const char *id = check_text(json_at(list, at), "id");
    for (size_t i = 0; id && i < at; i++) {
        const char *other = check_text(json_at(list, i), "id");
        if (other && !strcmp(id, other))
            return true;
    }
    return false;
}

static void definition_also(struct checking *c, const struct json *definition)
{
    bool interaction = json_get(definition, "correctResponsesPattern") != NULL;
    for (size_t i = 0; i < sizeof component_lists / sizeof component_lists[0]; i++) {
        const struct json *list = json_get(definition, component_lists[i]);
        interaction |= list != NULL;
        for (size_t at = 1; at < json_count(list) && at < 200; at++)
            if (component_repeats(list, at))
                check_refuse(c, component_lists[i], "the id of each component must be its own");
    }
    if (interaction && !json_get(definition, "interactionType"))
        check_refuse(c, "interactionType", "is required where answers or components are given");
}

static const struct part definition_rows[] = {
    {"name", PART_WORDS, 0, NULL, NULL},
    {"description", PART_WORDS, 0, NULL, NULL},
    {"type", PART_IRI, 0, NULL, NULL},
    {"moreInfo", PART_IRI, 0, NULL, NULL},
    {"extensions", PART_EXTENSIONS, 0, NULL, NULL},
    {"interactionType", PART_NAME, 0, NULL, interactions},
    {"correctResponsesPattern", PART_TEXTS, 0, NULL, NULL},
    {"choices", PART_OBJECTS, 0, &component_parts, NULL},
    {"scale", PART_OBJECTS, 0, &component_parts, NULL},
    {"source", PART_OBJECTS, 0, &component_parts, NULL},
    {"target", PART_OBJECTS, 0, &component_parts, NULL},
    {"steps", PART_OBJECTS, 0, &component_parts, NULL},
};
static const struct part_table definition_parts = PARTS("a definition", definition_rows, definition_also);
static const struct part activity_rows[] = {
    {"objectType", PART_NAME, 0, NULL, type_activity},
    {"id", PART_IRI, PART_REQUIRED, NULL, NULL},
    {"definition", PART_OBJECT, 0, &definition_parts, NULL},
};
const struct part_table target_activity = PARTS("an activity", activity_rows, NULL);

/* ---- verb, result, context, attachments */

static const struct part verb_rows[] = {
    {"id", PART_IRI, PART_REQUIRED, NULL, NULL},
    {"display", PART_WORDS, 0, NULL, NULL},
};
static const struct part_table verb_parts = PARTS("a verb", verb_rows, NULL);

static bool score_within(const struct json *value, double low, double high)
{
    return !value || (json_real(value) >= low && json_real(value) <= high);
}

static void score_also(struct checking *c, const struct json *score)
{
    const struct json *raw = json_get(score, "raw"), *min = json_get(score, "min"),
                      *max = json_get(score, "max");
    if (!score_within(json_get(score, "scaled"), -1, 1))
        check_refuse(c, "scaled", "expected a number from -1 to 1");
    if (min && max && json_real(min) >= json_real(max))
        check_refuse(c, "min", "expected less than max");
    if (raw && ((min && json_real(raw) < json_real(min)) || (max && json_real(raw) > json_real(max))))
        check_refuse(c, "raw", "expected a number from min to max");
}

static const struct part score_rows[] = {
    {"scaled", PART_NUMBER, 0, NULL, NULL},
    {"raw", PART_NUMBER, 0, NULL, NULL},
    {"min", PART_NUMBER, 0, NULL, NULL},
    {"max", PART_NUMBER, 0, NULL, NULL},
};
static const struct part_table score_parts = PARTS("a score", score_rows, score_also);
static const struct part result_rows[] = {
    {"score", PART_OBJECT, 0, &score_parts, NULL},
    {"success", PART_BOOL, 0, NULL, NULL},
    {"completion", PART_BOOL, 0, NULL, NULL},
    {"response", PART_TEXT, 0, NULL, NULL},
    {"duration", PART_DURATION, 0, NULL, NULL},
    {"extensions", PART_EXTENSIONS, 0, NULL, NULL},
};
static const struct part_table result_parts = PARTS("a result", result_rows, NULL);

static const struct part activities_rows[] = {
    {"parent", PART_ACTIVITIES, 0, NULL, NULL},
    {"grouping", PART_ACTIVITIES, 0, NULL, NULL},
    {"category", PART_ACTIVITIES, 0, NULL, NULL},
    {"other", PART_ACTIVITIES, 0, NULL, NULL},
};
static const struct part_table activities_parts = PARTS("the activities of a context", activities_rows, NULL);
static const struct part context_agent_rows[] = {
    {"objectType", PART_NAME, PART_REQUIRED, NULL, type_context_agent},
    {"agent", PART_OBJECT, PART_REQUIRED, &agent_parts, NULL},
    {"relevantTypes", PART_IRIS, 0, NULL, NULL},
};
static const struct part_table context_agent_parts = PARTS("an agent of the context", context_agent_rows, NULL);
static const struct part context_group_rows[] = {
    {"objectType", PART_NAME, PART_REQUIRED, NULL, type_context_group},
    {"group", PART_OBJECT, PART_REQUIRED, &group_parts, NULL},
    {"relevantTypes", PART_IRIS, 0, NULL, NULL},
};
static const struct part_table context_group_parts = PARTS("a group of the context", context_group_rows, NULL);
static const struct part context_rows[] = {
    {"registration", PART_UUID, 0, NULL, NULL},
    {"instructor", PART_ACTOR, 0, NULL, NULL},
    {"team", PART_OBJECT, 0, &group_parts, NULL},
    {"contextActivities", PART_OBJECT, 0, &activities_parts, NULL},
    {"contextAgents", PART_OBJECTS, PART_SECOND, &context_agent_parts, NULL},
    {"contextGroups", PART_OBJECTS, PART_SECOND, &context_group_parts, NULL},
    {"revision", PART_TEXT, 0, NULL, NULL},
    {"platform", PART_TEXT, 0, NULL, NULL},
    {"language", PART_TAG, 0, NULL, NULL},
    {"statement", PART_OBJECT, 0, &target_statement_ref, NULL},
    {"extensions", PART_EXTENSIONS, 0, NULL, NULL},
};
const struct part_table context_parts = PARTS("a context", context_rows, NULL);

static const struct part attachment_rows[] = {
    {"usageType", PART_IRI, PART_REQUIRED, NULL, NULL},
    {"display", PART_WORDS, PART_REQUIRED, NULL, NULL},
    {"description", PART_WORDS, 0, NULL, NULL},
    {"contentType", PART_MEDIA_TYPE, PART_REQUIRED, NULL, NULL},
    {"length", PART_LENGTH, PART_REQUIRED, NULL, NULL},
    {"sha2", PART_SHA2, PART_REQUIRED, NULL, NULL},
    {"fileUrl", PART_IRI, 0, NULL, NULL},
};

/* Its data came along, or are kept elsewhere. */
static void attachment_also(struct checking *c, const struct json *attachment)
{
    const char *type = check_text(attachment, "contentType");
    const struct json *length = json_get(attachment, "length");
    const struct lms_part *part = attached_part(c->parts, check_text(attachment, "sha2"));
    if (!part && !json_get(attachment, "fileUrl"))
        check_refuse(c, "fileUrl", "is required unless a part of a multipart/mixed body has its data");
    if (part && length && json_int(length) != (int64_t)part->content.size)
        check_refuse(c, "length", "expected %zu, the size of its data", part->content.size);
    if (part && type && part->type[0] && !lms_media_same(type, part->type))
        check_refuse(c, "contentType", "expected what its part says, %.80s", part->type);
}
static const struct part_table attachment_parts = PARTS("an attachment", attachment_rows, attachment_also);

/* ---- statements */

static const struct part statement_ref_rows[] = {
    {"objectType", PART_NAME, PART_REQUIRED, NULL, type_statement_ref},
    {"id", PART_UUID, PART_REQUIRED, NULL, NULL},
};
const struct part_table target_statement_ref = PARTS("a reference to a statement", statement_ref_rows, NULL);

static bool target_is(const struct json *statement, const char *type)
{
    const char *named = check_text(json_get(statement, "object"), "objectType");
    return !strcmp(named ? named : "Activity", type);
}

static void context_also(struct checking *c, const struct json *statement)
{
    const struct json *context = json_get(statement, "context");
    if (target_is(statement, "Activity"))
        return;
    if (json_get(context, "revision"))
        check_refuse(c, "context/revision", "is only for statements about an activity");
    if (json_get(context, "platform"))
        check_refuse(c, "context/platform", "is only for statements about an activity");
}

static void statement_also(struct checking *c, const struct json *statement)
{
    const char *verb = check_text(json_get(statement, "verb"), "id");
    bool voids = verb && !strcmp(verb, "http://adlnet.gov/expapi/verbs/voided");
    context_also(c, statement);
    if (voids && !target_is(statement, "StatementRef"))
        check_refuse(c, "object/objectType", "what is voided is a StatementRef");
    const struct json *authority = json_get(statement, "authority");
    const char *type = check_text(authority, "objectType");
    bool group = type && !strcmp(type, "Group");
    if (group && (agent_identifiers(authority) || json_count(json_get(authority, "member")) != 2))
        check_refuse(c, "authority", "expected an agent, or an anonymous group of two members");
}

#define STATEMENT_ROWS                                                                                         \
    {"actor", PART_ACTOR, PART_REQUIRED, NULL, NULL}, {"verb", PART_OBJECT, PART_REQUIRED, &verb_parts, NULL}, \
        {"result", PART_OBJECT, 0, &result_parts, NULL}, {"context", PART_OBJECT, 0, &context_parts, NULL},    \
        {"timestamp", PART_TIME, 0, NULL, NULL},                                                               \
    {                                                                                                          \
        "attachments", PART_OBJECTS, 0, &attachment_parts, NULL                                                \
    }

static const struct part substatement_rows[] = {
    {"objectType", PART_NAME, PART_REQUIRED, NULL, type_substatement},
    STATEMENT_ROWS,
    {"object", PART_MINOR, PART_REQUIRED, NULL, NULL},
};
const struct part_table target_substatement = PARTS("a SubStatement", substatement_rows, context_also);
static const struct part statement_rows[] = {
    {"id", PART_UUID, 0, NULL, NULL},
    STATEMENT_ROWS,
    {"object", PART_TARGET, PART_REQUIRED, NULL, NULL},
    {"stored", PART_TIME, 0, NULL, NULL},
    {"authority", PART_ACTOR, 0, NULL, NULL},
    {"version", PART_VERSION, 0, NULL, NULL},
};
const struct part_table statement_parts = PARTS("a statement", statement_rows, statement_also);
