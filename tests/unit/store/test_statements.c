/* Every statement of the program is one that SQLite takes, and finds its rows, not the organisation, by an
 * index. */
#include "db/driver.h"
#include "scratch.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define VALUES_MAX 64

/* Tables that may be read whole: as many rows as there are organisations, or fewer; their short names; and what
 * a WITH has gathered of one person. */
static const char *const small[] = {"organisation", "o", "w", "schema_version", "CONSTANT", "c", "u", NULL};
/* Statements that are asked about everything. */
static const char *const whole[] = {"delivery_count_all", NULL};

/* Of these an organisation has few rows, as many as it has sources, calendars, years or campaigns; and indexes
 * that hold only what waits. */
static const char *const few[] = {"batch", "calendar", "campaign", "campaign_waiting", "completion_to_retry",
    "operation_ended", "plan", "pull", "reminder_waits", "replay", "source", "source_jwks_by_next",
    "subscription", NULL};
/* Statements that go through all of an organisation: because all is asked for, or for the first of an index. */
static const char *const of_organisation[] = {"busy_people_needed", "delivery_count_of", "employee_short",
    "idempotency_oldest", "replay_organisations", NULL};

static struct scratch scratch;
static struct arena *arena;
static struct db_link *sqlite;
static const struct statement *const *statements;
static size_t statement_count;

static int set_up(void **state)
{
    char why[DB_WHY_MAX] = "";
    struct store *store;
    (void)state;
    arena = arena_new(0);
    scratch_make(&scratch);
    struct clock *clock = clock_new_set(0);
    const struct store_options store_options = {.path = scratch_path(&scratch, "store"), .clock = clock};
    assert_int_equal(store_open(NULL, &store_options, &store, NULL), ST_OK);
    store_free(store);
    clock_free(clock);
    const struct db_options options = {.path = scratch.path};
    assert_int_equal(db_sqlite.open(&options, &sqlite, why), DB_OK);
    db_statements(&statements, &statement_count);
    assert_true(statement_count > 50);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    db_sqlite.close(sqlite);
    arena_free(arena);
    scratch_remove(&scratch);
    return 0;
}

static bool listed(const char *const names[], const char *text)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return true;
    return false;
}

static void test_sqlite_takes_every_statement(void **state)
{
    (void)state;
    for (size_t i = 0; i < statement_count; i++) {
        struct db_cursor *cursor = NULL;
        if (db_sqlite.prepare(sqlite, statements[i]->sql, &cursor) != DB_OK)
            fail_msg("%s: %s", statements[i]->name, db_sqlite.message(sqlite));
        db_sqlite.finish(cursor);
    }
}

static void test_names_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < statement_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(statements[i]->name, statements[j]->name) == 0)
                fail_msg("two statements are called %s", statements[i]->name);
}

static unsigned parameters(const char *sql)
{
    unsigned most = 0;
    for (const char *at = strchr(sql, '$'); at; at = strchr(at + 1, '$')) {
        unsigned number = (unsigned)strtoul(at + 1, NULL, 10);
        most = number > most ? number : most;
    }
    return most;
}

/* "SEARCH source USING COVERING INDEX source_by_name (organisation=?)" */
static bool goes_through(const char *text)
{
    const char *terms = strchr(text, '(');
    if (!terms || strcmp(terms, "(organisation=?)") != 0)
        return false;
    char *rest = arena_strdup(arena, text);
    for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " "))
        if (listed(few, word))
            return false;
    return true;
}

static void check_plan(const struct statement *statement)
{
    const struct db_value nulls[VALUES_MAX] = {{.type = DB_NULL}};
    struct db_cursor *cursor = NULL;
    bool row = false;
    int64_t changed;
    char *sql = arena_printf(arena, "EXPLAIN QUERY PLAN %s", statement->sql);
    assert_int_equal(db_sqlite.prepare(sqlite, sql, &cursor), DB_OK);
    assert_int_equal(db_sqlite.start(cursor, nulls, parameters(statement->sql)), DB_OK);
    while (db_sqlite.step(cursor, &row, &changed) == DB_OK && row) {
        struct db_value detail;
        db_sqlite.column(cursor, 3, &detail);
        const char *text = arena_strndup(arena, detail.bytes, detail.size);
        if (goes_through(text) && !listed(of_organisation, statement->name))
            fail_msg("%s goes through an organisation: %s", statement->name, text);
        if (strncmp(text, "SCAN ", 5) != 0)
            continue;
        const char *table = arena_strndup(arena, text + 5, strcspn(text + 5, " "));
        if (!listed(small, table))
            fail_msg("%s reads a whole table: %s", statement->name, text);
    }
    db_sqlite.finish(cursor);
}

static void test_no_statement_reads_a_whole_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < statement_count; i++)
        if (!listed(whole, statements[i]->name))
            check_plan(statements[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sqlite_takes_every_statement),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_no_statement_reads_a_whole_table),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
