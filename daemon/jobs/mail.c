/*
 * The job that delivers: claims rows of the outbox by a lease, sends them on the mail lanes, writes how it
 * ended. A message that was sent but whose end could not be written is sent again after the lease, which
 * Message-ID, UID and SEQUENCE make harmless. Loop thread; mail_claim and mail_look run on the store's lanes,
 * mail_run on a mail lane.
 */
#include "internal.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "net/backoff.h"
#include "work/delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAIL_SETTLE_AGAIN_MS = 1000 };

struct send {
    struct lane_job job; /* first */
    struct send *next;   /* among those unsettled */
    struct jobs *jobs;
    struct arena *arena;
    char organisation[ORG_KEY_MAX];
    struct mail_item item;
    int attempts;
    struct smtp_result result;
    struct delivery_end end;
};

struct mail_worker {
    const struct mail_route *route;
    void *own;
};

static const struct transport *mail_transport(const struct mail_route *route)
{
    return &mail_transports[route->transport];
}

/* ---- on the store's lanes */

enum status mail_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct delivery_due_list list;
    enum status status = delivery_due(snapshot, "mail", &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.items[i].organisation, list.items[i].next_at);
    return status;
}

static void mail_keep(struct arena *arena, const struct delivery_row *row, struct delivery_row *ret)
{
    *ret = (struct delivery_row){.id = arena_strdup(arena, row->id),
        .recipient = arena_strdup(arena, row->recipient),
        .payload = arena_strdup(arena, row->payload),
        .attempts = row->attempts,
        .content = {arena_copy(arena, row->content.data, row->content.size), row->content.size}};
}

enum status mail_claim(struct txn *txn, struct slice *slice, struct error *err)
{
    struct delivery_list claimed;
    unsigned limit = slice->limit < MAIL_CLAIM_MAX ? slice->limit : MAIL_CLAIM_MAX;
    enum status status = delivery_claim(
        txn, "mail", slice->jobs->owner, txn_now(txn) + MAIL_LEASE_S * US_PER_SEC, limit, &claimed, err);
    if (status != ST_OK)
        return status;
    slice->claimed.items = ARENA_ARRAY(slice->arena, claimed.count, struct delivery_row);
    slice->claimed.count = claimed.count;
    for (size_t i = 0; i < claimed.count; i++)
        mail_keep(slice->arena, &claimed.items[i], &slice->claimed.items[i]);
    slice->done = (unsigned)claimed.count;
    return ST_OK;
}

/* ---- on a mail lane */

static void *mail_worker_start(void *context, unsigned thread)
{
    const struct jobs *jobs = context;
    const struct mail_route *route = &jobs->mail;
    struct mail_worker *worker = calloc(1, sizeof *worker);
    (void)thread;
    if (!worker)
        abort();
    worker->route = route;
    if (mail_transport(route)->start)
        worker->own = mail_transport(route)->start(route);
    return worker;
}

static void mail_worker_stop(void *context)
{
    struct mail_worker *worker = context;
    if (mail_transport(worker->route)->stop)
        mail_transport(worker->route)->stop(worker->own);
    free(worker);
}

static void mail_run(void *context, struct lane_job **jobs, unsigned count)
{
    struct mail_worker *worker = context;
    for (unsigned i = 0; i < count; i++) {
        struct send *send = (struct send *)jobs[i];
        mail_transport(worker->route)->send(worker->own, worker->route, &send->item, &send->result);
    }
}

/* ---- how it ended */

static void send_free(struct send *send)
{
    struct jobs *jobs = send->jobs;
    jobs->sending--;
    jobs_rouse(jobs, send->organisation);
    jobs_arm(jobs, 0);
    arena_free(send->arena);
    jobs_ended(jobs);
}

static enum status send_settle_run(struct txn *txn, void *context, struct error *err)
{
    struct send *send = context;
    struct delivery_end end = send->end;
    uint64_t random;
    random_bytes(&random, sizeof random);
    int64_t delay = backoff_delay(&backoff_mail, send->attempts, random);
    if (end.outcome == DELIVERY_RETRY && delay < 0)
        end.outcome = DELIVERY_GIVEN_UP;
    end.next_at = txn_now(txn) + delay;
    return delivery_settle(txn, send->jobs->owner, &end, err);
}

static void send_settle(struct send *send);

static void send_later(struct send *send)
{
    send->next = send->jobs->unsettled;
    send->jobs->unsettled = send;
    jobs_arm(send->jobs, MAIL_SETTLE_AGAIN_MS * 1000);
}

static void send_settled(void *context, enum status status, const struct error *err)
{
    struct send *send = context;
    if (status == ST_BUSY || status == ST_FULL) {
        send_later(send);
        return;
    }
    if (status != ST_OK) /* the lease had ended: it is sent once more */
        log_line(LOG_NOTICE, "deliver", "an end was not written", "delivery=%s detail=%s", send->item.id,
            err->detail);
    send_free(send);
}

