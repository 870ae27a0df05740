/*
 * A file that was read is applied: rows in slices, with the position and the counts written in the same
 * transaction. On the write lane.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "work.h"
#include "work/completion.h"

#include <string.h>

static const char *apply_json(struct arena *arena, const struct field_table *table, const void *value)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    field_write(table, &w, value);
    return arena_strndup(arena, text.data, text.size);
}

/* ---- received */

enum status import_receive(struct txn *txn, const char *kind, const struct import_options *options,
    struct span content, struct import_row *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const struct import_counts none = {0};
    char hex[SHA256_HEX];
    if (!import_kind_named(kind))
        return error_set(err, ST_NOT_FOUND, "there is no import of that kind");
    struct import_row row = {.kind = kind,
        .state = import_state_names[IMPORT_RECEIVED],
        .options = apply_json(arena, &import_options_table, options),
        .counters = apply_json(arena, &import_counts_table, &none),
        .actor = txn_actor(txn),
        .content = content};
    enum status status = import_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    struct sha256 hash = sha256(content.data, content.size);
    BUF_AUTO payload;
    buf_init(&payload, 0);
    struct json_writer w = json_writer(&payload);
    jw_open(&w, '{');
    jw_member(&w, "kind", kind);
    jw_member(&w, "sha256", sha256_hex(&hash, hex));
    jw_member_int(&w, "size", (int64_t)content.size);
    jw_key(&w, "options");
    jw_raw(&w, row.options);
    jw_close(&w, '}');
    txn_audit(txn, "import.received", row.id, payload.data);
    *ret = row;
    return ST_OK;
}

/* ---- progress */

static enum status apply_note(struct txn *txn, const char *id, enum import_state state,
    const struct import_counts *counts, size_t position, struct error *err)
{
    bool open = state == IMPORT_RECEIVED || state == IMPORT_APPLYING;
    struct import_row row = {.id = id,
        .state = import_state_names[state],
        .counters = apply_json(txn_arena(txn), &import_counts_table, counts),
        .cursor = (int64_t)position};
    enum status status = import_update(txn, &row, open, err);
    if (status == ST_OK && !open)
        txn_audit(txn, arena_printf(txn_arena(txn), "import.%s", row.state), id, row.counters);
    return status;
}

static enum status apply_hold_deliveries(struct txn *txn, struct error *err)
{
    static const char patch_text[] = "{\"deliveries\":\"held\"}";
    struct organisation_row row;
    struct organisation patch, changed;
    enum status status = organisation_get(txn_snapshot(txn), txn_organisation(txn), &row, err);
    if (status != ST_OK || row.deliveries != DELIVERY_LIVE)
        return status;
    status = field_parse(
        &organisation_table, txn_arena(txn), patch_text, strlen(patch_text), FIELD_MODE_PATCH, &patch, err);
    return status == ST_OK ? organisation_change(txn, &patch, 0, &changed, err) : status;
}

enum status import_begin(
    struct txn *txn, const struct import_file *file, const char *id, enum import_state state, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < file->refusal_count; i++)
        status = import_refuse(txn, id, &file->refusals[i], err);
    if (status == ST_OK && state == IMPORT_APPLYING && file->fresh > IMPORT_QUIET_MAX)
        status = apply_hold_deliveries(txn, err);
    return status == ST_OK ? apply_note(txn, id, state, &file->counts, 0, err) : status;
}

/* ---- rows */

struct apply_row {
    const struct import_file *file;
    const struct import_head *row;
    enum outcome outcome;
};

static enum status apply_one(struct txn *txn, void *context, struct error *err)
{
    struct apply_row *apply = context;
    return apply->file->kind->apply(txn, apply->file, apply->row, &apply->outcome, err);
}

/* Whether a row failed for a reason of its own. */
static bool apply_is_refusal(enum status status)
{
    return status == ST_INVALID || status == ST_CONFLICT || status == ST_NOT_FOUND ||
           status == ST_PRECONDITION || status == ST_TOO_LARGE || status == ST_SYNTAX;
}

static enum status apply_refuse(struct txn *txn, const struct import_file *file, const char *id,
    const struct import_head *row, const struct error *why, struct import_counts *counts, struct error *err)
{
    const struct error_field *field = why->count > 0 ? &why->fields[0] : NULL;
    struct import_refusal refusal = {.line = row->line,
        .column = import_title(file, field ? field->pointer : ""),
        .reason = field ? field->detail : why->detail};
    if (counts->refused++ >= IMPORT_REFUSALS_MAX)
        return ST_OK;
    return import_refuse(txn, id, &refusal, err);
}

static enum status apply_position(struct txn *txn, const struct import_file *file, const char *id, size_t at,
    bool careful, struct import_counts *counts, struct error *err)
{
    struct apply_row apply = {.file = file, .row = import_row_at(file, file->order[at])};
    struct error why = ERROR_INIT;
    if (apply.row->refused)
        return ST_OK;
    enum status status = careful ? txn_try(txn, apply_one, &apply, &why) : apply_one(txn, &apply, &why);
    if (apply_is_refusal(status) && !careful)
        return error_set(err, ST_CONFLICT, "a row of the slice is refused: %s", why.detail);
    if (apply_is_refusal(status))
        return apply_refuse(txn, file, id, apply.row, &why, counts, err);
    if (status != ST_OK) {
        *err = why;
        return status;
    }
    counts->applied++;
    counts->created += apply.outcome == OUTCOME_CREATED;
    counts->updated += apply.outcome == OUTCOME_UPDATED;
    counts->unchanged += apply.outcome == OUTCOME_UNCHANGED;
    return ST_OK;
}

enum status import_apply(struct txn *txn, const struct import_file *file, const char *id, size_t from,
    bool careful, int64_t budget_us, struct import_counts *counts, size_t *ret, struct error *err)
{
    int64_t end = clock_monotonic() + budget_us;
    struct import_counts sum = *counts;
    size_t at = from;
    enum status status = ST_OK;
    while (status == ST_OK && at < file->count && (at == from || clock_monotonic() < end))
        status = apply_position(txn, file, id, at++, careful, &sum, err);
    if (status == ST_OK)
        status = apply_note(txn, id, IMPORT_APPLYING, &sum, at, err);
    if (status != ST_OK)
        return status;
    *counts = sum;
    *ret = at;
    return ST_OK;
}

enum status import_end(struct txn *txn, const struct import_file *file, const char *id,
    const struct import_counts *counts, struct error *err)
{
    return apply_note(txn, id, IMPORT_DONE, counts, file->count, err);
}

enum status import_abandon(struct txn *txn, const char *id, const char *reason, struct error *err)
{
    struct import_row row;
    struct import_counts counts;
    struct import_refusal refusal = {.line = 0, .column = "", .reason = reason};
    enum status status = import_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = field_parse(&import_counts_table, txn_arena(txn), row.counters, strlen(row.counters),
            FIELD_MODE_STORED, &counts, err);
    if (status == ST_OK)
        status = import_refuse(txn, id, &refusal, err);
    return status == ST_OK ? apply_note(txn, id, IMPORT_REFUSED, &counts, (size_t)row.cursor, err) : status;
}
