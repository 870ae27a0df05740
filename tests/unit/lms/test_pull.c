/* Pages of records: addresses, links, endings; settings that could not work. */
#include "lms/pull.h"
#include "lms_bench.h"

static const struct lms_mapping *rows(struct arena *arena)
{
    static const char text[] =
        "{\"items\":[\"/items\"],\"event_id\":\"/id\",\"user\":{\"email\":\"/email\"},"
        "\"course\":{\"title\":\"/course\"},\"occurred\":{\"at\":\"/at\"},\"always\":true}";
    struct lms_mapping *mapping = ARENA_NEW(arena, struct lms_mapping);
    field_clear(&lms_mapping_table, mapping);
    if (field_parse(&lms_mapping_table, arena, text, strlen(text), FIELD_MODE_CREATE, mapping, NULL) != ST_OK)
        fail();
    return mapping;
}

struct pull_test {
    struct arena *arena;
    struct lms_pull_settings settings;
    struct lms_pull pull;
    const char *cursor;
    struct lms_page page;
};

static struct pull_test pull_test(const char *platform, const char *settings)
{
    struct pull_test t = {.arena = arena_new(0)};
    struct error err = ERROR_INIT;
    field_clear(&lms_pull_table, &t.settings);
    if (field_parse(&lms_pull_table, t.arena, settings, strlen(settings), FIELD_MODE_CREATE, &t.settings, &err))
        fail_msg("%s %s", err.fields[0].pointer, err.fields[0].detail);
    t.pull = (struct lms_pull){.platform = lms_pull_find(platform),
        .source = "src_1",
        .url = "https://lms.example/base/",
        .mapping = rows(t.arena),
        .now = BENCH_NOW};
    return t;
}

static struct lms_calls ask(struct pull_test *t, const struct lms_exchanges *done)
{
    struct lms_calls calls;
    t->pull.settings = &t->settings;
    assert_int_equal(lms_pull_ask(t->arena, &t->pull, t->cursor, done, &calls, NULL), ST_OK);
    return calls;
}

/* One step with this answer; the address that was asked. */
static const char *step(struct pull_test *t, int status, const char *link, const char *body)
{
    t->pull.settings = &t->settings;
    if (!t->cursor)
        t->cursor = lms_pull_begin(t->arena, &t->pull, LMS_PULL_RECENT, INT64_C(1795000000) * US_PER_SEC);
    struct lms_exchanges done = {0};
    struct lms_calls calls = ask(t, &done);
    assert_int_equal(calls.count, 1);
    struct lms_header *field = ARENA_NEW(t->arena, struct lms_header);
    struct lms_exchange *exchange = ARENA_NEW(t->arena, struct lms_exchange);
    *field = (struct lms_header){"link", link};
    *exchange = (struct lms_exchange){.call = calls.items[0],
        .status = status,
        .answer = {.headers = field, .header_count = link ? 1 : 0, .body = SPAN_TEXT(body)}};
    done = (struct lms_exchanges){exchange, 1};
    assert_int_equal(ask(t, &done).count, 0);
    assert_int_equal(lms_pull_take(t->arena, &t->pull, t->cursor, &done, &t->page, NULL), ST_OK);
    if (t->page.state == LMS_PAGE_MORE)
        t->cursor = t->page.cursor;
    return calls.items[0].url;
}

#define ROW1  "{\"id\":1,\"email\":\"ada@x.example\",\"course\":\"SST\",\"at\":\"2026-11-20T10:00:00Z\"}"
#define PAGE1 "{\"items\":[" ROW1 "]}"

