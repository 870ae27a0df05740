/*
 * LMS platforms: their configuration and counters.
 */
#include "store/source.h"

#include "internal.h"

#define SOURCE_COLUMNS                                                                                         \
    "id, kind, name, secret, secret_previous, mapping, settings, rules, paused, version, created_at, "         \
    "updated_at, "                                                                                             \
    "received, completions, duplicates, quarantined, ignored, refused, refused_at, refused_why"

STATEMENT(source_insert,
    "INSERT INTO source (organisation, id, kind, name, hook_key, secret, secret_previous, mapping, settings, "
    "rules, "
    "paused, received, completions, duplicates, quarantined, ignored, refused, version, created_at, "
    "updated_at) "
    "VALUES ($1, $2, $3, $4, $2, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, 0, 0, 1, $11, $11) RETURNING version");
STATEMENT(source_change,
    "UPDATE source SET name = $3, secret = $4, secret_previous = $5, mapping = $6, settings = $7, rules = $8, "
    "paused = $9, updated_at = $10, version = version + 1 "
    "WHERE organisation = $1 AND id = $2 AND ($11 = 0 OR version = $11) "
    "RETURNING version");
STATEMENT(source_rules_of, "SELECT rules FROM source WHERE organisation = $1 AND id = $2");
STATEMENT(source_version, "SELECT version FROM source WHERE organisation = $1 AND id = $2");
STATEMENT(source_by_id, "SELECT " SOURCE_COLUMNS " FROM source WHERE organisation = $1 AND id = $2");
STATEMENT(source_page,
    "SELECT " SOURCE_COLUMNS " FROM source WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(source_drop,
    "DELETE FROM source WHERE organisation = $1 AND id = $2 AND ($3 = 0 OR version = $3) RETURNING 1");
STATEMENT(source_add_counters,
    "UPDATE source SET received = received + $3, completions = completions + $4, duplicates = duplicates + $5, "
    "quarantined = quarantined + $6, ignored = ignored + $7, refused = refused + $8 "
    "WHERE organisation = $1 AND id = $2");
STATEMENT(source_set_refusal, "UPDATE source SET refused_at = $3, refused_why = $4 "
                              "WHERE organisation = $1 AND id = $2 RETURNING 1");

static void source_fill(const struct db_rows *rows, struct arena *arena, struct source_row *row)
{
    *row = (struct source_row){.id = db_get_text(rows, 0, arena),
        .kind = db_get_text(rows, 1, arena),
        .name = db_get_text(rows, 2, arena),
        .secret = db_get_text(rows, 3, arena),
        .secret_previous = db_get_text(rows, 4, arena),
        .mapping = db_get_text(rows, 5, arena),
        .settings = db_get_text(rows, 6, arena),
        .rules = db_get_text(rows, 7, arena),
        .paused = db_get_int(rows, 8) != 0,
        .version = db_get_int(rows, 9),
        .created_at = db_get_instant(rows, 10),
        .updated_at = db_get_instant(rows, 11),
        .counters = {.received = db_get_int(rows, 12),
            .completions = db_get_int(rows, 13),
            .duplicates = db_get_int(rows, 14),
            .quarantined = db_get_int(rows, 15),
            .ignored = db_get_int(rows, 16),
            .refused = db_get_int(rows, 17)},
        .refused_at = db_get_instant(rows, 18),
        .refused_why = db_get_text(rows, 19, arena)};
}

enum status source_add(struct txn *txn, struct source_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "src");
    row->created_at = row->updated_at = txn->snapshot.now;
    row->version = row_write(txn->snapshot.db, &source_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->kind), db_text(row->name),
            db_text(row->secret), db_text(row->secret_previous), db_text(row->mapping), db_text(row->settings),
            db_text(row->rules ? row->rules : "[]"), db_bool(row->paused), db_instant(row->created_at)));
    return db_status(txn->snapshot.db, err);
}

enum status source_update(struct txn *txn, struct source_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "src", err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(txn->snapshot.db, &source_change,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->name), db_text(row->secret),
            db_text(row->secret_previous), db_text(row->mapping), db_text(row->settings),
            db_text(row->rules ? row->rules : "[]"), db_bool(row->paused), db_instant(txn->snapshot.now),
            db_int(expected)));
    status = row_changed(txn, version, &source_version, "source", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status source_delete(struct txn *txn, const char *id, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, id, "src", err);
    if (status != ST_OK)
        return status;
    int64_t done = row_write(
        txn->snapshot.db, &source_drop, DB_VALUES(db_text(txn->organisation), db_text(id), db_int(expected)));
    if (row_taken(txn->snapshot.db))
        return error_set(err, ST_CONFLICT, "completions came from this source: pause it, they are evidence");
    return row_changed(txn, done, &source_version, "source", id, expected, err);
}

enum status source_get(
    const struct snapshot *snapshot, const char *id, struct source_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "src", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &source_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        source_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "source", id, err);
}

enum status source_rules(const struct snapshot *snapshot, const char *id, const char **ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "src", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &source_rules_of, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        *ret = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "source", id, err);
}

enum status source_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct source_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct source_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(
        snapshot->db, &source_page, DB_VALUES(db_text(organisation), db_text(after), db_int(limit + 1)));
    while (db_next(rows))
        source_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct source_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct source_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status source_count(struct txn *txn, const char *id, const struct source_counters *more, struct error *err)
{
    int64_t done = db_exec(txn->snapshot.db, &source_add_counters,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_int(more->received), db_int(more->completions),
            db_int(more->duplicates), db_int(more->quarantined), db_int(more->ignored), db_int(more->refused)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "source", id, err);
}

enum status source_note_refusal(
    struct txn *txn, const char *id, instant_t at, const char *why, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &source_set_refusal,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_instant(at), db_text(why)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "source", id, err);
}
