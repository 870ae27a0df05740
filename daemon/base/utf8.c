/*
 * UTF-8 as RFC 3629 defines it, no laxer: what is accepted here is stored, signed and sent on. Pure, any
 * thread.
 */
#include "utf8.h"

#include "base/text.h"

#include <string.h>

size_t utf8_decode(const char *bytes, size_t size, uint32_t *ret_point)
{
    if (!size)
        return 0;
    unsigned char lead = (unsigned char)bytes[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (!length || length > size)
        return 0;
    uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (next & 0x3F);
    }
    if ((length == 3 && (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF))) ||
        (length == 4 && (point < 0x10000 || point > 0x10FFFF)))
        return 0;
    *ret_point = point;
    return length;
}

size_t utf8_encode(uint32_t point, char out[static 4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)((0xF00u >> length & 0xF0) | point);
    return length;
}

bool utf8_valid(const char *bytes, size_t size)
{
    while (size) {
        uint32_t point;
        size_t length = utf8_decode(bytes, size, &point);
        if (!length || !point)
            return false;
        bytes += length;
        size -= length;
    }
    return true;
}

size_t utf8_length(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}
