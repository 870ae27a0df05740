/* Answers as mail brings them: late, twice, in any order, from the wrong people, with the wrong clocks. */
#include "model/invitation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW   (INT64_C(1795000000) * US_PER_SEC)
#define SEC   US_PER_SEC
#define HOUR  (INT64_C(3600) * US_PER_SEC)
#define START (NOW + 30 * US_PER_DAY)
#define UID   "review-1@example.org"

static const char *const people[] = {"alice@example.org", "marc@example.org"};

struct story {
    struct arena *arena;
    struct invitation now;
    struct itip_outcome outcome;
};

static void act(struct story *s, struct invitation_change change, instant_t now)
{
    struct invitation_messages messages;
    assert_int_equal(invitation_apply(&s->now, &change, now, s->arena, &s->now, &messages, NULL), ST_OK);
}

static struct story invited(void)
{
    struct story s = {.arena = arena_new(0), .now = invitation_init(UID)};
    act(&s,
        (struct invitation_change){.action = INVITATION_INVITE,
            .start = START,
            .end = START + HOUR,
            .emails = people,
            .email_count = 2},
        NOW);
    return s;
}

static void move(struct story *s, instant_t now)
{
    act(s,
        (struct invitation_change){
            .action = INVITATION_MOVE, .start = s->now.start + HOUR, .end = s->now.end + HOUR},
        now);
}

static struct itip_received reply(int partstat, int sequence, instant_t dtstamp)
{
    return (struct itip_received){.method = ITIP_REPLY,
        .uid = UID,
        .email = people[0],
        .partstat = partstat,
        .sequence = sequence,
        .dtstamp = dtstamp,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .verified = true};
}

static struct itip_received counter(int sequence, instant_t dtstamp)
{
    struct itip_received received = reply(PARTSTAT_TENTATIVE, sequence, dtstamp);
    received.method = ITIP_COUNTER;
    received.start = START + 5 * HOUR;
    received.end = START + 6 * HOUR;
    return received;
}

static int receive_at(struct story *s, struct itip_received received, instant_t now)
{
    s->outcome = invitation_receive(&s->now, &received, now, s->arena, &s->now);
    assert_non_null(s->outcome.sentence);
    return s->outcome.verdict;
}

static int receive(struct story *s, struct itip_received received)
{
    return receive_at(s, received, NOW + US_PER_DAY);
}

static int partstat(const struct story *s)
{
    return s->now.attendees[0].partstat;
}

static void test_answers_are_taken(void **state)
{
    (void)state;
    static const int answers[] = {
        PARTSTAT_ACCEPTED, PARTSTAT_TENTATIVE, PARTSTAT_DECLINED, PARTSTAT_NEEDS_ACTION};
    struct story s = invited();
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(receive(&s, reply(answers[i], 0, NOW + (instant_t)i * SEC)), ITIP_TAKEN);
        assert_int_equal(partstat(&s), answers[i]);
        assert_int_equal(s.outcome.attendee, 0);
        assert_int_equal(s.outcome.message.method, ITIP_NONE);
    }
    assert_int_equal(s.now.attendees[1].partstat, PARTSTAT_NEEDS_ACTION);
    assert_int_equal(s.now.sequence, 0);
    arena_free(s.arena);
}

static void test_addresses_compare_without_case(void **state)
{
    (void)state;
    struct story s = invited();
    struct itip_received received = reply(PARTSTAT_ACCEPTED, 0, NOW);
    received.email = "MAILTO:Alice@EXAMPLE.org";
    received.uid = "REVIEW-1@example.ORG";
    assert_int_equal(receive(&s, received), ITIP_TAKEN);
    assert_int_equal(partstat(&s), PARTSTAT_ACCEPTED);
    arena_free(s.arena);
}

