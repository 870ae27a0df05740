/*
 * Reading the outbox: one row, lists, what is due, how many in which state.
 */
#include "delivery.h"

#include "internal.h"

#include <string.h>

STATEMENT(
    delivery_by_key, "SELECT " DELIVERY_COLUMNS ", content FROM delivery WHERE organisation = $1 AND id = $2");
STATEMENT(delivery_page,
    "SELECT " DELIVERY_COLUMNS " FROM delivery WHERE organisation = $1 AND id < $2 "
    "AND (CAST($3 AS TEXT) IS NULL OR state = $3) AND (CAST($4 AS TEXT) IS NULL OR review = $4) "
    "AND (CAST($5 AS TEXT) IS NULL OR employee = $5) AND (CAST($6 AS TEXT) IS NULL OR kind = $6) "
    "AND (CAST($7 AS TEXT) IS NULL OR channel = $7) ORDER BY id DESC LIMIT $8");
STATEMENT(delivery_next_of_all,
    "SELECT key, next_at FROM (SELECT o.key, (SELECT MIN(d.next_at) FROM delivery d "
    "WHERE d.organisation = o.key AND d.next_at IS NOT NULL AND d.channel = $1) AS next_at FROM organisation o "
    "WHERE o.deliveries "
    "= 'live') w "
    "WHERE next_at IS NOT NULL ORDER BY next_at, key");
STATEMENT(delivery_mailed, "SELECT 1 FROM delivery WHERE organisation = $1 AND uid = $2 AND recipient = $3 "
                           "AND sequence >= $4 AND channel = 'mail' AND state <> 'dropped' LIMIT 1");
STATEMENT(delivery_leaving, "SELECT 1 FROM delivery WHERE organisation = $1 AND uid = $2 AND recipient = $3 "
                            "AND sequence >= $4 AND state = 'leased' LIMIT 1");
STATEMENT(delivery_mailed_last,
    "SELECT 1 FROM delivery d WHERE d.organisation = $1 AND d.uid = $2 AND d.recipient = $3 "
    "AND d.sequence < $4 AND d.channel = 'mail' AND d.state <> 'dropped' "
    "AND NOT EXISTS (SELECT 1 FROM delivery c WHERE c.organisation = $1 AND c.uid = $2 AND c.channel = "
    "'caldav' "
    "AND c.state <> 'dropped' AND c.sequence < $4 AND c.sequence > d.sequence) LIMIT 1");
STATEMENT(delivery_about, "SELECT COUNT(*) FROM delivery WHERE organisation = $1 AND review = $2 AND kind = $3 "
                          "AND subject = $4");
STATEMENT(delivery_count_all, "SELECT state, COUNT(*) FROM delivery GROUP BY state");
STATEMENT(delivery_count_of, "SELECT state, COUNT(*) FROM delivery WHERE organisation = $1 GROUP BY state");

enum status delivery_get(
    const struct snapshot *snapshot, const char *id, struct delivery_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "dlv", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &delivery_by_key, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found) {
        delivery_fill(rows, snapshot->arena, ret);
        ret->content = db_get_bytes(rows, DELIVERY_COLUMN_COUNT, snapshot->arena);
    }
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "delivery", id, err);
}

static enum status delivery_any(const struct snapshot *snapshot, const struct statement *statement,
    const char *organisation, const char *uid, const char *recipient, int64_t sequence, bool *ret,
    struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, statement,
        DB_VALUES(db_text(organisation), db_text(uid), db_text(recipient), db_int(sequence)));
    *ret = db_next(rows);
    while (db_next(rows))
        ;
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status delivery_goes_by_mail(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, int64_t below, bool *ret, struct error *err)
{
    return delivery_any(snapshot, &delivery_mailed_last, organisation, uid, recipient, below, ret, err);
}

enum status delivery_was_mailed(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, int64_t since, bool *ret, struct error *err)
{
    return delivery_any(snapshot, &delivery_mailed, organisation, uid, recipient, since, ret, err);
}

enum status delivery_is_leaving(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, int64_t since, bool *ret, struct error *err)
{
    return delivery_any(snapshot, &delivery_leaving, organisation, uid, recipient, since, ret, err);
}

enum status delivery_list(const struct snapshot *snapshot, const char *organisation,
    const struct delivery_filter *filter, const struct page *page, struct delivery_list *ret, struct error *err)
{
    const char *before;
    enum status status = cursor_read(snapshot->arena, page, CURSOR_LAST, &before, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct delivery_row);
    unsigned limit = page_limit(page);
    const char *state = filter->state < 0 ? NULL : delivery_state_names[filter->state];
    struct db_rows *rows = db_query(snapshot->db, &delivery_page,
        DB_VALUES(db_text(organisation), db_text(before), db_text(state), db_text(filter->review),
            db_text(filter->employee), db_text(filter->kind), db_text(filter->channel), db_int(limit + 1)));
    while (db_next(rows))
        delivery_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct delivery_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct delivery_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status delivery_exists(const struct snapshot *snapshot, const char *review, const char *kind,
    const char *subject, bool *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, review, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &delivery_about,
        DB_VALUES(db_text(organisation), db_text(review), db_text(kind), db_text(subject)));
    *ret = db_next(rows) && db_get_int(rows, 0) > 0;
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status delivery_due(
    const struct snapshot *snapshot, const char *channel, struct delivery_due_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct delivery_due);
    struct db_rows *rows = db_query(snapshot->db, &delivery_next_of_all, DB_VALUES(db_text(channel)));
    while (db_next(rows))
        *(struct delivery_due *)row_push(&array) = (struct delivery_due){
            .organisation = db_get_text(rows, 0, snapshot->arena), .next_at = db_get_instant(rows, 1)};
    db_done(rows);
    *ret = (struct delivery_due_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status delivery_counts(const struct snapshot *snapshot, const char *organisation,
    int64_t ret[DELIVERY_STATE_DROPPED + 1], struct error *err)
{
    memset(ret, 0, sizeof(int64_t) * (DELIVERY_STATE_DROPPED + 1));
    const struct db_value value = db_text(organisation);
    struct db_rows *rows = db_query(
        snapshot->db, organisation ? &delivery_count_of : &delivery_count_all, &value, organisation ? 1 : 0);
    while (db_next(rows))
        ret[row_name_index(delivery_state_names, db_get_text(rows, 0, snapshot->arena))] = db_get_int(rows, 1);
    db_done(rows);
    return db_status(snapshot->db, err);
}
