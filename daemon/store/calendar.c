/*
 * Calendars of others and the entries in them.
 */
#include "store/calendar.h"

#include "internal.h"

#define CALENDAR_COLUMNS                                                                                       \
    "id, kind, name, url, user_name, password, paused, collection, outbox, address, found_at, failures, "      \
    "last_error, visited_at, next_at, version, created_at, updated_at"
#define ENTRY_COLUMNS                                                                                          \
    "uid, recipient, review, calendar, href, etag, schedule_tag, sequence, starts_at, ends_at, state, "        \
    "people, looked_at"

STATEMENT(calendar_insert,
    "INSERT INTO calendar (organisation, id, kind, name, url, user_name, password, paused, failures, next_at, "
    "version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 1, $9, $9) "
    "RETURNING version");
STATEMENT(calendar_write,
    "UPDATE calendar SET name = $3, url = $4, user_name = $5, password = $6, paused = $7, collection = NULL, "
    "outbox = NULL, address = NULL, found_at = NULL, failures = 0, last_error = NULL, next_at = $8, "
    "updated_at = $8, version = version + 1 WHERE organisation = $1 AND id = $2 "
    "AND (CAST($9 AS BIGINT) = 0 OR version = $9) RETURNING version");
STATEMENT(calendar_version, "SELECT version FROM calendar WHERE organisation = $1 AND id = $2");
STATEMENT(calendar_drop, "DELETE FROM calendar WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(calendar_entries_drop,
    "DELETE FROM calendar_entry WHERE organisation = $1 AND calendar = $2 AND state = 'gone'");
STATEMENT(calendar_entries_live,
    "SELECT COUNT(*) FROM calendar_entry WHERE organisation = $1 AND calendar = $2 "
    "AND state = 'live'");
STATEMENT(calendar_by_id, "SELECT " CALENDAR_COLUMNS " FROM calendar WHERE organisation = $1 AND id = $2");
STATEMENT(calendar_of, "SELECT " CALENDAR_COLUMNS " FROM calendar WHERE organisation = $1 ORDER BY id");
STATEMENT(calendar_page_of,
    "SELECT " CALENDAR_COLUMNS " FROM calendar WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(calendar_set_found,
    "UPDATE calendar SET collection = $3, outbox = $4, address = $5, found_at = $6, failures = $7, "
    "last_error = $8, visited_at = $9, next_at = $10 WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(calendar_next,
    "SELECT key, next_at FROM (SELECT o.key, (SELECT MIN(c.next_at) FROM calendar c "
    "WHERE c.organisation = o.key AND c.paused = 0) AS next_at FROM organisation o WHERE o.key <> 'system') w "
    "WHERE next_at IS NOT NULL ORDER BY next_at, key");

STATEMENT(entry_insert,
    "INSERT INTO calendar_entry (organisation, uid, recipient, review, calendar, href, etag, schedule_tag, "
    "sequence, starts_at, ends_at, state, people, looked_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
    "ON CONFLICT (organisation, uid, recipient) DO UPDATE SET calendar = excluded.calendar, "
    "href = excluded.href, etag = excluded.etag, schedule_tag = excluded.schedule_tag, "
    "sequence = excluded.sequence, starts_at = excluded.starts_at, ends_at = excluded.ends_at, "
    "state = excluded.state, people = excluded.people, looked_at = excluded.looked_at");
STATEMENT(entry_by_uid, "SELECT " ENTRY_COLUMNS " FROM calendar_entry WHERE organisation = $1 AND uid = $2 "
                        "AND recipient = $3");
STATEMENT(entry_by_review, "SELECT " ENTRY_COLUMNS " FROM calendar_entry WHERE organisation = $1 "
                           "AND review = $2 ORDER BY uid, recipient");
STATEMENT(entry_oldest, "SELECT " ENTRY_COLUMNS " FROM calendar_entry WHERE organisation = $1 "
                        "AND calendar = $2 AND state = 'live' ORDER BY looked_at, uid LIMIT $3");

/* ---- calendars */

static void calendar_fill(const struct db_rows *rows, struct arena *arena, struct calendar_row *row)
{
    *row = (struct calendar_row){.id = db_get_text(rows, 0, arena),
        .kind = db_get_text(rows, 1, arena),
        .name = db_get_text(rows, 2, arena),
        .url = db_get_text(rows, 3, arena),
        .user = db_get_text(rows, 4, arena),
        .password = db_get_text(rows, 5, arena),
        .paused = db_get_int(rows, 6) != 0,
        .collection = db_get_text(rows, 7, arena),
        .outbox = db_get_text(rows, 8, arena),
        .address = db_get_text(rows, 9, arena),
        .found_at = db_get_instant(rows, 10),
        .failures = db_get_int(rows, 11),
        .last_error = db_get_text(rows, 12, arena),
        .visited_at = db_get_instant(rows, 13),
        .next_at = db_get_instant(rows, 14),
        .version = db_get_int(rows, 15),
        .created_at = db_get_instant(rows, 16),
        .updated_at = db_get_instant(rows, 17)};
}

enum status calendar_add(struct txn *txn, struct calendar_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "cal");
    row->version = 1;
    row->created_at = row->updated_at = row->next_at = txn->snapshot.now;
    row->found_at = row->visited_at = INSTANT_NONE;
    row_write(txn->snapshot.db, &calendar_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->kind), db_text(row->name),
            db_text(row->url), db_text(row->user), db_text(row->password), db_bool(row->paused),
            db_instant(row->created_at)));
    return db_status(txn->snapshot.db, err);
}

