/*
 * Runs over sources that can be asked: when they begin, what a step leaves behind, how they end. On a lane.
 */
#include "work/pull.h"

#include "completion.h"
#include "pull.h"

#include "base/text.h"
#include "base/zone.h"
#include "store/organisation.h"

#include <string.h>

enum {
    RETRY_FIRST_S = 60,
    RETRY_MOST_S = 60 * 60,
    REFUSED_S = 60 * 60,
    SYNC_FAILURES = 3, /* in a row, before whoever waits for a run is told */
};

/* ---- when */

static int64_t setting(int64_t value, int64_t otherwise)
{
    return value == FIELD_INT_NONE ? otherwise : value;
}

static enum status pull_zone(
    const struct snapshot *snapshot, const char *organisation, const struct zone **ret, struct error *err)
{
    struct organisation_row row;
    enum status status = organisation_get(snapshot, organisation, &row, err);
    if (status == ST_OK)
        *ret = zone_load(row.zone, err);
    return status == ST_OK && !*ret ? ST_INTERNAL : status;
}

/* The latest hour of the sweep that has passed. */
static instant_t sweep_slot(const struct zone *zone, const struct lms_pull_settings *settings, instant_t now)
{
    int second = (int)setting(settings->sweep_hour, 2) * 3600;
    date_t today = zone_date(zone, now);
    instant_t slot = zone_instant(zone, today, second);
    return slot <= now ? slot : zone_instant(zone, today - 1, second);
}

static instant_t pull_when(const struct zone *zone, const struct lms_pull_platform *platform,
    const struct lms_pull_settings *settings, instant_t now)
{
    instant_t sweep = sweep_slot(zone, settings, now + US_PER_DAY);
    instant_t soon = now + setting(settings->every, 15) * 60 * US_PER_SEC;
    return lms_pull_has_recent(platform, settings) && soon < sweep ? soon : sweep;
}

/* ---- beginning */

static void pull_plan(struct arena *arena, struct pull_row *row, const struct lms_pull *pull,
    const struct zone *zone, instant_t now)
{
    const struct lms_pull_settings *settings = pull->settings;
    bool swept = row->swept_at != INSTANT_NONE && row->swept_at >= sweep_slot(zone, settings, now);
    bool recent = swept && !row->wanted && row->watermark != INSTANT_NONE &&
                  lms_pull_has_recent(pull->platform, settings);
    instant_t since = settings->since == DATE_NONE ? INSTANT_NONE : zone_instant(zone, settings->since, 0);
    if (recent) {
        instant_t back = row->watermark - setting(settings->overlap, 24) * 3600 * US_PER_SEC;
        since = since == INSTANT_NONE || back > since ? back : since;
    }
    enum lms_pull_mode mode = recent ? LMS_PULL_RECENT : LMS_PULL_SWEEP;
    if (!recent)
        row->wanted = NULL; /* what is wanted from now on is wanted of another one */
    row->mode = lms_pull_mode_names[mode];
    row->cursor = lms_pull_begin(arena, pull, mode, since);
    row->began_at = now;
    row->progress = NULL;
}

static void open_free_secrets(void *value)
{
    struct pull_open *open = value;
    secret_free(open->credential);
    secret_free(open->token);
}

void pull_close(struct pull_open *open)
{
    if (open)
        arena_free(open->arena);
}

