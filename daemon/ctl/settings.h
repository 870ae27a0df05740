#pragma once
/* Where the server is and who asks: flags, then the environment, then the settings file. */
#include "base/arena.h"
#include "base/error.h"
#include "base/secret.h"
#include "invocation.h"

struct settings {
    const char *url;            /* without a slash at the end */
    const char *organisation;   /* id, SIREN or name; NULL = the only one the token sees */
    const char *ca_file;        /* NULL = the system's */
    const struct secret *token; /* NULL = none */
};

/* Lines of `key = value`; `#` begins a comment line, quotes around a value are removed. Keys: url, token,
 * token_file, organisation, ca_file. ST_INVALID names the line. Texts are copied into the arena, the token is
 * not: what owns it is freed with the arena. */
enum status settings_parse(
    struct arena *arena, const char *text, size_t size, struct settings *ret, struct error *err);
/* Everything together. `environment` is getenv, or a test's. ST_INVALID and what to do about it. */
enum status settings_read(struct arena *arena, const struct invocation *invocation,
    char *(*environment)(const char *name), struct settings *ret, struct error *err);
/* Of the settings file: the one asked for, or the user's own; NULL when there is no home. */
const char *settings_path(struct arena *arena, const char *asked, char *(*environment)(const char *name));
