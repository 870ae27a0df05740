/*
 * What the calls of a step have brought so far: people, courses, rows of the report, completions. Pure, any
 * thread.
 */
#include "moodle_pull.h"

#include "base/number.h"
#include "base/text.h"
#include "base/zone.h"

#include <math.h>
#include <string.h>
#include <strings.h>

struct gathering {
    struct arena *arena;
    const struct lms_pull *pull;
    const struct moodle_cursor *at;
    struct moodle_gathered *all;
};

int64_t moodle_cursor_course(const struct moodle_cursor *at)
{
    const char *const *ids = at->courses.items;
    int64_t id = 0;
    return at->courses.count > 0 && parse_int64(ids[0], 1, INT64_MAX, &id) ? id : 0;
}

static void gather_warn(struct gathering *g, const char *warning)
{
    for (size_t i = 0; i < g->all->warning_count; i++)
        if (!strcmp(g->all->warnings[i], warning))
            return;
    if (g->all->warning_count < MOODLE_WARNINGS)
        g->all->warnings[g->all->warning_count++] = warning;
}

/* ---- troubles */

static const struct moodle_part {
    const char *capabilities; /* what reading this takes */
    bool optional;            /* the run goes on without it */
    bool of_course;           /* it is about one course */
} parts[MOODLE_ASKED_COUNT] = {
    [MOODLE_ASKED_REPORT] = {"moodle/reportbuilder:view", false, false},
    [MOODLE_ASKED_COURSES] = {"moodle/course:view, moodle/course:viewhiddencourses", false, false},
    [MOODLE_ASKED_COURSE] = {"moodle/course:view, moodle/course:viewhiddencourses", false, true},
    [MOODLE_ASKED_USERS] = {"moodle/course:viewparticipants, moodle/course:enrolreview", false, true},
    [MOODLE_ASKED_PEOPLE] = {"moodle/user:viewdetails, moodle/user:viewalldetails", false, false},
    [MOODLE_ASKED_CODES] = {"moodle/course:view", false, false},
    [MOODLE_ASKED_COMPLETION] = {"report/completion:view", false, true},
    [MOODLE_ASKED_GRADE] = {"moodle/grade:viewall, gradereport/user:view", true, false},
    [MOODLE_ASKED_BADGES] = {"moodle/badges:viewotherbadges", true, false},
};

static bool is_of_the_account(const char *code)
{
    return !strcmp(code, "accessexception") || !strcmp(code, "invalidtoken") || !strcmp(code, "http");
}

/* Whether the answer can be used; a trouble of the step sticks, "later" before all others. */
static bool gather_fine(struct gathering *g, int what, const struct moodle_answer *answer)
{
    struct moodle_gathered *all = g->all;
    const struct moodle_part *part = &parts[what];
    if (answer->trouble == MOODLE_FINE || answer->trouble == MOODLE_NOTHING)
        return answer->trouble == MOODLE_FINE;
    const char *problem =
        part->capabilities && answer->trouble == MOODLE_REFUSED
            ? arena_printf(g->arena, "%s; reading this takes %s", answer->problem, part->capabilities)
            : answer->problem;
    if (answer->trouble == MOODLE_REFUSED && part->optional) {
        gather_warn(g, problem);
        return false;
    }
    if (all->trouble != MOODLE_LATER) {
        all->trouble = answer->trouble;
        all->problem = problem;
        all->in_course = part->of_course && !is_of_the_account(answer->code);
    }
    return false;
}

/* ---- people and courses */

static void gather_users(struct gathering *g, const struct json *list)
{
    struct moodle_gathered *all = g->all;
    struct moodle_user *more =
        ARENA_ARRAY(g->arena, all->user_count + json_count(list) + 1, struct moodle_user);
    size_t before = all->user_count, named = 0;
    if (before)
        memcpy(more, all->users, before * sizeof *more);
    all->users = more;
    for (size_t i = 0; i < json_count(list); i++)
        if (moodle_user_read(json_at(list, i), &more[all->user_count])) {
            named += more[all->user_count].email || more[all->user_count].number;
            all->user_count++;
        }
    if (all->user_count > before && named == 0)
        gather_warn(g, "neither addresses nor numbers of people are shown: the account lacks "
                       "moodle/site:viewuseridentity and moodle/course:useremail");
}

