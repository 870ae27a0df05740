/* What a receiver of statements accepts, keeps, compares and shows. */
#include "lms_bench.h"
#include "sample.h"

#include "lms/statement.h"

#include <stdio.h>

#define WHO        "\"actor\":{\"mbox\":\"mailto:a@example.org\"}"
#define VERB       "\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/completed\",\"display\":{\"en\":\"done\"}}"
#define WHAT       "\"object\":{\"id\":\"https://lms/c/1\"}"
#define OTHER      "\"object\":{\"objectType\":\"StatementRef\",\"id\":\"12345678-1234-5678-1234-567812345678\"}"
#define S(...)     "{" __VA_ARGS__ "}"
#define WITH(...)  S(WHO "," VERB "," WHAT "," __VA_ARGS__)
#define OF(object) S(WHO "," VERB "," object)
#define BY(actor)  S("\"actor\":" actor "," VERB "," WHAT)

static enum status read_as(struct arena *arena, const char *body, enum lms_xapi_version version,
    struct lms_statements *ret, struct error *err)
{
    struct lms_statements_input input = {.body = {arena_copy(arena, body, strlen(body)), strlen(body)},
        .version = version,
        .authority = "{\"account\":{\"homePage\":\"https://e\",\"name\":\"src\"}}"};
    return lms_statements_read(arena, &input, ret, err);
}

static void check(const char *body, enum lms_xapi_version version, const char *pointer)
{
    struct arena *arena = arena_new(0);
    struct lms_statements read;
    struct error err = ERROR_INIT;
    enum status status = read_as(arena, body, version, &read, &err);
    if (!pointer && status != ST_OK)
        fail_msg("%s: %s %s", body, err.fields[0].pointer, err.fields[0].detail);
    if (pointer && (status == ST_OK || strcmp(err.fields[0].pointer, pointer) != 0))
        fail_msg("%s: %d at %s, expected %s", body, status, err.fields[0].pointer, pointer);
    arena_free(arena);
}

static void test_what_is_accepted(void **state)
{
    (void)state;
    static const char *const rows[] = {
        OF(WHAT),
        WITH("\"id\":\"AAAAAAAA-1234-5678-1234-567812345678\""),
        BY("{\"mbox_sha1sum\":\"ebd31e95054c018b10727ccffd2ef2ec3a016ee9\",\"objectType\":\"Agent\",\"name\":"
           "\"A\"}"),
        BY("{\"openid\":\"http://openid.example.org/12345\"}"),
        BY("{\"account\":{\"homePage\":\"http://lms\",\"name\":\"5\"}}"),
        BY("{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:a@b.fr\"}]}"),
        BY("{\"objectType\":\"Group\",\"mbox\":\"mailto:a@b.fr\"}"),
        OF("\"object\":{\"objectType\":\"Agent\",\"mbox\":\"mailto:a@b.fr\"}"),
        OF(OTHER),
        OF("\"object\":{\"objectType\":\"SubStatement\"," WHO "," VERB "," WHAT "}"),
        OF("\"object\":{\"id\":\"urn:x\",\"definition\":{\"name\":{\"fr-FR\":\"Été\",\"x-a\":\"b\"},\"type\":"
           "\"a:b\","
           "\"extensions\":{\"http://a/b\":null}}}"),
        OF("\"object\":{\"id\":\"urn:x\",\"definition\":{\"interactionType\":\"choice\",\"choices\":[{\"id\":"
           "\"a\"},"
           "{\"id\":\"b\",\"description\":{\"en\":\"B\"}}],\"correctResponsesPattern\":[\"a\"]}}"),
        WITH("\"result\":{\"score\":{\"scaled\":-1,\"raw\":5,\"min\":0,\"max\":10},\"success\":true,"
             "\"completion\":false,"
             "\"response\":\"\",\"duration\":\"P1DT2H30M1.5S\",\"extensions\":{}}"),
        WITH("\"result\":{\"duration\":\"P3W\"}"),
        WITH("\"result\":{\"duration\":\"PT0S\"}"),
        WITH("\"context\":{\"registration\":\"12345678-1234-5678-1234-567812345678\",\"platform\":\"P\","
             "\"language\":"
             "\"fr\",\"contextActivities\":{\"parent\":{\"id\":\"a:b\"},\"category\":[{\"id\":\"a:c\"}]},"
             "\"statement\":"
             "{\"objectType\":\"StatementRef\",\"id\":\"12345678-1234-5678-1234-567812345678\"}}"),
        WITH("\"timestamp\":\"2026-11-22T10:15:30.123456Z\",\"version\":\"1.0.2\""),
        WITH("\"timestamp\":\"2026-11-22T10:15:30-05:00\",\"stored\":\"2026-11-22T10:15:30Z\""),
        WITH(
            "\"attachments\":[{\"usageType\":\"a:b\",\"display\":{\"en\":\"x\"},\"contentType\":\"text/plain\","
            "\"length\":3,\"sha2\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
            "\"fileUrl\":\"http://x/y\"}]"),
        "[]",
        "[" OF(WHAT) "," OF(WHAT) "]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(rows[i], LMS_XAPI_1, NULL);
        check(rows[i], LMS_XAPI_2, NULL);
    }
    check(WITH("\"context\":{\"contextAgents\":[{\"objectType\":\"contextAgent\",\"agent\":{\"mbox\":\"mailto:"
               "a@b.fr\"},"
               "\"relevantTypes\":[\"a:b\"]}]}"),
        LMS_XAPI_2, NULL);
}

