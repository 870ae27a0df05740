/*
 * Hashes, MACs, randomness, constant-time comparison: the door to libcrypto. Any thread; algorithms are fetched
 * once per process. A library that cannot hash or draw random bytes leaves nothing safe to do: abort.
 */
#include "base/crypto.h"

#include "crypto_internal.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t crypto_once = PTHREAD_ONCE_INIT;
static EVP_MD *crypto_sha256;
static EVP_MAC *crypto_hmac;

void crypto_require(bool ok, const char *what)
{
    if (!ok) {
        (void)fprintf(stderr, "libcrypto: %s failed\n", what);
        abort();
    }
}

static void crypto_fetch(void)
{
    crypto_sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    crypto_hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    crypto_require(crypto_sha256 && crypto_hmac, "fetching SHA-256 and HMAC");
}

struct sha256 sha256_parts(const struct span *parts, size_t count)
{
    struct sha256 hash = {0};
    (void)pthread_once(&crypto_once, crypto_fetch);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    crypto_require(context && EVP_DigestInit_ex2(context, crypto_sha256, NULL) == 1, "starting SHA-256");
    for (size_t i = 0; i < count; i++)
        crypto_require(EVP_DigestUpdate(context, parts[i].data, parts[i].size) == 1, "SHA-256");
    crypto_require(EVP_DigestFinal_ex(context, hash.bytes, NULL) == 1, "ending SHA-256");
    EVP_MD_CTX_free(context);
    return hash;
}

struct sha256 sha256(const void *data, size_t size)
{
    struct span part = {.data = data, .size = size};
    return sha256_parts(&part, 1);
}

const char *sha2_hex(struct arena *arena, enum sha2 algorithm, struct span data)
{
    static const char *const names[] = {"SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"};
    uint8_t hash[EVP_MAX_MD_SIZE];
    size_t size = 0;
    int done = EVP_Q_digest(NULL, names[algorithm], NULL, data.data, data.size, hash, &size);
    crypto_require(done == 1, "SHA-2");
    return hex_encode(arena, hash, size);
}

struct sha256 hmac_sha256_parts(const void *key, size_t key_size, const struct span *parts, size_t count)
{
    struct sha256 mac = {0};
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
    (void)pthread_once(&crypto_once, crypto_fetch);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(crypto_hmac);
    /* a NULL key means "keep the previous one" to libcrypto, so an empty key needs an address */
    const void *some_key = key_size > 0 ? key : "";
    crypto_require(context && EVP_MAC_init(context, some_key, key_size, params) == 1, "starting HMAC");
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0) {
            const unsigned char *data = (const unsigned char *)parts[i].data;
            crypto_require(EVP_MAC_update(context, data, parts[i].size) == 1, "HMAC");
        }
    }
    size_t written = 0;
    int ended = EVP_MAC_final(context, mac.bytes, &written, sizeof(mac.bytes));
    crypto_require(ended == 1 && written == sizeof(mac.bytes), "ending HMAC");
    EVP_MAC_CTX_free(context);
    return mac;
}

struct sha256 hmac_sha256(const void *key, size_t key_size, const void *data, size_t size)
{
    struct span part = {.data = data, .size = size};
    return hmac_sha256_parts(key, key_size, &part, 1);
}

bool bytes_equal_ct(const void *a, const void *b, size_t size)
{
    return size == 0 || CRYPTO_memcmp(a, b, size) == 0;
}

bool text_equal_ct(const char *a, const char *b)
{
    size_t size = strlen(a);
    return strlen(b) == size && bytes_equal_ct(a, b, size);
}

void wipe(void *data, size_t size)
{
    if (size > 0)
        OPENSSL_cleanse(data, size);
}

/* Small draws (ids, salts) come from a pool of the thread's own: each call of the library costs more than its
 * bytes. What is handed out is wiped from the pool. */
enum { RANDOM_POOL = 512, RANDOM_SMALL = 64 };
static _Thread_local struct {
    uint8_t bytes[RANDOM_POOL];
    size_t left;
} random_pool;

static void random_draw(void *out, size_t size)
{
    crypto_require(size <= INT32_MAX && RAND_bytes(out, (int)size) == 1, "drawing random bytes");
}

void random_bytes(void *out, size_t size)
{
    if (size == 0)
        return;
    if (size > RANDOM_SMALL) {
        random_draw(out, size);
        return;
    }
    if (random_pool.left < size) {
        random_draw(random_pool.bytes, RANDOM_POOL);
        random_pool.left = RANDOM_POOL;
    }
    uint8_t *from = random_pool.bytes + random_pool.left - size;
    memcpy(out, from, size);
    OPENSSL_cleanse(from, size);
    random_pool.left -= size;
}
