/*
 * Links between pages: where the next one is, and whether it is still the same host. Pure, any thread.
 */
#include "base/text.h"
#include "lms/pull.h"

#include <string.h>
#include <strings.h>

/* Bytes of scheme, host and port; 0 when the text is no absolute URL. */
static size_t link_origin(const char *url)
{
    if (!url_valid(url))
        return 0;
    const char *host = strstr(url, "://") + 3;
    return (size_t)(host - url) + strcspn(host, "/?#");
}

/* "https://a.example:443" and "https://a.example" are one. */
static size_t link_without_port(const char *url, size_t size)
{
    const char *standard = !strncasecmp(url, "https:", 6) ? ":443" : ":80";
    size_t port = strlen(standard);
    return size > port && !strncmp(url + size - port, standard, port) ? size - port : size;
}

static bool link_same_origin(const char *a, size_t a_size, const char *b, size_t b_size)
{
    a_size = link_without_port(a, a_size);
    b_size = link_without_port(b, b_size);
    return a_size == b_size && !strncasecmp(a, b, a_size);
}

const char *lms_link_resolve(struct arena *arena, const char *base, const char *reference)
{
    size_t origin = link_origin(base);
    const char *made;
    if (!origin || !reference || !*reference)
        return NULL;
    size_t path = origin + strcspn(base + origin, "?#");
    if (strstr(reference, "://") && link_origin(reference))
        made = reference;
    else if (reference[0] == '/' && reference[1] != '/')
        made = arena_printf(arena, "%.*s%s", (int)origin, base, reference);
    else if (reference[0] == '?')
        made = arena_printf(arena, "%.*s%s", (int)path, base, reference);
    else
        return NULL;
    size_t target = link_origin(made);
    return target && link_same_origin(made, target, base, origin) ? made : NULL;
}

/* ---- Link fields */

static bool link_has_relation(struct span parameters, const char *relation)
{
    size_t length = strlen(relation);
    for (size_t i = 0; i + 4 < parameters.size; i++) {
        const char *at = parameters.data + i;
        if (strncasecmp(at, "rel=", 4) != 0 || (i > 0 && !strchr("; \t", at[-1])))
            continue;
        size_t from = i + 4;
        bool quoted = parameters.data[from] == '"';
        from += quoted;
        size_t end = from;
        while (end < parameters.size && !strchr(quoted ? "\"" : ";, \t", parameters.data[end]))
            end++;
        for (size_t word = from; word < end;) {
            size_t size = 0;
            while (word + size < end && parameters.data[word + size] != ' ')
                size++;
            if (size == length && !strncasecmp(parameters.data + word, relation, length))
                return true;
            word += size + 1;
        }
    }
    return false;
}

/* Parameters up to the comma that begins the next link, quoted ones over. */
static size_t link_parameters(const char *text)
{
    bool quoted = false;
    size_t size = 0;
    for (; text[size] && (quoted || text[size] != ','); size++)
        if (text[size] == '"')
            quoted = !quoted;
    return size;
}

static const char *link_in_field(struct arena *arena, const char *value, const char *relation)
{
    for (const char *at = strchr(value, '<'); at; at = strchr(at, '<')) {
        const char *end = strchr(at, '>');
        if (!end)
            return NULL;
        struct span parameters = {end + 1, link_parameters(end + 1)};
        if (link_has_relation(parameters, relation))
            return arena_strndup(arena, at + 1, (size_t)(end - at - 1));
        at = parameters.data + parameters.size;
    }
    return NULL;
}

const char *lms_link_find(struct arena *arena, const struct lms_request *answer, const char *relation)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcasecmp(answer->headers[i].name, "Link") != 0)
            continue;
        const char *found = link_in_field(arena, answer->headers[i].value, relation);
        if (found)
            return found;
    }
    return NULL;
}

const char *lms_encode(struct arena *arena, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, 3 * strlen(text) + 1), *at = out;
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (strchr(plain, *c)) {
            *at++ = *c;
            continue;
        }
        *at++ = '%';
        *at++ = digits[byte >> 4];
        *at++ = digits[byte & 15];
    }
    return out;
}
