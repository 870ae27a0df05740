#pragma once
/* The compact serialisation of a JSON Web Signature (RFC 7515 7.1), taken apart; nothing is verified yet. */
#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"

enum { JWS_SIGNATURE_MAX = 2048 };

struct jws {
    struct span signing; /* header.payload, as received */
    struct span payload; /* decoded */
    const struct json *header;
    uint8_t *signature;
    size_t signature_size;
};

/* NULL: it is one; else why not ("its header is not a JSON object"). `header_max` is of the encoded header. */
const char *jws_read(struct arena *arena, struct span text, size_t header_max, struct jws *ret);
/* Of RS256, RS384 and RS512; false: another algorithm, or an extension is asked for (`crit`, `b64`). */
bool jws_algorithm(const struct jws *jws, enum sha2 *ret);
