#pragma once
/*
 * Strict readers of the request fields that decide who asks and on which state: Authorization (RFC 9110 11.6.2,
 * RFC 6750, RFC 7617), If-Match and If-None-Match (RFC 9110 13.1). Pure; results live in the arena or in the
 * text.
 */
#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The token of `Bearer TOKEN`, pointing into the text; NULL for NULL, another scheme, or anything but one
 * token. */
const char *credentials_bearer(const char *authorization);
/* `Basic base64(user:password)`, UTF-8 without controls; the user holds no colon, the password may. False for
 * NULL, another scheme or malformed credentials. */
bool credentials_basic(
    struct arena *arena, const char *authorization, const char **ret_user, const char **ret_password);

enum { ETAGS_MAX = 32 };

struct etag {
    const char *text; /* with its quotes, without W/ */
    bool weak;
};
struct etags {
    bool any; /* "*" */
    const struct etag *tags;
    size_t count;
};
/* A list of entity tags or "*". ST_SYNTAX on anything else, or more than ETAGS_MAX. */
enum status etags_parse(struct arena *arena, const char *text, struct etags *ret, struct error *err);
/* Whether the entity tag of the current state (quoted, NULL when there is none) is among them. If-Match
 * compares strongly, If-None-Match weakly. "*" matches any state there is. */
bool etags_match_strong(const struct etags *etags, const char *current);
bool etags_match_weak(const struct etags *etags, const char *current);
