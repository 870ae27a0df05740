/*
 * Items of what a platform sent become completions, inside the transaction of their request: recognised when
 * they came before, attributed to a person and a course or put aside with the reason, proving what they prove.
 * On a lane.
 */
#include "completion.h"

#include "base/crypto.h"
#include "internal.h"
#include "work/alias.h"

#include <math.h>
#include <string.h>
#include <strings.h>

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

struct completion_said completion_said_of(struct arena *arena, const struct lms_item *item)
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
static enum status intake_course(
    struct completion_intake *in, const struct completion_said *said, const char **ret, struct error *err)
{
    bool fresh = false;
    const char *code = completion_course_code(said);
    struct course_row course = {.source = in->source->id,
        .code = code,
        .title = said->course_title,
        .mandatory = "unknown",
        .body = "{}"};
    *ret = NULL;
    if (!code)
        return ST_OK;
    enum status status = course_see(in->txn, &course, &fresh, err);
    if (status == ST_OK && fresh)
        txn_audit(in->txn, "course.seen", course.id, NULL);
    if (status == ST_OK)
        *ret = course.id;
    return status;
}

static void intake_audit(struct completion_intake *in, const struct completion_row *row,
    const struct item_row *item, const char *verb)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    jw_open(&w, '{');
    jw_member(&w, "course", row->course); /* in the order of the canonical form */
    jw_member(&w, "employee", row->employee);
    jw_member(&w, "item", item->id);
    if (!strcmp(verb, "completion.received"))
        jw_member_instant(&w, "occurred_at", row->occurred_at);
    jw_member(&w, "reason", row->reason);
    jw_member(&w, "sha256", item->sha256);
    jw_member(&w, "source", row->source);
    jw_member(&w, "state", row->state);
    jw_close(&w, '}');
    txn_audit(in->txn, verb, row->id, out.data);
}

static const char *intake_lack(const struct lms_item *item, const char *course)
{
    if (item->state == LMS_ITEM_UNREADABLE)
        return "unreadable";
    if (item->state == LMS_ITEM_THIN)
        return "thin";
    return course ? NULL : "unknown_course";
}

/* Whose it is and of what; why not, in row->reason. */
enum status completion_attribute(struct completion_intake *in, const struct lms_item *item,
    const struct completion_said *said, struct completion_row *row, struct error *err)
{
    date_t day = DATE_NONE;
    enum status status = intake_course(in, said, &row->course, err);
    row->reason = intake_lack(item, row->course);
    if (status == ST_OK && !row->reason)
        status = completion_day(in->txn, row, &day, err);
    if (status == ST_OK && !row->reason)
        status = completion_person(
            in->txn, row->source, said->keys.items, said->keys.count, day, &row->employee, &row->reason, err);
    row->state = row->reason ? "quarantined" : said->effect;
    return status;
}

static enum status intake_envelope(struct completion_intake *in, struct error *err)
{
    char hex[SHA256_HEX];
    if (in->envelope)
        return ST_OK;
    struct sha256 hash = sha256(in->request->body.data, in->request->body.size);
    struct envelope_row envelope = {.source = in->source->id,
        .headers = headers_json(txn_arena(in->txn), in->source, in->request),
        .sha256 = sha256_hex(&hash, hex),
        .size = (int64_t)in->request->body.size,
        .pulled = in->source->asks};
    if (in->source->keep_raw)
        envelope.body = in->request->body;
    enum status status = envelope_add(in->txn, &envelope, err);
    in->envelope = envelope.id;
    return status;
}

static enum status intake_keep(struct completion_intake *in, struct item_row *stored, struct error *err)
{
    bool fresh = false;
    if (stored->id) /* read again */
        return item_set(in->txn, stored->id, stored->state, stored->reason, stored->completion, err);
    enum status status = intake_envelope(in, err);
    stored->envelope = in->envelope;
    if (status == ST_OK)
        status = item_add(in->txn, stored, &fresh, err);
    return status;
}

/* Two events to which the platform gave ids of their own are two, whatever they say. */
static bool intake_distinct(const char *a, const char *b)
{
    return !strncmp(a, "id", 2) && !strncmp(b, "id", 2);
}

enum status completion_twin(struct txn *txn, const struct completion_row *row, const char **ret,
    bool *ret_superseded, struct error *err)
{
    struct completion_row twin;
    date_t day = DATE_NONE, other = DATE_NONE;
    *ret = NULL;
    if (!row->employee || strcmp(row->state, "completed") != 0)
        return ST_OK;
    enum status status = completion_latest(txn_snapshot(txn), txn_organisation(txn), row, &twin, err);
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    *ret_superseded = status == ST_OK && completion_superseded(row, &twin);
    if (status == ST_OK)
        status = completion_day(txn, row, &day, err);
    if (status == ST_OK)
        status = completion_day(txn, &twin, &other, err);
    bool again = status == ST_OK && day == other && !strcmp(twin.state, "completed");
    if (again && !intake_distinct(row->identity, twin.identity))
        *ret = twin.id;
    return status;
}

