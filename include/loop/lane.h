#pragma once
/*
 * Worker lanes: bounded queues in front of threads. Jobs run on a lane's thread and complete on the loop,
 * exactly once, never from inside lane_submit. A lane may take several queued jobs with the same key at once
 * (group commit).
 *
 * Two priorities share a lane: people go first, but when slices have waited through sixteen batches of people
 * one batch of slices is taken, so that long work advances under any load. Jobs of one key and priority run in
 * the order they were submitted; a batch never mixes priorities.
 */
#include "base/error.h"
#include "loop/loop.h"

#include <stdbool.h>

enum lane_priority { LANE_PEOPLE /* hooks and people */, LANE_SLICE /* slices of long work */ };

/* Embed it as the first member. Owned by the submitter until submit succeeds, by the lane until done is called.
 */
struct lane_job {
    struct lane_job *next;
    const char *key; /* groups jobs into a batch, NULL = alone; must live as long as the job */
    enum lane_priority priority;
    void (*done)(struct lane_job *job); /* on the loop */
};

struct lane_options {
    const char *name;     /* also the thread's name and the metrics label */
    unsigned threads;     /* each with its own context */
    unsigned capacity;    /* jobs waiting, both priorities together */
    unsigned slice_share; /* of the capacity, the most that slices may take (so that people always find room) */
    unsigned max_batch;   /* >= 1 */
    /* On the worker thread, at its start and end; start may be NULL. */
    void *(*start)(void *context, unsigned thread);
    void (*stop)(void *worker);
    /* Runs a batch of 1 to max_batch jobs of one key, in submission order. On return every job is complete. */
    void (*run)(void *worker, struct lane_job **jobs, unsigned count);
    void *context; /* given to start */
};

struct lane;

struct lane *lane_new(struct loop *loop, const struct lane_options *options);
/* ST_BUSY when full or draining; the job is untouched then. Loop thread only. */
enum status lane_submit(struct lane *lane, struct lane_job *job, struct error *err) MUST_CHECK;
/* Refuses new jobs; `drained` is called on the loop when the last queued job has completed. */
void lane_drain(struct lane *lane, void (*drained)(void *context), void *context);
/* Stops the threads after their current batch and waits for them; jobs not done by then never are: drain first.
 * Loop thread only; from within `drained` is fine. NULL is fine. */
void lane_free(struct lane *lane);

struct lane_stats {
    uint64_t submitted, completed, refused, batches;
    unsigned waiting, capacity;
    uint64_t busy_us;    /* time spent in run */
    uint64_t longest_us; /* longest run */
};
void lane_stats(const struct lane *lane, struct lane_stats *ret);
