/*
 * Connections with a sticky error and a statement cache over a driver. A connection belongs to one thread at a
 * time; nothing here is shared.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DB_FIRST_SLOTS 256
#define DB_VALUES_MAX  64

struct db_rows {
    struct db_conn *conn;
    const char *name;         /* of the statement */
    struct db_cursor *cursor; /* NULL: there are no rows */
    bool busy;                /* between db_query and db_done */
    bool live;                /* there may be another row */
    bool on_row;
    bool temporary; /* not of the cache: freed by db_done */
    char dates[DB_VALUES_MAX][DATE_TEXT_MAX];
};

struct db_cached {
    const struct statement *statement;
    struct db_rows rows;
};

/* The linker's names for the ends of the section; both are NULL in a program without a statement. */
extern const struct statement *const db_first_statement[] __asm__("__start_sql_statements")
    __attribute__((weak));
extern const struct statement *const db_after_statements[] __asm__("__stop_sql_statements")
    __attribute__((weak));

void db_statements(const struct statement *const **ret_first, size_t *ret_count)
{
    *ret_first = db_first_statement;
    *ret_count = ((uintptr_t)db_after_statements - (uintptr_t)db_first_statement) / sizeof *db_first_statement;
}

/* ---- values */

struct db_value db_int(int64_t value)
{
    return (struct db_value){.type = DB_INT, .integer = value};
}

struct db_value db_text(const char *text)
{
    return text ? (struct db_value){.type = DB_TEXT, .bytes = text, .size = strlen(text)} : db_null();
}

struct db_value db_bytes(const void *bytes, size_t size)
{
    return (struct db_value){.type = DB_BLOB, .bytes = bytes ? bytes : "", .size = size};
}

struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

struct db_value db_date(date_t date)
{
    return date == DATE_NONE ? db_null() : (struct db_value){.type = DB_DATE, .integer = date};
}

struct db_value db_instant(instant_t instant)
{
    return instant == INSTANT_NONE ? db_null() : db_int(instant);
}

struct db_value db_bool(bool value)
{
    return db_int(value);
}

/* ---- the sticky error */

static void db_fail(struct db_conn *conn, enum db_class class, const char *subject, const char *why)
{
    if (class == DB_OK || conn->class != DB_OK)
        return;
    conn->class = class;
    snprintf(conn->message, sizeof conn->message, "%s: %s", subject, why);
}

static void db_check(struct db_conn *conn, enum db_class class, const char *subject)
{
    if (class != DB_OK)
        db_fail(conn, class, subject, conn->driver->message(conn->link));
}

/* False after an error, and when there is no link: then the error is DB_GONE. */
static bool db_usable(struct db_conn *conn, const char *subject)
{
    if (!conn->link)
        db_fail(conn, DB_GONE, subject, "not connected");
    return conn->class == DB_OK;
}

enum db_class db_class(const struct db_conn *conn)
{
    return conn->class;
}

void db_clear(struct db_conn *conn)
{
    conn->class = DB_OK;
    conn->message[0] = '\0';
}

static enum status db_class_status(enum db_class class)
{
    static const enum status statuses[] = {
        [DB_OK] = ST_OK,
        [DB_CONSTRAINT] = ST_CONFLICT,
        [DB_RETRY] = ST_BUSY,
        [DB_GONE] = ST_BUSY,
        [DB_UNCERTAIN] = ST_BUSY,
        [DB_FULL] = ST_FULL,
        [DB_CORRUPT] = ST_INTERNAL,
        [DB_BUG] = ST_INTERNAL,
    };
    return statuses[class];
}

enum status db_status(const struct db_conn *conn, struct error *err)
{
    enum status status = db_class_status(conn->class);
    return status == ST_OK ? ST_OK : error_set(err, status, "store: %s", conn->message);
}

/* ---- connecting */

static enum status db_open_link(struct db_conn *conn, struct error *err)
{
    char why[DB_WHY_MAX] = "";
    enum db_class class = conn->driver->open(&conn->options, &conn->link, why);
    if (class == DB_OK)
        return ST_OK;
    conn->link = NULL;
    return error_set(err, db_class_status(class), "cannot open the store %s: %s", conn->options.path, why);
}

static void db_forget_statements(struct db_conn *conn)
{
    for (size_t i = 0; i < conn->slots; i++) {
        if (!conn->cache[i])
            continue;
        conn->driver->finish(conn->cache[i]->rows.cursor);
        free(conn->cache[i]);
        conn->cache[i] = NULL;
    }
    conn->cached = 0;
}

static void db_close_link(struct db_conn *conn)
{
    if (!conn->link)
        return;
    db_forget_statements(conn);
    conn->driver->close(conn->link);
    conn->link = NULL;
}

static void *db_alloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        abort();
    return memory;
}

