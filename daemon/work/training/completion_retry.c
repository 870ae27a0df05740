/*
 * What waits in quarantine is looked at again when what it waited for appears: a person's key, a course,
 * another mapping. A little at once, inside the write that brought it; the rest by a job. On a write lane.
 */
#include "completion.h"

#include "base/text.h"
#include "internal.h"
#include "work/course.h"

#include <string.h>

/* As many as one write takes along. */
enum { RETRY_NOW = 25 };

const char *completion_wait_value(struct arena *arena, const char *kind, const char *value)
{
    bool folded = !strcmp(kind, "number") || !strcmp(kind, "email");
    return folded ? text_fold(arena, value) : value;
}

enum status completion_wait(
    struct txn *txn, const struct completion_row *row, const struct completion_said *said, struct error *err)
{
    const struct completion_key *keys = said->keys.items;
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < said->keys.count; i++)
        status = completion_wait_add(txn, row->id, keys[i].kind,
            completion_wait_value(txn_arena(txn), keys[i].kind, keys[i].value), err);
    return status;
}

/* ---- one that waits */

static void reread_headers(struct arena *arena, const char *text, struct lms_request *ret)
{
    const struct json *pairs;
    if (json_parse(arena, text, strlen(text), &pairs, NULL) != ST_OK)
        return;
    struct lms_header *headers = ARENA_ARRAY(arena, json_count(pairs) + 1, struct lms_header);
    for (size_t i = 0; i < json_count(pairs); i++) {
        const char *name = json_text(json_at(json_at(pairs, i), 0)),
                   *value = json_text(json_at(json_at(pairs, i), 1));
        if (name && value)
            headers[ret->header_count++] = (struct lms_header){name, value};
    }
    ret->headers = headers;
}

static enum status reread_pulled(struct arena *arena, const struct source_reader *source,
    const struct item_row *stored, struct lms_item *ret, struct error *err)
{
    if (!source->pull)
        return error_set(err, ST_NOT_FOUND, "%s is not asked any more: nothing reads its answers", source->id);
    struct lms_pull pull = *source->pull;
    pull.now = stored->received_at;
    return lms_pull_record(arena, &pull, stored->raw, ret, err);
}

enum status completion_reread(struct txn *txn, const struct source_reader *source,
    const struct item_row *stored, struct lms_item *ret, struct error *err)
{
    struct envelope_row envelope;
    struct lms_envelope parsed = {0};
    struct arena *arena = txn_arena(txn);
    struct lms_request request = {.body = stored->raw};
    enum status status = envelope_get(txn_snapshot(txn), stored->envelope, &envelope, err);
    if (status != ST_OK)
        return status;
    if (envelope.pulled)
        return reread_pulled(arena, source, stored, ret, err);
    reread_headers(arena, envelope.headers, &request);
    struct lms_input input = {.source = source->id,
        .request = &request,
        .content = envelope.body.data ? envelope.body : stored->raw,
        .now = stored->received_at};
    if (!envelope.body.data)
        return lms_parse_record(arena, source->platform, source->mapping, &input, ret, err);
    status = lms_parse(arena, source->platform, source->mapping, &input, &parsed, err);
    if (status == ST_OK && (size_t)stored->position >= parsed.count) {
        input.content = stored->raw;
        return lms_parse_record(arena, source->platform, source->mapping, &input, ret, err);
    }
    if (status == ST_OK)
        *ret = parsed.items[stored->position];
    return status;
}

/* Reads the record again, by the mapping the source has now. */
static enum status retry_read(struct txn *txn, const struct completion_row *row, struct lms_item *ret,
    const struct source_reader **ret_source, struct error *err)
{
    struct completion_items evidence;
    struct item_row stored;
    struct source_reader *source = NULL;
    enum status status = completion_evidence(txn_snapshot(txn), row->id, &evidence, err);
    if (status == ST_OK && !evidence.count)
        status = error_set(err, ST_NOT_FOUND, "%s has no record", row->id);
    if (status == ST_OK)
        status = item_get(txn_snapshot(txn), evidence.items[0].item, &stored, err);
    if (status == ST_OK)
        status = source_open(txn_snapshot(txn), txn_keyring(txn), row->source, &source, err);
    if (status != ST_OK)
        return status;
    arena_defer(txn_arena(txn), completion_source_close, source);
    *ret_source = source;
    return completion_reread(txn, source, &stored, ret, err);
}

