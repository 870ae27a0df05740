/* Tokens that OpenSSL signed (see tests/data/lms/jwt/README), good ones and all the ways to forge one. */
#include "lms/signature.h"

#include "base/crypto.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW (INT64_C(1795000000) * US_PER_SEC)

struct bench {
    struct arena *arena;
    struct lms_signature signature;
    struct lms_keys keys;
    struct lms_verdict verdict;
};

static struct bench bench(void)
{
    struct bench b = {.arena = arena_new(0), .signature = {.family = LMS_FAMILY_JWT, .window = FIELD_INT_NONE}};
    b.keys.jwks = sample(b.arena, "lms/jwt/jwks.json");
    return b;
}

static int verify_at(struct bench *b, struct span body, instant_t now)
{
    struct lms_request request = {.body = body};
    lms_verify(b->arena, &b->signature, &b->keys, &request, now, &b->verdict);
    assert_non_null(b->verdict.sentence);
    if (b->verdict.outcome != LMS_ACCEPTED)
        assert_int_equal(b->verdict.content.size, 0);
    return b->verdict.outcome;
}

static int verify(struct bench *b, const char *name)
{
    return verify_at(b, sample(b->arena, arena_printf(b->arena, "lms/jwt/%s.jwt", name)), NOW);
}

static void test_the_body_is_a_token(void **state)
{
    (void)state;
    struct bench b = bench();
    assert_int_equal(verify(&b, "good"), LMS_ACCEPTED);
    static const char payload[] = "{\"metadata\":{\"event_name\":\"course_completed\"},\"iat\":1795000000,"
                                  "\"iss\":\"canvas\",\"aud\":[\"entretiend\",\"other\"]}";
    assert_int_equal(b.verdict.content.size, sizeof payload - 1);
    assert_memory_equal(b.verdict.content.data, payload, sizeof payload - 1);
    assert_int_equal(verify(&b, "without_kid"), LMS_ACCEPTED);
    assert_int_equal(verify(&b, "unknown_kid"), LMS_ACCEPTED);
    assert_int_equal(verify(&b, "without_time"), LMS_ACCEPTED);
    assert_int_equal(verify(&b, "with_expiry"), LMS_ACCEPTED);
    arena_free(b.arena);
}

static void test_forged_tokens(void **state)
{
    (void)state;
    static const char *const names[] = {"none", "hs256_of_the_public_key", "rs512", "crit",
        "kid_of_another_key", "weak_key", "array", "time_as_text"};
    struct bench b = bench();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(verify(&b, names[i]), LMS_WRONG);
    arena_free(b.arena);
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t now, window;
        int outcome;
    } rows[] = {
        {"good", 300, FIELD_INT_NONE, LMS_ACCEPTED},
        {"good", 301, FIELD_INT_NONE, LMS_STALE},
        {"good", -301, FIELD_INT_NONE, LMS_STALE},
        {"good", 86400, 86400, LMS_ACCEPTED},
        /* issued long ago, expires in a minute */
        {"with_expiry", 360, FIELD_INT_NONE, LMS_ACCEPTED},
        {"with_expiry", 361, FIELD_INT_NONE, LMS_STALE},
        {"with_expiry", -1000000, FIELD_INT_NONE, LMS_ACCEPTED},
        {"with_expiry", -1000301, FIELD_INT_NONE, LMS_STALE},
        {"without_time", 999999999, FIELD_INT_NONE, LMS_ACCEPTED},
    };
    struct bench b = bench();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        b.signature.window = rows[i].window;
        struct span body = sample(b.arena, arena_printf(b.arena, "lms/jwt/%s.jwt", rows[i].name));
        assert_int_equal(verify_at(&b, body, NOW + rows[i].now * US_PER_SEC), rows[i].outcome);
    }
    arena_free(b.arena);
}

static void test_issuer_and_audience(void **state)
{
    (void)state;
    struct bench b = bench();
    b.signature.issuer = "canvas";
    b.signature.audience = "entretiend";
    assert_int_equal(verify(&b, "good"), LMS_ACCEPTED);
    b.signature.audience = "elsewhere";
    assert_int_equal(verify(&b, "good"), LMS_WRONG);
    b.signature.audience = NULL;
    b.signature.issuer = "moodle";
    assert_int_equal(verify(&b, "good"), LMS_WRONG);
    b.signature.issuer = "canvas";
    assert_int_equal(verify(&b, "without_time"), LMS_WRONG);
    arena_free(b.arena);
}

static void test_a_token_in_a_field(void **state)
{
    (void)state;
    struct bench b = bench();
    b.signature.header = "Authorization";
    b.signature.prefix = "Bearer ";
    struct span token = sample(b.arena, "lms/jwt/good.jwt");
    const char *value = arena_printf(b.arena, "Bearer %.*s", (int)token.size - 1, token.data);
    struct lms_header field = {"authorization", value};
    struct lms_request request = {.headers = &field, .header_count = 1, .body = {"{}", 2}};
    lms_verify(b.arena, &b.signature, &b.keys, &request, NOW, &b.verdict);
    assert_int_equal(b.verdict.outcome, LMS_ACCEPTED);
    assert_string_equal(b.verdict.content.data, "{}");
    field.value = value + 7;
    lms_verify(b.arena, &b.signature, &b.keys, &request, NOW, &b.verdict);
    assert_int_equal(b.verdict.outcome, LMS_WRONG);
    request.header_count = 0;
    lms_verify(b.arena, &b.signature, &b.keys, &request, NOW, &b.verdict);
    assert_int_equal(b.verdict.outcome, LMS_MISSING);
    arena_free(b.arena);
}

