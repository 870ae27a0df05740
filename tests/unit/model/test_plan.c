/* The states of actions and needs: every pair, what needs evidence or a reason. */
#include "model/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One letter a state, in the order of the enum: from each, where it may go. */
static const char letters[] = "RAPEIDCWX";
static const char *const allowed[] = {
    "APEIDCWX", "PEIDCWX", "AEIDCW", "PIDCW", "PEDCW", "I", "R", "RAPEIDCX", "R"};

static void test_every_pair(void **state)
{
    (void)state;
    for (int from = 0; from < ACTION_STATE_COUNT; from++)
        for (int to = 0; to < ACTION_STATE_COUNT; to++) {
            struct action_step step = {.to = to, .proved = true, .reason = "budget"};
            struct error err = ERROR_INIT;
            enum status expected = from == to || strchr(allowed[from], letters[to]) ? ST_OK : ST_CONFLICT;
            assert_int_equal(action_apply((enum action_state)from, &step, &err), expected);
        }
}

static void test_done_needs_evidence(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct action_step step = {.to = ACTION_DONE};
    assert_int_equal(action_apply(ACTION_PLANNED, &step, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "evidence"));
    step.proved = true;
    assert_int_equal(action_apply(ACTION_PLANNED, &step, &err), ST_OK);
}

static void test_reasons(void **state)
{
    (void)state;
    static const int pairs[][2] = {{ACTION_PLANNED, ACTION_CANCELLED}, {ACTION_PLANNED, ACTION_POSTPONED},
        {ACTION_REQUESTED, ACTION_REFUSED}, {ACTION_DONE, ACTION_IN_PROGRESS}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct error err = ERROR_INIT;
        struct action_step step = {.to = pairs[i][1], .proved = true};
        assert_int_equal(action_apply((enum action_state)pairs[i][0], &step, &err), ST_INVALID);
        assert_string_equal(err.fields[0].pointer, "/reason");
    }
}

static void test_a_refusal_names_what_is_possible(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct action_step step = {.to = ACTION_PLANNED, .reason = "x"};
    assert_int_equal(action_apply(ACTION_DONE, &step, &err), ST_CONFLICT);
    assert_non_null(strstr(err.detail, "the action is done"));
    assert_non_null(strstr(err.detail, "possible: in_progress"));
    assert_true(action_open(ACTION_POSTPONED));
    assert_false(action_open(ACTION_DONE));
    assert_false(action_open(ACTION_REFUSED));
}

static void test_needs(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    assert_int_equal(need_apply(NEED_OPEN, NEED_REFUSED, "no budget", &err), ST_OK);
    assert_int_equal(need_apply(NEED_REFUSED, NEED_OPEN, NULL, &err), ST_OK);
    assert_int_equal(need_apply(NEED_OPEN, NEED_WITHDRAWN, "", &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/reason");
    error_clear(&err);
    assert_int_equal(need_apply(NEED_OPEN, NEED_MET, "x", &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/state");
    assert_int_equal(need_apply(NEED_PLANNED, NEED_REFUSED, "x", &err), ST_CONFLICT);

    assert_int_equal(need_follows(NEED_OPEN, 0, 0), NEED_OPEN);
    assert_int_equal(need_follows(NEED_OPEN, 1, 0), NEED_PLANNED);
    assert_int_equal(need_follows(NEED_PLANNED, 0, 0), NEED_OPEN);
    assert_int_equal(need_follows(NEED_PLANNED, 2, 1), NEED_MET);
    assert_int_equal(need_follows(NEED_MET, 1, 0), NEED_PLANNED);
    assert_int_equal(need_follows(NEED_REFUSED, 0, 0), NEED_REFUSED);
    assert_int_equal(need_follows(NEED_REFUSED, 1, 0), NEED_PLANNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_pair),
        cmocka_unit_test(test_done_needs_evidence), cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_a_refusal_names_what_is_possible), cmocka_unit_test(test_needs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
