/* /v1/tokens: access tokens. The token itself is in the answer that creates it and nowhere else. */
#include "internal.h"

#include "base/text.h"
#include "store/employee.h"
#include "store/token.h"

#include <string.h>

struct token_body {
    const char *id, *organisation, *label, *employee, *token;
    struct list scopes;
    instant_t created_at, expires_at, last_used, revoked_at;
};

static const struct field token_fields[] = {
    {.name = "id", .type = FIELD_ID, .kind = "tok", .flags = FIELD_READ, .at = offsetof(struct token_body, id)},
    {.name = "organisation",
        .type = FIELD_TEXT,
        .flags = FIELD_READ | FIELD_NULL,
        .at = offsetof(struct token_body, organisation),
        .doc = "null: all organisations."},
    {.name = "label",
        .type = FIELD_TEXT,
        .at = offsetof(struct token_body, label),
        .max = 100,
        .doc = "What it is for."},
    {.name = "scopes",
        .type = FIELD_TEXTS,
        .flags = FIELD_REQUIRED,
        .at = offsetof(struct token_body, scopes),
        .min = 1,
        .max = SCOPE_COUNT,
        .doc = "admin, hr, read, manager, ingest, provision, audit."},
    {.name = "employee",
        .type = FIELD_ID,
        .kind = "emp",
        .at = offsetof(struct token_body, employee),
        .doc = "Of a manager token: whose team."},
    {.name = "expires_at",
        .type = FIELD_INSTANT,
        .at = offsetof(struct token_body, expires_at),
        .doc = "Never, unless told."},
    {.name = "created_at",
        .type = FIELD_INSTANT,
        .flags = FIELD_READ,
        .at = offsetof(struct token_body, created_at)},
    {.name = "last_used",
        .type = FIELD_INSTANT,
        .flags = FIELD_READ | FIELD_NULL,
        .at = offsetof(struct token_body, last_used),
        .doc = "To the minute."},
    {.name = "revoked_at",
        .type = FIELD_INSTANT,
        .flags = FIELD_READ | FIELD_NULL,
        .at = offsetof(struct token_body, revoked_at)},
    {.name = "token",
        .type = FIELD_TEXT,
        .flags = FIELD_READ,
        .at = offsetof(struct token_body, token),
        .doc = "Shown once, when it is created."},
};
static const struct field_table token_table = FIELD_TABLE("Token", struct token_body, token_fields, -1);

struct token_query {
    struct page_params page;
};
static const struct field token_query_fields[] = {PAGE_FIELDS(struct token_query)};
static const struct field_table token_query_table =
    FIELD_TABLE("TokenQuery", struct token_query, token_query_fields, -1);

static enum status scope_index(const char *name, int *ret)
{
    for (int i = 0; i < SCOPE_COUNT; i++) {
        if (!strcmp(scope_names[i], name)) {
            *ret = i;
            return ST_OK;
        }
    }
    return ST_INVALID;
}

static enum status token_parse(struct call *call, struct error *err)
{
    const struct token_body *in = call->in;
    unsigned scopes = 0;
    for (size_t i = 0; i < in->scopes.count; i++) {
        int scope = 0;
        const char *name = ((const char *const *)in->scopes.items)[i];
        if (scope_index(name, &scope) != ST_OK)
            return error_field(
                err, "/scopes", "expected some of admin, hr, read, manager, ingest, provision, audit");
        scopes |= 1u << scope;
    }
    if (!scopes)
        return error_field(err, "/scopes", "expected at least one scope");
    if ((scopes & SCOPE_MANAGER) && !in->employee)
        return error_field(err, "/employee", "a manager token needs the employee whose team it sees");
    if (in->employee && !(scopes & SCOPE_MANAGER))
        return error_field(err, "/employee", "only a manager token is bound to an employee");
    if (in->employee && !strcmp(call->organisation, "system"))
        return error_field(err, "/organisation", "a manager token belongs to one organisation");
    if (in->expires_at != INSTANT_NONE && in->expires_at <= clock_now(call->api->options.clock))
        return error_field(err, "/expires_at", "expected an instant in the future");
    return ST_OK;
}

