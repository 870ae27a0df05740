/* The transition table of reviews: every state with every event, what each needs, what each makes us send. */
#include "model/review.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HOUR      (INT64_C(3600) * US_PER_SEC)
#define NOON      (INT64_C(20780) * US_PER_DAY + 12 * HOUR)
#define TODAY     ((date_t)20780)
#define SLOT      (NOON + 10 * US_PER_DAY)
#define SLOT_DAY  (TODAY + 10)
#define OTHER     (NOON + 20 * US_PER_DAY)
#define OTHER_DAY (TODAY + 20)

/* One letter a state, in the order of the enum. */
static const char letters[] = "DPIATLCHRXKNF";

static const struct {
    enum review_event event;
    const char *to; /* one letter for each state it happens in; '.': refused */
} matrix[] = {
    {REVIEW_EVENT_PROPOSE, "PP..........."},
    {REVIEW_EVENT_INVITE, "II..........."},
    {REVIEW_EVENT_RESEND, "..IATLC......"},
    {REVIEW_EVENT_ANSWER_PENDING, "..IIIII......"},
    {REVIEW_EVENT_ANSWER_ACCEPTED, "..AAAAA......"},
    {REVIEW_EVENT_ANSWER_TENTATIVE, "..TTTTT......"},
    {REVIEW_EVENT_ANSWER_DECLINED, "..LLLLL......"},
    {REVIEW_EVENT_ANSWER_COUNTERED, "..CCCCC......"},
    {REVIEW_EVENT_CHANGE, "DPIATLC......"},
    {REVIEW_EVENT_RESCHEDULE, "DPIIIII......"},
    {REVIEW_EVENT_REPLACE, "DPIIIII......"},
    {REVIEW_EVENT_REFUSE_COUNTER, "......I......"},
    {REVIEW_EVENT_HOLD, "HHHHHHH......"},
    {REVIEW_EVENT_REPORT, ".......RR...."},
    {REVIEW_EVENT_COPY, "........X...."},
    {REVIEW_EVENT_ABSENCE, "..NNNNN......"},
    {REVIEW_EVENT_RECONVENE, "...........I."},
    {REVIEW_EVENT_CLOSE, "...........X."},
    {REVIEW_EVENT_REFUSE, ".FFFFFF....F."},
    {REVIEW_EVENT_CANCEL, "KKKKKKK....K."},
    {REVIEW_EVENT_CORRECT, ".......DDD.DD"},
};

static struct review_situation situation(int state)
{
    bool held = state == REVIEW_HELD || state == REVIEW_REPORTED || state == REVIEW_CLOSED;
    return (struct review_situation){.state = state,
        .sequence = state == REVIEW_DRAFT || state == REVIEW_PROPOSED ? -1 : 3,
        .shown = state != REVIEW_DRAFT && state != REVIEW_PROPOSED && state != REVIEW_CANCELLED,
        .start = SLOT,
        .end = SLOT + HOUR,
        .slot_on = SLOT_DAY,
        .held_on = held ? TODAY - 1 : DATE_NONE};
}

static struct review_happening happening(int event)
{
    return (struct review_happening){.event = event,
        .today = TODAY,
        .start = OTHER,
        .end = OTHER + HOUR,
        .slot_on = OTHER_DAY,
        .held_on = event == REVIEW_EVENT_HOLD ? TODAY : DATE_NONE,
        .reason = "a reason"};
}

static instant_t moment(int event)
{
    return event == REVIEW_EVENT_ABSENCE ? SLOT + HOUR / 2 : NOON;
}

static enum status apply(int state, int event, struct review_effects *effects, struct error *err)
{
    struct review_situation in = situation(state);
    struct review_happening what = happening(event);
    return review_apply(&in, &what, moment(event), effects, err);
}

static struct review_effects applied(int state, int event)
{
    struct review_effects effects = {0};
    assert_int_equal(apply(state, event, &effects, NULL), ST_OK);
    return effects;
}

