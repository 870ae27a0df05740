/*
 * The outbox: adding, claiming by lease, the ends of a claim. Reading it is in delivery_read.c.
 */
#include "delivery.h"

#include "base/crypto.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { DELIVERY_STALE_DAYS = 2 };

const char *const delivery_state_names[] = {
    "held", "queued", "leased", "sent", "failed", "dead", "superseded", "dropped", NULL};

/* Another row with the uid and recipient of the row `delivery`, made later; or, of an invitation, a later
 * version in a calendar, which may be HR's and tell everybody. */
#define DELIVERY_NEWER                                                                                         \
    "EXISTS (SELECT 1 FROM delivery o WHERE o.organisation = delivery.organisation AND o.uid = delivery.uid "  \
    "AND o.state <> 'dropped' AND ((o.recipient = delivery.recipient AND o.id > delivery.id) OR "              \
    "(delivery.kind = 'invitation' AND o.channel = 'caldav' AND o.sequence > delivery.sequence)))"

STATEMENT(delivery_insert,
    "INSERT INTO delivery (organisation, id, channel, kind, employee, review, subject, recipient, uid, "
    "sequence, "
    "message_id, due_at, payload, content, created_at, sha256, reader, attempts, state, next_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, "
    "(SELECT CASE deliveries WHEN 'live' THEN 'queued' WHEN 'held' THEN 'held' ELSE 'dropped' END "
    "FROM organisation WHERE key = $1), "
    "(SELECT CASE deliveries WHEN 'live' THEN CAST($12 AS BIGINT) END FROM organisation WHERE key = $1)) "
    "RETURNING state");
STATEMENT(delivery_supersede_older,
    "UPDATE delivery SET state = 'superseded', next_at = NULL, content = NULL WHERE organisation = $1 AND uid "
    "= $2 "
    "AND recipient = $3 AND id <> $4 AND state IN ('held', 'queued', 'failed')");
STATEMENT(delivery_lease,
    "UPDATE delivery SET state = 'leased', lease_owner = $3, next_at = $4, attempts = attempts + 1 "
    "WHERE organisation = $1 AND id IN (SELECT d.id FROM delivery d WHERE d.organisation = $1 "
    "AND EXISTS (SELECT 1 FROM organisation g WHERE g.key = $1 AND g.deliveries = 'live') "
    "AND d.next_at IS NOT NULL AND d.next_at <= $2 AND (CAST($5 AS TEXT) IS NULL OR d.channel = $5) "
    "AND (d.uid IS NULL OR NOT EXISTS (SELECT 1 FROM delivery o WHERE o.organisation = $1 AND o.uid = d.uid "
    "AND o.recipient = d.recipient AND o.id < d.id AND o.state IN ('queued', 'failed', 'leased'))) "
    "ORDER BY d.next_at, d.id LIMIT $6) RETURNING " DELIVERY_COLUMNS ", content");
STATEMENT(delivery_end_sent,
    "UPDATE delivery SET state = 'sent', sent_at = $4, next_at = NULL, lease_owner = NULL, last_error = NULL, "
    "content = $5 WHERE organisation = $1 AND id = $2 AND state = 'leased' AND lease_owner = $3 RETURNING 1");
STATEMENT(delivery_end_failed,
    "UPDATE delivery SET state = CASE WHEN " DELIVERY_NEWER " THEN 'superseded' ELSE 'failed' END, "
    "next_at = CASE WHEN " DELIVERY_NEWER " THEN NULL ELSE CAST($5 AS BIGINT) END, "
    "content = CASE WHEN " DELIVERY_NEWER " THEN NULL ELSE content END, lease_owner = NULL, "
    "last_error = $4 WHERE organisation = $1 AND id = $2 AND state = 'leased' AND lease_owner = $3 RETURNING "
    "1");
STATEMENT(delivery_end_dead,
    "UPDATE delivery SET state = 'dead', next_at = NULL, lease_owner = NULL, last_error = $4 "
    "WHERE organisation = $1 AND id = $2 AND state = 'leased' AND lease_owner = $3 RETURNING 1");
STATEMENT(delivery_end_replaced,
    "UPDATE delivery SET state = 'superseded', next_at = NULL, lease_owner = NULL, last_error = $4, content = "
    "NULL "
    "WHERE organisation = $1 AND id = $2 AND state = 'leased' AND lease_owner = $3 RETURNING 1");
STATEMENT(delivery_requeue,
    "UPDATE delivery SET state = 'queued', next_at = $3 WHERE organisation = $1 AND id = $2 "
    "AND state IN ('held', 'failed', 'dead', 'dropped') AND NOT " DELIVERY_NEWER " RETURNING 1");
STATEMENT(delivery_supersede_stale, "UPDATE delivery SET state = 'superseded', content = NULL WHERE "
                                    "organisation = $1 AND state = 'held' AND kind = 'reminder' "
                                    "AND created_at < $2");