/* On an arena of its own: it outlives the transaction. */
static enum status pull_open_row(
    struct txn *txn, const struct pull_row *row, struct pull_open **ret, struct error *err)
{
    struct source_row stored;
    struct source source;
    struct lms_pull_settings *settings;
    const struct keyring *keyring = txn_keyring(txn);
    struct arena *arena = arena_new(4096);
    struct pull_open *open = ARENA_NEW(arena, struct pull_open);
    open->arena = arena;
    arena_defer(arena, open_free_secrets, open);
    enum status status = source_get(txn_snapshot(txn), row->source, &stored, err);
    if (status == ST_OK)
        status = source_of_row(arena, &stored, &source, err);
    if (status == ST_OK)
        status = pull_settings_read(arena, row->settings, &settings, err);
    if (status == ST_OK && row->credential)
        status = unseal(
            keyring, pull_context(arena, row->source, "credential"), row->credential, &open->credential, err);
    if (status == ST_OK && row->token && row->token_until > txn_now(txn) + PULL_LEASE_S * US_PER_SEC)
        status = unseal(keyring, pull_context(arena, row->source, "token"), row->token, &open->token, err);
    if (status != ST_OK) {
        pull_close(open);
        return status;
    }
    open->source = arena_strdup(arena, row->source);
    open->organisation = arena_strdup(arena, txn_organisation(txn));
    open->cursor = arena_strdup(arena, row->cursor);
    open->pull = (struct lms_pull){.platform = lms_pull_find(source.kind),
        .source = open->source,
        .url = arena_strdup(arena, row->url),
        .settings = settings,
        .mapping = source.mapping,
        .now = txn_now(txn)};
    open->auth = lms_pull_auth_of(open->pull.platform, settings);
    open->concurrency = (unsigned)setting(settings->concurrency, 2);
    *ret = open;
    return ST_OK;
}

static enum status pull_begin_row(
    struct txn *txn, struct pull_row *row, struct pull_open **ret, struct error *err)
{
    const struct zone *zone = NULL;
    struct pull_open *open = NULL;
    enum status status = pull_zone(txn_snapshot(txn), txn_organisation(txn), &zone, err);
    if (status == ST_OK)
        status = pull_open_row(txn, row, &open, err);
    if (status != ST_OK)
        return status;
    if (!row->cursor) {
        pull_plan(txn_arena(txn), row, &open->pull, zone, txn_now(txn));
        open->cursor = arena_strdup(open->arena, row->cursor);
    }
    row->next_at = txn_now(txn) + PULL_LEASE_S * US_PER_SEC;
    status = pull_put(txn, row, err);
    if (status == ST_OK)
        *ret = open;
    else
        pull_close(open);
    return status;
}

/* A source that cannot be opened rests with the reason; the others go on. */
static enum status pull_put_aside(struct txn *txn, struct pull_row *row, struct error *err)
{
    row->last_error = arena_strdup(txn_arena(txn), err->detail);
    row->failures++;
    row->next_at = txn_now(txn) + REFUSED_S * US_PER_SEC;
    error_clear(err);
    return pull_put(txn, row, err);
}

enum status pull_claim(
    struct txn *txn, struct arena *arena, unsigned limit, struct pull_claims *ret, struct error *err)
{
    struct pull_list due;
    enum status status = pull_due(txn, limit, &due, err);
    *ret = (struct pull_claims){.items = ARENA_ARRAY(arena, limit, struct pull_open *)};
    for (size_t i = 0; status == ST_OK && i < due.count; i++) {
        struct pull_open *open = NULL;
        status = pull_begin_row(txn, &due.items[i], &open, err);
        if (status == ST_OK)
            ret->items[ret->count++] = open;
        else if (status == ST_INTERNAL)
            status = pull_put_aside(txn, &due.items[i], err);
    }
    for (size_t i = 0; status != ST_OK && i < ret->count; i++)
        pull_close(ret->items[i]);
    return status;
}

enum status pull_try(struct txn *txn, const char *source, struct pull_open **ret, struct error *err)
{
    struct pull_row row;
    enum status status = pull_get(txn_snapshot(txn), source, &row, err);
    if (status != ST_OK)
        return status;
    row.cursor = "{}";
    status = pull_open_row(txn, &row, ret, err);
    if (status == ST_OK)
        (*ret)->cursor =
            lms_pull_begin((*ret)->arena, &(*ret)->pull, LMS_PULL_RECENT, txn_now(txn) - US_PER_DAY);
    return status;
}

/* ---- ending */

