/*
 * What is made of what came in: kept, judged, and what a person decides about it later. On a write lane.
 */
#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "internal.h"
#include "letter/outbox.h"
#include "mail/redact.h"
#include "reply_work.h"
#include "work/delivery.h"
#include "work/link.h"
#include "work/review.h"

#include <string.h>

#define REPLY_CALENDAR "text/calendar"

/* One thing that came in, while it is judged. */
struct reply_case {
    struct txn *txn;
    const struct reply_reading *reading;
    struct reply is;
    bool tells_hr; /* a person has to look at it */
};

static void case_end(struct reply_case *c, enum reply_state state, const char *reason)
{
    c->is.state = (int)state;
    c->is.reason = reason;
}

/* An answer often quotes the letter that it is to, with the link in it. */
static struct span case_kept(const struct reply_case *c, struct span came)
{
    struct arena *arena = txn_arena(c->txn);
    char *kept = arena_copy(arena, came.data, came.size);
    (void)mail_redact(arena, kept, came.size, LINK_PATH, LINK_SECRET_LENGTH);
    return (struct span){kept, came.size};
}

static const char *case_kept_text(const struct reply_case *c, const char *text)
{
    struct arena *arena = txn_arena(c->txn);
    char *kept = arena_strdup(arena, text);
    if (kept)
        (void)mail_redact(arena, kept, strlen(kept), LINK_PATH, LINK_SECRET_LENGTH);
    return kept;
}

/* ---- answers */

/* Times without a zone are the organisation's. */
static const struct ical_message *case_calendar(const struct reply_case *c)
{
    struct organisation organisation;
    const struct ical_message *again = NULL;
    const struct span *calendar = &c->reading->calendar;
    struct error ignored = ERROR_INIT;
    if (organisation_view(txn_snapshot(c->txn), txn_organisation(c->txn), &organisation, &ignored) != ST_OK ||
        ical_read(txn_arena(c->txn), calendar->data, calendar->size, organisation_zone(&organisation), &again,
            &ignored) != ST_OK)
        return c->reading->ical;
    return again;
}

static enum status case_judge(struct reply_case *c, bool vouched, struct error *err)
{
    const struct ical_message *ical = case_calendar(c);
    struct itip_outcome outcome;
    const struct itip_received received = {.method = ical->method,
        .uid = ical->uid,
        .email = c->is.attendee,
        .partstat = (int)partstat_parse(c->is.partstat),
        .sequence = ical->sequence,
        .dtstamp = ical->stamp,
        .start = ical->all_day ? INSTANT_NONE : ical->start,
        .end = ical->all_day ? INSTANT_NONE : ical->end,
        .verified = vouched || c->is.verified == 1};
    struct error missing = ERROR_INIT;
    enum status status = review_receive(c->txn, &received, &outcome, &missing);
    if (status == ST_NOT_FOUND) {
        c->is.review = NULL;
        case_end(c, REPLY_UNMATCHED, "no invitation is known by its UID");
        return ST_OK;
    }
    if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    c->is.review = c->reading->review;
    case_end(c, (enum reply_state)outcome.verdict, outcome.sentence);
    c->tells_hr = c->is.state == REPLY_UNVERIFIED;
    return ST_OK;
}

static void case_show_calendar(struct reply_case *c)
{
    const struct ical_message *ical = c->reading->ical;
    const struct ical_read_attendee *attendee = reply_attendee(c->reading);
    c->is.method = ical->method == ITIP_NONE ? NULL : itip_method_name(ical->method);
    c->is.sequence = ical->sequence;
    c->is.dtstamp = ical->stamp;
    c->is.comment = case_kept_text(c, ical->comment);
    if (ical->method == ITIP_COUNTER) {
        c->is.proposed_start = ical->start;
        c->is.proposed_end = ical->end;
    }
    if (!attendee)
        return;
    c->is.attendee = attendee->email;
    c->is.partstat = partstat_name(attendee->partstat);
    c->is.verified = reply_is_verified(c->reading, attendee->email);
    if (attendee->comment)
        c->is.comment = case_kept_text(c, attendee->comment);
}

