/* Public-key signatures: the vectors of RFC 8032 7.1, and an RSA key of OpenSSL 3.0 (`openssl genrsa 2048`,
 * `openssl dgst -sha256 -sign`); certificates of `openssl req -x509`, of RSA and of P-256, and what the first
 * one's key signed. */
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
static const char CERTIFICATE[] =
    "308202f9308201e1a003020102021418d6fb0345a328d1efddcfbef66f8792489dad13300d06092a864886f70d01010b"
    "0500300c310a300806035504030c0174301e170d3236313132383033353834345a170d3336313132353033353834345a"
    "300c310a300806035504030c017430820122300d06092a864886f70d01010105000382010f003082010a0282010100d0"
    "eaf7c4c35a2c931452baa6df4deebc161efe7430caf0497116558c9f90db3187f254cb558a29b409ac96ed56b87c8f62"
    "ea1477aac04b7304a2d9eaf63d0ff6edecd1a8978f6c2e66eb90a5fd9e4249917af2a6a603ff5d99af44e2b6f3f7fe31"
    "827efad25fb01b4c38776f2b8408b866a21ff8ab0266ce5a4314b90e85774906a750d51b0abfeb03112c5aaef3514bcb"
    "ac864405254ecbcedf731200f5c27811070076e648b6b8822e61259419bc63e8011d7f0547bc125355649f54aa396fe6"
    "448d332d846a94c67323e94067599a80e45d53bcd1cc5c43eb93387ce108191def8b00ddbc7e6c57bc51ab6a9469b5f0"
    "29e360f370c5007ade6c5b75c00b850203010001a3533051301d0603551d0e04160414efaf55412cc04937e401a7a0f1"
    "c8cfbafeb0c59f301f0603551d23041830168014efaf55412cc04937e401a7a0f1c8cfbafeb0c59f300f0603551d1301"
    "01ff040530030101ff300d06092a864886f70d01010b05000382010100bc5e4ed1cf2d68f8b2792cfb11f81148667efa"
    "fd9e5d06725333becb8c6488d2c9a72ba1f7735ee18e6b7970f01fc6d42c50f28cb7aebcce70d4b5bdb904092b6c1e4c"
    "39e607500ad1ae29869c3c8eda8c0062af8a1910ab793bc7485510d40f933af7392adbe01dab4bd6b1968782f83d3608"
    "a5e19fdc88b635555dc472b8eb2c46a14739004d041417ed49e0fb3174867870b763b09be4d521dd8ee2e41224123729"
    "86ab6a989ddeca0f7558919c7e775cfc4cef063b4ff018283a967e03822991ecf313ddee9b63884c7904c03c0eada3e2"
    "8a79a8be5e5f6adb7ad19394666a846986324c81df5589326b94587bd0961d0ad0806ac851fd2bf7c773333d2c";
static const char EC_CERTIFICATE[] =
    "3082016c30820113a0030201020214738e420b345522a28f0c5ed52f8c90234fa447ed300a06082a8648ce3d04030230"
    "0c310a300806035504030c0165301e170d3236313132383033353834345a170d3236313232383033353834345a300c31"
    "0a300806035504030c01653059301306072a8648ce3d020106082a8648ce3d03010703420004a83abc4f5011bd07c841"
    "0185a31c71730434ccef27f9571742c17acb8cb6623017680422d2818b8f5c6fddeb2bd0cbcdb7d87cf5248ab623e968"
    "9824c73ec7e0a3533051301d0603551d0e04160414c9fcf8fac4a9230f36e2637982d479985d7b8b57301f0603551d23"
    "041830168014c9fcf8fac4a9230f36e2637982d479985d7b8b57300f0603551d130101ff040530030101ff300a06082a"
    "8648ce3d040302034700304402204b62382bdf1a89415227b70cc536fd5a00c5e11b921f636babd515594111dd740220"
    "7865084f08cbf0c7604fb346b755f8708a8098fa982054c27c34f4e932dbcfe0";