STATEMENT(delivery_release_held,
    "UPDATE delivery SET state = 'queued', next_at = CASE WHEN due_at > $2 THEN due_at ELSE $2 END "
    "WHERE organisation = $1 AND state = 'held'");
STATEMENT(delivery_drop_waiting,
    "UPDATE delivery SET state = 'dropped', next_at = NULL WHERE organisation = $1 "
    "AND state IN ('held', 'queued', 'failed')");
STATEMENT(delivery_supersede_review,
    "UPDATE delivery SET state = 'superseded', next_at = NULL, content = NULL WHERE organisation = $1 AND "
    "review = $2 "
    "AND (CAST($3 AS TEXT) IS NULL OR kind = $3) AND state IN ('held', 'queued', 'failed')");
STATEMENT(
    delivery_set_return, "UPDATE delivery SET last_error = $3 WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(delivery_is_there, "SELECT 1 FROM delivery WHERE organisation = $1 AND id = $2");

void delivery_fill(const struct db_rows *rows, struct arena *arena, struct delivery_row *row)
{
    *row = (struct delivery_row){.id = db_get_text(rows, 0, arena),
        .channel = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .employee = db_get_text(rows, 3, arena),
        .review = db_get_text(rows, 4, arena),
        .subject = db_get_text(rows, 5, arena),
        .recipient = db_get_text(rows, 6, arena),
        .uid = db_get_text(rows, 7, arena),
        .sequence = db_get_int(rows, 8),
        .message_id = db_get_text(rows, 9, arena),
        .due_at = db_get_instant(rows, 10),
        .state = (enum delivery_state)row_name_index(delivery_state_names, db_get_text(rows, 11, arena)),
        .attempts = db_get_int(rows, 12),
        .next_at = db_get_instant(rows, 13),
        .lease_owner = db_get_text(rows, 14, arena),
        .last_error = db_get_text(rows, 15, arena),
        .payload = db_get_text(rows, 16, arena),
        .created_at = db_get_instant(rows, 17),
        .sent_at = db_get_instant(rows, 18),
        .sha256 = db_get_text(rows, 19, arena)};
}

/* ---- adding */

static enum status delivery_put(struct txn *txn, struct delivery_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct db_rows *rows = db_query(db, &delivery_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->channel), db_text(row->kind),
            db_text(row->employee), db_text(row->review), db_text(row->subject), db_text(row->recipient),
            db_text(row->uid), row->uid ? db_int(row->sequence) : db_null(), db_text(row->message_id),
            db_instant(row->due_at), db_text(row->payload),
            row->content.data ? db_bytes(row->content.data, row->content.size) : db_null(),
            db_instant(row->created_at), db_text(row->sha256), db_text(row->reader)));
    const char *state = db_next(rows) ? db_get_text(rows, 0, txn->snapshot.arena) : NULL;
    while (db_next(rows))
        ;
    db_done(rows);
    if (row_taken(db))
        return error_set(err, ST_CONFLICT, "there is a delivery %s already", row->id);
    row->state = (enum delivery_state)row_name_index(delivery_state_names, state);
    row->next_at = row->state == DELIVERY_STATE_QUEUED ? row->due_at : INSTANT_NONE;
    return db_status(db, err);
}

static const char *delivery_hash(struct arena *arena, struct span content)
{
    char *hex = arena_alloc(arena, SHA256_HEX);
    struct sha256 sum = sha256(content.data, content.size);
    return sha256_hex(&sum, hex);
}

enum status delivery_add(struct txn *txn, struct delivery_row *row, struct error *err)
{
    struct delivery_row made = *row;
    made.id = row_id(txn, row->id, "dlv");
    made.created_at = txn->snapshot.now;
    made.due_at = row->due_at == INSTANT_NONE ? txn->snapshot.now : row->due_at;
    made.payload = row->payload ? row->payload : "{}";
    made.attempts = 0;
    made.sent_at = INSTANT_NONE;
    made.lease_owner = made.last_error = NULL;
    made.sha256 = made.content.data ? delivery_hash(txn->snapshot.arena, made.content) : NULL;
    enum status status = row_own(txn, made.id, "dlv", err);
    if (status == ST_OK)
        status = delivery_put(txn, &made, err);
    if (status != ST_OK)
        return status;
    if (made.uid && made.state != DELIVERY_STATE_DROPPED)
        db_exec(txn->snapshot.db, &delivery_supersede_older,
            DB_VALUES(
                db_text(txn->organisation), db_text(made.uid), db_text(made.recipient), db_text(made.id)));
    *row = made;
    return db_status(txn->snapshot.db, err);
}

/* ---- claiming */

static int delivery_by_id(const void *a, const void *b)
{
    return strcmp(((const struct delivery_row *)a)->id, ((const struct delivery_row *)b)->id);
}

