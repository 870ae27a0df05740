#pragma once
/*
 * JSON: reading with ceilings, RFC 6901 pointers, writing, and the canonical form of RFC 8785. The only module
 * that knows jansson. Values read live as long as the arena they were read into and are immutable.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct json; /* a value: object, array, string, number, true, false, null */

/* jansson exports functions of these names too: ours are called otherwise where programs are linked. */
#define JSON_LINK(name) __asm__("base_" #name)

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_INT, JSON_REAL, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

/* Refuses duplicate keys, depth over 32, U+0000 in strings, integers past 64 bits, anything after the value,
 * and more than 200 000 values. ST_SYNTAX says line and column. Any value is accepted at the top. */
enum status json_parse(
    struct arena *arena, const char *text, size_t size, const struct json **ret, struct error *err);

enum json_type json_type(const struct json *value);              /* NULL is JSON_NULL */
const char *json_text(const struct json *value);                 /* NULL unless a string */
int64_t json_int(const struct json *value);                      /* 0 unless an integer */
double json_real(const struct json *value) JSON_LINK(json_real); /* of an integer too */
size_t json_count(const struct json *value);                     /* members or elements */
const struct json *json_at(const struct json *array, size_t index);
const struct json *json_get(const struct json *object, const char *key);
/* Calls each(context, key, value) in the order of the text; stops at the first status that is not ST_OK. */
enum status json_each(const struct json *object,
    enum status (*each)(void *context, const char *key, const struct json *value), void *context);
/* RFC 6901; NULL when there is nothing there. "" is the whole value. */
const struct json *json_pointer(const struct json *value, const char *pointer);
bool json_pointer_valid(const char *pointer);
/* Numbers compare by value (1 equals 1.0), members in any order; NULL equals null. */
bool json_equal(const struct json *a, const struct json *b) JSON_LINK(json_equal);

/* As it was, without blanks, keys in their order. */
void json_write(struct buf *out, const struct json *value);
/* RFC 8785: sorted keys (UTF-16 order), ECMAScript numbers, minimal escapes. As there, every number is a
 * double: an integer past 2^53 is written as the nearest one. */
void json_canonical(struct buf *out, const struct json *value);

/*
 * Writing text straight into a buffer. Commas are placed by the writer:
 *   struct json_writer w = json_writer(&buf);
 *   jw_open(&w, '{'); jw_key(&w, "items"); jw_open(&w, '['); ... jw_close(&w, ']'); jw_close(&w, '}');
 */
struct json_writer {
    struct buf *out;
    bool comma;
    bool after_key;
};

struct json_writer json_writer(struct buf *out);
void jw_open(struct json_writer *w, char bracket);
void jw_close(struct json_writer *w, char bracket);
void jw_key(struct json_writer *w, const char *key);
/* NULL writes null. Bytes that are not UTF-8 become U+FFFD: what is written is always JSON. */
void jw_text(struct json_writer *w, const char *text);
void jw_text_n(struct json_writer *w, const char *text, size_t size);
void jw_int(struct json_writer *w, int64_t value);
void jw_real(struct json_writer *w, double value); /* shortest form; null when not finite */
void jw_bool(struct json_writer *w, bool value);
void jw_null(struct json_writer *w);
void jw_date(struct json_writer *w, int32_t date);       /* DATE_NONE writes null */
void jw_instant(struct json_writer *w, int64_t instant); /* INSTANT_NONE writes null */
void jw_value(struct json_writer *w, const struct json *value);
/* Text that is JSON already. */
void jw_raw(struct json_writer *w, const char *json);
/* jw_key + jw_text in one, and so on: members. */
void jw_member(struct json_writer *w, const char *key, const char *text);
void jw_member_int(struct json_writer *w, const char *key, int64_t value);
void jw_member_bool(struct json_writer *w, const char *key, bool value);
void jw_member_date(struct json_writer *w, const char *key, int32_t date);
void jw_member_instant(struct json_writer *w, const char *key, int64_t instant);
