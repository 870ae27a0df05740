/*
 * The decoder of chunked bodies: a state machine over single bytes outside the data, without memory of its own;
 * on the loop thread.
 */
#include "chunked.h"

enum chunked_state {
    CHUNKED_SIZE,
    CHUNKED_EXTENSION,
    CHUNKED_SIZE_LF,
    CHUNKED_DATA,
    CHUNKED_DATA_CR,
    CHUNKED_DATA_LF,
    CHUNKED_TRAILER,
    CHUNKED_TRAILER_LF,
};

enum { CHUNKED_DIGITS_MAX = 15, CHUNKED_DECORATION_MAX = 4096 };

static int chunked_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool chunked_size(struct chunked *chunked, char c)
{
    int digit = chunked_hex(c);
    if (digit >= 0 && chunked->digits < CHUNKED_DIGITS_MAX) {
        chunked->left = chunked->left * 16 + (unsigned)digit;
        chunked->digits++;
        return true;
    }
    if (digit >= 0 || !chunked->digits)
        return false;
    chunked->state = c == '\r' ? CHUNKED_SIZE_LF : CHUNKED_EXTENSION;
    return c == '\r' || c == ';';
}

static bool chunked_decoration(struct chunked *chunked, char c)
{
    return ((unsigned char)c >= ' ' || c == '\t') && c != 0x7f &&
           ++chunked->decoration <= CHUNKED_DECORATION_MAX;
}

static bool chunked_trailer(struct chunked *chunked, char c)
{
    if (c == '\r') {
        chunked->state = CHUNKED_TRAILER_LF;
        return true;
    }
    if (chunked->line_empty && (c == ' ' || c == '\t'))
        return false;
    chunked->line_empty = false;
    return chunked_decoration(chunked, c);
}

/* A line feed that must be here. */
static bool chunked_feed(struct chunked *chunked, char c)
{
    if (c != '\n')
        return false;
    if (chunked->state == CHUNKED_DATA_LF) {
        chunked->state = CHUNKED_SIZE;
        chunked->digits = 0;
    } else if (chunked->state == CHUNKED_SIZE_LF) {
        chunked->state = chunked->left ? CHUNKED_DATA : CHUNKED_TRAILER;
        chunked->line_empty = true;
    } else {
        chunked->complete = chunked->line_empty;
        chunked->state = CHUNKED_TRAILER;
        chunked->line_empty = true;
    }
    return true;
}

static bool chunked_step(struct chunked *chunked, char c)
{
    switch (chunked->state) {
    case CHUNKED_SIZE:
        return chunked_size(chunked, c);
    case CHUNKED_EXTENSION:
        if (c != '\r')
            return chunked_decoration(chunked, c);
        chunked->state = CHUNKED_SIZE_LF;
        return true;
    case CHUNKED_DATA_CR:
        chunked->state = CHUNKED_DATA_LF;
        return c == '\r';
    case CHUNKED_TRAILER:
        return chunked_trailer(chunked, c);
    default:
        return chunked_feed(chunked, c);
    }
}

size_t chunked_take(
    struct chunked *chunked, const char *data, size_t size, const char **ret_data, size_t *ret_size)
{
    size_t used = 0;
    *ret_data = data;
    *ret_size = 0;
    while (used < size && !chunked->complete && !chunked->failed) {
        if (chunked->state == CHUNKED_DATA) {
            size_t piece = size - used < chunked->left ? size - used : (size_t)chunked->left;
            *ret_data = data + used;
            *ret_size = piece;
            chunked->left -= piece;
            if (!chunked->left)
                chunked->state = CHUNKED_DATA_CR;
            return used + piece;
        }
        if (!chunked_step(chunked, data[used++]))
            chunked->failed = true;
    }
    return used;
}
