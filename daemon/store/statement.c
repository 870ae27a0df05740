/*
 * xAPI statements and the keys that filters find them by.
 */
#include "store/statement.h"

#include "internal.h"

#define STATEMENT_COLUMNS "s.source, s.id, s.stored, s.refers, s.voids, s.voided_by, s.body"

STATEMENT(statement_insert,
    "INSERT INTO statement (organisation, source, id, stored, refers, voids, voided_by, body) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, source, id) DO NOTHING RETURNING 1");
STATEMENT(statement_key_insert,
    "INSERT INTO statement_key (organisation, source, key, stored) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (organisation, source, key, stored) DO NOTHING");
STATEMENT(statement_set_voided,
    "UPDATE statement SET voided_by = $4 WHERE organisation = $1 AND source = $2 AND id = $3 RETURNING 1");
STATEMENT(statement_latest, "SELECT stored FROM statement WHERE organisation = $1 AND source = $2 "
                            "ORDER BY stored DESC LIMIT 1");
STATEMENT(statement_by_id,
    "SELECT " STATEMENT_COLUMNS " FROM statement s WHERE s.organisation = $1 AND s.source = $2 AND s.id = $3");
STATEMENT(statement_by_reference, "SELECT " STATEMENT_COLUMNS " FROM statement s WHERE s.organisation = $1 "
                                  "AND s.source = $2 AND s.refers = $3 ORDER BY s.stored LIMIT $4");

/* From all statements, or from those under the first key: whichever index is the shorter way. */
#define FROM_ALL                                                                                               \
    "FROM statement s WHERE s.organisation = $1 AND s.source = $2 AND s.stored > $3 AND s.stored <= $4 "
#define FROM_KEY                                                                                               \
    "FROM statement_key d JOIN statement s ON s.organisation = d.organisation AND s.source = d.source "        \
    "AND s.stored = d.stored WHERE d.organisation = $1 AND d.source = $2 AND d.key = $6 AND d.stored > $3 "    \
    "AND d.stored <= $4 "
#define HAS_KEY(parameter)                                                                                     \
    "AND (" parameter " = '' OR EXISTS (SELECT 1 FROM statement_key k WHERE k.organisation = $1 "              \
    "AND k.source = $2 AND k.key = " parameter " AND k.stored = s.stored)) "
#define COUNTING "AND s.voided_by IS NULL "

STATEMENT(
    statement_newest, "SELECT " STATEMENT_COLUMNS " " FROM_ALL COUNTING "ORDER BY s.stored DESC LIMIT $5");
STATEMENT(statement_oldest, "SELECT " STATEMENT_COLUMNS " " FROM_ALL COUNTING "ORDER BY s.stored LIMIT $5");
STATEMENT(statement_newest_by, "SELECT " STATEMENT_COLUMNS " " FROM_KEY HAS_KEY("$7") HAS_KEY("$8")
                                   HAS_KEY("$9") COUNTING "ORDER BY d.stored DESC LIMIT $5");
STATEMENT(statement_oldest_by, "SELECT " STATEMENT_COLUMNS " " FROM_KEY HAS_KEY("$7") HAS_KEY("$8")
                                   HAS_KEY("$9") COUNTING "ORDER BY d.stored LIMIT $5");

/* From each source in its turn: their statements are ordered by source first. */
STATEMENT(statement_old,
    "SELECT " STATEMENT_COLUMNS " FROM statement s WHERE s.organisation = $1 AND s.source IN "
    "(SELECT id FROM source WHERE organisation = $1) AND s.stored < $2 ORDER BY s.source, s.stored LIMIT $3");
STATEMENT(statement_keyed,
    "SELECT " STATEMENT_COLUMNS " FROM statement_key d JOIN statement s ON s.organisation = d.organisation "
    "AND s.source = d.source AND s.stored = d.stored WHERE d.organisation = $1 AND d.source IN "
    "(SELECT id FROM source WHERE organisation = $1) AND d.key = $2 LIMIT $3");
STATEMENT(statement_delete, "DELETE FROM statement WHERE organisation = $1 AND source = $2 AND id = $3");
STATEMENT(statement_key_delete,
    "DELETE FROM statement_key WHERE organisation = $1 AND source = $2 AND key = $3 AND stored = $4");

static void statement_fill(const struct db_rows *rows, struct arena *arena, struct statement_row *row)
{
    *row = (struct statement_row){.source = db_get_text(rows, 0, arena),
        .id = db_get_text(rows, 1, arena),
        .stored = db_get_instant(rows, 2),
        .refers = db_get_text(rows, 3, arena),
        .voids = db_get_int(rows, 4) != 0,
        .voided_by = db_get_text(rows, 5, arena),
        .body = db_get_text(rows, 6, arena)};
}

