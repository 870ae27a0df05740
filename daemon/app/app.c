/*
 * The command line: one table of flags and commands, which is also --help. Everything but the daemon itself
 * prints and ends.
 */
#include "app/app.h"

#include "api/api.h"
#include "arguments.h"
#include "base/log.h"
#include "base/text.h"
#include "instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int app_print(void (*write)(struct buf *out))
{
    BUF_AUTO out;
    buf_init(&out, 0);
    write(&out);
    fputs(out.data, stdout);
    return fflush(stdout) == 0 ? APP_OK : APP_FAILED;
}

struct config *app_load(const struct app_arguments *arguments)
{
    BUF_AUTO problems;
    buf_init(&problems, 0);
    struct config *config = config_load(&arguments->source, &problems);
    fputs(problems.data, stderr);
    return config;
}

static int app_run(const struct app_arguments *arguments)
{
    struct error err = ERROR_INIT;
    struct app app = {.source = arguments->source, .config = app_load(arguments)};
    if (!app.config)
        return APP_MISUSED;
    enum status status = instance_run(&app, subsystems, subsystems_count, &err);
    if (status != ST_OK)
        log_line(LOG_ERROR, app.failed ? app.failed : "entretiend", err.detail, NULL);
    free(app.base_url);
    config_free(app.config);
    return status == ST_OK ? APP_OK : APP_FAILED;
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

static int app_print_manual(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(manual_daemon);
}

static int app_print_config_manual(const struct app_arguments *arguments)
{
    (void)arguments;
    return app_print(manual_config);
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

static void app_take_file(struct app_arguments *arguments, const char *path)
{
    arguments->file = path;
}

const struct app_flag app_flags[] = {
    {"--config", "-c", "FILE", .take = app_take_path, .doc = "read FILE, not " CONFIG_DEFAULT_PATH},
    {"--allow-set-clock", .take = app_take_set_clock,
        .doc = "let clock.file set the time: tests, demonstrations"},
    {"--check-config", .run = app_check_config, .doc = "say what is wrong in the configuration"},
    {"--print-config", .run = app_print_config, .doc = "print the configuration that holds, without secrets"},
    {"--config-reference", .run = app_print_reference, .doc = "print the reference of all options"},
    {"--config-sample", .run = app_print_sample, .doc = "print a file with all options"},
    {"--routes", .run = app_print_routes, .doc = "print every route with its scopes"},
    {"create-token", .run = app_create_token, .doc = "print a new token that may do everything, then end"},
    {"create-organisation", .run = app_create_organisation,
        .doc = "make the organisation that standard input holds as JSON (the body of POST /v1/organisations), "
               "print "
               "its id"},
    {"backup", .argument = "FILE", .take = app_take_file, .run = app_backup,
        .doc = "write a verified copy of the store into the new FILE; the daemon may run"},
    {"restore", .argument = "FILE", .take = app_take_file, .run = app_restore,
        .doc = "put a backup, once verified, in the place of the store, which is kept beside it"},
    {"check-store", .run = app_check_store,
        .doc = "verify the database and every audit chain; the daemon may run"},
    {"rekey", .run = app_rekey,
        .doc = "seal anew, with the key that keys.sealing names, what keys of keys.retired have sealed"},
    {"migrate-store", .run = app_migrate_store, .doc = "bring the store to this program's schema, then end"},
    {"--manual", .run = app_print_manual, .doc = "print entretiend(8)"},
    {"--config-manual", .run = app_print_config_manual, .doc = "print entretiend.conf(5)"},
    {"--version", .run = app_print_version, .doc = "print the version"},
    {"--help", "-h", .run = app_print_help, .doc = "print this"},
};

const size_t app_flags_count = sizeof(app_flags) / sizeof(app_flags[0]);

void app_flag_name(const struct app_flag *flag, struct buf *out)
{
    buf_printf(out, "%s%s%s", flag->name, flag->argument ? " " : "", flag->argument ? flag->argument : "");
}

static void app_write_help(struct buf *out)
{
    buf_text(out, "usage: entretiend [FLAG...] [COMMAND]\n\nRuns the daemon in the foreground, unless told to "
                  "print or do something else:\n\n");
    for (size_t i = 0; i < app_flags_count; i++) {
        const struct app_flag *flag = &app_flags[i];
        BUF_AUTO name;
        buf_init(&name, 0);
        app_flag_name(flag, &name);
        buf_printf(out, "  %-3s %-20s %s\n", flag->letter ? flag->letter : "", name.data, flag->doc);
    }
    buf_printf(out, "\n%s\n", app_exit_words);
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
    for (size_t i = 0; i < app_flags_count; i++)
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
