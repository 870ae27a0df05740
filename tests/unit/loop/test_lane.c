/* Lanes: batches by key, priorities, ceilings, completion on the loop, draining. */
#include "loop/lane.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MAX_JOBS 512

struct job {
    struct lane_job lane; /* first */
    struct fixture *fixture;
    int number;
    int batch; /* which run took it, from 1 */
    int runs, dones;
    bool off_loop; /* ran on another thread than the loop's */
};

struct fixture {
    struct loop *loop;
    struct lane *lane;
    pthread_t loop_thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool closed; /* the gate: run waits while it is closed */
    int entered; /* batches that reached the gate */
    int order[MAX_JOBS], ran;
    int batch_size[MAX_JOBS];
    int stopped;
    bool masked;
    struct job jobs[MAX_JOBS];
    int expected, done, drained;
    int resubmit;
};

static void *start(void *context, unsigned thread)
{
    struct fixture *f = context;
    sigset_t mask;
    (void)thread;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    pthread_mutex_lock(&f->mutex);
    f->masked = sigismember(&mask, SIGTERM) == 1;
    pthread_mutex_unlock(&f->mutex);
    return f;
}

static void stop(void *worker)
{
    struct fixture *f = worker;
    pthread_mutex_lock(&f->mutex);
    f->stopped++;
    pthread_mutex_unlock(&f->mutex);
}

static void run(void *worker, struct lane_job **jobs, unsigned count)
{
    struct fixture *f = worker;
    pthread_mutex_lock(&f->mutex);
    f->batch_size[f->entered++] = (int)count;
    int batch = f->entered;
    pthread_cond_broadcast(&f->changed);
    while (f->closed)
        pthread_cond_wait(&f->changed, &f->mutex);
    for (unsigned i = 0; i < count; i++) {
        struct job *job = (struct job *)jobs[i];
        job->batch = batch;
        job->runs++;
        job->off_loop = !pthread_equal(pthread_self(), f->loop_thread);
        f->order[f->ran++] = job->number;
    }
    pthread_mutex_unlock(&f->mutex);
}

static void gate(struct fixture *f, bool closed)
{
    pthread_mutex_lock(&f->mutex);
    f->closed = closed;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->mutex);
}

static void wait_entered(struct fixture *f, int batches)
{
    pthread_mutex_lock(&f->mutex);
    while (f->entered < batches)
        pthread_cond_wait(&f->changed, &f->mutex);
    pthread_mutex_unlock(&f->mutex);
}

static void done(struct lane_job *lane_job)
{
    struct job *job = (struct job *)lane_job;
    struct fixture *f = job->fixture;
    job->dones++;
    assert_true(pthread_equal(pthread_self(), f->loop_thread));
    if (++f->done == f->expected)
        loop_stop(f->loop);
}

static struct lane *make_lane(struct fixture *f, unsigned threads, unsigned capacity, unsigned max_batch)
{
    const struct lane_options options = {.name = "test",
        .threads = threads,
        .capacity = capacity,
        .slice_share = capacity / 2,
        .max_batch = max_batch,
        .start = start,
        .stop = stop,
        .run = run,
        .context = f};
    f->lane = lane_new(f->loop, &options);
    return f->lane;
}

static struct job *job_of(struct fixture *f, int number, const char *key, enum lane_priority priority)
{
    struct job *job = &f->jobs[number];
    *job =
        (struct job){.lane = {.key = key, .priority = priority, .done = done}, .fixture = f, .number = number};
    return job;
}

static enum status submit(struct fixture *f, int number, const char *key, enum lane_priority priority)
{
    return lane_submit(f->lane, &job_of(f, number, key, priority)->lane, NULL);
}

/* Submits job 0 and waits until it holds the lane's one thread at the closed gate. */
static void hold_lane(struct fixture *f)
{
    gate(f, true);
    assert_int_equal(submit(f, 0, NULL, LANE_PEOPLE), ST_OK);
    wait_entered(f, 1);
}

static void finish(struct fixture *f, int expected)
{
    f->expected = expected;
    gate(f, false);
    if (f->done < expected)
        loop_run(f->loop);
    assert_int_equal(f->done, expected);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    fixture.loop = loop_new();
    fixture.loop_thread = pthread_self();
    pthread_mutex_init(&fixture.mutex, NULL);
    pthread_cond_init(&fixture.changed, NULL);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    lane_free(f->lane);
    loop_free(f->loop);
    pthread_mutex_destroy(&f->mutex);
    pthread_cond_destroy(&f->changed);
    return 0;
}

