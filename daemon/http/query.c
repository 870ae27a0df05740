/*
 * Query strings (application/x-www-form-urlencoded); pure, any thread.
 */
#include "http/router.h"
#include "target.h"

#include <string.h>

enum { QUERY_PAIRS_MAX = 64 };

static enum status query_read_pair(
    struct arena *arena, const char *text, size_t size, struct query_pair *ret, struct error *err)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals ? (size_t)(equals - text) : size;
    ret->name = percent_decode(arena, text, name_size, true);
    ret->value = equals ? percent_decode(arena, equals + 1, size - name_size - 1, true) : "";
    if (!ret->name || !ret->value)
        return error_set(err, ST_SYNTAX, "the query is not percent-encoded UTF-8 without U+0000");
    return ST_OK;
}

enum status query_parse(
    struct arena *arena, const char *text, size_t size, struct query *ret, struct error *err)
{
    struct query_pair pairs[QUERY_PAIRS_MAX];
    size_t count = 0;
    const char *end = text + size;
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        size_t length = (size_t)((stop ? stop : end) - text);
        if (length && count == QUERY_PAIRS_MAX)
            return error_set(err, ST_SYNTAX, "the query has more than %d parameters", QUERY_PAIRS_MAX);
        enum status status = length ? query_read_pair(arena, text, length, &pairs[count], err) : ST_OK;
        if (status != ST_OK)
            return status;
        count += length > 0;
        text += length + 1;
    }
    ret->pairs = arena_copy(arena, pairs, count * sizeof *pairs);
    ret->count = count;
    return ST_OK;
}

const char *query_get(const struct query *query, const char *name)
{
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(query->pairs[i].name, name) == 0)
            return query->pairs[i].value;
    return NULL;
}
