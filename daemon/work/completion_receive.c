/*
 * A verified body becomes an envelope, items and completions in one transaction. What cannot be attributed
 * waits with its reason; what was sent before is recognised and only counted. On a lane.
 */
#include "completion.h"

#include "base/crypto.h"
#include "internal.h"

#include <math.h>
#include <string.h>
#include <strings.h>

struct receiving {
    struct txn *txn;
    struct arena *arena;
    const struct source_reader *source;
    const struct envelope_row *envelope;
    const struct lms_item *item;
    struct item_row stored;
    struct completion_receipt *receipt;
};

/* Header fields worth keeping: none that could hold a credential. */
static bool header_kept(const struct source_reader *source, const char *name)
{
    static const char *const dropped[] = {"authorization", "cookie", "proxy-authorization", "x-api-key"};
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
        if (!strcasecmp(dropped[i], name))
            return false;
    const char *secret = source->signature->family == LMS_FAMILY_HEADER ? source->signature->header : NULL;
    return !secret || strcasecmp(secret, name) != 0;
}

static const char *headers_json(
    struct arena *arena, const struct source_reader *source, const struct lms_request *request)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '[');
    for (size_t i = 0; i < request->header_count; i++) {
        if (!header_kept(source, request->headers[i].name))
            continue;
        jw_open(&w, '[');
        jw_text(&w, request->headers[i].name);
        jw_text(&w, request->headers[i].value);
        jw_close(&w, ']');
    }
    jw_close(&w, ']');
    return arena_strdup(arena, out.data);
}

static const char *score_text(struct arena *arena, const struct completion_in *in)
{
    if (isnan(in->score))
        return NULL;
    return isnan(in->score_max) ? arena_printf(arena, "%g", in->score)
                                : arena_printf(arena, "%g/%g", in->score, in->score_max);
}

static struct completion_said completion_said_of(struct arena *arena, const struct lms_item *item)
{
    const struct completion_in *in = &item->completion;
    struct completion_key *keys = ARENA_ARRAY(arena, in->key_count + 1, struct completion_key);
    for (size_t i = 0; i < in->key_count; i++)
        keys[i] = (struct completion_key){.kind = lms_key_names[in->keys[i].kind], .value = in->keys[i].value};
    return (struct completion_said){.keys = {.items = keys, .count = in->key_count},
        .event_id = in->event_id,
        .course_id = in->course_id,
        .course_code = in->course_code,
        .course_title = in->course_title,
        .status = in->status,
        .effect = lms_effect_names[in->effect],
        .problem = item->problem,
        .score = score_text(arena, in),
        .minutes = in->minutes,
        .day_only = in->day_only,
        .certificate_id = in->certificate_id,
        .certificate_url = in->certificate_url,
        .expires = in->expires};
}

/* The course as this source names it; a row at its first sight. */
static enum status receive_course(
    struct receiving *r, const struct completion_said *said, const char **ret, struct error *err)
{
    bool fresh = false;
    struct course_row course = {.source = r->source->id,
        .code = said->course_id     ? said->course_id
                : said->course_code ? said->course_code
                                    : said->course_title,
        .title = said->course_title,
        .mandatory = "unknown",
        .body = "{}"};
    *ret = NULL;
    if (!course.code)
        return ST_OK;
    enum status status = course_see(r->txn, &course, &fresh, err);
    if (status == ST_OK && fresh)
        txn_audit(r->txn, "course.seen", course.id, NULL);
    if (status == ST_OK)
        *ret = course.id;
    return status;
}

static void receive_audit(struct receiving *r, const struct completion_row *row, const char *sha256)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "source", row->source);
    jw_member(&w, "employee", row->employee);
    jw_member(&w, "course", row->course);
    jw_member(&w, "state", row->state);
    jw_member(&w, "reason", row->reason);
    jw_member(&w, "item", r->stored.id);
    jw_member(&w, "sha256", sha256);
    jw_close(&w, '}');
    txn_audit(r->txn, "completion.received", row->id, out.data);
}

static const char *receive_lack(const struct lms_item *item, const char *course)
{
    if (item->state == LMS_ITEM_UNREADABLE)
        return "unreadable";
    if (item->state == LMS_ITEM_THIN)
        return "thin";
    return course ? NULL : "unknown_course";
}

static enum status receive_completion(struct receiving *r, struct error *err)
{
    const struct lms_item *item = r->item;
    struct completion_said said = completion_said_of(r->arena, item);
    struct completion_row row = {.source = r->source->id,
        .identity = item->identity,
        .occurred_at = item->completion.occurred,
        .body = completion_said_json(r->arena, &said)};
    date_t day = DATE_NONE;
    const char *unknown = NULL;
    enum status status = receive_course(r, &said, &row.course, err);
    row.reason = receive_lack(item, row.course);
    if (status == ST_OK)
        status = completion_day(r->txn, &row, &day, err);
    if (status == ST_OK && !row.reason) {
        status = completion_person(
            r->txn, row.source, said.keys.items, said.keys.count, day, &row.employee, &unknown, err);
        row.reason = unknown;
    }
    row.state = row.reason ? "quarantined" : said.effect;
    if (status == ST_OK)
        status = completion_add(r->txn, &row, err);
    if (status == ST_OK)
        status = item_set(r->txn, r->stored.id, row.state, row.reason, row.id, err);
    if (status == ST_OK)
        status = completion_prove(r->txn, row.id, r->stored.id, r->stored.sha256, err);
    if (status != ST_OK)
        return status;
    receive_audit(r, &row, r->stored.sha256);
    r->receipt->completions += row.reason == NULL;
    r->receipt->quarantined += row.reason != NULL;
    return completion_settle(r->txn, &row, &said, r->stored.sha256, err);
}

