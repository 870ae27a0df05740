/*
 * Verifies Ed25519 and RSA signatures: raw key material in, yes or no out, OpenSSL's objects stay here. Any
 * thread.
 */
#include "base/verify.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <stdlib.h>

enum { RSA_EXPONENT_BYTES_MAX = 8 };

struct rsa_key {
    EVP_PKEY *key;
};

static bool verify_message(
    EVP_PKEY *key, const EVP_MD *digest, struct span message, const uint8_t *signature, size_t size)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool fits = context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, size, (const uint8_t *)message.data, message.size) == 1;
    EVP_MD_CTX_free(context);
    return fits;
}

bool ed25519_verify(const uint8_t key[static ED25519_KEY_SIZE], struct span message,
    const uint8_t signature[static ED25519_SIGNATURE_SIZE])
{
    EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, ED25519_KEY_SIZE);
    bool fits = public && verify_message(public, NULL, message, signature, ED25519_SIGNATURE_SIZE);
    EVP_PKEY_free(public);
    return fits;
}

static EVP_PKEY *rsa_build(const BIGNUM *modulus, const BIGNUM *exponent)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (build && context && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent))
        params = OSSL_PARAM_BLD_to_param(build);
    if (params && EVP_PKEY_fromdata_init(context) == 1 &&
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    return key;
}

static bool rsa_usable(const BIGNUM *modulus, const BIGNUM *exponent)
{
    return modulus && exponent && BN_num_bits(modulus) >= RSA_BITS_MIN &&
           BN_num_bits(modulus) <= RSA_BITS_MAX && BN_is_odd(modulus) && BN_is_odd(exponent) &&
           !BN_is_one(exponent);
}

/* NULL stays NULL. */
static struct rsa_key *rsa_own(EVP_PKEY *key)
{
    struct rsa_key *made = key ? malloc(sizeof *made) : NULL;
    if (key && !made)
        abort();
    if (made)
        made->key = key;
    return made;
}

struct rsa_key *rsa_key_new(
    const uint8_t *modulus, size_t modulus_size, const uint8_t *exponent, size_t exponent_size)
{
    if (modulus_size > RSA_BITS_MAX / 8 + 1 || exponent_size > RSA_EXPONENT_BYTES_MAX)
        return NULL;
    BIGNUM *n = BN_bin2bn(modulus, (int)modulus_size, NULL);
    BIGNUM *e = BN_bin2bn(exponent, (int)exponent_size, NULL);
    EVP_PKEY *key = rsa_usable(n, e) ? rsa_build(n, e) : NULL;
    BN_free(n);
    BN_free(e);
    return rsa_own(key);
}

static bool rsa_certified(EVP_PKEY *key)
{
    BIGNUM *n = NULL, *e = NULL;
    bool usable = key && EVP_PKEY_is_a(key, "RSA") &&
                  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
                  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 && rsa_usable(n, e) &&
                  BN_num_bytes(e) <= RSA_EXPONENT_BYTES_MAX;
    BN_free(n);
    BN_free(e);
    return usable;
}

struct rsa_key *rsa_key_of_certificate(struct span der)
{
    const unsigned char *at = (const unsigned char *)der.data;
    X509 *certificate = der.size <= LONG_MAX ? d2i_X509(NULL, &at, (long)der.size) : NULL;
    bool whole = certificate && at == (const unsigned char *)der.data + der.size;
    EVP_PKEY *key = whole ? X509_get_pubkey(certificate) : NULL;
    X509_free(certificate);
    if (rsa_certified(key))
        return rsa_own(key);
    EVP_PKEY_free(key);
    return NULL;
}

void rsa_key_free(struct rsa_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->key);
    free(key);
}

bool rsa_verify(
    const struct rsa_key *key, enum sha2 hash, struct span message, const uint8_t *signature, size_t size)
{
    static const EVP_MD *(*const digests[])(void) = {EVP_sha224, EVP_sha256, EVP_sha384, EVP_sha512};
    return verify_message(key->key, digests[hash](), message, signature, size);
}
