/*
 * Visits: what there is to look at on a server, and what becomes of what was seen. On a write lane.
 */
#include "work.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "ical/busy.h"
#include "ical/read.h"
#include "work/delivery.h"
#include "work/review.h"

#include <string.h>
#include <strings.h>

/* ---- the claim */

static struct calendar_row visit_copy(struct arena *arena, const struct calendar_row *row)
{
    struct calendar_row copy = *row;
    copy.id = arena_strdup(arena, row->id);
    copy.kind = arena_strdup(arena, row->kind);
    copy.name = arena_strdup(arena, row->name);
    copy.url = arena_strdup(arena, row->url);
    copy.user = arena_strdup(arena, row->user);
    copy.password = NULL;
    copy.collection = arena_strdup(arena, row->collection);
    copy.outbox = arena_strdup(arena, row->outbox);
    copy.address = arena_strdup(arena, row->address);
    copy.last_error = arena_strdup(arena, row->last_error);
    return copy;
}

enum status calendar_open(struct txn *txn, struct arena *arena, const struct calendar_row *row,
    struct calendar_row *ret, struct secret **ret_password, struct error *err)
{
    *ret = visit_copy(arena, row);
    *ret_password = NULL;
    if (!row->password)
        return ST_OK;
    const char *context = arena_printf(arena, "calendars/%s/password", row->id);
    return unseal(txn_keyring(txn), context, row->password, ret_password, err);
}

static void visit_copy_entries(struct arena *arena, const struct entry_list *from, struct entry_list *ret)
{
    struct entry_row *items = ARENA_ARRAY(arena, from->count, struct entry_row);
    for (size_t i = 0; i < from->count; i++) {
        items[i] = from->items[i];
        items[i].uid = arena_strdup(arena, from->items[i].uid);
        items[i].recipient = arena_strdup(arena, from->items[i].recipient);
        items[i].review = arena_strdup(arena, from->items[i].review);
        items[i].calendar = arena_strdup(arena, from->items[i].calendar);
        items[i].href = arena_strdup(arena, from->items[i].href);
        items[i].etag = arena_strdup(arena, from->items[i].etag);
        items[i].schedule_tag = arena_strdup(arena, from->items[i].schedule_tag);
        items[i].state = arena_strdup(arena, from->items[i].state);
        items[i].people = arena_strdup(arena, from->items[i].people);
    }
    *ret = (struct entry_list){.items = items, .count = from->count};
}

static void visit_copy_people(struct arena *arena, const struct calendar_row *calendar,
    const struct busy_people *from, struct busy_people *ret)
{
    struct busy_person *items = ARENA_ARRAY(arena, from->count, struct busy_person);
    size_t count = 0;
    bool store = text_equal(calendar->kind, calendar_kind_names[CALENDAR_STORE]);
    for (size_t i = 0; i < from->count; i++) {
        if (store && !calendar_holds(calendar->url, from->items[i].calendar_url))
            continue;
        items[count++] = (struct busy_person){.employee = arena_strdup(arena, from->items[i].employee),
            .email = arena_strdup(arena, from->items[i].email),
            .calendar_url = arena_strdup(arena, from->items[i].calendar_url)};
    }
    *ret = (struct busy_people){.items = items, .count = count};
}

static enum status visit_fill(
    struct txn *txn, struct arena *arena, struct calendar_visit *visit, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(txn);
    struct organisation organisation;
    struct entry_list entries;
    struct busy_people people;
    bool store = text_equal(visit->calendar.kind, calendar_kind_names[CALENDAR_STORE]);
    enum status status = organisation_view(snapshot, txn_organisation(txn), &organisation, err);
    if (status == ST_OK)
        status = entry_to_look_at(snapshot, visit->calendar.id, CALENDAR_VISIT_ENTRIES, &entries, err);
    if (status == ST_OK)
        status = busy_needed(snapshot, txn_organisation(txn), visit->now - CALENDAR_BUSY_AGE_S * US_PER_SEC,
            store, CALENDAR_VISIT_PEOPLE, &people, err);
    if (status != ST_OK)
        return status;
    while (entries.count > 0 &&
           entries.items[entries.count - 1].looked_at > visit->now - CALENDAR_ENTRY_AGE_S * US_PER_SEC)
        entries.count--;
    visit_copy_entries(arena, &entries, &visit->entries);
    visit_copy_people(arena, &visit->calendar, &people, &visit->people);
    visit->zone = organisation_zone(&organisation);
    if (organisation.organiser)
        visit->organiser = arena_strdup(arena, organisation.organiser->email);
    return ST_OK;
}

