/* What values of each kind may look like. */
#include "invocation.h"

#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    enum value_kind kind;
    const char *text, *sent; /* NULL: refused */
} cases[] = {
    {VALUE_TEXT, "Zoé", "Zoé"},
    {VALUE_TEXT, "", NULL},
    {VALUE_TEXT, "\xff", NULL},
    {VALUE_INT, "30", "30"},
    {VALUE_INT, "-1", "-1"},
    {VALUE_INT, "030", NULL},
    {VALUE_INT, "3x", NULL},
    {VALUE_BOOL, "yes", "true"},
    {VALUE_BOOL, "non", "false"},
    {VALUE_BOOL, "maybe", NULL},
    {VALUE_DATE, "2026-11-22", "2026-11-22"},
    {VALUE_DATE, "22/11/2026", "2026-11-22"},
    {VALUE_DATE, "2026-02-30", NULL},
    {VALUE_DATE, "tomorrow", NULL},
    {VALUE_INSTANT, "2026-12-10T09:00", "2026-12-10T09:00"},
    {VALUE_INSTANT, "2026-12-10 09:00", "2026-12-10T09:00"},
    {VALUE_INSTANT, "2026-12-10T09:00:30", "2026-12-10T09:00:30"},
    {VALUE_INSTANT, "2026-12-10T09:00:00+01:00", "2026-12-10T09:00:00+01:00"},
    {VALUE_INSTANT, "2026-12-10T25:00", NULL},
    {VALUE_INSTANT, "2026-12-10", NULL},
    {VALUE_MINUTES, "45", "45"},
    {VALUE_MINUTES, "1h", "60"},
    {VALUE_MINUTES, "1h30", "90"},
    {VALUE_MINUTES, "1h05", "65"},
    {VALUE_MINUTES, "35h", "2100"},
    {VALUE_MINUTES, "1h60", NULL},
    {VALUE_MINUTES, "h30", NULL},
    {VALUE_MINUTES, "1h005", NULL},
    {VALUE_MINUTES, "-5", NULL},
    {VALUE_CENTS, "1234.56", "123456"},
    {VALUE_CENTS, "1 234,5", "123450"},
    {VALUE_CENTS, "12.345", NULL},
    {VALUE_JSON, "[{\"year\":2025,\"average\":61}]", "[{\"year\":2025,\"average\":61}]"},
    {VALUE_JSON, "[1", NULL},
    {VALUE_PERSON, "1042", "1042"},
    {VALUE_FILE, "-", "-"},
};

static void test_kinds(void **state)
{
    struct arena *arena = arena_new(0);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct parameter parameter = {.name = "--x", .kind = cases[i].kind};
        struct error err = ERROR_INIT;
        const char *sent = "untouched";
        enum status status = value_check(arena, &parameter, cases[i].text, &sent, &err);
        assert_int_equal(status, cases[i].sent ? ST_OK : ST_INVALID);
        assert_string_equal(sent, cases[i].sent ? cases[i].sent : "untouched");
        if (!cases[i].sent)
            assert_non_null(strstr(err.detail, "--x"));
    }
    arena_free(arena);
}

static void test_a_dash_clears_a_member(void **state)
{
    static const struct parameter member = {
        .name = "--end", .kind = VALUE_DATE, .place = PLACE_BODY, .to = "/end"};
    static const struct parameter query = {
        .name = "--to", .kind = VALUE_DATE, .place = PLACE_QUERY, .to = "to"};
    struct arena *arena = arena_new(0);
    const char *sent = NULL;
    (void)state;
    assert_int_equal(value_check(arena, &member, "-", &sent, NULL), ST_OK);
    assert_string_equal(sent, "-");
    assert_int_equal(value_check(arena, &query, "-", &sent, NULL), ST_INVALID);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_a_dash_clears_a_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
