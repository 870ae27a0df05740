/*
 * Keys of sources, fetched from where the platform publishes them.
 */
#include "store/jwks.h"

#include "internal.h"

#define JWKS_COLUMNS                                                                                           \
    "organisation, source, url, current_set, previous_set, changed_at, fetched_at, next_at, failures, "        \
    "last_error"

STATEMENT(jwks_write,
    "INSERT INTO source_jwks (" JWKS_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (organisation, source) DO UPDATE SET url = $3, current_set = $4, "
    "previous_set = $5, changed_at = $6, fetched_at = $7, next_at = $8, failures = $9, "
    "last_error = $10");
STATEMENT(jwks_remove, "DELETE FROM source_jwks WHERE organisation = $1 AND source = $2");
STATEMENT(jwks_of_source, "SELECT " JWKS_COLUMNS " FROM source_jwks WHERE organisation = $1 AND source = $2");
STATEMENT(jwks_ready, "SELECT " JWKS_COLUMNS " FROM source_jwks WHERE organisation = $1 AND next_at <= $2 "
                      "ORDER BY next_at, source LIMIT $3");
STATEMENT(jwks_next, "SELECT key, next FROM (SELECT o.key, (SELECT MIN(j.next_at) FROM source_jwks j "
                     "WHERE j.organisation = o.key) AS next FROM organisation o) w "
                     "WHERE next IS NOT NULL ORDER BY key");

static void jwks_fill(const struct db_rows *rows, struct arena *arena, struct jwks_row *row)
{
    *row = (struct jwks_row){.organisation = db_get_text(rows, 0, arena),
        .source = db_get_text(rows, 1, arena),
        .url = db_get_text(rows, 2, arena),
        .current = db_get_text(rows, 3, arena),
        .previous = db_get_text(rows, 4, arena),
        .changed_at = db_get_instant(rows, 5),
        .fetched_at = db_get_instant(rows, 6),
        .next_at = db_get_instant(rows, 7),
        .failures = db_get_int(rows, 8),
        .last_error = db_get_text(rows, 9, arena)};
}

enum status jwks_put(struct txn *txn, const struct jwks_row *row, struct error *err)
{
    enum status status = row_own(txn, row->source, "src", err);
    if (status != ST_OK)
        return status;
    db_exec(txn->snapshot.db, &jwks_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->source), db_text(row->url), db_text(row->current),
            db_text(row->previous), db_instant(row->changed_at), db_instant(row->fetched_at),
            db_instant(row->next_at), db_int(row->failures), db_text(row->last_error)));
    return db_status(txn->snapshot.db, err);
}

enum status jwks_drop(struct txn *txn, const char *source, struct error *err)
{
    db_exec(txn->snapshot.db, &jwks_remove, DB_VALUES(db_text(txn->organisation), db_text(source)));
    return db_status(txn->snapshot.db, err);
}

enum status jwks_get(
    const struct snapshot *snapshot, const char *source, struct jwks_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, source, "src", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &jwks_of_source, DB_VALUES(db_text(organisation), db_text(source)));
    bool found = db_next(rows);
    if (found)
        jwks_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "keys of source", source, err);
}

enum status jwks_due(struct txn *txn, unsigned limit, struct jwks_list *ret, struct error *err)
{
    const struct snapshot *snapshot = &txn->snapshot;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct jwks_row);
    struct db_rows *rows = db_query(snapshot->db, &jwks_ready,
        DB_VALUES(db_text(txn->organisation), db_instant(snapshot->now), db_int(limit)));
    while (db_next(rows))
        jwks_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct jwks_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status jwks_watches(const struct snapshot *snapshot, struct jwks_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct jwks_watch);
    struct db_rows *rows = db_query(snapshot->db, &jwks_next, DB_NO_VALUES);
    while (db_next(rows)) {
        struct jwks_watch *watch = row_push(&array);
        *watch = (struct jwks_watch){
            .organisation = db_get_text(rows, 0, snapshot->arena), .next = db_get_instant(rows, 1)};
    }
    db_done(rows);
    *ret = (struct jwks_watch_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
