/* multipart/mixed as it is split: where parts begin and end, and what is no such body. */
#include "lms/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FIELD "multipart/mixed; boundary=b"

static enum status read_parts(
    struct arena *arena, const char *field, const char *body, struct lms_parts *ret, struct error *err)
{
    return lms_parts_read(arena, field, SPAN_TEXT(body), ret, err);
}

static void test_contents(void **state)
{
    (void)state;
    static const struct {
        const char *field, *body, *contents[3];
    } rows[] = {
        {FIELD, "--b\r\n\r\none\r\n--b--\r\n", {"one"}},
        {FIELD, "a preamble\r\n--b\r\nX: y\r\n\r\none\r\n--b \t\r\n\r\ntwo\r\n--b--", {"one", "two"}},
        {FIELD, "--b\r\n\r\n\r\n--b\r\n\r\n--b--\r\nan epilogue", {"", ""}},
        {FIELD, "--b\n\none\n--b\n\ntwo\n\n--b--\n", {"one", "two\n"}},
        {FIELD, "--b\r\n\r\n--bc\r\n --b\r\n--b-\r\n--b--", {"--bc\r\n --b\r\n--b-"}},
        {"multipart/mixed;boundary=\"a \\\"'()+_,-./:=?\";x=y",
            "--a \"'()+_,-./:=?\r\n\r\n1\r\n--a \"'()+_,-./:=?--", {"1"}},
        {"MULTIPART/MIXED; start=\"b; boundary=no\"; Boundary=b", "--b\r\n\r\n1\r\n--b--", {"1"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(0);
        struct error err = ERROR_INIT;
        struct lms_parts parts;
        assert_int_equal(read_parts(arena, rows[i].field, rows[i].body, &parts, &err), ST_OK);
        size_t count = 0;
        for (; count < 3 && rows[i].contents[count]; count++) {
            assert_true(count < parts.count);
            struct span content = parts.items[count].content;
            assert_int_equal(content.size, strlen(rows[i].contents[count]));
            assert_memory_equal(content.data, rows[i].contents[count], content.size);
        }
        assert_int_equal(parts.count, count);
        arena_free(arena);
    }
}

static void test_fields(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct error err = ERROR_INIT;
    struct lms_parts parts;
    const char *body =
        "--b\r\ncontent-TYPE:text/plain; charset=utf-8 \r\nContent-Transfer-Encoding: Binary\r\n"
        "Content-Disposition: attachment\r\nx-experience-api-hash:\tABCdef\r\n\r\n\r\n--b\r\n\r\n\r\n--b--";
    assert_int_equal(read_parts(arena, FIELD, body, &parts, &err), ST_OK);
    assert_string_equal(parts.items[0].type, "text/plain; charset=utf-8");
    assert_string_equal(parts.items[0].encoding, "binary");
    assert_string_equal(parts.items[0].hash, "abcdef");
    assert_string_equal(parts.items[1].type, "");
    assert_string_equal(parts.items[1].encoding, "");
    assert_string_equal(parts.items[1].hash, "");
    assert_true(lms_media_same("Text/Plain; charset=ascii", "text/plain"));
    assert_false(lms_media_same("text/plainer", "text/plain"));
    arena_free(arena);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *field, *body, *why;
    } rows[] = {
        {"multipart/form-data; boundary=b", "--b\r\n\r\n\r\n--b--", "multipart/mixed with its boundary"},
        {"multipart/mixed", "--b\r\n\r\n\r\n--b--", "multipart/mixed with its boundary"},
        {"multipart/mixed; boundary=", "--\r\n\r\n\r\n----", "multipart/mixed with its boundary"},
        {"multipart/mixed; boundary=\"a \"", "--a \r\n\r\n\r\n--a --", "multipart/mixed with its boundary"},
        {"multipart/mixed; boundary="
         "12345678901234567890123456789012345678901234567890123456789012345678901",
            "", "multipart/mixed with its boundary"},
        {FIELD, "", "no boundary"},
        {FIELD, "--c\r\n\r\n\r\n--c--", "no boundary"},
        {FIELD, "--b--", "no parts"},
        {FIELD, "--b\r\n\r\none\r\n", "before its last boundary"},
        {FIELD, "--b\r\n\r\none\r\n--b", "without an end"},
        {FIELD, "--b\r\nX: y", "without an end"},
        {FIELD, "--b\r\nX\r\n\r\none\r\n--b--", "a header that is none"},
        {FIELD, "--b\r\nX: y\r\n folded\r\n\r\none\r\n--b--", "a header that is none"},
        {FIELD, "--b\r\nX: \xff\r\n\r\none\r\n--b--", "not UTF-8"},
        {FIELD, "--b\r\nX: a\x01z\r\n\r\none\r\n--b--", "control characters"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(0);
        struct error err = ERROR_INIT;
        struct lms_parts parts;
        assert_int_equal(read_parts(arena, rows[i].field, rows[i].body, &parts, &err), ST_SYNTAX);
        if (!strstr(err.detail, rows[i].why))
            fail_msg("%s: %s", rows[i].body, err.detail);
        arena_free(arena);
    }
}

static void test_ceilings(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct error err = ERROR_INIT;
    struct lms_parts parts;
    struct buf body;
    buf_init(&body, 0);
    for (int i = 0; i < LMS_PARTS_MAX; i++)
        buf_text(&body, "--b\r\n\r\nx\r\n");
    buf_text(&body, "--b--");
    assert_int_equal(read_parts(arena, FIELD, body.data, &parts, &err), ST_OK);
    assert_int_equal(parts.count, LMS_PARTS_MAX);
    assert_int_equal(
        read_parts(arena, FIELD, arena_printf(arena, "--b\r\n\r\nx\r\n%s", body.data), &parts, &err),
        ST_SYNTAX);
    buf_reset(&body);
    buf_text(&body, "--b\r\n");
    for (int i = 0; i < LMS_PART_HEADER_MAX / 16 + 1; i++)
        buf_text(&body, "X: 0123456789a\r\n");
    buf_text(&body, "\r\nx\r\n--b--");
    assert_int_equal(read_parts(arena, FIELD, body.data, &parts, &err), ST_SYNTAX);
    buf_free(&body);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contents),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_ceilings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
