/*
 * Complaints about an input, each with the RFC 6901 pointer of the value at fault. One thread at a time, the
 * reader's owner.
 */
#include "field_internal.h"

#include <stdio.h>
#include <string.h>

enum { FIELD_POINTER_MAX = 256 };

/* A cut pointer stays a prefix: the error keeps fewer bytes than this anyway. */
static size_t field_path_escape(const char *name, char out[static FIELD_POINTER_MAX], size_t length)
{
    for (; *name != '\0' && length + 2 < FIELD_POINTER_MAX; name++) {
        if (*name == '~' || *name == '/') {
            out[length++] = '~';
            out[length++] = *name == '~' ? '0' : '1';
        } else {
            out[length++] = *name;
        }
    }
    return length;
}

static size_t field_path_print(const struct field_path *path, char out[static FIELD_POINTER_MAX])
{
    if (!path)
        return 0;
    size_t length = field_path_print(path->up, out);
    if (length + 24 >= FIELD_POINTER_MAX)
        return length;
    out[length++] = '/';
    if (path->name)
        return field_path_escape(path->name, out, length);
    return length + (size_t)snprintf(out + length, FIELD_POINTER_MAX - length, "%zu", path->index);
}

void field_complain(struct field_reader *reader, const struct field_path *path, const char *format, ...)
{
    char pointer[FIELD_POINTER_MAX];
    char why[FIELD_WHY_MAX];
    va_list args;
    reader->wrong++;
    va_start(args, format);
    (void)vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    pointer[field_path_print(path, pointer)] = '\0';
    (void)error_field(reader->err, pointer, "%s", why);
}

enum status field_verdict(const struct field_reader *reader)
{
    struct error *err = reader->err;
    if (reader->wrong == 0)
        return ST_OK;
    if (err && err->count == 1) {
        const struct error_field *only = &err->fields[0];
        (void)snprintf(err->detail, sizeof(err->detail), "%.90s: %.160s",
            only->pointer[0] != '\0' ? only->pointer : "the value", only->detail);
    } else if (err && err->count > 1) {
        (void)snprintf(err->detail, sizeof(err->detail), "%u fields are wrong",
            reader->wrong > err->count ? reader->wrong : err->count);
    }
    return ST_INVALID;
}
