/*
 * The settings file and the environment. A token stands in memory of its own, is wiped in the end, and is never
 * taken from the command line, where every user of the machine can read it.
 */
#include "settings.h"

#include "base/text.h"

#include <string.h>

#define SETTINGS_URL "http://127.0.0.1:8470"

struct settings_read {
    struct arena *arena;
    struct settings *settings;
};

static void settings_release(void *secret)
{
    secret_free(secret);
}

static const struct secret *settings_keep(struct arena *arena, struct secret *secret)
{
    if (secret)
        arena_defer(arena, settings_release, secret);
    return secret;
}

/* What can stand in a header field: visible ASCII. */
static bool settings_token_valid(const struct secret *token)
{
    size_t size = 0;
    const unsigned char *bytes = secret_bytes(token, &size);
    for (size_t i = 0; i < size; i++)
        if (bytes[i] <= 0x20 || bytes[i] >= 0x7F)
            return false;
    return size > 0 && size <= 4096;
}

static enum status settings_set_token(struct settings_read *to, const char *text, struct error *err)
{
    to->settings->token = settings_keep(to->arena, secret_new(text, strlen(text)));
    if (!settings_token_valid(to->settings->token))
        return error_set(err, ST_INVALID, "the token is not one line of visible characters");
    return ST_OK;
}

static enum status settings_set_token_file(struct settings_read *to, const char *text, struct error *err)
{
    to->settings->token = settings_keep(to->arena, secret_read_file(text, err));
    if (!to->settings->token)
        return ST_INVALID;
    if (!settings_token_valid(to->settings->token))
        return error_set(err, ST_INVALID, "%s does not hold one line with a token", text);
    return ST_OK;
}

static enum status settings_set_url(struct settings_read *to, const char *text, struct error *err)
{
    char *url = arena_strdup(to->arena, text);
    size_t length = strlen(url);
    while (length > 0 && url[length - 1] == '/')
        url[--length] = '\0';
    if (!url_valid(url) || strpbrk(url, "?#"))
        return error_set(err, ST_INVALID, "\"%s\" is not the URL of a server: https://host[:port]", text);
    to->settings->url = url;
    return ST_OK;
}

static enum status settings_set_organisation(struct settings_read *to, const char *text, struct error *err)
{
    (void)err;
    to->settings->organisation = arena_strdup(to->arena, text);
    return ST_OK;
}

static enum status settings_set_ca_file(struct settings_read *to, const char *text, struct error *err)
{
    (void)err;
    to->settings->ca_file = arena_strdup(to->arena, text);
    return ST_OK;
}

/* One row a setting; in each place the later rows win. */
static const struct setting {
    const char *key, *flag, *environment;
    enum status (*set)(struct settings_read *to, const char *text, struct error *err);
} settings_table[] = {
    {"url", "--url", "ENTRETIENCTL_URL", settings_set_url},
    {"organisation", "--organisation", "ENTRETIENCTL_ORGANISATION", settings_set_organisation},
    {"ca_file", "--ca-file", "ENTRETIENCTL_CA_FILE", settings_set_ca_file},
    {"token_file", "--token-file", "ENTRETIENCTL_TOKEN_FILE", settings_set_token_file},
    {"token", NULL, "ENTRETIENCTL_TOKEN", settings_set_token},
};

enum { SETTINGS = sizeof(settings_table) / sizeof(settings_table[0]) };

/* ---- the file */

static char *settings_trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
    return text;
}

static char *settings_unquote(char *text)
{
    size_t length = strlen(text);
    if (length >= 2 && (text[0] == '"' || text[0] == '\'') && text[length - 1] == text[0]) {
        text[length - 1] = '\0';
        return text + 1;
    }
    return text;
}

static enum status settings_line(struct settings_read *to, char *line, struct error *err)
{
    char *equals = strchr(line, '=');
    if (!*line || *line == '#')
        return ST_OK;
    if (!equals)
        return error_set(err, ST_INVALID, "expected key = value");
    *equals = '\0';
    const char *key = settings_trim(line);
    const char *value = settings_unquote(settings_trim(equals + 1));
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(settings_table[i].key, key) == 0)
            return *value ? settings_table[i].set(to, value, err)
                          : error_set(err, ST_INVALID, "%s is empty", key);
    return error_set(err, ST_INVALID, "unknown key %s", key);
}

enum status settings_parse(
    struct arena *arena, const char *text, size_t size, struct settings *ret, struct error *err)
{
    struct settings_read to = {.arena = arena, .settings = ret};
    unsigned number = 0;
    if (!utf8_valid(text, size))
        return error_set(err, ST_INVALID, "is not UTF-8 text");
    for (const char *end = text + size; text < end;) {
        struct error why = ERROR_INIT;
        size_t length = strcspn(text, "\n");
        char *line = arena_strndup(arena, text, length);
        enum status status = settings_line(&to, settings_trim(line), &why);
        explicit_bzero(line, length);
        number++;
        if (status != ST_OK)
            return error_set(err, ST_INVALID, "line %u: %s", number, why.detail);
        text += length + 1;
    }
    return ST_OK;
}

const char *settings_path(struct arena *arena, const char *asked, char *(*environment)(const char *name))
{
    if (asked)
        return asked;
    const char *config = environment("XDG_CONFIG_HOME");
    const char *home = environment("HOME");
    if (config && *config == '/')
        return arena_printf(arena, "%s/entretienctl.conf", config);
    return home && *home ? arena_printf(arena, "%s/.config/entretienctl.conf", home) : NULL;
}

static enum status settings_read_file(
    struct arena *arena, const char *path, bool must_exist, struct settings *ret, struct error *err)
{
    struct error why = ERROR_INIT;
    struct secret *file = secret_read_file(path, &why);
    if (!file && why.status == ST_NOT_FOUND && !must_exist)
        return ST_OK;
    if (!file)
        return error_set(err, ST_INVALID, "%s", why.detail);
    size_t size = 0;
    const char *text = (const char *)secret_bytes(file, &size);
    enum status status = settings_parse(arena, text, size, ret, &why);
    secret_free(file);
    return status == ST_OK ? ST_OK : error_set(err, ST_INVALID, "%s: %s", path, why.detail);
}

/* ---- all of them */

static enum status settings_from_environment(
    struct settings_read *to, char *(*environment)(const char *name), struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < SETTINGS; i++) {
        struct error why = ERROR_INIT;
        const char *text = environment(settings_table[i].environment);
        if (text && *text)
            status = settings_table[i].set(to, text, &why);
        if (status != ST_OK)
            return error_set(err, ST_INVALID, "%s: %s", settings_table[i].environment, why.detail);
    }
    return status;
}

static enum status settings_from_flags(
    struct settings_read *to, const struct invocation *invocation, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < SETTINGS; i++) {
        const char *flag = settings_table[i].flag;
        const char *text = flag ? invocation_text(invocation, flag) : NULL;
        if (text)
            status = settings_table[i].set(to, text, err);
    }
    return status;
}

enum status settings_read(struct arena *arena, const struct invocation *invocation,
    char *(*environment)(const char *name), struct settings *ret, struct error *err)
{
    struct settings_read to = {.arena = arena, .settings = ret};
    *ret = (struct settings){.url = SETTINGS_URL};
    const char *asked = invocation_text(invocation, "--config");
    const char *path = settings_path(arena, asked, environment);
    enum status status = path ? settings_read_file(arena, path, asked != NULL, ret, err) : ST_OK;
    if (status == ST_OK)
        status = settings_from_environment(&to, environment, err);
    if (status == ST_OK)
        status = settings_from_flags(&to, invocation, err);
    return status;
}
