/*
 * Reviews into calendars: who is served by which, the entry as it will be put, what a server said of it. On a
 * write lane.
 */
#include "work.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "ical/busy.h"
#include "ical/read.h"
#include "ical/write.h"
#include "letter/outbox.h"
#include "work/delivery.h"

#include <string.h>
#include <strings.h>

bool calendar_holds(const char *store_url, const char *url)
{
    size_t size = strlen(store_url);
    while (size > 0 && store_url[size - 1] == '/')
        size--;
    return url && strncmp(store_url, url, size) == 0 && url[size] == '/' && !strstr(url, "/../");
}

/* ---- which calendar */

struct delivering {
    struct outbox_scene scene;
    const struct invitation_message *message;
    struct attendee_list attendees;
    const struct attendee_row *to; /* NULL: not on the list any more */
    struct calendar_row calendar;
    const char *recipient, *collection; /* collection NULL: HR's, wherever it is */
    bool scheduling;
};

static const struct attendee_row *deliver_attendee(const struct attendee_list *attendees, const char *email)
{
    for (size_t i = 0; i < attendees->count; i++)
        if (!strcasecmp(attendees->items[i].email, email))
            return &attendees->items[i];
    return NULL;
}

static const char *deliver_url(const struct delivering *d)
{
    const struct outbox_scene *scene = &d->scene;
    const char *email = d->message->email;
    if (scene->employee.email && !strcasecmp(scene->employee.email, email))
        return scene->employee.calendar_url;
    if (scene->has_interviewer && scene->interviewer.email && !strcasecmp(scene->interviewer.email, email))
        return scene->interviewer.calendar_url;
    return NULL;
}

/* One that is left alone, or that refuses us, serves nobody. */
static bool deliver_is_usable(const struct calendar_row *row)
{
    return !row->paused && !calendar_is_refused(row);
}

/* Scheduling server first, then the person's own calendar. */
static void deliver_choose(struct delivering *d, const struct calendar_list *calendars)
{
    const char *url = deliver_url(d);
    for (size_t i = 0; i < calendars->count && !d->scheduling; i++) {
        const struct calendar_row *row = &calendars->items[i];
        bool scheduling = text_equal(row->kind, calendar_kind_names[CALENDAR_SCHEDULING]);
        if (!deliver_is_usable(row) || (!scheduling && !calendar_holds(row->url, url)))
            continue;
        d->calendar = *row;
        d->scheduling = scheduling;
        d->recipient = scheduling ? d->scene.organiser.email : d->message->email;
        d->collection = scheduling ? NULL : url;
    }
}

/* A server that was found and answers: one that may not keeps nobody waiting who is mailed already. */
static bool deliver_is_well(const struct calendar_row *row)
{
    return row->failures == 0 && row->found_at != INSTANT_NONE;
}

/* Whoever was mailed the last version is mailed this one too, unless it is a new one that a calendar can take:
 * a cancellation follows what it cancels, what is sent again goes the way it went. */
static enum status deliver_mails(struct delivering *d, const char *email, bool *ret, struct error *err)
{
    const struct invitation_message *message = d->message;
    bool may_change = message->revises && message->method == ITIP_REQUEST && deliver_is_well(&d->calendar);
    bool mailed = false;
    enum status status = delivery_goes_by_mail(txn_snapshot(d->scene.txn), txn_organisation(d->scene.txn),
        d->scene.review.uid, email, message->revises ? message->sequence : message->sequence + 1, &mailed, err);
    *ret = mailed && !may_change;
    return status;
}

/* What is in another calendar is not doubled. */
static bool deliver_is_elsewhere(
    const struct delivering *d, const struct entry_list *entries, const char *email)
{
    bool elsewhere = false;
    for (size_t i = 0; i < entries->count; i++)
        elsewhere |= !strcasecmp(entries->items[i].recipient, email) && !d->scheduling &&
                     !text_equal(entries->items[i].calendar, d->calendar.id) &&
                     text_equal(entries->items[i].state, "live");
    return elsewhere;
}

/* HR's calendar shows every change of what is in it, whoever tells the people. */
static bool deliver_is_there(const struct delivering *d, const struct entry_list *entries)
{
    bool there = false;
    for (size_t i = 0; i < entries->count; i++)
        there |= d->scheduling && text_equal(entries->items[i].calendar, d->calendar.id) &&
                 !strcasecmp(entries->items[i].recipient, d->recipient) &&
                 text_equal(entries->items[i].state, "live");
    return there;
}

/* ---- the row */

static enum status deliver_people(struct delivering *d, struct ical_attendee **ret, struct error *err)
{
    struct ical_attendee *list = ARENA_ARRAY(d->scene.arena, d->attendees.count, struct ical_attendee);
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < d->attendees.count; i++) {
        const struct attendee_row *one = &d->attendees.items[i];
        list[i] = (struct ical_attendee){
            .person = {.name = one->name, .email = one->email}, .partstat = partstat_parse(one->partstat)};
        status = deliver_mails(d, one->email, &list[i].by_mail, err);
    }
    *ret = list;
    return status;
}