static void send_settle(struct send *send)
{
    struct error err = ERROR_INIT;
    struct store_request request = {.organisation = send->organisation,
        .actor = "system",
        .priority = LANE_PEOPLE,
        .context = send,
        .done = send_settled};
    if (store_write(send->jobs->options.store, &request, send_settle_run, &err) != ST_OK)
        send_later(send);
}

void mail_settle_again(struct jobs *jobs)
{
    struct send *next;
    struct send *send = jobs->unsettled;
    jobs->unsettled = NULL;
    for (; send; send = next) {
        next = send->next;
        send_settle(send);
    }
}

static void send_done(struct lane_job *job)
{
    static const enum delivery_outcome outcomes[] = {
        [SMTP_SENT] = DELIVERY_SENT, [SMTP_RETRY] = DELIVERY_RETRY, [SMTP_DEAD] = DELIVERY_GIVEN_UP};
    struct send *send = (struct send *)job;
    send->end = (struct delivery_end){
        .id = send->item.id, .outcome = outcomes[send->result.outcome], .why = send->result.text};
    send->jobs->outcomes[send->end.outcome]++;
    if (send->end.outcome != DELIVERY_SENT)
        log_line(LOG_NOTICE, "deliver", "not sent", "delivery=%s code=%d why=%s", send->item.id,
            send->result.code, send->result.text);
    send_settle(send);
}

/* ---- from claim to lane */

static const char *mail_from(struct arena *arena, const char *payload)
{
    const struct json *value = NULL;
    const char *from = json_parse(arena, payload, strlen(payload), &value, NULL) == ST_OK
                           ? json_text(json_get(value, "from"))
                           : NULL;
    return from ? from : "";
}

static void mail_send_one(struct slice *slice, const struct delivery_row *row)
{
    struct arena *arena = arena_new(0);
    struct send *send = ARENA_NEW(arena, struct send);
    struct delivery_row kept;
    struct error err = ERROR_INIT;
    mail_keep(arena, row, &kept);
    *send = (struct send){.job = {.done = send_done},
        .jobs = slice->jobs,
        .arena = arena,
        .attempts = (int)(row->attempts < 1000 ? row->attempts : 1000),
        .item = {.id = kept.id,
            .from = mail_from(arena, kept.payload),
            .to = kept.recipient,
            .content = kept.content}};
    (void)text_copy(send->organisation, sizeof send->organisation, slice->organisation);
    slice->jobs->sending++;
    if (lane_submit(slice->jobs->lane, &send->job, &err) != ST_OK) {
        /* It stops: the lease is given back, so that the next start sends at once. */
        send->end = (struct delivery_end){.id = kept.id, .outcome = DELIVERY_RETRY, .why = "not tried"};
        send_settle(send);
    }
}

void mail_send(struct slice *slice)
{
    for (size_t i = 0; i < slice->claimed.count; i++)
        mail_send_one(slice, &slice->claimed.items[i]);
}

unsigned mail_room(const struct jobs *jobs)
{
    unsigned claiming = 0;
    for (const struct slice *slice = jobs->slices; slice; slice = slice->next)
        claiming += !slice->rests_until && job_table[slice->job].room == mail_room ? MAIL_CLAIM_MAX : 0;
    unsigned taken = jobs->sending + claiming;
    return !jobs->lane || jobs->draining || taken >= MAIL_QUEUE_MAX ? 0 : MAIL_QUEUE_MAX - taken;
}

/* ---- life */

enum status mail_start(struct jobs *jobs, struct error *err)
{
    unsigned char random[8];
    char hex[2 * sizeof random + 1];
    random_bytes(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", random[i]);
    (void)snprintf(jobs->owner, sizeof jobs->owner, "%d-%s", (int)getpid(), hex);
    jobs->mail = *jobs->options.mail;
    jobs->mail.relay.stopping = &jobs->stopping;
    if (jobs->mail.transport == MAIL_OFF)
        return ST_OK;
    const struct transport *transport = mail_transport(&jobs->mail);
    if (transport->prepare) {
        enum status status = transport->prepare(&jobs->mail, err);
        if (status != ST_OK)
            return status;
    }
    struct lane_options options = {.name = "mail",
        .threads = MAIL_LANES,
        .capacity = MAIL_QUEUE_MAX,
        .slice_share = MAIL_QUEUE_MAX,
        .max_batch = 1,
        .start = mail_worker_start,
        .stop = mail_worker_stop,
        .run = mail_run,
        .context = jobs};
    jobs->lane = lane_new(jobs->options.loop, &options);
    return ST_OK;
}

void mail_stop(struct jobs *jobs)
{
    struct send *next;
    atomic_store(&jobs->stopping, true);
    lane_free(jobs->lane);
    for (struct send *send = jobs->unsettled; send; send = next) {
        next = send->next;
        arena_free(send->arena);
    }
}
