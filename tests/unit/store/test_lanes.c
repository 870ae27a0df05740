/* Jobs on the lanes: they share commits, fail alone, keep their order, complete on the loop. */
#include "fixture.h"

#include "internal.h"
#include "store/audit.h"
#include "store/fact.h"

#include <pthread.h>

#define MANY 300

struct lanes;

struct job {
    struct lanes *lanes;
    int number;
    enum status wanted; /* what run answers */
    int order;          /* which run it was */
    int done;
    enum status status;
    char detail[ERROR_DETAIL_MAX];
};

struct lanes {
    struct fixture fixture;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool closed, entered; /* the gate that hold_lane waits at */
    int runs;
    int done, expected, drained;
    struct job jobs[MANY];
};

static struct lanes lanes;

static int set_up(void **state)
{
    memset(&lanes, 0, sizeof lanes);
    pthread_mutex_init(&lanes.mutex, NULL);
    pthread_cond_init(&lanes.changed, NULL);
    fixture_open(&lanes.fixture, NULL, true);
    *state = &lanes;
    return 0;
}

static int tear_down(void **state)
{
    struct lanes *l = *state;
    fixture_close(&l->fixture);
    pthread_mutex_destroy(&l->mutex);
    pthread_cond_destroy(&l->changed);
    return 0;
}

static void on_done(void *context, enum status status, const struct error *err)
{
    struct job *job = context;
    struct lanes *l = job->lanes;
    job->done++;
    job->status = status;
    snprintf(job->detail, sizeof job->detail, "%s", err->detail);
    if (++l->done == l->expected)
        loop_stop(l->fixture.loop);
}

static void wait_at_gate(struct lanes *l)
{
    pthread_mutex_lock(&l->mutex);
    l->entered = true;
    pthread_cond_broadcast(&l->changed);
    while (l->closed)
        pthread_cond_wait(&l->changed, &l->mutex);
    pthread_mutex_unlock(&l->mutex);
}

static enum status hold(struct txn *txn, void *context, struct error *err)
{
    (void)txn;
    (void)err;
    wait_at_gate(((struct job *)context)->lanes);
    return ST_OK;
}

static enum status note(struct txn *txn, void *context, struct error *err)
{
    struct job *job = context;
    struct fact_row row = {.kind = "event",
        .subject = arena_printf(txn_arena(txn), "org_%s", txn_organisation(txn)),
        .valid_from = DATE_NONE,
        .valid_to = DATE_NONE,
        .body = "{}"};
    pthread_mutex_lock(&job->lanes->mutex);
    job->order = ++job->lanes->runs;
    pthread_mutex_unlock(&job->lanes->mutex);
    enum status status = fact_add(txn, &row, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "fact.added", row.id, arena_printf(txn_arena(txn), "{\"number\":%d}", job->number));
    return job->wanted == ST_OK ? ST_OK : error_set(err, job->wanted, "job %d refuses", job->number);
}

static void submit_for(
    struct lanes *l, int number, const char *organisation, enum lane_priority priority, txn_run run)
{
    struct job *job = &l->jobs[number];
    job->lanes = l;
    job->number = number;
    const struct store_request request = {
        .organisation = organisation, .actor = "tester", .priority = priority, .context = job, .done = on_done};
    assert_int_equal(store_write(l->fixture.store, &request, run, NULL), ST_OK);
    assert_int_equal(job->done, 0);
    l->expected++;
}

static void submit(struct lanes *l, int number)
{
    submit_for(l, number, l->fixture.org, LANE_PEOPLE, note);
}

/* Job 0 holds the write lane until finish(). */
static void hold_lane(struct lanes *l)
{
    l->closed = true;
    submit_for(l, 0, l->fixture.org, LANE_PEOPLE, hold);
    pthread_mutex_lock(&l->mutex);
    while (!l->entered)
        pthread_cond_wait(&l->changed, &l->mutex);
    pthread_mutex_unlock(&l->mutex);
}

static void finish(struct lanes *l)
{
    pthread_mutex_lock(&l->mutex);
    l->closed = false;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->mutex);
    loop_run(l->fixture.loop);
    assert_int_equal(l->done, l->expected);
}

static uint64_t commits(struct lanes *l)
{
    struct store_stats stats;
    store_stats(l->fixture.store, &stats);
    return stats.commits;
}