static void test_who_may_not_answer(void **state)
{
    (void)state;
    struct itip_received stranger = reply(PARTSTAT_ACCEPTED, 0, NOW), elsewhere = stranger, nobody = stranger,
                         nameless = stranger, unproved = stranger, empty = stranger;
    stranger.email = "mailto:eve@example.org";
    elsewhere.uid = "review-2@example.org";
    nobody.email = NULL;
    nameless.uid = NULL;
    unproved.verified = false;
    empty.email = "mailto:";
    const struct {
        struct itip_received received;
        int verdict;
    } rows[] = {{stranger, ITIP_STRANGER}, {elsewhere, ITIP_ELSEWHERE}, {nobody, ITIP_STRANGER},
        {nameless, ITIP_ELSEWHERE}, {unproved, ITIP_UNVERIFIED}, {empty, ITIP_STRANGER}};
    struct story s = invited();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct invitation before = s.now;
        assert_int_equal(receive(&s, rows[i].received), rows[i].verdict);
        assert_memory_equal(&before, &s.now, sizeof before);
    }
    /* Confirmed by a person, the same message counts. */
    unproved.verified = true;
    assert_int_equal(receive(&s, unproved), ITIP_TAKEN);
    arena_free(s.arena);
}

static void test_nobody_confirms_what_would_not_count(void **state)
{
    (void)state;
    struct story s = invited();
    move(&s, NOW + HOUR);
    struct itip_received old = reply(PARTSTAT_ACCEPTED, 0, NOW);
    old.verified = false;
    assert_int_equal(receive(&s, old), ITIP_OUTDATED);
    arena_free(s.arena);
}

static void test_order_of_answers(void **state)
{
    (void)state;
    struct story s = invited();
    act(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW + HOUR);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 1, NOW + 100 * SEC)), ITIP_TAKEN);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 1, NOW + 100 * SEC)), ITIP_DUPLICATE);
    assert_int_equal(receive(&s, reply(PARTSTAT_DECLINED, 1, NOW + 99 * SEC)), ITIP_STALE);
    /* An older SEQUENCE with a later DTSTAMP: SEQUENCE comes first. */
    assert_int_equal(receive(&s, reply(PARTSTAT_DECLINED, 0, NOW + 200 * SEC)), ITIP_STALE);
    assert_int_equal(partstat(&s), PARTSTAT_ACCEPTED);
    /* The same second: the one that arrives last. */
    assert_int_equal(receive(&s, reply(PARTSTAT_TENTATIVE, 1, NOW + 100 * SEC)), ITIP_TAKEN);
    assert_int_equal(partstat(&s), PARTSTAT_TENTATIVE);
    arena_free(s.arena);
}

static void test_an_answer_to_an_earlier_detail_counts(void **state)
{
    (void)state;
    struct story s = invited();
    act(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW + HOUR);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW + 100 * SEC)), ITIP_TAKEN);
    arena_free(s.arena);
}

static void test_an_answer_to_an_earlier_time_does_not(void **state)
{
    (void)state;
    struct story s = invited();
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW)), ITIP_TAKEN);
    move(&s, NOW + HOUR);
    assert_int_equal(partstat(&s), PARTSTAT_NEEDS_ACTION);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW + 9 * HOUR)), ITIP_OUTDATED);
    act(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW + 2 * HOUR);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW + 9 * HOUR)), ITIP_OUTDATED);
    assert_int_equal(partstat(&s), PARTSTAT_NEEDS_ACTION);
    assert_int_equal(receive(&s, reply(PARTSTAT_DECLINED, 1, NOW)), ITIP_TAKEN);
    assert_int_equal(partstat(&s), PARTSTAT_DECLINED);
    arena_free(s.arena);
}

static void swap(int *a, int *b)
{
    int kept = *a;
    *a = *b;
    *b = kept;
}

static void try_orders(int *order, size_t fixed, size_t count, unsigned *tried)
{
    static const struct {
        int sequence, partstat;
        instant_t dtstamp;
    } mails[] = {{0, PARTSTAT_ACCEPTED, NOW + 10 * SEC}, {0, PARTSTAT_DECLINED, NOW + 900 * SEC},
        {1, PARTSTAT_TENTATIVE, NOW + 5 * SEC}, {1, PARTSTAT_DECLINED, NOW + 20 * SEC},
        {2, PARTSTAT_TENTATIVE, NOW + 30 * SEC}, {2, PARTSTAT_ACCEPTED, NOW + 31 * SEC}};
    if (fixed < count) {
        for (size_t i = fixed; i < count; i++) {
            swap(&order[fixed], &order[i]);
            try_orders(order, fixed + 1, count, tried);
            swap(&order[fixed], &order[i]);
        }
        return;
    }
    struct story s = invited();
    act(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW);
    move(&s, NOW);
    for (size_t i = 0; i < count; i++)
        for (int again = 0; again < 2; again++) {
            int verdict =
                receive(&s, reply(mails[order[i]].partstat, mails[order[i]].sequence, mails[order[i]].dtstamp));
            assert_true(!again || verdict != ITIP_TAKEN);
        }
    assert_int_equal(partstat(&s), PARTSTAT_ACCEPTED);
    arena_free(s.arena);
    (*tried)++;
}

