#pragma once
/* Decoding of UTF-8, for the sources of base that walk through strangers' text. */
#include <stddef.h>
#include <stdint.h>

/*
 * Reads one code point of at most `size` bytes. Returns its length, 1 to 4, or 0 when the bytes are not
 * well-formed (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF) or `size` is 0.
 */
size_t utf8_decode(const char *bytes, size_t size, uint32_t *ret_point);
/* Writes 1 to 4 bytes without a NUL, returns how many. */
size_t utf8_encode(uint32_t point, char out[static 4]);
