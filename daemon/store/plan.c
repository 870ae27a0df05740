/*
 * The plan of a year beside its actions, and the evidence of actions.
 */
#include "store/plan.h"

#include "internal.h"

#include <inttypes.h>

STATEMENT(plan_insert, "INSERT INTO plan (organisation, year, body, version, created_at, updated_at) "
                       "VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT (organisation, year) DO NOTHING "
                       "RETURNING version");
STATEMENT(plan_change, "UPDATE plan SET body = $3, updated_at = $4, version = version + 1 "
                       "WHERE organisation = $1 AND year = $2 AND version = $5 RETURNING version");
STATEMENT(plan_by_year,
    "SELECT year, body, version, created_at, updated_at FROM plan WHERE organisation = $1 AND year = $2");
STATEMENT(plan_all,
    "SELECT year, body, version, created_at, updated_at FROM plan WHERE organisation = $1 ORDER BY year");

STATEMENT(evidence_insert,
    "INSERT INTO action_evidence (organisation, action, completion, sha256, recorded_at) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, action, completion) DO UPDATE "
    "SET undone_at = NULL WHERE action_evidence.undone_at IS NOT NULL RETURNING 1");
STATEMENT(evidence_take_back,
    "UPDATE action_evidence SET undone_at = $4 WHERE organisation = $1 AND action = $2 AND completion = $3 "
    "AND undone_at IS NULL RETURNING 1");
STATEMENT(evidence_by_action, "SELECT action, completion, sha256, recorded_at, undone_at FROM action_evidence "
                              "WHERE organisation = $1 AND action = $2 ORDER BY completion");
STATEMENT(evidence_by_completion,
    "SELECT action, completion, sha256, recorded_at, undone_at FROM action_evidence "
    "WHERE organisation = $1 AND completion = $2 ORDER BY action");

/* ---- plans */

static void plan_fill(const struct db_rows *rows, struct arena *arena, struct plan_row *row)
{
    *row = (struct plan_row){.year = db_get_int(rows, 0),
        .body = db_get_text(rows, 1, arena),
        .version = db_get_int(rows, 2),
        .created_at = db_get_instant(rows, 3),
        .updated_at = db_get_instant(rows, 4)};
}

enum status plan_write(struct txn *txn, struct plan_row *row, int64_t expected, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    int64_t version = expected == 0
                          ? row_write(db, &plan_insert,
                                DB_VALUES(db_text(txn->organisation), db_int(row->year), db_text(row->body),
                                    db_instant(txn->snapshot.now)))
                          : row_write(db, &plan_change,
                                DB_VALUES(db_text(txn->organisation), db_int(row->year), db_text(row->body),
                                    db_instant(txn->snapshot.now), db_int(expected)));
    if (version > 0) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
        if (expected == 0)
            row->created_at = txn->snapshot.now;
        return ST_OK;
    }
    enum status status = db_status(db, err);
    return status != ST_OK
               ? status
               : error_set(err, ST_PRECONDITION, "the plan of %" PRId64 " has changed meanwhile", row->year);
}

enum status plan_get(const struct snapshot *snapshot, const char *organisation, int64_t year,
    struct plan_row *ret, struct error *err)
{
    struct db_rows *rows =
        db_query(snapshot->db, &plan_by_year, DB_VALUES(db_text(organisation), db_int(year)));
    bool found = db_next(rows);
    if (found)
        plan_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "plan", "of that year", err);
}

enum status plan_list(
    const struct snapshot *snapshot, const char *organisation, struct plan_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct plan_row);
    struct db_rows *rows = db_query(snapshot->db, &plan_all, DB_VALUES(db_text(organisation)));
    while (db_next(rows))
        plan_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct plan_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* ---- evidence */

enum status evidence_add(struct txn *txn, const struct evidence_row *row, bool *ret_new, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, row->action, "act", err);
    if (status != ST_OK)
        return status;
    int64_t added = row_write(db, &evidence_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->action), db_text(row->completion),
            db_text(row->sha256), db_instant(txn->snapshot.now)));
    if (row_taken(db))
        return error_set(err, ST_NOT_FOUND, "there is no completion %s", row->completion);
    status = db_status(db, err);
    if (status == ST_OK)
        *ret_new = added > 0;
    return status;
}

enum status evidence_undo(struct txn *txn, const char *action, const char *completion, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    int64_t undone = row_write(db, &evidence_take_back,
        DB_VALUES(
            db_text(txn->organisation), db_text(action), db_text(completion), db_instant(txn->snapshot.now)));
    return undone > 0 ? ST_OK : row_missing(db, "evidence by completion", completion, err);
}

static enum status evidence_read(const struct snapshot *snapshot, const struct statement *statement,
    const char *id, const char *kind, struct evidence_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, kind, err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct arena *arena = snapshot->arena;
    struct row_array array = ROW_ARRAY(arena, struct evidence_row);
    struct db_rows *rows = db_query(snapshot->db, statement, DB_VALUES(db_text(organisation), db_text(id)));
    while (db_next(rows)) {
        struct evidence_row *row = row_push(&array);
        *row = (struct evidence_row){.action = db_get_text(rows, 0, arena),
            .completion = db_get_text(rows, 1, arena),
            .sha256 = db_get_text(rows, 2, arena),
            .recorded_at = db_get_instant(rows, 3),
            .undone_at = db_get_instant(rows, 4)};
    }
    db_done(rows);
    *ret = (struct evidence_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status evidence_of_action(
    const struct snapshot *snapshot, const char *action, struct evidence_list *ret, struct error *err)
{
    return evidence_read(snapshot, &evidence_by_action, action, "act", ret, err);
}

enum status evidence_of_completion(
    const struct snapshot *snapshot, const char *completion, struct evidence_list *ret, struct error *err)
{
    return evidence_read(snapshot, &evidence_by_completion, completion, NULL, ret, err);
}
