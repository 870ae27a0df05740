#pragma once
/*
 * LMS platforms that post completions, and who the people and courses are that they name. Secrets are sealed
 * (base/secret.h) with the source's id as context.
 */
#include "store/page.h"
#include "store/txn.h"

#include <stddef.h>
#include <stdint.h>

/* Records so far, and of them; `refused`: requests that proved who they came from and were not taken. */
struct source_counters {
    int64_t received, completions, duplicates, quarantined, ignored, refused;
};

struct source_row {
    const char *id;   /* "src_..." */
    const char *kind; /* name of a platform (lms/platform.h) */
    const char *name;
    const char *secret, *secret_previous; /* sealed, may be NULL */
    const char *mapping;                  /* JSON object */
    const char *settings;                 /* JSON object: the signature */
    const char *rules;                    /* JSON array: which actions its courses prove */
    bool paused;
    struct source_counters counters;
    instant_t refused_at; /* the latest refusal, INSTANT_NONE: none */
    const char *refused_why;
    int64_t version;
    instant_t created_at, updated_at;
};
struct source_list {
    struct source_row *items;
    size_t count;
    const char *next;
};

/* Makes the id when it is NULL, version 1, the times. */
enum status source_add(struct txn *txn, struct source_row *row, struct error *err);
/* Writes name, secrets, mapping, settings, rules and paused. */
enum status source_update(struct txn *txn, struct source_row *row, int64_t expected, struct error *err);
/* ST_CONFLICT when anything was received from it. */
enum status source_delete(struct txn *txn, const char *id, int64_t expected, struct error *err);
enum status source_get(
    const struct snapshot *snapshot, const char *id, struct source_row *ret, struct error *err);
/* Its rules alone. */
enum status source_rules(const struct snapshot *snapshot, const char *id, const char **ret, struct error *err);
/* By id. */
enum status source_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct source_list *ret, struct error *err);
/* Adds to the counters; not a new version. */
enum status source_count(
    struct txn *txn, const char *id, const struct source_counters *more, struct error *err);
/* The latest of the refusals counted. */
enum status source_note_refusal(
    struct txn *txn, const char *id, instant_t at, const char *why, struct error *err);

/* Who a key of a platform is, over time: kind is a name of lms/completion.h. */
struct alias_row {
    const char *id;     /* "als_..." */
    const char *source; /* NULL: any */
    const char *kind, *value, *employee;
    date_t valid_from, valid_to; /* DATE_NONE: always, open */
    instant_t recorded_at;
};
struct alias_list {
    struct alias_row *items;
    size_t count;
    const char *next;
};
struct alias_filter {
    const char *employee, *source, *value; /* NULL = any */
};
/* Makes the id when it is NULL, and recorded_at. */
enum status alias_add(struct txn *txn, struct alias_row *row, struct error *err);
/* Another alias of the same key and source on one of the days of `row`. ST_NOT_FOUND. */
enum status alias_overlapping(const struct snapshot *snapshot, const char *organisation,
    const struct alias_row *row, struct alias_row *ret, struct error *err);
/* Whoever has the key on that day, on this source before on any; NULL when nobody. */
enum status alias_find(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *kind, const char *value, date_t day, const char **ret_employee, struct error *err);
enum status alias_get(
    const struct snapshot *snapshot, const char *id, struct alias_row *ret, struct error *err);
/* By id. */
enum status alias_list(const struct snapshot *snapshot, const char *organisation,
    const struct alias_filter *filter, const struct page *page, struct alias_list *ret, struct error *err);
/* Writes valid_to. */
enum status alias_end(struct txn *txn, const struct alias_row *row, struct error *err);
enum status alias_delete(struct txn *txn, const char *id, struct error *err);

/* A course as a source names it. */
struct course_row {
    const char *id; /* "crs_..." */
    const char *source;
    const char *code; /* the platform's id of the course */
    const char *title;
    const char *mandatory; /* "yes", "no", "unknown" */
    const char *body;      /* JSON object: classification, hours, competency */
    int64_t version;
    instant_t created_at, updated_at;
};
struct course_list {
    struct course_row *items;
    size_t count;
    const char *next;
};
/* Makes it at its first sight, with what `row` holds; a title that was missing is filled in. The whole row goes
 * back into `row`; *ret_new tells. */
enum status course_see(struct txn *txn, struct course_row *row, bool *ret_new, struct error *err);
/* Writes title, mandatory and body. */
enum status course_update(struct txn *txn, struct course_row *row, int64_t expected, struct error *err);
enum status course_get(
    const struct snapshot *snapshot, const char *id, struct course_row *ret, struct error *err);
/* As a source names it. */
enum status course_named(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *code, struct course_row *ret, struct error *err);
/* By id; `source` and `mandatory` NULL = of all. */
enum status course_list(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *mandatory, const struct page *page, struct course_list *ret, struct error *err);