static const struct {
    const char *body, *pointer;
} refusals[] = {
    {"{}", "/actor"},
    {"5", ""},
    {"[null]", "/0"},
    {S(VERB "," WHAT), "/actor"},
    {WITH("\"id\":\"12345678\""), "/id"},
    {WITH("\"id\":5"), "/id"},
    {WITH("\"result\":null"), "/result"},
    {WITH("\"Result\":{}"), "/Result"},
    {WITH("\"result\":{\"score\":{\"scaled\":1.1}}"), "/result/score/scaled"},
    {WITH("\"result\":{\"score\":{\"raw\":11,\"max\":10}}"), "/result/score/raw"},
    {WITH("\"result\":{\"score\":{\"min\":2,\"max\":1}}"), "/result/score/min"},
    {WITH("\"result\":{\"completion\":\"true\"}"), "/result/completion"},
    {WITH("\"result\":{\"duration\":\"P1D2H\"}"), "/result/duration"},
    {WITH("\"result\":{\"duration\":\"P\"}"), "/result/duration"},
    {WITH("\"result\":{\"duration\":\"PT\"}"), "/result/duration"},
    {WITH("\"result\":{\"duration\":\"P1W2D\"}"), "/result/duration"},
    {WITH("\"result\":{\"duration\":\"PT1.5H30M\"}"), "/result/duration"},
    {WITH("\"result\":{\"extensions\":{\"plain\":1}}"), "/result/extensions/plain"},
    {WITH("\"timestamp\":\"2026-11-22\""), "/timestamp"},
    {WITH("\"timestamp\":\"2026-11-22T10:15:30-00:00\""), "/timestamp"},
    {WITH("\"timestamp\":\"2026-11-22T10:15:30-00\""), "/timestamp"},
    {WITH("\"timestamp\":\"yesterday\""), "/timestamp"},
    {WITH("\"version\":\"1.1.0\""), "/version"},
    {WITH("\"context\":{\"language\":\"a12345678\"}"), "/context/language"},
    {WITH("\"context\":{\"registration\":\"x\"}"), "/context/registration"},
    {WITH("\"context\":{\"team\":{\"mbox\":\"mailto:a@b.fr\",\"objectType\":\"Agent\"}}"),
        "/context/team/objectType"},
    {WITH("\"context\":{\"contextActivities\":{\"uncle\":[]}}"), "/context/contextActivities/uncle"},
    {WITH("\"context\":{\"statement\":{\"id\":\"12345678-1234-5678-1234-567812345678\"}}"),
        "/context/statement/objectType"},
    {WITH("\"attachments\":[{}]"), "/attachments/0/usageType"},
    {BY("{}"), "/actor"},
    {BY("{\"mbox\":\"a@b.fr\"}"), "/actor/mbox"},
    {BY("{\"mbox\":\"mailto:a@b.fr\",\"openid\":\"http://a/b\"}"), "/actor"},
    {BY("{\"mbox_sha1sum\":\"12\"}"), "/actor/mbox_sha1sum"},
    {BY("{\"account\":{\"homePage\":\"lms\",\"name\":\"5\"}}"), "/actor/account/homePage"},
    {BY("{\"account\":{\"homePage\":\"http://lms\"}}"), "/actor/account/name"},
    {BY("{\"objectType\":\"Group\"}"), "/actor/member"},
    {BY("{\"objectType\":\"agent\",\"mbox\":\"mailto:a@b.fr\"}"), "/actor/objectType"},
    {BY("{\"objectType\":\"Group\",\"member\":[{\"objectType\":\"Group\",\"mbox\":\"mailto:a@b.fr\"}]}"),
        "/actor/member/0/objectType"},
    {OF("\"object\":{}"), "/object/id"},
    {OF("\"object\":{\"id\":\"course 1\"}"), "/object/id"},
    {OF("\"object\":{\"id\":\"a:b\",\"objectType\":\"activity\"}"), "/object/objectType"},
    {OF("\"object\":{\"id\":\"a:b\",\"definition\":{\"name\":{\"français\":\"x\"}}}"),
        "/object/definition/name/français"},
    {OF("\"object\":{\"id\":\"a:b\",\"definition\":{\"choices\":[{\"id\":\"a\"}]}}"),
        "/object/definition/interactionType"},
    {OF("\"object\":{\"objectType\":\"SubStatement\",\"id\":\"12345678-1234-5678-1234-567812345678\"," WHO
        "," VERB "," WHAT "}"),
        "/object/id"},
    {OF("\"object\":{\"objectType\":\"SubStatement\"," WHO "," VERB
        ",\"object\":{\"objectType\":\"SubStatement\"," WHO "," VERB "," WHAT "}}"),
        "/object/object/objectType"},
    {S(WHO ",\"verb\":{\"display\":{}}," WHAT), "/verb/id"},
    {S(WHO ",\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/voided\"}," WHAT), "/object/objectType"},
    {S(WHO "," VERB "," OTHER ",\"context\":{\"platform\":\"x\"}"), "/context/platform"},
    {"[" OF(WHAT) "," OF("\"object\":{}") "]", "/1/object/id"},
    {"[" WITH("\"id\":\"AAAAAAAA-1234-5678-1234-567812345678\"") "," WITH(
         "\"id\":\"aaaaaaaa-1234-5678-1234-567812345678\"") "]",
        "/1/id"},
    {WITH("\"context\":{\"contextAgents\":[]}"), "/context/contextAgents"},
};

