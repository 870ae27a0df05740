/*
 * The command line: one table of flags and commands, which is also --help. Everything but the daemon itself
 * prints and ends.
 */
#include "app/app.h"

#include "api/api.h"
#include "base/log.h"
#include "base/text.h"
#include "subsystem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { APP_OK = 0, APP_FAILED = 1, APP_MISUSED = 2 };

struct app_arguments {
    struct config_source source;
    int (*run)(const struct app_arguments *arguments);
};

/* Prints what `write` writes. */
static int app_print(void (*write)(struct buf *out))
{
    BUF_AUTO out;
    buf_init(&out, 0);
    write(&out);
    fputs(out.data, stdout);
    return fflush(stdout) == 0 ? APP_OK : APP_FAILED;
}

static struct config *app_load(const struct app_arguments *arguments)
{
    BUF_AUTO problems;
    buf_init(&problems, 0);
    struct config *config = config_load(&arguments->source, &problems);
    fputs(problems.data, stderr);
    return config;
}

static int app_end(struct app *app, enum status status, const struct error *err)
{
    if (status != ST_OK)
        log_line(LOG_ERROR, app->failed ? app->failed : "entretiend", err->detail, NULL);
    free(app->base_url);
    config_free(app->config);
    return status == ST_OK ? APP_OK : APP_FAILED;
}

static int app_run(const struct app_arguments *arguments)
{
    struct error err = ERROR_INIT;
    struct app app = {.source = arguments->source, .config = app_load(arguments)};
    if (!app.config)
        return APP_MISUSED;
    return app_end(&app, instance_run(&app, subsystems, subsystems_count, &err), &err);
}

static int app_check_config(const struct app_arguments *arguments)
{
    struct config *config = app_load(arguments);
    config_free(config);
    return config ? APP_OK : APP_MISUSED;
}

static int app_print_config(const struct app_arguments *arguments)
{
    struct config *config = app_load(arguments);
    if (!config)
        return APP_MISUSED;
    BUF_AUTO out;
    buf_init(&out, 0);
    config_print(config, &out);
    fputs(out.data, stdout);
    config_free(config);
    return fflush(stdout) == 0 ? APP_OK : APP_FAILED;
}

static int app_print_reference(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(config_reference);
}

static int app_print_sample(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(config_sample);
}

static int app_print_routes(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(api_print_routes);
}

/* Does one thing to the store, which no daemon may use meanwhile. */
static int app_with_store(
    const struct app_arguments *arguments, enum status (*run)(struct app *app, struct error *err))
{
    struct error err = ERROR_INIT;
    struct app app = {.source = arguments->source, .config = app_load(arguments)};
    if (!app.config)
        return APP_MISUSED;
    return app_end(&app, instance_once(&app, offline_subsystems, offline_subsystems_count, run, &err), &err);
}

static int app_create_token(const struct app_arguments *arguments)
{
    return app_with_store(arguments, first_token_make);
}

/* Opening the store is what migrates it. */
static enum status app_say_migrated(struct app *app, struct error *err)
{
    (void)err;
    log_line(LOG_NOTICE, "store", "its schema is this program's", "file=%s", app->config->store.sqlite_file);
    return ST_OK;
}

static int app_migrate_store(const struct app_arguments *arguments)
{
    return app_with_store(arguments, app_say_migrated);
}

static void app_write_version(struct buf *out)
{
    buf_text(out, "entretiend " ENTRETIEND_VERSION "\n");
}

static int app_print_version(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(app_write_version);
}

static int app_print_help(const struct app_arguments *arguments);

static void app_take_path(struct app_arguments *arguments, const char *path)
{
    arguments->source.path = path;
}

static void app_take_set_clock(struct app_arguments *arguments, const char *nothing)
{
    (void)nothing;
    arguments->source.may_set_clock = true;
}

