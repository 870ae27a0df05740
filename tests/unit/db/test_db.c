/* Statements, sticky errors, savepoints and the cache over the SQLite driver. */
#include "db/db.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

STATEMENT(thing_add, "INSERT INTO thing (id, amount, day, raw) VALUES ($1, $2, $3, $4)");
STATEMENT(thing_add_mixed, "INSERT INTO thing (amount, id) VALUES ($2, $1)");
STATEMENT(thing_upsert,
    "INSERT INTO thing (id, amount) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET amount = $2 "
    "RETURNING amount");
STATEMENT(thing_get, "SELECT id, amount, day, raw FROM thing WHERE id = $1");
STATEMENT(thing_list, "SELECT id FROM thing WHERE id > $1 ORDER BY id");
STATEMENT(thing_raise, "UPDATE thing SET amount = amount + 1 WHERE amount >= $1");
STATEMENT(thing_count, "SELECT COUNT(*) FROM thing");
STATEMENT(part_add, "INSERT INTO part (thing) VALUES ($1)");
STATEMENT(nonsense, "SELECT nothing FROM nowhere");
STATEMENT(positional, "SELECT id FROM thing WHERE id = ?");
STATEMENT(two_in_one, "SELECT 1; SELECT 2");
STATEMENT(endless, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) "
                   "SELECT COUNT(*) FROM n");
STATEMENT(gap, "SELECT id FROM thing WHERE id = $2");

struct fixture {
    struct scratch scratch;
    struct db_options options;
    struct db_conn *conn;
    struct arena *arena;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(0)};
    scratch_make(&fixture.scratch);
    fixture.options = (struct db_options){.path = scratch_path(&fixture.scratch, "db")};
    assert_int_equal(db_connect(&fixture.options, &fixture.conn, NULL), ST_OK);
    db_script(fixture.conn, "CREATE TABLE thing (id TEXT NOT NULL PRIMARY KEY, amount BIGINT CHECK (amount >= "
                            "0), day TEXT, raw BLOB);"
                            "CREATE TABLE part (thing TEXT NOT NULL REFERENCES thing (id));");
    assert_int_equal(db_class(fixture.conn), DB_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    db_disconnect(f->conn);
    arena_free(f->arena);
    scratch_remove(&f->scratch);
    return 0;
}

static void add(struct fixture *f, const char *id, int64_t amount)
{
    db_exec(f->conn, &thing_add, DB_VALUES(db_text(id), db_int(amount), db_null(), db_null()));
}

static int64_t count(struct fixture *f)
{
    struct db_rows *rows = db_query(f->conn, &thing_count, DB_NO_VALUES);
    int64_t found = db_next(rows) ? db_get_int(rows, 0) : -1;
    db_done(rows);
    return found;
}

static void test_values_come_back_as_they_were(void **state)
{
    struct fixture *f = *state;
    const char raw[] = "a\0b";
    int64_t changed = db_exec(f->conn, &thing_add,
        DB_VALUES(db_text("é"), db_int(INT64_MAX), db_date(date_of(2026, 11, 22)), db_bytes(raw, sizeof raw)));
    assert_int_equal(changed, 1);
    struct db_rows *rows = db_query(f->conn, &thing_get, DB_VALUES(db_text("é")));
    assert_true(db_next(rows));
    assert_string_equal(db_get_text(rows, 0, f->arena), "é");
    assert_true(db_get_int(rows, 1) == INT64_MAX);
    assert_true(db_get_instant(rows, 1) == INT64_MAX);
    assert_int_equal(db_get_date(rows, 2), date_of(2026, 11, 22));
    assert_string_equal(db_get_text(rows, 2, f->arena), "2026-11-22");
    struct span bytes = db_get_bytes(rows, 3, f->arena);
    assert_int_equal(bytes.size, sizeof raw);
    assert_memory_equal(bytes.data, raw, sizeof raw);
    assert_false(db_next(rows));
    assert_false(db_next(rows)); /* the end stays the end */
    db_done(rows);
}

static void test_null_and_other_types_are_none(void **state)
{
    struct fixture *f = *state;
    db_exec(f->conn, &thing_add,
        DB_VALUES(db_text("n"), db_instant(INSTANT_NONE), db_date(DATE_NONE), db_text(NULL)));
    struct db_rows *rows = db_query(f->conn, &thing_get, DB_VALUES(db_text("n")));
    assert_true(db_next(rows));
    for (unsigned i = 1; i < 4; i++) {
        assert_true(db_is_null(rows, i));
        assert_int_equal(db_get_int(rows, i), 0);
        assert_null(db_get_text(rows, i, f->arena));
        assert_null(db_get_bytes(rows, i, f->arena).data);
        assert_int_equal(db_get_date(rows, i), DATE_NONE);
        assert_true(db_get_instant(rows, i) == INSTANT_NONE);
    }
    assert_int_equal(db_get_int(rows, 0), 0);
    assert_int_equal(db_get_date(rows, 0), DATE_NONE);
    db_done(rows);
}

