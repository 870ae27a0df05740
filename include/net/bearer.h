#pragma once
/*
 * Bearer tokens for mailboxes (RFC 6750, 7628): from a file that somebody else keeps fresh, or asked for at an
 * authorization server (RFC 6749) by a refresh token, or in the client's own name. Blocks: on a mail lane.
 */
#include "base/date.h"
#include "base/error.h"
#include "base/secret.h"

#include <stdatomic.h>

struct bearer_source {
    const char *file; /* read again each time; NULL: ask `endpoint` */
    const char *endpoint, *client_id, *scope;
    const struct secret *client_secret; /* NULL: a public client */
    const struct secret *refresh_token; /* NULL: client credentials */
    const char *ca_file;                /* NULL = the system's authorities */
    long timeout_s;
    const atomic_bool *stopping;
};

struct bearer;
struct bearer *bearer_new(const struct bearer_source *source);
void bearer_free(struct bearer *bearer);
/* A token that is still good for a minute; borrowed until the next call. ST_BUSY: why there is none. */
enum status bearer_get(struct bearer *bearer, const char **ret, struct error *err);
/* The server refused it: the next one is asked for anew. */
void bearer_forget(struct bearer *bearer);
