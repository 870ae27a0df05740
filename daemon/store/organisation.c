/*
 * Organisations and their counters. The row is also the head of the audit chain, which chain.c locks and moves.
 */
#include "store/organisation.h"

#include "internal.h"

#define ORGANISATION_COLUMNS                                                                                   \
    "key, id, name, siren, locale, zone, deliveries, settings, version, facts_version, data_version, "         \
    "created_at, updated_at, rules, facts_cause"

STATEMENT(organisation_insert, "INSERT INTO organisation (key, id, name, siren, locale, zone, deliveries, "
                               "settings, version, facts_version, "
                               "data_version, audit_seq, audit_hash, created_at, updated_at, rules) "
                               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 1, 0, 0, '', $9, $9, $10)");
STATEMENT(organisation_take_rules,
    "UPDATE organisation SET rules = $2, facts_cause = $2, facts_version = facts_version + 1 "
    "WHERE key = $1 AND rules <> $2 RETURNING facts_version");
STATEMENT(organisation_write,
    "UPDATE organisation SET name = $2, siren = $3, locale = $4, zone = $5, deliveries = $6, settings = $7, "
    "updated_at = $8, version = version + 1 WHERE key = $1 AND (CAST($9 AS BIGINT) = 0 OR version = $9) "
    "RETURNING version");
STATEMENT(organisation_version, "SELECT version FROM organisation WHERE key = $1 AND id = $2");
STATEMENT(organisation_by_key,
    "SELECT " ORGANISATION_COLUMNS " FROM organisation WHERE key = $1 AND key <> 'system'");
STATEMENT(organisation_zone, "SELECT zone FROM organisation WHERE key = $1");
STATEMENT(organisation_page, "SELECT " ORGANISATION_COLUMNS
                             " FROM organisation WHERE key > $1 AND key <> 'system' ORDER BY key LIMIT $2");
STATEMENT(organisation_raise,
    "UPDATE organisation SET facts_version = facts_version + 1, facts_cause = $2 WHERE key = $1 RETURNING "
    "facts_version");
/* Each subquery takes one row of an index: a look costs the same however many employees there are. */
STATEMENT(organisation_watch_all,
    "SELECT key, zone, next_check, stale FROM (SELECT o.key, o.zone, "
    "(SELECT e.next_check FROM employee e WHERE e.organisation = o.key AND e.next_check IS NOT NULL "
    "ORDER BY e.next_check LIMIT 1) AS next_check, "
    "(SELECT 1 WHERE o.rules <> $1 OR EXISTS (SELECT 1 FROM employee e WHERE e.organisation = o.key "
    "AND e.facts_version < o.facts_version)) AS stale "
    "FROM organisation o WHERE o.key <> 'system') w WHERE next_check IS NOT NULL OR stale = 1 ORDER BY key");

const char *const delivery_mode_names[] = {"off", "held", "live", NULL};

static void organisation_fill(const struct db_rows *rows, struct arena *arena, struct organisation_row *row)
{
    *row = (struct organisation_row){.key = db_get_text(rows, 0, arena),
        .id = db_get_text(rows, 1, arena),
        .name = db_get_text(rows, 2, arena),
        .siren = db_get_text(rows, 3, arena),
        .locale = db_get_text(rows, 4, arena),
        .zone = db_get_text(rows, 5, arena),
        .deliveries = (enum delivery_mode)row_name_index(delivery_mode_names, db_get_text(rows, 6, arena)),
        .settings = db_get_text(rows, 7, arena),
        .version = db_get_int(rows, 8),
        .facts_version = db_get_int(rows, 9),
        .data_version = db_get_int(rows, 10),
        .created_at = db_get_instant(rows, 11),
        .updated_at = db_get_instant(rows, 12),
        .rules = db_get_text(rows, 13, arena),
        .facts_cause = db_get_text(rows, 14, arena)};
}

enum status organisation_add(struct txn *txn, struct organisation_row *row, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    char *key = arena_alloc(txn->snapshot.arena, ORG_KEY_MAX), id[ID_MAX];
    if (row->id && !id_parse(row->id, "org", key))
        return error_set(err, ST_INVALID, "%s is not the id of an organisation", row->id);
    if (!row->id)
        org_key_new(key);
    id_new(id, "org", key, txn->snapshot.now);
    db_exec(db, &organisation_insert,
        DB_VALUES(db_text(key), db_text(id), db_text(row->name), db_text(row->siren), db_text(row->locale),
            db_text(row->zone), db_text(delivery_mode_names[row->deliveries]), db_text(row->settings),
            db_instant(txn->snapshot.now), db_text(row->rules ? row->rules : "")));
    if (row_taken(db))
        return error_set(err, ST_CONFLICT, "there is an organisation %s already", id);
    row->key = key;
    row->id = arena_strdup(txn->snapshot.arena, id);
    row->version = row->facts_version = 1;
    row->data_version = 0;
    row->created_at = row->updated_at = txn->snapshot.now;
    return db_status(db, err);
}

