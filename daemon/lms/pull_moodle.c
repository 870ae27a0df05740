/*
 * Moodle: the steps of a run. First who the account is; then, for what is recent, the report's pages, whose
 * rows only trigger calls that give exact times; for a sweep, course by course, fifty users at a time, and the
 * badges of all users. Pure, any thread.
 */
#include "moodle_pull.h"

#include "base/zone.h"

#include <stdio.h>
#include <string.h>

static const char *const phase_names[] = {"site", "report", "courses", "course", "badges", NULL};

static const struct field cursor_fields[] = {
    FIELD(struct moodle_cursor, mode, FIELD_ENUM, .names = lms_pull_mode_names),
    FIELD(struct moodle_cursor, phase, FIELD_ENUM, .names = phase_names),
    FIELD(struct moodle_cursor, since, FIELD_INSTANT),
    FIELD(struct moodle_cursor, page, FIELD_INT, .max = MOODLE_COUNT_MAX),
    FIELD(struct moodle_cursor, courses, FIELD_TEXTS, .max = MOODLE_COURSES_MAX),
    FIELD(struct moodle_cursor, from, FIELD_INT, .max = MOODLE_COUNT_MAX),
    FIELD(struct moodle_cursor, done, FIELD_INT, .max = MOODLE_COUNT_MAX),
    FIELD(struct moodle_cursor, total, FIELD_INT, .max = MOODLE_COUNT_MAX),
    FIELD(struct moodle_cursor, scores, FIELD_INT),
    FIELD(struct moodle_cursor, badges, FIELD_INT),
};
static const struct field_table cursor_table =
    FIELD_TABLE("MoodleCursor", struct moodle_cursor, cursor_fields, -1);

const char *moodle_begin(
    struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since)
{
    bool recent = mode == LMS_PULL_RECENT && pull->settings->report != FIELD_INT_NONE;
    struct moodle_cursor cursor = {.mode = recent ? LMS_PULL_RECENT : LMS_PULL_SWEEP,
        .phase = MOODLE_SITE,
        .since = since == INSTANT_NONE ? 0 : since};
    return pull_cursor(arena, &cursor_table, &cursor);
}

/* Counts that are not there begin at nothing. */
static enum status cursor_read(
    struct arena *arena, const char *text, struct moodle_cursor *ret, struct error *err)
{
    enum status status = pull_cursor_read(arena, &cursor_table, text, ret, err);
    int64_t *const counts[] = {&ret->page, &ret->from, &ret->done, &ret->total, &ret->scores, &ret->badges};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (*counts[i] < 0)
            *counts[i] = 0;
    if (ret->since == INSTANT_NONE)
        ret->since = 0;
    return status;
}

/* ---- what to ask */

static struct lms_call *calls_add(
    struct moodle_calls *calls, struct lms_call call, int what, int64_t course, int64_t user)
{
    call.what = what;
    call.course = course;
    call.user = user;
    calls->items[calls->count] = call;
    return &calls->items[calls->count++];
}

void moodle_ask_course(struct moodle_calls *calls, int64_t course, int64_t from)
{
    struct arena *arena = calls->arena;
    calls_add(calls,
        moodle_call(arena, calls->pull, "core_course_get_courses",
            arena_printf(arena, "options[ids][0]=%lld", (long long)course)),
        MOODLE_ASKED_COURSE, course, 0);
    moodle_ask_enrolled(calls, course, from);
}

void moodle_ask_enrolled(struct moodle_calls *calls, int64_t course, int64_t from)
{
    static const char *const options[][2] = {
        {"userfields", "id,email,idnumber,username"}, {"sortby", "id"}, {"sortdirection", "ASC"}};
    struct arena *arena = calls->arena;
    BUF_AUTO form;
    buf_init(&form, 0);
    buf_printf(&form, "courseid=%lld", (long long)course);
    for (size_t i = 0; i < 3; i++)
        buf_printf(&form, "&options[%zu][name]=%s&options[%zu][value]=%s", i, options[i][0], i,
            lms_encode(arena, options[i][1]));
    buf_printf(&form, "&options[3][name]=limitfrom&options[3][value]=%lld", (long long)from);
    buf_printf(&form, "&options[4][name]=limitnumber&options[4][value]=%d", MOODLE_USERS);
    calls_add(calls, moodle_call(arena, calls->pull, "core_enrol_get_enrolled_users", form.data),
        MOODLE_ASKED_USERS, course, 0);
}

