/*
 * Data of attachments and the statements that name them.
 */
#include "store/attachment.h"

#include "internal.h"

STATEMENT(attachment_insert,
    "INSERT INTO attachment (organisation, source, sha2, type, content) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (organisation, source, sha2) DO NOTHING");
STATEMENT(attachment_use_insert,
    "INSERT INTO attachment_use (organisation, source, stored, sha2) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (organisation, source, stored, sha2) DO NOTHING");
STATEMENT(attachment_by_statement,
    "SELECT a.sha2, a.type, a.content FROM attachment_use u JOIN attachment a "
    "ON a.organisation = u.organisation AND a.source = u.source AND a.sha2 = u.sha2 "
    "WHERE u.organisation = $1 AND u.source = $2 AND u.stored = $3 ORDER BY a.sha2");
STATEMENT(attachment_delete,
    "DELETE FROM attachment WHERE organisation = $1 AND source = $2 AND sha2 IN "
    "(SELECT u.sha2 FROM attachment_use u WHERE u.organisation = $1 AND u.source = $2 AND u.stored = $3 "
    "AND NOT EXISTS (SELECT 1 FROM attachment_use o WHERE o.organisation = $1 AND o.source = $2 "
    "AND o.sha2 = u.sha2 AND o.stored <> $3))");
STATEMENT(attachment_use_delete,
    "DELETE FROM attachment_use WHERE organisation = $1 AND source = $2 AND stored = $3");

enum status attachment_add(
    struct txn *txn, const char *source, instant_t stored, const struct attachment_row *row, struct error *err)
{
    db_exec(txn->snapshot.db, &attachment_insert,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_text(row->sha2), db_text(row->type),
            db_bytes(row->content.data, row->content.size)));
    db_exec(txn->snapshot.db, &attachment_use_insert,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_instant(stored), db_text(row->sha2)));
    return db_status(txn->snapshot.db, err);
}

enum status attachment_of(const struct snapshot *snapshot, const char *organisation, const char *source,
    instant_t stored, struct attachment_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct attachment_row);
    struct db_rows *rows = db_query(snapshot->db, &attachment_by_statement,
        DB_VALUES(db_text(organisation), db_text(source), db_instant(stored)));
    while (db_next(rows)) {
        struct attachment_row *row = row_push(&array);
        *row = (struct attachment_row){.sha2 = db_get_text(rows, 0, snapshot->arena),
            .type = db_get_text(rows, 1, snapshot->arena),
            .content = db_get_bytes(rows, 2, snapshot->arena)};
    }
    db_done(rows);
    *ret = (struct attachment_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status attachment_lose(struct txn *txn, const char *source, instant_t stored, struct error *err)
{
    struct db_value values[] = {db_text(txn->organisation), db_text(source), db_instant(stored)};
    db_exec(txn->snapshot.db, &attachment_delete, values, sizeof values / sizeof values[0]);
    db_exec(txn->snapshot.db, &attachment_use_delete, values, sizeof values / sizeof values[0]);
    return db_status(txn->snapshot.db, err);
}
