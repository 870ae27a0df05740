/* A review and its invitation side by side through thousands of random lives: they never disagree. */
#include "model/review.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define FIRST (INT64_C(20780) * US_PER_DAY)
#define HOUR  (INT64_C(3600) * US_PER_SEC)

static const char *const crowds[][2] = {{"alice@example.org", "marc@example.org"},
    {"alice@example.org", "nina@example.org"}, {"nina@example.org", "marc@example.org"}};

struct life {
    struct arena *arena;
    struct review_situation review;
    struct invitation invitation;
    instant_t now;
    uint32_t dice;
    unsigned happened;
};

static uint32_t roll(struct life *life, uint32_t sides)
{
    life->dice = life->dice * 1664525u + 1013904223u;
    return (life->dice >> 8) % sides;
}

static date_t day(instant_t instant)
{
    return (date_t)(instant / US_PER_DAY);
}

static void tell_calendars(struct life *life, const struct review_effects *effects)
{
    const char *const *crowd = crowds[roll(life, 3)];
    struct invitation_change change = {.action = effects->calendar,
        .start = effects->after.start,
        .end = effects->after.end,
        .emails = crowd,
        .email_count = 2};
    for (size_t i = 0; i < life->invitation.attendee_count; i++)
        if (life->invitation.attendees[i].countered)
            change.email = life->invitation.attendees[i].email;
    if (effects->calendar == INVITATION_RESEND)
        change.email = NULL;
    struct invitation before = life->invitation;
    struct invitation_messages messages;
    struct error err = ERROR_INIT;
    enum status status =
        invitation_apply(&before, &change, life->now, life->arena, &life->invitation, &messages, &err);
    if (status)
        fail_msg("%s: %s", invitation_action_name((enum invitation_action)effects->calendar), err.detail);
    assert_true(messages.count > 0);
    assert_int_equal(
        life->invitation.sequence - before.sequence, effects->sequence_rises || before.sequence < 0 ? 1 : 0);
    for (size_t i = 0; effects->partstat_resets && i < life->invitation.attendee_count; i++)
        assert_int_equal(life->invitation.attendees[i].partstat, PARTSTAT_NEEDS_ACTION);
}

static bool happens(struct life *life, int event)
{
    instant_t start = life->now + (instant_t)roll(life, 40) * US_PER_DAY / 2;
    struct review_happening what = {.event = event,
        .today = day(life->now),
        .start = start,
        .end = start + HOUR,
        .slot_on = day(start),
        .held_on = event == REVIEW_EVENT_HOLD || (event == REVIEW_EVENT_CORRECT && roll(life, 2))
                       ? day(life->now)
                       : DATE_NONE,
        .reason = "a reason"};
    struct review_effects effects;
    if (review_apply(&life->review, &what, life->now, &effects, NULL))
        return false;
    if (effects.calendar != INVITATION_NONE)
        tell_calendars(life, &effects);
    life->review = effects.after;
    life->invitation.over =
        life->review.sequence >= 0 && !review_answerable((enum review_state)life->review.state);
    assert_int_equal(life->review.sequence, life->invitation.sequence);
    assert_int_equal(life->review.shown, life->review.sequence >= 0 && !life->invitation.cancelled);
    life->happened++;
    return true;
}

/* Someone answers; the review follows what all answers amount to. */
static void answers(struct life *life)
{
    if (!life->invitation.attendee_count)
        return;
    struct itip_received received = {.method = roll(life, 4) ? ITIP_REPLY : ITIP_COUNTER,
        .uid = life->invitation.uid,
        .email = life->invitation.attendees[roll(life, 2)].email,
        .partstat = (int)roll(life, PARTSTAT_COUNT),
        .sequence = (int)roll(life, 6),
        .dtstamp = life->now - (instant_t)roll(life, 3) * HOUR,
        .start = life->now + (instant_t)roll(life, 5) * US_PER_DAY,
        .end = life->now + 6 * US_PER_DAY,
        .verified = roll(life, 5) > 0};
    struct itip_outcome outcome =
        invitation_receive(&life->invitation, &received, life->now, life->arena, &life->invitation);
    if (outcome.verdict != ITIP_TAKEN)
        return;
    assert_true(review_answerable((enum review_state)life->review.state));
    assert_true(happens(life, (int)review_event_of(invitation_aggregate(&life->invitation))));
}

static void live(uint32_t seed, unsigned *happened)
{
    struct life life = {.arena = arena_new(0),
        .review = {.state = REVIEW_DRAFT,
            .sequence = -1,
            .start = INSTANT_NONE,
            .end = INSTANT_NONE,
            .slot_on = DATE_NONE,
            .held_on = DATE_NONE},
        .invitation = invitation_init("review-1@example.org"),
        .now = FIRST,
        .dice = seed};
    for (int step = 0; step < 200; step++) {
        life.now += (instant_t)roll(&life, 24) * HOUR;
        int event = (int)roll(&life, REVIEW_EVENT_COUNT);
        bool answer = event >= REVIEW_EVENT_ANSWER_PENDING && event <= REVIEW_EVENT_ANSWER_COUNTERED;
        if (answer)
            answers(&life);
        else if (happens(&life, event) &&
                 (event == REVIEW_EVENT_REPLACE || event == REVIEW_EVENT_REFUSE_COUNTER) &&
                 review_answerable((enum review_state)life.review.state))
            assert_true(happens(&life, (int)review_event_of(invitation_aggregate(&life.invitation))));
        if (review_answerable((enum review_state)life.review.state)) {
            assert_false(life.invitation.cancelled);
            assert_true(life.invitation.sequence >= 0);
        }
    }
    *happened += life.happened;
    arena_free(life.arena);
}

static void test_random_lives(void **state)
{
    (void)state;
    unsigned happened = 0;
    for (uint32_t seed = 1; seed <= 300; seed++)
        live(seed, &happened);
    assert_true(happened > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_lives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