static const struct calendar_row *visit_due(const struct calendar_list *list, instant_t now)
{
    const struct calendar_row *due = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct calendar_row *row = &list->items[i];
        if (!row->paused && row->next_at <= now && (!due || row->next_at < due->next_at))
            due = row;
    }
    return due;
}

enum status calendar_visit_claim(
    struct txn *txn, struct arena *arena, struct calendar_visit *ret, bool *ret_any, struct error *err)
{
    struct calendar_list list;
    enum status status = calendar_all(txn_snapshot(txn), txn_organisation(txn), &list, err);
    *ret_any = false;
    *ret = (struct calendar_visit){.now = txn_now(txn)};
    if (status != ST_OK)
        return status;
    const struct calendar_row *due = visit_due(&list, ret->now);
    if (!due)
        return ST_OK;
    struct calendar_row leased = *due;
    leased.next_at = ret->now + CALENDAR_LEASE_S * US_PER_SEC;
    ret->busy_from = ret->now - ret->now % US_PER_DAY;
    ret->busy_to = ret->busy_from + CALENDAR_BUSY_DAYS * US_PER_DAY;
    status = calendar_note(txn, &leased, err);
    if (status == ST_OK)
        status = calendar_open(txn, arena, due, &ret->calendar, &ret->password, err);
    if (status == ST_OK)
        status = visit_fill(txn, arena, ret, err);
    if (status != ST_OK) {
        secret_free(ret->password);
        ret->password = NULL;
    }
    *ret_any = status == ST_OK;
    return status;
}

enum status calendar_wake(struct txn *txn, bool *ret_any, struct error *err)
{
    struct calendar_list list;
    instant_t now = txn_now(txn);
    *ret_any = false;
    enum status status = calendar_all(txn_snapshot(txn), txn_organisation(txn), &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        struct calendar_row row = list.items[i];
        bool resting = !row.paused && row.visited_at != INSTANT_NONE &&
                       row.next_at == row.visited_at + CALENDAR_REST_S * US_PER_SEC;
        row.next_at = now;
        *ret_any |= resting;
        if (resting)
            status = calendar_note(txn, &row, err);
    }
    return status;
}

/* ---- what was noticed by hand */

struct noticing {
    struct txn *txn;
    const struct calendar_visit *visit;
    const struct entry_row *entry;
    struct review_row review;
    struct attendee_list attendees;
    const char *people; /* as the entry shows them now, NULL: it was not read */
};

static void notice_audit(
    const struct noticing *n, const char *what, const struct itip_received *received, const char *verdict)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "calendar", n->visit->calendar.id);
    jw_member(&w, "what", what);
    jw_member(&w, "attendee", received->email);
    if (received->start != INSTANT_NONE)
        jw_member_instant(&w, "start", received->start);
    jw_member(&w, "verdict", verdict);
    jw_close(&w, '}');
    txn_audit(n->txn, "calendar.noticed", n->entry->review, text.data);
}

/* What HR's own calendar shows is taken as said by the interviewer, else by the employee: somebody decides. */
static const char *notice_whose(const struct noticing *n)
{
    for (size_t i = 0; i < n->attendees.count; i++)
        if (text_equal(n->attendees.items[i].email, n->entry->recipient))
            return n->entry->recipient;
    for (size_t i = 0; i < n->attendees.count; i++)
        if (text_equal(n->attendees.items[i].role, "interviewer"))
            return n->attendees.items[i].email;
    return n->attendees.count ? n->attendees.items[0].email : n->entry->recipient;
}

static enum status notice_answer(
    struct noticing *n, const char *what, struct itip_received received, struct error *err)
{
    struct itip_outcome outcome;
    received.uid = n->entry->uid;
    received.sequence = (int)n->review.sequence;
    received.dtstamp = txn_now(n->txn);
    received.verified = true;
    enum status status = review_receive(n->txn, &received, &outcome, err);
    if (status == ST_OK)
        notice_audit(n, what, &received, itip_verdict_name(outcome.verdict));
    return status;
}

static enum status notice_gone(struct noticing *n, struct error *err)
{
    return notice_answer(n, "deleted",
        (struct itip_received){.method = ITIP_REPLY,
            .email = notice_whose(n),
            .partstat = PARTSTAT_DECLINED,
            .start = INSTANT_NONE,
            .end = INSTANT_NONE},
        err);
}

static struct busy_period notice_time(const struct noticing *n, const struct ical_message *message)
{
    struct busy_period time = {message->start, message->end};
    if (time.end == INSTANT_NONE || time.end <= time.start)
        time.end = time.start + (n->entry->ends_at - n->entry->starts_at);
    return time;
}

