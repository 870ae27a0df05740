/*
 * Deliveries to calendars: what a claimed row asks for, and what became of it. On a write lane, but for
 * calendar_put_is_taken.
 */
#include "work.h"

#include "base/json.h"
#include "base/text.h"
#include "ical/busy.h"
#include "ical/read.h"
#include "work/delivery.h"

#include <string.h>

#define PUT_BUSY "busy: "
enum { PUT_WAIT_S = 60 };

static void put_copy_row(struct arena *arena, const struct delivery_row *from, struct delivery_row *ret)
{
    *ret = (struct delivery_row){.id = arena_strdup(arena, from->id),
        .kind = arena_strdup(arena, from->kind),
        .review = arena_strdup(arena, from->review),
        .recipient = arena_strdup(arena, from->recipient),
        .uid = arena_strdup(arena, from->uid),
        .sequence = from->sequence,
        .attempts = from->attempts,
        .last_error = arena_strdup(arena, from->last_error),
        .content = {arena_copy(arena, from->content.data, from->content.size), from->content.size}};
}

static const char *put_member(const struct json *payload, const char *name)
{
    const char *text = json_text(json_get(payload, name));
    return text ? text : "";
}

/* Where a new entry goes. */
static const char *put_href(struct arena *arena, const char *collection, const char *review)
{
    size_t size = strlen(collection);
    bool slash = size > 0 && collection[size - 1] == '/';
    return arena_printf(arena, "%s%s%s.ics", collection, slash ? "" : "/", review);
}

static enum status put_load_entry(struct txn *txn, struct arena *arena, const struct json *payload,
    struct calendar_put *put, struct error *err)
{
    struct error why = ERROR_INIT;
    struct entry_row entry;
    const char *own = put_member(payload, "collection");
    const char *collection = own[0] ? own : put->calendar.collection;
    enum status status =
        entry_get(txn_snapshot(txn), txn_organisation(txn), put->row.uid, put->row.recipient, &entry, &why);
    bool ours = status == ST_OK && text_equal(entry.calendar, put->calendar.id);
    if (ours && text_equal(entry.state, "live")) {
        put->has_entry = true;
        put->entry = entry;
        put->entry.href = arena_strdup(arena, entry.href);
        put->entry.etag = arena_strdup(arena, entry.etag);
        put->entry.schedule_tag = arena_strdup(arena, entry.schedule_tag);
        put->entry.people = arena_strdup(arena, entry.people);
        return ST_OK;
    }
    if (status != ST_OK && status != ST_NOT_FOUND)
        return error_set(err, status, "%s", why.detail);
    put->entry.href = collection ? put_href(arena, collection, put->row.review) : "";
    return ST_OK;
}

static enum status put_load_people(
    struct txn *txn, struct arena *arena, struct calendar_put *put, struct error *err)
{
    struct review_row review;
    struct organisation organisation;
    struct attendee_list attendees;
    const struct snapshot *snapshot = txn_snapshot(txn);
    enum status status = review_get(snapshot, put->row.review, &review, err);
    if (status == ST_OK)
        status = attendee_list(snapshot, put->row.review, &attendees, err);
    if (status == ST_OK)
        status = organisation_view(snapshot, txn_organisation(txn), &organisation, err);
    if (status != ST_OK)
        return status;
    const char **people = ARENA_ARRAY(arena, attendees.count, const char *);
    for (size_t i = 0; i < attendees.count; i++)
        people[i] = arena_strdup(arena, attendees.items[i].email);
    put->people = people;
    put->people_count = attendees.count;
    put->zone = organisation_zone(&organisation);
    put->start = review.starts_at;
    put->end = review.ends_at;
    put->organiser = organisation.organiser ? arena_strdup(arena, organisation.organiser->email) : NULL;
    bool insists = put->row.last_error && !strncmp(put->row.last_error, PUT_BUSY, strlen(PUT_BUSY));
    bool moved = !put->has_entry || put->entry.starts_at != put->start || put->entry.ends_at != put->end;
    put->asks = !put->removes && !insists && moved && put->start != INSTANT_NONE;
    return ST_OK;
}

