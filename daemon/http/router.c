/*
 * The router: a tree of segments. Literals win over {name}, {name} over {name*}; a branch that leads nowhere is
 * left again. Built once, then read only: any thread.
 */
#include "http/router.h"

#include <string.h>

enum { ROUTER_DEPTH_MAX = 16 };

/* In the order in which they are tried. */
enum segment_kind { SEGMENT_LITERAL, SEGMENT_PARAM, SEGMENT_REST };

struct segment {
    enum segment_kind kind;
    const char *text; /* of a literal, or the name */
    size_t size;
};

struct route {
    struct route *next;
    const char *pattern;
    const void *target;
    enum http_method method;
    unsigned count, names;
    struct segment segments[ROUTER_DEPTH_MAX];
    const char *name[ROUTER_PARAMS_MAX];
};

struct node {
    struct node *next, *children;
    struct segment segment;
    const struct route *routes[HTTP_OTHER_]; /* by method */
};

struct router {
    struct arena *arena;
    struct node root;
    struct route *routes;
};

struct router *router_new(void)
{
    struct arena *arena = arena_new(0);
    struct router *router = ARENA_NEW(arena, struct router);
    router->arena = arena;
    return router;
}

void router_free(struct router *router)
{
    if (router)
        arena_free(router->arena);
}

/* ---- patterns */

static bool segment_read(const char *text, size_t size, struct segment *ret)
{
    bool braced = size > 2 && text[0] == '{' && text[size - 1] == '}';
    if (braced) {
        bool rest = text[size - 2] == '*';
        *ret = (struct segment){rest ? SEGMENT_REST : SEGMENT_PARAM, text + 1, size - (rest ? 3 : 2)};
    } else {
        *ret = (struct segment){SEGMENT_LITERAL, text, size};
    }
    return (ret->size || !braced) && !memchr(ret->text, '{', ret->size) && !memchr(ret->text, '}', ret->size);
}

