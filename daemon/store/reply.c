/*
 * What came in about invitations, where reading the mailbox stands, and addresses that fail.
 */
#include "store/reply.h"

#include "internal.h"

#define REPLY_COLUMNS                                                                                          \
    "id, channel, review, email, method, partstat, sequence, dtstamp, verified, state, reason, message_id, "   \
    "body, sha256, received_at, decided_at"

STATEMENT(reply_insert,
    "INSERT INTO reply (organisation, id, channel, review, email, method, partstat, sequence, dtstamp, "
    "verified, state, reason, message_id, body, raw, sha256, received_at, sender) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) "
    "RETURNING 1");
STATEMENT(reply_set_decided, "UPDATE reply SET state = $3, reason = $4, verified = $5, decided_at = $6 "
                             "WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(reply_by_id, "SELECT " REPLY_COLUMNS " FROM reply WHERE organisation = $1 AND id = $2");
STATEMENT(reply_by_hash, "SELECT " REPLY_COLUMNS " FROM reply WHERE organisation = $1 AND sha256 = $2");
STATEMENT(reply_bytes, "SELECT raw FROM reply WHERE organisation = $1 AND id = $2");
STATEMENT(reply_page, "SELECT " REPLY_COLUMNS " FROM reply WHERE organisation = $1 AND id < $2 "
                      "AND (CAST($3 AS TEXT) IS NULL OR review = $3) "
                      "AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY id DESC LIMIT $5");
STATEMENT(reply_count_sender,
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM reply WHERE organisation = $1 AND sender = $2 "
    "AND received_at > $3 AND verified = 0 AND state <> 'bounced' LIMIT $4) w");
STATEMENT(reply_count_strange,
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM reply WHERE organisation = $1 AND received_at > $2 "
    "AND review IS NULL AND LENGTH(raw) > 0 LIMIT $3) w");
STATEMENT(mailbox_read_cursor, "SELECT cursor FROM job WHERE organisation = 'system' AND name = 'mailbox'");
STATEMENT(mailbox_write_cursor,
    "INSERT INTO job (organisation, name, state, cursor, last_run) VALUES ('system', 'mailbox', 'reading', $1, "
    "$2) "
    "ON CONFLICT (organisation, name) DO UPDATE SET cursor = excluded.cursor, last_run = excluded.last_run");
STATEMENT(address_insert, "INSERT INTO failing_address (organisation, email, code, reason, delivery, since) "
                          "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation, email) DO NOTHING "
                          "RETURNING 1");
STATEMENT(address_delete, "DELETE FROM failing_address WHERE organisation = $1 AND email = $2");
STATEMENT(address_by_email, "SELECT email, code, reason, delivery, since FROM failing_address "
                            "WHERE organisation = $1 AND email = $2");

static void reply_fill(const struct db_rows *rows, struct arena *arena, struct reply_row *row)
{
    *row = (struct reply_row){.id = db_get_text(rows, 0, arena),
        .channel = db_get_text(rows, 1, arena),
        .review = db_get_text(rows, 2, arena),
        .email = db_get_text(rows, 3, arena),
        .method = db_get_text(rows, 4, arena),
        .partstat = db_get_text(rows, 5, arena),
        .sequence = db_get_int(rows, 6),
        .dtstamp = db_get_instant(rows, 7),
        .verified = db_get_int(rows, 8) != 0,
        .state = db_get_text(rows, 9, arena),
        .reason = db_get_text(rows, 10, arena),
        .message_id = db_get_text(rows, 11, arena),
        .body = db_get_text(rows, 12, arena),
        .sha256 = db_get_text(rows, 13, arena),
        .received_at = db_get_instant(rows, 14),
        .decided_at = db_get_instant(rows, 15)};
}

static bool reply_take(const struct snapshot *snapshot, struct db_rows *rows, struct reply_row *ret)
{
    bool found = db_next(rows);
    if (found)
        reply_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found;
}

enum status reply_add(struct txn *txn, struct reply_row *row, struct span raw, struct error *err)
{
    row->id = row_id(txn, row->id, "rpl");
    row->received_at = txn->snapshot.now;
    row->decided_at = INSTANT_NONE;
    row_write(txn->snapshot.db, &reply_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->channel), db_text(row->review),
            db_text(row->email), db_text(row->method), db_text(row->partstat), db_int(row->sequence),
            db_instant(row->dtstamp), db_int(row->verified), db_text(row->state), db_text(row->reason),
            db_text(row->message_id), db_text(row->body), db_bytes(raw.data, raw.size), db_text(row->sha256),
            db_instant(row->received_at), db_text(row->sender)));
    return db_status(txn->snapshot.db, err);
}

