/*
 * Completions and the items that are their evidence.
 */
#include "completion.h"

STATEMENT(completion_insert,
    "INSERT INTO completion (organisation, id, source, identity, course, employee, state, reason, occurred_at, "
    "body, retry, "
    "version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 1, $11, $11)");
STATEMENT(completion_change,
    "UPDATE completion SET course = $3, employee = $4, state = $5, reason = $6, body = $7, occurred_at = $8, "
    "updated_at = $9, retry = 0, version = version + 1 "
    "WHERE organisation = $1 AND id = $2 AND ($10 = 0 OR version = $10) RETURNING version");
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
STATEMENT(completion_page_unmatched,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND state = 'completed' AND id > $2 "
    "AND employee IS NOT NULL AND ($3 = '' OR employee = $3) AND ($4 = '' OR source = $4) "
    "AND ($5 = '' OR state = $5) AND ($6 = '' OR course = $6) AND NOT EXISTS (SELECT 1 FROM action_evidence e "
    "WHERE e.organisation = $1 AND e.completion = completion.id AND e.undone_at IS NULL) ORDER BY id LIMIT $7");
STATEMENT(completion_to_declare,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND declare_by IS NOT NULL "
    "AND (declare_by, id) > ($2, $3) AND state = 'completed' AND employee IS NOT NULL "
    "AND " COMPLETION_STANDS("completion") " "
                                           "AND ($4 = '' OR ($4 = 'open' AND declared_on IS NULL) OR ($4 = "
                                           "'declared' AND declared_on IS NOT NULL)) "
                                           "ORDER BY declare_by, id LIMIT $5");
STATEMENT(completion_declare_on,
    "UPDATE completion SET declare_by = $3, declared_on = $4 WHERE organisation = $1 AND id = $2 RETURNING 1");
STATEMENT(completion_last,
    "SELECT " COMPLETION_COLUMNS " FROM completion WHERE organisation = $1 AND employee = $2 AND course = $3 "
    "AND source = $4 AND id <> $5 AND state IN ('completed', 'undone') AND occurred_at IS NOT NULL "
    "ORDER BY occurred_at DESC, state DESC, id DESC LIMIT 1");
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
        .updated_at = db_get_instant(rows, 11),
        .declare_by = db_get_date(rows, 12),
        .declared_on = db_get_date(rows, 13)};
}

enum status completion_collect(
    const struct snapshot *snapshot, struct db_rows *rows, struct completion_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct completion_row);
    while (db_next(rows))
        completion_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    *ret = (struct completion_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status completion_add(struct txn *txn, struct completion_row *row, struct error *err)
{
    row->id = row_id(txn, row->id, "cpl");
    row->created_at = row->updated_at = txn->snapshot.now;
    row->version = db_exec(txn->snapshot.db, &completion_insert,
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
    training_keep_completion(txn, row);
    int64_t version = row_write(txn->snapshot.db, &completion_change,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->course), db_text(row->employee),
            db_text(row->state), db_text(row->reason), db_text(row->body), db_instant(row->occurred_at),
            db_instant(txn->snapshot.now), db_int(expected)));
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

enum status completion_latest(const struct snapshot *snapshot, const char *organisation,
    const struct completion_row *row, struct completion_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &completion_last,
        DB_VALUES(db_text(organisation), db_text(row->employee), db_text(row->course), db_text(row->source),
            db_text(row->id ? row->id : "")));
    bool found = db_next(rows);
    if (found)
        completion_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "completion", row->course, err);
}

/* The statement whose index serves this filter. */
static const struct statement *completion_query(const struct completion_filter *filter)
{
    if (filter->unmatched)
        return &completion_page_unmatched;
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

enum status completion_set_declaration(
    struct txn *txn, const char *id, date_t declare_by, date_t declared_on, struct error *err)
{
    int64_t done = row_write(txn->snapshot.db, &completion_declare_on,
        DB_VALUES(db_text(txn->organisation), db_text(id), db_date(declare_by), db_date(declared_on)));
    return done > 0 ? ST_OK : row_missing(txn->snapshot.db, "completion", id, err);
}

enum status completion_declarations(const struct snapshot *snapshot, const char *organisation,
    const char *state, const struct page *page, struct completion_list *ret, struct error *err)
{
    const char *after[2];
    enum status status = cursor_read(snapshot->arena, page, "", after, 2, err);
    if (status != ST_OK)
        return status;
    unsigned limit = page_limit(page);
    status = completion_collect(snapshot,
        db_query(snapshot->db, &completion_to_declare,
            DB_VALUES(db_text(organisation), db_text(after[0]), db_text(after[1]), db_text(state ? state : ""),
                db_int(limit + 1))),
        ret, err);
    if (status != ST_OK || ret->count <= limit)
        return status;
    ret->count = limit;
    const struct completion_row *last = &ret->items[limit - 1];
    const char *parts[] = {arena_strdup(snapshot->arena, date_show(last->declare_by).text), last->id};
    ret->next = cursor_make(snapshot->arena, parts, 2);
    return ST_OK;
}
