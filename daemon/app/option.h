#pragma once
/*
 * The configuration as data: one row an option. The table reads the file, prints it, checks it, and is the
 * reference (docs/configuration.md) and the sample (config/entretiend.conf). An option is written `section.key`
 * here and in messages, and inside `section { key = value }` in the file. Rows of a section stand together.
 */
#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;

enum option_type {
    OPTION_TEXT,     /* const char *, at most 200 characters */
    OPTION_NUMBER,   /* int64_t */
    OPTION_SIZE,     /* int64_t, bytes */
    OPTION_DURATION, /* int64_t, microseconds */
    OPTION_FLAG,     /* bool */
    OPTION_CHOICE,   /* int, an index into `names` */
    OPTION_PATH,     /* const char *, absolute */
    OPTION_FILE,     /* const char *, absolute, readable now */
    OPTION_URL,      /* const char * */
    OPTION_EMAIL,    /* const char * */
    OPTION_ADDRESS,  /* const char *, a literal IPv4 or IPv6 address */
    OPTION_ZONE,     /* const char *, a zone that base/zone can load */
    OPTION_NETWORKS, /* const char *, a list of net/address.h */
    OPTION_SECRET,   /* struct secret *, read from a file or a systemd credential */
    OPTION_SECRETS,  /* struct secrets, the same, several separated by blanks */
    OPTION_TYPES
};

enum {
    OPTION_RELOAD = 1 << 0, /* taken over by SIGHUP; the others need a restart */
    OPTION_MAY_BE_EMPTY = 1 << 1,
};

struct option {
    const char *name;
    enum option_type type;
    size_t offset;        /* of the member in struct config */
    const char *fallback; /* as it would stand in the file */
    unsigned flags;
    int64_t min, max;         /* OPTION_NUMBER, OPTION_SIZE (bytes), OPTION_DURATION (microseconds) */
    const char *const *names; /* OPTION_CHOICE, NULL-terminated */
    const char *doc;          /* one line */
};

struct option_section {
    const char *name;
    const char *doc;
};

extern const struct option options[];
extern const size_t options_count;
extern const struct option_section option_sections[];
extern const size_t option_sections_count;

/* NULL when there is none. */
const struct option *option_find(const char *name);
bool option_in_section(const struct option *option, const struct option_section *section);
/* The name without its section. */
const char *option_key(const struct option *option);

/* Reads `text` into the option's member of `config` (memory of the config's arena). The error says what was
 * expected. */
enum status option_set(const struct option *option, struct config *config, const char *text, struct error *err);
/* "a number from 0 to 65535", "one of off, file" ... */
void option_expects(const struct option *option, struct buf *out);
/* Whether a value of this type stands between quotes in the file. */
bool option_is_quoted(const struct option *option);