static void links_are_followed_on_the_same_host_only(void **state)
{
    static const struct {
        const char *link;
        const char *next; /* NULL: refused */
    } cases[] = {
        {"<https://lms.example/x?page=2>; rel=\"next\"", "https://lms.example/x?page=2"},
        {"<https://LMS.example:443/x>;rel=next", "https://LMS.example:443/x"},
        {"</x?a=b,c>; rel=\"prev\", </y?page=2>; title=\"a, b\"; rel=\"last next\"",
            "https://lms.example/y?page=2"},
        {"<?page=2>; rel=\"next\"", "https://lms.example/base/list?page=2"},
        {"<http://lms.example/x>; rel=\"next\"", NULL},
        {"<https://lms.example:8443/x>; rel=\"next\"", NULL},
        {"<https://127.0.0.1/x>; rel=\"next\"", NULL},
        {"<https://lms.example@evil.example/x>; rel=\"next\"", NULL},
        {"<https://lms.example.evil.example/x>; rel=\"next\"", NULL},
        {"<//evil.example/x>; rel=\"next\"", NULL},
        {"<file:///etc/passwd>; rel=\"next\"", NULL},
        {"<https://lms.example/base/list?since=x>; rel=\"next\"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pull_test t = pull_test("generic", "{\"path\":\"/list?since=x\"}");
        step(&t, 200, cases[i].link, PAGE1);
        assert_int_equal(t.page.state, cases[i].next ? LMS_PAGE_MORE : LMS_PAGE_REFUSED);
        if (cases[i].next)
            assert_string_equal(step(&t, 200, NULL, PAGE1), cases[i].next);
        else
            assert_non_null(t.page.problem);
        assert_int_equal(t.page.count, 1);
        arena_free(t.arena);
    }
}

static void a_record_alone_reads_as_its_page_did(void **state)
{
    (void)state;
    struct pull_test t = pull_test("generic", "{\"path\":\"/list\"}");
    struct lms_item again;
    step(&t, 200, NULL, PAGE1);
    const struct lms_item *item = &t.page.items[0].item;
    assert_int_equal(lms_pull_record(t.arena, &t.pull, item->raw, &again, NULL), ST_OK);
    assert_string_equal(again.identity, item->identity);
    assert_true(again.completion.occurred == item->completion.occurred);
    assert_string_equal(again.completion.course_title, "SST");
    arena_free(t.arena);
}

static void other_links_end_the_run(void **state)
{
    static const char *const links[] = {
        NULL, "", "<", "</x", "</x>", "</x>; rel=\"nextpage\"", "</x>; crel=next"};
    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct pull_test t = pull_test("generic", "{\"path\":\"/list\"}");
        step(&t, 200, links[i], PAGE1);
        assert_int_equal(t.page.state, LMS_PAGE_END);
        arena_free(t.arena);
    }
}

static void an_address_has_its_places_filled(void **state)
{
    (void)state;
    struct pull_test t = pull_test("generic",
        "{\"path\":\"/l?a={since}&b={since_day}&c={since_epoch}&d={page}&e={start}&f={limit}&g={other}\","
        "\"page_size\":7,\"paging\":\"none\"}");
    assert_string_equal(step(&t, 200, NULL, PAGE1),
        "https://lms.example/base/"
        "l?a=2026-11-18T11%3A06%3A40Z&b=2026-11-18&c=1795000000&d=1&e=0&f=7&g={other}");
    assert_int_equal(t.page.state, LMS_PAGE_END);
    arena_free(t.arena);
}

static void pages_are_counted(void **state)
{
    (void)state;
    struct pull_test t =
        pull_test("generic", "{\"path\":\"/l?p={page}\",\"paging\":\"page\",\"page_size\":1,\"first_page\":0}");
    assert_string_equal(step(&t, 200, NULL, PAGE1), "https://lms.example/base/l?p=0");
    assert_int_equal(t.page.state, LMS_PAGE_MORE);
    assert_string_equal(step(&t, 200, NULL, "{\"items\":[]}"), "https://lms.example/base/l?p=1");
    assert_int_equal(t.page.state, LMS_PAGE_END);
    assert_int_equal(t.page.count, 0);
    arena_free(t.arena);
}

static void starts_go_on_by_what_came(void **state)
{
    (void)state;
    struct pull_test t =
        pull_test("generic", "{\"path\":\"/l?s={start}\",\"paging\":\"start\",\"page_size\":100}");
    step(&t, 200, NULL, "{\"items\":[" ROW1 "," ROW1 "]}");
    assert_string_equal(step(&t, 200, NULL, PAGE1), "https://lms.example/base/l?s=2");
    assert_string_equal(step(&t, 200, NULL, "{\"items\":[]}"), "https://lms.example/base/l?s=3");
    assert_int_equal(t.page.state, LMS_PAGE_END);
    arena_free(t.arena);
}

static void the_body_names_the_next_page(void **state)
{
    (void)state;
    struct pull_test t =
        pull_test("generic", "{\"path\":\"/l\",\"paging\":\"next\",\"next\":\"/paging/more\"}");
    step(&t, 200, NULL, "{\"items\":[" ROW1 "],\"paging\":{\"more\":\"/l?c=2\"}}");
    assert_string_equal(
        step(&t, 200, NULL, "{\"items\":[" ROW1 "],\"paging\":{\"more\":\"http://10.0.0.1/l\"}}"),
        "https://lms.example/l?c=2");
    assert_int_equal(t.page.state, LMS_PAGE_REFUSED);
    arena_free(t.arena);
}

static void what_is_no_page_is_tried_again(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum lms_page_state expected;
    } cases[] = {
        {200, "{\"error\":\"x\"}", LMS_PAGE_LATER},
        {200, "{\"items\":[" ROW1, LMS_PAGE_LATER},
        {200, "", LMS_PAGE_LATER},
        {200, "<html>maintenance</html>", LMS_PAGE_LATER},
        {500, PAGE1, LMS_PAGE_LATER},
        {503, "", LMS_PAGE_LATER},
        {429, "", LMS_PAGE_LATER},
        {401, PAGE1, LMS_PAGE_REFUSED},
        {403, "", LMS_PAGE_REFUSED},
        {404, "", LMS_PAGE_REFUSED},
        {302, "", LMS_PAGE_REFUSED},
        {200, "{\"items\":[]}", LMS_PAGE_END},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pull_test t = pull_test("generic", "{\"path\":\"/l\"}");
        step(&t, cases[i].status, NULL, cases[i].body);
        assert_int_equal(t.page.state, cases[i].expected);
        assert_int_equal(t.page.count, 0);
        arena_free(t.arena);
    }
}

