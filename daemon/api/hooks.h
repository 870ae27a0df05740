#pragma once
/* What a request of a platform holds while it is under way: the state of its call. */
#include "internal.h"

#include "work/completion.h"

struct hook {
    struct call *call;
    const char *id;
    const struct lms_signature *signature; /* NULL: the source's own */
    struct source_reader *source;
    struct lms_request request;
    struct lms_verdict verdict;
    bool verified; /* the verdict is there */
    struct lms_envelope parsed;
    bool read; /* on the loop: `parsed` is there */
    uint64_t generation;
};

/* Verifies by what is remembered of the source if it is younger than `fresh` microseconds, else by the store.
 */
void hook_open(struct call *call, int64_t fresh);
/* hook_keys.c: its token names a key that nobody knows. Has the keys fetched and verifies it once more when
 * they are there; false: it is refused. */
bool call_await_keys(struct call *call);
