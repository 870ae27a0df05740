/*
 * Platforms that never try again lose what is refused. So a request that proved where it comes from waits while
 * the store is full, its connection unread, before it is refused; and a refusal is remembered until the store
 * has it under its source. Loop thread.
 */
#include "hooks.h"

#include "base/text.h"
#include "store/pull.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELD_MAX = 2000, HOLD_FIRST_US = 20000, HOLD_LAST_US = 500000 };
/* Platforms give up after ten seconds. */
static const int64_t hold_us = 8 * US_PER_SEC;
static const int64_t refusal_delay_us = US_PER_SEC;

/* ---- waiting */

static void hold_over(void *context)
{
    struct call *call = context;
    struct api *api = call->api;
    api->held--;
    call->held = false;
    call->hold_next(call);
}

bool call_hold(struct call *call, void (*next)(struct call *call))
{
    struct api *api = call->api;
    int64_t now = clock_monotonic();
    if (call->route->rate != RATE_HOOK || call->gone || api->held >= HELD_MAX)
        return false;
    if (!call->hold_since)
        call->hold_since = now;
    if (now - call->hold_since > hold_us)
        return false;
    if (!call->timer)
        call->timer = timer_new(api->options.loop, hold_over, call);
    call->hold_wait = call->hold_wait ? call->hold_wait * 2 : HOLD_FIRST_US;
    if (call->hold_wait > HOLD_LAST_US)
        call->hold_wait = HOLD_LAST_US;
    call->hold_next = next;
    call->held = true;
    api->held++;
    timer_arm(call->timer, call->hold_wait);
    return true;
}

void call_hold_end(struct call *call)
{
    if (call->held)
        call->api->held--;
    call->held = false;
}

/* ---- refusals */

struct refusal_note {
    struct refusal_note *next;
    struct api *api;
    char source[ID_MAX], organisation[ORG_KEY_MAX], why[ERROR_DETAIL_MAX];
    int64_t count;
    instant_t at;
    bool writing;
    int64_t writing_count;
};

static void refusals_write(void *context);

/* What was refused is asked for, where the platform can be asked. */
static enum status refusal_sweep(struct txn *txn, const char *source, struct error *err)
{
    struct pull_row row;
    enum status status = pull_get(txn_snapshot(txn), source, &row, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status != ST_OK)
        return status;
    row.wanted = lms_pull_mode_names[LMS_PULL_SWEEP];
    row.next_at = txn_now(txn);
    return pull_put(txn, &row, err);
}

static enum status refusal_run(struct txn *txn, void *context, struct error *err)
{
    const struct refusal_note *note = context;
    const struct source_counters more = {.refused = note->writing_count};
    enum status status = source_count(txn, note->source, &more, err);
    if (status == ST_OK)
        status = source_note_refusal(txn, note->source, note->at, note->why, err);
    return status == ST_OK ? refusal_sweep(txn, note->source, err) : status;
}

static void refusal_done(void *context, enum status status, const struct error *err)
{
    struct refusal_note *note = context;
    struct api *api = note->api;
    (void)err;
    note->writing = false;
    if (status == ST_OK || status == ST_NOT_FOUND)
        note->count -= note->writing_count;
    struct refusal_note **at = &api->refusals;
    while (note->count <= 0 && *at && *at != note)
        at = &(*at)->next;
    if (note->count <= 0 && *at) {
        *at = note->next;
        free(note);
    }
    if (api->refusals)
        timer_arm(api->refusals_timer, refusal_delay_us);
}

/* Those that find no room are tried again. */
static void refusals_write(void *context)
{
    struct api *api = context;
    bool again = false;
    for (struct refusal_note *note = api->refusals; note; note = note->next) {
        struct store_request request = {.organisation = note->organisation,
            .actor = "system",
            .priority = LANE_SLICE,
            .context = note,
            .done = refusal_done};
        if (note->writing)
            continue;
        note->writing_count = note->count;
        note->writing = store_write(api->options.store, &request, refusal_run, NULL) == ST_OK;
        again |= !note->writing;
    }
    if (again)
        timer_arm(api->refusals_timer, refusal_delay_us);
}

static struct refusal_note *refusal_of(struct api *api, const char *source)
{
    for (struct refusal_note *note = api->refusals; note; note = note->next)
        if (!strcmp(note->source, source))
            return note;
    struct refusal_note *note = calloc(1, sizeof *note);
    if (!note)
        abort();
    note->api = api;
    note->next = api->refusals;
    text_copy(note->source, sizeof note->source, source);
    (void)id_parse(source, "src", note->organisation);
    api->refusals = note;
    return note;
}

void call_note_refusal(struct call *call, int status, const struct error *err)
{
    struct api *api = call->api;
    const struct hook *hook = call->route && call->route->rate == RATE_HOOK ? call->state : NULL;
    if (!hook || !hook->source || hook->verdict.outcome != LMS_ACCEPTED || !hook->verified ||
        call->route->lane != LANE_WRITE || call->gone)
        return;
    struct refusal_note *note = refusal_of(api, hook->source->id);
    note->count++;
    note->at = clock_now(api->options.clock);
    snprintf(note->why, sizeof note->why, "%d: %.200s", status,
        err->detail[0] || !err->count ? err->detail : err->fields[0].detail);
    api->ingest_refused++;
    if (!api->refusals_timer)
        api->refusals_timer = timer_new(api->options.loop, refusals_write, api);
    timer_arm(api->refusals_timer, refusal_delay_us);
}

void refusals_free(struct api *api)
{
    timer_free(api->refusals_timer);
    while (api->refusals) {
        struct refusal_note *note = api->refusals;
        api->refusals = note->next;
        free(note);
    }
}
