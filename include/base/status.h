#pragma once
/*
 * The outcomes of every operation that can fail. One table (http/problem) maps them to HTTP.
 */

enum status {
    ST_OK = 0,
    ST_SYNTAX,          /* the input is not in its format (not JSON, not CSV): 400 */
    ST_INVALID,         /* well formed, but a field is wrong: 422 */
    ST_UNAUTHENTICATED, /* no or wrong credentials: 401 */
    ST_FORBIDDEN,       /* known, but not allowed: 403 */
    ST_NOT_FOUND,       /* 404 */
    ST_CONFLICT,        /* the state of the thing forbids it: 409 */
    ST_PRECONDITION,    /* If-Match does not hold: 412 */
    ST_TOO_LARGE,       /* over a ceiling: 413 */
    ST_BUSY,            /* try again later: 503 + Retry-After */
    ST_FULL,            /* the disk or a quota is full: 507 */
    ST_INTERNAL,        /* a bug or a broken store: 500 */
    ST_COUNT
};

#define MUST_CHECK                 __attribute__((warn_unused_result))
#define PRINTF_LIKE(string, first) __attribute__((format(printf, string, first)))

/* A stable lower-case word for logs and metrics: "ok", "syntax", "invalid" ... */
const char *status_name(enum status status);
