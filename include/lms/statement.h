#pragma once
/*
 * Statements of the Experience API, versions 1.0.3 (adlnet/xAPI-Spec, Data part) and 2.0.0 (IEEE 9274.1.1), as
 * a receiver of the Statement resource reads, keeps and shows them. Strict: unknown or repeated properties,
 * nulls, wrong types and formats are refused with a pointer each. Pure, any thread; results live in the arena
 * and in the text that was read.
 */
#include "lms/completion.h"
#include "lms/parts.h"
#include "lms/platform.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

enum lms_xapi_version { LMS_XAPI_NONE, LMS_XAPI_1, LMS_XAPI_2 };
/* Of X-Experience-API-Version: "1.0", "1.0.x", "2.0", "2.0.x"; LMS_XAPI_NONE for any other. */
enum lms_xapi_version lms_xapi_version(const char *text);
/* What is answered: "1.0.3", "2.0.0". */
const char *lms_xapi_version_text(enum lms_xapi_version version);

enum {
    LMS_STATEMENTS_MAX = 500,     /* in one request */
    LMS_STATEMENT_KEY = 34,       /* characters of a key, with NUL */
    LMS_STATEMENT_KEYS_MAX = 200, /* of one statement; what is past them is not found by filters */
};

/* What filters find statements by: one letter for the kind, then a hash of the value. */
enum lms_statement_key_kind {
    LMS_BY_VERB,
    LMS_BY_REGISTRATION,
    LMS_BY_AGENT,         /* actor or object, or a member of them */
    LMS_BY_AGENT_RELATED, /* anywhere in the statement, but its authority */
    LMS_BY_ACTIVITY,      /* the object */
    LMS_BY_ACTIVITY_RELATED,
};
struct lms_statement_key {
    char text[LMS_STATEMENT_KEY];
};
struct lms_statement_key lms_statement_key(enum lms_statement_key_kind kind, const char *value);

/* All keys of a valid statement, by itself. */
size_t lms_statement_keys(
    struct arena *arena, const struct json *statement, const struct lms_statement_key **ret);

struct lms_statement {
    const char *id; /* lower case; made when the statement had none */
    const char
        *head;  /* the JSON text to keep, without `stored`, `timestamp` if it had none, and the last brace */
    bool timed; /* it had a timestamp */
    const char *refers; /* lower-case id of the statement that is its object, NULL: another object */
    bool voids;         /* it voids the statement it refers to */
    const struct lms_statement_key *keys;
    size_t key_count;
    const struct lms_part *const *attached; /* the data of its attachments that came with it, each once */
    size_t attached_count;
    const struct json *json;
    struct span raw; /* as received */
};
struct lms_statements {
    const struct lms_statement *items;
    size_t count;
    bool list; /* an array was sent */
};

struct lms_statements_input {
    struct span body;
    enum lms_xapi_version version;
    const char *authority;  /* JSON text: who says so, in place of what was sent */
    const char *id;         /* of PUT, lower case: one statement, which has this id or none; NULL: any */
    struct lms_parts parts; /* the data of attachments, which came behind the statements */
};
/* ST_SYNTAX: not JSON. ST_INVALID: pointers into the body ("/0/actor/mbox"), an id that stands twice, an
 * attachment whose data are nowhere, data that are not what they say or that no attachment names, a signature
 * of something else. ST_TOO_LARGE past LMS_STATEMENTS_MAX. */
enum status lms_statements_read(struct arena *arena, const struct lms_statements_input *input,
    struct lms_statements *ret, struct error *err);

/* Whether both say the same: differences a store may have made, or that carry no meaning (Data 2.3.1), do not
 * count. Both are valid statements. */
bool lms_statement_same(struct arena *arena, const struct json *a, const struct json *b);

/* The statement as an item of the inbox: whose and which completion it tells of. `content` of the input is not
 * looked at. */
struct lms_item lms_statement_item(
    struct arena *arena, const struct lms_input *input, const struct json *statement, struct span raw);
/* The same with the effect taken back, under the id of the statement that voids it. */
struct lms_item lms_statement_undone(struct arena *arena, const struct lms_input *input,
    const struct json *statement, const char *voided_by, struct span raw);

/* Whether a platform's own format are statements. */
bool lms_platform_states(const struct lms_platform *platform);

enum lms_statement_format { LMS_FORMAT_EXACT, LMS_FORMAT_IDS, LMS_FORMAT_CANONICAL };
/* Writes a kept statement; `languages` is the Accept-Language field, NULL = any, for LMS_FORMAT_CANONICAL. */
void lms_statement_show(struct json_writer *w, const struct json *statement, enum lms_statement_format format,
    const char *languages);

/* ---- values, as the specification writes them */
bool lms_is_uuid(const char *text);
bool lms_is_iri(const char *text);
/* ISO 8601 with a time of the day; an offset of minus zero is none. */
bool lms_is_timestamp(const char *text, instant_t *ret);
/* An Agent or an identified Group as a parameter: the identifier it is found by. ST_INVALID with pointers. */
enum status lms_agent_identifier(
    struct arena *arena, const struct json *agent, const char **ret, struct error *err);
/* Of an Agent that was accepted; NULL: an anonymous group. */
const char *lms_agent_key(struct arena *arena, const struct json *agent);
