#pragma once
/*
 * The command line as data: one row a command, and in it one row an argument or flag, which says where its
 * value goes in the request. The tables read the command line, make the request, show the answer, and are the
 * help.
 */
#include "ctl/ctl.h"

#include <stdbool.h>
#include <stddef.h>

struct ctl;

enum value_kind {
    VALUE_TEXT,
    VALUE_INT,
    VALUE_SET,     /* a flag without a value */
    VALUE_BOOL,    /* yes or no */
    VALUE_DATE,    /* 2026-11-22 or 22/11/2026 */
    VALUE_INSTANT, /* 2026-11-22T09:00, in the organisation's zone unless it names one */
    VALUE_MINUTES, /* 45, 1h, 1h30 */
    VALUE_CENTS,   /* euros */
    VALUE_TEXTS,   /* separated by commas, or given several times */
    VALUE_FILE,
    VALUE_JSON,
    VALUE_PERSON, /* a payroll number, sent as the employee's id */
    VALUE_REVIEW, /* a review's id, or the payroll number of somebody with one review under way */
    VALUE_KINDS
};

enum place {
    PLACE_RUN, /* nowhere: the command looks at it */
    PLACE_PATH,
    PLACE_QUERY,
    PLACE_BODY
};

struct parameter {
    const char *name; /* "--date" is a flag, "NUMBER" an argument, "" is sent always */
    const char *letter;
    enum value_kind kind;
    enum place place;
    const char *to;       /* the name in path or query, the pointer in the body */
    const char *fixed;    /* what is sent for VALUE_SET and for ""; NULL = true */
    const char *argument; /* what help calls the value of a flag */
    bool optional;        /* an argument that may be left out */
    bool required;        /* a flag that may not */
    bool pairs;           /* the arguments from here on are NAME VALUE, for flags of this command */
    const char *doc;
};

enum cell {
    CELL_TEXT, /* any value: lists joined by commas */
    CELL_NUMBER,
    CELL_YES, /* "yes" or nothing */
    CELL_INSTANT,
    CELL_CENTS,
    CELL_COUNT,       /* members or elements */
    CELL_PERSON,      /* id of an employee: the payroll number */
    CELL_PERSON_NAME, /* id of an employee: the name */
};

struct column {
    const char *heading;
    const char *pointer; /* into each item */
    enum cell cell;
    bool stretch, note;
};

struct view {
    const struct column *columns;
    size_t count;
    const char *none; /* said on a terminal when there is nothing to list */
};

enum show {
    SHOW_ROWS,   /* a list or one resource as rows of the view */
    SHOW_RECORD, /* one resource, member by member */
    SHOW_BODY,   /* the answer as it is */
};

struct command {
    const char *name;    /* "review hold" */
    const char *doc;     /* one line */
    const char *request; /* "POST /v1/reviews/{id}/hold" */
    const struct parameter *parameters;
    size_t parameter_count;
    const struct view *view;
    enum show show;
    bool list;                             /* the answer has pages of items */
    bool unbound;                          /* concerns no organisation */
    const char *consumes;                  /* the body is the argument FILE, of this type */
    const char *accepts;                   /* the answer is of this type, not JSON */
    enum ctl_exit (*run)(struct ctl *ctl); /* NULL = send the request, show the answer */
};

/* Rows of parameters. */
#define ARGUMENT(label, kind_, place_, to_, text)                                                              \
    {                                                                                                          \
        .name = (label), .kind = (kind_), .place = (place_), .to = (to_), .doc = (text)                        \
    }
#define OPTIONAL(label, kind_, place_, to_, text)                                                              \
    {                                                                                                          \
        .name = (label), .kind = (kind_), .place = (place_), .to = (to_), .optional = true, .doc = (text)      \
    }
#define IN_BODY(flag, kind_, to_, text)                                                                        \
    {                                                                                                          \
        .name = (flag), .kind = (kind_), .place = PLACE_BODY, .to = (to_), .doc = (text)                       \
    }
#define NEEDED(flag, kind_, to_, text)                                                                         \
    {                                                                                                          \
        .name = (flag), .kind = (kind_), .place = PLACE_BODY, .to = (to_), .required = true, .doc = (text)     \
    }
#define IN_QUERY(flag, kind_, to_, text)                                                                       \
    {                                                                                                          \
        .name = (flag), .kind = (kind_), .place = PLACE_QUERY, .to = (to_), .doc = (text)                      \
    }
#define FROM_FILE                                                                                              \
    {                                                                                                          \
        .name = "--body", .kind = VALUE_FILE, .doc = "a JSON object with members that have no flag; flags win" \
    }
#define PAIRS                                                                                                  \
    {                                                                                                          \
        .name = "NAME VALUE", .pairs = true, .doc = "the same as --NAME VALUE; - clears it"                    \
    }

#define PARAMETERS(array) .parameters = (array), .parameter_count = sizeof(array) / sizeof((array)[0])
/* VIEW(name, "said when there is nothing", COLUMN("heading", "/pointer", .cell = CELL_...), ...); */
#define COLUMN(title, at, ...)                                                                                 \
    {                                                                                                          \
        .heading = (title), .pointer = (at), ##__VA_ARGS__                                                     \
    }
#define VIEW(name, nothing, ...)                                                                               \
    static const struct column name##_columns[] = {__VA_ARGS__};                                               \
    static const struct view name = {.columns = name##_columns,                                                \
        .count = sizeof(name##_columns) / sizeof(name##_columns[0]),                                           \
        .none = (nothing)}

struct command_group {
    const char *heading;
    const struct command *commands;
    size_t count;
};
extern const struct command_group *const command_groups[];
extern const size_t command_group_count;
/* Flags that every command takes. */
extern const struct parameter global_parameters[];
extern const size_t global_parameter_count;

/* The command that the words name; *ret_words is how many of them do. Plurals are the same as singulars, and
 * alone mean the list. NULL when there is none. */
const struct command *command_find(const char *noun, const char *verb, size_t *ret_words);
/* "duty" for "duties"; anything else stays. */
const char *command_singular(const char *noun);
/* Whether there are commands of two words that begin with it. */
bool command_begins(const char *noun);
bool parameter_is_flag(const struct parameter *parameter);
