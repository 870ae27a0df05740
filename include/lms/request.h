#pragma once
/*
 * What a platform sent, as pure functions need it: header fields in the order received and the raw bytes of the
 * body. Everything is borrowed.
 */
#include "base/buf.h"

#include <stddef.h>

struct lms_header {
    const char *name;
    const char *value;
};

struct lms_request {
    const struct lms_header *headers;
    size_t header_count;
    struct span body;
};

/* The first field of that name, compared without case, or NULL; how many there are goes to *ret_count unless
 * NULL. */
const char *lms_header(const struct lms_request *request, const char *name, size_t *ret_count);