static enum status pull_end_operations(
    struct txn *txn, const struct pull_row *row, const char *state, struct pull_outcome *ret, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    const char *result = row->progress ? row->progress : "{}";
    BUF_AUTO out;
    buf_init(&out, 0);
    if (row->last_error) {
        struct json_writer w = json_writer(&out);
        jw_open(&w, '{');
        jw_member(&w, "problem", row->last_error);
        jw_close(&w, '}');
        result = arena_strdup(arena, out.data);
    }
    enum status status =
        operation_open(txn_snapshot(txn), txn_organisation(txn), row->source, PULL_SYNC, &ret->ended, err);
    for (size_t i = 0; status == ST_OK && i < ret->ended.count; i++)
        status = operation_end(txn, ret->ended.items[i].id, state, result, err);
    return status;
}

static enum status pull_rest(struct txn *txn, struct pull_row *row, const char *problem, bool refused,
    int64_t retry_after, struct pull_outcome *ret, struct error *err)
{
    int64_t wait = RETRY_FIRST_S * US_PER_SEC;
    for (int64_t i = 0; i < row->failures && wait < RETRY_MOST_S * US_PER_SEC; i++)
        wait *= 2;
    if (refused || wait > RETRY_MOST_S * US_PER_SEC)
        wait = REFUSED_S * US_PER_SEC;
    row->failures++;
    row->last_error = problem;
    row->next_at = txn_now(txn) + (retry_after > wait || (retry_after >= 0 && !refused) ? retry_after : wait);
    ret->end = PULL_RESTS;
    ret->problem = problem;
    enum status status = pull_put(txn, row, err);
    if (status == ST_OK && (refused || row->failures >= SYNC_FAILURES))
        status = pull_end_operations(txn, row, "failed", ret, err);
    return status;
}

static enum status pull_finish(struct txn *txn, struct pull_row *row, const struct pull_open *open,
    struct pull_outcome *ret, struct error *err)
{
    const struct zone *zone = NULL;
    bool sweep = row->mode && !strcmp(row->mode, lms_pull_mode_names[LMS_PULL_SWEEP]);
    enum status status = pull_zone(txn_snapshot(txn), txn_organisation(txn), &zone, err);
    if (status != ST_OK)
        return status;
    row->watermark = row->began_at;
    if (sweep)
        row->swept_at = row->began_at;
    row->mode = row->cursor = NULL;
    row->began_at = INSTANT_NONE;
    row->next_at =
        row->wanted ? txn_now(txn) : pull_when(zone, open->pull.platform, open->pull.settings, txn_now(txn));
    ret->end = PULL_ENDED;
    if (sweep)
        txn_audit(txn, "source.swept", row->source, row->progress);
    status = pull_put(txn, row, err);
    return status == ST_OK && !row->wanted ? pull_end_operations(txn, row, "done", ret, err) : status;
}

/* The row, if its run still stands where this step began. */
static enum status pull_current(struct txn *txn, const struct pull_open *open, struct pull_row *row,
    struct pull_outcome *ret, bool *ret_current, struct error *err)
{
    *ret = (struct pull_outcome){.end = PULL_ENDED};
    enum status status = pull_get(txn_snapshot(txn), open->source, row, err);
    *ret_current = status == ST_OK && text_equal(row->cursor, open->cursor);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        status = ST_OK;
    }
    return status;
}

enum status pull_fail(struct txn *txn, const struct pull_open *open, const char *problem, bool refused,
    int64_t retry_after, struct pull_outcome *ret, struct error *err)
{
    struct pull_row row;
    bool current;
    enum status status = pull_current(txn, open, &row, ret, &current, err);
    return status == ST_OK && current
               ? pull_rest(txn, &row, arena_strdup(txn_arena(txn), problem), refused, retry_after, ret, err)
               : status;
}

/* ---- a step */

static void pull_add(struct completion_receipt *sum, const struct completion_receipt *more)
{
    sum->received += more->received;
    sum->completions += more->completions;
    sum->duplicates += more->duplicates;
    sum->quarantined += more->quarantined;
    sum->ignored += more->ignored;
}