static void gather_courses(struct gathering *g, const struct json *list)
{
    struct moodle_gathered *all = g->all;
    struct moodle_course *more =
        ARENA_ARRAY(g->arena, all->course_count + json_count(list) + 1, struct moodle_course);
    if (all->course_count)
        memcpy(more, all->courses, all->course_count * sizeof *more);
    all->courses = more;
    for (size_t i = 0; i < json_count(list); i++)
        all->course_count += moodle_course_read(json_at(list, i), &more[all->course_count]);
}

/* ---- the report */

enum report_column {
    COLUMN_TIME,
    COLUMN_COURSE,
    COLUMN_NUMBER,
    COLUMN_EMAIL,
    COLUMN_USERNAME,
    COLUMN_DONE,
    COLUMNS
};

static const char *report_cell(const struct json *row, const int *at, enum report_column column)
{
    const char *text = at[column] < 0 ? NULL : json_text(json_at(json_get(row, "columns"), (size_t)at[column]));
    return text && *text ? text : NULL;
}

static bool report_columns(struct gathering *g, const struct json *headers, int at[COLUMNS])
{
    static const char *const names[COLUMNS] = {
        "Time completed", "Course ID number", "ID number", "Email address", "Username", "Completed"};
    for (int column = 0; column < COLUMNS; column++) {
        at[column] = -1;
        for (size_t i = 0; i < json_count(headers); i++)
            if (text_equal(json_text(json_at(headers, i)), names[column]))
                at[column] = (int)i;
    }
    bool person = at[COLUMN_NUMBER] >= 0 || at[COLUMN_EMAIL] >= 0 || at[COLUMN_USERNAME] >= 0;
    if (at[COLUMN_TIME] >= 0 && at[COLUMN_COURSE] >= 0 && person)
        return true;
    g->all->trouble = MOODLE_REFUSED;
    g->all->problem = arena_printf(g->arena,
        "report %lld lacks a column: \"Time completed\", \"Course ID number\" and one of \"ID number\", "
        "\"Email "
        "address\", \"Username\" are expected, in English",
        (long long)g->pull->settings->report);
    return false;
}

/* A date for people says which rows are old; one that cannot be read strictly says nothing, so the row is new.
 */
static bool report_is_recent(const struct gathering *g, const char *time)
{
    const char *name = g->pull->settings->report_zone;
    const struct zone *zone = zone_load(name ? name : "UTC", NULL);
    instant_t at;
    return !zone || !moodle_display_time(time, zone, &at) || at >= g->at->since;
}

static void gather_report(struct gathering *g, const struct json *body)
{
    struct moodle_gathered *all = g->all;
    const struct json *rows = json_get(json_get(body, "data"), "rows");
    int at[COLUMNS];
    all->rows_total = json_int(json_get(json_get(body, "data"), "totalrowcount"));
    all->row_count = json_count(rows);
    if (!report_columns(g, json_get(json_get(body, "data"), "headers"), at))
        return;
    all->rows = ARENA_ARRAY(g->arena, all->row_count + 1, struct moodle_row);
    for (size_t i = 0; i < all->row_count && all->row_wanted < MOODLE_ROWS; i++) {
        const struct json *row = json_at(rows, i);
        const char *time = report_cell(row, at, COLUMN_TIME), *done = report_cell(row, at, COLUMN_DONE);
        struct moodle_row found = {.course = report_cell(row, at, COLUMN_COURSE),
            .number = report_cell(row, at, COLUMN_NUMBER),
            .email = report_cell(row, at, COLUMN_EMAIL),
            .username = report_cell(row, at, COLUMN_USERNAME)};
        bool person = found.number || found.email || found.username;
        if (time && (!done || !strcmp(done, "Yes")) && found.course && person && report_is_recent(g, time))
            all->rows[all->row_wanted++] = found;
    }
}

struct words {
    const char *items[MOODLE_ROWS];
    size_t count;
};

static void words_add(struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (!strcmp(words->items[i], word))
            return;
    words->items[words->count++] = word;
}

