#pragma once
/* The steps of a run on Moodle: pull_moodle.c decides, pull_moodle_gather.c reads what a step has brought so
 * far, pull_moodle_items.c makes items of it. Pure, any thread. */
#include "moodle.h"
#include "read.h"

enum {
    MOODLE_USERS = 50, /* of a course in one step */
    MOODLE_USERS_OVERLAP = 5,
    MOODLE_ROWS = 50, /* of the report in one step */
    MOODLE_COURSES_MAX = 5000,
    MOODLE_COUNT_MAX = 10000000, /* pages, users, courses */
    MOODLE_WARNINGS = 20,
    MOODLE_FRONT_PAGE = 1, /* the course that everybody is in */
};

enum moodle_phase { MOODLE_SITE, MOODLE_REPORT, MOODLE_COURSES, MOODLE_COURSE, MOODLE_BADGES };

struct moodle_cursor {
    int mode, phase;
    instant_t since;
    int64_t page;           /* of the report */
    struct list courses;    /* of const char *: ids that are still to do, the first is under way */
    int64_t from;           /* users of it that are done */
    int64_t done, total;    /* courses */
    int64_t scores, badges; /* 1: they are to be had */
};
int64_t moodle_cursor_course(const struct moodle_cursor *at);

enum moodle_asked {
    MOODLE_ASKED_SITE,
    MOODLE_ASKED_REPORT,
    MOODLE_ASKED_COURSES,
    MOODLE_ASKED_COURSE,
    MOODLE_ASKED_USERS,
    MOODLE_ASKED_PEOPLE,
    MOODLE_ASKED_CODES,
    MOODLE_ASKED_COMPLETION,
    MOODLE_ASKED_GRADE,
    MOODLE_ASKED_BADGES,
    MOODLE_ASKED_COUNT
};

struct moodle_calls {
    struct arena *arena;
    const struct lms_pull *pull;
    struct lms_call *items;
    size_t count;
};
void moodle_ask_course(struct moodle_calls *calls, int64_t course, int64_t from);
void moodle_ask_enrolled(struct moodle_calls *calls, int64_t course, int64_t from);
void moodle_ask_pair(struct moodle_calls *calls, enum moodle_asked what, int64_t course, int64_t user);
/* Users or one course by a field. */
void moodle_ask_field(struct moodle_calls *calls, enum moodle_asked what, const char *field,
    const char *const *values, size_t count);

struct moodle_row { /* of the report, recent enough to look closer */
    const char *course, *number, *email, *username;
};
struct moodle_pair {
    int64_t course, user;
    instant_t at; /* INSTANT_NONE: not known */
    size_t exchange;
    double score, score_min, score_max;
};

struct moodle_gathered {
    enum moodle_trouble trouble; /* of the step as a whole */
    const char *problem;
    bool in_course; /* it is about the course under way */
    bool asked[MOODLE_ASKED_COUNT];
    const struct json *first; /* of site or courses */
    struct moodle_course *courses;
    size_t course_count;
    struct moodle_user *users;
    size_t user_count;
    struct moodle_row *rows;
    size_t row_count; /* of the page, `row_wanted` of them in rows */
    size_t row_wanted;
    int64_t rows_total; /* of the report */
    struct moodle_pair *completed;
    size_t completed_count;
    struct moodle_pair *denied; /* not complete, it says */
    size_t denied_count;
    const char *warnings[MOODLE_WARNINGS];
    size_t warning_count;
};
void moodle_gather(struct arena *arena, const struct lms_pull *pull, const struct moodle_cursor *at,
    const struct lms_exchanges *done, struct moodle_gathered *ret);
/* What the rows of the report lead to. */
void moodle_report_people(struct moodle_calls *calls, const struct moodle_gathered *all);
void moodle_report_pairs(struct moodle_calls *calls, const struct moodle_gathered *all);

struct moodle_taking {
    struct arena *arena;
    const struct lms_pull *pull;
    const struct lms_exchanges *done;
    struct lms_page *page;
};
void moodle_take_completions(struct moodle_taking *t, const struct moodle_gathered *all);
void moodle_take_badges(struct moodle_taking *t, const struct moodle_gathered *all);