/* Another time than ours, which nobody has noticed yet. */
static bool notice_is_moved(const struct noticing *n, const struct ical_message *message)
{
    struct busy_period time = notice_time(n, message);
    bool moved =
        message->start != INSTANT_NONE && (time.start != n->entry->starts_at || time.end != n->entry->ends_at);
    for (size_t i = 0; i < n->attendees.count; i++) {
        const struct attendee_row *one = &n->attendees.items[i];
        moved &= !(one->countered && !strcasecmp(one->email, notice_whose(n)) &&
                   one->answer_start == time.start && one->answer_end == time.end);
    }
    return moved;
}

static enum status notice_moved(struct noticing *n, const struct ical_message *message, struct error *err)
{
    struct busy_period time = notice_time(n, message);
    return notice_answer(n, "moved",
        (struct itip_received){.method = ITIP_COUNTER,
            .email = notice_whose(n),
            .partstat = PARTSTAT_TENTATIVE,
            .start = time.start,
            .end = time.end},
        err);
}

/* Whoever is mailed answers elsewhere; what an entry showed before is no answer. */
static enum status notice_is_answer(const struct noticing *n, const struct attendee_row *known,
    const struct ical_read_attendee *seen, bool *ret, struct error *err)
{
    const struct calendar_people people = calendar_people_read(txn_arena(n->txn), n->entry->people);
    const struct calendar_person *was = calendar_people_find(&people, known->email);
    bool mailed = false;
    enum status status = delivery_goes_by_mail(txn_snapshot(n->txn), txn_organisation(n->txn), n->entry->uid,
        known->email, DELIVERY_ANY_VERSION, &mailed, err);
    *ret = !mailed && seen->partstat != PARTSTAT_NEEDS_ACTION && !(was && was->partstat == seen->partstat) &&
           seen->partstat != partstat_parse(known->partstat);
    return status;
}

/* On HR's calendar the server writes the answers of all; on somebody's own, only that person's counts. */
static enum status notice_answer_of(
    struct noticing *n, const struct attendee_row *known, const struct ical_message *message, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < message->attendee_count; i++) {
        const struct ical_read_attendee *seen = &message->attendees[i];
        bool answers = false;
        if (strcasecmp(seen->email, known->email) != 0)
            continue;
        status = notice_is_answer(n, known, seen, &answers, err);
        if (status == ST_OK && answers)
            status = notice_answer(n, "answered",
                (struct itip_received){.method = ITIP_REPLY,
                    .email = known->email,
                    .partstat = (int)seen->partstat,
                    .start = INSTANT_NONE,
                    .end = INSTANT_NONE},
                err);
    }
    return status;
}

static enum status notice_answers(struct noticing *n, const struct ical_message *message, struct error *err)
{
    bool own = text_equal(notice_whose(n), n->entry->recipient);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < n->attendees.count; i++) {
        const struct attendee_row *known = &n->attendees.items[i];
        if (!own || !strcasecmp(known->email, n->entry->recipient))
            status = notice_answer_of(n, known, message, err);
    }
    return status;
}

static enum status notice_changed(struct noticing *n, const struct calendar_seen *seen, struct error *err)
{
    const struct ical_message *message = NULL;
    struct organisation organisation;
    struct error why = ERROR_INIT;
    enum status status = organisation_view(txn_snapshot(n->txn), txn_organisation(n->txn), &organisation, err);
    if (status != ST_OK)
        return status;
    status = ical_read(
        txn_arena(n->txn), seen->data, strlen(seen->data), organisation_zone(&organisation), &message, &why);
    if (status != ST_OK || !text_equal(message->uid, n->entry->uid)) {
        const struct itip_received nobody = {.email = n->entry->recipient, .start = INSTANT_NONE};
        notice_audit(n, "unreadable", &nobody, status == ST_OK ? "another event" : why.detail);
        return ST_OK;
    }
    n->people = calendar_people_text(txn_arena(n->txn), message);
    if (message->cancelled)
        return notice_gone(n, err);
    status = notice_answers(n, message, err);
    return status == ST_OK && notice_is_moved(n, message) ? notice_moved(n, message, err) : status;
}

