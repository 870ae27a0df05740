/*
 * Takes compact JSON Web Signatures apart (RFC 7515), tokens and signed statements alike. Pure, any thread.
 */
#include "jws.h"

#include <string.h>

static bool jws_decode(struct arena *arena, const char *text, size_t size, struct span *ret)
{
    uint8_t *bytes;
    size_t length;
    if (!base64url_decode(arena, text, size, &bytes, &length))
        return false;
    *ret = (struct span){(const char *)bytes, length};
    return true;
}

const char *jws_read(struct arena *arena, struct span text, size_t header_max, struct jws *ret)
{
    const char *end = text.data + text.size;
    const char *first = text.size ? memchr(text.data, '.', text.size) : NULL;
    const char *second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
    if (!second || memchr(second + 1, '.', (size_t)(end - second - 1)))
        return "it is not three parts";
    struct span header, signature;
    size_t header_size = (size_t)(first - text.data);
    size_t signature_size = (size_t)(end - second - 1);
    if (header_size > header_max || signature_size > JWS_SIGNATURE_MAX)
        return "its header or its signature is too long";
    if (!jws_decode(arena, text.data, header_size, &header) ||
        !jws_decode(arena, first + 1, (size_t)(second - first - 1), &ret->payload) ||
        !jws_decode(arena, second + 1, signature_size, &signature))
        return "its parts are not base64url";
    if (json_parse(arena, header.data, header.size, &ret->header, NULL) != ST_OK ||
        json_type(ret->header) != JSON_OBJECT)
        return "its header is not a JSON object";
    ret->signing = (struct span){text.data, (size_t)(second - text.data)};
    ret->signature = (uint8_t *)signature.data;
    ret->signature_size = signature.size;
    return NULL;
}

bool jws_algorithm(const struct jws *jws, enum sha2 *ret)
{
    static const struct {
        const char *name;
        enum sha2 hash;
    } algorithms[] = {{"RS256", SHA2_256}, {"RS384", SHA2_384}, {"RS512", SHA2_512}};
    const char *name = json_text(json_get(jws->header, "alg"));
    bool known = false;
    for (size_t i = 0; name && !known && i < sizeof algorithms / sizeof algorithms[0]; i++) {
        known = !strcmp(name, algorithms[i].name);
        *ret = algorithms[i].hash;
    }
    return known && !json_get(jws->header, "crit") && !json_get(jws->header, "b64");
}
