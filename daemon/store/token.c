/*
 * Access tokens: hashes, scopes, expiry, revocation, last use.
 */
#include "store/token.h"

#include "internal.h"

#define TOKEN_COLUMNS    "id, organisation, scopes, employee, label, created_at, expires_at, last_used, revoked_at"
#define TOKEN_USED_EVERY (60 * US_PER_SEC)

STATEMENT(token_insert,
    "INSERT INTO token (organisation, id, hash, scopes, employee, label, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
STATEMENT(token_usable, "SELECT " TOKEN_COLUMNS " FROM token WHERE hash = $1 AND revoked_at IS NULL "
                        "AND (expires_at IS NULL OR expires_at > $2)");
STATEMENT(token_by_id, "SELECT " TOKEN_COLUMNS " FROM token WHERE organisation = $1 AND id = $2");
STATEMENT(token_page,
    "SELECT " TOKEN_COLUMNS " FROM token WHERE organisation = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
STATEMENT(token_set_revoked,
    "UPDATE token SET revoked_at = COALESCE(revoked_at, $3) WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(token_set_used, "UPDATE token SET last_used = $3 WHERE organisation = $1 AND id = $2 "
                          "AND (last_used IS NULL OR last_used <= $4)");

static void token_fill(const struct db_rows *rows, struct arena *arena, struct token_row *row)
{
    *row = (struct token_row){.id = db_get_text(rows, 0, arena),
        .organisation = db_get_text(rows, 1, arena),
        .scopes = db_get_text(rows, 2, arena),
        .employee = db_get_text(rows, 3, arena),
        .label = db_get_text(rows, 4, arena),
        .created_at = db_get_instant(rows, 5),
        .expires_at = db_get_instant(rows, 6),
        .last_used = db_get_instant(rows, 7),
        .revoked_at = db_get_instant(rows, 8)};
}

enum status token_add(struct txn *txn, struct token_row *row, const struct sha256 *hash, struct error *err)
{
    char hex[SHA256_HEX];
    const char *id = row_id(txn, NULL, "tok");
    db_exec(txn->snapshot.db, &token_insert,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(sha256_hex(hash, hex)), db_text(row->scopes),
            db_text(row->employee), db_text(row->label), db_instant(txn->snapshot.now),
            db_instant(row->expires_at)));
    enum status status = db_status(txn->snapshot.db, err);
    if (status != ST_OK)
        return status;
    row->id = id;
    row->organisation = txn->organisation;
    row->created_at = txn->snapshot.now;
    row->last_used = row->revoked_at = INSTANT_NONE;
    return ST_OK;
}

enum status token_find(
    const struct snapshot *snapshot, const struct sha256 *hash, struct token_row *ret, struct error *err)
{
    char hex[SHA256_HEX];
    struct db_rows *rows = db_query(
        snapshot->db, &token_usable, DB_VALUES(db_text(sha256_hex(hash, hex)), db_instant(snapshot->now)));
    bool found = db_next(rows);
    if (found)
        token_fill(rows, snapshot->arena, ret);
    db_done(rows);
    enum status status = db_status(snapshot->db, err);
    if (status != ST_OK || found)
        return status;
    return error_set(err, ST_UNAUTHENTICATED, "the token is unknown, expired or revoked");
}

enum status token_get(const struct snapshot *snapshot, const char *id, struct token_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "tok", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &token_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        token_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "token", id, err);
}

enum status token_list(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct token_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct token_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(
        snapshot->db, &token_page, DB_VALUES(db_text(organisation), db_text(before), db_int(limit + 1)));
    while (db_next(rows))
        token_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct token_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct token_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status token_revoke(struct txn *txn, const char *id, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "tok", err);
    if (status != ST_OK)
        return status;
    int64_t done = row_write(db, &token_set_revoked,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_instant(txn->snapshot.now)));
    return done > 0 ? ST_OK : row_missing(db, "token", id, err);
}

enum status token_used(struct txn *txn, const char *id, instant_t at, struct error *err)
{
    enum status status = row_own(txn, id, "tok", err);
    if (status != ST_OK)
        return status;
    db_exec(txn->snapshot.db, &token_set_used,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_instant(at), db_int(at - TOKEN_USED_EVERY)));
    return db_status(txn->snapshot.db, err);
}
