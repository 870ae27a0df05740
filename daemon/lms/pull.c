/*
 * The platforms that can be asked, one row each, and what all of them share: settings, credentials, cursors.
 * Pure, any thread.
 */
#include "pull.h"

#include "base/text.h"
#include "base/zone.h"

#include <stdio.h>
#include <string.h>

const char *const lms_pull_mode_names[] = {"recent", "sweep", NULL};
const char *const lms_pull_auth_names[] = {"none", "token", "bearer", "basic", "oauth2", NULL};
static const char *const paging_names[] = {"none", "link", "page", "start", "next", NULL};

static const struct field pull_fields[] = {
    FIELD(struct lms_pull_settings, auth, FIELD_ENUM, .names = lms_pull_auth_names,
        .doc = "How calls prove who they are; the platform's own way unless told."),
    FIELD(struct lms_pull_settings, user, FIELD_TEXT, .doc = "basic: who; oauth2: the client's id."),
    FIELD(struct lms_pull_settings, token_url, FIELD_URL, .doc = "oauth2: where a token is bought."),
    FIELD(struct lms_pull_settings, scope, FIELD_TEXT, .doc = "oauth2: what is asked for."),
    FIELD(struct lms_pull_settings, every, FIELD_INT, .min = 1, .max = 1440,
        .doc = "Minutes between two runs, 15 unless told."),
    FIELD(struct lms_pull_settings, sweep_hour, FIELD_INT, .min = 0, .max = 23,
        .doc = "Hour of the nightly sweep, in the organisation's zone; 2 unless told."),
    FIELD(struct lms_pull_settings, overlap, FIELD_INT, .min = 1, .max = 744,
        .doc = "Hours that a run looks back before the last one, 24 unless told."),
    FIELD(struct lms_pull_settings, concurrency, FIELD_INT, .min = 1, .max = 8,
        .doc = "Calls at the same time, 2 unless told."),
    FIELD(struct lms_pull_settings, since, FIELD_DATE, .doc = "Nothing older is asked for."),
    FIELD(struct lms_pull_settings, report, FIELD_INT, .min = 1, .max = INT32_MAX,
        .doc = "Moodle: id of a report of course participants sorted by completion time, last 7 days; without "
               "it there are only sweeps."),
    FIELD(struct lms_pull_settings, report_zone, FIELD_TEXT, .max = 64,
        .doc = "Moodle: zone of the account, in which the report writes dates; UTC unless told."),
    FIELD(struct lms_pull_settings, scores, FIELD_BOOL, .doc = "Moodle: false: grades are not asked for."),
    FIELD(struct lms_pull_settings, badges, FIELD_BOOL, .doc = "Moodle: false: badges are not asked for."),
    FIELD(struct lms_pull_settings, path, FIELD_TEXT, .max = 1000,
        .doc =
            "generic: path and query below the url, with {since}, {since_day}, {since_epoch}, {page}, {start}, "
            "{limit}."),
    FIELD(struct lms_pull_settings, paging, FIELD_ENUM, .names = paging_names,
        .doc = "generic: how the next page is found; link unless told."),
    FIELD(struct lms_pull_settings, next, FIELD_TEXT, .max = 200,
        .doc = "generic, next: JSON Pointer to the next page's address."),
    FIELD(struct lms_pull_settings, first_page, FIELD_INT, .min = 0, .max = 1,
        .doc = "generic, page: number of the first page; 1 unless told."),
    FIELD(struct lms_pull_settings, page_size, FIELD_INT, .min = 1, .max = LMS_ITEMS_MAX,
        .doc = "generic: records a page ({limit}), 100 unless told."),
    FIELD(struct lms_pull_settings, mapping, FIELD_OBJECT, .of = &lms_mapping_table,
        .doc = "generic: where the pages' records hold what; the source's mapping unless told."),
};
const struct field_table lms_pull_table = FIELD_TABLE("SourcePull", struct lms_pull_settings, pull_fields, -1);

/* 360Learning: https://360learning.readme.io/reference/get_v2-courses-stats, 500 rows a page, Link to the next.
 */
