/* Hashes and MACs against the published vectors (FIPS 180-4, RFC 4231), comparison and randomness. */
#include "base/buf.h"
#include "base/crypto.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void assert_hash(struct sha256 hash, const char *expected)
{
    char hex[SHA256_HEX];
    assert_string_equal(sha256_hex(&hash, hex), expected);
}

static void test_sha256_vectors(void **state)
{
    (void)state;
    assert_hash(sha256("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(sha256(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(sha256("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const struct span parts[] = {SPAN_TEXT("a"), {NULL, 0}, SPAN_TEXT("bc")};
    assert_hash(sha256_parts(parts, 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_hmac_vectors(void **state)
{
    (void)state;
    char key[131];
    memset(key, 0x0b, 20);
    assert_hash(hmac_sha256(key, 20, "Hi There", 8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    const char *question = "what do ya want for nothing?";
    assert_hash(hmac_sha256("Jefe", 4, question, strlen(question)),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const struct span parts[] = {SPAN_TEXT("what do ya want "), SPAN_TEXT("for nothing?")};
    assert_hash(hmac_sha256_parts("Jefe", 4, parts, 2),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof(key));
    const char *large = "Test Using Larger Than Block-Size Key - Hash Key First";
    assert_hash(hmac_sha256(key, sizeof(key), large, strlen(large)),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_hmac_accepts_an_empty_key(void **state)
{
    (void)state;
    const char *expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
    assert_hash(hmac_sha256("", 0, "", 0), expected);
    assert_hash(hmac_sha256(NULL, 0, NULL, 0), expected);
}

static void test_hash_text_round_trips(void **state)
{
    (void)state;
    struct sha256 hash = sha256("abc", 3);
    struct sha256 read = {0};
    char hex[SHA256_HEX];
    assert_true(sha256_parse(sha256_hex(&hash, hex), &read));
    assert_memory_equal(read.bytes, hash.bytes, SHA256_SIZE);
    assert_false(sha256_parse(NULL, &read));
    assert_false(sha256_parse("", &read));
    hex[63] = '\0';
    assert_false(sha256_parse(hex, &read));
    hex[63] = 'g';
    assert_false(sha256_parse(hex, &read));
    assert_false(sha256_parse("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0", &read));
    assert_memory_equal(read.bytes, hash.bytes, SHA256_SIZE);
}

static void test_comparison(void **state)
{
    (void)state;
    assert_true(bytes_equal_ct("abc", "abd", 2));
    assert_false(bytes_equal_ct("abc", "abd", 3));
    assert_true(bytes_equal_ct(NULL, NULL, 0));
    assert_true(text_equal_ct("", ""));
    assert_true(text_equal_ct("secret", "secret"));
    assert_false(text_equal_ct("secret", "secreT"));
    assert_false(text_equal_ct("secret", "secre"));
    assert_false(text_equal_ct("", "s"));
}

static void test_random_and_wipe(void **state)
{
    (void)state;
    unsigned char a[32] = {0};
    unsigned char b[32] = {0};
    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    wipe(a, sizeof(a));
    memset(b, 0, sizeof(b));
    assert_memory_equal(a, b, sizeof(a));
    wipe(NULL, 0);
    random_bytes(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_vectors),
        cmocka_unit_test(test_hmac_vectors),
        cmocka_unit_test(test_hmac_accepts_an_empty_key),
        cmocka_unit_test(test_hash_text_round_trips),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_random_and_wipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
