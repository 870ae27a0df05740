/*
 * Families of signatures against what other programs signed. The Standard Webhooks values were made with the
 * npm package standardwebhooks 1.1.1 (`new Webhook(secret).sign(id, time, body)`), v1a and the plain HMACs with
 * OpenSSL 3.0 (`openssl pkeyutl -sign -rawin`, `openssl dgst -sha256 -hmac`).
 */
#include "lms/signature.h"

#include "base/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW (INT64_C(1795000000) * US_PER_SEC)
#define ID  "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"

static const char BODY[] = "{\"type\":\"course.attempt.closed\",\"timestamp\":1795000000000,"
                           "\"data\":{\"title\":\"Sécurité incendie — niveau 2\"}}";
static const char SECRET_1[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
static const char SECRET_2[] = "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXQ=";
static const char SIGNED_1[] = "v1,ehAE1F7gfBzMAZmOnU7n2L9dbLtRJuyJyfAAW5wc5vw=";
static const char SIGNED_2[] = "v1,QnODT1FOD5KOg+LChvl60m9Y2kAdBUwDdtduYnFggaQ=";
static const char SIGNED_EMPTY[] = "v1,rhXOZ9zqbIEvc+U8Ls9ChJnCWF1rbLkE9stLwDd4cSg=";
static const char PUBLIC_KEY[] = "whpk_alMGTWTNSnaMFqAbeuHvk4DglVZYOQL9WxFjNzsxiME=";
static const char SIGNED_PUBLIC[] =
    "v1a,yA1rJGLUZKEDutHZueEXZBkL54DTDbL/XqOfV6ytOLjQRzF+zb5c48hqQbm1byDDqijh2VuZD3mYpndgMWnIAg==";
static const char HEX_SECRET[] = "correct horse battery";
static const char HEX_MAC[] = "54160cde00fad07ea0baf55ceab0e618c0a810e04062c46d2aa8b7055c1e53c7";
static const char BASE64_SECRET[] = "YSBzZWNyZXQgaW4gYmFzZTY0IG9mIDI0";
static const char BASE64_MAC[] = "LGz2bHJLysIDbJP9eJCrb1IHqHjWvUv5ehDwafCn6wU=";

struct bench {
    struct arena *arena;
    struct lms_signature signature;
    struct lms_keys keys;
    struct lms_header headers[8];
    struct lms_request request;
    struct lms_verdict verdict;
};

static void drop_secret(void *secret)
{
    secret_free(secret);
}

static const struct secret *secret(struct arena *arena, const char *text)
{
    struct secret *made = text ? secret_new(text, strlen(text)) : NULL;
    if (made)
        arena_defer(arena, drop_secret, made);
    return made;
}

static struct bench bench(int family, const char *current, const char *previous)
{
    struct bench b = {.arena = arena_new(0),
        .signature = {.family = family, .window = FIELD_INT_NONE},
        .request = {.body = {BODY, sizeof BODY - 1}}};
    b.keys.current = secret(b.arena, current);
    b.keys.previous = secret(b.arena, previous);
    return b;
}

static void header(struct bench *b, const char *name, const char *value)
{
    assert_true(b->request.header_count < 8);
    b->headers[b->request.header_count++] = (struct lms_header){name, value};
}

static int verify_at(struct bench *b, instant_t now)
{
    b->request.headers = b->headers;
    lms_verify(b->arena, &b->signature, &b->keys, &b->request, now, &b->verdict);
    assert_non_null(b->verdict.sentence);
    assert_null(strstr(b->verdict.sentence, "whsec"));
    if (b->verdict.outcome != LMS_ACCEPTED) {
        assert_int_equal(b->verdict.content.size, 0);
        assert_null(b->verdict.message_id);
    }
    return b->verdict.outcome;
}

static int verify(struct bench *b)
{
    return verify_at(b, NOW);
}

/* One request from scratch: a single field. */
static int once(int family, const char *field, const char *prefix, const char *current, const char *previous,
    const char *name, const char *value)
{
    struct bench b = bench(family, current, previous);
    b.signature.header = field;
    b.signature.prefix = prefix;
    b.signature.user = family == LMS_FAMILY_BASIC ? "moodle" : NULL;
    if (name)
        header(&b, name, value);
    int outcome = verify(&b);
    if (outcome == LMS_ACCEPTED)
        assert_ptr_equal(b.verdict.content.data, BODY);
    arena_free(b.arena);
    return outcome;
}

static void test_a_secret_in_a_field(void **state)
{
    (void)state;
    const int f = LMS_FAMILY_HEADER;
    assert_int_equal(once(f, "X-Token", NULL, "s3cretvalue", NULL, "x-token", "s3cretvalue"), LMS_ACCEPTED);
    assert_int_equal(
        once(f, "X-Token", NULL, "newer value", "s3cretvalue", "X-TOKEN", "s3cretvalue"), LMS_ACCEPTED);
    assert_int_equal(
        once(f, "X-Token", "Token ", "s3cretvalue", NULL, "X-Token", "token s3cretvalue"), LMS_ACCEPTED);
    assert_int_equal(once(f, "X-Token", "Token ", "s3cretvalue", NULL, "X-Token", "s3cretvalue"), LMS_WRONG);
    assert_int_equal(once(f, "X-Token", NULL, "s3cretvalue", NULL, "X-Token", "s3cretvalu"), LMS_WRONG);
    assert_int_equal(once(f, "X-Token", NULL, "s3cretvalue", NULL, "X-Token", "s3cretvalue "), LMS_WRONG);
    assert_int_equal(once(f, "X-Token", NULL, "s3cretvalue", NULL, "X-Token", ""), LMS_WRONG);
    assert_int_equal(once(f, "X-Token", NULL, "s3cretvalue", NULL, "X-Other", "s3cretvalue"), LMS_MISSING);
    assert_int_equal(once(f, "X-Token", NULL, NULL, NULL, "X-Token", ""), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "s3cretvalue", NULL, "X-Token", "s3cretvalue"), LMS_WRONG);
    assert_int_equal(once(f, "X-Token", NULL, "", NULL, "X-Token", ""), LMS_WRONG);
}

