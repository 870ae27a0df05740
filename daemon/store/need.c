/*
 * Needs: what came out of reviews and may become actions.
 */
#include "internal.h"
#include "store/plan.h"

#define NEED_COLUMNS "n.id, n.employee, n.review, n.state, n.body, n.version, n.created_at, n.updated_at"

STATEMENT(need_insert,
    "INSERT INTO need (organisation, id, employee, review, state, body, version, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) RETURNING version");
STATEMENT(need_write,
    "UPDATE need SET review = $3, state = $4, body = $5, updated_at = $6, version = version + 1 "
    "WHERE organisation = $1 AND id = $2 AND (CAST($7 AS BIGINT) = 0 OR version = $7) RETURNING version");
STATEMENT(need_version, "SELECT version FROM need WHERE organisation = $1 AND id = $2");
STATEMENT(need_by_id, "SELECT " NEED_COLUMNS " FROM need n WHERE n.organisation = $1 AND n.id = $2");
STATEMENT(need_page, "SELECT " NEED_COLUMNS " FROM need n WHERE n.organisation = $1 AND n.id > $2 "
                     "AND (CAST($3 AS TEXT) IS NULL OR n.employee = $3) "
                     "AND (CAST($4 AS TEXT) IS NULL OR n.review = $4) "
                     "AND (CAST($5 AS TEXT) IS NULL OR n.state = $5) "
                     "AND (CAST($6 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM employee e "
                     "WHERE e.organisation = $1 AND e.id = n.employee AND e.manager = $6)) "
                     "ORDER BY n.id LIMIT $7");

static void need_fill(const struct db_rows *rows, struct arena *arena, struct need_row *row)
{
    *row = (struct need_row){.id = db_get_text(rows, 0, arena),
        .employee = db_get_text(rows, 1, arena),
        .review = db_get_text(rows, 2, arena),
        .state = db_get_text(rows, 3, arena),
        .body = db_get_text(rows, 4, arena),
        .version = db_get_int(rows, 5),
        .created_at = db_get_instant(rows, 6),
        .updated_at = db_get_instant(rows, 7)};
}

enum status need_add(struct txn *txn, struct need_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct need_row made = *row;
    made.id = row_id(txn, row->id, "need");
    enum status status = row_own(txn, made.id, "need", err);
    if (status != ST_OK)
        return status;
    row_write(db, &need_insert,
        DB_VALUES(db_text(txn->organisation), db_text(made.id), db_text(made.employee), db_text(made.review),
            db_text(made.state), db_text(made.body), db_instant(txn->snapshot.now)));
    if (row_taken(db)) {
        error_set(err, ST_CONFLICT, "there is no employee %s", made.employee);
        error_field(err, "/employee", "is no employee of the organisation");
        return ST_CONFLICT;
    }
    made.version = 1;
    made.created_at = made.updated_at = txn->snapshot.now;
    *row = made;
    return db_status(db, err);
}

enum status need_update(struct txn *txn, struct need_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "need", err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(txn->snapshot.db, &need_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->review), db_text(row->state),
            db_text(row->body), db_instant(txn->snapshot.now), db_int(expected)));
    status = row_changed(txn, version, &need_version, "need", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status need_get(const struct snapshot *snapshot, const char *id, struct need_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "need", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &need_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        need_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "need", id, err);
}

enum status need_list(const struct snapshot *snapshot, const char *organisation,
    const struct need_filter *filter, const struct page *page, struct need_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct need_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &need_page,
        DB_VALUES(db_text(organisation), db_text(after), db_text(filter->employee), db_text(filter->review),
            db_text(filter->state), db_text(filter->manager), db_int(limit + 1)));
    while (db_next(rows))
        need_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct need_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct need_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}
