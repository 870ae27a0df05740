/*
 * Request and job memory: blocks handed out from front to back, freed all at once. One thread at a time owns
 * an arena. The debug build trades blocks for one malloc per allocation, so that sanitizers watch each of them.
 */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_FIRST_BLOCK = 4096, ARENA_BLOCK_CEILING = 1 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    max_align_t data[];
};

struct arena_release {
    struct arena_release *next;
    void (*release)(void *value);
    void *value;
};

struct arena {
    struct arena_block *blocks; /* newest first; the last one is the first block */
    size_t fill;                /* bytes taken from the newest block */
    size_t used;
    struct arena_release *releases; /* latest first */
};

__attribute__((noreturn)) static void arena_exhausted(size_t size)
{
    fprintf(stderr, "<2>arena: cannot allocate %zu bytes\n", size);
    abort();
}

static size_t arena_round(size_t size)
{
    size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        arena_exhausted(size);
    return size ? (size + align - 1) / align * align : align;
}

static void arena_push_block(struct arena *arena, size_t size)
{
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        arena_exhausted(size);
    block->next = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->fill = 0;
}

struct arena *arena_new(size_t first)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        arena_exhausted(sizeof *arena);
#ifdef ARENA_DEBUG
    (void)first;
#else
    arena_push_block(arena, arena_round(first ? first : ARENA_FIRST_BLOCK));
#endif
    return arena;
}

/* A release may still allocate, read the arena and defer further releases. */
static void arena_run_releases(struct arena *arena)
{
    while (arena->releases) {
        struct arena_release *latest = arena->releases;
        arena->releases = latest->next;
        latest->release(latest->value);
    }
}

static void arena_drop_blocks(struct arena *arena, const struct arena_block *keep)
{
    while (arena->blocks && arena->blocks != keep) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->fill = 0;
    arena->used = 0;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    arena_run_releases(arena);
    arena_drop_blocks(arena, NULL);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    if (!arena)
        return;
    arena_run_releases(arena);
#ifdef ARENA_DEBUG
    arena_drop_blocks(arena, NULL);
#else
    struct arena_block *first = arena->blocks;
    while (first->next)
        first = first->next;
    arena_drop_blocks(arena, first);
#endif
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t wanted = arena_round(size);
    arena->used += wanted;
#ifdef ARENA_DEBUG
    /* Not rounded: the first byte past `size` belongs to nobody. */
    arena_push_block(arena, size);
    return memset(arena->blocks->data, 0, size);
#else
    if (wanted > arena->blocks->size - arena->fill) {
        size_t next = arena->blocks->size < ARENA_BLOCK_CEILING ? arena->blocks->size * 2 : ARENA_BLOCK_CEILING;
        arena_push_block(arena, wanted > next ? wanted : next);
    }
    char *start = (char *)arena->blocks->data + arena->fill;
    arena->fill += wanted;
    return memset(start, 0, size);
#endif
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        arena_exhausted(SIZE_MAX);
    return arena_alloc(arena, total);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text) + 1) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    length = text ? strnlen(text, length) : 0;
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        arena_exhausted(SIZE_MAX);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void arena_defer(struct arena *arena, void (*release)(void *value), void *value)
{
    struct arena_release *latest = ARENA_NEW(arena, struct arena_release);
    latest->next = arena->releases;
    latest->release = release;
    latest->value = value;
    arena->releases = latest;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
