/*
 * The audit chain's arithmetic: canonical text, hashes, appending and following. Pure, any thread.
 */
#include "model/audit.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* Enough for the longest ids, verbs and actors. */
#define AUDIT_TEXT_MAX 8192

bool audit_hash_is_none(const struct sha256 *hash)
{
    static const struct sha256 none;
    return memcmp(hash, &none, sizeof none) == 0;
}

static void audit_member_hash(struct json_writer *w, const char *key, const struct sha256 *hash)
{
    char hex[SHA256_HEX];
    jw_member(w, key, audit_hash_is_none(hash) ? NULL : sha256_hex(hash, hex));
}

/* Keys in the order of RFC 8785. */
void audit_canonical(const struct audit_record *record, struct buf *out)
{
    struct json_writer w = json_writer(out);
    jw_open(&w, '{');
    jw_member(&w, "actor", record->actor);
    jw_member_instant(&w, "at", record->at);
    jw_member(&w, "organisation", record->organisation);
    audit_member_hash(&w, "payload_hash", &record->payload_hash);
    audit_member_hash(&w, "prev", &record->prev);
    jw_member_int(&w, "seq", record->seq);
    jw_member(&w, "subject", record->subject);
    audit_member_hash(&w, "subject_prev", &record->subject_prev);
    jw_member(&w, "verb", record->verb);
    jw_close(&w, '}');
}

struct sha256 audit_hash(const struct audit_record *record)
{
    BUF_AUTO text;
    buf_init(&text, AUDIT_TEXT_MAX);
    audit_canonical(record, &text);
    return sha256(text.data, text.size);
}

/* ---- payloads that are canonical as they are written */

enum { PLAIN_DEPTH = 8 };

static const char *plain_value(const char *at, int depth);

/* A text without escapes and without bytes past `last`, from its opening quote; NULL when it is none. */
static const char *plain_text(const char *at, unsigned char last)
{
    if (*at++ != '"')
        return NULL;
    while ((unsigned char)*at >= 0x20 && (unsigned char)*at <= last && *at != '"' && *at != '\\')
        at++;
    return *at == '"' ? at + 1 : NULL;
}

/* null, a truth, or a whole number that a double holds. */
static const char *plain_word(const char *at)
{
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strncmp(at, words[i], strlen(words[i])))
            return at + strlen(words[i]);
    size_t digits = strspn(at, "0123456789");
    return digits && digits < 16 && (*at != '0' || digits == 1) ? at + digits : NULL;
}

static const char *plain_array(const char *at, int depth)
{
    if (at[1] == ']')
        return at + 2;
    do
        at = plain_value(at + 1, depth);
    while (at && *at == ',');
    return at && *at == ']' ? at + 1 : NULL;
}

/* Members under keys of ASCII that ascend. */
static const char *plain_object(const char *at, int depth)
{
    const char *key = NULL;
    size_t key_size = 0;
    if (at[1] == '}')
        return at + 2;
    do {
        const char *name = ++at, *end = plain_text(at, 0x7E);
        if (!end || *end != ':')
            return NULL;
        size_t size = (size_t)(end - name);
        size_t shorter = key_size < size ? key_size : size;
        int order = key ? memcmp(key, name, shorter - 1) : -1; /* without the closing quotes */
        if (order > 0 || (order == 0 && key_size >= size))
            return NULL;
        key = name;
        key_size = size;
        at = plain_value(end + 1, depth);
    } while (at && *at == ',');
    return at && *at == '}' ? at + 1 : NULL;
}

static const char *plain_value(const char *at, int depth)
{
    if (*at == '"')
        return plain_text(at, 0xFF);
    if (*at != '{' && *at != '[')
        return plain_word(at);
    if (depth == 0)
        return NULL;
    return *at == '{' ? plain_object(at, depth - 1) : plain_array(at, depth - 1);
}

/* What most payloads are, written by those who know the form. */
static bool plain_is_canonical(const char *json)
{
    const char *end = *json == '{' ? plain_value(json, PLAIN_DEPTH) : NULL;
    return end && !*end && utf8_valid(json, (size_t)(end - json));
}

enum status audit_payload_canonical(struct arena *arena, const char *json, const char **ret, struct error *err)
{
    const struct json *value;
    if (plain_is_canonical(json)) {
        *ret = arena_strdup(arena, json);
        return ST_OK;
    }
    enum status status = json_parse(arena, json, strlen(json), &value, err);
    if (status != ST_OK)
        return status;
    BUF_AUTO text;
    buf_init(&text, 0);
    json_canonical(&text, value);
    *ret = arena_strndup(arena, text.data, text.size);
    return ST_OK;
}

struct sha256 audit_payload_hash(const uint8_t salt[AUDIT_SALT_SIZE], const char *canonical)
{
    const struct span parts[] = {{(const char *)salt, AUDIT_SALT_SIZE}, {canonical, strlen(canonical)}};
    return sha256_parts(parts, 2);
}

struct sha256 audit_append(struct audit_head *head, struct audit_record *record)
{
    record->seq = head->seq + 1;
    record->prev = head->hash;
    *head = (struct audit_head){.seq = record->seq, .hash = audit_hash(record)};
    return head->hash;
}

enum status audit_follow(
    struct audit_head *head, const struct audit_record *record, const struct sha256 *hash, struct error *err)
{
    long long seq = (long long)head->seq + 1;
    if (record->seq != seq)
        return error_set(
            err, ST_CONFLICT, "audit record %lld is missing: %lld follows", seq, (long long)record->seq);
    if (memcmp(&record->prev, &head->hash, sizeof record->prev) != 0)
        return error_set(err, ST_CONFLICT, "audit record %lld does not continue the one before", seq);
    struct sha256 found = audit_hash(record);
    if (memcmp(&found, hash, sizeof found) != 0)
        return error_set(err, ST_CONFLICT, "audit record %lld was changed: its hash does not match", seq);
    *head = (struct audit_head){.seq = record->seq, .hash = found};
    return ST_OK;
}
