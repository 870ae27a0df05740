/*
 * Preparations of reviews, one row each.
 */
#include "store/preparation.h"

#include "internal.h"

STATEMENT(preparation_of_review,
    "SELECT review, employee, body, handed, handed_at, updated_at FROM preparation "
    "WHERE organisation = $1 AND review = $2");
STATEMENT(preparation_upsert,
    "INSERT INTO preparation (organisation, review, employee, body, handed, handed_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, review) DO UPDATE SET "
    "body = excluded.body, handed = excluded.handed, handed_at = excluded.handed_at, "
    "updated_at = excluded.updated_at");

enum status preparation_get(
    const struct snapshot *snapshot, const char *review, struct preparation_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, review, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &preparation_of_review, DB_VALUES(db_text(organisation), db_text(review)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct preparation_row){.review = db_get_text(rows, 0, snapshot->arena),
            .employee = db_get_text(rows, 1, snapshot->arena),
            .body = db_get_text(rows, 2, snapshot->arena),
            .handed = db_get_text(rows, 3, snapshot->arena),
            .handed_at = db_get_instant(rows, 4),
            .updated_at = db_get_instant(rows, 5)};
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "preparation of", review, err);
}

enum status preparation_put(struct txn *txn, struct preparation_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, row->review, "rev", err);
    if (status != ST_OK)
        return status;
    row->updated_at = txn->snapshot.now;
    db_exec(db, &preparation_upsert,
        DB_VALUES(db_text(txn->organisation), db_text(row->review), db_text(row->employee), db_text(row->body),
            db_text(row->handed), db_instant(row->handed_at), db_instant(row->updated_at)));
    if (row_taken(db))
        return error_set(err, ST_NOT_FOUND, "there is no review %s", row->review);
    return db_status(db, err);
}