static void put_judge(struct calendar_put *put, instant_t now)
{
    if (put->calendar.paused) {
        put->hopeless = "the calendar is paused";
    } else if (calendar_is_refused(&put->calendar)) {
        put->hopeless = put->calendar.last_error;
    } else if (put->calendar.failures > 0 && put->calendar.next_at > now) {
        put->waits = put->calendar.last_error ? put->calendar.last_error : "the calendar does not answer";
        put->wait_until = put->calendar.next_at;
    } else if (!put->has_entry && !put->entry.href[0] && !put->removes) {
        put->waits = "the calendar is not found yet";
        put->wait_until = now + PUT_WAIT_S * US_PER_SEC;
    }
}

enum status calendar_put_load(struct txn *txn, struct arena *arena, const struct delivery_row *row,
    struct calendar_put *ret, struct error *err)
{
    struct calendar_put put = {.wait_until = INSTANT_NONE};
    struct calendar_row calendar;
    struct error why = ERROR_INIT;
    const struct json *payload = NULL;
    put_copy_row(arena, row, &put.row);
    enum status status = json_parse(arena, row->payload, strlen(row->payload), &payload, err);
    if (status != ST_OK)
        return status;
    put.removes = text_equal(put_member(payload, "verb"), "delete");
    put.scheduling = !put_member(payload, "collection")[0];
    status = calendar_load(txn_snapshot(txn), put_member(payload, "calendar"), &calendar, &why);
    if (status == ST_NOT_FOUND) {
        put.hopeless = "its calendar is no longer configured";
        *ret = put;
        return ST_OK;
    }
    if (status == ST_OK)
        status = calendar_open(txn, arena, &calendar, &put.calendar, &put.password, &why);
    if (status != ST_OK)
        return error_set(err, status, "%s", why.detail);
    status = put_load_entry(txn, arena, payload, &put, err);
    if (status == ST_OK)
        status = put_load_people(txn, arena, &put, err);
    if (status != ST_OK) {
        secret_free(put.password);
        return status;
    }
    put_judge(&put, txn_now(txn));
    *ret = put;
    return ST_OK;
}

/* ---- the time is looked at again */

enum status calendar_put_ask(const struct calendar_put *put, instant_t now, struct buf *out, struct error *err)
{
    struct ical_question question = {.uid = put->row.id,
        .stamp = now,
        .from = put->start,
        .to = put->end,
        .organiser = put->organiser,
        .attendees = put->people,
        .attendee_count = put->people_count};
    return ical_write_question(out, &question, err);
}

/* The entry that is being moved is not in its own way. */
bool calendar_put_is_taken(
    struct arena *arena, const struct calendar_put *put, const struct calendar_busy *busy)
{
    struct ical_periods periods;
    const struct ical_window window = {.from = put->start, .to = put->end, .zone = put->zone};
    if (calendar_busy_read(arena, busy, &window, &periods, NULL) != ST_OK)
        return false;
    for (size_t i = 0; i < periods.count; i++) {
        const struct ical_period *period = &periods.items[i];
        bool own = put->has_entry && period->start >= put->entry.starts_at && period->end <= put->entry.ends_at;
        if (!own && period->start < put->end && put->start < period->end)
            return true;
    }
    return false;
}

enum status calendar_visit_ask(
    const struct calendar_visit *visit, struct buf *out, struct arena *arena, struct error *err)
{
    const char **people = ARENA_ARRAY(arena, visit->people.count, const char *);
    for (size_t i = 0; i < visit->people.count; i++)
        people[i] = visit->people.items[i].email;
    struct ical_question question = {
        .uid = arena_printf(arena, "%s-%lld", visit->calendar.id, (long long)visit->now),
        .stamp = visit->now,
        .from = visit->busy_from,
        .to = visit->busy_to,
        .organiser = visit->calendar.address,
        .attendees = people,
        .attendee_count = visit->people.count};
    return ical_write_question(out, &question, err);
}

/* ---- the end */

/* What the server shows; of a store, what was put. */
static const char *put_people(struct txn *txn, const struct calendar_result *result, const struct zone *zone)
{
    const struct ical_message *message = NULL;
    if (!result->data ||
        ical_read(txn_arena(txn), result->data, strlen(result->data), zone, &message, NULL) != ST_OK)
        return NULL;
    return calendar_people_text(txn_arena(txn), message);
}