static void test_queued_jobs_share_a_commit(void **state)
{
    struct lanes *l = *state;
    uint64_t before = commits(l);
    hold_lane(l);
    for (int i = 1; i <= 128; i++)
        submit(l, i);
    finish(l);
    assert_int_equal(commits(l) - before, 3); /* the one that held, and two batches of 64 */
    for (int i = 1; i <= 128; i++) {
        assert_int_equal(l->jobs[i].status, ST_OK);
        assert_int_equal(l->jobs[i].done, 1);
        assert_int_equal(l->jobs[i].order, i);
    }
    assert_int_equal(fixture_verify(&l->fixture, l->fixture.org), 128);
}

static void test_a_job_that_fails_undoes_only_itself(void **state)
{
    struct lanes *l = *state;
    uint64_t before = commits(l);
    hold_lane(l);
    l->jobs[2].wanted = ST_CONFLICT;
    for (int i = 1; i <= 3; i++)
        submit(l, i);
    finish(l);
    assert_int_equal(commits(l) - before, 2);
    assert_int_equal(l->jobs[1].status, ST_OK);
    assert_int_equal(l->jobs[2].status, ST_CONFLICT);
    assert_string_equal(l->jobs[2].detail, "job 2 refuses");
    assert_int_equal(l->jobs[3].status, ST_OK);
    assert_string_equal(l->jobs[3].detail, "");
    assert_int_equal(fixture_verify(&l->fixture, l->fixture.org), 2);
}

static void test_a_batch_of_refusals_commits_nothing(void **state)
{
    struct lanes *l = *state;
    uint64_t before = commits(l);
    l->jobs[1].wanted = ST_INVALID;
    submit(l, 1);
    loop_run(l->fixture.loop);
    assert_int_equal(commits(l), before);
    assert_int_equal(l->jobs[1].status, ST_INVALID);
}

static void test_organisations_do_not_share_a_transaction(void **state)
{
    struct lanes *l = *state;
    const char *other = fixture_organisation(&l->fixture, "Autre");
    uint64_t before = commits(l);
    hold_lane(l);
    for (int i = 1; i <= 6; i++)
        submit_for(l, i, i % 2 ? l->fixture.org : other, LANE_PEOPLE, note);
    submit_for(l, 7, "0000000000", LANE_PEOPLE, note);
    finish(l);
    assert_int_equal(commits(l) - before, 3);
    assert_int_equal(l->jobs[7].status, ST_NOT_FOUND);
    assert_int_equal(fixture_verify(&l->fixture, l->fixture.org), 3);
    assert_int_equal(fixture_verify(&l->fixture, other), 3);
}

static void test_people_overtake_slices(void **state)
{
    struct lanes *l = *state;
    hold_lane(l);
    submit_for(l, 1, l->fixture.org, LANE_SLICE, note);
    submit_for(l, 2, l->fixture.org, LANE_PEOPLE, note);
    finish(l);
    assert_int_equal(l->jobs[2].order, 1);
    assert_int_equal(l->jobs[1].order, 2);
}

struct seen {
    struct job job;
    const char *organisation;
    int64_t seq;
};

static enum status look(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct seen *seen = context;
    struct sha256 hash;
    return audit_head_of(snapshot, seen->organisation, &seen->seq, &hash, err);
}

static enum status look_for_nothing(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct fact_row row;
    (void)context;
    return fact_get(snapshot, "fact_x", INSTANT_NONE, &row, err);
}

static void read_now(struct lanes *l, struct seen *seen, snapshot_run run)
{
    seen->job.lanes = l;
    seen->organisation = l->fixture.org;
    const struct store_request request = {.context = seen, .done = on_done};
    assert_int_equal(store_read(l->fixture.store, &request, run, NULL), ST_OK);
    l->expected++;
    loop_run(l->fixture.loop);
}

static void test_a_read_sees_every_completed_write(void **state)
{
    struct lanes *l = *state;
    for (int i = 1; i <= 20; i++) {
        struct seen seen = {.seq = 0};
        submit(l, i);
        loop_run(l->fixture.loop);
        read_now(l, &seen, look);
        assert_int_equal(seen.job.status, ST_OK);
        assert_int_equal(seen.seq, i);
    }
    struct seen nothing = {.seq = 0};
    read_now(l, &nothing, look_for_nothing);
    assert_int_equal(nothing.job.status, ST_NOT_FOUND);
}