static enum status case_answer(struct reply_case *c, struct error *err)
{
    char key[ORG_KEY_MAX];
    if (!c->reading->review || !id_parse(c->reading->review, "rev", key) ||
        strcmp(key, txn_organisation(c->txn)) != 0) {
        case_end(c, REPLY_UNMATCHED, "no invitation is known by its UID");
        return ST_OK;
    }
    if (!c->is.attendee) {
        case_end(c, REPLY_UNUSABLE, "it does not say which of several people answers");
        return ST_OK;
    }
    return case_judge(c, false, err);
}

/* ---- bounces */

static const struct mail_bounce *case_failure(const struct reply_case *c, const char *recipient)
{
    const struct mail_received *mail = c->reading->mail;
    for (size_t i = 0; i < mail->bounce_count; i++)
        if (mail->bounces[i].action == MAIL_BOUNCE_FAILED &&
            (!mail->bounces[i].recipient || text_equal(mail->bounces[i].recipient, recipient)))
            return &mail->bounces[i];
    return NULL;
}

static enum status case_address(
    struct reply_case *c, const struct mail_bounce *failure, const char *recipient, struct error *err)
{
    bool fresh = false;
    const struct failing_address address = {.email = recipient,
        .code = failure->status,
        .reason = failure->diagnostic,
        .delivery = c->reading->delivery};
    enum status status = address_fail(c->txn, &address, &fresh, err);
    if (status != ST_OK)
        return status;
    c->is.attendee = recipient;
    case_end(c, REPLY_BOUNCED,
        arena_printf(txn_arena(c->txn), "mail to %s came back%s%s", recipient, failure->diagnostic ? ": " : "",
            failure->diagnostic ? failure->diagnostic : ""));
    status = delivery_note_return(c->txn, c->reading->delivery, c->is.reason, err);
    return status == ST_OK && fresh ? delivery_tell_return(c->txn, c->reading->delivery, c->is.reason, err)
                                    : status;
}

/* A bounce names our message and its recipient: nobody else knows both. */
static enum status case_bounce(struct reply_case *c, const struct delivery_row *delivery, struct error *err)
{
    const char *recipient = work_address(txn_arena(c->txn), delivery->recipient);
    const struct mail_bounce *failure = case_failure(c, recipient);
    if (failure)
        return case_address(c, failure, recipient, err);
    case_end(c, REPLY_UNUSABLE, "it reports a delay, or a recipient that the message did not have");
    return ST_OK;
}

static enum status case_letter(struct reply_case *c, struct error *err)
{
    struct delivery_row delivery;
    struct error missing = ERROR_INIT;
    enum status status = delivery_get(txn_snapshot(c->txn), c->reading->delivery, &delivery, &missing);
    if (status == ST_NOT_FOUND) {
        case_end(c, REPLY_UNMATCHED, "it goes back to a message that is not known");
        return ST_OK;
    }
    if (status != ST_OK)
        return error_set(err, status, "%s", missing.detail);
    c->is.review = delivery.review;
    if (c->reading->mail->is_bounce)
        return case_bounce(c, &delivery, err);
    case_end(c, REPLY_WRITTEN,
        c->reading->mail->automatic ? "an automatic answer" : "written in return for a message of ours");
    return ST_OK;
}

/* ---- judging */

static enum status case_run(struct reply_case *c, struct error *err)
{
    const struct reply_reading *reading = c->reading;
    if (reading->ical && reading->ical->method != ITIP_NONE)
        return case_answer(c, err);
    if (reading->delivery && !reading->trouble)
        return case_letter(c, err);
    case_end(c, reading->trouble ? REPLY_UNREADABLE : REPLY_UNUSABLE,
        reading->trouble ? reading->trouble : "it is no answer");
    return ST_OK;
}