enum status statement_clock(struct txn *txn, const char *source, instant_t *ret, struct error *err)
{
    instant_t latest = row_read_int(txn->snapshot.db, &statement_latest, txn->organisation, source);
    *ret = latest < txn->snapshot.now ? txn->snapshot.now : latest + 1;
    return db_status(txn->snapshot.db, err);
}

enum status statement_add(struct txn *txn, const struct statement_row *row, bool *ret_new, struct error *err)
{
    int64_t made = row_write(txn->snapshot.db, &statement_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->source), db_text(row->id), db_instant(row->stored),
            db_text(row->refers), db_bool(row->voids), db_text(row->voided_by), db_text(row->body)));
    *ret_new = made > 0;
    return db_status(txn->snapshot.db, err);
}

enum status statement_find_by(
    struct txn *txn, const char *source, instant_t stored, const char *key, struct error *err)
{
    db_exec(txn->snapshot.db, &statement_key_insert,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_text(key), db_instant(stored)));
    return db_status(txn->snapshot.db, err);
}

enum status statement_void(
    struct txn *txn, const char *source, const char *id, const char *by, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &statement_set_voided,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_text(id), db_text(by)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "statement", id, err);
}

enum status statement_get(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *id, struct statement_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(
        snapshot->db, &statement_by_id, DB_VALUES(db_text(organisation), db_text(source), db_text(id)));
    bool found = db_next(rows);
    if (found)
        statement_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "statement", id, err);
}

static enum status statement_collect(
    const struct snapshot *snapshot, struct db_rows *rows, struct statement_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct statement_row);
    while (db_next(rows))
        statement_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct statement_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status statement_referring(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *id, unsigned limit, struct statement_list *ret, struct error *err)
{
    return statement_collect(snapshot,
        db_query(snapshot->db, &statement_by_reference,
            DB_VALUES(db_text(organisation), db_text(source), db_text(id), db_int(limit))),
        ret, err);
}

enum status statement_find(const struct snapshot *snapshot, const char *organisation, const char *source,
    const struct statement_filter *filter, struct statement_list *ret, struct error *err)
{
    struct db_value values[5 + STATEMENT_FILTER_KEYS] = {db_text(organisation), db_text(source),
        db_int(filter->since == INSTANT_NONE ? INT64_MIN : filter->since),
        db_int(filter->until == INSTANT_NONE ? INT64_MAX : filter->until), db_int(filter->limit)};
    bool keyed = filter->keys[0] != NULL, more = true;
    for (size_t i = 0; i < STATEMENT_FILTER_KEYS; i++) {
        more = more && filter->keys[i];
        values[5 + i] = db_text(more ? filter->keys[i] : "");
    }
    const struct statement *statement = filter->ascending ? keyed ? &statement_oldest_by : &statement_oldest
                                        : keyed           ? &statement_newest_by
                                                          : &statement_newest;
    return statement_collect(
        snapshot, db_query(snapshot->db, statement, values, keyed ? 5 + STATEMENT_FILTER_KEYS : 5), ret, err);
}

/* ---- forgetting */

enum status statement_remove(struct txn *txn, const char *source, const char *id, struct error *err)
{
    db_exec(txn->snapshot.db, &statement_delete,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_text(id)));
    return db_status(txn->snapshot.db, err);
}

enum status statement_lose(
    struct txn *txn, const char *source, instant_t stored, const char *key, struct error *err)
{
    db_exec(txn->snapshot.db, &statement_key_delete,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_text(key), db_instant(stored)));
    return db_status(txn->snapshot.db, err);
}

static enum status statement_gather(
    const struct snapshot *snapshot, struct db_rows *rows, struct statement_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct statement_row);
    while (db_next(rows))
        statement_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct statement_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status statement_older(const struct snapshot *snapshot, const char *organisation, instant_t before,
    unsigned limit, struct statement_list *ret, struct error *err)
{
    struct db_rows *rows = db_query(
        snapshot->db, &statement_old, DB_VALUES(db_text(organisation), db_instant(before), db_int(limit)));
    return statement_gather(snapshot, rows, ret, err);
}

enum status statement_under(const struct snapshot *snapshot, const char *organisation, const char *key,
    unsigned limit, struct statement_list *ret, struct error *err)
{
    struct db_rows *rows =
        db_query(snapshot->db, &statement_keyed, DB_VALUES(db_text(organisation), db_text(key), db_int(limit)));
    return statement_gather(snapshot, rows, ret, err);
}
