/* Bodies through mappings: what is read, what is kept though it cannot be read, what is recognised again. */
#include "lms_bench.h"

#include <math.h>

#define SIMPLE                                                                                                 \
    "{\"event_id\": \"/id\", \"user\": {\"email\": \"/mail\", \"id\": \"/uid\"},"                              \
    " \"course\": {\"id\": \"/cid\", \"title\": \"/course\"}, \"occurred\": {\"at\": \"/when\"},"              \
    " \"status\": {\"at\": \"/status\", \"completed\": [\"done\", \"true\"], \"failed\": [\"ko\"],"            \
    " \"undone\": [\"reset\"]}}"

static void test_a_full_record(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(
        "{\"items\": [\"/records\"], \"only\": {\"at\": \"#/type\", \"values\": [\"done\"]}, \"event_id\": "
        "\"/id\","
        " \"user\": {\"number\": \"/who/n\", \"email\": \"/who/mail\", \"username\": \"/who/login\", \"id\": "
        "\"/who/id\"},"
        " \"course\": {\"id\": \"/what/0\", \"code\": \"/what/1\", \"title\": \"/what/2\"},"
        " \"occurred\": {\"at\": \"/when\", \"format\": \"dmy\", \"zone\": \"Europe/Paris\"},"
        " \"status\": {\"at\": \"/ok\", \"completed\": [\"true\"]},"
        " \"score\": {\"raw\": \"/pts\", \"out_of\": 20}, \"hours\": {\"at\": \"/h\"},"
        " \"certificate\": {\"id\": \"/cert\", \"url\": \"/link\", \"expires\": {\"at\": \"/until\"}}}");
    const struct lms_item *item = lms_bench_one(&b,
        "{\"type\": \"DONE\", \"records\": [ {\"id\": 77, \"who\": {\"n\": \"0042\", \"mail\": "
        "\"Alice@Example.ORG\","
        " \"login\": \"alice\", \"id\": 12}, \"what\": [5, \"SST\", \" Sauveteur\\nsecouriste \"],"
        " \"when\": \"18/11/2026 12:06\", \"ok\": true, \"pts\": \"17,5\", \"h\": 7.5, \"cert\": \"C-1\","
        " \"link\": \"https://lms.example/c/1\", \"until\": \"2028-11-18\"} ]}");
    const struct completion_in *c = &item->completion;
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_int_equal(item->lacks, 0);
    assert_null(item->problem);
    assert_string_equal(item->identity, "id:77");
    assert_int_equal(item->raw.data[0], '{');
    assert_int_equal(item->raw.data[item->raw.size - 1], '}');
    assert_int_equal(c->key_count, 4);
    assert_int_equal(c->keys[0].kind, LMS_KEY_NUMBER);
    assert_string_equal(c->keys[0].value, "0042");
    assert_string_equal(lms_bench_key(item, LMS_KEY_EMAIL), "alice@example.org");
    assert_string_equal(lms_bench_key(item, LMS_KEY_USERNAME), "alice");
    assert_string_equal(lms_bench_key(item, LMS_KEY_ID), "12");
    assert_string_equal(c->course_id, "5");
    assert_string_equal(c->course_code, "SST");
    assert_string_equal(c->course_title, "Sauveteur secouriste");
    lms_bench_time(c->occurred, "2026-11-18T11:06:00Z");
    assert_false(c->day_only);
    assert_int_equal(c->effect, LMS_COMPLETED);
    assert_string_equal(c->status, "true");
    assert_true(c->score == 17.5 && c->score_max == 20 && isnan(c->score_min));
    assert_int_equal(c->minutes, 450);
    assert_string_equal(c->certificate_id, "C-1");
    assert_string_equal(c->certificate_url, "https://lms.example/c/1");
    lms_bench_time(c->expires, "2028-11-18T00:00:00Z");
    arena_free(b.arena);
}

