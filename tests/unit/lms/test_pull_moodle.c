/* Runs on a Moodle made of recorded answers: a sweep, the report, and every way in which it refuses. */
#include "lms/pull.h"
#include "lms_bench.h"
#include "moodle.h"
#include "sample.h"

#include "base/zone.h"

#include <math.h>

enum { STEPS_MAX = 100, ITEMS_MAX = 100 };

struct site {
    struct arena *arena;
    struct lms_pull_settings settings;
    struct lms_pull pull;
    /* Answers in place of the recorded ones: function (and arguments) that hold the text. */
    const char *instead_of, *instead;
    int status;
    struct lms_page page;
    const char *identities[ITEMS_MAX];
    struct lms_item items[ITEMS_MAX];
    size_t count;
    unsigned steps, calls;
};

static struct site site_open(const char *settings)
{
    struct site s = {.arena = arena_new(0), .status = 200};
    field_clear(&lms_pull_table, &s.settings);
    if (field_parse(&lms_pull_table, s.arena, settings, strlen(settings), FIELD_MODE_CREATE, &s.settings, NULL))
        fail();
    s.pull = (struct lms_pull){.platform = lms_pull_find("moodle"),
        .source = "src_1",
        .url = "http://127.0.0.1:8088",
        .now = INT64_C(1795400000) * US_PER_SEC};
    return s;
}

static const struct {
    const char *function, *part, *sample;
} recorded[] = {
    {"core_webservice_get_site_info", "", "site_info"},
    {"core_course_get_courses&", "", "courses"},
    {"core_enrol_get_enrolled_users", "courseid=4", "user_by_field_none"},
    {"core_enrol_get_enrolled_users", "", "user_by_email"},
    {"core_completion_get_course_completion_status", "courseid=4", "course_completion_nocriteria"},
    {"core_completion_get_course_completion_status", "courseid=2&userid=3", "course_completion_alice"},
    {"core_completion_get_course_completion_status", "courseid=2&userid=4", "course_completion_bob"},
    {"core_completion_get_course_completion_status", "", "course_completion_notenrolled"},
    {"gradereport_user_get_grade_items", "", "grade_items"},
    {"core_badges_get_user_badges", "userid=3", "badges_alice"},
    {"core_reportbuilder_retrieve_report", "", "rb_report_last7"},
    {"core_user_get_users_by_field", "idnumber", "user_by_email"},
};

static struct span answer_of(struct site *s, const struct lms_call *call)
{
    static const char courses[] =
        "{\"courses\":[{\"id\":2,\"fullname\":\"Habilitation\",\"shortname\":\"HAB-B0\","
        "\"idnumber\":\"CRS-HAB-B0\"}],\"warnings\":[]}";
    if (s->instead_of && strstr(call->form, s->instead_of))
        return SPAN_TEXT(s->instead);
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        if (strstr(call->form, recorded[i].function) && strstr(call->form, recorded[i].part))
            return sample(s->arena, arena_printf(s->arena, "samples/moodle/%s.json", recorded[i].sample));
    if (strstr(call->form, "value=CRS-HAB-B0"))
        return SPAN_TEXT(courses);
    if (strstr(call->form, "core_course_get_courses_by_field"))
        return SPAN_TEXT("{\"courses\":[]}");
    return SPAN_TEXT("{\"badges\":[],\"warnings\":[]}");
}

/* One step from the cursor. */
static void site_step(struct site *s, const char *cursor)
{
    struct lms_exchange *done = ARENA_ARRAY(s->arena, 4 * LMS_CALLS_MAX, struct lms_exchange);
    struct lms_exchanges all = {.items = done};
    struct lms_calls calls;
    s->steps++;
    do {
        assert_int_equal(lms_pull_ask(s->arena, &s->pull, cursor, &all, &calls, NULL), ST_OK);
        for (size_t i = 0; i < calls.count; i++, s->calls++) {
            assert_string_equal(calls.items[i].method, "POST");
            assert_string_equal(calls.items[i].url, "http://127.0.0.1:8088/webservice/rest/server.php");
            done[all.count++] = (struct lms_exchange){
                .call = calls.items[i], .status = s->status, .answer = {.body = answer_of(s, &calls.items[i])}};
        }
    } while (calls.count > 0);
    assert_int_equal(lms_pull_take(s->arena, &s->pull, cursor, &all, &s->page, NULL), ST_OK);
    for (size_t i = 0; i < s->page.count; i++) {
        assert_true(s->count < ITEMS_MAX);
        s->items[s->count++] = s->page.items[i].item;
    }
}

