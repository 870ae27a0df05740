/*
 * How the value of an option is read, and how its expectation is put in words: a row for each type. Runs at
 * start and on SIGHUP, on the loop thread.
 */
#include "base/number.h"
#include "base/text.h"
#include "base/zone.h"
#include "config.h"
#include "net/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct option_value {
    const struct option *option;
    struct config *config;
    const char *text;
    void *out;
};

static enum status option_refuse(const struct option_value *value, struct error *err)
{
    BUF_AUTO expected;
    buf_init(&expected, ERROR_DETAIL_MAX);
    option_expects(value->option, &expected);
    return error_set(err, ST_INVALID, "\"%.80s\" is not %s", value->text, expected.data);
}

static enum status option_read_text(const struct option_value *value, struct error *err)
{
    if (!utf8_valid(value->text, strlen(value->text)) || text_has_controls(value->text, false) ||
        utf8_length(value->text) > 200)
        return option_refuse(value, err);
    *(const char **)value->out = arena_strdup(value->config->arena, value->text);
    return ST_OK;
}

static enum status option_read_checked(
    const struct option_value *value, bool (*valid)(const char *text), struct error *err)
{
    if (!valid(value->text))
        return option_refuse(value, err);
    *(const char **)value->out = arena_strdup(value->config->arena, value->text);
    return ST_OK;
}

static enum status option_read_url(const struct option_value *value, struct error *err)
{
    return option_read_checked(value, url_valid, err);
}

static enum status option_read_email(const struct option_value *value, struct error *err)
{
    return option_read_checked(value, email_valid, err);
}

static bool option_is_address(const char *text)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static enum status option_read_address(const struct option_value *value, struct error *err)
{
    return option_read_checked(value, option_is_address, err);
}

static bool option_is_absolute(const char *text)
{
    return text[0] == '/' && !text_has_controls(text, false) && strlen(text) < 1024;
}

static enum status option_read_path(const struct option_value *value, struct error *err)
{
    return option_read_checked(value, option_is_absolute, err);
}

static enum status option_read_number(const struct option_value *value, struct error *err)
{
    if (!parse_int64(value->text, value->option->min, value->option->max, value->out))
        return option_refuse(value, err);
    return ST_OK;
}

static enum status option_read_range(
    const struct option_value *value, bool (*parse)(const char *text, int64_t *ret), struct error *err)
{
    int64_t number;
    if (!parse(value->text, &number) || number < value->option->min || number > value->option->max)
        return option_refuse(value, err);
    *(int64_t *)value->out = number;
    return ST_OK;
}

static enum status option_read_size(const struct option_value *value, struct error *err)
{
    return option_read_range(value, parse_size, err);
}

static enum status option_read_duration(const struct option_value *value, struct error *err)
{
    return option_read_range(value, parse_duration, err);
}

static enum status option_read_flag(const struct option_value *value, struct error *err)
{
    if (!text_equal(value->text, "yes") && !text_equal(value->text, "no"))
        return option_refuse(value, err);
    *(bool *)value->out = value->text[0] == 'y';
    return ST_OK;
}

static enum status option_read_choice(const struct option_value *value, struct error *err)
{
    for (int i = 0; value->option->names[i]; i++) {
        if (text_equal(value->option->names[i], value->text)) {
            *(int *)value->out = i;
            return ST_OK;
        }
    }
    return option_refuse(value, err);
}

static enum status option_read_zone(const struct option_value *value, struct error *err)
{
    if (!zone_load(value->text, NULL))
        return option_refuse(value, err);
    return option_read_text(value, err);
}

static enum status option_read_networks(const struct option_value *value, struct error *err)
{
    struct address_guard *guard;
    enum status status = address_guard_new(value->text, &guard, err);
    if (status != ST_OK)
        return status;
    address_guard_free(guard);
    *(const char **)value->out = arena_strdup(value->config->arena, value->text);
    return ST_OK;
}

static void option_forget_secret(void *secret)
{
    secret_free(secret);
}

/* Where a credential lies: in the folder systemd made for the service or, for commands given by hand, where
 * systemd takes it from (LoadCredential= in systemd.exec(5)). NULL when there is none of that name. */
static const char *option_credential(struct arena *arena, const char *name)
{
    static const char *const stores[] = {"/etc/credstore", "/run/credstore", "/usr/lib/credstore"};
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (strchr(name, '/'))
        return NULL;
    if (folder)
        return arena_printf(arena, "%s/%s", folder, name);
    for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
        const char *path = arena_printf(arena, "%s/%s", stores[i], name);
        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}

/* An absolute path, or the name of a systemd credential. */
static const char *option_file(const struct option_value *value, const char *name)
{
    return option_is_absolute(name) ? name : option_credential(value->config->arena, name);
}

static enum status option_read_file(const struct option_value *value, struct error *err)
{
    const char *path = option_file(value, value->text);
    if (!path)
        return option_refuse(value, err);
    if (access(path, R_OK) < 0)
        return error_set(err, ST_INVALID, "\"%.160s\" cannot be read: %m", value->text);
    *(const char **)value->out = arena_strdup(value->config->arena, path);
    return ST_OK;
}

static struct secret *option_load_secret(const struct option_value *value, const char *name, struct error *err)
{
    struct arena *arena = value->config->arena;
    const char *path = option_file(value, name);
    if (!path) {
        option_refuse(value, err);
        return NULL;
    }
    struct secret *secret = secret_read_file(path, err);
    if (secret)
        arena_defer(arena, option_forget_secret, secret);
    return secret;
}

static enum status option_read_secret(const struct option_value *value, struct error *err)
{
    struct secret *secret = option_load_secret(value, value->text, err);
    if (!secret)
        return ST_INVALID;
    *(const struct secret **)value->out = secret;
    return ST_OK;
}

