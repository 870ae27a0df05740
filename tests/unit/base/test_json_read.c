/* Reading JSON: values, ceilings, positions of errors, pointers, equality. */
#include "base/buf.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const struct json *parse(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    struct error err = ERROR_INIT;
    assert_int_equal(json_parse(arena, text, strlen(text), &value, &err), ST_OK);
    assert_non_null(value);
    return value;
}

/* The sentence of the refusal. */
static const char *refuse(struct arena *arena, const char *text, size_t size)
{
    const struct json *value = NULL;
    struct error err = ERROR_INIT;
    assert_int_equal(json_parse(arena, text, size, &value, &err), ST_SYNTAX);
    assert_null(value);
    assert_int_equal(err.status, ST_SYNTAX);
    assert_int_equal(json_parse(arena, text, size, &value, NULL), ST_SYNTAX);
    return arena_strdup(arena, err.detail);
}

static void test_every_type(void **state)
{
    const struct json *value = parse(*state,
        " {\"n\":null, \"f\":false, \"t\":true, \"i\":-42, \"r\":2.5, \"s\":\"h\\u00e9\\n\", \"a\":[1,[],{}], "
        "\"o\":{\"k\":1}} ");
    assert_int_equal(json_type(value), JSON_OBJECT);
    assert_int_equal(json_count(value), 8);
    assert_int_equal(json_type(json_get(value, "n")), JSON_NULL);
    assert_non_null(json_get(value, "n"));
    assert_int_equal(json_type(json_get(value, "f")), JSON_FALSE);
    assert_int_equal(json_type(json_get(value, "t")), JSON_TRUE);
    assert_int_equal(json_type(json_get(value, "i")), JSON_INT);
    assert_int_equal(json_int(json_get(value, "i")), -42);
    assert_true(json_real(json_get(value, "i")) == -42.0);
    assert_int_equal(json_type(json_get(value, "r")), JSON_REAL);
    assert_true(json_real(json_get(value, "r")) == 2.5);
    assert_int_equal(json_int(json_get(value, "r")), 0);
    assert_string_equal(json_text(json_get(value, "s")), "h\xc3\xa9\n");
    assert_int_equal(json_count(json_get(value, "a")), 3);
    assert_int_equal(json_int(json_at(json_get(value, "a"), 0)), 1);
    assert_int_equal(json_type(json_at(json_get(value, "a"), 2)), JSON_OBJECT);
    assert_null(json_at(json_get(value, "a"), 3));
    assert_null(json_get(value, "missing"));
    assert_null(json_get(json_get(value, "a"), "k"));
    assert_null(json_at(value, 0));
}

static void test_nothing_is_null(void **state)
{
    (void)state;
    assert_int_equal(json_type(NULL), JSON_NULL);
    assert_null(json_text(NULL));
    assert_int_equal(json_int(NULL), 0);
    assert_true(json_real(NULL) == 0);
    assert_int_equal(json_count(NULL), 0);
    assert_null(json_get(NULL, "k"));
    assert_null(json_at(NULL, 0));
    assert_null(json_pointer(NULL, ""));
    assert_true(json_equal(NULL, NULL));
}

static void test_any_value_at_the_top(void **state)
{
    assert_int_equal(json_int(parse(*state, "9223372036854775807")), INT64_MAX);
    assert_int_equal(json_int(parse(*state, "-9223372036854775808")), INT64_MIN);
    assert_string_equal(json_text(parse(*state, "\"\"")), "");
    assert_int_equal(json_type(parse(*state, "null")), JSON_NULL);
    assert_int_equal(json_type(parse(*state, " true\n")), JSON_TRUE);
    assert_int_equal(json_type(parse(*state, "1.0")), JSON_REAL);
    assert_string_equal(json_text(parse(*state, "\"\\ud83d\\ude00\"")), "\xf0\x9f\x98\x80");
}

