#pragma once
/* How a platform is asked; a row of the table in pull.c each. */
#include "lms/pull.h"

struct lms_pull_platform {
    const char *name;
    enum lms_pull_auth auth;
    const char *token_path;                   /* of oauth2, below the url */
    const struct lms_pull_settings *settings; /* built in: path, paging, mapping; NULL: the source's own */
    const struct lms_header *fields;          /* sent with each call */
    size_t field_count;
    const char *(*begin)(
        struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since);
    enum status (*ask)(struct arena *arena, const struct lms_pull *pull, const char *cursor,
        const struct lms_exchanges *done, struct lms_calls *ret, struct error *err);
    enum status (*take)(struct arena *arena, const struct lms_pull *pull, const char *cursor,
        const struct lms_exchanges *done, struct lms_page *ret, struct error *err);
    enum status (*record)(struct arena *arena, const struct lms_pull *pull, struct span raw,
        struct lms_item *ret, struct error *err);
};

/* pull_pages.c: one call a page, records by a mapping */
const char *pages_begin(
    struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since);
enum status pages_ask(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_calls *ret, struct error *err);
enum status pages_take(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_page *ret, struct error *err);
enum status pages_record(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *ret, struct error *err);

/* pull_moodle.c, pull_moodle_items.c */
const char *moodle_begin(
    struct arena *arena, const struct lms_pull *pull, enum lms_pull_mode mode, instant_t since);
enum status moodle_ask(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_calls *ret, struct error *err);
enum status moodle_take(struct arena *arena, const struct lms_pull *pull, const char *cursor,
    const struct lms_exchanges *done, struct lms_page *ret, struct error *err);
enum status moodle_record(
    struct arena *arena, const struct lms_pull *pull, struct span raw, struct lms_item *ret, struct error *err);

/* What the status of HTTP alone says; false: nothing, look into the body. */
bool pull_status_says(struct arena *arena, const struct lms_exchange *exchange, struct lms_page *ret);
/* The url without a final '/'. */
const char *pull_base(struct arena *arena, const char *url);
/* A cursor by its table, as JSON. */
const char *pull_cursor(struct arena *arena, const struct field_table *table, const void *cursor);
enum status pull_cursor_read(
    struct arena *arena, const struct field_table *table, const char *text, void *ret, struct error *err);
