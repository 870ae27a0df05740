/*
 * Courses, as platforms name them.
 */
#include "base/text.h"
#include "store/source.h"

#include "internal.h"

#define COURSE_COLUMNS "id, source, code, title, mandatory, body, version, created_at, updated_at"

STATEMENT(course_insert, "INSERT INTO course (organisation, id, source, code, title, title_folded, mandatory, "
                         "body, version, created_at, "
                         "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9) "
                         "ON CONFLICT (organisation, source, code) DO NOTHING RETURNING version");
STATEMENT(course_name, "UPDATE course SET title = $4, title_folded = $5 "
                       "WHERE organisation = $1 AND source = $2 AND code = $3 AND title IS NULL");
STATEMENT(course_by_code,
    "SELECT " COURSE_COLUMNS " FROM course WHERE organisation = $1 AND source = $2 AND code = $3");
STATEMENT(course_by_id, "SELECT " COURSE_COLUMNS " FROM course WHERE organisation = $1 AND id = $2");
STATEMENT(course_version, "SELECT version FROM course WHERE organisation = $1 AND id = $2");
STATEMENT(course_change,
    "UPDATE course SET title = $3, title_folded = $4, mandatory = $5, body = $6, updated_at = $7, "
    "version = version + 1 WHERE organisation = $1 AND id = $2 AND ($8 = 0 OR version = $8) "
    "RETURNING version");
STATEMENT(course_page, "SELECT " COURSE_COLUMNS " FROM course WHERE organisation = $1 AND id > $2 "
                       "AND ($3 = '' OR source = $3) AND ($5 = '' OR mandatory = $5) ORDER BY id LIMIT $4");
static void course_fill(const struct db_rows *rows, struct arena *arena, struct course_row *row)
{
    *row = (struct course_row){.id = db_get_text(rows, 0, arena),
        .source = db_get_text(rows, 1, arena),
        .code = db_get_text(rows, 2, arena),
        .title = db_get_text(rows, 3, arena),
        .mandatory = db_get_text(rows, 4, arena),
        .body = db_get_text(rows, 5, arena),
        .version = db_get_int(rows, 6),
        .created_at = db_get_instant(rows, 7),
        .updated_at = db_get_instant(rows, 8)};
}

static bool course_look(struct txn *txn, const char *source, const char *code, struct course_row *row)
{
    struct db_rows *rows = db_query(txn->snapshot.db, &course_by_code,
        DB_VALUES(db_text(txn->organisation), db_text(source), db_text(code)));
    bool found = db_next(rows);
    if (found)
        course_fill(rows, txn->snapshot.arena, row);
    db_done(rows);
    return found;
}

enum status course_see(struct txn *txn, struct course_row *row, bool *ret_new, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    const struct course_row seen = *row;
    const char *folded = seen.title ? text_fold(txn->snapshot.arena, seen.title) : NULL;
    *ret_new = false;
    if (course_look(txn, seen.source, seen.code, row)) {
        if (row->title || !seen.title)
            return ST_OK;
        db_exec(db, &course_name,
            DB_VALUES(db_text(txn->organisation), db_text(seen.source), db_text(seen.code), db_text(seen.title),
                db_text(folded)));
    } else {
        *ret_new = row_write(db, &course_insert,
                       DB_VALUES(db_text(txn->organisation), db_text(row_id(txn, seen.id, "crs")),
                           db_text(seen.source), db_text(seen.code), db_text(seen.title), db_text(folded),
                           db_text(seen.mandatory), db_text(seen.body), db_instant(txn->snapshot.now))) > 0;
    }
    return course_look(txn, seen.source, seen.code, row) ? ST_OK : row_missing(db, "course", seen.code, err);
}

enum status course_update(struct txn *txn, struct course_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "crs", err);
    if (status != ST_OK)
        return status;
    const char *folded = row->title ? text_fold(txn->snapshot.arena, row->title) : NULL;
    training_keep_course(txn, row);
    int64_t version = row_write(txn->snapshot.db, &course_change,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->title), db_text(folded),
            db_text(row->mandatory), db_text(row->body), db_instant(txn->snapshot.now), db_int(expected)));
    status = row_changed(txn, version, &course_version, "course", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status course_get(
    const struct snapshot *snapshot, const char *id, struct course_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "crs", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(snapshot->db, &course_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        course_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "course", id, err);
}

enum status course_named(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *code, struct course_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(
        snapshot->db, &course_by_code, DB_VALUES(db_text(organisation), db_text(source), db_text(code)));
    bool found = db_next(rows);
    if (found)
        course_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "course", code, err);
}

enum status course_list(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *mandatory, const struct page *page, struct course_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct course_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &course_page,
        DB_VALUES(db_text(organisation), db_text(after), db_text(source ? source : ""), db_int(limit + 1),
            db_text(mandatory ? mandatory : "")));
    while (db_next(rows))
        course_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct course_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct course_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

/* ---- aliases */
