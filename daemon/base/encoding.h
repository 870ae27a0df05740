#pragma once
/* Encodings without memory of their own; the ones that allocate are in base/crypto.h. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CROCKFORD_DIGITS "0123456789abcdefghjkmnpqrstvwxyz"

enum { ULID_BYTES = 16, ULID_SIZE = 27 /* with NUL */ };

void hex_write(char *out, const uint8_t *data, size_t size); /* 2 * size characters and a NUL */
bool hex_read(const char *text, uint8_t *out, size_t size);  /* exactly 2 * size digits of either case */
/* 128 bits as 26 digits of Crockford's base 32, the first one 0-7. */
void ulid_write(char out[static ULID_SIZE], const uint8_t bytes[static ULID_BYTES]);
bool crockford_digit(char c);