static const struct {
    enum sha2 hash;
    const char *signature;
} signed_by_certificate[] = {
    {SHA2_384,
        "772fd16b66a461f171532f57503aecaa9263e8f11b4bf286fe9d6e2c832678f6114c4fb48909d05fb1f3a1cb2f64e0b5"
        "ff926fabff1504c92658f497d961c8b5ba60be66490fbfb9e4b0940bbd96cdb5acc05ddea2782cff75289bf4a66127d4"
        "21420304d9a50c792ad4fa29381be3a2f5cb5491b43b707de7447732cfe1e88062130bc505b8906f978ce926d3e6c460"
        "c7058e35e3429b02db09e42c2c46df067e3be31343a19c4c1051cb8d61e1ae2321a3c164a6814f74a50822803aef2c64"
        "a83f422899c7127bff6fc69bc04ba83e840d7a4d60662d479cf958128f9e2e839a94385fae7dd73068baed65871992a7"
        "14b3ee2213b889a77cec8d86aa97a29f"},
    {SHA2_512,
        "57208197f1f630bc5fce8a5c14f302240e13614c551f64d25ca80843f8ec72ced818152d274cd9816dcf044d5cfdb7e7"
        "b33bf1a60617839f660927487dbf407713547c78fe8f862b95bec94104ca3b3b3a564156dc4109982617f8d41ed21da7"
        "eead489ad7870a26a0165d8adb40e585f3ff1c648c9ff92d4eee7311bba904131c5b5e8931a4b1da094671ab2748c77b"
        "8373f9cfc2b91d0f3a272bd9386bf8321ab410d28c81c5b6c992dc97bab6f879ef9e9e2b3e1b7080a3c4b33b537473d2"
        "b4a5a959e705275fa4f7eee5cc03c4595e5d747bd7f9f084e11bcf191447e28c6e399248a057a87f78e90419c616d23b"
        "720bdef5a26d7b82b4b5cedd66e542f3"},
};
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
    assert_true(rsa_verify(key, SHA2_256, SPAN_TEXT(MESSAGE), signature, size));
    assert_false(rsa_verify(key, SHA2_256, SPAN_TEXT("a massage"), signature, size));
    assert_false(rsa_verify(key, SHA2_256, SPAN_TEXT(MESSAGE), signature, size - 1));
    assert_false(rsa_verify(key, SHA2_256, SPAN_TEXT(MESSAGE), signature, 0));
    signature[100] ^= 1;
    assert_false(rsa_verify(key, SHA2_256, SPAN_TEXT(MESSAGE), signature, size));
    rsa_key_free(key);
    rsa_key_free(NULL);
    arena_free(arena);
}

static void test_certificates(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    size_t size, key_size;
    const char *der = (const char *)bytes(arena, CERTIFICATE, &size);
    struct rsa_key *key = rsa_key_of_certificate((struct span){der, size});
    assert_non_null(key);
    for (size_t i = 0; i < sizeof signed_by_certificate / sizeof signed_by_certificate[0]; i++) {
        uint8_t *signature = bytes(arena, signed_by_certificate[i].signature, &key_size);
        enum sha2 hash = signed_by_certificate[i].hash;
        assert_true(rsa_verify(key, hash, SPAN_TEXT(MESSAGE), signature, key_size));
        assert_false(rsa_verify(key, SHA2_256, SPAN_TEXT(MESSAGE), signature, key_size));
        signature[3] ^= 1;
        assert_false(rsa_verify(key, hash, SPAN_TEXT(MESSAGE), signature, key_size));
    }
    rsa_key_free(key);
    assert_null(rsa_key_of_certificate((struct span){der, size - 1}));
    assert_null(rsa_key_of_certificate((struct span){arena_printf(arena, "%s", "no certificate"), 14}));
    char *longer = arena_alloc(arena, size + 1);
    memcpy(longer, der, size);
    assert_null(rsa_key_of_certificate((struct span){longer, size + 1}));
    der = (const char *)bytes(arena, EC_CERTIFICATE, &size);
    assert_null(rsa_key_of_certificate((struct span){der, size}));
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
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_keys_that_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
