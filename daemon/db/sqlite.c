/*
 * The SQLite driver: one file in WAL mode, every commit on disk (synchronous=FULL). `$n` is a named parameter
 * to SQLite, numbered by first appearance: each is looked up once, when the statement is prepared.
 */
#include "db/driver.h"
#include "sqlite_log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SQLITE_WAIT_MS 5000

/* A connection's small memory: what statements take and give back at each run. */
enum { SQLITE_SMALL_SIZE = 1200, SQLITE_SMALL_COUNT = 400 };

struct db_link {
    sqlite3 *handle;
    const char *why; /* the latest refusal of our own, NULL = SQLite's */
    const atomic_bool *stop;
};

struct db_cursor {
    struct db_link *link;
    sqlite3_stmt *stmt;
    unsigned count;
    int index[]; /* of $1, $2 ... */
};

/* What every connection is set to. mmap spares readers a copy; deleted personal data is overwritten. */
static const char sqlite_settings[] = "PRAGMA synchronous=FULL;"
                                      "PRAGMA foreign_keys=ON;"
                                      "PRAGMA trusted_schema=OFF;"
                                      "PRAGMA secure_delete=ON;"
                                      "PRAGMA temp_store=MEMORY;"
                                      "PRAGMA cache_size=-16384;"
                                      "PRAGMA mmap_size=134217728;"
                                      "PRAGMA wal_autocheckpoint=4000;"
                                      "PRAGMA journal_size_limit=67108864;";

/* Whether the latest failure of the file behind a pointer opcode is a want of room. A disk without room is
 * SQLITE_FULL already, a quota or a limit on file sizes is only told by the file. */
static bool sqlite_no_room(sqlite3 *handle, int pointer)
{
    sqlite3_file *file = NULL;
    int cause = 0;
    if (sqlite3_file_control(handle, "main", pointer, (void *)&file) != SQLITE_OK || !file || !file->pMethods)
        return false;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &cause);
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

static enum db_class sqlite_io_class(sqlite3 *handle, int extended)
{
    if (extended == SQLITE_IOERR_SHMSIZE || sqlite_no_room(handle, SQLITE_FCNTL_JOURNAL_POINTER) ||
        sqlite_no_room(handle, SQLITE_FCNTL_FILE_POINTER))
        return DB_FULL;
    switch (extended) {
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_DATA:
        return DB_CORRUPT;
    default:
        return DB_GONE;
    }
}

static enum db_class sqlite_class(sqlite3 *handle, int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return DB_OK;
    case SQLITE_CONSTRAINT:
        return DB_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_SCHEMA:
        return DB_RETRY;
    case SQLITE_FULL:
        return DB_FULL;
    case SQLITE_IOERR:
        return sqlite_io_class(handle, code);
    case SQLITE_CANTOPEN:
        return DB_GONE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return DB_CORRUPT;
    case SQLITE_NOMEM:
        abort();
    default:
        return DB_BUG;
    }
}

/* A failure that has ended the transaction, or had none, has left nothing to be written. */
static enum db_class sqlite_outcome(struct db_link *link, int code)
{
    enum db_class class = sqlite_class(link->handle, code);
    if (class != DB_OK && sqlite3_get_autocommit(link->handle))
        sqlite_log_drop(link->handle);
    return class;
}

/* ---- connecting */

/* Looked at every so many steps of SQLite's own machine: a few times in a millisecond. */
#define SQLITE_STOP_STEPS 10000

static int sqlite_stopped(void *context)
{
    const struct db_link *link = context;
    return atomic_load(link->stop);
}

static int sqlite_check_wal(void *context, int columns, char **values, char **names)
{
    (void)names;
    *(bool *)context = columns == 1 && values[0] && strcmp(values[0], "wal") == 0;
    return 0;
}

