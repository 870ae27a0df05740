#pragma once
/* Signatures by public keys (OpenSSL): only verifying. Thread safe; a key that is none is refused, never fatal.
 */
#include "base/buf.h"
#include "base/crypto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ED25519_KEY_SIZE = 32, ED25519_SIGNATURE_SIZE = 64, RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192 };

/* RFC 8032, the whole message at once. */
bool ed25519_verify(const uint8_t key[static ED25519_KEY_SIZE], struct span message,
    const uint8_t signature[static ED25519_SIGNATURE_SIZE]);

struct rsa_key;

/* From the big-endian bytes of modulus and exponent (RFC 7518 6.3.1). NULL outside RSA_BITS_MIN ...
 * RSA_BITS_MAX, for an even exponent, 1, or one of more than 64 bits. */
struct rsa_key *rsa_key_new(
    const uint8_t *modulus, size_t modulus_size, const uint8_t *exponent, size_t exponent_size);
void rsa_key_free(struct rsa_key *key);
/* Of an X.509 certificate (DER), whoever issued it and whenever it is good. NULL: it is none, or its key is not
 * RSA within these bounds. */
struct rsa_key *rsa_key_of_certificate(struct span der);
/* RSASSA-PKCS1-v1_5 (RFC 8017 8.2): "RS256", "RS384", "RS512". */
bool rsa_verify(
    const struct rsa_key *key, enum sha2 hash, struct span message, const uint8_t *signature, size_t size);