static void test_basic(void **state)
{
    (void)state;
    const int f = LMS_FAMILY_BASIC;
    /* moodle:pass:word, moodle:, other:pass:word, moodle */
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic bW9vZGxlOnBhc3M6d29yZA=="),
        LMS_ACCEPTED);
    assert_int_equal(
        once(f, NULL, NULL, "newer one", "pass:word", "authorization", "bASIC  bW9vZGxlOnBhc3M6d29yZA=="),
        LMS_ACCEPTED);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic bW9vZGxlOg=="), LMS_WRONG);
    assert_int_equal(
        once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic b3RoZXI6cGFzczp3b3Jk"), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic bW9vZGxl"), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic ???"), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic"), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Basic "), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, "Authorization", "Bearer pass:word"), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "pass:word", NULL, NULL, NULL), LMS_MISSING);
}

static void test_bearer(void **state)
{
    (void)state;
    const int f = LMS_FAMILY_BEARER;
    assert_int_equal(
        once(f, NULL, NULL, "token-of-24", NULL, "Authorization", "Bearer token-of-24"), LMS_ACCEPTED);
    assert_int_equal(
        once(f, NULL, NULL, "token-of-24", NULL, "Authorization", "bearer token-of-24"), LMS_ACCEPTED);
    assert_int_equal(once(f, NULL, NULL, "token-of-24", NULL, "Authorization", "Bearertoken-of-24"), LMS_WRONG);
    assert_int_equal(once(f, NULL, NULL, "token-of-24", NULL, "Authorization", "token-of-24"), LMS_WRONG);
    assert_int_equal(
        once(f, NULL, NULL, "token-of-24", NULL, "Authorization", "Bearer token-of-25"), LMS_WRONG);
}