void moodle_ask_pair(struct moodle_calls *calls, enum moodle_asked what, int64_t course, int64_t user)
{
    static const char *const functions[] = {
        [MOODLE_ASKED_COMPLETION] = "core_completion_get_course_completion_status",
        [MOODLE_ASKED_GRADE] = "gradereport_user_get_grade_items",
        [MOODLE_ASKED_BADGES] = "core_badges_get_user_badges",
    };
    const char *arguments =
        what == MOODLE_ASKED_BADGES
            ? arena_printf(calls->arena, "userid=%lld", (long long)user)
            : arena_printf(calls->arena, "courseid=%lld&userid=%lld", (long long)course, (long long)user);
    if (calls->count < LMS_CALLS_MAX)
        calls_add(
            calls, moodle_call(calls->arena, calls->pull, functions[what], arguments), (int)what, course, user);
}

void moodle_ask_field(struct moodle_calls *calls, enum moodle_asked what, const char *field,
    const char *const *values, size_t count)
{
    BUF_AUTO form;
    buf_init(&form, 0);
    buf_printf(&form, "field=%s", field);
    for (size_t i = 0; i < count; i++) {
        const char *value = lms_encode(calls->arena, values[i]);
        if (what == MOODLE_ASKED_PEOPLE)
            buf_printf(&form, "&values[%zu]=%s", i, value);
        else
            buf_printf(&form, "&value=%s", value);
    }
    const char *function =
        what == MOODLE_ASKED_PEOPLE ? "core_user_get_users_by_field" : "core_course_get_courses_by_field";
    calls_add(calls, moodle_call(calls->arena, calls->pull, function, form.data), (int)what, 0, 0);
}

static void ask_first(struct moodle_calls *calls, const struct moodle_cursor *at)
{
    struct arena *arena = calls->arena;
    switch (at->phase) {
    case MOODLE_SITE:
        calls_add(calls, moodle_call(arena, calls->pull, "core_webservice_get_site_info", ""),
            MOODLE_ASKED_SITE, 0, 0);
        break;
    case MOODLE_REPORT:
        calls_add(calls,
            moodle_call(arena, calls->pull, "core_reportbuilder_retrieve_report",
                arena_printf(arena, "reportid=%lld&page=%lld&perpage=%d",
                    (long long)calls->pull->settings->report, (long long)at->page, MOODLE_ROWS)),
            MOODLE_ASKED_REPORT, 0, 0);
        break;
    case MOODLE_COURSES:
        calls_add(
            calls, moodle_call(arena, calls->pull, "core_course_get_courses", ""), MOODLE_ASKED_COURSES, 0, 0);
        break;
    case MOODLE_COURSE:
        moodle_ask_course(calls, moodle_cursor_course(at), at->from);
        break;
    default:
        moodle_ask_enrolled(calls, MOODLE_FRONT_PAGE, at->from);
    }
}

/* Of each user of the page: whether the course is complete. Of those who have completed it: the grade. */
static void ask_more(struct moodle_calls *calls, const struct moodle_cursor *at, struct moodle_gathered *all)
{
    bool report = at->phase == MOODLE_REPORT;
    if (report && !all->asked[MOODLE_ASKED_PEOPLE]) {
        moodle_report_people(calls, all);
        return;
    }
    if (at->phase == MOODLE_BADGES && !all->asked[MOODLE_ASKED_BADGES])
        for (size_t i = 0; i < all->user_count; i++)
            moodle_ask_pair(calls, MOODLE_ASKED_BADGES, MOODLE_FRONT_PAGE, all->users[i].id);
    if (at->phase == MOODLE_BADGES)
        return;
    if (report && !all->asked[MOODLE_ASKED_COMPLETION])
        moodle_report_pairs(calls, all);
    else if (at->phase == MOODLE_COURSE && !all->asked[MOODLE_ASKED_COMPLETION])
        for (size_t i = 0; i < all->user_count; i++)
            moodle_ask_pair(calls, MOODLE_ASKED_COMPLETION, moodle_cursor_course(at), all->users[i].id);
    else if (at->scores && !all->asked[MOODLE_ASKED_GRADE])
        for (size_t i = 0; i < all->completed_count; i++)
            moodle_ask_pair(calls, MOODLE_ASKED_GRADE, all->completed[i].course, all->completed[i].user);
}

