/*
 * Duties as computed last: a projection that is replaced freely. Any lane's thread.
 */
#include "store/duty.h"

#include "internal.h"

#define DUTY_COLUMNS                                                                                           \
    "id, employee, kind, rule, regime, due, limit_date, opens, state, anchor_date, anchor_id, closed, "        \
    "satisfied_by, changed_at, body"
/* What all lists may be narrowed by: $4 kind, $5 and $6 dates, $7 manager, $8 the limit; $2 and $3 the cursor.
 */
#define DUTY_NARROWED                                                                                          \
    "AND (due, id) > ($2, $3) AND (CAST($4 AS TEXT) IS NULL OR kind = $4) "                                    \
    "AND (CAST($5 AS TEXT) IS NULL OR due < $5) AND (CAST($6 AS TEXT) IS NULL OR due > $6) "                   \
    "AND (CAST($7 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM employee e "                                       \
    "WHERE e.organisation = duty.organisation AND e.id = duty.employee AND e.manager = $7)) "                  \
    "ORDER BY due, id LIMIT $8"

STATEMENT(duty_write,
    "INSERT INTO duty (organisation, id, employee, kind, rule, regime, due, limit_date, opens, state, "
    "anchor_date, anchor_id, closed, satisfied_by, changed_at, body, facts_version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
    "(SELECT facts_version FROM organisation WHERE key = $1)) "
    "ON CONFLICT (organisation, id) DO UPDATE SET employee = excluded.employee, kind = excluded.kind, "
    "rule = excluded.rule, regime = excluded.regime, due = excluded.due, limit_date = excluded.limit_date, "
    "opens = excluded.opens, state = excluded.state, anchor_date = excluded.anchor_date, "
    "anchor_id = excluded.anchor_id, closed = excluded.closed, satisfied_by = excluded.satisfied_by, "
    "changed_at = excluded.changed_at, body = excluded.body, facts_version = excluded.facts_version");
STATEMENT(duty_remove, "DELETE FROM duty WHERE organisation = $1 AND id = $2");
STATEMENT(duty_remove_of, "DELETE FROM duty WHERE organisation = $1 AND employee = $2");
STATEMENT(duty_by_id, "SELECT " DUTY_COLUMNS " FROM duty WHERE organisation = $1 AND id = $2");
STATEMENT(duty_all_of,
    "SELECT " DUTY_COLUMNS " FROM duty WHERE organisation = $1 AND employee = $2 ORDER BY closed, due, id");
STATEMENT(
    duty_page_open, "SELECT " DUTY_COLUMNS " FROM duty WHERE organisation = $1 AND closed = 0 " DUTY_NARROWED);
STATEMENT(
    duty_page_state, "SELECT " DUTY_COLUMNS " FROM duty WHERE organisation = $1 AND state = $9 " DUTY_NARROWED);
STATEMENT(duty_page_employee, "SELECT " DUTY_COLUMNS " FROM duty WHERE organisation = $1 AND employee = $10 "
                              "AND ((CAST($9 AS TEXT) IS NULL AND closed = 0) OR state = $9) " DUTY_NARROWED);
STATEMENT(duty_count_stale, "SELECT COUNT(*) FROM employee WHERE organisation = $1 "
                            "AND facts_version < (SELECT facts_version FROM organisation WHERE key = $1)");

static void duty_fill(const struct db_rows *rows, struct arena *arena, struct duty_row *row)
{
    *row = (struct duty_row){.id = db_get_text(rows, 0, arena),
        .employee = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .rule = db_get_text(rows, 3, arena),
        .regime = db_get_text(rows, 4, arena),
        .due = db_get_date(rows, 5),
        .limit = db_get_date(rows, 6),
        .opens = db_get_date(rows, 7),
        .state = db_get_text(rows, 8, arena),
        .anchor_date = db_get_date(rows, 9),
        .anchor_id = db_get_text(rows, 10, arena),
        .closed = db_get_int(rows, 11) != 0,
        .satisfied_by = db_get_text(rows, 12, arena),
        .changed_at = db_get_instant(rows, 13),
        .body = db_get_text(rows, 14, arena)};
}

