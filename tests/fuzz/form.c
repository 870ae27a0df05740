/* Forms that a browser, or whoever plays one, uploads: the first line is the header field, the rest the body.
 */
#include "mail/form.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    const char *text = (const char *)data;
    const char *end = size ? memchr(text, '\n', size) : NULL;
    size_t head = end ? (size_t)(end - text) : size;
    size_t rest = end ? head + 1 : size;
    char *content_type = arena_strndup(arena, size ? text : "", head);
    struct form form;
    struct error err = ERROR_INIT;
    if (form_read_multipart(
            arena, content_type, (struct span){size ? text + rest : "", size - rest}, &form, &err) == ST_OK)
        for (size_t i = 0; i < form.count; i++) {
            (void)form_value(&form, form.fields[i].name);
            (void)form_file(&form, form.fields[i].name);
        }
    arena_free(arena);
    return 0;
}
