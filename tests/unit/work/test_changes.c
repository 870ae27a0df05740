/* What audit payloads say about a change. */
#include "people.h"

#include "work/changes.h"

static struct employee employee(void)
{
    struct employee one;
    field_clear(&employee_table, &one);
    one.id = "emp_x";
    one.number = "M1";
    one.given_name = "Ada";
    one.family_name = "Byron";
    one.hire_date = date_of(2020, 3, 1);
    return one;
}

static void says(struct arena *arena, const struct employee *before, const struct employee *after,
    const char *reason, const char *expected)
{
    assert_string_equal(changes_payload(arena, &employee_table, before, after, reason, NULL), expected);
}

static void test_only_what_differs_is_named(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct employee before = employee();
    struct employee after = before;
    says(arena, &before, &after, NULL, "{\"changed\":{}}");
    after.email = "ada@example.org";
    after.hire_date = date_of(2020, 4, 1);
    after.id = "emp_y"; /* not the writer's to change */
    says(arena, &before, &after, "typo",
        "{\"changed\":{\"email\":[null,\"ada@example.org\"],\"hire_date\":[\"2020-03-01\",\"2020-04-01\"]},"
        "\"reason\":\"typo\"}");
    arena_free(arena);
}

static void test_beginnings_and_ends(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct employee one = employee();
    says(arena, NULL, &one, NULL,
        "{\"changed\":{\"family_name\":[null,\"Byron\"],\"given_name\":[null,\"Ada\"],"
        "\"hire_date\":[null,\"2020-03-01\"],\"number\":[null,\"M1\"]}}");
    const char *end = changes_payload(arena, &employee_table, &one, NULL, NULL, "fact_1");
    assert_non_null(strstr(end, "\"number\":[\"M1\",null]"));
    assert_non_null(strstr(end, "\"cause\":\"fact_1\""));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_differs_is_named),
        cmocka_unit_test(test_beginnings_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