static char *scopes_text(struct arena *arena, const struct list *scopes)
{
    char *text = arena_strdup(arena, "");
    for (size_t i = 0; i < scopes->count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? " " : "", ((const char *const *)scopes->items)[i]);
    return text;
}

static struct list scopes_list(struct arena *arena, const char *text)
{
    const char **names = ARENA_ARRAY(arena, SCOPE_COUNT, const char *);
    size_t count = 0;
    while (*text && count < SCOPE_COUNT) {
        size_t length = strcspn(text, " ");
        names[count++] = arena_strndup(arena, text, length);
        text += length + (text[length] == ' ');
    }
    return (struct list){.items = names, .count = count};
}

static struct token_body token_of(struct arena *arena, const struct token_row *row)
{
    bool all = !strcmp(row->organisation, "system");
    return (struct token_body){.id = row->id,
        .organisation = all ? NULL : arena_printf(arena, "org_%s", row->organisation),
        .label = row->label,
        .scopes = scopes_list(arena, row->scopes),
        .employee = row->employee,
        .created_at = row->created_at,
        .expires_at = row->expires_at,
        .last_used = row->last_used,
        .revoked_at = row->revoked_at};
}

static enum status token_check_employee(
    struct txn *txn, const struct call *call, const char *employee, struct error *err)
{
    char key[ORG_KEY_MAX];
    struct employee_row row;
    enum status status = ST_NOT_FOUND;
    if (!employee)
        return ST_OK;
    if (id_parse(employee, "emp", key) && strcmp(key, call->organisation) == 0)
        status = employee_get(txn_snapshot(txn), employee, &row, NULL);
    return status == ST_NOT_FOUND ? error_field(err, "/employee", "is no employee of this organisation")
                                  : status;
}

static enum status token_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct token_body *in = call->in;
    enum status status = token_check_employee(txn, call, in->employee, err);
    if (status != ST_OK)
        return status;
    char *token = secret_token(call->arena, "ent_", 32);
    struct sha256 hash = sha256(token, strlen(token));
    struct token_row row = {.scopes = scopes_text(call->arena, &in->scopes),
        .employee = in->employee,
        .label = in->label,
        .expires_at = in->expires_at,
        .last_used = INSTANT_NONE,
        .revoked_at = INSTANT_NONE};
    status = token_add(txn, &row, &hash, err);
    if (status != ST_OK)
        return status;
    row.organisation = call->organisation;
    txn_audit(txn, "token.created", row.id, arena_printf(call->arena, "{\"scopes\":\"%s\"}", row.scopes));
    struct token_body out = token_of(call->arena, &row);
    out.token = token;
    call_answer(call, &out, 0);
    call_location(call, "/v1/tokens/%s", row.id);
    return ST_OK;
}

const struct op token_create = {.name = "token_create",
    .summary = "Makes an access token; without an organisation it is for all",
    .input = &token_table,
    .output = &token_table,
    .query = &token_query_table,
    .any_organisation = true,
    .secret_answer = true,
    .created = 201,
    .parse = token_parse,
    .write = token_write};

static enum status tokens_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct token_list list;
    struct page page = call_page(call);
    enum status status = token_list(snapshot, call->organisation, &page, &list, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_items_open(call);
    for (size_t i = 0; i < list.count; i++) {
        struct token_body out = token_of(call->arena, &list.items[i]);
        field_write(&token_table, &w, &out);
    }
    call_items_close(call, &w, list.next);
    return ST_OK;
}

const struct op tokens_list = {.name = "tokens_list",
    .summary = "The tokens of an organisation, revoked ones included",
    .query = &token_query_table,
    .output = &token_table,
    .list = true,
    .any_organisation = true,
    .read = tokens_read};

static enum status token_drop(struct txn *txn, struct call *call, struct error *err)
{
    const char *id = NULL;
    enum status status = call_id(call, "id", "tok", &id, err);
    if (status == ST_OK)
        status = token_revoke(txn, id, err);
    if (status == ST_OK)
        txn_audit(txn, "token.revoked", id, NULL);
    return status;
}

static void tokens_changed(struct call *call)
{
    api_forget_tokens(call->api);
}

const struct op token_delete = {.name = "token_delete",
    .summary = "Revokes a token at once",
    .any_organisation = true,
    .created = 204,
    .write = token_drop,
    .committed = tokens_changed};
