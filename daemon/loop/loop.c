/*
 * The event loop: a libevent base without locks, owned by the thread that runs it. Other threads only reach it
 * through the queue of posted calls, which an eventfd announces. A periodic timerfd measures how late the loop
 * serves its events, independent of libevent's coarse clock.
 */
#include "loop/loop.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define TICK_US      INT64_C(100000) /* what a wake-up costs is most of what an idle daemon does */
#define MINUTE_TICKS (60 * US_PER_SEC / TICK_US)

const uint64_t loop_lag_bounds[LOOP_LAG_BUCKETS - 1] = {1000, 2000, 5000, 10000, 20000, 50000, 200000};

struct loop_call {
    struct loop_call *next;
    void (*run)(void *context);
    void *context;
};

struct loop_signal {
    struct loop_signal *next;
    struct event *event;
    void (*run)(void *context);
    void *context;
};

struct loop {
    struct event_base *base;
    struct event *wake, *tick;
    struct loop_signal *signals;
    int wake_fd, tick_fd;
    bool stopped;
    int64_t tick_due; /* monotonic microseconds */
    void (*on_tick)(void *context);
    void *on_tick_context;

    pthread_mutex_t mutex; /* of the two fields below */
    struct loop_call *first, **last;

    _Atomic uint64_t ticks, sum, max, minute_max, minute_before_max;
    _Atomic uint64_t bucket[LOOP_LAG_BUCKETS];
};

struct timer {
    struct loop *loop;
    struct event *event;
    int64_t due; /* monotonic microseconds */
    void (*run)(void *context);
    void *context;
};

static int64_t loop_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * US_PER_SEC + now.tv_nsec / 1000;
}

