#pragma once
/*
 * Memory that lives as long as a request or a job. Allocation never fails (it aborts: every input has a
 * ceiling) and is zeroed. Not thread safe: one thread at a time owns an arena; handing a job over hands its
 * arena over. With ARENA_DEBUG each allocation is a malloc of its own, so that sanitizers see every overrun and
 * use after reset.
 */
#include "base/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* `first` is the size of the first block in bytes (0 = 4 KiB). */
struct arena *arena_new(size_t first);
/* Runs the deferred functions, latest first, and frees everything. NULL is fine. */
void arena_free(struct arena *arena);
/* As arena_free, but keeps the first block for reuse. */
void arena_reset(struct arena *arena);

/* Aligned for any type, zeroed. A size of 0 gives a unique pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
/* count * size, checked for overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *arena_copy(struct arena *arena, const void *bytes, size_t size) __attribute__((returns_nonnull));
/* Copies a string; NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length) __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3)
    __attribute__((returns_nonnull));
char *arena_vprintf(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);

/* Calls release(value) when the arena is reset or freed: owners of foreign handles. */
void arena_defer(struct arena *arena, void (*release)(void *value), void *value);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* ARENA_NEW(arena, struct x): one zeroed object. */
#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))