enum status db_connect(const struct db_options *options, struct db_conn **ret, struct error *err)
{
    struct db_conn *conn = db_alloc(1, sizeof *conn);
    conn->options = *options;
    conn->driver = options->driver ? options->driver : &db_sqlite;
    conn->slots = DB_FIRST_SLOTS;
    conn->cache = db_alloc(conn->slots, sizeof *conn->cache);
    conn->failed = db_alloc(1, sizeof *conn->failed);
    conn->failed->conn = conn;
    enum status status = db_open_link(conn, err);
    if (status == ST_OK)
        *ret = conn;
    else
        db_disconnect(conn);
    return status;
}

void db_disconnect(struct db_conn *conn)
{
    if (!conn)
        return;
    db_close_link(conn);
    free(conn->failed);
    free(conn->cache);
    free(conn);
}

enum status db_reconnect(struct db_conn *conn, struct error *err)
{
    db_close_link(conn);
    conn->level = 0;
    db_clear(conn);
    return db_open_link(conn, err);
}

/* ---- transactions */

void db_begin(struct db_conn *conn, bool write)
{
    conn->level = 0;
    if (db_usable(conn, "begin"))
        db_check(conn, conn->driver->begin(conn->link, write), "begin");
}

void db_commit(struct db_conn *conn)
{
    if (db_usable(conn, "commit"))
        db_check(conn, conn->driver->commit(conn->link), "commit");
}

void db_rollback(struct db_conn *conn)
{
    if (conn->link)
        conn->driver->rollback(conn->link);
    conn->level = 0;
    db_clear(conn);
}

void db_savepoint(struct db_conn *conn)
{
    conn->level++;
    if (db_usable(conn, "savepoint"))
        db_check(conn, conn->driver->savepoint(conn->link, DB_SAVEPOINT_SET, conn->level), "savepoint");
}

void db_release(struct db_conn *conn)
{
    if (db_usable(conn, "release"))
        db_check(conn, conn->driver->savepoint(conn->link, DB_SAVEPOINT_RELEASE, conn->level), "release");
    conn->level--;
}

void db_rollback_to(struct db_conn *conn)
{
    if (conn->class == DB_CONSTRAINT || conn->class == DB_BUG)
        db_clear(conn);
    if (db_usable(conn, "rollback"))
        db_check(conn, conn->driver->savepoint(conn->link, DB_SAVEPOINT_ROLLBACK, conn->level), "rollback");
    conn->level--;
}

void db_script(struct db_conn *conn, const char *sql)
{
    if (db_usable(conn, "script"))
        db_check(conn, conn->driver->script(conn->link, sql), "script");
}

/* ---- statements */

static size_t db_slot(const struct db_conn *conn, const struct statement *statement)
{
    uint64_t mixed = ((uintptr_t)statement >> 4) * UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(mixed >> 20) & (conn->slots - 1);
    while (conn->cache[slot] && conn->cache[slot]->statement != statement)
        slot = (slot + 1) & (conn->slots - 1);
    return slot;
}

static void db_grow_cache(struct db_conn *conn)
{
    struct db_cached **before = conn->cache;
    size_t count = conn->slots;
    conn->slots *= 2;
    conn->cache = db_alloc(conn->slots, sizeof *conn->cache);
    for (size_t i = 0; i < count; i++)
        if (before[i])
            conn->cache[db_slot(conn, before[i]->statement)] = before[i];
    free(before);
}

static struct db_cursor *db_prepare(struct db_conn *conn, const struct statement *statement)
{
    struct db_cursor *cursor = NULL;
    db_check(conn, conn->driver->prepare(conn->link, statement->sql, &cursor), statement->name);
    return conn->class == DB_OK ? cursor : NULL;
}

/* The statement's own rows, or others when those are being read. NULL after an error. */
static struct db_rows *db_rows_of(struct db_conn *conn, const struct statement *statement)
{
    size_t slot = db_slot(conn, statement);
    struct db_cached *cached = conn->cache[slot];
    if (cached && !cached->rows.busy)
        return &cached->rows;
    struct db_cursor *cursor = db_prepare(conn, statement);
    if (!cursor)
        return NULL;
    if (cached) {
        struct db_rows *rows = db_alloc(1, sizeof *rows);
        *rows = (struct db_rows){.conn = conn, .name = statement->name, .cursor = cursor, .temporary = true};
        return rows;
    }
    cached = db_alloc(1, sizeof *cached);
    *cached = (struct db_cached){
        .statement = statement, .rows = {.conn = conn, .name = statement->name, .cursor = cursor}};
    conn->cache[slot] = cached;
    if (++conn->cached * 2 > conn->slots)
        db_grow_cache(conn);
    return &cached->rows;
}

static void db_start(struct db_rows *rows, const struct db_value *values, size_t count)
{
    struct db_conn *conn = rows->conn;
    struct db_value plain[DB_VALUES_MAX];
    rows->busy = true;
    if (count > DB_VALUES_MAX) {
        db_fail(conn, DB_BUG, rows->name, "too many parameters");
        return;
    }
    for (size_t i = 0; i < count; i++)
        plain[i] = values[i].type == DB_DATE ? db_text(date_text((date_t)values[i].integer, rows->dates[i]))
                                             : values[i];
    db_check(conn, conn->driver->start(rows->cursor, plain, count), rows->name);
    rows->live = conn->class == DB_OK;
}