void moodle_report_people(struct moodle_calls *calls, const struct moodle_gathered *all)
{
    struct words numbers = {.count = 0}, emails = {.count = 0}, names = {.count = 0}, codes = {.count = 0};
    for (size_t i = 0; i < all->row_wanted; i++) {
        const struct moodle_row *row = &all->rows[i];
        words_add(&codes, row->course);
        if (row->number)
            words_add(&numbers, row->number);
        else if (row->email)
            words_add(&emails, row->email);
        else
            words_add(&names, row->username);
    }
    if (numbers.count)
        moodle_ask_field(calls, MOODLE_ASKED_PEOPLE, "idnumber", numbers.items, numbers.count);
    if (emails.count)
        moodle_ask_field(calls, MOODLE_ASKED_PEOPLE, "email", emails.items, emails.count);
    if (names.count)
        moodle_ask_field(calls, MOODLE_ASKED_PEOPLE, "username", names.items, names.count);
    for (size_t i = 0; i < codes.count; i++)
        moodle_ask_field(calls, MOODLE_ASKED_CODES, "idnumber", &codes.items[i], 1);
}

static bool row_is_of(const struct moodle_row *row, const struct moodle_user *user)
{
    if (row->number)
        return text_equal(row->number, user->number);
    if (row->email)
        return user->email && !strcasecmp(row->email, user->email);
    return user->username && !strcasecmp(row->username, user->username);
}

void moodle_report_pairs(struct moodle_calls *calls, const struct moodle_gathered *all)
{
    for (size_t i = 0; i < all->row_wanted; i++)
        for (size_t u = 0; u < all->user_count; u++) {
            if (!row_is_of(&all->rows[i], &all->users[u]))
                continue;
            for (size_t c = 0; c < all->course_count; c++)
                if (text_equal(all->courses[c].code, all->rows[i].course))
                    moodle_ask_pair(calls, MOODLE_ASKED_COMPLETION, all->courses[c].id, all->users[u].id);
        }
}

/* ---- completions */

static void gather_completion(
    struct gathering *g, const struct lms_call *call, const struct json *body, size_t exchange)
{
    struct moodle_pair pair = {.course = call->course,
        .user = call->user,
        .at = INSTANT_NONE,
        .exchange = exchange,
        .score = (double)NAN,
        .score_min = (double)NAN,
        .score_max = (double)NAN};
    if (moodle_completed(body, &pair.at))
        g->all->completed[g->all->completed_count++] = pair;
    else if (moodle_not_completed(body))
        g->all->denied[g->all->denied_count++] = pair;
}

static void gather_grade(struct gathering *g, const struct lms_call *call, const struct json *body)
{
    for (size_t i = 0; i < g->all->completed_count; i++) {
        struct moodle_pair *pair = &g->all->completed[i];
        if (pair->course == call->course && pair->user == call->user)
            (void)moodle_grade(body, call->user, &pair->score, &pair->score_min, &pair->score_max);
    }
}

static void gather_one(struct gathering *g, const struct lms_exchange *exchange, size_t index)
{
    const struct lms_call *call = &exchange->call;
    struct moodle_answer answer = moodle_read(g->arena, exchange);
    g->all->asked[call->what] = true;
    if (!gather_fine(g, call->what, &answer))
        return;
    switch (call->what) {
    case MOODLE_ASKED_REPORT:
        gather_report(g, answer.body);
        break;
    case MOODLE_ASKED_COURSE:
        gather_courses(g, answer.body);
        break;
    case MOODLE_ASKED_CODES:
        gather_courses(g, json_get(answer.body, "courses"));
        break;
    case MOODLE_ASKED_USERS:
    case MOODLE_ASKED_PEOPLE:
        gather_users(g, answer.body);
        break;
    case MOODLE_ASKED_COMPLETION:
        gather_completion(g, call, answer.body, index);
        break;
    case MOODLE_ASKED_GRADE:
        gather_grade(g, call, answer.body);
        break;
    default:
        g->all->first = answer.body;
    }
}

void moodle_gather(struct arena *arena, const struct lms_pull *pull, const struct moodle_cursor *at,
    const struct lms_exchanges *done, struct moodle_gathered *ret)
{
    *ret = (struct moodle_gathered){.trouble = MOODLE_FINE,
        .completed = ARENA_ARRAY(arena, done->count + 1, struct moodle_pair),
        .denied = ARENA_ARRAY(arena, done->count + 1, struct moodle_pair)};
    struct gathering g = {.arena = arena, .pull = pull, .at = at, .all = ret};
    for (size_t i = 0; i < done->count && i < (size_t)4 * LMS_CALLS_MAX; i++)
        if ((unsigned)done->items[i].call.what < MOODLE_ASKED_COUNT)
            gather_one(&g, &done->items[i], i);
}
