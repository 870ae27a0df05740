/*
 * The mapping as configuration: its field tables, and the checks they cannot make. Any thread.
 */
#include "lms/mapping.h"

#include "base/zone.h"
#include "mapping_ref.h"

#include <stdio.h>
#include <string.h>

enum { REF_MAX = 200, ITEMS_REFS_MAX = 4, STATUS_VALUES_MAX = 20 };

static const char *const lms_format_names[] = {"auto", "json", "form", NULL};
static const char *const lms_time_names[] = {
    "iso", "epoch_s", "epoch_ms", "dmy", "mdy", "sql", "arrival", NULL};
static const char *const lms_unit_names[] = {"hours", "minutes", "seconds", "iso8601", NULL};

#define REF(struct_type, member, text)                                                                         \
    {                                                                                                          \
        .name = #member, .type = FIELD_TEXT, .at = offsetof(struct struct_type, member), .max = REF_MAX,       \
        .doc = (text)                                                                                          \
    }
#define REF_REQUIRED(struct_type, member, text)                                                                \
    {                                                                                                          \
        .name = #member, .type = FIELD_TEXT, .flags = FIELD_REQUIRED,                                          \
        .at = offsetof(struct struct_type, member), .max = REF_MAX, .doc = (text)                              \
    }
#define VALUES(struct_type, member, text)                                                                      \
    {                                                                                                          \
        .name = #member, .type = FIELD_TEXTS, .at = offsetof(struct struct_type, member),                      \
        .max = STATUS_VALUES_MAX, .doc = (text)                                                                \
    }

static const struct field only_fields[] = {
    REF_REQUIRED(lms_mapping_only, at, "Where the kind of event is"),
    VALUES(lms_mapping_only, values, "The kinds that are read; others are kept and ignored"),
};
static const struct field_table only_table =
    FIELD_TABLE("MappingOnly", struct lms_mapping_only, only_fields, -1);

static const struct field user_fields[] = {
    REF(lms_mapping_user, number, "The payroll number"),
    REF(lms_mapping_user, email, "The mail address"),
    REF(lms_mapping_user, username, "The login"),
    REF(lms_mapping_user, id, "The platform's own id of the person"),
};
static const struct field_table user_table =
    FIELD_TABLE("MappingUser", struct lms_mapping_user, user_fields, -1);

static const struct field course_fields[] = {
    REF(lms_mapping_course, id, "The platform's id of the course"),
    REF(lms_mapping_course, code, "Its code in the organisation"),
    REF(lms_mapping_course, title, "Its title"),
};
static const struct field_table course_table =
    FIELD_TABLE("MappingCourse", struct lms_mapping_course, course_fields, -1);

static const struct field time_fields[] = {
    REF(lms_mapping_time, at, "Where the time is"),
    {.name = "format",
        .type = FIELD_ENUM,
        .at = offsetof(struct lms_mapping_time, format),
        .names = lms_time_names,
        .doc = "How it is written (iso)"},
    {.name = "zone",
        .type = FIELD_TEXT,
        .at = offsetof(struct lms_mapping_time, zone),
        .max = 60,
        .doc = "The zone of times without one (UTC)"},
};
static const struct field_table time_table =
    FIELD_TABLE("MappingTime", struct lms_mapping_time, time_fields, -1);

static const struct field status_fields[] = {
    REF_REQUIRED(lms_mapping_status, at, "Where the status is"),
    VALUES(lms_mapping_status, completed, "Values that mean completed"),
    VALUES(lms_mapping_status, failed, "Values that mean failed"),
    VALUES(lms_mapping_status, undone, "Values that take a completion back"),
};
static const struct field_table status_table =
    FIELD_TABLE("MappingStatus", struct lms_mapping_status, status_fields, -1);

static const struct field score_fields[] = {
    REF_REQUIRED(lms_mapping_score, raw, "The points"),
    REF(lms_mapping_score, min, "The least possible"),
    REF(lms_mapping_score, max, "The most possible"),
    {.name = "out_of",
        .type = FIELD_INT,
        .at = offsetof(struct lms_mapping_score, out_of),
        .min = 1,
        .max = 1000000,
        .doc = "The most possible, when the record does not say"},
};
static const struct field_table score_table =
    FIELD_TABLE("MappingScore", struct lms_mapping_score, score_fields, -1);

static const struct field duration_fields[] = {
    REF_REQUIRED(lms_mapping_duration, at, "Where the duration is"),
    {.name = "unit",
        .type = FIELD_ENUM,
        .at = offsetof(struct lms_mapping_duration, unit),
        .names = lms_unit_names,
        .doc = "Its unit (hours)"},
};
static const struct field_table duration_table =
    FIELD_TABLE("MappingDuration", struct lms_mapping_duration, duration_fields, -1);

static const struct field certificate_fields[] = {
    REF(lms_mapping_certificate, id, "The certificate's number"),
    REF(lms_mapping_certificate, url, "Its address"),
    {.name = "expires",
        .type = FIELD_OBJECT,
        .at = offsetof(struct lms_mapping_certificate, expires),
        .of = &time_table,
        .doc = "The end of its validity"},
};
static const struct field_table certificate_table =
    FIELD_TABLE("MappingCertificate", struct lms_mapping_certificate, certificate_fields, -1);

#define PART(member, required, table, text)                                                                    \
    {                                                                                                          \
        .name = #member, .type = FIELD_OBJECT, .flags = (required),                                            \
        .at = offsetof(struct lms_mapping, member), .of = &(table), .doc = (text)                              \
    }

