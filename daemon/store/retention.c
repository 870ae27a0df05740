/*
 * Emptying what has outlived its term. Records are gone through by id, which begins with the time: what was
 * emptied is before the cursor kept with the job. On a lane's thread.
 */
#include "store/retention.h"

#include "internal.h"
#include "store/upkeep.h"

/* What is sent or will never be. */
#define RETENTION_OLD_MAIL                                                                                     \
    "organisation = $1 AND content IS NOT NULL AND created_at < $2 "                                           \
    "AND state IN ('sent', 'dead', 'superseded', 'dropped') "
/* What belongs to no review is kept as long as mails, $3, are; each by an index of its own. */
#define RETENTION_OLD_REPLY(all)                                                                               \
    "SELECT id FROM reply WHERE organisation = $1 AND LENGTH(raw) > 0 AND received_at < $2 UNION " all         \
    "SELECT id FROM reply WHERE organisation = $1 AND LENGTH(raw) > 0 AND review IS NULL AND received_at < "   \
    "$3 "
#define RETENTION_OLD_STATEMENT                                                                                \
    "organisation = $1 AND source IN (SELECT id FROM source WHERE organisation = $1) AND stored < $2 "

STATEMENT(retention_count_mails, "SELECT COUNT(*) FROM delivery WHERE " RETENTION_OLD_MAIL);
STATEMENT(retention_count_replies, "SELECT COUNT(*) FROM (" RETENTION_OLD_REPLY("") ") w");
STATEMENT(retention_count_statements, "SELECT COUNT(*) FROM statement WHERE " RETENTION_OLD_STATEMENT);
STATEMENT(retention_count_records, "SELECT COUNT(*) FROM item WHERE organisation = $1 AND id > $2 AND id < $3");
STATEMENT(retention_count_people, "SELECT COUNT(*) FROM employee WHERE organisation = $1 AND exit_date <= $2");
STATEMENT(retention_people, "SELECT id, number, exit_date FROM employee WHERE organisation = $1 "
                            "AND exit_date <= $2 ORDER BY exit_date, id LIMIT $3");

STATEMENT(retention_mails,
    "UPDATE delivery SET content = NULL WHERE organisation = $1 AND id IN "
    "(SELECT id FROM delivery WHERE " RETENTION_OLD_MAIL "ORDER BY created_at LIMIT $3)");
/* Why lines of files were refused quotes what they said. Ids of imports begin with the time, too. */
STATEMENT(retention_refusals,
    "DELETE FROM import_refusal WHERE organisation = $1 AND import = "
    "(SELECT MIN(import) FROM import_refusal WHERE organisation = $1 AND import < $2)");
STATEMENT(retention_replies,
    "UPDATE reply SET raw = $5, body = '{}', email = CASE WHEN review IS NULL THEN NULL ELSE email END, "
    "sender = CASE WHEN review IS NULL THEN NULL ELSE sender END, "
    "reason = CASE WHEN review IS NULL THEN NULL ELSE reason END WHERE organisation = $1 AND id IN "
    "(" RETENTION_OLD_REPLY("ALL ") "LIMIT $4)");
STATEMENT(retention_records,
    "SELECT id, envelope FROM item WHERE organisation = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4");
STATEMENT(retention_record, "UPDATE item SET raw = $3 WHERE organisation = $1 AND id = $2");
STATEMENT(
    retention_envelope, "UPDATE envelope SET body = NULL, headers = '{}' WHERE organisation = $1 AND id = $2");
/* ---- counting */

static int64_t retention_ask(const struct snapshot *snapshot, const struct statement *statement,
    const struct db_value *values, size_t count)
{
    struct db_rows *rows = db_query(snapshot->db, statement, values, count);
    int64_t found = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    return found;
}

/* Where the records still to be emptied begin. */
static const char *retention_cursor(const struct snapshot *snapshot, const char *organisation)
{
    struct upkeep_row row;
    if (upkeep_get(snapshot, organisation, RETENTION_NAME, &row, NULL) != ST_OK || !row.cursor)
        return "";
    return row.cursor;
}

