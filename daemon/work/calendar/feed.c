/*
 * Calendar feeds: subscriptions made and withdrawn, and their calendars rendered from reviews and duties as
 * they are stored. Runs on lanes.
 */
#include "work/feed.h"

#include "base/text.h"
#include "base/zone.h"
#include "ical/write.h"
#include "own.h"
#include "store/audit.h"
#include "store/duty.h"
#include "store/employee.h"
#include "store/review.h"
#include "text/sentence.h"
#include "work/employee.h"
#include "work/organisation.h"

#include <stdlib.h>
#include <string.h>

enum { FEED_PAST_DAYS = 90, FEED_FUTURE_MONTHS = 18, FEED_CANCELLED_DAYS = 30, FEED_SECRET_BYTES = 24 };

struct feed_view {
    const struct snapshot *snapshot;
    const struct feed_row *feed;
    const struct organisation *organisation;
    const char *key;
    const char *domain;
    enum lang lang;
    date_t today, from, to;
    instant_t modified;
    struct buf *out;
};

/* ---- making and withdrawing */

enum status feed_create(struct txn *txn, struct feed_row *row, const char **ret_secret, struct error *err)
{
    bool whole = !strcmp(row->scope, "organisation");
    struct employee_row employee;
    if (whole && row->subject)
        return error_field(err, "/subject", "a feed of the organisation has no subject");
    if (!whole && !row->subject)
        return error_field(err, "/subject", "expected the id of an employee");
    enum status status = row->subject ? own_employee(txn, row->subject, "/subject", &employee, err) : ST_OK;
    if (status != ST_OK)
        return status;
    char *secret = secret_token(txn_arena(txn), "", FEED_SECRET_BYTES);
    struct sha256 hash = sha256(secret, strlen(secret));
    status = feed_add(txn, row, &hash, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "feed.created", row->id, arena_printf(txn_arena(txn), "{\"scope\":\"%s\"}", row->scope));
    *ret_secret = secret;
    return ST_OK;
}

enum status feed_withdraw(struct txn *txn, const char *id, struct error *err)
{
    enum status status = feed_revoke(txn, id, err);
    if (status == ST_OK)
        txn_audit(txn, "feed.revoked", id, NULL);
    return status;
}

enum status feed_of_secret(
    const struct snapshot *snapshot, const char *secret, struct feed_row *ret, struct error *err)
{
    struct sha256 hash = sha256(secret, strlen(secret));
    return feed_find(snapshot, &hash, ret, err);
}

/* ---- rendering */

static void feed_touch(struct feed_view *view, instant_t changed)
{
    if (changed > view->modified)
        view->modified = changed;
}

static const char *feed_title(const struct feed_view *view, bool annual)
{
    if (annual)
        return view->lang == LANG_FR ? "Entretien annuel d’évaluation" : "Annual review";
    if (view->lang != LANG_FR)
        return "Professional review";
    return view->organisation->policies && view->organisation->policies->title_older == 1
               ? "Entretien professionnel"
               : "Entretien de parcours professionnel";
}

static instant_t feed_later(instant_t one, instant_t other)
{
    return one > other ? one : other;
}

/* What is shown of a row is made of the organisation's words too, and " – Camille Roche" where names may be
 * shown: programs take a change only when LAST-MODIFIED rises (RFC 5545 3.8.7.3). */
static const char *feed_name(const struct feed_view *view, const char *employee, instant_t *modified)
{
    struct employee_row row;
    struct arena *arena = snapshot_arena(view->snapshot);
    *modified = feed_later(*modified, view->organisation->updated_at);
    if (!strcmp(view->feed->scope, "employee") || employee_get(view->snapshot, employee, &row, NULL) != ST_OK)
        return "";
    *modified = feed_later(*modified, row.updated_at);
    return arena_printf(arena, " – %s %s", row.given_name, row.family_name);
}

static bool feed_shows_state(const char *state)
{
    static const char *const hidden[] = {"draft", "no_show", "refused"};
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (!strcmp(state, hidden[i]))
            return false;
    return true;
}

static enum status feed_add_review(struct feed_view *view, const struct review_row *row, struct error *err)
{
    static const int alarms[] = {24 * 60, 60};
    struct arena *arena = snapshot_arena(view->snapshot);
    bool cancelled = !strcmp(row->state, "cancelled");
    bool old =
        zone_date(organisation_zone(view->organisation), row->updated_at) < view->today - FEED_CANCELLED_DAYS;
    if (row->starts_at == INSTANT_NONE || !feed_shows_state(row->state) || (cancelled && old))
        return ST_OK;
    instant_t modified = row->updated_at;
    const char *name = feed_name(view, row->employee, &modified);
    struct ical_event event = {.uid = row->uid,
        .sequence = row->sequence > 0 ? (unsigned)row->sequence : 0,
        .stamp = modified,
        .modified = modified,
        .start = row->starts_at,
        .end = row->ends_at,
        .day = DATE_NONE,
        .summary = arena_printf(arena, "%s%s", feed_title(view, !strcmp(row->type, "annual")), name),
        .location = row->location,
        .conference_url = row->conference_url,
        .cancelled = cancelled,
        .alarms = alarms,
        .alarm_count = cancelled ? 0 : sizeof(alarms) / sizeof(alarms[0])};
    return ical_feed_event(view->out, &event, err);
}

static bool feed_duty_open(const struct duty_row *duty)
{
    static const char *const open[] = {"upcoming", "to_plan", "overdue"};
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        if (!strcmp(duty->state, open[i]))
            return strcmp(duty->kind, "midcareer_visit") != 0;
    return false;
}

/* Minutes before the day begins: at nine in the morning, so many days before. */
#define FEED_DAYS_BEFORE(days) ((days)*24 * 60 - 9 * 60)

