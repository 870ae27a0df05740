/*
 * The growing byte buffer: doubles up to its ceiling, then fails for good. Owned by one thread at a time.
 */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 256 };

/* What `data` points to before the first byte: never written. */
static char buf_empty[1] = "";

void buf_init(struct buf *buf, size_t limit)
{
    *buf = (struct buf){.data = buf_empty, .limit = limit};
}

void buf_free(struct buf *buf)
{
    if (!buf)
        return;
    if (buf->capacity)
        free(buf->data);
    buf_init(buf, buf->limit);
}

void buf_reset(struct buf *buf)
{
    buf->size = 0;
    buf->failed = false;
    if (buf->capacity)
        buf->data[0] = '\0';
}

/* Makes room for `more` bytes and the NUL. */
static bool buf_reserve(struct buf *buf, size_t more)
{
    size_t wanted;
    if (buf->failed || __builtin_add_overflow(buf->size, more, &wanted) || wanted > SIZE_MAX / 4 ||
        (buf->limit && wanted > buf->limit)) {
        buf->failed = true;
        return false;
    }
    if (wanted < buf->capacity)
        return true;
    size_t capacity = buf->capacity ? buf->capacity : BUF_FIRST;
    while (capacity <= wanted)
        capacity *= 2;
    if (buf->limit && capacity > buf->limit)
        capacity = buf->limit + 1;
    char *data = realloc(buf->capacity ? buf->data : NULL, capacity);
    if (!data)
        abort();
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t size)
{
    if (!size || !buf_reserve(buf, size))
        return;
    memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length < 0)
        buf->failed = true;
    else if ((size_t)length < sizeof small)
        buf_add(buf, small, (size_t)length);
    else if (buf_reserve(buf, (size_t)length)) {
        va_start(args, format);
        vsnprintf(buf->data + buf->size, (size_t)length + 1, format, args);
        va_end(args);
        buf->size += (size_t)length;
    }
}

char *buf_take(struct buf *buf, size_t *ret_size)
{
    if (!buf->capacity && !(buf->data = calloc(1, 1)))
        abort();
    char *taken = buf->data;
    if (ret_size)
        *ret_size = buf->size;
    buf_init(buf, buf->limit);
    return taken;
}
