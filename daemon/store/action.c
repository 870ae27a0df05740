/*
 * Actions of the plan: rows, lists, and sums of a year.
 */
#include "internal.h"
#include "store/plan.h"

#define ACTION_COLUMNS                                                                                         \
    "a.id, a.year, a.employee, a.need, a.review, a.state, a.nature, a.mandatory, a.source, a.course, "         \
    "a.starts_on, a.ends_on, a.valid_until, a.minutes_planned, a.minutes_done, a.cost, a.granted, "            \
    "a.received, a.body, a.version, a.created_at, a.updated_at"

enum { ACTION_COURSE_MAX = 100 };

STATEMENT(action_insert,
    "INSERT INTO action (organisation, id, employee, created_at, updated_at, year, need, review, state, "
    "nature, mandatory, source, course, starts_on, ends_on, valid_until, minutes_planned, minutes_done, cost, "
    "granted, received, body, version) "
    "VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "$21, 1) RETURNING version");
STATEMENT(action_write,
    "UPDATE action SET updated_at = $3, year = $4, need = $5, review = $6, state = $7, nature = $8, "
    "mandatory = $9, source = $10, course = $11, starts_on = $12, ends_on = $13, valid_until = $14, "
    "minutes_planned = $15, minutes_done = $16, cost = $17, granted = $18, received = $19, body = $20, "
    "version = version + 1 "
    "WHERE organisation = $1 AND id = $2 AND (CAST($21 AS BIGINT) = 0 OR version = $21) RETURNING version");
STATEMENT(action_version, "SELECT version FROM action WHERE organisation = $1 AND id = $2");
STATEMENT(action_by_id, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.organisation = $1 AND a.id = $2");
STATEMENT(action_page, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.organisation = $1 AND a.id > $2 "
                       "AND (CAST($3 AS BIGINT) = 0 OR a.year = $3) "
                       "AND (CAST($4 AS TEXT) IS NULL OR a.employee = $4) "
                       "AND (CAST($5 AS TEXT) IS NULL OR a.need = $5) "
                       "AND (CAST($6 AS TEXT) IS NULL OR a.review = $6) "
                       "AND (CAST($7 AS TEXT) IS NULL OR a.state = $7) "
                       "AND (CAST($8 AS TEXT) IS NULL OR a.nature = $8) "
                       "AND (CAST($9 AS TEXT) IS NULL OR a.course = $9) "
                       "AND (CAST($10 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM employee e "
                       "WHERE e.organisation = $1 AND e.id = a.employee AND e.manager = $10)) "
                       "ORDER BY a.id LIMIT $11");
STATEMENT(action_with_course,
    "SELECT " ACTION_COLUMNS " FROM action a WHERE a.organisation = $1 AND a.employee = $2 "
    "AND a.course = $3 AND (a.source = $4 OR a.source IS NULL) ORDER BY a.id LIMIT $5");
STATEMENT(action_sum_year,
    "SELECT state, nature, mandatory, COUNT(*), COUNT(DISTINCT employee), CAST(SUM(minutes_planned) AS "
    "BIGINT), "
    "CAST(SUM(minutes_done) AS BIGINT), CAST(SUM(cost) AS BIGINT), CAST(SUM(granted) AS BIGINT), "
    "CAST(SUM(received) AS BIGINT) FROM action "
    "WHERE organisation = $1 AND year = $2 GROUP BY state, nature, mandatory ORDER BY state, nature, "
    "mandatory");
STATEMENT(
    action_people_year, "SELECT COUNT(DISTINCT employee) FROM action WHERE organisation = $1 AND year = $2");

static void action_fill(const struct db_rows *rows, struct arena *arena, struct action_row *row)
{
    *row = (struct action_row){.id = db_get_text(rows, 0, arena),
        .year = db_get_int(rows, 1),
        .employee = db_get_text(rows, 2, arena),
        .need = db_get_text(rows, 3, arena),
        .review = db_get_text(rows, 4, arena),
        .state = db_get_text(rows, 5, arena),
        .nature = db_get_text(rows, 6, arena),
        .mandatory = db_get_text(rows, 7, arena),
        .source = db_get_text(rows, 8, arena),
        .course = db_get_text(rows, 9, arena),
        .starts_on = db_get_date(rows, 10),
        .ends_on = db_get_date(rows, 11),
        .valid_until = db_get_date(rows, 12),
        .minutes_planned = db_get_int(rows, 13),
        .minutes_done = db_get_int(rows, 14),
        .cost = db_get_int(rows, 15),
        .granted = db_get_int(rows, 16),
        .received = db_get_int(rows, 17),
        .body = db_get_text(rows, 18, arena),
        .version = db_get_int(rows, 19),
        .created_at = db_get_instant(rows, 20),
        .updated_at = db_get_instant(rows, 21)};
}

enum status action_add(struct txn *txn, struct action_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct action_row made = *row;
    made.id = row_id(txn, row->id, "act");
    enum status status = row_own(txn, made.id, "act", err);
    if (status != ST_OK)
        return status;
    row_write(db, &action_insert,
        DB_VALUES(db_text(txn->organisation), db_text(made.id), db_text(made.employee),
            db_instant(txn->snapshot.now), db_int(made.year), db_text(made.need), db_text(made.review),
            db_text(made.state), db_text(made.nature), db_text(made.mandatory), db_text(made.source),
            db_text(made.course), db_date(made.starts_on), db_date(made.ends_on), db_date(made.valid_until),
            db_int(made.minutes_planned), db_int(made.minutes_done), db_int(made.cost), db_int(made.granted),
            db_int(made.received), db_text(made.body)));
    if (row_taken(db)) {
        error_set(err, ST_CONFLICT, "there is no employee %s", made.employee);
        error_field(err, "/employee", "is no employee of the organisation");
        return ST_CONFLICT;
    }
    made.version = 1;
    made.created_at = made.updated_at = txn->snapshot.now;
    *row = made;
    return db_status(db, err);
}

enum status action_update(struct txn *txn, struct action_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "act", err);
    if (status != ST_OK)
        return status;
    training_keep_action(txn, row);
    int64_t version = row_write(txn->snapshot.db, &action_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_instant(txn->snapshot.now),
            db_int(row->year), db_text(row->need), db_text(row->review), db_text(row->state),
            db_text(row->nature), db_text(row->mandatory), db_text(row->source), db_text(row->course),
            db_date(row->starts_on), db_date(row->ends_on), db_date(row->valid_until),
            db_int(row->minutes_planned), db_int(row->minutes_done), db_int(row->cost), db_int(row->granted),
            db_int(row->received), db_text(row->body), db_int(expected)));
    status = row_changed(txn, version, &action_version, "action", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status action_get(
    const struct snapshot *snapshot, const char *id, struct action_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "act", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &action_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        action_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "action", id, err);
}

