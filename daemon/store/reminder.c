/*
 * Reminders that went out, and the employees to look at again.
 */
#include "store/reminder.h"

#include "internal.h"

#include <string.h>

/* Before any day there is: at once. */
#define REMINDER_AT_ONCE "1900-01-01"
#define REMINDER_COLUMNS "subject, rung, due_on, state, not_before, recorded_at"

STATEMENT(reminder_write,
    "INSERT INTO reminder (organisation, subject, rung, due_on, state, not_before, recorded_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, subject, rung, due_on) "
    "DO UPDATE SET state = excluded.state, not_before = excluded.not_before");
STATEMENT(reminder_drop, "DELETE FROM reminder WHERE organisation = $1 AND subject = $2 AND due_on >= $3 "
                         "AND state <> 'mark'");
STATEMENT(reminder_of_subject, "SELECT " REMINDER_COLUMNS " FROM reminder "
                               "WHERE organisation = $1 AND subject = $2 ORDER BY due_on, rung");
STATEMENT(reminder_waits,
    "SELECT " REMINDER_COLUMNS " FROM reminder WHERE organisation = $1 AND state = 'waiting' "
    "AND not_before <= $2 ORDER BY subject, due_on, rung LIMIT $3");
STATEMENT(reminder_note_look,
    "UPDATE employee SET remind_on = $3 WHERE organisation = $1 AND id = $2 RETURNING version");
STATEMENT(reminder_to_look, "SELECT id FROM employee WHERE organisation = $1 AND remind_on <= $2 "
                            "ORDER BY remind_on, id LIMIT $3");
STATEMENT(reminder_watch_all,
    "SELECT o.key, o.zone, (SELECT MIN(e.remind_on) FROM employee e WHERE e.organisation = o.key "
    "AND e.remind_on IS NOT NULL), (SELECT MIN(r.not_before) FROM reminder r WHERE r.organisation = o.key "
    "AND r.state = 'waiting'), o.deliveries FROM organisation o WHERE o.deliveries <> 'off' ORDER BY o.key");

STATEMENT(digest_read_due, "SELECT next_at FROM job WHERE organisation = $1 AND name = 'digest'");
STATEMENT(digest_write_due,
    "INSERT INTO job (organisation, name, state, next_at, last_run) VALUES ($1, 'digest', 'waiting', $2, $3) "
    "ON CONFLICT (organisation, name) DO UPDATE SET next_at = excluded.next_at, last_run = excluded.last_run");
STATEMENT(digest_watch_all,
    "SELECT o.key, (SELECT j.next_at FROM job j WHERE j.organisation = o.key AND j.name = 'digest') "
    "FROM organisation o WHERE o.deliveries <> 'off' ORDER BY o.key");

static enum status reminder_read(
    const struct snapshot *snapshot, struct db_rows *rows, struct reminder_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct reminder_row);
    while (db_next(rows))
        *(struct reminder_row *)row_push(&array) =
            (struct reminder_row){.subject = db_get_text(rows, 0, snapshot->arena),
                .rung = db_get_text(rows, 1, snapshot->arena),
                .on = db_get_date(rows, 2),
                .state = db_get_text(rows, 3, snapshot->arena),
                .not_before = db_get_instant(rows, 4),
                .recorded_at = db_get_instant(rows, 5)};
    db_done(rows);
    *ret = (struct reminder_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status reminder_put(struct txn *txn, const struct reminder_row *row, struct error *err)
{
    db_exec(txn->snapshot.db, &reminder_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->subject), db_text(row->rung), db_date(row->on),
            db_text(row->state), db_instant(row->not_before), db_instant(txn->snapshot.now)));
    return db_status(txn->snapshot.db, err);
}

enum status reminder_forget(struct txn *txn, const char *subject, date_t on, struct error *err)
{
    db_exec(
        txn->snapshot.db, &reminder_drop, DB_VALUES(db_text(txn->organisation), db_text(subject), db_date(on)));
    return db_status(txn->snapshot.db, err);
}

enum status reminder_of(
    const struct snapshot *snapshot, const char *subject, struct reminder_list *ret, struct error *err)
{
    char organisation[ORG_KEY_MAX];
    if (!id_parse(subject, NULL, organisation))
        return row_missing(snapshot->db, "subject", subject, err);
    struct db_rows *rows =
        db_query(snapshot->db, &reminder_of_subject, DB_VALUES(db_text(organisation), db_text(subject)));
    return reminder_read(snapshot, rows, ret, err);
}

enum status reminder_waiting(const struct snapshot *snapshot, const char *organisation, unsigned limit,
    struct reminder_list *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &reminder_waits,
        DB_VALUES(db_text(organisation), db_instant(snapshot->now), db_int(limit)));
    return reminder_read(snapshot, rows, ret, err);
}

static enum status reminder_note(struct txn *txn, const char *employee, struct db_value day, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    int64_t version =
        row_write(db, &reminder_note_look, DB_VALUES(db_text(txn->organisation), db_text(employee), day));
    return version > 0 ? ST_OK : row_missing(db, "employee", employee, err);
}

enum status reminder_look_on(struct txn *txn, const char *employee, date_t day, struct error *err)
{
    return reminder_note(txn, employee, db_date(day), err);
}

enum status reminder_look_now(struct txn *txn, const char *employee, struct error *err)
{
    return reminder_note(txn, employee, db_text(REMINDER_AT_ONCE), err);
}

enum status reminder_due(const struct snapshot *snapshot, const char *organisation, date_t day, unsigned limit,
    struct employee_ids *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows = db_query(
        snapshot->db, &reminder_to_look, DB_VALUES(db_text(organisation), db_date(day), db_int(limit)));
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct employee_ids){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status reminder_watches(
    const struct snapshot *snapshot, struct reminder_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct reminder_watch);
    struct db_rows *rows = db_query(snapshot->db, &reminder_watch_all, DB_NO_VALUES);
    while (db_next(rows)) {
        bool live = !strcmp(db_get_text(rows, 4, snapshot->arena), "live");
        *(struct reminder_watch *)row_push(&array) =
            (struct reminder_watch){.organisation = db_get_text(rows, 0, snapshot->arena),
                .zone = db_get_text(rows, 1, snapshot->arena),
                .next = db_get_date(rows, 2),
                .lines_at = live ? db_get_instant(rows, 3) : INSTANT_NONE};
    }
    db_done(rows);
    *ret = (struct reminder_watch_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* ---- the weekly digest */

enum status digest_due(
    const struct snapshot *snapshot, const char *organisation, instant_t *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &digest_read_due, DB_VALUES(db_text(organisation)));
    *ret = db_next(rows) ? db_get_instant(rows, 0) : INSTANT_NONE;
    db_done(rows);
    return db_status(snapshot->db, err);
}

enum status digest_set_due(struct txn *txn, instant_t due, struct error *err)
{
    db_exec(txn->snapshot.db, &digest_write_due,
        DB_VALUES(db_text(txn->organisation), db_instant(due), db_instant(txn->snapshot.now)));
    return db_status(txn->snapshot.db, err);
}

enum status digest_watches(const struct snapshot *snapshot, struct digest_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct digest_watch);
    struct db_rows *rows = db_query(snapshot->db, &digest_watch_all, DB_NO_VALUES);
    while (db_next(rows))
        *(struct digest_watch *)row_push(&array) = (struct digest_watch){
            .organisation = db_get_text(rows, 0, snapshot->arena), .due = db_get_instant(rows, 1)};
    db_done(rows);
    *ret = (struct digest_watch_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
