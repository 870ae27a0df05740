/*
 * The look into the mailbox that answers come to: one message after the other is fetched and read on a lane of
 * its own, kept on the store's write lane together with how far the mailbox was read, and filed. Loop thread,
 * but for the functions named box_, which run on the lane, and keep_run.
 */
#include "internal.h"

#include "base/crypto.h"
#include "base/log.h"
#include "base/number.h"
#include "base/text.h"
#include "net/backoff.h"
#include "work/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAILBOX_RETRY_MS = 500, MAILBOX_FIRST_DAYS = 14, MAILBOX_NAME = 17, MAILBOX_CURSOR = 64 };

struct mailbox {
    struct lane_job job; /* first */
    struct jobs *jobs;
    struct mailbox_route route;
    char name[MAILBOX_NAME]; /* of the mailbox in cursors */
    struct lane *lane;
    struct timer *timer;
    bool busy, keeping;
    int failures;
    uint64_t kept, left, over, failed;
    instant_t over_told; /* when it was last said that something was over the ceiling */
    instant_t last_good;

    /* The lane's, and the loop's while nothing runs there. */
    struct bearer *bearer;
    struct imap_session *session;
    struct imap_uids *uids, *unseen;
    size_t next;
    date_t first_day;        /* what is older is not looked at, when nothing was read before */
    uint32_t validity, last; /* how far it was read */
    enum status status;
    struct error error;

    /* The message in hand. */
    bool has_mail, was_kept, moves, gave_up;
    const char *why_left; /* of the arena; NULL */
    uint32_t uid;
    struct buf raw;
    struct arena *arena;
    struct incoming incoming;
    const struct reply_reading *reading;
    char organisation[ORG_KEY_MAX];
};

/* ---- on the lane */

static enum status box_search(struct mailbox *box, struct error *err)
{
    const char *token = NULL;
    bool bearer = box->route.bearer.file || box->route.bearer.endpoint;
    enum status status = bearer ? bearer_get(box->bearer, &token, err) : ST_OK;
    if (status != ST_OK)
        return status;
    box->session = imap_session_new(&box->route.mailbox, token);
    date_t since = box->validity ? DATE_NONE : box->first_day;
    status = imap_search(box->session, box->last, since, box->uids, err);
    if (status == ST_OK && box->uids->validity != box->validity) {
        if (box->validity)
            status = imap_search(box->session, 0, box->first_day, box->uids, err);
        box->validity = box->uids->validity;
        box->last = 0;
    }
    if (status == ST_OK && box->uids->count > 0)
        status = imap_search_unseen(box->session, box->uids->uids[0] - 1, box->unseen, err);
    if (status != ST_OK && bearer)
        bearer_forget(box->bearer);
    box->next = 0;
    return status;
}

static bool box_was_unseen(const struct mailbox *box)
{
    for (size_t i = 0; i < box->unseen->count; i++)
        if (box->unseen->uids[i] == box->uid)
            return true;
    return false;
}

/* Answers and bounces that found their invitation leave the inbox; everything else looks as if it had not been
 * read: it is for people. */
static void box_file(struct mailbox *box)
{
    struct error err = ERROR_INIT;
    enum status status = ST_OK;
    if (box->moves)
        status = imap_move(box->session, box->uid, box->route.folder, &err);
    else if (box_was_unseen(box))
        status = imap_unsee(box->session, box->uid, &err);
    if (status != ST_OK)
        log_line(LOG_NOTICE, "mailbox", "a message stays in the inbox", "uid=%u why=%s", box->uid, err.detail);
}

static void box_read(struct mailbox *box)
{
    arena_reset(box->arena);
    box->incoming.channel = REPLY_BY_MAIL;
    box->incoming.raw = (struct span){box->raw.data, box->raw.size};
    box->incoming.authserv_id = box->route.authserv_id;
    box->incoming.per_sender = box->route.per_sender;
    box->incoming.strangers = box->route.strangers;
    box->reading = reply_read(box->arena, &box->incoming);
    (void)text_copy(box->organisation, sizeof box->organisation, reply_organisation(box->reading));
}

