/* Patterns, precedence, 405, and what may not stand beside each other. */
#include "http/router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct router *router;
    struct arena *arena;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){router_new(), arena_new(0)};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    router_free(f->router);
    arena_free(f->arena);
    return 0;
}

/* The target of a route is its pattern. */
static void add(struct fixture *f, enum http_method method, const char *pattern)
{
    struct error err = ERROR_INIT;
    if (router_add(f->router, method, pattern, pattern, &err) != ST_OK)
        fail_msg("%s", err.detail);
}

static struct router_match find(struct fixture *f, enum http_method method, const char *path)
{
    struct router_match match;
    router_find(f->router, method, path, f->arena, &match);
    return match;
}

static void expect(struct fixture *f, const char *path, const char *pattern)
{
    struct router_match match = find(f, HTTP_GET_, path);
    if (!pattern) {
        assert_null(match.target);
        return;
    }
    assert_non_null(match.target);
    assert_string_equal(match.target, pattern);
}

static void test_segments_and_names(void **state)
{
    struct fixture *f = *state;
    add(f, HTTP_GET_, "/");
    add(f, HTTP_GET_, "/v1/employees");
    add(f, HTTP_GET_, "/v1/employees/{id}");
    add(f, HTTP_GET_, "/v1/employees/{id}/absences/{absence}");
    add(f, HTTP_GET_, "/console/{path*}");
    expect(f, "/", "/");
    expect(f, "/v1/employees", "/v1/employees");
    expect(f, "/v1/employees/", NULL);
    expect(f, "/v1/employee", NULL);
    expect(f, "/v1/employees2", NULL);
    expect(f, "/v1", NULL);
    expect(f, "//v1/employees", NULL);
    expect(f, "/v1//employees", NULL);
    expect(f, "", NULL);
    struct router_match match = find(f, HTTP_GET_, "/v1/employees/emp 1/absences/\xc3\xa9");
    assert_string_equal(match.target, "/v1/employees/{id}/absences/{absence}");
    assert_int_equal(match.count, 2);
    assert_string_equal(router_param(&match, "id"), "emp 1");
    assert_string_equal(router_param(&match, "absence"), "\xc3\xa9");
    assert_null(router_param(&match, "name"));
    assert_null(find(f, HTTP_GET_, "/v1/employees//absences/a").target);
    match = find(f, HTTP_GET_, "/console/assets/a.js");
    assert_string_equal(router_param(&match, "path"), "assets/a.js");
    match = find(f, HTTP_GET_, "/console/");
    assert_string_equal(router_param(&match, "path"), "");
    expect(f, "/console", NULL);
}

static void test_the_more_specific_wins(void **state)
{
    struct fixture *f = *state;
    add(f, HTTP_GET_, "/{a*}");
    add(f, HTTP_GET_, "/v1/{kind}/{id}");
    add(f, HTTP_GET_, "/v1/audit/{id}");
    add(f, HTTP_GET_, "/v1/audit/head");
    add(f, HTTP_GET_, "/v1/audit/head/{rest*}");
    expect(f, "/v1/audit/head", "/v1/audit/head");
    expect(f, "/v1/audit/x", "/v1/audit/{id}");
    expect(f, "/v1/other/head", "/v1/{kind}/{id}");
    expect(f, "/v1/audit/head/x", "/v1/audit/head/{rest*}");
    /* a branch that leads nowhere is left again, with what it had taken */
    struct router_match match = find(f, HTTP_GET_, "/v1/audit/x/y");
    assert_string_equal(match.target, "/{a*}");
    assert_int_equal(match.count, 1);
    assert_string_equal(router_param(&match, "a"), "v1/audit/x/y");
}

static void test_methods(void **state)
{
    struct fixture *f = *state;
    add(f, HTTP_GET_, "/a/{id}");
    add(f, HTTP_DELETE_, "/a/{name}");
    add(f, HTTP_POST_, "/a/search");
    add(f, HTTP_GET_, "/b");
    add(f, HTTP_HEAD_, "/b");
    struct router_match match = find(f, HTTP_HEAD_, "/a/1");
    assert_string_equal(match.target, "/a/{id}");
    match = find(f, HTTP_DELETE_, "/a/1");
    assert_string_equal(router_param(&match, "name"), "1");
    match = find(f, HTTP_PUT_, "/a/1");
    assert_null(match.target);
    assert_string_equal(match.allow, "GET, HEAD, DELETE");
    match = find(f, HTTP_GET_, "/a/search");
    assert_string_equal(match.target, "/a/{id}");
    match = find(f, HTTP_OTHER_, "/a/search");
    assert_null(match.target);
    assert_string_equal(match.allow, "GET, HEAD, POST, DELETE");
    match = find(f, HTTP_GET_, "/nowhere");
    assert_null(match.target);
    assert_null(match.allow);
    match = find(f, HTTP_HEAD_, "/b");
    assert_string_equal(match.target, "/b");
}

static enum status try(struct fixture *f, const char *pattern, struct error *err)
{
    return router_add(f->router, HTTP_GET_, pattern, pattern, err);
}

static void test_ambiguous_patterns_are_refused(void **state)
{
    static const char *const pairs[][2] = {
        {"/a", "/a"},
        {"/a/{x}", "/a/{y}"},
        {"/b/{x}/c", "/b/d/{y}"},
        {"/e/{x*}", "/e/{y*}"},
        {"/g/{x*}", "/{y}/h"},
    };
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        add(f, HTTP_GET_, pairs[i][0]);
        assert_int_equal(try(f, pairs[i][1], &err), ST_CONFLICT);
        assert_non_null(strstr(err.detail, pairs[i][0]));
    }
    /* these are told apart */
    assert_int_equal(try(f, "/b/{x}/c/d", &err), ST_OK);
    assert_int_equal(try(f, "/b/d/c", &err), ST_OK);
    assert_int_equal(try(f, "/e/x", &err), ST_OK);
    assert_int_equal(try(f, "/a/", &err), ST_OK);
    assert_int_equal(router_add(f->router, HTTP_POST_, "/a", "a", &err), ST_OK);
}

static void test_malformed_patterns_are_refused(void **state)
{
    static const char *const patterns[] = {"", "a", "/{}", "/{*}", "/{a", "/a}", "/a{b}", "/{a}b", "/{{a}}",
        "/{a*}/b", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"};
    struct fixture *f = *state;
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_int_equal(try(f, patterns[i], &err), ST_INVALID);
    assert_int_equal(router_add(f->router, HTTP_OTHER_, "/a", "a", &err), ST_INVALID);
    assert_int_equal(router_add(f->router, HTTP_GET_, "/a", NULL, &err), ST_INVALID);
    expect(f, "/a", NULL);
}

#define ROUTER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROUTER_TEST(test_segments_and_names),
        ROUTER_TEST(test_the_more_specific_wins),
        ROUTER_TEST(test_methods),
        ROUTER_TEST(test_ambiguous_patterns_are_refused),
        ROUTER_TEST(test_malformed_patterns_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
