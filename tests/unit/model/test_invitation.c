/* The organiser's side of iTIP: SEQUENCE, DTSTAMP, who gets what, for each row of the table. */
#include "model/invitation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW   (INT64_C(1795000000) * US_PER_SEC)
#define HOUR  (INT64_C(3600) * US_PER_SEC)
#define START (NOW + 30 * US_PER_DAY)

static const char *const two[] = {"alice@example.org", "marc@example.org"};
static const char *const three[] = {"alice@example.org", "marc@example.org", "nina@example.org"};
static const char *const other[] = {"nina@example.org", "Alice@Example.org"};

struct story {
    struct arena *arena;
    struct invitation now;
    struct invitation_messages messages;
};

static struct story story(void)
{
    return (struct story){.arena = arena_new(0), .now = invitation_init("review-1@example.org")};
}

static enum status try(struct story *s, struct invitation_change change, instant_t now, struct error *err)
{
    return invitation_apply(&s->now, &change, now, s->arena, &s->now, &s->messages, err);
}

static void act(struct story *s, struct invitation_change change, instant_t now)
{
    struct error err = ERROR_INIT;
    if (try(s, change, now, &err))
        fail_msg("%s %s", err.detail, err.count ? err.fields[0].detail : "");
}

static void all_sent(struct story *s)
{
    for (size_t i = 0; i < s->now.attendee_count; i++)
        invitation_mark_sent((struct invitation_attendee *)&s->now.attendees[i], s->now.sequence);
}

static struct invitation_change invite(void)
{
    return (struct invitation_change){
        .action = INVITATION_INVITE, .start = START, .end = START + HOUR, .emails = two, .email_count = 2};
}

static struct story invited(void)
{
    struct story s = story();
    act(&s, invite(), NOW);
    all_sent(&s);
    return s;
}

static void answer(struct story *s, size_t who, int partstat)
{
    struct itip_received reply = {.method = ITIP_REPLY,
        .uid = s->now.uid,
        .email = s->now.attendees[who].email,
        .partstat = partstat,
        .sequence = s->now.sequence,
        .dtstamp = NOW + US_PER_SEC,
        .verified = true};
    assert_int_equal(invitation_receive(&s->now, &reply, NOW + HOUR, s->arena, &s->now).verdict, ITIP_TAKEN);
}

static void expect_message(const struct story *s, size_t i, int method, const char *email, bool removed)
{
    assert_true(i < s->messages.count);
    const struct invitation_message *message = &s->messages.items[i];
    assert_int_equal(message->method, method);
    assert_string_equal(message->email, email);
    assert_int_equal(message->sequence, s->now.sequence);
    assert_int_equal(message->dtstamp, s->now.dtstamp);
    assert_int_equal(message->removed, removed);
}

static void test_an_invitation_starts_at_0(void **state)
{
    (void)state;
    struct story s = story();
    act(&s, invite(), NOW + 123456);
    assert_int_equal(s.now.sequence, 0);
    assert_int_equal(s.now.time_sequence, 0);
    assert_int_equal(s.now.dtstamp, NOW);
    assert_int_equal(s.now.start, START);
    assert_int_equal(s.now.attendee_count, 2);
    assert_int_equal(s.now.attendees[0].partstat, PARTSTAT_NEEDS_ACTION);
    assert_int_equal(s.now.attendees[0].answer.sequence, -1);
    assert_int_equal(s.now.attendees[0].sent, -1);
    assert_int_equal(s.messages.count, 2);
    expect_message(&s, 0, ITIP_REQUEST, two[0], false);
    expect_message(&s, 1, ITIP_REQUEST, two[1], false);
    assert_true(s.messages.items[0].drops);
    arena_free(s.arena);
}