/* Those that somebody moved away meanwhile are passed over. */
static enum status box_take(struct mailbox *box, struct error *err)
{
    enum status status = ST_OK;
    box->has_mail = box->was_kept = box->moves = box->gave_up = false;
    box->why_left = NULL;
    while (status == ST_OK && !box->has_mail && box->next < box->uids->count) {
        struct error missing = ERROR_INIT;
        box->uid = box->uids->uids[box->next++];
        status =
            imap_fetch(box->session, box->uid, REPLY_MAIL_MAX, &box->raw, &box->incoming.is_head, &missing);
        box->has_mail = status == ST_OK;
        if (status == ST_NOT_FOUND)
            status = ST_OK;
        else if (status != ST_OK)
            (void)error_set(err, status, "%s", missing.detail);
    }
    if (box->has_mail)
        box_read(box);
    return status;
}

static void box_leave(struct mailbox *box)
{
    imap_session_free(box->session);
    box->session = NULL;
}

static void box_run(void *worker, struct lane_job **jobs, unsigned count)
{
    struct mailbox *box = (struct mailbox *)jobs[0];
    (void)worker, (void)count;
    box->status = ST_OK;
    error_clear(&box->error);
    if (!box->session)
        box->status = box_search(box, &box->error);
    else if (box->has_mail)
        box_file(box);
    box->has_mail = false;
    if (box->status == ST_OK)
        box->status = box_take(box, &box->error);
    if (!box->has_mail)
        box_leave(box);
}

/* ---- how a look ends */

static void look_end(struct mailbox *box)
{
    const struct backoff backoff = {
        .first_us = box->route.interval_us, .most_us = INT64_C(900) * US_PER_SEC, .attempts = INT32_MAX};
    uint64_t random;
    random_bytes(&random, sizeof random);
    box->busy = false;
    int64_t delay = box->failures > 0 ? backoff_delay(&backoff, box->failures < 20 ? box->failures : 20, random)
                                      : box->route.interval_us;
    if (!box->jobs->draining)
        timer_arm(box->timer, delay);
    jobs_ended(box->jobs);
}

static void look_failed(struct mailbox *box, const char *why)
{
    box->failed++;
    if (box->failures++ == 0 && !box->jobs->draining)
        log_line(LOG_WARNING, "mailbox", "cannot be read; will be tried again", "why=%s", why);
    look_end(box);
}

static void look_done(struct mailbox *box)
{
    if (box->failures > 0)
        log_line(LOG_NOTICE, "mailbox", "is read again", "after=%d", box->failures);
    box->failures = 0;
    box->last_good = clock_now(box->jobs->options.clock);
    look_end(box);
}

/* ---- keeping a message */

static void keep_message(struct mailbox *box);

static void look_step(struct mailbox *box)
{
    struct error err = ERROR_INIT;
    if (box->jobs->draining || lane_submit(box->lane, &box->job, &err) != ST_OK)
        look_end(box);
}

static enum status keep_run(struct txn *txn, void *context, struct error *err)
{
    struct mailbox *box = context;
    struct reply reply = {0};
    char cursor[MAILBOX_CURSOR];
    enum status status = ST_OK;
    (void)snprintf(cursor, sizeof cursor, "%s:%u:%u", box->name, box->validity, box->uid);
    if (reply_concerns(box->reading))
        status = reply_receive(txn, box->reading, &reply, err);
    box->why_left = status == ST_OK ? reply.left : NULL;
    box->was_kept = status == ST_OK && reply_concerns(box->reading) && !box->why_left;
    box->moves = box->was_kept && reply.review && reply.state != REPLY_WRITTEN;
    return status == ST_OK ? mailbox_set_cursor(txn, cursor, err) : status;
}

static void keep_again(struct mailbox *box)
{
    box->keeping = true;
    timer_arm(box->timer, MAILBOX_RETRY_MS * INT64_C(1000));
}

