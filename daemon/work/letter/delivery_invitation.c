/*
 * Invitations: the calendar object, the letter around it, and one row of the outbox for each person written to.
 * On a lane.
 */
#include "outbox.h"

#include "base/text.h"
#include "ical/write.h"
#include "store/reminder.h"
#include "work/calendar.h"
#include "work/delivery.h"

#include <string.h>
#include <strings.h>

/* One message while it is made. */
struct invitation_work {
    struct outbox_scene scene;
    const struct invitation_message *message;
    struct attendee_list attendees;
    const struct attendee_row *to; /* NULL: not on the list any more */
    struct outbox_reader reader;
};

static const struct attendee_row *invitation_attendee(const struct attendee_list *attendees, const char *email)
{
    for (size_t i = 0; i < attendees->count; i++)
        if (!strcasecmp(attendees->items[i].email, email))
            return &attendees->items[i];
    return NULL;
}

/* By the address on the list, which the calendar object names too. */
static struct outbox_reader invitation_reader(const struct invitation_work *work)
{
    const struct outbox_scene *scene = &work->scene;
    struct outbox_reader reader = {.lang = (enum lang)scene->organisation.locale};
    if (work->to && text_equal(work->to->employee, scene->employee.id))
        reader = outbox_reader_of(scene, &scene->employee);
    else if (work->to && scene->has_interviewer && text_equal(work->to->employee, scene->interviewer.id))
        reader = outbox_reader_of(scene, &scene->interviewer);
    else if (work->to)
        reader.name = work->to->name;
    reader.email = work->to ? work->to->email : work->message->email;
    return reader;
}

static enum letter invitation_letter(const struct invitation_work *work)
{
    int64_t sent = work->to ? work->to->sent : -1;
    if (work->message->method == ITIP_CANCEL)
        return LETTER_CANCELLATION;
    if (work->message->method == ITIP_DECLINECOUNTER)
        return LETTER_COUNTER_DECLINED;
    if (sent >= 0 && sent < work->message->sequence)
        return LETTER_UPDATE;
    return work->reader.is_employee ? LETTER_INVITATION : LETTER_INVITATION_INTERVIEWER;
}

static const char *const invitation_kinds[LETTER_COUNT] = {[LETTER_INVITATION] = "invitation",
    [LETTER_INVITATION_INTERVIEWER] = "invitation",
    [LETTER_UPDATE] = "invitation",
    [LETTER_CANCELLATION] = "cancellation",
    [LETTER_COUNTER_DECLINED] = "counter_declined"};

/* Everybody on the list, or only the one who is taken off it. */
static void invitation_list(const struct invitation_work *work, struct ical_event *event)
{
    bool alone = work->message->removed || !work->to;
    size_t count = alone ? 1 : work->attendees.count;
    struct ical_attendee *list = ARENA_ARRAY(work->scene.arena, count, struct ical_attendee);
    for (size_t i = 0; !alone && i < count; i++) {
        const struct attendee_row *row = &work->attendees.items[i];
        list[i] = (struct ical_attendee){
            .person = {.name = row->name, .email = row->email}, .partstat = partstat_parse(row->partstat)};
    }
    if (alone)
        list[0] = (struct ical_attendee){.person = {.name = work->reader.name, .email = work->reader.email}};
    event->attendees = list;
    event->attendee_count = count;
}

static enum status invitation_calendar(
    const struct invitation_work *work, const char *description, struct buf *out, struct error *err)
{
    const struct outbox_scene *scene = &work->scene;
    const struct review_row *review = &scene->review;
    struct ical_event event = {.uid = review->uid,
        .sequence = (unsigned)work->message->sequence,
        .stamp = work->message->dtstamp,
        .modified = INSTANT_NONE,
        .start = review->starts_at,
        .end = review->ends_at,
        .day = DATE_NONE,
        .summary = outbox_title(scene, (enum lang)scene->organisation.locale),
        .description = description,
        .location = review->location,
        .conference_url = review->conference_url,
        .cancelled = work->message->method == ITIP_CANCEL,
        .organiser = {.name = scene->organiser.name, .email = scene->organiser.email}};
    invitation_list(work, &event);
    return ical_write_message(out, (enum itip_method)work->message->method, &event, err);
}

/* The calendar shows what the letter says: some programs show nothing else. */
static enum status invitation_add(struct invitation_work *work, struct error *err)
{
    BUF_AUTO calendar;
    struct outbox_scene *scene = &work->scene;
    struct letter_values values = outbox_values(scene, &work->reader);
    struct outbox_mail mail = {.letter = invitation_letter(work),
        .to = &work->reader,
        .values = &values,
        .uid = work->message->drops ? scene->review.uid : NULL,
        .sequence = work->message->sequence,
        .method = (enum itip_method)work->message->method,
        .calendar = &calendar};
    mail.kind = invitation_kinds[mail.letter];
    buf_init(&calendar, 0);
    enum status status = invitation_calendar(work, outbox_letter(scene, &mail).text, &calendar, err);
    return status == ST_OK ? outbox_add(scene, &mail, err) : status;
}

static enum status invitation_mail(struct invitation_work *work, struct error *err)
{
    const struct snapshot *snapshot = txn_snapshot(work->scene.txn);
    enum status status = attendee_list(snapshot, work->scene.review.id, &work->attendees, err);
    if (status != ST_OK)
        return status;
    work->to = invitation_attendee(&work->attendees, work->message->email);
    work->reader = invitation_reader(work);
    return invitation_add(work, err);
}

enum status delivery_invitation(
    struct txn *txn, const char *review, const struct invitation_message *message, struct error *err)
{
    struct invitation_work work = {.message = message};
    enum status status = outbox_scene_review(txn, review, &work.scene, err);
    if (status == ST_OK && message->drops)
        status = delivery_supersede(txn, work.scene.review.uid, message->email, err);
    if (status != ST_OK || message->method == ITIP_NONE || work.scene.organisation.deliveries == DELIVERY_OFF)
        return status;
    bool in_calendar = false;
    status = outbox_expect_organiser(&work.scene, err);
    if (status == ST_OK)
        status = calendar_deliver(txn, review, message, &in_calendar, err);
    return status == ST_OK && !in_calendar ? invitation_mail(&work, err) : status;
}

enum status delivery_invitation_by_mail(
    struct txn *txn, const char *review, const struct invitation_message *message, struct error *err)
{
    struct invitation_work work = {.message = message};
    enum status status = outbox_scene_review(txn, review, &work.scene, err);
    return status == ST_OK ? invitation_mail(&work, err) : status;
}

/* What was dropped unsent today may be due again with the new slot. */
enum status delivery_drop_reminders(struct txn *txn, const char *review, struct error *err)
{
    struct outbox_scene scene;
    int64_t dropped = 0;
    enum status status = delivery_withdraw_review(txn, review, "reminder", &dropped, err);
    if (status != ST_OK || dropped == 0)
        return status;
    status = outbox_scene_review(txn, review, &scene, err);
    if (status == ST_OK)
        status = reminder_forget(txn, review, scene.today, err);
    return status == ST_OK ? reminder_look_now(txn, scene.employee.id, err) : status;
}
