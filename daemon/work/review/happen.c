/*
 * One event applied to a review and to its entry in calendars: model decides, the work in hand is changed, what
 * has to be sent is noted. Nothing is written here. On a write lane.
 */
#include "work.h"

#include <string.h>
#include <strings.h>

struct review_happening review_event(const struct review_work *w, enum review_event event)
{
    return (struct review_happening){.event = (int)event,
        .today = w->today,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .slot_on = DATE_NONE,
        .held_on = DATE_NONE};
}

struct review_happening review_slot_event(
    const struct review_work *w, enum review_event event, instant_t start, instant_t end)
{
    struct review_happening happening = review_event(w, event);
    happening.start = start;
    happening.end = end;
    happening.slot_on = start == INSTANT_NONE ? DATE_NONE : zone_date(w->zone, start);
    return happening;
}

static struct review_situation happen_situation(const struct review_work *w)
{
    const struct review *is = &w->is;
    return (struct review_situation){.state = is->state,
        .sequence = w->invitation.sequence,
        .shown = w->invitation.sequence >= 0 && !w->invitation.cancelled,
        .start = is->start,
        .end = is->end,
        .slot_on = is->start == INSTANT_NONE ? DATE_NONE : zone_date(w->zone, is->start),
        .held_on = is->held};
}

/* ---- the invitation */

static enum status happen_add_email(struct review_work *w, const struct employee_row *person,
    const char *pointer, const char **emails, size_t *count, struct error *err)
{
    (void)w;
    if (!person->email || !person->email[0])
        return error_field(err, pointer, "has no e-mail address to send an invitation to");
    for (size_t i = 0; i < *count; i++)
        if (strcasecmp(emails[i], person->email) == 0)
            return error_field(err, pointer, "has the same e-mail address as the employee");
    emails[(*count)++] = person->email;
    return ST_OK;
}

static enum status happen_list(struct review_work *w, struct invitation_change *change, struct error *err)
{
    const char **emails = ARENA_ARRAY(w->arena, 2, const char *);
    size_t count = 0;
    enum status status = happen_add_email(w, &w->employee, "/employee", emails, &count, err);
    if (status == ST_OK && w->interviewer.id)
        status = happen_add_email(w, &w->interviewer, "/interviewer", emails, &count, err);
    change->emails = emails;
    change->email_count = count;
    return status;
}

static enum status happen_note(
    struct review_work *w, const struct invitation_messages *messages, struct error *err)
{
    if (w->message_count + messages->count > REVIEW_MESSAGES_MAX)
        return error_set(err, ST_FULL, "too many invitations for one change");
    for (size_t i = 0; i < messages->count; i++)
        w->messages[w->message_count++] = messages->items[i];
    return ST_OK;
}

static enum status happen_invitation(
    struct review_work *w, const struct invitation_change *change, struct error *err)
{
    struct invitation after;
    struct invitation_messages messages;
    enum status status = invitation_apply(&w->invitation, change, w->now, w->arena, &after, &messages, err);
    if (status == ST_OK)
        status = happen_note(w, &messages, err);
    if (status != ST_OK)
        return status;
    w->invitation = after;
    w->attendees_changed = true;
    w->is.sequence = after.sequence;
    return ST_OK;
}

/* Each counter-proposal under way is refused by itself. */
static enum status happen_refuse_counters(struct review_work *w, struct error *err)
{
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < w->invitation.attendee_count; i++) {
        if (!w->invitation.attendees[i].countered)
            continue;
        struct invitation_change change = {
            .action = INVITATION_REFUSE_COUNTER, .email = w->invitation.attendees[i].email};
        status = happen_invitation(w, &change, err);
    }
    return status;
}

static enum status happen_in_calendars(
    struct review_work *w, const struct review_effects *effects, struct error *err)
{
    struct invitation_change change = {
        .action = effects->calendar, .start = effects->after.start, .end = effects->after.end};
    if (effects->calendar == INVITATION_NONE)
        return ST_OK;
    if (effects->calendar == INVITATION_REFUSE_COUNTER)
        return happen_refuse_counters(w, err);
    enum status status = ST_OK;
    if (effects->calendar == INVITATION_INVITE || effects->calendar == INVITATION_REPLACE)
        status = happen_list(w, &change, err);
    return status == ST_OK ? happen_invitation(w, &change, err) : status;
}

enum status review_happen(struct review_work *w, const struct review_happening *happening, struct error *err)
{
    struct review_situation in = happen_situation(w);
    struct review_effects effects;
    enum status status = review_apply(&in, happening, w->now, &effects, err);
    if (status == ST_OK)
        status = happen_in_calendars(w, &effects, err);
    if (status != ST_OK)
        return status;
    w->is.state = effects.after.state;
    w->is.start = effects.after.start;
    w->is.end = effects.after.end;
    w->is.held = effects.after.held_on;
    w->invitation.over = !review_answerable((enum review_state)w->is.state);
    w->notices |= effects.notices;
    w->drops_reminders |= effects.drops_reminders;
    w->drops_invitations |= effects.drops_invitations;
    return ST_OK;
}

enum status review_apply_answers(struct review_work *w, struct error *err)
{
    if (!review_answerable((enum review_state)w->is.state))
        return ST_OK;
    struct review_happening answers = review_event(w, review_event_of(invitation_aggregate(&w->invitation)));
    return review_happen(w, &answers, err);
}
