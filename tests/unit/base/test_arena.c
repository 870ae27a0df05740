/* Arena memory: alignment, zeroing, growth, reset, deferred releases, aborts. */
#include "base/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void test_allocations_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64);
    unsigned char *seen[200];
    for (size_t i = 0; i < 200; i++) {
        seen[i] = arena_alloc(arena, i);
        assert_int_equal((uintptr_t)seen[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(seen[i][k], 0);
        memset(seen[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_equal(seen[i][k], i);
    assert_ptr_not_equal(arena_alloc(arena, 0), arena_alloc(arena, 0));
    arena_free(arena);
}

static void test_reset_zeroes_again(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(arena_used(arena), 0);
        for (int i = 0; i < 50; i++) {
            unsigned char *bytes = arena_alloc(arena, 1000);
            assert_int_equal(bytes[0] | bytes[999], 0);
            memset(bytes, 0xAA, 1000);
        }
        assert_true(arena_used(arena) >= 50000);
        arena_reset(arena);
    }
    arena_free(arena);
    arena_free(NULL);
}

static void test_large_allocations(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    char *small = arena_strdup(arena, "small");
    unsigned char *large = arena_alloc(arena, 5 << 20);
    large[(5 << 20) - 1] = 1;
    char *after = arena_strdup(arena, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    arena_free(arena);
}

static void test_text_copies(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    assert_null(arena_strdup(arena, NULL));
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_string_equal(arena_strndup(arena, "employee", 3), "emp");
    assert_string_equal(arena_strndup(arena, "abc", 10), "abc");
    char unterminated[3] = {'x', 'y', 'z'};
    assert_string_equal(arena_strndup(arena, unterminated, 3), "xyz");
    assert_memory_equal(arena_copy(arena, "a\0b", 3), "a\0b", 3);
    assert_non_null(arena_copy(arena, NULL, 0));
    char *long_text = arena_printf(arena, "%5000d|", 7);
    assert_int_equal(strlen(long_text), 5001);
    assert_string_equal(long_text + 4999, "7|");
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 1), "a-1");
    int *numbers = ARENA_ARRAY(arena, 10, int);
    assert_int_equal(numbers[9], 0);
    assert_int_equal(*ARENA_NEW(arena, int), 0);
    arena_free(arena);
}

static char order[8];

static void note(void *value)
{
    strncat(order, value, sizeof order - strlen(order) - 1);
}

static struct arena *nesting;

static void defer_more(void *value)
{
    note(value);
    arena_defer(nesting, note, arena_strdup(nesting, "n"));
}

static void test_releases_run_latest_first_and_once(void **state)
{
    (void)state;
    order[0] = '\0';
    struct arena *arena = arena_new(0);
    arena_defer(arena, note, arena_strdup(arena, "1"));
    arena_defer(arena, note, arena_strdup(arena, "2"));
    arena_defer(arena, note, arena_strdup(arena, "3"));
    arena_reset(arena);
    assert_string_equal(order, "321");
    nesting = arena;
    arena_defer(arena, defer_more, arena_strdup(arena, "4"));
    arena_free(arena);
    assert_string_equal(order, "3214n");
}

/* Whether `action` ends in abort(), seen from outside. */
static bool aborts(void (*action)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        action();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void overflow_array(void)
{
    volatile size_t count = SIZE_MAX / 4;
    arena_array(arena_new(0), count, 8);
}

static void overflow_size(void)
{
    volatile size_t size = SIZE_MAX - 4;
    (void)arena_alloc(arena_new(0), size);
}

static void test_impossible_sizes_abort(void **state)
{
    (void)state;
    assert_true(aborts(overflow_array));
    assert_true(aborts(overflow_size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocations_are_aligned_zeroed_and_apart),
        cmocka_unit_test(test_reset_zeroes_again),
        cmocka_unit_test(test_large_allocations),
        cmocka_unit_test(test_text_copies),
        cmocka_unit_test(test_releases_run_latest_first_and_once),
        cmocka_unit_test(test_impossible_sizes_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
