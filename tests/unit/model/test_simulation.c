/* Simulations as they come in: one case, many, wrong ones. */
#include "model/simulation.h"
#include "story.h"

#define CASE "\"as_of\":\"2026-11-22\",\"employee\":{\"hire_date\":\"2025-11-03\"}"

static enum status run(struct story *s, const char *text, const struct json **ret, struct error *err)
{
    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    const struct json *body = NULL;
    assert_int_equal(json_parse(s->arena, text, strlen(text), &body, err), ST_OK);
    enum status status = simulation_run(s->arena, body, s->facts.rules, LANG_FR, &w, err);
    assert_true((status == ST_OK) == (out.size > 0));
    if (status == ST_OK)
        assert_int_equal(json_parse(s->arena, out.data, out.size, ret, err), ST_OK);
    return status;
}

static const char *member(const struct json *object, const char *pointer)
{
    return json_text(json_pointer(object, pointer));
}

static void one_case_gives_its_duties(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    const struct json *result = NULL;
    assert_int_equal(run(s, "{" CASE "}", &result, &err), ST_OK);
    assert_int_equal(json_count(json_get(result, "duties")), 2);
    assert_string_equal(member(result, "/duties/0/rule"), "R2.FIRST");
    assert_string_equal(member(result, "/duties/0/state"), "overdue");
    assert_string_equal(
        member(result, "/duties/0/explanation"), "au cours de l'année qui suit l'embauche du 3 novembre 2025");
    assert_int_equal(json_count(json_get(result, "history")), 0);
    assert_string_equal(member(result, "/missing/0"), "birth_date");
    assert_string_equal(member(result, "/next_check"), "2033-08-05");
    assert_int_equal(json_type(json_get(result, "excluded")), JSON_NULL);
}

static void what_a_vector_adds_is_ignored(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    const struct json *result = NULL;
    const char *text = "{\"id\":7,\"why\":[],\"expect\":{\"x\":1}," CASE
                       ",\"organisation\":{\"agreements\":[]},\"reviews\":[{\"type\":\"professional\",\"held\":"
                       "\"2026-10-15\",\"recap\":false},{\"type\":\"professional\",\"held\":\"2027-01-01\"}],"
                       "\"absences\":[],\"events\":null}";
    assert_int_equal(run(s, text, &result, &err), ST_OK);
    assert_string_equal(member(result, "/duties/0/rule"), "R2.PERIODIC");
    assert_string_equal(member(result, "/history/0/rule"), "R2.FIRST");
    assert_string_equal(member(result, "/history/0/state"), "held");
    assert_string_equal(member(result, "/history/0/satisfied_on"), "2026-10-15");
}

static void policies_and_a_forecast_may_be_given(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    const struct json *result = NULL;
    const char *text =
        "{\"as_of\":\"2026-01-10\",\"forecast\":\"2027-12-31\",\"employee\":{\"hire_date\":\"2024-12-01\","
        "\"birth_date\":\"1982-05-05\"},\"organisation\":{\"policies\":{\"first.transition\":\"lenient\","
        "\"planning.horizon\":2000,\"periodic.anchor\":\"last_held\",\"planning.notice\":8,"
        "\"return.period\":\"P15D\"}}}";
    assert_int_equal(run(s, text, &result, &err), ST_OK);
    assert_string_equal(member(result, "/duties/0/kind"), "midcareer_visit");
    assert_int_equal(json_type(json_pointer(result, "/duties/0/expected")), JSON_TRUE);
    assert_string_equal(member(result, "/duties/1/due"), "2028-12-01");
    assert_string_equal(member(result, "/duties/1/state"), "to_plan");
    assert_string_equal(member(result, "/duties/1/readings/2/name"), "art2222");
}