static void test_what_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        check(refusals[i].body, LMS_XAPI_1, refusals[i].pointer);
}

static void test_bodies_that_are_no_json(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "{", "{\"actor\":1,\"actor\":1}", "{\"a\":\"\xff\"}", "[] []"};
    struct arena *arena = arena_new(0);
    struct lms_statements read;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(read_as(arena, rows[i], LMS_XAPI_1, &read, &err), ST_SYNTAX);
    }
    char *deep = arena_alloc(arena, 20001);
    memset(deep, '[', 20000);
    struct error err = ERROR_INIT;
    assert_int_equal(read_as(arena, deep, LMS_XAPI_1, &read, &err), ST_SYNTAX);
    arena_free(arena);
}

static const struct lms_statement *one(struct arena *arena, const char *body)
{
    struct lms_statements read;
    struct error err = ERROR_INIT;
    assert_int_equal(read_as(arena, body, LMS_XAPI_1, &read, &err), ST_OK);
    assert_int_equal(read.count, 1);
    return &read.items[0];
}

static void test_what_is_kept(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    const struct lms_statement *s = one(
        arena, WITH("\"id\":\"AAAAAAAA-1234-5678-1234-567812345678\",\"stored\":\"2020-01-01T00:00:00Z\","
                    "\"authority\":{\"mbox\":"
                    "\"mailto:x@y.fr\"},\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"a:b\"}}}"));
    assert_string_equal(s->id, "aaaaaaaa-1234-5678-1234-567812345678");
    assert_null(strstr(s->head, "2020-01-01"));
    assert_null(strstr(s->head, "x@y.fr"));
    assert_non_null(strstr(s->head, "\"parent\":[{\"id\":\"a:b\"}]"));
    assert_non_null(strstr(s->head, "\"name\":\"src\""));
    assert_non_null(strstr(s->head, "\"version\":\"1.0.0\""));
    assert_false(s->timed);
    /* verb; actor directly and anywhere; object directly and anywhere; parent */
    assert_int_equal(s->key_count, 6);
    assert_true(lms_is_uuid(one(arena, OF(WHAT))->id));
    s = one(arena, S(WHO ",\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/voided\"}," OTHER));
    assert_true(s->voids);
    assert_string_equal(s->refers, "12345678-1234-5678-1234-567812345678");
    arena_free(arena);
}

static bool same(struct arena *arena, const char *a, const char *b)
{
    return lms_statement_same(arena, one(arena, a)->json, one(arena, b)->json);
}