static void test_every_state_with_every_event(void **state)
{
    (void)state;
    assert_int_equal(sizeof matrix / sizeof matrix[0], REVIEW_EVENT_COUNT);
    for (int event = 0; event < REVIEW_EVENT_COUNT; event++) {
        assert_int_equal(matrix[event].event, event);
        for (int from = 0; from < REVIEW_STATE_COUNT; from++) {
            struct review_effects effects = {.after = {.state = 77}};
            struct error err = ERROR_INIT;
            enum status status = apply(from, event, &effects, &err);
            bool allowed = matrix[event].to[from] != '.';
            assert_int_equal(review_allows((enum review_state)from, (enum review_event)event), allowed);
            if (allowed) {
                assert_int_equal(status, ST_OK);
                assert_int_equal(letters[effects.after.state], matrix[event].to[from]);
                continue;
            }
            assert_int_equal(status, ST_CONFLICT);
            assert_int_equal(effects.after.state, 77);
            assert_non_null(strstr(err.detail, review_state_names[from]));
            assert_non_null(strstr(err.detail, review_event_names[event]));
        }
    }
}

static void test_names_follow_the_enums(void **state)
{
    (void)state;
    assert_string_equal(review_state_name(REVIEW_NO_SHOW), "no_show");
    assert_string_equal(review_state_name(REVIEW_REFUSED), "refused");
    assert_null(review_state_names[REVIEW_STATE_COUNT]);
    assert_string_equal(review_event_name(REVIEW_EVENT_CORRECT), "correct");
    assert_string_equal(review_event_name(REVIEW_EVENT_HOLD), "hold");
    assert_null(review_event_names[REVIEW_EVENT_COUNT]);
    assert_string_equal(review_state_name((enum review_state)99), "?");
    assert_string_equal(review_event_name((enum review_event)99), "?");
}

static void test_refusals_name_what_is_possible(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct review_effects effects;
    assert_int_equal(apply(REVIEW_HELD, REVIEW_EVENT_CANCEL, &effects, &err), ST_CONFLICT);
    assert_string_equal(err.detail, "the review is held: cancel is not possible; possible: report, correct");
    assert_int_equal(apply(REVIEW_CANCELLED, REVIEW_EVENT_HOLD, &effects, &err), ST_CONFLICT);
    assert_string_equal(err.detail, "the review is cancelled: hold is not possible; possible: nothing");
    assert_int_equal(apply(REVIEW_HELD, REVIEW_EVENT_COPY, &effects, &err), ST_CONFLICT);
    assert_int_equal(apply(REVIEW_HELD, 99, &effects, &err), ST_CONFLICT);
    assert_int_equal(apply(99, REVIEW_EVENT_HOLD, &effects, &err), ST_INTERNAL);
    assert_int_equal(apply(-1, REVIEW_EVENT_HOLD, &effects, &err), ST_INTERNAL);
}

static void test_first_invitation_has_sequence_0(void **state)
{
    (void)state;
    struct review_effects effects = applied(REVIEW_PROPOSED, REVIEW_EVENT_INVITE);
    assert_int_equal(effects.calendar, INVITATION_INVITE);
    assert_int_equal(effects.after.sequence, 0);
    assert_false(effects.sequence_rises);
    assert_true(effects.drops_reminders);
    assert_int_equal(effects.after.start, SLOT);
}

