/*
 * Reviews: rows and lists by their day.
 */
#include "store/review.h"

#include "internal.h"

#define REVIEW_COLUMNS                                                                                         \
    "r.id, r.employee, r.type, r.recap, r.interviewer, r.day, r.starts_at, r.ends_at, r.mode, r.location, "    \
    "r.conference_url, r.state, r.held_on, r.reported_on, r.copied_on, r.uid, r.sequence, r.time_sequence, "   \
    "r.dtstamp, r.shown, r.body, r.version, r.created_at, r.updated_at"

enum { REVIEW_OF_MAX = 1000 };

STATEMENT(review_insert,
    "INSERT INTO review (organisation, id, employee, uid, created_at, updated_at, type, recap, interviewer, "
    "day, starts_at, ends_at, mode, location, conference_url, state, held_on, reported_on, copied_on, "
    "sequence, time_sequence, dtstamp, shown, body, version) "
    "VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21, $22, $23, 1) RETURNING version");
STATEMENT(review_write,
    "UPDATE review SET updated_at = $3, type = $4, recap = $5, interviewer = $6, day = $7, starts_at = $8, "
    "ends_at = $9, mode = $10, location = $11, conference_url = $12, state = $13, held_on = $14, "
    "reported_on = $15, copied_on = $16, sequence = $17, time_sequence = $18, dtstamp = $19, shown = $20, "
    "body = $21, version = version + 1 "
    "WHERE organisation = $1 AND id = $2 AND (CAST($22 AS BIGINT) = 0 OR version = $22) RETURNING version");
STATEMENT(review_version, "SELECT version FROM review WHERE organisation = $1 AND id = $2");
STATEMENT(review_by_id, "SELECT " REVIEW_COLUMNS " FROM review r WHERE r.organisation = $1 AND r.id = $2");
STATEMENT(review_with_uid, "SELECT " REVIEW_COLUMNS " FROM review r WHERE r.uid = $1");
STATEMENT(review_page,
    "SELECT " REVIEW_COLUMNS " FROM review r WHERE r.organisation = $1 AND (r.day, r.id) > ($2, $3) "
    "AND (CAST($4 AS TEXT) IS NULL OR r.employee = $4) "
    "AND (CAST($5 AS TEXT) IS NULL OR r.interviewer = $5) "
    "AND (CAST($6 AS TEXT) IS NULL OR r.state = $6) "
    "AND (CAST($7 AS TEXT) IS NULL OR r.type = $7) "
    "AND (CAST($8 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM employee e "
    "WHERE e.organisation = $1 AND e.id = r.employee AND e.manager = $8)) "
    "AND (CAST($9 AS TEXT) IS NULL OR r.day >= $9) "
    "AND (CAST($10 AS TEXT) IS NULL OR (r.day <= $10 AND r.day <> '')) "
    "ORDER BY r.day, r.id LIMIT $11");
STATEMENT(review_of_employee,
    "SELECT " REVIEW_COLUMNS " FROM review r WHERE r.organisation = $1 AND r.employee = $2 "
    "ORDER BY r.id LIMIT $3");
#define REVIEW_TIMES(who)                                                                                      \
    "SELECT id, employee, interviewer, starts_at, ends_at FROM review WHERE organisation = $1 AND " who        \
    " = $2 AND day >= $3 AND day <= $4 AND starts_at IS NOT NULL AND ends_at IS NOT NULL AND state IN "        \
    "('draft', 'proposed', 'invited', 'accepted', 'tentative', 'declined', 'countered')"
STATEMENT(
    review_times_of, REVIEW_TIMES("employee") " UNION " REVIEW_TIMES("interviewer") " ORDER BY starts_at, id");
STATEMENT(review_employee_known, "SELECT 1 FROM employee WHERE organisation = $1 AND id = $2");

/* The day as it is ordered: '' for none, before all others. */
static struct db_value review_day(const struct snapshot *snapshot, date_t day)
{
    char text[DATE_TEXT_MAX];
    return db_text(arena_strdup(snapshot->arena, date_text(day, text)));
}

static date_t review_read_day(const struct db_rows *rows, unsigned column, struct arena *arena)
{
    date_t day;
    return date_parse(db_get_text(rows, column, arena), &day) ? day : DATE_NONE;
}

static void review_fill(const struct db_rows *rows, struct arena *arena, struct review_row *row)
{
    *row = (struct review_row){.id = db_get_text(rows, 0, arena),
        .employee = db_get_text(rows, 1, arena),
        .type = db_get_text(rows, 2, arena),
        .recap = db_get_int(rows, 3) != 0,
        .interviewer = db_get_text(rows, 4, arena),
        .day = review_read_day(rows, 5, arena),
        .starts_at = db_get_instant(rows, 6),
        .ends_at = db_get_instant(rows, 7),
        .mode = db_get_text(rows, 8, arena),
        .location = db_get_text(rows, 9, arena),
        .conference_url = db_get_text(rows, 10, arena),
        .state = db_get_text(rows, 11, arena),
        .held_on = db_get_date(rows, 12),
        .reported_on = db_get_date(rows, 13),
        .copied_on = db_get_date(rows, 14),
        .uid = db_get_text(rows, 15, arena),
        .sequence = db_get_int(rows, 16),
        .time_sequence = db_get_int(rows, 17),
        .dtstamp = db_get_instant(rows, 18),
        .shown = db_get_int(rows, 19) != 0,
        .body = db_get_text(rows, 20, arena),
        .version = db_get_int(rows, 21),
        .created_at = db_get_instant(rows, 22),
        .updated_at = db_get_instant(rows, 23)};
}

