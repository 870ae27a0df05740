/* Authorization and lists of entity tags, strictly. */
#include "http/credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state)
{
    arena = arena_new(0);
    *state = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void test_bearer(void **state)
{
    static const char *const bad[] = {"", "Bearer", "Bearer ", "Bearer  ", "Bearer a b", "Bearer a,b",
        "Bearer \"a\"", "Bearer =", "Bearer a=b", "Bearera", "Basic YTpi", "Bearer\ta", "Bearer a ",
        " Bearer a"};
    (void)state;
    assert_string_equal(credentials_bearer("Bearer abc-._~+/9=="), "abc-._~+/9==");
    assert_string_equal(credentials_bearer("bEARER   x"), "x");
    assert_null(credentials_bearer(NULL));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(credentials_bearer(bad[i]));
}

static void test_basic(void **state)
{
    static const char *const bad[] = {"Basic", "Basic ", "Basic YWJj" /* abc */, "Basic YTpi=", "Basic YTpi!",
        "Basic YTpiYw" /* a:bc without padding */, "Basic YToA" /* a:NUL */, "Basic YTr/" /* a:0xff */,
        "Basic YToK" /* a:LF */, "Bearer YTpi"};
    const char *user = NULL, *password = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (credentials_basic(arena, bad[i], &user, &password))
            fail_msg("%s is taken", bad[i]);
    assert_false(credentials_basic(arena, NULL, &user, &password));
    assert_null(user);
    assert_true(credentials_basic(arena, "basic YTpiOmM=", &user, &password));
    assert_string_equal(user, "a");
    assert_string_equal(password, "b:c");
    assert_true(credentials_basic(arena, "Basic Og==", &user, &password));
    assert_string_equal(user, "");
    assert_string_equal(password, "");
}

static struct etags parse(const char *text)
{
    struct etags etags;
    struct error err = ERROR_INIT;
    if (etags_parse(arena, text, &etags, &err) != ST_OK)
        fail_msg("%s: %s", text, err.detail);
    return etags;
}

static void test_entity_tags(void **state)
{
    (void)state;
    struct etags etags = parse("\"a\" , W/\"b\",, \"c,d\"\t,\"\"");
    assert_int_equal(etags.count, 4);
    assert_true(etags_match_strong(&etags, "\"a\""));
    assert_false(etags_match_strong(&etags, "W/\"a\""));
    assert_true(etags_match_weak(&etags, "W/\"a\""));
    assert_false(etags_match_strong(&etags, "\"b\""));
    assert_true(etags_match_weak(&etags, "\"b\""));
    assert_true(etags_match_weak(&etags, "W/\"b\""));
    assert_true(etags_match_strong(&etags, "\"c,d\""));
    assert_true(etags_match_strong(&etags, "\"\""));
    assert_false(etags_match_weak(&etags, "\"d\""));
    assert_false(etags_match_weak(&etags, NULL));
    etags = parse("*");
    assert_true(etags.any);
    assert_true(etags_match_strong(&etags, "\"x\""));
    assert_false(etags_match_strong(&etags, NULL));
    assert_false(etags_match_weak(&etags, NULL));
}

static void test_bad_entity_tags(void **state)
{
    static const char *const bad[] = {"", ",", " ", "a", "'a'", "\"a", "\"", "w/\"a\"", "W/a", "W/", "W /\"a\"",
        "\"a\"\"b\"", "\"a\" \"b\"", "\"a b\"", "*, \"a\"", "\"a\", *", "\"a\x7f\""};
    struct etags etags = {.count = 7};
    struct error err = ERROR_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (etags_parse(arena, bad[i], &etags, &err) != ST_SYNTAX)
            fail_msg("%s is taken", bad[i]);
    char many[ETAGS_MAX * 3 + 4] = "";
    for (int i = 0; i <= ETAGS_MAX; i++)
        memcpy(many + 3 * i, "\"\",", 3);
    assert_int_equal(etags_parse(arena, many, &etags, &err), ST_SYNTAX);
    assert_int_equal(etags.count, 7);
    assert_int_equal(etags_parse(arena, many + 3, &etags, &err), ST_OK);
    assert_int_equal(etags.count, ETAGS_MAX);
}

#define CREDENTIALS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CREDENTIALS_TEST(test_bearer),
        CREDENTIALS_TEST(test_basic),
        CREDENTIALS_TEST(test_entity_tags),
        CREDENTIALS_TEST(test_bad_entity_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
