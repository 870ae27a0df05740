/*
 * What platforms sent, byte for byte: envelopes and their items.
 */
#include "completion.h"

#include <string.h>

STATEMENT(envelope_insert,
    "INSERT INTO envelope (organisation, id, source, received_at, pulled, headers, sha256, size, body) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
STATEMENT(item_insert, "INSERT INTO item (organisation, id, envelope, source, position, identity, sha256, "
                       "state, reason, completion, "
                       "received_at, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                       "ON CONFLICT (organisation, source, identity) DO NOTHING");
STATEMENT(envelope_by_id,
    "SELECT id, source, received_at, headers, sha256, size, body, pulled FROM envelope WHERE "
    "organisation = $1 AND id = $2");
STATEMENT(item_of_identity,
    "SELECT id, envelope, source, position, identity, sha256, state, reason, completion, received_at, raw "
    "FROM item WHERE organisation = $1 AND source = $2 AND identity = $3");
STATEMENT(item_of_prefix,
    "SELECT id, envelope, source, position, identity, sha256, state, reason, completion, received_at, raw "
    "FROM item WHERE organisation = $1 AND source = $2 AND identity > $3 AND identity < $4 "
    "ORDER BY identity LIMIT $5");
STATEMENT(item_by_id, "SELECT id, envelope, source, position, identity, sha256, state, reason, completion, "
                      "received_at, raw FROM item WHERE organisation = $1 AND id = $2");
STATEMENT(item_has_identity, "SELECT 1 FROM item WHERE organisation = $1 AND source = $2 AND identity = $3");
STATEMENT(item_change,
    "UPDATE item SET state = $3, reason = $4, completion = $5 WHERE organisation = $1 AND id = $2 "
    "RETURNING 1");

void item_fill(const struct db_rows *rows, struct arena *arena, struct item_row *row)
{
    *row = (struct item_row){.id = db_get_text(rows, 0, arena),
        .envelope = db_get_text(rows, 1, arena),
        .source = db_get_text(rows, 2, arena),
        .position = db_get_int(rows, 3),
        .identity = db_get_text(rows, 4, arena),
        .sha256 = db_get_text(rows, 5, arena),
        .state = db_get_text(rows, 6, arena),
        .reason = db_get_text(rows, 7, arena),
        .completion = db_get_text(rows, 8, arena),
        .received_at = db_get_instant(rows, 9),
        .raw = db_get_bytes(rows, 10, arena)};
}

enum status envelope_add(struct txn *txn, struct envelope_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "env");
    row->received_at = txn->snapshot.now;
    db_exec(txn->snapshot.db, &envelope_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->source),
            db_instant(row->received_at), db_bool(row->pulled), db_text(row->headers), db_text(row->sha256),
            db_int(row->size), row->body.data ? db_bytes(row->body.data, row->body.size) : db_null()));
    return db_status(txn->snapshot.db, err);
}

enum status envelope_get(
    const struct snapshot *snapshot, const char *id, struct envelope_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "env", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &envelope_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct envelope_row){.id = db_get_text(rows, 0, snapshot->arena),
            .source = db_get_text(rows, 1, snapshot->arena),
            .received_at = db_get_instant(rows, 2),
            .headers = db_get_text(rows, 3, snapshot->arena),
            .sha256 = db_get_text(rows, 4, snapshot->arena),
            .size = db_get_int(rows, 5),
            .body = db_get_bytes(rows, 6, snapshot->arena),
            .pulled = db_get_int(rows, 7) != 0};
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "envelope", id, err);
}

enum status item_get(const struct snapshot *snapshot, const char *id, struct item_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "itm", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &item_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        item_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "item", id, err);
}

enum status item_by_identity(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *identity, struct item_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(
        snapshot->db, &item_of_identity, DB_VALUES(db_text(organisation), db_text(source), db_text(identity)));
    bool found = db_next(rows);
    if (found)
        item_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "item", identity, err);
}

enum status items_by_prefix(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *prefix, unsigned limit, struct item_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct item_row);
    char *past = arena_strdup(snapshot->arena, prefix);
    past[strlen(past) - 1] = ':' + 1;
    struct db_rows *rows = db_query(snapshot->db, &item_of_prefix,
        DB_VALUES(db_text(organisation), db_text(source), db_text(prefix), db_text(past), db_int(limit)));
    while (db_next(rows))
        item_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct item_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status item_known(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *identity, bool *ret, struct error *err)
{
    struct db_rows *rows = db_query(
        snapshot->db, &item_has_identity, DB_VALUES(db_text(organisation), db_text(source), db_text(identity)));
    *ret = db_next(rows);
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status item_add(struct txn *txn, struct item_row *row, bool *ret_new, struct error *err)
{
    row->id = row_id(txn, row->id, "itm");
    row->received_at = txn->snapshot.now;
    int64_t made = db_exec(txn->snapshot.db, &item_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->envelope), db_text(row->source),
            db_int(row->position), db_text(row->identity), db_text(row->sha256), db_text(row->state),
            db_text(row->reason), db_text(row->completion), db_instant(row->received_at),
            db_bytes(row->raw.data, row->raw.size)));
    *ret_new = made > 0;
    return db_status(txn->snapshot.db, err);
}

enum status item_set(struct txn *txn, const char *id, const char *state, const char *reason,
    const char *completion, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &item_change,
        DB_VALUES(
            db_text(txn->organisation), db_text(id), db_text(state), db_text(reason), db_text(completion)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "item", id, err);
}
