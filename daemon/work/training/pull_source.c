/*
 * What a source says of being asked: its configuration, checked and sealed, and what people are shown of its
 * runs. On a lane.
 */
#include "pull.h"

#include "work/jwks.h"

#include "base/text.h"
#include "store/replay.h"

#include <string.h>

static const struct field progress_fields[] = {
    FIELD(struct pull_progress, done, FIELD_INT, .doc = "How far the run is, in its unit."),
    FIELD(struct pull_progress, total, FIELD_INT, .doc = "Of how many; 0: not known."),
    FIELD(struct pull_progress, unit, FIELD_TEXT, .doc = "courses, pages."),
    FIELD(struct pull_progress, received, FIELD_INT, .doc = "Records received in this run."),
    FIELD(struct pull_progress, completions, FIELD_INT, .doc = "Of them, new and attributed to a person."),
    FIELD(struct pull_progress, duplicates, FIELD_INT, .doc = "Known before."),
    FIELD(struct pull_progress, quarantined, FIELD_INT, .doc = "New and put aside."),
    FIELD(struct pull_progress, ignored, FIELD_INT, .doc = "New, and no completions."),
    FIELD(struct pull_progress, warnings, FIELD_TEXTS,
        .doc = "What the account may not see, and what that costs."),
};
const struct field_table pull_progress_table =
    FIELD_TABLE("SourceProgress", struct pull_progress, progress_fields, -1);

static const struct field sync_fields[] = {
    FIELD(struct source_sync, state, FIELD_TEXT, .doc = "idle, recent or sweep: what is under way."),
    FIELD(struct source_sync, progress, FIELD_OBJECT, .of = &pull_progress_table,
        .doc = "Of the run under way, else of the last."),
    FIELD(struct source_sync, last_run, FIELD_INSTANT, .doc = "When the last run that ended had begun."),
    FIELD(struct source_sync, last_sweep, FIELD_INSTANT, .doc = "The same of sweeps."),
    FIELD(struct source_sync, next_run, FIELD_INSTANT, .doc = "When it begins, or goes on."),
    FIELD(struct source_sync, failures, FIELD_INT, .doc = "In a row."),
    FIELD(struct source_sync, last_error, FIELD_TEXT, .doc = "Why the last step did not go well."),
};
const struct field_table source_sync_table = FIELD_TABLE("SourceSync", struct source_sync, sync_fields, -1);

const char *pull_context(struct arena *arena, const char *source, const char *what)
{
    return arena_printf(arena, "%s/%s", source, what);
}

enum status pull_settings_read(
    struct arena *arena, const char *text, struct lms_pull_settings **ret, struct error *err)
{
    struct lms_pull_settings *settings = ARENA_NEW(arena, struct lms_pull_settings);
    field_clear(&lms_pull_table, settings);
    enum status status =
        field_parse(&lms_pull_table, arena, text, strlen(text), FIELD_MODE_STORED, settings, err);
    if (status != ST_OK)
        return error_set(err, ST_INTERNAL, "the stored configuration of a source cannot be read");
    *ret = settings;
    return ST_OK;
}

static enum status progress_read(
    struct arena *arena, const char *text, struct pull_progress *ret, struct error *err)
{
    if (!text)
        text = "{\"done\":0,\"total\":0,\"received\":0,\"completions\":0,\"duplicates\":0,\"quarantined\":0,"
               "\"ignored\":0}";
    field_clear(&pull_progress_table, ret);
    return field_parse(&pull_progress_table, arena, text, strlen(text), FIELD_MODE_STORED, ret, err);
}

static void progress_warn(struct arena *arena, struct pull_progress *progress, const struct list *more)
{
    enum { WARNINGS_MAX = 20, WARNING_BYTES = 190 };
    const char **all = ARENA_ARRAY(arena, WARNINGS_MAX, const char *);
    size_t count = progress->warnings.count < WARNINGS_MAX ? progress->warnings.count : WARNINGS_MAX;
    if (count)
        memcpy(all, progress->warnings.items, count * sizeof *all);
    for (size_t i = 0; i < more->count && count < WARNINGS_MAX; i++) {
        char *text = arena_alloc(arena, WARNING_BYTES);
        bool known = false;
        (void)text_copy(text, WARNING_BYTES, ((const char *const *)more->items)[i]);
        for (size_t j = 0; j < count; j++)
            known = known || !strcmp(all[j], text);
        if (!known)
            all[count++] = text;
    }
    progress->warnings = (struct list){.items = all, .count = count};
}

