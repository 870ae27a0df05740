/*
 * Kept answers of keyed requests. A key is one token's, whatever the organisation it was used for.
 */
#include "store/idempotency.h"

#include "internal.h"

#include <string.h>

STATEMENT(idempotency_by_key,
    "SELECT request_hash, status, etag, location, media_type, body, created_at FROM idempotency "
    "WHERE token = $1 AND key = $2 AND created_at > $3");
/* An expired answer makes room. */
STATEMENT(idempotency_insert,
    "INSERT INTO idempotency (token, key, organisation, request_hash, status, etag, location, media_type, "
    "body, "
    "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (token, key) DO UPDATE SET organisation = $3, request_hash = $4, status = $5, etag = $6, "
    "location = $7, media_type = $8, body = $9, created_at = $10 WHERE idempotency.created_at <= $11 "
    "RETURNING 1");
STATEMENT(idempotency_remove,
    "DELETE FROM idempotency WHERE (token, key) IN (SELECT token, key FROM idempotency "
    "WHERE organisation = $1 AND created_at <= $2 ORDER BY created_at LIMIT $3)");

STATEMENT(idempotency_oldest,
    "SELECT key, oldest FROM (SELECT o.key, (SELECT MIN(i.created_at) FROM idempotency i "
    "WHERE i.organisation = o.key) AS oldest FROM organisation o) w WHERE oldest IS NOT NULL ORDER BY key");

enum status idempotency_get(const struct snapshot *snapshot, const char *token, const char *key,
    struct idempotency_row *ret, struct error *err)
{
    struct arena *arena = snapshot->arena;
    struct db_rows *rows = db_query(snapshot->db, &idempotency_by_key,
        DB_VALUES(db_text(token), db_text(key), db_int(snapshot->now - IDEMPOTENCY_LIFE)));
    bool found = db_next(rows);
    if (found) {
        *ret = (struct idempotency_row){.status = (int)db_get_int(rows, 1),
            .etag = db_get_text(rows, 2, arena),
            .location = db_get_text(rows, 3, arena),
            .media_type = db_get_text(rows, 4, arena),
            .body = db_get_bytes(rows, 5, arena),
            .created_at = db_get_instant(rows, 6)};
        (void)sha256_parse(db_get_text(rows, 0, arena), &ret->request_hash);
    }
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "answer kept under the key", key, err);
}

enum status idempotency_add(
    struct txn *txn, const char *token, const char *key, const struct idempotency_row *row, struct error *err)
{
    char hex[SHA256_HEX];
    struct db_conn *db = txn->snapshot.db;
    instant_t now = txn->snapshot.now;
    int64_t done = row_write(db, &idempotency_insert,
        DB_VALUES(db_text(token), db_text(key), db_text(txn->organisation),
            db_text(sha256_hex(&row->request_hash, hex)), db_int(row->status), db_text(row->etag),
            db_text(row->location), db_text(row->media_type),
            row->body.data ? db_bytes(row->body.data, row->body.size) : db_null(), db_instant(now),
            db_int(now - IDEMPOTENCY_LIFE)));
    if (done > 0 || db_class(db) != DB_OK)
        return db_status(db, err);
    return error_set(err, ST_CONFLICT, "the Idempotency-Key %s is in use", key);
}

enum status idempotency_expire(struct txn *txn, unsigned limit, int64_t *ret, struct error *err)
{
    int64_t expired = db_exec(txn->snapshot.db, &idempotency_remove,
        DB_VALUES(db_text(txn->organisation), db_int(txn->snapshot.now - IDEMPOTENCY_LIFE), db_int(limit)));
    enum status status = db_status(txn->snapshot.db, err);
    if (status == ST_OK && ret)
        *ret = expired;
    return status;
}

enum status idempotency_ages(const struct snapshot *snapshot, struct idempotency_ages *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct idempotency_age);
    struct db_rows *rows = db_query(snapshot->db, &idempotency_oldest, DB_NO_VALUES);
    while (db_next(rows))
        *(struct idempotency_age *)row_push(&array) = (struct idempotency_age){
            .organisation = db_get_text(rows, 0, snapshot->arena), .oldest = db_get_instant(rows, 1)};
    db_done(rows);
    *ret = (struct idempotency_ages){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
