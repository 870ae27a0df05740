/* Secret links out of kept messages, through the two encodings that mail has. Pure, any thread. */
#include "mail/redact.h"

#include "base/crypto.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char redact_base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
static const char redact_base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct redaction {
    struct arena *arena;
    const char *path;
    size_t secret;
    unsigned found;
};

static bool redact_among(const char *set, char c)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* ---- text */

/* Behind the soft line breaks at `at`. */
static size_t redact_next(const char *data, size_t size, size_t at)
{
    while (at + 1 < size && data[at] == '=' && (data[at + 1] == '\n' || data[at + 1] == '\r'))
        at += at + 2 < size && data[at + 1] == '\r' && data[at + 2] == '\n' ? 3 : 2;
    return at;
}

/* Behind the path at `at`, 0: there is another text. */
static size_t redact_path(const struct redaction *r, const char *data, size_t size, size_t at)
{
    for (const char *c = r->path; *c; c++) {
        at = redact_next(data, size, at);
        if (at >= size || data[at] != *c)
            return 0;
        at++;
    }
    return at;
}

static size_t redact_secret(const struct redaction *r, const char *data, size_t size, size_t at)
{
    for (size_t i = 0; i < r->secret; i++) {
        at = redact_next(data, size, at);
        if (at >= size || !redact_among(redact_base64url, data[at]))
            return 0;
        at++;
    }
    return at;
}

static unsigned redact_text(struct redaction *r, char *data, size_t size)
{
    unsigned found = 0;
    for (size_t at = 0; at < size; at++) {
        size_t from = data[at] == r->path[0] ? redact_path(r, data, size, at) : 0;
        size_t to = from ? redact_secret(r, data, size, from) : 0;
        for (size_t i = redact_next(data, size, from); i < to; i = redact_next(data, size, i + 1))
            data[i] = '*';
        found += to != 0;
        at = to ? to - 1 : at;
    }
    r->found += found;
    return found;
}

/* ---- base64 */

/* The end of the lines from `at` on that may be one block; how many characters it has. */
static size_t redact_block(const char *data, size_t size, size_t at, size_t *ret_count)
{
    size_t line = at;
    *ret_count = 0;
    while (line < size) {
        size_t end = line;
        while (end < size && redact_among(redact_base64, data[end]))
            end++;
        bool ends = end == size || data[end] == '\r' || data[end] == '\n';
        if (!ends || end == line)
            break;
        *ret_count += end - line;
        line = end;
        line += line < size && data[line] == '\r';
        line += line < size && data[line] == '\n';
    }
    return line;
}

/* Back into their places: the same number of characters, on the same lines. */
static void redact_put(char *data, size_t from, size_t to, const char *text)
{
    for (size_t i = from; i < to; i++)
        if (data[i] != '\r' && data[i] != '\n')
            data[i] = *text++;
}

static void redact_decoded(struct redaction *r, char *data, size_t from, size_t to, size_t count)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    char *joined = arena_alloc(r->arena, count + 1);
    size_t length = 0;
    for (size_t i = from; i < to; i++)
        if (data[i] != '\r' && data[i] != '\n')
            joined[length++] = data[i];
    joined[length] = '\0';
    if (base64_decode(r->arena, joined, length, &bytes, &size) && redact_text(r, (char *)bytes, size))
        redact_put(data, from, to, base64_encode(r->arena, bytes, size));
}

static size_t redact_line_end(const char *data, size_t size, size_t at)
{
    const char *eol = memchr(data + at, '\n', size - at);
    return eol ? (size_t)(eol - data) + 1 : size;
}

unsigned mail_redact(struct arena *arena, char *data, size_t size, const char *path, size_t secret)
{
    struct redaction r = {.arena = arena, .path = path, .secret = secret};
    (void)redact_text(&r, data, size);
    for (size_t at = 0; at < size;) {
        size_t count = 0;
        size_t end = redact_block(data, size, at, &count);
        if (count > strlen(path) + secret)
            redact_decoded(&r, data, at, end, count);
        at = end > at ? end : redact_line_end(data, size, at);
    }
    return r.found;
}