static enum status option_read_secrets(const struct option_value *value, struct error *err)
{
    enum { MANY = 8 };
    struct arena *arena = value->config->arena;
    struct secrets secrets = {.items = ARENA_ARRAY(arena, MANY, const struct secret *)};
    char *rest = arena_strdup(arena, value->text), *name;
    while ((name = strsep(&rest, " "))) {
        if (!*name)
            continue;
        if (secrets.count == MANY)
            return error_set(err, ST_INVALID, "at most %d files are expected", MANY);
        const struct secret *secret = option_load_secret(value, name, err);
        if (!secret)
            return ST_INVALID;
        secrets.items[secrets.count++] = secret;
    }
    *(struct secrets *)value->out = secrets;
    return ST_OK;
}

static void option_expects_number(const struct option *option, struct buf *out)
{
    buf_printf(out, "a number from %lld to %lld", (long long)option->min, (long long)option->max);
}

static void option_expects_size(const struct option *option, struct buf *out)
{
    buf_text(out, "a size (bytes, KiB, MiB or GiB) from ");
    const int64_t bounds[] = {option->min, option->max};
    for (int i = 0; i < 2; i++) {
        bool mib = bounds[i] % (1024 * 1024) == 0;
        buf_printf(out, "%s%lld%s", i ? " to " : "", (long long)bounds[i] / (mib ? 1024 * 1024 : 1024),
            mib ? "MiB" : "KiB");
    }
}

enum { OPTION_DURATION_MAX = 24 };

/* In the largest unit that leaves nothing. */
static const char *option_duration(int64_t us, char out[static OPTION_DURATION_MAX])
{
    static const struct {
        int64_t us;
        const char *unit;
    } units[] = {{US_PER_DAY, "d"}, {3600 * US_PER_SEC, "h"}, {60 * US_PER_SEC, "min"}, {US_PER_SEC, "s"}};
    size_t i = 0;
    while (i < 3 && us % units[i].us != 0)
        i++;
    (void)snprintf(out, OPTION_DURATION_MAX, "%lld%s", (long long)(us / units[i].us), units[i].unit);
    return out;
}

static void option_expects_duration(const struct option *option, struct buf *out)
{
    char least[OPTION_DURATION_MAX], most[OPTION_DURATION_MAX];
    buf_printf(out, "a duration (ms, s, min, h or d) from %s to %s", option_duration(option->min, least),
        option_duration(option->max, most));
}

static void option_expects_choice(const struct option *option, struct buf *out)
{
    buf_text(out, "one of");
    for (int i = 0; option->names[i]; i++)
        buf_printf(out, "%s %s", i ? "," : "", option->names[i]);
}

static const struct option_type_row {
    enum status (*read)(const struct option_value *value, struct error *err);
    const char *expects; /* or: */
    void (*expect)(const struct option *option, struct buf *out);
    bool quoted;
} option_types[OPTION_TYPES] = {
    [OPTION_TEXT] = {option_read_text, "a text of at most 200 characters", .quoted = true},
    [OPTION_NUMBER] = {option_read_number, .expect = option_expects_number},
    [OPTION_SIZE] = {option_read_size, .expect = option_expects_size},
    [OPTION_DURATION] = {option_read_duration, .expect = option_expects_duration},
    [OPTION_FLAG] = {option_read_flag, .expects = "yes or no"},
    [OPTION_CHOICE] = {option_read_choice, .expect = option_expects_choice},
    [OPTION_PATH] = {option_read_path, "an absolute path", .quoted = true},
    [OPTION_FILE] = {option_read_file,
        "the absolute path of a readable file, or the name of a systemd credential", .quoted = true},
    [OPTION_URL] = {option_read_url, "an http or https URL", .quoted = true},
    [OPTION_EMAIL] = {option_read_email, "a mail address", .quoted = true},
    [OPTION_ADDRESS] = {option_read_address, "an IPv4 or IPv6 address", .quoted = true},
    [OPTION_ZONE] = {option_read_zone, "a time zone such as Europe/Paris", .quoted = true},
    [OPTION_NETWORKS] = {option_read_networks,
        "networks such as 10.0.0.0/8 and host names, separated by blanks", .quoted = true},
    [OPTION_SECRET] = {option_read_secret,
        "the absolute path of a file closed to others, or the name of a systemd credential", .quoted = true},
    [OPTION_SECRETS] = {option_read_secrets,
        "absolute paths of files that only their owner reads, or names of systemd credentials, separated by "
        "blanks",
        .quoted = true},
};

enum status option_set(const struct option *option, struct config *config, const char *text, struct error *err)
{
    struct option_value value = {option, config, text, (char *)config + option->offset};
    if (!*text && (option->flags & OPTION_MAY_BE_EMPTY)) {
        memset(value.out, 0, option->type == OPTION_SECRETS ? sizeof(struct secrets) : sizeof(void *));
        return ST_OK;
    }
    return option_types[option->type].read(&value, err);
}

void option_expects(const struct option *option, struct buf *out)
{
    const struct option_type_row *row = &option_types[option->type];
    if (row->expect)
        row->expect(option, out);
    else
        buf_text(out, row->expects);
}

bool option_is_quoted(const struct option *option)
{
    return option_types[option->type].quoted;
}

const char *option_key(const struct option *option)
{
    return strchr(option->name, '.') + 1;
}

bool option_in_section(const struct option *option, const struct option_section *section)
{
    size_t length = strlen(section->name);
    return strncmp(option->name, section->name, length) == 0 && option->name[length] == '.';
}

const struct option *option_find(const char *name)
{
    for (size_t i = 0; i < options_count; i++)
        if (text_equal(options[i].name, name))
            return &options[i];
    return NULL;
}
