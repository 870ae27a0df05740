/*
 * The table of platforms and the mappings built in. What is not tagged as observed comes from the vendors'
 * public documentation of 2026. Pure, any thread.
 */
#include "lms/platform.h"

#include "xapi.h"

#include <stdio.h>
#include <string.h>

#define FAMILY(name) (1u << LMS_FAMILY_##name)
#define STATIC       (FAMILY(HEADER) | FAMILY(BASIC) | FAMILY(BEARER))
#define LIST(array)                                                                                            \
    {                                                                                                          \
        .items = (array), .count = sizeof(array) / sizeof((array)[0])                                          \
    }

static const char *const completed_word[] = {"completed"};

/* 360Learning: https://360learning.readme.io/reference/course, an attempt closed. */
static const char *const learning360_types[] = {"course.attempt.closed"};
static const char *const learning360_reasons[] = {"learnerFinished"};
static const struct lms_mapping learning360_mapping = {.format = LMS_FORMAT_JSON,
    .only = &(const struct lms_mapping_only){"/type", LIST(learning360_types)},
    .event_id = "@webhook-id",
    .user = &(const struct lms_mapping_user){.id = "/data/userId"},
    .course = &(const struct lms_mapping_course){.id = "/data/courseId"},
    .occurred = &(const struct lms_mapping_time){"/data/closedAt", LMS_TIME_ISO, NULL},
    .status = &(const struct lms_mapping_status){.at = "/data/reason", .completed = LIST(learning360_reasons)},
    .always = 1};

/* Docebo: https://help.docebo.com/hc/en-us/articles/360020124479, one record or up to 25. */
static const char *const docebo_events[] = {"course.enrollment.completed"};
static const char *const docebo_items[] = {"/payloads", "/payload"};
static const struct lms_mapping docebo_mapping = {.format = LMS_FORMAT_JSON,
    .items = LIST(docebo_items),
    .only = &(const struct lms_mapping_only){"#/event", LIST(docebo_events)},
    .event_id = "#/message_id",
    .user = &(const struct lms_mapping_user){.id = "/user_id"},
    .course = &(const struct lms_mapping_course){.id = "/course_id"},
    .occurred = &(const struct lms_mapping_time){"/completion_date", LMS_TIME_SQL, NULL},
    .status = &(const struct lms_mapping_status){.at = "/status", .completed = LIST(completed_word)},
    .always = 1};

/* LearnUpon: https://docs.learnupon.com/webhooks/v2/, up to ten records. */
static const char *const learnupon_items[] = {"/data"};
static const char *const learnupon_completed[] = {"completed", "passed"};
static const char *const learnupon_failed[] = {"failed"};
static const struct lms_mapping learnupon_mapping = {.format = LMS_FORMAT_JSON,
    .items = LIST(learnupon_items),
    .event_id = "@X-Webhook-Id",
    .user =
        &(const struct lms_mapping_user){
            .email = "/user/email", .username = "/user/username", .id = "/user/userId"},
    .course = &(const struct lms_mapping_course){.id = "/courseId", .title = "/courseName"},
    .occurred = &(const struct lms_mapping_time){"/dateCompleted", LMS_TIME_ISO, NULL},
    .status = &(const struct lms_mapping_status){.at = "/enrollmentStatus",
        .completed = LIST(learnupon_completed),
        .failed = LIST(learnupon_failed)},
    .score = &(const struct lms_mapping_score){.raw = "/percentage", .out_of = 100},
    .certificate = &(const struct lms_mapping_certificate){
        .expires = &(const struct lms_mapping_time){"/certExpiresAt", LMS_TIME_ISO, NULL}}};

/* Litmos: https://www.litmos.com/docs/litmos/webhooks/webhooks-payload, times in UTC without a zone. */
static const char *const litmos_types[] = {"achievement.earned"};
static const char *const litmos_completed[] = {"completed", "passed"};
static const char *const litmos_failed[] = {"failed"};
static const struct lms_mapping litmos_mapping = {.format = LMS_FORMAT_JSON,
    .only = &(const struct lms_mapping_only){"/type", LIST(litmos_types)},
    .event_id = "/id",
    .user = &(const struct lms_mapping_user){.username = "/data/userName", .id = "/data/userId"},
    .course = &(
        const struct lms_mapping_course){.id = "/data/courseId", .code = "/data/code", .title = "/data/title"},
    .occurred = &(const struct lms_mapping_time){"/data/achievementDate", LMS_TIME_ISO, NULL},
    .status =
        &(const struct lms_mapping_status){
            .at = "/data/result", .completed = LIST(litmos_completed), .failed = LIST(litmos_failed)},
    .always = 1,
    .certificate = &(const struct lms_mapping_certificate){.id = "/data/certificateId",
        .expires = &(const struct lms_mapping_time){"/data/compliantTilldate", LMS_TIME_ISO, NULL}}};

