/*
 * The OpenAPI 3.1 description, made from the route table and the field tables, so that it cannot say anything
 * else than what the daemon does. Pure; called on the loop for /openapi.json and once for --describe.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

enum { SCHEMAS_MAX = 256 };

struct schemas {
    const struct field_table *tables[SCHEMAS_MAX];
    enum field_mode modes[SCHEMAS_MAX];
    size_t count;
};

static void schemas_add(struct schemas *schemas, const struct field_table *table, enum field_mode mode)
{
    if (!table || schemas->count == SCHEMAS_MAX)
        return;
    for (size_t i = 0; i < schemas->count; i++)
        if (!strcmp(schemas->tables[i]->name, table->name))
            return;
    schemas->tables[schemas->count] = table;
    schemas->modes[schemas->count++] = mode;
    for (size_t i = 0; i < table->count; i++)
        schemas_add(schemas, table->fields[i].of, mode);
}

static void describe_reference(struct json_writer *w, const struct field_table *table)
{
    char reference[160] = "#/components/schemas/";
    strncat(reference, table->name, sizeof(reference) - strlen(reference) - 1);
    jw_open(w, '{');
    jw_member(w, "$ref", reference);
    jw_close(w, '}');
}

static void describe_list(struct json_writer *w, const struct field_table *table)
{
    jw_open(w, '{');
    jw_member(w, "type", "object");
    jw_key(w, "required");
    jw_raw(w, "[\"items\"]");
    jw_key(w, "properties");
    jw_open(w, '{');
    jw_key(w, "next");
    jw_raw(w, "{\"type\":\"string\"}");
    jw_key(w, "items");
    jw_open(w, '{');
    jw_member(w, "type", "array");
    jw_key(w, "items");
    describe_reference(w, table);
    jw_close(w, '}');
    jw_close(w, '}');
    jw_close(w, '}');
}

static void describe_content(
    struct json_writer *w, const char *media, const struct field_table *table, bool list)
{
    jw_key(w, "content");
    jw_open(w, '{');
    jw_key(w, media);
    jw_open(w, '{');
    if (table) {
        jw_key(w, "schema");
        if (list)
            describe_list(w, table);
        else
            describe_reference(w, table);
    }
    jw_close(w, '}');
    jw_close(w, '}');
}

static void describe_parameter(
    struct json_writer *w, const char *name, const char *where, bool required, const char *doc)
{
    jw_open(w, '{');
    jw_member(w, "name", name);
    jw_member(w, "in", where);
    jw_member_bool(w, "required", required);
    if (doc)
        jw_member(w, "description", doc);
    jw_key(w, "schema");
    jw_raw(w, "{\"type\":\"string\"}");
    jw_close(w, '}');
}

static void describe_path_parameters(struct json_writer *w, const char *path)
{
    for (const char *open = strchr(path, '{'); open; open = strchr(open + 1, '{')) {
        char name[64] = "";
        size_t length = strcspn(open + 1, "}*");
        memcpy(name, open + 1, length < sizeof(name) - 1 ? length : sizeof(name) - 1);
        describe_parameter(w, name, "path", true, NULL);
    }
}

static void describe_parameters(struct json_writer *w, const struct route *route)
{
    const struct field_table *query = route->op->query;
    jw_key(w, "parameters");
    jw_open(w, '[');
    describe_path_parameters(w, route->path);
    for (size_t i = 0; query && i < query->count; i++) {
        const struct field *field = &query->fields[i];
        describe_parameter(w, field->name, "query", field->flags & FIELD_REQUIRED, field->doc);
    }
    if (route->method == HTTP_POST_ && route->auth == AUTH_TOKEN)
        describe_parameter(w, "Idempotency-Key", "header", false, "Same key and body: same answer, for a day.");
    if (route->method == HTTP_PATCH_ || route->method == HTTP_DELETE_)
        describe_parameter(w, "If-Match", "header", false, "The ETag the change is based on.");
    jw_close(w, ']');
}

static void describe_answer(struct json_writer *w, const struct op *op, int status)
{
    char code[4] = {
        (char)('0' + status / 100 % 10), (char)('0' + status / 10 % 10), (char)('0' + status % 10), 0};
    jw_key(w, code);
    jw_open(w, '{');
    jw_member(w, "description", op->summary);
    if (op->output || op->produces)
        describe_content(w, op->produces ? op->produces : "application/json", op->output, op->list);
    jw_close(w, '}');
}

static void describe_answers(struct json_writer *w, const struct route *route)
{
    const struct op *op = route->op;
    jw_key(w, "responses");
    jw_open(w, '{');
    describe_answer(w, op, op->created ? op->created : 200);
    if (op->also)
        describe_answer(w, op, op->also);
    jw_key(w, "default");
    jw_raw(w, "{\"$ref\":\"#/components/responses/Problem\"}");
    jw_close(w, '}');
}

static void describe_security(struct json_writer *w, const struct route *route)
{
    jw_key(w, "security");
    jw_open(w, '[');
    if (route->auth == AUTH_TOKEN) {
        jw_open(w, '{');
        jw_key(w, "token");
        jw_open(w, '[');
        for (int i = 0; i < SCOPE_COUNT; i++)
            if (route->scopes & (1u << i))
                jw_text(w, scope_names[i]);
        jw_close(w, ']');
        jw_close(w, '}');
    }
    jw_close(w, ']');
}

static void describe_route(struct json_writer *w, const struct route *route)
{
    const struct op *op = route->op;
    char method[16] = "";
    for (size_t i = 0; i < sizeof(method) - 1 && http_method_name(route->method)[i]; i++)
        method[i] = (char)tolower((unsigned char)http_method_name(route->method)[i]);
    jw_key(w, method);
    jw_open(w, '{');
    jw_member(w, "operationId", op->name);
    jw_member(w, "summary", op->summary);
    describe_security(w, route);
    describe_parameters(w, route);
    if (op->input || op->consumes) {
        jw_key(w, "requestBody");
        jw_open(w, '{');
        jw_member_bool(w, "required", !op->body_optional);
        describe_content(w, op->consumes ? op->consumes : "application/json", op->input, false);
        jw_close(w, '}');
    }
    describe_answers(w, route);
    jw_close(w, '}');
}

static void describe_schemas(struct json_writer *w)
{
    struct schemas schemas = {.count = 0};
    for (size_t i = 0; i < routes_count; i++) {
        schemas_add(&schemas, routes[i].op->input, routes[i].op->mode);
        schemas_add(&schemas, routes[i].op->output, FIELD_MODE_STORED);
    }
    jw_key(w, "schemas");
    jw_open(w, '{');
    for (size_t i = 0; i < schemas.count; i++) {
        jw_key(w, schemas.tables[i]->name);
        field_schema(schemas.tables[i], w, schemas.modes[i]);
    }
    jw_key(w, "Problem");
    jw_raw(w,
        "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{\"type\":{\"type\":"
        "\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":"
        "\"string\"},\"request_id\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":{\"type\":"
        "\"object\",\"required\":[\"pointer\",\"detail\"],\"properties\":{\"pointer\":{\"type\":\"string\"},"
        "\"detail\":{\"type\":\"string\"}}}}}}");
    jw_close(w, '}');
}

void api_describe(struct buf *out)
{
    struct json_writer writer = json_writer(out);
    struct json_writer *w = &writer;
    jw_open(w, '{');
    jw_member(w, "openapi", "3.1.0");
    jw_key(w, "info");
    jw_open(w, '{');
    jw_member(w, "title", "entretiend");
    jw_member(w, "version", ENTRETIEND_VERSION);
    jw_close(w, '}');
    jw_key(w, "paths");
    jw_open(w, '{');
    for (size_t i = 0; i < routes_count; i++) {
        bool first = i == 0 || strcmp(routes[i].path, routes[i - 1].path) != 0;
        bool last = i + 1 == routes_count || strcmp(routes[i].path, routes[i + 1].path) != 0;
        if (first) {
            jw_key(w, routes[i].path);
            jw_open(w, '{');
        }
        describe_route(w, &routes[i]);
        if (last)
            jw_close(w, '}');
    }
    jw_close(w, '}');
    jw_key(w, "components");
    jw_open(w, '{');
    describe_schemas(w);
    jw_key(w, "securitySchemes");
    jw_raw(w, "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}");
    jw_key(w, "responses");
    jw_raw(w,
        "{\"Problem\":{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":{\"schema\":"
        "{\"$ref\":\"#/components/schemas/Problem\"}}}}}");
    jw_close(w, '}');
    jw_close(w, '}');
}

static enum status description_local(struct call *call, struct error *err)
{
    (void)err;
    api_describe(&call->body);
    return ST_OK;
}

const struct op description_get = {
    .name = "description_get", .summary = "This interface, as OpenAPI 3.1", .local = description_local};

void api_print_routes(struct buf *out)
{
    for (size_t i = 0; i < routes_count; i++) {
        buf_printf(out, "%-6s %-44s", http_method_name(routes[i].method), routes[i].path);
        for (int s = 0; s < SCOPE_COUNT; s++)
            if (routes[i].auth == AUTH_TOKEN && routes[i].scopes & (1u << s))
                buf_printf(out, " %s", scope_names[s]);
        buf_text(out, routes[i].auth == AUTH_TOKEN ? "\n" : " -\n");
    }
}