static void test_what_calendars_are_told(void **state)
{
    (void)state;
    static const struct {
        int from, event, calendar;
        bool rises, resets, drops;
    } rows[] = {
        {REVIEW_ACCEPTED, REVIEW_EVENT_RESCHEDULE, INVITATION_MOVE, true, true, true},
        {REVIEW_COUNTERED, REVIEW_EVENT_RESCHEDULE, INVITATION_MOVE, true, true, true},
        {REVIEW_NO_SHOW, REVIEW_EVENT_RECONVENE, INVITATION_MOVE, true, true, true},
        {REVIEW_ACCEPTED, REVIEW_EVENT_CHANGE, INVITATION_CHANGE, true, false, true},
        {REVIEW_ACCEPTED, REVIEW_EVENT_REPLACE, INVITATION_REPLACE, true, false, true},
        {REVIEW_ACCEPTED, REVIEW_EVENT_RESEND, INVITATION_RESEND, false, false, false},
        {REVIEW_COUNTERED, REVIEW_EVENT_REFUSE_COUNTER, INVITATION_REFUSE_COUNTER, false, false, false},
        {REVIEW_ACCEPTED, REVIEW_EVENT_CANCEL, INVITATION_CANCEL, true, false, true},
        {REVIEW_ACCEPTED, REVIEW_EVENT_REFUSE, INVITATION_CANCEL, true, false, true},
        {REVIEW_INVITED, REVIEW_EVENT_ANSWER_ACCEPTED, INVITATION_NONE, false, false, false},
        {REVIEW_DRAFT, REVIEW_EVENT_CANCEL, INVITATION_NONE, false, false, true},
        {REVIEW_PROPOSED, REVIEW_EVENT_RESCHEDULE, INVITATION_NONE, false, false, false},
        {REVIEW_DRAFT, REVIEW_EVENT_CHANGE, INVITATION_NONE, false, false, false},
        {REVIEW_HELD, REVIEW_EVENT_REPORT, INVITATION_NONE, false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct review_effects effects = applied(rows[i].from, rows[i].event);
        assert_int_equal(effects.calendar, rows[i].calendar);
        assert_int_equal(effects.sequence_rises, rows[i].rises);
        assert_int_equal(effects.partstat_resets, rows[i].resets);
        assert_int_equal(effects.drops_invitations, rows[i].drops);
        assert_int_equal(effects.after.sequence, situation(rows[i].from).sequence + rows[i].rises);
    }
}

static void test_a_new_slot_replaces_the_old_one(void **state)
{
    (void)state;
    static const int events[][2] = {{REVIEW_DRAFT, REVIEW_EVENT_PROPOSE},
        {REVIEW_DRAFT, REVIEW_EVENT_RESCHEDULE}, {REVIEW_DECLINED, REVIEW_EVENT_RESCHEDULE},
        {REVIEW_NO_SHOW, REVIEW_EVENT_RECONVENE}};
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct review_effects effects = applied(events[i][0], events[i][1]);
        assert_int_equal(effects.after.start, OTHER);
        assert_int_equal(effects.after.end, OTHER + HOUR);
        assert_int_equal(effects.after.slot_on, OTHER_DAY);
        assert_true(effects.drops_reminders);
    }
}

static void expect_slot_refused(int event, instant_t start, instant_t end, const char *pointer)
{
    struct review_situation in = situation(event == REVIEW_EVENT_RECONVENE ? REVIEW_NO_SHOW : REVIEW_PROPOSED);
    struct review_happening what = happening(event);
    what.start = start;
    what.end = end;
    struct error err = ERROR_INIT;
    struct review_effects effects;
    assert_int_equal(review_apply(&in, &what, NOON, &effects, &err), ST_INVALID);
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, pointer);
}

static void test_impossible_slots_are_refused(void **state)
{
    (void)state;
    static const int events[] = {REVIEW_EVENT_PROPOSE, REVIEW_EVENT_RESCHEDULE, REVIEW_EVENT_RECONVENE};
    for (size_t i = 0; i < 3; i++) {
        expect_slot_refused(events[i], INSTANT_NONE, OTHER, "/start");
        expect_slot_refused(events[i], OTHER, INSTANT_NONE, "/end");
        expect_slot_refused(events[i], OTHER, OTHER, "/end");
        expect_slot_refused(events[i], OTHER, OTHER - 1, "/end");
        expect_slot_refused(events[i], OTHER, OTHER + US_PER_DAY + 1, "/end");
        expect_slot_refused(events[i], NOON, NOON + HOUR, "/start");
    }
    expect_slot_refused(REVIEW_EVENT_RESCHEDULE, SLOT, SLOT + HOUR, "/start");
}

static void test_no_invitation_without_a_slot_to_come(void **state)
{
    (void)state;
    struct review_situation in = situation(REVIEW_DRAFT);
    struct review_happening what = happening(REVIEW_EVENT_INVITE);
    struct review_effects effects;
    struct error err = ERROR_INIT;
    assert_int_equal(review_apply(&in, &what, SLOT, &effects, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "past"));
    in.start = in.end = INSTANT_NONE;
    assert_int_equal(review_apply(&in, &what, NOON, &effects, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "no slot"));
}