static void test_every_order_ends_the_same(void **state)
{
    (void)state;
    int order[] = {0, 1, 2, 3, 4, 5};
    unsigned tried = 0;
    try_orders(order, 0, 6, &tried);
    assert_int_equal(tried, 720);
}

static void test_wrong_senders_cannot_lock_others_out(void **state)
{
    (void)state;
    struct story s = invited();
    /* A SEQUENCE never sent, a clock in 2099, no clock at all. */
    assert_int_equal(receive_at(&s, reply(PARTSTAT_DECLINED, 2147483647, NOW), NOW + HOUR), ITIP_TAKEN);
    assert_int_equal(s.now.attendees[0].answer.sequence, 0);
    assert_int_equal(
        receive_at(&s, reply(PARTSTAT_TENTATIVE, 0, INT64_C(4071000000) * SEC), NOW + 2 * HOUR), ITIP_TAKEN);
    assert_int_equal(s.now.attendees[0].answer.dtstamp, NOW + 2 * HOUR);
    assert_int_equal(receive_at(&s, reply(PARTSTAT_ACCEPTED, 0, NOW + 3 * HOUR), NOW + 3 * HOUR), ITIP_TAKEN);
    assert_int_equal(receive_at(&s, reply(PARTSTAT_DECLINED, 0, INSTANT_NONE), NOW + 4 * HOUR), ITIP_TAKEN);
    assert_int_equal(partstat(&s), PARTSTAT_DECLINED);
    assert_int_equal(
        receive_at(&s, reply(PARTSTAT_ACCEPTED, -5, NOW + 5 * HOUR), NOW + 5 * HOUR), ITIP_OUTDATED);
    assert_int_equal(
        receive_at(&s, reply(PARTSTAT_ACCEPTED, INT32_MIN, NOW + 5 * HOUR), NOW + 5 * HOUR), ITIP_OUTDATED);
    arena_free(s.arena);
}

static void test_delegating_is_declining(void **state)
{
    (void)state;
    struct story s = invited();
    assert_int_equal(receive(&s, reply(PARTSTAT_DELEGATED, 0, NOW)), ITIP_TAKEN);
    assert_int_equal(partstat(&s), PARTSTAT_DECLINED);
    assert_true(s.now.attendees[0].delegated);
    assert_non_null(strstr(s.outcome.sentence, "delegated"));
    assert_int_equal(invitation_aggregate(&s.now), ANSWERS_DECLINED);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW + SEC)), ITIP_TAKEN);
    assert_false(s.now.attendees[0].delegated);
    arena_free(s.arena);
}

static void test_a_counter_proposal(void **state)
{
    (void)state;
    struct story s = invited();
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW)), ITIP_TAKEN);
    struct itip_received proposal = counter(0, NOW + SEC);
    proposal.partstat = PARTSTAT_ACCEPTED;
    assert_int_equal(receive(&s, proposal), ITIP_TAKEN);
    assert_true(s.now.attendees[0].countered);
    assert_int_equal(partstat(&s), PARTSTAT_TENTATIVE);
    assert_int_equal(s.now.attendees[0].answer.start, START + 5 * HOUR);
    assert_int_equal(invitation_aggregate(&s.now), ANSWERS_COUNTERED);
    assert_int_equal(receive(&s, proposal), ITIP_DUPLICATE);

    act(&s, (struct invitation_change){.action = INVITATION_REFUSE_COUNTER, .email = people[0]}, NOW + HOUR);
    assert_false(s.now.attendees[0].countered);
    assert_int_equal(invitation_aggregate(&s.now), ANSWERS_TENTATIVE);
    /* The same mail read once more does not bring the refused proposal back. */
    assert_int_equal(receive(&s, proposal), ITIP_DUPLICATE);
    assert_int_equal(receive(&s, counter(0, NOW)), ITIP_STALE);
    assert_int_equal(receive(&s, counter(0, NOW + 2 * SEC)), ITIP_TAKEN);
    /* Or the person accepts after all. */
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW + 3 * SEC)), ITIP_TAKEN);
    assert_false(s.now.attendees[0].countered);
    arena_free(s.arena);
}

