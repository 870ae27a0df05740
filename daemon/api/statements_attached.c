/*
 * Statements with the data of their attachments: multipart/mixed (xAPI-Communication 1.5.2), the answer in JSON
 * as the first part, each hash once behind it. A read lane.
 */
#include "statements.h"

#include "store/attachment.h"

#include <string.h>

static bool attached_there(const struct attached *attached, const char *sha2)
{
    for (size_t i = 0; i < attached->count; i++)
        if (!strcmp(attached->items[i].sha2, sha2))
            return true;
    return false;
}

enum status attached_gather(const struct snapshot *snapshot, const struct call *call,
    const struct statement_row *row, struct attached *attached, struct error *err)
{
    struct attachment_list list;
    enum status status = attachment_of(snapshot, call->organisation, row->source, row->stored, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        if (attached_there(attached, list.items[i].sha2))
            continue;
        if (attached->count == attached->room) {
            size_t room = attached->room ? 2 * attached->room : 8;
            struct attachment_row *items = ARENA_ARRAY(call->arena, room, struct attachment_row);
            if (attached->count)
                memcpy(items, attached->items, attached->count * sizeof *items);
            attached->items = items;
            attached->room = room;
        }
        attached->items[attached->count++] = list.items[i];
        attached->bytes += list.items[i].content.size;
    }
    return status;
}

/* Nobody can have written it into the data, of which it is the hash. */
static const char *attached_boundary(const struct call *call, const struct attached *attached)
{
    struct span *parts = ARENA_ARRAY(call->arena, attached->count + 1, struct span);
    char *hex = arena_alloc(call->arena, SHA256_HEX);
    parts[0] = (struct span){call->body.data, call->body.size};
    for (size_t i = 0; i < attached->count; i++)
        parts[i + 1] = attached->items[i].content;
    struct sha256 hash = sha256_parts(parts, attached->count + 1);
    return sha256_hex(&hash, hex);
}

void attached_wrap(struct call *call, const struct attached *attached)
{
    const char *boundary = attached_boundary(call, attached);
    const char *json = arena_strndup(call->arena, call->body.data, call->body.size);
    size_t size = call->body.size;
    struct buf *out = &call->body;
    buf_reset(out);
    buf_printf(out, "--%s\r\nContent-Type: application/json\r\n\r\n", boundary);
    buf_add(out, json, size);
    for (size_t i = 0; i < attached->count; i++) {
        const struct attachment_row *row = &attached->items[i];
        buf_printf(out, "\r\n--%s\r\n", boundary);
        if (row->type[0])
            buf_printf(out, "Content-Type: %s\r\n", row->type);
        buf_printf(out, "Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: %s\r\n\r\n", row->sha2);
        buf_add(out, row->content.data, row->content.size);
    }
    buf_printf(out, "\r\n--%s--\r\n", boundary);
    call->body_type = arena_printf(call->arena, "multipart/mixed; boundary=%s", boundary);
}
