/* The table of platforms, and bodies in the shape each vendor documents. */
#include "lms_bench.h"
#include "sample.h"

#include <math.h>

static const struct lms_item *send(struct lms_bench *b, const char *platform, const char *name, size_t count)
{
    const struct lms_platform *row = lms_platform_find(platform);
    assert_non_null(row);
    struct span body = sample(b->arena, arena_printf(b->arena, "samples/platforms/%s.json", name));
    assert_int_equal(lms_bench_send(b, row, body), ST_OK);
    assert_int_equal(b->envelope.count, count);
    return b->envelope.items;
}

static void test_360learning(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    lms_bench_header(&b, "Webhook-Id", "msg_35bE2UOtsaBIqUl7VW4mLuR9q2B");
    const struct lms_item *item = send(&b, "360learning", "360learning", 1);
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_int_equal(item->lacks, LMS_LACKS_KNOWN_USER | LMS_LACKS_TITLE);
    assert_string_equal(item->identity, "id:msg_35bE2UOtsaBIqUl7VW4mLuR9q2B");
    assert_string_equal(lms_bench_key(item, LMS_KEY_ID), "60aa00000000000000000001");
    assert_string_equal(item->completion.course_id, "60bb00000000000000000002");
    assert_int_equal(item->completion.effect, LMS_COMPLETED);
    lms_bench_time(item->completion.occurred, "2026-11-18T10:26:40.250000Z");
    arena_free(b.arena);
}

static void test_360learning_other_events(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    const struct lms_platform *row = lms_platform_find("360learning");
    static const char *const bodies[] = {"{\"type\":\"user.certificate.awarded\",\"data\":{\"userId\":\"1\"}}",
        "{\"type\":\"course.attempt.closed\",\"data\":{\"userId\":\"1\",\"courseId\":\"2\",\"reason\":"
        "\"expired\","
        "\"closedAt\":\"2026-11-18T10:00:00Z\"}}",
        "{}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(lms_bench_send(&b, row, SPAN_TEXT(bodies[i])), ST_OK);
        assert_int_equal(b.envelope.items[0].state, LMS_ITEM_IGNORED);
    }
    arena_free(b.arena);
}

static void test_docebo_one_and_many(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    const struct lms_item *item = send(&b, "docebo", "docebo_one", 1);
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_string_equal(item->identity, "id:wh-20261118-0001");
    assert_string_equal(lms_bench_key(item, LMS_KEY_ID), "13006");
    assert_string_equal(item->completion.course_id, "77");
    lms_bench_time(item->completion.occurred, "2026-11-18T10:26:40Z");
    assert_memory_equal(item->raw.data, "{\"fired_at\"", 11);

    item = send(&b, "docebo", "docebo_batch", 3);
    assert_string_equal(item[0].identity, "id:wh-20261118-0002#1");
    assert_int_equal(item[0].state, LMS_ITEM_READY);
    assert_int_equal(item[1].state, LMS_ITEM_THIN);
    assert_int_equal(item[1].lacks & LMS_LACKS_DATE, LMS_LACKS_DATE);
    assert_string_equal(lms_bench_key(&item[1], LMS_KEY_ID), "13007");
    assert_int_equal(item[2].state, LMS_ITEM_IGNORED);
    assert_null(memmem(item[0].raw.data, item[0].raw.size, "13007", 5));
    arena_free(b.arena);
}

static void test_learnupon(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    lms_bench_header(&b, "X-Webhook-Id", "9f2c");
    const struct lms_item *item = send(&b, "learnupon", "learnupon", 2);
    assert_int_equal(item[0].state, LMS_ITEM_READY);
    assert_int_equal(item[0].lacks, 0);
    assert_string_equal(item[0].identity, "id:9f2c#1");
    assert_string_equal(lms_bench_key(&item[0], LMS_KEY_EMAIL), "chloe.lefevre@example.org");
    assert_string_equal(lms_bench_key(&item[0], LMS_KEY_USERNAME), "clefevre");
    assert_string_equal(item[0].completion.course_title, "Gestes et postures");
    assert_int_equal(item[0].completion.effect, LMS_COMPLETED);
    assert_true(item[0].completion.score == 92 && item[0].completion.score_max == 100);
    lms_bench_time(item[0].completion.expires, "2028-11-18T10:26:40Z");
    assert_int_equal(item[1].completion.effect, LMS_FAILED);
    assert_int_equal(item[1].state, LMS_ITEM_READY);
    assert_int_equal(item[1].completion.expires, INSTANT_NONE);
    assert_null(lms_bench_key(&item[1], LMS_KEY_EMAIL));
    arena_free(b.arena);
}

static void test_litmos(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    const struct lms_item *item = send(&b, "litmos", "litmos", 1);
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_string_equal(item->identity, "id:4513");
    assert_string_equal(lms_bench_key(item, LMS_KEY_USERNAME), "bob@example.org");
    assert_null(item->completion.course_code);
    assert_string_equal(item->completion.course_title, "Sécurité incendie");
    assert_string_equal(item->completion.certificate_id, "biZrK8ab0LE1");
    lms_bench_time(item->completion.occurred, "2026-11-18T10:26:40.990000Z");
    arena_free(b.arena);
}

