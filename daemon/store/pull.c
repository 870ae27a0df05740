/*
 * How sources are asked for completions, and how far that is.
 */
#include "store/pull.h"

#include "internal.h"

#define PULL_COLUMNS                                                                                           \
    "p.organisation, p.source, p.url, p.credential, p.settings, p.mode, p.cursor, p.wanted, p.began_at, "      \
    "p.watermark, p.swept_at, p.next_at, p.failures, p.last_error, p.progress, p.token, p.token_until"

STATEMENT(pull_write,
    "INSERT INTO pull (organisation, source, url, credential, settings, mode, cursor, wanted, began_at, "
    "watermark, "
    "swept_at, next_at, failures, last_error, progress, token, token_until) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
    "ON CONFLICT (organisation, source) DO UPDATE SET url = $3, credential = $4, settings = $5, mode = $6, "
    "cursor = $7, wanted = $8, began_at = $9, watermark = $10, swept_at = $11, next_at = $12, failures = $13, "
    "last_error = $14, progress = $15, token = $16, token_until = $17");
STATEMENT(pull_remove, "DELETE FROM pull WHERE organisation = $1 AND source = $2");
STATEMENT(pull_of_source, "SELECT " PULL_COLUMNS " FROM pull p WHERE p.organisation = $1 AND p.source = $2");
STATEMENT(pull_ready,
    "SELECT " PULL_COLUMNS " FROM pull p JOIN source s ON s.organisation = p.organisation AND s.id = p.source "
    "WHERE p.organisation = $1 AND p.next_at <= $2 AND s.paused = 0 ORDER BY p.next_at, p.source LIMIT $3");
STATEMENT(pull_next, "SELECT key, next FROM (SELECT o.key, (SELECT MIN(p.next_at) FROM pull p JOIN source s "
                     "ON s.organisation = p.organisation AND s.id = p.source WHERE p.organisation = o.key "
                     "AND p.next_at IS NOT NULL AND s.paused = 0) AS next FROM organisation o) w WHERE next IS "
                     "NOT NULL ORDER BY key");

STATEMENT(pull_mark, "INSERT INTO pull_seen (organisation, source, identity, seen_at) VALUES ($1, $2, $3, $4) "
                     "ON CONFLICT (organisation, source, identity) DO UPDATE SET seen_at = $4");
STATEMENT(pull_unmark, "DELETE FROM pull_seen WHERE organisation = $1 AND source = $2");
/* $5: the kind; $4: when the last sweep had begun. */
STATEMENT(pull_different,
    "SELECT c.id, c.employee, c.course, c.occurred_at, MAX(s.seen_at) FROM completion c "
    "JOIN completion_evidence e ON e.organisation = c.organisation AND e.completion = c.id "
    "JOIN item i ON i.organisation = e.organisation AND i.id = e.item "
    "LEFT JOIN pull_seen s ON s.organisation = i.organisation AND s.source = i.source AND s.identity = "
    "i.identity "
    "WHERE c.organisation = $1 AND c.source = $2 AND c.state = 'completed' AND c.id > $3 AND c.created_at < $4 "
    "GROUP BY c.id, c.employee, c.course, c.occurred_at "
    "HAVING ($5 = 0 AND COUNT(s.identity) = 0) OR ($5 = 1 AND MAX(s.seen_at) < $4) "
    "OR ($5 = 2 AND COUNT(s.identity) = COUNT(i.id)) ORDER BY c.id LIMIT $6");

const char *const pull_difference_names[] = {"only_pushed", "gone", "only_pulled", NULL};

static void pull_fill(const struct db_rows *rows, struct arena *arena, struct pull_row *row)
{
    *row = (struct pull_row){.organisation = db_get_text(rows, 0, arena),
        .source = db_get_text(rows, 1, arena),
        .url = db_get_text(rows, 2, arena),
        .credential = db_get_text(rows, 3, arena),
        .settings = db_get_text(rows, 4, arena),
        .mode = db_get_text(rows, 5, arena),
        .cursor = db_get_text(rows, 6, arena),
        .wanted = db_get_text(rows, 7, arena),
        .began_at = db_get_instant(rows, 8),
        .watermark = db_get_instant(rows, 9),
        .swept_at = db_get_instant(rows, 10),
        .next_at = db_get_instant(rows, 11),
        .failures = db_get_int(rows, 12),
        .last_error = db_get_text(rows, 13, arena),
        .progress = db_get_text(rows, 14, arena),
        .token = db_get_text(rows, 15, arena),
        .token_until = db_get_instant(rows, 16)};
}

