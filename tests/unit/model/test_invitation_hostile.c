/*
 * Hostile orders as stories of one line each: what the organiser does, what comes in, and what becomes of it.
 *
 *   move, change, resend, cancel, nina (takes Alice's place), alice (comes back)
 *   WHO:METHOD/SEQUENCE/MINUTE=VERDICT    what comes in from whom: to which version, stamped at which minute
 *   WHO=PARTSTAT                          what is recorded of someone by then
 */
#include "model/invitation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW    (INT64_C(1795000000) * US_PER_SEC)
#define MINUTE (INT64_C(60) * US_PER_SEC)
#define HOUR   (60 * MINUTE)
#define START  (NOW + 30 * US_PER_DAY)
#define UID    "review-1@example.org"

static const char *const both[] = {"alice@example.org", "marc@example.org"};
static const char *const others[] = {"nina@example.org", "marc@example.org"};

static const struct {
    const char *what, *story;
} stories[] = {
    {"answers overtake each other", "alice:DECLINED/0/20=taken alice:ACCEPTED/0/10=stale alice=DECLINED"},
    {"an answer comes twice, before and after another",
        "alice:ACCEPTED/0/10=taken alice:ACCEPTED/0/10=duplicate alice:DECLINED/0/20=taken "
        "alice:ACCEPTED/0/10=stale alice=DECLINED"},
    {"an answer to a change overtakes one to the version before",
        "change alice:DECLINED/1/5=taken alice:ACCEPTED/0/50=stale alice=DECLINED"},
    {"answers to a time that is no more, early and late",
        "alice:ACCEPTED/0/10=taken move alice=NEEDS-ACTION alice:ACCEPTED/0/10=outdated "
        "alice:ACCEPTED/0/900=outdated alice:ACCEPTED/1/5=taken move alice:ACCEPTED/1/5=outdated "
        "alice=NEEDS-ACTION"},
    {"a version that was never sent counts as the last one",
        "alice:ACCEPTED/9/10=taken change alice:DECLINED/1/20=taken alice:ACCEPTED/0/30=stale alice=DECLINED"},
    {"who was replaced has nothing to say any more",
        "alice:ACCEPTED/0/10=taken nina alice:DECLINED/0/20=stranger alice:DECLINED/1/20=stranger "
        "alice:COUNTER/1/20=stranger alice:REFRESH/0/20=stranger nina=NEEDS-ACTION nina:ACCEPTED/1/30=taken "
        "nina=ACCEPTED"},
    {"who has come in answers for the own invitation only",
        "nina nina:ACCEPTED/0/10=outdated nina=NEEDS-ACTION nina:TENTATIVE/1/10=taken nina=TENTATIVE"},
    {"who comes back answers anew",
        "alice:DECLINED/0/10=taken nina alice alice=NEEDS-ACTION alice:DECLINED/0/10=outdated "
        "alice:DECLINED/1/900=outdated alice:ACCEPTED/2/20=taken alice=ACCEPTED nina:DECLINED/2/30=stranger"},
    {"one answer is no answer of the other",
        "alice:DECLINED/0/10=taken marc=NEEDS-ACTION marc:ACCEPTED/0/1=taken "
        "alice=DECLINED marc=ACCEPTED"},
    {"nothing counts after the cancellation, whatever it is",
        "alice:ACCEPTED/0/10=taken cancel alice:DECLINED/0/20=over alice:DECLINED/1/20=over "
        "alice:COUNTER/0/20=over alice:COUNTER/1/20=over alice:DELEGATED/1/20=over alice=ACCEPTED"},
    {"a counter from before the cancellation comes after it",
        "alice:COUNTER/0/10=taken cancel alice:COUNTER/0/10=over alice:COUNTER/0/15=over"},
    {"who missed the cancellation is told again, a stranger is not",
        "cancel eve:REFRESH/0/5=stranger alice:REFRESH/0/5=taken alice:REFRESH/0/5=duplicate"},
    {"a stranger learns nothing and changes nothing", "eve:REFRESH/0/5=stranger eve:ACCEPTED/0/5=stranger "
                                                      "eve:COUNTER/0/5=stranger eve:DELEGATED/0/5=stranger "
                                                      "alice=NEEDS-ACTION"},
    {"delegated, and delegated on", "alice:DELEGATED/0/10=taken alice=DECLINED eve:DELEGATED/0/20=stranger "
                                    "eve:ACCEPTED/0/30=stranger alice:DELEGATED/0/40=taken alice=DECLINED"},
    {"delegated to somebody who is invited already: one answer each",
        "alice:DELEGATED/0/10=taken marc:ACCEPTED/0/20=taken alice=DECLINED marc=ACCEPTED "
        "alice:ACCEPTED/0/5=stale alice=DECLINED alice:ACCEPTED/0/30=taken alice=ACCEPTED"},
    {"both delegate to each other",
        "alice:DELEGATED/0/10=taken marc:DELEGATED/0/10=taken alice=DECLINED marc=DECLINED"},
    {"a proposal and an answer overtake each other",
        "alice:ACCEPTED/0/20=taken alice:COUNTER/0/10=stale alice=ACCEPTED alice:COUNTER/0/30=taken "
        "alice=TENTATIVE alice:COUNTER/0/30=duplicate alice:ACCEPTED/0/25=stale alice=TENTATIVE "
        "alice:ACCEPTED/0/40=taken alice=ACCEPTED"},
    {"a proposal for a time that is no more", "alice:COUNTER/0/10=taken move alice=NEEDS-ACTION "
                                              "alice:COUNTER/0/10=outdated alice:COUNTER/0/900=outdated"},
    {"the same again is no other version: answers to it stand",
        "alice:ACCEPTED/0/10=taken resend alice=ACCEPTED alice:ACCEPTED/0/10=duplicate "
        "alice:DECLINED/0/20=taken"},
    {"our own messages that come back are no answers", "alice:REQUEST/0/10=unusable alice:CANCEL/1/10=unusable "
                                                       "alice:PUBLISH/0/10=unusable alice=NEEDS-ACTION"},
    {"a refresh is not an answer: it makes none stale",
        "alice:REFRESH/0/900=taken alice:ACCEPTED/0/10=taken alice=ACCEPTED alice:REFRESH/0/1=duplicate"},
};

