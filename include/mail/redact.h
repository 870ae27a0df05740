#pragma once
/*
 * Takes secret links out of messages that are kept: what was sent or came in stays readable and of the same
 * size, but opens nothing. Pure, any thread.
 */
#include "base/arena.h"

#include <stddef.h>

/* After each `path` ("/me/") that is followed by `secret` characters of base64url, these become '*'; in text as
 * it is, in quoted-printable with its soft line breaks (RFC 2045 section 6.7), and in blocks of base64. `data`
 * is changed in place; how many were found. */
unsigned mail_redact(struct arena *arena, char *data, size_t size, const char *path, size_t secret);
