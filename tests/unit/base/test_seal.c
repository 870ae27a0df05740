/* Sealing: round trips, places, keys old and new, every way to damage a value. */
#include "base/crypto.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char key_hex[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

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

static enum status add(struct keyring *ring, const void *key, size_t size, struct error *err)
{
    struct secret *secret = secret_new(key, size);
    enum status status = keyring_add(ring, secret, err);
    secret_free(secret);
    return status;
}

static struct keyring *ring_of(const char *key)
{
    struct keyring *ring = keyring_new();
    assert_int_equal(add(ring, key, strlen(key), NULL), ST_OK);
    return ring;
}

static char *sealed_text(struct arena *arena, const struct keyring *ring, const char *plain)
{
    char *sealed = NULL;
    struct error err = ERROR_INIT;
    assert_int_equal(seal(ring, arena, "sources/src_1/secret", plain, strlen(plain), &sealed, &err), ST_OK);
    return sealed;
}

static void assert_opens(const struct keyring *ring, const char *sealed, const char *expected)
{
    struct secret *secret = NULL;
    struct error err = ERROR_INIT;
    size_t size = 0;
    assert_int_equal(unseal(ring, "sources/src_1/secret", sealed, &secret, &err), ST_OK);
    assert_memory_equal(secret_bytes(secret, &size), expected, strlen(expected) + 1);
    assert_int_equal(size, strlen(expected));
    secret_free(secret);
}

static void assert_closed(const struct keyring *ring, const char *context, const char *sealed, const char *part)
{
    struct secret *secret = NULL;
    struct error err = ERROR_INIT;
    assert_int_equal(unseal(ring, context, sealed, &secret, &err), ST_INTERNAL);
    assert_null(secret);
    assert_non_null(strstr(err.detail, part));
}

static void test_what_is_sealed_opens(void **state)
{
    struct arena *arena = *state;
    struct keyring *ring = ring_of(key_hex);
    static const char *const plains[] = {"", "x", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "\xc3\xa9"};
    for (size_t i = 0; i < sizeof(plains) / sizeof(plains[0]); i++) {
        char *sealed = sealed_text(arena, ring, plains[i]);
        assert_memory_equal(sealed, "v1:", 3);
        assert_int_equal(sealed[19], ':');
        assert_opens(ring, sealed, plains[i]);
        assert_string_not_equal(sealed, sealed_text(arena, ring, plains[i]));
        assert_true(sealed_current(ring, sealed));
    }
    keyring_free(ring);
    keyring_free(NULL);
}

static void test_bytes_and_digits_are_the_same_key(void **state)
{
    struct arena *arena = *state;
    struct keyring *ring = ring_of(key_hex);
    struct keyring *same = keyring_new();
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_true(hex_decode(arena, key_hex, &bytes, &size));
    assert_int_equal(add(same, bytes, size, NULL), ST_OK);
    assert_opens(same, sealed_text(arena, ring, "plain"), "plain");
    struct error err = ERROR_INIT;
    assert_int_equal(add(same, key_hex, 64, &err), ST_INVALID);
    assert_non_null(strstr(err.detail, "twice"));
    keyring_free(ring);
    keyring_free(same);
}

static void test_a_value_cannot_be_moved_or_changed(void **state)
{
    struct arena *arena = *state;
    struct keyring *ring = ring_of(key_hex);
    char *sealed = sealed_text(arena, ring, "plain");
    assert_closed(ring, "sources/src_2/secret", sealed, "another place");
    assert_closed(ring, "", sealed, "another place");
    size_t length = strlen(sealed);
    for (size_t i = 0; i < length; i++) {
        char *damaged = arena_strdup(arena, sealed);
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        assert_closed(ring, "sources/src_1/secret", damaged, "");
        damaged = arena_strndup(arena, sealed, i);
        assert_closed(ring, "sources/src_1/secret", damaged, "");
    }
    assert_closed(ring, "sources/src_1/secret", arena_printf(arena, "%sA", sealed), "damaged");
    assert_closed(ring, "sources/src_1/secret", "", "not a sealed value");
    assert_closed(ring, "sources/src_1/secret", "plain", "not a sealed value");
    assert_closed(ring, "sources/src_1/secret", "v1:0000000000000000:", "0000000000000000");
    keyring_free(ring);
}

