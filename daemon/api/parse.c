/*
 * From a request to the operation's structs, by its field tables, and to the organisation it works in. Loop
 * thread.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

static const struct field *query_field(const struct field_table *table, const char *name)
{
    for (size_t i = 0; table && i < table->count; i++)
        if (strcmp(table->fields[i].name, name) == 0)
            return &table->fields[i];
    return NULL;
}

/* Which of the two is meant nobody can tell. */
static enum status query_refuse_repeated(const struct query *query, struct error *err)
{
    for (size_t i = 0; i < query->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(query->pairs[i].name, query->pairs[j].name) == 0)
                return error_set(err, ST_SYNTAX,
                    "the parameter %.60s is given twice; a list is separated by commas", query->pairs[i].name);
    return ST_OK;
}

static enum status call_parse_query(struct call *call, struct error *err)
{
    const struct field_table *table = call->op->query;
    enum status status =
        query_parse(call->arena, call->query_text, strlen(call->query_text), &call->query, err);
    if (status == ST_OK)
        status = query_refuse_repeated(&call->query, err);
    if (status != ST_OK)
        return status;
    if (table) {
        call->params = arena_alloc(call->arena, table->size);
        field_clear(table, call->params);
    }
    for (size_t i = 0; i < call->query.count; i++) {
        const struct query_pair *pair = &call->query.pairs[i];
        const struct field *field = query_field(table, pair->name);
        char pointer[64];
        snprintf(pointer, sizeof(pointer), "/%.60s", pair->name);
        if (field)
            (void)field_read_text(field, call->arena, pair->value, call->params, err);
        else if (strcmp(pair->name, "organisation") != 0)
            (void)error_field(err, pointer, "unknown query parameter");
    }
    return err->count ? err->status : ST_OK;
}

/* Ids in the path name their organisation; else the token's, else ?organisation=. */
enum status call_find_organisation(struct call *call, struct error *err)
{
    char org[ORG_KEY_MAX] = "";
    const char *asked = query_get(&call->query, "organisation");
    for (unsigned i = 0; !org[0] && i < call->match.count; i++)
        if (!id_parse(call->match.params[i].value, NULL, org))
            org[0] = '\0';
    if (!org[0] && asked && !id_parse(asked, "org", org))
        return error_field(err, "/organisation", "expected the id of an organisation (org_...)");
    if (!org[0])
        memcpy(org, call->who.organisation, sizeof(org));
    if (call->who.organisation[0] && strcmp(org, call->who.organisation) != 0)
        return error_set(err, ST_NOT_FOUND, "there is no such resource here");
    memcpy(call->organisation, org, sizeof(org));
    if (!org[0])
        memcpy(call->organisation, "system", sizeof("system"));
    return ST_OK;
}

/* What the first id among the parameters or in the body says: who names an employee need not name the
 * organisation. */
static const char *call_first_id(const struct field_table *table, const void *in)
{
    for (size_t i = 0; table && in && i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (field->type != FIELD_ID || (field->kind && !strcmp(field->kind, "org")))
            continue;
        const char *id = *(const char *const *)((const char *)in + field->at);
        if (id)
            return id;
    }
    return NULL;
}

static enum status call_infer_organisation(struct call *call, struct error *err)
{
    char org[ORG_KEY_MAX];
    if (call->route->auth != AUTH_TOKEN || call->op->any_organisation ||
        strcmp(call->organisation, "system") != 0)
        return ST_OK;
    const char *id = call_first_id(call->op->query, call->params);
    if (!id)
        id = call_first_id(call->op->input, call->in);
    if (!id || !id_parse(id, NULL, org))
        return ST_OK;
    if (call->who.organisation[0] && strcmp(org, call->who.organisation) != 0)
        return error_set(err, ST_NOT_FOUND, "there is no such resource here");
    memcpy(call->organisation, org, sizeof(org));
    return ST_OK;
}

static enum status call_needs_organisation(const struct call *call, struct error *err)
{
    if (call->route->auth != AUTH_TOKEN || call->op->any_organisation ||
        strcmp(call->organisation, "system") != 0)
        return ST_OK;
    return error_field(err, "/organisation", "the token sees several organisations: add ?organisation=org_...");
}

static enum status call_refuse_media(struct call *call, const char *expected, struct error *err)
{
    call->refusal = 415;
    return error_set(err, ST_INVALID, "expected Content-Type: %s", expected);
}

static enum status call_parse_body(struct call *call, struct error *err)
{
    const struct op *op = call->op;
    if (op->consumes) {
        bool any = !strcmp(op->consumes, "*/*");
        if (!any && (!call->content_type[0] || !strstr(op->consumes, call->content_type)))
            return call_refuse_media(call, op->consumes, err);
        return ST_OK;
    }
    if (!op->input)
        return ST_OK;
    call->in = arena_alloc(call->arena, op->input->size);
    field_clear(op->input, call->in);
    if (!call->request.size && op->body_optional)
        return ST_OK;
    bool json = !strcmp(call->content_type, "application/json") ||
                (op->mode == FIELD_MODE_PATCH && !strcmp(call->content_type, "application/merge-patch+json"));
    if (!json)
        return call_refuse_media(call, "application/json", err);
    return field_parse(op->input, call->arena, call->request.data, call->request.size, op->mode, call->in, err);
}

enum status call_parse(struct call *call, struct error *err)
{
    enum status status = call_parse_query(call, err);
    if (status == ST_OK)
        status = call_find_organisation(call, err);
    if (status == ST_OK)
        status = call_parse_body(call, err);
    if (status == ST_OK)
        status = call_infer_organisation(call, err);
    if (status == ST_OK)
        status = call_needs_organisation(call, err);
    if (status == ST_OK && call->op->parse)
        status = call->op->parse(call, err);
    return status;
}
