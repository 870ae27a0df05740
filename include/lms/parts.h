#pragma once
/*
 * multipart/mixed (RFC 2046 5.1) as statements come in and go out with the data of their attachments
 * (xAPI-Communication 1.5.2): the parts in their order, their contents as raw bytes whatever they are. Lines
 * may end with LF alone. Pure, any thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

enum {
    LMS_PARTS_MAX = 64,         /* in one body */
    LMS_PART_HEADER_MAX = 4096, /* bytes of the header of one part */
};

struct lms_part {
    const char *type;     /* Content-Type, the whole field; "" without one */
    const char *encoding; /* Content-Transfer-Encoding, lower case; "" without one */
    const char *hash;     /* X-Experience-API-Hash, lower case; "" without one */
    struct span content;  /* in the body */
};
struct lms_parts {
    const struct lms_part *items;
    size_t count;
};

/* `content_type` is the field of the request, with its boundary. ST_SYNTAX: no such body, one that ends before
 * its last boundary, a malformed header, or more than the ceilings. */
enum status lms_parts_read(
    struct arena *arena, const char *content_type, struct span body, struct lms_parts *ret, struct error *err);

/* Whether both fields name the same media type, whatever their parameters. */
bool lms_media_same(const char *a, const char *b);