static void test_the_newest_key_seals_and_all_open(void **state)
{
    struct arena *arena = *state;
    struct keyring *ring = ring_of(key_hex);
    char *old = sealed_text(arena, ring, "old");
    assert_int_equal(add(ring, "0123456789abcdef0123456789abcdef", 32, NULL), ST_OK);
    char *new = sealed_text(arena, ring, "new");
    assert_memory_not_equal(old, new, 19);
    assert_opens(ring, old, "old");
    assert_opens(ring, new, "new");
    assert_false(sealed_current(ring, old));
    assert_true(sealed_current(ring, new));
    assert_false(sealed_current(ring, "plain"));
    struct keyring *without = ring_of(key_hex);
    assert_closed(without, "sources/src_1/secret", new, "not among the sealing keys");
    keyring_free(ring);
    keyring_free(without);
}

static void test_what_is_refused(void **state)
{
    struct arena *arena = *state;
    struct keyring *ring = keyring_new();
    struct error err = ERROR_INIT;
    char *sealed = NULL;
    assert_int_equal(seal(ring, arena, "c", "x", 1, &sealed, &err), ST_INTERNAL);
    assert_false(sealed_current(ring, "v1:0000000000000000:AAAA"));
    assert_int_equal(add(ring, "short", 5, &err), ST_INVALID);
    assert_int_equal(add(ring, "", 0, &err), ST_INVALID);
    char bad[65];
    memcpy(bad, key_hex, sizeof(bad));
    bad[10] = 'g';
    assert_int_equal(add(ring, bad, 64, &err), ST_INVALID);
    assert_int_equal(seal(ring, arena, "c", "x", 1, &sealed, &err), ST_INTERNAL);
    for (int i = 0; i < 16; i++) {
        char key[32] = {0};
        key[0] = (char)i;
        assert_int_equal(add(ring, key, sizeof(key), NULL), ST_OK);
    }
    assert_int_equal(add(ring, key_hex, 64, &err), ST_INVALID);
    char *large = arena_alloc(arena, 1024 * 1024 + 1);
    assert_int_equal(seal(ring, arena, "c", large, 1024 * 1024 + 1, &sealed, &err), ST_TOO_LARGE);
    assert_null(sealed);
    assert_int_equal(seal(ring, arena, "c", large, 1024 * 1024, &sealed, &err), ST_OK);
    struct secret *secret = NULL;
    size_t size = 0;
    assert_int_equal(unseal(ring, "c", sealed, &secret, &err), ST_OK);
    (void)secret_bytes(secret, &size);
    assert_int_equal(size, 1024 * 1024);
    secret_free(secret);
    keyring_free(ring);
}

static void test_signatures(void **state)
{
    (void)state;
    struct sha256 mac;
    struct keyring *ring = ring_of(key_hex);
    assert_true(keyring_sign(ring, "links", "abc", 3, &mac));
    assert_true(keyring_signed(ring, "links", "abc", 3, mac.bytes, 14));
    assert_false(keyring_signed(ring, "links", "abd", 3, mac.bytes, 14));
    assert_false(keyring_signed(ring, "forms", "abc", 3, mac.bytes, 14));
    assert_false(keyring_signed(ring, "links", "abc", 3, mac.bytes, 4)); /* too short to prove anything */
    assert_int_equal(add(ring, "another key of thirty-two bytes.", 32, NULL), ST_OK);
    assert_true(keyring_signed(ring, "links", "abc", 3, mac.bytes, 32)); /* of the older key */
    struct sha256 newer;
    assert_true(keyring_sign(ring, "links", "abc", 3, &newer));
    assert_memory_not_equal(newer.bytes, mac.bytes, SHA256_SIZE);
    mac.bytes[3] ^= 1;
    assert_false(keyring_signed(ring, "links", "abc", 3, mac.bytes, 14));
    keyring_free(ring);
    assert_false(keyring_sign(NULL, "links", "abc", 3, &mac));
    assert_false(keyring_signed(NULL, "links", "abc", 3, mac.bytes, 32));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_sealed_opens),
        cmocka_unit_test(test_bytes_and_digits_are_the_same_key),
        cmocka_unit_test(test_a_value_cannot_be_moved_or_changed),
        cmocka_unit_test(test_the_newest_key_seals_and_all_open),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_signatures),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
