#pragma once
/*
 * Field tables: one description of a struct that reads it from JSON, writes it, and describes it as JSON
 * Schema. They are how every request, answer, fact body and rule file is parsed: the table is the contract.
 *
 * A struct described by a table may hold a `struct given` member (`given_at`) that records which fields were
 * present and which were null: JSON Merge Patch (RFC 7396) needs both.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/json.h"

#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_TEXT, /* const char *, NULL = none; min and max are code points (max 0 = 200); required = not blank */
    FIELD_LINES,   /* the same, line breaks allowed (max 0 = 4000) */
    FIELD_EMAIL,   /* const char * */
    FIELD_URL,     /* const char * */
    FIELD_ID,      /* const char *; `kind` names the prefix, NULL = any */
    FIELD_DATE,    /* date_t, DATE_NONE */
    FIELD_INSTANT, /* instant_t, INSTANT_NONE */
    FIELD_PERIOD,  /* struct period, zero = none */
    FIELD_INT,    /* int64_t within min ... max (both 0 = any, max below min = no end); FIELD_INT_NONE = none */
    FIELD_BOOL,   /* int: FIELD_UNSET, 0, 1 */
    FIELD_ENUM,   /* int index into `names` (NULL-terminated); FIELD_UNSET = none */
    FIELD_OBJECT, /* const struct x *, `of` its table; NULL = none */
    FIELD_LIST, /* struct list of struct x (`of`), min ... max (0 = 1000); items NULL = none, which is not [] */
    FIELD_TEXTS, /* struct list of const char *, each at most 200 code points, min ... max (0 = 1000) */
    FIELD_JSON,  /* const struct json *, anything; points into the value that was read */
};

enum {
    FIELD_REQUIRED = 1 << 0, /* missing or null is an error, except in a patch where missing is unchanged */
    FIELD_READ = 1 << 1,     /* written in answers, refused in requests */
    FIELD_WRITE = 1 << 2,    /* accepted in requests, never written (secrets) */
    FIELD_NULL =
        1 << 3, /* written as null when unset; without it unset fields are left out (required lists: []) */
    FIELD_CREATE = 1 << 4, /* accepted when creating, refused in a patch */
};

#define FIELD_INT_NONE INT64_MIN
#define FIELD_UNSET    (-1)

struct field_table;

struct field {
    const char *name;
    enum field_type type;
    unsigned flags;
    size_t at;                    /* offsetof(struct x, member) */
    int64_t min, max;             /* see the type */
    const char *const *names;     /* FIELD_ENUM */
    const char *kind;             /* FIELD_ID */
    const struct field_table *of; /* FIELD_OBJECT, FIELD_LIST */
    const char *doc;              /* one line for the interface's description */
};

/* A row: FIELD(struct x, hired, FIELD_DATE, .flags = FIELD_REQUIRED, .doc = "..."); FIELD_AS names it otherwise
 * than the member. */
#define FIELD_AS(field_name, struct_type, member, field_type, ...)                                             \
    {                                                                                                          \
        .name = (field_name), .type = (field_type), .at = offsetof(struct_type, member), ##__VA_ARGS__         \
    }
#define FIELD(struct_type, member, field_type, ...)                                                            \
    FIELD_AS(#member, struct_type, member, field_type, ##__VA_ARGS__)

struct given {
    uint64_t present; /* bit i: fields[i] was in the input */
    uint64_t cleared; /* bit i: it was null */
};

enum { FIELD_TABLE_MAX = 64 };

struct field_table {
    const char *name; /* the schema's name, e.g. "Employee" */
    const struct field *fields;
    size_t count;  /* at most FIELD_TABLE_MAX */
    size_t size;   /* sizeof(struct x) */
    long given_at; /* offset of struct given, or -1 */
};

struct list {
    const void *items;
    size_t count;
};

#define FIELD_TABLE(table_name, struct_type, array, given_offset)                                              \
    {                                                                                                          \
        .name = (table_name), .fields = (array), .count = sizeof(array) / sizeof((array)[0]),                  \
        .size = sizeof(struct_type), .given_at = (given_offset)                                                \
    }

enum field_mode {
    FIELD_MODE_CREATE,
    FIELD_MODE_PATCH,
    FIELD_MODE_STORED /* trusted: read-only fields are read too */
};

/* Sets every member to its "none". */
void field_clear(const struct field_table *table, void *out);
/* Reads an object into a struct of the table. Unknown, missing, wrong fields: ST_INVALID with one pointer each,
 * all of them, not the first. Strings live in the arena. In a patch, nested objects whose table has `given` are
 * patches too; others, and lists, are read as when creating and replace what was there. */
enum status field_read(const struct field_table *table, struct arena *arena, const struct json *value,
    enum field_mode mode, void *out, struct error *err);
/* Parses `text` first (ST_SYNTAX when it is not JSON). */
enum status field_parse(const struct field_table *table, struct arena *arena, const char *text, size_t size,
    enum field_mode mode, void *out, struct error *err);
/* Writes the object, or only its members (to add others). FIELD_WRITE fields are left out unless `stored`,
 * which in turn leaves out what is unset. */
void field_write(const struct field_table *table, struct json_writer *w, const void *in);
void field_write_members(const struct field_table *table, struct json_writer *w, const void *in, bool stored);
/* One member's value as an answer has it: null when it has none. `in` may be NULL, for no struct at all. */
void field_write_value(const struct field *field, struct json_writer *w, const void *in);
/* Whether an answer has the member. */
bool field_is_shown(const struct field *field, const void *in);
/* One value from a text (query parameters, CSV cells): the same checks, the same sentences; texts of a list are
 * separated by commas. Objects and lists of them are refused. Several calls may add to one error. */
enum status field_read_text(
    const struct field *field, struct arena *arena, const char *text, void *out_struct, struct error *err);
/* Copies the members that `patch` gives onto `target` (same table), clearing the null ones; returns whether any
 * changed. A nested patch is completed in place with what it leaves alone and becomes the target's, whose
 * former object stays as it was; merging the same patch again elsewhere is safe. Everything is shared, nothing
 * copied: both sides live as long as the result. Look with field_check afterwards: a nested patch may have made
 * an object that lacks required fields. */
bool field_merge(const struct field_table *table, void *target, const void *patch);
/* ST_INVALID with the pointers of required fields that are none, nested ones included. */
enum status field_check(const struct field_table *table, const void *in, struct error *err);
/* Whether two structs of the table hold the same values, whatever was given. */
bool field_equal(const struct field_table *table, const void *a, const void *b);
/* JSON Schema (OpenAPI 3.1) of the table; nested tables are `$ref`s to "#/components/schemas/<name>". CREATE
 * and PATCH describe requests (nothing else is accepted), STORED describes answers (more may be added). */
void field_schema(const struct field_table *table, struct json_writer *w, enum field_mode mode);
/* Whether the input held the field, null included. A struct without `given` holds them all. */
bool field_given(const struct field_table *table, const void *in, const char *name);
