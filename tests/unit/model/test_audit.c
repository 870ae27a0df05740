/* The audit chain: what is hashed, how records link, what a change breaks. */
#include "model/audit.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS 5

static struct audit_record sample(const char *verb)
{
    return (struct audit_record){.organisation = "0123456789",
        .at = 1795342530123456,
        .actor = "system",
        .verb = verb,
        .subject = "emp_0123456789_01jd0000000000000000000000",
        .payload_hash = sha256("x", 1)};
}

static void test_the_hashed_text_is_canonical_json(void **state)
{
    (void)state;
    struct audit_record record = sample("employee.created \"é\" \x01/\\");
    record.seq = 7;
    record.prev = sha256("prev", 4);
    BUF_AUTO text;
    buf_init(&text, 0);
    audit_canonical(&record, &text);
    struct arena *arena = arena_new(0);
    const struct json *value;
    assert_int_equal(json_parse(arena, text.data, text.size, &value, NULL), ST_OK);
    BUF_AUTO canonical;
    buf_init(&canonical, 0);
    json_canonical(&canonical, value);
    assert_string_equal(text.data, canonical.data);
    assert_string_equal(json_text(json_get(value, "at")), "2026-11-22T10:15:30.123456Z");
    assert_int_equal(json_int(json_get(value, "seq")), 7);
    assert_int_equal(json_type(json_get(value, "subject_prev")), JSON_NULL);
    assert_int_equal(json_count(value), 9);
    arena_free(arena);
}

/* Pinned: a chain written by one release verifies with every later one. */
static void test_the_hash_of_a_record_never_changes(void **state)
{
    (void)state;
    struct audit_record record = sample("employee.created");
    struct audit_head head = {0};
    audit_append(&head, &record);
    static const char text[] =
        "{\"actor\":\"system\",\"at\":\"2026-11-22T10:15:30.123456Z\",\"organisation\":\"0123456789\","
        "\"payload_hash\":\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\",\"prev\":null,"
        "\"seq\":1,\"subject\":\"emp_0123456789_01jd0000000000000000000000\",\"subject_prev\":null,"
        "\"verb\":\"employee.created\"}";
    struct sha256 expected = sha256(text, strlen(text));
    assert_memory_equal(&head.hash, &expected, sizeof expected);
}

/* Short cuts and the long way give the same text. */
static void test_payloads_become_canonical_whatever_their_form(void **state)
{
    static const char *const payloads[] = {"{}", "{\"a\":1,\"b\":{\"c\":[null,\"x\"],\"d\":[]}}",
        "{\"b\":1,\"a\":2}", "{\"a\":{\"z\":1,\"y\":2}}", "{\"a\":01}", "{\"a\":1.0}", "{\"a\":-1}",
        "{\"a\":12345678901234567890}", "{\"a\":[[[[[[[[[[1]]]]]]]]]]}", "{\"a\":\"Zo\xC3\xA9\"}",
        "{\"\xC3\xA9\":1,\"a\":2}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\n\"}", "{\"a\":true,\"b\":false}",
        "{\"a\":1,\"a\":2}", "{\"a\":1}x", "{\"a\":1,}", "{\"a\":[1,]}", "{\"a\":\"\xFF\"}", "{\"a\" :1}",
        "{\"a\":\"\x7F\"}", "{\"aa\":1,\"a\":2}", "{\"a\":1,\"aa\":2}", "[\"a\"]", "{\"a\":nul}"};
    (void)state;
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        const struct json *value = NULL;
        const char *found = NULL;
        BUF_AUTO canonical;
        buf_init(&canonical, 0);
        enum status status = json_parse(arena, payloads[i], strlen(payloads[i]), &value, NULL);
        assert_int_equal(audit_payload_canonical(arena, payloads[i], &found, NULL), status);
        if (status != ST_OK)
            continue;
        json_canonical(&canonical, value);
        assert_string_equal(found, canonical.data);
    }
    arena_free(arena);
}

static void test_payloads_are_hashed_with_their_salt_in_canonical_form(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    const char *one, *other;
    uint8_t salt[AUDIT_SALT_SIZE] = {1}, another[AUDIT_SALT_SIZE] = {2};
    assert_int_equal(audit_payload_canonical(arena, "{ \"b\": 1.0, \"a\": [] }", &one, NULL), ST_OK);
    assert_int_equal(audit_payload_canonical(arena, "{\"a\":[],\"b\":1}", &other, NULL), ST_OK);
    assert_string_equal(one, "{\"a\":[],\"b\":1}");
    assert_string_equal(one, other);
    struct sha256 a = audit_payload_hash(salt, one), b = audit_payload_hash(another, one);
    assert_memory_not_equal(&a, &b, sizeof a);
    static const char joined[] = "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0{\"a\":[],\"b\":1}";
    struct sha256 expected = sha256(joined, sizeof joined - 1);
    assert_memory_equal(&a, &expected, sizeof a);
    assert_int_equal(audit_payload_canonical(arena, "{", &one, NULL), ST_SYNTAX);
    arena_free(arena);
}

static void make_chain(struct audit_record records[RECORDS], struct sha256 hashes[RECORDS])
{
    static const char *const verbs[RECORDS] = {"a", "b", "c", "d", "e"};
    struct audit_head head = {0};
    for (int i = 0; i < RECORDS; i++) {
        records[i] = sample(verbs[i]);
        hashes[i] = audit_append(&head, &records[i]);
    }
}

static int follow(const struct audit_record *records, const struct sha256 *hashes, int count, struct error *err)
{
    struct audit_head head = {0};
    for (int i = 0; i < count; i++)
        if (audit_follow(&head, &records[i], &hashes[i], err) != ST_OK)
            return i;
    return count;
}

static void test_a_whole_chain_follows(void **state)
{
    (void)state;
    struct audit_record records[RECORDS];
    struct sha256 hashes[RECORDS];
    make_chain(records, hashes);
    assert_int_equal(follow(records, hashes, RECORDS, NULL), RECORDS);
    assert_true(audit_hash_is_none(&records[0].prev));
    assert_false(audit_hash_is_none(&records[1].prev));
}

static void test_every_change_is_noticed(void **state)
{
    (void)state;
    struct audit_record records[RECORDS];
    struct sha256 hashes[RECORDS];
    struct error err = ERROR_INIT;

    make_chain(records, hashes);
    records[2].actor = "someone else";
    assert_int_equal(follow(records, hashes, RECORDS, &err), 2);
    assert_string_equal(err.detail, "audit record 3 was changed: its hash does not match");

    make_chain(records, hashes);
    records[2].at++;
    hashes[2] = audit_hash(&records[2]); /* the change is covered up */
    assert_int_equal(follow(records, hashes, RECORDS, &err), 3);
    assert_string_equal(err.detail, "audit record 4 does not continue the one before");

    make_chain(records, hashes);
    memmove(&records[1], &records[2], sizeof records[0] * 3);
    memmove(&hashes[1], &hashes[2], sizeof hashes[0] * 3);
    assert_int_equal(follow(records, hashes, RECORDS - 1, &err), 1);
    assert_string_equal(err.detail, "audit record 2 is missing: 3 follows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_hashed_text_is_canonical_json),
        cmocka_unit_test(test_the_hash_of_a_record_never_changes),
        cmocka_unit_test(test_payloads_become_canonical_whatever_their_form),
        cmocka_unit_test(test_payloads_are_hashed_with_their_salt_in_canonical_form),
        cmocka_unit_test(test_a_whole_chain_follows),
        cmocka_unit_test(test_every_change_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