static void test_nobody_is_absent_before_the_start(void **state)
{
    (void)state;
    struct review_situation in = situation(REVIEW_ACCEPTED);
    struct review_happening what = happening(REVIEW_EVENT_ABSENCE);
    struct review_effects effects;
    struct error err = ERROR_INIT;
    assert_int_equal(review_apply(&in, &what, SLOT - 1, &effects, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "not started"));
    assert_int_equal(review_apply(&in, &what, SLOT, &effects, &err), ST_OK);
    assert_int_equal(effects.after.state, REVIEW_NO_SHOW);
    assert_int_equal(effects.calendar, INVITATION_NONE);
    assert_int_equal(effects.notices, REVIEW_NOTICE_HR | REVIEW_NOTICE_INTERVIEWER);
}

static void test_held_outside_sends_nothing(void **state)
{
    (void)state;
    struct review_situation in = situation(REVIEW_DRAFT);
    in.start = in.end = INSTANT_NONE;
    in.slot_on = DATE_NONE;
    struct review_happening what = happening(REVIEW_EVENT_HOLD);
    what.held_on = TODAY - 400;
    struct review_effects effects;
    assert_int_equal(review_apply(&in, &what, NOON, &effects, NULL), ST_OK);
    assert_int_equal(effects.calendar, INVITATION_NONE);
    assert_int_equal(effects.notices, 0);
    assert_int_equal(effects.after.held_on, TODAY - 400);
    assert_true(review_was_held(&effects.after));
}

static void test_held_before_its_day_takes_the_entry_back(void **state)
{
    (void)state;
    struct review_effects effects = applied(REVIEW_ACCEPTED, REVIEW_EVENT_HOLD);
    assert_int_equal(effects.calendar, INVITATION_CANCEL);
    assert_int_equal(effects.after.sequence, 4);
    struct review_situation in = situation(REVIEW_ACCEPTED);
    struct review_happening what = happening(REVIEW_EVENT_HOLD);
    /* Recorded a few minutes early on the day itself, or any time after. */
    what.today = what.held_on = SLOT_DAY;
    assert_int_equal(review_apply(&in, &what, SLOT - HOUR, &effects, NULL), ST_OK);
    assert_int_equal(effects.calendar, INVITATION_NONE);
    what.today = SLOT_DAY + 3;
    what.held_on = SLOT_DAY - 1;
    assert_int_equal(review_apply(&in, &what, SLOT + 3 * US_PER_DAY, &effects, NULL), ST_OK);
    assert_int_equal(effects.calendar, INVITATION_NONE);
}