enum status moodle_ask(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_calls *ret, struct error *err)
{
    struct moodle_cursor at;
    struct moodle_gathered all;
    struct moodle_calls calls = {
        .arena = arena, .pull = pull, .items = ARENA_ARRAY(arena, 2 * LMS_CALLS_MAX, struct lms_call)};
    enum status status = cursor_read(arena, cursor, &at, err);
    if (status != ST_OK)
        return status;
    if (done->count == 0) {
        ask_first(&calls, &at);
    } else {
        moodle_gather(arena, pull, &at, done, &all);
        if (all.trouble == MOODLE_FINE && at.phase != MOODLE_SITE && at.phase != MOODLE_COURSES)
            ask_more(&calls, &at, &all);
    }
    *ret = (struct lms_calls){.items = calls.items, .count = calls.count};
    return ST_OK;
}

/* ---- what came of it */

static void page_warn(struct moodle_taking *t, const char *warning)
{
    const char **list = (const char **)t->page->warnings.items;
    if (t->page->warnings.count == MOODLE_WARNINGS)
        return;
    if (!list)
        t->page->warnings.items = list = ARENA_ARRAY(t->arena, MOODLE_WARNINGS, const char *);
    list[t->page->warnings.count++] = warning;
}

static void take_about(struct moodle_taking *t, const struct json *info)
{
    static const char *const shown[] = {"sitename", "release", "username"};
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    for (size_t i = 0; i < 3; i++)
        jw_member(&w, shown[i], json_text(json_get(info, shown[i])));
    jw_key(&w, "missing");
    jw_open(&w, '[');
    for (size_t i = 0; i < moodle_function_count; i++)
        if (!moodle_may(info, moodle_functions[i].name))
            jw_text(&w, moodle_functions[i].name);
    jw_close(&w, ']');
    jw_close(&w, '}');
    t->page->about = arena_strdup(t->arena, out.data);
}

/* The account: not an administrator, with the functions that are needed; what the others cost when missing. */
static void take_site(struct moodle_taking *t, struct moodle_cursor *next, const struct json *info)
{
    const struct lms_pull_settings *settings = t->pull->settings;
    struct lms_page *page = t->page;
    take_about(t, info);
    if (json_type(json_get(info, "userissiteadmin")) == JSON_TRUE) {
        page->state = LMS_PAGE_REFUSED;
        page->problem = "the account is a site administrator: use one that may only read";
        return;
    }
    for (size_t i = 0; i < moodle_function_count; i++) {
        const struct moodle_function *function = &moodle_functions[i];
        if (moodle_may(info, function->name))
            continue;
        const char *said =
            arena_printf(t->arena, "the service lacks %s: %s", function->name, function->purpose);
        page_warn(t, said);
        if (function->needed && page->state != LMS_PAGE_REFUSED) {
            page->state = LMS_PAGE_REFUSED;
            page->problem = said;
        }
    }
    next->scores = settings->scores != 0 && moodle_may(info, "gradereport_user_get_grade_items");
    next->badges = settings->badges != 0 && moodle_may(info, "core_badges_get_user_badges");
    bool report = moodle_may(info, "core_reportbuilder_retrieve_report") &&
                  moodle_may(info, "core_user_get_users_by_field") &&
                  moodle_may(info, "core_course_get_courses_by_field");
    next->phase = next->mode == LMS_PULL_RECENT ? MOODLE_REPORT : MOODLE_COURSES;
    if (page->state != LMS_PAGE_REFUSED)
        page->state = next->mode == LMS_PULL_RECENT && !report ? LMS_PAGE_END : LMS_PAGE_MORE;
}

