/*
 * The organiser's side of iTIP: one table says what each action does to SEQUENCE and to the answers, one
 * function applies it and lists the mails to write. Pure, any thread.
 */
#include "model/invitation.h"

#include "base/text.h"
#include "invitation_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum invitation_audience { TO_NOBODY, TO_ALL, TO_NAMED, TO_ADDED };

struct invitation_row {
    const char *name;
    int method; /* enum itip_method */
    int to;     /* enum invitation_audience */
    bool raises;
    bool resets;
    bool drops;
    bool slot;  /* carries the slot */
    bool list;  /* carries the list of attendees */
    bool fresh; /* also when nothing was sent yet, or after a cancellation */
};

static const struct invitation_row invitation_rows[INVITATION_ACTION_COUNT] = {
    [INVITATION_NONE] = {.name = "none"},
    [INVITATION_INVITE] = {.name = "invite",
        .method = ITIP_REQUEST,
        .to = TO_ALL,
        .raises = true,
        .resets = true,
        .drops = true,
        .slot = true,
        .list = true,
        .fresh = true},
    [INVITATION_CHANGE] =
        {.name = "change", .method = ITIP_REQUEST, .to = TO_ALL, .raises = true, .drops = true},
    [INVITATION_MOVE] = {.name = "move",
        .method = ITIP_REQUEST,
        .to = TO_ALL,
        .raises = true,
        .resets = true,
        .drops = true,
        .slot = true},
    [INVITATION_RESEND] = {.name = "resend", .method = ITIP_REQUEST, .to = TO_NAMED, .drops = true},
    [INVITATION_ADD] = {.name = "add", .method = ITIP_REQUEST, .to = TO_ADDED, .drops = true, .list = true},
    [INVITATION_REPLACE] =
        {.name = "replace", .method = ITIP_REQUEST, .to = TO_ALL, .raises = true, .drops = true, .list = true},
    [INVITATION_REFUSE_COUNTER] = {.name = "refuse_counter", .method = ITIP_DECLINECOUNTER, .to = TO_NAMED},
    [INVITATION_CANCEL] =
        {.name = "cancel", .method = ITIP_CANCEL, .to = TO_ALL, .raises = true, .drops = true},
};

static const char *const partstat_names[PARTSTAT_COUNT] = {
    "NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED", "X-OTHER"};
static const char *const itip_method_names[ITIP_METHOD_COUNT] = {
    "", "REQUEST", "CANCEL", "DECLINECOUNTER", "REPLY", "COUNTER", "REFRESH"};

const char *partstat_name(enum partstat partstat)
{
    return partstat_names[(unsigned)partstat < PARTSTAT_COUNT ? partstat : PARTSTAT_OTHER];
}

enum partstat partstat_parse(const char *text)
{
    if (!text || !*text)
        return PARTSTAT_NEEDS_ACTION;
    for (unsigned i = 0; i < PARTSTAT_OTHER; i++)
        if (!strcasecmp(text, partstat_names[i]))
            return (enum partstat)i;
    return PARTSTAT_OTHER;
}

const char *itip_method_name(enum itip_method method)
{
    return itip_method_names[(unsigned)method < ITIP_METHOD_COUNT ? method : ITIP_NONE];
}

enum itip_method itip_method_parse(const char *text)
{
    for (unsigned i = ITIP_REQUEST; text && i < ITIP_METHOD_COUNT; i++)
        if (!strcasecmp(text, itip_method_names[i]))
            return (enum itip_method)i;
    return ITIP_NONE;
}

static const struct invitation_row *invitation_row(enum invitation_action action)
{
    return &invitation_rows[(unsigned)action < INVITATION_ACTION_COUNT ? action : INVITATION_NONE];
}

const char *invitation_action_name(enum invitation_action action)
{
    return invitation_row(action)->name;
}

bool invitation_raises_sequence(enum invitation_action action)
{
    return invitation_row(action)->raises;
}

bool invitation_resets_answers(enum invitation_action action)
{
    return invitation_row(action)->resets;
}

struct invitation invitation_init(const char *uid)
{
    return (struct invitation){.uid = uid,
        .sequence = -1,
        .time_sequence = -1,
        .dtstamp = INSTANT_NONE,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE};
}

long invitation_find(const struct invitation *invitation, const char *email)
{
    for (size_t i = 0; email && i < invitation->attendee_count; i++)
        if (!strcasecmp(invitation->attendees[i].email, email))
            return (long)i;
    return INVITATION_NOBODY;
}