enum status pull_note_progress(struct arena *arena, struct pull_row *row, const struct lms_page *page,
    const struct completion_receipt *receipt, struct error *err)
{
    struct pull_progress progress;
    enum status status = progress_read(arena, row->progress, &progress, err);
    if (status != ST_OK)
        return status;
    progress.done = page->done;
    progress.total = page->total;
    progress.unit = page->unit;
    progress.received += (int64_t)receipt->received;
    progress.completions += (int64_t)receipt->completions;
    progress.duplicates += (int64_t)receipt->duplicates;
    progress.quarantined += (int64_t)receipt->quarantined;
    progress.ignored += (int64_t)receipt->ignored;
    progress_warn(arena, &progress, &page->warnings);
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    field_write(&pull_progress_table, &w, &progress);
    row->progress = arena_strdup(arena, out.data);
    return ST_OK;
}

/* ---- configuration */

static enum status pull_refuse_unasked(const struct source *source, const char *credential, struct error *err)
{
    if (source->pull || credential)
        return error_field(err, "/url", "expected the address of the platform, to ask it for completions");
    return ST_OK;
}

static enum status pull_check(
    const struct source *source, const struct lms_pull_settings *settings, struct error *err)
{
    const struct lms_pull_platform *platform = lms_pull_find(source->kind);
    if (!platform)
        return error_field(
            err, "/url", "sources of the kind %s only post; a generic one can be asked", source->kind);
    return lms_pull_check(platform, source->url, settings, source->mapping, err);
}

static const char *pull_settings_text(struct arena *arena, const struct lms_pull_settings *settings)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    field_write(&lms_pull_table, &w, settings);
    return arena_strdup(arena, out.data);
}

static bool pull_same_host(struct arena *arena, const char *before, const char *after)
{
    return before == after || (before && after && lms_link_resolve(arena, before, after));
}

/* What is never shown is not sent to another host either, for whoever may change an address. */
static enum status pull_check_credential(struct arena *arena, const struct source *source,
    const struct lms_pull_settings *settings, const struct pull_row *row, struct error *err)
{
    const struct lms_pull_platform *platform = lms_pull_find(source->kind);
    struct lms_pull_settings *before;
    if (!row->credential)
        return ST_OK;
    enum status status = pull_settings_read(arena, row->settings, &before, err);
    if (status != ST_OK)
        return status;
    if (pull_same_host(arena, row->url, source->url) &&
        pull_same_host(arena, lms_pull_token_url(arena, platform, row->url, before),
            lms_pull_token_url(arena, platform, source->url, settings)))
        return ST_OK;
    return error_field(err, "/credential", "expected with an address on another host");
}

enum status pull_configure(
    struct txn *txn, const struct source *source, const char *credential, bool changed, struct error *err)
{
    struct arena *arena = txn_arena(txn);
    struct lms_pull_settings *settings = ARENA_NEW(arena, struct lms_pull_settings);
    struct pull_row row;
    char *sealed = NULL;
    if (!source->url) {
        enum status status = pull_refuse_unasked(source, credential, err);
        return status == ST_OK ? pull_drop(txn, source->id, err) : status;
    }
    if (!changed)
        return ST_OK;
    field_clear(&lms_pull_table, settings);
    if (source->pull)
        *settings = *source->pull;
    enum status status = pull_check(source, settings, err);
    if (status == ST_OK && credential)
        status = seal(txn_keyring(txn), arena, pull_context(arena, source->id, "credential"), credential,
            strlen(credential), &sealed, err);
    if (status != ST_OK)
        return status;
    if (pull_get(txn_snapshot(txn), source->id, &row, NULL) != ST_OK)
        row = (struct pull_row){.source = source->id, .watermark = INSTANT_NONE, .swept_at = INSTANT_NONE};
    if (!sealed && (status = pull_check_credential(arena, source, settings, &row, err)) != ST_OK)
        return status;
    row.url = source->url;
    row.credential = sealed ? sealed : row.credential;
    row.settings = pull_settings_text(arena, settings);
    bool swept_half = row.mode && !strcmp(row.mode, lms_pull_mode_names[LMS_PULL_SWEEP]);
    row.wanted = swept_half ? lms_pull_mode_names[LMS_PULL_SWEEP] : row.wanted;
    row.mode = row.cursor = row.token = row.last_error = NULL;
    row.began_at = row.token_until = INSTANT_NONE;
    row.failures = 0;
    row.next_at = txn_now(txn);
    return pull_put(txn, &row, err);
}

