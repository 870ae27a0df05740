#pragma once
/*
 * Why something failed: one status, one sentence, and the fields at fault. Callers own the struct (usually on
 * the stack or in a job); functions take it last and only write to it when they fail. A NULL error is allowed
 * everywhere.
 */
#include "base/status.h"

#include <stdarg.h>
#include <stddef.h>

#define ERROR_DETAIL_MAX 256
#define ERROR_FIELDS_MAX 16

struct error_field {
    char pointer[128]; /* JSON pointer (RFC 6901) into the request, "" for the whole */
    char detail[200];  /* what is wrong and what was expected */
};

struct error {
    enum status status;
    char detail[ERROR_DETAIL_MAX];
    unsigned count;
    struct error_field fields[ERROR_FIELDS_MAX]; /* more than these are only summarised in the last one */
};

#define ERROR_INIT                                                                                             \
    {                                                                                                          \
        .status = ST_OK                                                                                        \
    }

/* Sets status and sentence, forgets earlier fields, returns `status`: `return error_set(err, ST_CONFLICT,
 * "...")`. */
enum status error_set(struct error *err, enum status status, const char *format, ...) PRINTF_LIKE(3, 4);
/* Adds a field at fault. The status becomes ST_INVALID unless one is set already. Returns the status. */
enum status error_field(struct error *err, const char *pointer, const char *format, ...) PRINTF_LIKE(3, 4);
/* Prefixes the pointers of all fields, for errors of a nested value: error_nest(err, "/employee"). */
void error_nest(struct error *err, const char *prefix);
void error_clear(struct error *err);
