/*
 * Attachments of statements and the parts of the body with their data, which belong together by their hash
 * alone (xAPI-Communication 1.5.2). Pure, any thread.
 */
#include "statement_check.h"

#include "base/crypto.h"

#include <string.h>
#include <strings.h>

const struct lms_part *attached_part(const struct lms_parts *parts, const char *sha2)
{
    for (size_t i = 0; parts && sha2 && i < parts->count; i++)
        if (!strcasecmp(parts->items[i].hash, sha2))
            return &parts->items[i];
    return NULL;
}

static const char *attached_hash(struct arena *arena, const struct lms_part *part)
{
    static const enum sha2 by_length[] = {
        [56 / 8] = SHA2_224, [64 / 8] = SHA2_256, [96 / 8] = SHA2_384, [128 / 8] = SHA2_512};
    return sha2_hex(arena, by_length[strlen(part->hash) / 8], part->content);
}

enum status attached_check_parts(struct arena *arena, const struct lms_parts *parts, struct error *err)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct lms_part *part = &parts->items[i];
        if (strcmp(part->encoding, "binary") != 0)
            return error_set(
                err, ST_INVALID, "part %zu of the body: expected Content-Transfer-Encoding: binary", i + 2);
        if (!xapi_is_sha2(part->hash))
            return error_set(err, ST_INVALID,
                "part %zu of the body: expected X-Experience-API-Hash with the SHA-2 of its data", i + 2);
        if (strcmp(part->hash, attached_hash(arena, part)) != 0)
            return error_set(
                err, ST_INVALID, "part %zu of the body: its data have another hash than it says", i + 2);
    }
    return ST_OK;
}

static bool attached_to(const struct lms_statement *statement, const struct lms_part *part)
{
    for (size_t i = 0; i < statement->attached_count; i++)
        if (!strcmp(statement->attached[i]->hash, part->hash))
            return true;
    return false;
}

enum status attached_check_used(
    const struct lms_parts *parts, const struct lms_statements *statements, struct error *err)
{
    for (size_t i = 0; i < parts->count; i++) {
        bool used = false;
        for (size_t s = 0; !used && s < statements->count; s++)
            used = attached_to(&statements->items[s], &parts->items[i]);
        if (!used)
            return error_set(err, ST_INVALID, "part %zu of the body: no attachment has its hash", i + 2);
    }
    return ST_OK;
}

void attached_find(struct arena *arena, const struct lms_parts *parts, struct lms_statement *statement)
{
    const struct json *lists[] = {json_get(statement->json, "attachments"),
        json_get(json_get(statement->json, "object"), "attachments")}; /* of a SubStatement */
    if (!parts->count)
        return;
    const struct lms_part **found = ARENA_ARRAY(arena, parts->count, const struct lms_part *);
    statement->attached = found;
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
        for (size_t i = 0; i < json_count(lists[l]); i++) {
            const struct lms_part *part = attached_part(parts, check_text(json_at(lists[l], i), "sha2"));
            if (part && !attached_to(statement, part))
                found[statement->attached_count++] = part;
        }
}