static void test_canvas(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    const struct lms_item *item = send(&b, "canvas", "canvas", 1);
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_string_equal(lms_bench_key(item, LMS_KEY_EMAIL), "alice@example.org");
    assert_string_equal(item->completion.course_code, "HAB-B0");
    assert_int_equal(strncmp(item->identity, "key:", 4), 0);
    const char *first = item->identity;
    /* Fired again after an edit of the course: the same completion. */
    assert_string_equal(send(&b, "canvas", "canvas", 1)->identity, first);
    assert_int_equal(lms_bench_send(&b, lms_platform_find("canvas"),
                         SPAN_TEXT("{\"metadata\":{\"event_name\":\"course_progress\"}}")),
        ST_OK);
    assert_int_equal(b.envelope.items[0].state, LMS_ITEM_IGNORED);
    arena_free(b.arena);
}

static void test_cornerstone(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    const struct lms_item *item = send(&b, "cornerstone", "cornerstone", 2);
    assert_int_equal(item[0].state, LMS_ITEM_READY);
    assert_int_equal(item[0].lacks, 0);
    assert_string_equal(item[0].identity, "id:8761503e-1195-4d56-9730-ec17ee33e5d2");
    assert_string_equal(lms_bench_key(&item[0], LMS_KEY_NUMBER), "E1001");
    assert_string_equal(lms_bench_key(&item[0], LMS_KEY_USERNAME), "ada");
    assert_string_equal(lms_bench_key(&item[0], LMS_KEY_ID), "33417");
    assert_string_equal(item[0].completion.course_id, "8d86b95c-f7a3-434c-9809-b437ecbed6cb");
    assert_string_equal(item[0].completion.course_title, "Gestes et postures");
    lms_bench_time(item[0].completion.occurred, "2026-11-18T10:26:40.973000Z");
    assert_int_equal(item[1].state, LMS_ITEM_IGNORED);
    arena_free(b.arena);
}

static void test_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < lms_platform_count; i++) {
        const struct lms_platform *row = &lms_platforms[i];
        assert_ptr_equal(lms_platform_find(row->name), row);
        assert_true(row->families & (1u << row->family));
        bool told = !strcmp(row->name, "generic");
        assert_int_equal(lms_platform_needs_mapping(row), told);
        struct error err = ERROR_INIT;
        if (row->mapping && lms_mapping_check(row->mapping, &err))
            fail_msg("%s: %s %s", row->name, err.fields[0].pointer, err.fields[0].detail);
    }
    assert_null(lms_platform_find("moodle2"));
    assert_null(lms_platform_find(""));
}

static void test_sources_are_checked_whole(void **state)
{
    (void)state;
    struct lms_bench b =
        lms_bench("{\"user\": {\"id\": \"/u\"}, \"course\": {\"id\": \"/c\"}, \"always\": true,"
                  " \"occurred\": {\"at\": \"/t\"}}");
    const struct lms_platform *generic = lms_platform_find("generic"),
                              *learnupon = lms_platform_find("learnupon");
    struct secret *secret = secret_new("long enough", 11);
    struct lms_signature hex = {.family = LMS_FAMILY_HMAC_HEX, .header = "X-Signature"};
    struct lms_signature md5 = {.family = LMS_FAMILY_MD5}, jwt = {.family = LMS_FAMILY_JWT};
    struct lms_mapping broken = *b.mapping;
    broken.event_id = "/~";
    const struct {
        const struct lms_platform *platform;
        const struct lms_signature *signature;
        const struct secret *secret;
        const struct lms_mapping *mapping;
        const char *pointer;
    } rows[] = {
        {generic, &hex, secret, b.mapping, NULL},
        {generic, &hex, secret, NULL, "/mapping"},
        {generic, &hex, secret, &broken, "/mapping/event_id"},
        {generic, &hex, NULL, b.mapping, "/secret"},
        {generic, &md5, secret, b.mapping, "/signature/family"},
        {generic, &jwt, secret, b.mapping, "/jwks"},
        {learnupon, &hex, secret, NULL, NULL},
        {learnupon, &hex, secret, b.mapping, "/mapping"},
        {learnupon, &md5, secret, NULL, "/signature/family"},
        {learnupon, &jwt, secret, NULL, "/signature/family"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lms_keys keys = {.current = rows[i].secret};
        error_clear(&b.err);
        enum status status =
            lms_source_check(rows[i].platform, rows[i].signature, &keys, rows[i].mapping, &b.err);
        assert_int_equal(status, rows[i].pointer ? ST_INVALID : ST_OK);
        if (rows[i].pointer) {
            assert_int_equal(b.err.count, 1);
            assert_string_equal(b.err.fields[0].pointer, rows[i].pointer);
        }
    }
    /* The refusal of MD5 tells what to do instead. */
    struct lms_keys keys = {.current = secret};
    error_clear(&b.err);
    (void)lms_source_check(learnupon, &md5, &keys, NULL, &b.err);
    assert_non_null(strstr(b.err.fields[0].detail, "version 2"));
    secret_free(secret);
    arena_free(b.arena);
}

static void test_a_generic_source_needs_its_mapping(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    assert_int_equal(lms_bench_send(&b, lms_platform_find("generic"), SPAN_TEXT("{}")), ST_INTERNAL);
    arena_free(b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_360learning),
        cmocka_unit_test(test_360learning_other_events),
        cmocka_unit_test(test_docebo_one_and_many),
        cmocka_unit_test(test_learnupon),
        cmocka_unit_test(test_litmos),
        cmocka_unit_test(test_canvas),
        cmocka_unit_test(test_cornerstone),
        cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_sources_are_checked_whole),
        cmocka_unit_test(test_a_generic_source_needs_its_mapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
