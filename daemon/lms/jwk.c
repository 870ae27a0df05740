/*
 * Reads a JWKS into OpenSSL keys, leaving out what must not or cannot verify RS256. Pure, any thread.
 */
#include "jwk.h"

#include "base/crypto.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <string.h>

enum { JWK_BITS_MIN = 2048, JWK_BITS_MAX = 8192, JWK_EXPONENT_BYTES_MAX = 8 };

static BIGNUM *jwk_number(struct arena *arena, const struct json *key, const char *name, size_t max)
{
    const char *text = json_text(json_get(key, name));
    uint8_t *bytes;
    size_t size;
    if (!text || !base64url_decode(arena, text, strlen(text), &bytes, &size) || !size || size > max)
        return NULL;
    return BN_bin2bn(bytes, (int)size, NULL);
}

static EVP_PKEY *jwk_build(BIGNUM *modulus, BIGNUM *exponent)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (build && context && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent))
        params = OSSL_PARAM_BLD_to_param(build);
    if (params && EVP_PKEY_fromdata_init(context) == 1)
        (void)EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *jwk_rsa(struct arena *arena, const struct json *key)
{
    BIGNUM *modulus = jwk_number(arena, key, "n", JWK_BITS_MAX / 8);
    BIGNUM *exponent = jwk_number(arena, key, "e", JWK_EXPONENT_BYTES_MAX);
    EVP_PKEY *rsa = NULL;
    if (modulus && exponent && BN_num_bits(modulus) >= JWK_BITS_MIN && BN_is_odd(exponent) &&
        !BN_is_one(exponent))
        rsa = jwk_build(modulus, exponent);
    BN_free(modulus);
    BN_free(exponent);
    return rsa;
}

static bool jwk_is(const struct json *key, const char *name, const char *value, bool required)
{
    const struct json *member = json_get(key, name);
    const char *text = json_text(member);
    return member ? text && !strcmp(text, value) : !required;
}

static void jwk_free(void *value)
{
    EVP_PKEY_free(value);
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
        EVP_PKEY *rsa = jwk_rsa(arena, key);
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