struct db_rows *db_query(
    struct db_conn *conn, const struct statement *statement, const struct db_value *values, size_t count)
{
    if (!db_usable(conn, statement->name))
        return conn->failed;
    struct db_rows *rows = db_rows_of(conn, statement);
    if (!rows)
        return conn->failed;
    db_start(rows, values, count);
    return rows;
}

static bool db_step(struct db_rows *rows, int64_t *ret_changed)
{
    struct db_conn *conn = rows->conn;
    bool row = false;
    rows->on_row = false;
    if (!rows->live || conn->class != DB_OK)
        return false;
    db_check(conn, conn->driver->step(rows->cursor, &row, ret_changed), rows->name);
    rows->live = rows->on_row = row && conn->class == DB_OK;
    return rows->on_row;
}

bool db_next(struct db_rows *rows)
{
    int64_t changed;
    return db_step(rows, &changed);
}

void db_done(struct db_rows *rows)
{
    if (!rows->cursor)
        return;
    const struct db_driver *driver = rows->conn->driver;
    rows->busy = rows->live = rows->on_row = false;
    if (rows->temporary) {
        driver->finish(rows->cursor);
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): temporary rows are no part of a cached statement */
        free(rows);
        return;
    }
    driver->reset(rows->cursor);
}

int64_t db_exec(
    struct db_conn *conn, const struct statement *statement, const struct db_value *values, size_t count)
{
    int64_t changed = 0;
    struct db_rows *rows = db_query(conn, statement, values, count);
    while (db_step(rows, &changed))
        ;
    db_done(rows);
    return conn->class == DB_OK ? changed : 0;
}

/* ---- columns */

static struct db_value db_column(const struct db_rows *rows, unsigned column)
{
    struct db_value value = {.type = DB_NULL};
    if (rows->on_row)
        rows->conn->driver->column(rows->cursor, column, &value);
    return value;
}

bool db_is_null(const struct db_rows *rows, unsigned column)
{
    return db_column(rows, column).type == DB_NULL;
}

int64_t db_get_int(const struct db_rows *rows, unsigned column)
{
    struct db_value value = db_column(rows, column);
    return value.type == DB_INT ? value.integer : 0;
}

const char *db_get_text(const struct db_rows *rows, unsigned column, struct arena *arena)
{
    struct db_value value = db_column(rows, column);
    return value.type == DB_TEXT ? arena_strndup(arena, value.bytes, value.size) : NULL;
}

struct span db_get_bytes(const struct db_rows *rows, unsigned column, struct arena *arena)
{
    struct db_value value = db_column(rows, column);
    if (value.type != DB_BLOB)
        return (struct span){.data = NULL, .size = 0};
    return (struct span){.data = arena_copy(arena, value.bytes, value.size), .size = value.size};
}

date_t db_get_date(const struct db_rows *rows, unsigned column)
{
    struct db_value value = db_column(rows, column);
    char text[DATE_TEXT_MAX];
    date_t date;
    if (value.type != DB_TEXT || value.size != sizeof text - 1)
        return DATE_NONE;
    memcpy(text, value.bytes, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    return date_parse(text, &date) ? date : DATE_NONE;
}

instant_t db_get_instant(const struct db_rows *rows, unsigned column)
{
    struct db_value value = db_column(rows, column);
    return value.type == DB_INT ? value.integer : INSTANT_NONE;
}

/* ---- the whole database */

enum status db_copy(struct db_conn *conn, const char *path, struct error *err)
{
    if (db_usable(conn, "copy"))
        db_check(conn, conn->driver->copy(conn->link, path), "copy");
    enum status status = db_status(conn, err);
    db_clear(conn);
    return status;
}

enum status db_examine(struct db_conn *conn, const char *table, struct error *err)
{
    char why[DB_WHY_MAX] = "";
    enum status status = db_status(conn, err);
    if (status != ST_OK || !db_usable(conn, "check"))
        return status;
    enum db_class class = conn->driver->examine(conn->link, table, why);
    if (class != DB_OK)
        return error_set(err, ST_INTERNAL, "the check failed: %s", conn->driver->message(conn->link));
    return why[0] ? error_set(err, ST_INTERNAL, "the database is damaged: %s", why) : ST_OK;
}

const char *db_table(struct db_conn *conn, unsigned place, struct arena *arena)
{
    char name[DB_NAME_MAX] = "";
    if (!db_usable(conn, "table"))
        return NULL;
    db_check(conn, conn->driver->table(conn->link, place, name), "table");
    return name[0] ? arena_strdup(arena, name) : NULL;
}

void db_sizes(const struct db_options *options, int64_t *ret_data, int64_t *ret_log)
{
    (options->driver ? options->driver : &db_sqlite)->sizes(options, ret_data, ret_log);
}