static const struct app_flag {
    const char *name; /* begins with "--", except commands */
    const char *letter;
    const char *argument;
    void (*take)(struct app_arguments *arguments, const char *value);
    int (*run)(const struct app_arguments *arguments); /* in place of the daemon */
    const char *doc;
} app_flags[] = {
    {"--config", "-c", "FILE", .take = app_take_path, .doc = "read FILE, not " CONFIG_DEFAULT_PATH},
    {"--allow-set-clock", .take = app_take_set_clock,
        .doc = "let clock.file set the time: tests, demonstrations"},
    {"--check-config", .run = app_check_config, .doc = "say what is wrong in the configuration"},
    {"--print-config", .run = app_print_config, .doc = "print the configuration that holds, without secrets"},
    {"--config-reference", .run = app_print_reference, .doc = "print the reference of all options"},
    {"--config-sample", .run = app_print_sample, .doc = "print a file with all options"},
    {"--routes", .run = app_print_routes, .doc = "print every route with its scopes"},
    {"create-token", .run = app_create_token, .doc = "print a new token that may do everything, then end"},
    {"migrate-store", .run = app_migrate_store, .doc = "bring the store to this program's schema, then end"},
    {"--version", .run = app_print_version, .doc = "print the version"},
    {"--help", "-h", .run = app_print_help, .doc = "print this"},
};

enum { APP_FLAGS = sizeof(app_flags) / sizeof(app_flags[0]) };

static void app_write_help(struct buf *out)
{
    buf_text(out, "usage: entretiend [FLAG...] [COMMAND]\n\nRuns the daemon in the foreground, unless told to "
                  "print or do "
                  "something else:\n\n");
    for (size_t i = 0; i < APP_FLAGS; i++) {
        const struct app_flag *flag = &app_flags[i];
        char name[64];
        snprintf(name, sizeof(name), "%s %s", flag->name, flag->argument ? flag->argument : "");
        buf_printf(out, "  %-3s %-20s %s\n", flag->letter ? flag->letter : "", name, flag->doc);
    }
}

static int app_print_help(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(app_write_help);
}

static int app_misuse(const char *what, const char *word)
{
    fprintf(stderr, "entretiend: %s %s; `entretiend --help` lists the flags\n", what, word);
    return APP_MISUSED;
}

static bool app_is_flag(const struct app_flag *flag, const char *word, size_t length)
{
    return (strncmp(flag->name, word, length) == 0 && !flag->name[length]) || text_equal(flag->letter, word);
}

static const struct app_flag *app_find_flag(const char *word, size_t length)
{
    for (size_t i = 0; i < APP_FLAGS; i++)
        if (app_is_flag(&app_flags[i], word, length))
            return &app_flags[i];
    return NULL;
}

static int app_apply(const struct app_flag *flag, const char *value, struct app_arguments *arguments)
{
    if (flag->run && arguments->run != app_run)
        return app_misuse("nothing else can be done together with", flag->name);
    if (flag->run)
        arguments->run = flag->run;
    if (flag->take)
        flag->take(arguments, value);
    return APP_OK;
}

/* APP_OK when the arguments are understood. Both `--config FILE` and `--config=FILE`. */
static int app_parse(char **words, struct app_arguments *arguments)
{
    int code = APP_OK;
    for (; *words && code == APP_OK; words++) {
        const char *value = strncmp(*words, "--", 2) == 0 ? strchr(*words, '=') : NULL;
        const struct app_flag *flag = app_find_flag(*words, value ? (size_t)(value - *words) : strlen(*words));
        if (!flag)
            return app_misuse("unknown flag", *words);
        if (value && !flag->argument)
            return app_misuse("no value is expected by", flag->name);
        if (flag->argument && !value && !words[1])
            return app_misuse("a value is expected by", flag->name);
        if (flag->argument)
            value = value ? value + 1 : *++words;
        code = app_apply(flag, value, arguments);
    }
    return code;
}

int app_main(int argc, char **argv)
{
    struct app_arguments arguments = {.run = app_run};
    int code = argc > 0 ? app_parse(argv + 1, &arguments) : APP_MISUSED;
    if (code != APP_OK)
        return code;
    if (!arguments.source.path && access(CONFIG_DEFAULT_PATH, F_OK) == 0)
        arguments.source.path = CONFIG_DEFAULT_PATH;
    return arguments.run(&arguments);
}
