#pragma once
/* Answers of Moodle's REST interface as values (observed on 4.3). Pure, any thread. */
#include "pull.h"

#include "base/json.h"

struct zone;

/* An error comes with status 200: {"exception", "errorcode", "message"}. */
enum moodle_trouble {
    MOODLE_FINE,
    MOODLE_LATER,   /* maintenance, a broken database, anything not known: again */
    MOODLE_REFUSED, /* the token, the service, a capability */
    MOODLE_NOTHING, /* about this user or course: there is nothing to be had */
};
struct moodle_answer {
    enum moodle_trouble trouble;
    const char *code, *problem; /* unless fine */
    const struct json *body;    /* if fine */
};
struct moodle_answer moodle_read(struct arena *arena, const struct lms_exchange *exchange);

/* POST form of a function; `arguments` is a form already, "" = none. */
struct lms_call moodle_call(
    struct arena *arena, const struct lms_pull *pull, const char *function, const char *arguments);

struct moodle_user {
    int64_t id;
    const char *email, *number, *username;
};
struct moodle_course {
    int64_t id;
    const char *code, *title; /* code: idnumber, else shortname */
};
bool moodle_user_read(const struct json *value, struct moodle_user *ret);
bool moodle_course_read(const struct json *value, struct moodle_course *ret);

/* The course is complete; *ret_at: its latest criterion when all are, else INSTANT_NONE. */
bool moodle_completed(const struct json *answer, instant_t *ret_at);
/* It says that the course is not complete. */
bool moodle_not_completed(const struct json *answer);
/* The grade of the whole course in an answer about one user. */
bool moodle_grade(const struct json *answer, int64_t user, double *ret_raw, double *ret_min, double *ret_max);

/* "Sunday, 22 November 2026, 11:31 PM" in that zone; false for anything else, a wrong weekday included. */
bool moodle_display_time(const char *text, const struct zone *zone, instant_t *ret);

/* The functions of the service that a pull uses, and what each is for. */
struct moodle_function {
    const char *name, *purpose;
    bool needed; /* without it nothing works */
};
extern const struct moodle_function moodle_functions[];
extern const size_t moodle_function_count;
/* Whether the site info lists the function. */
bool moodle_may(const struct json *site_info, const char *function);