static enum status intake_twice(struct completion_intake *in, struct completion_row *row,
    struct item_row *stored, const char *twin, struct error *err)
{
    row->id = stored->completion = twin;
    stored->state = row->state;
    in->receipt.duplicates++;
    enum status status = intake_keep(in, stored, err);
    if (status == ST_OK)
        status = completion_prove(in->txn, twin, stored->id, stored->sha256, err);
    if (status == ST_OK)
        intake_audit(in, row, stored, "completion.confirmed");
    return status;
}

/* The platform that was asked says whom it means by a number of its own, and who that is by a key of everybody:
 * what it posts may have the former only. */
static enum status intake_learn(
    struct completion_intake *in, const struct completion_said *said, const char *employee, struct error *err)
{
    const struct completion_key *keys = said->keys.items;
    for (size_t i = 0; employee && i < said->keys.count; i++) {
        struct error taken = ERROR_INIT;
        struct alias_row alias = {.source = in->source->id,
            .kind = keys[i].kind,
            .value = keys[i].value,
            .employee = employee,
            .valid_from = DATE_NONE,
            .valid_to = DATE_NONE};
        if (strcmp(keys[i].kind, lms_key_names[LMS_KEY_ID]) != 0)
            continue;
        enum status status = alias_put(in->txn, &alias, &taken);
        if (status != ST_OK && status != ST_CONFLICT)
            return error_set(err, status, "%s", taken.detail);
    }
    return ST_OK;
}

enum status completion_admit(
    struct completion_intake *in, const struct lms_item *item, struct item_row *stored, struct error *err)
{
    const char *twin = NULL;
    bool superseded = false;
    struct completion_said said = completion_said_of(txn_arena(in->txn), item);
    struct completion_row row = {.source = in->source->id,
        .identity = item->identity,
        .occurred_at = item->completion.occurred,
        .declare_by = DATE_NONE,
        .declared_on = DATE_NONE,
        .body = completion_said_json(txn_arena(in->txn), &said)};
    enum status status = completion_attribute(in, item, &said, &row, err);
    if (status == ST_OK && in->source->asks)
        status = intake_learn(in, &said, row.employee, err);
    if (status == ST_OK) /* after what waited for the number was found */
        status = completion_twin(in->txn, &row, &twin, &superseded, err);
    if (status != ST_OK || twin)
        return status == ST_OK ? intake_twice(in, &row, stored, twin, err) : status;
    status = completion_add(in->txn, &row, err);
    stored->state = row.state;
    stored->reason = row.reason;
    stored->completion = row.id;
    if (status == ST_OK)
        status = intake_keep(in, stored, err);
    if (status == ST_OK)
        status = completion_prove(in->txn, row.id, stored->id, stored->sha256, err);
    if (status != ST_OK)
        return status;
    intake_audit(in, &row, stored, "completion.received");
    bool waits = row.reason && strstr(row.reason, "_person");
    if (waits && (status = completion_wait(in->txn, &row, &said, err)) != ST_OK)
        return status;
    in->receipt.completions += row.reason == NULL;
    in->receipt.quarantined += row.reason != NULL;
    return completion_settle_standing(in->txn, &row, &said, stored->sha256, superseded, err);
}

enum status completion_take(
    struct completion_intake *in, const struct lms_item *item, size_t position, struct error *err)
{
    char hex[SHA256_HEX];
    bool known = false, ignored = item->state == LMS_ITEM_IGNORED;
    struct item_row stored = {.source = in->source->id,
        .position = (int64_t)position,
        .identity = item->identity,
        .sha256 = arena_strdup(txn_arena(in->txn), sha256_hex(&item->hash, hex)),
        .state = "ignored",
        .reason = item->problem,
        .raw = item->raw};
    enum status status = item_known(
        txn_snapshot(in->txn), txn_organisation(in->txn), in->source->id, item->identity, &known, err);
    in->receipt.received++;
    if (status != ST_OK)
        return status;
    in->receipt.duplicates += known;
    in->receipt.ignored += !known && ignored;
    if (known)
        return ST_OK;
    return ignored ? intake_keep(in, &stored, err) : completion_admit(in, item, &stored, err);
}

enum status completion_taken(struct completion_intake *in, struct error *err)
{
    const struct completion_receipt *r = &in->receipt;
    const struct source_counters more = {.received = (int64_t)r->received,
        .completions = (int64_t)r->completions,
        .duplicates = (int64_t)r->duplicates,
        .quarantined = (int64_t)r->quarantined,
        .ignored = (int64_t)r->ignored};
    return source_count(in->txn, in->source->id, &more, err);
}
