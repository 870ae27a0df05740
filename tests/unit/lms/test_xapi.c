/* Statements as Moodle posts them and as the specification allows them. */
#include "lms_bench.h"
#include "sample.h"

#include <math.h>
#include <stdio.h>

#define COMPLETED "http://adlnet.gov/expapi/verbs/completed"
#define CMI5      "https://w3id.org/xapi/cmi5/activitytype/course"
#define COURSE    "http://adlnet.gov/expapi/activities/course"

static const struct lms_item *send(struct lms_bench *b, struct span body, size_t count)
{
    assert_int_equal(lms_bench_send(b, lms_platform_find("xapi"), body), ST_OK);
    assert_int_equal(b->envelope.count, count);
    return b->envelope.items;
}

static const struct lms_item *send_text(struct lms_bench *b, const char *body)
{
    return send(b, SPAN_TEXT(body), 1);
}

static void test_what_moodle_posts(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    b.input.now = INT64_C(1795476000) * US_PER_SEC; /* 2026-11-23 */
    const struct lms_item *item = send(&b, sample(b.arena, "samples/xapi/logstore_xapi_001.json"), 2);
    /* A page completed is not the course. */
    assert_int_equal(item[0].state, LMS_ITEM_IGNORED);
    assert_int_equal(item[0].completion.effect, LMS_OTHER);
    assert_string_equal(item[0].completion.course_title, "Vidéo");
    assert_int_equal(item[1].state, LMS_ITEM_READY);
    assert_int_equal(item[1].lacks, 0);
    assert_null(item[1].problem);
    assert_int_equal(item[1].completion.effect, LMS_COMPLETED);
    assert_int_equal(item[1].completion.key_count, 1);
    assert_string_equal(lms_bench_key(&item[1], LMS_KEY_EMAIL), "bob@example.org");
    assert_string_equal(item[1].completion.course_id, "http://127.0.0.1:8088/course/view.php?id=3");
    assert_string_equal(item[1].completion.course_code, "CRS-SST");
    assert_string_equal(item[1].completion.course_title, "SST - Sauveteur secouriste du travail");
    assert_string_equal(item[1].completion.status, COMPLETED);
    lms_bench_time(item[1].completion.occurred, "2026-11-22T23:34:37Z");
    assert_null(item[1].completion.event_id);
    assert_int_equal(strncmp(item[1].identity, "key:", 4), 0);
    assert_null(memmem(item[1].raw.data, item[1].raw.size, "Vid", 3));
    const char *first = item[1].identity;
    assert_string_equal(send(&b, sample(b.arena, "samples/xapi/logstore_xapi_001.json"), 2)[1].identity, first);
    arena_free(b.arena);
}

static void test_moodle_scores_and_accounts(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    b.input.now = INT64_C(1795476000) * US_PER_SEC;
    const struct lms_item *item = send(&b, sample(b.arena, "samples/xapi/logstore_xapi_002.json"), 5);
    size_t ready = 0;
    for (size_t i = 0; i < 5; i++)
        ready += item[i].state == LMS_ITEM_READY;
    assert_int_equal(ready, 1);
    assert_int_equal(item[3].state, LMS_ITEM_READY);
    assert_string_equal(lms_bench_key(&item[3], LMS_KEY_ID), "5");
    assert_string_equal(lms_bench_key(&item[3], LMS_KEY_ACCOUNT), "http://127.0.0.1:8088 5");
    assert_int_equal(item[3].lacks, LMS_LACKS_KNOWN_USER);
    /* The scaled score is left alone, it is not 91 of 100. */
    assert_true(item[1].completion.score == 91 && item[1].completion.score_max == 100);
    /* Posted twice in one body: one event. */
    assert_string_equal(item[1].identity, item[2].identity);
    arena_free(b.arena);
}

static const char *statement(struct lms_bench *b, const char *verb, const char *type, const char *rest)
{
    return arena_printf(b->arena,
        "{\"actor\":{\"mbox\":\"mailto:Alice@example.org\"},\"verb\":{\"id\":\"%s\"},\"object\":{\"id\":"
        "\"https://lms/c/1\","
        "\"definition\":{\"type\":\"%s\",\"name\":{\"de\":\"Brandschutz\",\"en-GB\":\"Fire safety\","
        "\"fr-FR\":\"Sécurité incendie\"}}},\"timestamp\":\"2026-11-18T10:00:00Z\"%s}",
        verb, type, rest);
}