static void test_a_form(void **state)
{
    (void)state;
    struct lms_bench b =
        lms_bench("{\"user\": {\"email\": \"user[email]\"}, \"course\": {\"title\": \"course\"},"
                  " \"occurred\": {\"at\": \"time\", \"format\": \"epoch_s\"}, \"always\": true}");
    lms_bench_header(&b, "content-type", "application/x-www-form-urlencoded; charset=UTF-8");
    static const char body[] =
        "user%5Bemail%5D=bob%40example.org&course=S%C3%A9curit%C3%A9+incendie&time=1795000000";
    const struct lms_item *item = lms_bench_one(&b, body);
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_string_equal(item->completion.course_title, "Sécurité incendie");
    lms_bench_time(item->completion.occurred, "2026-11-18T11:06:40Z");
    assert_int_equal(item->raw.size, strlen(body));
    assert_memory_equal(item->raw.data, body, strlen(body));
    item = lms_bench_one(
        &b, "user%5Bemail%5D=a%40example.org&user%5Bemail%5D=b%40example.org&course=x&time=1795000000");
    assert_int_equal(item->state, LMS_ITEM_THIN);
    assert_string_equal(item->problem, "user[email] is not a single value");
    arena_free(b.arena);
}

static void test_effects(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        int effect, state;
    } rows[] = {{"\"done\"", LMS_COMPLETED, LMS_ITEM_READY}, {"\"DONE \"", LMS_COMPLETED, LMS_ITEM_READY},
        {"true", LMS_COMPLETED, LMS_ITEM_READY}, {"\"ko\"", LMS_FAILED, LMS_ITEM_READY},
        {"\"reset\"", LMS_UNDONE, LMS_ITEM_READY}, {"\"started\"", LMS_OTHER, LMS_ITEM_IGNORED},
        {"false", LMS_OTHER, LMS_ITEM_IGNORED}, {"null", LMS_OTHER, LMS_ITEM_IGNORED},
        {"\"\"", LMS_OTHER, LMS_ITEM_IGNORED}, {"[\"done\"]", LMS_OTHER, LMS_ITEM_IGNORED}};
    struct lms_bench b = lms_bench(SIMPLE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lms_item *item = lms_bench_one(&b,
            arena_printf(b.arena,
                "{\"id\": \"e1\", \"mail\": \"a@example.org\", \"cid\": 1, \"when\": \"2026-11-18T10:00:00Z\","
                " \"status\": %s}",
                rows[i].status));
        assert_int_equal(item->completion.effect, rows[i].effect);
        assert_int_equal(item->state, rows[i].state);
        /* Taking back is another event, even under the same id. */
        assert_string_equal(item->identity, rows[i].effect == LMS_UNDONE ? "id:e1/undone" : "id:e1");
    }
    arena_free(b.arena);
}

static void test_what_is_lacking(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        unsigned lacks;
        int state;
        const char *problem;
    } rows[] = {
        {"\"mail\": \"a@example.org\", \"course\": \"c\", \"when\": \"2026-11-18\"", 0, LMS_ITEM_READY, NULL},
        {"\"uid\": 5, \"cid\": 6, \"when\": \"2026-11-18\"", LMS_LACKS_KNOWN_USER | LMS_LACKS_TITLE,
            LMS_ITEM_READY, NULL},
        {"\"course\": \"c\", \"when\": \"2026-11-18\"", LMS_LACKS_USER, LMS_ITEM_THIN, "it does not say who"},
        {"\"mail\": null, \"uid\": \" \", \"course\": \"c\", \"when\": \"2026-11-18\"", LMS_LACKS_USER,
            LMS_ITEM_THIN, "it does not say who"},
        {"\"mail\": \"a@example.org\", \"when\": \"2026-11-18\"", LMS_LACKS_COURSE, LMS_ITEM_THIN,
            "it does not say which course"},
        {"\"mail\": \"a@example.org\", \"course\": \"c\"", LMS_LACKS_DATE, LMS_ITEM_THIN,
            "it does not say when"},
        {"\"mail\": \"not an address\", \"course\": \"c\", \"when\": \"2026-11-18\"", LMS_LACKS_USER,
            LMS_ITEM_THIN, "the user's mail address is none"},
        {"\"mail\": \"nobody\", \"uid\": 5, \"course\": \"c\", \"when\": \"2026-11-18\"", LMS_LACKS_KNOWN_USER,
            LMS_ITEM_READY, "the user's mail address is none"},
        {"\"mail\": {\"x\": 1}, \"course\": \"c\", \"when\": \"2026-11-18\"", LMS_LACKS_USER, LMS_ITEM_THIN,
            "/mail is not a single value"},
        {"\"mail\": \"a@example.org\", \"course\": \"c\", \"when\": \"yesterday\"", LMS_LACKS_DATE,
            LMS_ITEM_THIN, "/when is not a time in the format expected"},
        {"\"mail\": \"a@example.org\", \"course\": \"c\", \"when\": \"2026-11-22\"", LMS_LACKS_DATE,
            LMS_ITEM_THIN, "the date is still to come"},
        {"\"mail\": \"a@example.org\", \"course\": \"c\", \"when\": \"1989-12-31\"", LMS_LACKS_DATE,
            LMS_ITEM_THIN, "the date is before 1990"},
    };
    struct lms_bench b = lms_bench(SIMPLE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lms_item *item =
            lms_bench_one(&b, arena_printf(b.arena, "{\"status\": \"done\", %s}", rows[i].record));
        assert_int_equal(item->lacks, rows[i].lacks);
        assert_int_equal(item->state, rows[i].state);
        if (rows[i].problem)
            assert_string_equal(item->problem, rows[i].problem);
        else
            assert_null(item->problem);
    }
    arena_free(b.arena);
}