static void a_wrong_case_is_refused_with_pointers(void **state)
{
    struct story *s = *state;
    static const struct {
        const char *text, *pointer;
    } table[] = {
        {"{" CASE ",\"absences\":[{\"type\":\"holiday\",\"start\":\"2026-01-01\"}]}", "/absences/0/type"},
        {"{" CASE ",\"absences\":[{\"type\":\"illness\",\"start\":\"2026-01-01\",\"end\":\"2025-01-01\"}]}",
            "/absences/0/end"},
        {"{" CASE ",\"reviews\":[{\"type\":\"monthly\",\"held\":\"2026-01-01\"}]}", "/reviews/0/type"},
        {"{" CASE ",\"events\":[{\"type\":\"midcareer_visit\",\"date\":\"2025-11-02\"}]}", "/events/0/date"},
        {"{" CASE ",\"salary\":1}", "/salary"},
        {"{\"as_of\":\"2026-11-22\"}", "/employee"},
        {"{\"employee\":{\"hire_date\":\"2025-11-03\"}}", "/as_of"},
        {"{\"as_of\":\"2026-02-30\",\"employee\":{\"hire_date\":\"2025-11-03\"}}", "/as_of"},
        {"{" CASE ",\"organisation\":{\"agreements\":[{\"level\":\"company\",\"period\":\"P0Y\"}]}}",
            "/organisation/agreements/0/period"},
        {"{" CASE
         ",\"organisation\":{\"agreements\":[{\"level\":\"company\",\"period\":\"P3Y\"},{\"level\":\"company\","
         "\"period\":\"P4Y\"}]}}",
            "/organisation/agreements/1/valid_from"},
        {"{\"as_of\":\"2026-11-22\",\"employee\":{\"hire_date\":\"2025-11-03\",\"exit_date\":\"2025-11-02\"}}",
            "/employee/exit_date"},
        {"{\"as_of\":\"2026-11-22\",\"employee\":{\"hire_date\":\"2025-11-03\",\"birth_date\":\"2010-11-04\"}}",
            "/employee/birth_date"},
        {"7", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error err = ERROR_INIT;
        const struct json *result = NULL;
        assert_int_equal(run(s, table[i].text, &result, &err), ST_INVALID);
        assert_true(err.count > 0);
        assert_string_equal(err.fields[0].pointer, table[i].pointer);
    }
}

static void wrong_cases_keep_their_place(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    const struct json *result = NULL;
    assert_int_equal(run(s, "[{" CASE "},{\"as_of\":\"x\"},{" CASE "}]", &result, &err), ST_OK);
    assert_int_equal(json_count(json_get(result, "results")), 3);
    assert_string_equal(member(result, "/results/0/duties/0/rule"), "R2.FIRST");
    assert_string_equal(member(result, "/results/1/errors/0/pointer"), "/as_of");
    assert_string_equal(member(result, "/results/2/duties/0/rule"), "R2.FIRST");
    assert_int_equal(run(s, "[]", &result, &err), ST_OK);
    assert_int_equal(json_count(json_get(result, "results")), 0);
}

static void there_is_a_ceiling(void **state)
{
    struct story *s = *state;
    struct error err = ERROR_INIT;
    const struct json *result = NULL;
    BUF_AUTO text;
    buf_init(&text, 0);
    for (int i = 0; i < SIMULATION_CASES_MAX; i++)
        buf_text(&text, i == 0 ? "[{" CASE "}" : ",{" CASE "}");
    buf_char(&text, ']');
    assert_int_equal(run(s, text.data, &result, &err), ST_OK);
    assert_int_equal(json_count(json_get(result, "results")), SIMULATION_CASES_MAX);
    text.data[text.size - 1] = ',';
    buf_text(&text, "{" CASE "}]");
    assert_int_equal(run(s, text.data, &result, &err), ST_TOO_LARGE);
}

static void the_case_can_be_described(void **state)
{
    (void)state;
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    field_schema(&simulation_case_table, &w, FIELD_MODE_CREATE);
    assert_non_null(strstr(text.data, "SimulationEmployee"));
    assert_non_null(strstr(text.data, "\"as_of\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(one_case_gives_its_duties),
        STORY(what_a_vector_adds_is_ignored),
        STORY(policies_and_a_forecast_may_be_given),
        STORY(a_wrong_case_is_refused_with_pointers),
        STORY(wrong_cases_keep_their_place),
        STORY(there_is_a_ceiling),
        STORY(the_case_can_be_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
