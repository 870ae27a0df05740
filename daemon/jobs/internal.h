#pragma once
/* The runner and its table. Loop thread, but for the functions of the table. */
#include "base/arena.h"
#include "base/id.h"
#include "jobs/jobs.h"
#include "loop/lane.h"
#include "store/delivery.h"
#include "store/operation.h"

#include <stdatomic.h>

enum {
    JOBS_SLICES_MAX = 4, /* under way together */
    MAIL_LANES = 4,      /* messages under way together */
    MAIL_QUEUE_MAX = 16, /* claimed and not yet ended: within the lease even when each takes its longest */
    MAIL_CLAIM_MAX = 8,  /* of one organisation at once */
    MAIL_LEASE_S = 15 * 60,
    OPERATIONS_MAX = 16,        /* begun and not yet ended */
    OPERATION_LEASE_S = 2 * 60, /* longer than any takes */
    OPERATION_ATTEMPTS = 5,
    PULLS_MAX = 8, /* sources asked at the same time */
    JWKS_FETCHES_MAX = 8,
    OPERATION_FORGET_MAX = 500, /* at once */
};

/* ---- the table */

struct job_due {
    unsigned job; /* index into job_table */
    char organisation[ORG_KEY_MAX];
    instant_t at; /* there is work from then on */
};

struct operation_run;
struct jwks_row;
struct jwks_run;
struct pull_open;
struct pull_run;
struct look; /* where the look functions put what they find */
void look_found(struct look *look, const char *organisation, instant_t at);
/* When the jobs began, by their clock. */
instant_t look_began(const struct look *look);

struct slice;

struct job_row {
    const char *name;
    /* In a snapshot: calls look_found for each organisation with work, now or later. */
    enum status (*look)(const struct snapshot *snapshot, struct look *look, struct error *err);
    /* In a transaction of such an organisation: some of the work, and how much it was into slice->done. */
    enum status (*run)(struct txn *txn, struct slice *slice, struct error *err);
    /* On the loop after COMMIT. Optional. */
    void (*committed)(struct slice *slice);
    /* How much may be taken now; 0: nothing. Optional. */
    unsigned (*room)(const struct jobs *jobs);
    /* On the loop, instead of `run`: begins work that has steps of its own, unless it is under way. */
    void (*begin)(struct jobs *jobs);
};
extern const struct job_row job_table[];
extern const unsigned job_table_count;

/* One piece of work of one job for one organisation: under way, or resting because the last one failed or found
 * nothing to do. */
struct slice {
    struct slice *next;
    struct jobs *jobs;
    unsigned job;
    char organisation[ORG_KEY_MAX];
    unsigned limit;      /* how much may be taken */
    unsigned done;       /* how much was done */
    int64_t rests_until; /* monotonic; 0: under way */
    bool woken;          /* while it was under way */
    char ended[ID_MAX];  /* the long work that this slice ended, "" for none */
    struct talk *talk;   /* what is claimed for a calendar */
    struct arena *arena; /* of what is claimed */
    struct delivery_list claimed;
    struct operation_list operations;
    struct pull_open **pulls;
    struct jwks_row *jwks;
};

/* What the latest self-check found. */
struct selfcheck_figures {
    instant_t at, held_at; /* INSTANT_NONE = there was none yet */
    bool failed;
    int64_t taken;
};

struct jobs {
    struct jobs_options options;
    struct mail_route mail;
    atomic_bool stopping; /* messages under way are given up */
    struct timer *timer;
    int64_t timer_at; /* monotonic, when the timer fires; INT64_MAX: it is not armed */
    bool looking, again;
    instant_t began;
    struct selfcheck_run *selfcheck; /* under way */
    struct selfcheck_figures selfcheck_figures, selfcheck_recalled;
    int64_t selfcheck_rests; /* monotonic, not before */
    bool recalled;           /* what the one before the start has found was asked for */
    bool recalling;          /* and is not answered yet */
    struct slice *slices;
    unsigned running; /* slices under way */
    char owner[40];   /* of leases */
    struct lane *lane;
    struct send *unsettled;    /* ended, the end not yet written */
    unsigned sending;          /* messages claimed and not yet settled */
    uint64_t outcomes[3];      /* by enum delivery_outcome */
    struct import_run *import; /* under way */
    struct talk *talks;        /* with calendar servers */
    unsigned talking;
    struct calendar_figures *calendars; /* of talk_metrics.c */
    struct operation_run *operations;
    unsigned operating;
    struct mailbox *mailbox; /* NULL: none is read */
    struct pull_run *pulls;  /* under way, trials included */
    unsigned pulling;
    struct jwks_run *jwks; /* under way */
    unsigned fetching_keys;
    void (*drained)(void *context);
    void *drained_context;
    bool draining, lane_ended;
    struct timer *patience; /* how long a drain waits for relays */
};

/* Arms the timer unless it fires earlier anyway. */
void jobs_arm(struct jobs *jobs, int64_t delay_us);
/* After something has ended: calls drained when nothing is left. */
void jobs_ended(struct jobs *jobs);
/* What rests may run again. `organisation` NULL = all. */
void jobs_rouse(struct jobs *jobs, const char *organisation);

