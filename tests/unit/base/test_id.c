/* Identifiers: their order, their shape, and what is not one. */
#include "base/id.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORG  "0123456789"
#define ULID "01hf3k9z8y7x6w5v4t3s2r1q0p"

static void test_ids_ascend_whatever_the_clock_does(void **state)
{
    (void)state;
    char before[ID_MAX];
    char after[ID_MAX];
    const instant_t base = INT64_C(1763800000000000);
    id_new(before, "emp", ORG, base);
    for (int i = 0; i < 2000; i++) {
        id_new(after, "emp", ORG, base + (i % 7 - 3) * 1000 + i);
        assert_true(strcmp(before, after) < 0);
        memcpy(before, after, sizeof(before));
    }
    id_new(after, "emp", ORG, base + US_PER_DAY);
    assert_true(strcmp(before, after) < 0);
    assert_memory_not_equal(before + 4 + 11, after + 4 + 11, 10);
    id_new(before, "emp", ORG, -5);
    assert_true(id_valid(before, "emp"));
}

static void test_shape_and_parse(void **state)
{
    (void)state;
    char org[ORG_KEY_MAX];
    char id[ID_MAX];
    char read[ORG_KEY_MAX];
    org_key_new(org);
    assert_int_equal(strlen(org), 10);
    id_new(id, "rev", org, INT64_C(1763800000000000));
    assert_int_equal(strlen(id), 3 + 1 + 10 + 1 + 26);
    assert_true(id_parse(id, "rev", read));
    assert_string_equal(read, org);
    assert_true(id_parse(id, NULL, read));
    assert_true(id_parse(id, "rev", NULL));
    assert_false(id_valid(id, "emp"));
    assert_false(id_valid(id, "re"));
    assert_false(id_valid(id, "revi"));

    id_new(id, "org", org, 0);
    assert_int_equal(strlen(id), 14);
    assert_true(id_parse(id, "org", read));
    assert_string_equal(read, org);

    id_new(id, "token", "system", 0);
    assert_true(id_parse(id, "token", read));
    assert_string_equal(read, "system");
    id_new(id, "operation", org, 0);
    assert_true(id_valid(id, "operation"));
}

static void test_what_is_no_id(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "_", "emp", "emp_", "emp_" ORG, "emp_" ORG "_",
        "emp_" ORG "_" ULID "x", "emp_" ORG "_8" ULID, "emp_" ORG "_81hf3k9z8y7x6w5v4t3s2r1q0p",
        "EMP_" ORG "_" ULID, "emp_" ORG "__" ULID, "emp_012345678_" ULID, "emp_012345678u_" ULID,
        "emp_systems_" ULID, "emp_" ORG "_01HF3K9Z8Y7X6W5V4T3S2R1Q0P", "org_" ORG "_" ULID, "org_",
        "org_012345678", "abcdefghij_" ORG "_" ULID, " emp_" ORG "_" ULID, "emp_" ORG "_" ULID "\n",
        "e1p_" ORG "_" ULID};
    char org[ORG_KEY_MAX] = "untouched";
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(id_parse(bad[i], NULL, org));
    assert_string_equal(org, "untouched");
    assert_false(id_valid(NULL, NULL));
    assert_true(id_valid("emp_" ORG "_" ULID, "emp"));
    assert_true(id_valid("org_" ORG, NULL));
}

static void test_derived_ids(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    static const char employee[] = "emp_" ORG "_" ULID, later[] = "emp_" ORG "_01hf3k9z900000000000000000";
    char *a = id_derive(arena, "duty", ORG, employee, "PERIODIC|2024-03-08");
    char read[ORG_KEY_MAX];
    assert_string_equal(a, id_derive(arena, "duty", ORG, employee, "PERIODIC|2024-03-08"));
    assert_string_not_equal(a, id_derive(arena, "duty", ORG, employee, "PERIODIC|2024-03-09"));
    assert_string_not_equal(
        a + 15, id_derive(arena, "duty", "0123456788", employee, "PERIODIC|2024-03-08") + 15);
    assert_true(id_parse(a, "duty", read));
    assert_string_equal(read, ORG);
    assert_true(strcmp(a, id_derive(arena, "duty", ORG, later, "PERIODIC|2024-03-08")) < 0);
    assert_true(id_valid(id_derive(arena, "duty", ORG, "no id", "PERIODIC|2024-03-08"), "duty"));
    char *made = id_make(arena, "duty", ORG, 1);
    assert_true(id_valid(made, "duty"));
    arena_free(arena);
}

enum { THREADS = 4, IDS_EACH = 500 };

static void *make_ids(void *context)
{
    char(*ids)[ID_MAX] = context;
    for (int i = 0; i < IDS_EACH; i++)
        id_new(ids[i], "evt", ORG, INT64_C(1763800000000000));
    return NULL;
}

static char ids_made[THREADS][IDS_EACH][ID_MAX];

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void test_threads_never_make_the_same(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_ids, ids_made[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        for (int j = 1; j < IDS_EACH; j++)
            assert_true(strcmp(ids_made[i][j - 1], ids_made[i][j]) < 0);
    }
    qsort(ids_made, THREADS * IDS_EACH, ID_MAX, compare_ids);
    char(*all)[ID_MAX] = ids_made[0];
    for (int i = 1; i < THREADS * IDS_EACH; i++)
        assert_string_not_equal(all[i - 1], all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids_ascend_whatever_the_clock_does),
        cmocka_unit_test(test_shape_and_parse),
        cmocka_unit_test(test_what_is_no_id),
        cmocka_unit_test(test_derived_ids),
        cmocka_unit_test(test_threads_never_make_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