static const char *identity(struct lms_bench *b, const char *record)
{
    return lms_bench_one(b, arena_printf(b->arena, "{\"status\": \"done\", %s}", record))->identity;
}

static void test_identities(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(SIMPLE);
    static const char record[] = "\"mail\": \"a@example.org\", \"cid\": 1, \"when\": \"2026-11-18T10:00:00Z\"";
    const char *first = identity(&b, record);
    assert_int_equal(strncmp(first, "key:", 4), 0);
    assert_int_equal(strlen(first), 68);
    /* Written otherwise, the same event. */
    assert_string_equal(first,
        identity(&b,
            "\"when\": \"2026-11-18T11:00:00+01:00\", \"cid\": \"1\", \"mail\": \"A@EXAMPLE.org\", \"x\": 1"));
    static const char *const others[] = {
        "\"mail\": \"b@example.org\", \"cid\": 1, \"when\": \"2026-11-18T10:00:00Z\"",
        "\"mail\": \"a@example.org\", \"cid\": 2, \"when\": \"2026-11-18T10:00:00Z\"",
        "\"mail\": \"a@example.org\", \"cid\": 1, \"when\": \"2026-11-18T10:00:01Z\"",
        "\"uid\": \"a@example.org\", \"cid\": 1, \"when\": \"2026-11-18T10:00:00Z\"",
        "\"mail\": \"a@example.org\", \"course\": 1, \"when\": \"2026-11-18T10:00:00Z\""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_string_not_equal(first, identity(&b, others[i]));
    b.input.source = "src_2";
    assert_string_not_equal(first, identity(&b, record));
    /* Not enough to describe it: its bytes. */
    assert_int_equal(strncmp(identity(&b, "\"cid\": 1"), "body:", 5), 0);
    assert_string_equal(identity(&b, "\"cid\": 1"), identity(&b, "\"cid\": 1"));
    assert_string_not_equal(identity(&b, "\"cid\": 1"), identity(&b, "\"cid\":  1"));
    char long_id[400];
    memset(long_id, 'i', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    assert_int_equal(strncmp(identity(&b, arena_printf(b.arena, "\"id\": \"%s\"", long_id)), "idhash:", 7), 0);
    b.input.message_id = "msg_1";
    assert_string_equal(identity(&b, record), "id:msg_1");
    assert_string_equal(identity(&b, "\"id\": 9"), "id:9");
    arena_free(b.arena);
}

static void test_arrival_is_no_part_of_an_identity(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench("{\"user\": {\"email\": \"mail\"}, \"course\": {\"title\": \"course\"},"
                                   " \"occurred\": {\"format\": \"arrival\"}, \"always\": true}");
    static const char body[] = "{\"mail\": \"a@example.org\", \"course\": \"c\"}";
    const struct lms_item *item = lms_bench_one(&b, body);
    const char *first = item->identity;
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_true(item->completion.arrival);
    assert_int_equal(item->completion.occurred, BENCH_NOW);
    b.input.now += US_PER_DAY;
    assert_string_equal(lms_bench_one(&b, body)->identity, first);
    arena_free(b.arena);
}

static void test_lists_of_records(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench("{\"items\": [\"/rows\", \"/row\"], \"event_id\": \"#/batch\","
                                   " \"user\": {\"id\": \"/u\"}, \"course\": {\"id\": \"/c\"},"
                                   " \"occurred\": {\"at\": \"#/at\"}, \"always\": true}");
    static const char body[] = "{\"batch\": \"B7\", \"at\": \"2026-11-18\", \"rows\": [ {\"u\": 1, \"c\": 2},\n"
                               " 5, {\"u\": [3], \"c\": 2}, {\"c\":\"]}\", \"u\":4}]}";
    assert_int_equal(lms_bench_send(&b, NULL, SPAN_TEXT(body)), ST_OK);
    assert_int_equal(b.envelope.count, 4);
    const struct lms_item *items = b.envelope.items;
    static const char *const raws[] = {
        "{\"u\": 1, \"c\": 2}", "5", "{\"u\": [3], \"c\": 2}", "{\"c\":\"]}\", \"u\":4}"};
    static const int states[] = {LMS_ITEM_READY, LMS_ITEM_UNREADABLE, LMS_ITEM_THIN, LMS_ITEM_READY};
    static const char *const identities[] = {"id:B7#1", "id:B7#2", "id:B7#3", "id:B7#4"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(items[i].raw.size, strlen(raws[i]));
        assert_memory_equal(items[i].raw.data, raws[i], items[i].raw.size);
        assert_int_equal(items[i].state, states[i]);
        assert_string_equal(items[i].identity, identities[i]);
    }
    /* One record in the other place, or in none. */
    const struct lms_item *item =
        lms_bench_one(&b, "{\"row\": {\"u\": 1, \"c\": 2}, \"batch\": \"B8\", \"at\": \"2026-11-18\"}");
    assert_string_equal(item->identity, "id:B8");
    assert_int_equal(item->state, LMS_ITEM_READY);
    item = lms_bench_one(&b, "{\"ping\": true}");
    assert_int_equal(item->state, LMS_ITEM_THIN);
    assert_int_equal(lms_bench_send(&b, NULL, SPAN_TEXT("{\"rows\": []}")), ST_OK);
    assert_int_equal(b.envelope.count, 0);
    arena_free(b.arena);
}

static void test_a_list_at_the_top(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(SIMPLE);
    assert_int_equal(lms_bench_send(&b, NULL, SPAN_TEXT(" [] ")), ST_OK);
    assert_int_equal(b.envelope.count, 0);
    assert_int_equal(lms_bench_send(&b, NULL, SPAN_TEXT("\xEF\xBB\xBF [{\"id\": 1}, {\"id\": 2}]\n")), ST_OK);
    assert_int_equal(b.envelope.count, 2);
    assert_string_equal(b.envelope.items[1].identity, "id:2");
    assert_int_equal(b.envelope.items[1].raw.size, 9);
    arena_free(b.arena);
}

static void test_other_events_are_kept(void **state)
{
    (void)state;
    struct lms_bench b =
        lms_bench("{\"only\": {\"at\": \"@X-Kind\", \"values\": [\"completed\"]}, \"always\": true,"
                  " \"user\": {\"id\": \"/u\"}, \"course\": {\"id\": \"/c\"}, \"occurred\": {\"at\": \"/t\"}}");
    static const char body[] = "{\"u\": 1, \"c\": 2, \"t\": \"2026-11-18\"}";
    assert_int_equal(lms_bench_one(&b, body)->state, LMS_ITEM_IGNORED);
    lms_bench_header(&b, "x-kind", "Completed");
    assert_int_equal(lms_bench_one(&b, body)->state, LMS_ITEM_READY);
    b.headers[0].value = "started";
    const struct lms_item *item = lms_bench_one(&b, body);
    assert_int_equal(item->state, LMS_ITEM_IGNORED);
    assert_string_equal(item->problem, "another kind of event");
    assert_int_equal(item->raw.size, strlen(body));
    arena_free(b.arena);
}

static void test_small_mistakes_do_not_hold_a_record_up(void **state)
{
    (void)state;
    struct lms_bench b =
        lms_bench("{\"user\": {\"id\": \"/u\"}, \"course\": {\"id\": \"/c\"}, \"always\": true,"
                  " \"occurred\": {\"at\": \"/t\"}, \"score\": {\"raw\": \"/s\", \"out_of\": 10},"
                  " \"hours\": {\"at\": \"/h\", \"unit\": \"minutes\"},"
                  " \"certificate\": {\"url\": \"/l\", \"expires\": {\"at\": \"/e\"}}}");
    static const char *const extras[][2] = {{"\"s\": \"A+\"", "/s is not a number"},
        {"\"h\": \"long\"", "/h is not a duration"},
        {"\"l\": \"javascript:alert(1)\"", "the certificate's address is none"},
        {"\"e\": \"never\"", "/e is not a time in the format expected"}};
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        const struct lms_item *item = lms_bench_one(
            &b, arena_printf(b.arena, "{\"u\": 1, \"c\": 2, \"t\": \"2026-11-18\", %s}", extras[i][0]));
        assert_int_equal(item->state, LMS_ITEM_READY);
        assert_string_equal(item->problem, extras[i][1]);
        assert_true(isnan(item->completion.score) && isnan(item->completion.score_max));
        assert_int_equal(item->completion.minutes, FIELD_INT_NONE);
        assert_null(item->completion.certificate_url);
        assert_int_equal(item->completion.expires, INSTANT_NONE);
    }
    arena_free(b.arena);
}

static char *repeated(struct arena *arena, const char *open, size_t count, const char *close)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    for (size_t i = 0; i < count; i++)
        buf_text(&text, open);
    for (size_t i = 0; i < count; i++)
        buf_text(&text, close);
    return arena_strdup(arena, text.data);
}

