/*
 * What completions in quarantine wait for, and which of them are to be looked at again.
 */
#include "store/completion.h"

#include "completion.h"

STATEMENT(wait_insert,
    "INSERT INTO completion_wait (organisation, kind, value, completion) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (organisation, kind, value, completion) DO NOTHING");
STATEMENT(wait_delete, "DELETE FROM completion_wait WHERE organisation = $1 AND completion = $2");
STATEMENT(
    wait_for_key, "SELECT 1 FROM completion_wait WHERE organisation = $1 AND kind = $2 AND value = $3 LIMIT 1");
STATEMENT(wake_by_key,
    "UPDATE completion SET retry = 1 WHERE organisation = $1 AND state = 'quarantined' AND id IN "
    "(SELECT completion FROM completion_wait WHERE organisation = $1 AND kind = $2 AND value = $3)");
STATEMENT(wake_by_source, "UPDATE completion SET retry = 1 WHERE organisation = $1 AND source = $2 "
                          "AND state = 'quarantined' AND (reason IS NULL OR reason <> 'unassigned')");
STATEMENT(wake_by_course, "UPDATE completion SET retry = 1 WHERE organisation = $1 AND course = $2");
STATEMENT(retry_page,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND retry = 1 ORDER BY id LIMIT $2");
STATEMENT(retry_rest, "UPDATE completion SET retry = 0 WHERE organisation = $1 AND id = $2");
STATEMENT(retry_waiting, "SELECT o.key FROM organisation o WHERE EXISTS "
                         "(SELECT 1 FROM completion c WHERE c.organisation = o.key AND c.retry = 1)");

enum status completion_wait_add(
    struct txn *txn, const char *completion, const char *kind, const char *value, struct error *err)
{
    db_exec(txn->snapshot.db, &wait_insert,
        DB_VALUES(db_text(txn->organisation), db_text(kind), db_text(value), db_text(completion)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_wait_drop(struct txn *txn, const char *completion, struct error *err)
{
    db_exec(txn->snapshot.db, &wait_delete, DB_VALUES(db_text(txn->organisation), db_text(completion)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_wake_key(
    struct txn *txn, const char *kind, const char *value, int64_t *ret, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    const struct db_value values[] = {db_text(txn->organisation), db_text(kind), db_text(value)};
    struct db_rows *rows = db_query(db, &wait_for_key, values, 3);
    bool waited_for = db_next(rows);
    db_done(rows);
    *ret = waited_for ? db_exec(db, &wake_by_key, values, 3) : 0;
    return db_status(db, err);
}

enum status completion_wake_source(struct txn *txn, const char *source, struct error *err)
{
    db_exec(txn->snapshot.db, &wake_by_source, DB_VALUES(db_text(txn->organisation), db_text(source)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_wake_course(struct txn *txn, const char *course, struct error *err)
{
    db_exec(txn->snapshot.db, &wake_by_course, DB_VALUES(db_text(txn->organisation), db_text(course)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_rest(struct txn *txn, const char *id, struct error *err)
{
    db_exec(txn->snapshot.db, &retry_rest, DB_VALUES(db_text(txn->organisation), db_text(id)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_to_retry(const struct snapshot *snapshot, const char *organisation, unsigned limit,
    struct completion_list *ret, struct error *err)
{
    return completion_collect(snapshot,
        db_query(snapshot->db, &retry_page, DB_VALUES(db_text(organisation), db_int(limit))), ret, err);
}

enum status completion_retries(const struct snapshot *snapshot, struct retry_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows = db_query(snapshot->db, &retry_waiting, DB_NO_VALUES);
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct retry_list){.organisations = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