static void site_run(struct site *s, enum lms_pull_mode mode, instant_t since)
{
    s->pull.settings = &s->settings;
    const char *cursor = lms_pull_begin(s->arena, &s->pull, mode, since);
    do {
        site_step(s, cursor);
        cursor = s->page.cursor;
    } while (s->page.state == LMS_PAGE_MORE && s->steps < STEPS_MAX);
}

static bool warned(const struct site *s, const char *text)
{
    const char *const *list = s->page.warnings.items;
    for (size_t i = 0; i < s->page.warnings.count; i++)
        if (strstr(list[i], text))
            return true;
    return false;
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

static void evidence_reads_as_the_step_did(void **state)
{
    (void)state;
    struct site s = site_open("{}");
    site_run(&s, LMS_PULL_SWEEP, INSTANT_NONE);
    for (size_t i = 0; i < s.count; i++) {
        struct lms_item again;
        const struct completion_in *a = &s.items[i].completion, *b = &again.completion;
        assert_int_equal(lms_pull_record(s.arena, &s.pull, s.items[i].raw, &again, NULL), ST_OK);
        assert_string_equal(again.identity, s.items[i].identity);
        assert_int_equal(again.state, s.items[i].state);
        assert_int_equal(a->key_count, b->key_count);
        for (size_t k = 0; k < a->key_count; k++)
            assert_string_equal(a->keys[k].value, b->keys[k].value);
        assert_string_equal(a->course_id, b->course_id);
        assert_string_equal(a->course_title, b->course_title);
        assert_true(a->occurred == b->occurred && a->expires == b->expires && a->effect == b->effect);
        assert_true(same_number(a->score, b->score) && same_number(a->score_max, b->score_max));
    }
    struct lms_item none;
    assert_int_equal(lms_pull_record(s.arena, &s.pull, SPAN_TEXT("{}"), &none, NULL), ST_INTERNAL);
    assert_int_equal(lms_pull_record(s.arena, &s.pull, SPAN_TEXT("[1"), &none, NULL), ST_INTERNAL);
    arena_free(s.arena);
}

static void a_sweep_finds_what_a_person_would(void **state)
{
    (void)state;
    struct site s = site_open("{}");
    site_run(&s, LMS_PULL_SWEEP, INSTANT_NONE);
    assert_int_equal(s.page.state, LMS_PAGE_END);
    assert_int_equal(s.count, 3);
    const struct lms_item *item = &s.items[0];
    assert_int_equal(item->state, LMS_ITEM_READY);
    assert_string_equal(item->identity, "id:completion:2:3:1795390284");
    assert_string_equal(lms_bench_key(item, LMS_KEY_NUMBER), "E1001");
    assert_string_equal(lms_bench_key(item, LMS_KEY_EMAIL), "alice@example.org");
    assert_string_equal(lms_bench_key(item, LMS_KEY_USERNAME), "alice");
    assert_string_equal(lms_bench_key(item, LMS_KEY_ID), "3");
    assert_string_equal(item->completion.course_id, "http://127.0.0.1:8088/course/view.php?id=2");
    assert_string_equal(item->completion.course_title, "Habilitation électrique B0");
    assert_true(item->completion.occurred == INT64_C(1795390284) * US_PER_SEC);
    assert_true(item->completion.score == 82.5 && item->completion.score_max == 100);
    const struct json *evidence;
    assert_int_equal(json_parse(s.arena, item->raw.data, item->raw.size, &evidence, NULL), ST_OK);
    assert_string_equal(json_text(json_pointer(evidence, "/user/idnumber")), "E1001");
    assert_int_equal(
        json_int(json_pointer(evidence, "/answer/completionstatus/completions/0/timecompleted")), 1795390284);
    const struct lms_item *badge = &s.items[1];
    assert_string_equal(badge->identity, "id:badge:d47dd396b26cb13f934e9c583d6e13abda47a475");
    assert_string_equal(badge->completion.course_title, "Habilité B0");
    assert_true(badge->completion.expires == INT64_C(1889998285) * US_PER_SEC);
    assert_string_equal(badge->completion.certificate_url,
        "http://127.0.0.1:8088/badges/badge.php?hash=d47dd396b26cb13f934e9c583d6e13abda47a475");
    assert_true(s.items[2].completion.expires == INSTANT_NONE);
    arena_free(s.arena);
}

static void the_report_gives_the_same_as_a_sweep(void **state)
{
    (void)state;
    struct site s = site_open("{\"report\":2}");
    site_run(&s, LMS_PULL_RECENT, INT64_C(1795300000) * US_PER_SEC);
    assert_int_equal(s.page.state, LMS_PAGE_END);
    assert_int_equal(s.count, 1);
    assert_string_equal(s.items[0].identity, "id:completion:2:3:1795390284");
    assert_true(s.items[0].completion.score == 82.5);
    arena_free(s.arena);
}

static void old_rows_of_the_report_trigger_nothing(void **state)
{
    (void)state;
    struct site s = site_open("{\"report\":2,\"report_zone\":\"UTC\"}");
    site_run(&s, LMS_PULL_RECENT, INT64_C(1795400000) * US_PER_SEC);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.calls, 2);
    arena_free(s.arena);
}

