#pragma once
/*
 * What a database offers beneath db.c. A driver translates and classifies, nothing more: it keeps no sticky
 * error (db.c stops calling after the first class that is not DB_OK), knows no statement by name and caches
 * nothing. A link and its cursors belong to one thread at a time.
 *
 * A driver never sees DB_DATE: db.c turns civil dates into text first. `$n` parameters are numbered from 1; the
 * values given to `start` are $1, $2 ... and there must be as many as the text has.
 */
#include "db/db.h"

struct db_link;   /* a connection */
struct db_cursor; /* a prepared statement and its rows */

enum db_dialect { DB_DIALECT_SQLITE, DB_DIALECT_POSTGRESQL }; /* picks the DDL */
enum db_savepoint { DB_SAVEPOINT_SET, DB_SAVEPOINT_RELEASE, DB_SAVEPOINT_ROLLBACK /* and release */ };

#define DB_WHY_MAX  200
#define DB_NAME_MAX 64

struct db_driver {
    const char *name;
    enum db_dialect dialect;

    /* `why` receives a sentence when the class is not DB_OK. */
    enum db_class (*open)(const struct db_options *options, struct db_link **ret, char why[DB_WHY_MAX]);
    void (*close)(struct db_link *link); /* after all its cursors */
    /* The latest error of the link, in the database's words. */
    const char *(*message)(struct db_link *link);

    enum db_class (*script)(struct db_link *link, const char *sql);
    enum db_class (*begin)(struct db_link *link, bool write);
    enum db_class (*commit)(struct db_link *link);
    void (*rollback)(struct db_link *link); /* harmless without a transaction */
    enum db_class (*savepoint)(struct db_link *link, enum db_savepoint action, unsigned level);

    enum db_class (*prepare)(struct db_link *link, const char *sql, struct db_cursor **ret);
    void (*finish)(struct db_cursor *cursor); /* NULL is fine */
    /* Borrows the values until it is reset or finished. */
    enum db_class (*start)(struct db_cursor *cursor, const struct db_value *values, size_t count);
    /* The next row, or none and how many rows the statement changed. */
    enum db_class (*step)(struct db_cursor *cursor, bool *ret_row, int64_t *ret_changed);
    /* A column of the current row; bytes are borrowed until the next step or reset. */
    void (*column)(struct db_cursor *cursor, unsigned column, struct db_value *ret);
    void (*reset)(struct db_cursor *cursor);

    /* A consistent copy of the whole database into a new file. */
    enum db_class (*copy)(struct db_link *link, const char *path);
    /* Checks a table, or all; `why` stays empty when nothing is wrong. */
    enum db_class (*examine)(struct db_link *link, const char *table, char why[DB_WHY_MAX]);
    /* The name of a table by its place, "" after the last one. */
    enum db_class (*table)(struct db_link *link, unsigned place, char name[DB_NAME_MAX]);
    /* Bytes of the database and of its write-ahead log, 0 when it cannot tell. Any thread. */
    void (*sizes)(const struct db_options *options, int64_t *ret_data, int64_t *ret_log);
};