static void test_a_counter_that_is_accepted_moves_the_review(void **state)
{
    (void)state;
    struct story s = invited();
    assert_int_equal(receive(&s, counter(0, NOW)), ITIP_TAKEN);
    act(&s,
        (struct invitation_change){
            .action = INVITATION_MOVE, .start = START + 5 * HOUR, .end = START + 6 * HOUR},
        NOW + HOUR);
    assert_false(s.now.attendees[0].countered);
    assert_int_equal(invitation_aggregate(&s.now), ANSWERS_PENDING);
    assert_int_equal(receive(&s, counter(0, NOW + 2 * HOUR)), ITIP_OUTDATED);
    arena_free(s.arena);
}

static void test_counters_that_propose_nothing(void **state)
{
    (void)state;
    struct itip_received declined = counter(0, NOW), past = declined, empty = declined, open = declined,
                         same = declined, comment = declined;
    declined.partstat = PARTSTAT_DECLINED;
    past.start = NOW - HOUR;
    past.end = START;
    empty.end = empty.start;
    open.start = INSTANT_NONE;
    same.start = comment.start = START;
    same.end = comment.end = START + HOUR;
    same.partstat = PARTSTAT_NEEDS_ACTION;
    comment.partstat = PARTSTAT_ACCEPTED;
    struct story s = invited();
    assert_int_equal(receive(&s, past), ITIP_UNUSABLE);
    assert_int_equal(receive(&s, empty), ITIP_UNUSABLE);
    assert_int_equal(receive(&s, open), ITIP_UNUSABLE);
    assert_int_equal(receive(&s, same), ITIP_UNUSABLE);
    /* The time that is set with an answer is that answer. */
    assert_int_equal(receive(&s, comment), ITIP_TAKEN);
    assert_false(s.now.attendees[0].countered);
    assert_int_equal(partstat(&s), PARTSTAT_ACCEPTED);
    assert_int_equal(receive(&s, declined), ITIP_TAKEN);
    assert_int_equal(partstat(&s), PARTSTAT_DECLINED);
    assert_true(s.now.attendees[0].countered);
    arena_free(s.arena);
}

static void test_what_is_no_answer(void **state)
{
    (void)state;
    struct story s = invited();
    struct itip_received request = reply(PARTSTAT_ACCEPTED, 0, NOW);
    request.method = ITIP_REQUEST;
    assert_int_equal(receive(&s, request), ITIP_UNUSABLE);
    request.method = ITIP_CANCEL;
    assert_int_equal(receive(&s, request), ITIP_UNUSABLE);
    request.method = 1234;
    assert_int_equal(receive(&s, request), ITIP_UNUSABLE);
    assert_int_equal(receive(&s, reply(PARTSTAT_OTHER, 0, NOW)), ITIP_UNUSABLE);
    assert_int_equal(receive(&s, reply(-3, 0, NOW)), ITIP_UNUSABLE);
    assert_int_equal(receive(&s, reply(4711, 0, NOW)), ITIP_UNUSABLE);
    assert_int_equal(partstat(&s), PARTSTAT_NEEDS_ACTION);
    arena_free(s.arena);
}

