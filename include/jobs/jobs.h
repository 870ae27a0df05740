#pragma once
/*
 * What the daemon does by itself: a table of jobs and one runner. The runner looks (on a read lane) which
 * organisations have work of which job now and when the next falls due, has the work done in slices (on the
 * write lane), and arms one timer for the next time. It is woken by what others write and by a clock that is
 * set; nothing is polled. All calls on the loop.
 *
 * Mail leaves on lanes of its own: a relay that does not answer holds one of them, never the loop and never
 * the other messages. So does the look into the mailbox that answers come to.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "loop/loop.h"
#include "net/bearer.h"
#include "net/fetch.h"
#include "net/imap.h"
#include "net/smtp.h"
#include "store/store.h"
#include "work/retention.h"

enum mail_transport { MAIL_OFF, MAIL_FILE, MAIL_SMTP };

struct mail_route {
    enum mail_transport transport; /* MAIL_OFF: messages wait in the store */
    const char *directory;         /* MAIL_FILE: where each message becomes a file; made when it is missing */
    struct smtp_relay relay;       /* MAIL_SMTP */
};

/* Where answers come in. */
struct mailbox_route {
    struct imap_mailbox mailbox;   /* url NULL: no mailbox is read */
    struct bearer_source bearer;   /* file and endpoint NULL: the mailbox has a password */
    const char *folder;            /* where what was taken is moved to */
    const char *authserv_id;       /* whose Authentication-Results are believed; NULL = none */
    int64_t interval_us;           /* between two looks */
    int64_t per_sender, strangers; /* of work/reply.h */
};

struct jobs_options {
    struct loop *loop;
    struct store *store;
    const struct clock *clock;
    struct retention_terms retention;
    const struct mail_route *mail;       /* copied; its strings outlive the jobs */
    const struct mailbox_route *mailbox; /* the same; NULL = none */
    struct fetcher *fetcher;             /* outlives the jobs; NULL: nothing is fetched */
    /* Long work (an import, a campaign, an operation) has ended, whatever its end. Optional. */
    void (*ended)(void *context, const char *id);
    void *context;
};

struct jobs;

/* Begins to look at once. ST_INTERNAL: a directory that cannot be written. */
enum status jobs_new(const struct jobs_options *options, struct jobs **ret, struct error *err);
/* Something was written that may have left deliveries or due dates (`organisation` NULL: maybe anywhere), or
 * the clock has moved. Cheap, may be called for every write. */
void jobs_wake(struct jobs *jobs, const char *organisation);
/* Takes nothing new; `drained` is called on the loop when what is under way has ended. */
void jobs_drain(struct jobs *jobs, void (*drained)(void *context), void *context);
/* After the drain, or when the loop has ended. NULL is fine. */
void jobs_free(struct jobs *jobs);
/* Metrics lines (Prometheus text format). */
void jobs_metrics(const struct jobs *jobs, struct buf *out);
