/* A request's head and target, and the chunks of a body, as they come off the wire. */
#include "chunked.h"
#include "fuzz.h"
#include "head.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES_MAX = 16384 };

static void take_chunks(const char *data, size_t size)
{
    struct chunked chunked = {0};
    while (size > 0 && !chunked.complete && !chunked.failed) {
        const char *piece = NULL;
        size_t piece_size = 0, taken = chunked_take(&chunked, data, size, &piece, &piece_size);
        if (taken > size || piece_size > taken ||
            (piece_size && (piece < data || piece + piece_size > data + size)))
            abort();
        if (!taken && !chunked.complete && !chunked.failed)
            abort();
        data += taken;
        size -= taken;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    struct head_scan scan = {0};
    struct refusal refusal = head_scan(&scan, (const char *)data, size, HEAD_BYTES_MAX);
    if (!refusal.status && scan.end) {
        struct head head;
        const char *path = NULL, *query = NULL;
        size_t length = scan.end - scan.start;
        char *text = arena_alloc(arena, length + 1);
        memcpy(text, data + scan.start, length);
        text[length] = '\0';
        refusal = head_parse(arena, text, length, &head);
        if (!refusal.status)
            refusal = target_parse(arena, &head, &path, &query);
        if (!refusal.status && path[0] != '/')
            abort();
        take_chunks((const char *)data + scan.end, size - scan.end);
    } else {
        take_chunks((const char *)data, size);
    }
    arena_free(arena);
    return 0;
}
