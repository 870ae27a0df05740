/* Public-key signatures: the vectors of RFC 8032 7.1, and an RSA key of OpenSSL 3.0 (`openssl genrsa 2048`,
 * `openssl dgst -sha256 -sign`). */
#include "base/verify.h"

#include "base/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *key, *message, *signature;
} rfc8032[] = {
    {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"},
    {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "r",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00"},
};

static const char MODULUS[] =
    "8d6a287416bbe1077268ded8af42cd6914b1b1b97de6ae5d10dd6f013464787465bf754f8367ba44d0dd5b8d2b3e33fa"
    "6e5a5f86f6db505d464b544a6dc7cefd21325f8efbb69927a5870f80363c5ee42ed2d81b027993d0e88bdf7df566129f"
    "a1365858d57cc9afff72a36bbe74d655cbdf12a438379abbe0758fe2e63d97208163e98f0a6201b5d897b530995e5e86"
    "01b4a3003c49528fdabebac0e70082294e18ddabc334098f2f582cf9d749cc01d234d0030a2fbfd35599dc8cc8ab7e50"
    "fe199f48a6382c6866a3c6fb33b0ce3b8daa4197e476ea9d296189185b6ea2d73bca210e9c2667737d15f28c8dcb503f"
    "84623eb6252cfdcd630d79fcc521efd3";
static const char SIGNATURE[] =
    "4f1e10bb08a00ccb2b5efaa7c9f6274cab607d2a5a6b2e832996e932e92eaefdd7dc2d1e3ba94d613c23a7e0e629007a"
    "fcb3ba2065780b8241d657f73c969b63939be3c7e1edc3186585b3e0eec1c53632acc6c3e13afc30e392aaea80cbd459"
    "d0eb665df997b563853826b78b5ea62012a0aca4f0c546e30e740863ed666fd3ad18b4d9f56a0f097b520219c99f62c2"
    "8db1901892ce71f87818555db8a8ff166ba9396df162f768c21270142f7e5303aea6ded8f7962aaa8804dc0a3de3c113"
    "96b5466939592a5a37ff94050e272e3c4a08ecad31caeb13774d4d49664e2ff83a7fa1c3749f426b57a3d26e20f74bf7"
    "d6da7cb1fae9105d7d977fb3e29a1f68";
static const char MESSAGE[] = "a message";
static const uint8_t EXPONENT[] = {1, 0, 1};

static uint8_t *bytes(struct arena *arena, const char *hex, size_t *ret_size)
{
    uint8_t *out;
    assert_true(hex_decode(arena, hex, &out, ret_size));
    return out;
}

static void test_ed25519(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    size_t size;
    for (size_t i = 0; i < sizeof rfc8032 / sizeof rfc8032[0]; i++) {
        uint8_t *key = bytes(arena, rfc8032[i].key, &size);
        uint8_t *signature = bytes(arena, rfc8032[i].signature, &size);
        struct span message = SPAN_TEXT(rfc8032[i].message);
        assert_true(ed25519_verify(key, message, signature));
        assert_false(ed25519_verify(key, SPAN_TEXT("another"), signature));
        signature[i] ^= 1;
        assert_false(ed25519_verify(key, message, signature));
        signature[i] ^= 1;
        key[0] ^= 1;
        assert_false(ed25519_verify(key, message, signature));
    }
    arena_free(arena);
}

static void test_rsa(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    size_t modulus_size, size;
    uint8_t *modulus = bytes(arena, MODULUS, &modulus_size);
    uint8_t *signature = bytes(arena, SIGNATURE, &size);
    struct rsa_key *key = rsa_key_new(modulus, modulus_size, EXPONENT, sizeof EXPONENT);
    assert_non_null(key);
    assert_true(rsa_sha256_verify(key, SPAN_TEXT(MESSAGE), signature, size));
    assert_false(rsa_sha256_verify(key, SPAN_TEXT("a massage"), signature, size));
    assert_false(rsa_sha256_verify(key, SPAN_TEXT(MESSAGE), signature, size - 1));
    assert_false(rsa_sha256_verify(key, SPAN_TEXT(MESSAGE), signature, 0));
    signature[100] ^= 1;
    assert_false(rsa_sha256_verify(key, SPAN_TEXT(MESSAGE), signature, size));
    rsa_key_free(key);
    rsa_key_free(NULL);
    arena_free(arena);
}

static void test_keys_that_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    size_t size;
    uint8_t *modulus = bytes(arena, MODULUS, &size);
    static const uint8_t one[] = {1}, even[] = {2}, many[9] = {1, [8] = 1};
    assert_null(rsa_key_new(modulus, size, one, 1));
    assert_null(rsa_key_new(modulus, size, even, 1));
    assert_null(rsa_key_new(modulus, size, many, sizeof many));
    assert_null(rsa_key_new(modulus, size, EXPONENT, 0));
    assert_null(rsa_key_new(modulus, size / 2, EXPONENT, sizeof EXPONENT));
    assert_null(rsa_key_new(modulus, 0, EXPONENT, sizeof EXPONENT));
    uint8_t *large = arena_alloc(arena, 2000);
    memset(large, 0xff, 2000);
    assert_null(rsa_key_new(large, RSA_BITS_MAX / 8 + 1, EXPONENT, sizeof EXPONENT));
    assert_null(rsa_key_new(large, 2000, EXPONENT, sizeof EXPONENT));
    modulus[size - 1] &= 0xfe;
    assert_null(rsa_key_new(modulus, size, EXPONENT, sizeof EXPONENT));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ed25519),
        cmocka_unit_test(test_rsa),
        cmocka_unit_test(test_keys_that_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
