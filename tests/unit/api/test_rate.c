/* Token buckets: how much a caller may, how many wrong guesses an address has, and that the tables stay fair
 * when more callers come than they hold. */
#include "internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { GUESSES = 100, START = 1000 };

static int set_up(void **state)
{
    struct api *api = calloc(1, sizeof *api);
    assert_non_null(api);
    api->rate_seed = 7;
    *state = api;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static bool guess(struct api *api, const char *peer, int64_t now)
{
    int retry = 0;
    return rate_take_failure(api, peer, now, &retry);
}

static bool barred(struct api *api, const char *peer, int64_t now)
{
    int retry = 0;
    bool is = rate_is_barred(api, peer, now, &retry);
    assert_true(is == (retry > 0));
    return is;
}

static void guess_all(struct api *api, const char *peer, int64_t now)
{
    for (int i = 0; i < GUESSES; i++) {
        assert_false(barred(api, peer, now));
        assert_true(guess(api, peer, now));
    }
}

static void test_an_address_is_barred_once_its_guesses_are_spent(void **state)
{
    struct api *api = *state;
    int64_t now = START;
    guess_all(api, "192.0.2.1", now);
    assert_true(barred(api, "192.0.2.1", now));
    assert_false(guess(api, "192.0.2.1", now));
    assert_false(barred(api, "192.0.2.2", now));
    now += US_PER_SEC / 20;
    assert_false(barred(api, "192.0.2.1", now));
    assert_true(guess(api, "192.0.2.1", now));
    assert_true(barred(api, "192.0.2.1", now));
    now += 3600 * US_PER_SEC;
    guess_all(api, "192.0.2.1", now);
    assert_true(barred(api, "192.0.2.1", now));
}

static void test_looking_costs_nothing(void **state)
{
    struct api *api = *state;
    for (int i = 0; i < 10 * GUESSES; i++)
        assert_false(barred(api, "192.0.2.1", START));
    guess_all(api, "192.0.2.1", START);
}

static void test_a_network_guesses_together(void **state)
{
    struct api *api = *state;
    char peer[64];
    for (int i = 0; i < GUESSES; i++) {
        snprintf(peer, sizeof peer, "2001:db8:1:2::%x", (unsigned)i + 1);
        assert_true(guess(api, peer, START));
    }
    assert_true(barred(api, "2001:db8:1:2:ffff::1", START));
    assert_false(barred(api, "2001:db8:1:3::1", START));
}

static void test_requests_do_not_give_guesses_back(void **state)
{
    struct api *api = *state;
    char who[64];
    int retry;
    guess_all(api, "192.0.2.1", START);
    for (int i = 0; i < 50000; i++) {
        snprintf(who, sizeof who, "tok_%d", i);
        assert_true(rate_take(api, RATE_PEOPLE, who, START, &retry));
    }
    assert_true(barred(api, "192.0.2.1", START));
}

/* Whoever fills the table with addresses of his own finds no full bucket in it, but what he left. */
static void test_many_addresses_do_not_give_guesses_back(void **state)
{
    struct api *api = *state;
    char peer[64];
    int64_t allowed = 0, asked = 0;
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 2 * RATE_SLOTS; i++)
            for (int n = 0; n < GUESSES; n++, asked++) {
                snprintf(peer, sizeof peer, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
                allowed += guess(api, peer, START);
            }
    assert_in_range(allowed, 1, (int64_t)RATE_SLOTS * GUESSES);
    assert_true(asked > 5 * allowed);
}

static void test_a_caller_gets_as_much_as_the_class_allows(void **state)
{
    struct api *api = *state;
    int retry = 0, taken = 0;
    while (rate_take(api, RATE_PEOPLE, "tok_1", START, &retry))
        taken++;
    assert_int_equal(taken, 4000);
    assert_int_equal(retry, 1);
    assert_true(rate_take(api, RATE_PEOPLE, "tok_2", START, &retry));
    assert_true(rate_take(api, RATE_HOOK, "tok_1", START, &retry));
    assert_true(rate_take(api, RATE_PEOPLE, "tok_1", START + US_PER_SEC / 2000, &retry));
    assert_false(rate_take(api, RATE_PEOPLE, "tok_1", START + US_PER_SEC / 2000, &retry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_an_address_is_barred_once_its_guesses_are_spent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_looking_costs_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_network_guesses_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_requests_do_not_give_guesses_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_addresses_do_not_give_guesses_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_caller_gets_as_much_as_the_class_allows, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
