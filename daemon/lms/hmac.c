/*
 * HMAC-SHA256 of the raw body in a header field, hexadecimal or Base64 (RFC 2104, RFC 4648). Pure, any thread.
 */
#include "base/crypto.h"
#include "internal.h"

#include <string.h>

/* Compares with what each secret gives; both are computed whatever the first one says. */
static struct lms_verdict lms_compare_mac(const struct lms_check *check, const uint8_t *received,
    bool (*mac)(struct arena *arena, const struct secret *secret, struct span body, struct sha256 *ret))
{
    struct sha256 current, previous;
    bool first = mac(check->arena, check->keys->current, check->request->body, &current);
    bool second = mac(check->arena, check->keys->previous, check->request->body, &previous);
    bool is_current = first && bytes_equal_ct(received, current.bytes, SHA256_SIZE);
    bool is_previous = second && bytes_equal_ct(received, previous.bytes, SHA256_SIZE);
    if (!is_current && !is_previous)
        return lms_refused(LMS_WRONG, "the signature does not fit the body");
    struct lms_verdict verdict = lms_accepted(check);
    verdict.previous = !is_current;
    return verdict;
}

static bool lms_mac_plain(
    struct arena *arena, const struct secret *secret, struct span body, struct sha256 *ret)
{
    (void)arena;
    size_t size = 0;
    const unsigned char *bytes = secret ? secret_bytes(secret, &size) : NULL;
    if (!size)
        return false;
    *ret = hmac_sha256(bytes, size, body.data, body.size);
    return true;
}

static bool lms_mac_base64(
    struct arena *arena, const struct secret *secret, struct span body, struct sha256 *ret)
{
    size_t size = 0;
    const unsigned char *bytes = secret ? secret_bytes(secret, &size) : NULL;
    uint8_t *key;
    size_t key_size;
    if (!size || !base64_decode(arena, (const char *)bytes, size, &key, &key_size) || !key_size)
        return false;
    *ret = hmac_sha256(key, key_size, body.data, body.size);
    wipe(key, key_size);
    return true;
}

/* Senders write "sha256=..." or not whatever their documents say, so without a configured prefix both are read.
 */
static const char *lms_hex_value(const struct lms_check *check, const char *value)
{
    if (check->signature->prefix)
        return lms_after_prefix(value, check->signature->prefix);
    const char *rest = lms_after_prefix(value, "sha256=");
    return rest ? rest : value;
}

struct lms_verdict lms_verify_hmac_hex(const struct lms_check *check)
{
    const char *value;
    struct lms_verdict refused;
    if (!lms_field(check, check->signature->header, &value, &refused))
        return refused;
    const char *hex = lms_hex_value(check, value);
    struct sha256 received;
    if (!hex || strlen(hex) != SHA256_HEX - 1 || !sha256_parse(hex, &received))
        return lms_refused(LMS_WRONG, "the signature is not 64 hexadecimal digits");
    return lms_compare_mac(check, received.bytes, lms_mac_plain);
}

struct lms_verdict lms_verify_hmac_base64(const struct lms_check *check)
{
    const char *value;
    struct lms_verdict refused;
    if (!lms_field(check, check->signature->header, &value, &refused))
        return refused;
    const char *text = lms_after_prefix(value, check->signature->prefix);
    uint8_t *received;
    size_t size;
    if (!text || !base64_decode(check->arena, text, strlen(text), &received, &size) || size != SHA256_SIZE)
        return lms_refused(LMS_WRONG, "the signature is not the Base64 of 32 bytes");
    return lms_compare_mac(check, received, lms_mac_base64);
}

const char *lms_secret_base64_wrong(const struct secret *secret)
{
    size_t size;
    const unsigned char *bytes = secret_bytes(secret, &size);
    struct arena *arena = arena_new(0);
    uint8_t *key;
    size_t key_size = 0;
    bool fine = base64_decode(arena, (const char *)bytes, size, &key, &key_size);
    if (fine)
        wipe(key, key_size);
    arena_free(arena);
    return fine && key_size >= 16 ? NULL : "expected the Base64 of at least 16 bytes";
}
