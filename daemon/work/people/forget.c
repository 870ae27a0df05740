/*
 * What platforms have stated about somebody who is erased: found by every key that is known to be theirs, and
 * by what their completions were made of. On a write lane.
 */
#include "people/forget.h"

#include "base/json.h"
#include "internal.h"
#include "lms/completion.h"
#include "lms/statement.h"
#include "store/attachment.h"
#include "store/retention.h"
#include "store/source.h"

#include <string.h>

enum { FORGET_ITEMS = 100 };

/* A statement that a completion was made of. */
struct forgotten {
    const char *source, *id; /* NULL: it had none */
    const char *home, *name; /* of the actor's account; NULL: it has none */
};

/* With all the keys that filters found them by. */
enum status statements_forget(struct txn *txn, const struct statement_list *list, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < list->count; i++) {
        const struct statement_row *row = &list->items[i];
        const struct lms_statement_key *keys = NULL;
        const struct json *json = NULL;
        size_t count = 0;
        if (json_parse(arena, row->body, strlen(row->body), &json, NULL) == ST_OK)
            count = lms_statement_keys(arena, json, &keys);
        for (size_t k = 0; status == ST_OK && k < count; k++)
            status = statement_lose(txn, row->source, row->stored, keys[k].text, err);
        if (status == ST_OK)
            status = attachment_lose(txn, row->source, row->stored, err);
        if (status == ST_OK)
            status = statement_remove(txn, row->source, row->id, err);
    }
    return status;
}

/* An agent as statements name it, from how an alias does; NULL: no agent is named like that. */
static const struct json *statement_agent(
    struct arena *arena, const char *kind, const char *value, struct error *err)
{
    static const struct {
        enum lms_key_kind kind;
        const char *member, *before;
    } simple[] = {{LMS_KEY_EMAIL, "mbox", "mailto:"}, {LMS_KEY_EMAIL_SHA1, "mbox_sha1sum", ""},
        {LMS_KEY_OPENID, "openid", ""}};
    const char *space = strchr(value, ' ');
    const struct json *agent = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++)
        if (!strcmp(kind, lms_key_names[simple[i].kind]))
            jw_member(&w, simple[i].member, arena_printf(arena, "%s%s", simple[i].before, value));
    if (!strcmp(kind, lms_key_names[LMS_KEY_ACCOUNT]) && space) {
        jw_key(&w, "account");
        jw_open(&w, '{');
        jw_member(&w, "homePage", arena_strndup(arena, value, (size_t)(space - value)));
        jw_member(&w, "name", space + 1);
        jw_close(&w, '}');
    }
    jw_close(&w, '}');
    return json_parse(arena, text.data, text.size, &agent, err) == ST_OK ? agent : NULL;
}

/* What any platform has said of whom it knows by this key. */
static enum status statements_forget_key(
    struct txn *txn, const char *kind, const char *value, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const struct json *agent = statement_agent(arena, kind, value, err);
    const char *name = agent ? lms_agent_key(arena, agent) : NULL;
    enum status status = agent ? ST_OK : err->status;
    if (!name)
        return status;
    struct lms_statement_key key = lms_statement_key(LMS_BY_AGENT_RELATED, name);
    for (size_t found = 1; status == ST_OK && found > 0;) {
        struct statement_list list;
        status =
            statement_under(txn_snapshot(txn), txn_organisation(txn), key.text, FORGET_STATEMENTS, &list, err);
        if (status == ST_OK)
            status = statements_forget(txn, &list, err);
        found = status == ST_OK ? list.count : 0;
    }
    return status;
}

/* A key that went from one to another tells nothing of whom a statement is. */
static enum status alias_is_theirs(const struct snapshot *snapshot, const char *organisation,
    const struct alias_row *alias, bool *ret, struct error *err)
{
    const struct alias_filter filter = {.value = alias->value};
    const struct page page = {.limit = PAGE_MAX};
    struct alias_list list;
    enum status status = alias_list(snapshot, organisation, &filter, &page, &list, err);
    *ret = status == ST_OK && !list.next;
    for (size_t i = 0; *ret && i < list.count; i++)
        *ret = strcmp(list.items[i].kind, alias->kind) != 0 ||
               strcmp(list.items[i].employee, alias->employee) == 0;
    return status;
}

