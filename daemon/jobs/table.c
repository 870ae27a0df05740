/*
 * The jobs: one row each. Functions named look and run are called on the store's lanes.
 */
#include "internal.h"

#include "base/zone.h"
#include "store/completion.h"
#include "store/idempotency.h"
#include "store/organisation.h"
#include "store/reminder.h"
#include "store/replay.h"
#include "store/upkeep.h"
#include "work/attribution.h"
#include "work/campaign.h"
#include "work/duties.h"
#include "work/reminders.h"

enum { WATCH_SLICE = 25, REMIND_SLICE = 10, RETENTION_SLICE = 500, ATTRIBUTE_SLICE = 25 };

/* Expired answers are looked for an hour later, so that one look finds many. */
#define RETENTION_DELAY (INT64_C(3600) * US_PER_SEC)

/* ---- watch: duties whose day has come, or whose organisation has changed */

static enum status watch_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct organisation_watch_list list;
    enum status status = organisation_watches(snapshot, duties_rules_name(), &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        const struct organisation_watch *watch = &list.items[i];
        const struct zone *zone = zone_load(watch->zone, NULL);
        instant_t at = zone ? zone_instant(zone, watch->next_check, 0) : snapshot_now(snapshot);
        look_found(look, watch->key, watch->stale ? snapshot_now(snapshot) : at);
    }
    return status;
}

static enum status watch_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return duties_tick(txn, WATCH_SLICE, &slice->done, err);
}

/* ---- remind: employees whose duties or reviews have a reminder due */

static enum status remind_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct reminder_watch_list list;
    enum status status = reminder_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        const struct reminder_watch *watch = &list.items[i];
        const struct zone *zone = zone_load(watch->zone, NULL);
        instant_t at = watch->lines_at;
        if (watch->next != DATE_NONE) {
            instant_t day = zone ? zone_instant(zone, watch->next, 0) : snapshot_now(snapshot);
            at = at == INSTANT_NONE || day < at ? day : at;
        }
        if (at != INSTANT_NONE)
            look_found(look, watch->organisation, at);
    }
    return status;
}

static enum status remind_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return reminders_tick(txn, REMIND_SLICE, &slice->done, err);
}

/* ---- digest: HR's week */

static enum status digest_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct digest_watch_list list;
    enum status status = digest_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        instant_t due = list.items[i].due;
        look_found(look, list.items[i].organisation, due == INSTANT_NONE ? snapshot_now(snapshot) : due);
    }
    return status;
}

static enum status digest_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return digest_tick(txn, &slice->done, err);
}

/* ---- retention: kept answers of requests with a key, past their day */

static enum status retention_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct idempotency_ages ages;
    enum status status = idempotency_ages(snapshot, &ages, err);
    for (size_t i = 0; status == ST_OK && i < ages.count; i++)
        look_found(look, ages.items[i].organisation, ages.items[i].oldest + IDEMPOTENCY_LIFE + RETENTION_DELAY);
    return status;
}

static enum status retention_run(struct txn *txn, struct slice *slice, struct error *err)
{
    int64_t expired = 0;
    enum status status = idempotency_expire(txn, RETENTION_SLICE, &expired, err);
    slice->done = (unsigned)expired;
    return status;
}

/* ---- outlived: personal data past its term, looked for every night */

static enum status outlived_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct upkeep_watches list;
    enum status status = upkeep_watches(snapshot, RETENTION_NAME, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        instant_t next = list.items[i].next_at;
        look_found(
            look, list.items[i].organisation, next == INSTANT_NONE ? upkeep_night(look_began(look)) : next);
    }
    return status;
}

static enum status outlived_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return retention_tick(txn, &slice->jobs->options.retention, &slice->done, err);
}

/* ---- campaign: reviews of many people planned together */

static enum status campaign_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct campaign_watch_list list;
    enum status status = campaign_watches(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.organisations[i], snapshot_now(snapshot));
    return status;
}

static enum status campaign_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return campaign_tick(txn, &slice->done, slice->ended, err);
}

/* Somebody may wait for its end. */
static void campaign_committed(struct slice *slice)
{
    const struct jobs_options *options = &slice->jobs->options;
    if (slice->ended[0] && options->ended)
        options->ended(options->context, slice->ended);
}

/* ---- attribute: completions whose person, course or mapping has appeared */

static enum status attribute_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct retry_list list;
    enum status status = completion_retries(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.organisations[i], snapshot_now(snapshot));
    return status;
}

static enum status attribute_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return completion_retry(txn, ATTRIBUTE_SLICE, &slice->done, err);
}

/* ---- replay: records read again after a mapping changed */

static enum status replay_look(const struct snapshot *snapshot, struct look *look, struct error *err)
{
    struct retry_list list;
    enum status status = replay_waiting(snapshot, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        look_found(look, list.organisations[i], snapshot_now(snapshot));
    return status;
}

static enum status replay_run(struct txn *txn, struct slice *slice, struct error *err)
{
    return source_replay_tick(txn, ATTRIBUTE_SLICE, &slice->done, err);
}

const struct job_row job_table[] = {
    {"watch", .look = watch_look, .run = watch_run},
    {"remind", .look = remind_look, .run = remind_run},
    {"deliver", .look = mail_look, .run = mail_claim, .committed = mail_send, .room = mail_room},
    {"digest", .look = digest_look, .run = digest_run},
    {"retention", .look = retention_look, .run = retention_run},
    {"outlived", .look = outlived_look, .run = outlived_run},
    {"visit", .look = visit_look, .run = visit_claim, .committed = talk_begin, .room = talk_room},
    {"calendar", .look = put_look, .run = put_claim, .committed = talk_begin, .room = talk_room},
    {"campaign", .look = campaign_look, .run = campaign_run, .committed = campaign_committed},
    {"attribute", .look = attribute_look, .run = attribute_run},
    {"replay", .look = replay_look, .run = replay_run},
    {"import", .look = import_look, .begin = import_start},
    {"operate", .look = operation_look, .run = operation_take, .committed = operation_begin,
        .room = operation_room},
    {"pull", .look = pull_look, .run = pull_take, .committed = pull_begin, .room = pull_room},
    {"keys", .look = jwks_look, .run = jwks_lease, .committed = jwks_begin, .room = jwks_room},
    {"selfcheck", .look = selfcheck_look, .begin = selfcheck_start},
    {"forget", .look = operation_forget_look, .run = operation_forget},
};
const unsigned job_table_count = sizeof(job_table) / sizeof(job_table[0]);

const struct operation_kind operation_kinds[] = {
    {"source_test", pull_trial_begin},
    {"badge_verify", badge_begin},
    {NULL, NULL},
};