enum status retention_count(const struct snapshot *snapshot, const char *organisation,
    const struct retention_limits *limits, struct retention_counts *ret, struct error *err)
{
    struct db_value org = db_text(organisation);
    *ret = (struct retention_counts){0};
    if (limits->mail != INSTANT_NONE)
        ret->mails = retention_ask(snapshot, &retention_count_mails, DB_VALUES(org, db_instant(limits->mail)));
    ret->replies = retention_ask(
        snapshot, &retention_count_replies, DB_VALUES(org, db_instant(limits->raw), db_instant(limits->mail)));
    if (limits->raw != INSTANT_NONE) {
        struct db_value raw = db_instant(limits->raw);
        const char *end = row_id_at(snapshot->arena, "itm", organisation, limits->raw);
        ret->statements = retention_ask(snapshot, &retention_count_statements, DB_VALUES(org, raw));
        ret->records = retention_ask(snapshot, &retention_count_records,
            DB_VALUES(org, db_text(retention_cursor(snapshot, organisation)), db_text(end)));
    }
    if (limits->departed != DATE_NONE)
        ret->people =
            retention_ask(snapshot, &retention_count_people, DB_VALUES(org, db_date(limits->departed)));
    return db_status(snapshot->db, err);
}

enum status retention_departed(const struct snapshot *snapshot, const char *organisation, date_t until,
    unsigned limit, struct departed_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct departed);
    struct db_rows *rows = db_query(
        snapshot->db, &retention_people, DB_VALUES(db_text(organisation), db_date(until), db_int(limit)));
    while (db_next(rows))
        *(struct departed *)row_push(&array) = (struct departed){.id = db_get_text(rows, 0, snapshot->arena),
            .number = db_get_text(rows, 1, snapshot->arena),
            .exit_date = db_get_date(rows, 2)};
    db_done(rows);
    *ret = (struct departed_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* ---- emptying */

struct retention_record_row {
    const char *id, *envelope;
};

static int64_t retention_empty_records(struct txn *txn, instant_t before, unsigned limit)
{
    struct db_conn *db = txn->snapshot.db;
    struct arena *arena = txn->snapshot.arena;
    struct db_value org = db_text(txn->organisation);
    const char *after = retention_cursor(&txn->snapshot, txn->organisation);
    const char *end = row_id_at(arena, "itm", txn->organisation, before);
    struct row_array array = ROW_ARRAY(arena, struct retention_record_row);
    struct db_rows *rows =
        db_query(db, &retention_records, DB_VALUES(org, db_text(after), db_text(end), db_int(limit)));
    while (db_next(rows))
        *(struct retention_record_row *)row_push(&array) = (struct retention_record_row){
            .id = db_get_text(rows, 0, arena), .envelope = db_get_text(rows, 1, arena)};
    db_done(rows);
    const struct retention_record_row *items = array.items;
    for (size_t i = 0; i < array.count; i++) {
        db_exec(db, &retention_record, DB_VALUES(org, db_text(items[i].id), db_bytes("", 0)));
        db_exec(db, &retention_envelope, DB_VALUES(org, db_text(items[i].envelope)));
    }
    if (array.count > 0)
        (void)upkeep_move(txn, RETENTION_NAME, items[array.count - 1].id, NULL);
    return (int64_t)array.count;
}

enum status retention_empty(struct txn *txn, const struct retention_limits *limits, unsigned limit,
    struct retention_counts *counts, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct db_value org = db_text(txn->organisation), most = db_int(limit);
    if (limits->mail != INSTANT_NONE) {
        struct db_value mail = db_instant(limits->mail);
        counts->mails += db_exec(db, &retention_mails, DB_VALUES(org, mail, most));
        const char *end = row_id_at(txn->snapshot.arena, "imp", txn->organisation, limits->mail);
        counts->refusals += db_exec(db, &retention_refusals, DB_VALUES(org, db_text(end)));
    }
    counts->replies += db_exec(db, &retention_replies,
        DB_VALUES(org, db_instant(limits->raw), db_instant(limits->mail), most, db_bytes("", 0)));
    if (limits->raw != INSTANT_NONE)
        counts->records += retention_empty_records(txn, limits->raw, limit);
    return db_status(db, err);
}
