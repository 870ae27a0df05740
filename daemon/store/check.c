/* Whether a store holds. On the caller's thread. */
#include "store/check.h"

#include "internal.h"
#include "store/audit.h"

#include <string.h>

enum { CHECK_SLICE = 1000 };

STATEMENT(check_chains, "SELECT key FROM organisation ORDER BY CASE WHEN key = 'system' THEN '' ELSE key END");

enum status store_check_table(
    const struct snapshot *snapshot, unsigned place, const char **ret_table, struct error *err)
{
    *ret_table = db_table(snapshot->db, place, snapshot->arena);
    if (!*ret_table)
        return db_status(snapshot->db, err);
    return db_examine(snapshot->db, *ret_table, err);
}

enum status store_chains(
    const struct snapshot *snapshot, const char *const **ret, size_t *ret_count, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows = db_query(snapshot->db, &check_chains, DB_NO_VALUES);
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = array.items;
    *ret_count = array.count;
    return db_status(snapshot->db, err);
}

/* ---- rows and bytes */

STATEMENT(check_reviews, "SELECT id FROM review WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_needs, "SELECT id FROM need WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_actions, "SELECT id FROM action WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_employees, "SELECT id FROM employee WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(
    check_completions, "SELECT id FROM completion WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_documents, "SELECT id FROM document WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_items, "SELECT id FROM item WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_envelopes, "SELECT id FROM envelope WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3");
STATEMENT(check_document_bytes, "SELECT sha256, content FROM document WHERE organisation = $1 AND id = $2");
STATEMENT(
    check_item_bytes, "SELECT sha256, raw FROM item WHERE organisation = $1 AND id = $2 AND LENGTH(raw) > 0");
STATEMENT(check_envelope_bytes,
    "SELECT sha256, body FROM envelope WHERE organisation = $1 AND id = $2 AND body IS NOT NULL");

enum status store_check_ids(const struct snapshot *snapshot, const char *organisation, enum check_table table,
    const char *after, unsigned limit, struct check_ids *ret, struct error *err)
{
    static const struct statement *const ids[CHECK_TABLES] = {[CHECK_REVIEWS] = &check_reviews,
        [CHECK_NEEDS] = &check_needs,
        [CHECK_ACTIONS] = &check_actions,
        [CHECK_EMPLOYEES] = &check_employees,
        [CHECK_COMPLETIONS] = &check_completions,
        [CHECK_DOCUMENTS] = &check_documents,
        [CHECK_ITEMS] = &check_items,
        [CHECK_ENVELOPES] = &check_envelopes};
    struct row_array array = ROW_ARRAY(snapshot->arena, const char *);
    struct db_rows *rows =
        db_query(snapshot->db, ids[table], DB_VALUES(db_text(organisation), db_text(after), db_int(limit)));
    while (db_next(rows))
        *(const char **)row_push(&array) = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    *ret = (struct check_ids){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}

enum status store_check_bytes(const struct snapshot *snapshot, const char *organisation, enum check_table table,
    const char *id, struct check_bytes *ret, struct error *err)
{
    const struct statement *bytes = table == CHECK_DOCUMENTS ? &check_document_bytes
                                    : table == CHECK_ITEMS   ? &check_item_bytes
                                                             : &check_envelope_bytes;
    struct db_rows *rows = db_query(snapshot->db, bytes, DB_VALUES(db_text(organisation), db_text(id)));
    *ret = (struct check_bytes){0};
    if (db_next(rows))
        *ret = (struct check_bytes){
            .sha256 = db_get_text(rows, 0, snapshot->arena), .bytes = db_get_bytes(rows, 1, snapshot->arena)};
    db_done(rows);
    return db_status(snapshot->db, err);
}

/* ---- a whole file */

static enum status check_slice(
    const struct snapshot *snapshot, const char *chain, struct audit_verification *state, struct error *err)
{
    enum status status = audit_verify(snapshot, chain, state, CHECK_SLICE, err);
    if (status != ST_OK && err) {
        struct error cause = *err;
        status = error_set(err, status, "chain of %s: %s", chain, cause.detail);
    }
    return status;
}

/* Slices have memory of their own. */
static enum status check_chain(
    const struct snapshot *snapshot, const char *chain, struct store_verdict *verdict, struct error *err)
{
    struct audit_verification state = {0};
    struct snapshot slice = *snapshot;
    slice.arena = arena_new(0);
    enum status status = ST_OK;
    while (status == ST_OK && !state.finished) {
        status = check_slice(&slice, chain, &state, err);
        arena_reset(slice.arena);
    }
    arena_free(slice.arena);
    verdict->organisations += strcmp(chain, "system") != 0;
    verdict->records += state.seq;
    verdict->payloads += state.payloads;
    verdict->erased += state.erased;
    return status;
}

static enum status check_all(const struct snapshot *snapshot, struct store_verdict *verdict, struct error *err)
{
    const char *const *chains = NULL;
    size_t count = 0;
    enum status status = db_examine(snapshot->db, NULL, err);
    if (status == ST_OK)
        status = store_chains(snapshot, &chains, &count, err);
    for (size_t i = 0; status == ST_OK && i < count; i++)
        status = check_chain(snapshot, chains[i], verdict, err);
    return status;
}

/* Damage that SQLite only meets while it reads is the database's error, which sticks. */
static enum status check_in_one_state(struct db_conn *db, struct store_verdict *verdict, struct error *err)
{
    struct snapshot snapshot = {.db = db, .arena = arena_new(0), .now = 0};
    db_begin(db, false);
    enum status status = check_all(&snapshot, verdict, err);
    if (status == ST_OK)
        status = db_status(db, err);
    db_rollback(db);
    arena_free(snapshot.arena);
    return status;
}

enum status store_verify(
    const char *path, const atomic_bool *stop, struct store_verdict *ret, struct error *err)
{
    const struct db_options options = {.path = path, .as_is = true, .stop = stop};
    struct db_conn *db = NULL;
    int64_t log = 0;
    *ret = (struct store_verdict){0};
    enum status status = db_connect(&options, &db, err);
    if (status != ST_OK)
        return status;
    status = check_in_one_state(db, ret, err);
    db_sizes(&options, &ret->bytes, &log);
    db_disconnect(db);
    return status;
}