static void test_which_verbs_count(void **state)
{
    (void)state;
    static const struct {
        const char *verb, *type;
        int effect;
    } rows[] = {
        {COMPLETED, CMI5, LMS_COMPLETED},
        {"https://w3id.org/xapi/adl/verbs/satisfied", CMI5, LMS_COMPLETED},
        {"http://adlnet.gov/expapi/verbs/passed", COURSE, LMS_COMPLETED},
        {"http://adlnet.gov/expapi/verbs/failed", COURSE, LMS_FAILED},
        {"https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted", CMI5, LMS_UNDONE},
        {COMPLETED, "http://adlnet.gov/expapi/activities/module", LMS_OTHER},
        {COMPLETED, "", LMS_OTHER},
        {"https://w3id.org/xapi/tla/verbs/scored", CMI5, LMS_OTHER},
        {"http://adlnet.gov/expapi/verbs/initialized", CMI5, LMS_OTHER},
        {"http://adlnet.gov/expapi/verbs/Completed", CMI5, LMS_OTHER},
        {"http://adlnet.gov/expapi/verbs/voided", CMI5, LMS_OTHER},
    };
    struct lms_bench b = lms_bench(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lms_item *item = send_text(&b, statement(&b, rows[i].verb, rows[i].type, ""));
        assert_int_equal(item->completion.effect, rows[i].effect);
        assert_int_equal(item->state, rows[i].effect == LMS_OTHER ? LMS_ITEM_IGNORED : LMS_ITEM_READY);
        assert_string_equal(item->completion.course_title, "Sécurité incendie");
        assert_string_equal(lms_bench_key(item, LMS_KEY_EMAIL), "alice@example.org");
    }
    arena_free(b.arena);
}

static void test_results(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    const struct lms_item *item =
        send_text(&b, statement(&b, COMPLETED, CMI5,
                          ",\"id\":\"0c1d2e3f-0000-4000-8000-000000000001\",\"result\":{\"completion\":true,"
                          "\"duration\":\"PT7H30M\","
                          "\"score\":{\"scaled\":0.82,\"raw\":91,\"min\":0,\"max\":100}}"));
    assert_string_equal(item->identity, "id:0c1d2e3f-0000-4000-8000-000000000001");
    assert_int_equal(item->completion.minutes, 450);
    assert_true(
        item->completion.score == 91 && item->completion.score_min == 0 && item->completion.score_max == 100);
    item = send_text(&b, statement(&b, COMPLETED, CMI5, ",\"result\":{\"completion\":false}"));
    assert_int_equal(item->state, LMS_ITEM_IGNORED);
    item = send_text(
        &b, statement(&b, COMPLETED, CMI5, ",\"result\":{\"score\":{\"raw\":\"good\"},\"duration\":\"long\"}"));
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_true(isnan(item->completion.score));
    assert_int_equal(item->completion.minutes, FIELD_INT_NONE);
    arena_free(b.arena);
}

