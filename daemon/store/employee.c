/*
 * Employees: rows, search keys, and what the watching of duties asks of them.
 */
#include "store/employee.h"

#include "base/text.h"
#include "internal.h"

#include <string.h>

#define EMPLOYEE_COLUMNS                                                                                       \
    "id, number, given_name, family_name, email, manager, establishment, category, contract, hire_date, "      \
    "seniority_date, birth_date, contract_end, exit_date, locale, calendar_url, external_ids, version, "       \
    "next_check, facts_version, created_at, updated_at, sex"

#define EMPLOYEE_EMAIL_MAX 10

STATEMENT(employee_insert,
    "INSERT INTO employee (organisation, id, number, number_folded, given_name, family_name, name_folded, "
    "email, "
    "email_folded, manager, establishment, category, contract, hire_date, seniority_date, birth_date, "
    "contract_end, "
    "exit_date, locale, calendar_url, external_ids, next_check, created_at, updated_at, sex, version, "
    "facts_version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
    "$22, "
    "$23, $23, $24, 1, (SELECT facts_version FROM organisation WHERE key = $1))");
STATEMENT(employee_facts_version, "SELECT facts_version FROM employee WHERE organisation = $1 AND id = $2");
STATEMENT(employee_write,
    "UPDATE employee SET number = $3, number_folded = $4, given_name = $5, family_name = $6, name_folded = $7, "
    "email = $8, email_folded = $9, manager = $10, establishment = $11, category = $12, contract = $13, "
    "hire_date = $14, seniority_date = $15, birth_date = $16, contract_end = $17, exit_date = $18, locale = "
    "$19, "
    "calendar_url = $20, external_ids = $21, updated_at = $22, sex = $24, version = version + 1 "
    "WHERE organisation = $1 AND id = $2 AND (CAST($23 AS BIGINT) = 0 OR version = $23) RETURNING version");
STATEMENT(employee_version, "SELECT version FROM employee WHERE organisation = $1 AND id = $2");
STATEMENT(employee_remove,
    "DELETE FROM employee WHERE organisation = $1 AND id = $2 AND (CAST($3 AS BIGINT) = 0 OR version = $3) "
    "RETURNING version");
STATEMENT(employee_number_owner, "SELECT id FROM employee WHERE organisation = $1 AND number_folded = $2");
STATEMENT(employee_by_id, "SELECT " EMPLOYEE_COLUMNS " FROM employee WHERE organisation = $1 AND id = $2");
STATEMENT(employee_with_number,
    "SELECT " EMPLOYEE_COLUMNS " FROM employee WHERE organisation = $1 AND number_folded = $2");
STATEMENT(employee_ids_with_email,
    "SELECT id FROM employee WHERE organisation = $1 AND email_folded = $2 ORDER BY id LIMIT $3");
STATEMENT(employee_with_email,
    "SELECT " EMPLOYEE_COLUMNS
    " FROM employee WHERE organisation = $1 AND email_folded = $2 ORDER BY id LIMIT $3");
STATEMENT(employee_page,
    "SELECT " EMPLOYEE_COLUMNS ", name_folded FROM employee "
    "WHERE organisation = $1 AND (name_folded, id) > ($2, $3) "
    "AND (CAST($4 AS TEXT) IS NULL OR (name_folded >= $4 AND name_folded < $5) "
    "OR (number_folded >= $4 AND number_folded < $5) OR (email_folded >= $4 AND email_folded < $5)) "
    "AND (CAST($6 AS TEXT) IS NULL OR manager = $6) "
    "AND (CAST($7 AS TEXT) IS NULL OR establishment = $7) "
    "AND (CAST($8 AS TEXT) IS NULL OR category = $8) "
    "AND (CAST($9 AS TEXT) IS NULL OR (CAST($11 AS BIGINT) = 1 AND exit_date <= $9) "
    "OR (CAST($11 AS BIGINT) = 0 AND (hire_date IS NULL OR hire_date <= $9) "
    "AND (exit_date IS NULL OR exit_date > $9))) "
    "ORDER BY name_folded, id LIMIT $10");
