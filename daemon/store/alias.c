/*
 * Who the keys of platforms mean, over time.
 */
#include "store/source.h"

#include "internal.h"

#define ALIAS_COLUMNS "id, source, kind, value, valid_from, valid_to, employee, recorded_at"
#define ALIAS_ALWAYS  "0001-01-01"
#define ALIAS_EVER    "9999-12-31"

STATEMENT(alias_insert,
    "INSERT INTO alias (organisation, id, source, kind, value, valid_from, valid_to, employee, recorded_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
STATEMENT(alias_on,
    "SELECT employee FROM alias WHERE organisation = $1 AND source = $2 AND kind = $3 AND value = $4 "
    "AND valid_from <= $5 AND (valid_to IS NULL OR valid_to >= $5) ORDER BY valid_from DESC LIMIT 1");
STATEMENT(alias_beside,
    "SELECT " ALIAS_COLUMNS " FROM alias WHERE organisation = $1 AND source = $2 AND kind = $3 "
    "AND value = $4 AND valid_from <= $6 AND (valid_to IS NULL OR valid_to >= $5) AND id <> $7 "
    "ORDER BY valid_from LIMIT 1");
STATEMENT(alias_by_id, "SELECT " ALIAS_COLUMNS " FROM alias WHERE organisation = $1 AND id = $2");
STATEMENT(alias_page, "SELECT " ALIAS_COLUMNS " FROM alias WHERE organisation = $1 AND id > $2 "
                      "AND ($3 = '' OR employee = $3) AND ($4 = '' OR source = $4) AND ($5 = '' OR value = $5) "
                      "ORDER BY id LIMIT $6");
STATEMENT(alias_set_end, "UPDATE alias SET valid_to = $3 WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(alias_drop, "DELETE FROM alias WHERE organisation = $1 AND id = $2 RETURNING 1");

static void alias_fill(const struct db_rows *rows, struct arena *arena, struct alias_row *row)
{
    date_t always = DATE_NONE;
    (void)date_parse(ALIAS_ALWAYS, &always);
    *row = (struct alias_row){.id = db_get_text(rows, 0, arena),
        .source = db_get_text(rows, 1, arena),
        .kind = db_get_text(rows, 2, arena),
        .value = db_get_text(rows, 3, arena),
        .valid_from = db_get_date(rows, 4),
        .valid_to = db_get_date(rows, 5),
        .employee = db_get_text(rows, 6, arena),
        .recorded_at = db_get_instant(rows, 7)};
    if (!row->source[0])
        row->source = NULL;
    if (row->valid_from == always)
        row->valid_from = DATE_NONE;
}

static struct db_value alias_first(const struct alias_row *row)
{
    return row->valid_from == DATE_NONE ? db_text(ALIAS_ALWAYS) : db_date(row->valid_from);
}

static const char *alias_source(const char *source)
{
    return source ? source : "";
}

enum status alias_add(struct txn *txn, struct alias_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "als");
    row->recorded_at = txn->snapshot.now;
    db_exec(txn->snapshot.db, &alias_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(alias_source(row->source)),
            db_text(row->kind), db_text(row->value), alias_first(row), db_date(row->valid_to),
            db_text(row->employee), db_instant(row->recorded_at)));
    return db_status(txn->snapshot.db, err);
}

static enum status alias_one_of(const struct snapshot *snapshot, struct db_rows *rows, const char *id,
    struct alias_row *ret, struct error *err)
{
    bool found = db_next(rows);
    if (found)
        alias_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "alias", id, err);
}

enum status alias_overlapping(const struct snapshot *snapshot, const char *organisation,
    const struct alias_row *row, struct alias_row *ret, struct error *err)
{
    struct db_value last = row->valid_to == DATE_NONE ? db_text(ALIAS_EVER) : db_date(row->valid_to);
    return alias_one_of(snapshot,
        db_query(snapshot->db, &alias_beside,
            DB_VALUES(db_text(organisation), db_text(alias_source(row->source)), db_text(row->kind),
                db_text(row->value), alias_first(row), last, db_text(row->id ? row->id : ""))),
        row->value, ret, err);
}

enum status alias_find(const struct snapshot *snapshot, const char *organisation, const char *source,
    const char *kind, const char *value, date_t day, const char **ret_employee, struct error *err)
{
    const char *const sources[] = {source, ""}; /* its own, then those of any */
    *ret_employee = NULL;
    for (size_t i = 0; i < 2 && !*ret_employee; i++) {
        struct db_rows *rows = db_query(snapshot->db, &alias_on,
            DB_VALUES(db_text(organisation), db_text(sources[i]), db_text(kind), db_text(value), db_date(day)));
        *ret_employee = db_next(rows) ? db_get_text(rows, 0, snapshot->arena) : NULL;
        db_done(rows);
    }
    return db_status(snapshot->db, err);
}

enum status alias_get(const struct snapshot *snapshot, const char *id, struct alias_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "als", err);
    if (!organisation)
        return ST_NOT_FOUND;
    return alias_one_of(snapshot,
        db_query(snapshot->db, &alias_by_id, DB_VALUES(db_text(organisation), db_text(id))), id, ret, err);
}

enum status alias_list(const struct snapshot *snapshot, const char *organisation,
    const struct alias_filter *filter, const struct page *page, struct alias_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct alias_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, &alias_page,
        DB_VALUES(db_text(organisation), db_text(after), db_text(filter->employee ? filter->employee : ""),
            db_text(alias_source(filter->source)), db_text(filter->value ? filter->value : ""),
            db_int(limit + 1)));
    while (db_next(rows))
        alias_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct alias_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct alias_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status alias_end(struct txn *txn, const struct alias_row *row, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &alias_set_end,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_date(row->valid_to)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "alias", row->id, err);
}

enum status alias_delete(struct txn *txn, const char *id, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &alias_drop, DB_VALUES(db_text(txn->organisation), db_text(id)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "alias", id, err);
}
