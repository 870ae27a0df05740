/* Migrations: each once, in order, whole or not at all; a newer store is refused. */
#include "db/db.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

STATEMENT(step_list, "SELECT name FROM step ORDER BY name");

static const struct migration steps[] = {
    {1, "first", "CREATE TABLE step (name TEXT NOT NULL); INSERT INTO step VALUES ('1');", ""},
    {2, "second", "INSERT INTO step VALUES ('2');", ""},
    {3, "third", "INSERT INTO step VALUES ('3');", ""},
};

struct fixture {
    struct scratch scratch;
    struct db_conn *conn;
    struct arena *arena;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(0)};
    scratch_make(&fixture.scratch);
    const struct db_options options = {.path = scratch_path(&fixture.scratch, "db")};
    assert_int_equal(db_connect(&options, &fixture.conn, NULL), ST_OK);
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

static const char *applied(struct fixture *f)
{
    char *all = arena_strdup(f->arena, "");
    struct db_rows *rows = db_query(f->conn, &step_list, DB_NO_VALUES);
    while (db_next(rows))
        all = arena_printf(f->arena, "%s%s", all, db_get_text(rows, 0, f->arena));
    db_done(rows);
    return all;
}

static void test_each_step_runs_once_in_order(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(db_migrate(f->conn, steps, 1, NULL), ST_OK);
    assert_string_equal(applied(f), "1");
    assert_int_equal(db_migrate(f->conn, steps, 3, NULL), ST_OK);
    assert_int_equal(db_migrate(f->conn, steps, 3, NULL), ST_OK);
    assert_string_equal(applied(f), "123");
}

static void test_a_failed_step_leaves_the_one_before(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    const struct migration broken[] = {
        steps[0], {2, "broken", "INSERT INTO step VALUES ('half'); INSERT INTO nowhere VALUES (1);", ""}};
    assert_int_equal(db_migrate(f->conn, broken, 2, &err), ST_INTERNAL);
    assert_non_null(strstr(err.detail, "nowhere"));
    assert_string_equal(applied(f), "1");
    assert_int_equal(db_migrate(f->conn, steps, 3, NULL), ST_OK);
    assert_string_equal(applied(f), "123");
}

static void test_a_newer_store_is_refused(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    assert_int_equal(db_migrate(f->conn, steps, 3, NULL), ST_OK);
    assert_int_equal(db_migrate(f->conn, steps, 2, &err), ST_CONFLICT);
    assert_string_equal(err.detail, "the store has schema version 3, this program knows only up to 2");
    assert_string_equal(applied(f), "123");
}

#define MIGRATE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MIGRATE_TEST(test_each_step_runs_once_in_order),
        MIGRATE_TEST(test_a_failed_step_leaves_the_one_before),
        MIGRATE_TEST(test_a_newer_store_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
