/* JSON texts: parsed, written again, and what was written parses to the same. */
#include "base/json.h"
#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    const struct json *value = NULL, *again = NULL;
    struct error err = ERROR_INIT;
    if (json_parse(arena, (const char *)data, size, &value, &err) == ST_OK) {
        BUF_AUTO text;
        buf_init(&text, 0);
        json_write(&text, value);
        if (json_parse(arena, text.data, text.size, &again, &err) != ST_OK || !json_equal(value, again))
            abort();
    }
    arena_free(arena);
    return 0;
}
