/*
 * What platforms sent, byte for byte: envelopes and their items.
 */
#include "store/completion.h"

#include "internal.h"

STATEMENT(envelope_insert,
    "INSERT INTO envelope (organisation, id, source, received_at, headers, sha256, size) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
STATEMENT(item_insert, "INSERT INTO item (organisation, id, envelope, source, position, identity, sha256, "
                       "state, reason, completion, "
                       "received_at, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                       "ON CONFLICT (organisation, source, identity) DO NOTHING RETURNING 1");
STATEMENT(item_change,
    "UPDATE item SET state = $3, reason = $4, completion = $5 WHERE organisation = $1 AND id = $2 "
    "RETURNING 1");

enum status envelope_add(struct txn *txn, struct envelope_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "env");
    row->received_at = txn->snapshot.now;
    db_exec(txn->snapshot.db, &envelope_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->source),
            db_instant(row->received_at), db_text(row->headers), db_text(row->sha256), db_int(row->size)));
    return db_status(txn->snapshot.db, err);
}

enum status item_add(struct txn *txn, struct item_row *row, bool *ret_new, struct error *err)
{
    row->id = row_id(txn, row->id, "itm");
    row->received_at = txn->snapshot.now;
    int64_t made = row_write(txn->snapshot.db, &item_insert,
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