static void test_nothing_changes_after_the_end(void **state)
{
    (void)state;
    struct story s = invited();
    s.now.over = true;
    assert_int_equal(receive(&s, reply(PARTSTAT_DECLINED, 0, NOW)), ITIP_OVER);
    struct itip_received refresh = reply(0, 0, NOW);
    refresh.method = ITIP_REFRESH;
    assert_int_equal(receive(&s, refresh), ITIP_OVER);
    s.now.over = false;
    act(&s, (struct invitation_change){.action = INVITATION_CANCEL}, NOW + HOUR);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 1, NOW + HOUR)), ITIP_OVER);
    assert_int_equal(partstat(&s), PARTSTAT_NEEDS_ACTION);
    /* Someone who missed the cancellation is told again. */
    assert_int_equal(receive(&s, refresh), ITIP_TAKEN);
    assert_int_equal(s.outcome.message.method, ITIP_CANCEL);
    assert_int_equal(s.outcome.message.sequence, 1);
    arena_free(s.arena);
}

static void test_refresh_sends_the_same_again(void **state)
{
    (void)state;
    struct story s = invited();
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 0, NOW)), ITIP_TAKEN);
    struct itip_received refresh = reply(0, 0, INSTANT_NONE);
    refresh.method = ITIP_REFRESH;
    assert_int_equal(receive_at(&s, refresh, NOW + 2 * HOUR), ITIP_TAKEN);
    assert_int_equal(s.outcome.message.method, ITIP_REQUEST);
    assert_int_equal(s.outcome.message.sequence, 0);
    assert_int_equal(s.outcome.message.dtstamp, NOW + 2 * HOUR);
    assert_string_equal(s.outcome.message.email, people[0]);
    assert_int_equal(partstat(&s), PARTSTAT_ACCEPTED);
    /* Two programs that answer each other do not go round. */
    assert_int_equal(receive_at(&s, refresh, NOW + 2 * HOUR + SEC), ITIP_DUPLICATE);
    assert_int_equal(s.outcome.message.method, ITIP_NONE);
    assert_int_equal(receive_at(&s, refresh, NOW + 2 * HOUR + 600 * SEC), ITIP_TAKEN);
    refresh.verified = false;
    assert_int_equal(receive_at(&s, refresh, NOW + 9 * HOUR), ITIP_UNVERIFIED);
    arena_free(s.arena);
}

static void test_old_answers_of_someone_invited_again(void **state)
{
    (void)state;
    static const char *const without[] = {"marc@example.org"};
    struct story s = invited();
    assert_int_equal(receive(&s, reply(PARTSTAT_DECLINED, 0, NOW)), ITIP_TAKEN);
    act(&s, (struct invitation_change){.action = INVITATION_REPLACE, .emails = without, .email_count = 1}, NOW);
    struct itip_received late = reply(PARTSTAT_DECLINED, 0, NOW + SEC);
    assert_int_equal(receive(&s, late), ITIP_STRANGER);
    act(&s, (struct invitation_change){.action = INVITATION_ADD, .emails = people, .email_count = 2},
        NOW + HOUR);
    assert_int_equal(s.now.sequence, 1);
    assert_int_equal(receive(&s, late), ITIP_OUTDATED);
    assert_int_equal(partstat(&s), PARTSTAT_NEEDS_ACTION);
    assert_int_equal(receive(&s, reply(PARTSTAT_ACCEPTED, 1, NOW + 2 * HOUR)), ITIP_TAKEN);
    arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_taken),
        cmocka_unit_test(test_addresses_compare_without_case),
        cmocka_unit_test(test_who_may_not_answer),
        cmocka_unit_test(test_nobody_confirms_what_would_not_count),
        cmocka_unit_test(test_order_of_answers),
        cmocka_unit_test(test_an_answer_to_an_earlier_detail_counts),
        cmocka_unit_test(test_an_answer_to_an_earlier_time_does_not),
        cmocka_unit_test(test_every_order_ends_the_same),
        cmocka_unit_test(test_wrong_senders_cannot_lock_others_out),
        cmocka_unit_test(test_delegating_is_declining),
        cmocka_unit_test(test_a_counter_proposal),
        cmocka_unit_test(test_a_counter_that_is_accepted_moves_the_review),
        cmocka_unit_test(test_counters_that_propose_nothing),
        cmocka_unit_test(test_what_is_no_answer),
        cmocka_unit_test(test_nothing_changes_after_the_end),
        cmocka_unit_test(test_refresh_sends_the_same_again),
        cmocka_unit_test(test_old_answers_of_someone_invited_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