static void test_what_cannot_be_read_is_kept(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(SIMPLE);
    const char *bodies[] = {"", " ", "{", "no JSON", "{\"id\": 1,}", "{\"id\": 1} {\"id\": 2}",
        "{\"id\": 1, \"id\": 2}", "{\"id\": \"\xff\xfe\"}", "{\"id\": \"\xc3\"}", "{\"id\": \"\\u0000\"}",
        "{\"id\": 99999999999999999999}", "{\"id\": \"\\ud800\"}", "'id'", "NaN",
        repeated(b.arena, "[", 10000, "]"), repeated(b.arena, "{\"a\":", 10000, "}"),
        repeated(b.arena, "[", 10000, "")};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const struct lms_item *item = lms_bench_one(&b, bodies[i]);
        assert_int_equal(item->state, LMS_ITEM_UNREADABLE);
        assert_int_equal(item->raw.size, strlen(bodies[i]));
        assert_int_equal(strncmp(item->identity, "body:", 5), 0);
        assert_int_equal(item->lacks, 0);
    }
    static const char *const scalars[] = {"5", "\"text\"", "null", "true"};
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        assert_int_equal(lms_bench_one(&b, scalars[i])->state, LMS_ITEM_UNREADABLE);
    arena_free(b.arena);
}

static void test_ceilings(void **state)
{
    (void)state;
    struct lms_bench b = lms_bench(SIMPLE);
    BUF_AUTO body;
    buf_init(&body, 0);
    buf_text(&body, "[{\"id\": 0}");
    for (int i = 1; i < LMS_ITEMS_MAX; i++)
        buf_printf(&body, ",{\"id\": %d}", i);
    size_t size = body.size;
    buf_char(&body, ']');
    assert_int_equal(lms_bench_send(&b, NULL, (struct span){body.data, body.size}), ST_OK);
    assert_int_equal(b.envelope.count, LMS_ITEMS_MAX);
    assert_string_equal(b.envelope.items[LMS_ITEMS_MAX - 1].identity, "id:999");
    body.size = size;
    buf_text(&body, ",{}]");
    assert_int_equal(lms_bench_send(&b, NULL, (struct span){body.data, body.size}), ST_TOO_LARGE);
    buf_reset(&body);
    while (body.size <= LMS_CONTENT_MAX)
        buf_text(&body, "                                                                ");
    assert_int_equal(lms_bench_send(&b, NULL, (struct span){body.data, body.size}), ST_TOO_LARGE);
    lms_bench_header(&b, "Content-Type", "application/x-www-form-urlencoded");
    buf_reset(&body);
    for (int i = 0; i < 2000; i++)
        buf_printf(&body, "f%d=1&", i);
    assert_int_equal(lms_bench_one(&b, body.data)->state, LMS_ITEM_UNREADABLE);
    arena_free(b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_full_record),
        cmocka_unit_test(test_a_form),
        cmocka_unit_test(test_effects),
        cmocka_unit_test(test_what_is_lacking),
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_arrival_is_no_part_of_an_identity),
        cmocka_unit_test(test_lists_of_records),
        cmocka_unit_test(test_a_list_at_the_top),
        cmocka_unit_test(test_other_events_are_kept),
        cmocka_unit_test(test_small_mistakes_do_not_hold_a_record_up),
        cmocka_unit_test(test_what_cannot_be_read_is_kept),
        cmocka_unit_test(test_ceilings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