STATEMENT(employee_short,
    "SELECT id, number_folded, email_folded, manager, hire_date, seniority_date, exit_date FROM employee "
    "WHERE organisation = $1");
STATEMENT(employee_to_check,
    "SELECT id FROM employee WHERE organisation = $1 AND next_check <= $2 ORDER BY next_check, id LIMIT $3");
STATEMENT(employee_stale, "SELECT id FROM employee WHERE organisation = $1 "
                          "AND facts_version < (SELECT facts_version FROM organisation WHERE key = $1) "
                          "AND (next_check IS NULL OR next_check > $2) ORDER BY facts_version, id LIMIT $3");
/* Of somebody whose other marks are what they should be: each of them is in an index. */
STATEMENT(employee_note_check, "UPDATE employee SET next_check = $3 WHERE organisation = $1 AND id = $2 "
                               "AND remind_on = '1900-01-01' "
                               "AND facts_version = (SELECT facts_version FROM organisation WHERE key = $1)");
STATEMENT(employee_note_computed, "UPDATE employee SET next_check = $3, remind_on = '1900-01-01', "
                                  "facts_version = (SELECT facts_version FROM organisation WHERE key = $1) "
                                  "WHERE organisation = $1 AND id = $2");

static void employee_fill(const struct db_rows *rows, struct arena *arena, struct employee_row *row)
{
    *row = (struct employee_row){.id = db_get_text(rows, 0, arena),
        .number = db_get_text(rows, 1, arena),
        .given_name = db_get_text(rows, 2, arena),
        .family_name = db_get_text(rows, 3, arena),
        .email = db_get_text(rows, 4, arena),
        .manager = db_get_text(rows, 5, arena),
        .establishment = db_get_text(rows, 6, arena),
        .category = db_get_text(rows, 7, arena),
        .contract = db_get_text(rows, 8, arena),
        .hire_date = db_get_date(rows, 9),
        .seniority_date = db_get_date(rows, 10),
        .birth_date = db_get_date(rows, 11),
        .contract_end = db_get_date(rows, 12),
        .exit_date = db_get_date(rows, 13),
        .locale = db_get_text(rows, 14, arena),
        .calendar_url = db_get_text(rows, 15, arena),
        .external_ids = db_get_text(rows, 16, arena),
        .version = db_get_int(rows, 17),
        .next_check = db_get_date(rows, 18),
        .facts_version = db_get_int(rows, 19),
        .created_at = db_get_instant(rows, 20),
        .updated_at = db_get_instant(rows, 21),
        .sex = db_get_text(rows, 22, arena)};
}

/* ---- writing */

static const char *employee_fold(struct arena *arena, const char *text)
{
    return text ? text_fold(arena, text) : NULL;
}

static const char *employee_fold_name(struct arena *arena, const struct employee_row *row)
{
    return text_fold(arena, arena_printf(arena, "%s %s", row->family_name, row->given_name));
}

/* What an insert and an update can violate, looked up before: their one statement could not tell which it was.
 */
static enum status employee_check(struct txn *txn, const struct employee_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct arena *arena = txn->snapshot.arena;
    const char *folded = employee_fold(arena, row->number);
    struct db_rows *rows =
        db_query(db, &employee_number_owner, DB_VALUES(db_text(txn->organisation), db_text(folded)));
    const char *owner = db_next(rows) ? db_get_text(rows, 0, arena) : NULL;
    db_done(rows);
    if (owner && strcmp(owner, row->id) != 0) {
        error_set(err, ST_CONFLICT, "the number %s is taken", row->number);
        error_field(err, "/number", "is the number of %s already", owner);
        return ST_CONFLICT;
    }
    if (!row->manager || row_read_int(db, &employee_version, txn->organisation, row->manager) > 0)
        return db_status(db, err);
    if (db_class(db) != DB_OK)
        return db_status(db, err);
    error_set(err, ST_CONFLICT, "there is no employee %s", row->manager);
    error_field(err, "/manager", "is no employee of the organisation");
    return ST_CONFLICT;
}

