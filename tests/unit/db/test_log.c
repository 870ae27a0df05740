/* What SQLite writes to its log, gathered: whole when it counts, nothing when it came to nothing. */
#include "db/db.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

STATEMENT(page_add, "INSERT INTO page (id, raw) VALUES ($1, $2)");
STATEMENT(page_count, "SELECT COUNT(*) FROM page");

struct fixture {
    struct scratch scratch;
    struct db_options options;
    struct db_conn *conn, *other;
    struct arena *arena;
};

static struct db_conn *connect_to(struct fixture *f)
{
    struct db_conn *conn;
    assert_int_equal(db_connect(&f->options, &conn, NULL), ST_OK);
    db_script(conn, "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 10");
    assert_int_equal(db_class(conn), DB_OK);
    return conn;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(0)};
    scratch_make(&fixture.scratch);
    fixture.options = (struct db_options){.path = scratch_path(&fixture.scratch, "db")};
    fixture.conn = connect_to(&fixture);
    fixture.other = connect_to(&fixture);
    db_script(fixture.conn, "CREATE TABLE page (id BIGINT NOT NULL PRIMARY KEY, raw BLOB NOT NULL)");
    assert_int_equal(db_class(fixture.conn), DB_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    db_disconnect(f->conn);
    db_disconnect(f->other);
    arena_free(f->arena);
    scratch_remove(&f->scratch);
    return 0;
}

static void add_pages(struct db_conn *conn, int64_t first, int64_t count)
{
    char raw[4000] = {0};
    for (int64_t id = first; id < first + count; id++)
        db_exec(conn, &page_add, DB_VALUES(db_int(id), db_bytes(raw, sizeof raw)));
    assert_int_equal(db_class(conn), DB_OK);
}

static void commit_pages(struct db_conn *conn, int64_t first, int64_t count)
{
    db_begin(conn, true);
    add_pages(conn, first, count);
    db_commit(conn);
    assert_int_equal(db_class(conn), DB_OK);
}

static int64_t pages(struct db_conn *conn)
{
    struct db_rows *rows = db_query(conn, &page_count, DB_NO_VALUES);
    int64_t found = db_next(rows) ? db_get_int(rows, 0) : -1;
    db_done(rows);
    return found;
}

/* As a connection sees it that was never there before. */
static void check_whole(struct fixture *f, int64_t count)
{
    struct db_conn *fresh = connect_to(f);
    assert_int_equal(pages(fresh), count);
    assert_int_equal(db_examine(fresh, "page", NULL), ST_OK);
    db_disconnect(fresh);
}

static void test_others_see_what_was_committed(void **state)
{
    struct fixture *f = *state;
    for (int64_t first = 0; first < 300; first += 100) {
        commit_pages(f->conn, first, 100);
        assert_int_equal(pages(f->other), first + 100);
        check_whole(f, first + 100);
    }
}

static void test_a_writer_reads_what_it_has_written(void **state)
{
    struct fixture *f = *state;
    db_begin(f->conn, true);
    add_pages(f->conn, 0, 100);
    assert_int_equal(pages(f->conn), 100);
    add_pages(f->conn, 100, 100);
    assert_int_equal(pages(f->conn), 200);
    assert_int_equal(pages(f->other), 0);
    db_commit(f->conn);
    check_whole(f, 200);
}

/* Its pages did not fit into the cache and were on their way to where another writes next. */
static void test_what_was_rolled_back_never_reaches_the_log(void **state)
{
    struct fixture *f = *state;
    db_begin(f->conn, true);
    add_pages(f->conn, 0, 40);
    db_rollback(f->conn);
    commit_pages(f->other, 1000, 100);
    commit_pages(f->conn, 2000, 1);
    check_whole(f, 101);
}

static void test_closing_in_a_transaction_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct db_conn *brief = connect_to(f);
    commit_pages(f->conn, 0, 1);
    db_begin(brief, true);
    add_pages(brief, 100, 40);
    db_disconnect(brief);
    commit_pages(f->other, 1000, 100);
    check_whole(f, 101);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_others_see_what_was_committed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_writer_reads_what_it_has_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_was_rolled_back_never_reaches_the_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_closing_in_a_transaction_leaves_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
