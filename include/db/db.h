#pragma once
/*
 * Statements with sticky errors over a small driver. A connection belongs to one thread. The first failure
 * sticks: every later call is a no-op that reports it, until db_rollback, db_rollback_to or db_clear. Look
 * once, at the end of a unit.
 *
 * Statement texts are portable: `$n` parameters, INSERT ... ON CONFLICT ... RETURNING, no rowid, no
 * AUTOINCREMENT; times are BIGINT microseconds, civil dates ISO text, booleans 0 or 1, JSON text. Each text is
 * a `struct statement` declared with STATEMENT, which lists it in a section so that a test can prepare every
 * one of them on every database.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum db_class {
    DB_OK,
    DB_CONSTRAINT, /* unique, foreign key, check: ST_CONFLICT */
    DB_RETRY,      /* locked, serialization failure, deadlock: run the transaction again */
    DB_GONE,       /* connection lost outside COMMIT */
    DB_UNCERTAIN,  /* connection lost during COMMIT: look for the batch id */
    DB_FULL,       /* disk or quota */
    DB_CORRUPT,    /* not a database, malformed, I/O error on read */
    DB_BUG         /* wrong SQL, wrong parameters */
};

struct statement {
    const char *name;
    const char *sql;
};

#define STATEMENT(variable, text)                                                                              \
    static const struct statement variable = {#variable, text};                                                \
    static const struct statement *const variable##_listed __attribute__((section("sql_statements"), used)) =  \
        &variable

/* All statements linked into the program, in no order. */
void db_statements(const struct statement *const **ret_first, size_t *ret_count);

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB, DB_DATE /* `integer` is a date_t, stored as ISO text */ };

struct db_value {
    enum db_type type;
    int64_t integer;
    const char *bytes; /* borrowed until db_exec or db_query returns */
    size_t size;
};

struct db_value db_int(int64_t value);
struct db_value db_text(const char *text); /* NULL is SQL NULL */
struct db_value db_bytes(const void *bytes, size_t size);
struct db_value db_null(void);
struct db_value db_date(date_t date);          /* ISO text; DATE_NONE is NULL */
struct db_value db_instant(instant_t instant); /* INSTANT_NONE is NULL */
struct db_value db_bool(bool value);

struct db;      /* a database: where and how to connect; shared */
struct db_conn; /* one connection */
struct db_rows; /* a running query */

/* The driver beneath (db/driver.h): SQLite today; tests wrap it to inject faults. */
struct db_driver;
extern const struct db_driver db_sqlite;

struct db_options {
    const struct db_driver *driver; /* NULL = db_sqlite */
    const char *path;               /* of the SQLite file */
    bool read_only;
    bool as_is; /* only looks: whatever the file is, it is not changed (a backup keeps its journal mode) */
    const atomic_bool *stop; /* long statements end with DB_RETRY once it is true; NULL: nothing ends them */
};

/* Creates the database unless `read_only` (then it must exist). Errors: ST_BUSY locked, ST_FULL, ST_INTERNAL.
 * The options are copied, the path is not: it must live as long as the connection. */
enum status db_connect(const struct db_options *options, struct db_conn **ret, struct error *err);
/* Ends a transaction under way without committing it. NULL is fine. */
void db_disconnect(struct db_conn *conn);
/* Drops the link beneath and opens another, after DB_GONE and DB_UNCERTAIN: no transaction is under way then
 * and the sticky error is cleared. On failure the connection stays unusable and can be tried again. */
enum status db_reconnect(struct db_conn *conn, struct error *err);

/* The sticky error: DB_OK while everything went well. */
enum db_class db_class(const struct db_conn *conn);
/* As a status and a sentence: CONSTRAINT -> ST_CONFLICT, RETRY/GONE/UNCERTAIN -> ST_BUSY, FULL -> ST_FULL, else
 * ST_INTERNAL. */
enum status db_status(const struct db_conn *conn, struct error *err);
void db_clear(struct db_conn *conn);

/* A write transaction takes the database's write lock at once, waiting for it up to five seconds (DB_RETRY). */
void db_begin(struct db_conn *conn, bool write);
/* After an error, DB_UNCERTAIN or not, the transaction still has to be ended with db_rollback or db_reconnect.
 */
void db_commit(struct db_conn *conn);
/* Always ends the transaction and its savepoints, clears the error. */
void db_rollback(struct db_conn *conn);
void db_savepoint(struct db_conn *conn);
void db_release(struct db_conn *conn);
/* To the latest savepoint, which is released. Clears the error of a statement (DB_CONSTRAINT, DB_BUG); the
 * others concern the whole transaction and stay. */
void db_rollback_to(struct db_conn *conn);

/* Runs a statement to its end, dropping rows; the number of rows changed, 0 after an error. */
int64_t db_exec(
    struct db_conn *conn, const struct statement *statement, const struct db_value *values, size_t count);
/* A script of several statements (DDL). */
void db_script(struct db_conn *conn, const char *sql);

#define DB_VALUES(...)                                                                                         \
    (const struct db_value[]){__VA_ARGS__},                                                                    \
        sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)
#define DB_NO_VALUES NULL, 0

/* Rows, one after the other: struct db_rows *r = db_query(...); while (db_next(r)) ...; db_done(r). Column text
 * is copied into the arena; the values are borrowed until db_done. Always call db_done, also after errors (then
 * db_next is false at once). Queries may be nested, the same statement in itself too. A statement that changes
 * rows and returns them (RETURNING) has to be read to its end. A column of another type than asked for is 0,
 * NULL or none. */
struct db_rows *db_query(
    struct db_conn *conn, const struct statement *statement, const struct db_value *values, size_t count);
bool db_next(struct db_rows *rows);
void db_done(struct db_rows *rows);
bool db_is_null(const struct db_rows *rows, unsigned column);
int64_t db_get_int(const struct db_rows *rows, unsigned column);
const char *db_get_text(
    const struct db_rows *rows, unsigned column, struct arena *arena); /* NULL for SQL NULL */
struct span db_get_bytes(const struct db_rows *rows, unsigned column, struct arena *arena);
date_t db_get_date(const struct db_rows *rows, unsigned column);
instant_t db_get_instant(const struct db_rows *rows, unsigned column);

/* Writes a consistent copy into the new file `path`; outside transactions. */
enum status db_copy(struct db_conn *conn, const char *path, struct error *err);
/* The database's own check of its structures, of one table or of all (NULL), references to other tables
 * included. ST_INTERNAL with the first thing it found; nothing sticks. Inside or outside transactions. */
enum status db_examine(struct db_conn *conn, const char *table, struct error *err);
/* The table at that place in the order of names, for db_examine; NULL after the last one and after an error. */
const char *db_table(struct db_conn *conn, unsigned place, struct arena *arena);
/* Bytes on disk, of the data and of the write-ahead log. Any thread. */
void db_sizes(const struct db_options *options, int64_t *ret_data, int64_t *ret_log);

struct migration {
    int version; /* 1, 2, 3 ... */
    const char *name;
    const char *sqlite;
    const char *postgresql;
};
/* Applies what is missing, each in its own transaction with its row in schema_version. Refuses a newer store.
 */
enum status db_migrate(
    struct db_conn *conn, const struct migration *migrations, size_t count, struct error *err);
