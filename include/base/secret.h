#pragma once
/*
 * Secrets. A `struct secret` has no text member, so no formatter prints it by accident; it is wiped when freed.
 * Sealing: AES-256-GCM with a random nonce; sealed text is `v1:<key id>:<base64url nonce|ciphertext|tag>`, the
 * context (row id and column) is authenticated so that a sealed value cannot be moved to another row.
 */
#include "base/arena.h"
#include "base/crypto.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct secret;

struct secret *secret_new(const void *bytes, size_t size);
void secret_free(struct secret *secret);
/* Borrowed; valid while the secret lives. */
const unsigned char *secret_bytes(const struct secret *secret, size_t *ret_size);
/* A regular file of 1 byte to 64 KiB, one trailing newline removed. Refuses one that others may read or write.
 * NULL with the reason in `err` (ST_NOT_FOUND, ST_INVALID, ST_TOO_LARGE). */
struct secret *secret_read_file(const char *path, struct error *err);

/* A random printable token: prefix + base64url of `bytes` random bytes. */
char *secret_token(struct arena *arena, const char *prefix, size_t bytes);

struct keyring; /* the sealing keys: the newest seals, all unseal */

struct keyring *keyring_new(void);
void keyring_free(struct keyring *ring);
/* `key` is 32 bytes or 64 hexadecimal digits; the key id derives from its hash. At most 16, each once. */
enum status keyring_add(struct keyring *ring, const struct secret *key, struct error *err);
/* ST_INTERNAL without a key, ST_TOO_LARGE past 1 MiB. Contexts must differ for each value:
 * "sources/<id>/secret". */
enum status seal(const struct keyring *ring, struct arena *arena, const char *context, const void *plain,
    size_t size, char **ret, struct error *err);
/* ST_INTERNAL when the value is damaged, of another context, or sealed with a key that is not in the ring. */
enum status unseal(const struct keyring *ring, const char *context, const char *sealed, struct secret **ret,
    struct error *err);
/* A MAC of `data` (HMAC-SHA256) under a key of its own for this purpose, made from the newest key. False
 * without a key. */
bool keyring_sign(
    const struct keyring *ring, const char *purpose, const void *data, size_t size, struct sha256 *ret);
/* Whether `mac`, the first `mac_size` bytes of such a MAC (at least 12), is of one of the keys. */
bool keyring_signed(const struct keyring *ring, const char *purpose, const void *data, size_t size,
    const void *mac, size_t mac_size);
/* Whether the value is sealed with the newest key (rekey). */
bool sealed_current(const struct keyring *ring, const char *sealed);