/* Nobody asks how much memory it uses; counting takes a lock for each allocation. */
static void sqlite_count_nothing(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int sqlite_set_up(sqlite3 *handle, const struct db_options *options, char why[DB_WHY_MAX])
{
    bool wal = options->as_is;
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, SQLITE_WAIT_MS);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, SQLITE_SMALL_SIZE, SQLITE_SMALL_COUNT);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    int code = sqlite3_exec(handle, sqlite_settings, NULL, NULL, NULL);
    if (code == SQLITE_OK && !options->as_is)
        code = sqlite3_exec(handle, "PRAGMA journal_mode=WAL", sqlite_check_wal, &wal, NULL);
    if (code == SQLITE_OK && options->read_only)
        code = sqlite3_exec(handle, "PRAGMA query_only=ON", NULL, NULL, NULL);
    if (code == SQLITE_OK && !wal) {
        snprintf(why, DB_WHY_MAX, "its file system does not allow a write-ahead log");
        return SQLITE_READONLY;
    }
    return code;
}

/* The file is the owner's alone; the log and its index take over its mode. */
static void sqlite_create_private(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd >= 0)
        close(fd);
}

static enum db_class sqlite_open(const struct db_options *options, struct db_link **ret, char why[DB_WHY_MAX])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sqlite3 *handle = NULL;
    (void)pthread_once(&once, sqlite_count_nothing);
    int flags = SQLITE_OPEN_NOMUTEX | (options->as_is ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (!options->read_only && !options->as_is) {
        flags |= SQLITE_OPEN_CREATE;
        sqlite_create_private(options->path);
    }
    int code = sqlite3_open_v2(options->path, &handle, flags, sqlite_log_system());
    if (code == SQLITE_OK)
        code = sqlite_set_up(handle, options, why);
    if (code != SQLITE_OK) {
        enum db_class class = code == SQLITE_CANTOPEN ? DB_CORRUPT : sqlite_class(handle, code);
        if (!why[0])
            snprintf(why, DB_WHY_MAX, "%s", sqlite3_errmsg(handle));
        sqlite3_close(handle);
        return class;
    }
    struct db_link *link = calloc(1, sizeof *link);
    if (!link)
        abort();
    link->handle = handle;
    link->stop = options->stop;
    if (link->stop)
        sqlite3_progress_handler(handle, SQLITE_STOP_STEPS, sqlite_stopped, link);
    *ret = link;
    return DB_OK;
}

static const char *sqlite_message(struct db_link *link)
{
    return link->why ? link->why : sqlite3_errmsg(link->handle);
}

static enum db_class sqlite_refuse(struct db_link *link, const char *why)
{
    link->why = why;
    return DB_BUG;
}

/* ---- transactions */

static enum db_class sqlite_script(struct db_link *link, const char *sql)
{
    link->why = NULL;
    return sqlite_outcome(link, sqlite3_exec(link->handle, sql, NULL, NULL, NULL));
}

static enum db_class sqlite_begin(struct db_link *link, bool write)
{
    return sqlite_script(link, write ? "BEGIN IMMEDIATE" : "BEGIN");
}

/* An I/O error here may come after the commit record was written. */
static enum db_class sqlite_commit(struct db_link *link)
{
    enum db_class class = sqlite_script(link, "COMMIT");
    return class == DB_GONE ? DB_UNCERTAIN : class;
}

static void sqlite_rollback(struct db_link *link)
{
    if (!sqlite3_get_autocommit(link->handle))
        sqlite3_exec(link->handle, "ROLLBACK", NULL, NULL, NULL);
    sqlite_log_drop(link->handle);
}

static void sqlite_close(struct db_link *link)
{
    sqlite_rollback(link);
    sqlite3_close(link->handle);
    free(link);
}

