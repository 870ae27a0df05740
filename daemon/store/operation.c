/*
 * Operations: asked for by a request, taken by a job, ended with a result.
 */
#include "store/operation.h"

#include "internal.h"

#define OPERATION_COLUMNS                                                                                      \
    "id, organisation, kind, subject, state, request, result, next_at, attempts, actor, created_at, "          \
    "updated_at"

STATEMENT(operation_insert, "INSERT INTO operation (organisation, id, kind, subject, state, request, next_at, "
                            "attempts, actor, created_at, "
                            "updated_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 0, $7, $8, $8)");
STATEMENT(operation_by_id, "SELECT " OPERATION_COLUMNS " FROM operation WHERE organisation = $1 AND id = $2");
STATEMENT(operation_due,
    "SELECT " OPERATION_COLUMNS " FROM operation WHERE organisation = $1 AND next_at <= $2 "
    "ORDER BY next_at, id LIMIT $3");
STATEMENT(operation_lease, "UPDATE operation SET state = 'running', next_at = $3, lease_owner = $4, "
                           "attempts = attempts + 1, updated_at = $5 WHERE organisation = $1 AND id = $2");
STATEMENT(operation_finish,
    "UPDATE operation SET state = $3, result = $4, next_at = NULL, lease_owner = NULL, updated_at = $5 "
    "WHERE organisation = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING 1");
STATEMENT(operation_advance,
    "UPDATE operation SET state = 'running', result = $3, updated_at = $4 "
    "WHERE organisation = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING 1");
STATEMENT(operation_unended,
    "SELECT " OPERATION_COLUMNS " FROM operation WHERE organisation = $1 AND subject = $2 AND kind = $3 "
    "AND state IN ('waiting', 'running') ORDER BY id");
STATEMENT(operation_next, "SELECT key, next, oldest FROM (SELECT o.key, (SELECT MIN(n.next_at) FROM operation "
                          "n WHERE n.organisation = o.key "
                          "AND n.next_at IS NOT NULL) AS next, (SELECT MIN(e.updated_at) FROM operation e "
                          "WHERE e.organisation = o.key "
                          "AND e.state IN ('done', 'failed')) AS oldest FROM organisation o) w "
                          "WHERE next IS NOT NULL OR oldest IS NOT NULL ORDER BY key");
STATEMENT(operation_remove, "DELETE FROM operation WHERE organisation = $1 AND id IN (SELECT id FROM operation "
                            "WHERE organisation = $1 AND state IN ('done', 'failed') AND updated_at <= $2 "
                            "ORDER BY updated_at, id LIMIT $3)");

static void operation_fill(const struct db_rows *rows, struct arena *arena, struct operation_row *row)
{
    *row = (struct operation_row){.id = db_get_text(rows, 0, arena),
        .organisation = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .subject = db_get_text(rows, 3, arena),
        .state = db_get_text(rows, 4, arena),
        .request = db_get_text(rows, 5, arena),
        .result = db_get_text(rows, 6, arena),
        .next_at = db_get_instant(rows, 7),
        .attempts = db_get_int(rows, 8),
        .actor = db_get_text(rows, 9, arena),
        .created_at = db_get_instant(rows, 10),
        .updated_at = db_get_instant(rows, 11)};
}

static struct operation_list operation_gather(struct db_rows *rows, struct arena *arena)
{
    struct row_array array = ROW_ARRAY(arena, struct operation_row);
    while (db_next(rows))
        operation_fill(rows, arena, row_push(&array));
    db_done(rows);
    return (struct operation_list){.items = array.items, .count = array.count};
}

enum status operation_add(struct txn *txn, struct operation_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "opn");
    row->organisation = txn->organisation;
    row->state = "waiting";
    row->actor = txn->actor;
    row->created_at = row->updated_at = txn->snapshot.now;
    db_exec(txn->snapshot.db, &operation_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->kind), db_text(row->subject),
            db_text(row->request), db_instant(row->next_at), db_text(row->actor), db_instant(row->created_at)));
    return db_status(txn->snapshot.db, err);
}

enum status operation_load(
    const struct snapshot *snapshot, const char *id, struct operation_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "opn", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &operation_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        operation_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "operation", id, err);
}

enum status operation_claim(struct txn *txn, const char *owner, instant_t until, unsigned limit,
    struct operation_list *ret, struct error *err)
{
    struct snapshot *snapshot = &txn->snapshot;
    *ret =
        operation_gather(db_query(snapshot->db, &operation_due,
                             DB_VALUES(db_text(txn->organisation), db_instant(snapshot->now), db_int(limit))),
            snapshot->arena);
    for (size_t i = 0; i < ret->count; i++) {
        struct operation_row *row = &ret->items[i];
        db_exec(snapshot->db, &operation_lease,
            DB_VALUES(db_text(txn->organisation), db_text(row->id), db_instant(until), db_text(owner),
                db_instant(snapshot->now)));
        row->state = "running";
        row->attempts++;
    }
    return db_status(snapshot->db, err);
}

enum status operation_end(
    struct txn *txn, const char *id, const char *state, const char *result, struct error *err)
{
    struct operation_row row;
    int64_t done = row_write(txn->snapshot.db, &operation_finish,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(state), db_text(result),
            db_instant(txn->snapshot.now)));
    if (done > 0)
        return ST_OK;
    enum status status = operation_load(&txn->snapshot, id, &row, err);
    return status == ST_OK ? error_set(err, ST_CONFLICT, "%s has ended before", id) : status;
}

enum status operation_progress(struct txn *txn, const char *id, const char *result, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &operation_advance,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(result), db_instant(txn->snapshot.now)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "operation", id, err);
}

enum status operation_open(const struct snapshot *snapshot, const char *organisation, const char *subject,
    const char *kind, struct operation_list *ret, struct error *err)
{
    *ret = operation_gather(db_query(snapshot->db, &operation_unended,
                                DB_VALUES(db_text(organisation), db_text(subject), db_text(kind))),
        snapshot->arena);
    return db_status(snapshot->db, err);
}

enum status operation_watches(
    const struct snapshot *snapshot, struct operation_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct operation_watch);
    struct db_rows *rows = db_query(snapshot->db, &operation_next, DB_NO_VALUES);
    while (db_next(rows)) {
        struct operation_watch *watch = row_push(&array);
        *watch = (struct operation_watch){.organisation = db_get_text(rows, 0, snapshot->arena),
            .next = db_get_instant(rows, 1),
            .oldest = db_get_instant(rows, 2)};
    }
    db_done(rows);
    *ret = (struct operation_watch_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status operation_expire(struct txn *txn, unsigned limit, int64_t *ret, struct error *err)
{
    *ret = db_exec(txn->snapshot.db, &operation_remove,
        DB_VALUES(db_text(txn->organisation), db_int(txn->snapshot.now - OPERATION_LIFE), db_int(limit)));
    return db_status(txn->snapshot.db, err);
}
