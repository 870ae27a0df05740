/*
 * Authorization and conditional fields; pure, any thread.
 */
#include "http/credentials.h"

#include "base/crypto.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

static const char alphanumerics[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* What follows `scheme` and its blanks, if it is nothing but a token68 (RFC 9110 11.2). */
static const char *credentials_of(const char *text, const char *scheme)
{
    size_t size = strlen(scheme);
    if (!text || strncasecmp(text, scheme, size) != 0 || text[size] != ' ')
        return NULL;
    text += size;
    text += strspn(text, " ");
    const char *p = text;
    while (*p && (strchr(alphanumerics, *p) || strchr("-._~+/", *p)))
        p++;
    size_t padding = strspn(p, "=");
    return p > text && !p[padding] ? text : NULL;
}

const char *credentials_bearer(const char *authorization)
{
    return credentials_of(authorization, "Bearer");
}

bool credentials_basic(
    struct arena *arena, const char *authorization, const char **ret_user, const char **ret_password)
{
    const char *encoded = credentials_of(authorization, "Basic");
    uint8_t *bytes;
    size_t size;
    if (!encoded || !base64_decode(arena, encoded, strlen(encoded), &bytes, &size))
        return false;
    char *user = arena_alloc(arena, size + 1);
    memcpy(user, bytes, size);
    char *colon = memchr(user, ':', size);
    if (!colon || !utf8_valid(user, size) || text_has_controls(user, false))
        return false;
    *colon = '\0';
    *ret_user = user;
    *ret_password = colon + 1;
    return true;
}

/* entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE; returns what follows it, or NULL. */
static const char *etag_read(struct arena *arena, const char *text, struct etag *ret)
{
    bool weak = strncmp(text, "W/", 2) == 0;
    const char *start = text + (weak ? 2 : 0), *end = start + 1;
    if (*start != '"')
        return NULL;
    while ((unsigned char)*end > ' ' && *end != '"' && *end != 0x7f)
        end++;
    if (*end != '"')
        return NULL;
    *ret = (struct etag){arena_strndup(arena, start, (size_t)(end + 1 - start)), weak};
    return end + 1;
}

enum status etags_parse(struct arena *arena, const char *text, struct etags *ret, struct error *err)
{
    struct etag tags[ETAGS_MAX];
    size_t count = 0;
    if (strcmp(text, "*") == 0) {
        *ret = (struct etags){.any = true};
        return ST_OK;
    }
    while (true) {
        text += strspn(text, " \t,");
        if (!*text)
            break;
        if (count == ETAGS_MAX)
            return error_set(err, ST_SYNTAX, "more than %d entity tags", ETAGS_MAX);
        text = etag_read(arena, text, &tags[count++]);
        if (text)
            text += strspn(text, " \t");
        if (!text || (*text && *text != ','))
            return error_set(err, ST_SYNTAX, "not a list of quoted entity tags");
    }
    if (!count)
        return error_set(err, ST_SYNTAX, "an empty list of entity tags");
    *ret = (struct etags){.tags = arena_copy(arena, tags, count * sizeof *tags), .count = count};
    return ST_OK;
}

static bool etags_match(const struct etags *etags, const char *current, bool weakly)
{
    bool weak = current && strncmp(current, "W/", 2) == 0;
    if (!current || etags->any)
        return current && etags->any;
    for (size_t i = 0; i < etags->count; i++)
        if ((weakly || (!weak && !etags->tags[i].weak)) &&
            strcmp(etags->tags[i].text, current + (weak ? 2 : 0)) == 0)
            return true;
    return false;
}

bool etags_match_strong(const struct etags *etags, const char *current)
{
    return etags_match(etags, current, false);
}

bool etags_match_weak(const struct etags *etags, const char *current)
{
    return etags_match(etags, current, true);
}
