/*
 * Calendar subscriptions: found by the hash of the secret in their address.
 */
#include "store/feed.h"

#include "internal.h"

#define FEED_COLUMNS "id, organisation, scope, subject, label, created_at, revoked_at"

STATEMENT(feed_insert, "INSERT INTO feed (organisation, id, scope, subject, label, secret_hash, created_at) "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7)");
STATEMENT(feed_by_id, "SELECT " FEED_COLUMNS " FROM feed WHERE organisation = $1 AND id = $2");
STATEMENT(feed_by_hash, "SELECT " FEED_COLUMNS " FROM feed WHERE secret_hash = $1");
STATEMENT(feed_page,
    "SELECT " FEED_COLUMNS " FROM feed WHERE organisation = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
STATEMENT(feed_set_revoked,
    "UPDATE feed SET revoked_at = COALESCE(revoked_at, $3) WHERE organisation = $1 AND id = $2 RETURNING 1");

static void feed_fill(const struct db_rows *rows, struct arena *arena, struct feed_row *row)
{
    *row = (struct feed_row){.id = db_get_text(rows, 0, arena),
        .organisation = db_get_text(rows, 1, arena),
        .scope = db_get_text(rows, 2, arena),
        .subject = db_get_text(rows, 3, arena),
        .label = db_get_text(rows, 4, arena),
        .created_at = db_get_instant(rows, 5),
        .revoked_at = db_get_instant(rows, 6)};
}

enum status feed_add(struct txn *txn, struct feed_row *row, const struct sha256 *hash, struct error *err)
{
    char hex[SHA256_HEX];
    row->id = row_id(txn, row->id, "feed");
    row->organisation = txn->organisation;
    row->created_at = txn->snapshot.now;
    row->revoked_at = INSTANT_NONE;
    db_exec(txn->snapshot.db, &feed_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->scope), db_text(row->subject),
            db_text(row->label), db_text(sha256_hex(hash, hex)), db_instant(row->created_at)));
    return db_status(txn->snapshot.db, err);
}

enum status feed_get(const struct snapshot *snapshot, const char *id, struct feed_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "feed", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &feed_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        feed_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "feed", id, err);
}

enum status feed_find(
    const struct snapshot *snapshot, const struct sha256 *hash, struct feed_row *ret, struct error *err)
{
    char hex[SHA256_HEX];
    struct db_rows *rows = db_query(snapshot->db, &feed_by_hash, DB_VALUES(db_text(sha256_hex(hash, hex))));
    bool found = db_next(rows);
    if (found)
        feed_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "feed", "of this address", err);
}

enum status feed_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct feed_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct feed_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(
        snapshot->db, &feed_page, DB_VALUES(db_text(organisation), db_text(before), db_int(limit + 1)));
    while (db_next(rows))
        feed_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct feed_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct feed_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status feed_revoke(struct txn *txn, const char *id, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "feed", err);
    if (status != ST_OK)
        return status;
    int64_t done = row_write(db, &feed_set_revoked,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_instant(txn->snapshot.now)));
    return done > 0 ? ST_OK : row_missing(db, "feed", id, err);
}
