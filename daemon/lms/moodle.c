/*
 * Answers of Moodle's REST interface as values. Pure, any thread.
 */
#include "moodle.h"

#include "base/text.h"
#include "base/zone.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- errors */

static const struct moodle_error {
    const char *code;
    enum moodle_trouble trouble;
    const char *meaning;
} moodle_errors[] = {
    {"invalidtoken", MOODLE_REFUSED, "the token is not valid: it was deleted, or has expired"},
    {"accessexception", MOODLE_REFUSED,
        "access denied: the token has expired, or its service does not hold the function or the user"},
    {"invalidparameter", MOODLE_REFUSED,
        "a parameter was not accepted: this version of Moodle is not known here"},
    {"nopermissions", MOODLE_REFUSED, "a capability is missing"},
    {"nopermission", MOODLE_REFUSED, "a capability is missing"},
    {"requireloginerror", MOODLE_REFUSED, "the account may not enter the course"},
    {"errorcoursecontextnotvalid", MOODLE_REFUSED, "the account may not enter the course"},
    {"cannotviewreport", MOODLE_NOTHING,
        "the course has no completion criteria, or report/completion:view is missing"},
    {"usernotenroled", MOODLE_NOTHING, "the user is not (or no longer) enrolled"},
    {"notenrolled", MOODLE_NOTHING, "the user is not (or no longer) enrolled"},
    {"invaliduser", MOODLE_NOTHING, "there is no such user"},
    {"invalidrecord", MOODLE_NOTHING, "there is no such record"},
    {"completionnotenabled", MOODLE_NOTHING, "completion is not tracked in the course"},
    {"nocriteriaset", MOODLE_NOTHING, "the course has no completion criteria"},
};

static struct moodle_answer moodle_error(struct arena *arena, const struct json *body)
{
    const char *code = json_text(json_get(body, "errorcode")), *message = json_text(json_get(body, "message"));
    code = code ? code : "unknown";
    for (size_t i = 0; i < sizeof moodle_errors / sizeof moodle_errors[0]; i++)
        if (!strcmp(moodle_errors[i].code, code))
            return (struct moodle_answer){.trouble = moodle_errors[i].trouble,
                .code = moodle_errors[i].code,
                .problem = arena_printf(arena, "%s (%s)", moodle_errors[i].meaning, code)};
    return (struct moodle_answer){.trouble = MOODLE_LATER,
        .code = code,
        .problem = arena_printf(arena, "Moodle says %.80s: %.160s", code, message ? message : "")};
}

struct moodle_answer moodle_read(struct arena *arena, const struct lms_exchange *exchange)
{
    struct lms_page said = {0};
    struct error why = ERROR_INIT;
    struct moodle_answer answer = {.trouble = MOODLE_FINE};
    struct span body = exchange->answer.body;
    if (pull_status_says(arena, exchange, &said))
        return (struct moodle_answer){
            said.state == LMS_PAGE_LATER ? MOODLE_LATER : MOODLE_REFUSED, "http", said.problem, NULL};
    if (json_parse(arena, body.data, body.size, &answer.body, &why) != ST_OK)
        return (struct moodle_answer){
            MOODLE_LATER, "format", "the answer is not JSON: maintenance, or another page", NULL};
    if (json_type(answer.body) == JSON_OBJECT && json_get(answer.body, "exception"))
        return moodle_error(arena, answer.body);
    return answer;
}

/* ---- calls */

struct lms_call moodle_call(
    struct arena *arena, const struct lms_pull *pull, const char *function, const char *arguments)
{
    return (struct lms_call){.method = "POST",
        .url = arena_printf(arena, "%s/webservice/rest/server.php", pull_base(arena, pull->url)),
        .form = arena_printf(
            arena, "wsfunction=%s&moodlewsrestformat=json%s%s", function, *arguments ? "&" : "", arguments)};
}

const struct moodle_function moodle_functions[] = {
    {"core_webservice_get_site_info", "who the account is and what it may call", true},
    {"core_course_get_courses", "the courses of the site", true},
    {"core_enrol_get_enrolled_users", "who is enrolled in a course", true},
    {"core_completion_get_course_completion_status", "whether and when a course was completed", true},
    {"core_reportbuilder_retrieve_report",
        "recent completions within minutes; without it they wait for the night", false},
    {"core_user_get_users_by_field", "the people of recent completions", false},
    {"core_course_get_courses_by_field", "the courses of recent completions", false},
    {"gradereport_user_get_grade_items", "the grades of completed courses", false},
    {"core_badges_get_user_badges", "badges and their expiry", false},
};
const size_t moodle_function_count = sizeof moodle_functions / sizeof moodle_functions[0];

bool moodle_may(const struct json *site_info, const char *function)
{
    const struct json *list = json_get(site_info, "functions");
    for (size_t i = 0; i < json_count(list); i++)
        if (text_equal(json_text(json_get(json_at(list, i), "name")), function))
            return true;
    return false;
}