static void test_a_job_runs_off_the_loop_and_is_done_on_it(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 8, 4);
    assert_int_equal(submit(f, 0, "a", LANE_PEOPLE), ST_OK);
    finish(f, 1);
    assert_int_equal(f->jobs[0].runs, 1);
    assert_int_equal(f->jobs[0].dones, 1);
    assert_true(f->jobs[0].off_loop);
    assert_true(f->masked);
}

static void test_one_key_is_one_batch_in_order(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 64, 3);
    hold_lane(f);
    const char *keys[] = {NULL, "a", "b", "a", "b", "a", "a", NULL, NULL};
    for (int i = 1; i <= 8; i++)
        assert_int_equal(submit(f, i, keys[i], LANE_PEOPLE), ST_OK);
    finish(f, 9);
    const int order[] = {0, 1, 3, 5, 2, 4, 6, 7, 8};
    assert_memory_equal(f->order, order, sizeof order);
    const int sizes[] = {1, 3, 2, 1, 1, 1};
    assert_int_equal(f->entered, 6);
    assert_memory_equal(f->batch_size, sizes, sizeof sizes);
}

static void test_keys_are_compared_by_text(void **state)
{
    struct fixture *f = *state;
    char first[] = "same", second[] = "same";
    make_lane(f, 1, 8, 8);
    hold_lane(f);
    assert_int_equal(submit(f, 1, first, LANE_PEOPLE), ST_OK);
    assert_int_equal(submit(f, 2, second, LANE_PEOPLE), ST_OK);
    finish(f, 3);
    assert_int_equal(f->jobs[1].batch, f->jobs[2].batch);
}

static void test_people_go_before_slices(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 64, 1);
    hold_lane(f);
    assert_int_equal(submit(f, 1, "a", LANE_SLICE), ST_OK);
    assert_int_equal(submit(f, 2, "a", LANE_PEOPLE), ST_OK);
    assert_int_equal(submit(f, 3, "a", LANE_PEOPLE), ST_OK);
    finish(f, 4);
    const int order[] = {0, 2, 3, 1};
    assert_memory_equal(f->order, order, sizeof order);
}

static void test_a_batch_does_not_mix_priorities(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 64, 8);
    hold_lane(f);
    assert_int_equal(submit(f, 1, "a", LANE_SLICE), ST_OK);
    assert_int_equal(submit(f, 2, "a", LANE_PEOPLE), ST_OK);
    finish(f, 3);
    assert_int_not_equal(f->jobs[1].batch, f->jobs[2].batch);
}

static void test_slices_are_not_starved(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 128, 1);
    hold_lane(f);
    assert_int_equal(submit(f, 1, NULL, LANE_SLICE), ST_OK);
    for (int i = 2; i < 60; i++)
        assert_int_equal(submit(f, i, NULL, LANE_PEOPLE), ST_OK);
    finish(f, 60);
    assert_int_equal(f->order[17], 1);
}

static void test_full_lane_refuses_and_keeps_room_for_people(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    make_lane(f, 1, 4, 1);
    hold_lane(f);
    assert_int_equal(submit(f, 1, NULL, LANE_SLICE), ST_OK);
    assert_int_equal(submit(f, 2, NULL, LANE_SLICE), ST_OK);
    assert_int_equal(submit(f, 3, NULL, LANE_SLICE), ST_BUSY);
    assert_int_equal(submit(f, 4, NULL, LANE_PEOPLE), ST_OK);
    assert_int_equal(submit(f, 5, NULL, LANE_PEOPLE), ST_OK);
    struct job *refused = job_of(f, 6, NULL, LANE_PEOPLE);
    assert_int_equal(lane_submit(f->lane, &refused->lane, &err), ST_BUSY);
    assert_string_equal(err.detail, "lane test is full");
    struct lane_stats stats;
    lane_stats(f->lane, &stats);
    assert_int_equal(stats.waiting, 4);
    assert_int_equal(stats.refused, 2);
    finish(f, 5);
    assert_int_equal(refused->runs, 0);
    assert_int_equal(refused->dones, 0);
}

static void test_done_is_never_called_from_submit(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 8, 1);
    gate(f, false);
    assert_int_equal(submit(f, 0, NULL, LANE_PEOPLE), ST_OK);
    wait_entered(f, 1);
    gate(f, true);
    assert_int_equal(submit(f, 1, NULL, LANE_PEOPLE), ST_OK);
    wait_entered(f, 2); /* so the first batch has completed */
    assert_int_equal(f->done, 0);
    finish(f, 2);
}