static enum status notice_one(struct noticing *n, const struct calendar_seen *seen, struct error *err)
{
    struct entry_row entry = *n->entry;
    const struct snapshot *snapshot = txn_snapshot(n->txn);
    enum status status = review_get(snapshot, entry.review, &n->review, err);
    if (status == ST_OK)
        status = attendee_list(snapshot, entry.review, &n->attendees, err);
    /* What a delivery has put there since the visit began is not what was looked at. */
    struct entry_row now;
    if (status == ST_OK)
        status = entry_get(snapshot, txn_organisation(n->txn), entry.uid, entry.recipient, &now, err);
    if (status != ST_OK)
        return status;
    if (now.sequence != entry.sequence || !text_equal(now.etag, entry.etag))
        return ST_OK;
    if (seen->gone)
        status = notice_gone(n, err);
    else if (!text_equal(seen->etag, entry.etag) && seen->data)
        status = notice_changed(n, seen, err);
    if (status != ST_OK)
        return status;
    entry.looked_at = n->visit->now;
    entry.state = seen->gone ? "gone" : "live";
    entry.etag = seen->gone ? NULL : seen->etag;
    entry.schedule_tag = seen->gone ? NULL : seen->schedule_tag;
    if (n->people)
        entry.people = n->people;
    status = entry_put(n->txn, &entry, err);
    return status == ST_OK && n->people ? calendar_mail_missed(n->txn, &entry, n->entry->people, err) : status;
}

/* ---- busy times */

enum status calendar_busy_read(struct arena *arena, const struct calendar_busy *busy,
    const struct ical_window *window, struct ical_periods *ret, struct error *err)
{
    if (!busy->data)
        return error_set(err, ST_INVALID, "nothing is said of this person");
    size_t size = strlen(busy->data);
    return busy->events ? ical_read_events(arena, busy->data, size, window, ret, err)
                        : ical_read_busy(arena, busy->data, size, ret, err);
}

static enum status busy_note(struct txn *txn, const struct calendar_visit *visit,
    const struct busy_person *person, const struct calendar_busy *found, struct error *err)
{
    struct ical_periods periods = {0};
    struct error why = ERROR_INIT;
    struct busy_view_row view = {.employee = person->employee,
        .from = INSTANT_NONE,
        .to = INSTANT_NONE,
        .as_of = INSTANT_NONE,
        .tried_at = visit->now,
        .last_error = found->problem};
    const struct ical_window window = {.from = visit->busy_from, .to = visit->busy_to, .zone = visit->zone};
    bool known = found->known && calendar_busy_read(txn_arena(txn), found, &window, &periods, &why) == ST_OK;
    if (found->known && !known)
        view.last_error = why.detail;
    if (known) {
        view.from = visit->busy_from;
        view.to = visit->busy_to;
        view.as_of = visit->now;
        view.last_error = NULL;
    }
    struct busy_period *rows = ARENA_ARRAY(txn_arena(txn), periods.count, struct busy_period);
    for (size_t i = 0; i < periods.count; i++)
        rows[i] = (struct busy_period){periods.items[i].start, periods.items[i].end};
    return busy_put(txn, &view, rows, periods.count, err);
}

/* ---- the end */

instant_t calendar_back_off(const struct calendar_row *row, instant_t now)
{
    int64_t minutes = row->failures < 8 ? INT64_C(1) << row->failures : 240;
    return now + minutes * 60 * US_PER_SEC;
}

static enum status visit_end(
    struct txn *txn, const struct calendar_visit *visit, const struct calendar_found *found, struct error *err)
{
    struct calendar_row row = visit->calendar;
    bool more = visit->people.count == CALENDAR_VISIT_PEOPLE || visit->entries.count == CALENDAR_VISIT_ENTRIES;
    if (found->ok) {
        row.failures = 0;
        row.last_error = found->trouble;
        row.visited_at = visit->now;
        row.next_at = more ? visit->now : visit->now + CALENDAR_REST_S * US_PER_SEC;
        if (row.found_at == INSTANT_NONE) {
            row.found_at = visit->now;
            txn_audit(txn, "calendar.found", row.id, NULL);
        }
        if (found->lost) {
            row.collection = NULL;
            row.found_at = INSTANT_NONE;
        }
    } else {
        row.failures++;
        row.last_error = found->problem;
        row.next_at = calendar_back_off(&row, visit->now);
    }
    return calendar_note(txn, &row, err);
}

enum status calendar_visit_settle(
    struct txn *txn, const struct calendar_visit *visit, const struct calendar_found *found, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && found->entries && i < visit->entries.count; i++) {
        struct noticing n = {.txn = txn, .visit = visit, .entry = &visit->entries.items[i]};
        if (found->entries[i].known)
            status = notice_one(&n, &found->entries[i], err);
    }
    for (size_t i = 0; status == ST_OK && found->people && i < visit->people.count; i++)
        status = busy_note(txn, visit, &visit->people.items[i], &found->people[i], err);
    return status == ST_OK ? visit_end(txn, visit, found, err) : status;
}
