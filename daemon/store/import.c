/*
 * Imports: the file, its progress and its refusals.
 */
#include "store/import.h"

#include "internal.h"

#define IMPORT_COLUMNS "id, organisation, kind, state, options, counters, cursor, actor, created_at, updated_at"

STATEMENT(import_insert,
    "INSERT INTO import (organisation, id, kind, state, options, counters, cursor, actor, created_at, "
    "updated_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $8)");
STATEMENT(
    import_content_insert, "INSERT INTO import_content (organisation, import, content) VALUES ($1, $2, $3)");
STATEMENT(import_content_delete, "DELETE FROM import_content WHERE organisation = $1 AND import = $2");
STATEMENT(import_progress, "UPDATE import SET state = $3, counters = $4, cursor = $5, updated_at = $6 "
                           "WHERE organisation = $1 AND id = $2");
STATEMENT(import_by_id, "SELECT " IMPORT_COLUMNS " FROM import WHERE organisation = $1 AND id = $2");
STATEMENT(import_file, "SELECT content FROM import_content WHERE organisation = $1 AND import = $2");
STATEMENT(import_page,
    "SELECT " IMPORT_COLUMNS " FROM import WHERE organisation = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
STATEMENT(import_waiting,
    "SELECT " IMPORT_COLUMNS " FROM import WHERE state IN ('received', 'applying') AND created_at > 0 "
    "ORDER BY created_at, id LIMIT 1");
STATEMENT(import_refusal_insert,
    "INSERT INTO import_refusal (organisation, import, line, column_name, reason) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (organisation, import, line, column_name) DO NOTHING");
STATEMENT(import_refusal_page, "SELECT line, column_name, reason FROM import_refusal "
                               "WHERE organisation = $1 AND import = $2 ORDER BY line, column_name LIMIT $3");

static void import_fill(const struct db_rows *rows, struct arena *arena, struct import_row *row)
{
    *row = (struct import_row){.id = db_get_text(rows, 0, arena),
        .organisation = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .state = db_get_text(rows, 3, arena),
        .options = db_get_text(rows, 4, arena),
        .counters = db_get_text(rows, 5, arena),
        .cursor = db_get_int(rows, 6),
        .actor = db_get_text(rows, 7, arena),
        .created_at = db_get_instant(rows, 8),
        .updated_at = db_get_instant(rows, 9)};
}

enum status import_add(struct txn *txn, struct import_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "imp");
    row->organisation = txn->organisation;
    row->created_at = row->updated_at = txn->snapshot.now;
    db_exec(txn->snapshot.db, &import_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->kind), db_text(row->state),
            db_text(row->options), db_text(row->counters), db_text(row->actor), db_instant(row->created_at)));
    db_exec(txn->snapshot.db, &import_content_insert,
        DB_VALUES(
            db_text(txn->organisation), db_text(row->id), db_bytes(row->content.data, row->content.size)));
    return db_status(txn->snapshot.db, err);
}

enum status import_update(struct txn *txn, const struct import_row *row, bool keep, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    int64_t done = db_exec(db, &import_progress,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->state), db_text(row->counters),
            db_int(row->cursor), db_instant(txn->snapshot.now)));
    if (!keep)
        db_exec(db, &import_content_delete, DB_VALUES(db_text(txn->organisation), db_text(row->id)));
    return done > 0 ? ST_OK : row_missing(db, "import", row->id, err);
}

enum status import_get(
    const struct snapshot *snapshot, const char *id, struct import_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "imp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &import_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        import_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "import", id, err);
}

enum status import_content(const struct snapshot *snapshot, const char *id, struct span *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "imp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &import_file, DB_VALUES(db_text(organisation), db_text(id)));
    *ret = (struct span){0};
    if (db_next(rows))
        *ret = db_get_bytes(rows, 0, snapshot->arena);
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status import_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct import_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct import_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(
        snapshot->db, &import_page, DB_VALUES(db_text(organisation), db_text(before), db_int(limit + 1)));
    while (db_next(rows))
        import_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct import_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct import_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status import_next(const struct snapshot *snapshot, struct import_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &import_waiting, DB_NO_VALUES);
    bool found = db_next(rows);
    if (found)
        import_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "import", "that waits", err);
}

enum status import_refuse(
    struct txn *txn, const char *id, const struct import_refusal *refusal, struct error *err)
{
    db_exec(txn->snapshot.db, &import_refusal_insert,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_int(refusal->line), db_text(refusal->column),
            db_text(refusal->reason)));
    return db_status(txn->snapshot.db, err);
}

enum status import_refusals_of(const struct snapshot *snapshot, const char *id, unsigned limit,
    struct import_refusals *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "imp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct import_refusal);
    struct db_rows *rows = db_query(
        snapshot->db, &import_refusal_page, DB_VALUES(db_text(organisation), db_text(id), db_int(limit)));
    while (db_next(rows)) {
        struct import_refusal *refusal = row_push(&array);
        *refusal = (struct import_refusal){.line = db_get_int(rows, 0),
            .column = db_get_text(rows, 1, snapshot->arena),
            .reason = db_get_text(rows, 2, snapshot->arena)};
    }
    db_done(rows);
    *ret = (struct import_refusals){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