static void test_empty_bytes_are_not_null(void **state)
{
    struct fixture *f = *state;
    db_exec(f->conn, &thing_add, DB_VALUES(db_text(""), db_int(0), db_null(), db_bytes(NULL, 0)));
    struct db_rows *rows = db_query(f->conn, &thing_get, DB_VALUES(db_text("")));
    assert_true(db_next(rows));
    assert_string_equal(db_get_text(rows, 0, f->arena), "");
    assert_false(db_is_null(rows, 3));
    assert_int_equal(db_get_bytes(rows, 3, f->arena).size, 0);
    db_done(rows);
}

static void test_parameters_go_by_number_not_by_place(void **state)
{
    struct fixture *f = *state;
    db_exec(f->conn, &thing_add_mixed, DB_VALUES(db_text("m"), db_int(7)));
    struct db_rows *rows = db_query(f->conn, &thing_get, DB_VALUES(db_text("m")));
    assert_true(db_next(rows));
    assert_int_equal(db_get_int(rows, 1), 7);
    db_done(rows);
}

static void test_upsert_returns_rows(void **state)
{
    struct fixture *f = *state;
    for (int64_t i = 1; i <= 2; i++) {
        struct db_rows *rows = db_query(f->conn, &thing_upsert, DB_VALUES(db_text("u"), db_int(i)));
        assert_true(db_next(rows));
        assert_int_equal(db_get_int(rows, 0), i);
        assert_false(db_next(rows));
        db_done(rows);
    }
    assert_int_equal(count(f), 1);
}

static void test_exec_counts_changes(void **state)
{
    struct fixture *f = *state;
    add(f, "a", 1);
    add(f, "b", 2);
    assert_int_equal(db_exec(f->conn, &thing_raise, DB_VALUES(db_int(1))), 2);
    assert_int_equal(db_exec(f->conn, &thing_raise, DB_VALUES(db_int(100))), 0);
    assert_int_equal(db_exec(f->conn, &thing_count, DB_NO_VALUES), 0);
}

static void test_the_first_error_sticks(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    add(f, "a", 1);
    add(f, "a", 2);
    add(f, "b", 3);
    db_exec(f->conn, &nonsense, DB_NO_VALUES);
    assert_int_equal(count(f), -1);
    assert_int_equal(db_class(f->conn), DB_CONSTRAINT);
    assert_int_equal(db_status(f->conn, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "thing_add"));
    db_clear(f->conn);
    assert_int_equal(count(f), 1);
}

static void test_each_failure_has_its_class(void **state)
{
    struct fixture *f = *state;
    static const struct statement *const bugs[] = {&nonsense, &positional, &two_in_one};
    for (size_t i = 0; i < sizeof bugs / sizeof bugs[0]; i++) {
        db_exec(f->conn, bugs[i], DB_NO_VALUES);
        assert_int_equal(db_class(f->conn), DB_BUG);
        assert_int_equal(db_status(f->conn, NULL), ST_INTERNAL);
        db_clear(f->conn);
    }
    db_exec(f->conn, &gap, DB_VALUES(db_text("a")));
    assert_int_equal(db_class(f->conn), DB_BUG);
    db_clear(f->conn);
    db_exec(f->conn, &thing_get, DB_NO_VALUES);
    assert_int_equal(db_class(f->conn), DB_BUG);
    db_clear(f->conn);
    db_exec(f->conn, &part_add, DB_VALUES(db_text("missing")));
    assert_int_equal(db_class(f->conn), DB_CONSTRAINT);
    db_clear(f->conn);
    add(f, "negative", -1);
    assert_int_equal(db_class(f->conn), DB_CONSTRAINT);
}

static void test_savepoints_undo_their_own_part(void **state)
{
    struct fixture *f = *state;
    db_begin(f->conn, true);
    add(f, "kept", 1);
    db_savepoint(f->conn);
    add(f, "outer", 2);
    db_savepoint(f->conn);
    add(f, "inner", 3);
    add(f, "inner", 3);
    assert_int_equal(db_class(f->conn), DB_CONSTRAINT);
    db_rollback_to(f->conn);
    assert_int_equal(db_class(f->conn), DB_OK);
    assert_int_equal(count(f), 2);
    db_release(f->conn);
    db_savepoint(f->conn);
    add(f, "undone", 4);
    db_rollback_to(f->conn);
    db_commit(f->conn);
    assert_int_equal(db_class(f->conn), DB_OK);
    assert_int_equal(count(f), 2);
}

