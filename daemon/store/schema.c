/*
 * The schema's versions: one row per change that was ever released; a released row is never edited.
 */
#include "internal.h"

extern const char store_schema_sqlite[];
extern const char store_schema_postgresql[];

enum status store_migrate(struct db_conn *db, struct error *err)
{
    const struct migration migrations[] = {
        {.version = 1, .name = "tables", .sqlite = store_schema_sqlite, .postgresql = store_schema_postgresql},
    };
    return db_migrate(db, migrations, sizeof migrations / sizeof migrations[0], err);
}
