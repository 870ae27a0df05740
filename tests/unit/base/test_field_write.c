/* Writing structs: what answers show, what is stored, round trips, and the schema that describes them. */
#include "field_sample.h"

#include "base/buf.h"

static const char full[] =
    "{\"id\":\"" SAMPLE_ID "\",\"name\":\"Ada\",\"notes\":\"a\\nb\",\"email\":\"a@example.org\","
    "\"url\":\"https://example.org/\",\"manager\":\"" SAMPLE_ID "\",\"hired\":\"2024-02-29\","
    "\"seen\":\"2026-11-22T10:15:30.000001Z\",\"term\":\"P2Y6M\",\"days\":-3,\"active\":false,"
    "\"contract\":\"permanent\",\"place\":{\"city\":\"Lyon\",\"storey\":2,\"next\":{\"city\":\"Metz\"}},"
    "\"best\":{\"label\":\"C\",\"level\":3},\"skills\":[{\"label\":\"x\",\"proofs\":[]},{\"label\":\"y\","
    "\"proofs\":[\"p\"]}],\"tags\":[\"u\",\"v\"],\"a/b~c\":{\"k\":[1,2.5,null]}";

static char *written(struct arena *arena, const struct sample *s, bool stored)
{
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    if (stored) {
        jw_open(&w, '{');
        field_write_members(&sample_table, &w, s, true);
        jw_close(&w, '}');
    } else {
        field_write(&sample_table, &w, s);
    }
    return arena_strdup(arena, buf.data);
}

static void test_what_is_stored_reads_back(void **state)
{
    struct arena *arena = *state;
    struct sample s;
    char *text = arena_printf(arena, "%s,\"secret\":\"12345678\",\"number\":\"M1\"}", full);
    assert_int_equal(sample_read(arena, text, FIELD_MODE_STORED, &s, NULL), ST_OK);
    assert_string_equal(written(arena, &s, true), text);
    struct sample again;
    assert_int_equal(sample_read(arena, written(arena, &s, true), FIELD_MODE_STORED, &again, NULL), ST_OK);
    assert_true(field_equal(&sample_table, &s, &again));
    /* answers keep the secret */
    assert_string_equal(written(arena, &s, false), arena_printf(arena, "%s,\"number\":\"M1\"}", full));
}

static void test_unset_fields(void **state)
{
    struct arena *arena = *state;
    struct sample s;
    field_clear(&sample_table, &s);
    assert_string_equal(written(arena, &s, false), "{\"notes\":null,\"seen\":null}");
    assert_string_equal(written(arena, &s, true), "{}");
}

struct page {
    struct list items;
    struct list names;
};

static const struct field page_fields[] = {
    FIELD(struct page, items, FIELD_LIST, .flags = FIELD_REQUIRED, .of = &sample_skill_table, .min = 1),
    FIELD(struct page, names, FIELD_TEXTS, .flags = FIELD_NULL),
};
static const struct field_table page_table = FIELD_TABLE("Page", struct page, page_fields, -1);

static void test_required_lists_are_never_missing(void **state)
{
    (void)state;
    struct page page;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    field_clear(&page_table, &page);
    field_write(&page_table, &w, &page);
    assert_string_equal(buf.data, "{\"items\":[],\"names\":null}");
    struct error err = ERROR_INIT;
    assert_int_equal(
        field_parse(&page_table, *state, "{\"items\":[]}", 12, FIELD_MODE_CREATE, &page, &err), ST_INVALID);
    assert_string_equal(err.fields[0].detail, "expected at least 1 items");
}

static void test_members_beside_others(void **state)
{
    (void)state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    const char *proofs[] = {"p"};
    struct sample_skill skill = {.label = "C", .level = FIELD_INT_NONE, .proofs = {proofs, 1}};
    jw_open(&w, '{');
    jw_member(&w, "kind", "skill");
    field_write_members(&sample_skill_table, &w, &skill, false);
    jw_member_int(&w, "rank", 1);
    jw_close(&w, '}');
    assert_string_equal(buf.data, "{\"kind\":\"skill\",\"label\":\"C\",\"proofs\":[\"p\"],\"rank\":1}");
}

static const struct json *schema(struct arena *arena, const struct field_table *table, enum field_mode mode)
{
    BUF_AUTO buf;
    buf_init(&buf, 0);
    struct json_writer w = json_writer(&buf);
    field_schema(table, &w, mode);
    const struct json *value = NULL;
    assert_int_equal(json_parse(arena, buf.data, buf.size, &value, NULL), ST_OK);
    return value;
}

static void assert_at(const struct json *value, const char *pointer, const char *expected)
{
    BUF_AUTO buf;
    buf_init(&buf, 0);
    const struct json *found = json_pointer(value, pointer);
    if (found)
        json_write(&buf, found);
    assert_string_equal(buf.data, expected);
}