static enum db_class sqlite_savepoint(struct db_link *link, enum db_savepoint action, unsigned level)
{
    static const char *const formats[] = {
        [DB_SAVEPOINT_SET] = "SAVEPOINT s%u",
        [DB_SAVEPOINT_RELEASE] = "RELEASE s%u",
        [DB_SAVEPOINT_ROLLBACK] = "ROLLBACK TO s%u; RELEASE s%u",
    };
    char sql[64];
    sqlite3_snprintf(sizeof sql, sql, formats[action], level, level);
    return sqlite_script(link, sql);
}

/* ---- statements */

/* $1 to $count, each exactly once in the map; another kind of parameter is a bug. */
static bool sqlite_map_parameters(struct db_cursor *cursor)
{
    for (unsigned i = 0; i < cursor->count; i++) {
        char name[16];
        snprintf(name, sizeof name, "$%u", i + 1);
        cursor->index[i] = sqlite3_bind_parameter_index(cursor->stmt, name);
        if (cursor->index[i] == 0)
            return false;
    }
    return true;
}

static void sqlite_finish(struct db_cursor *cursor)
{
    if (!cursor)
        return;
    sqlite3_finalize(cursor->stmt);
    free(cursor);
}

static enum db_class sqlite_prepare(struct db_link *link, const char *sql, struct db_cursor **ret)
{
    sqlite3_stmt *stmt = NULL;
    const char *tail = "";
    link->why = NULL;
    int code = sqlite3_prepare_v3(link->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &tail);
    if (code != SQLITE_OK)
        return sqlite_class(link->handle, code);
    unsigned count = (unsigned)sqlite3_bind_parameter_count(stmt);
    struct db_cursor *cursor = calloc(1, sizeof *cursor + count * sizeof cursor->index[0]);
    if (!cursor)
        abort();
    cursor->link = link;
    cursor->stmt = stmt;
    cursor->count = count;
    if (!stmt || tail[strspn(tail, " \n;")] != '\0' || !sqlite_map_parameters(cursor)) {
        sqlite_finish(cursor);
        return sqlite_refuse(link, "not one statement with $1, $2 ... for parameters");
    }
    *ret = cursor;
    return DB_OK;
}

static int sqlite_bind(sqlite3_stmt *stmt, int index, const struct db_value *value)
{
    switch (value->type) {
    case DB_INT:
        return sqlite3_bind_int64(stmt, index, value->integer);
    case DB_TEXT:
        return sqlite3_bind_text64(stmt, index, value->bytes, value->size, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(stmt, index, value->bytes, value->size, SQLITE_STATIC);
    case DB_NULL:
        return sqlite3_bind_null(stmt, index);
    case DB_DATE:
        break;
    }
    return SQLITE_MISUSE;
}

static enum db_class sqlite_start(struct db_cursor *cursor, const struct db_value *values, size_t count)
{
    cursor->link->why = NULL;
    if (count != cursor->count)
        return sqlite_refuse(cursor->link, "wrong number of values");
    for (size_t i = 0; i < count; i++) {
        int code = sqlite_bind(cursor->stmt, cursor->index[i], &values[i]);
        if (code != SQLITE_OK)
            return sqlite_class(cursor->link->handle, code);
    }
    return DB_OK;
}

static enum db_class sqlite_step(struct db_cursor *cursor, bool *ret_row, int64_t *ret_changed)
{
    int code = sqlite3_step(cursor->stmt);
    *ret_row = code == SQLITE_ROW;
    if (code == SQLITE_DONE)
        *ret_changed = sqlite3_stmt_readonly(cursor->stmt) ? 0 : sqlite3_changes64(cursor->link->handle);
    return sqlite_outcome(cursor->link, code);
}

static void sqlite_column(struct db_cursor *cursor, unsigned column, struct db_value *ret)
{
    sqlite3_stmt *stmt = cursor->stmt;
    int at = (int)column;
    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_INTEGER:
        *ret = (struct db_value){.type = DB_INT, .integer = sqlite3_column_int64(stmt, at)};
        return;
    case SQLITE_TEXT:
        ret->type = DB_TEXT;
        ret->bytes = (const char *)sqlite3_column_text(stmt, at);
        break;
    case SQLITE_BLOB:
        ret->type = DB_BLOB;
        ret->bytes = sqlite3_column_blob(stmt, at);
        break;
    default:
        ret->type = DB_NULL;
        return;
    }
    ret->size = (size_t)sqlite3_column_bytes(stmt, at);
    if (!ret->bytes)
        ret->bytes = "";
}

