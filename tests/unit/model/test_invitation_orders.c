/*
 * Whatever the order in which answers come in, late, twice, overtaken by changes of the invitation: each
 * attendee ends with the newest of the own answers that is to the time as it is. Random stories, the same ones
 * each time.
 */
#include "model/invitation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW    (INT64_C(1795000000) * US_PER_SEC)
#define MINUTE (INT64_C(60) * US_PER_SEC)
#define HOUR   (60 * MINUTE)
#define START  (NOW + 300 * US_PER_DAY)
#define UID    "review-1@example.org"

enum { STORIES = 400, STEPS = 40, PEOPLE = 3, ANSWERS_MAX = 2 * STEPS };

static const char *const people[PEOPLE] = {"alice@example.org", "marc@example.org", "nina@example.org"};
static const int partstats[] = {PARTSTAT_ACCEPTED, PARTSTAT_TENTATIVE, PARTSTAT_DECLINED, PARTSTAT_DELEGATED};

struct answer {
    size_t who;
    int partstat, sequence;
    instant_t at;
    bool seen;
};

struct story {
    struct arena *arena;
    struct invitation now;
    uint64_t dice;
    instant_t clock;
    int since[PEOPLE];                  /* SEQUENCE with which each came on the list, -1: not on it */
    struct answer answers[ANSWERS_MAX]; /* said by then, whether it came in or not */
    size_t count;
};

static unsigned toss(struct story *s, unsigned sides)
{
    s->dice = s->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(s->dice >> 33) % sides;
}

static bool listed(const struct story *s, size_t who)
{
    for (size_t i = 0; i < s->now.attendee_count; i++)
        if (!strcmp(s->now.attendees[i].email, people[who]))
            return true;
    return false;
}

/* ---- what the organiser does */

static void organise(struct story *s, int action)
{
    const char *list[2] = {people[0], people[1 + toss(s, 2)]};
    const struct invitation_change change = {.action = action,
        .start = START + toss(s, 100) * HOUR,
        .end = START + 101 * HOUR,
        .emails = list,
        .email_count = 2};
    struct invitation was = s->now;
    struct invitation_messages messages;
    assert_int_equal(invitation_apply(&was, &change, s->clock, s->arena, &s->now, &messages, NULL), ST_OK);
    bool raises = invitation_raises_sequence((enum invitation_action)action);
    assert_int_equal(s->now.sequence, was.sequence + raises);
    assert_true(s->now.dtstamp >= was.dtstamp);
    for (size_t i = 0; i < messages.count; i++) {
        assert_int_equal(messages.items[i].sequence, s->now.sequence);
        assert_int_equal(messages.items[i].revises, raises);
    }
    for (size_t i = 0; i < PEOPLE; i++) {
        if (!listed(s, i))
            s->since[i] = -1;
        else if (s->since[i] < 0)
            s->since[i] = s->now.sequence;
    }
}

/* ---- what the others say, and when it is heard */

/* To some version of the own invitation, not always the last one. */
static void say(struct story *s)
{
    size_t who = toss(s, PEOPLE);
    if (s->since[who] < 0 || s->count == ANSWERS_MAX)
        return;
    int versions = s->now.sequence - s->since[who] + 1;
    s->answers[s->count++] = (struct answer){.who = who,
        .partstat = partstats[toss(s, 4)],
        .sequence = s->now.sequence - (int)toss(s, (unsigned)versions),
        .at = s->clock};
}

static void hear(struct story *s, struct answer *answer)
{
    const struct itip_received received = {.method = ITIP_REPLY,
        .uid = UID,
        .email = people[answer->who],
        .partstat = answer->partstat,
        .sequence = answer->sequence,
        .dtstamp = answer->at,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .verified = true};
    struct invitation was = s->now;
    struct itip_outcome outcome = invitation_receive(&was, &received, s->clock, s->arena, &s->now);
    if (outcome.verdict != ITIP_TAKEN)
        assert_memory_equal(&was, &s->now, sizeof was);
    assert_int_equal(was.sequence, s->now.sequence);
    answer->seen = true;
}

static void hear_any(struct story *s)
{
    if (s->count)
        hear(s, &s->answers[toss(s, (unsigned)s->count)]);
}

/* ---- the end */

static bool newer(const struct answer *one, const struct answer *other)
{
    return !other || one->sequence > other->sequence ||
           (one->sequence == other->sequence && one->at > other->at);
}

static int expected(const struct story *s, size_t who)
{
    const struct answer *last = NULL;
    for (size_t i = 0; i < s->count; i++) {
        const struct answer *one = &s->answers[i];
        bool counts = one->seen && one->who == who && one->sequence >= s->now.time_sequence &&
                      one->sequence >= s->since[who];
        if (counts && newer(one, last))
            last = one;
    }
    if (!last)
        return PARTSTAT_NEEDS_ACTION;
    return last->partstat == PARTSTAT_DELEGATED ? PARTSTAT_DECLINED : last->partstat;
}

static void tell(uint64_t seed)
{
    static const int acts[] = {INVITATION_CHANGE, INVITATION_MOVE, INVITATION_RESEND, INVITATION_REPLACE};
    struct story s = {
        .arena = arena_new(0), .now = invitation_init(UID), .dice = seed, .clock = NOW, .since = {-1, -1, -1}};
    organise(&s, INVITATION_INVITE);
    for (int step = 0; step < STEPS; step++) {
        s.clock += MINUTE;
        unsigned what = toss(&s, 8);
        if (what == 0)
            organise(&s, acts[toss(&s, 4)]);
        else if (what < 4)
            say(&s);
        else
            hear_any(&s);
    }
    for (size_t i = 0; i < s.now.attendee_count; i++)
        for (size_t who = 0; who < PEOPLE; who++)
            if (!strcmp(s.now.attendees[i].email, people[who]) &&
                s.now.attendees[i].partstat != expected(&s, who))
                fail_msg("story %u: %s is %s, not %s", (unsigned)seed, people[who],
                    partstat_name((enum partstat)s.now.attendees[i].partstat),
                    partstat_name((enum partstat)expected(&s, who)));
    arena_free(s.arena);
}

static void test_the_newest_answer_counts_whatever_the_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= STORIES; seed++)
        tell(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_newest_answer_counts_whatever_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