/* ---- people and courses */

static const char *moodle_word(const struct json *value, const char *name)
{
    const char *text = json_text(json_get(value, name));
    return text && *text ? text : NULL;
}

bool moodle_user_read(const struct json *value, struct moodle_user *ret)
{
    *ret = (struct moodle_user){.id = json_int(json_get(value, "id")),
        .email = moodle_word(value, "email"),
        .number = moodle_word(value, "idnumber"),
        .username = moodle_word(value, "username")};
    return ret->id > 0;
}

bool moodle_course_read(const struct json *value, struct moodle_course *ret)
{
    const char *number = moodle_word(value, "idnumber");
    *ret = (struct moodle_course){.id = json_int(json_get(value, "id")),
        .code = number ? number : moodle_word(value, "shortname"),
        .title = moodle_word(value, "fullname")};
    return ret->id > 0 && !text_equal(json_text(json_get(value, "format")), "site");
}

/* ---- completions */

bool moodle_completed(const struct json *answer, instant_t *ret_at)
{
    const struct json *status = json_get(answer, "completionstatus");
    const struct json *criteria = json_get(status, "completions");
    int64_t latest = 0;
    bool all = json_count(criteria) > 0;
    *ret_at = INSTANT_NONE;
    if (json_type(json_get(status, "completed")) != JSON_TRUE)
        return false;
    for (size_t i = 0; i < json_count(criteria); i++) {
        int64_t at = json_int(json_get(json_at(criteria, i), "timecompleted"));
        all = all && json_type(json_get(json_at(criteria, i), "complete")) == JSON_TRUE && at > 0;
        latest = at > latest ? at : latest;
    }
    if (all && latest < INT64_C(253402300800))
        *ret_at = latest * US_PER_SEC;
    return true;
}

bool moodle_not_completed(const struct json *answer)
{
    return json_type(json_get(json_get(answer, "completionstatus"), "completed")) == JSON_FALSE;
}

static bool moodle_number(const struct json *value, double *ret)
{
    bool number = json_type(value) == JSON_INT || json_type(value) == JSON_REAL;
    *ret = number ? json_real(value) : (double)NAN;
    return number;
}

bool moodle_grade(const struct json *answer, int64_t user, double *ret_raw, double *ret_min, double *ret_max)
{
    const struct json *grades = json_get(answer, "usergrades");
    for (size_t i = 0; i < json_count(grades); i++) {
        const struct json *items = json_get(json_at(grades, i), "gradeitems");
        if (json_int(json_get(json_at(grades, i), "userid")) != user)
            continue;
        for (size_t j = 0; j < json_count(items); j++) {
            const struct json *item = json_at(items, j);
            if (!text_equal(json_text(json_get(item, "itemtype")), "course"))
                continue;
            (void)moodle_number(json_get(item, "grademin"), ret_min);
            (void)moodle_number(json_get(item, "grademax"), ret_max);
            return moodle_number(json_get(item, "graderaw"), ret_raw);
        }
    }
    return false;
}

/* ---- dates for people */

/* Of one or two digits. */
static int moodle_small(const char **at)
{
    int value = -1;
    for (int digits = 0; digits < 2 && **at >= '0' && **at <= '9'; digits++, ++*at)
        value = (value < 0 ? 0 : value * 10) + (**at - '0');
    return value;
}

static bool moodle_expect(const char **at, const char *text)
{
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

/* Which of the names stands there, from 1; 0: none. */
static int moodle_name(const char **at, const char *const names[], int count)
{
    for (int i = 0; i < count; i++)
        if (moodle_expect(at, names[i]))
            return i + 1;
    return 0;
}

bool moodle_display_time(const char *text, const struct zone *zone, instant_t *ret)
{
    static const char *const days[] = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December"};
    static const char *const halves[] = {"AM", "PM"};
    const char *at = text;
    int weekday = moodle_name(&at, days, 7);
    bool good = moodle_expect(&at, ", ");
    int day = moodle_small(&at);
    good = good && moodle_expect(&at, " ");
    int month = moodle_name(&at, months, 12);
    good = good && moodle_expect(&at, " ");
    int century = moodle_small(&at), year = moodle_small(&at);
    good = good && moodle_expect(&at, ", ");
    int hour = moodle_small(&at);
    good = good && moodle_expect(&at, ":");
    int minute = moodle_small(&at);
    good = good && moodle_expect(&at, " ");
    int half = moodle_name(&at, halves, 2);
    if (!good || !half || *at || century < 19 || year < 0 || hour < 1 || hour > 12 || minute < 0 || minute > 59)
        return false;
    date_t date = date_of(century * 100 + year, month, day);
    if (date == DATE_NONE || date_weekday(date) != weekday)
        return false;
    *ret = zone_instant(zone, date, (hour % 12 + (half == 2 ? 12 : 0)) * 3600 + minute * 60);
    return true;
}