/* What no organisation can take is the system's; what even that cannot is kept unread. */
static void keep_elsewhere(struct mailbox *box, enum status status, const char *why)
{
    if (status == ST_NOT_FOUND && strcmp(box->organisation, "system") != 0) {
        (void)text_copy(box->organisation, sizeof box->organisation, "system");
        keep_message(box);
        return;
    }
    if (box->gave_up) {
        look_failed(box, why);
        return;
    }
    log_line(LOG_ERROR, "mailbox", "a message could not be taken", "uid=%u why=%s", box->uid, why);
    box->gave_up = true;
    box->reading = reply_read_failed(box->arena, &box->incoming, why);
    (void)text_copy(box->organisation, sizeof box->organisation, "system");
    keep_message(box);
}

/* Whoever floods the mailbox does not flood the journal. */
static void keep_over(struct mailbox *box)
{
    instant_t now = clock_now(box->jobs->options.clock);
    box->over++;
    if (box->over_told != INSTANT_NONE && now - box->over_told < 3600 * US_PER_SEC && now >= box->over_told)
        return;
    box->over_told = now;
    log_line(
        LOG_WARNING, "mailbox", "a message is left in the inbox", "uid=%u why=%s", box->uid, box->why_left);
}

static void keep_done(void *context, enum status status, const struct error *err)
{
    struct mailbox *box = context;
    if (status != ST_OK && box->jobs->draining) {
        look_end(box);
    } else if (status == ST_BUSY || status == ST_FULL) {
        keep_again(box);
    } else if (status != ST_OK) {
        keep_elsewhere(box, status, err->detail);
    } else {
        box->kept += box->was_kept;
        box->left += !box->was_kept && !box->why_left;
        box->last = box->uid;
        if (box->why_left)
            keep_over(box);
        if (box->was_kept)
            jobs_wake(box->jobs, box->organisation);
        look_step(box);
    }
}

static void keep_message(struct mailbox *box)
{
    struct error err = ERROR_INIT;
    const struct store_request request = {.organisation = box->organisation,
        .actor = "mailbox",
        .priority = LANE_SLICE,
        .context = box,
        .done = keep_done};
    if (store_write(box->jobs->options.store, &request, keep_run, &err) != ST_OK)
        keep_again(box);
}

static void box_done(struct lane_job *job)
{
    struct mailbox *box = (struct mailbox *)job;
    if (box->status != ST_OK)
        look_failed(box, box->error.detail);
    else if (box->has_mail)
        keep_message(box);
    else
        look_done(box);
}

/* ---- beginning a look */

/* ":VALIDITY:UID" */
static void cursor_read_numbers(struct mailbox *box, struct arena *arena, const char *text)
{
    int64_t validity = 0;
    int64_t last = 0;
    const char *second = strrchr(text, ':');
    if (text[0] != ':' || second == text)
        return;
    const char *first = arena_strndup(arena, text + 1, (size_t)(second - text - 1));
    if (!parse_int64(first, 1, UINT32_MAX, &validity) || !parse_int64(second + 1, 0, UINT32_MAX, &last))
        return;
    box->validity = (uint32_t)validity;
    box->last = (uint32_t)last;
}

static enum status cursor_run(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct mailbox *box = context;
    const char *cursor = NULL;
    enum status status = mailbox_cursor(snapshot, &cursor, err);
    box->validity = box->last = 0;
    if (status == ST_OK && cursor && !strncmp(cursor, box->name, MAILBOX_NAME - 1))
        cursor_read_numbers(box, snapshot_arena(snapshot), cursor + MAILBOX_NAME - 1);
    return status;
}

static void cursor_done(void *context, enum status status, const struct error *err)
{
    struct mailbox *box = context;
    if (status != ST_OK)
        look_failed(box, err->detail);
    else
        look_step(box);
}

static void look_begin(void *context)
{
    struct mailbox *box = context;
    struct error err = ERROR_INIT;
    if (box->keeping) {
        box->keeping = false;
        keep_message(box);
        return;
    }
    const struct store_request request = {
        .actor = "mailbox", .priority = LANE_SLICE, .context = box, .done = cursor_done};
    box->busy = true;
    box->first_day = (date_t)(clock_now(box->jobs->options.clock) / US_PER_DAY) - MAILBOX_FIRST_DAYS;
    if (store_read(box->jobs->options.store, &request, cursor_run, &err) != ST_OK)
        look_failed(box, err.detail);
}