/* One entry on a scheduling server is everybody's whom it could tell. */
static enum status put_mark_sent(
    struct txn *txn, const struct calendar_put *put, const struct entry_row *entry, struct error *err)
{
    struct attendee_list attendees;
    const struct calendar_people people = calendar_people_read(txn_arena(txn), entry->people);
    enum status status = attendee_list(txn_snapshot(txn), put->row.review, &attendees, err);
    for (size_t i = 0; status == ST_OK && put->scheduling && i < attendees.count; i++) {
        const char *email = attendees.items[i].email;
        const struct calendar_person *named = calendar_people_find(&people, email);
        bool mailed = false;
        status = delivery_goes_by_mail(
            txn_snapshot(txn), txn_organisation(txn), put->row.uid, email, put->row.sequence + 1, &mailed, err);
        if (status == ST_OK && !mailed && !(named && calendar_missed(named->status)))
            status = attendee_mark_sent(txn, put->row.review, email, put->row.sequence, err);
    }
    return status;
}

static enum status put_settle_entry(
    struct txn *txn, const struct calendar_put *put, const struct calendar_result *result, struct error *err)
{
    struct organisation organisation;
    enum status status = organisation_view(txn_snapshot(txn), txn_organisation(txn), &organisation, err);
    if (status != ST_OK)
        return status;
    struct entry_row entry = {.uid = put->row.uid,
        .recipient = put->row.recipient,
        .review = put->row.review,
        .calendar = put->calendar.id,
        .href = put->entry.href,
        .etag = result->etag,
        .schedule_tag = result->schedule_tag,
        .sequence = put->row.sequence,
        .starts_at = put->start != INSTANT_NONE ? put->start : 0,
        .ends_at = put->end != INSTANT_NONE ? put->end : 0,
        .state = put->removes ? "gone" : "live",
        .people = put_people(txn, result, organisation_zone(&organisation)),
        .looked_at = txn_now(txn)};
    status = entry_put(txn, &entry, err);
    if (status == ST_OK)
        status = put_mark_sent(txn, put, &entry, err);
    /* What the former version could not do is no excuse: each is told anew. */
    return status == ST_OK ? calendar_mail_missed(txn, &entry, NULL, err) : status;
}

static enum status put_settle_calendar(
    struct txn *txn, const struct calendar_put *put, const struct calendar_result *result, struct error *err)
{
    struct calendar_row row;
    bool lost = result->collection_gone && put->scheduling;
    if (!result->server_failed && !result->changed_by_hand && !lost)
        return ST_OK;
    enum status status = calendar_load(txn_snapshot(txn), put->calendar.id, &row, err);
    if (status != ST_OK)
        return status;
    instant_t now = txn_now(txn);
    if (lost) {
        row.collection = NULL;
        row.found_at = INSTANT_NONE;
        row.next_at = now;
    } else if (result->changed_by_hand) {
        row.next_at = now;
    } else if (row.failures == 0 || row.next_at <= now) {
        /* Several deliveries that fail together are one failure. */
        row.failures++;
        row.last_error = result->why;
        row.next_at = calendar_back_off(&row, now);
    }
    return calendar_note(txn, &row, err);
}

/* Why nothing is taken from the person whose time it is: that is for somebody to decide. */
static bool put_is_busy(const struct calendar_result *result)
{
    return result->why && !strncmp(result->why, PUT_BUSY, strlen(PUT_BUSY));
}

enum status calendar_put_settle(struct txn *txn, const char *owner, const struct calendar_put *put,
    const struct calendar_result *result, struct error *err)
{
    struct delivery_end end = {.id = put->row.id,
        .outcome = (enum delivery_outcome)result->outcome,
        .why = result->why,
        .next_at = txn_now(txn) + result->delay};
    bool given_up = result->outcome == DELIVERY_GIVEN_UP;
    if (put->waits)
        end.next_at = put->wait_until;
    if (given_up && !put_is_busy(result))
        end.outcome = DELIVERY_REPLACED;
    enum status status = delivery_settle(txn, owner, &end, err);
    if (status == ST_OK && result->outcome == DELIVERY_SENT)
        status = put_settle_entry(txn, put, result, err);
    if (status == ST_OK && put->calendar.id)
        status = put_settle_calendar(txn, put, result, err);
    if (status == ST_OK && end.outcome == DELIVERY_REPLACED)
        status = calendar_mail_instead(txn, put, result->why, err);
    if (status == ST_OK && end.outcome == DELIVERY_GIVEN_UP)
        status = delivery_notices(txn, put->row.review, REVIEW_NOTICE_HR, err);
    return status;
}
