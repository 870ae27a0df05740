/*
 * Worker lanes: a bounded queue of two priorities, threads that take batches from it, and completions posted to
 * the loop. The mutex guards the queue and the statistics; what only the loop thread touches (the count of jobs
 * not yet done, the drain callback) needs none.
 */
#include "loop/lane.h"

#include "base/clock.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After so many batches of people while slices wait, one batch of slices goes first: long work never starves.
 */
#define LANE_PATIENCE 16

struct lane_queue {
    struct lane_job *first, **last;
    unsigned count;
};

struct lane_worker {
    struct lane *lane;
    unsigned number;
    pthread_t thread;
};

struct lane {
    struct loop *loop;
    struct lane_options options;
    struct lane_worker *workers;

    pthread_mutex_t mutex; /* of all down to `stats` */
    pthread_cond_t wake;
    struct lane_queue queue[2]; /* by priority */
    struct lane_queue complete; /* waiting for the loop; a call is posted while it is not empty */
    unsigned posted;            /* calls that the loop still owes: the lane outlives them */
    unsigned passed_over;       /* batches of people since slices began to wait */
    bool stopping;
    struct lane_stats stats;

    /* Loop thread only. */
    uint64_t pending; /* submitted, not yet done */
    bool draining, dead;
    void (*drained)(void *context);
    void *drained_context;
};

static void *lane_alloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- queues */

static void lane_queue_init(struct lane_queue *queue)
{
    *queue = (struct lane_queue){.last = &queue->first};
}

static void lane_push(struct lane_queue *queue, struct lane_job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
    queue->count++;
}

static struct lane_job *lane_unlink(struct lane_queue *queue, struct lane_job **at)
{
    struct lane_job *job = *at;
    *at = job->next;
    if (!*at)
        queue->last = at;
    queue->count--;
    return job;
}

static struct lane_queue *lane_next_queue(struct lane *lane)
{
    struct lane_queue *people = &lane->queue[LANE_PEOPLE], *slices = &lane->queue[LANE_SLICE];
    if (!slices->count || (people->count && lane->passed_over < LANE_PATIENCE)) {
        lane->passed_over = slices->count ? lane->passed_over + 1 : 0;
        return people;
    }
    lane->passed_over = 0;
    return slices;
}

/* The first job, and those behind it with its key, in order. */
static unsigned lane_take(struct lane *lane, struct lane_job **jobs)
{
    struct lane_queue *queue = lane_next_queue(lane);
    const char *key = queue->first->key;
    unsigned count = 0;
    jobs[count++] = lane_unlink(queue, &queue->first);
    struct lane_job **at = &queue->first;
    while (key && *at && count < lane->options.max_batch) {
        if ((*at)->key && strcmp((*at)->key, key) == 0)
            jobs[count++] = lane_unlink(queue, at);
        else
            at = &(*at)->next;
    }
    return count;
}

/* ---- completion, on the loop */

static void lane_destroy(struct lane *lane)
{
    pthread_mutex_destroy(&lane->mutex);
    pthread_cond_destroy(&lane->wake);
    free(lane->workers);
    free(lane);
}

/* A call arrived; false when it was the last of a lane that is gone. */
static bool lane_called(struct lane *lane, struct lane_queue *complete)
{
    pthread_mutex_lock(&lane->mutex);
    unsigned left = --lane->posted;
    *complete = lane->complete;
    lane->stats.completed += lane->complete.count;
    lane_queue_init(&lane->complete);
    pthread_mutex_unlock(&lane->mutex);
    if (!lane->dead)
        return true;
    if (left == 0)
        lane_destroy(lane);
    return false;
}

static void lane_check_drained(struct lane *lane)
{
    if (lane->pending > 0 || !lane->drained)
        return;
    void (*drained)(void *context) = lane->drained;
    lane->drained = NULL;
    drained(lane->drained_context); /* may free the lane */
}

static void lane_on_call(void *context)
{
    struct lane *lane = context;
    struct lane_queue complete;
    if (!lane_called(lane, &complete))
        return;
    struct lane_job *job = complete.first;
    while (job) {
        struct lane_job *next = job->next;
        lane->pending--;
        job->done(job);
        job = next;
    }
    lane_check_drained(lane);
}

/* ---- threads */

static void lane_complete(struct lane *lane, struct lane_job **jobs, unsigned count, int64_t took)
{
    pthread_mutex_lock(&lane->mutex);
    bool announce = !lane->complete.first;
    lane->posted += announce;
    for (unsigned i = 0; i < count; i++)
        lane_push(&lane->complete, jobs[i]);
    uint64_t busy = took > 0 ? (uint64_t)took : 0;
    lane->stats.batches++;
    lane->stats.busy_us += busy;
    if (busy > lane->stats.longest_us)
        lane->stats.longest_us = busy;
    pthread_mutex_unlock(&lane->mutex);
    if (announce)
        loop_post(lane->loop, lane_on_call, lane);
}