static const struct lms_mapping learning360_rows = {.format = LMS_FORMAT_JSON,
    .event_id = "/_id",
    .user = &(const struct lms_mapping_user){.id = "/userId"},
    .course = &(const struct lms_mapping_course){.id = "/courseId"},
    .occurred = &(const struct lms_mapping_time){"/completedAt", LMS_TIME_ISO, NULL},
    .always = 1,
    .score = &(const struct lms_mapping_score){.raw = "/score", .out_of = 100}};
static const struct lms_pull_settings learning360_pages = {
    .path = "/api/v2/courses/stats?completedAt%5Bgt%5D={since}",
    .paging = LMS_PAGING_LINK,
    .mapping = &learning360_rows};
static const struct lms_header learning360_fields[] = {{"360-api-version", "v2.0"}};

static const struct lms_pull_platform platforms[] = {
    {"generic", LMS_AUTH_BEARER, NULL, NULL, NULL, 0, pages_begin, pages_ask, pages_take, pages_record},
    {"360learning", LMS_AUTH_OAUTH2, "/api/v2/oauth2/token", &learning360_pages, learning360_fields, 1,
        pages_begin, pages_ask, pages_take, pages_record},
    {"moodle", LMS_AUTH_TOKEN, NULL, NULL, NULL, 0, moodle_begin, moodle_ask, moodle_take, moodle_record},
};

const struct lms_pull_platform *lms_pull_find(const char *platform)
{
    for (size_t i = 0; i < sizeof platforms / sizeof platforms[0]; i++)
        if (!strcmp(platforms[i].name, platform))
            return &platforms[i];
    return NULL;
}

enum lms_pull_auth lms_pull_auth_of(
    const struct lms_pull_platform *platform, const struct lms_pull_settings *settings)
{
    return settings->auth == FIELD_UNSET ? platform->auth : (enum lms_pull_auth)settings->auth;
}

bool lms_pull_has_recent(const struct lms_pull_platform *platform, const struct lms_pull_settings *settings)
{
    return platform->ask != moodle_ask || settings->report != FIELD_INT_NONE;
}

const char *pull_base(struct arena *arena, const char *url)
{
    size_t size = strlen(url);
    while (size > 0 && url[size - 1] == '/')
        size--;
    return arena_strndup(arena, url, size);
}

const char *lms_pull_token_url(struct arena *arena, const struct lms_pull_platform *platform, const char *url,
    const struct lms_pull_settings *settings)
{
    if (settings->token_url)
        return settings->token_url;
    return platform->token_path ? arena_printf(arena, "%s%s", pull_base(arena, url), platform->token_path)
                                : NULL;
}

const char *lms_pull_token(struct arena *arena, struct span body, int64_t *ret_life, const char **ret_problem)
{
    const struct json *answer;
    struct error why = ERROR_INIT;
    *ret_problem = "the answer to the client's credentials is not JSON";
    if (body.size > 64 * 1024 || json_parse(arena, body.data, body.size, &answer, &why) != ST_OK)
        return NULL;
    const char *token = json_text(json_get(answer, "access_token"));
    const char *refusal = json_text(json_get(answer, "error"));
    if (!token || !*token || strlen(token) > 8192) {
        *ret_problem =
            refusal ? arena_printf(arena, "the platform refused the client's credentials: %.80s", refusal)
                    : "the answer to the client's credentials holds no access_token";
        return NULL;
    }
    int64_t life = json_int(json_get(answer, "expires_in"));
    *ret_life = life > 0 ? life : 300;
    return token;
}

/* ---- checks */

static bool path_valid(const char *path)
{
    return path[0] == '/' && path[1] != '/' && !strpbrk(path, " \"<>\\^`|#") && !text_has_controls(path, false);
}

