#pragma once
/*
 * Forms as browsers send them with files: multipart/form-data (RFC 7578), read by GMime. Hostile input:
 * ceilings on parts and sizes, names and texts are UTF-8 without control characters but line breaks, which come
 * out as LF. Any thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

#include <stddef.h>

enum { FORM_FIELDS_MAX = 64, FORM_NAME_MAX = 64, FORM_TEXT_MAX = 16 * 1024, FORM_HEADER_MAX = 64 * 1024 };

struct form_field {
    const char *name;
    const char *value;     /* of a file "" */
    const char *file_name; /* NULL: it is no file */
    struct span content;   /* of a file */
};
struct form {
    const struct form_field *fields;
    size_t count;
};

/* `content_type` is the whole header field, with its boundary. ST_SYNTAX: no such form, or past a ceiling. */
enum status form_read_multipart(
    struct arena *arena, const char *content_type, struct span body, struct form *ret, struct error *err);
/* CR LF becomes LF, in place; ST_SYNTAX when the text holds control characters or is no UTF-8. */
enum status form_clean(char *text, struct error *err);

/* The value, NULL when it is absent or empty. */
const char *form_value(const struct form *form, const char *name);
/* The file of that name, NULL when none was chosen. */
const struct form_field *form_file(const struct form *form, const char *name);