enum status organisation_update(
    struct txn *txn, struct organisation_row *row, int64_t expected, struct error *err)
{
    enum status status = row_own(txn, row->id, "org", err);
    if (status != ST_OK)
        return status;
    int64_t version = row_write(txn->snapshot.db, &organisation_write,
        DB_VALUES(db_text(txn->organisation), db_text(row->name), db_text(row->siren), db_text(row->locale),
            db_text(row->zone), db_text(delivery_mode_names[row->deliveries]), db_text(row->settings),
            db_instant(txn->snapshot.now), db_int(expected)));
    status = row_changed(txn, version, &organisation_version, "organisation", row->id, expected, err);
    if (status == ST_OK) {
        row->version = version;
        row->updated_at = txn->snapshot.now;
    }
    return status;
}

enum status organisation_get(
    const struct snapshot *snapshot, const char *key, struct organisation_row *ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &organisation_by_key, DB_VALUES(db_text(key)));
    bool found = db_next(rows);
    if (found)
        organisation_fill(rows, snapshot->arena, ret);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "organisation", key, err);
}

enum status organisation_zone_name(
    const struct snapshot *snapshot, const char *key, const char **ret, struct error *err)
{
    struct db_rows *rows = db_query(snapshot->db, &organisation_zone, DB_VALUES(db_text(key)));
    bool found = db_next(rows);
    if (found)
        *ret = db_get_text(rows, 0, snapshot->arena);
    db_done(rows);
    return found ? ST_OK : row_missing(snapshot->db, "organisation", key, err);
}

enum status organisation_list(
    const struct snapshot *snapshot, const struct page *page, struct organisation_list *ret, struct error *err)
{
    const char *after;
    enum status status = cursor_read(snapshot->arena, page, "", &after, 1, err);
    if (status != ST_OK)
        return status;
    struct row_array array = ROW_ARRAY(snapshot->arena, struct organisation_row);
    unsigned limit = page_limit(page);
    struct db_rows *rows =
        db_query(snapshot->db, &organisation_page, DB_VALUES(db_text(after), db_int(limit + 1)));
    while (db_next(rows))
        organisation_fill(rows, snapshot->arena, row_push(&array));
    db_done(rows);
    struct organisation_row *items = array.items;
    bool more = row_cut(&array, limit);
    *ret = (struct organisation_list){.items = items, .count = array.count};
    if (more)
        ret->next = cursor_make(snapshot->arena, &items[limit - 1].key, 1);
    return db_status(snapshot->db, err);
}

enum status organisation_raise_facts(struct txn *txn, const char *cause, int64_t *ret, struct error *err)
{
    int64_t version =
        row_write(txn->snapshot.db, &organisation_raise, DB_VALUES(db_text(txn->organisation), db_text(cause)));
    if (version == 0)
        return row_missing(txn->snapshot.db, "organisation", txn->organisation, err);
    if (ret)
        *ret = version;
    return ST_OK;
}

enum status organisation_rules(struct txn *txn, const char *rules, bool *ret_changed, struct error *err)
{
    struct db_conn *db = txn->snapshot.db;
    int64_t version =
        row_write(db, &organisation_take_rules, DB_VALUES(db_text(txn->organisation), db_text(rules)));
    *ret_changed = version > 0;
    return db_status(db, err);
}

enum status organisation_watches(
    const struct snapshot *snapshot, const char *rules, struct organisation_watch_list *ret, struct error *err)
{
    struct row_array array = ROW_ARRAY(snapshot->arena, struct organisation_watch);
    struct db_rows *rows = db_query(snapshot->db, &organisation_watch_all, DB_VALUES(db_text(rules)));
    while (db_next(rows))
        *(struct organisation_watch *)row_push(&array) =
            (struct organisation_watch){.key = db_get_text(rows, 0, snapshot->arena),
                .zone = db_get_text(rows, 1, snapshot->arena),
                .next_check = db_get_date(rows, 2),
                .stale = db_get_int(rows, 3) == 1};
    db_done(rows);
    *ret = (struct organisation_watch_list){.items = array.items, .count = array.count};
    return db_status(snapshot->db, err);
}
