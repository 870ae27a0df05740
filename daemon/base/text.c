/*
 * Small checks and copies of strings from strangers. Pure, any thread.
 */
#include "base/text.h"

#include "utf8.h"

#include <stdint.h>
#include <string.h>

bool text_has_controls(const char *text, bool lines)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (lines && (*at == '\t' || *at == '\n' || *at == '\r'))
            continue;
        if (*at < 0x20 || *at == 0x7F)
            return true;
        if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F)
            return true;
    }
    return false;
}

bool text_copy(char *out, size_t size, const char *text)
{
    if (!size)
        return false;
    size_t length = strnlen(text, size);
    bool whole = length < size;
    if (!whole) {
        length = size - 1;
        /* A sequence has at most three continuation bytes; more of them is not UTF-8 and has no place to cut.
         */
        size_t cut = length;
        while (cut > 0 && length - cut < 3 && ((unsigned char)text[cut] & 0xC0) == 0x80)
            cut--;
        if (((unsigned char)text[cut] & 0xC0) != 0x80)
            length = cut;
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return whole;
}

bool text_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

char *text_from_windows1252(struct arena *arena, const char *bytes, size_t size, size_t *ret_size)
{
    static const uint16_t high[32] = {0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,
        0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178};
    /* At most three bytes each; the encoder may touch a fourth. */
    char *out = arena_alloc(arena, size * 3 + 2);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        length += utf8_encode(byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte, out + length);
    }
    out[length] = '\0';
    if (ret_size)
        *ret_size = length;
    return out;
}