static void test_360learning(void **state)
{
    (void)state;
    struct pull_test t = pull_test("360learning", "{\"user\":\"client\"}");
    t.pull.mapping = NULL;
    assert_string_equal(
        step(&t, 200, "<https://lms.example/base/api/v2/courses/stats?a=1>; rel=\"next\"",
            "[{\"_id\":\"a1\",\"userId\":\"u1\",\"courseId\":\"c1\",\"pathId\":null,\"completedAt\":"
            "\"2026-11-18T10:26:40.250Z\",\"progress\":100,\"score\":82,\"timeSpent\":900}]"),
        "https://lms.example/base/api/v2/courses/stats?completedAt%5Bgt%5D=2026-11-18T11%3A06%3A40Z");
    assert_int_equal(t.page.state, LMS_PAGE_MORE);
    const struct lms_item *item = &t.page.items[0].item;
    assert_string_equal(item->identity, "id:a1");
    assert_string_equal(lms_bench_key(item, LMS_KEY_ID), "u1");
    assert_string_equal(item->completion.course_id, "c1");
    assert_int_equal(item->completion.effect, LMS_COMPLETED);
    assert_true(item->completion.score == 82);
    assert_string_equal(lms_pull_token_url(t.arena, t.pull.platform, t.pull.url, &t.settings),
        "https://lms.example/base/api/v2/oauth2/token");
    arena_free(t.arena);
}

static void tokens_are_read(void **state)
{
    static const char *const none[] = {
        "", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_token\":1}", "{\"error\":\"invalid_client\"}"};
    struct arena *arena = arena_new(0);
    int64_t life = 0;
    const char *problem = NULL;
    (void)state;
    assert_string_equal(
        lms_pull_token(arena, SPAN_TEXT("{\"access_token\":\"a\",\"expires_in\":60}"), &life, &problem), "a");
    assert_int_equal(life, 60);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_null(lms_pull_token(arena, SPAN_TEXT(none[i]), &life, &problem));
        assert_non_null(problem);
    }
    arena_free(arena);
}

static void settings_that_cannot_work_are_refused(void **state)
{
    static const struct {
        const char *platform, *settings, *url, *pointer;
    } cases[] = {
        {"generic", "{}", "https://a.example", "/pull/path"},
        {"generic", "{\"path\":\"l\"}", "https://a.example", "/pull/path"},
        {"generic", "{\"path\":\"//evil.example/\"}", "https://a.example", "/pull/path"},
        {"generic", "{\"path\":\"/l\",\"paging\":\"page\"}", "https://a.example", "/pull/path"},
        {"generic", "{\"path\":\"/l\",\"paging\":\"next\"}", "https://a.example", "/pull/next"},
        {"generic", "{\"path\":\"/l\"}", NULL, "/url"},
        {"generic", "{\"path\":\"/l\"}", "https://a.example?x", "/url"},
        {"generic", "{\"path\":\"/l\",\"auth\":\"basic\"}", "https://a.example", "/pull/user"},
        {"generic", "{\"path\":\"/l\",\"auth\":\"oauth2\",\"user\":\"x\"}", "https://a.example",
            "/pull/token_url"},
        {"360learning", "{}", "https://a.example", "/pull/user"},
        {"moodle", "{\"report_zone\":\"Mars\"}", "https://a.example", "/pull/report_zone"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = ERROR_INIT;
        struct pull_test t = pull_test(cases[i].platform, cases[i].settings);
        assert_int_equal(
            lms_pull_check(t.pull.platform, cases[i].url, &t.settings, t.pull.mapping, &err), ST_INVALID);
        assert_string_equal(err.fields[0].pointer, cases[i].pointer);
        arena_free(t.arena);
    }
    assert_null(lms_pull_find("canvas"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_followed_on_the_same_host_only),
        cmocka_unit_test(a_record_alone_reads_as_its_page_did),
        cmocka_unit_test(other_links_end_the_run),
        cmocka_unit_test(an_address_has_its_places_filled),
        cmocka_unit_test(pages_are_counted),
        cmocka_unit_test(starts_go_on_by_what_came),
        cmocka_unit_test(the_body_names_the_next_page),
        cmocka_unit_test(what_is_no_page_is_tried_again),
        cmocka_unit_test(test_360learning),
        cmocka_unit_test(tokens_are_read),
        cmocka_unit_test(settings_that_cannot_work_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