static void a_date_that_is_not_understood_is_a_trigger(void **state)
{
    (void)state;
    struct site s = site_open("{\"report\":2}");
    s.instead_of = "core_reportbuilder_retrieve_report";
    s.instead =
        "{\"data\":{\"headers\":[\"Time completed\",\"Course ID number\",\"ID "
        "number\"],\"rows\":[{\"columns\":["
        "\"dimanche 22 novembre 2026, 23:31\",\"CRS-HAB-B0\",\"E1001\"]},{\"columns\":[\"\",\"CRS-HAB-B0\","
        "\"E1001\"]}],\"totalrowcount\":2}}";
    site_run(&s, LMS_PULL_RECENT, INT64_C(1795400000) * US_PER_SEC);
    assert_int_equal(s.count, 1);
    arena_free(s.arena);
}

static void a_report_in_another_language_is_refused(void **state)
{
    (void)state;
    struct site s = site_open("{\"report\":2}");
    s.instead_of = "core_reportbuilder_retrieve_report";
    s.instead = "{\"data\":{\"headers\":[\"Date d'achèvement\"],\"rows\":[],\"totalrowcount\":0}}";
    site_run(&s, LMS_PULL_RECENT, 0);
    assert_int_equal(s.page.state, LMS_PAGE_REFUSED);
    assert_non_null(strstr(s.page.problem, "Time completed"));
    arena_free(s.arena);
}

static const char *recorded_text(struct site *s, const char *name)
{
    struct span text = sample(s->arena, arena_printf(s->arena, "samples/moodle/%s.json", name));
    return arena_strndup(s->arena, text.data, text.size);
}

static void every_recorded_error_has_its_meaning(void **state)
{
    static const struct {
        const char *function, *sample;
        enum lms_page_state expected;
    } cases[] = {
        {"get_site_info", "err_badtoken", LMS_PAGE_REFUSED},
        {"get_site_info", "err_token_expired", LMS_PAGE_REFUSED},
        {"get_site_info", "err_user_not_in_service", LMS_PAGE_REFUSED},
        {"get_courses&", "err_nofunc", LMS_PAGE_REFUSED},
        {"get_courses&", "err_badparam", LMS_PAGE_REFUSED},
        {"completion_status", "err_token_expired", LMS_PAGE_REFUSED},
        {"completion_status", "course_completion_suspended", LMS_PAGE_END},
        {"completion_status", "course_completion_nouser", LMS_PAGE_END},
        {"completion_status", "course_completion_nocriteria", LMS_PAGE_END},
        {"get_enrolled_users", "err_badtoken", LMS_PAGE_REFUSED},
        {"grade_items", "err_nofunc", LMS_PAGE_END},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct site s = site_open("{}");
        s.instead_of = cases[i].function;
        s.instead = recorded_text(&s, cases[i].sample);
        site_run(&s, LMS_PULL_SWEEP, INSTANT_NONE);
        if (s.page.state != cases[i].expected)
            fail_msg("%s %s: %d %s", cases[i].function, cases[i].sample, s.page.state, s.page.problem);
        assert_int_equal(s.page.problem != NULL, cases[i].expected == LMS_PAGE_REFUSED);
        arena_free(s.arena);
    }
}