static struct reply_case case_open(struct txn *txn, const struct reply_reading *reading)
{
    struct reply_case c = {.txn = txn, .reading = reading};
    const struct mail_received *mail = reading->mail;
    field_clear(&reply_table, &c.is);
    c.is.channel = (int)reading->in.channel;
    c.is.verified = 0;
    c.is.media_type = reading->in.is_calendar ? REPLY_CALENDAR : "message/rfc822";
    if (mail) {
        c.is.sender = mail->from;
        c.is.sender_name = mail->from_name;
        c.is.subject = mail->subject;
        c.is.text = case_kept_text(&c, mail->text);
        c.is.message_id = mail->message_id;
    } else {
        c.is.sender = reading->in.attested_by;
    }
    if (reading->ical)
        case_show_calendar(&c);
    return c;
}

/* ---- keeping */

static const char *keep_body(struct arena *arena, const struct reply *reply)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    field_write_members(&reply_body_table, &w, reply, true);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

static const char *keep_sender(const struct reply_case *c)
{
    return c->is.sender ? work_address(txn_arena(c->txn), c->is.sender) : "";
}

static struct reply_row keep_row(const struct reply_case *c)
{
    const struct reply *is = &c->is;
    return (struct reply_row){.id = is->id,
        .channel = reply_channel_names[is->channel],
        .review = is->review,
        .email = is->attendee,
        .sender = keep_sender(c),
        .method = is->method,
        .partstat = is->partstat,
        .sequence = is->sequence == FIELD_INT_NONE ? -1 : is->sequence,
        .dtstamp = is->dtstamp,
        .verified = is->verified == 1,
        .state = reply_state_names[is->state],
        .reason = is->reason,
        .message_id = is->message_id,
        .body = keep_body(txn_arena(c->txn), is),
        .sha256 = is->sha256};
}

static void keep_audit(struct txn *txn, const char *verb, const struct reply_row *row)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "review", row->review);
    jw_member(&w, "attendee", row->email);
    jw_member(&w, "method", row->method);
    jw_member(&w, "partstat", row->partstat);
    jw_member(&w, "state", row->state);
    jw_member(&w, "reason", row->reason);
    jw_member_bool(&w, "verified", row->verified);
    jw_member(&w, "sha256", row->sha256);
    jw_close(&w, '}');
    txn_audit(txn, verb, row->id, text.data);
}

/* Whoever is nobody's attendee, or does not prove to be one, fills no store. Bounces of ours are as many as we
 * have sent. */
static enum status keep_measure(
    const struct reply_case *c, const struct reply_row *row, const char **ret_left, struct error *err)
{
    const struct incoming *in = &c->reading->in;
    const struct snapshot *snapshot = txn_snapshot(c->txn);
    const char *organisation = txn_organisation(c->txn);
    instant_t since = txn_now(c->txn) - US_PER_DAY;
    int64_t own = 0, strange = 0;
    enum status status = ST_OK;
    *ret_left = NULL;
    if (row->verified || c->is.state == REPLY_BOUNCED)
        return ST_OK;
    if (in->per_sender > 0)
        status = reply_unproved(snapshot, organisation, row->sender, since, in->per_sender, &own, err);
    if (status == ST_OK && in->strangers > 0 && !row->review)
        status = reply_strange(snapshot, organisation, since, in->strangers, &strange, err);
    if (in->per_sender > 0 && own >= in->per_sender)
        *ret_left = "its sender has sent too many within a day";
    else if (in->strangers > 0 && strange >= in->strangers)
        *ret_left = "too many came within a day that belong to no review";
    return status;
}

/* One letter while several wait: whoever floods the mailbox does not flood HR. */
static enum status keep_tell(const struct reply_case *c, const struct reply_row *row, struct error *err)
{
    struct reply_list waiting;
    const struct reply_filter filter = {.review = row->review, .state = reply_state_names[REPLY_UNVERIFIED]};
    const struct page two = {.limit = 2};
    if (!c->tells_hr || !row->review)
        return ST_OK;
    enum status status =
        reply_list(txn_snapshot(c->txn), txn_organisation(c->txn), &filter, &two, &waiting, err);
    if (status != ST_OK || waiting.count > 1)
        return status;
    return delivery_tell_unverified(c->txn, row->review, err);
}