static bool segment_equal(const struct segment *a, const struct segment *b)
{
    if (a->kind != b->kind || a->kind != SEGMENT_LITERAL)
        return a->kind == b->kind;
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

static enum status route_read(struct arena *arena, struct route *route, struct error *err)
{
    const char *text = route->pattern;
    if (*text != '/')
        return error_set(err, ST_INVALID, "route \"%s\" does not start with '/'", text);
    while (*text) {
        struct segment segment;
        size_t size = strcspn(++text, "/");
        if (route->count == ROUTER_DEPTH_MAX || !segment_read(text, size, &segment))
            return error_set(err, ST_INVALID, "route %s is malformed", route->pattern);
        text += size;
        if (segment.kind == SEGMENT_REST && *text)
            return error_set(err, ST_INVALID, "route %s goes on after its rest", route->pattern);
        if (segment.kind != SEGMENT_LITERAL && route->names == ROUTER_PARAMS_MAX)
            return error_set(err, ST_INVALID, "route %s has too many names", route->pattern);
        if (segment.kind != SEGMENT_LITERAL)
            route->name[route->names++] = arena_strndup(arena, segment.text, segment.size);
        route->segments[route->count++] = segment;
    }
    return ST_OK;
}

/* Whether some path matches both patterns and neither of them is the more specific one. */
static bool route_conflicts(const struct route *a, const struct route *b)
{
    bool a_asks_more = false, b_asks_more = false;
    for (unsigned i = 0; i < a->count && i < b->count; i++) {
        const struct segment *x = &a->segments[i], *y = &b->segments[i];
        if (x->kind == SEGMENT_LITERAL && y->kind == SEGMENT_LITERAL && !segment_equal(x, y))
            return false;
        a_asks_more |= x->kind < y->kind;
        b_asks_more |= y->kind < x->kind;
        if (x->kind == SEGMENT_REST || y->kind == SEGMENT_REST)
            return a_asks_more == b_asks_more;
    }
    return a->count == b->count && a_asks_more == b_asks_more;
}

static struct node *node_child(struct arena *arena, struct node *parent, const struct segment *segment)
{
    struct node **place = &parent->children;
    for (; *place && (*place)->segment.kind <= segment->kind; place = &(*place)->next)
        if (segment_equal(&(*place)->segment, segment))
            return *place;
    struct node *node = ARENA_NEW(arena, struct node);
    node->segment = *segment;
    node->next = *place;
    *place = node;
    return node;
}

enum status router_add(
    struct router *router, enum http_method method, const char *pattern, const void *target, struct error *err)
{
    struct route *route = ARENA_NEW(router->arena, struct route);
    route->pattern = arena_strdup(router->arena, pattern);
    route->method = method;
    route->target = target;
    if ((unsigned)method >= HTTP_OTHER_ || !target)
        return error_set(err, ST_INVALID, "route %s has no method or no target", pattern);
    enum status status = route_read(router->arena, route, err);
    if (status != ST_OK)
        return status;
    for (const struct route *other = router->routes; other; other = other->next)
        if (other->method == method && route_conflicts(route, other))
            return error_set(err, ST_CONFLICT, "route %s %s conflicts with %s", http_method_name(method),
                pattern, other->pattern);
    struct node *node = &router->root;
    for (unsigned i = 0; i < route->count; i++)
        node = node_child(router->arena, node, &route->segments[i]);
    node->routes[method] = route;
    route->next = router->routes;
    router->routes = route;
    return ST_OK;
}

/* ---- finding */

struct search {
    enum http_method method; /* HTTP_OTHER_: none, only gather */
    unsigned allow;          /* methods of all patterns that match the path */
    unsigned count;
    struct span values[ROUTER_DEPTH_MAX];
};

static const struct route *search_children(struct search *search, const struct node *parent, const char *path);

/* `path` starts behind the '/' of the node's own segment. */
static const struct route *search_node(struct search *search, const struct node *node, const char *path)
{
    const struct segment *segment = &node->segment;
    size_t size = segment->kind == SEGMENT_REST ? strlen(path) : strcspn(path, "/");
    if (segment->kind == SEGMENT_LITERAL && (size != segment->size || memcmp(path, segment->text, size) != 0))
        return NULL;
    if (segment->kind == SEGMENT_PARAM && !size)
        return NULL;
    unsigned count = search->count;
    if (segment->kind != SEGMENT_LITERAL)
        search->values[search->count++] = (struct span){path, size};
    const struct route *found = NULL;
    if (path[size]) {
        found = search_children(search, node, path + size + 1);
    } else {
        for (unsigned method = 0; method < HTTP_OTHER_; method++)
            search->allow |= node->routes[method] ? 1U << method : 0;
        found = search->method < HTTP_OTHER_ ? node->routes[search->method] : NULL;
    }
    if (!found)
        search->count = count;
    return found;
}

static const struct route *search_children(struct search *search, const struct node *parent, const char *path)
{
    const struct route *found = NULL;
    for (const struct node *node = parent->children; node && !found; node = node->next)
        found = search_node(search, node, path);
    return found;
}

static const char *search_allow(struct arena *arena, unsigned allow)
{
    const char *text = NULL;
    if (allow & 1U << HTTP_GET_)
        allow |= 1U << HTTP_HEAD_;
    for (enum http_method method = HTTP_GET_; method < HTTP_OTHER_; method++)
        if (allow & 1U << method)
            text =
                text ? arena_printf(arena, "%s, %s", text, http_method_name(method)) : http_method_name(method);
    return text;
}

void router_find(const struct router *router, enum http_method method, const char *path, struct arena *arena,
    struct router_match *ret)
{
    struct search search = {.method = method};
    *ret = (struct router_match){0};
    const struct route *found = *path == '/' ? search_children(&search, &router->root, path + 1) : NULL;
    if (!found && method == HTTP_HEAD_) {
        search.method = HTTP_GET_;
        found = *path == '/' ? search_children(&search, &router->root, path + 1) : NULL;
    }
    if (!found) {
        ret->allow = search_allow(arena, search.allow);
        return;
    }
    ret->target = found->target;
    ret->count = found->names;
    for (unsigned i = 0; i < found->names; i++) {
        ret->params[i].name = found->name[i];
        ret->params[i].value = arena_strndup(arena, search.values[i].data, search.values[i].size);
    }
}

const char *router_param(const struct router_match *match, const char *name)
{
    for (unsigned i = 0; i < match->count; i++)
        if (strcmp(match->params[i].name, name) == 0)
            return match->params[i].value;
    return NULL;
}
