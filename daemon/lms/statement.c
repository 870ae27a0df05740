/*
 * A body to statements: accepted whole or refused, each with its id, the text to keep and the keys it is found
 * by. Pure, any thread.
 */
#include "lms/statement.h"

#include "read.h"
#include "statement_check.h"
#include "xapi.h"

#include "base/crypto.h"

#include <stdio.h>
#include <string.h>

#define VERB_VOIDED "http://adlnet.gov/expapi/verbs/voided"

/* What signatures of one request may sign in all: each of them has it read again. */
enum { SIGNED_MAX = 2 * LMS_CONTENT_MAX };

/* ---- identifiers */

static const char *statement_lower(struct arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    for (char *c = out; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 32);
    return out;
}

/* RFC 9562, version 4. */
static const char *statement_new_id(struct arena *arena)
{
    uint8_t b[16];
    random_bytes(b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    const char *hex = hex_encode(arena, b, sizeof b);
    return arena_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

const char *lms_agent_key(struct arena *arena, const struct json *agent)
{
    const struct json *account = json_get(agent, "account");
    const char *mbox = check_text(agent, "mbox"), *sha1 = check_text(agent, "mbox_sha1sum");
    const char *openid = check_text(agent, "openid");
    if (mbox)
        return arena_printf(arena, "mbox %s", mbox);
    if (sha1)
        return arena_printf(arena, "sha1 %s", statement_lower(arena, sha1));
    if (openid)
        return arena_printf(arena, "openid %s", openid);
    return account ? arena_printf(
                         arena, "account %s %s", check_text(account, "homePage"), check_text(account, "name"))
                   : NULL;
}

enum status lms_agent_identifier(
    struct arena *arena, const struct json *agent, const char **ret, struct error *err)
{
    struct checking c = {.err = err, .second = true};
    check_actor(&c, agent);
    if (c.failed)
        return ST_INVALID;
    *ret = lms_agent_key(arena, agent);
    return *ret ? ST_OK : error_field(err, "", "expected an agent or an identified group");
}

/* ---- keys */

struct lms_statement_key lms_statement_key(enum lms_statement_key_kind kind, const char *value)
{
    static const char letters[] = "vraAoO", digits[] = "0123456789abcdef";
    struct sha256 hash = sha256(value, strlen(value));
    struct lms_statement_key key = {.text = {letters[kind]}};
    for (size_t i = 0; i < 16; i++) {
        key.text[1 + 2 * i] = digits[hash.bytes[i] >> 4];
        key.text[2 + 2 * i] = digits[hash.bytes[i] & 15];
    }
    return key;
}

struct keying {
    struct arena *arena;
    struct lms_statement_key *keys;
    size_t count;
};

static void key_add(struct keying *k, enum lms_statement_key_kind kind, const char *value)
{
    if (!value || k->count == LMS_STATEMENT_KEYS_MAX)
        return;
    struct lms_statement_key key = lms_statement_key(kind, value);
    for (size_t i = 0; i < k->count; i++)
        if (!memcmp(&k->keys[i], &key, sizeof key))
            return;
    k->keys[k->count++] = key;
}

static void key_agent(struct keying *k, const struct json *agent, bool direct)
{
    const char *own = lms_agent_key(k->arena, agent);
    const struct json *members = json_get(agent, "member");
    key_add(k, LMS_BY_AGENT_RELATED, own);
    if (direct)
        key_add(k, LMS_BY_AGENT, own);
    for (size_t i = 0; i < json_count(members); i++)
        key_agent(k, json_at(members, i), direct);
}

static void key_activity(struct keying *k, const struct json *activity, bool direct)
{
    key_add(k, LMS_BY_ACTIVITY_RELATED, check_text(activity, "id"));
    if (direct)
        key_add(k, LMS_BY_ACTIVITY, check_text(activity, "id"));
}

static enum status key_activities(void *context, const char *key, const struct json *value)
{
    (void)key;
    if (json_type(value) != JSON_ARRAY)
        key_activity(context, value, false);
    for (size_t i = 0; i < json_count(value) && json_type(value) == JSON_ARRAY; i++)
        key_activity(context, json_at(value, i), false);
    return ST_OK;
}

static void key_context(struct keying *k, const struct json *context)
{
    const struct json *agents = json_get(context, "contextAgents"),
                      *groups = json_get(context, "contextGroups");
    (void)json_each(json_get(context, "contextActivities"), key_activities, k);
    key_agent(k, json_get(context, "instructor"), false);
    key_agent(k, json_get(context, "team"), false);
    for (size_t i = 0; i < json_count(agents); i++)
        key_agent(k, json_get(json_at(agents, i), "agent"), false);
    for (size_t i = 0; i < json_count(groups); i++)
        key_agent(k, json_get(json_at(groups, i), "group"), false);
}

static const char *statement_target(const struct json *statement)
{
    const char *type = check_text(json_get(statement, "object"), "objectType");
    return type ? type : "Activity";
}

/* Of a statement, or of one inside it, which only counts as related. */
static void key_statement(struct keying *k, const struct json *statement, bool whole)
{
    const struct json *object = json_get(statement, "object");
    const char *target = statement_target(statement);
    key_agent(k, json_get(statement, "actor"), whole);
    if (!strcmp(target, "Activity"))
        key_activity(k, object, whole);
    else if (!strcmp(target, "Agent") || !strcmp(target, "Group"))
        key_agent(k, object, whole);
    else if (!strcmp(target, "SubStatement") && whole)
        key_statement(k, object, false);
    key_context(k, json_get(statement, "context"));
    const char *registration = check_text(json_get(statement, "context"), "registration");
    if (whole)
        key_add(k, LMS_BY_VERB, check_text(json_get(statement, "verb"), "id"));
    if (whole && registration)
        key_add(k, LMS_BY_REGISTRATION, statement_lower(k->arena, registration));
}

size_t lms_statement_keys(
    struct arena *arena, const struct json *statement, const struct lms_statement_key **ret)
{
    struct keying k = {arena, ARENA_ARRAY(arena, LMS_STATEMENT_KEYS_MAX, struct lms_statement_key), 0};
    key_statement(&k, statement, true);
    *ret = k.keys;
    return k.count;
}

/* ---- the text to keep */

struct keeping {
    struct json_writer *w;
    const struct part_table *table;
};

static void keep_object(struct json_writer *w, const struct json *object, const struct part_table *table);

/* Activities of a context are kept as lists, whatever was sent (xAPI-Data 2.4.6.2). */
static enum status keep_activities(void *context, const char *key, const struct json *value)
{
    struct json_writer *w = context;
    bool single = json_type(value) == JSON_OBJECT;
    jw_key(w, key);
    if (single)
        jw_open(w, '[');
    jw_value(w, value);
    if (single)
        jw_close(w, ']');
    return ST_OK;
}

static enum status keep_member(void *context, const char *key, const struct json *value)
{
    static const char *const ours[] = {"id", "stored", "authority", "version"};
    struct keeping *keeping = context;
    struct json_writer *w = keeping->w;
    bool top = keeping->table == &statement_parts;
    for (size_t i = 0; top && i < sizeof ours / sizeof ours[0]; i++)
        if (!strcmp(key, ours[i]))
            return ST_OK;
    jw_key(w, key);
    if (!strcmp(key, "context") && keeping->table != &context_parts)
        keep_object(w, value, &context_parts);
    else if (!strcmp(key, "object") && json_get(value, "actor"))
        keep_object(w, value, &target_substatement);
    else if (!strcmp(key, "contextActivities") && keeping->table == &context_parts) {
        jw_open(w, '{');
        (void)json_each(value, keep_activities, w);
        jw_close(w, '}');
    } else
        jw_value(w, value);
    return ST_OK;
}

static void keep_object(struct json_writer *w, const struct json *object, const struct part_table *table)
{
    struct keeping keeping = {w, table};
    jw_open(w, '{');
    (void)json_each(object, keep_member, &keeping);
    jw_close(w, '}');
}

static const char *statement_head(
    struct arena *arena, const struct lms_statements_input *input, const struct lms_statement *statement)
{
    struct keeping keeping;
    const char *version = check_text(statement->json, "version");
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    keeping = (struct keeping){&w, &statement_parts};
    jw_open(&w, '{');
    jw_member(&w, "id", statement->id);
    (void)json_each(statement->json, keep_member, &keeping);
    jw_member(&w, "version", version ? version : input->version == LMS_XAPI_1 ? "1.0.0" : "2.0.0");
    jw_key(&w, "authority");
    jw_raw(&w, input->authority);
    jw_close(&w, '}');
    return arena_strndup(arena, out.data, out.size);
}

/* ---- reading */

static void statement_fill(
    struct arena *arena, const struct lms_statements_input *input, struct lms_statement *statement)
{
    const struct json *json = statement->json;
    const char *id = check_text(json, "id"), *verb = check_text(json_get(json, "verb"), "id");
    statement->id = id ? statement_lower(arena, id) : input->id ? input->id : statement_new_id(arena);
    statement->timed = json_get(json, "timestamp") != NULL;
    if (!strcmp(statement_target(json), "StatementRef"))
        statement->refers = statement_lower(arena, check_text(json_get(json, "object"), "id"));
    statement->voids = statement->refers && !strcmp(verb, VERB_VOIDED);
    statement->head = statement_head(arena, input, statement);
    statement->key_count = lms_statement_keys(arena, json, &statement->keys);
    attached_find(arena, &input->parts, statement);
}

static enum status statement_check_ids(
    const struct lms_statements_input *input, const struct lms_statements *all, struct error *err)
{
    for (size_t i = 0; i < all->count; i++) {
        if (input->id && strcmp(all->items[i].id, input->id) != 0)
            return error_field(err, "/id", "expected the statementId of the request, %s", input->id);
        for (size_t before = 0; before < i; before++)
            if (!strcmp(all->items[before].id, all->items[i].id)) {
                char at[40];
                snprintf(at, sizeof at, "/%zu/id", i);
                return error_field(err, at, "expected an id that no other statement of the request has");
            }
    }
    return ST_OK;
}

static bool statement_accept(struct arena *arena, const struct lms_statements_input *input,
    const struct json *json, const char *at, size_t *signed_left, struct error *err)
{
    struct checking c = {.err = err, .second = input->version == LMS_XAPI_2, .parts = &input->parts};
    c.signed_left = signed_left;
    snprintf(c.at, sizeof c.at, "%s", at);
    c.length = strlen(c.at);
    check_object(&c, json, &statement_parts);
    if (!c.failed)
        check_signatures(&c, arena, json);
    return !c.failed;
}

enum status lms_statements_read(struct arena *arena, const struct lms_statements_input *input,
    struct lms_statements *ret, struct error *err)
{
    const struct json *root;
    struct span text = slice_trim(input->body);
    enum status status = json_parse(arena, text.data, text.size, &root, err);
    if (status == ST_OK)
        status = attached_check_parts(arena, &input->parts, err);
    if (status != ST_OK)
        return status;
    bool list = json_type(root) == JSON_ARRAY;
    if (list && input->id)
        return error_field(err, "", "expected one statement");
    size_t count = list ? json_count(root) : 1;
    if (count > LMS_STATEMENTS_MAX)
        return error_set(
            err, ST_TOO_LARGE, "%zu statements in one body, at most %d", count, LMS_STATEMENTS_MAX);
    struct lms_statement *items = ARENA_ARRAY(arena, count, struct lms_statement);
    struct slice_cursor cursor = slice_open(text);
    size_t signed_left = SIGNED_MAX;
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        char at[24] = "";
        if (list)
            snprintf(at, sizeof at, "/%zu", i);
        items[i] = (struct lms_statement){.json = list ? json_at(root, i) : root, .raw = text};
        if (list)
            (void)slice_next(&cursor, &items[i].raw);
        if (statement_accept(arena, input, items[i].json, at, &signed_left, err))
            statement_fill(arena, input, &items[i]);
        else
            good = false;
    }
    *ret = (struct lms_statements){.items = items, .count = count, .list = list};
    if (!good)
        return ST_INVALID;
    status = statement_check_ids(input, ret, err);
    return status == ST_OK ? attached_check_used(&input->parts, ret, err) : status;
}

bool lms_platform_states(const struct lms_platform *platform)
{
    return platform->parse == xapi_parse;
}