/* The table of the design, row by row: from SEQUENCE 0, both have accepted. */
static void test_every_row_of_the_table(void **state)
{
    (void)state;
    const struct {
        struct invitation_change change;
        int sequence;
        bool reset;
        size_t messages;
        int method;
        bool drops;
    } rows[] = {
        {{.action = INVITATION_CHANGE}, 1, false, 2, ITIP_REQUEST, true},
        {{.action = INVITATION_MOVE, .start = START + HOUR, .end = START + 2 * HOUR}, 1, true, 2, ITIP_REQUEST,
            true},
        {{.action = INVITATION_RESEND}, 0, false, 2, ITIP_REQUEST, true},
        {{.action = INVITATION_RESEND, .email = "MARC@example.org"}, 0, false, 1, ITIP_REQUEST, true},
        {{.action = INVITATION_ADD, .emails = three, .email_count = 3}, 0, false, 1, ITIP_REQUEST, true},
        {{.action = INVITATION_REPLACE, .emails = three, .email_count = 3}, 1, false, 3, ITIP_REQUEST, true},
        {{.action = INVITATION_CANCEL}, 1, false, 2, ITIP_CANCEL, true},
        {{.action = INVITATION_INVITE, .start = START, .end = START + HOUR, .emails = two, .email_count = 2}, 1,
            true, 2, ITIP_REQUEST, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story s = invited();
        answer(&s, 0, PARTSTAT_ACCEPTED);
        answer(&s, 1, PARTSTAT_ACCEPTED);
        act(&s, rows[i].change, NOW + 2 * HOUR);
        assert_int_equal(s.now.sequence, rows[i].sequence);
        assert_int_equal(s.now.dtstamp, NOW + 2 * HOUR);
        assert_int_equal(s.messages.count, rows[i].messages);
        for (size_t k = 0; k < s.messages.count; k++) {
            assert_int_equal(s.messages.items[k].method, rows[i].method);
            assert_int_equal(s.messages.items[k].drops, rows[i].drops);
            assert_int_equal(s.messages.items[k].sequence, rows[i].sequence);
            assert_int_equal(s.messages.items[k].dtstamp, NOW + 2 * HOUR);
            assert_int_equal(s.messages.items[k].revises, rows[i].sequence);
        }
        assert_int_equal(
            s.now.attendees[0].partstat, rows[i].reset ? PARTSTAT_NEEDS_ACTION : PARTSTAT_ACCEPTED);
        assert_int_equal(s.now.time_sequence, rows[i].reset ? rows[i].sequence : 0);
        assert_int_equal(s.now.cancelled, rows[i].method == ITIP_CANCEL);
        enum invitation_action action = (enum invitation_action)rows[i].change.action;
        assert_int_equal(invitation_raises_sequence(action), rows[i].sequence);
        assert_int_equal(invitation_resets_answers(action), rows[i].reset);
        arena_free(s.arena);
    }
}

static void test_who_is_replaced_gets_the_only_cancel(void **state)
{
    (void)state;
    struct story s = invited();
    answer(&s, 0, PARTSTAT_ACCEPTED);
    act(&s, (struct invitation_change){.action = INVITATION_REPLACE, .emails = other, .email_count = 2},
        NOW + HOUR);
    assert_int_equal(s.messages.count, 3);
    expect_message(&s, 0, ITIP_CANCEL, two[1], true);
    expect_message(&s, 1, ITIP_REQUEST, other[0], false);
    expect_message(&s, 2, ITIP_REQUEST, two[0], false);
    assert_int_equal(s.now.attendees[0].since, 1);
    assert_int_equal(s.now.attendees[1].partstat, PARTSTAT_ACCEPTED);
    assert_int_equal(s.now.attendees[1].since, 0);
    assert_false(s.now.cancelled);
    arena_free(s.arena);
}

static void test_nobody_hears_of_what_never_left(void **state)
{
    (void)state;
    struct story s = story();
    act(&s, invite(), NOW);
    invitation_mark_sent((struct invitation_attendee *)&s.now.attendees[1], 0);
    act(&s, (struct invitation_change){.action = INVITATION_CANCEL}, NOW + HOUR);
    expect_message(&s, 0, ITIP_NONE, two[0], false);
    assert_true(s.messages.items[0].drops);
    expect_message(&s, 1, ITIP_CANCEL, two[1], false);
    arena_free(s.arena);
}

static void test_a_cancelled_invitation_can_be_made_again(void **state)
{
    (void)state;
    struct story s = invited();
    act(&s, (struct invitation_change){.action = INVITATION_CANCEL}, NOW + HOUR);
    struct error err = ERROR_INIT;
    assert_int_equal(try(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "cancelled"));
    assert_int_equal(s.now.sequence, 1);
    struct invitation_change again = invite();
    again.emails = other;
    act(&s, again, NOW + 2 * HOUR);
    assert_int_equal(s.now.sequence, 2);
    assert_false(s.now.cancelled);
    /* marc's entry was cancelled already: not twice. */
    assert_int_equal(s.messages.count, 2);
    arena_free(s.arena);
}

static void test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const char *const twice[] = {"alice@example.org", "ALICE@example.org"};
    static const char *const bad[] = {"alice@example.org", "no address", NULL};
    static const char *const crowd[INVITATION_ATTENDEES_MAX + 1] = {"a@example.org"};
    const struct {
        struct invitation_change change;
        enum status status;
        const char *pointer;
    } rows[] = {
        {{.action = INVITATION_NONE}, ST_INTERNAL, NULL},
        {{.action = 99}, ST_INTERNAL, NULL},
        {{.action = -1}, ST_INTERNAL, NULL},
        {{.action = INVITATION_MOVE, .start = INSTANT_NONE, .end = START}, ST_INVALID, "/start"},
        {{.action = INVITATION_MOVE, .start = NOW, .end = START}, ST_INVALID, "/start"},
        {{.action = INVITATION_MOVE, .start = START, .end = START}, ST_INVALID, "/end"},
        {{.action = INVITATION_MOVE, .start = START, .end = INSTANT_NONE}, ST_INVALID, "/end"},
        {{.action = INVITATION_RESEND, .email = "eve@example.org"}, ST_INVALID, "/attendee"},
        {{.action = INVITATION_REFUSE_COUNTER, .email = "alice@example.org"}, ST_CONFLICT, NULL},
        {{.action = INVITATION_REFUSE_COUNTER}, ST_INVALID, "/attendee"},
        {{.action = INVITATION_REPLACE}, ST_INVALID, "/attendees"},
        {{.action = INVITATION_REPLACE, .emails = crowd, .email_count = INVITATION_ATTENDEES_MAX + 1},
            ST_INVALID, "/attendees"},
        {{.action = INVITATION_REPLACE, .emails = twice, .email_count = 2}, ST_INVALID, "/attendees/1"},
        {{.action = INVITATION_REPLACE, .emails = bad, .email_count = 3}, ST_INVALID, "/attendees/1"},
        {{.action = INVITATION_ADD, .emails = two, .email_count = 1}, ST_INVALID, "/attendees"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story s = invited();
        struct error err = ERROR_INIT;
        assert_int_equal(try(&s, rows[i].change, NOW, &err), rows[i].status);
        assert_int_equal(s.now.sequence, 0);
        if (rows[i].pointer)
            assert_string_equal(err.fields[0].pointer, rows[i].pointer);
        arena_free(s.arena);
    }
    struct story s = story();
    struct error err = ERROR_INIT;
    assert_int_equal(try(&s, (struct invitation_change){.action = INVITATION_CANCEL}, NOW, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "never made"));
    arena_free(s.arena);
    s = invited();
    s.now.sequence = INVITATION_SEQUENCE_MAX;
    assert_int_equal(try(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW, &err), ST_CONFLICT);
    arena_free(s.arena);
}

static void test_the_stamp_never_goes_back(void **state)
{
    (void)state;
    struct story s = invited();
    act(&s, (struct invitation_change){.action = INVITATION_CHANGE}, NOW - HOUR);
    assert_int_equal(s.now.dtstamp, NOW);
    s.now.dtstamp = INSTANT_NONE;
    act(&s, (struct invitation_change){.action = INVITATION_CHANGE}, -1);
    assert_int_equal(s.now.dtstamp, -US_PER_SEC);
    arena_free(s.arena);
}

static void test_the_aggregate_asks_most(void **state)
{
    (void)state;
    static const struct {
        int a, b;
        bool countered;
        int expected;
    } rows[] = {
        {PARTSTAT_NEEDS_ACTION, PARTSTAT_NEEDS_ACTION, false, ANSWERS_PENDING},
        {PARTSTAT_ACCEPTED, PARTSTAT_NEEDS_ACTION, false, ANSWERS_PENDING},
        {PARTSTAT_ACCEPTED, PARTSTAT_ACCEPTED, false, ANSWERS_ACCEPTED},
        {PARTSTAT_TENTATIVE, PARTSTAT_NEEDS_ACTION, false, ANSWERS_TENTATIVE},
        {PARTSTAT_ACCEPTED, PARTSTAT_TENTATIVE, false, ANSWERS_TENTATIVE},
        {PARTSTAT_DECLINED, PARTSTAT_TENTATIVE, false, ANSWERS_DECLINED},
        {PARTSTAT_ACCEPTED, PARTSTAT_DECLINED, false, ANSWERS_DECLINED},
        {PARTSTAT_DECLINED, PARTSTAT_TENTATIVE, true, ANSWERS_COUNTERED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct invitation_attendee list[2] = {
            {.partstat = rows[i].a}, {.partstat = rows[i].b, .countered = rows[i].countered}};
        struct invitation invitation = {.attendees = list, .attendee_count = 2};
        assert_int_equal(invitation_aggregate(&invitation), rows[i].expected);
    }
    assert_int_equal(invitation_aggregate(&(struct invitation){0}), ANSWERS_PENDING);
}

static void test_words_of_the_standard(void **state)
{
    (void)state;
    for (int i = 0; i < PARTSTAT_OTHER; i++)
        assert_int_equal(partstat_parse(partstat_name((enum partstat)i)), i);
    assert_int_equal(partstat_parse("accepted"), PARTSTAT_ACCEPTED);
    assert_int_equal(partstat_parse(NULL), PARTSTAT_NEEDS_ACTION);
    assert_int_equal(partstat_parse(""), PARTSTAT_NEEDS_ACTION);
    assert_int_equal(partstat_parse("IN-PROCESS"), PARTSTAT_OTHER);
    assert_int_equal(partstat_parse("X-OTHER"), PARTSTAT_OTHER);
    assert_string_equal(partstat_name((enum partstat)77), "X-OTHER");
    for (int i = ITIP_REQUEST; i < ITIP_METHOD_COUNT; i++)
        assert_int_equal(itip_method_parse(itip_method_name((enum itip_method)i)), i);
    assert_int_equal(itip_method_parse("reply"), ITIP_REPLY);
    assert_int_equal(itip_method_parse("PUBLISH"), ITIP_NONE);
    assert_int_equal(itip_method_parse(""), ITIP_NONE);
    assert_int_equal(itip_method_parse(NULL), ITIP_NONE);
    assert_string_equal(itip_verdict_name(ITIP_UNVERIFIED), "unverified");
    assert_string_equal(itip_verdict_name((enum itip_verdict)99), "?");
    assert_string_equal(invitation_action_name(INVITATION_REFUSE_COUNTER), "refuse_counter");
    assert_string_equal(invitation_action_name((enum invitation_action)99), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_invitation_starts_at_0),
        cmocka_unit_test(test_every_row_of_the_table),
        cmocka_unit_test(test_who_is_replaced_gets_the_only_cancel),
        cmocka_unit_test(test_nobody_hears_of_what_never_left),
        cmocka_unit_test(test_a_cancelled_invitation_can_be_made_again),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
        cmocka_unit_test(test_the_stamp_never_goes_back),
        cmocka_unit_test(test_the_aggregate_asks_most),
        cmocka_unit_test(test_words_of_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