enum status delivery_claim(struct txn *txn, const char *channel, const char *owner, instant_t lease_until,
    unsigned limit, struct delivery_list *ret, struct error *err)
{
    struct arena *arena = txn->snapshot.arena;
    struct row_array array = ROW_ARRAY(arena, struct delivery_row);
    struct db_rows *rows = db_query(txn->snapshot.db, &delivery_lease,
        DB_VALUES(db_text(txn->organisation), db_instant(txn->snapshot.now), db_text(owner),
            db_instant(lease_until), db_text(channel), db_int(limit)));
    while (db_next(rows)) {
        struct delivery_row *row = row_push(&array);
        delivery_fill(rows, arena, row);
        row->content = db_get_bytes(rows, DELIVERY_COLUMN_COUNT, arena);
    }
    db_done(rows);
    if (array.count > 1)
        qsort(array.items, array.count, array.size, delivery_by_id);
    *ret = (struct delivery_list){.items = array.items, .count = array.count};
    return db_status(txn->snapshot.db, err);
}

/* Of an update that found nothing: no such row, or one in another state. */
static enum status delivery_refused(
    struct txn *txn, int64_t done, const char *id, const char *why, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    if (done > 0)
        return ST_OK;
    if (row_read_int(db, &delivery_is_there, txn->organisation, id) == 0)
        return row_missing(db, "delivery", id, err);
    return error_set(err, ST_CONFLICT, "delivery %s %s", id, why);
}

static enum status delivery_end(struct txn *txn, const char *id, const struct statement *statement,
    const struct db_value *values, size_t count, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, statement, values, count);
    return delivery_refused(txn, done, id, "is not leased to this sender any more", err);
}

enum status delivery_sent(
    struct txn *txn, const char *id, const char *owner, struct span keep, struct error *err)
{
    return delivery_end(txn, id, &delivery_end_sent,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(owner), db_instant(txn->snapshot.now),
            keep.data ? db_bytes(keep.data, keep.size) : db_null()),
        err);
}

enum status delivery_failed(
    struct txn *txn, const char *id, const char *owner, const char *why, instant_t next_at, struct error *err)
{
    return delivery_end(txn, id, &delivery_end_failed,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(owner), db_text(why), db_instant(next_at)),
        err);
}

enum status delivery_dead(
    struct txn *txn, const char *id, const char *owner, const char *why, struct error *err)
{
    return delivery_end(txn, id, &delivery_end_dead,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(owner), db_text(why)), err);
}

enum status delivery_replaced(
    struct txn *txn, const char *id, const char *owner, const char *why, struct error *err)
{
    return delivery_end(txn, id, &delivery_end_replaced,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(owner), db_text(why)), err);
}

/* ---- by hand, and by a change of mind */

enum status delivery_retry(struct txn *txn, const char *id, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &delivery_requeue,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_instant(txn->snapshot.now)));
    return delivery_refused(txn, done, id, "is under way, was sent, or has been replaced by a newer one", err);
}

enum status delivery_note_return(struct txn *txn, const char *id, const char *why, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &delivery_set_return,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_text(why)));
    return done > 0 ? db_status(txn->snapshot.db, err) : row_missing(txn->snapshot.db, "delivery", id, err);
}

static enum status delivery_count(struct txn *txn, int64_t count, int64_t *ret, struct error *err)
{
    enum status status = db_status(txn->snapshot.db, err);
    if (status == ST_OK && ret)
        *ret = count;
    return status;
}

enum status delivery_release(struct txn *txn, bool send, int64_t *ret, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    instant_t stale = txn->snapshot.now - DELIVERY_STALE_DAYS * US_PER_DAY;
    if (send)
        db_exec(db, &delivery_supersede_stale, DB_VALUES(db_text(txn->organisation), db_instant(stale)));
    int64_t count = send ? db_exec(db, &delivery_release_held,
                               DB_VALUES(db_text(txn->organisation), db_instant(txn->snapshot.now)))
                         : db_exec(db, &delivery_drop_waiting, DB_VALUES(db_text(txn->organisation)));
    return delivery_count(txn, count, ret, err);
}

enum status delivery_withdraw_review(
    struct txn *txn, const char *review, const char *kind, int64_t *ret, struct error *err)
{
    int64_t count = db_exec(txn->snapshot.db, &delivery_supersede_review,
        DB_VALUES(db_text(txn->organisation), db_text(review), db_text(kind)));
    return delivery_count(txn, count, ret, err);
}

enum status delivery_supersede(struct txn *txn, const char *uid, const char *recipient, struct error *err)
{
    db_exec(txn->snapshot.db, &delivery_supersede_older,
        DB_VALUES(db_text(txn->organisation), db_text(uid), db_text(recipient), db_text("")));
    return db_status(txn->snapshot.db, err);
}