enum status action_list(const struct snapshot *snapshot, const char *organisation,
    const struct action_filter *filter, const struct page *page, struct action_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct action_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &action_page,
        DB_VALUES(db_text(organisation), db_text(after), db_int(filter->year), db_text(filter->employee),
            db_text(filter->need), db_text(filter->review), db_text(filter->state), db_text(filter->nature),
            db_text(filter->course), db_text(filter->manager), db_int(limit + 1)));
    while (db_next(rows))
        action_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct action_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct action_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status action_of_course(const struct snapshot *snapshot, const char *employee, const char *source,
    const char *course, struct action_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct action_row);
    struct db_rows *rows = db_query(snapshot->db, &action_with_course,
        DB_VALUES(db_text(organisation), db_text(employee), db_text(course), db_text(source),
            db_int(ACTION_COURSE_MAX)));
    while (db_next(rows))
        action_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct action_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status action_sums(const struct snapshot *snapshot, const char *organisation, int64_t year,
    struct action_sums *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct action_sum);
    struct db_rows *rows =
        db_query(snapshot->db, &action_sum_year, DB_VALUES(db_text(organisation), db_int(year)));
    while (db_next(rows)) {
        struct action_sum *sum = row_push(&array);
        *sum = (struct action_sum){.state = db_get_text(rows, 0, snapshot->arena),
            .nature = db_get_text(rows, 1, snapshot->arena),
            .mandatory = db_get_text(rows, 2, snapshot->arena),
            .actions = db_get_int(rows, 3),
            .employees = db_get_int(rows, 4),
            .minutes_planned = db_get_int(rows, 5),
            .minutes_done = db_get_int(rows, 6),
            .cost = db_get_int(rows, 7),
            .granted = db_get_int(rows, 8),
            .received = db_get_int(rows, 9)};
    }
    db_done(rows);
    *ret = (struct action_sums){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status action_people(
    const struct snapshot *snapshot, const char *organisation, int64_t year, int64_t *ret, struct error *err)
{
    struct db_rows *rows =
        db_query(snapshot->db, &action_people_year, DB_VALUES(db_text(organisation), db_int(year)));
    int64_t people = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    enum status status = db_status(snapshot->db, err);
    if (status == ST_OK)
        *ret = people;
    return status;
}
