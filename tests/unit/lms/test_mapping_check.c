/* Mappings as operators write them: what is accepted, and a pointer for each mistake. */
#include "lms/mapping.h"
#include "mapping_ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char FULL[] =
    "{\"format\": \"json\", \"items\": [\"/records\", \"#/data\"],"
    " \"only\": {\"at\": \"#/type\", \"values\": [\"done\"]}, \"event_id\": \"@X-Event-Id\","
    " \"user\": {\"number\": \"/who/matricule\", \"email\": \"/who/mail\", \"username\": \"login\", \"id\": "
    "\"/who/id\"},"
    " \"course\": {\"id\": \"/what/id\", \"code\": \"/what/code\", \"title\": \"/what/title\"},"
    " \"occurred\": {\"at\": \"/when\", \"format\": \"dmy\", \"zone\": \"Europe/Paris\"},"
    " \"status\": {\"at\": \"/status\", \"completed\": [\"ok\"], \"failed\": [\"ko\"], \"undone\": "
    "[\"reset\"]},"
    " \"always\": false, \"score\": {\"raw\": \"/points\", \"min\": \"/least\", \"max\": \"/most\", "
    "\"out_of\": 20},"
    " \"hours\": {\"at\": \"/spent\", \"unit\": \"iso8601\"},"
    " \"certificate\": {\"id\": \"/cert/id\", \"url\": \"/cert/url\","
    "   \"expires\": {\"at\": \"/cert/until\", \"format\": \"sql\", \"zone\": \"UTC\"}}}";

static enum status check(struct arena *arena, const char *text, struct lms_mapping *ret, struct error *err)
{
    enum status status =
        field_parse(&lms_mapping_table, arena, text, strlen(text), FIELD_MODE_CREATE, ret, err);
    return status ? status : lms_mapping_check(ret, err);
}

static void test_a_full_mapping_comes_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct lms_mapping mapping, again;
    struct error err = ERROR_INIT;
    if (check(arena, FULL, &mapping, &err))
        fail_msg("%s: %s", err.fields[0].pointer, err.fields[0].detail);
    assert_int_equal(mapping.format, LMS_FORMAT_JSON);
    assert_int_equal(mapping.items.count, 2);
    assert_string_equal(mapping.user->username, "login");
    assert_int_equal(mapping.occurred->format, LMS_TIME_DMY);
    assert_string_equal(((const char *const *)mapping.status->undone.items)[0], "reset");
    assert_int_equal(mapping.score->out_of, 20);
    assert_int_equal(mapping.hours->unit, LMS_UNIT_ISO);
    assert_int_equal(mapping.certificate->expires->format, LMS_TIME_SQL);
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    field_write(&lms_mapping_table, &w, &mapping);
    assert_int_equal(check(arena, text.data, &again, &err), ST_OK);
    assert_true(field_equal(&lms_mapping_table, &mapping, &again));
    arena_free(arena);
}

/* A sound mapping whose parts are replaced one by one. */
static void expect_wrong(
    const char *user, const char *course, const char *occurred, const char *rest, const char *pointer)
{
    struct arena *arena = arena_new(0);
    const char *text = arena_printf(arena, "{\"user\": %s, \"course\": %s, \"occurred\": %s%s}",
        user ? user : "{\"email\": \"/mail\"}", course ? course : "{\"title\": \"/title\"}",
        occurred ? occurred : "{\"at\": \"/when\"}", rest ? rest : ", \"always\": true");
    struct lms_mapping mapping;
    struct error err = ERROR_INIT;
    enum status status = check(arena, text, &mapping, &err);
    if (!pointer) {
        assert_int_equal(status, ST_OK);
    } else {
        assert_int_equal(status, ST_INVALID);
        assert_int_equal(err.count, 1);
        assert_string_equal(err.fields[0].pointer, pointer);
        assert_int_equal(lms_mapping_check(&mapping, NULL), ST_INVALID);
    }
    arena_free(arena);
}

