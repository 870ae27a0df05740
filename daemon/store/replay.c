/*
 * Periods to be read again.
 */
#include "store/replay.h"

#include "completion.h"

STATEMENT(replay_put, "INSERT INTO replay (organisation, source, after_item, until) VALUES ($1, $2, $3, $4) "
                      "ON CONFLICT (organisation, source) DO UPDATE SET after_item = $3, until = $4");
STATEMENT(replay_first,
    "SELECT source, after_item, until FROM replay WHERE organisation = $1 ORDER BY source LIMIT 1");
STATEMENT(replay_of_source, "SELECT 1 FROM replay WHERE organisation = $1 AND source = $2");
STATEMENT(replay_page,
    "SELECT id, envelope, source, position, identity, sha256, state, reason, completion, received_at, raw FROM "
    "item "
    "WHERE organisation = $1 AND source = $2 AND id > $3 AND received_at <= $4 AND LENGTH(raw) > 0 "
    "ORDER BY id LIMIT $5");
STATEMENT(replay_set, "UPDATE replay SET after_item = $3 WHERE organisation = $1 AND source = $2");
STATEMENT(replay_drop, "DELETE FROM replay WHERE organisation = $1 AND source = $2");
STATEMENT(replay_organisations, "SELECT o.key FROM organisation o WHERE EXISTS "
                                "(SELECT 1 FROM replay r WHERE r.organisation = o.key)");

enum status replay_ask(struct txn *txn, const char *source, instant_t from, instant_t until, struct error *err)
{
    db_exec(txn->snapshot.db, &replay_put,
        DB_VALUES(db_text(txn->organisation), db_text(source),
            db_text(row_id_at(txn->snapshot.arena, "itm", txn->organisation, from)), db_instant(until)));
    return db_status(txn->snapshot.db, err);
}

enum status replay_next(
    const struct snapshot *snapshot, const char *organisation, struct replay_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &replay_first, DB_VALUES(db_text(organisation)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct replay_row){.source = db_get_text(rows, 0, snapshot->arena),
            .after = db_get_text(rows, 1, snapshot->arena),
            .until = db_get_instant(rows, 2)};
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "replay", organisation, err);
}

enum status replay_of(const struct snapshot *snapshot, const char *source, int *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, source, "src", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &replay_of_source, DB_VALUES(db_text(organisation), db_text(source)));
    *ret = db_next(rows);
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status replay_items(const struct snapshot *snapshot, const char *organisation,
    const struct replay_row *replay, unsigned limit, struct item_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct item_row);
    struct db_rows *rows = db_query(snapshot->db, &replay_page,
        DB_VALUES(db_text(organisation), db_text(replay->source), db_text(replay->after),
            db_instant(replay->until), db_int(limit)));
    while (db_next(rows))
        item_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct item_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status replay_move(struct txn *txn, const char *source, const char *after, struct error *err)
{
    if (after)
        db_exec(txn->snapshot.db, &replay_set,
            DB_VALUES(db_text(txn->organisation), db_text(source), db_text(after)));
    else
        db_exec(txn->snapshot.db, &replay_drop, DB_VALUES(db_text(txn->organisation), db_text(source)));
    return db_status(txn->snapshot.db, err);
}

enum status replay_waiting(const struct snapshot *snapshot, struct retry_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows = db_query(snapshot->db, &replay_organisations, DB_NO_VALUES);
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct retry_list){.organisations = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
