/* Text on a terminal: widths, cuts, breaks, and what must not get there. */
#include "display.h"

#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int begin(void **state)
{
    (void)state;
    display_begin();
    return 0;
}

static void test_widths(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"Zoé", 3},
        {"Zoe\xcc\x81", 3}, /* a combining accent */
        {"李小龙", 6},
        {"ｶﾞ", 2},
        {"🎓", 2},
        {"…", 1},
        {"שירה", 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(display_width(cases[i].text), cases[i].width);
}

static void test_a_wide_character_is_never_broken(void **state)
{
    size_t width = 99;
    (void)state;
    assert_int_equal(display_fit("李小龙", 3, &width), 3);
    assert_int_equal(width, 2);
    assert_int_equal(display_fit("李小龙", 4, &width), 6);
    assert_int_equal(width, 4);
    /* The accent stays with its letter. */
    assert_int_equal(display_fit("e\xcc\x81x", 1, &width), 3);
    assert_int_equal(display_fit("x", 0, &width), 0);
}

static void test_cuts(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *shown;
    } cases[] = {
        {"abcdef", 6, "abcdef"},
        {"abcdef", 5, "abcd…"},
        {"abcdef", 1, "…"},
        {"abcdef", 0, ""},
        {"李小龙", 5, "李小…"},
        {"李小龙", 4, "李…"},
        {"李小龙", 6, "李小龙"},
        {"", 3, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        BUF_AUTO out;
        buf_init(&out, 0);
        size_t took = display_cut(&out, cases[i].text, cases[i].columns);
        assert_string_equal(out.data, cases[i].shown);
        assert_int_equal(took, display_width(cases[i].shown));
        assert_true(took <= cases[i].columns);
    }
}

static void test_escapes(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"Zoé 🎓 李", "Zoé 🎓 李"},
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"\x1b[31mrouge\x07", "\\u001b[31mrouge\\u0007"},
        {"\xc2\x9b"
         "31m",
            "\\u009b31m"}, /* C1: CSI in one byte */
        {"\x7f", "\\u007f"},
        {"a\xe2\x80\xae"
         "b",
            "a\\u202eb"}, /* right to left override */
        {"a\xe2\x80\xa8"
         "b",
            "a\\u2028b"},                           /* line separator */
        {"a\xf3\xa0\x81\x81", "a\\U000e0041"},      /* tag characters */
        {"a\xff\xc3", "a\xef\xbf\xbd\xef\xbf\xbd"}, /* not UTF-8 */
        {"C:\\temp", "C:\\temp"},
    };
    struct arena *arena = arena_new(0);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(display_escape(arena, cases[i].text, false), cases[i].shown);
    assert_string_equal(display_escape(arena, "C:\\temp\t", true), "C:\\\\temp\\t");
    arena_free(arena);
}

static void test_lines_keep_their_breaks(void **state)
{
    static const char text[] = "{\n\t\"a\": \"\x1b\xc2\x85\"\n}\0x";
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    display_escape_lines(&out, text, sizeof(text) - 1);
    assert_string_equal(out.data, "{\n\t\"a\": \"\\u001b\\u0085\"\n}\\u0000x");
}

static void test_wrapping(void **state)
{
    BUF_AUTO out;
    (void)state;
    buf_init(&out, 0);
    display_wrap(&out, "quatre ans après l'entretien du 8 mars 2024", 4, 24);
    assert_string_equal(out.data, "    quatre ans après\n    l'entretien du 8\n    mars 2024\n");
    buf_reset(&out);
    display_wrap(&out, "anticonstitutionnellement oui", 0, 12);
    assert_string_equal(out.data, "anticonstitu\ntionnellemen\nt oui\n");
    buf_reset(&out);
    display_wrap(&out, "李李李李李李李", 0, 11);
    assert_string_equal(out.data, "李李李李李\n李李\n");
    buf_reset(&out);
    display_wrap(&out, "une ligne", 2, 0);
    assert_string_equal(out.data, "  une ligne\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_a_wide_character_is_never_broken),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_lines_keep_their_breaks),
        cmocka_unit_test(test_wrapping),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