static void test_schema_of_a_creation(void **state)
{
    const struct json *s = schema(*state, &sample_table, FIELD_MODE_CREATE);
    assert_at(s, "/type", "\"object\"");
    assert_at(s, "/additionalProperties", "false");
    assert_at(s, "/required", "[\"name\",\"hired\"]");
    assert_at(s, "/properties/id", "");
    assert_at(s, "/properties/name",
        "{\"type\":\"string\",\"minLength\":1,\"maxLength\":10,\"description\":\"What people say\"}");
    assert_at(s, "/properties/notes", "{\"type\":[\"string\",\"null\"],\"maxLength\":4000}");
    assert_at(
        s, "/properties/email", "{\"type\":[\"string\",\"null\"],\"format\":\"email\",\"maxLength\":254}");
    assert_at(s, "/properties/url", "{\"type\":[\"string\",\"null\"],\"format\":\"uri\",\"maxLength\":2048}");
    assert_at(s, "/properties/manager", "{\"type\":[\"string\",\"null\"],\"pattern\":\"^emp_\"}");
    assert_at(s, "/properties/hired", "{\"type\":\"string\",\"format\":\"date\"}");
    assert_at(s, "/properties/seen", "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}");
    assert_at(s, "/properties/term", "{\"type\":[\"string\",\"null\"],\"format\":\"duration\"}");
    assert_at(s, "/properties/days", "{\"type\":[\"integer\",\"null\"]}");
    assert_at(s, "/properties/active", "{\"type\":[\"boolean\",\"null\"]}");
    assert_at(s, "/properties/contract",
        "{\"type\":[\"string\",\"null\"],\"enum\":[\"permanent\",\"fixed_term\",\"temporary\",null]}");
    assert_at(
        s, "/properties/place", "{\"anyOf\":[{\"$ref\":\"#/components/schemas/Place\"},{\"type\":\"null\"}]}");
    assert_at(s, "/properties/skills",
        "{\"type\":[\"array\",\"null\"],\"items\":{\"$ref\":\"#/components/schemas/Skill\"},\"maxItems\":3}");
    assert_at(s, "/properties/tags",
        "{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\",\"maxLength\":200},\"maxItems\":4}");
    assert_at(s, "/properties/a~1b~0c", "{}");
    assert_at(s, "/properties/secret",
        "{\"type\":[\"string\",\"null\"],\"minLength\":8,\"maxLength\":200,\"writeOnly\":true}");
    const struct json *skill = schema(*state, &sample_skill_table, FIELD_MODE_CREATE);
    assert_at(skill, "/properties/level", "{\"type\":[\"integer\",\"null\"],\"minimum\":1}");
    const struct json *place = schema(*state, &sample_place_table, FIELD_MODE_CREATE);
    assert_at(place, "/properties/storey", "{\"type\":[\"integer\",\"null\"],\"minimum\":-5,\"maximum\":99}");
}

static void test_schema_of_a_patch(void **state)
{
    const struct json *s = schema(*state, &sample_table, FIELD_MODE_PATCH);
    assert_at(s, "/required", "");
    assert_at(s, "/properties/id", "");
    assert_at(s, "/properties/number", "");
    assert_at(s, "/properties/hired", "{\"type\":\"string\",\"format\":\"date\"}");
    assert_at(s, "/properties/days", "{\"type\":[\"integer\",\"null\"]}");
}

static void test_schema_of_an_answer(void **state)
{
    const struct json *s = schema(*state, &sample_table, FIELD_MODE_STORED);
    assert_at(s, "/required", "[\"name\",\"notes\",\"hired\",\"seen\"]");
    assert_at(s, "/properties/secret", "");
    assert_at(s, "/properties/id", "{\"type\":\"string\",\"pattern\":\"^emp_\",\"readOnly\":true}");
    assert_at(s, "/properties/notes", "{\"type\":[\"string\",\"null\"],\"maxLength\":4000}");
    assert_at(s, "/properties/contract",
        "{\"type\":\"string\",\"enum\":[\"permanent\",\"fixed_term\",\"temporary\"]}");
    assert_at(s, "/properties/place", "{\"$ref\":\"#/components/schemas/Place\"}");
    assert_at(s, "/additionalProperties", "");
    const struct json *page = schema(*state, &page_table, FIELD_MODE_STORED);
    assert_at(page, "/properties/items",
        "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
        "Skill\"},\"minItems\":1,\"maxItems\":1000}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_stored_reads_back),
        cmocka_unit_test(test_unset_fields),
        cmocka_unit_test(test_required_lists_are_never_missing),
        cmocka_unit_test(test_members_beside_others),
        cmocka_unit_test(test_schema_of_a_creation),
        cmocka_unit_test(test_schema_of_a_patch),
        cmocka_unit_test(test_schema_of_an_answer),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
