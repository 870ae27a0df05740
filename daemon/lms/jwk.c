/*
 * Reads a JWKS into RSA keys, leaving out what must not or cannot verify RS256. Pure, any thread.
 */
#include "jwk.h"

#include "base/crypto.h"

#include <string.h>

static bool jwk_bytes(
    struct arena *arena, const struct json *key, const char *name, uint8_t **ret, size_t *ret_size)
{
    const char *text = json_text(json_get(key, name));
    return text && base64url_decode(arena, text, strlen(text), ret, ret_size);
}

static struct rsa_key *jwk_rsa(struct arena *arena, const struct json *key)
{
    uint8_t *modulus, *exponent;
    size_t modulus_size, exponent_size;
    if (!jwk_bytes(arena, key, "n", &modulus, &modulus_size) ||
        !jwk_bytes(arena, key, "e", &exponent, &exponent_size))
        return NULL;
    return rsa_key_new(modulus, modulus_size, exponent, exponent_size);
}

static bool jwk_is(const struct json *key, const char *name, const char *value, bool required)
{
    const struct json *member = json_get(key, name);
    const char *text = json_text(member);
    return member ? text && !strcmp(text, value) : !required;
}

static void jwk_free(void *value)
{
    rsa_key_free(value);
}

bool jwk_read(struct arena *arena, struct span text, struct jwk_set *ret)
{
    const struct json *set;
    ret->count = 0;
    if (text.size > LMS_JWKS_MAX || json_parse(arena, text.data, text.size, &set, NULL) ||
        json_type(set) != JSON_OBJECT)
        return false;
    const struct json *keys = json_get(set, "keys");
    if (json_type(keys) != JSON_ARRAY || json_count(keys) > LMS_JWKS_KEYS_MAX)
        return false;
    for (size_t i = 0; i < json_count(keys); i++) {
        const struct json *key = json_at(keys, i);
        if (json_type(key) != JSON_OBJECT || !jwk_is(key, "kty", "RSA", true) ||
            !jwk_is(key, "use", "sig", false) || !jwk_is(key, "alg", "RS256", false))
            continue;
        struct rsa_key *rsa = jwk_rsa(arena, key);
        if (!rsa)
            continue;
        arena_defer(arena, jwk_free, rsa);
        ret->keys[ret->count++] = (struct jwk){json_text(json_get(key, "kid")), rsa};
    }
    return true;
}

const char *lms_jwks_wrong(struct span jwks)
{
    struct arena *arena = arena_new(0);
    struct jwk_set set;
    bool fine = jwks.size && jwk_read(arena, jwks, &set);
    bool usable = fine && set.count;
    arena_free(arena);
    if (!fine)
        return "expected a JSON Web Key Set of at most 64 KiB and 32 keys";
    return usable ? NULL : "expected an RSA key of at least 2048 bits for signatures";
}

static size_t jwks_add(struct json_writer *w, struct arena *arena, const char *text, size_t count)
{
    const struct json *set;
    if (!text || json_parse(arena, text, strlen(text), &set, NULL) != ST_OK)
        return count;
    const struct json *keys = json_get(set, "keys");
    for (size_t i = 0; i < json_count(keys) && count < LMS_JWKS_KEYS_MAX; i++, count++)
        jw_value(w, json_at(keys, i));
    return count;
}

const char *lms_jwks_join(struct arena *arena, const char *current, const char *previous)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_key(&w, "keys");
    jw_open(&w, '[');
    size_t count = jwks_add(&w, arena, current, 0);
    (void)jwks_add(&w, arena, previous, count);
    jw_close(&w, ']');
    jw_close(&w, '}');
    return out.size <= LMS_JWKS_MAX ? arena_strdup(arena, out.data) : arena_strdup(arena, current);
}