enum status pull_put(struct txn *txn, const struct pull_row *row, struct error *err)
{
    enum status status = row_own(txn, row->source, "src", err);
    if (status != ST_OK)
        return status;
    db_exec(txn->snapshot.db, &pull_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->source), db_text(row->url), db_text(row->credential),
            db_text(row->settings), db_text(row->mode), db_text(row->cursor), db_text(row->wanted),
            db_instant(row->began_at), db_instant(row->watermark), db_instant(row->swept_at),
            db_instant(row->next_at), db_int(row->failures), db_text(row->last_error), db_text(row->progress),
            db_text(row->token), db_instant(row->token_until)));
    return db_status(txn->snapshot.db, err);
}

enum status pull_drop(struct txn *txn, const char *source, struct error *err)
{
    db_exec(txn->snapshot.db, &pull_remove, DB_VALUES(db_text(txn->organisation), db_text(source)));
    db_exec(txn->snapshot.db, &pull_unmark, DB_VALUES(db_text(txn->organisation), db_text(source)));
    return db_status(txn->snapshot.db, err);
}

enum status pull_get(
    const struct snapshot *snapshot, const char *source, struct pull_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, source, "src", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &pull_of_source, DB_VALUES(db_text(organisation), db_text(source)));
    bool found = db_next(rows);
    if (found)
        pull_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "address of source", source, err);
}

enum status pull_due(struct txn *txn, unsigned limit, struct pull_list *ret, struct error *err)
{
    const struct snapshot *snapshot = &txn->snapshot;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct pull_row);
    struct db_rows *rows = db_query(snapshot->db, &pull_ready,
        DB_VALUES(db_text(txn->organisation), db_instant(snapshot->now), db_int(limit)));
    while (db_next(rows))
        pull_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct pull_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status pull_watches(const struct snapshot *snapshot, struct pull_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct pull_watch);
    struct db_rows *rows = db_query(snapshot->db, &pull_next, DB_NO_VALUES);
    while (db_next(rows)) {
        struct pull_watch *watch = row_push(&array);
        *watch = (struct pull_watch){
            .organisation = db_get_text(rows, 0, snapshot->arena), .next = db_get_instant(rows, 1)};
    }
    db_done(rows);
    *ret = (struct pull_watch_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status pull_see(struct txn *txn, const char *source, const char *identity, struct error *err)
{
    db_exec(txn->snapshot.db, &pull_mark,
        DB_VALUES(
            db_text(txn->organisation), db_text(source), db_text(identity), db_instant(txn->snapshot.now)));
    return db_status(txn->snapshot.db, err);
}

/* What came while the last sweep was under way may have missed it: the clock of `created_at` is the sweep's
 * own. */
enum status pull_compare(const struct snapshot *snapshot, const char *source, enum pull_difference_kind kind,
    const struct page *page, struct pull_differences *ret, struct error *err)
{
    const char *after;
    struct pull_row row;
    *ret = (struct pull_differences){0};
    enum status status = pull_get(snapshot, source, &row, NULL);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    if (status == ST_OK)
        status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK || row.swept_at == INSTANT_NONE)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct pull_difference);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &pull_different,
        DB_VALUES(db_text(row.organisation), db_text(source), db_text(after), db_instant(row.swept_at),
            db_int((int64_t)kind), db_int(limit + 1)));
    while (db_next(rows)) {
        struct pull_difference *difference = row_push(&array);
        *difference = (struct pull_difference){.kind = (int)kind,
            .completion = db_get_text(rows, 0, snapshot->arena),
            .employee = db_get_text(rows, 1, snapshot->arena),
            .course = db_get_text(rows, 2, snapshot->arena),
            .occurred_at = db_get_instant(rows, 3),
            .seen_at = db_get_instant(rows, 4)};
    }
    db_done(rows);
    bool more = row_cut(&array, limit);
    *ret = (struct pull_differences){.items = array.items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &ret->items[limit - 1].completion, 1);
    return db_status(snapshot->db, err);
}