static void test_every_byte_counts(void **state)
{
    (void)state;
    struct bench b = bench();
    struct span good = sample(b.arena, "lms/jwt/good.jwt");
    char *changed = arena_copy(b.arena, good.data, good.size);
    for (size_t i = 0; i < good.size - 1; i += 7) {
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        int outcome = verify_at(&b, (struct span){changed, good.size}, NOW);
        assert_int_equal(outcome, LMS_WRONG);
        changed[i] = good.data[i];
    }
    for (size_t cut = 0; cut < good.size - 1; cut += 11)
        assert_int_not_equal(verify_at(&b, (struct span){good.data, cut}, NOW), LMS_ACCEPTED);
    arena_free(b.arena);
}

static void test_what_is_no_token(void **state)
{
    (void)state;
    static const char *const bodies[] = {"..", ".", "...", "a.b", "a.b.c", "e30.e30.", "e30.e30.e30", "{}",
        "e30=.e30.AA", "W10.e30.AA", "\xff\xfe.\x00.", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"};
    struct bench b = bench();
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(verify_at(&b, SPAN_TEXT(bodies[i]), NOW), LMS_WRONG);
    assert_int_equal(verify_at(&b, (struct span){"", 0}, NOW), LMS_MISSING);
    assert_int_equal(verify_at(&b, (struct span){" \n", 2}, NOW), LMS_MISSING);
    size_t size = 300000;
    char *dots = arena_alloc(b.arena, size);
    memset(dots, '.', size);
    assert_int_equal(verify_at(&b, (struct span){dots, size}, NOW), LMS_WRONG);
    memset(dots, 'A', size);
    dots[100000] = dots[200000] = '.';
    assert_int_equal(verify_at(&b, (struct span){dots, size}, NOW), LMS_WRONG);
    arena_free(b.arena);
}

static enum status check_jwks(const char *text)
{
    struct lms_signature signature = {.family = LMS_FAMILY_JWT};
    struct lms_keys keys = {.jwks = SPAN_TEXT(text)};
    return lms_signature_check(&signature, &keys, NULL);
}

static void test_key_sets_are_checked(void **state)
{
    (void)state;
    struct bench b = bench();
    assert_int_equal(lms_signature_check(&b.signature, &b.keys, NULL), ST_OK);
    assert_int_equal(check_jwks(""), ST_INVALID);
    assert_int_equal(check_jwks("[]"), ST_INVALID);
    assert_int_equal(check_jwks("{\"keys\": {}}"), ST_INVALID);
    assert_int_equal(check_jwks("{\"keys\": []}"), ST_INVALID);
    assert_int_equal(check_jwks("{\"keys\": [1, null, \"a\", [], {}]}"), ST_INVALID);
    assert_int_equal(
        check_jwks("{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQAB\", \"e\": \"AQAB\"}]}"), ST_INVALID);
    assert_int_equal(check_jwks("{\"keys\": [{\"kty\": \"RSA\", \"n\": 5, \"e\": {}}]}"), ST_INVALID);
    BUF_AUTO crowd;
    buf_init(&crowd, 0);
    buf_text(&crowd, "{\"keys\": [{}");
    for (int i = 0; i < LMS_JWKS_KEYS_MAX; i++)
        buf_text(&crowd, ", {}");
    buf_text(&crowd, "]}");
    assert_int_equal(check_jwks(crowd.data), ST_INVALID);
    buf_reset(&crowd);
    buf_text(&crowd, "{\"keys\": []");
    while (crowd.size < LMS_JWKS_MAX)
        buf_text(&crowd, "          ");
    buf_text(&crowd, "}");
    assert_int_equal(check_jwks(crowd.data), ST_INVALID);
    /* Exponents of 1 and even ones accept anything or nothing. */
    const struct json *set;
    assert_int_equal(json_parse(b.arena, b.keys.jwks.data, b.keys.jwks.size, &set, NULL), ST_OK);
    const char *modulus = json_text(json_pointer(set, "/keys/1/n"));
    static const char *const exponents[] = {"AQ", "Ag", "", "AQABAQABAQABAQAB"};
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++)
        assert_int_equal(
            check_jwks(arena_printf(b.arena, "{\"keys\": [{\"kty\": \"RSA\", \"n\": \"%s\", \"e\": \"%s\"}]}",
                modulus, exponents[i])),
            ST_INVALID);
    b.keys.jwks = (struct span){NULL, 0};
    assert_int_equal(verify(&b, "good"), LMS_WRONG);
    arena_free(b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_body_is_a_token),
        cmocka_unit_test(test_forged_tokens),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_issuer_and_audience),
        cmocka_unit_test(test_a_token_in_a_field),
        cmocka_unit_test(test_every_byte_counts),
        cmocka_unit_test(test_what_is_no_token),
        cmocka_unit_test(test_key_sets_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
