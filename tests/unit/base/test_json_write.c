/* Writing JSON: the writer, the text of values that were read, RFC 8785 with its own vectors. */
#include "base/buf.h"
#include "base/crypto.h"
#include "base/date.h"
#include "base/json.h"
#include "json_tree.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
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
    assert_int_equal(json_parse(arena, text, strlen(text), &value, NULL), ST_OK);
    return value;
}

static void assert_written(struct arena *arena, const char *text, const char *as_read, const char *canonical)
{
    BUF_AUTO buf;
    buf_init(&buf, 0);
    json_write(&buf, parse(arena, text));
    assert_string_equal(buf.data, as_read);
    buf_reset(&buf);
    json_canonical(&buf, parse(arena, text));
    assert_string_equal(buf.data, canonical);
}

static void test_writer_places_commas(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    jw_open(&w, '{');
    jw_key(&w, "items");
    jw_open(&w, '[');
    jw_open(&w, '{');
    jw_close(&w, '}');
    jw_int(&w, INT64_MIN);
    jw_text(&w, NULL);
    jw_open(&w, '[');
    jw_bool(&w, true);
    jw_null(&w);
    jw_close(&w, ']');
    jw_raw(&w, "{\"x\":1}");
    jw_close(&w, ']');
    jw_member(&w, "a", "b");
    jw_member_int(&w, "i", 7);
    jw_member_bool(&w, "no", false);
    jw_key(&w, "o");
    jw_open(&w, '{');
    jw_member(&w, "none", NULL);
    jw_close(&w, '}');
    jw_key(&w, "r");
    jw_real(&w, -0.5);
    jw_key(&w, "nan");
    jw_real(&w, (double)NAN);
    jw_close(&w, '}');
    assert_string_equal(buf.data,
        "{\"items\":[{},-9223372036854775808,null,[true,null],{\"x\":1}],\"a\":\"b\",\"i\":7,\"no\":false,"
        "\"o\":{\"none\":null},\"r\":-0.5,\"nan\":null}");
}

static void test_writer_dates(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    jw_open(&w, '{');
    jw_member_date(&w, "d", date_of(2026, 11, 22));
    jw_member_date(&w, "none", DATE_NONE);
    jw_member_instant(&w, "t", INT64_C(1763806530000000));
    jw_member_instant(&w, "never", INSTANT_NONE);
    jw_close(&w, '}');
    assert_string_equal(
        buf.data, "{\"d\":\"2026-11-22\",\"none\":null,\"t\":\"2025-11-22T10:15:30Z\",\"never\":null}");
}

static void test_escapes(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    jw_open(&w, '[');
    jw_text_n(&w, "\0\x01\x08\t\n\x0b\f\r\x1f\"\\/\x7f", 13);
    jw_text(&w, "\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80");
    jw_text(&w, "a\xff"
                "b\xc3"
                "c\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80\xe2\x82");
    jw_key(&w, "k\"");
    jw_text(&w, "");
    assert_string_equal(buf.data, "[\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\x7f\","
                                  "\"\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\","
                                  "\"a\xef\xbf\xbd"
                                  "b\xef\xbf\xbd"
                                  "c\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                  "\xef\xbf\xbd\xef\xbf\xbd\",\"k\\\"\":\"\"");
}

