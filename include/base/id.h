#pragma once
/*
 * Identifiers: `emp_<org>_<ulid>`: a kind, the key of the organisation, a ULID (milliseconds + 80 random bits,
 * so they sort by creation). A kind is 1-9 lower-case letters. The organisation itself is `org_<org>`. The key
 * is 10 characters, the ULID 26, both lower-case Crockford base 32. Ids of the system (tokens for all
 * organisations) carry the key "system".
 */
#include "base/arena.h"
#include "base/date.h"

#include <stdbool.h>

enum { ORG_KEY_MAX = 11, ID_MAX = 48 };

/* "emp" + organisation key -> a fresh id. Within one process each id sorts after the one made before, also when
 * `now` stands still or goes back. Kind "org" gives the id of the organisation itself. Thread safe. */
void id_new(char out[static ID_MAX], const char *kind, const char *org_key, instant_t now);
char *id_make(struct arena *arena, const char *kind, const char *org_key, instant_t now);
/* A fresh organisation key. */
void org_key_new(char out[static ORG_KEY_MAX]);
/* Derives an id from an id and a name (SHA-256, cut), the same for the same two: duties. It sorts where `of`
 * does, so that what belongs together stands together. */
char *id_derive(struct arena *arena, const char *kind, const char *org_key, const char *of, const char *name);

/* Whether `text` is an id of that kind (NULL = any kind); the organisation's key goes to ret_org unless NULL.
 */
bool id_parse(const char *text, const char *kind, char ret_org[ORG_KEY_MAX]);
bool id_valid(const char *text, const char *kind);
