/* Text from strangers: UTF-8, controls, folding, Windows-1252, bounded copies. */
#include "base/text.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_every_code_point_round_trips(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        char bytes[4];
        uint32_t back = 0;
        size_t size = utf8_encode(point, bytes);
        bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (utf8_decode(bytes, size, &back) != (surrogate ? 0 : size) || (!surrogate && back != point))
            fail_msg("U+%04X", point);
        for (size_t cut = 0; cut < size; cut++)
            if (utf8_decode(bytes, cut, &back))
                fail_msg("U+%04X cut at %zu", point, cut);
    }
}

static void test_malformed_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80",
        "\xE0\x9F\xBF", "\xE2\x82", "\xE2(\xA1", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
        "ok\xC3", "ok\xF0\x9F\x98", "\xC3\xA9\xA9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (utf8_valid(bad[i], strlen(bad[i])))
            fail_msg("accepted string %zu", i);
    assert_false(utf8_valid("a\0b", 3));
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80", 10));
    assert_int_equal(utf8_length("Éléonore €😀"), 11);
    assert_int_equal(utf8_length(""), 0);
}

static void test_controls(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++) {
        char text[] = {'a', (char)c, 'b', '\0'};
        bool control = c < 32 || c == 127;
        assert_int_equal(text_has_controls(text, false), control);
        assert_int_equal(text_has_controls(text, true), control && c != '\t' && c != '\n' && c != '\r');
    }
    assert_true(text_has_controls("a\xC2\x80", true));
    assert_true(text_has_controls("\xC2\x9F", false));
    assert_false(text_has_controls("\xC2\xA0\xE2\x80\xAE é", false));
    assert_false(text_has_controls("\xC3\x80\xC2", false));
    assert_false(text_has_controls("", false));
}

static void test_fold_names(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"  Éléonore D'AUBIGNÉ", "eleonore d'aubigne"},
        {"Éléonore  d\xE2\x80\x99"
         "Aubigné\t\r\n ",
            "eleonore d'aubigne"},
        {"E\xCC\x81le\xCC\x81onore", "eleonore"},
        {"Ŀ’Haÿ-les-Roses", "l'hay-les-roses"},
        {"Straße Œuvre Æsir Þór ĳs", "strasse oeuvre aesir thor ijs"},
        {"Ștefan Țiriac Łódź Đặng Nguyễn", "stefan tiriac lodz dang nguyen"},
        {"\xEF\xBB\xBF"
         "Jean\xC2\xAD"
         "Luc\xE2\x80\x8B",
            "jeanluc"},
        {"Jean\xE2\x80\x91"
         "Luc",
            "jean-luc"},
        {"a\xC2\xA0\xE2\x80\xAF\xE3\x80\x80"
         "b",
            "a b"},
        {"×÷", "×÷"},
        {"Иван Йод", "Иван Йод"},
        {"И\xCC\x86", "И\xCC\x86"},
        {"李 小龍", "李 小龍"},
        {"", ""},
        {" \t ", ""},
        {"😀 A", "😀 a"},
    };
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(text_fold(arena, pairs[i][0]), pairs[i][1]);
    arena_free(arena);
}

static void test_fold_every_code_point(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        char text[6] = "";
        utf8_encode(point, text);
        const char *once = text_fold(arena, text);
        if (strlen(once) > strlen(text) || !utf8_valid(once, strlen(once)))
            fail_msg("U+%04X", point);
        if (strcmp(text_fold(arena, once), once) != 0)
            fail_msg("U+%04X is not stable", point);
        bool latin_a = (point >= 0xC0 && point <= 0x17F) && point != 0xD7 && point != 0xF7;
        if (latin_a && strspn(once, "abcdefghijklmnopqrstuvwxyz'") != strlen(once))
            fail_msg("U+%04X keeps its accent", point);
        if (point % 1000 == 0)
            arena_reset(arena);
    }
    arena_free(arena);
}

static void test_fold_hostile(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    assert_string_equal(
        text_fold(arena, "a\xFF\xC3(\xE2\x82"), "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD");
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        char noise[64];
        size_t size = (size_t)(round % 63);
        for (size_t i = 0; i < size; i++) {
            seed = seed * 1103515245u + 12345u;
            noise[i] = (char)((seed >> 16) % 255 + 1);
        }
        noise[size] = '\0';
        const char *folded = text_fold(arena, noise);
        assert_true(utf8_valid(folded, strlen(folded)));
    }
    arena_free(arena);
}

static void test_windows1252(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    size_t size;
    assert_string_equal(text_from_windows1252(arena, "\x80 \x8C\xE9\x92\x81", 6, &size), "€ Œé’\xC2\x81");
    assert_int_equal(size, 13);
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    const char *out = text_from_windows1252(arena, all, sizeof all, &size);
    assert_int_equal(out[size], '\0');
    assert_int_equal(out[0], '\0');
    assert_true(utf8_valid(out + 1, size - 1));
    assert_int_equal(utf8_length(out + 1), 255);
    assert_string_equal(text_from_windows1252(arena, "", 0, NULL), "");
    arena_free(arena);
}

static void test_copy_never_splits(void **state)
{
    (void)state;
    char out[16];
    assert_true(text_copy(out, sizeof out, "abc"));
    assert_string_equal(out, "abc");
    assert_true(text_copy(out, 4, "abc"));
    assert_false(text_copy(out, 3, "abc"));
    assert_string_equal(out, "ab");
    assert_false(text_copy(out, 1, "abc"));
    assert_string_equal(out, "");
    assert_false(text_copy(out, 0, "abc"));
    const char *mixed = "a€é😀z";
    for (size_t size = 1; size <= strlen(mixed) + 1; size++) {
        char *exact = malloc(size);
        assert_int_equal(text_copy(exact, size, mixed), size == strlen(mixed) + 1);
        assert_true(utf8_valid(exact, strlen(exact)));
        assert_true(size - 1 - strlen(exact) < 4);
        free(exact);
    }
    assert_false(text_copy(out, 6, "\x80\x80\x80\x80\x80\x80\x80\x80"));
    assert_int_equal(strlen(out), 5);
}

static void test_equal(void **state)
{
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_false(text_equal("", NULL));
    assert_true(text_equal("a", "a"));
    assert_false(text_equal("a", "A"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point_round_trips),
        cmocka_unit_test(test_malformed_utf8_is_refused),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_fold_names),
        cmocka_unit_test(test_fold_every_code_point),
        cmocka_unit_test(test_fold_hostile),
        cmocka_unit_test(test_windows1252),
        cmocka_unit_test(test_copy_never_splits),
        cmocka_unit_test(test_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
