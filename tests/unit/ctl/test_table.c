/* Layout of tables: on terminals of several widths, and for programs. */
#include "display.h"
#include "table.h"

#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct table_column people[] = {
    {.heading = "number"},
    {.heading = "name", .stretch = true},
    {.heading = "left"},
    {.heading = "days", .right = true},
    {.heading = "why", .note = true},
};
enum { PEOPLE = sizeof(people) / sizeof(people[0]) };

static int begin(void **state)
{
    (void)state;
    display_begin();
    return 0;
}

static const char *laid_out(struct arena *arena, const struct table_style *style)
{
    static const char *const rows[][PEOPLE] = {
        {"1041", "Zoé d'Aubigné de la Tour", NULL, "7", "deux ans après l'embauche"},
        {"2", "李小龙", "", "1234", NULL},
    };
    struct table *table = table_new(arena, people, PEOPLE, style);
    BUF_AUTO out;
    buf_init(&out, 0);
    table_row(table, rows[0]);
    table_row(table, rows[1]);
    table_write(table, &out);
    return arena_strdup(arena, out.data);
}

static void test_a_terminal(void **state)
{
    static const struct table_style wide = {.terminal = true, .heading = true, .width = 80};
    static const struct table_style narrow = {.terminal = true, .heading = true, .width = 28};
    static const struct table_style tiny = {.terminal = true, .heading = true, .width = 12};
    struct arena *arena = arena_new(0);
    (void)state;
    /* The column that holds nothing is left out; numbers stand on the right. */
    assert_string_equal(laid_out(arena, &wide), "number  name                      days\n"
                                                "1041    Zoé d'Aubigné de la Tour     7\n"
                                                "    deux ans après l'embauche\n"
                                                "2       李小龙                    1234\n");
    assert_string_equal(laid_out(arena, &narrow), "number  name            days\n"
                                                  "1041    Zoé d'Aubigné…     7\n"
                                                  "    deux ans après\n"
                                                  "    l'embauche\n"
                                                  "2       李小龙          1234\n");
    /* Columns on the right go when nothing more can be cut. */
    assert_string_equal(laid_out(arena, &tiny), "number\n1041\n    deux ans\n    après\n    l'embauche\n2\n");
    arena_free(arena);
}

static void test_values_for_programs(void **state)
{
    static const struct table_style style = {.heading = true};
    struct arena *arena = arena_new(0);
    (void)state;
    assert_string_equal(laid_out(arena, &style),
        "1041\tZoé d'Aubigné de la Tour\t\t7\tdeux ans après l'embauche\n"
        "2\t李小龙\t\t1234\t\n");
    arena_free(arena);
}

static void test_cells_from_strangers(void **state)
{
    static const struct table_style terminal = {.terminal = true, .width = 80};
    static const struct table_style pipe = {.terminal = false};
    static const struct table_column columns[] = {{.heading = "a"}, {.heading = "b"}};
    static const char *const row[] = {"\x1b]0;title\x07", "a\tb\\\nc"};
    struct arena *arena = arena_new(0);
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    struct table *table = table_new(arena, columns, 2, &terminal);
    table_row(table, row);
    table_write(table, &out);
    assert_string_equal(out.data, "\\u001b]0;title\\u0007  a\\tb\\\\nc\n");
    buf_reset(&out);
    table = table_new(arena, columns, 2, &pipe);
    table_row(table, row);
    table_write(table, &out);
    assert_string_equal(out.data, "\\u001b]0;title\\u0007\ta\\tb\\\\\\nc\n");
    arena_free(arena);
}

/* A second page is wider and shows a column that the first did not. */
static void test_pages(void **state)
{
    static const struct table_style style = {.terminal = true, .heading = true, .width = 40};
    static const struct table_column columns[] = {{.heading = "id"}, {.heading = "left"}};
    static const char *const first[] = {"a", ""};
    static const char *const second[] = {"bcd", "2026-11-22"};
    struct arena *arena = arena_new(0);
    struct table *table = table_new(arena, columns, 2, &style);
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    table_write(table, &out);
    assert_string_equal(out.data, "");
    table_row(table, first);
    table_write(table, &out);
    table_row(table, first);
    table_write(table, &out);
    table_row(table, second);
    table_write(table, &out);
    assert_string_equal(out.data, "id\na\na\nid   left\nbcd  2026-11-22\n");
    arena_free(arena);
}

/* Whatever the width: no line is wider than the terminal, and the last row is there. */
static void test_every_width(void **state)
{
    (void)state;
    for (size_t width = 1; width < 60; width++) {
        struct arena *arena = arena_new(0);
        const struct table_style style = {.terminal = true, .heading = true, .width = width};
        const char *text = laid_out(arena, &style);
        while (*text) {
            size_t length = strcspn(text, "\n");
            const char *line = arena_strndup(arena, text, length);
            if (strncmp(line, "    ", 4) != 0)
                assert_true(display_width(line) <= width);
            text += length + 1;
        }
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_terminal),
        cmocka_unit_test(test_values_for_programs),
        cmocka_unit_test(test_cells_from_strangers),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_every_width),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