enum status calendar_update(struct txn *txn, struct calendar_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "cal", err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(txn->snapshot.db, &calendar_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->name), db_text(row->url),
            db_text(row->user), db_text(row->password), db_bool(row->paused), db_instant(txn->snapshot.now),
            db_int(expected)));
    return row_changed(txn, version, &calendar_version, "calendar", row->id, expected, err);
}

enum status calendar_delete(struct txn *txn, const char *id, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "cal", err);
    if (status != ST_OK)
        return status;
    if (row_read_int(db, &calendar_entries_live, txn->organisation, id) > 0)
        return error_set(err, ST_CONFLICT, "reviews are in this calendar: pause it, or cancel them first");
    db_exec(db, &calendar_entries_drop, DB_VALUES(db_text(txn->organisation), db_text(id)));
    int64_t done = row_write(db, &calendar_drop, DB_VALUES(db_text(txn->organisation), db_text(id)));
    return done > 0 ? db_status(db, err) : row_missing(db, "calendar", id, err);
}

enum status calendar_load(
    const struct snapshot *snapshot, const char *id, struct calendar_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "cal", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &calendar_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        calendar_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "calendar", id, err);
}

enum status calendar_all(
    const struct snapshot *snapshot, const char *organisation, struct calendar_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct calendar_row);
    struct db_rows *rows = db_query(snapshot->db, &calendar_of, DB_VALUES(db_text(organisation)));
    while (db_next(rows))
        calendar_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct calendar_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status calendar_page(const struct snapshot *snapshot, const char *organisation, const struct page *page,
    struct calendar_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct calendar_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(
        snapshot->db, &calendar_page_of, DB_VALUES(db_text(organisation), db_text(after), db_int(limit + 1)));
    while (db_next(rows))
        calendar_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct calendar_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct calendar_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status calendar_note(struct txn *txn, const struct calendar_row *row, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &calendar_set_found,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->collection), db_text(row->outbox),
            db_text(row->address), db_instant(row->found_at), db_int(row->failures), db_text(row->last_error),
            db_instant(row->visited_at), db_instant(row->next_at)));
    return done > 0 ? db_status(txn->snapshot.db, err)
                    : row_missing(txn->snapshot.db, "calendar", row->id, err);
}

enum status calendar_due(const struct snapshot *snapshot, struct calendar_due_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct calendar_due);
    struct db_rows *rows = db_query(snapshot->db, &calendar_next, DB_NO_VALUES);
    while (db_next(rows)) {
        struct calendar_due *due = row_push(&array);
        *due = (struct calendar_due){
            .organisation = db_get_text(rows, 0, snapshot->arena), .next_at = db_get_instant(rows, 1)};
    }
    db_done(rows);
    *ret = (struct calendar_due_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* ---- entries */

static void entry_fill(const struct db_rows *rows, struct arena *arena, struct entry_row *row)
{
    *row = (struct entry_row){.uid = db_get_text(rows, 0, arena),
        .recipient = db_get_text(rows, 1, arena),
        .review = db_get_text(rows, 2, arena),
        .calendar = db_get_text(rows, 3, arena),
        .href = db_get_text(rows, 4, arena),
        .etag = db_get_text(rows, 5, arena),
        .schedule_tag = db_get_text(rows, 6, arena),
        .sequence = db_get_int(rows, 7),
        .starts_at = db_get_instant(rows, 8),
        .ends_at = db_get_instant(rows, 9),
        .state = db_get_text(rows, 10, arena),
        .people = db_get_text(rows, 11, arena),
        .looked_at = db_get_instant(rows, 12)};
}

enum status entry_put(struct txn *txn, const struct entry_row *row, struct error *err)
{
    db_exec(txn->snapshot.db, &entry_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->uid), db_text(row->recipient), db_text(row->review),
            db_text(row->calendar), db_text(row->href), db_text(row->etag), db_text(row->schedule_tag),
            db_int(row->sequence), db_instant(row->starts_at), db_instant(row->ends_at), db_text(row->state),
            db_text(row->people), db_instant(row->looked_at)));
    return db_status(txn->snapshot.db, err);
}

enum status entry_get(const struct snapshot *snapshot, const char *organisation, const char *uid,
    const char *recipient, struct entry_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(
        snapshot->db, &entry_by_uid, DB_VALUES(db_text(organisation), db_text(uid), db_text(recipient)));
    bool found = db_next(rows);
    if (found)
        entry_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "calendar entry", uid, err);
}

static enum status entry_rows(
    const struct snapshot *snapshot, struct db_rows *rows, struct entry_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct entry_row);
    while (db_next(rows))
        entry_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct entry_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status entry_of_review(
    const struct snapshot *snapshot, const char *review, struct entry_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, review, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    return entry_rows(snapshot,
        db_query(snapshot->db, &entry_by_review, DB_VALUES(db_text(organisation), db_text(review))), ret, err);
}

enum status entry_to_look_at(const struct snapshot *snapshot, const char *calendar, unsigned limit,
    struct entry_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, calendar, "cal", err);
    if (!organisation)
        return ST_NOT_FOUND;
    return entry_rows(snapshot,
        db_query(
            snapshot->db, &entry_oldest, DB_VALUES(db_text(organisation), db_text(calendar), db_int(limit))),
        ret, err);
}