/* ---- life */

/* Cursors of one mailbox say nothing about another. */
static void mailbox_name(struct mailbox *box)
{
    char hex[SHA256_HEX];
    char text[800];
    int size = snprintf(text, sizeof text, "%.500s %.250s", box->route.mailbox.url, box->route.mailbox.user);
    const struct sha256 sum = sha256(text, (size_t)size);
    (void)text_copy(box->name, sizeof box->name, sha256_hex(&sum, hex));
}

static void mailbox_open(struct mailbox *box)
{
    const struct lane_options options = {.name = "mailbox",
        .threads = 1,
        .capacity = 1,
        .slice_share = 1,
        .max_batch = 1,
        .run = box_run,
        .context = box};
    box->route.mailbox.stopping = box->route.bearer.stopping = &box->jobs->stopping;
    box->job = (struct lane_job){.priority = LANE_SLICE, .done = box_done};
    box->uids = calloc(1, sizeof *box->uids);
    box->unseen = calloc(1, sizeof *box->unseen);
    if (!box->uids || !box->unseen)
        abort();
    box->arena = arena_new(0);
    box->bearer = bearer_new(&box->route.bearer);
    box->last_good = box->over_told = INSTANT_NONE;
    buf_init(&box->raw, 0);
    mailbox_name(box);
    box->lane = lane_new(box->jobs->options.loop, &options);
    box->timer = timer_new(box->jobs->options.loop, look_begin, box);
    timer_arm(box->timer, 0);
}

void mailbox_start(struct jobs *jobs)
{
    const struct mailbox_route *route = jobs->options.mailbox;
    if (!route || !route->mailbox.url)
        return;
    struct mailbox *box = calloc(1, sizeof *box);
    if (!box)
        abort();
    box->jobs = jobs;
    box->route = *route;
    jobs->mailbox = box;
    mailbox_open(box);
}

bool mailbox_is_idle(const struct jobs *jobs)
{
    return !jobs->mailbox || !jobs->mailbox->busy;
}

void mailbox_drain(struct jobs *jobs)
{
    struct mailbox *box = jobs->mailbox;
    if (!box)
        return;
    timer_disarm(box->timer);
    if (box->keeping)
        box->busy = false;
}

void mailbox_stop(struct jobs *jobs)
{
    struct mailbox *box = jobs->mailbox;
    if (!box)
        return;
    atomic_store(&jobs->stopping, true);
    lane_free(box->lane);
    imap_session_free(box->session);
    bearer_free(box->bearer);
    timer_free(box->timer);
    arena_free(box->arena);
    buf_free(&box->raw);
    free(box->uids);
    free(box->unseen);
    free(box);
    jobs->mailbox = NULL;
}

void mailbox_metrics(const struct jobs *jobs, struct buf *out)
{
    static const struct mailbox none = {.last_good = INSTANT_NONE};
    const struct mailbox *box = jobs->mailbox ? jobs->mailbox : &none;
    buf_printf(out,
        "# HELP entretiend_mailbox_messages_total Messages read in the mailbox: kept, left where they are, "
        "left because a sender sends too many.\n"
        "# TYPE entretiend_mailbox_messages_total counter\n"
        "entretiend_mailbox_messages_total{end=\"kept\"} %llu\n"
        "entretiend_mailbox_messages_total{end=\"left\"} %llu\n"
        "entretiend_mailbox_messages_total{end=\"over\"} %llu\n"
        "# HELP entretiend_mailbox_failures_total Looks into the mailbox that failed.\n"
        "# TYPE entretiend_mailbox_failures_total counter\n"
        "entretiend_mailbox_failures_total %llu\n"
        "# HELP entretiend_mailbox_last_look_seconds When the last look succeeded, 0: none yet.\n"
        "# TYPE entretiend_mailbox_last_look_seconds gauge\n"
        "entretiend_mailbox_last_look_seconds %lld\n",
        (unsigned long long)box->kept, (unsigned long long)box->left, (unsigned long long)box->over,
        (unsigned long long)box->failed,
        (long long)(box->last_good == INSTANT_NONE ? 0 : box->last_good / US_PER_SEC));
}
