#pragma once
/* Files of tests/data. */
#include "base/arena.h"
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

/* The whole file, in the arena; a missing one aborts the test. */
static inline struct span sample(struct arena *arena, const char *name)
{
    FILE *file = fopen(arena_printf(arena, "%s/%s", TEST_DATA, name), "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        abort();
    long size = ftell(file);
    rewind(file);
    char *bytes = arena_alloc(arena, (size_t)size + 1);
    if (size < 0 || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        abort();
    fclose(file);
    return (struct span){bytes, (size_t)size};
}
