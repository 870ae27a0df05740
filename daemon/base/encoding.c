/*
 * Hexadecimal, base64 and base64url (RFC 4648), Crockford's base 32. Strict readers: what they accept has one
 * spelling only, apart from the case of hexadecimal digits. Pure, any thread.
 */
#include "encoding.h"

#include "base/crypto.h"

#include <string.h>

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void hex_write(char *out, const uint8_t *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * size] = '\0';
}

bool hex_read(const char *text, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(text[2 * i]);
        int low = high < 0 ? -1 : hex_value(text[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
    }
    return text[2 * size] == '\0';
}

char *sha256_hex(const struct sha256 *hash, char out[static SHA256_HEX])
{
    hex_write(out, hash->bytes, sizeof(hash->bytes));
    return out;
}

bool sha256_parse(const char *hex, struct sha256 *ret)
{
    struct sha256 hash = {0};
    if (!hex || !hex_read(hex, hash.bytes, sizeof(hash.bytes)))
        return false;
    *ret = hash;
    return true;
}

char *hex_encode(struct arena *arena, const void *data, size_t size)
{
    char *out = arena_array(arena, size + 1, 2);
    hex_write(out, data, size);
    return out;
}

bool hex_decode(struct arena *arena, const char *text, uint8_t **ret, size_t *ret_size)
{
    size_t length = strlen(text);
    uint8_t *out = arena_alloc(arena, length / 2);
    if (length % 2 != 0 || !hex_read(text, out, length / 2))
        return false;
    *ret = out;
    *ret_size = length / 2;
    return true;
}

/* Writes without padding and returns the number of characters. */
static size_t base64_write(char *out, const uint8_t *in, size_t size, const char *alphabet)
{
    size_t n = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 8) | in[i];
        for (held += 8; held >= 6; held -= 6)
            out[n++] = alphabet[(bits >> (held - 6)) & 63];
        bits &= 0xFF;
    }
    if (held > 0)
        out[n++] = alphabet[(bits << (6 - held)) & 63];
    return n;
}

char *base64_encode(struct arena *arena, const void *data, size_t size)
{
    char *out = arena_array(arena, size / 3 + 2, 4);
    size_t n = base64_write(out, data, size, base64_alphabet);
    while (n % 4 != 0)
        out[n++] = '=';
    return out;
}

char *base64url_encode(struct arena *arena, const void *data, size_t size)
{
    char *out = arena_array(arena, size / 3 + 2, 4);
    (void)base64_write(out, data, size, base64url_alphabet);
    return out;
}

/* `text` carries no padding; the bits that fill no byte must be zero, or two texts would mean the same bytes.
 */
static bool base64_read(
    struct arena *arena, const char *text, size_t size, const char *alphabet, uint8_t **ret, size_t *ret_size)
{
    enum { NO_DIGIT = 64 };
    uint8_t value[256];
    memset(value, NO_DIGIT, sizeof(value));
    for (uint8_t i = 0; i < 64; i++)
        value[(uint8_t)alphabet[i]] = i;

    uint8_t *out = arena_alloc(arena, size / 4 * 3 + 3);
    size_t n = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < size; i++) {
        uint32_t digit = value[(uint8_t)text[i]];
        if (digit == NO_DIGIT)
            return false;
        bits = (bits << 6) | digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[n++] = (uint8_t)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    if (size % 4 == 1 || bits != 0)
        return false;
    *ret = out;
    *ret_size = n;
    return true;
}

bool base64_decode(struct arena *arena, const char *text, size_t size, uint8_t **ret, size_t *ret_size)
{
    if (size % 4 != 0)
        return false;
    size_t padding = 0;
    while (padding < 2 && padding < size && text[size - padding - 1] == '=')
        padding++;
    return base64_read(arena, text, size - padding, base64_alphabet, ret, ret_size);
}

bool base64url_decode(struct arena *arena, const char *text, size_t size, uint8_t **ret, size_t *ret_size)
{
    return base64_read(arena, text, size, base64url_alphabet, ret, ret_size);
}

void ulid_write(char out[static ULID_SIZE], const uint8_t bytes[static ULID_BYTES])
{
    /* 130 bits of text for 128 of data: the two in excess are the highest ones, and zero */
    uint32_t bits = 0;
    unsigned held = 2;
    size_t n = 0;
    for (size_t i = 0; i < ULID_BYTES; i++) {
        bits = (bits << 8) | bytes[i];
        for (held += 8; held >= 5; held -= 5)
            out[n++] = CROCKFORD_DIGITS[(bits >> (held - 5)) & 31];
        bits &= 0xFF;
    }
    out[n] = '\0';
}

bool crockford_digit(char c)
{
    return c != '\0' && strchr(CROCKFORD_DIGITS, c) != NULL;
}
