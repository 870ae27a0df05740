/*
 * The alternate request syntax of xAPI 1.0.3 (xAPI-Communication 1.3), for browsers and long queries: a POST
 * with ?method=, whose form holds the content, the header fields and the parameters of the request it stands
 * for. Loop thread.
 */
#include "statements.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name; /* as call->headers has them */
    bool replaces;    /* what the form says goes before what the POST itself says */
} alternate_fields[] = {{"authorization", false}, {"x-experience-api-version", false}, {"content-type", true},
    {"content-length", true}, {"if-match", false}, {"if-none-match", false}};

static void alternate_header(struct call *call, const char *name, const char *value, bool replaces)
{
    struct query *headers = &call->headers;
    for (size_t i = 0; i < headers->count; i++)
        if (!strcmp(headers->pairs[i].name, name)) {
            if (replaces)
                headers->pairs[i].value = value;
            return;
        }
    struct query_pair *pairs = ARENA_ARRAY(call->arena, headers->count + 1, struct query_pair);
    if (headers->count)
        memcpy(pairs, headers->pairs, headers->count * sizeof *pairs);
    pairs[headers->count] = (struct query_pair){name, value};
    *headers = (struct query){.pairs = pairs, .count = headers->count + 1};
}

/* The form's header fields into the call; whether this was one. */
static bool alternate_is_header(struct call *call, const struct query_pair *pair)
{
    for (size_t i = 0; i < sizeof alternate_fields / sizeof alternate_fields[0]; i++)
        if (!strcasecmp(pair->name, alternate_fields[i].name)) {
            alternate_header(call, alternate_fields[i].name, pair->value, alternate_fields[i].replaces);
            return true;
        }
    return false;
}

static enum status alternate_method(struct call *call, const char *method, struct error *err)
{
    static const enum http_method methods[] = {HTTP_GET_, HTTP_PUT_, HTTP_POST_};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct router_match match;
        if (strcmp(method, http_method_name(methods[i])) != 0)
            continue;
        router_find(call->api->router, methods[i], http_path(call->exchange), call->arena, &match);
        call->match = match;
        call->route = match.target;
        call->op = call->route->op;
        return ST_OK;
    }
    return error_field(err, "/method", "expected GET, PUT or POST");
}

static bool alternate_is_second(const struct call *call)
{
    return lms_xapi_version(query_get(&call->headers, "x-experience-api-version")) == LMS_XAPI_2;
}

/* The parameters and the content. */
static enum status alternate_read(struct call *call, const struct query *form, struct error *err)
{
    const char *content = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    alternate_header(call, "content-type", "application/json", true);
    for (size_t i = 0; i < form->count; i++) {
        const struct query_pair *pair = &form->pairs[i];
        if (!strcmp(pair->name, "content") && content)
            return error_field(err, "/content", "is given twice in the form");
        if (!strcmp(pair->name, "content"))
            content = pair->value;
        else if (!alternate_is_header(call, pair)) {
            if (text.size)
                buf_char(&text, '&');
            link_escape(&text, pair->name);
            buf_char(&text, '=');
            link_escape(&text, pair->value);
        }
    }
    if (alternate_is_second(call))
        return error_set(err, ST_SYNTAX, "xAPI 2.0 has no alternate request syntax");
    if (!content && call->route->method != HTTP_GET_)
        return error_field(err, "/content", "is required in the form");
    call->query_text = arena_strdup(call->arena, text.data);
    call->request = content ? SPAN_TEXT(content) : (struct span){"", 0};
    call_set_content_type(call, query_get(&call->headers, "content-type"));
    call->if_match = query_get(&call->headers, "if-match");
    call->if_none_match = query_get(&call->headers, "if-none-match");
    return ST_OK;
}

enum status statements_alternate(struct call *call, struct error *err)
{
    struct query query, form;
    const char *text = http_query(call->exchange);
    if (call->route->method != HTTP_POST_ ||
        query_parse(call->arena, text, strlen(text), &query, NULL) != ST_OK)
        return ST_OK; /* refused later, if it has to be */
    const char *method = query_get(&query, "method");
    if (!method)
        return ST_OK;
    if (query.count > 1)
        return error_set(err, ST_SYNTAX, "with method= every other parameter belongs into the form");
    if (call->content_type[0] && strcmp(call->content_type, "application/x-www-form-urlencoded") != 0)
        return error_field(err, "/Content-Type", "expected application/x-www-form-urlencoded");
    enum status status = query_parse(call->arena, call->request.data, call->request.size, &form, err);
    if (status == ST_OK)
        status = alternate_method(call, method, err);
    return status == ST_OK ? alternate_read(call, &form, err) : status;
}
