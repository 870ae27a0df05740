#pragma once
/* Strings from strangers: checks, folding, bounded copies. */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Well-formed UTF-8 without U+0000, surrogates or values past U+10FFFF (RFC 3629). */
bool utf8_valid(const char *bytes, size_t size);
/* Number of code points of a valid string. */
size_t utf8_length(const char *text);
/* Whether there is a C0 control (other than \t \n \r when `lines`), DEL, or a C1 control. */
bool text_has_controls(const char *text, bool lines);
/* Search key: lower case, accents of Latin letters removed, blanks collapsed and trimmed ("  Éléonore
 * D'AUBIGNÉ" -> "eleonore d'aubigne"), composed or not. Typographic apostrophes and hyphens become ASCII, soft
 * hyphens and zero-width characters vanish, stray bytes become U+FFFD. Other scripts are kept as they are. */
char *text_fold(struct arena *arena, const char *text);
/* Windows-1252 to UTF-8 (WHATWG table); undefined bytes become their C1 code point. */
char *text_from_windows1252(struct arena *arena, const char *bytes, size_t size, size_t *ret_size);
/* Copies at most size - 1 bytes, never splitting a UTF-8 sequence; returns false when it was cut. */
bool text_copy(char *out, size_t size, const char *text);
bool text_equal(const char *a, const char *b); /* NULL equals NULL only */
/* A mail address fit for headers, URIs and iCalendar: one @, no byte <= 0x20 or 0x7F, no quote, comma,
 * semicolon, angle bracket or backslash, at most 254 bytes, a dot-atom local part of at most 64 and a domain of
 * labels (RFC 5321). */
bool email_valid(const char *text);
/* An absolute http or https URL without user information, controls, blanks or quotes, at most 2048 bytes (RFC
 * 3986). */
bool url_valid(const char *text);