static unsigned lane_wait(struct lane *lane, struct lane_job **jobs)
{
    pthread_mutex_lock(&lane->mutex);
    while (!lane->stopping && !lane->queue[LANE_PEOPLE].count && !lane->queue[LANE_SLICE].count)
        pthread_cond_wait(&lane->wake, &lane->mutex);
    unsigned count = lane->stopping ? 0 : lane_take(lane, jobs);
    pthread_mutex_unlock(&lane->mutex);
    return count;
}

static void *lane_thread(void *context)
{
    struct lane_worker *worker = context;
    struct lane *lane = worker->lane;
    struct lane_job **jobs = lane_alloc(lane->options.max_batch, sizeof(struct lane_job *));
    char name[16];
    snprintf(name, sizeof name, "%s-%u", lane->options.name, worker->number);
    pthread_setname_np(pthread_self(), name);
    void *state = lane->options.start ? lane->options.start(lane->options.context, worker->number) : NULL;
    unsigned count;
    while ((count = lane_wait(lane, jobs)) > 0) {
        int64_t start = clock_monotonic();
        lane->options.run(state, jobs, count);
        lane_complete(lane, jobs, count, clock_monotonic() - start);
    }
    if (lane->options.stop)
        lane->options.stop(state);
    free(jobs);
    return NULL;
}

/* Signals belong to the loop: its threads inherit a mask that blocks them all. */
static void lane_start_threads(struct lane *lane)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (unsigned i = 0; i < lane->options.threads; i++) {
        lane->workers[i] = (struct lane_worker){.lane = lane, .number = i};
        if (pthread_create(&lane->workers[i].thread, NULL, lane_thread, &lane->workers[i]) != 0)
            abort();
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- the lane */

struct lane *lane_new(struct loop *loop, const struct lane_options *options)
{
    struct lane *lane = lane_alloc(1, sizeof *lane);
    lane->loop = loop;
    lane->options = *options;
    lane->stats.capacity = options->capacity;
    lane->workers = lane_alloc(options->threads, sizeof *lane->workers);
    pthread_mutex_init(&lane->mutex, NULL);
    pthread_cond_init(&lane->wake, NULL);
    lane_queue_init(&lane->queue[LANE_PEOPLE]);
    lane_queue_init(&lane->queue[LANE_SLICE]);
    lane_queue_init(&lane->complete);
    lane_start_threads(lane);
    return lane;
}

static bool lane_has_room(const struct lane *lane, enum lane_priority priority)
{
    unsigned slices = lane->queue[LANE_SLICE].count;
    if (lane->queue[LANE_PEOPLE].count + slices >= lane->options.capacity)
        return false;
    return priority != LANE_SLICE || slices < lane->options.slice_share;
}

enum status lane_submit(struct lane *lane, struct lane_job *job, struct error *err)
{
    pthread_mutex_lock(&lane->mutex);
    bool accepted = !lane->draining && lane_has_room(lane, job->priority);
    if (accepted) {
        lane_push(&lane->queue[job->priority], job);
        lane->stats.submitted++;
        pthread_cond_signal(&lane->wake);
    } else {
        lane->stats.refused++;
    }
    pthread_mutex_unlock(&lane->mutex);
    if (!accepted)
        return error_set(
            err, ST_BUSY, "lane %s is %s", lane->options.name, lane->draining ? "stopping" : "full");
    lane->pending++;
    return ST_OK;
}

void lane_drain(struct lane *lane, void (*drained)(void *context), void *context)
{
    lane->draining = true;
    lane->drained = drained;
    lane->drained_context = context;
    pthread_mutex_lock(&lane->mutex);
    lane->posted++;
    pthread_mutex_unlock(&lane->mutex);
    loop_post(lane->loop, lane_on_call, lane);
}

void lane_free(struct lane *lane)
{
    if (!lane)
        return;
    pthread_mutex_lock(&lane->mutex);
    lane->stopping = true;
    pthread_cond_broadcast(&lane->wake);
    pthread_mutex_unlock(&lane->mutex);
    for (unsigned i = 0; i < lane->options.threads; i++)
        pthread_join(lane->workers[i].thread, NULL);
    /* The loop may never run again: what it has not begun is taken back. */
    lane->posted -= loop_cancel(lane->loop, lane_on_call, lane);
    if (lane->posted > 0)
        lane->dead = true; /* the last call frees it */
    else
        lane_destroy(lane);
}

void lane_stats(const struct lane *lane, struct lane_stats *ret)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)&lane->mutex;
    pthread_mutex_lock(mutex);
    *ret = lane->stats;
    ret->waiting = lane->queue[LANE_PEOPLE].count + lane->queue[LANE_SLICE].count;
    pthread_mutex_unlock(mutex);
}