/* Sorted: the order of the site's answer may change from one run to the next. */
static void take_courses(struct moodle_taking *t, struct moodle_cursor *next, const struct json *list)
{
    size_t count = 0, many = json_count(list);
    int64_t *ids = ARENA_ARRAY(t->arena, many, int64_t);
    struct moodle_course course;
    for (size_t i = 0; i < many && count < MOODLE_COURSES_MAX; i++)
        if (moodle_course_read(json_at(list, i), &course)) {
            size_t at = count++;
            for (; at > 0 && ids[at - 1] > course.id; at--)
                ids[at] = ids[at - 1];
            ids[at] = course.id;
        }
    const char **texts = ARENA_ARRAY(t->arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        texts[i] = arena_printf(t->arena, "%lld", (long long)ids[i]);
    next->courses = (struct list){.items = texts, .count = count};
    next->total = (int64_t)count;
    next->phase = count > 0 ? MOODLE_COURSE : MOODLE_BADGES;
    t->page->state = LMS_PAGE_MORE;
    if (count == MOODLE_COURSES_MAX)
        page_warn(t, "there are more courses than are looked at");
}

/* Pages of users overlap, so that one who leaves meanwhile hides nobody. */
static bool next_users(struct moodle_cursor *next, const struct moodle_gathered *all)
{
    bool full = all->user_count >= MOODLE_USERS;
    next->from = full ? next->from + MOODLE_USERS - MOODLE_USERS_OVERLAP : 0;
    return full;
}

static void take_course(struct moodle_taking *t, struct moodle_cursor *next, struct moodle_gathered *all)
{
    moodle_take_completions(t, all);
    if (!next_users(next, all) && next->courses.count > 0) {
        next->courses.items = (const char *const *)next->courses.items + 1;
        next->courses.count--;
        next->done++;
    }
    t->page->state = LMS_PAGE_MORE;
    if (next->courses.count > 0)
        return;
    next->phase = MOODLE_BADGES;
    t->page->state = next->badges ? LMS_PAGE_MORE : LMS_PAGE_END;
}

static void take_phase(struct moodle_taking *t, struct moodle_cursor *next, struct moodle_gathered *all)
{
    switch (next->phase) {
    case MOODLE_SITE:
        take_site(t, next, all->first);
        break;
    case MOODLE_COURSES:
        take_courses(t, next, all->first);
        break;
    case MOODLE_COURSE:
        take_course(t, next, all);
        break;
    case MOODLE_REPORT:
        moodle_take_completions(t, all);
        next->page++;
        t->page->state =
            next->page * MOODLE_ROWS < all->rows_total && all->row_count > 0 ? LMS_PAGE_MORE : LMS_PAGE_END;
        break;
    default:
        moodle_take_badges(t, all);
        t->page->state = next_users(next, all) ? LMS_PAGE_MORE : LMS_PAGE_END;
    }
}

/* A course that the account may not enter costs that course, not the run. */
static bool take_trouble(struct moodle_taking *t, struct moodle_cursor *next, const struct moodle_gathered *all)
{
    struct lms_page *page = t->page;
    if (all->trouble == MOODLE_FINE)
        return false;
    bool of_course = next->phase == MOODLE_COURSE && all->trouble != MOODLE_LATER && all->in_course;
    page->problem = all->problem;
    page->state = all->trouble == MOODLE_LATER ? LMS_PAGE_LATER : LMS_PAGE_REFUSED;
    if (of_course) {
        page_warn(t, arena_printf(t->arena, "course %lld was passed over: %s",
                         (long long)moodle_cursor_course(next), all->problem));
        struct moodle_gathered none = {.trouble = MOODLE_FINE};
        take_course(t, next, &none);
    } else if (next->phase == MOODLE_BADGES && all->trouble != MOODLE_LATER) {
        page_warn(t, arena_printf(t->arena, "badges were not read: %s", all->problem));
        page->state = LMS_PAGE_END;
    }
    return true;
}

enum status moodle_take(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_page *ret, struct error *err)
{
    struct moodle_cursor next;
    struct moodle_gathered all;
    struct moodle_taking t = {.arena = arena, .pull = pull, .done = done, .page = ret};
    enum status status = cursor_read(arena, cursor, &next, err);
    if (status != ST_OK)
        return status;
    moodle_gather(arena, pull, &next, done, &all);
    if (!take_trouble(&t, &next, &all))
        take_phase(&t, &next, &all);
    for (size_t i = 0; i < all.warning_count; i++)
        page_warn(&t, all.warnings[i]);
    ret->unit = next.mode == LMS_PULL_RECENT ? "pages" : "courses";
    ret->done = next.mode == LMS_PULL_RECENT ? next.page : next.done;
    ret->total = next.total;
    if (ret->state == LMS_PAGE_MORE)
        ret->cursor = pull_cursor(arena, &cursor_table, &next);
    return ST_OK;
}