static void *loop_alloc(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- posted calls */

static void loop_run_posted(evutil_socket_t fd, short what, void *context)
{
    struct loop *loop = context;
    uint64_t count;
    (void)what;
    if (read(fd, &count, sizeof count) < 0)
        return;
    pthread_mutex_lock(&loop->mutex);
    struct loop_call *call = loop->first;
    loop->first = NULL;
    loop->last = &loop->first;
    pthread_mutex_unlock(&loop->mutex);
    while (call) {
        struct loop_call *next = call->next;
        call->run(call->context);
        free(call);
        call = next;
    }
}

void loop_post(struct loop *loop, void (*run)(void *context), void *context)
{
    struct loop_call *call = loop_alloc(sizeof *call);
    *call = (struct loop_call){.run = run, .context = context};
    pthread_mutex_lock(&loop->mutex);
    bool announce = !loop->first;
    *loop->last = call;
    loop->last = &call->next;
    pthread_mutex_unlock(&loop->mutex);
    if (announce && write(loop->wake_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
        abort(); /* the counter cannot be full: it is only raised when the queue was empty */
}

/* ---- lag */

static void loop_raise(_Atomic uint64_t *max, uint64_t value)
{
    if (value > atomic_load_explicit(max, memory_order_relaxed))
        atomic_store_explicit(max, value, memory_order_relaxed);
}

static void loop_add(_Atomic uint64_t *sum, uint64_t value)
{
    atomic_fetch_add_explicit(sum, value, memory_order_relaxed);
}

static void loop_on_lag_tick(evutil_socket_t fd, short what, void *context)
{
    struct loop *loop = context;
    uint64_t expired;
    (void)what;
    if (read(fd, &expired, sizeof expired) < 0)
        return;
    int64_t late = loop_monotonic() - loop->tick_due;
    uint64_t lag = late > 0 ? (uint64_t)late : 0;
    loop->tick_due += (int64_t)expired * TICK_US;
    unsigned i = 0;
    while (i < LOOP_LAG_BUCKETS - 1 && lag > loop_lag_bounds[i])
        i++;
    loop_add(&loop->bucket[i], 1);
    loop_add(&loop->sum, lag);
    loop_raise(&loop->max, lag);
    loop_raise(&loop->minute_max, lag);
    if (atomic_fetch_add_explicit(&loop->ticks, 1, memory_order_relaxed) % MINUTE_TICKS == MINUTE_TICKS - 1)
        atomic_store_explicit(
            &loop->minute_before_max, atomic_exchange(&loop->minute_max, 0), memory_order_relaxed);
    if (loop->on_tick)
        loop->on_tick(loop->on_tick_context);
}

void loop_lag_read(const struct loop *loop, struct loop_lag *ret)
{
    ret->ticks = atomic_load_explicit(&loop->ticks, memory_order_relaxed);
    ret->sum = atomic_load_explicit(&loop->sum, memory_order_relaxed);
    ret->max = atomic_load_explicit(&loop->max, memory_order_relaxed);
    uint64_t now = atomic_load_explicit(&loop->minute_max, memory_order_relaxed);
    uint64_t before = atomic_load_explicit(&loop->minute_before_max, memory_order_relaxed);
    ret->recent_max = now > before ? now : before;
    for (unsigned i = 0; i < LOOP_LAG_BUCKETS; i++)
        ret->bucket[i] = atomic_load_explicit(&loop->bucket[i], memory_order_relaxed);
}

void loop_on_tick(struct loop *loop, void (*run)(void *context), void *context)
{
    loop->on_tick = run;
    loop->on_tick_context = context;
}

/* ---- the loop */

static void loop_start_tick(struct loop *loop)
{
    loop->tick_due = loop_monotonic() + TICK_US;
    struct itimerspec every = {.it_interval.tv_nsec = TICK_US * 1000,
        .it_value = {.tv_sec = loop->tick_due / US_PER_SEC, .tv_nsec = loop->tick_due % US_PER_SEC * 1000}};
    loop->tick_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (loop->tick_fd < 0 || timerfd_settime(loop->tick_fd, TFD_TIMER_ABSTIME, &every, NULL) < 0)
        abort();
    loop->tick = event_new(loop->base, loop->tick_fd, EV_READ | EV_PERSIST, loop_on_lag_tick, loop);
}

struct loop *loop_new(void)
{
    signal(SIGPIPE, SIG_IGN);
    struct loop *loop = loop_alloc(sizeof *loop);
    struct event_config *config = event_config_new();
    if (!config || event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) < 0)
        abort();
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!loop->base || loop->wake_fd < 0)
        abort();
    pthread_mutex_init(&loop->mutex, NULL);
    loop->last = &loop->first;
    loop->wake = event_new(loop->base, loop->wake_fd, EV_READ | EV_PERSIST, loop_run_posted, loop);
    loop_start_tick(loop);
    if (!loop->wake || !loop->tick || event_add(loop->wake, NULL) < 0 || event_add(loop->tick, NULL) < 0)
        abort();
    return loop;
}

unsigned loop_cancel(struct loop *loop, void (*run)(void *context), void *context)
{
    unsigned cancelled = 0;
    pthread_mutex_lock(&loop->mutex);
    for (struct loop_call **at = &loop->first; *at;) {
        struct loop_call *call = *at;
        if (call->run != run || call->context != context) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        if (loop->last == &call->next)
            loop->last = at;
        free(call);
        cancelled++;
    }
    pthread_mutex_unlock(&loop->mutex);
    return cancelled;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    while (loop->signals) {
        struct loop_signal *handler = loop->signals;
        loop->signals = handler->next;
        event_free(handler->event);
        free(handler);
    }
    while (loop->first) {
        struct loop_call *call = loop->first;
        loop->first = call->next;
        free(call);
    }
    event_free(loop->wake);
    event_free(loop->tick);
    event_base_free(loop->base);
    close(loop->wake_fd);
    close(loop->tick_fd);
    pthread_mutex_destroy(&loop->mutex);
    free(loop);
}

void loop_run(struct loop *loop)
{
    if (!loop->stopped)
        event_base_loop(loop->base, 0);
    loop->stopped = false;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
    event_base_loopbreak(loop->base);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

static void loop_on_caught(evutil_socket_t number, short what, void *context)
{
    struct loop_signal *handler = context;
    (void)number;
    (void)what;
    handler->run(handler->context);
}

void loop_on_signal(struct loop *loop, int signal, void (*run)(void *context), void *context)
{
    struct loop_signal *handler = loop_alloc(sizeof *handler);
    *handler = (struct loop_signal){.next = loop->signals, .run = run, .context = context};
    handler->event = evsignal_new(loop->base, signal, loop_on_caught, handler);
    if (!handler->event || event_add(handler->event, NULL) < 0)
        abort();
    loop->signals = handler;
}

/* ---- timers */

static void timer_set(struct timer *timer, int64_t delay)
{
    if (delay < 0)
        delay = 0;
    struct timeval wait = {.tv_sec = delay / US_PER_SEC, .tv_usec = delay % US_PER_SEC};
    if (event_add(timer->event, &wait) < 0)
        abort();
}

static void timer_on_due(evutil_socket_t fd, short what, void *context)
{
    struct timer *timer = context;
    (void)fd;
    (void)what;
    /* libevent counts from the start of the callback round, on a coarse clock: it may be early */
    int64_t left = timer->due - loop_monotonic();
    if (left > 0)
        timer_set(timer, left);
    else
        timer->run(timer->context);
}

struct timer *timer_new(struct loop *loop, void (*run)(void *context), void *context)
{
    struct timer *timer = loop_alloc(sizeof *timer);
    *timer = (struct timer){.loop = loop, .run = run, .context = context};
    timer->event = evtimer_new(loop->base, timer_on_due, timer);
    if (!timer->event)
        abort();
    return timer;
}

void timer_free(struct timer *timer)
{
    if (!timer)
        return;
    event_free(timer->event);
    free(timer);
}

void timer_arm(struct timer *timer, int64_t delay)
{
    int64_t now = loop_monotonic();
    timer->due = delay > INT64_MAX - now ? INT64_MAX : now + delay;
    timer_set(timer, delay);
}

void timer_disarm(struct timer *timer)
{
    event_del(timer->event);
}