static void test_actors(void **state)
{
    (void)state;
    static const struct {
        const char *actor;
        int kind;
        const char *value;
    } rows[] = {
        {"\"mbox_sha1sum\":\"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9\"", LMS_KEY_EMAIL_SHA1,
            "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
        {"\"openid\":\"https://id.example.org/alice\"", LMS_KEY_OPENID, "https://id.example.org/alice"},
        {"\"account\":{\"homePage\":\"https://lms\",\"name\":\"a b\"}", LMS_KEY_ACCOUNT, "https://lms a b"},
        {"\"account\":{\"name\":\"7\"}", LMS_KEY_ID, "7"},
        {"\"mbox\":\"alice@example.org\"", LMS_KEY_EMAIL, NULL},
        {"\"mbox\":\"mailto:nobody\"", LMS_KEY_EMAIL, NULL},
        {"\"name\":\"Alice Martin\"", LMS_KEY_USERNAME, NULL},
        {"\"objectType\":\"Group\",\"member\":[]", LMS_KEY_ID, NULL},
    };
    struct lms_bench b = lms_bench(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lms_item *item = send_text(&b,
            arena_printf(b.arena,
                "{\"actor\":{%s},\"verb\":{\"id\":\"" COMPLETED "\"},\"object\":{\"id\":\"c\",\"definition\":"
                "{\"type\":\"" CMI5 "\"}},\"timestamp\":\"2026-11-18T10:00:00Z\"}",
                rows[i].actor));
        const char *value = lms_bench_key(item, (enum lms_key_kind)rows[i].kind);
        assert_int_equal(item->state, rows[i].value ? LMS_ITEM_READY : LMS_ITEM_THIN);
        if (rows[i].value)
            assert_string_equal(value, rows[i].value);
        else
            assert_int_equal(item->completion.key_count, 0);
    }
    arena_free(b.arena);
}

static void test_times(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    static const char start[] = "{\"actor\":{\"mbox\":\"mailto:a@example.org\"},\"verb\":{\"id\":\"" COMPLETED
                                "\"},\"object\":{\"id\":\"c\",\"definition\":{\"type\":\"" CMI5 "\"}}";
    const struct lms_item *item = send_text(&b, arena_printf(b.arena, "%s}", start));
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_true(item->completion.arrival);
    assert_int_equal(item->completion.occurred, BENCH_NOW);
    assert_int_equal(strncmp(item->identity, "body:", 5), 0);
    item = send_text(&b, arena_printf(b.arena, "%s,\"timestamp\":\"soon\"}", start));
    assert_int_equal(item->state, LMS_ITEM_THIN);
    item = send_text(&b, arena_printf(b.arena, "%s,\"timestamp\":\"2030-01-01T00:00:00Z\"}", start));
    assert_int_equal(item->state, LMS_ITEM_THIN);
    assert_string_equal(item->problem, "the date is still to come");
    arena_free(b.arena);
}

static void test_hostile_bodies(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(NULL);
    (void)send(&b, SPAN_TEXT("[]"), 0);
    (void)send(&b, SPAN_TEXT(" [ ] "), 0);
    static const char *const bodies[] = {"", "{", "{}", "5", "[5]", "[[]]",
        "{\"actor\":1,\"verb\":2,\"object\":3}", "{\"actor\":{},\"verb\":{}}", "{\"actor\":{},\"actor\":{}}",
        "{\"a\":\"\xff\"}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(send_text(&b, bodies[i])->state, LMS_ITEM_UNREADABLE);
    static const char *const odd[] = {"{\"actor\":{},\"verb\":{},\"object\":{}}",
        "{\"actor\":{\"account\":[]},\"verb\":{\"id\":{}},\"object\":{\"definition\":[],\"id\":[1]},\"result\":"
        "7}",
        "{\"actor\":{\"mbox\":{}},\"verb\":{\"id\":1},\"object\":{\"definition\":{\"name\":[],\"extensions\":3}"
        "}}"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_int_equal(send_text(&b, odd[i])->state, LMS_ITEM_IGNORED);
    BUF_AUTO body;
    buf_init(&body, 0);
    for (int i = 0; i < 10000; i++)
        buf_char(&body, '[');
    assert_int_equal(send(&b, (struct span){body.data, body.size}, 1)->state, LMS_ITEM_UNREADABLE);
    buf_reset(&body);
    buf_text(&body, "[{}");
    for (int i = 0; i < LMS_ITEMS_MAX; i++)
        buf_text(&body, ",{}");
    buf_char(&body, ']');
    assert_int_equal(
        lms_bench_send(&b, lms_platform_find("xapi"), (struct span){body.data, body.size}), ST_TOO_LARGE);
    while (body.size <= LMS_CONTENT_MAX)
        buf_text(&body, "                                                                ");
    assert_int_equal(
        lms_bench_send(&b, lms_platform_find("xapi"), (struct span){body.data, body.size}), ST_TOO_LARGE);
    arena_free(b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_moodle_posts),
        cmocka_unit_test(test_moodle_scores_and_accounts),
        cmocka_unit_test(test_which_verbs_count),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_actors),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_hostile_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