static void test_values_are_written_as_read(void **state)
{
    assert_written(*state,
        " { \"z\" : [ 1 , 2.50 , -0 , -0.0, 1.0, 1e21 , 1E2, null ] , \"a\" : \"\\u00e9\\/\" } ",
        "{\"z\":[1,2.5,0,-0.0,1.0,1e+21,100.0,null],\"a\":\"\xc3\xa9/\"}",
        "{\"a\":\"\xc3\xa9/\",\"z\":[1,2.5,0,0,1,1e+21,100,null]}");
    assert_written(*state, "[]", "[]", "[]");
    assert_written(*state, "{}", "{}", "{}");
    assert_written(*state, "[true,false]", "[true,false]", "[true,false]");
    assert_written(*state, "9007199254740993", "9007199254740993", "9007199254740992");
    BUF_AUTO buf;
    buf_init(&buf, 0);
    json_write(&buf, NULL);
    json_canonical(&buf, NULL);
    assert_string_equal(buf.data, "nullnull");
    struct json_writer w = json_writer(&buf);
    buf_reset(&buf);
    jw_open(&w, '[');
    jw_value(&w, parse(*state, "{\"b\":1,\"a\":2}"));
    jw_value(&w, NULL);
    jw_close(&w, ']');
    assert_string_equal(buf.data, "[{\"b\":1,\"a\":2},null]");
}

/* RFC 8785, sections 3.2.2 to 3.2.4 */
static void test_canonical_sample(void **state)
{
    struct arena *arena = *state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    json_canonical(
        &buf, parse(arena,
                  "{\n  \"numbers\": [333333333.33333329, 1E30, 4.50,\n 2e-3, 0.000000000000000000000000001],\n"
                  "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                  "  \"literals\": [null, true, false]\n}"));
    assert_string_equal(buf.data,
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
        "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

static void test_canonical_key_order(void **state)
{
    assert_written(*state,
        "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With "
        "Dagesh\","
        "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
        "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
        "{\"\xe2\x82\xac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet "
        "With "
        "Dagesh\",\"1\":\"One\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xc2\x80\":\"Control\","
        "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\"}",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin Small Letter "
        "O "
        "With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
        "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
    assert_written(*state, "{\"aa\":1,\"a\":2,\"\":3,\"A\":4}", "{\"aa\":1,\"a\":2,\"\":3,\"A\":4}",
        "{\"\":3,\"A\":4,\"a\":2,\"aa\":1}");
    assert_true(json_key_compare("\xee\x80\x80", "\xf0\x90\x80\x80") > 0);
    assert_true(json_key_compare("\xed\x9f\xbf", "\xf0\x90\x80\x80") < 0);
    assert_true(json_key_compare("\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf") < 0);
    assert_true(json_key_compare("\xf0\x90\x80\xae", "\xf0\x90\x80\xbf") < 0);
}

static double from_bits(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* RFC 8785 appendix B, then powers of two whose nearest shortest neighbour lies above */
static void test_canonical_numbers(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } rows[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
        {0x3d30000000000000, "5.684341886080802e-14"},
        {0x0010000000000000, "2.2250738585072014e-308"},
        {0x000fffffffffffff, "2.225073858507201e-308"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[JSON_NUMBER_MAX];
        size_t length = json_real_text(from_bits(rows[i].bits), text);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(length, strlen(text));
    }
}

static void test_every_number_reads_back(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = 0;
        random_bytes(&bits, sizeof(bits));
        if (i % 4 == 0)
            bits &= ~UINT64_C(0xFFFFFFFFFFFFF); /* powers of two */
        if (i % 4 == 1)
            bits &= ~UINT64_C(0x7FF0000000000000); /* subnormal ones */
        double value = from_bits(bits);
        if (!isfinite(value))
            continue;
        char text[JSON_NUMBER_MAX];
        assert_true(json_real_text(value, text) < JSON_NUMBER_MAX - 4);
        assert_true(strtod(text, NULL) == value);
    }
}

static void test_a_full_buffer_is_noticed(void **state)
{
    BUF_AUTO buf;
    buf_init(&buf, 5);
    json_write(&buf, parse(*state, "[1,2,3,4,5,6]"));
    assert_true(buf.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writer_places_commas),
        cmocka_unit_test(test_writer_dates),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_values_are_written_as_read),
        cmocka_unit_test(test_canonical_sample),
        cmocka_unit_test(test_canonical_key_order),
        cmocka_unit_test(test_canonical_numbers),
        cmocka_unit_test(test_every_number_reads_back),
        cmocka_unit_test(test_a_full_buffer_is_noticed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
