#pragma once
/*
 * The chunked transfer coding (RFC 9112 section 7.1), read strictly: every line ends with CR LF, extensions are
 * skipped but bounded and free of controls, trailers are bounded and dropped.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chunked {
    int state;
    uint64_t left;     /* of the current chunk */
    unsigned digits;   /* of its size */
    size_t decoration; /* bytes of extensions and trailers in all */
    bool line_empty;   /* of the trailers */
    bool complete;
    bool failed;
};

/* Takes bytes from data[0..size): returns how many, and in *ret_data, *ret_size the piece of body among them
 * (possibly empty). Call again with the rest until nothing is left, complete or failed. */
size_t chunked_take(
    struct chunked *chunked, const char *data, size_t size, const char **ret_data, size_t *ret_size);
