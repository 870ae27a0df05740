#pragma once
/*
 * The one event loop: timers, signals, calls posted from other threads, and how late it runs. Everything here
 * but loop_post and loop_lag_read belongs to the thread that runs the loop.
 */
#include "base/date.h"

#include <stddef.h>
#include <stdint.h>

struct loop;
struct event_base;

/* Ignores SIGPIPE for the whole process, or a client that hangs up early would end it. */
struct loop *loop_new(void);
/* After the timers and all that put itself on the loop. Calls still posted are dropped. NULL is fine. */
void loop_free(struct loop *loop);
/* Returns after loop_stop, at once when that was called before; may be run again. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* For http and net, which put their own sockets on the loop. */
struct event_base *loop_base(struct loop *loop);

/* Calls run(context) on the loop, soon, never from inside this call. Any thread, in order, never lost while the
 * loop runs. */
void loop_post(struct loop *loop, void (*run)(void *context), void *context);
/* Takes back what was posted with this function and context and has not begun; how many calls that were. */
unsigned loop_cancel(struct loop *loop, void (*run)(void *context), void *context);
void loop_on_signal(struct loop *loop, int signal, void (*run)(void *context), void *context);

struct timer;

struct timer *timer_new(struct loop *loop, void (*run)(void *context), void *context);
void timer_free(struct timer *timer);
/* Fires once after `delay` microseconds (monotonic), never early; arming again replaces. */
void timer_arm(struct timer *timer, int64_t delay);
void timer_disarm(struct timer *timer);

/* Loop lag: how late a 100 ms tick is served, in microseconds, that is how long the callbacks before it held
 * the loop. Cumulative since the start, `recent_max` over this minute and the one before. Any thread. */
#define LOOP_LAG_BUCKETS 8
struct loop_lag {
    uint64_t ticks;
    uint64_t sum;
    uint64_t max;
    uint64_t recent_max;
    uint64_t bucket[LOOP_LAG_BUCKETS]; /* <= 1, 2, 5, 10, 20, 50, 200 ms, more */
};
extern const uint64_t loop_lag_bounds[LOOP_LAG_BUCKETS - 1]; /* microseconds */
void loop_lag_read(const struct loop *loop, struct loop_lag *ret);
/* Called on each lag tick: the watchdog. */
void loop_on_tick(struct loop *loop, void (*run)(void *context), void *context);
