/*
 * Completions that no platform sent: lines of files, badges. Each is kept as evidence of its own, under a
 * source that stands for all of its kind. On a write lane.
 */
#include "completion.h"

#include "base/crypto.h"

#include <string.h>

enum status completion_find_source(const struct snapshot *snapshot, const char *organisation, const char *kind,
    const char **ret, struct error *err)
{
    struct page page = {.limit = PAGE_MAX};
    struct source_list list;
    enum status status;
    *ret = NULL;
    do {
        status = source_list(snapshot, organisation, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            if (strcmp(list.items[i].kind, kind) == 0)
                *ret = list.items[i].id;
        page.cursor = list.next;
    } while (status == ST_OK && !*ret && list.next);
    return status;
}

enum status completion_own_source(
    struct txn *txn, const char *kind, const char *name, const char **ret, struct error *err)
{
    enum status status = completion_find_source(txn_snapshot(txn), txn_organisation(txn), kind, ret, err);
    if (status != ST_OK || *ret)
        return status;
    struct source_row row = {.kind = kind, .name = name, .mapping = "{}", .settings = "{}", .paused = true};
    status = source_add(txn, &row, err);
    if (status == ST_OK)
        txn_audit(txn, "source.created", row.id,
            arena_printf(txn_arena(txn), "{\"changed\":{\"kind\":[null,\"%s\"]}}", kind));
    *ret = row.id;
    return status;
}

void completion_audit(
    struct txn *txn, const struct completion_row *row, const struct item_row *item, const char *verb)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "course", row->course); /* in the order of the canonical form */
    jw_member(&w, "employee", row->employee);
    jw_member(&w, "item", item->id);
    if (!strcmp(verb, "completion.received"))
        jw_member_instant(&w, "occurred_at", row->occurred_at);
    jw_member(&w, "sha256", item->sha256);
    jw_member(&w, "source", row->source);
    jw_member(&w, "state", row->state);
    jw_close(&w, '}');
    txn_audit(txn, verb, row->id, out.data);
}

enum status completion_keep(struct txn *txn, const char *source, const char *identity, struct span raw,
    struct item_row *ret, bool *ret_new, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    char hex[SHA256_HEX];
    struct sha256 hash = sha256(raw.data, raw.size);
    enum status status = item_by_identity(txn_snapshot(txn), txn_organisation(txn), source, identity, ret, err);
    *ret_new = status == ST_NOT_FOUND;
    if (status != ST_NOT_FOUND)
        return status;
    error_clear(err);
    struct envelope_row envelope = {.source = source,
        .headers = "[]",
        .sha256 = arena_strdup(arena, sha256_hex(&hash, hex)),
        .size = (int64_t)raw.size};
    status = envelope_add(txn, &envelope, err);
    if (status != ST_OK)
        return status;
    *ret = (struct item_row){.envelope = envelope.id,
        .source = source,
        .identity = identity,
        .sha256 = envelope.sha256,
        .state = "received",
        .raw = raw};
    return item_add(txn, ret, ret_new, err);
}

enum status completion_enter(struct txn *txn, const struct course_row *course, const struct item_row *item,
    const char *employee, instant_t occurred, const struct completion_said *said, const char **ret,
    struct error *err)
{
    struct completion_row row = {.source = course->source,
        .identity = item->identity,
        .course = course->id,
        .employee = employee,
        .state = said->effect,
        .occurred_at = occurred,
        .declare_by = DATE_NONE,
        .declared_on = DATE_NONE,
        .body = completion_said_json(txn_arena(txn), said)};
    enum status status = completion_add(txn, &row, err);
    if (status == ST_OK)
        status = item_set(txn, item->id, row.state, NULL, row.id, err);
    if (status == ST_OK)
        status = completion_prove(txn, row.id, item->id, item->sha256, err);
    if (status != ST_OK)
        return status;
    *ret = row.id;
    completion_audit(txn, &row, item, "completion.received");
    return completion_settle(txn, &row, said, item->sha256, err);
}