static enum status pages_check(
    const struct lms_pull_settings *settings, const struct lms_mapping *mapping, struct error *err)
{
    enum status status = ST_OK;
    const struct lms_mapping *rows = settings->mapping ? settings->mapping : mapping;
    if (!settings->path || !path_valid(settings->path))
        status = error_field(err, "/pull/path", "expected a path below the url that begins with /");
    if (settings->paging == LMS_PAGING_NEXT && (!settings->next || !json_pointer_valid(settings->next)))
        status = error_field(err, "/pull/next", "expected a JSON Pointer to the next page's address");
    if (settings->paging == LMS_PAGING_PAGE && settings->path && !strstr(settings->path, "{page}"))
        status = error_field(err, "/pull/path", "expected {page} in it");
    if (settings->paging == LMS_PAGING_START && settings->path && !strstr(settings->path, "{start}"))
        status = error_field(err, "/pull/path", "expected {start} in it");
    if (!rows)
        return error_field(err, "/pull/mapping", "expected where the records hold what");
    struct error nested = ERROR_INIT;
    if (!settings->mapping || lms_mapping_check(settings->mapping, &nested) == ST_OK)
        return status;
    for (unsigned i = 0; i < nested.count; i++) {
        char pointer[sizeof nested.fields[i].pointer + 16];
        snprintf(pointer, sizeof pointer, "/pull/mapping%s", nested.fields[i].pointer);
        status = error_field(err, pointer, "%s", nested.fields[i].detail);
    }
    return status;
}

enum status lms_pull_check(const struct lms_pull_platform *platform, const char *url,
    const struct lms_pull_settings *settings, const struct lms_mapping *mapping, struct error *err)
{
    enum status status = ST_OK;
    enum lms_pull_auth auth = lms_pull_auth_of(platform, settings);
    if (!url)
        status = error_field(err, "/url", "expected the address of the platform");
    if (url && strpbrk(url, "?#"))
        status = error_field(err, "/url", "expected an address without a query");
    if ((auth == LMS_AUTH_BASIC || auth == LMS_AUTH_OAUTH2) && !settings->user)
        status = error_field(
            err, "/pull/user", "expected %s", auth == LMS_AUTH_BASIC ? "who logs in" : "the client's id");
    if (auth == LMS_AUTH_OAUTH2 && !settings->token_url && !platform->token_path)
        status = error_field(err, "/pull/token_url", "expected where the client buys a token");
    if (settings->report_zone && !zone_load(settings->report_zone, NULL))
        status = error_field(err, "/pull/report_zone", "expected a time zone such as Europe/Paris");
    if (platform->settings || platform->ask != pages_ask)
        return status;
    enum status pages = pages_check(settings, mapping, err);
    return status == ST_OK ? pages : status;
}

/* ---- what the platforms share */

bool pull_status_says(struct arena *arena, const struct lms_exchange *exchange, struct lms_page *ret)
{
    int status = exchange->status;
    if (status == 200)
        return false;
    if (status == 401 || status == 403) {
        ret->state = LMS_PAGE_REFUSED;
        ret->problem = arena_printf(arena,
            "the platform answers %d: the credential is not (or no longer) accepted, or "
            "the interface is switched off",
            status);
    } else if (status == 429 || status >= 500) {
        ret->state = LMS_PAGE_LATER;
        ret->problem = arena_printf(arena, "the platform answers %d", status);
    } else {
        ret->state = LMS_PAGE_REFUSED;
        ret->problem = arena_printf(arena, "the platform answers %d%s", status,
            status >= 300 && status < 400 ? ": it moved; give its new address" : "");
    }
    return true;
}

const char *pull_cursor(struct arena *arena, const struct field_table *table, const void *cursor)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    field_write_members(table, &w, cursor, true);
    jw_close(&w, '}');
    return arena_strdup(arena, out.data);
}

enum status pull_cursor_read(
    struct arena *arena, const struct field_table *table, const char *text, void *ret, struct error *err)
{
    field_clear(table, ret);
    if (field_parse(table, arena, text, strlen(text), FIELD_MODE_STORED, ret, err) != ST_OK)
        return error_set(err, ST_INTERNAL, "the cursor is not one of this platform");
    return ST_OK;
}

const char *lms_pull_begin(
    struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since)
{
    return pull->platform->begin(arena, pull, mode, since);
}

enum status lms_pull_ask(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_calls *ret, struct error *err)
{
    *ret = (struct lms_calls){0};
    return pull->platform->ask(arena, pull, cursor, done, ret, err);
}

enum status lms_pull_take(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_page *ret, struct error *err)
{
    *ret = (struct lms_page){.state = LMS_PAGE_END, .unit = "pages", .about = "{}"};
    return pull->platform->take(arena, pull, cursor, done, ret, err);
}

enum status lms_pull_record(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *ret, struct error *err)
{
    return pull->platform->record(arena, pull, raw, ret, err);
}
