#pragma once
/* The command line as data: one row a flag or command, which reads it, is --help and is the manual. */
#include "config.h"

enum { APP_OK = 0, APP_FAILED = 1, APP_MISUSED = 2 };

struct app_arguments {
    struct config_source source;
    const char *file; /* of a command that takes one */
    int (*run)(const struct app_arguments *arguments);
};

struct app_flag {
    const char *name; /* begins with "--", except commands */
    const char *letter;
    const char *argument;
    void (*take)(struct app_arguments *arguments, const char *value);
    int (*run)(const struct app_arguments *arguments); /* in place of the daemon */
    const char *doc;
};
extern const struct app_flag app_flags[];
extern const size_t app_flags_count;

/* "--config FILE" */
void app_flag_name(const struct app_flag *flag, struct buf *out);
/* NULL when the configuration is wrong, with the problems on standard error. */
struct config *app_load(const struct app_arguments *arguments);
/* Prints what `write` writes. */
int app_print(void (*write)(struct buf *out));

/* manual.c: entretiend(8) and entretiend.conf(5) */
void manual_daemon(struct buf *out);
void manual_config(struct buf *out);
/* The exit codes in words. */
extern const char app_exit_words[];

/* offline.c: one thing done to the store, then the end */
int app_create_token(const struct app_arguments *arguments);
int app_create_organisation(const struct app_arguments *arguments);
int app_migrate_store(const struct app_arguments *arguments);
int app_check_store(const struct app_arguments *arguments);
int app_rekey(const struct app_arguments *arguments);
int app_backup(const struct app_arguments *arguments);
int app_restore(const struct app_arguments *arguments);
