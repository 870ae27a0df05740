/* Slices of JSON text and fields of forms: exact bytes, whatever the text looks like. */
#include "read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct json *parse(struct arena *arena, const char *text)
{
    const struct json *value;
    struct error err = ERROR_INIT;
    if (json_parse(arena, text, strlen(text), &value, &err))
        fail_msg("%s", err.detail);
    return value;
}

static void expect_slice(const char *text, const char *pointer, const char *expected)
{
    struct arena *arena = arena_new(0);
    const struct json *root = parse(arena, text);
    assert_non_null(json_pointer(root, pointer));
    /* A copy that ends where the text ends: one byte too far is seen. */
    char *exact = arena_copy(arena, text, strlen(text));
    struct span slice;
    assert_true(slice_pointer(root, (struct span){exact, strlen(text)}, pointer, &slice));
    assert_int_equal(slice.size, strlen(expected));
    assert_memory_equal(slice.data, expected, slice.size);
    arena_free(arena);
}

static void test_pointers_find_their_bytes(void **state)
{
    (void)state;
    expect_slice(" {\"a\": 1 }\n", "", "{\"a\": 1 }");
    expect_slice("{\"a\":1.50e+3,\"b\":[true,null]}", "/a", "1.50e+3");
    expect_slice("{\"a\":1,\"b\":[true,null]}", "/b/1", "null");
    expect_slice("{\"a\":1,\"b\" : [ true , null ] }", "/b", "[ true , null ]");
    expect_slice("{\"a]}\\\"\": \"{[\\\\\", \"b\": {\"c\": \"\\\"}\"}}", "/b", "{\"c\": \"\\\"}\"}");
    expect_slice("{\"a]}\\\"\": \"{[\\\\\", \"b\": {\"c\": \"\\\"}\"}}", "/b/c", "\"\\\"}\"");
    expect_slice("{\"\\u0061b\": 7, \"ab/~c\": 8}", "/ab", "7");
    expect_slice("{\"\\u0061b\": 7, \"ab/~c\": 8}", "/ab~1~0c", "8");
    expect_slice("{\"\": {\"\": -0}}", "//", "-0");
    expect_slice("[[], {}, [[1]], \"]\"]", "/2/0", "[1]");
    expect_slice("[[], {}, [[1]], \"]\"]", "/3", "\"]\"");
    expect_slice("{\"é\": \"à\"}", "/é", "\"à\"");
}

static void test_what_is_not_there(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    static const char text[] = "{\"a\": [1, 2], \"b\": 3}";
    const struct json *root = parse(arena, text);
    static const char *const pointers[] = {"/c", "/a/2", "/b/x", "/a/0/0"};
    struct span slice;
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        assert_false(slice_pointer(root, SPAN_TEXT(text), pointers[i], &slice));
    char deep[600];
    memset(deep, 'a', sizeof deep);
    deep[0] = '/';
    deep[sizeof deep - 1] = '\0';
    assert_false(slice_pointer(root, SPAN_TEXT(text), deep, &slice));
    arena_free(arena);
}

static size_t count(const char *text, size_t size)
{
    struct slice_cursor cursor = slice_open((struct span){text, size});
    struct span value;
    size_t found = 0;
    while (slice_next(&cursor, &value)) {
        assert_true(value.size > 0 && value.data >= text && value.data + value.size <= text + size);
        found++;
    }
    return found;
}

static void test_walking(void **state)
{
    (void)state;
    static const char text[] = "[1, [2, 3], {\"a\": [4]}, \"5,6\", null]";
    assert_int_equal(count(text, strlen(text)), 5);
    assert_int_equal(count("[]", 2), 0);
    assert_int_equal(count("{}", 2), 0);
    assert_int_equal(count(" [ ] ", 5), 0);
    assert_int_equal(count("{\"a\":{\"b\":1},\"c\":[]}", 20), 2);
}

/* Not JSON at all never happens here, but nothing may run away if it does. */
static void test_broken_texts_end(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "[", "{", "[\"", "[\"\\", "{\"a", "{\"a\"", "{\"a\":", "[[[[",
        "]]]]", "{{{{", "[,,,", "\"", "\\", "[1", "[tru", ":::", "{\"a\":}"};
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t size = strlen(texts[i]);
        (void)count(arena_copy(arena, texts[i], size), size);
    }
    char *deep = arena_alloc(arena, 200000);
    memset(deep, '[', 200000);
    assert_int_equal(count(deep, 200000), 1);
    arena_free(arena);
}

static void test_marks_and_blanks(void **state)
{
    (void)state;
    assert_int_equal(slice_without_mark(SPAN_TEXT("\xEF\xBB\xBF{}")).size, 2);
    assert_int_equal(slice_without_mark(SPAN_TEXT("\xEF\xBB{}")).size, 4);
    assert_int_equal(slice_without_mark((struct span){NULL, 0}).size, 0);
    assert_int_equal(slice_trim(SPAN_TEXT(" \t\r\n ")).size, 0);
    assert_int_equal(slice_trim(SPAN_TEXT(" a b ")).size, 3);
}

static void expect_form(const char *body, const char *expected)
{
    struct arena *arena = arena_new(0);
    BUF_AUTO out;
    buf_init(&out, 0);
    assert_true(form_to_json(arena, SPAN_TEXT(body), &out));
    assert_string_equal(out.data, expected);
    arena_free(arena);
}

static void test_forms(void **state)
{
    (void)state;
    expect_form("", "{}");
    expect_form("&&", "{}");
    expect_form("a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}");
    expect_form("a", "{\"a\":\"\"}");
    expect_form("a=", "{\"a\":\"\"}");
    expect_form("=a", "{\"\":\"a\"}");
    expect_form("a=b=c", "{\"a\":\"b=c\"}");
    expect_form("user%5Bemail%5D=alice%40example.org&n=S%C3%A9curit%C3%A9+incendie",
        "{\"user[email]\":\"alice@example.org\",\"n\":\"Sécurité incendie\"}");
    expect_form("a=1&b=2&a=3&a=4", "{\"a\":[\"1\",\"3\",\"4\"],\"b\":\"2\"}");
    expect_form("a=%&b=%4&c=%zz&d=100%25", "{\"a\":\"%\",\"b\":\"%4\",\"c\":\"%zz\",\"d\":\"100%\"}");
    expect_form("a=x%00y", "{\"a\":\"x y\"}");
    expect_form("a=%e9", "{\"a\":\"\xEF\xBF\xBD\"}");
}

static void test_forms_have_an_end(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    BUF_AUTO body;
    buf_init(&body, 0);
    for (int i = 0; i < 1000; i++)
        buf_printf(&body, "f%d=%d&", i, i);
    BUF_AUTO out;
    buf_init(&out, 0);
    assert_true(form_to_json(arena, (struct span){body.data, body.size}, &out));
    buf_text(&body, "one=more");
    assert_false(form_to_json(arena, (struct span){body.data, body.size}, &out));
    BUF_AUTO small;
    buf_init(&small, 10);
    assert_false(form_to_json(arena, SPAN_TEXT("a=0123456789"), &small));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pointers_find_their_bytes),
        cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_walking),
        cmocka_unit_test(test_broken_texts_end),
        cmocka_unit_test(test_marks_and_blanks),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_forms_have_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
