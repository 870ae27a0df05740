/*
 * Compact JSON Web Tokens (RFC 7515, RFC 7519) signed with RS256, as the body or in a field. Only this
 * algorithm: what a token says about its own algorithm decides nothing. Pure, any thread.
 */
#include "base/crypto.h"
#include "internal.h"
#include "jwk.h"
#include "jws.h"
#include "read.h"

#include <math.h>
#include <string.h>

enum { JWT_HEADER_MAX = 4096 };

static bool jwt_object(struct arena *arena, struct span text, const struct json **ret)
{
    return json_parse(arena, text.data, text.size, ret, NULL) == ST_OK && json_type(*ret) == JSON_OBJECT;
}

static const char *jwt_header_wrong(const struct json *header)
{
    const char *algorithm = json_text(json_get(header, "alg"));
    if (!algorithm || strcmp(algorithm, "RS256") != 0)
        return "it is not signed with RS256";
    if (json_get(header, "crit") || json_get(header, "b64"))
        return "it asks for extensions";
    return NULL;
}

/* The keys of that name when there are some, else all: platforms rename keys when they rotate. */
static bool jwt_any_fits(const struct jws *jwt, const struct jwk_set *set, bool *ret_named)
{
    const char *kid = json_text(json_get(jwt->header, "kid"));
    bool named = false;
    for (size_t i = 0; kid && i < set->count; i++)
        named |= set->keys[i].kid && !strcmp(set->keys[i].kid, kid);
    *ret_named = named || !kid;
    for (size_t i = 0; i < set->count; i++) {
        bool chosen = !named || (set->keys[i].kid && !strcmp(set->keys[i].kid, kid));
        if (chosen && rsa_verify(set->keys[i].key, SHA2_256, jwt->signing, jwt->signature, jwt->signature_size))
            return true;
    }
    return false;
}

/* A NumericDate. False when it is there but is none. */
static bool jwt_time(const struct json *claims, const char *name, instant_t *ret)
{
    const struct json *claim = json_get(claims, name);
    *ret = INSTANT_NONE;
    if (!claim)
        return true;
    enum json_type type = json_type(claim);
    double seconds = json_real(claim);
    if ((type != JSON_INT && type != JSON_REAL) || !(seconds >= 0 && seconds < 1e11))
        return false;
    *ret = (instant_t)floor(seconds * 1e6);
    return true;
}

/* With an expiry it rules; otherwise the time of issue must be near. A token without any time is taken as it
 * is: the id of the event tells repeats apart. */
static struct lms_verdict jwt_times(const struct lms_check *check, const struct json *claims)
{
    instant_t expires, from, issued;
    if (!jwt_time(claims, "exp", &expires) || !jwt_time(claims, "nbf", &from) ||
        !jwt_time(claims, "iat", &issued))
        return lms_refused(LMS_WRONG, "a time in the token is none");
    bool late = expires != INSTANT_NONE && expires < check->now && !lms_in_window(check, expires);
    bool early = (from != INSTANT_NONE && from > check->now && !lms_in_window(check, from)) ||
                 (issued != INSTANT_NONE && issued > check->now && !lms_in_window(check, issued));
    bool old = expires == INSTANT_NONE && issued != INSTANT_NONE && issued < check->now &&
               !lms_in_window(check, issued);
    if (late || early || old)
        return lms_refused(LMS_STALE, "the token has expired or is not valid yet, or the clocks differ");
    return lms_accepted(check);
}

static bool jwt_names(const struct json *claim, const char *wanted)
{
    const char *text = json_text(claim);
    if (text)
        return !strcmp(text, wanted);
    for (size_t i = 0; json_type(claim) == JSON_ARRAY && i < json_count(claim); i++)
        if (jwt_names(json_at(claim, i), wanted))
            return true;
    return false;
}

static struct lms_verdict jwt_claims(const struct lms_check *check, struct span payload)
{
    const struct json *claims;
    if (!jwt_object(check->arena, payload, &claims))
        return lms_refused(LMS_WRONG, "the token's payload is not a JSON object");
    const struct lms_signature *signature = check->signature;
    if (signature->issuer && !jwt_names(json_get(claims, "iss"), signature->issuer))
        return lms_refused(LMS_WRONG, "the token is of another issuer");
    if (signature->audience && !jwt_names(json_get(claims, "aud"), signature->audience))
        return lms_refused(LMS_WRONG, "the token is for another audience");
    return jwt_times(check, claims);
}

static bool jwt_locate(const struct lms_check *check, struct span *ret, struct lms_verdict *refused)
{
    const char *value;
    if (!check->signature->header) {
        *ret = slice_trim(check->request->body);
        if (!ret->size)
            *refused = lms_refused(LMS_MISSING, "the body is empty");
        return ret->size > 0;
    }
    if (!lms_field(check, check->signature->header, &value, refused))
        return false;
    value = lms_after_prefix(value, check->signature->prefix);
    if (!value) {
        *refused = lms_refused(LMS_WRONG, "the prefix is missing");
        return false;
    }
    *ret = slice_trim(SPAN_TEXT(value));
    return true;
}

struct lms_verdict lms_verify_jwt(const struct lms_check *check)
{
    struct span token;
    struct lms_verdict verdict;
    if (!jwt_locate(check, &token, &verdict))
        return verdict;
    struct jws jwt;
    const char *wrong = jws_read(check->arena, token, JWT_HEADER_MAX, &jwt);
    if (!wrong)
        wrong = jwt_header_wrong(jwt.header);
    if (wrong)
        return lms_refused(LMS_WRONG, arena_printf(check->arena, "no usable token: %s", wrong));
    struct jwk_set set;
    bool none = !jwk_read(check->arena, check->keys->jwks, &set) || !set.count, named = false;
    if (none || !jwt_any_fits(&jwt, &set, &named)) {
        verdict = lms_refused(LMS_WRONG, none ? "there is no key to verify the token with"
                                              : "the token is signed with none of the platform's keys");
        verdict.unknown_key = !named;
        return verdict;
    }
    verdict = jwt_claims(check, jwt.payload);
    if (verdict.outcome == LMS_ACCEPTED && !check->signature->header)
        verdict.content = jwt.payload;
    return verdict;
}