static void sqlite_reset(struct db_cursor *cursor)
{
    sqlite3_reset(cursor->stmt);
    sqlite3_clear_bindings(cursor->stmt);
}

/* ---- the file */

static enum db_class sqlite_copy(struct db_link *link, const char *path)
{
    link->why = NULL;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(link->handle, "VACUUM INTO ?1", -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_TRANSIENT);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    enum db_class class = sqlite_class(link->handle, code);
    sqlite3_finalize(stmt);
    return class;
}

/* The first row of what a pragma complains about, in `why`; "ok" is none. */
static int sqlite_ask(struct db_link *link, const char *pragma, const char *table, char why[DB_WHY_MAX])
{
    char *sql = table ? sqlite3_mprintf("PRAGMA %s(%Q)", pragma, table) : sqlite3_mprintf("PRAGMA %s", pragma);
    sqlite3_stmt *stmt = NULL;
    if (!sql)
        abort();
    int code = sqlite3_prepare_v2(link->handle, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(stmt, 0);
        if (sqlite3_column_count(stmt) > 1)
            snprintf(why, DB_WHY_MAX, "a row of %.60s refers to a row of %.60s that is not there", text,
                (const char *)sqlite3_column_text(stmt, 2));
        else if (text && strcmp(text, "ok") != 0)
            snprintf(why, DB_WHY_MAX, "%.190s", text);
        code = SQLITE_DONE;
    }
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum db_class sqlite_examine(struct db_link *link, const char *table, char why[DB_WHY_MAX])
{
    link->why = NULL;
    int code = sqlite_ask(link, "integrity_check", table, why);
    if (code == SQLITE_OK && !why[0])
        code = sqlite_ask(link, "foreign_key_check", table, why);
    return sqlite_class(link->handle, code);
}

/* Its own table of tables comes first: with it the list of free pages is checked. */
static enum db_class sqlite_table(struct db_link *link, unsigned place, char name[DB_NAME_MAX])
{
    link->why = NULL;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(link->handle,
        "SELECT name FROM (SELECT 'sqlite_schema' AS name, 0 AS rank UNION ALL SELECT name, 1 FROM "
        "sqlite_schema "
        "WHERE type = 'table' AND name NOT LIKE 'sqlite_%') ORDER BY rank, name LIMIT 1 OFFSET ?1",
        -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int64(stmt, 1, place);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        snprintf(name, DB_NAME_MAX, "%s", (const char *)sqlite3_column_text(stmt, 0));
    enum db_class class = sqlite_class(link->handle, code);
    sqlite3_finalize(stmt);
    return class;
}

static int64_t sqlite_file_size(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 ? (int64_t)found.st_size : 0;
}

static void sqlite_sizes(const struct db_options *options, int64_t *ret_data, int64_t *ret_log)
{
    char *log = sqlite3_mprintf("%s-wal", options->path);
    if (!log)
        abort();
    *ret_data = sqlite_file_size(options->path);
    *ret_log = sqlite_file_size(log);
    sqlite3_free(log);
}

const struct db_driver db_sqlite = {
    .name = "sqlite",
    .dialect = DB_DIALECT_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .message = sqlite_message,
    .script = sqlite_script,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .prepare = sqlite_prepare,
    .finish = sqlite_finish,
    .start = sqlite_start,
    .step = sqlite_step,
    .column = sqlite_column,
    .reset = sqlite_reset,
    .copy = sqlite_copy,
    .examine = sqlite_examine,
    .table = sqlite_table,
    .sizes = sqlite_sizes,
};
