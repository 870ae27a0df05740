#pragma once
/*
 * What GMime would build of a stranger's bytes, bounded before it is asked to: objects of a few hundred bytes
 * for each field of a header and for each part, which a line of five bytes begins. One pass. Pure, any thread.
 */
#include <stdbool.h>
#include <stddef.h>

struct mail_bounds {
    const char *boundary; /* without the dashes; NULL: any line with two dashes may begin a part */
    unsigned typed_max;   /* lines that may be a Content-Type */
    unsigned begun_max;   /* lines that may begin a part */
    size_t header_max;    /* bytes of all that may be a header */
    bool flat;            /* parts that may hold parts are past it */
};

/* The sentence that says what is past a ceiling, NULL when nothing is. */
const char *mail_past_bounds(const struct mail_bounds *bounds, const char *bytes, size_t size);
