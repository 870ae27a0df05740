/*
 * The people invited to a review, with their answers.
 */
#include "internal.h"
#include "store/review.h"

STATEMENT(attendee_of_review,
    "SELECT email, name, employee, role, partstat, delegated, countered, since, sent, refreshed_at, "
    "answer_method, answer_partstat, answer_sequence, answer_dtstamp, answer_start, answer_end "
    "FROM attendee WHERE organisation = $1 AND review = $2 ORDER BY role, email");
STATEMENT(attendee_clear, "DELETE FROM attendee WHERE organisation = $1 AND review = $2");
STATEMENT(attendee_insert,
    "INSERT INTO attendee (organisation, review, email, name, employee, role, partstat, delegated, "
    "countered, since, sent, refreshed_at, answer_method, answer_partstat, answer_sequence, answer_dtstamp, "
    "answer_start, answer_end) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)");
STATEMENT(attendee_note_sent, "UPDATE attendee SET sent = $4 WHERE organisation = $1 AND review = $2 "
                              "AND email = $3 AND sent < $4");

static void attendee_fill(const struct db_rows *rows, struct arena *arena, struct attendee_row *row)
{
    *row = (struct attendee_row){.email = db_get_text(rows, 0, arena),
        .name = db_get_text(rows, 1, arena),
        .employee = db_get_text(rows, 2, arena),
        .role = db_get_text(rows, 3, arena),
        .partstat = db_get_text(rows, 4, arena),
        .delegated = db_get_int(rows, 5) != 0,
        .countered = db_get_int(rows, 6) != 0,
        .since = db_get_int(rows, 7),
        .sent = db_get_int(rows, 8),
        .refreshed_at = db_get_instant(rows, 9),
        .answer_method = db_get_text(rows, 10, arena),
        .answer_partstat = db_get_text(rows, 11, arena),
        .answer_sequence = db_get_int(rows, 12),
        .answer_dtstamp = db_get_instant(rows, 13),
        .answer_start = db_get_instant(rows, 14),
        .answer_end = db_get_instant(rows, 15)};
}

enum status attendee_list(
    const struct snapshot *snapshot, const char *review, struct attendee_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, review, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct attendee_row);
    struct db_rows *rows =
        db_query(snapshot->db, &attendee_of_review, DB_VALUES(db_text(organisation), db_text(review)));
    while (db_next(rows))
        attendee_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct attendee_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status attendee_replace(
    struct txn *txn, const char *review, const struct attendee_row *rows, size_t count, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, review, "rev", err);
    if (status != ST_OK)
        return status;
    db_exec(db, &attendee_clear, DB_VALUES(db_text(txn->organisation), db_text(review)));
    for (size_t i = 0; i < count; i++)
        db_exec(db, &attendee_insert,
            DB_VALUES(db_text(txn->organisation), db_text(review), db_text(rows[i].email),
                db_text(rows[i].name), db_text(rows[i].employee), db_text(rows[i].role),
                db_text(rows[i].partstat), db_bool(rows[i].delegated), db_bool(rows[i].countered),
                db_int(rows[i].since), db_int(rows[i].sent), db_instant(rows[i].refreshed_at),
                db_text(rows[i].answer_method), db_text(rows[i].answer_partstat),
                db_int(rows[i].answer_sequence), db_instant(rows[i].answer_dtstamp),
                db_instant(rows[i].answer_start), db_instant(rows[i].answer_end)));
    return db_status(db, err);
}

enum status attendee_mark_sent(
    struct txn *txn, const char *review, const char *email, int64_t sequence, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, review, "rev", err);
    if (status != ST_OK)
        return status;
    db_exec(db, &attendee_note_sent,
        DB_VALUES(db_text(txn->organisation), db_text(review), db_text(email), db_int(sequence)));
    return db_status(db, err);
}