static enum status pull_accept(struct txn *txn, const struct source_reader *reader, const struct lms_page *page,
    const struct lms_exchanges *done, struct completion_receipt *ret, struct error *err)
{
    struct lms_item *items = ARENA_ARRAY(txn_arena(txn), page->count, struct lms_item);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < page->count;) {
        struct lms_envelope envelope = {.items = items};
        struct completion_receipt receipt;
        size_t exchange = page->items[i].exchange;
        for (; status == ST_OK && i < page->count && page->items[i].exchange == exchange; i++) {
            items[envelope.count++] = page->items[i].item;
            status = pull_see(txn, reader->id, page->items[i].item.identity, err);
            if (status == ST_OK && page->denies)
                status = pull_show_again(txn, reader->id, page->items[i].item.identity, err);
        }
        if (status == ST_OK)
            status = completion_accept(txn, reader, &done->items[exchange].answer, &envelope, &receipt, err);
        if (status == ST_OK)
            pull_add(ret, &receipt);
    }
    return status;
}

static enum status pull_take_page(struct txn *txn, const struct pull_open *open, const struct lms_page *page,
    const struct lms_exchanges *done, struct completion_receipt *ret, struct error *err)
{
    struct lms_signature none = {.family = LMS_FAMILY_HMAC_HEX};
    const struct source_reader reader = {.id = open->source, .signature = &none, .asks = true};
    *ret = (struct completion_receipt){0};
    enum status status = pull_accept(txn, &reader, page, done, ret, err);
    for (size_t i = 0; status == ST_OK && i < page->denial_count; i++) {
        const struct lms_denial *denial = &page->denials[i];
        struct completion_receipt receipt;
        status = pull_deny(txn, &reader, &done->items[denial->pulled.exchange].answer, denial, &receipt, err);
        if (status == ST_OK)
            pull_add(ret, &receipt);
    }
    return status;
}

/* To the next step; a source that was paused meanwhile stands there until it runs again. */
static enum status pull_go_on(
    struct txn *txn, struct pull_row *row, const char *cursor, struct pull_outcome *ret, struct error *err)
{
    struct source_row source;
    enum status status = source_get(txn_snapshot(txn), row->source, &source, err);
    if (status != ST_OK)
        return status;
    row->cursor = ret->cursor = cursor;
    row->next_at = source.paused ? txn_now(txn) : txn_now(txn) + PULL_LEASE_S * US_PER_SEC;
    ret->end = source.paused ? PULL_ENDED : PULL_GOES_ON;
    return pull_put(txn, row, err);
}

enum status pull_step(struct txn *txn, const struct pull_open *open, const struct lms_exchanges *done,
    int64_t retry_after, struct pull_outcome *ret, struct error *err)
{
    struct pull_row row;
    struct lms_page page;
    struct completion_receipt receipt;
    bool current;
    struct lms_pull pull = open->pull;
    pull.now = txn_now(txn);
    enum status status = pull_current(txn, open, &row, ret, &current, err);
    if (status != ST_OK || !current)
        return status;
    status = lms_pull_take(txn_arena(txn), &pull, open->cursor, done, &page, err);
    if (status == ST_OK)
        status = pull_take_page(txn, open, &page, done, &receipt, err);
    if (status == ST_OK)
        status = pull_note_progress(txn_arena(txn), &row, &page, &receipt, err);
    if (status != ST_OK)
        return status;
    if (page.state == LMS_PAGE_LATER || page.state == LMS_PAGE_REFUSED)
        return pull_rest(txn, &row, page.problem, page.state == LMS_PAGE_REFUSED, retry_after, ret, err);
    row.failures = 0;
    row.last_error = NULL;
    if (page.state == LMS_PAGE_END)
        return pull_finish(txn, &row, open, ret, err);
    return pull_go_on(txn, &row, page.cursor, ret, err);
}

enum status pull_keep_token(
    struct txn *txn, const struct pull_open *open, const char *token, int64_t life, struct error *err)
{
    struct pull_row row;
    char *sealed = NULL;
    struct arena *arena = txn_arena(txn);
    enum status status = pull_get(txn_snapshot(txn), open->source, &row, err);
    if (status == ST_OK && token)
        status = seal(txn_keyring(txn), arena, pull_context(arena, open->source, "token"), token, strlen(token),
            &sealed, err);
    if (status != ST_OK)
        return status;
    row.token = sealed;
    row.token_until = token ? txn_now(txn) + life * US_PER_SEC : INSTANT_NONE;
    return pull_put(txn, &row, err);
}
