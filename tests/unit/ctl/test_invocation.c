/* Command lines: what is understood, and what is said of what is not. */
#include "invocation.h"

#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS = 12 };

static enum status take(struct arena *arena, const char *line, struct invocation *ret, struct error *err)
{
    char **words = ARENA_ARRAY(arena, WORDS + 1, char *);
    size_t count = 0;
    while (*line && count < WORDS) {
        size_t length = strcspn(line, "|");
        words[count++] = arena_strndup(arena, line, length);
        line += length + (line[length] == '|');
    }
    return invocation_read(arena, words, ret, err);
}

static void test_commands_are_found(void **state)
{
    static const struct {
        const char *line, *command;
    } cases[] = {
        {"status", "status"},
        {"review|hold|1042|--date|2026-11-20", "review hold"},
        {"reviews|hold|1042|--date=2026-11-20", "review hold"},
        {"reviews", "review list"},
        {"duties|1042", "duty list"},
        {"duties|--overdue", "duty list"},
        {"duty|show|1042", "duty show"},
        {"--json|employees|--q|dup", "employee list"},
        {"employees|--q|dup|--json", "employee list"},
        {"review|show|--help", "review show"},
        {"review|show|--|-5", "review show"},
        {"trace|1042|--html|-o|page.html", "trace"},
    };
    struct arena *arena = arena_new(0);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct invocation invocation;
        struct error err = ERROR_INIT;
        assert_int_equal(take(arena, cases[i].line, &invocation, &err), ST_OK);
        assert_string_equal(invocation.command->name, cases[i].command);
    }
    arena_free(arena);
}

static void test_values_are_given(void **state)
{
    struct arena *arena = arena_new(0);
    struct invocation invocation;
    (void)state;
    assert_int_equal(
        take(arena, "review|hold|1042|--date|20/11/2026|--themes|skills,cpf|--themes=wishes|--url|http://x",
            &invocation, NULL),
        ST_OK);
    assert_string_equal(invocation_text(&invocation, "REVIEW"), "1042");
    assert_string_equal(invocation_text(&invocation, "--date"), "2026-11-20");
    assert_string_equal(invocation_text(&invocation, "--url"), "http://x");
    assert_int_equal(invocation.count, 5);
    assert_false(invocation_has(&invocation, "--by"));
    assert_int_equal(
        take(arena, "organisation|set|deliveries|live|--zone|Europe/Paris", &invocation, NULL), ST_OK);
    assert_string_equal(invocation_text(&invocation, "--deliveries"), "live");
    assert_string_equal(invocation_text(&invocation, "--zone"), "Europe/Paris");
    assert_int_equal(take(arena, "absence|set|1042|fact_x|end|-", &invocation, NULL), ST_OK);
    assert_string_equal(invocation_text(&invocation, "--end"), "-");
    assert_int_equal(take(arena, "simulate|-", &invocation, NULL), ST_OK);
    assert_string_equal(invocation_text(&invocation, "FILE"), "-");
    assert_int_equal(take(arena, "--version", &invocation, NULL), ST_OK);
    assert_null(invocation.command);
    arena_free(arena);
}

static void test_misuse(void **state)
{
    static const struct {
        const char *line, *said;
    } cases[] = {
        {"nonsense", "unknown command nonsense"},
        {"review", "review: which command of it?"},
        {"review|dance", "unknown command review dance"},
        {"--nonsense", "unknown flag --nonsense before a command"},
        {"status|--nonsense=1", "unknown flag --nonsense of status"},
        {"status|x", "status takes no argument x"},
        {"review|hold|1042", "review hold needs --date"},
        {"review|hold|--date|2026-11-20", "review hold needs REVIEW"},
        {"review|hold|1042|--date", "--date needs a value"},
        {"review|hold|1042|--date|soon", "--date: \"soon\" is not a date (2026-11-22)"},
        {"review|hold|1042|--date=2026-01-01|--date=2026-01-02", "--date is given twice"},
        {"duties|--overdue=yes", "--overdue takes no value"},
        {"duties|1|2", "duty list takes no argument 2"},
        {"organisation|set|colour|red", "organisation set sets no colour"},
        {"organisation|set|zone", "zone needs a value"},
        {"duties|--q|x", "unknown flag --q of duty list"},
    };
    struct arena *arena = arena_new(0);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct invocation invocation;
        struct error err = ERROR_INIT;
        assert_int_equal(take(arena, cases[i].line, &invocation, &err), ST_INVALID);
        assert_string_equal(err.detail, cases[i].said);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_are_found),
        cmocka_unit_test(test_values_are_given),
        cmocka_unit_test(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