struct invitation_attendee *invitation_copy_attendees(
    struct arena *arena, const struct invitation *invitation, size_t room)
{
    size_t count = invitation->attendee_count;
    struct invitation_attendee *copy =
        ARENA_ARRAY(arena, room > count ? room : count, struct invitation_attendee);
    if (count)
        memcpy(copy, invitation->attendees, count * sizeof *copy);
    return copy;
}

instant_t invitation_stamp(const struct invitation *invitation, instant_t now)
{
    instant_t remainder = now % US_PER_SEC;
    instant_t second = now - (remainder < 0 ? remainder + US_PER_SEC : remainder);
    return second > invitation->dtstamp ? second : invitation->dtstamp;
}

void invitation_mark_sent(struct invitation_attendee *attendee, int sequence)
{
    if (sequence > attendee->sent)
        attendee->sent = sequence;
}

static enum status invitation_check_slot(
    const struct invitation_change *change, instant_t now, struct error *err)
{
    if (change->start == INSTANT_NONE || change->start <= now)
        return error_field(err, "/start", "expected an instant in the future");
    if (change->end == INSTANT_NONE || change->end <= change->start)
        return error_field(err, "/end", "expected an instant after the start");
    return ST_OK;
}

static bool invitation_lists(const struct invitation_change *change, const char *email)
{
    for (size_t i = 0; i < change->email_count; i++)
        if (change->emails[i] && !strcasecmp(change->emails[i], email))
            return true;
    return false;
}

static enum status invitation_check_list(
    const struct invitation *in, const struct invitation_change *change, struct error *err)
{
    if (!change->email_count || change->email_count > INVITATION_ATTENDEES_MAX)
        return error_field(err, "/attendees", "expected 1 to %d people", INVITATION_ATTENDEES_MAX);
    enum status status = ST_OK;
    for (size_t i = 0; i < change->email_count; i++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/attendees/%zu", i);
        if (!change->emails[i] || !email_valid(change->emails[i])) {
            status = error_field(err, pointer, "expected a mail address");
            continue;
        }
        for (size_t j = 0; j < i; j++)
            if (change->emails[j] && !strcasecmp(change->emails[i], change->emails[j]))
                status = error_field(err, pointer, "this person is on the list already");
    }
    for (size_t i = 0; change->action == INVITATION_ADD && i < in->attendee_count; i++)
        if (!invitation_lists(change, in->attendees[i].email))
            status =
                error_field(err, "/attendees", "%s is missing: only replace removes", in->attendees[i].email);
    return status;
}

static enum status invitation_check_named(
    const struct invitation *in, const struct invitation_change *change, struct error *err)
{
    bool counter = change->action == INVITATION_REFUSE_COUNTER;
    if (!change->email && !counter)
        return ST_OK;
    long who = invitation_find(in, change->email);
    if (who == INVITATION_NOBODY)
        return error_field(err, "/attendee", "expected one of the people invited");
    if (counter && !in->attendees[who].countered)
        return error_set(err, ST_CONFLICT, "%s has proposed no other time", change->email);
    return ST_OK;
}

static enum status invitation_check(const struct invitation_row *row, const struct invitation *in,
    const struct invitation_change *change, instant_t now, struct error *err)
{
    if (row->method == ITIP_NONE)
        return error_set(err, ST_INTERNAL, "no action %d on an invitation", change->action);
    if (!row->fresh && in->sequence < 0)
        return error_set(err, ST_CONFLICT, "%s is not possible: the invitation was never made", row->name);
    if (!row->fresh && in->cancelled)
        return error_set(err, ST_CONFLICT, "%s is not possible: the invitation was cancelled", row->name);
    if (row->raises && in->sequence >= INVITATION_SEQUENCE_MAX)
        return error_set(
            err, ST_CONFLICT, "%s is not possible: the invitation was changed too often", row->name);
    enum status status = row->slot ? invitation_check_slot(change, now, err) : ST_OK;
    if (!status && row->list)
        status = invitation_check_list(in, change, err);
    if (!status && row->to == TO_NAMED)
        status = invitation_check_named(in, change, err);
    return status;
}

/* The list after the change: who stays keeps the answer, who is new has none. */
static struct invitation_attendee *invitation_relist(
    const struct invitation *in, const struct invitation_change *change, int sequence, struct arena *arena)
{
    struct invitation_attendee *list = ARENA_ARRAY(arena, change->email_count, struct invitation_attendee);
    for (size_t i = 0; i < change->email_count; i++) {
        long known = invitation_find(in, change->emails[i]);
        list[i] =
            known != INVITATION_NOBODY
                ? in->attendees[known]
                : (struct invitation_attendee){.email = arena_strdup(arena, change->emails[i]),
                      .since = sequence,
                      .sent = -1,
                      .refreshed_at = INSTANT_NONE,
                      .answer = {
                          .sequence = -1, .dtstamp = INSTANT_NONE, .start = INSTANT_NONE, .end = INSTANT_NONE}};
    }
    return list;
}