static void test_each_mistake_has_its_pointer(void **state)
{
    (void)state;
    expect_wrong(NULL, NULL, NULL, NULL, NULL);
    expect_wrong("{}", NULL, NULL, NULL, "/user");
    expect_wrong("{\"email\": \"/a~2\"}", NULL, NULL, NULL, "/user/email");
    expect_wrong("{\"number\": \"#a\"}", NULL, NULL, NULL, "/user/number");
    expect_wrong("{\"id\": \"@\"}", NULL, NULL, NULL, "/user/id");
    expect_wrong("{\"username\": \"@X Y\"}", NULL, NULL, NULL, "/user/username");
    expect_wrong(NULL, "{\"code\": \"/code\"}", NULL, NULL, "/course");
    expect_wrong(NULL, "{\"id\": \"#/a~\"}", NULL, NULL, "/course/id");
    expect_wrong(NULL, NULL, "{}", NULL, "/occurred/at");
    expect_wrong(NULL, NULL, "{\"format\": \"arrival\"}", NULL, NULL);
    expect_wrong(NULL, NULL, "{\"at\": \"/a\", \"zone\": \"Europe/Atlantis\"}", NULL, "/occurred/zone");
    expect_wrong(NULL, NULL, "{\"at\": \"/a\", \"zone\": \"../../etc/passwd\"}", NULL, "/occurred/zone");
    expect_wrong(NULL, NULL, NULL, ", \"always\": false", "/status");
    expect_wrong(NULL, NULL, NULL, ", \"items\": []", "/status");
    expect_wrong(NULL, NULL, NULL, ", \"status\": {\"at\": \"/s\"}", "/status/completed");
    expect_wrong(NULL, NULL, NULL, ", \"status\": {\"at\": \"/s\"}, \"always\": true", NULL);
    expect_wrong(NULL, NULL, NULL, ", \"always\": true, \"items\": [\"/a\", \"@b\"]", "/items/1");
    expect_wrong(NULL, NULL, NULL, ", \"always\": true, \"items\": [\"#a\"]", "/items/0");
    expect_wrong(NULL, NULL, NULL, ", \"always\": true, \"event_id\": \"/~\"", "/event_id");
    expect_wrong(NULL, NULL, NULL, ", \"always\": true, \"only\": {\"at\": \"/t\"}", "/only/values");
    expect_wrong(NULL, NULL, NULL, ", \"always\": true, \"score\": {\"raw\": \"/~\"}", "/score/raw");
    expect_wrong(NULL, NULL, NULL, ", \"always\": true, \"hours\": {\"at\": \"/~\"}", "/hours/at");
    expect_wrong(
        NULL, NULL, NULL, ", \"always\": true, \"certificate\": {\"url\": \"/~\"}", "/certificate/url");
    expect_wrong(NULL, NULL, NULL,
        ", \"always\": true, \"certificate\": {\"expires\": {\"format\": \"arrival\"}}",
        "/certificate/expires/at");
    expect_wrong(NULL, NULL, NULL,
        ", \"always\": true, \"certificate\": {\"expires\": {\"at\": \"/a\", \"zone\": \"Nowhere\"}}",
        "/certificate/expires/zone");
}

static void test_the_table_refuses_the_rest(void **state)
{
    (void)state;
    static const char *const texts[] = {"{}", "[]", "{\"user\": \"/mail\"}",
        "{\"user\": {}, \"course\": {}, \"occurred\": {\"format\": \"yyyymmdd\"}}",
        "{\"user\": {}, \"course\": {}, \"occurred\": {}, \"colour\": 1}",
        "{\"user\": {\"name\": \"/name\"}, \"course\": {}, \"occurred\": {}}",
        "{\"user\": {}, \"course\": {}, \"occurred\": {}, \"score\": {}}",
        "{\"user\": {}, \"course\": {}, \"occurred\": {}, \"items\": [\"/a\",\"/b\",\"/c\",\"/d\",\"/e\"]}"};
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct lms_mapping mapping;
        struct error err = ERROR_INIT;
        assert_int_equal(field_parse(&lms_mapping_table, arena, texts[i], strlen(texts[i]), FIELD_MODE_CREATE,
                             &mapping, &err),
            ST_INVALID);
    }
    assert_int_equal(lms_mapping_check(&(struct lms_mapping){.always = 1}, NULL), ST_INVALID);
    arena_free(arena);
}

static void test_references(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    assert_true(ref_valid("#"));
    assert_true(ref_valid("user[email]"));
    assert_true(ref_valid("prénom"));
    assert_false(ref_valid(""));
    assert_false(ref_valid("a\nb"));
    assert_true(ref_shared("@a"));
    assert_true(ref_shared("#/a"));
    assert_false(ref_shared("/a"));
    assert_string_equal(ref_pointer(arena, "#/a/b"), "/a/b");
    assert_string_equal(ref_pointer(arena, "#"), "");
    assert_string_equal(ref_pointer(arena, "/a"), "/a");
    assert_string_equal(ref_pointer(arena, "a/b~c"), "/a~1b~0c");
    assert_null(ref_pointer(arena, "@a"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_full_mapping_comes_back),
        cmocka_unit_test(test_each_mistake_has_its_pointer),
        cmocka_unit_test(test_the_table_refuses_the_rest),
        cmocka_unit_test(test_references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