struct telling {
    const char *what;
    struct arena *arena;
    struct invitation now;
    instant_t clock;
};

static const char *address(struct arena *arena, const char *who)
{
    return arena_printf(arena, "%s@example.org", who);
}

static bool organise(struct telling *t, const char *step)
{
    const struct {
        const char *step;
        struct invitation_change change;
    } acts[] = {
        {"move", {.action = INVITATION_MOVE, .start = t->now.start + HOUR, .end = t->now.end + HOUR}},
        {"change", {.action = INVITATION_CHANGE}},
        {"resend", {.action = INVITATION_RESEND}},
        {"cancel", {.action = INVITATION_CANCEL}},
        {"nina", {.action = INVITATION_REPLACE, .emails = others, .email_count = 2}},
        {"alice", {.action = INVITATION_REPLACE, .emails = both, .email_count = 2}},
    };
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        struct invitation_messages messages;
        struct error err = ERROR_INIT;
        if (strcmp(acts[i].step, step) != 0)
            continue;
        int before = t->now.sequence;
        enum status status =
            invitation_apply(&t->now, &acts[i].change, t->clock, t->arena, &t->now, &messages, &err);
        if (status != ST_OK)
            fail_msg("%s: %s: %s", t->what, step, err.detail);
        assert_int_equal(t->now.sequence, before + (strcmp(step, "resend") != 0));
        return true;
    }
    return false;
}

static int method_of(const char *word)
{
    static const struct {
        const char *word;
        int method;
    } methods[] = {{"COUNTER", ITIP_COUNTER}, {"REFRESH", ITIP_REFRESH}, {"REQUEST", ITIP_REQUEST},
        {"CANCEL", ITIP_CANCEL}, {"PUBLISH", ITIP_NONE}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(methods[i].word, word) == 0)
            return methods[i].method;
    return ITIP_REPLY;
}

static bool come_in(struct telling *t, const char *step)
{
    char who[16], word[16], verdict[16];
    int sequence, minute;
    if (sscanf(step, "%15[a-z]:%15[A-Z-]/%d/%d=%15[a-z]", who, word, &sequence, &minute, verdict) != 5)
        return false;
    int method = method_of(word);
    const struct itip_received received = {.method = method,
        .uid = UID,
        .email = address(t->arena, who),
        .partstat = method == ITIP_REPLY ? (int)partstat_parse(word) : PARTSTAT_TENTATIVE,
        .sequence = sequence,
        .dtstamp = NOW + minute * MINUTE,
        .start = method == ITIP_COUNTER ? START + 5 * US_PER_DAY : INSTANT_NONE,
        .end = method == ITIP_COUNTER ? START + 5 * US_PER_DAY + HOUR : INSTANT_NONE,
        .verified = true};
    struct invitation before = t->now;
    struct itip_outcome outcome = invitation_receive(&before, &received, t->clock, t->arena, &t->now);
    if (strcmp(itip_verdict_name((enum itip_verdict)outcome.verdict), verdict) != 0)
        fail_msg("%s: %s is %s (%s)", t->what, step, itip_verdict_name((enum itip_verdict)outcome.verdict),
            outcome.sentence);
    if (outcome.verdict != ITIP_TAKEN)
        assert_memory_equal(&before, &t->now, sizeof before);
    assert_int_equal(before.sequence, t->now.sequence);
    bool sends = outcome.message.method != ITIP_NONE;
    assert_int_equal(sends, method == ITIP_REFRESH && outcome.verdict == ITIP_TAKEN);
    if (sends) {
        assert_int_equal(outcome.message.method, t->now.cancelled ? ITIP_CANCEL : ITIP_REQUEST);
        assert_string_equal(outcome.message.email, received.email);
    }
    return true;
}

static bool stand(const struct telling *t, const char *step)
{
    char who[16], partstat[16];
    if (sscanf(step, "%15[a-z]=%15[A-Z-]", who, partstat) != 2)
        return false;
    for (size_t i = 0; i < t->now.attendee_count; i++)
        if (strcmp(t->now.attendees[i].email, address(t->arena, who)) == 0) {
            const char *is = partstat_name((enum partstat)t->now.attendees[i].partstat);
            if (strcmp(is, partstat) != 0)
                fail_msg("%s: %s, not %s", t->what, is, step);
            return true;
        }
    fail_msg("%s: nobody is %s", t->what, who);
    return false;
}

static void tell(const char *what, const char *story)
{
    struct invitation_messages messages;
    struct telling t = {
        .what = what, .arena = arena_new(0), .now = invitation_init(UID), .clock = NOW + US_PER_DAY};
    const struct invitation_change invite = {
        .action = INVITATION_INVITE, .start = START, .end = START + HOUR, .emails = both, .email_count = 2};
    assert_int_equal(invitation_apply(&t.now, &invite, NOW, t.arena, &t.now, &messages, NULL), ST_OK);
    for (const char *at = story; *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        const char *step = arena_strndup(t.arena, at, size);
        at += size;
        if (!organise(&t, step) && !come_in(&t, step) && !stand(&t, step))
            fail_msg("%s: what is %s?", what, step);
        t.clock += MINUTE;
    }
    arena_free(t.arena);
}

static void test_hostile_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
        tell(stories[i].what, stories[i].story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
