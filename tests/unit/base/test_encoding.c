/* Hexadecimal, base64 and base64url: the vectors of RFC 4648, every length, and what must be refused. */
#include "base/crypto.h"
#include "encoding.h"

#include <setjmp.h>
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

static void test_base64_vectors(void **state)
{
    struct arena *arena = *state;
    static const struct {
        const char *plain, *padded, *url;
    } vectors[] = {{"", "", ""}, {"f", "Zg==", "Zg"}, {"fo", "Zm8=", "Zm8"}, {"foo", "Zm9v", "Zm9v"},
        {"foob", "Zm9vYg==", "Zm9vYg"}, {"fooba", "Zm9vYmE=", "Zm9vYmE"}, {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+", "-__-"}};
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const char *plain = vectors[i].plain;
        uint8_t *out = NULL;
        size_t size = 99;
        assert_string_equal(base64_encode(arena, plain, strlen(plain)), vectors[i].padded);
        assert_string_equal(base64url_encode(arena, plain, strlen(plain)), vectors[i].url);
        assert_true(base64_decode(arena, vectors[i].padded, strlen(vectors[i].padded), &out, &size));
        assert_int_equal(size, strlen(plain));
        assert_memory_equal(out, plain, size);
        assert_true(base64url_decode(arena, vectors[i].url, strlen(vectors[i].url), &out, &size));
        assert_int_equal(size, strlen(plain));
        assert_memory_equal(out, plain, size);
    }
}

static void test_every_length_round_trips(void **state)
{
    struct arena *arena = *state;
    uint8_t data[70];
    for (size_t size = 0; size <= sizeof(data); size++) {
        random_bytes(data, size);
        uint8_t *out = NULL;
        size_t read = 0;
        char *text = base64_encode(arena, data, size);
        assert_true(base64_decode(arena, text, strlen(text), &out, &read));
        assert_int_equal(read, size);
        assert_memory_equal(out, data, size);
        text = base64url_encode(arena, data, size);
        assert_true(base64url_decode(arena, text, strlen(text), &out, &read));
        assert_int_equal(read, size);
        assert_memory_equal(out, data, size);
        assert_true(hex_decode(arena, hex_encode(arena, data, size), &out, &read));
        assert_int_equal(read, size);
        assert_memory_equal(out, data, size);
    }
}

static void test_base64_refusals(void **state)
{
    struct arena *arena = *state;
    static const char *const padded[] = {"Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9v\n",
        "Zh==", "Zm9=", "-__-", "Zm=v", "\xc3\xa9==", "Zg=\0"};
    static const char *const url[] = {"Z", "Zg==", "Zh", "Zm9", "+//+", "Zm9vY", " Zg"};
    uint8_t *out = NULL;
    size_t size = 0;
    for (size_t i = 0; i < sizeof(padded) / sizeof(padded[0]); i++)
        assert_false(base64_decode(arena, padded[i], strlen(padded[i]), &out, &size));
    for (size_t i = 0; i < sizeof(url) / sizeof(url[0]); i++)
        assert_false(base64url_decode(arena, url[i], strlen(url[i]), &out, &size));
    assert_false(base64_decode(arena, "Zm\0v", 4, &out, &size));
    assert_null(out);
}

static void test_hex(void **state)
{
    struct arena *arena = *state;
    uint8_t *out = NULL;
    size_t size = 0;
    assert_string_equal(hex_encode(arena, "\x00\xff\x1a", 3), "00ff1a");
    assert_true(hex_decode(arena, "00FF1a", &out, &size));
    assert_int_equal(size, 3);
    assert_memory_equal(out, "\x00\xff\x1a", 3);
    assert_false(hex_decode(arena, "0", &out, &size));
    assert_false(hex_decode(arena, "0g", &out, &size));
    assert_false(hex_decode(arena, "g0", &out, &size));
    assert_false(hex_decode(arena, "0x", &out, &size));
    assert_false(hex_decode(arena, " 00f", &out, &size));
}

static void test_ulid_text(void **state)
{
    (void)state;
    char text[ULID_SIZE];
    uint8_t bytes[ULID_BYTES] = {0};
    ulid_write(text, bytes);
    assert_string_equal(text, "00000000000000000000000000");
    bytes[ULID_BYTES - 1] = 33;
    ulid_write(text, bytes);
    assert_string_equal(text, "00000000000000000000000011");
    memset(bytes, 0xff, sizeof(bytes));
    ulid_write(text, bytes);
    assert_string_equal(text, "7zzzzzzzzzzzzzzzzzzzzzzzzz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64_vectors),
        cmocka_unit_test(test_every_length_round_trips),
        cmocka_unit_test(test_base64_refusals),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_ulid_text),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