/* ---- mail.c */
enum status mail_start(struct jobs *jobs, struct error *err);
void mail_stop(struct jobs *jobs);
void mail_settle_again(struct jobs *jobs);
unsigned mail_room(const struct jobs *jobs);
enum status mail_look(const struct snapshot *snapshot, struct look *look, struct error *err);
enum status mail_claim(struct txn *txn, struct slice *slice, struct error *err);
void mail_send(struct slice *slice);

/* ---- import.c */
enum status import_look(const struct snapshot *snapshot, struct look *look, struct error *err);
void import_start(struct jobs *jobs);
/* Ends it if it only waits; what runs on a lane ends after its step. */
void import_drain(struct jobs *jobs);
void import_run_free(struct import_run *run);

/* ---- operation.c: what requests have asked for; a row of the table in table.c for each kind */
struct operation_kind {
    const char *name;
    /* On the loop: begins it. Sooner or later it calls operation_done or operation_fail, once; work on a lane
     * sets run->writing meanwhile, and a call of net/fetch.h stands in run->call, so that a drain can end it.
     */
    void (*begin)(struct operation_run *run);
};
extern const struct operation_kind operation_kinds[]; /* ends with a row without a name */

struct operation_run {
    struct operation_run *next;
    struct jobs *jobs;
    struct arena *arena; /* its own, until it has ended */
    const struct operation_kind *kind;
    char organisation[ORG_KEY_MAX];
    const char *id, *subject, *request;
    struct fetch_call *call; /* under way, NULL: none */
    void *state;             /* the kind's own */
    struct buf result;       /* a JSON object, for operation_done; {} when empty */
    bool failed, writing;
    struct timer *timer;
};
void operation_done(struct operation_run *run);
/* The result is {"problem": ...}. */
void operation_fail(struct operation_run *run, const char *problem);
void operation_drain(struct jobs *jobs);
void operation_free(struct operation_run *run);
enum status operation_look(const struct snapshot *snapshot, struct look *look, struct error *err);
unsigned operation_room(const struct jobs *jobs);
enum status operation_take(struct txn *txn, struct slice *slice, struct error *err);
void operation_begin(struct slice *slice);
enum status operation_forget_look(const struct snapshot *snapshot, struct look *look, struct error *err);
enum status operation_forget(struct txn *txn, struct slice *slice, struct error *err);

/* ---- mailbox.c */
void mailbox_start(struct jobs *jobs);
/* Begins no new look; what is under way ends after its step. */
void mailbox_drain(struct jobs *jobs);
bool mailbox_is_idle(const struct jobs *jobs);
void mailbox_stop(struct jobs *jobs);
void mailbox_metrics(const struct jobs *jobs, struct buf *out);

/* ---- jwks.c */
enum status jwks_look(const struct snapshot *snapshot, struct look *look, struct error *err);
unsigned jwks_room(const struct jobs *jobs);
enum status jwks_lease(struct txn *txn, struct slice *slice, struct error *err);
void jwks_begin(struct slice *slice);
void jwks_drain(struct jobs *jobs);
void jwks_forget(struct jobs *jobs);

/* ---- pull.c */
enum status pull_look(const struct snapshot *snapshot, struct look *look, struct error *err);
unsigned pull_room(const struct jobs *jobs);
enum status pull_take(struct txn *txn, struct slice *slice, struct error *err);
void pull_begin(struct slice *slice);
/* Ends what waits for the network; what runs on a lane ends there. */
void pull_drain(struct jobs *jobs);
void pull_forget(struct jobs *jobs);
void pull_trial_begin(struct operation_run *operation);

/* ---- badge.c */
void badge_begin(struct operation_run *run);

/* ---- talk.c: visits and deliveries to calendar servers */
enum status visit_look(const struct snapshot *snapshot, struct look *look, struct error *err);
enum status visit_claim(struct txn *txn, struct slice *slice, struct error *err);
enum status put_look(const struct snapshot *snapshot, struct look *look, struct error *err);
enum status put_claim(struct txn *txn, struct slice *slice, struct error *err);
unsigned talk_room(const struct jobs *jobs);
void talk_begin(struct slice *slice);
void talk_drain(struct jobs *jobs);
void talk_stop(struct jobs *jobs);
void talk_metrics(const struct jobs *jobs, struct buf *out);

/* ---- selfcheck.c */
enum status selfcheck_look(const struct snapshot *snapshot, struct look *look, struct error *err);
void selfcheck_start(struct jobs *jobs);
void selfcheck_free(struct selfcheck_run *run);
/* Reads what the latest one before the start of the daemon has found. */
void selfcheck_remember(struct jobs *jobs);
void selfcheck_metrics(const struct jobs *jobs, struct buf *out);

/* ---- how a message leaves; a row of the table in transport.c each */
struct mail_item {
    const char *id, *from, *to;
    struct span content;
};
struct transport {
    /* On a lane's thread. */
    void *(*start)(const struct mail_route *route);
    void (*send)(
        void *worker, const struct mail_route *route, const struct mail_item *item, struct smtp_result *ret);
    void (*stop)(void *worker);
    /* On the loop, before the lanes start. Optional. */
    enum status (*prepare)(const struct mail_route *route, struct error *err);
};
extern const struct transport mail_transports[];