static const struct field mapping_fields[] = {
    {.name = "format",
        .type = FIELD_ENUM,
        .at = offsetof(struct lms_mapping, format),
        .names = lms_format_names,
        .doc = "json, form, or by the Content-Type (auto)"},
    {.name = "items",
        .type = FIELD_TEXTS,
        .at = offsetof(struct lms_mapping, items),
        .max = ITEMS_REFS_MAX,
        .doc = "Pointers into the body: the first that is there holds one record or a list of them"},
    PART(only, 0, only_table, "Which records are read"),
    REF(lms_mapping, event_id, "The id of the event, the same each time it is sent"),
    PART(user, FIELD_REQUIRED, user_table, "Who"),
    PART(course, FIELD_REQUIRED, course_table, "Which course"),
    PART(occurred, FIELD_REQUIRED, time_table, "When"),
    PART(status, 0, status_table, "Whether it was completed"),
    {.name = "always",
        .type = FIELD_BOOL,
        .at = offsetof(struct lms_mapping, always),
        .doc = "A record without a status is a completion"},
    PART(score, 0, score_table, "The result in points"),
    PART(hours, 0, duration_table, "How long it took"),
    PART(certificate, 0, certificate_table, "The certificate that came with it"),
};
const struct field_table lms_mapping_table = FIELD_TABLE("Mapping", struct lms_mapping, mapping_fields, -1);

struct mapping_check {
    struct error *err;
    bool wrong;
};

static void mapping_complain(struct mapping_check *check, const char *pointer, const char *detail)
{
    error_field(check->err, pointer, "%s", detail);
    check->wrong = true;
}

static void mapping_check_ref(struct mapping_check *check, const char *pointer, const char *ref)
{
    if (ref && !ref_valid(ref))
        mapping_complain(check, pointer,
            "expected a JSON pointer (/user/email, #/event/id), a field (@X-Event-Id) or the name of a member");
}

static void mapping_check_time(struct mapping_check *check, const struct lms_mapping_time *time, const char *at,
    const char *zone, bool may_arrive)
{
    bool arrival = time->format == LMS_TIME_ARRIVAL;
    if (arrival && !may_arrive)
        mapping_complain(check, at, "expected a time that the record holds");
    if (!arrival && !time->at)
        mapping_complain(check, at, "expected where the time is, or the format arrival");
    mapping_check_ref(check, at, time->at);
    if (time->zone && !zone_load(time->zone, NULL))
        mapping_complain(check, zone, "expected the name of a zone, such as Europe/Paris");
}

static void mapping_check_parts(struct mapping_check *check, const struct lms_mapping *mapping)
{
    const struct lms_mapping_user none = {.number = NULL}, *user = mapping->user ? mapping->user : &none;
    const struct lms_mapping_course no = {.id = NULL}, *course = mapping->course ? mapping->course : &no;
    const struct {
        const char *pointer, *ref;
    } refs[] = {
        {"/event_id", mapping->event_id},
        {"/user/number", user->number},
        {"/user/email", user->email},
        {"/user/username", user->username},
        {"/user/id", user->id},
        {"/course/id", course->id},
        {"/course/code", course->code},
        {"/course/title", course->title},
        {"/only/at", mapping->only ? mapping->only->at : NULL},
        {"/status/at", mapping->status ? mapping->status->at : NULL},
        {"/score/raw", mapping->score ? mapping->score->raw : NULL},
        {"/score/min", mapping->score ? mapping->score->min : NULL},
        {"/score/max", mapping->score ? mapping->score->max : NULL},
        {"/hours/at", mapping->hours ? mapping->hours->at : NULL},
        {"/certificate/id", mapping->certificate ? mapping->certificate->id : NULL},
        {"/certificate/url", mapping->certificate ? mapping->certificate->url : NULL},
    };
    for (size_t i = 0; i < sizeof refs / sizeof refs[0]; i++)
        mapping_check_ref(check, refs[i].pointer, refs[i].ref);
    if (mapping->event_id && mapping->event_id[0] == '=')
        mapping_complain(check, "/event_id", "expected where the event's id is");
    if (!user->number && !user->email && !user->username && !user->id)
        mapping_complain(check, "/user", "expected at least one key of the person");
    if (!course->id && !course->title)
        mapping_complain(check, "/course", "expected an id or a title");
}

static void mapping_check_items(struct mapping_check *check, const struct lms_mapping *mapping)
{
    const char *const *refs = mapping->items.items;
    for (size_t i = 0; i < mapping->items.count; i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/items/%zu", i);
        if (refs[i][0] == '@' || refs[i][0] == '=' || !ref_valid(refs[i]))
            mapping_complain(check, pointer, "expected a JSON pointer into the body");
    }
}

static void mapping_check_status(struct mapping_check *check, const struct lms_mapping *mapping)
{
    bool always = mapping->always == 1;
    if (!mapping->status && !always)
        mapping_complain(check, "/status", "expected where the status is, or always");
    if (mapping->status && !mapping->status->completed.count && !always)
        mapping_complain(check, "/status/completed", "expected at least one value that means completed");
    if (mapping->only && !mapping->only->values.count)
        mapping_complain(check, "/only/values", "expected at least one value");
}

enum status lms_mapping_check(const struct lms_mapping *mapping, struct error *err)
{
    struct mapping_check check = {.err = err};
    mapping_check_items(&check, mapping);
    mapping_check_parts(&check, mapping);
    if (mapping->occurred)
        mapping_check_time(&check, mapping->occurred, "/occurred/at", "/occurred/zone", true);
    else
        mapping_complain(&check, "/occurred", "expected where the time is");
    if (mapping->certificate && mapping->certificate->expires)
        mapping_check_time(&check, mapping->certificate->expires, "/certificate/expires/at",
            "/certificate/expires/zone", false);
    mapping_check_status(&check, mapping);
    return check.wrong ? ST_INVALID : ST_OK;
}