static enum status feed_add_duty(struct feed_view *view, const struct duty_row *duty, struct error *err)
{
    static const int alarms[] = {FEED_DAYS_BEFORE(30), FEED_DAYS_BEFORE(7)};
    struct arena *arena = snapshot_arena(view->snapshot);
    if (!feed_duty_open(duty))
        return ST_OK;
    instant_t modified = duty->changed_at;
    const char *name = feed_name(view, duty->employee, &modified);
    struct ical_event event = {.uid = arena_printf(arena, "%s@%s", duty->id, view->domain),
        .stamp = modified,
        .modified = modified,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .day = duty->due,
        .summary = arena_printf(arena,
            view->lang == LANG_FR ? "À planifier avant le %s : %s%s" : "To plan before %s: %s%s",
            sentence_date(arena, view->lang, duty->due), feed_title(view, false), name),
        .alarms = alarms,
        .alarm_count = sizeof(alarms) / sizeof(alarms[0])};
    return ical_feed_event(view->out, &event, err);
}

/* Runs through all pages of one list of reviews. */
static enum status feed_add_reviews(struct feed_view *view, struct review_filter filter, struct error *err)
{
    struct page page = {.limit = PAGE_MAX};
    enum status status = ST_OK;
    filter.from = view->from;
    filter.to = view->to;
    do {
        struct review_list list;
        status = review_list(view->snapshot, view->key, &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            status = feed_add_review(view, &list.items[i], err);
        page.cursor = status == ST_OK ? list.next : NULL;
    } while (page.cursor);
    return status;
}

static enum status feed_add_duties(struct feed_view *view, struct duty_filter filter, struct error *err)
{
    struct page page = {.limit = PAGE_MAX};
    enum status status = ST_OK;
    filter.due_after = view->from;
    filter.due_before = view->to;
    do {
        struct duty_list list;
        status = duty_list(view->snapshot, view->key, &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++)
            status = feed_add_duty(view, &list.items[i], err);
        page.cursor = status == ST_OK ? list.next : NULL;
    } while (page.cursor);
    return status;
}

static enum status feed_add_entries(struct feed_view *view, struct error *err)
{
    const struct feed_row *feed = view->feed;
    struct review_filter reviews = {0};
    struct duty_filter duties = {0};
    if (feed->subject && employee_has_left(view->snapshot, feed->subject))
        return ST_OK;
    if (!strcmp(feed->scope, "employee")) {
        reviews.employee = feed->subject;
        duties.employee = feed->subject;
    } else if (!strcmp(feed->scope, "manager")) {
        reviews.interviewer = feed->subject;
        duties.manager = feed->subject;
    }
    enum status status = feed_add_reviews(view, reviews, err);
    return status == ST_OK ? feed_add_duties(view, duties, err) : status;
}

static const char *feed_domain(const struct organisation *organisation)
{
    const char *at = organisation->organiser && organisation->organiser->email
                         ? strchr(organisation->organiser->email, '@')
                         : NULL;
    return at ? at + 1 : "entretiend.invalid";
}

static struct ical_feed feed_head(const struct feed_view *view)
{
    struct arena *arena = snapshot_arena(view->snapshot);
    const char *title = view->lang == LANG_FR ? "Entretiens" : "Reviews";
    return (struct ical_feed){.name = arena_printf(arena, "%s – %s", title, view->organisation->name),
        .color = "steelblue",
        .refresh_minutes = 60};
}

/* What leaves the calendar leaves no date in it: the last record of the chain tells when anything changed. */
static enum status feed_last_change(struct feed_view *view, struct error *err)
{
    const struct audit_filter filter = {.newest_first = true};
    const struct page page = {.limit = 1};
    struct audit_list records;
    enum status status = audit_list(view->snapshot, view->key, &filter, &page, &records, err);
    if (status == ST_OK && records.count > 0)
        feed_touch(view, records.items[0].at);
    return status;
}

static enum status feed_write(struct feed_view *view, bool revoked, struct error *err)
{
    struct ical_feed head = feed_head(view);
    enum status status = ical_feed_begin(view->out, &head, err);
    if (status == ST_OK && !revoked) {
        feed_touch(view, zone_instant(organisation_zone(view->organisation), view->today, 0));
        status = feed_last_change(view, err);
    }
    if (status == ST_OK && !revoked)
        status = feed_add_entries(view, err);
    ical_feed_end(view->out);
    return status;
}

enum status feed_render(
    const struct snapshot *snapshot, const struct feed_row *feed, struct feed_calendar *ret, struct error *err)
{
    struct organisation organisation;
    enum status status = organisation_view(snapshot, feed->organisation, &organisation, err);
    if (status != ST_OK)
        return status;
    const struct zone *zone = organisation_zone(&organisation);
    date_t today = organisation_today(&organisation, snapshot_now(snapshot));
    bool revoked = feed->revoked_at != INSTANT_NONE;
    *ret = (struct feed_calendar){
        .gone = revoked && zone_date(zone, feed->revoked_at) < today - FEED_CANCELLED_DAYS,
        .zone = zone,
        .day = today};
    buf_init(&ret->text, 0);
    struct feed_view view = {.snapshot = snapshot,
        .feed = feed,
        .organisation = &organisation,
        .key = feed->organisation,
        .domain = feed_domain(&organisation),
        .lang = (enum lang)organisation.locale,
        .today = today,
        .from = today - FEED_PAST_DAYS,
        .to = date_add(today, (struct period){.months = FEED_FUTURE_MONTHS}),
        .modified = revoked ? feed->revoked_at : feed->created_at,
        .out = &ret->text};
    status = feed_write(&view, revoked, err);
    ret->modified = view.modified;
    if (status != ST_OK)
        buf_free(&ret->text);
    return status;
}