static void test_syntax_errors_say_where(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", "line 1, column 1: JSON expected, but there is nothing"},
        {"{\n  \"a\": 1,\n  \"a\": 2\n}", "line 3, column 5: the same key stands twice in one object"},
        {"[1, 2", "line 1, column 5: the text ends in the middle of a value"},
        {"[1] []", "line 1, column 5: something follows the value"},
        {"\n\n[1 2]", "line 3, column 4: not JSON"},
        {"[9223372036854775808]",
            "line 1, column 20: number out of range (integers have at most 64 bits with sign)"},
        {"[-9223372036854775809]",
            "line 1, column 21: number out of range (integers have at most 64 bits with sign)"},
        {"[1e999]", "line 1, column 6: number out of range (integers have at most 64 bits with sign)"},
        {"[\"a\\u0000b\"]", "line 1, column 11: U+0000 is not accepted in a string"},
        {"{\"a\\u0000b\":1}", "line 1, column 11: U+0000 is not accepted in a key"},
        {"[\"\xff\"]", "line 1, column 2: not valid UTF-8"},
        {"[\"\xed\xa0\x80\"]", "line 1, column 2: not valid UTF-8"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(refuse(*state, rows[i].text, strlen(rows[i].text)), rows[i].expected);
}

static void test_what_is_not_json(void **state)
{
    static const char *const bad[] = {"{", "}", "[", "]", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{'a':1}",
        "[01]", "[+1]", "[.5]", "[1.]", "[1e]", "[NaN]", "[Infinity]", "nul", "\"", "\"\\", "\"\\x\"",
        "\"\\ud800\"", "\"a\nb\"", "// x\n1", "[1]//", "\xef\xbb\xbf[]", " ", "[\"a\":1]", ":", ",",
        "{\"a\"::1}", "tRue", "[0x10]"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *sentence = refuse(*state, bad[i], strlen(bad[i]));
        assert_memory_equal(sentence, "line ", 5);
    }
    assert_string_equal(refuse(*state, "[1\0]", 4), "line 1, column 3: a byte 0 is not JSON");
    (void)refuse(*state, "\"a\0b\"", 5);
    (void)refuse(*state, "[]\0", 3);
}

static char *repeat(struct arena *arena, const char *before, const char *piece, size_t times, const char *after)
{
    BUF_AUTO buf;
    buf_init(&buf, 0);
    buf_text(&buf, before);
    for (size_t i = 0; i < times; i++)
        buf_text(&buf, piece);
    buf_text(&buf, after);
    return arena_strdup(arena, buf.data);
}

static void test_depth_has_a_ceiling(void **state)
{
    struct arena *arena = *state;
    char *text = repeat(arena, repeat(arena, "", "[", 32, ""), "]", 32, "");
    (void)parse(arena, text);
    text = repeat(arena, repeat(arena, "", "[", 33, ""), "]", 33, "");
    assert_string_equal(
        refuse(arena, text, strlen(text)), "line 1, column 33: nested more than 32 levels deep");
    text = repeat(arena, "", "{\"a\":[\n", 5000, "");
    assert_string_equal(
        refuse(arena, text, strlen(text)), "line 17, column 1: nested more than 32 levels deep");
    (void)parse(arena, "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[\"]");
    text = repeat(arena, "[", "[],", 1000, "[]]");
    assert_int_equal(json_count(parse(arena, text)), 1001);
}

static void test_values_have_a_ceiling(void **state)
{
    struct arena *arena = *state;
    char *text = repeat(arena, "[", "1,", 199998, "1]");
    assert_int_equal(json_count(parse(arena, text)), 199999);
    text = repeat(arena, "[", "1,", 199999, "1]");
    assert_string_equal(refuse(arena, text, strlen(text)), "line 1, column 400000: more than 200000 values");
    text = repeat(arena, "[", "\"\",", 250000, "1]");
    (void)refuse(arena, text, strlen(text));
    text = repeat(arena, "", "\"\":", 300000, "");
    (void)refuse(arena, text, strlen(text));
}

static void test_large_objects(void **state)
{
    struct arena *arena = *state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    buf_char(&buf, '{');
    for (int i = 0; i < 50000; i++)
        buf_printf(&buf, "%s\"key %d\":%d", i ? "," : "", i * 7919 % 50000, i);
    buf_char(&buf, '}');
    const struct json *value = parse(arena, buf.data);
    assert_int_equal(json_count(value), 50000);
    for (int i = 0; i < 50000; i += 997) {
        char key[32];
        (void)snprintf(key, sizeof(key), "key %d", i * 7919 % 50000);
        assert_int_equal(json_int(json_get(value, key)), i);
    }
    assert_null(json_get(value, "key 50000"));
    assert_true(json_equal(value, parse(arena, buf.data)));
}

struct seen {
    char keys[32];
    int stop_after;
};

static enum status see(void *context, const char *key, const struct json *value)
{
    struct seen *seen = context;
    assert_int_equal(json_type(value), JSON_INT);
    strncat(seen->keys, key, 1);
    return --seen->stop_after == 0 ? ST_CONFLICT : ST_OK;
}

static void test_each_keeps_the_order_of_the_text(void **state)
{
    const struct json *value = parse(*state, "{\"z\":1,\"a\":2,\"m\":3}");
    struct seen seen = {.keys = "", .stop_after = 10};
    assert_int_equal(json_each(value, see, &seen), ST_OK);
    assert_string_equal(seen.keys, "zam");
    seen = (struct seen){.keys = "", .stop_after = 2};
    assert_int_equal(json_each(value, see, &seen), ST_CONFLICT);
    assert_string_equal(seen.keys, "za");
    assert_int_equal(json_each(NULL, see, &seen), ST_OK);
    assert_int_equal(json_each(json_get(value, "z"), see, &seen), ST_OK);
}

static void test_pointers_of_rfc_6901(void **state)
{
    const struct json *value = parse(*state,
        "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,"
        "\" \":7,\"m~n\":8,\"~1\":9,\"deep\":{\"\":{\"x\":[[10]]}}}");
    static const struct {
        const char *pointer;
        int expected;
    } rows[] = {{"/", 0}, {"/a~1b", 1}, {"/c%d", 2}, {"/e^f", 3}, {"/g|h", 4}, {"/i\\j", 5}, {"/k\"l", 6},
        {"/ ", 7}, {"/m~0n", 8}, {"/~01", 9}, {"/deep//x/0/0", 10}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct json *found = json_pointer(value, rows[i].pointer);
        assert_int_equal(json_type(found), JSON_INT);
        assert_int_equal(json_int(found), rows[i].expected);
    }
    assert_ptr_equal(json_pointer(value, ""), value);
    assert_string_equal(json_text(json_pointer(value, "/foo/1")), "baz");
    static const char *const nowhere[] = {"/foo/2", "/foo/-", "/foo/01", "/foo/", "/foo/1x",
        "/foo/99999999999999999", "/foo/0/x", "/fo", "/foo0", "/a/b", "/m~n", "/~1", "foo", "/~2", "/m~"};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
        assert_null(json_pointer(value, nowhere[i]));
    assert_true(json_pointer_valid(""));
    assert_true(json_pointer_valid("/a~0~1//"));
    assert_false(json_pointer_valid("a"));
    assert_false(json_pointer_valid("/~"));
    assert_false(json_pointer_valid("/~2"));
}

static void test_equality(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {{"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1.0}", true}, {"[1,2]", "[2,1]", false},
        {"[1]", "[1,2]", false}, {"{\"a\":1}", "{\"b\":1}", false}, {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
        {"1", "\"1\"", false}, {"1", "1.5", false}, {"null", "false", false}, {"true", "true", true},
        {"9007199254740993", "9007199254740992", false}, {"\"a\"", "\"b\"", false}, {"{}", "[]", false},
        {"-0.0", "0", true}, {"1.5", "1.5", true}, {"\"x\"", "\"x\"", true}, {"{\"a\":1}", "{\"a\":2}", false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(json_equal(parse(*state, rows[i].a), parse(*state, rows[i].b)), rows[i].equal);
    assert_true(json_equal(NULL, parse(*state, "null")));
    assert_false(json_equal(parse(*state, "0"), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_nothing_is_null),
        cmocka_unit_test(test_any_value_at_the_top),
        cmocka_unit_test(test_syntax_errors_say_where),
        cmocka_unit_test(test_what_is_not_json),
        cmocka_unit_test(test_depth_has_a_ceiling),
        cmocka_unit_test(test_values_have_a_ceiling),
        cmocka_unit_test(test_large_objects),
        cmocka_unit_test(test_each_keeps_the_order_of_the_text),
        cmocka_unit_test(test_pointers_of_rfc_6901),
        cmocka_unit_test(test_equality),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
