/*
 * Seals what must be read back from the database: AES-256-GCM (NIST SP 800-38D) under the newest of a few keys,
 * the context authenticated. A keyring is filled at start and only read afterwards, by any thread.
 */
#include "base/crypto.h"
#include "base/secret.h"
#include "crypto_internal.h"
#include "encoding.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEAL_KEYS_MAX = 16,
    SEAL_KEY_SIZE = 32,
    SEAL_KEY_ID_BYTES = 8,
    SEAL_KEY_ID_LENGTH = 2 * SEAL_KEY_ID_BYTES,
    SEAL_NONCE_SIZE = 12,
    SEAL_TAG_SIZE = 16,
    SEAL_PLAIN_MAX = 1024 * 1024,
    SIGN_MAC_MIN = 12
};

static const char seal_version[] = "v1:";

struct sealing_key {
    char id[SEAL_KEY_ID_LENGTH + 1];
    uint8_t bytes[SEAL_KEY_SIZE];
};

struct keyring {
    struct sealing_key keys[SEAL_KEYS_MAX]; /* the newest is the last one */
    size_t count;
};

struct keyring *keyring_new(void)
{
    struct keyring *ring = calloc(1, sizeof(*ring));
    if (!ring)
        abort();
    return ring;
}

void keyring_free(struct keyring *ring)
{
    if (!ring)
        return;
    wipe(ring, sizeof(*ring));
    free(ring);
}

static const struct sealing_key *keyring_find(const struct keyring *ring, const char *id)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (memcmp(ring->keys[i].id, id, SEAL_KEY_ID_LENGTH) == 0)
            return &ring->keys[i];
    }
    return NULL;
}

static bool seal_read_key(const struct secret *key, uint8_t out[static SEAL_KEY_SIZE])
{
    size_t size = 0;
    const unsigned char *bytes = secret_bytes(key, &size);
    if (size == SEAL_KEY_SIZE)
        memcpy(out, bytes, SEAL_KEY_SIZE);
    return size == SEAL_KEY_SIZE ||
           (size == (size_t)2 * SEAL_KEY_SIZE && hex_read((const char *)bytes, out, SEAL_KEY_SIZE));
}

enum status keyring_add(struct keyring *ring, const struct secret *key, struct error *err)
{
    static const char purpose[] = "entretiend sealing key id";
    if (ring->count == SEAL_KEYS_MAX)
        return error_set(err, ST_INVALID, "more than %d sealing keys", SEAL_KEYS_MAX);
    struct sealing_key *slot = &ring->keys[ring->count];
    if (!seal_read_key(key, slot->bytes)) {
        wipe(slot, sizeof(*slot));
        return error_set(err, ST_INVALID, "a sealing key has 32 bytes or 64 hexadecimal digits");
    }
    struct sha256 hash = hmac_sha256(slot->bytes, SEAL_KEY_SIZE, purpose, sizeof(purpose) - 1);
    hex_write(slot->id, hash.bytes, SEAL_KEY_ID_BYTES);
    const struct sealing_key *same = keyring_find(ring, slot->id);
    if (same) {
        wipe(slot, sizeof(*slot));
        return error_set(err, ST_INVALID, "the sealing key %s is given twice", same->id);
    }
    ring->count++;
    return ST_OK;
}

/* Nonce, ciphertext, tag. */
static void seal_encrypt(
    const struct sealing_key *key, const char *context, const uint8_t *plain, int size, uint8_t *out)
{
    int written = 0;
    uint8_t *cipher = out + SEAL_NONCE_SIZE;
    random_bytes(out, SEAL_NONCE_SIZE);
    EVP_CIPHER_CTX *aes = EVP_CIPHER_CTX_new();
    bool ok = aes && EVP_EncryptInit_ex2(aes, EVP_aes_256_gcm(), key->bytes, out, NULL) == 1 &&
              EVP_EncryptUpdate(aes, NULL, &written, (const uint8_t *)context, (int)strlen(context)) == 1 &&
              EVP_EncryptUpdate(aes, cipher, &written, plain, size) == 1 &&
              EVP_EncryptFinal_ex(aes, cipher + size, &written) == 1 &&
              EVP_CIPHER_CTX_ctrl(aes, EVP_CTRL_GCM_GET_TAG, SEAL_TAG_SIZE, cipher + size) == 1;
    crypto_require(ok, "sealing");
    EVP_CIPHER_CTX_free(aes);
}

enum status seal(const struct keyring *ring, struct arena *arena, const char *context, const void *plain,
    size_t size, char **ret, struct error *err)
{
    if (ring->count == 0)
        return error_set(err, ST_INTERNAL, "there is no key to seal secrets with");
    if (size > SEAL_PLAIN_MAX)
        return error_set(err, ST_TOO_LARGE, "secrets have at most %d bytes", SEAL_PLAIN_MAX);
    const struct sealing_key *key = &ring->keys[ring->count - 1];
    size_t whole = SEAL_NONCE_SIZE + size + SEAL_TAG_SIZE;
    uint8_t *bytes = arena_alloc(arena, whole);
    seal_encrypt(key, context, size > 0 ? plain : (const void *)"", (int)size, bytes);
    *ret = arena_printf(arena, "%s%s:%s", seal_version, key->id, base64url_encode(arena, bytes, whole));
    return ST_OK;
}