static void test_rollback_ends_everything(void **state)
{
    struct fixture *f = *state;
    db_begin(f->conn, true);
    add(f, "a", 1);
    db_savepoint(f->conn);
    add(f, "a", 1);
    db_rollback(f->conn);
    assert_int_equal(db_class(f->conn), DB_OK);
    assert_int_equal(count(f), 0);
    db_begin(f->conn, true);
    add(f, "b", 1);
    add(f, "b", 1);
    db_commit(f->conn); /* an error is never committed */
    assert_int_equal(db_class(f->conn), DB_CONSTRAINT);
    db_rollback(f->conn);
    assert_int_equal(count(f), 0);
}

static void test_queries_nest_even_in_themselves(void **state)
{
    struct fixture *f = *state;
    static const char *const ids[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++)
        add(f, ids[i], i);
    int pairs = 0;
    struct db_rows *outer = db_query(f->conn, &thing_list, DB_VALUES(db_text("")));
    while (db_next(outer)) {
        const char *id = db_get_text(outer, 0, f->arena);
        struct db_rows *inner = db_query(f->conn, &thing_list, DB_VALUES(db_text(id)));
        while (db_next(inner))
            pairs++;
        db_done(inner);
    }
    db_done(outer);
    assert_int_equal(pairs, 3);
    outer = db_query(f->conn, &thing_list, DB_VALUES(db_text("b")));
    assert_true(db_next(outer));
    assert_string_equal(db_get_text(outer, 0, f->arena), "c");
    db_done(outer);
}

static void test_the_cache_grows(void **state)
{
    struct fixture *f = *state;
    enum { MANY = 1000 };
    static struct statement statements[MANY];
    static char texts[MANY][32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < MANY; i++) {
            snprintf(texts[i], sizeof texts[i], "SELECT %d", i);
            statements[i] = (struct statement){"many", texts[i]};
            struct db_rows *rows = db_query(f->conn, &statements[i], DB_NO_VALUES);
            assert_true(db_next(rows));
            assert_int_equal(db_get_int(rows, 0), i);
            db_done(rows);
        }
}

static void test_readers_see_the_last_commit_only(void **state)
{
    struct fixture *f = *state;
    struct fixture reader = {.options = f->options};
    reader.options.read_only = true;
    assert_int_equal(db_connect(&reader.options, &reader.conn, NULL), ST_OK);
    db_begin(f->conn, true);
    add(f, "a", 1);
    assert_int_equal(count(&reader), 0);
    db_begin(reader.conn, false);
    assert_int_equal(count(&reader), 0);
    db_commit(f->conn);
    assert_int_equal(count(&reader), 0); /* its snapshot is older */
    db_rollback(reader.conn);
    assert_int_equal(count(&reader), 1);
    add(&reader, "b", 2);
    assert_int_not_equal(db_class(reader.conn), DB_OK);
    db_disconnect(reader.conn);
    assert_int_equal(count(f), 1);
}

static void test_reconnect_drops_what_was_not_committed(void **state)
{
    struct fixture *f = *state;
    add(f, "kept", 1);
    db_begin(f->conn, true);
    add(f, "lost", 1);
    add(f, "lost", 1);
    assert_int_equal(db_reconnect(f->conn, NULL), ST_OK);
    assert_int_equal(db_class(f->conn), DB_OK);
    assert_int_equal(count(f), 1);
    add(f, "new", 1);
    assert_int_equal(count(f), 2);
}

static void test_files_that_cannot_be_opened(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    struct db_conn *conn = NULL;
    struct db_options missing = {.path = "/nowhere/at/all"};
    assert_int_equal(db_connect(&missing, &conn, &err), ST_INTERNAL);
    assert_non_null(strstr(err.detail, "/nowhere/at/all"));
    missing = (struct db_options){.path = scratch_path(&f->scratch, "none"), .read_only = true};
    assert_int_equal(db_connect(&missing, &conn, &err), ST_INTERNAL);
    FILE *file = fopen(scratch_path(&f->scratch, "text"), "w");
    for (int i = 0; i < 1000; i++)
        fputs("not a database\n", file);
    fclose(file);
    struct db_options text = {.path = f->scratch.path};
    assert_int_equal(db_connect(&text, &conn, &err), ST_INTERNAL);
    assert_null(conn);
}

