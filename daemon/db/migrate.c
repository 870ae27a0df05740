/*
 * Migrations: brings the schema of a database to the version this program knows, one transaction a step. Two
 * programs that start at once are safe: the version is read again under the write lock.
 */
#include "internal.h"

#include <string.h>

static const char migrate_table[] = "CREATE TABLE IF NOT EXISTS schema_version ("
                                    "version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)";

STATEMENT(schema_version_get, "SELECT COALESCE(MAX(version), 0) FROM schema_version");
STATEMENT(schema_version_add, "INSERT INTO schema_version (version, name) VALUES ($1, $2)");

static int64_t migrate_version(struct db_conn *conn)
{
    struct db_rows *rows = db_query(conn, &schema_version_get, DB_NO_VALUES);
    int64_t version = db_next(rows) ? db_get_int(rows, 0) : 0;
    db_done(rows);
    return version;
}

static void migrate_step(struct db_conn *conn, const struct migration *migration)
{
    bool postgresql = conn->driver->dialect == DB_DIALECT_POSTGRESQL;
    db_begin(conn, true);
    if (migrate_version(conn) < migration->version) {
        db_script(conn, postgresql ? migration->postgresql : migration->sqlite);
        db_exec(conn, &schema_version_add, DB_VALUES(db_int(migration->version), db_text(migration->name)));
    }
    db_commit(conn);
}

enum status db_migrate(
    struct db_conn *conn, const struct migration *migrations, size_t count, struct error *err)
{
    int64_t newest = count > 0 ? migrations[count - 1].version : 0;
    db_begin(conn, true);
    db_script(conn, migrate_table);
    int64_t version = migrate_version(conn);
    db_commit(conn);
    for (size_t i = 0; i < count; i++)
        if (migrations[i].version > version)
            migrate_step(conn, &migrations[i]);
    enum status status = db_status(conn, err);
    db_rollback(conn);
    if (status == ST_OK && version > newest)
        return error_set(err, ST_CONFLICT,
            "the store has schema version %lld, this program knows only up to %lld", (long long)version,
            (long long)newest);
    return status;
}
