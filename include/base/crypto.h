#pragma once
/* Hashes, MACs, randomness and encodings (OpenSSL). Thread safe; failures of the library abort. */
#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX  65 /* with NUL */

struct sha256 {
    uint8_t bytes[SHA256_SIZE];
};

struct sha256 sha256(const void *data, size_t size);
/* The hash of several pieces, as if joined. */
struct sha256 sha256_parts(const struct span *parts, size_t count);
struct sha256 hmac_sha256(const void *key, size_t key_size, const void *data, size_t size);
struct sha256 hmac_sha256_parts(const void *key, size_t key_size, const struct span *parts, size_t count);
/* Lower-case hexadecimal. */
char *sha256_hex(const struct sha256 *hash, char out[static SHA256_HEX]);
bool sha256_parse(const char *hex, struct sha256 *ret);

enum sha2 { SHA2_224, SHA2_256, SHA2_384, SHA2_512 };
/* Lower-case hexadecimal of the hash by any of them. */
const char *sha2_hex(struct arena *arena, enum sha2 algorithm, struct span data);

/* Time independent of the contents. */
bool bytes_equal_ct(const void *a, const void *b, size_t size);
bool text_equal_ct(const char *a, const char *b); /* leaks only the lengths */
void wipe(void *data, size_t size);
void random_bytes(void *out, size_t size);

/* RFC 4648: lower-case hex (either case is read), base64 (padding required, no blanks), base64url without
 * padding. Bits beyond the last byte must be zero. */
char *hex_encode(struct arena *arena, const void *data, size_t size);
bool hex_decode(struct arena *arena, const char *text, uint8_t **ret, size_t *ret_size);
char *base64_encode(struct arena *arena, const void *data, size_t size);
bool base64_decode(struct arena *arena, const char *text, size_t size, uint8_t **ret, size_t *ret_size);
char *base64url_encode(struct arena *arena, const void *data, size_t size);
bool base64url_decode(struct arena *arena, const char *text, size_t size, uint8_t **ret, size_t *ret_size);
