/*
 * What SQLite alone needs for the same rows: bench_rows BEFORE AFTER BATCHES reads the rows that AFTER has and
 * BEFORE has not, then inserts them into BEFORE, spread over so many transactions, with the settings of the
 * daemon's driver but foreign keys unchecked. Prints rows and seconds of the inserting alone.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TABLES_MAX = 100, COLUMNS_MAX = 64 };

struct table {
    char *name;
    int columns;
    size_t rows, room;
    sqlite3_value **values; /* rows * columns */
    sqlite3_stmt *insert;
};

static sqlite3 *db;
static struct table tables[TABLES_MAX];
static size_t table_count;

static _Noreturn void give_up(const char *doing)
{
    (void)fprintf(stderr, "bench_rows: %s: %s\n", doing, sqlite3_errmsg(db));
    exit(EXIT_FAILURE);
}

static void run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        give_up(sql);
}

static sqlite3_stmt *prepare(const char *format, const char *name)
{
    sqlite3_stmt *stmt = NULL;
    char *sql = sqlite3_mprintf(format, name, name);
    if (!sql || sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        give_up(sql);
    sqlite3_free(sql);
    return stmt;
}

static void tables_find(void)
{
    sqlite3_stmt *list =
        prepare("SELECT name FROM full.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'", "");
    while (sqlite3_step(list) == SQLITE_ROW && table_count < TABLES_MAX)
        tables[table_count++].name = sqlite3_mprintf("%s", sqlite3_column_text(list, 0));
    (void)sqlite3_finalize(list);
}

static void table_grow(struct table *t)
{
    if (t->rows < t->room)
        return;
    t->room = t->room ? 2 * t->room : 1024;
    t->values = realloc(t->values, t->room * (size_t)t->columns * sizeof *t->values);
    if (!t->values)
        abort();
}

static void table_load(struct table *t)
{
    sqlite3_stmt *news = prepare("SELECT * FROM full.\"%w\" EXCEPT SELECT * FROM main.\"%w\"", t->name);
    t->columns = sqlite3_column_count(news);
    while (sqlite3_step(news) == SQLITE_ROW) {
        table_grow(t);
        for (int c = 0; c < t->columns; c++)
            t->values[t->rows * (size_t)t->columns + (size_t)c] =
                sqlite3_value_dup(sqlite3_column_value(news, c));
        t->rows++;
    }
    (void)sqlite3_finalize(news);
}

/* A row that was changed, not added, is ignored: its key is there. */
static void table_prepare(struct table *t)
{
    char places[2 * COLUMNS_MAX + 1] = "?";
    for (int c = 1; c < t->columns && c < COLUMNS_MAX; c++) {
        places[2 * c - 1] = ',';
        places[2 * c] = '?';
        places[2 * c + 1] = '\0';
    }
    char *format = sqlite3_mprintf("INSERT OR IGNORE INTO main.\"%%w\" VALUES (%s)", places);
    t->insert = prepare(format, t->name);
    sqlite3_free(format);
}

static void table_insert(struct table *t, size_t row)
{
    for (int c = 0; c < t->columns; c++)
        (void)sqlite3_bind_value(t->insert, c + 1, t->values[row * (size_t)t->columns + (size_t)c]);
    if (sqlite3_step(t->insert) != SQLITE_DONE)
        give_up(t->name);
    (void)sqlite3_reset(t->insert);
}

static double now(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static size_t insert_all(size_t batches)
{
    size_t rows = 0;
    for (size_t b = 0; b < batches; b++) {
        run("BEGIN IMMEDIATE");
        for (size_t i = 0; i < table_count; i++) {
            struct table *t = &tables[i];
            size_t from = t->rows * b / batches, to = t->rows * (b + 1) / batches;
            for (size_t row = from; row < to; row++)
                table_insert(t, row);
            rows += to - from;
        }
        run("COMMIT");
    }
    return rows;
}

int main(int argc, char **argv)
{
    if (argc != 4 || sqlite3_open(argv[1], &db) != SQLITE_OK)
        return EXIT_FAILURE;
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;"
        "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000; PRAGMA mmap_size=134217728");
    char *attach = sqlite3_mprintf("ATTACH %Q AS full", argv[2]);
    run(attach);
    sqlite3_free(attach);
    tables_find();
    for (size_t i = 0; i < table_count; i++)
        table_load(&tables[i]);
    run("DETACH full");
    for (size_t i = 0; i < table_count; i++)
        table_prepare(&tables[i]);
    double start = now();
    size_t rows = insert_all((size_t)strtoul(argv[3], NULL, 10));
    (void)printf("{\"rows\": %zu, \"seconds\": %.6f}\n", rows, now() - start);
    return EXIT_SUCCESS;
}