static void test_what_is_the_same(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    assert_true(same(arena, OF(WHAT), WITH("\"timestamp\":\"2026-11-22T10:15:30Z\",\"version\":\"1.0.3\"")));
    assert_true(
        same(arena, OF(WHAT), S(WHO ",\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/completed\"}," WHAT)));
    assert_true(same(arena, OF(WHAT),
        OF("\"object\":{\"objectType\":\"Activity\",\"id\":\"https://lms/c/1\","
           "\"definition\":{\"type\":\"a:b\"}}")));
    assert_true(same(arena,
        BY("{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:a@b.fr\"},{\"openid\":\"a:b\"}]}"),
        BY("{\"objectType\":\"Group\",\"member\":[{\"openid\":\"a:b\"},{\"mbox\":\"mailto:a@b.fr\"}]}")));
    assert_true(same(arena, WITH("\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"a:b\"}}}"),
        WITH("\"context\":{\"contextActivities\":{\"parent\":[{\"id\":\"a:b\"}]}}")));
    assert_false(same(arena, OF(WHAT), OF("\"object\":{\"id\":\"https://lms/c/2\"}")));
    assert_false(same(arena, OF(WHAT), WITH("\"result\":{\"completion\":true}")));
    assert_false(same(arena, WITH("\"result\":{\"extensions\":{\"a:b\":{\"definition\":1}}}"),
        WITH("\"result\":{\"extensions\":{\"a:b\":{\"definition\":2}}}")));
    arena_free(arena);
}

static void shown(
    const char *body, enum lms_statement_format format, const char *languages, const char *expected)
{
    struct arena *arena = arena_new(0);
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    lms_statement_show(&w, one(arena, body)->json, format, languages);
    assert_string_equal(out.data, expected);
    arena_free(arena);
}

static void test_formats(void **state)
{
    (void)state;
    static const char body[] = "{\"actor\":{\"name\":\"A\",\"mbox\":\"mailto:a@b.fr\"},\"verb\":{\"id\":\"a:"
                               "v\",\"display\":{\"en\":\"did\",\"fr\":"
                               "\"fait\"}},\"object\":{\"id\":\"a:o\",\"definition\":{\"name\":{\"en-GB\":"
                               "\"Fire\",\"fr-FR\":\"Feu\"}}}}";
    shown(body, LMS_FORMAT_EXACT, NULL, body);
    shown(body, LMS_FORMAT_IDS, NULL,
        "{\"actor\":{\"mbox\":\"mailto:a@b.fr\"},\"verb\":{\"id\":\"a:v\"},\"object\":{\"id\":\"a:o\"}}");
    shown(body, LMS_FORMAT_CANONICAL, "de, fr;q=0.9, en;q=0.5",
        "{\"actor\":{\"name\":\"A\",\"mbox\":\"mailto:a@b.fr\"},\"verb\":{\"id\":\"a:v\",\"display\":{\"fr\":"
        "\"fait\"}},"
        "\"object\":{\"id\":\"a:o\",\"definition\":{\"name\":{\"fr-FR\":\"Feu\"}}}}");
    shown(body, LMS_FORMAT_CANONICAL, NULL,
        "{\"actor\":{\"name\":\"A\",\"mbox\":\"mailto:a@b.fr\"},\"verb\":{\"id\":\"a:v\",\"display\":{\"en\":"
        "\"did\"}},"
        "\"object\":{\"id\":\"a:o\",\"definition\":{\"name\":{\"en-GB\":\"Fire\"}}}}");
}

static void test_what_moodle_posts_is_accepted(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    static const char *const names[] = {
        "samples/xapi/logstore_xapi_001.json", "samples/xapi/logstore_xapi_002.json"};
    for (size_t i = 0; i < 2; i++) {
        struct span body = sample(arena, names[i]);
        check(arena_strndup(arena, body.data, body.size), LMS_XAPI_1, NULL);
    }
    arena_free(arena);
}

static void test_versions(void **state)
{
    (void)state;
    assert_int_equal(lms_xapi_version("1.0"), LMS_XAPI_1);
    assert_int_equal(lms_xapi_version("1.0.3"), LMS_XAPI_1);
    assert_int_equal(lms_xapi_version("1.0.32"), LMS_XAPI_1);
    assert_int_equal(lms_xapi_version("2.0.0"), LMS_XAPI_2);
    static const char *const none[] = {"", "0.95", "1.1.0", "1.0.", "1.0.x", "2", "3.0.0", "1.0.3 "};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(lms_xapi_version(none[i]), LMS_XAPI_NONE);
    assert_int_equal(lms_xapi_version(NULL), LMS_XAPI_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_accepted),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_bodies_that_are_no_json),
        cmocka_unit_test(test_what_is_kept),
        cmocka_unit_test(test_what_is_the_same),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_what_moodle_posts_is_accepted),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
