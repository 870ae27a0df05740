#pragma once
/*
 * Proof that a body comes from the platform: six families, one row each in signature.c. A source is configured
 * with a `struct lms_signature` and its secrets; verifying is a pure function over headers, raw body, secrets
 * and now. Comparisons take the same time whatever differs. Any thread.
 *
 *   header, basic, bearer   a secret in a field: proves the sender, not the body
 *   hmac_hex                HMAC-SHA256 of the body, hexadecimal, the secret is its own bytes
 *   hmac_base64             HMAC-SHA256 of the body, Base64, the secret is Base64
 *   standard_webhooks       Standard Webhooks 1.0.0: `v1` (secret whsec_...) and `v1a` (Ed25519, key whpk_...),
 *                           several signatures, signed time
 *   jwt                     RFC 7515 compact, RS256 against a JWKS (RFC 7517); the body itself or a field
 *   md5_body                known, proves nothing: always refused
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/field.h"
#include "base/secret.h"
#include "lms/request.h"

#include <stdbool.h>

enum lms_family {
    LMS_FAMILY_HEADER,
    LMS_FAMILY_BASIC,
    LMS_FAMILY_BEARER,
    LMS_FAMILY_HMAC_HEX,
    LMS_FAMILY_HMAC_BASE64,
    LMS_FAMILY_STANDARD,
    LMS_FAMILY_JWT,
    LMS_FAMILY_MD5,
    LMS_FAMILY_COUNT
};
extern const char *const lms_family_names[]; /* NULL-terminated */

enum {
    LMS_WINDOW_DEFAULT_S = 300,   /* how far a signed time may be from now, both ways */
    LMS_WINDOW_MAX_S = 7 * 86400, /* platforms that sign once and retry for days */
    LMS_SIGNATURES_MAX = 16,      /* in one field */
    LMS_JWKS_MAX = 64 * 1024,     /* bytes */
    LMS_JWKS_KEYS_MAX = 32,
};

struct lms_signature {
    int family; /* enum lms_family */
    /* header: the field (required); hmac_*: the field (required); standard_webhooks: "webhook" of webhook-id,
     * webhook-timestamp, webhook-signature, NULL = that; jwt: the field, NULL = the body is the token. */
    const char *header;
    const char *prefix; /* header, hmac_hex, hmac_base64, jwt in a field: before the value; NULL = none */
    const char *user;   /* basic */
    int64_t window;     /* seconds, FIELD_INT_NONE = the default */
    const char *issuer; /* jwt: `iss` and `aud` to insist on, NULL = any */
    const char *audience;
};
/* {"family": "hmac_hex", "header": "X-Signature", "prefix": "sha256=", ...} */
extern const struct field_table lms_signature_table;

/* Borrowed. During a rotation both secrets are good. */
struct lms_keys {
    const struct secret *current;  /* NULL: none */
    const struct secret *previous; /* NULL: none */
    struct span jwks;              /* jwt: the set as text; rotation is the set's own matter */
};

/* Refuses ("/header", "/user", "/family", "/secret", "/previous_secret", "/jwks" ...) what could never verify
 * or would prove nothing: a missing or impossible field name, a secret that is too short or not in its
 * encoding, a set without a usable RSA key of 2048 bits or more, md5_body. ST_INVALID. */
enum status lms_signature_check(
    const struct lms_signature *signature, const struct lms_keys *keys, struct error *err);

/* What is wrong with a set as fetched: not one, too large, no usable RSA key. NULL: nothing. */
const char *lms_jwks_wrong(struct span jwks);
/* The keys of both sets in one, the current ones first: during a rotation both are good. `previous` may be
 * NULL. */
const char *lms_jwks_join(struct arena *arena, const char *current, const char *previous);

enum lms_outcome {
    LMS_ACCEPTED,
    LMS_MISSING, /* nothing to verify: 401 */
    LMS_WRONG,   /* 401 */
    LMS_STALE,   /* right, but signed too long ago or ahead of our clock: 401 */
};
const char *lms_outcome_name(enum lms_outcome outcome);

struct lms_verdict {
    int outcome;          /* enum lms_outcome */
    const char *sentence; /* why, for logs and the operator; never holds a secret or what was received */
    bool previous;        /* it was the previous secret: the rotation is not over */
    bool unknown_key;     /* jwt: refused for want of a key, which the platform may have published since */
    /* The id under which the message is repeated, NULL: none. Standard Webhooks only, and only once accepted.
     */
    const char *message_id;
    struct span content; /* what to parse once accepted: the body, or the payload of the token it is */
};

void lms_verify(struct arena *arena, const struct lms_signature *signature, const struct lms_keys *keys,
    const struct lms_request *request, instant_t now, struct lms_verdict *ret);