static void test_hmac_in_hexadecimal(void **state)
{
    (void)state;
    const int f = LMS_FAMILY_HMAC_HEX;
    char upper[80] = "SHA256=";
    for (size_t i = 0; i < sizeof HEX_MAC; i++)
        upper[7 + i] = (char)(HEX_MAC[i] >= 'a' ? HEX_MAC[i] - 32 : HEX_MAC[i]);
    char prefixed[80] = "sha256=";
    memcpy(prefixed + 7, HEX_MAC, sizeof HEX_MAC);
    assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, "x-signature", HEX_MAC), LMS_ACCEPTED);
    assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, "x-signature", prefixed), LMS_ACCEPTED);
    assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, "x-signature", upper), LMS_ACCEPTED);
    assert_int_equal(
        once(f, "X-Signature", NULL, "another one", HEX_SECRET, "x-signature", HEX_MAC), LMS_ACCEPTED);
    assert_int_equal(
        once(f, "X-Signature", "sha256=", HEX_SECRET, NULL, "x-signature", prefixed), LMS_ACCEPTED);
    assert_int_equal(once(f, "X-Signature", "sha256=", HEX_SECRET, NULL, "x-signature", HEX_MAC), LMS_WRONG);
    assert_int_equal(once(f, "X-Signature", NULL, "another one", NULL, "x-signature", HEX_MAC), LMS_WRONG);
    assert_int_equal(once(f, "X-Signature", NULL, NULL, NULL, "x-signature", HEX_MAC), LMS_WRONG);
    assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, "x-signature", HEX_MAC + 1), LMS_WRONG);
    assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, "x-signature", ""), LMS_WRONG);
    assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, NULL, NULL), LMS_MISSING);
    char wrong[sizeof HEX_MAC];
    for (size_t i = 0; i < sizeof HEX_MAC - 1; i++) {
        memcpy(wrong, HEX_MAC, sizeof HEX_MAC);
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        assert_int_equal(once(f, "X-Signature", NULL, HEX_SECRET, NULL, "x-signature", wrong), LMS_WRONG);
    }
}

static void test_hmac_in_base64(void **state)
{
    (void)state;
    const int f = LMS_FAMILY_HMAC_BASE64;
    assert_int_equal(once(f, "X-Sign", NULL, BASE64_SECRET, NULL, "X-Sign", BASE64_MAC), LMS_ACCEPTED);
    assert_int_equal(
        once(f, "X-Sign", NULL, "b3RoZXIgc2VjcmV0IG9mIG1pbmU=", BASE64_SECRET, "X-Sign", BASE64_MAC),
        LMS_ACCEPTED);
    assert_int_equal(
        once(f, "X-Sign", NULL, "b3RoZXIgc2VjcmV0IG9mIG1pbmU=", NULL, "X-Sign", BASE64_MAC), LMS_WRONG);
    assert_int_equal(once(f, "X-Sign", NULL, "not base64!", NULL, "X-Sign", BASE64_MAC), LMS_WRONG);
    assert_int_equal(once(f, "X-Sign", NULL, BASE64_SECRET, NULL, "X-Sign", HEX_MAC), LMS_WRONG);
    assert_int_equal(once(f, "X-Sign", NULL, BASE64_SECRET, NULL, "X-Sign", "LGz2"), LMS_WRONG);
    assert_int_equal(once(f, "X-Sign", NULL, BASE64_SECRET, NULL, "X-Sign", ""), LMS_WRONG);
}

static void test_raw_bytes_count(void **state)
{
    (void)state;
    /* The same JSON written otherwise is another body. */
    struct bench b = bench(LMS_FAMILY_HMAC_HEX, HEX_SECRET, NULL);
    b.signature.header = "X-Signature";
    header(&b, "X-Signature", HEX_MAC);
    char *other = arena_printf(b.arena, "%s\n", BODY);
    b.request.body = SPAN_TEXT(other);
    assert_int_equal(verify(&b), LMS_WRONG);
    b.request.body = (struct span){NULL, 0};
    assert_int_equal(verify(&b), LMS_WRONG);
    arena_free(b.arena);
}

static void test_fields_given_twice(void **state)
{
    (void)state;
    struct bench b = bench(LMS_FAMILY_HMAC_HEX, HEX_SECRET, NULL);
    b.signature.header = "X-Signature";
    header(&b, "X-Signature", HEX_MAC);
    header(&b, "x-signature", "0000");
    assert_int_equal(verify(&b), LMS_WRONG);
    arena_free(b.arena);
}

static struct bench standard(const char *current, const char *previous, const char *signatures)
{
    struct bench b = bench(LMS_FAMILY_STANDARD, current, previous);
    header(&b, "Webhook-Id", ID);
    header(&b, "Webhook-Timestamp", "1795000000");
    header(&b, "Webhook-Signature", signatures);
    return b;
}

static int standard_once(const char *current, const char *previous, const char *signatures)
{
    struct bench b = standard(current, previous, signatures);
    int outcome = verify(&b);
    if (outcome == LMS_ACCEPTED)
        assert_string_equal(b.verdict.message_id, ID);
    arena_free(b.arena);
    return outcome;
}

