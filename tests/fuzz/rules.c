/* Rule files of an operator. */
#include "model/rules.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    const struct rules *rules = NULL;
    struct error err = ERROR_INIT;
    enum status status = rules_parse(arena, (const char *)data, size, &rules, &err);
    (void)status;
    arena_free(arena);
    return 0;
}