/* Canvas: https://developerdocs.instructure.com/services/canvas/data-services/live-events, fired again on
 * edits. */
static const char *const canvas_events[] = {"course_completed"};
static const struct lms_mapping canvas_mapping = {.format = LMS_FORMAT_JSON,
    .only = &(const struct lms_mapping_only){"/metadata/event_name", LIST(canvas_events)},
    .user =
        &(const struct lms_mapping_user){
            .email = "/body/user/email", .username = "/metadata/user_login", .id = "/body/user/id"},
    .course =
        &(const struct lms_mapping_course){
            .id = "/body/course/id", .code = "/body/course/sis_source_id", .title = "/body/course/name"},
    .occurred = &(const struct lms_mapping_time){"/body/progress/completed_at", LMS_TIME_ISO, NULL},
    .always = 1};

/* Cornerstone: https://csod.dev/guides/webhooks/event-payload-samples.html, as many records as there were. The
 * correlation id may be all zeros: an event is known by its own. */
static const char *const cornerstone_items[] = {"/records"};
static const char *const cornerstone_events[] = {"TrainingCompleted"};
#define CORNERSTONE(member) "/value/trainingCompleted/data/" member
static const struct lms_mapping cornerstone_mapping = {.format = LMS_FORMAT_JSON,
    .items = LIST(cornerstone_items),
    .only = &(const struct lms_mapping_only){"/value/lmsEventsCase", LIST(cornerstone_events)},
    .event_id = CORNERSTONE("eventId"),
    .user = &(const struct lms_mapping_user){.number = CORNERSTONE("targetUserRef"),
        .username = CORNERSTONE("targetUsername"),
        .id = CORNERSTONE("targetUserId")},
    .course = &(const struct lms_mapping_course){.id = CORNERSTONE("trainingId"),
        .title = CORNERSTONE("trainingTitle")},
    .occurred =
        &(const struct lms_mapping_time){CORNERSTONE("trainingActionDateTimestamp"), LMS_TIME_ISO, NULL},
    .always = 1};

const struct lms_platform lms_platforms[] = {
    {"generic", "Generic webhook",
        STATIC | FAMILY(HMAC_HEX) | FAMILY(HMAC_BASE64) | FAMILY(STANDARD) | FAMILY(JWT), LMS_FAMILY_HMAC_HEX,
        NULL, NULL, NULL},
    {"xapi", "xAPI statements (Moodle logstore, Open edX ...)", STATIC, LMS_FAMILY_BASIC, NULL, NULL,
        xapi_parse},
    {"openedx", "Open edX (xAPI events)", STATIC, LMS_FAMILY_BASIC, NULL, NULL, xapi_parse},
    {"moodle", "Moodle (logstore_xapi posts, REST is asked)", STATIC, LMS_FAMILY_BASIC, NULL, NULL, xapi_parse},
    {"360learning", "360Learning", FAMILY(STANDARD), LMS_FAMILY_STANDARD, NULL, &learning360_mapping, NULL},
    {"docebo", "Docebo", STATIC | FAMILY(HMAC_HEX), LMS_FAMILY_BASIC, NULL, &docebo_mapping, NULL},
    {"learnupon", "LearnUpon (version 2)", FAMILY(HMAC_HEX) | FAMILY(MD5), LMS_FAMILY_HMAC_HEX,
        "X-Webhook-Signature", &learnupon_mapping, NULL},
    {"litmos", "Litmos", STATIC, LMS_FAMILY_HEADER, NULL, &litmos_mapping, NULL},
    {"cornerstone", "Cornerstone", STATIC | FAMILY(HMAC_BASE64), LMS_FAMILY_HMAC_BASE64, NULL,
        &cornerstone_mapping, NULL},
    {"canvas", "Canvas Live Events", STATIC | FAMILY(JWT), LMS_FAMILY_JWT, NULL, &canvas_mapping, NULL},
};
const size_t lms_platform_count = sizeof lms_platforms / sizeof lms_platforms[0];

