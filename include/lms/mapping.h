#pragma once
/*
 * A mapping says where a body holds what: the generic platform is one written by the operator, other platforms
 * are ones built in. A reference is
 *
 *   "/user/email"   a JSON Pointer (RFC 6901) into the record
 *   "#/event/id"    the same into the whole body, when the records are in a list ("#": the body itself)
 *   "@X-Event-Id"   a header field
 *   "=565"          the text itself: what the records do not say because they were asked for by it
 *   "email"         a member of the record by its name: fields of a form
 *
 * Forms (application/x-www-form-urlencoded) become one flat record; a name given several times becomes a list.
 * Pure, any thread (zones are read once and cached by base).
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "lms/completion.h"
#include "lms/request.h"

enum lms_format { LMS_FORMAT_AUTO, LMS_FORMAT_JSON, LMS_FORMAT_FORM };

enum lms_time_format {
    LMS_TIME_ISO,     /* "2026-11-22T10:15:30Z", "+01:00", "+0100", without zone, or only a day */
    LMS_TIME_EPOCH_S, /* 1795000000, as a number or as text, fractions allowed */
    LMS_TIME_EPOCH_MS,
    LMS_TIME_DMY,     /* "22/11/2026", "22-11-2026 10:15", "22.11.2026 10:15:30" */
    LMS_TIME_MDY,     /* "11/22/2026 10:15" */
    LMS_TIME_SQL,     /* "2026-11-22 10:15:30", "2026-11-22" */
    LMS_TIME_ARRIVAL, /* the platform gives none: when it arrived */
};

enum lms_duration_unit { LMS_UNIT_HOURS, LMS_UNIT_MINUTES, LMS_UNIT_SECONDS, LMS_UNIT_ISO };

struct lms_mapping_only {
    const char *at;
    struct list values; /* of const char *, compared without case */
};

struct lms_mapping_user {
    const char *number, *email, *username, *id;
};

struct lms_mapping_course {
    const char *id, *code, *title;
};

struct lms_mapping_time {
    const char *at;
    int format;       /* enum lms_time_format */
    const char *zone; /* of times without one, NULL = UTC */
};

struct lms_mapping_status {
    const char *at;
    struct list completed, failed, undone; /* of const char *, compared without case */
};

struct lms_mapping_score {
    const char *raw, *min, *max;
    int64_t out_of; /* the maximum when the record gives none, FIELD_INT_NONE: not known */
};

struct lms_mapping_duration {
    const char *at;
    int unit; /* enum lms_duration_unit */
};

struct lms_mapping_certificate {
    const char *id, *url;
    const struct lms_mapping_time *expires;
};

struct lms_mapping {
    int format;        /* enum lms_format, FIELD_UNSET = by the Content-Type */
    struct list items; /* references into the body: the first that is there holds the records */
    const struct lms_mapping_only *only;     /* other records are ignored */
    const char *event_id;                    /* must name the event, not the enrolment */
    const struct lms_mapping_user *user;     /* at least one */
    const struct lms_mapping_course *course; /* at least an id or a title */
    const struct lms_mapping_time *occurred;
    const struct lms_mapping_status *status;
    int always; /* 1: a record without a status is a completion */
    const struct lms_mapping_score *score;
    const struct lms_mapping_duration *hours;
    const struct lms_mapping_certificate *certificate;
};
/* How the interface reads and writes it. */
extern const struct field_table lms_mapping_table;

/* What field tables cannot see: references that are none, a zone that does not exist, nothing to tell a person,
 * a course or a completion by. ST_INVALID with a pointer each ("/user", "/occurred/zone"). */
enum status lms_mapping_check(const struct lms_mapping *mapping, struct error *err);

struct lms_input {
    const char *source; /* its id: identities of different sources never meet */
    const struct lms_request *request;
    struct span content;    /* what the signature says to parse: lms_verdict.content */
    const char *message_id; /* lms_verdict.message_id: the event's id when the mapping names none */
    instant_t now;
};

/* ST_TOO_LARGE past LMS_CONTENT_MAX or LMS_ITEMS_MAX; a body that cannot be read is one unreadable item. */
enum status lms_mapping_apply(struct arena *arena, const struct lms_mapping *mapping,
    const struct lms_input *input, struct lms_envelope *ret, struct error *err);
/* The same of one record by itself, without what stood around it. */
enum status lms_mapping_apply_alone(struct arena *arena, const struct lms_mapping *mapping,
    const struct lms_input *input, struct lms_item *ret, struct error *err);
