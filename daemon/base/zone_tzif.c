/*
 * Reader of TZif files of version 2 and later (RFC 8536): the 64-bit block and the footer. Files come from the
 * system, but a broken one is refused, never trusted. Pure, any thread.
 */
#include "zone_data.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    TZIF_HEADER = 44,
    TZIF_TYPE = 6, /* offset 4, dst 1, abbreviation 1 */
    TZIF_CHANGES_MAX = 8192,
    TZIF_TYPES_MAX = 256,
    TZIF_LETTERS_MAX = 4096,
    TZIF_FOOTER_MAX = 128,
};

struct tzif_header {
    unsigned version;
    uint32_t isut;
    uint32_t isstd;
    uint32_t leap;
    uint32_t time;
    uint32_t type;
    uint32_t letters;
};

static uint32_t tzif_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t tzif_i64(const unsigned char *at)
{
    return (int64_t)((uint64_t)tzif_u32(at) << 32 | tzif_u32(at + 4));
}

static bool tzif_header(const unsigned char *bytes, size_t size, struct tzif_header *ret)
{
    if (size < TZIF_HEADER || memcmp(bytes, "TZif", 4) != 0)
        return false;
    *ret = (struct tzif_header){
        .version = bytes[4],
        .isut = tzif_u32(bytes + 20),
        .isstd = tzif_u32(bytes + 24),
        .leap = tzif_u32(bytes + 28),
        .time = tzif_u32(bytes + 32),
        .type = tzif_u32(bytes + 36),
        .letters = tzif_u32(bytes + 40),
    };
    return ret->time <= TZIF_CHANGES_MAX && ret->type <= TZIF_TYPES_MAX && ret->letters <= TZIF_LETTERS_MAX &&
           ret->leap <= TZIF_CHANGES_MAX && (ret->isut == 0 || ret->isut == ret->type) &&
           (ret->isstd == 0 || ret->isstd == ret->type);
}

/* Bytes of the block after a header, with times of `width` bytes. */
static size_t tzif_block(const struct tzif_header *header, size_t width)
{
    return header->time * (width + 1) + header->type * (size_t)TZIF_TYPE + header->letters +
           header->leap * (width + 4) + header->isstd + header->isut;
}

static bool tzif_type(const unsigned char *at, struct zone_type *ret)
{
    int32_t offset = (int32_t)tzif_u32(at);
    if (offset < -ZONE_OFFSET_MAX || offset > ZONE_OFFSET_MAX || at[4] > 1)
        return false;
    *ret = (struct zone_type){.offset = offset, .dst = at[4] == 1};
    return true;
}

static bool tzif_changes(const unsigned char *block, const struct tzif_header *header, struct zone *zone)
{
    struct zone_type types[TZIF_TYPES_MAX] = {{0}};
    const unsigned char *indexes = block + header->time * (size_t)8;
    const unsigned char *type_bytes = indexes + header->time;
    for (uint32_t i = 0; i < header->type; i++)
        if (!tzif_type(type_bytes + i * (size_t)TZIF_TYPE, &types[i]))
            return false;
    zone->first = types[0];
    for (uint32_t i = 0; i < header->time; i++) {
        int64_t at = tzif_i64(block + i * (size_t)8);
        if (indexes[i] >= header->type || (i > 0 && at <= zone->changes[i - 1].at))
            return false;
        zone->changes[i] = (struct zone_change){.at = at, .type = types[indexes[i]]};
    }
    zone->count = header->time;
    return true;
}

static bool tzif_footer(const unsigned char *at, size_t size, struct zone_tail *ret)
{
    char text[TZIF_FOOTER_MAX];
    const unsigned char *end = size > 1 && at[0] == '\n' ? memchr(at + 1, '\n', size - 1) : NULL;
    size_t length = end ? (size_t)(end - at - 1) : 0;
    if (!end || length >= sizeof text || memchr(at + 1, '\0', length))
        return false;
    memcpy(text, at + 1, length);
    text[length] = '\0';
    return zone_tail_parse(text, ret);
}

static enum status tzif_refuse(const char *name, const char *why, struct error *err)
{
    return error_set(err, ST_INVALID, "the file of time zone %s is not usable: %s", name, why);
}

enum status zone_read_tzif(
    const char *name, const unsigned char *bytes, size_t size, struct zone **ret, struct error *err)
{
    struct tzif_header old, header;
    if (!tzif_header(bytes, size, &old))
        return tzif_refuse(name, "not TZif", err);
    if (old.version < '2')
        return tzif_refuse(name, "older than version 2", err);
    size_t skip = TZIF_HEADER + tzif_block(&old, 4);
    if (skip > size || !tzif_header(bytes + skip, size - skip, &header))
        return tzif_refuse(name, "no 64-bit block", err);
    if (header.leap)
        return tzif_refuse(name, "it counts leap seconds", err);
    size_t block = skip + TZIF_HEADER;
    size_t footer = block + tzif_block(&header, 8);
    if (!header.type || footer > size)
        return tzif_refuse(name, "cut short", err);
    struct zone *zone = calloc(1, sizeof *zone + header.time * sizeof *zone->changes);
    if (!zone)
        abort();
    text_copy(zone->name, sizeof zone->name, name);
    const char *why = NULL;
    if (!tzif_changes(bytes + block, &header, zone))
        why = "its changes are out of order or out of range";
    else if (!tzif_footer(bytes + footer, size - footer, &zone->tail))
        why = "its footer is not a POSIX rule";
    if (why) {
        free(zone);
        return tzif_refuse(name, why, err);
    }
    *ret = zone;
    return ST_OK;
}