const struct lms_platform *lms_platform_find(const char *name)
{
    for (size_t i = 0; i < lms_platform_count; i++)
        if (!strcmp(lms_platforms[i].name, name))
            return &lms_platforms[i];
    return NULL;
}

bool lms_platform_needs_mapping(const struct lms_platform *platform)
{
    return !platform->mapping && !platform->parse;
}

/* Repeats what a nested check found, under its own prefix; secrets are the source's own fields. */
static enum status lms_repeat(struct error *err, const struct error *nested, const char *prefix)
{
    for (unsigned i = 0; i < nested->count; i++) {
        const char *inner = nested->fields[i].pointer;
        bool own = !strcmp(inner, "/secret") || !strcmp(inner, "/previous_secret") || !strcmp(inner, "/jwks");
        char pointer[sizeof nested->fields[i].pointer + 16];
        snprintf(pointer, sizeof pointer, "%s%s", own ? "" : prefix, inner);
        error_field(err, pointer, "%s", nested->fields[i].detail);
    }
    return ST_INVALID;
}

static enum status lms_check_signature(const struct lms_platform *platform,
    const struct lms_signature *signature, const struct lms_keys *keys, struct error *err)
{
    bool known = (unsigned)signature->family < LMS_FAMILY_COUNT;
    if (known && !(platform->families & (1u << signature->family)))
        return error_field(err, "/signature/family", "%s does not sign with %s", platform->title,
            lms_family_names[signature->family]);
    struct error nested = ERROR_INIT;
    bool wrong = lms_signature_check(signature, keys, &nested) != ST_OK;
    return wrong ? lms_repeat(err, &nested, "/signature") : ST_OK;
}

static enum status lms_check_mapping(
    const struct lms_platform *platform, const struct lms_mapping *mapping, struct error *err)
{
    bool needed = lms_platform_needs_mapping(platform);
    if (needed && !mapping)
        return error_field(err, "/mapping", "expected where the bodies of this source hold what");
    if (!needed && mapping)
        return error_field(err, "/mapping", "%s brings its own", platform->title);
    struct error nested = ERROR_INIT;
    bool wrong = mapping && lms_mapping_check(mapping, &nested) != ST_OK;
    return wrong ? lms_repeat(err, &nested, "/mapping") : ST_OK;
}

enum status lms_source_check(const struct lms_platform *platform, const struct lms_signature *signature,
    const struct lms_keys *keys, const struct lms_mapping *mapping, struct error *err)
{
    enum status signed_by = lms_check_signature(platform, signature, keys, err);
    enum status mapped_by = lms_check_mapping(platform, mapping, err);
    return signed_by ? signed_by : mapped_by;
}

enum status lms_parse(struct arena *arena, const struct lms_platform *platform,
    const struct lms_mapping *mapping, const struct lms_input *input, struct lms_envelope *ret,
    struct error *err)
{
    if (platform->parse)
        return platform->parse(arena, input, ret, err);
    if (platform->mapping)
        mapping = platform->mapping;
    if (!mapping)
        return error_set(err, ST_INTERNAL, "a source of %s without a mapping", platform->title);
    return lms_mapping_apply(arena, mapping, input, ret, err);
}

enum status lms_parse_record(struct arena *arena, const struct lms_platform *platform,
    const struct lms_mapping *mapping, const struct lms_input *input, struct lms_item *ret, struct error *err)
{
    struct lms_envelope envelope;
    if (platform->mapping)
        mapping = platform->mapping;
    if (!platform->parse)
        return mapping ? lms_mapping_apply_alone(arena, mapping, input, ret, err)
                       : error_set(err, ST_INTERNAL, "%s has no mapping", platform->title);
    enum status status = platform->parse(arena, input, &envelope, err);
    if (status == ST_OK && envelope.count != 1)
        status = error_set(err, ST_INTERNAL, "a kept record holds %zu records", envelope.count);
    if (status == ST_OK)
        *ret = envelope.items[0];
    return status;
}
