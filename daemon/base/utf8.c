/*
 * UTF-8 as RFC 3629 defines it, no laxer: what is accepted here is stored, signed and sent on. Pure, any
 * thread.
 */
#include "utf8.h"

#include "base/text.h"

#include <string.h>

/* Length of the sequence that `lead` begins; 0 when none does (continuation bytes, C0, C1, F5 and up). */
static size_t utf8_sequence(unsigned char lead)
{
    static const struct {
        unsigned char first, last;
        size_t length;
    } leads[] = {{0x00, 0x7F, 1}, {0xC2, 0xDF, 2}, {0xE0, 0xEF, 3}, {0xF0, 0xF4, 4}};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (lead >= leads[i].first && lead <= leads[i].last)
            return leads[i].length;
    return 0;
}

size_t utf8_decode(const char *bytes, size_t size, uint32_t *ret_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = size ? (unsigned char)bytes[0] : 0;
    if (size && lead < 0x80) {
        *ret_point = lead;
        return 1;
    }
    size_t length = utf8_sequence(lead);
    if (!length || length > size)
        return 0;
    uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (next & 0x3F);
    }
    if (point < least[length] || (point >= 0xD800 && point <= 0xDFFF) || point > 0x10FFFF)
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
