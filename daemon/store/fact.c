/*
 * Bitemporal facts: versions are added and closed, never changed.
 */
#include "store/fact.h"

#include "internal.h"
#include "store/organisation.h"

#include <string.h>

#define FACT_COLUMNS                                                                                           \
    "id, version, kind, subject, valid_from, valid_to, recorded_at, superseded_at, withdrawn, body, reason, "  \
    "actor"
/* Versions known at an instant: $n, the greatest instant for today's. */
#define FACT_KNOWN(n)                                                                                          \
    "recorded_at <= " n " AND (superseded_at IS NULL OR superseded_at > " n ") AND withdrawn = 0"

STATEMENT(fact_insert, "INSERT INTO fact (organisation, id, version, kind, subject, valid_from, valid_to, "
                       "recorded_at, withdrawn, body, "
                       "reason, actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
STATEMENT(fact_current,
    "SELECT " FACT_COLUMNS " FROM fact WHERE organisation = $1 AND id = $2 AND superseded_at IS NULL "
    "AND withdrawn = 0");
STATEMENT(
    fact_close, "UPDATE fact SET superseded_at = $4 WHERE organisation = $1 AND id = $2 AND version = $3");
STATEMENT(
    fact_by_id, "SELECT " FACT_COLUMNS " FROM fact WHERE organisation = $1 AND id = $2 AND " FACT_KNOWN("$3"));
STATEMENT(fact_of_subject,
    "SELECT " FACT_COLUMNS
    " FROM fact WHERE organisation = $1 AND subject = $2 AND " FACT_KNOWN("$3") " ORDER BY kind, id");
STATEMENT(fact_of_subject_kind,
    "SELECT " FACT_COLUMNS " FROM fact WHERE organisation = $1 AND subject = $2 AND kind = $4 AND " FACT_KNOWN(
        "$3") " ORDER BY kind, id");
STATEMENT(fact_page,
    "SELECT " FACT_COLUMNS " FROM fact WHERE organisation = $1 AND kind = $2 AND id > $4 AND " FACT_KNOWN(
        "$3") " ORDER BY id LIMIT $5");
STATEMENT(
    fact_versions, "SELECT " FACT_COLUMNS " FROM fact WHERE organisation = $1 AND id = $2 ORDER BY version");
STATEMENT(fact_remove_subject, "DELETE FROM fact WHERE organisation = $1 AND subject = $2");

static void fact_fill(const struct db_rows *rows, struct arena *arena, struct fact_row *row)
{
    *row = (struct fact_row){.id = db_get_text(rows, 0, arena),
        .version = db_get_int(rows, 1),
        .kind = db_get_text(rows, 2, arena),
        .subject = db_get_text(rows, 3, arena),
        .valid_from = db_get_date(rows, 4),
        .valid_to = db_get_date(rows, 5),
        .recorded_at = db_get_instant(rows, 6),
        .superseded_at = db_get_instant(rows, 7),
        .withdrawn = db_get_int(rows, 8) != 0,
        .body = db_get_text(rows, 9, arena),
        .reason = db_get_text(rows, 10, arena),
        .actor = db_get_text(rows, 11, arena)};
}

/* ---- writing */

static bool fact_of_organisation(const struct fact_row *row)
{
    return strncmp(row->subject, "org_", 4) == 0;
}

/* Adds the version that `row` is, and what a change means for the organisation. */
static enum status fact_append(struct txn *txn, struct fact_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    row->recorded_at = txn->snapshot.now;
    row->superseded_at = INSTANT_NONE;
    row->actor = txn->actor;
    db_exec(db, &fact_insert,
        DB_VALUES(db_text(txn->organisation), db_text(row->id), db_int(row->version), db_text(row->kind),
            db_text(row->subject), db_date(row->valid_from), db_date(row->valid_to),
            db_instant(row->recorded_at), db_bool(row->withdrawn), db_text(row->body), db_text(row->reason),
            db_text(row->actor)));
    if (fact_of_organisation(row) && db_class(db) == DB_OK)
        return organisation_raise_facts(txn, row->id, NULL, err);
    return db_status(db, err);
}

enum status fact_add(struct txn *txn, struct fact_row *row, struct error *err)
{
    struct fact_row made = *row;
    made.id = row_id(txn, row->id, "fact");
    made.version = 1;
    made.withdrawn = false;
    enum status status = row_own(txn, made.id, "fact", err);
    if (status == ST_OK)
        status = row_own(txn, made.subject, NULL, err);
    if (status == ST_OK)
        status = fact_append(txn, &made, err);
    if (status == ST_OK)
        *row = made;
    return status;
}

/* Closes the current version and gives it. */
static enum status fact_supersede(
    struct txn *txn, const char *id, int64_t expected, struct fact_row *ret, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    enum status status = row_own(txn, id, "fact", err);
    if (status != ST_OK)
        return status;
    struct db_rows *rows = db_query(db, &fact_current, DB_VALUES(db_text(txn->organisation), db_text(id)));
    bool found = db_next(rows);
    if (found)
        fact_fill(rows, txn->snapshot.arena, ret);
    db_done(rows);
    if (!found)
        return row_missing(db, "fact", id, err);
    if (expected != 0 && expected != ret->version)
        return error_set(err, ST_PRECONDITION, "fact %s has version %lld by now, not %lld", id,
            (long long)ret->version, (long long)expected);
    db_exec(db, &fact_close,
        DB_VALUES(
            db_text(txn->organisation), db_text(id), db_int(ret->version), db_instant(txn->snapshot.now)));
    return db_status(db, err);
}

enum status fact_correct(struct txn *txn, struct fact_row *row, int64_t expected, struct error *err)
{
    struct fact_row made;
    enum status status = fact_supersede(txn, row->id, expected, &made, err);
    if (status != ST_OK)
        return status;
    made.version++;
    made.valid_from = row->valid_from;
    made.valid_to = row->valid_to;
    made.body = row->body;
    made.reason = row->reason;
    status = fact_append(txn, &made, err);
    if (status == ST_OK)
        *row = made;
    return status;
}

enum status fact_withdraw(
    struct txn *txn, const char *id, int64_t expected, const char *reason, struct error *err)
{
    struct fact_row made;
    enum status status = fact_supersede(txn, id, expected, &made, err);
    if (status != ST_OK)
        return status;
    made.version++;
    made.withdrawn = true;
    made.reason = reason;
    return fact_append(txn, &made, err);
}

enum status fact_erase_subject(struct txn *txn, const char *subject, int64_t *ret, struct error *err)
{
    enum status status = row_own(txn, subject, NULL, err);
    if (status != ST_OK)
        return status;
    int64_t erased = db_exec(
        txn->snapshot.db, &fact_remove_subject, DB_VALUES(db_text(txn->organisation), db_text(subject)));
    status = db_status(txn->snapshot.db, err);
    if (status == ST_OK && ret)
        *ret = erased;
    return status;
}

/* ---- reading */

static struct db_value fact_known_at(instant_t known_at)
{
    return db_int(known_at == INSTANT_NONE ? INT64_MAX : known_at);
}

static void fact_push_all(const struct snapshot *snapshot, struct db_rows *rows, struct row_array *array)
{
    while (db_next(rows))
        fact_fill(rows, snapshot->arena, row_push(array));
    db_done(rows);
}

static enum status fact_give(
    const struct snapshot *snapshot, struct row_array *array, struct fact_list *ret, struct error *err)
{
    *ret = (struct fact_list){.items = array->items, .count = array->count};
    return db_status(snapshot->db, err);
}

enum status fact_get(const struct snapshot *snapshot, const char *id, instant_t known_at, struct fact_row *ret,
    struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "fact", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct db_rows *rows = db_query(
        snapshot->db, &fact_by_id, DB_VALUES(db_text(organisation), db_text(id), fact_known_at(known_at)));
    bool found = db_next(rows);
    if (found)
        fact_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "fact", id, err);
}

