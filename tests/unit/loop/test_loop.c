/* The event loop: posted calls, timers, signals, lag. */
#include "loop/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define THREADS 4
#define CALLS   2000

struct fixture {
    struct loop *loop;
    int fired;
    int order[4];
    int count;
    struct timer *timer;
};

static int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * US_PER_SEC + now.tv_nsec / 1000;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.loop = loop_new()};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    timer_free(f->timer);
    loop_free(f->loop);
    return 0;
}

static void stop(void *context)
{
    struct fixture *f = context;
    f->fired++;
    loop_stop(f->loop);
}

static void first(void *context)
{
    struct fixture *f = context;
    f->order[f->count++] = 1;
}

static void second(void *context)
{
    struct fixture *f = context;
    f->order[f->count++] = 2;
}

static void test_post_is_never_synchronous_and_keeps_order(void **state)
{
    struct fixture *f = *state;
    loop_post(f->loop, first, f);
    loop_post(f->loop, second, f);
    loop_post(f->loop, stop, f);
    assert_int_equal(f->count, 0);
    loop_run(f->loop);
    assert_int_equal(f->count, 2);
    assert_int_equal(f->order[0], 1);
    assert_int_equal(f->order[1], 2);
}

static void post_twice(void *context)
{
    struct fixture *f = context;
    loop_post(f->loop, first, f);
    loop_post(f->loop, stop, f);
    assert_int_equal(f->count, 0);
}

static void test_post_from_a_posted_call(void **state)
{
    struct fixture *f = *state;
    loop_post(f->loop, post_twice, f);
    loop_run(f->loop);
    assert_int_equal(f->count, 1);
    assert_int_equal(f->fired, 1);
}

struct poster {
    struct loop *loop;
    int *total; /* only touched on the loop */
    int seen;
    int number;
};

static struct poster_call {
    struct poster *poster;
    int number;
} poster_calls[THREADS][CALLS];

static void count_call(void *context)
{
    struct poster_call *call = context;
    assert_int_equal(call->number, call->poster->seen);
    call->poster->seen++;
    if (++*call->poster->total == THREADS * CALLS)
        loop_stop(call->poster->loop);
}

static void *post_many(void *context)
{
    struct poster *poster = context;
    for (int i = 0; i < CALLS; i++) {
        poster_calls[poster->number][i] = (struct poster_call){poster, i};
        loop_post(poster->loop, count_call, &poster_calls[poster->number][i]);
    }
    return NULL;
}

static void test_post_from_threads_loses_nothing(void **state)
{
    struct fixture *f = *state;
    struct poster posters[THREADS];
    pthread_t threads[THREADS];
    int total = 0;
    for (int i = 0; i < THREADS; i++) {
        posters[i] = (struct poster){f->loop, &total, 0, i};
        assert_int_equal(pthread_create(&threads[i], NULL, post_many, &posters[i]), 0);
    }
    loop_run(f->loop);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(total, THREADS * CALLS);
}

static void test_stop_before_run_returns_at_once(void **state)
{
    struct fixture *f = *state;
    loop_post(f->loop, first, f);
    loop_stop(f->loop);
    loop_run(f->loop);
    assert_int_equal(f->count, 0);
    loop_post(f->loop, stop, f);
    loop_run(f->loop);
    assert_int_equal(f->count, 1);
}

static void test_calls_left_at_the_end_are_dropped(void **state)
{
    struct fixture *f = *state;
    loop_post(f->loop, first, f);
    assert_int_equal(f->count, 0);
}

static void test_timer_is_never_early(void **state)
{
    struct fixture *f = *state;
    f->timer = timer_new(f->loop, stop, f);
    for (int64_t delay = 0; delay <= 9000; delay += 1500) {
        int64_t start = monotonic();
        timer_arm(f->timer, delay);
        loop_run(f->loop);
        assert_true(monotonic() - start >= delay);
    }
}

static void hold_then_arm(void *context)
{
    struct fixture *f = context;
    int64_t until = monotonic() + 20000;
    while (monotonic() < until)
        ;
    timer_arm(f->timer, 10000);
}

