/* Query strings and request targets. */
#include "http/router.h"
#include "target.h"

#include <setjmp.h>
#include <stdarg.h>
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

static enum status parse(const char *text, struct query *ret)
{
    struct error err = ERROR_INIT;
    return query_parse(arena, text, strlen(text), ret, &err);
}

static void test_pairs_are_decoded(void **state)
{
    struct query query;
    (void)state;
    assert_int_equal(
        parse("a=1&b=x%20y+z%2B&caf%C3%A9=%e2%82%ac&empty=&flag&a=2&=v&x==&%26=%3d", &query), ST_OK);
    assert_int_equal(query.count, 9);
    assert_string_equal(query_get(&query, "a"), "1");
    assert_string_equal(query_get(&query, "b"), "x y z+");
    assert_string_equal(query_get(&query, "caf\xc3\xa9"), "\xe2\x82\xac");
    assert_string_equal(query_get(&query, "empty"), "");
    assert_string_equal(query_get(&query, "flag"), "");
    assert_string_equal(query_get(&query, ""), "v");
    assert_string_equal(query_get(&query, "x"), "=");
    assert_string_equal(query_get(&query, "&"), "=");
    assert_null(query_get(&query, "A"));
    assert_string_equal(query.pairs[5].value, "2");
}

static void test_empty_queries(void **state)
{
    struct query query;
    (void)state;
    assert_int_equal(parse("", &query), ST_OK);
    assert_int_equal(query.count, 0);
    assert_int_equal(parse("&&a=1&&", &query), ST_OK);
    assert_int_equal(query.count, 1);
}

static void test_bad_queries_are_refused(void **state)
{
    static const char *const bad[] = {
        "a=%", "a=%1", "a=%zz", "%g0=1", "a=%00", "a=%ff", "a=%c3", "a=%ed%a0%80"};
    struct query query = {.count = 77};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(parse(bad[i], &query), ST_SYNTAX);
    char many[200] = "";
    memset(many, '&', sizeof many - 1);
    for (size_t i = 0; i < 65; i++)
        many[2 * i] = 'a';
    assert_int_equal(parse(many, &query), ST_SYNTAX);
    many[0] = '&';
    assert_int_equal(query.count, 77);
    assert_int_equal(parse(many, &query), ST_OK);
    assert_int_equal(query.count, 64);
    /* bytes beyond the size do not count */
    struct error err = ERROR_INIT;
    assert_int_equal(query_parse(arena, "a=%41", 4, &query, &err), ST_SYNTAX);
    assert_int_equal(query_parse(arena, "a=b&c", 3, &query, &err), ST_OK);
    assert_int_equal(query.count, 1);
}

static int target_status(const char *target, const char **ret_path, const char **ret_query)
{
    struct head head = {.method = HTTP_GET_, .target = target};
    return target_parse(arena, &head, ret_path, ret_query).status;
}

static void test_targets(void **state)
{
    static const struct {
        const char *target, *path, *query;
    } cases[] = {
        {"/", "/", ""},
        {"/?", "/", ""},
        {"/a/b?c=%2F?d", "/a/b", "c=%2F?d"},
        {"/a//b/", "/a//b/", ""},
        {"/%61+b", "/a+b", ""},
        {"/.well-known/..a/...", "/.well-known/..a/...", ""},
        {"http://h", "/", ""},
        {"HTTPS://u@h:1/a?b", "/a", "b"},
        {"http://h?b", "/", "b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path, *query;
        assert_int_equal(target_status(cases[i].target, &path, &query), 0);
        assert_string_equal(path, cases[i].path);
        assert_string_equal(query, cases[i].query);
    }
}

static void test_bad_targets(void **state)
{
    static const char *const bad[] = {"", "a", "*", "http://", "http:///a", "ftp://h/a", "/a#", "/%2f", "/a%5C",
        "/.", "/..", "/a/.", "/a/..", "/a/./b", "/%2e%2e/", "/.%2E/a", "/%00", "/%1f", "/%7f", "/%c2%80",
        "/%80", "/%", "/%a"};
    const char *path = NULL, *query = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (target_status(bad[i], &path, &query) != 400)
            fail_msg("%s is taken", bad[i]);
    assert_null(path);
}

#define QUERY_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUERY_TEST(test_pairs_are_decoded),
        QUERY_TEST(test_empty_queries),
        QUERY_TEST(test_bad_queries_are_refused),
        QUERY_TEST(test_targets),
        QUERY_TEST(test_bad_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
