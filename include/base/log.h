#pragma once
/*
 * Structured lines on standard error: `level subject: message key=value ...`, prefixed with the sd-daemon
 * priority (`<3>`) when $JOURNAL_STREAM is set. Control characters, stray bytes and the backslash are escaped
 * (`\n`, `\x1b`, `\u2028`), so that a stranger cannot forge a line; a line of more than 4 KiB or values of more
 * than 2 KiB are cut, which ` ...` shows. Log only at the edges: dispatcher, job runner, app. Thread safe.
 */
#include "base/status.h"

#include <stdbool.h>

enum log_level { LOG_ERROR = 3, LOG_WARNING = 4, LOG_NOTICE = 5, LOG_INFO = 6, LOG_DEBUG = 7 };

/* A line taken apart, as a log that keeps fields wants it. Nothing is escaped. */
struct log_field {
    const char *key; /* as in the format, in lower case */
    const char *value;
};
enum { LOG_FIELDS_MAX = 16 };
struct log_record {
    enum log_level level;
    const char *subject, *message;
    const char *line; /* as it would stand on standard error, escaped, without priority and end */
    struct log_field fields[LOG_FIELDS_MAX];
    unsigned count; /* 0 also when the values cannot be told apart */
};
/* Takes the lines from now on, on any thread; what it answers false to goes to standard error. NULL: none does.
 */
void log_set_sink(bool (*sink)(const struct log_record *record));

/* LOG_INFO until set: lines of lesser weight are counted, not written. */
void log_set_level(enum log_level level);
/* log_line(LOG_WARNING, "smtp", "relay refused the message", "status=%d host=%s", 451, host): the format after
 * the message holds the key=value pairs, or NULL. */
void log_line(enum log_level level, const char *subject, const char *message, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* Counts lines of `level` or worse since the start, for metrics and tests. */
unsigned long log_count(enum log_level level);