static bool seal_decrypt(
    const struct sealing_key *key, const char *context, const uint8_t *sealed, int size, uint8_t *out)
{
    int written = 0;
    uint8_t tag[SEAL_TAG_SIZE];
    const uint8_t *cipher = sealed + SEAL_NONCE_SIZE;
    memcpy(tag, cipher + size, sizeof(tag));
    EVP_CIPHER_CTX *aes = EVP_CIPHER_CTX_new();
    bool ready = aes && EVP_DecryptInit_ex2(aes, EVP_aes_256_gcm(), key->bytes, sealed, NULL) == 1 &&
                 EVP_DecryptUpdate(aes, NULL, &written, (const uint8_t *)context, (int)strlen(context)) == 1 &&
                 EVP_DecryptUpdate(aes, out, &written, cipher, size) == 1 &&
                 EVP_CIPHER_CTX_ctrl(aes, EVP_CTRL_GCM_SET_TAG, sizeof(tag), tag) == 1;
    crypto_require(ready, "unsealing");
    bool authentic = EVP_DecryptFinal_ex(aes, out + size, &written) == 1;
    EVP_CIPHER_CTX_free(aes);
    return authentic;
}

/* The text after "v1:<key id>:", NULL when the value does not look like one; the id goes to ret_id. */
static const char *seal_body(const char *sealed, char ret_id[static SEAL_KEY_ID_LENGTH + 1])
{
    size_t prefix = sizeof(seal_version) - 1;
    if (strncmp(sealed, seal_version, prefix) != 0)
        return NULL;
    const char *id = sealed + prefix;
    if (strspn(id, "0123456789abcdef") != SEAL_KEY_ID_LENGTH || id[SEAL_KEY_ID_LENGTH] != ':')
        return NULL;
    memcpy(ret_id, id, SEAL_KEY_ID_LENGTH);
    ret_id[SEAL_KEY_ID_LENGTH] = '\0';
    return id + SEAL_KEY_ID_LENGTH + 1;
}

static struct secret *seal_open(
    const struct sealing_key *key, const char *context, const uint8_t *bytes, size_t size)
{
    if (size < SEAL_NONCE_SIZE + SEAL_TAG_SIZE || size > SEAL_NONCE_SIZE + SEAL_PLAIN_MAX + SEAL_TAG_SIZE)
        return NULL;
    size_t plain_size = size - SEAL_NONCE_SIZE - SEAL_TAG_SIZE;
    uint8_t *plain = malloc(plain_size + 1);
    if (!plain)
        abort();
    bool authentic = seal_decrypt(key, context, bytes, (int)plain_size, plain);
    struct secret *secret = authentic ? secret_new(plain, plain_size) : NULL;
    wipe(plain, plain_size);
    free(plain);
    return secret;
}

enum status unseal(
    const struct keyring *ring, const char *context, const char *sealed, struct secret **ret, struct error *err)
{
    char id[SEAL_KEY_ID_LENGTH + 1];
    const char *body = seal_body(sealed, id);
    if (!body)
        return error_set(err, ST_INTERNAL, "not a sealed value");
    const struct sealing_key *key = keyring_find(ring, id);
    if (!key)
        return error_set(err, ST_INTERNAL, "sealed with key %s, which is not among the sealing keys", id);
    struct arena *arena = arena_new(0);
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct secret *secret = NULL;
    if (base64url_decode(arena, body, strlen(body), &bytes, &size))
        secret = seal_open(key, context, bytes, size);
    arena_free(arena);
    if (!secret)
        return error_set(err, ST_INTERNAL, "a sealed value is damaged or was sealed for another place");
    *ret = secret;
    return ST_OK;
}

bool sealed_current(const struct keyring *ring, const char *sealed)
{
    char id[SEAL_KEY_ID_LENGTH + 1];
    return ring->count > 0 && seal_body(sealed, id) && strcmp(id, ring->keys[ring->count - 1].id) == 0;
}

static struct sha256 sign_with(
    const struct sealing_key *key, const char *purpose, const void *data, size_t size)
{
    struct sha256 own = hmac_sha256(key->bytes, SEAL_KEY_SIZE, purpose, strlen(purpose));
    struct sha256 mac = hmac_sha256(own.bytes, sizeof(own.bytes), data, size);
    wipe(&own, sizeof(own));
    return mac;
}

bool keyring_sign(
    const struct keyring *ring, const char *purpose, const void *data, size_t size, struct sha256 *ret)
{
    if (!ring || ring->count == 0)
        return false;
    *ret = sign_with(&ring->keys[ring->count - 1], purpose, data, size);
    return true;
}

bool keyring_signed(const struct keyring *ring, const char *purpose, const void *data, size_t size,
    const void *mac, size_t mac_size)
{
    bool good = false;
    if (!ring || mac_size < SIGN_MAC_MIN || mac_size > SHA256_SIZE)
        return false;
    for (size_t i = 0; i < ring->count; i++) {
        struct sha256 right = sign_with(&ring->keys[i], purpose, data, size);
        good |= bytes_equal_ct(right.bytes, mac, mac_size);
    }
    return good;
}