static void test_reads_go_on_while_a_write_is_held(void **state)
{
    struct lanes *l = *state;
    struct seen seen = {.seq = -1};
    hold_lane(l);
    l->expected = 1;
    seen.job.lanes = l;
    seen.organisation = l->fixture.org;
    const struct store_request request = {.context = &seen, .done = on_done};
    assert_int_equal(store_read(l->fixture.store, &request, look, NULL), ST_OK);
    loop_run(l->fixture.loop);
    assert_int_equal(seen.job.status, ST_OK);
    assert_int_equal(seen.seq, 0);
    l->expected = 2;
    finish(l);
}

static enum status hold_long(const struct snapshot *snapshot, void *context, struct error *err)
{
    (void)snapshot;
    (void)err;
    wait_at_gate(((struct job *)context)->lanes);
    return ST_OK;
}

static void test_reads_go_on_while_a_long_one_is_held(void **state)
{
    struct lanes *l = *state;
    struct seen seen = {.seq = -1};
    l->closed = true;
    l->jobs[0].lanes = l;
    const struct store_request request = {.context = &l->jobs[0], .done = on_done};
    assert_int_equal(store_read_long(l->fixture.store, &request, hold_long, NULL), ST_OK);
    pthread_mutex_lock(&l->mutex);
    while (!l->entered)
        pthread_cond_wait(&l->changed, &l->mutex);
    pthread_mutex_unlock(&l->mutex);
    for (int i = 1; i <= 20; i++)
        read_now(l, &seen, look);
    assert_int_equal(l->jobs[0].done, 0);
    l->expected++;
    finish(l);
    assert_int_equal(l->jobs[0].status, ST_OK);
}

/* The caller's strings may be gone by the time the job runs. */
static void test_the_request_is_copied(void **state)
{
    struct lanes *l = *state;
    char organisation[ORG_KEY_MAX];
    memcpy(organisation, l->fixture.org, sizeof organisation);
    hold_lane(l);
    submit_for(l, 1, organisation, LANE_PEOPLE, note);
    memset(organisation, 'x', sizeof organisation - 1);
    finish(l);
    assert_int_equal(l->jobs[1].status, ST_OK);
}

static void on_drained(void *context)
{
    struct lanes *l = context;
    l->drained++;
    loop_stop(l->fixture.loop);
}

static void test_drain_completes_what_is_queued(void **state)
{
    struct lanes *l = *state;
    struct job late = {.lanes = l};
    const struct store_request request = {
        .organisation = l->fixture.org, .actor = "tester", .context = &late, .done = on_done};
    hold_lane(l);
    for (int i = 1; i <= 5; i++)
        submit(l, i);
    store_drain(l->fixture.store, on_drained, l);
    assert_int_equal(store_write(l->fixture.store, &request, note, NULL), ST_BUSY);
    finish(l);
    while (!l->drained)
        loop_run(l->fixture.loop);
    assert_int_equal(l->drained, 1);
    assert_int_equal(l->done, 6);
    assert_int_equal(late.done, 0);
}

static void test_a_full_queue_refuses(void **state)
{
    struct lanes *l = *state;
    struct store *store;
    const struct store_options options = {
        .path = l->fixture.path, .read_lanes = 1, .queue = 2, .batch = 1, .clock = l->fixture.clock};
    struct store *first = l->fixture.store;
    assert_int_equal(store_open(l->fixture.loop, &options, &store, NULL), ST_OK);
    l->fixture.store = store;
    struct job refused = {.lanes = l};
    const struct store_request request = {
        .organisation = l->fixture.org, .actor = "tester", .context = &refused, .done = on_done};
    hold_lane(l);
    submit(l, 1);
    submit(l, 2);
    assert_int_equal(store_write(store, &request, note, NULL), ST_BUSY);
    finish(l);
    assert_int_equal(refused.done, 0);
    store_free(store);
    l->fixture.store = first;
}

#define LANES_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANES_TEST(test_queued_jobs_share_a_commit),
        LANES_TEST(test_a_job_that_fails_undoes_only_itself),
        LANES_TEST(test_a_batch_of_refusals_commits_nothing),
        LANES_TEST(test_organisations_do_not_share_a_transaction),
        LANES_TEST(test_people_overtake_slices),
        LANES_TEST(test_a_read_sees_every_completed_write),
        LANES_TEST(test_reads_go_on_while_a_write_is_held),
        LANES_TEST(test_reads_go_on_while_a_long_one_is_held),
        LANES_TEST(test_the_request_is_copied),
        LANES_TEST(test_drain_completes_what_is_queued),
        LANES_TEST(test_a_full_queue_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
