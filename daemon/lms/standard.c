/*
 * Standard Webhooks 1.0.0: `id.timestamp.body` signed with HMAC-SHA256 (v1) or Ed25519 (v1a), several
 * signatures in one field. Pure, any thread.
 */
#include "base/crypto.h"
#include "base/number.h"
#include "base/verify.h"
#include "internal.h"

#include <string.h>

enum { STANDARD_ID_MAX = 256, STANDARD_SECRET_MIN = 16 };

static const char SECRET_PREFIX[] = "whsec_";
static const char PUBLIC_PREFIX[] = "whpk_";

/* One secret as the algorithm wants it. */
struct standard_key {
    bool public; /* an Ed25519 key, else the secret of an HMAC */
    uint8_t *bytes;
    size_t size; /* 0: not usable */
};

static bool standard_starts(const unsigned char *bytes, size_t size, const char *prefix)
{
    return size >= strlen(prefix) && !memcmp(bytes, prefix, strlen(prefix));
}

static struct standard_key standard_key(struct arena *arena, const struct secret *secret)
{
    struct standard_key key = {.size = 0};
    size_t size = 0;
    const unsigned char *bytes = secret ? secret_bytes(secret, &size) : NULL;
    if (!size)
        return key;
    key.public = standard_starts(bytes, size, PUBLIC_PREFIX);
    size_t skip = key.public                                    ? strlen(PUBLIC_PREFIX)
                  : standard_starts(bytes, size, SECRET_PREFIX) ? strlen(SECRET_PREFIX)
                                                                : 0;
    if (!base64_decode(arena, (const char *)bytes + skip, size - skip, &key.bytes, &key.size) ||
        (key.public && key.size != ED25519_KEY_SIZE))
        key.size = 0;
    return key;
}

static bool standard_fits(
    const struct standard_key *key, struct span message, const uint8_t *signature, size_t size)
{
    if (!key->size)
        return false;
    if (key->public)
        return size == ED25519_SIGNATURE_SIZE && ed25519_verify(key->bytes, message, signature);
    struct sha256 mac = hmac_sha256(key->bytes, key->size, message.data, message.size);
    return size == SHA256_SIZE && bytes_equal_ct(mac.bytes, signature, SHA256_SIZE);
}

/* Whether one of the signatures of the kind this key makes fits; others are passed over. */
static bool standard_any_fits(
    struct arena *arena, const struct standard_key *key, struct span message, const char *signatures)
{
    const char *version = key->public ? "v1a," : "v1,";
    for (const char *at = signatures; *at;) {
        size_t length = strcspn(at, " ");
        size_t skip = strlen(version);
        uint8_t *signature;
        size_t size;
        if (length > skip && !strncmp(at, version, skip) &&
            base64_decode(arena, at + skip, length - skip, &signature, &size) &&
            standard_fits(key, message, signature, size))
            return true;
        at += length;
        at += strspn(at, " ");
    }
    return false;
}

static size_t standard_count(const char *signatures)
{
    size_t count = 0;
    for (const char *at = signatures; *at; count++) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return count;
}

struct standard_fields {
    const char *id, *timestamp, *signatures;
    int64_t seconds;
};

/* The specification wants no full stop in the id: it would let a signature move to another body. */
static bool standard_read(
    const struct lms_check *check, struct standard_fields *ret, struct lms_verdict *refused)
{
    const char *name = check->signature->header ? check->signature->header : "webhook";
    if (!lms_field(check, arena_printf(check->arena, "%s-id", name), &ret->id, refused) ||
        !lms_field(check, arena_printf(check->arena, "%s-timestamp", name), &ret->timestamp, refused) ||
        !lms_field(check, arena_printf(check->arena, "%s-signature", name), &ret->signatures, refused))
        return false;
    const char *wrong = NULL;
    if (!*ret->id || strlen(ret->id) > STANDARD_ID_MAX || strchr(ret->id, '.'))
        wrong = "the id is empty, too long, or has a full stop";
    else if (!parse_int64(ret->timestamp, 0, INT64_C(99999999999), &ret->seconds))
        wrong = "the timestamp is not in seconds";
    else if (standard_count(ret->signatures) > LMS_SIGNATURES_MAX)
        wrong = "there are too many signatures";
    if (wrong)
        *refused = lms_refused(LMS_WRONG, wrong);
    return !wrong;
}

static struct span standard_message(const struct lms_check *check, const struct standard_fields *fields)
{
    struct span body = check->request->body;
    size_t head = strlen(fields->id) + strlen(fields->timestamp) + 2;
    char *message = arena_alloc(check->arena, head + body.size + 1);
    memcpy(message, arena_printf(check->arena, "%s.%s.", fields->id, fields->timestamp), head);
    if (body.size)
        memcpy(message + head, body.data, body.size);
    return (struct span){message, head + body.size};
}

struct lms_verdict lms_verify_standard(const struct lms_check *check)
{
    struct standard_fields fields;
    struct lms_verdict refused;
    if (!standard_read(check, &fields, &refused))
        return refused;
    struct span message = standard_message(check, &fields);
    struct standard_key current = standard_key(check->arena, check->keys->current);
    struct standard_key previous = standard_key(check->arena, check->keys->previous);
    bool is_current = standard_any_fits(check->arena, &current, message, fields.signatures);
    bool is_previous = standard_any_fits(check->arena, &previous, message, fields.signatures);
    wipe(current.bytes, current.size);
    wipe(previous.bytes, previous.size);
    if (!is_current && !is_previous)
        return lms_refused(LMS_WRONG, "no signature fits the id, the time and the body");
    if (!lms_in_window(check, fields.seconds * US_PER_SEC))
        return lms_refused(LMS_STALE, "the message was signed too long ago, or the clocks differ");
    struct lms_verdict verdict = lms_accepted(check);
    verdict.previous = !is_current;
    verdict.message_id = fields.id;
    return verdict;
}

const char *lms_secret_standard_wrong(const struct secret *secret)
{
    struct arena *arena = arena_new(0);
    struct standard_key key = standard_key(arena, secret);
    bool fine = key.size >= STANDARD_SECRET_MIN;
    wipe(key.bytes, key.size);
    arena_free(arena);
    return fine ? NULL : "expected whsec_ and the Base64 of at least 16 bytes, or whpk_ and that of 32";
}