static int64_t reply_count(const struct snapshot *snapshot, const struct statement *statement,
    const struct db_value *values, size_t count)
{
    struct db_rows *rows = db_query(snapshot->db, statement, values, count);
    int64_t found = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    return found;
}

enum status reply_unproved(const struct snapshot *snapshot, const char *organisation, const char *sender,
    instant_t since, int64_t most, int64_t *ret, struct error *err)
{
    *ret = reply_count(snapshot, &reply_count_sender,
        DB_VALUES(db_text(organisation), db_text(sender), db_instant(since), db_int(most)));
    return db_status(snapshot->db, err);
}

enum status reply_strange(const struct snapshot *snapshot, const char *organisation, instant_t since,
    int64_t most, int64_t *ret, struct error *err)
{
    *ret = reply_count(
        snapshot, &reply_count_strange, DB_VALUES(db_text(organisation), db_instant(since), db_int(most)));
    return db_status(snapshot->db, err);
}

enum status reply_find(const struct snapshot *snapshot, const char *organisation, const char *sha256,
    struct reply_row *ret, struct error *err)
{
    struct db_rows *rows =
        db_query(snapshot->db, &reply_by_hash, DB_VALUES(db_text(organisation), db_text(sha256)));
    return reply_take(snapshot, rows, ret) ? db_status(snapshot->db, err)
                                           : row_missing(snapshot->db, "reply", sha256, err);
}

enum status reply_decide(struct txn *txn, struct reply_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    row->decided_at = txn->snapshot.now;
    int64_t done = row_write(db, &reply_set_decided,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->state), db_text(row->reason),
            db_int(row->verified), db_instant(row->decided_at)));
    return done > 0 ? db_status(db, err) : row_missing(db, "reply", row->id, err);
}

enum status reply_get(const struct snapshot *snapshot, const char *id, struct reply_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "rpl", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &reply_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    return reply_take(snapshot, rows, ret) ? db_status(snapshot->db, err)
                                           : row_missing(snapshot->db, "reply", id, err);
}

enum status reply_raw(const struct snapshot *snapshot, const char *id, struct span *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "rpl", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &reply_bytes, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        *ret = db_get_bytes(rows, 0, snapshot->arena);
    db_done(rows);
    return found ? db_status(snapshot->db, err) : row_missing(snapshot->db, "reply", id, err);
}

enum status reply_list(const struct snapshot *snapshot, const char *organisation,
    const struct reply_filter *filter, const struct page *page, struct reply_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct reply_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &reply_page,
        DB_VALUES(db_text(organisation), db_text(before), db_text(filter->review), db_text(filter->state),
            db_int(limit + 1)));
    while (db_next(rows))
        reply_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct reply_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct reply_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

/* ---- the mailbox */

enum status mailbox_cursor(const struct snapshot *snapshot, const char **ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &mailbox_read_cursor, DB_NO_VALUES);
    *ret = db_next(rows) ? db_get_text(rows, 0, snapshot->arena) : NULL;
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status mailbox_set_cursor(struct txn *txn, const char *cursor, struct error *err)
{
    db_exec(txn->snapshot.db, &mailbox_write_cursor, DB_VALUES(db_text(cursor), db_instant(txn->snapshot.now)));
    return db_status(txn->snapshot.db, err);
}

/* ---- addresses */

enum status address_fail(
    struct txn *txn, const struct failing_address *address, bool *ret_new, struct error *err)
{
    int64_t made = row_write(txn->snapshot.db, &address_insert,
        DB_VALUES(db_text(txn->organisation), db_text(address->email), db_text(address->code),
            db_text(address->reason), db_text(address->delivery), db_instant(txn->snapshot.now)));
    *ret_new = made > 0;
    return db_status(txn->snapshot.db, err);
}

enum status address_works(struct txn *txn, const char *email, struct error *err)
{
    db_exec(txn->snapshot.db, &address_delete, DB_VALUES(db_text(txn->organisation), db_text(email)));
    return db_status(txn->snapshot.db, err);
}

enum status address_failing(const struct snapshot *snapshot, const char *organisation, const char *email,
    struct failing_address *ret, struct error *err)
{
    struct db_rows *rows =
        db_query(snapshot->db, &address_by_email, DB_VALUES(db_text(organisation), db_text(email)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct failing_address){.email = db_get_text(rows, 0, snapshot->arena),
            .code = db_get_text(rows, 1, snapshot->arena),
            .reason = db_get_text(rows, 2, snapshot->arena),
            .delivery = db_get_text(rows, 3, snapshot->arena),
            .since = db_get_instant(rows, 4)};
    db_done(rows);
    return found ? db_status(snapshot->db, err) : row_missing(snapshot->db, "failing address", email, err);
}
