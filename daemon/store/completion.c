/*
 * Completions and the items that are their evidence.
 */
#include "store/completion.h"

#include "internal.h"

#define COMPLETION_COLUMNS                                                                                     \
    "id, source, identity, course, employee, state, reason, occurred_at, body, version, created_at, "          \
    "updated_at"

STATEMENT(completion_insert,
    "INSERT INTO completion (organisation, id, source, identity, course, employee, state, reason, occurred_at, "
    "body, "
    "version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11) "
    "RETURNING version");
STATEMENT(completion_change,
    "UPDATE completion SET course = $3, employee = $4, state = $5, reason = $6, body = $7, updated_at = $8, "
    "version = version + 1 WHERE organisation = $1 AND id = $2 AND ($9 = 0 OR version = $9) RETURNING version");
STATEMENT(completion_version, "SELECT version FROM completion WHERE organisation = $1 AND id = $2");
STATEMENT(
    completion_by_id, "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND id = $2");
STATEMENT(completion_page,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND id > $2 "
    "AND ($3 = '' OR employee = $3) AND ($4 = '' OR source = $4) AND ($5 = '' OR state = $5) "
    "AND ($6 = '' OR course = $6) ORDER BY id LIMIT $7");
STATEMENT(completion_page_of,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND employee = $3 AND id > $2 "
    "AND ($4 = '' OR source = $4) AND ($5 = '' OR state = $5) AND ($6 = '' OR course = $6) ORDER BY id LIMIT "
    "$7");
STATEMENT(completion_page_in,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND state = $5 AND id > $2 "
    "AND ($3 = '' OR employee = $3) AND ($4 = '' OR source = $4) AND ($6 = '' OR course = $6) ORDER BY id "
    "LIMIT $7");
STATEMENT(completion_evidence_insert,
    "INSERT INTO completion_evidence (organisation, completion, item, sha256, recorded_at) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, completion, item) DO NOTHING");
STATEMENT(completion_evidence_of, "SELECT item, sha256, recorded_at FROM completion_evidence "
                                  "WHERE organisation = $1 AND completion = $2 ORDER BY item");

static void completion_fill(const struct db_rows *rows, struct arena *arena, struct completion_row *row)
{
    *row = (struct completion_row){.id = db_get_text(rows, 0, arena),
        .source = db_get_text(rows, 1, arena),
        .identity = db_get_text(rows, 2, arena),
        .course = db_get_text(rows, 3, arena),
        .employee = db_get_text(rows, 4, arena),
        .state = db_get_text(rows, 5, arena),
        .reason = db_get_text(rows, 6, arena),
        .occurred_at = db_get_instant(rows, 7),
        .body = db_get_text(rows, 8, arena),
        .version = db_get_int(rows, 9),
        .created_at = db_get_instant(rows, 10),
        .updated_at = db_get_instant(rows, 11)};
}

enum status completion_add(struct txn *txn, struct completion_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "cpl");
    row->created_at = row->updated_at = txn->snapshot.now;
    row->version = row_write(txn->snapshot.db, &completion_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->source), db_text(row->identity),
            db_text(row->course), db_text(row->employee), db_text(row->state), db_text(row->reason),
            db_instant(row->occurred_at), db_text(row->body), db_instant(row->created_at)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_update(struct txn *txn, struct completion_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "cpl", err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(txn->snapshot.db, &completion_change,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->course), db_text(row->employee),
            db_text(row->state), db_text(row->reason), db_text(row->body), db_instant(txn->snapshot.now),
            db_int(expected)));
    status = row_changed(txn, version, &completion_version, "completion", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status completion_get(
    const struct snapshot *snapshot, const char *id, struct completion_row *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "cpl", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows =
        db_query(snapshot->db, &completion_by_id, DB_VALUES(db_text(organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        completion_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "completion", id, err);
}

/* The statement whose index serves this filter. */
static const struct statement *completion_query(const struct completion_filter *filter)
{
    return filter->employee ? &completion_page_of : filter->state ? &completion_page_in : &completion_page;
}

enum status completion_list(const struct snapshot *snapshot, const char *organisation,
    const struct completion_filter *filter, const struct page *page, struct completion_list *ret,
    struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct completion_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows = db_query(snapshot->db, completion_query(filter),
        DB_VALUES(db_text(organisation), db_text(after), db_text(filter->employee ? filter->employee : ""),
            db_text(filter->source ? filter->source : ""), db_text(filter->state ? filter->state : ""),
            db_text(filter->course ? filter->course : ""), db_int(limit + 1)));
    while (db_next(rows))
        completion_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct completion_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct completion_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return db_status(snapshot->db, err);
}

enum status completion_prove(
    struct txn *txn, const char *completion, const char *item, const char *sha256, struct error *err)
{
    db_exec(txn->snapshot.db, &completion_evidence_insert,
        DB_VALUES(db_text(txn->organisation), db_text(completion), db_text(item), db_text(sha256),
            db_instant(txn->snapshot.now)));
    return db_status(txn->snapshot.db, err);
}

enum status completion_evidence(
    const struct snapshot *snapshot, const char *completion, struct completion_items *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, completion, "cpl", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct completion_item);
    struct db_rows *rows =
        db_query(snapshot->db, &completion_evidence_of, DB_VALUES(db_text(organisation), db_text(completion)));
    while (db_next(rows)) {
        struct completion_item *item = row_push(&array);
        *item = (struct completion_item){.item = db_get_text(rows, 0, snapshot->arena),
            .sha256 = db_get_text(rows, 1, snapshot->arena),
            .recorded_at = db_get_instant(rows, 2)};
    }
    db_done(rows);
    *ret = (struct completion_items){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