static void resubmit_done(struct lane_job *lane_job)
{
    struct job *job = (struct job *)lane_job;
    struct fixture *f = job->fixture;
    if (f->resubmit-- > 0)
        assert_int_equal(lane_submit(f->lane, lane_job, NULL), ST_OK);
    else
        loop_stop(f->loop);
}

static void test_done_may_submit_again(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 1, 1);
    f->resubmit = 50;
    job_of(f, 0, NULL, LANE_PEOPLE)->lane.done = resubmit_done;
    assert_int_equal(lane_submit(f->lane, &f->jobs[0].lane, NULL), ST_OK);
    loop_run(f->loop);
    assert_int_equal(f->jobs[0].runs, 51);
}

static void test_many_threads_complete_each_job_once(void **state)
{
    struct fixture *f = *state;
    static const char *const keys[] = {"a", "b", "c", NULL};
    make_lane(f, 4, MAX_JOBS, 7);
    for (int i = 0; i < MAX_JOBS; i++)
        assert_int_equal(submit(f, i, keys[i % 4], i % 5 ? LANE_PEOPLE : LANE_SLICE), ST_OK);
    finish(f, MAX_JOBS);
    for (int i = 0; i < MAX_JOBS; i++) {
        assert_int_equal(f->jobs[i].runs, 1);
        assert_int_equal(f->jobs[i].dones, 1);
    }
    struct lane_stats stats;
    lane_stats(f->lane, &stats);
    assert_int_equal(stats.submitted, MAX_JOBS);
    assert_int_equal(stats.completed, MAX_JOBS);
    assert_int_equal(stats.batches, f->entered);
    assert_int_equal(stats.waiting, 0);
}

static void drained(void *context)
{
    struct fixture *f = context;
    f->drained++;
    assert_int_equal(f->done, f->expected);
    lane_free(f->lane);
    f->lane = NULL;
    loop_stop(f->loop);
}

static void test_drain_completes_the_queue_and_refuses_more(void **state)
{
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    make_lane(f, 1, 8, 1);
    hold_lane(f);
    assert_int_equal(submit(f, 1, NULL, LANE_SLICE), ST_OK);
    f->expected = -1;
    lane_drain(f->lane, drained, f);
    assert_int_equal(lane_submit(f->lane, &job_of(f, 2, NULL, LANE_PEOPLE)->lane, &err), ST_BUSY);
    assert_string_equal(err.detail, "lane test is stopping");
    f->expected = 2;
    gate(f, false);
    while (!f->drained)
        loop_run(f->loop);
    assert_int_equal(f->done, 2);
    assert_int_equal(f->stopped, 1);
}

static void test_drain_of_an_idle_lane_answers_on_the_loop(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 2, 8, 1);
    lane_drain(f->lane, drained, f);
    assert_int_equal(f->drained, 0);
    loop_run(f->loop);
    assert_int_equal(f->drained, 1);
    assert_int_equal(f->stopped, 2);
}

static void quit(void *context)
{
    loop_stop(context);
}

static void test_free_without_drain_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    make_lane(f, 1, 8, 1);
    gate(f, false);
    assert_int_equal(submit(f, 0, NULL, LANE_PEOPLE), ST_OK);
    wait_entered(f, 1);
    lane_free(f->lane); /* the loop still owes the completion */
    f->lane = NULL;
    loop_post(f->loop, quit, f->loop);
    loop_run(f->loop);
    assert_int_equal(f->done, 0);
}

#define LANE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANE_TEST(test_a_job_runs_off_the_loop_and_is_done_on_it),
        LANE_TEST(test_one_key_is_one_batch_in_order),
        LANE_TEST(test_keys_are_compared_by_text),
        LANE_TEST(test_people_go_before_slices),
        LANE_TEST(test_a_batch_does_not_mix_priorities),
        LANE_TEST(test_slices_are_not_starved),
        LANE_TEST(test_full_lane_refuses_and_keeps_room_for_people),
        LANE_TEST(test_done_is_never_called_from_submit),
        LANE_TEST(test_done_may_submit_again),
        LANE_TEST(test_many_threads_complete_each_job_once),
        LANE_TEST(test_drain_completes_the_queue_and_refuses_more),
        LANE_TEST(test_drain_of_an_idle_lane_answers_on_the_loop),
        LANE_TEST(test_free_without_drain_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
