/*
 * The receiving side of an invitation: judges a REPLY, COUNTER or REFRESH in whatever order mail brings them.
 * The checks are a list, the first that objects decides. Pure, any thread.
 */
#include "invitation_internal.h"
#include "model/invitation.h"

#include <string.h>
#include <strings.h>

/* Two programs that answer each other must not go round faster than this. */
#define REFRESH_INTERVAL_US (INT64_C(600) * US_PER_SEC)

static const char *const itip_verdict_names[ITIP_VERDICT_COUNT] = {
    "taken", "duplicate", "stale", "outdated", "elsewhere", "stranger", "over", "unusable", "unverified"};

const char *itip_verdict_name(enum itip_verdict verdict)
{
    return (unsigned)verdict < ITIP_VERDICT_COUNT ? itip_verdict_names[verdict] : "?";
}

/* An answer with its place in the order of answers. */
struct itip_case {
    const struct invitation *invitation;
    const struct itip_received *received;
    const struct invitation_attendee *attendee; /* NULL: not on the list */
    struct invitation_answer answer;            /* as it will be kept */
    instant_t now;
};

static int itip_compare(int sequence, instant_t dtstamp, const struct invitation_answer *last)
{
    if (sequence != last->sequence)
        return sequence < last->sequence ? -1 : 1;
    return dtstamp < last->dtstamp ? -1 : dtstamp > last->dtstamp;
}

static bool itip_same(const struct invitation_answer *a, const struct invitation_answer *b)
{
    return a->method == b->method && a->partstat == b->partstat && a->sequence == b->sequence &&
           a->dtstamp == b->dtstamp && a->start == b->start && a->end == b->end;
}

static const char *itip_elsewhere(const struct itip_case *c)
{
    const char *uid = c->received->uid;
    return uid && !strcasecmp(uid, c->invitation->uid) ? NULL : "it answers another invitation";
}

static const char *itip_stranger(const struct itip_case *c)
{
    return c->attendee ? NULL : "the sender is not among the people invited";
}

static const char *itip_over(const struct itip_case *c)
{
    if (c->invitation->cancelled && c->received->method != ITIP_REFRESH)
        return "the review was cancelled before";
    return c->invitation->over ? "the review is over" : NULL;
}

static const char *itip_unusable(const struct itip_case *c)
{
    const struct itip_received *received = c->received;
    if (received->method == ITIP_REFRESH)
        return NULL;
    if (received->method != ITIP_REPLY && received->method != ITIP_COUNTER)
        return "it is no answer";
    if (received->method == ITIP_REPLY && (unsigned)received->partstat >= PARTSTAT_OTHER)
        return "it has no answer that can be used";
    if (c->answer.method == ITIP_COUNTER &&
        (received->start == INSTANT_NONE || received->end <= received->start))
        return "it proposes a time without a start or an end";
    if (c->answer.method == ITIP_COUNTER && received->start <= c->now)
        return "it proposes a time that is past";
    if (c->answer.method == ITIP_COUNTER && received->start == c->invitation->start &&
        received->end == c->invitation->end)
        return "it proposes the time that is set";
    return NULL;
}

static const char *itip_outdated(const struct itip_case *c)
{
    if (c->received->method == ITIP_REFRESH)
        return NULL;
    if (c->answer.sequence < c->invitation->time_sequence)
        return "the time has changed since";
    return c->answer.sequence < c->attendee->since ? "it answers an earlier invitation of this person" : NULL;
}

static const char *itip_stale(const struct itip_case *c)
{
    if (c->received->method == ITIP_REFRESH)
        return NULL;
    const struct invitation_answer *last = &c->attendee->answer;
    bool older = itip_compare(c->answer.sequence, c->answer.dtstamp, last) < 0;
    return older ? "a later answer of this person was taken before" : NULL;
}

static const char *itip_duplicate(const struct itip_case *c)
{
    if (c->received->method != ITIP_REFRESH)
        return itip_same(&c->answer, &c->attendee->answer) ? "this answer was taken before" : NULL;
    instant_t last = c->attendee->refreshed_at;
    bool soon = last != INSTANT_NONE && last <= c->now && c->now - last < REFRESH_INTERVAL_US;
    return soon ? "the invitation was sent again a moment ago" : NULL;
}

static const char *itip_unverified(const struct itip_case *c)
{
    return c->received->verified ? NULL : "the sender is not proved: a person has to confirm it";
}

