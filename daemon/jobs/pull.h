#pragma once
/* Asking sources: a run as the loop sees it. pull.c goes from step to step, pull_net.c makes the calls of one,
 * pull_trial.c tries a connection for an operation. */
#include "internal.h"
#include "work/pull.h"

enum { PULL_FIELDS_MAX = 32 /* header fields of an answer that are looked at */ };

struct pull_call {
    struct pull_run *run;
    struct lms_call asked;
    struct fetch_call *call;     /* under way */
    struct fetch_answer *answer; /* when it has ended */
};

struct pull_run {
    struct pull_run *next;
    struct jobs *jobs;
    struct pull_open *open;
    struct operation_run *trial; /* NULL: a run of its own */
    struct arena *arena;         /* of the step */
    struct pull_call *calls;     /* of the step, LMS_CALLS_MAX * 4 at most */
    size_t count, begun, ended;
    struct lms_calls asked;        /* by the latest question */
    struct lms_exchanges answered; /* for the lane */
    int64_t retry_after;           /* the longest that was asked for, -1: none */
    bool stop;                     /* begins no further calls */
    bool renewed;                  /* the token, in this step */
    char problem[240];             /* a call that could not be made, "": none */
    bool refused;
    char *token; /* bought and not yet stored */
    int64_t token_life;
    bool in_lane;
    struct timer *timer;
    void (*again)(struct pull_run *run);    /* when the timer fires */
    enum pull_end end;                      /* of the step that was stored */
    struct operation_list ended_operations; /* in the arena */
};

/* pull_net.c */
/* Buys a token if one is needed; then run_ask, or run_give_up. */
void run_enter(struct pull_run *run);
/* Makes the calls of run->asked; then run_ask again, or run_take, or run_give_up. */
void run_fetch(struct pull_run *run);
/* Ends what is under way and forgets the answers. */
void run_clear(struct pull_run *run);

/* pull.c */
struct pull_run *run_new(struct jobs *jobs, struct pull_open *open);
void run_free(struct pull_run *run);
void run_ask(struct pull_run *run);
void run_take(struct pull_run *run);
/* What run->problem says. */
void run_give_up(struct pull_run *run);
/* On a lane; `done` on the loop. Tries again while the store is busy. */
void run_store(struct pull_run *run, txn_run write, snapshot_run read, store_done done,
    void (*again)(struct pull_run *run));
/* The lane has given the run back; false: the jobs end, and the run is gone. */
bool run_is_back(struct pull_run *run);

/* pull_trial.c: what a trial does where a run would write */
void trial_take(struct pull_run *run);
void trial_give_up(struct pull_run *run);
