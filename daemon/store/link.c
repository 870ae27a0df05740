/*
 * Personal links: found by the hash of the secret in their address.
 */
#include "store/link.h"

#include "internal.h"

#define LINK_COLUMNS "id, organisation, kind, person, employee, review, created_at, expires_at, revoked_at"

STATEMENT(link_insert,
    "INSERT INTO link (organisation, id, kind, person, employee, review, secret_hash, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
STATEMENT(link_by_id, "SELECT " LINK_COLUMNS " FROM link WHERE organisation = $1 AND id = $2");
STATEMENT(link_by_hash, "SELECT " LINK_COLUMNS " FROM link WHERE secret_hash = $1");
STATEMENT(link_page,
    "SELECT " LINK_COLUMNS " FROM link WHERE organisation = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
STATEMENT(link_page_of, "SELECT " LINK_COLUMNS " FROM link WHERE organisation = $1 AND id < $2 AND person = $4 "
                        "ORDER BY id DESC LIMIT $3");
STATEMENT(link_set_revoked,
    "UPDATE link SET revoked_at = COALESCE(revoked_at, $3) WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(link_set_revoked_of, "UPDATE link SET revoked_at = $3 WHERE organisation = $1 AND person = $2 "
                               "AND revoked_at IS NULL AND expires_at > $3 RETURNING 1");
STATEMENT(link_delete_expired, "DELETE FROM link WHERE organisation = $1 AND expires_at < $2");

static void link_fill(const struct db_rows *rows, struct arena *arena, struct link_row *row)
{
    *row = (struct link_row){.id = db_get_text(rows, 0, arena),
        .organisation = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .person = db_get_text(rows, 3, arena),
        .employee = db_get_text(rows, 4, arena),
        .review = db_get_text(rows, 5, arena),
        .created_at = db_get_instant(rows, 6),
        .expires_at = db_get_instant(rows, 7),
        .revoked_at = db_get_instant(rows, 8)};
}

enum status link_add(struct txn *txn, struct link_row *row, const struct sha256 *hash, struct error *err)
{
    char hex[SHA256_HEX];
    struct db_conn *db = txn->snapshot.db;
    row->id = row_id(txn, row->id, "link");
    row->organisation = txn->organisation;
    row->created_at = txn->snapshot.now;
    row->revoked_at = INSTANT_NONE;
    db_exec(db, &link_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->kind), db_text(row->person),
            db_text(row->employee), db_text(row->review), db_text(sha256_hex(hash, hex)),
            db_instant(row->created_at), db_instant(row->expires_at)));
    if (row_taken(db))
        return error_set(err, ST_CONFLICT, "there is no such employee");
    return db_status(db, err);
}

/* The first row as a link. */
static enum status link_one(const struct snapshot *snapshot, struct db_rows *rows, const char *id,
    struct link_row *ret, struct error *err)
{
    bool found = db_next(rows);
    if (found)
        link_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "link", id, err);
}

enum status link_get(const struct snapshot *snapshot, const char *id, struct link_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "link", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &link_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    return link_one(snapshot, rows, id, ret, err);
}

enum status link_find(
    const struct snapshot *snapshot, const struct sha256 *hash, struct link_row *ret, struct error *err)
{
    char hex[SHA256_HEX];
    struct db_rows *rows = db_query(snapshot->db, &link_by_hash, DB_VALUES(db_text(sha256_hex(hash, hex))));
    return link_one(snapshot, rows, "of this address", ret, err);
}

enum status link_list(const struct snapshot *snapshot, const char *organisation, const char *person,
    const struct page *page, struct link_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct link_row);
    unsigned limit = page_limit(page);
    struct db_value values[] = {db_text(organisation), db_text(before), db_int(limit + 1), db_text(person)};
    struct db_rows *rows = db_query(snapshot->db, person ? &link_page_of : &link_page, values, person ? 4 : 3);
    while (db_next(rows))
        link_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct link_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct link_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status link_revoke(struct txn *txn, const char *id, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "link", err);
    if (status != ST_OK)
        return status;
    int64_t done = row_write(db, &link_set_revoked,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_instant(txn->snapshot.now)));
    return done > 0 ? ST_OK : row_missing(db, "link", id, err);
}

enum status link_revoke_person(struct txn *txn, const char *person, int64_t *ret_count, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct db_rows *rows = db_query(db, &link_set_revoked_of,
        DB_VALUES(db_text(txn->organisation), db_text(person), db_instant(txn->snapshot.now)));
    int64_t count = 0;
    while (db_next(rows))
        count++;
    db_done(rows);
    *ret_count = count;
    return db_status(db, err);
}

enum status link_purge(struct txn *txn, instant_t expired_before, struct error *err)
{
    db_exec(txn->snapshot.db, &link_delete_expired,
        DB_VALUES(db_text(txn->organisation), db_instant(expired_before)));
    return db_status(txn->snapshot.db, err);
}