static void invitation_reset(struct invitation_attendee *attendee)
{
    attendee->partstat = PARTSTAT_NEEDS_ACTION;
    attendee->delegated = false;
    attendee->countered = false;
}

struct invitation_outbox {
    struct invitation_message *items;
    size_t count;
    const struct invitation_row *row;
    const struct invitation *after;
};

/* A cancellation of what never left is only dropped: nobody is told about a review they never heard of. */
static void invitation_write(
    struct invitation_outbox *outbox, int method, const struct invitation_attendee *to, bool removed)
{
    bool unheard = method == ITIP_CANCEL && to->sent < 0;
    outbox->items[outbox->count++] = (struct invitation_message){.method = unheard ? ITIP_NONE : method,
        .email = to->email,
        .sequence = outbox->after->sequence,
        .dtstamp = outbox->after->dtstamp,
        .drops = outbox->row->drops,
        .removed = removed,
        .revises = outbox->row->raises};
}

static void invitation_write_all(
    struct invitation_outbox *outbox, const struct invitation *in, const struct invitation_change *change)
{
    const struct invitation_row *row = outbox->row;
    const struct invitation *after = outbox->after;
    for (size_t i = 0; row->list && !in->cancelled && i < in->attendee_count; i++)
        if (invitation_find(after, in->attendees[i].email) == INVITATION_NOBODY)
            invitation_write(outbox, ITIP_CANCEL, &in->attendees[i], true);
    for (size_t i = 0; i < after->attendee_count; i++) {
        const struct invitation_attendee *to = &after->attendees[i];
        bool named = !change->email || !strcasecmp(change->email, to->email);
        bool added = invitation_find(in, to->email) == INVITATION_NOBODY;
        if (row->to == TO_ALL || (row->to == TO_NAMED && named) || (row->to == TO_ADDED && added))
            invitation_write(outbox, row->method, to, false);
    }
}

enum status invitation_apply(const struct invitation *in, const struct invitation_change *change, instant_t now,
    struct arena *arena, struct invitation *ret, struct invitation_messages *messages, struct error *err)
{
    const struct invitation_row *row = invitation_row((enum invitation_action)change->action);
    enum status status = invitation_check(row, in, change, now, err);
    if (status)
        return status;

    struct invitation after = *in;
    after.dtstamp = invitation_stamp(in, now);
    if (row->raises)
        after.sequence = in->sequence + 1;
    if (row->slot) {
        after.start = change->start;
        after.end = change->end;
        after.over = false;
    }
    if (row->resets)
        after.time_sequence = after.sequence;
    after.cancelled = row->method == ITIP_CANCEL;
    struct invitation_attendee *list = row->list ? invitation_relist(in, change, after.sequence, arena)
                                                 : invitation_copy_attendees(arena, in, 0);
    after.attendees = list;
    after.attendee_count = row->list ? change->email_count : in->attendee_count;
    for (size_t i = 0; i < after.attendee_count; i++) {
        if (row->resets)
            invitation_reset(&list[i]);
        if (row->method == ITIP_DECLINECOUNTER && !strcasecmp(list[i].email, change->email))
            list[i].countered = false;
    }

    struct invitation_outbox outbox = {
        .items = ARENA_ARRAY(arena, in->attendee_count + after.attendee_count, struct invitation_message),
        .row = row,
        .after = &after};
    invitation_write_all(&outbox, in, change);
    *ret = after;
    *messages = (struct invitation_messages){.items = outbox.items, .count = outbox.count};
    return ST_OK;
}

enum invitation_aggregate invitation_aggregate(const struct invitation *invitation)
{
    bool pending = invitation->attendee_count == 0, tentative = false, declined = false;
    for (size_t i = 0; i < invitation->attendee_count; i++) {
        const struct invitation_attendee *attendee = &invitation->attendees[i];
        if (attendee->countered)
            return ANSWERS_COUNTERED;
        pending |= attendee->partstat == PARTSTAT_NEEDS_ACTION;
        tentative |= attendee->partstat == PARTSTAT_TENTATIVE;
        declined |= attendee->partstat == PARTSTAT_DECLINED;
    }
    return declined    ? ANSWERS_DECLINED
           : tentative ? ANSWERS_TENTATIVE
           : pending   ? ANSWERS_PENDING
                       : ANSWERS_ACCEPTED;
}
