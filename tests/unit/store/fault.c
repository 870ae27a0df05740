/* See fault.h. */
#include "fault.h"

#include <stdlib.h>

struct db_link {
    struct db_link *inner;
    bool lost;
};

struct db_cursor {
    struct db_cursor *inner;
    struct db_link *link;
};

const char *const fault_kind_names[FAULT_KIND_COUNT] = {
    "none", "constraint", "retry", "gone", "full", "corrupt", "bug", "commit lost", "answer lost"};

static enum fault_kind fault_kind;
static unsigned fault_call, fault_calls;
static bool fault_done, fault_commit;

void fault_set(enum fault_kind kind, unsigned call)
{
    fault_kind = kind;
    fault_call = call;
    fault_calls = 0;
    fault_done = fault_commit = false;
}

void fault_stop(void)
{
    fault_call = 0;
}

bool fault_fired(void)
{
    return fault_done;
}

bool fault_hit_commit(void)
{
    return fault_commit;
}

static bool fault_now(void)
{
    bool now = ++fault_calls == fault_call;
    fault_done = fault_done || now;
    return now;
}

static enum db_class fault_class(void)
{
    static const enum db_class classes[FAULT_KIND_COUNT] = {
        DB_OK, DB_CONSTRAINT, DB_RETRY, DB_GONE, DB_FULL, DB_CORRUPT, DB_BUG, DB_GONE, DB_GONE};
    return classes[fault_kind];
}

static void fault_lose(struct db_link *link)
{
    db_sqlite.rollback(link->inner);
    link->lost = true;
}

/* DB_OK to go on. */
static enum db_class fault_before(struct db_link *link)
{
    if (link->lost)
        return DB_GONE;
    if (!fault_now())
        return DB_OK;
    if (fault_class() == DB_GONE)
        fault_lose(link);
    return fault_class();
}

static void *fault_alloc(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        abort();
    return memory;
}

static enum db_class fault_open(const struct db_options *options, struct db_link **ret, char why[DB_WHY_MAX])
{
    struct db_link *inner;
    if (fault_now())
        return fault_class();
    enum db_class class = db_sqlite.open(options, &inner, why);
    if (class != DB_OK)
        return class;
    *ret = fault_alloc(sizeof **ret);
    (*ret)->inner = inner;
    return DB_OK;
}

static void fault_close(struct db_link *link)
{
    db_sqlite.close(link->inner);
    free(link);
}

static const char *fault_message(struct db_link *link)
{
    return link->lost ? "connection lost" : db_sqlite.message(link->inner);
}

static enum db_class fault_script(struct db_link *link, const char *sql)
{
    enum db_class class = fault_before(link);
    return class != DB_OK ? class : db_sqlite.script(link->inner, sql);
}

static enum db_class fault_begin(struct db_link *link, bool write)
{
    enum db_class class = fault_before(link);
    return class != DB_OK ? class : db_sqlite.begin(link->inner, write);
}

static enum db_class fault_lose_commit(struct db_link *link)
{
    fault_commit = true;
    if (fault_kind == FAULT_ANSWER_LOST && db_sqlite.commit(link->inner) != DB_OK)
        abort();
    fault_lose(link);
    return DB_UNCERTAIN;
}

static enum db_class fault_at_commit(struct db_link *link)
{
    if (link->lost)
        return DB_GONE;
    if (!fault_now())
        return db_sqlite.commit(link->inner);
    if (fault_kind == FAULT_COMMIT_LOST || fault_kind == FAULT_ANSWER_LOST)
        return fault_lose_commit(link);
    if (fault_class() == DB_GONE)
        fault_lose(link);
    return fault_class();
}

static void fault_rollback(struct db_link *link)
{
    db_sqlite.rollback(link->inner);
}

static enum db_class fault_savepoint(struct db_link *link, enum db_savepoint action, unsigned level)
{
    enum db_class class = fault_before(link);
    return class != DB_OK ? class : db_sqlite.savepoint(link->inner, action, level);
}

static enum db_class fault_prepare(struct db_link *link, const char *sql, struct db_cursor **ret)
{
    struct db_cursor *inner;
    enum db_class class = fault_before(link);
    if (class == DB_OK)
        class = db_sqlite.prepare(link->inner, sql, &inner);
    if (class != DB_OK)
        return class;
    *ret = fault_alloc(sizeof **ret);
    **ret = (struct db_cursor){.inner = inner, .link = link};
    return DB_OK;
}

static void fault_finish(struct db_cursor *cursor)
{
    if (!cursor)
        return;
    db_sqlite.finish(cursor->inner);
    free(cursor);
}

static enum db_class fault_start(struct db_cursor *cursor, const struct db_value *values, size_t count)
{
    return cursor->link->lost ? DB_GONE : db_sqlite.start(cursor->inner, values, count);
}

static enum db_class fault_step(struct db_cursor *cursor, bool *ret_row, int64_t *ret_changed)
{
    enum db_class class = fault_before(cursor->link);
    return class != DB_OK ? class : db_sqlite.step(cursor->inner, ret_row, ret_changed);
}

static void fault_column(struct db_cursor *cursor, unsigned column, struct db_value *ret)
{
    db_sqlite.column(cursor->inner, column, ret);
}

static void fault_reset(struct db_cursor *cursor)
{
    db_sqlite.reset(cursor->inner);
}

static enum db_class fault_examine(struct db_link *link, const char *table, char why[DB_WHY_MAX])
{
    return db_sqlite.examine(link->inner, table, why);
}

static enum db_class fault_table(struct db_link *link, unsigned place, char name[DB_NAME_MAX])
{
    enum db_class class = fault_before(link);
    return class != DB_OK ? class : db_sqlite.table(link->inner, place, name);
}

static enum db_class fault_copy(struct db_link *link, const char *path)
{
    enum db_class class = fault_before(link);
    return class != DB_OK ? class : db_sqlite.copy(link->inner, path);
}

static void fault_sizes(const struct db_options *options, int64_t *ret_data, int64_t *ret_log)
{
    db_sqlite.sizes(options, ret_data, ret_log);
}

const struct db_driver fault_driver = {
    .name = "fault",
    .dialect = DB_DIALECT_SQLITE,
    .open = fault_open,
    .close = fault_close,
    .message = fault_message,
    .script = fault_script,
    .begin = fault_begin,
    .commit = fault_at_commit,
    .rollback = fault_rollback,
    .savepoint = fault_savepoint,
    .prepare = fault_prepare,
    .finish = fault_finish,
    .start = fault_start,
    .step = fault_step,
    .column = fault_column,
    .reset = fault_reset,
    .copy = fault_copy,
    .examine = fault_examine,
    .table = fault_table,
    .sizes = fault_sizes,
};