static void test_a_failed_reconnect_can_be_repeated(void **state)
{
    struct fixture *f = *state;
    char moved[160], path[160];
    snprintf(path, sizeof path, "%s/db", f->scratch.folder);
    snprintf(moved, sizeof moved, "%s/moved", f->scratch.folder);
    f->options.path = path;
    db_disconnect(f->conn);
    f->options.read_only = true;
    assert_int_equal(db_connect(&f->options, &f->conn, NULL), ST_OK);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(db_reconnect(f->conn, NULL), ST_INTERNAL);
    db_begin(f->conn, false);
    assert_int_equal(db_class(f->conn), DB_GONE);
    db_rollback(f->conn);
    assert_int_equal(rename(moved, path), 0);
    assert_int_equal(db_reconnect(f->conn, NULL), ST_OK);
    assert_int_equal(count(f), 0);
}

static void test_the_file_is_private_and_measured(void **state)
{
    struct fixture *f = *state;
    struct stat found;
    assert_int_equal(stat(f->options.path, &found), 0);
    assert_int_equal(found.st_mode & 077, 0);
    int64_t data, log;
    add(f, "a", 1);
    db_sizes(&f->options, &data, &log);
    assert_true(data > 0);
    assert_true(log > 0);
}

static void test_a_copy_is_a_database(void **state)
{
    struct fixture *f = *state;
    struct fixture copy = {.arena = NULL};
    add(f, "a", 1);
    char path[160];
    snprintf(path, sizeof path, "%s/copy", f->scratch.folder);
    assert_int_equal(db_copy(f->conn, path, NULL), ST_OK);
    assert_int_not_equal(db_copy(f->conn, path, NULL), ST_OK); /* never over another file */
    copy.options = (struct db_options){.path = path};
    assert_int_equal(db_connect(&copy.options, &copy.conn, NULL), ST_OK);
    assert_int_equal(count(&copy), 1);
    db_disconnect(copy.conn);
    assert_int_equal(count(f), 1);
}

static void test_tables_have_their_place(void **state)
{
    static const char *const names[] = {"sqlite_schema", "part", "thing"};
    struct fixture *f = *state;
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal(db_table(f->conn, i, f->arena), names[i]);
        assert_int_equal(db_examine(f->conn, names[i], NULL), ST_OK);
    }
    assert_null(db_table(f->conn, 3, f->arena));
    assert_int_equal(db_class(f->conn), DB_OK);
}

static void test_a_long_statement_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    atomic_bool stop = true;
    struct fixture other = {.options = {.path = f->options.path, .read_only = true, .stop = &stop}};
    assert_int_equal(db_connect(&other.options, &other.conn, NULL), ST_OK);
    assert_int_equal(count(&other), 0); /* short ones go on */
    db_exec(other.conn, &endless, DB_NO_VALUES);
    assert_int_equal(db_class(other.conn), DB_RETRY);
    db_disconnect(other.conn);
}

static void test_statements_are_listed(void **state)
{
    (void)state;
    const struct statement *const *first;
    size_t listed;
    bool found = false;
    db_statements(&first, &listed);
    for (size_t i = 0; i < listed; i++)
        found = found || first[i] == &thing_list;
    assert_true(found);
    assert_true(listed >= 12);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(test_values_come_back_as_they_were),
        DB_TEST(test_null_and_other_types_are_none),
        DB_TEST(test_empty_bytes_are_not_null),
        DB_TEST(test_parameters_go_by_number_not_by_place),
        DB_TEST(test_upsert_returns_rows),
        DB_TEST(test_exec_counts_changes),
        DB_TEST(test_the_first_error_sticks),
        DB_TEST(test_each_failure_has_its_class),
        DB_TEST(test_savepoints_undo_their_own_part),
        DB_TEST(test_rollback_ends_everything),
        DB_TEST(test_queries_nest_even_in_themselves),
        DB_TEST(test_the_cache_grows),
        DB_TEST(test_readers_see_the_last_commit_only),
        DB_TEST(test_reconnect_drops_what_was_not_committed),
        DB_TEST(test_files_that_cannot_be_opened),
        DB_TEST(test_a_failed_reconnect_can_be_repeated),
        DB_TEST(test_the_file_is_private_and_measured),
        DB_TEST(test_a_copy_is_a_database),
        DB_TEST(test_tables_have_their_place),
        DB_TEST(test_a_long_statement_can_be_stopped),
        DB_TEST(test_statements_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
