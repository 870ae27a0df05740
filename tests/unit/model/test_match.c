/* Ranking of actions for a completion. */
#include "model/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int score(const char *course, const char *code, const char *action, const char *action_code, date_t day)
{
    struct arena *arena = arena_new(0);
    const char *why = NULL;
    const struct match_case c = {.completion = {.title = course, .code = code},
        .action = {.title = action, .code = action_code},
        .day = day,
        .from = date_of(2026, 3, 1),
        .to = date_of(2026, 3, 31),
        .year = 2026,
        .open = true};
    int points = match_score(arena, &c, &why);
    assert_non_null(why);
    arena_free(arena);
    return points;
}

static void test_ranking(void **state)
{
    (void)state;
    date_t march = date_of(2026, 3, 10);
    assert_int_equal(score("Sécurité incendie", NULL, "SÉCURITÉ  INCENDIE", NULL, march), 100);
    assert_int_equal(score("Sécurité incendie", NULL, "Comptabilité", NULL, march), 0);
    assert_int_equal(score(NULL, NULL, "Comptabilité", NULL, march), 0);
    assert_int_equal(score("de la du", NULL, "de la du", NULL, march), 0);
    int same_code = score("A completely different title", "SST", "Secourisme", "sst", march);
    int half = score("Sécurité au poste", NULL, "Sécurité incendie", NULL, march);
    assert_true(same_code > half && half > 0);
    assert_true(score("Sécurité incendie", NULL, "Sécurité incendie", NULL, date_of(2026, 4, 20)) < 100);
    assert_true(score("Sécurité incendie", NULL, "Sécurité incendie", NULL, date_of(2026, 4, 20)) >
                score("Sécurité incendie", NULL, "Sécurité incendie", NULL, date_of(2024, 4, 20)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ranking)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