enum status fact_of(const struct snapshot *snapshot, const char *subject, const char *kind, instant_t known_at,
    struct fact_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, subject, NULL, err);
    if (!organisation)
        return ST_NOT_FOUND;
    const struct db_value values[] = {
        db_text(organisation), db_text(subject), fact_known_at(known_at), db_text(kind)};
    struct row_array array = ROW_ARRAY(snapshot->arena, struct fact_row);
    fact_push_all(snapshot,
        db_query(snapshot->db, kind ? &fact_of_subject_kind : &fact_of_subject, values, kind ? 4 : 3), &array);
    return fact_give(snapshot, &array, ret, err);
}

enum status fact_list(const struct snapshot *snapshot, const char *organisation, const char *kind,
    instant_t known_at, const struct page *page, struct fact_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    unsigned limit = page_limit(page);
    struct row_array array = ROW_ARRAY(snapshot->arena, struct fact_row);
    fact_push_all(snapshot,
        db_query(snapshot->db, &fact_page,
            DB_VALUES(db_text(organisation), db_text(kind), fact_known_at(known_at), db_text(after),
                db_int(limit + 1))),
        &array);
    struct fact_row *items = array.items;
    bool more = row_cut(&array, limit);
    status = fact_give(snapshot, &array, ret, err);
    if (more && status == ST_OK)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].id, 1);
    return status;
}

enum status fact_history(
    const struct snapshot *snapshot, const char *id, struct fact_list *ret, struct error *err)
{
    const char *organisation = row_organisation(snapshot, id, "fact", err);
    if (!organisation)
        return ST_NOT_FOUND;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct fact_row);
    fact_push_all(snapshot,
        db_query(snapshot->db, &fact_versions, DB_VALUES(db_text(organisation), db_text(id))), &array);
    return array.count > 0 ? fact_give(snapshot, &array, ret, err) : row_missing(snapshot->db, "fact", id, err);
}