static void test_days_held_are_not_to_come(void **state)
{
    (void)state;
    struct review_situation in = situation(REVIEW_ACCEPTED);
    struct review_happening what = happening(REVIEW_EVENT_HOLD);
    struct review_effects effects;
    struct error err = ERROR_INIT;
    what.held_on = TODAY + 1;
    assert_int_equal(review_apply(&in, &what, NOON, &effects, &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/held_on");
    what.held_on = DATE_NONE;
    error_clear(&err);
    assert_int_equal(review_apply(&in, &what, NOON, &effects, &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/held_on");
}

static void test_past_entries_are_left_alone(void **state)
{
    (void)state;
    static const int events[] = {
        REVIEW_EVENT_CANCEL, REVIEW_EVENT_REFUSE, REVIEW_EVENT_CHANGE, REVIEW_EVENT_REPLACE};
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct review_situation in = situation(REVIEW_ACCEPTED);
        struct review_happening what = happening(events[i]);
        struct review_effects effects;
        assert_int_equal(review_apply(&in, &what, SLOT + HOUR, &effects, NULL), ST_OK);
        assert_int_equal(effects.calendar, INVITATION_NONE);
        assert_false(effects.sequence_rises);
        assert_int_equal(effects.after.sequence, 3);
    }
}

static void test_deciders_are_told_once_of_a_decline(void **state)
{
    (void)state;
    unsigned deciders = REVIEW_NOTICE_HR | REVIEW_NOTICE_INTERVIEWER;
    assert_int_equal(applied(REVIEW_INVITED, REVIEW_EVENT_ANSWER_DECLINED).notices, deciders);
    assert_int_equal(applied(REVIEW_DECLINED, REVIEW_EVENT_ANSWER_DECLINED).notices, 0);
    assert_int_equal(applied(REVIEW_COUNTERED, REVIEW_EVENT_ANSWER_COUNTERED).notices, deciders);
    assert_int_equal(applied(REVIEW_INVITED, REVIEW_EVENT_ANSWER_ACCEPTED).notices, 0);
    assert_int_equal(applied(REVIEW_PROPOSED, REVIEW_EVENT_CANCEL).notices, REVIEW_NOTICE_WITHDRAWN);
    assert_int_equal(applied(REVIEW_DRAFT, REVIEW_EVENT_PROPOSE).notices, REVIEW_NOTICE_SLOT);
    assert_int_equal(applied(REVIEW_INVITED, REVIEW_EVENT_REFUSE).notices, REVIEW_NOTICE_HR);
}

static void test_reasons_are_asked_for(void **state)
{
    (void)state;
    static const int rows[][2] = {{REVIEW_NO_SHOW, REVIEW_EVENT_CLOSE}, {REVIEW_HELD, REVIEW_EVENT_CORRECT}};
    for (size_t i = 0; i < 2; i++)
        for (int empty = 0; empty < 2; empty++) {
            struct review_situation in = situation(rows[i][0]);
            struct review_happening what = happening(rows[i][1]);
            what.reason = empty ? "" : NULL;
            struct error err = ERROR_INIT;
            struct review_effects effects;
            assert_int_equal(review_apply(&in, &what, NOON, &effects, &err), ST_INVALID);
            assert_string_equal(err.fields[0].pointer, "/reason");
        }
}

static void test_a_no_show_closed_proves_nothing(void **state)
{
    (void)state;
    struct review_effects effects = applied(REVIEW_NO_SHOW, REVIEW_EVENT_CLOSE);
    assert_int_equal(effects.after.state, REVIEW_CLOSED);
    assert_false(review_was_held(&effects.after));
    assert_true(review_was_held(&(struct review_situation){.state = REVIEW_CLOSED, .held_on = TODAY}));
    assert_false(review_was_held(&(struct review_situation){.state = REVIEW_CANCELLED, .held_on = TODAY}));
}

static void test_a_correction_gives_the_right_day(void **state)
{
    (void)state;
    struct review_happening what = happening(REVIEW_EVENT_CORRECT);
    what.held_on = TODAY - 30;
    static const int to[][2] = {{REVIEW_HELD, REVIEW_HELD}, {REVIEW_REPORTED, REVIEW_REPORTED},
        {REVIEW_CLOSED, REVIEW_CLOSED}, {REVIEW_NO_SHOW, REVIEW_HELD}, {REVIEW_REFUSED, REVIEW_HELD}};
    for (size_t i = 0; i < sizeof to / sizeof to[0]; i++) {
        struct review_situation in = situation(to[i][0]);
        struct review_effects effects;
        assert_int_equal(review_apply(&in, &what, NOON, &effects, NULL), ST_OK);
        assert_int_equal(effects.after.state, to[i][1]);
        assert_int_equal(effects.after.held_on, TODAY - 30);
    }
    struct review_situation closed = situation(REVIEW_CLOSED);
    closed.held_on = DATE_NONE;
    struct review_effects effects;
    assert_int_equal(review_apply(&closed, &what, NOON, &effects, NULL), ST_OK);
    assert_int_equal(effects.after.state, REVIEW_HELD);
}

static void test_what_did_not_take_place_is_a_draft_again(void **state)
{
    (void)state;
    struct review_situation in = situation(REVIEW_CLOSED);
    struct review_happening what = happening(REVIEW_EVENT_CORRECT);
    struct review_effects effects;
    assert_int_equal(review_apply(&in, &what, SLOT + HOUR, &effects, NULL), ST_OK);
    assert_int_equal(effects.after.state, REVIEW_DRAFT);
    assert_int_equal(effects.after.held_on, DATE_NONE);
    assert_int_equal(effects.after.start, INSTANT_NONE);
    assert_int_equal(effects.after.slot_on, DATE_NONE);
    /* A slot still to come stays, and cancelling reaches the calendars that show it. */
    assert_int_equal(review_apply(&in, &what, NOON, &effects, NULL), ST_OK);
    assert_int_equal(effects.after.start, SLOT);
    struct review_situation draft = effects.after;
    what = happening(REVIEW_EVENT_CANCEL);
    assert_int_equal(review_apply(&draft, &what, NOON, &effects, NULL), ST_OK);
    assert_int_equal(effects.calendar, INVITATION_CANCEL);
    assert_false(effects.after.shown);
    what = happening(REVIEW_EVENT_INVITE);
    assert_int_equal(review_apply(&draft, &what, NOON, &effects, NULL), ST_OK);
    assert_int_equal(effects.calendar, INVITATION_INVITE);
    assert_true(effects.sequence_rises);
    assert_int_equal(effects.after.sequence, 4);
}

static void test_nothing_is_cancelled_twice(void **state)
{
    (void)state;
    struct review_effects effects = applied(REVIEW_INVITED, REVIEW_EVENT_REFUSE);
    assert_int_equal(effects.calendar, INVITATION_CANCEL);
    struct review_situation refused = effects.after;
    struct review_happening what = happening(REVIEW_EVENT_CORRECT);
    assert_int_equal(review_apply(&refused, &what, NOON, &effects, NULL), ST_OK);
    struct review_situation draft = effects.after;
    assert_int_equal(draft.start, SLOT);
    what = happening(REVIEW_EVENT_CANCEL);
    assert_int_equal(review_apply(&draft, &what, NOON, &effects, NULL), ST_OK);
    assert_int_equal(effects.calendar, INVITATION_NONE);
}

static void test_answers_become_events(void **state)
{
    (void)state;
    assert_int_equal(review_event_of(ANSWERS_PENDING), REVIEW_EVENT_ANSWER_PENDING);
    assert_int_equal(review_event_of(ANSWERS_ACCEPTED), REVIEW_EVENT_ANSWER_ACCEPTED);
    assert_int_equal(review_event_of(ANSWERS_TENTATIVE), REVIEW_EVENT_ANSWER_TENTATIVE);
    assert_int_equal(review_event_of(ANSWERS_DECLINED), REVIEW_EVENT_ANSWER_DECLINED);
    assert_int_equal(review_event_of(ANSWERS_COUNTERED), REVIEW_EVENT_ANSWER_COUNTERED);
    for (int i = 0; i < REVIEW_STATE_COUNT; i++)
        assert_int_equal(review_answerable((enum review_state)i), i >= REVIEW_INVITED && i <= REVIEW_COUNTERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_state_with_every_event),
        cmocka_unit_test(test_names_follow_the_enums),
        cmocka_unit_test(test_refusals_name_what_is_possible),
        cmocka_unit_test(test_first_invitation_has_sequence_0),
        cmocka_unit_test(test_what_calendars_are_told),
        cmocka_unit_test(test_a_new_slot_replaces_the_old_one),
        cmocka_unit_test(test_impossible_slots_are_refused),
        cmocka_unit_test(test_no_invitation_without_a_slot_to_come),
        cmocka_unit_test(test_nobody_is_absent_before_the_start),
        cmocka_unit_test(test_held_outside_sends_nothing),
        cmocka_unit_test(test_held_before_its_day_takes_the_entry_back),
        cmocka_unit_test(test_days_held_are_not_to_come),
        cmocka_unit_test(test_past_entries_are_left_alone),
        cmocka_unit_test(test_deciders_are_told_once_of_a_decline),
        cmocka_unit_test(test_reasons_are_asked_for),
        cmocka_unit_test(test_a_no_show_closed_proves_nothing),
        cmocka_unit_test(test_a_correction_gives_the_right_day),
        cmocka_unit_test(test_what_did_not_take_place_is_a_draft_again),
        cmocka_unit_test(test_nothing_is_cancelled_twice),
        cmocka_unit_test(test_answers_become_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
