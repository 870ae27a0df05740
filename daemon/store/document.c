/*
 * Documents of reviews: every upload is kept, the latest of a kind counts.
 */
#include "internal.h"
#include "store/review.h"

#define DOCUMENT_COLUMNS "id, review, kind, media_type, sha256, size, number, recorded_at"

STATEMENT(document_insert,
    "INSERT INTO document (organisation, id, review, kind, media_type, sha256, size, recorded_at, content, "
    "number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT 1 + COALESCE(MAX(number), 0) FROM document "
    "WHERE organisation = $1 AND review = $3 AND kind = $4)) RETURNING number");
STATEMENT(document_latest,
    "SELECT " DOCUMENT_COLUMNS ", content FROM document WHERE organisation = $1 AND review = $2 AND kind = $3 "
    "AND (CAST($4 AS BIGINT) = 0 OR number = $4) ORDER BY number DESC LIMIT 1");
STATEMENT(document_of_review,
    "SELECT " DOCUMENT_COLUMNS " FROM document WHERE organisation = $1 AND review = $2 ORDER BY kind, number");

static void document_fill(const struct db_rows *rows, struct arena *arena, struct document_row *row)
{
    *row = (struct document_row){.id = db_get_text(rows, 0, arena),
        .review = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .media_type = db_get_text(rows, 3, arena),
        .sha256 = db_get_text(rows, 4, arena),
        .size = db_get_int(rows, 5),
        .number = db_get_int(rows, 6),
        .recorded_at = db_get_instant(rows, 7)};
}

enum status document_add(struct txn *txn, struct document_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, row->review, "rev", err);
    if (status != ST_OK)
        return status;
    const char *id = row_id(txn, row->id, "doc");
    int64_t number = row_write(db, &document_insert,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(row->review), db_text(row->kind),
            db_text(row->media_type), db_text(row->sha256), db_int(row->size), db_instant(txn->snapshot.now),
            db_bytes(row->content.data, row->content.size)));
    if (row_taken(db))
        return error_set(err, ST_NOT_FOUND, "there is no review %s", row->review);
    if (number > 0) {
        row->id = id;
        row->number = number;
        row->recorded_at = txn->snapshot.now;
    }
    return db_status(db, err);
}

enum status document_get(const struct snapshot *snapshot, const char *review, const char *kind, int64_t number,
    struct document_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, review, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &document_latest,
        DB_VALUES(db_text(organisation), db_text(review), db_text(kind), db_int(number)));
    bool found = db_next(rows);
    if (found) {
        document_fill(rows, snapshot->arena, ret);
        ret->content = db_get_bytes(rows, 8, snapshot->arena);
    }
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, kind, "of this review", err);
}

enum status document_list(
    const struct snapshot *snapshot, const char *review, struct document_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, review, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct document_row);
    struct db_rows *rows =
        db_query(snapshot->db, &document_of_review, DB_VALUES(db_text(organisation), db_text(review)));
    while (db_next(rows))
        document_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct document_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