static enum status review_check_employee(struct txn *txn, const char *employee, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    if (row_read_int(db, &review_employee_known, txn->organisation, employee) > 0 || db_class(db) != DB_OK)
        return db_status(db, err);
    error_set(err, ST_CONFLICT, "there is no employee %s", employee);
    error_field(err, "/employee", "is no employee of the organisation");
    return ST_CONFLICT;
}

enum status review_add(struct txn *txn, struct review_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct review_row made = *row;
    made.id = row_id(txn, row->id, "rev");
    enum status status = row_own(txn, made.id, "rev", err);
    if (status == ST_OK)
        status = review_check_employee(txn, made.employee, err);
    if (status != ST_OK)
        return status;
    row_write(db, &review_insert,
        DB_VALUES(db_text(txn->organisation), db_text(made.id), db_text(made.employee), db_text(made.uid),
            db_instant(txn->snapshot.now), db_text(made.type), db_bool(made.recap), db_text(made.interviewer),
            review_day(&txn->snapshot, made.day), db_instant(made.starts_at), db_instant(made.ends_at),
            db_text(made.mode), db_text(made.location), db_text(made.conference_url), db_text(made.state),
            db_date(made.held_on), db_date(made.reported_on), db_date(made.copied_on), db_int(made.sequence),
            db_int(made.time_sequence), db_instant(made.dtstamp), db_bool(made.shown), db_text(made.body)));
    if (row_taken(db))
        return error_set(err, ST_CONFLICT, "there is a review %s already", made.id);
    made.version = 1;
    made.created_at = made.updated_at = txn->snapshot.now;
    *row = made;
    return db_status(db, err);
}

enum status review_update(struct txn *txn, struct review_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "rev", err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(txn->snapshot.db, &review_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_instant(txn->snapshot.now),
            db_text(row->type), db_bool(row->recap), db_text(row->interviewer),
            review_day(&txn->snapshot, row->day), db_instant(row->starts_at), db_instant(row->ends_at),
            db_text(row->mode), db_text(row->location), db_text(row->conference_url), db_text(row->state),
            db_date(row->held_on), db_date(row->reported_on), db_date(row->copied_on), db_int(row->sequence),
            db_int(row->time_sequence), db_instant(row->dtstamp), db_bool(row->shown), db_text(row->body),
            db_int(expected)));
    status = row_changed(txn, version, &review_version, "review", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status review_get(
    const struct snapshot *snapshot, const char *id, struct review_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "rev", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &review_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        review_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "review", id, err);
}

enum status review_by_uid(
    const struct snapshot *snapshot, const char *uid, struct review_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &review_with_uid, DB_VALUES(db_text(uid)));
    bool found = db_next(rows);
    if (found)
        review_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "review with the UID", uid, err);
}

enum status review_list(const struct snapshot *snapshot, const char *organisation,
    const struct review_filter *filter, const struct page *page, struct review_list *ret, struct error *err)
{
    const char *after[2];
    enum status status = cursor_read(snapshot->arena, page, "", after, 2, err);
    if (status != ST_OK)
        return status;
    struct arena *arena = snapshot->arena;
    struct row_array array = ROW_ARRAY(arena, struct review_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &review_page,
        DB_VALUES(db_text(organisation), db_text(after[0]), db_text(after[1]), db_text(filter->employee),
            db_text(filter->interviewer), db_text(filter->state), db_text(filter->type),
            db_text(filter->manager), db_date(filter->from), db_date(filter->to), db_int(limit + 1)));
    while (db_next(rows))
        review_fill(rows, arena, row_push(&array));
    db_done(rows);
    struct review_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct review_list){.items = items, .count = array.count};
    if (more) {
        char day[DATE_TEXT_MAX];
        const char *last[] = {date_text(items[limit - 1].day, day), items[limit - 1].id};
        ret->next = cursor_make(arena, last, 2);
    }
    return db_status(snapshot->db, err);
}

enum status review_of(
    const struct snapshot *snapshot, const char *employee, struct review_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct review_row);
    struct db_rows *rows = db_query(snapshot->db, &review_of_employee,
        DB_VALUES(db_text(organisation), db_text(employee), db_int(REVIEW_OF_MAX)));
    while (db_next(rows))
        review_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct review_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status review_times(const struct snapshot *snapshot, const char *person, date_t from, date_t to,
    struct review_time_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, person, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct arena *arena = snapshot->arena;
    struct row_array array = ROW_ARRAY(arena, struct review_time);
    struct db_rows *rows = db_query(snapshot->db, &review_times_of,
        DB_VALUES(db_text(organisation), db_text(person), db_date(from), db_date(to)));
    while (db_next(rows)) {
        struct review_time *time = row_push(&array);
        *time = (struct review_time){.id = db_get_text(rows, 0, arena),
            .employee = db_get_text(rows, 1, arena),
            .interviewer = db_get_text(rows, 2, arena),
            .starts_at = db_get_instant(rows, 3),
            .ends_at = db_get_instant(rows, 4)};
    }
    db_done(rows);
    *ret = (struct review_time_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
