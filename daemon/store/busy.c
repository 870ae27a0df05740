/*
 * Busy times as calendars told them, with their age.
 */
#include "store/calendar.h"

#include "internal.h"

STATEMENT(busy_view_put,
    "INSERT INTO busy_view (organisation, employee, from_at, to_at, as_of, tried_at, last_error) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, employee) DO UPDATE SET "
    "from_at = COALESCE(excluded.from_at, busy_view.from_at), to_at = COALESCE(excluded.to_at, "
    "busy_view.to_at), "
    "as_of = COALESCE(excluded.as_of, busy_view.as_of), tried_at = excluded.tried_at, "
    "last_error = excluded.last_error");
STATEMENT(busy_view_get, "SELECT employee, from_at, to_at, as_of, tried_at, last_error FROM busy_view "
                         "WHERE organisation = $1 AND employee = $2");
STATEMENT(busy_time_clear, "DELETE FROM busy_time WHERE organisation = $1 AND employee = $2");
STATEMENT(busy_time_add, "INSERT INTO busy_time (organisation, employee, starts_at, ends_at) "
                         "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
STATEMENT(busy_time_of, "SELECT starts_at, ends_at FROM busy_time WHERE organisation = $1 AND employee = $2 "
                        "AND starts_at < $4 AND ends_at > $3 ORDER BY starts_at, ends_at");
#define BUSY_REVIEWS(who)                                                                                      \
    "SELECT r." who " FROM review r WHERE r.organisation = $1 AND r.state IN ('draft', 'proposed', "           \
    "'invited', 'accepted', 'tentative', 'declined', 'countered') AND r." who " IS NOT NULL "                  \
    "AND (r.starts_at IS NULL OR r.ends_at > $5)"
#define BUSY_PLACEMENTS(who)                                                                                   \
    "SELECT p." who " FROM placement p, campaign c WHERE c.organisation = $1 "                                 \
    "AND c.state IN ('selecting', 'planning') AND p.organisation = $1 AND p.campaign = c.id "                  \
    "AND p.state = 'waiting'"
STATEMENT(busy_people_needed,
    "SELECT e.id, e.email, e.calendar_url FROM employee e LEFT JOIN busy_view b "
    "ON b.organisation = e.organisation AND b.employee = e.id WHERE e.organisation = $1 "
    "AND e.id IN (" BUSY_REVIEWS("employee") " UNION " BUSY_REVIEWS("interviewer") " UNION " BUSY_PLACEMENTS(
        "employee") " UNION " BUSY_PLACEMENTS("interviewer") ") AND e.email IS NOT NULL "
                                                             "AND (e.calendar_url IS NOT NULL) = ($3 = 1) AND "
                                                             "(b.tried_at IS NULL OR b.tried_at < $2) "
                                                             "ORDER BY b.tried_at, e.id LIMIT $4");

enum status busy_put(struct txn *txn, const struct busy_view_row *view, const struct busy_period *periods,
    size_t count, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    db_exec(db, &busy_view_put,
        DB_VALUES(db_text(txn->organisation), db_text(view->employee), db_instant(view->from),
            db_instant(view->to), db_instant(view->as_of), db_instant(view->tried_at),
            db_text(view->last_error)));
    if (view->as_of == INSTANT_NONE)
        return db_status(db, err);
    db_exec(db, &busy_time_clear, DB_VALUES(db_text(txn->organisation), db_text(view->employee)));
    for (size_t i = 0; i < count; i++)
        db_exec(db, &busy_time_add,
            DB_VALUES(db_text(txn->organisation), db_text(view->employee), db_instant(periods[i].start),
                db_instant(periods[i].end)));
    return db_status(db, err);
}

enum status busy_view(
    const struct snapshot *snapshot, const char *employee, struct busy_view_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &busy_view_get, DB_VALUES(db_text(organisation), db_text(employee)));
    bool found = db_next(rows);
    if (found)
        *ret = (struct busy_view_row){.employee = db_get_text(rows, 0, snapshot->arena),
            .from = db_get_instant(rows, 1),
            .to = db_get_instant(rows, 2),
            .as_of = db_get_instant(rows, 3),
            .tried_at = db_get_instant(rows, 4),
            .last_error = db_get_text(rows, 5, snapshot->arena)};
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "busy times of", employee, err);
}

enum status busy_times(const struct snapshot *snapshot, const char *employee, instant_t from, instant_t to,
    struct busy_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct busy_period);
    struct db_rows *rows = db_query(snapshot->db, &busy_time_of,
        DB_VALUES(db_text(organisation), db_text(employee), db_instant(from), db_instant(to)));
    while (db_next(rows)) {
        struct busy_period *period = row_push(&array);
        *period = (struct busy_period){db_get_instant(rows, 0), db_get_instant(rows, 1)};
    }
    db_done(rows);
    *ret = (struct busy_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status busy_needed(const struct snapshot *snapshot, const char *organisation, instant_t before,
    bool with_url, unsigned limit, struct busy_people *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct busy_person);
    struct db_rows *rows = db_query(snapshot->db, &busy_people_needed,
        DB_VALUES(db_text(organisation), db_instant(before), db_bool(with_url), db_int(limit),
            db_instant(snapshot->now)));
    while (db_next(rows)) {
        struct busy_person *person = row_push(&array);
        *person = (struct busy_person){.employee = db_get_text(rows, 0, snapshot->arena),
            .email = db_get_text(rows, 1, snapshot->arena),
            .calendar_url = db_get_text(rows, 2, snapshot->arena)};
    }
    db_done(rows);
    *ret = (struct busy_people){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
