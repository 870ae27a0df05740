#pragma once
/*
 * A growing byte buffer with a ceiling, for building bodies and documents. After the ceiling (or a failed
 * write) it is `failed` and ignores further writes: look once, at the end. Always NUL-terminated, the NUL is
 * not counted.
 */
#include "base/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buf {
    char *data; /* "" when empty */
    size_t size;
    size_t capacity;
    size_t limit; /* bytes, 0 = none */
    bool failed;
};

void buf_init(struct buf *buf, size_t limit);
void buf_free(struct buf *buf);
void buf_reset(struct buf *buf);
void buf_add(struct buf *buf, const void *bytes, size_t size);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* Hands the bytes to the caller (free with free()) and leaves the buffer empty. */
char *buf_take(struct buf *buf, size_t *ret_size);

#define BUF_AUTO __attribute__((cleanup(buf_free))) struct buf

/* Bytes that belong to someone else. */
struct span {
    const char *data;
    size_t size;
};
#define SPAN_TEXT(text) ((struct span){.data = (text), .size = strlen(text)})
