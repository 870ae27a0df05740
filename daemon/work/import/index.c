/*
 * A hash index from texts to positions, for the people and lines of one file. Its seed is random: nobody can
 * make a file whose keys collide. Any thread.
 */
#include "base/crypto.h"
#include "work.h"

#include <string.h>

struct import_slot {
    const char *key; /* NULL: free */
    uint32_t value;
};

struct import_index import_index(struct arena *arena, size_t count)
{
    struct import_index index = {.capacity = 64};
    while (index.capacity < count * 2)
        index.capacity *= 2;
    index.slots = ARENA_ARRAY(arena, index.capacity, struct import_slot);
    random_bytes(&index.seed, sizeof index.seed);
    return index;
}

static uint64_t index_hash(const struct import_index *index, const char *key)
{
    uint64_t hash = index->seed;
    for (const unsigned char *c = (const unsigned char *)key; *c; c++) {
        hash = (hash ^ *c) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

static struct import_slot *index_slot(const struct import_index *index, const char *key)
{
    size_t at = index_hash(index, key) & (index->capacity - 1);
    while (index->slots[at].key && strcmp(index->slots[at].key, key) != 0)
        at = (at + 1) & (index->capacity - 1);
    return &index->slots[at];
}

uint32_t *import_index_at(struct import_index *index, const char *key, uint32_t value)
{
    struct import_slot *slot = index_slot(index, key);
    if (!slot->key)
        *slot = (struct import_slot){.key = key, .value = value};
    return &slot->value;
}

uint32_t import_index_find(const struct import_index *index, const char *key)
{
    const struct import_slot *slot = index_slot(index, key);
    return slot->key ? slot->value : IMPORT_NOBODY;
}
