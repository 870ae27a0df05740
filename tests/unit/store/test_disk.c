/* A disk that fills up for real: a limit on the size of files stands for it. */
#include "fixture.h"

#include "store/fact.h"

#include <signal.h>
#include <sys/resource.h>

#define ROOM (64 * 1024)

static char body[8192];

static enum status add_fact(struct txn *txn, void *context, struct error *err)
{
    struct fixture *f = context;
    struct fact_row row = {
        .kind = "event", .subject = f->org_id, .valid_from = DATE_NONE, .valid_to = DATE_NONE, .body = body};
    enum status status = fact_add(txn, &row, err);
    txn_audit(txn, "fact.added", row.id, NULL);
    return status;
}

struct count {
    const char *subject;
    size_t facts;
};

static enum status count_facts(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct count *count = context;
    struct fact_list list;
    enum status status = fact_of(snapshot, count->subject, NULL, INSTANT_NONE, &list, err);
    count->facts = list.count;
    return status;
}

static void limit_files(rlim_t size)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int64_t largest_file(struct fixture *f)
{
    struct store_stats stats;
    store_stats(f->store, &stats);
    return stats.file_bytes > stats.wal_bytes ? stats.file_bytes : stats.wal_bytes;
}

static void test_a_full_disk_loses_nothing_and_is_left_behind(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    int64_t acknowledged = 0;
    enum status status;
    memset(body, ' ', sizeof body - 1);
    body[0] = '{';
    body[sizeof body - 2] = '}';
    limit_files((rlim_t)(largest_file(f) + ROOM));
    while ((status = fixture_write(f, add_fact, f, &err)) == ST_OK)
        acknowledged++;
    assert_int_equal(status, ST_FULL);
    assert_true(acknowledged >= 1 && acknowledged < 2 * ROOM / (int64_t)sizeof body);
    assert_int_equal(fixture_write(f, add_fact, f, NULL), ST_FULL);
    assert_false(store_ready(f->store));
    assert_int_equal(fixture_verify(f, f->org), acknowledged);
    limit_files(RLIM_INFINITY);
    fixture_do(f, add_fact, f);
    assert_true(store_ready(f->store));
    assert_int_equal(fixture_verify(f, f->org), acknowledged + 1);
    struct count count = {.subject = f->org_id};
    fixture_see(f, count_facts, &count);
    assert_int_equal(count.facts, acknowledged + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_full_disk_loses_nothing_and_is_left_behind),
    };
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