enum status pull_of_source(const struct snapshot *snapshot, struct arena *arena, const struct source *source,
    const struct lms_pull **ret, struct error *err)
{
    struct pull_row row;
    struct lms_pull_settings *settings;
    enum status status = pull_get(snapshot, source->id, &row, err);
    *ret = NULL;
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status == ST_OK)
        status = pull_settings_read(arena, row.settings, &settings, err);
    if (status != ST_OK)
        return status;
    struct lms_pull *pull = ARENA_NEW(arena, struct lms_pull);
    *pull = (struct lms_pull){.platform = lms_pull_find(source->kind),
        .source = arena_strdup(arena, source->id),
        .url = arena_strdup(arena, row.url),
        .settings = settings,
        .mapping = source->mapping,
        .now = snapshot_now(snapshot)};
    *ret = pull;
    return ST_OK;
}

static const struct source_sync *pull_sync_of(
    struct arena *arena, const struct pull_row *row, struct error *err)
{
    struct source_sync *sync = ARENA_NEW(arena, struct source_sync);
    struct pull_progress *progress = ARENA_NEW(arena, struct pull_progress);
    *sync = (struct source_sync){.state = row->mode ? row->mode : "idle",
        .last_run = row->watermark,
        .last_sweep = row->swept_at,
        .next_run = row->next_at,
        .failures = row->failures,
        .last_error = row->last_error};
    if (row->progress && progress_read(arena, row->progress, progress, err) == ST_OK)
        sync->progress = progress;
    return sync;
}

enum status pull_show(
    const struct snapshot *snapshot, struct arena *arena, struct source *source, struct error *err)
{
    struct pull_row row;
    struct lms_pull_settings *settings;
    enum status status = jwks_show(snapshot, arena, source, err);
    if (status == ST_OK)
        status = replay_of(snapshot, source->id, &source->replaying, err);
    if (status == ST_OK)
        status = pull_get(snapshot, source->id, &row, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    if (status == ST_OK)
        status = pull_settings_read(arena, row.settings, &settings, err);
    if (status != ST_OK)
        return status;
    source->url = arena_strdup(arena, row.url);
    source->pull = settings;
    source->sync = pull_sync_of(arena, &row, err);
    return ST_OK;
}

enum status pull_want(
    struct txn *txn, const char *source, bool sweep, struct operation_row *ret, struct error *err)
{
    struct pull_row row;
    struct source_row configured;
    enum status status = source_get(txn_snapshot(txn), source, &configured, err);
    if (status == ST_OK && configured.paused)
        return error_set(err, ST_CONFLICT, "the source is paused");
    if (status == ST_OK)
        status = pull_get(txn_snapshot(txn), source, &row, err);
    if (status == ST_NOT_FOUND && configured.id)
        return error_set(err, ST_CONFLICT, "the source has no url: it only posts");
    if (status != ST_OK)
        return status;
    row.wanted = sweep ? lms_pull_mode_names[LMS_PULL_SWEEP] : row.wanted;
    row.next_at = txn_now(txn);
    *ret = (struct operation_row){.kind = PULL_SYNC,
        .subject = source,
        .request = sweep ? "{\"sweep\":true}" : "{}",
        .next_at = INSTANT_NONE};
    status = pull_put(txn, &row, err);
    if (status == ST_OK)
        status = operation_add(txn, ret, err);
    if (status == ST_OK)
        txn_audit(txn, "source.sync_asked", source, ret->request);
    return status;
}