static void what_may_pass_is_tried_again(void **state)
{
    static const struct {
        int status;
        const char *body;
    } cases[] = {
        {503, "<html>maintenance</html>"},
        {200, "<html>maintenance</html>"},
        {200, ""},
        {200, "{\"exception\":\"dml_read_exception\",\"errorcode\":\"dmlreadexception\",\"message\":\"x\"}"},
        {502, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct site s = site_open("{}");
        s.instead_of = cases[i].status == 200 ? "completion_status" : "wsfunction";
        s.instead = cases[i].body;
        s.status = cases[i].status;
        site_run(&s, LMS_PULL_SWEEP, INSTANT_NONE);
        assert_int_equal(s.page.state, LMS_PAGE_LATER);
        assert_non_null(s.page.problem);
        assert_int_equal(s.page.count, 0);
        arena_free(s.arena);
    }
}

static const char *without(struct site *s, const char *text, const char *word)
{
    char *copy = arena_strdup(s->arena, text), *at = strstr(copy, word);
    assert_non_null(at);
    *at = 'X';
    return copy;
}

static void the_account_is_looked_at(void **state)
{
    (void)state;
    struct site s = site_open("{}");
    const char *info = recorded_text(&s, "site_info");
    s.instead_of = "get_site_info";
    s.instead = without(&s, info, "core_badges_get_user_badges");
    site_step(&s, (s.pull.settings = &s.settings, lms_pull_begin(s.arena, &s.pull, LMS_PULL_SWEEP, 0)));
    assert_int_equal(s.page.state, LMS_PAGE_MORE);
    assert_true(warned(&s, "core_badges_get_user_badges"));
    assert_non_null(strstr(s.page.about, "\"missing\":[\"core_badges_get_user_badges\"]"));
    assert_non_null(strstr(s.page.about, "\"release\":\"4.3"));
    s.instead = without(&s, info, "core_course_get_courses");
    site_step(&s, lms_pull_begin(s.arena, &s.pull, LMS_PULL_SWEEP, 0));
    assert_int_equal(s.page.state, LMS_PAGE_REFUSED);
    assert_non_null(strstr(s.page.problem, "core_course_get_courses"));
    s.instead = "{\"userissiteadmin\":true,\"functions\":[]}";
    site_step(&s, lms_pull_begin(s.arena, &s.pull, LMS_PULL_SWEEP, 0));
    assert_int_equal(s.page.state, LMS_PAGE_REFUSED);
    assert_non_null(strstr(s.page.problem, "administrator"));
    arena_free(s.arena);
}

static void a_missing_capability_is_named(void **state)
{
    static const char denied[] =
        "{\"exception\":\"required_capability_exception\",\"errorcode\":\"nopermissions\","
        "\"message\":\"Sorry\"}";
    (void)state;
    struct site s = site_open("{\"badges\":false}");
    s.instead_of = "wsfunction=core_completion_get_course_completion_status&moodlewsrestformat=json&courseid=2";
    s.instead = denied;
    s.pull.settings = &s.settings;
    site_run(&s, LMS_PULL_SWEEP, INSTANT_NONE);
    assert_int_equal(s.page.state, LMS_PAGE_END);
    assert_int_equal(s.count, 0);
    s = (arena_free(s.arena), site_open("{\"badges\":false}"));
    s.instead_of = "gradereport_user_get_grade_items";
    s.instead = denied;
    site_run(&s, LMS_PULL_SWEEP, INSTANT_NONE);
    assert_int_equal(s.count, 1);
    assert_true(isnan(s.items[0].completion.score));
    arena_free(s.arena);
}

static void dates_for_people(void **state)
{
    static const struct {
        const char *text, *instant;
    } cases[] = {
        {"Sunday, 22 November 2026, 11:31 PM", "2026-11-22T23:31:00Z"},
        {"Monday, 2 March 2026, 1:05 PM", "2026-03-02T13:05:00Z"},
        {"Thursday, 1 January 2026, 12:00 AM", "2026-01-01T00:00:00Z"},
        {"Thursday, 1 January 2026, 12:00 PM", "2026-01-01T12:00:00Z"},
        {"Monday, 22 November 2026, 11:31 PM", NULL},
        {"Sunday, 22 November 2026, 23:31", NULL},
        {"Sunday, 22 November 2026, 13:31 PM", NULL},
        {"Sunday, 22 November 2026, 0:31 AM", NULL},
        {"Sunday, 22 November 2026, 11:60 PM", NULL},
        {"Sunday, 31 November 2026, 11:31 PM", NULL},
        {"Sunday, 22 November 2026, 11:31 PM ", NULL},
        {"Sunday 22 November 2026, 11:31 PM", NULL},
        {"dimanche 22 novembre 2026, 23:31", NULL},
        {"Sunday, 22 November 26, 11:31 PM", NULL},
        {"", NULL},
        {"-", NULL},
    };
    const struct zone *utc = zone_load("UTC", NULL);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        instant_t at = 0;
        char text[INSTANT_TEXT_MAX];
        if (moodle_display_time(cases[i].text, utc, &at) != (cases[i].instant != NULL))
            fail_msg("%s", cases[i].text);
        if (cases[i].instant)
            assert_string_equal(instant_text(at, text), cases[i].instant);
    }
}