static enum status receive_item(struct receiving *r, size_t position, struct error *err)
{
    char hex[SHA256_HEX];
    bool fresh = false;
    bool ignored = r->item->state == LMS_ITEM_IGNORED;
    r->stored = (struct item_row){.envelope = r->envelope->id,
        .source = r->source->id,
        .position = (int64_t)position,
        .identity = r->item->identity,
        .sha256 = arena_strdup(r->arena, sha256_hex(&r->item->hash, hex)),
        .state = ignored ? "ignored" : "received",
        .reason = ignored ? r->item->problem : NULL,
        .raw = r->item->raw};
    enum status status = item_add(r->txn, &r->stored, &fresh, err);
    r->receipt->received++;
    if (status != ST_OK)
        return status;
    if (!fresh) {
        r->receipt->duplicates++;
        return ST_OK;
    }
    r->receipt->ignored += ignored;
    return ignored ? ST_OK : receive_completion(r, err);
}

/* The source's counters, read and written under the organisation's lock. */
static enum status receive_count(
    struct txn *txn, const char *id, const struct completion_receipt *receipt, struct error *err)
{
    struct source_row row;
    struct source source;
    struct arena *arena = txn_arena(txn);
    enum status status = source_get(txn_snapshot(txn), id, &row, err);
    if (status == ST_OK)
        status = source_of_row(arena, &row, &source, err);
    if (status != ST_OK)
        return status;
    const struct source_counts *was = source.counts;
    return source_count(txn, id,
        arena_printf(arena,
            "{\"received\":%lld,\"completions\":%lld,\"duplicates\":%lld,\"quarantined\":%lld,\"ignored\":%"
            "lld}",
            (long long)was->received + (long long)receipt->received,
            (long long)was->completions + (long long)receipt->completions,
            (long long)was->duplicates + (long long)receipt->duplicates,
            (long long)was->quarantined + (long long)receipt->quarantined,
            (long long)was->ignored + (long long)receipt->ignored),
        err);
}

enum status completion_accept(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_envelope *parsed, struct completion_receipt *ret,
    struct error *err)
{
    char hex[SHA256_HEX];
    struct arena *arena = txn_arena(txn);
    struct sha256 hash = sha256(request->body.data, request->body.size);
    struct envelope_row envelope = {.source = source->id,
        .headers = headers_json(arena, source, request),
        .sha256 = sha256_hex(&hash, hex),
        .size = (int64_t)request->body.size};
    *ret = (struct completion_receipt){0};
    enum status status = envelope_add(txn, &envelope, err);
    struct receiving receiving = {
        .txn = txn, .arena = arena, .source = source, .envelope = &envelope, .receipt = ret};
    for (size_t i = 0; status == ST_OK && i < parsed->count; i++) {
        receiving.item = &parsed->items[i];
        status = receive_item(&receiving, i, err);
    }
    return status == ST_OK ? receive_count(txn, source->id, ret, err) : status;
}

enum status completion_receive(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_verdict *verdict, struct completion_receipt *ret,
    struct error *err)
{
    struct lms_envelope parsed;
    struct lms_input input = {.source = source->id,
        .request = request,
        .content = verdict->content,
        .message_id = verdict->message_id,
        .now = txn_now(txn)};
    enum status status = lms_parse(txn_arena(txn), source->platform, source->mapping, &input, &parsed, err);
    return status == ST_OK ? completion_accept(txn, source, request, &parsed, ret, err) : status;
}

enum status completion_preview(struct arena *arena, const struct source_reader *source,
    const struct lms_request *request, struct span content, instant_t now, struct json_writer *w,
    struct error *err)
{
    struct lms_envelope parsed;
    struct lms_input input = {.source = source->id, .request = request, .content = content, .now = now};
    enum status status = lms_parse(arena, source->platform, source->mapping, &input, &parsed, err);
    if (status != ST_OK)
        return status;
    jw_open(w, '{');
    jw_key(w, "items");
    jw_open(w, '[');
    for (size_t i = 0; i < parsed.count; i++) {
        struct completion_said said = completion_said_of(arena, &parsed.items[i]);
        jw_open(w, '{');
        jw_member(w, "state", lms_item_state_name((enum lms_item_state)parsed.items[i].state));
        jw_member(w, "identity", parsed.items[i].identity);
        jw_member_instant(w, "occurred_at", parsed.items[i].completion.occurred);
        field_write_members(&completion_said_table, w, &said, false);
        jw_close(w, '}');
    }
    jw_close(w, ']');
    jw_close(w, '}');
    return ST_OK;
}
