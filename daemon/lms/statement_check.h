#pragma once
/* The shapes of a statement's parts as tables, and what walks them. */
#include "base/error.h"
#include "base/json.h"
#include "lms/statement.h"

enum part_kind {
    PART_TEXT,
    PART_IRI,
    PART_UUID,
    PART_TIME,
    PART_DURATION,
    PART_TAG, /* RFC 5646 */
    PART_MAILTO,
    PART_SHA1,
    PART_SHA2,
    PART_VERSION,
    PART_MEDIA_TYPE,
    PART_BOOL,
    PART_NUMBER,
    PART_LENGTH, /* an integer from 0 */
    PART_NAME,   /* one of `names` */
    PART_OBJECT, /* of the table `of` */
    PART_OBJECTS,
    PART_TEXTS,
    PART_IRIS,
    PART_WORDS,      /* language map */
    PART_EXTENSIONS, /* any values under IRIs */
    PART_ACTIVITIES, /* one or a list */
    PART_ACTOR,      /* Agent or Group by objectType */
    PART_TARGET,     /* the object of a statement */
    PART_MINOR,      /* the object of a SubStatement */
};

enum { PART_REQUIRED = 1 << 0, PART_SECOND = 1 << 1 /* since 2.0.0 */ };

struct part_table;
struct part {
    const char *name;
    enum part_kind kind;
    unsigned flags;
    const struct part_table *of;
    const char *const *names;
};

struct checking {
    struct error *err;
    char at[120]; /* the pointer so far */
    size_t length;
    bool second;                   /* version 2.0.0 */
    const struct lms_parts *parts; /* NULL: none */
    size_t *signed_left;           /* bytes that signatures of this request may still sign */
    bool failed;
};

struct part_table {
    const char *name; /* "an activity" */
    const struct part *parts;
    size_t count;
    void (*also)(struct checking *c, const struct json *object); /* what rows cannot say */
};

extern const struct part_table statement_parts, context_parts, agent_parts, group_parts, target_activity,
    target_statement_ref, target_substatement;

/* Notes that the value at the present pointer, or its member `name`, is wrong. */
void check_refuse(struct checking *c, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);
void check_object(struct checking *c, const struct json *object, const struct part_table *table);
void check_actor(struct checking *c, const struct json *value);
/* NULL unless there is a text of that name. */
const char *check_text(const struct json *object, const char *name);

/* statement_attached.c: the part with these data; NULL: none came. */
const struct lms_part *attached_part(const struct lms_parts *parts, const char *sha2);
/* Whether every part is what it says. */
enum status attached_check_parts(struct arena *arena, const struct lms_parts *parts, struct error *err);
/* Whether every part is somebody's. */
enum status attached_check_used(
    const struct lms_parts *parts, const struct lms_statements *statements, struct error *err);
/* The parts that belong to the statement. */
void attached_find(struct arena *arena, const struct lms_parts *parts, struct lms_statement *statement);
/* statement_signed.c: whether its signatures are of this statement. */
void check_signatures(struct checking *c, struct arena *arena, const struct json *statement);

/* statement_value.c */
bool xapi_is_duration(const char *text);
bool xapi_is_tag(const char *text);
bool xapi_is_mailto(const char *text);
bool xapi_is_sha1(const char *text);
bool xapi_is_sha2(const char *text);
bool xapi_is_media_type(const char *text);
bool xapi_is_version(const char *text);