static enum status statements_forget_alias(struct txn *txn, const struct alias_row *alias, struct error *err)
{
    bool theirs;
    enum status status = alias_is_theirs(txn_snapshot(txn), txn_organisation(txn), alias, &theirs, err);
    return status == ST_OK && theirs ? statements_forget_key(txn, alias->kind, alias->value, err) : status;
}

/* A name without the platform it is of is found by what that platform has sent. */
static enum status statements_forget_account(
    struct txn *txn, const struct forgotten *item, const struct alias_row *alias, struct error *err)
{
    bool theirs = false;
    enum status status = ST_OK;
    if (!item->home || !item->name || (alias->source && strcmp(alias->source, item->source) != 0) ||
        strcmp(alias->value, item->name) != 0)
        return ST_OK;
    status = alias_is_theirs(txn_snapshot(txn), txn_organisation(txn), alias, &theirs, err);
    const char *account = arena_printf(txn_arena(txn), "%s %s", item->home, item->name);
    return status == ST_OK && theirs ? statements_forget_key(txn, lms_key_names[LMS_KEY_ACCOUNT], account, err)
                                     : status;
}

/* `item` NULL: all aliases, by what they say alone. */
static enum status statements_forget_aliases(
    struct txn *txn, const char *employee, const struct forgotten *item, struct error *err)
{
    const struct alias_filter filter = {.employee = employee};
    struct page page = {.limit = PAGE_MAX};
    struct alias_list list;
    enum status status;
    do {
        status = alias_list(txn_snapshot(txn), txn_organisation(txn), &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            status = item ? statements_forget_account(txn, item, &list.items[i], err)
                          : statements_forget_alias(txn, &list.items[i], err);
        page.cursor = list.next;
    } while (status == ST_OK && list.next);
    return status;
}

/* ---- by what their completions were made of */

/* Ids are kept in small letters. */
static const char *item_id(struct arena *arena, const char *id)
{
    char *lower = arena_strdup(arena, id);
    for (char *c = lower; c && *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return lower;
}

static bool item_is_statement(struct arena *arena, const struct person_item *item, struct forgotten *ret)
{
    const struct json *json = NULL;
    if (!item->raw.size || json_parse(arena, item->raw.data, item->raw.size, &json, NULL) != ST_OK)
        return false;
    const struct json *account = json_get(json_get(json, "actor"), "account");
    *ret = (struct forgotten){.source = item->source,
        .id = item_id(arena, json_text(json_get(json, "id"))),
        .home = json_text(json_get(account, "homePage")),
        .name = json_text(json_get(account, "name"))};
    return json_get(json, "actor") != NULL;
}

static enum status statements_forget_one(struct txn *txn, const struct forgotten *item, struct error *err)
{
    struct statement_row row;
    struct error missing = ERROR_INIT;
    if (!item->id)
        return ST_OK;
    enum status status =
        statement_get(txn_snapshot(txn), txn_organisation(txn), item->source, item->id, &row, &missing);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    const struct statement_list list = {.items = &row, .count = 1};
    return statements_forget(txn, &list, err);
}

static enum status statements_forget_items(struct txn *txn, const char *employee, struct error *err)
{
    struct person_item_list list;
    const char *after = "";
    enum status status;
    do {
        status =
            person_items(txn_snapshot(txn), txn_organisation(txn), employee, after, FORGET_ITEMS, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++) {
            struct forgotten item;
            after = list.items[i].id;
            if (!item_is_statement(txn_arena(txn), &list.items[i], &item))
                continue;
            status = statements_forget_one(txn, &item, err);
            if (status == ST_OK)
                status = statements_forget_aliases(txn, employee, &item, err);
        }
    } while (status == ST_OK && list.count == FORGET_ITEMS);
    return status;
}

/* Platforms write an address as it was entered, or in small letters. */
enum status statements_forget_person(struct txn *txn, const char *employee, struct error *err)
{
    struct address_list list;
    enum status status = statements_forget_aliases(txn, employee, NULL, err);
    if (status == ST_OK)
        status = person_addresses(txn_snapshot(txn), txn_organisation(txn), employee, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        status = statements_forget_key(txn, lms_key_names[LMS_KEY_EMAIL], list.items[i], err);
    return status == ST_OK ? statements_forget_items(txn, employee, err) : status;
}
