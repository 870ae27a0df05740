/* Sealing anew. On the write lane's thread, or a command's. */
#include "store/rekey.h"

#include "internal.h"

STATEMENT(rekey_sources, "SELECT id, secret, secret_previous FROM source WHERE organisation = $1 ORDER BY id");
STATEMENT(rekey_set_source,
    "UPDATE source SET secret = $3, secret_previous = $4 WHERE organisation = $1 AND id = $2");
STATEMENT(rekey_subscriptions,
    "SELECT id, secret, secret_previous FROM subscription WHERE organisation = $1 ORDER BY id");
STATEMENT(rekey_set_subscription,
    "UPDATE subscription SET secret = $3, secret_previous = $4 WHERE organisation = $1 AND id = $2");
STATEMENT(rekey_pulls, "SELECT source, credential, token FROM pull WHERE organisation = $1 ORDER BY source");
STATEMENT(
    rekey_set_pull, "UPDATE pull SET credential = $3, token = $4 WHERE organisation = $1 AND source = $2");
STATEMENT(rekey_calendars, "SELECT id, password, NULL FROM calendar WHERE organisation = $1 ORDER BY id");
STATEMENT(rekey_set_calendar,
    "UPDATE calendar SET password = $3 WHERE organisation = $1 AND id = $2 AND CAST($4 AS TEXT) IS NULL");

/* What a value is bound to: the id of its row between these. */
struct rekey_context {
    const char *before, *after;
};

/* A query of an id and up to two sealed values bound to it, and the statement that writes them back. */
static const struct rekey_table {
    const struct statement *read, *write;
    struct rekey_context contexts[2];
} rekey_tables[] = {
    {&rekey_sources, &rekey_set_source, {{"", ""}, {"", ""}}},
    {&rekey_subscriptions, &rekey_set_subscription, {{"", ""}, {"", ""}}},
    {&rekey_pulls, &rekey_set_pull, {{"", "/credential"}, {"", "/token"}}},
    {&rekey_calendars, &rekey_set_calendar, {{"calendars/", "/password"}, {"", ""}}},
};

struct rekey_row {
    const char *id;
    const char *values[2];
};

/* Replaces a value that is not of the newest key. */
static enum status rekey_value(const struct txn *txn, const char *id, const struct rekey_context *bound,
    const char **value, struct rekey_counts *counts, struct error *err)
{
    const char *context = arena_printf(txn->snapshot.arena, "%s%s%s", bound->before, id, bound->after);
    struct secret *plain = NULL;
    struct error cause = ERROR_INIT;
    if (!*value)
        return ST_OK;
    if (sealed_current(txn->keyring, *value)) {
        counts->current++;
        return ST_OK;
    }
    enum status status = unseal(txn->keyring, context, *value, &plain, &cause);
    if (status != ST_OK)
        return error_set(err, status, "the secret of %s: %s", id, cause.detail);
    size_t size;
    const unsigned char *bytes = secret_bytes(plain, &size);
    char *renewed = NULL;
    status = seal(txn->keyring, txn->snapshot.arena, context, bytes, size, &renewed, err);
    secret_free(plain);
    *value = renewed;
    counts->renewed += status == ST_OK;
    return status;
}

static enum status rekey_one(struct txn *txn, const struct rekey_table *table, struct rekey_row *row,
    struct rekey_counts *counts, struct error *err)
{
    const int64_t before = counts->renewed;
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < 2; i++)
        status = rekey_value(txn, row->id, &table->contexts[i], &row->values[i], counts, err);
    if (status == ST_OK && counts->renewed > before)
        db_exec(txn->snapshot.db, table->write,
            DB_VALUES(db_text(txn->organisation), db_text(row->id), db_text(row->values[0]),
                db_text(row->values[1])));
    return status;
}

static enum status rekey_table(
    struct txn *txn, const struct rekey_table *table, struct rekey_counts *counts, struct error *err)
{
    struct arena *arena = txn->snapshot.arena;
    struct row_array array = ROW_ARRAY(arena, struct rekey_row);
    struct db_rows *rows = db_query(txn->snapshot.db, table->read, DB_VALUES(db_text(txn->organisation)));
    while (db_next(rows))
        *(struct rekey_row *)row_push(&array) = (struct rekey_row){.id = db_get_text(rows, 0, arena),
            .values = {db_get_text(rows, 1, arena), db_get_text(rows, 2, arena)}};
    db_done(rows);
    struct rekey_row *items = array.items;
    enum status status = db_status(txn->snapshot.db, err);
    for (size_t i = 0; status == ST_OK && i < array.count; i++)
        status = rekey_one(txn, table, &items[i], counts, err);
    return status;
}

enum status rekey_organisation(struct txn *txn, struct rekey_counts *ret, struct error *err)
{
    struct rekey_counts counts = {0};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < sizeof rekey_tables / sizeof rekey_tables[0]; i++)
        status = rekey_table(txn, &rekey_tables[i], &counts, err);
    if (status == ST_OK)
        status = db_status(txn->snapshot.db, err);
    *ret = counts;
    return status;
}
