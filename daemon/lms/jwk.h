#pragma once
/* RSA keys of a JSON Web Key Set (RFC 7517, RFC 7518 6.3). */
#include "base/verify.h"
#include "internal.h"

struct jwk {
    const char *kid; /* NULL: none */
    struct rsa_key *key;
};

struct jwk_set {
    struct jwk keys[LMS_JWKS_KEYS_MAX];
    size_t count;
};

/* Reads the keys that can verify RS256: RSA, 2048 to 8192 bits, for signatures; others are passed over. False
 * when the text is no set. The keys are freed with the arena. */
bool jwk_read(struct arena *arena, struct span text, struct jwk_set *ret);
