/* Bodies of multipart/mixed: the first line is the Content-Type field. What is read lies in the body; the rest
 * of the way is that of the Statement resource. */
#include "fuzz.h"
#include "lms/statement.h"

#include <stdlib.h>
#include <string.h>

static void check_inside(const struct lms_part *part, struct span body)
{
    const char *start = part->content.data, *end = start + part->content.size;
    if (start < body.data || end > body.data + body.size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *feed = size ? memchr(text, '\n', size) : NULL;
    if (!feed || memchr(text, '\0', (size_t)(feed - text)))
        return 0;
    struct arena *arena = arena_new(0);
    const char *field = arena_strndup(arena, text, (size_t)(feed - text));
    struct span body = {feed + 1, size - (size_t)(feed - text) - 1};
    struct lms_statements statements;
    struct lms_parts parts;
    struct error err = ERROR_INIT;
    if (lms_parts_read(arena, field, body, &parts, &err) == ST_OK) {
        for (size_t i = 0; i < parts.count; i++)
            check_inside(&parts.items[i], body);
        const struct lms_statements_input input = {.body = parts.items[0].content,
            .version = LMS_XAPI_1,
            .authority = "{\"mbox\":\"mailto:lms@example.org\"}",
            .parts = {.items = parts.items + 1, .count = parts.count - 1}};
        (void)lms_statements_read(arena, &input, &statements, &err);
    }
    arena_free(arena);
    return 0;
}
