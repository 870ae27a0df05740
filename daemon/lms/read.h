#pragma once
/* How the formats of platforms read a body: slices, values, times, identities. */
#include "base/json.h"
#include "base/zone.h"
#include "lms/completion.h"
#include "lms/mapping.h"

/* ---- slice.c: the bytes of values inside a text that json_parse has accepted */

/* Without blanks around it. */
struct span slice_trim(struct span text);
/* Without the byte order mark that some senders put first. */
struct span slice_without_mark(struct span text);
/* The bytes of what an RFC 6901 pointer names, once json_pointer(root, pointer) has found it; `root` is the
 * parsed text. */
bool slice_pointer(const struct json *root, struct span text, const char *pointer, struct span *ret);

struct slice_cursor {
    struct span rest;
    bool object; /* values of members, else elements */
};
struct slice_cursor slice_open(struct span container);
bool slice_next(struct slice_cursor *cursor, struct span *ret);

/* ---- form.c */

/* Writes the fields of an application/x-www-form-urlencoded body as a JSON object. False past the ceiling of
 * fields or of bytes. */
bool form_to_json(struct arena *arena, struct span body, struct buf *out);

/* ---- value.c: scalars as platforms write them */

/* Text of a scalar: trimmed, control characters become blanks, cut at LMS_TEXT_MAX; NULL when it is absent,
 * null or empty. *ret_single is false for lists and objects. */
const char *value_text(struct arena *arena, const struct json *value, bool *ret_single);
const char *value_clean(struct arena *arena, const char *text);
/* "82.5", "82,50", 82: NAN when it is none. */
double value_number(const char *text);
/* Minutes, or FIELD_INT_NONE. */
int64_t value_minutes(const char *text, enum lms_duration_unit unit);

struct value_time {
    instant_t at;
    bool day_only;
};
/* False when the text is not in that format. */
bool value_time(const char *text, enum lms_time_format format, const struct zone *zone, struct value_time *ret);

/* ---- item.c: what every format does with what it has read */

struct item_reading {
    struct arena *arena;
    const struct lms_input *input;
    struct lms_item *item;
};

/* Remembers the first problem. */
void item_problem(struct item_reading *reading, const char *format, ...) PRINTF_LIKE(2, 3);
/* Adds a key; addresses are lower-cased, wrong ones are a problem; NULL is passed over. */
void item_key(struct item_reading *reading, enum lms_key_kind kind, const char *value);
/* An occurrence: refuses what is before 1990 or more than a day ahead. */
void item_occurred(struct item_reading *reading, struct value_time time);
void item_certificate_url(struct item_reading *reading, const char *url);

/* A fresh item of these bytes. */
struct lms_item item_init(struct span raw);
/* The item cannot be read: why. */
void item_unreadable(struct item_reading *reading, const char *why);
/*
 * What it lacks, its state, its identity: "id:<event id>" when the platform gives one; else of source, user,
 * course, time and effect; else of its bytes. `shared` is the event's id when it is that of the whole body, and
 * `number` (1 ...) tells the records of such a body apart, 0 when there is only one.
 */
void item_finish(struct item_reading *reading, const char *shared, size_t number);
