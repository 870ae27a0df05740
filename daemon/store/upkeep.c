/* The rows of recurring work. */
#include "store/upkeep.h"

#include "internal.h"

STATEMENT(upkeep_one, "SELECT state, next_at, last_run, last_success, last_error, result, cursor FROM job "
                      "WHERE organisation = $1 AND name = $2");
STATEMENT(upkeep_write,
    "INSERT INTO job (organisation, name, state, next_at, last_run, last_success, last_error, result) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, name) DO UPDATE SET "
    "state = excluded.state, next_at = excluded.next_at, last_run = excluded.last_run, "
    "last_success = excluded.last_success, last_error = excluded.last_error, result = excluded.result");
STATEMENT(upkeep_make_due, "INSERT INTO job (organisation, name, state, next_at) VALUES ($1, $2, '', $3) "
                           "ON CONFLICT (organisation, name) DO UPDATE SET next_at = excluded.next_at");

STATEMENT(upkeep_set_cursor, "INSERT INTO job (organisation, name, state, cursor) VALUES ($1, $2, '', $3) "
                             "ON CONFLICT (organisation, name) DO UPDATE SET cursor = excluded.cursor");
STATEMENT(upkeep_set_done,
    "INSERT INTO job (organisation, name, state, next_at, last_run, last_success) VALUES ($1, $2, 'done', $4, "
    "$3, $3) "
    "ON CONFLICT (organisation, name) DO UPDATE SET state = excluded.state, next_at = excluded.next_at, "
    "last_run = excluded.last_run, last_success = excluded.last_success");
STATEMENT(upkeep_all,
    "SELECT o.key, (SELECT j.next_at FROM job j WHERE j.organisation = o.key AND j.name = $1) "
    "FROM organisation o ORDER BY o.key");

/* Two o'clock UTC. */
#define UPKEEP_HOUR (INT64_C(2) * 3600 * US_PER_SEC)

enum status upkeep_get(const struct snapshot *snapshot, const char *organisation, const char *name,
    struct upkeep_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &upkeep_one, DB_VALUES(db_text(organisation), db_text(name)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct upkeep_row){.name = name,
            .state = db_get_text(rows, 0, snapshot->arena),
            .next_at = db_get_instant(rows, 1),
            .last_run = db_get_instant(rows, 2),
            .last_success = db_get_instant(rows, 3),
            .last_error = db_get_text(rows, 4, snapshot->arena),
            .result = db_get_text(rows, 5, snapshot->arena),
            .cursor = db_get_text(rows, 6, snapshot->arena)};
    db_done(rows);
    return found ? db_status(snapshot->db, err) : row_missing(snapshot->db, "job", name, err);
}

enum status upkeep_put(struct txn *txn, const struct upkeep_row *row, struct error *err)
{
    db_exec(txn->snapshot.db, &upkeep_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->name), db_text(row->state), db_instant(row->next_at),
            db_instant(row->last_run), db_instant(row->last_success), db_text(row->last_error),
            db_text(row->result)));
    return db_status(txn->snapshot.db, err);
}

enum status upkeep_ask(struct txn *txn, const char *name, struct error *err)
{
    db_exec(txn->snapshot.db, &upkeep_make_due,
        DB_VALUES(db_text(txn->organisation), db_text(name), db_instant(txn->snapshot.now)));
    return db_status(txn->snapshot.db, err);
}

enum status upkeep_move(struct txn *txn, const char *name, const char *cursor, struct error *err)
{
    db_exec(txn->snapshot.db, &upkeep_set_cursor,
        DB_VALUES(db_text(txn->organisation), db_text(name), db_text(cursor)));
    return db_status(txn->snapshot.db, err);
}

instant_t upkeep_night(instant_t after)
{
    instant_t night = after - after % US_PER_DAY + UPKEEP_HOUR;
    return night > after ? night : night + US_PER_DAY;
}

enum status upkeep_done(struct txn *txn, const char *name, struct error *err)
{
    instant_t now = txn->snapshot.now;
    db_exec(txn->snapshot.db, &upkeep_set_done,
        DB_VALUES(db_text(txn->organisation), db_text(name), db_instant(now), db_instant(upkeep_night(now))));
    return db_status(txn->snapshot.db, err);
}

enum status upkeep_watches(
    const struct snapshot *snapshot, const char *name, struct upkeep_watches *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct upkeep_watch);
    struct db_rows *rows = db_query(snapshot->db, &upkeep_all, DB_VALUES(db_text(name)));
    while (db_next(rows))
        *(struct upkeep_watch *)row_push(&array) = (struct upkeep_watch){
            .organisation = db_get_text(rows, 0, snapshot->arena), .next_at = db_get_instant(rows, 1)};
    db_done(rows);
    *ret = (struct upkeep_watches){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