enum status reply_receive(
    struct txn *txn, const struct reply_reading *reading, struct reply *ret, struct error *err)
{
    char hex[SHA256_HEX];
    struct arena *arena = txn_arena(txn);
    struct sha256 sum = sha256(reading->in.raw.data, reading->in.raw.size);
    struct reply_row known;
    struct reply_case c = case_open(txn, reading);
    c.is.sha256 = arena_strdup(arena, sha256_hex(&sum, hex));
    enum status status = reply_find(txn_snapshot(txn), txn_organisation(txn), c.is.sha256, &known, err);
    if (status == ST_OK)
        return reply_of_row(arena, &known, ret, err);
    error_clear(err);
    status = case_run(&c, err);
    struct reply_row row = keep_row(&c);
    if (status == ST_OK)
        status = keep_measure(&c, &row, &c.is.left, err);
    if (status == ST_OK && c.is.left) {
        *ret = c.is;
        return ST_OK;
    }
    if (status == ST_OK)
        status = reply_add(txn, &row, case_kept(&c, reading->in.raw), err);
    if (status != ST_OK)
        return status;
    keep_audit(txn, "reply.received", &row);
    status = keep_tell(&c, &row, err);
    if (status == ST_OK && c.is.verified == 1 && c.is.attendee)
        status = address_works(txn, c.is.attendee, err);
    return status == ST_OK ? reply_of_row(arena, &row, ret, err) : status;
}

/* ---- what a person decides */

static enum status decide_load(struct txn *txn, const char *id, struct reply_row *ret, struct error *err)
{
    enum status status = reply_get(txn_snapshot(txn), id, ret, err);
    char key[ORG_KEY_MAX];
    if (status == ST_OK && (!id_parse(id, "rpl", key) || strcmp(key, txn_organisation(txn)) != 0))
        return error_set(err, ST_NOT_FOUND, "there is no reply %s", id);
    return status;
}

static enum status decide_write(
    struct txn *txn, const char *verb, struct reply_row *row, struct reply *ret, struct error *err)
{
    enum status status = reply_decide(txn, row, err);
    if (status != ST_OK)
        return status;
    keep_audit(txn, verb, row);
    return reply_of_row(txn_arena(txn), row, ret, err);
}

enum status reply_confirm(struct txn *txn, const char *id, struct reply *ret, struct error *err)
{
    struct reply_row row;
    struct incoming in = {.channel = REPLY_BY_MAIL};
    enum status status = decide_load(txn, id, &row, err);
    if (status == ST_OK && strcmp(row.state, reply_state_names[REPLY_UNVERIFIED]) != 0)
        return error_set(
            err, ST_CONFLICT, "the reply is %s: only one that is unverified is confirmed", row.state);
    if (status == ST_OK)
        status = reply_raw(txn_snapshot(txn), id, &in.raw, err);
    if (status != ST_OK)
        return status;
    status = reply_of_row(txn_arena(txn), &row, ret, err);
    if (status != ST_OK)
        return status;
    in.is_calendar = text_equal(ret->media_type, REPLY_CALENDAR);
    struct reply_case c = case_open(txn, reply_read(txn_arena(txn), &in));
    c.is.attendee = row.email;
    if (!c.reading->ical)
        return error_set(err, ST_INTERNAL, "the reply %s cannot be read again", id);
    status = case_judge(&c, true, err);
    row.state = reply_state_names[c.is.state];
    row.reason = c.is.reason;
    return status == ST_OK ? decide_write(txn, "reply.confirmed", &row, ret, err) : status;
}

enum status reply_dismiss(
    struct txn *txn, const char *id, const char *reason, struct reply *ret, struct error *err)
{
    struct reply_row row;
    enum status status = decide_load(txn, id, &row, err);
    if (status != ST_OK)
        return status;
    if (!strcmp(row.state, reply_state_names[REPLY_TAKEN]))
        return error_set(err, ST_CONFLICT, "the reply was taken: change the review instead");
    row.state = reply_state_names[REPLY_DISMISSED];
    row.reason = reason;
    return decide_write(txn, "reply.dismissed", &row, ret, err);
}
