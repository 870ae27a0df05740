/*
 * Reads Authentication-Results: words and separators, comments skipped, as much of the grammar as the verdict
 * on DMARC needs. Pure, any thread.
 */
#include "auth.h"

#include <string.h>

struct auth_word {
    const char *text;
    size_t size;
};

/* Skips blanks and comments; comments may be nested and hold quoted pairs. */
static const char *auth_skip(const char *at)
{
    unsigned depth = 0;

    for (; *at != '\0'; at++) {
        if (*at == '(') {
            depth++;
        } else if (depth > 0) {
            if (*at == '\\' && at[1] != '\0')
                at++;
            else if (*at == ')')
                depth--;
        } else if (strchr(" \t\r\n", *at) == NULL) {
            break;
        }
    }
    return at;
}

/* A word or a quoted string. */
static const char *auth_word(const char *at, struct auth_word *ret)
{
    at = auth_skip(at);
    if (*at == '"') {
        ret->text = ++at;
        while (*at != '\0' && *at != '"')
            at += *at == '\\' && at[1] != '\0' ? 2 : 1;
        ret->size = (size_t)(at - ret->text);
        return *at == '"' ? at + 1 : at;
    }
    ret->text = at;
    ret->size = strcspn(at, " \t\r\n()\";=");
    return at + ret->size;
}

static bool auth_is(struct auth_word word, const char *text)
{
    return word.size == strlen(text) && strncasecmp(word.text, text, word.size) == 0;
}

static bool auth_starts(struct auth_word word, const char *text)
{
    return word.size >= strlen(text) && strncasecmp(word.text, text, strlen(text)) == 0;
}

/* One `key = value`; false at the end of the statement. */
static bool auth_pair(const char **at, struct auth_word *key, struct auth_word *value)
{
    *at = auth_skip(*at);
    if (**at == ';' || **at == '\0')
        return false;
    const char *from = *at;
    *at = auth_skip(auth_word(*at, key));
    value->text = "";
    value->size = 0;
    if (**at == '=')
        *at = auth_word(*at + 1, value);
    if (*at == from)
        (*at)++;
    return true;
}

/* Whether header.from is the domain or one above it. */
static bool auth_covers(struct auth_word from, const char *domain)
{
    size_t size = strlen(domain);

    if (from.size >= size || memchr(from.text, '.', from.size) == NULL)
        return auth_is(from, domain);
    return domain[size - from.size - 1] == '.' && auth_is(from, domain + size - from.size);
}

/* One statement, `dmarc=pass reason="..." header.from=example.org`. */
static const char *auth_statement(const char *at, const char *domain, enum mail_authenticity *ret)
{
    struct auth_word key, value;
    bool dmarc = false;
    enum mail_authenticity verdict = MAIL_AUTH_NONE;

    for (bool first = true; auth_pair(&at, &key, &value); first = false) {
        if (first && (auth_is(key, "dmarc") || auth_starts(key, "dmarc/"))) {
            dmarc = true;
            verdict = auth_is(value, "pass") ? MAIL_AUTH_PASS : MAIL_AUTH_FAIL;
        } else if (dmarc && auth_is(key, "header.from") && !auth_covers(value, domain)) {
            verdict = MAIL_AUTH_FAIL;
        }
    }
    if (dmarc)
        *ret = verdict;
    return at;
}

enum mail_authenticity mail_auth_results(const char *value, const char *authserv_id, const char *domain)
{
    enum mail_authenticity verdict = MAIL_AUTH_NONE;
    struct auth_word id;
    const char *at = auth_word(value, &id);

    if (!auth_is(id, authserv_id))
        return MAIL_AUTH_NONE;
    at = auth_skip(at);
    at += strcspn(at, ";");
    while (*at == ';' && verdict == MAIL_AUTH_NONE)
        at = auth_statement(at + 1, domain, &verdict);
    return verdict;
}
