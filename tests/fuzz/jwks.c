/* Key sets fetched from a platform. */
#include "fuzz.h"
#include "jwk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    struct jwk_set set;
    (void)jwk_read(arena, (struct span){(const char *)data, size}, &set);
    arena_free(arena);
    return 0;
}