enum status employee_add(struct txn *txn, struct employee_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct arena *arena = txn->snapshot.arena;
    struct employee_row made = *row;
    made.id = row_id(txn, row->id, "emp");
    enum status status = row_own(txn, made.id, "emp", err);
    if (status == ST_OK)
        status = employee_check(txn, &made, err);
    if (status != ST_OK)
        return status;
    db_exec(db, &employee_insert,
        DB_VALUES(db_text(txn->organisation), db_text(made.id), db_text(made.number),
            db_text(employee_fold(arena, made.number)), db_text(made.given_name), db_text(made.family_name),
            db_text(employee_fold_name(arena, &made)), db_text(made.email),
            db_text(employee_fold(arena, made.email)), db_text(made.manager), db_text(made.establishment),
            db_text(made.category), db_text(made.contract), db_date(made.hire_date),
            db_date(made.seniority_date), db_date(made.birth_date), db_date(made.contract_end),
            db_date(made.exit_date), db_text(made.locale), db_text(made.calendar_url),
            db_text(made.external_ids), db_date(made.next_check), db_instant(txn->snapshot.now),
            db_text(made.sex)));
    if (row_taken(db))
        return error_set(err, ST_CONFLICT, "there is an employee %s already", made.id);
    made.version = 1;
    made.facts_version = row_read_int(db, &employee_facts_version, txn->organisation, made.id);
    made.created_at = made.updated_at = txn->snapshot.now;
    *row = made;
    return db_status(db, err);
}

enum status employee_update(struct txn *txn, struct employee_row *row, int64_t expected, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    struct arena *arena = txn->snapshot.arena;
    enum status status = row_own(txn, row->id, "emp", err);
    if (status == ST_OK)
        status = employee_check(txn, row, err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(db, &employee_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->number),
            db_text(employee_fold(arena, row->number)), db_text(row->given_name), db_text(row->family_name),
            db_text(employee_fold_name(arena, row)), db_text(row->email),
            db_text(employee_fold(arena, row->email)), db_text(row->manager), db_text(row->establishment),
            db_text(row->category), db_text(row->contract), db_date(row->hire_date),
            db_date(row->seniority_date), db_date(row->birth_date), db_date(row->contract_end),
            db_date(row->exit_date), db_text(row->locale), db_text(row->calendar_url),
            db_text(row->external_ids), db_instant(txn->snapshot.now), db_int(expected), db_text(row->sex)));
    status = row_changed(txn, version, &employee_version, "employee", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status employee_delete(struct txn *txn, const char *id, int64_t expected, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "emp", err);
    if (status != ST_OK)
        return status;
    int64_t version =
        row_write(db, &employee_remove, DB_VALUES(db_text(txn->organisation), db_text(id), db_int(expected)));
    if (row_taken(db))
        return error_set(err, ST_CONFLICT, "employee %s is referred to", id);
    return row_changed(txn, version, &employee_version, "employee", id, expected, err);
}

enum status employee_computed(struct txn *txn, const char *id, date_t next_check, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "emp", err);
    if (status != ST_OK)
        return status;
    const struct db_value values[] = {db_text(txn->organisation), db_text(id), db_date(next_check)};
    if (db_exec(db, &employee_note_check, values, 3) > 0)
        return ST_OK;
    return db_exec(db, &employee_note_computed, values, 3) > 0 ? ST_OK : row_missing(db, "employee", id, err);
}

/* ---- reading */

static enum status employee_one(const struct snapshot *snapshot, const struct statement *statement,
    const char *organisation, const char *key, const char *shown, struct employee_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, statement, DB_VALUES(db_text(organisation), db_text(key)));
    bool found = db_next(rows);
    if (found)
        employee_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "employee", shown, err);
}

enum status employee_get(
    const struct snapshot *snapshot, const char *id, struct employee_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "emp", err);
    return organisation ? employee_one(snapshot, &employee_by_id, organisation, id, id, ret, err)
                        : ST_NOT_FOUND;
}