enum status duty_put(struct txn *txn, const struct duty_row *row, struct error *err)
{
    enum status status = row_own(txn, row->id, "duty", err);
    if (status == ST_OK)
        status = row_own(txn, row->employee, "emp", err);
    if (status != ST_OK)
        return status;
    db_exec(txn->snapshot.db, &duty_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->employee), db_text(row->kind),
            db_text(row->rule), db_text(row->regime), db_date(row->due), db_date(row->limit),
            db_date(row->opens), db_text(row->state), db_date(row->anchor_date), db_text(row->anchor_id),
            db_bool(row->closed), db_text(row->satisfied_by), db_instant(txn->snapshot.now),
            db_text(row->body)));
    return db_status(txn->snapshot.db, err);
}

enum status duty_delete(struct txn *txn, const char *id, struct error *err)
{
    enum status status = row_own(txn, id, "duty", err);
    if (status != ST_OK)
        return status;
    int64_t removed =
        db_exec(txn->snapshot.db, &duty_remove, DB_VALUES(db_text(txn->organisation), db_text(id)));
    return removed > 0 ? ST_OK : row_missing(txn->snapshot.db, "duty", id, err);
}

enum status duty_delete_of(struct txn *txn, const char *employee, struct error *err)
{
    enum status status = row_own(txn, employee, "emp", err);
    if (status != ST_OK)
        return status;
    db_exec(txn->snapshot.db, &duty_remove_of, DB_VALUES(db_text(txn->organisation), db_text(employee)));
    return db_status(txn->snapshot.db, err);
}

enum status duty_get(const struct snapshot *snapshot, const char *id, struct duty_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "duty", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &duty_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        duty_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "duty", id, err);
}

static void duty_push_all(const struct snapshot *snapshot, struct db_rows *rows, struct row_array *array)
{
    while (db_next(rows))
        duty_fill(rows, snapshot->arena, row_push(array));
    db_done(rows);
}

enum status duty_of_employee(
    const struct snapshot *snapshot, const char *employee, struct duty_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, employee, "emp", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct duty_row);
    duty_push_all(snapshot,
        db_query(snapshot->db, &duty_all_of, DB_VALUES(db_text(organisation), db_text(employee))), &array);
    *ret = (struct duty_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* The narrowest index that serves the filter, and how many of the values its statement takes. */
static const struct statement *duty_statement(const struct duty_filter *filter, size_t *ret_count)
{
    *ret_count = filter->employee ? 10 : filter->state ? 9 : 8;
    return filter->employee ? &duty_page_employee : filter->state ? &duty_page_state : &duty_page_open;
}

enum status duty_list(const struct snapshot *snapshot, const char *organisation,
    const struct duty_filter *filter, const struct page *page, struct duty_list *ret, struct error *err)
{
    const char *after[2];
    enum status status = cursor_read(snapshot->arena, page, "", after, 2, err);
    if (status != ST_OK)
        return status;
    unsigned limit = page_limit(page);
    const struct db_value values[] = {db_text(organisation), db_text(after[0]), db_text(after[1]),
        db_text(filter->kind), db_date(filter->due_before), db_date(filter->due_after),
        db_text(filter->manager), db_int((int64_t)limit + 1), db_text(filter->state),
        db_text(filter->employee)};
    size_t count;
    const struct statement *statement = duty_statement(filter, &count);
    struct row_array array = ROW_ARRAY(snapshot->arena, struct duty_row);
    duty_push_all(snapshot, db_query(snapshot->db, statement, values, count), &array);
    struct duty_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct duty_list){.items = items, .count = array.count};
    if (more) {
        char due[DATE_TEXT_MAX];
        const struct duty_row *last = &items[limit - 1];
        ret->next = cursor_make(snapshot->arena, (const char *[]){date_text(last->due, due), last->id}, 2);
    }
    return db_status(snapshot->db, err);
}

enum status duty_stale(
    const struct snapshot *snapshot, const char *organisation, int64_t *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &duty_count_stale, DB_VALUES(db_text(organisation)));
    int64_t count = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    enum status status = db_status(snapshot->db, err);
    if (status == ST_OK)
        *ret = count;
    return status;
}