static void test_standard_webhooks(void **state)
{
    (void)state;
    char many[2048];
    snprintf(many, sizeof many, "%s %s", SIGNED_2, SIGNED_1);
    assert_int_equal(standard_once(SECRET_1, NULL, SIGNED_1), LMS_ACCEPTED);
    assert_int_equal(standard_once(SECRET_1 + 6, NULL, SIGNED_1), LMS_ACCEPTED);
    assert_int_equal(standard_once(SECRET_2, NULL, SIGNED_2), LMS_ACCEPTED);
    assert_int_equal(standard_once(SECRET_2, NULL, SIGNED_1), LMS_WRONG);
    assert_int_equal(standard_once(SECRET_1, NULL, many), LMS_ACCEPTED);
    assert_int_equal(standard_once(SECRET_2, NULL, many), LMS_ACCEPTED);
    assert_int_equal(standard_once(NULL, SECRET_2, many), LMS_ACCEPTED);
    snprintf(many, sizeof many, "  v1, v2,AAAA %s  ", SIGNED_1);
    assert_int_equal(standard_once(SECRET_1, NULL, many), LMS_ACCEPTED);
    assert_int_equal(standard_once(SECRET_1, NULL, ""), LMS_WRONG);
    assert_int_equal(standard_once(SECRET_1, NULL, SIGNED_1 + 3), LMS_WRONG);
    assert_int_equal(standard_once("whsec_***", NULL, SIGNED_1), LMS_WRONG);
    assert_int_equal(standard_once("", NULL, SIGNED_1), LMS_WRONG);
    assert_int_equal(standard_once(NULL, NULL, SIGNED_1), LMS_WRONG);
}

static void test_standard_webhooks_by_public_key(void **state)
{
    (void)state;
    char many[512];
    snprintf(many, sizeof many, "%s %s", SIGNED_1, SIGNED_PUBLIC);
    assert_int_equal(standard_once(PUBLIC_KEY, NULL, SIGNED_PUBLIC), LMS_ACCEPTED);
    assert_int_equal(standard_once(PUBLIC_KEY, NULL, many), LMS_ACCEPTED);
    assert_int_equal(standard_once(SECRET_2, PUBLIC_KEY, many), LMS_ACCEPTED);
    assert_int_equal(standard_once(PUBLIC_KEY, NULL, SIGNED_1), LMS_WRONG);
    /* A public key is no secret: an HMAC keyed with it proves nothing. */
    struct arena *arena = arena_new(0);
    uint8_t *key;
    size_t size;
    assert_true(base64_decode(arena, PUBLIC_KEY + 5, strlen(PUBLIC_KEY + 5), &key, &size));
    const char *message = arena_printf(arena, "%s.1795000000.%s", ID, BODY);
    struct sha256 mac = hmac_sha256(key, size, message, strlen(message));
    const char *forged = arena_printf(arena, "v1,%s", base64_encode(arena, mac.bytes, SHA256_SIZE));
    assert_int_equal(standard_once(PUBLIC_KEY, NULL, forged), LMS_WRONG);
    assert_int_equal(standard_once("whpk_AAAA", NULL, forged), LMS_WRONG);
    arena_free(arena);
}

static void test_rotation_shows(void **state)
{
    (void)state;
    struct bench b = standard(SECRET_2, SECRET_1, SIGNED_1);
    assert_int_equal(verify(&b), LMS_ACCEPTED);
    assert_true(b.verdict.previous);
    arena_free(b.arena);
    b = standard(SECRET_1, SECRET_2, SIGNED_1);
    assert_int_equal(verify(&b), LMS_ACCEPTED);
    assert_false(b.verdict.previous);
    arena_free(b.arena);
}