static const struct {
    int verdict; /* enum itip_verdict */
    const char *(*objects)(const struct itip_case *c);
} itip_checks[] = {
    {ITIP_ELSEWHERE, itip_elsewhere},
    {ITIP_STRANGER, itip_stranger},
    {ITIP_OVER, itip_over},
    {ITIP_UNUSABLE, itip_unusable},
    {ITIP_OUTDATED, itip_outdated},
    {ITIP_STALE, itip_stale},
    {ITIP_DUPLICATE, itip_duplicate},
    {ITIP_UNVERIFIED, itip_unverified},
};

/* A counter-proposal of the time that is set proposes nothing: it is the answer it carries. */
static int itip_effective_method(const struct invitation *invitation, const struct itip_received *received)
{
    bool same = received->start == invitation->start && received->end == invitation->end;
    bool answers = (unsigned)received->partstat < PARTSTAT_OTHER && received->partstat != PARTSTAT_NEEDS_ACTION;
    return received->method == ITIP_COUNTER && same && answers ? ITIP_REPLY : received->method;
}

static struct invitation_answer itip_answer(
    const struct invitation *invitation, const struct itip_received *received, instant_t now)
{
    bool ahead = received->dtstamp == INSTANT_NONE || received->dtstamp > now;
    int method = itip_effective_method(invitation, received);
    bool counter = method == ITIP_COUNTER;
    return (struct invitation_answer){.method = method,
        .partstat = received->partstat,
        .sequence = received->sequence < invitation->sequence ? received->sequence : invitation->sequence,
        .dtstamp = ahead ? now : received->dtstamp,
        .start = counter ? received->start : INSTANT_NONE,
        .end = counter ? received->end : INSTANT_NONE};
}

/* Who proposes another time has not accepted this one, whatever the message says. */
static int itip_partstat(const struct invitation_answer *answer)
{
    if (answer->partstat == PARTSTAT_DELEGATED)
        return PARTSTAT_DECLINED;
    if (answer->method == ITIP_COUNTER && answer->partstat != PARTSTAT_DECLINED)
        return PARTSTAT_TENTATIVE;
    return answer->partstat;
}

static const char *itip_take(const struct itip_case *c, struct invitation_attendee *attendee)
{
    attendee->answer = c->answer;
    attendee->partstat = itip_partstat(&c->answer);
    attendee->delegated = c->answer.partstat == PARTSTAT_DELEGATED;
    attendee->countered = c->answer.method == ITIP_COUNTER;
    if (attendee->delegated)
        return "declined: delegated to someone else, who cannot take the place of a person invited";
    return attendee->countered ? "another time is proposed" : "the answer is recorded";
}

static const char *itip_refresh(const struct itip_case *c, struct invitation *after,
    struct invitation_attendee *attendee, struct invitation_message *message)
{
    attendee->refreshed_at = c->now;
    after->dtstamp = invitation_stamp(c->invitation, c->now);
    *message = (struct invitation_message){.method = after->cancelled ? ITIP_CANCEL : ITIP_REQUEST,
        .email = attendee->email,
        .sequence = after->sequence,
        .dtstamp = after->dtstamp,
        .drops = true};
    return "the invitation is sent again";
}

static const char *itip_address(const char *email)
{
    return email && !strncasecmp(email, "mailto:", 7) ? email + 7 : email;
}

struct itip_outcome invitation_receive(const struct invitation *in, const struct itip_received *received,
    instant_t now, struct arena *arena, struct invitation *ret)
{
    long who = invitation_find(in, itip_address(received->email));
    struct itip_case c = {.invitation = in,
        .received = received,
        .attendee = who == INVITATION_NOBODY ? NULL : &in->attendees[who],
        .answer = itip_answer(in, received, now),
        .now = now};
    struct itip_outcome outcome = {
        .verdict = ITIP_TAKEN, .attendee = who == INVITATION_NOBODY ? 0 : (size_t)who};
    *ret = *in;
    for (size_t i = 0; i < sizeof itip_checks / sizeof itip_checks[0]; i++) {
        outcome.sentence = itip_checks[i].objects(&c);
        if (outcome.sentence) {
            outcome.verdict = itip_checks[i].verdict;
            return outcome;
        }
    }
    struct invitation_attendee *list = invitation_copy_attendees(arena, in, 0);
    ret->attendees = list;
    outcome.sentence = received->method == ITIP_REFRESH ? itip_refresh(&c, ret, &list[who], &outcome.message)
                                                        : itip_take(&c, &list[who]);
    return outcome;
}