static bool retry_for_person(const struct completion_row *row)
{
    return row->reason && (!strcmp(row->reason, "unknown_person") || !strcmp(row->reason, "ambiguous_person"));
}

/* What the record says now, and whose it is; `row` is changed in memory only. */
static enum status retry_attribute(
    struct txn *txn, struct completion_row *row, struct completion_said *said, struct error *err)
{
    struct lms_item item;
    const struct source_reader *source = NULL;
    enum status status = completion_said_of_row(txn_arena(txn), row, said, err);
    if (status == ST_OK && retry_for_person(row)) {
        date_t day = DATE_NONE;
        status = completion_day(txn, row, &day, err);
        if (status == ST_OK)
            status = completion_person(
                txn, row->source, said->keys.items, said->keys.count, day, &row->employee, &row->reason, err);
        row->state = row->reason ? "quarantined" : said->effect;
        return status;
    }
    if (status == ST_OK)
        status = retry_read(txn, row, &item, &source, err);
    if (status != ST_OK)
        return status;
    struct completion_intake in = {.txn = txn, .source = source};
    *said = completion_said_of(txn_arena(txn), &item);
    row->occurred_at = item.completion.occurred;
    row->body = completion_said_json(txn_arena(txn), said);
    if (item.state == LMS_ITEM_IGNORED) {
        row->state = "other";
        row->reason = NULL;
        return ST_OK;
    }
    return completion_attribute(&in, &item, said, row, err);
}

/* It is known from another piece of evidence: what it came in proves that one, and it counts no more. */
static enum status retry_twice(struct txn *txn, struct completion_row *row, const char *twin, struct error *err)
{
    struct completion_items evidence;
    enum status status = completion_evidence(txn_snapshot(txn), row->id, &evidence, err);
    for (size_t i = 0; status == ST_OK && i < evidence.count; i++)
        status = completion_prove(txn, twin, evidence.items[i].item, evidence.items[i].sha256, err);
    row->state = "other";
    if (status == ST_OK)
        status = completion_update(txn, row, 0, err);
    if (status == ST_OK)
        status = completion_wait_drop(txn, row->id, err);
    if (status == ST_OK)
        txn_audit(txn, "completion.confirmed", twin, arena_printf(txn_arena(txn), "{\"by\":\"%s\"}", row->id));
    return status;
}

static enum status retry_one(struct txn *txn, struct completion_row *row, struct error *err)
{
    struct completion_said said;
    const struct completion_row before = *row;
    if (strcmp(row->state, "quarantined") != 0) { /* its course changed */
        enum status followed = completion_follow_course(txn, row, err);
        return followed == ST_OK ? completion_rest(txn, row->id, err) : followed;
    }
    enum status status = retry_attribute(txn, row, &said, err);
    if (status == ST_NOT_FOUND) { /* nothing reads it any more */
        error_clear(err);
        return completion_rest(txn, row->id, err);
    }
    if (status != ST_OK)
        return status;
    bool found = strcmp(row->state, "quarantined") != 0, superseded = false;
    const char *twin = NULL;
    status = found ? completion_twin(txn, row, &twin, &superseded, err) : ST_OK;
    if (status != ST_OK || twin)
        return status == ST_OK ? retry_twice(txn, row, twin, err) : status;
    bool changed = found || !text_equal(before.reason, row->reason) || strcmp(before.body, row->body) != 0;
    status = changed ? completion_update(txn, row, 0, err) : completion_rest(txn, row->id, err);
    if (status == ST_OK && (found || changed))
        status = completion_wait_drop(txn, row->id, err);
    if (status == ST_OK && !found && changed)
        status = completion_wait(txn, row, &said, err);
    return status == ST_OK && found ? completion_found(txn, row, &said, err) : status;
}

enum status completion_retry(struct txn *txn, unsigned limit, unsigned *ret, struct error *err)
{
    struct completion_list list;
    enum status status = completion_to_retry(txn_snapshot(txn), txn_organisation(txn), limit, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        status = retry_one(txn, &list.items[i], err);
    *ret = (unsigned)list.count;
    return status;
}

enum status completion_key_appears(struct txn *txn, const char *kind, const char *value, struct error *err)
{
    int64_t woken = 0;
    unsigned done = 0;
    if (!value)
        return ST_OK;
    enum status status =
        completion_wake_key(txn, kind, completion_wait_value(txn_arena(txn), kind, value), &woken, err);
    return status == ST_OK && woken ? completion_retry(txn, RETRY_NOW, &done, err) : status;
}
