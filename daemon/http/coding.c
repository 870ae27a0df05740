/* gzip, for answers that hold nothing secret beside something a stranger may choose. Pure, any thread. */
#include "http/coding.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

/* "q=0", "q=0.00": refused. */
static bool coding_weighs_nothing(const char *parameters, size_t size)
{
    const char *end = parameters + size;
    const char *at = memchr(parameters, '=', size);
    if (!at)
        return false;
    for (at++; at < end; at++)
        if (!strchr("0. \t", *at))
            return false;
    return true;
}

/* 1: taken, 0: refused, -1: not named. */
static int coding_named(const char *field, const char *coding)
{
    int found = -1;
    for (const char *at = field; *at; at += *at == ',') {
        at += strspn(at, " \t");
        size_t size = strcspn(at, ",");
        size_t name = strcspn(at, ";, \t");
        if (name == strlen(coding) && strncasecmp(at, coding, name) == 0)
            found = !coding_weighs_nothing(at + name, size - name);
        at += size;
    }
    return found;
}

bool http_takes_gzip(const char *accept_encoding)
{
    if (!accept_encoding)
        return false;
    int named = coding_named(accept_encoding, "gzip");
    if (named < 0)
        named = coding_named(accept_encoding, "x-gzip");
    return named < 0 ? coding_named(accept_encoding, "*") > 0 : named > 0;
}

void http_gzip(struct buf *out, const void *data, size_t size)
{
    z_stream stream = {.next_in = data, .avail_in = (uInt)size};
    if (deflateInit2(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t room = deflateBound(&stream, size);
    Bytef *bytes = malloc(room);
    if (!bytes)
        abort();
    stream.next_out = bytes;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        abort();
    buf_add(out, (const char *)bytes, room - stream.avail_out);
    (void)deflateEnd(&stream);
    free(bytes);
}