static void hostile_cursors_and_answers_do_no_harm(void **state)
{
    static const char *const cursors[] = {"", "[]", "{\"phase\":\"nowhere\"}",
        "{\"courses\":[\"x\"],\"phase\":\"course\"}", "{\"phase\":\"course\"}",
        "{\"phase\":\"report\",\"page\":-9223372036854775807}"};
    static const char *const bodies[] = {"null", "1", "[]", "{}", "[[]]", "{\"data\":{\"rows\":[1,null,{}]}}",
        "[{\"id\":-1},{\"id\":\"x\"},null]", "{\"usergrades\":[null]}", "{\"badges\":[{},1]}",
        "{\"functions\":7}"};
    (void)state;
    for (size_t c = 0; c < sizeof cursors / sizeof cursors[0]; c++)
        for (int what = 0; what < 10; what++)
            for (size_t b = 0; b < sizeof bodies / sizeof bodies[0]; b++) {
                struct site s = site_open("{\"report\":1}");
                struct lms_exchange one = {.call = {.what = what, .course = 2, .user = 3},
                    .status = 200,
                    .answer = {.body = SPAN_TEXT(bodies[b])}};
                struct lms_exchanges done = {&one, 1};
                struct lms_calls calls;
                s.pull.settings = &s.settings;
                (void)!lms_pull_ask(s.arena, &s.pull, cursors[c], &done, &calls, NULL);
                (void)!lms_pull_take(s.arena, &s.pull, cursors[c], &done, &s.page, NULL);
                arena_free(s.arena);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_finds_what_a_person_would),
        cmocka_unit_test(evidence_reads_as_the_step_did),
        cmocka_unit_test(the_report_gives_the_same_as_a_sweep),
        cmocka_unit_test(old_rows_of_the_report_trigger_nothing),
        cmocka_unit_test(a_date_that_is_not_understood_is_a_trigger),
        cmocka_unit_test(a_report_in_another_language_is_refused),
        cmocka_unit_test(every_recorded_error_has_its_meaning),
        cmocka_unit_test(what_may_pass_is_tried_again),
        cmocka_unit_test(the_account_is_looked_at),
        cmocka_unit_test(a_missing_capability_is_named),
        cmocka_unit_test(dates_for_people),
        cmocka_unit_test(hostile_cursors_and_answers_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
