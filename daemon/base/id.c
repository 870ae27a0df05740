/*
 * Makes and recognises identifiers. One process-wide counter, under a mutex, keeps them ascending in the order
 * of their making, whatever the clock does meanwhile. Any thread.
 */
#include "base/id.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "encoding.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum {
    ID_KIND_MAX = 9,
    ID_MS_BYTES = 6,
    ID_MS_DIGITS = 10, /* of the ULID: the milliseconds */
    ID_ULID_LENGTH = ULID_SIZE - 1,
    ORG_KEY_LENGTH = ORG_KEY_MAX - 1
};

static const char id_system_key[] = "system";

static pthread_mutex_t id_mutex = PTHREAD_MUTEX_INITIALIZER;
static uint8_t id_last[ULID_BYTES]; /* big endian: 48 bits of milliseconds, 80 random ones */

static void id_set_ms(uint8_t ulid[static ULID_BYTES], uint64_t ms)
{
    for (int i = 0; i < ID_MS_BYTES; i++)
        ulid[i] = (uint8_t)(ms >> (40 - 8 * i));
}

/* Adds a random step of 1 to 2^32, so that an id does not tell its successor. */
static void id_advance(uint8_t ulid[static ULID_BYTES])
{
    uint32_t step = 0;
    random_bytes(&step, sizeof(step));
    uint64_t carry = (uint64_t)step + 1;
    for (int i = ULID_BYTES - 1; i >= 0 && carry > 0; i--) {
        carry += ulid[i];
        ulid[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void id_next(uint8_t ret[static ULID_BYTES], instant_t now)
{
    uint8_t fresh[ULID_BYTES];
    id_set_ms(fresh, now > 0 ? (uint64_t)now / 1000 : 0);
    random_bytes(fresh + ID_MS_BYTES, ULID_BYTES - ID_MS_BYTES);
    (void)pthread_mutex_lock(&id_mutex);
    if (memcmp(fresh, id_last, ID_MS_BYTES) > 0)
        memcpy(id_last, fresh, ULID_BYTES);
    else
        id_advance(id_last);
    memcpy(ret, id_last, ULID_BYTES);
    (void)pthread_mutex_unlock(&id_mutex);
}

static void id_print(char out[static ID_MAX], const char *kind, const char *org_key, const uint8_t *bytes)
{
    char ulid[ULID_SIZE];
    ulid_write(ulid, bytes);
    (void)snprintf(out, ID_MAX, "%.*s_%.*s_%s", (int)ID_KIND_MAX, kind, ORG_KEY_LENGTH, org_key, ulid);
}

void id_new(char out[static ID_MAX], const char *kind, const char *org_key, instant_t now)
{
    if (strcmp(kind, "org") == 0) {
        (void)snprintf(out, ID_MAX, "org_%.*s", ORG_KEY_LENGTH, org_key);
        return;
    }
    uint8_t bytes[ULID_BYTES];
    id_next(bytes, now);
    id_print(out, kind, org_key, bytes);
}

char *id_make(struct arena *arena, const char *kind, const char *org_key, instant_t now)
{
    char *out = arena_alloc(arena, ID_MAX);
    id_new(out, kind, org_key, now);
    return out;
}

void org_key_new(char out[static ORG_KEY_MAX])
{
    uint8_t random[ORG_KEY_LENGTH];
    random_bytes(random, sizeof(random));
    for (int i = 0; i < ORG_KEY_LENGTH; i++)
        out[i] = CROCKFORD_DIGITS[random[i] & 31];
    out[ORG_KEY_LENGTH] = '\0';
}

char *id_derive(struct arena *arena, const char *kind, const char *org_key, const char *of, const char *name)
{
    const struct span parts[] = {
        {kind, strlen(kind) + 1}, {org_key, strlen(org_key) + 1}, {of, strlen(of) + 1}, {name, strlen(name)}};
    struct sha256 hash = sha256_parts(parts, 4);
    char *out = arena_alloc(arena, ID_MAX);
    id_print(out, kind, org_key, hash.bytes);
    if (id_parse(of, NULL, NULL) && strlen(of) > ID_ULID_LENGTH)
        memcpy(out + strlen(out) - ID_ULID_LENGTH, of + strlen(of) - ID_ULID_LENGTH, ID_MS_DIGITS);
    return out;
}

/* The length of the kind that `text` starts with, 0 when it is not `kind` or none at all. */
static size_t id_kind_length(const char *text, const char *kind)
{
    size_t length = 0;
    while (length <= ID_KIND_MAX && text[length] >= 'a' && text[length] <= 'z')
        length++;
    if (length > ID_KIND_MAX || text[length] != '_')
        return 0;
    if (kind && (strlen(kind) != length || memcmp(text, kind, length) != 0))
        return 0;
    return length;
}

static bool id_ulid_valid(const char *text)
{
    if (text[0] < '0' || text[0] > '7')
        return false;
    for (int i = 1; i < ULID_SIZE - 1; i++) {
        if (!crockford_digit(text[i]))
            return false;
    }
    return text[ULID_SIZE - 1] == '\0';
}

/* The length of the organisation's key at the start of `text`, 0 when it is none. */
static size_t id_key_length(const char *text)
{
    size_t length = strcspn(text, "_");
    if (length == strlen(id_system_key) && memcmp(text, id_system_key, length) == 0)
        return length;
    if (length != ORG_KEY_LENGTH)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (!crockford_digit(text[i]))
            return 0;
    }
    return length;
}

bool id_parse(const char *text, const char *kind, char ret_org[ORG_KEY_MAX])
{
    size_t kind_length = text ? id_kind_length(text, kind) : 0;
    if (kind_length == 0)
        return false;
    const char *key = text + kind_length + 1;
    size_t length = id_key_length(key);
    if (length == 0)
        return false;
    bool organisation = kind_length == 3 && memcmp(text, "org", 3) == 0;
    bool whole = organisation ? key[length] == '\0' : key[length] == '_' && id_ulid_valid(key + length + 1);
    if (whole && ret_org) {
        memcpy(ret_org, key, length);
        ret_org[length] = '\0';
    }
    return whole;
}

bool id_valid(const char *text, const char *kind)
{
    return id_parse(text, kind, NULL);
}