static enum status deliver_object(struct delivering *d, struct buf *out, struct error *err)
{
    struct outbox_scene *scene = &d->scene;
    const struct review_row *review = &scene->review;
    struct outbox_reader reader = outbox_reader_of(scene, &scene->employee);
    if (d->to && !text_equal(d->to->employee, scene->employee.id) && !d->scheduling && scene->has_interviewer)
        reader = outbox_reader_of(scene, &scene->interviewer);
    struct letter_values values = outbox_values(scene, &reader);
    struct outbox_mail mail = {.letter = reader.is_employee ? LETTER_INVITATION : LETTER_INVITATION_INTERVIEWER,
        .to = &reader,
        .values = &values};
    struct ical_attendee *list = NULL;
    enum status status = deliver_people(d, &list, err);
    if (status != ST_OK)
        return status;
    struct ical_event event = {.uid = review->uid,
        .sequence = (unsigned)d->message->sequence,
        .stamp = d->message->dtstamp,
        .modified = INSTANT_NONE,
        .start = review->starts_at,
        .end = review->ends_at,
        .day = DATE_NONE,
        .summary = outbox_title(scene, (enum lang)scene->organisation.locale),
        .description = outbox_letter(scene, &mail).text,
        .location = review->location,
        .conference_url = review->conference_url,
        .organiser = {.name = scene->organiser.name, .email = scene->organiser.email},
        .attendees = list,
        .attendee_count = d->attendees.count};
    return ical_write_copy(out, &event, !d->scheduling, err);
}

static const char *deliver_payload(const struct delivering *d, bool removes)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "calendar", d->calendar.id);
    jw_member(&w, "verb", removes ? "delete" : "put");
    if (d->collection)
        jw_member(&w, "collection", d->collection);
    jw_member(&w, "subject", outbox_title(&d->scene, (enum lang)d->scene.organisation.locale));
    jw_close(&w, '}');
    return arena_strndup(d->scene.arena, text.data, text.size);
}

/* One entry serves everybody on a scheduling server: the first message of a change makes its row. */
static enum status deliver_is_made(struct delivering *d, const char *kind, bool *ret, struct error *err)
{
    const struct delivery_filter filter = {.state = -1, .review = d->scene.review.id, .channel = "caldav"};
    const struct page page = {.limit = 4};
    struct delivery_list list;
    enum status status =
        delivery_list(txn_snapshot(d->scene.txn), txn_organisation(d->scene.txn), &filter, &page, &list, err);
    *ret = false;
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        *ret |= list.items[i].created_at == txn_now(d->scene.txn) &&
                list.items[i].sequence == d->message->sequence && text_equal(list.items[i].kind, kind) &&
                text_equal(list.items[i].recipient, d->recipient);
    return status;
}

static enum status deliver_add(struct delivering *d, struct error *err)
{
    struct outbox_scene *scene = &d->scene;
    bool removes = d->message->method == ITIP_CANCEL;
    const char *kind = removes ? "cancellation" : "invitation";
    bool made = false;
    BUF_AUTO object;
    buf_init(&object, 0);
    enum status status = d->scheduling ? deliver_is_made(d, kind, &made, err) : ST_OK;
    if (status == ST_OK && !made && !removes)
        status = deliver_object(d, &object, err);
    if (status != ST_OK || made)
        return status;
    struct delivery_row row = {
        .id = id_make(scene->arena, "dlv", txn_organisation(scene->txn), txn_now(scene->txn)),
        .channel = "caldav",
        .kind = kind,
        .employee = scene->employee.id,
        .review = scene->review.id,
        .recipient = d->recipient,
        .uid = scene->review.uid,
        .sequence = d->message->sequence,
        .due_at = INSTANT_NONE,
        .payload = deliver_payload(d, removes)};
    if (object.size)
        row.content = (struct span){arena_copy(scene->arena, object.data, object.size), object.size};
    return delivery_add(scene->txn, &row, err);
}

/* Somebody taken off the list of a scheduling server's entry learns it from the server, once the others' new
 * list is there. */
static bool deliver_is_implied(const struct delivering *d)
{
    return d->scheduling && d->message->removed;
}

enum status calendar_deliver(struct txn *txn, const char *review, const struct invitation_message *message,
    bool *ret_taken, struct error *err)
{
    struct delivering *d = ARENA_NEW(txn_arena(txn), struct delivering);
    struct calendar_list calendars;
    struct entry_list entries;
    *d = (struct delivering){.message = message};
    *ret_taken = false;
    enum status status = calendar_all(txn_snapshot(txn), txn_organisation(txn), &calendars, err);
    if (status != ST_OK || calendars.count == 0 || message->method == ITIP_NONE)
        return status;
    status = outbox_scene_review(txn, review, &d->scene, err);
    if (status == ST_OK)
        status = attendee_list(txn_snapshot(txn), review, &d->attendees, err);
    if (status == ST_OK)
        status = entry_of_review(txn_snapshot(txn), review, &entries, err);
    if (status != ST_OK || !d->scene.organiser.email)
        return status;
    deliver_choose(d, &calendars);
    if (!d->calendar.id)
        return ST_OK;
    d->to = deliver_attendee(&d->attendees, message->email);
    bool mails = false;
    status = deliver_mails(d, message->email, &mails, err);
    *ret_taken = !mails && !deliver_is_elsewhere(d, &entries, message->email);
    bool puts = *ret_taken ? !deliver_is_implied(d) : deliver_is_there(d, &entries);
    return status == ST_OK && puts ? deliver_add(d, err) : status;
}