/* The delay counts from timer_arm, however long the callback before it took. */
static void test_timer_counts_from_arming(void **state)
{
    struct fixture *f = *state;
    f->timer = timer_new(f->loop, stop, f);
    int64_t start = monotonic();
    loop_post(f->loop, hold_then_arm, f);
    loop_run(f->loop);
    assert_true(monotonic() - start >= 30000);
}

static void test_timer_rearm_replaces_and_disarm_stops(void **state)
{
    struct fixture *f = *state;
    f->timer = timer_new(f->loop, first, f);
    struct timer *end = timer_new(f->loop, stop, f);
    timer_arm(f->timer, 1000);
    timer_arm(f->timer, 1000);
    timer_arm(end, 10000);
    loop_run(f->loop);
    assert_int_equal(f->count, 1);
    timer_arm(f->timer, INT64_MAX);
    timer_arm(f->timer, 1000);
    timer_disarm(f->timer);
    timer_arm(end, 10000);
    loop_run(f->loop);
    assert_int_equal(f->count, 1);
    timer_free(end);
}

static void test_signal_runs_on_the_loop(void **state)
{
    struct fixture *f = *state;
    loop_on_signal(f->loop, SIGUSR1, stop, f);
    for (int i = 1; i <= 2; i++) {
        kill(getpid(), SIGUSR1);
        loop_run(f->loop);
        assert_int_equal(f->fired, i);
    }
}

static void test_sigpipe_is_ignored(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

static void hold(void *context)
{
    (void)context;
    int64_t until = monotonic() + 230000;
    while (monotonic() < until)
        ;
}

static void test_lag_shows_a_callback_that_holds_the_loop(void **state)
{
    struct fixture *f = *state;
    loop_on_tick(f->loop, stop, f);
    loop_run(f->loop);
    struct loop_lag before, after;
    loop_lag_read(f->loop, &before);
    assert_int_equal(before.ticks, 1);
    loop_post(f->loop, hold, f);
    loop_run(f->loop);
    loop_lag_read(f->loop, &after);
    assert_int_equal(after.ticks, 2);
    assert_true(after.max >= 50000);
    assert_int_equal(after.recent_max, after.max);
    assert_true(after.sum - before.sum >= 50000);
    uint64_t buckets = 0;
    for (int i = 0; i < LOOP_LAG_BUCKETS; i++)
        buckets += after.bucket[i];
    assert_int_equal(buckets, after.ticks);
    assert_true(after.bucket[LOOP_LAG_BUCKETS - 2] + after.bucket[LOOP_LAG_BUCKETS - 1] >= 1);
    loop_run(f->loop);
    loop_lag_read(f->loop, &before);
    assert_true(before.sum - after.sum < 50000); /* missed ticks are not counted against the next one */
}

static void test_a_call_taken_back_never_runs(void **state)
{
    struct fixture *f = *state;
    loop_post(f->loop, first, f);
    loop_post(f->loop, first, &f->order);
    loop_post(f->loop, first, f);
    assert_int_equal(loop_cancel(f->loop, first, f), 2);
    assert_int_equal(loop_cancel(f->loop, first, &f->order), 1);
    assert_int_equal(loop_cancel(f->loop, first, f), 0);
    loop_post(f->loop, stop, f);
    loop_run(f->loop);
    assert_int_equal(f->fired, 1);
    assert_int_equal(f->count, 0);
}

#define LOOP_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOOP_TEST(test_a_call_taken_back_never_runs),
        LOOP_TEST(test_post_is_never_synchronous_and_keeps_order),
        LOOP_TEST(test_post_from_a_posted_call),
        LOOP_TEST(test_post_from_threads_loses_nothing),
        LOOP_TEST(test_stop_before_run_returns_at_once),
        LOOP_TEST(test_calls_left_at_the_end_are_dropped),
        LOOP_TEST(test_timer_is_never_early),
        LOOP_TEST(test_timer_counts_from_arming),
        LOOP_TEST(test_timer_rearm_replaces_and_disarm_stops),
        LOOP_TEST(test_signal_runs_on_the_loop),
        LOOP_TEST(test_sigpipe_is_ignored),
        LOOP_TEST(test_lag_shows_a_callback_that_holds_the_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