static void test_the_window_both_ways(void **state)
{
    (void)state;
    static const struct {
        int64_t window, offset;
        int outcome;
    } rows[] = {{FIELD_INT_NONE, 300, LMS_ACCEPTED}, {FIELD_INT_NONE, -300, LMS_ACCEPTED},
        {FIELD_INT_NONE, 301, LMS_STALE}, {FIELD_INT_NONE, -301, LMS_STALE}, {3600, 3600, LMS_ACCEPTED},
        {3600, -3601, LMS_STALE}, {1, 2, LMS_STALE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b = standard(SECRET_1, NULL, SIGNED_1);
        b.signature.window = rows[i].window;
        assert_int_equal(verify_at(&b, NOW + rows[i].offset * US_PER_SEC), rows[i].outcome);
        arena_free(b.arena);
    }
    /* Wrong is wrong, however old. */
    struct bench b = standard(SECRET_2, NULL, SIGNED_1);
    assert_int_equal(verify_at(&b, NOW + 9999 * US_PER_SEC), LMS_WRONG);
    arena_free(b.arena);
}

static int standard_with(size_t field, const char *value)
{
    struct bench b = standard(SECRET_1, NULL, SIGNED_1);
    b.headers[field].value = value;
    int outcome = verify(&b);
    arena_free(b.arena);
    return outcome;
}

static void test_standard_fields_are_strict(void **state)
{
    (void)state;
    static const char *const times[] = {"", "1795000000.0", " 1795000000", "1795000000 ", "+1795000000",
        "0x6afd7fc0", "-1", "99999999999999999999", "01795000000", "now"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        assert_int_equal(standard_with(1, times[i]), LMS_WRONG);
    char long_id[400];
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    assert_int_equal(standard_with(0, long_id), LMS_WRONG);
    assert_int_equal(standard_with(0, ""), LMS_WRONG);
    assert_int_equal(standard_with(0, "msg.1795000000"), LMS_WRONG);
    assert_int_equal(standard_with(0, "msg_other"), LMS_WRONG);
    BUF_AUTO crowd;
    buf_init(&crowd, 0);
    for (int i = 1; i < LMS_SIGNATURES_MAX; i++)
        buf_printf(&crowd, "%s ", SIGNED_2);
    buf_text(&crowd, SIGNED_1);
    assert_int_equal(standard_with(2, crowd.data), LMS_ACCEPTED);
    buf_printf(&crowd, " %s", SIGNED_2);
    assert_int_equal(standard_with(2, crowd.data), LMS_WRONG);
    for (size_t i = 0; i < 3; i++) {
        struct bench b = standard(SECRET_1, NULL, SIGNED_1);
        b.headers[i].name = "X-Other";
        assert_int_equal(verify(&b), LMS_MISSING);
        arena_free(b.arena);
    }
}

static void test_standard_under_another_name(void **state)
{
    (void)state;
    struct bench b = bench(LMS_FAMILY_STANDARD, SECRET_1, NULL);
    b.signature.header = "svix";
    header(&b, "svix-id", ID);
    header(&b, "svix-timestamp", "1795000000");
    header(&b, "svix-signature", SIGNED_1);
    assert_int_equal(verify(&b), LMS_ACCEPTED);
    b.request.body = (struct span){NULL, 0};
    b.headers[2].value = SIGNED_EMPTY;
    assert_int_equal(verify(&b), LMS_ACCEPTED);
    arena_free(b.arena);
}

static void test_md5_in_the_body_is_refused_with_a_hint(void **state)
{
    (void)state;
    struct bench b = bench(LMS_FAMILY_MD5, "whatever it is", NULL);
    assert_int_equal(verify(&b), LMS_WRONG);
    assert_non_null(strstr(b.verdict.sentence, "version 2"));
    struct error err = ERROR_INIT;
    assert_int_equal(lms_signature_check(&b.signature, &b.keys, &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/family");
    assert_non_null(strstr(err.fields[0].detail, "version 2"));
    b.signature.family = 99;
    assert_int_equal(verify(&b), LMS_WRONG);
    b.signature.family = -1;
    assert_int_equal(verify(&b), LMS_WRONG);
    assert_int_equal(lms_signature_check(&b.signature, &b.keys, NULL), ST_INVALID);
    arena_free(b.arena);
}

static void expect_configuration(
    struct lms_signature signature, const char *current, const char *previous, const char *pointer)
{
    struct arena *arena = arena_new(0);
    struct lms_keys keys = {.current = secret(arena, current), .previous = secret(arena, previous)};
    struct error err = ERROR_INIT;
    enum status status = lms_signature_check(&signature, &keys, &err);
    assert_int_equal(status, pointer ? ST_INVALID : ST_OK);
    assert_int_equal(lms_signature_check(&signature, &keys, NULL), status);
    if (pointer) {
        assert_int_equal(err.count, 1);
        assert_string_equal(err.fields[0].pointer, pointer);
    }
    arena_free(arena);
}

static void test_configurations_are_checked(void **state)
{
    (void)state;
    struct lms_signature by_header = {.family = LMS_FAMILY_HEADER, .header = "X-Token"};
    struct lms_signature no_header = {.family = LMS_FAMILY_HMAC_HEX};
    struct lms_signature bad_header = {.family = LMS_FAMILY_HMAC_HEX, .header = "X Token:"};
    struct lms_signature basic = {.family = LMS_FAMILY_BASIC, .user = "moodle"};
    struct lms_signature no_user = {.family = LMS_FAMILY_BASIC};
    struct lms_signature colon = {.family = LMS_FAMILY_BASIC, .user = "a:b"};
    struct lms_signature base64 = {.family = LMS_FAMILY_HMAC_BASE64, .header = "X-Sign"};
    struct lms_signature webhooks = {.family = LMS_FAMILY_STANDARD};
    expect_configuration(by_header, "long enough", NULL, NULL);
    expect_configuration(by_header, "short", NULL, "/secret");
    expect_configuration(by_header, "with a\nline break", NULL, "/secret");
    expect_configuration(by_header, NULL, NULL, "/secret");
    expect_configuration(by_header, "long enough", "short", "/previous_secret");
    expect_configuration(no_header, "long enough", NULL, "/header");
    expect_configuration(bad_header, "long enough", NULL, "/header");
    expect_configuration(basic, "long enough", NULL, NULL);
    expect_configuration(no_user, "long enough", NULL, "/user");
    expect_configuration(colon, "long enough", NULL, "/user");
    expect_configuration(base64, BASE64_SECRET, NULL, NULL);
    expect_configuration(base64, "no Base64 at all", NULL, "/secret");
    expect_configuration(base64, "c2hvcnQ=", NULL, "/secret");
    expect_configuration(webhooks, SECRET_1, PUBLIC_KEY, NULL);
    expect_configuration(webhooks, "whsec_c2hvcnQ=", NULL, "/secret");
    expect_configuration(webhooks, "whpk_c2hvcnQ=", NULL, "/secret");
    expect_configuration(webhooks, "whsec_", NULL, "/secret");
    expect_configuration((struct lms_signature){.family = LMS_FAMILY_JWT}, NULL, NULL, "/jwks");
}

static void test_the_configuration_is_a_field_table(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    static const char text[] =
        "{\"family\": \"hmac_hex\", \"header\": \"X-Signature\", \"prefix\": \"sha256=\","
        " \"window\": 600}";
    struct lms_signature signature;
    assert_int_equal(
        field_parse(&lms_signature_table, arena, text, sizeof text - 1, FIELD_MODE_CREATE, &signature, NULL),
        ST_OK);
    assert_int_equal(signature.family, LMS_FAMILY_HMAC_HEX);
    assert_string_equal(signature.prefix, "sha256=");
    assert_int_equal(signature.window, 600);
    assert_null(signature.user);
    struct error err = ERROR_INIT;
    assert_int_equal(
        field_parse(&lms_signature_table, arena, "{\"window\": 0}", 13, FIELD_MODE_CREATE, &signature, &err),
        ST_INVALID);
    assert_int_equal(err.count, 2);
    assert_string_equal(lms_outcome_name(LMS_STALE), "stale");
    assert_string_equal(lms_outcome_name((enum lms_outcome)9), "?");
    assert_null(lms_family_names[LMS_FAMILY_COUNT]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_secret_in_a_field),
        cmocka_unit_test(test_basic),
        cmocka_unit_test(test_bearer),
        cmocka_unit_test(test_hmac_in_hexadecimal),
        cmocka_unit_test(test_hmac_in_base64),
        cmocka_unit_test(test_raw_bytes_count),
        cmocka_unit_test(test_fields_given_twice),
        cmocka_unit_test(test_standard_webhooks),
        cmocka_unit_test(test_standard_webhooks_by_public_key),
        cmocka_unit_test(test_rotation_shows),
        cmocka_unit_test(test_the_window_both_ways),
        cmocka_unit_test(test_standard_fields_are_strict),
        cmocka_unit_test(test_standard_under_another_name),
        cmocka_unit_test(test_md5_in_the_body_is_refused_with_a_hint),
        cmocka_unit_test(test_configurations_are_checked),
        cmocka_unit_test(test_the_configuration_is_a_field_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
