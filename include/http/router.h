#pragma once
/*
 * Paths to targets. Patterns are literal segments and `{name}` segments; a final `{name*}` takes the rest.
 * Duplicate or ambiguous patterns are refused when added. Immutable after that, any thread.
 */
#include "http/server.h"

struct router;

struct router *router_new(void);
void router_free(struct router *router);
/* `target` is returned by a match; ST_CONFLICT names the other pattern. */
enum status router_add(
    struct router *router, enum http_method method, const char *pattern, const void *target, struct error *err);

#define ROUTER_PARAMS_MAX 6
struct router_match {
    const void *target; /* NULL: no such path, or no such method (then allow is set) */
    const char *allow;  /* "GET, HEAD, POST" when the path exists */
    unsigned count;
    struct {
        const char *name, *value;
    } params[ROUTER_PARAMS_MAX];
};
/* HEAD falls back to GET. Values are copied into the arena. */
void router_find(const struct router *router, enum http_method method, const char *path, struct arena *arena,
    struct router_match *ret);
const char *router_param(const struct router_match *match, const char *name);

/* Query strings: application/x-www-form-urlencoded, decoded; ST_SYNTAX on bad escapes, invalid UTF-8, > 64
 * pairs. */
struct query_pair {
    const char *name, *value;
};
struct query {
    struct query_pair *pairs;
    size_t count;
};
enum status query_parse(
    struct arena *arena, const char *text, size_t size, struct query *ret, struct error *err);
const char *query_get(const struct query *query, const char *name); /* NULL if absent */
