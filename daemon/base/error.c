/*
 * The error struct callers hand down: one status, one sentence, the fields at fault. Plain data on the
 * caller's stack, so any thread may use its own.
 */
#include "base/error.h"

#include <stdio.h>
#include <string.h>

/* Cuts before a UTF-8 sequence that snprintf may have split: details end up in JSON. */
static void error_trim_utf8(char *text)
{
    size_t length = strlen(text);
    size_t tail = 0;
    while (tail < length && tail < 3 && ((unsigned char)text[length - 1 - tail] & 0xC0) == 0x80)
        tail++;
    if (tail == length)
        return;
    unsigned char lead = (unsigned char)text[length - 1 - tail];
    size_t wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (tail < wanted)
        text[length - 1 - tail] = '\0';
}

__attribute__((format(printf, 3, 0))) static void error_vformat(
    char *out, size_t size, const char *format, va_list args)
{
    int written = vsnprintf(out, size, format, args);
    if (written < 0)
        out[0] = '\0';
    else if ((size_t)written >= size)
        error_trim_utf8(out);
}

enum { ERROR_POINTER_MAX = sizeof((struct error_field){0}.pointer) };

static void error_join(char out[static ERROR_POINTER_MAX], const char *prefix, const char *rest)
{
    int written = snprintf(out, ERROR_POINTER_MAX, "%s%s", prefix, rest);
    if (written < 0 || written >= ERROR_POINTER_MAX)
        error_trim_utf8(out);
}

enum status error_set(struct error *err, enum status status, const char *format, ...)
{
    if (!err)
        return status;
    /* Formatted aside: the arguments may point into the error that is being replaced. */
    char detail[ERROR_DETAIL_MAX];
    va_list args;
    va_start(args, format);
    error_vformat(detail, sizeof detail, format, args);
    va_end(args);
    err->status = status;
    err->count = 0;
    memcpy(err->detail, detail, sizeof detail);
    return status;
}

enum status error_field(struct error *err, const char *pointer, const char *format, ...)
{
    if (!err)
        return ST_INVALID;
    if (err->status == ST_OK) {
        err->status = ST_INVALID;
        snprintf(err->detail, sizeof err->detail, "some fields are invalid");
    }
    if (err->count == ERROR_FIELDS_MAX) {
        err->fields[ERROR_FIELDS_MAX - 1] =
            (struct error_field){.pointer = "", .detail = "more fields are invalid than are listed here"};
        return err->status;
    }
    struct error_field field = {.pointer = "", .detail = ""};
    va_list args;
    va_start(args, format);
    error_vformat(field.detail, sizeof field.detail, format, args);
    va_end(args);
    error_join(field.pointer, "", pointer);
    err->fields[err->count++] = field;
    return err->status;
}

void error_nest(struct error *err, const char *prefix)
{
    if (!err)
        return;
    for (unsigned i = 0; i < err->count; i++) {
        struct error_field *field = &err->fields[i];
        char joined[sizeof field->pointer];
        error_join(joined, prefix, field->pointer);
        memcpy(field->pointer, joined, sizeof joined);
    }
}

void error_clear(struct error *err)
{
    if (err)
        *err = (struct error)ERROR_INIT;
}