enum status employee_by_number(const struct snapshot *snapshot, const char *organisation, const char *number,
    struct employee_row *ret, struct error *err)
{
    const char *folded = text_fold(snapshot->arena, number);
    return employee_one(snapshot, &employee_with_number, organisation, folded, number, ret, err);
}

enum status employee_by_email(const struct snapshot *snapshot, const char *organisation, const char *email,
    struct employee_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct employee_row);
    struct db_rows *rows = db_query(snapshot->db, &employee_with_email,
        DB_VALUES(
            db_text(organisation), db_text(text_fold(snapshot->arena, email)), db_int(EMPLOYEE_EMAIL_MAX)));
    while (db_next(rows))
        employee_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct employee_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status employee_ids_by_email(const struct snapshot *snapshot, const char *organisation, const char *email,
    struct employee_ids *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows = db_query(snapshot->db, &employee_ids_with_email,
        DB_VALUES(
            db_text(organisation), db_text(text_fold(snapshot->arena, email)), db_int(EMPLOYEE_EMAIL_MAX)));
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct employee_ids){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

/* Where the texts that start with `start` end, in the order of bytes: the last code point there is. */
static const char *employee_end_of(struct arena *arena, const char *start)
{
    return start ? arena_printf(arena, "%s\xF4\x8F\xBF\xBF", start) : NULL;
}

enum status employee_list(const struct snapshot *snapshot, const char *organisation,
    const struct employee_filter *filter, const struct page *page, struct employee_list *ret, struct error *err)
{
    const char *after[2];
    enum status status = cursor_read(snapshot->arena, page, "", after, 2, err);
    if (status != ST_OK)
        return status;
    struct arena *arena = snapshot->arena;
    struct row_array array = ROW_ARRAY(arena, struct employee_row);
    unsigned limit = page_limit(page);
    const char *search = employee_fold(arena, filter->search), *name = NULL;
    struct db_rows *rows = db_query(snapshot->db, &employee_page,
        DB_VALUES(db_text(organisation), db_text(after[0]), db_text(after[1]), db_text(search),
            db_text(employee_end_of(arena, search)), db_text(filter->manager), db_text(filter->establishment),
            db_text(filter->category), db_date(filter->employed_on), db_int(limit + 1), db_bool(filter->left)));
    while (db_next(rows)) {
        if (array.count < limit)
            name = db_get_text(rows, 23, arena);
        employee_fill(rows, arena, row_push(&array));
    }
    db_done(rows);
    struct employee_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct employee_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(arena, (const char *[]){name, items[limit - 1].id}, 2);
    return db_status(snapshot->db, err);
}

static void employee_push_ids(const struct snapshot *snapshot, const struct statement *statement,
    const char *organisation, date_t day, unsigned limit, struct row_array *array)
{
    if (array->count >= limit)
        return;
    struct db_rows *rows = db_query(snapshot->db, statement,
        DB_VALUES(db_text(organisation), db_date(day), db_int((int64_t)(limit - array->count))));
    while (db_next(rows))
        *(const char **)row_push(array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
}

enum status employee_due(const struct snapshot *snapshot, const char *organisation, date_t day, unsigned limit,
    struct employee_ids *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    employee_push_ids(snapshot, &employee_to_check, organisation, day, limit, &array);
    employee_push_ids(snapshot, &employee_stale, organisation, day, limit, &array);
    *ret = (struct employee_ids){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status employee_keys(const struct snapshot *snapshot, const char *organisation, struct arena *arena,
    struct employee_keys *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(arena, struct employee_key);
    struct db_rows *rows = db_query(snapshot->db, &employee_short, DB_VALUES(db_text(organisation)));
    while (db_next(rows)) {
        struct employee_key *key = row_push(&array);
        *key = (struct employee_key){.id = db_get_text(rows, 0, arena),
            .number = db_get_text(rows, 1, arena),
            .email = db_get_text(rows, 2, arena),
            .manager = db_get_text(rows, 3, arena),
            .hire_date = db_get_date(rows, 4),
            .seniority_date = db_get_date(rows, 5),
            .exit_date = db_get_date(rows, 6)};
    }
    db_done(rows);
    *ret = (struct employee_keys){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
