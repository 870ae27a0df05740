/*
 * Signed statements (xAPI-Data 2.6): an attachment is a JSON Web Signature of the statement without it. What is
 * signed has to say the same; by whom is known only when the signature brings its certificate. Pure, any
 * thread.
 */
#include "jws.h"
#include "statement_check.h"

#include "base/verify.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define USAGE_SIGNATURE "http://adlnet.gov/expapi/attachments/signature"

enum { SIGNED_HEADER_MAX = 64 * 1024 }; /* certificates included */

static bool signed_is(const struct json *attachment)
{
    const char *usage = check_text(attachment, "usageType");
    return usage && !strcmp(usage, USAGE_SIGNATURE);
}

/* ---- what was signed */

static enum status signed_member(void *context, const char *key, const struct json *value)
{
    struct json_writer *w = context;
    bool attachments = !strcmp(key, "attachments"), others = !attachments;
    for (size_t i = 0; attachments && i < json_count(value); i++)
        others |= !signed_is(json_at(value, i));
    if (!others)
        return ST_OK;
    jw_key(w, key);
    if (!attachments) {
        jw_value(w, value);
        return ST_OK;
    }
    jw_open(w, '[');
    for (size_t i = 0; i < json_count(value); i++)
        if (!signed_is(json_at(value, i)))
            jw_value(w, json_at(value, i));
    jw_close(w, ']');
    return ST_OK;
}

/* The statement without its signatures. */
static const struct json *signed_bare(struct arena *arena, const struct json *statement)
{
    const struct json *bare = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    (void)json_each(statement, signed_member, &w);
    jw_close(&w, '}');
    return json_parse(arena, text.data, text.size, &bare, NULL) == ST_OK ? bare : NULL;
}

static bool signed_same_id(const struct json *a, const struct json *b)
{
    const char *one = check_text(a, "id"), *other = check_text(b, "id");
    return !one || !other || !strcasecmp(one, other);
}

static bool signed_says(
    const struct checking *c, struct arena *arena, struct span payload, const struct json *statement)
{
    const struct json *said, *bare = signed_bare(arena, statement);
    struct error err = ERROR_INIT;
    struct checking check = {.err = &err, .second = c->second, .parts = c->parts};
    if (!bare || json_parse(arena, payload.data, payload.size, &said, NULL) != ST_OK)
        return false;
    check_object(&check, said, &statement_parts);
    return !check.failed && signed_same_id(said, bare) &&
           lms_statement_same(arena, signed_bare(arena, said), bare);
}

/* ---- by whom */

/* By the first certificate of the header, if it brings any. */
static bool signed_verifies(struct arena *arena, const struct jws *jws, enum sha2 hash)
{
    const struct json *chain = json_get(jws->header, "x5c");
    const char *first = json_text(json_at(chain, 0));
    uint8_t *der;
    size_t size;
    if (!chain)
        return true;
    if (json_type(chain) != JSON_ARRAY || !first || !base64_decode(arena, first, strlen(first), &der, &size))
        return false;
    struct rsa_key *key = rsa_key_of_certificate((struct span){(const char *)der, size});
    bool fits = key && rsa_verify(key, hash, jws->signing, jws->signature, jws->signature_size);
    rsa_key_free(key);
    return fits;
}

/* NULL, or what is wrong with it. */
static const char *signed_wrong(
    const struct checking *c, struct arena *arena, const struct json *attachment, const struct json *statement)
{
    const char *type = check_text(attachment, "contentType");
    const struct lms_part *part = attached_part(c->parts, check_text(attachment, "sha2"));
    struct jws jws;
    enum sha2 hash;
    if (!lms_media_same(type, "application/octet-stream"))
        return "a signature has the contentType application/octet-stream";
    if (!part)
        return "a signature comes along, as a part of a multipart/mixed body";
    const char *wrong = jws_read(arena, part->content, SIGNED_HEADER_MAX, &jws);
    if (wrong)
        return arena_printf(arena, "no JSON Web Signature: %s", wrong);
    if (!jws_algorithm(&jws, &hash))
        return "the signature is neither RS256 nor RS384 nor RS512";
    if (jws.payload.size > *c->signed_left)
        return "the signatures of the request sign too much";
    *c->signed_left -= jws.payload.size;
    if (!signed_says(c, arena, jws.payload, statement))
        return "what is signed is not this statement";
    return signed_verifies(arena, &jws, hash) ? NULL : "the signature is not by its certificate";
}

void check_signatures(struct checking *c, struct arena *arena, const struct json *statement)
{
    const struct json *attachments = json_get(statement, "attachments");
    for (size_t i = 0; i < json_count(attachments); i++) {
        const struct json *attachment = json_at(attachments, i);
        const char *wrong = signed_is(attachment) ? signed_wrong(c, arena, attachment, statement) : NULL;
        char name[40];
        snprintf(name, sizeof name, "attachments/%zu", i);
        if (wrong)
            check_refuse(c, name, "%s", wrong);
    }
}
