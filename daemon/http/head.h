#pragma once
/*
 * The head of a request: request line and fields (RFC 9112 sections 2-5), read strictly. What other readers
 * would understand differently (bare line feeds, folded lines, blanks before the colon, stray controls) is
 * refused, so that no proxy in front can be led to see other requests than we do.
 */
#include "base/arena.h"
#include "http/server.h"

#include <stdbool.h>
#include <stddef.h>

enum { HEAD_FIELDS_MAX = 100, HEAD_TARGET_MAX = 8192 };

/* Why the server itself refuses; status 0 = it does not. */
struct refusal {
    int status;
    const char *detail;
};

struct head_field {
    const char *name, *value;
    size_t name_size;
};

struct head {
    enum http_method method;
    const char *target;
    int minor; /* of HTTP/1.x: 0, or 1 for anything newer */
    struct head_field *fields;
    unsigned count;
};

/* Looks for the end of the head in bytes that arrive piecemeal. Start with a zeroed struct; each call passes
 * the same bytes again and what came since. */
struct head_scan {
    size_t seen;    /* bytes looked at */
    size_t start;   /* of the request line */
    size_t line;    /* start of the current line */
    size_t end;     /* of the head with its empty line; 0 = not there yet */
    unsigned lines; /* complete ones */
};
struct refusal head_scan(struct head_scan *scan, const char *data, size_t size, size_t limit);

/* Parses a whole head, which is modified and referred to by `ret`. */
struct refusal head_parse(struct arena *arena, char *text, size_t size, struct head *ret);

/* Whether the byte may stand in a token (RFC 9110 5.6.2). */
bool head_is_token(char c);
