/* Reading structs from JSON: every type, every complaint with its pointer, the modes, hostile input. */
#include "field_sample.h"

#include "base/buf.h"

#define FULL                                                                                                   \
    "{\"name\":\"\xc3\x89lo\xc3\xafse\",\"notes\":\"a\\nb\",\"email\":\"a@example.org\","                      \
    "\"url\":\"https://example.org/x\",\"manager\":\"" SAMPLE_ID "\",\"hired\":\"2024-02-29\","                \
    "\"seen\":\"2026-11-22T11:15:30+01:00\",\"term\":\"P2Y6M\",\"days\":-3,\"active\":false,"                  \
    "\"contract\":\"temporary\",\"place\":{\"city\":\"Lyon\",\"storey\":2.0,\"next\":{\"city\":\"Metz\"}},"    \
    "\"best\":{\"label\":\"C\",\"level\":3},\"skills\":[{\"label\":\"x\"},{\"label\":\"y\",\"proofs\":[\"p\"]" \
    "}],"                                                                                                      \
    "\"tags\":[\"u\",\"v\"],\"a/b~c\":{\"k\":[1]},\"secret\":\"12345678\",\"number\":\"M1\"}"

static void test_every_type_is_read(void **state)
{
    struct sample s;
    assert_int_equal(sample_read(*state, FULL, FIELD_MODE_CREATE, &s, NULL), ST_OK);
    assert_null(s.id);
    assert_string_equal(s.name, "\xc3\x89lo\xc3\xafse");
    assert_string_equal(s.notes, "a\nb");
    assert_string_equal(s.email, "a@example.org");
    assert_string_equal(s.url, "https://example.org/x");
    assert_string_equal(s.manager, SAMPLE_ID);
    assert_int_equal(s.hired, date_of(2024, 2, 29));
    assert_true(s.seen == INT64_C(1795342530000000));
    assert_int_equal(s.term.years, 2);
    assert_int_equal(s.term.months, 6);
    assert_true(s.days == -3);
    assert_int_equal(s.active, 0);
    assert_int_equal(s.contract, 2);
    assert_string_equal(s.place->city, "Lyon");
    assert_true(s.place->storey == 2);
    assert_string_equal(s.place->next->city, "Metz");
    assert_true(s.place->next->storey == FIELD_INT_NONE);
    assert_null(s.place->next->next);
    assert_true(s.best->level == 3);
    assert_int_equal(s.skills.count, 2);
    const struct sample_skill *skills = s.skills.items;
    assert_string_equal(skills[1].label, "y");
    assert_null(skills[0].proofs.items);
    assert_string_equal(((const char *const *)skills[1].proofs.items)[0], "p");
    assert_int_equal(s.tags.count, 2);
    assert_string_equal(((const char *const *)s.tags.items)[1], "v");
    assert_int_equal(json_int(json_pointer(s.extra, "/k/0")), 1);
    assert_string_equal(s.secret, "12345678");
    assert_true(field_given(&sample_table, &s, "name"));
    assert_false(field_given(&sample_table, &s, "id"));
    assert_false(field_given(&sample_table, &s, "nothing"));
}

static void test_what_is_absent_or_null_is_none(void **state)
{
    struct sample s;
    const char *text = "{\"name\":\"x\",\"hired\":\"2026-01-01\",\"days\":null,\"skills\":null,\"a/b~c\":null}";
    assert_int_equal(sample_read(*state, text, FIELD_MODE_CREATE, &s, NULL), ST_OK);
    assert_null(s.email);
    assert_true(s.seen == INSTANT_NONE);
    assert_true(period_is_none(s.term));
    assert_true(s.days == FIELD_INT_NONE);
    assert_int_equal(s.active, FIELD_UNSET);
    assert_int_equal(s.contract, FIELD_UNSET);
    assert_null(s.place);
    assert_null(s.skills.items);
    assert_null(s.extra);
    assert_true(field_given(&sample_table, &s, "days"));
    assert_true((s.given.cleared >> 9 & 1) == 1);
    assert_true((s.given.cleared >> 1 & 1) == 0);
    struct sample cleared;
    field_clear(&sample_table, &cleared);
    assert_int_equal(cleared.hired, DATE_NONE);
    assert_true(cleared.given.present == 0);
    assert_int_equal(sample_read(*state, "{\"name\":\"x\",\"hired\":\"2026-01-01\",\"skills\":[]}",
                         FIELD_MODE_CREATE, &s, NULL),
        ST_OK);
    assert_non_null(s.skills.items);
    assert_int_equal(s.skills.count, 0);
}

/* One member is wrong: where, and the sentence. */
static void complains(
    struct arena *arena, enum field_mode mode, const char *members, const char *pointer, const char *detail)
{
    struct error err = ERROR_INIT;
    struct sample s;
    memset(&s, 0x5a, sizeof(s));
    char *text = mode == FIELD_MODE_PATCH
                     ? arena_printf(arena, "{%s}", members)
                     : arena_printf(arena, "{\"name\":\"x\",\"hired\":\"2026-01-01\",%s}", members);
    assert_int_equal(sample_read(arena, text, mode, &s, &err), ST_INVALID);
    assert_int_equal(err.status, ST_INVALID);
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, pointer);
    assert_string_equal(err.fields[0].detail, detail);
    const char *sentence = arena_printf(arena, "%s: %s", pointer, detail);
    assert_int_equal(strncmp(err.detail, sentence, 200), 0);
    assert_int_equal(((unsigned char *)&s)[0], 0x5a); /* written on success only */
    assert_int_equal(sample_read(arena, text, mode, &s, NULL), ST_INVALID);
}

static void test_what_was_expected(void **state)
{
    static const struct {
        const char *members, *pointer, *detail;
    } rows[] = {
        {"\"notes\":1", "/notes", "expected a text of at most 4000 characters"},
        {"\"number\":\"a\\nb\"", "/number", "line breaks and control characters are not accepted"},
        {"\"notes\":\"a\\u0007\"", "/notes", "control characters are not accepted"},
        {"\"secret\":\"short\"", "/secret", "expected at least 8 characters"},
        {"\"secret\":\"         \"", "/secret", "must not be empty"},
        {"\"email\":\"nobody\"", "/email", "expected an e-mail address"},
        {"\"url\":\"ftp://x\"", "/url", "expected an http or https URL"},
        {"\"manager\":\"org_0123456789\"", "/manager", "expected an id beginning with emp_"},
        {"\"seen\":\"2026-11-22T10:15:30\"", "/seen",
            "expected an instant with its zone, such as 2026-11-22T10:15:30Z"},
        {"\"seen\":0", "/seen", "expected an instant with its zone, such as 2026-11-22T10:15:30Z"},
        {"\"term\":\"4 years\"", "/term", "expected a period such as P4Y, P6M or P30D"},
        {"\"days\":\"1\"", "/days", "expected an integer"},
        {"\"days\":1.5", "/days", "expected an integer"},
        {"\"days\":1e300", "/days", "expected an integer"},
        {"\"days\":-9223372036854775808", "/days", "expected an integer"},
        {"\"active\":1", "/active", "expected true or false"},
        {"\"active\":\"true\"", "/active", "expected true or false"},
        {"\"contract\":\"none\"", "/contract", "expected one of: permanent, fixed_term, temporary"},
        {"\"contract\":[]", "/contract", "expected one of: permanent, fixed_term, temporary"},
        {"\"place\":[]", "/place", "expected an object"},
        {"\"place\":{\"city\":\"x\",\"storey\":100}", "/place/storey", "expected an integer from -5 to 99"},
        {"\"place\":{}", "/place/city", "is required; expected a text of at most 20 characters"},
        {"\"place\":{\"city\":\"x\",\"next\":{\"city\":\"y\",\"next\":{}}}", "/place/next/next/city",
            "is required; expected a text of at most 20 characters"},
        {"\"best\":{\"label\":\"x\",\"level\":0}", "/best/level", "expected an integer of at least 1"},
        {"\"skills\":{}", "/skills", "expected a list of objects"},
        {"\"skills\":[null]", "/skills/0", "expected an object"},
        {"\"skills\":[{\"label\":\"x\"},{\"label\":\" \"}]", "/skills/1/label", "must not be empty"},
        {"\"skills\":[{\"label\":\"x\",\"proofs\":[\"a\",7]}]", "/skills/0/proofs/1", "expected a text"},
        {"\"skills\":[1,2,3,4]", "/skills", "expected at most 3 items, not 4"},
        {"\"tags\":\"x\"", "/tags", "expected a list of texts"},
        {"\"tags\":[\"a\",\"b\\n\"]", "/tags/1", "line breaks and control characters are not accepted"},
        {"\"x~y/z\":1", "/x~0y~1z",
            "unknown field; expected one of: name, notes, email, url, manager, hired, seen, term, days, "
            "active, "
            "contract, place, best, skills, tags, a/b~c, secret, number"},
        {"\"place\":{\"city\":\"x\",\"Storey\":1}", "/place/Storey",
            "unknown field; expected one of: city, storey, next"},
        {"\"id\":\"" SAMPLE_ID "\"", "/id", "is computed and cannot be given; leave it out"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        complains(*state, FIELD_MODE_CREATE, rows[i].members, rows[i].pointer, rows[i].detail);
}

static void test_what_a_patch_refuses(void **state)
{
    static const struct {
        const char *members, *pointer, *detail;
    } rows[] = {
        {"\"name\":null", "/name", "is required and cannot be cleared"},
        {"\"name\":\"\"", "/name", "must not be empty"},
        {"\"name\":\"12345678901\"", "/name", "expected at most 10 characters, not 11"},
        {"\"hired\":\"22/11/2026\"", "/hired", "expected a date YYYY-MM-DD"},
        {"\"hired\":\"2026-02-29\"", "/hired", "expected a date YYYY-MM-DD"},
        {"\"number\":\"M2\"", "/number", "can only be given when creating; leave it out"},
        {"\"number\":null", "/number", "can only be given when creating; leave it out"},
        {"\"id\":null", "/id", "is computed and cannot be given; leave it out"},
        {"\"place\":{\"city\":null}", "/place/city", "is required and cannot be cleared"},
        {"\"best\":{\"level\":2}", "/best/label", "is required; expected a text of at most 200 characters"},
        {"\"skills\":[{\"level\":2}]", "/skills/0/label",
            "is required; expected a text of at most 200 characters"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        complains(*state, FIELD_MODE_PATCH, rows[i].members, rows[i].pointer, rows[i].detail);
    struct sample s;
    assert_int_equal(
        sample_read(*state, "{\"place\":{\"storey\":1},\"days\":null}", FIELD_MODE_PATCH, &s, NULL), ST_OK);
    assert_null(s.place->city);
    assert_true(field_given(&sample_place_table, s.place, "storey"));
    assert_false(field_given(&sample_place_table, s.place, "city"));
    assert_int_equal(sample_read(*state, "{}", FIELD_MODE_PATCH, &s, NULL), ST_OK);
    assert_true(s.given.present == 0);
}

static void test_everything_wrong_is_reported(void **state)
{
    struct error err = ERROR_INIT;
    struct sample s;
    assert_int_equal(
        sample_read(*state, "{\"name\":7,\"nope\":1,\"place\":{\"storey\":\"x\",\"y\":0},\"id\":null}",
            FIELD_MODE_CREATE, &s, &err),
        ST_INVALID);
    static const char *const pointers[] = {
        "/name", "/nope", "/place/storey", "/place/y", "/place/city", "/id", "/hired"};
    assert_int_equal(err.count, 7);
    for (unsigned i = 0; i < err.count; i++)
        assert_string_equal(err.fields[i].pointer, pointers[i]);
    assert_string_equal(err.fields[6].detail, "is required; expected a date YYYY-MM-DD");
    assert_string_equal(err.detail, "7 fields are wrong");

    err = (struct error)ERROR_INIT;
    assert_int_equal(
        sample_read(*state, "{\"name\":null,\"hired\":null}", FIELD_MODE_CREATE, &s, &err), ST_INVALID);
    assert_int_equal(err.count, 2);
    assert_string_equal(err.fields[0].detail, "is required and cannot be null");
}

static void test_what_is_no_object(void **state)
{
    static const char *const texts[] = {"[]", "null", "\"x\"", "1"};
    for (size_t i = 0; i < 4; i++) {
        struct error err = ERROR_INIT;
        struct sample s;
        assert_int_equal(sample_read(*state, texts[i], FIELD_MODE_PATCH, &s, &err), ST_INVALID);
        assert_int_equal(err.count, 1);
        assert_string_equal(err.fields[0].pointer, "");
        assert_string_equal(err.detail, "the value: expected an object");
    }
    struct error err = ERROR_INIT;
    struct sample s;
    assert_int_equal(sample_read(*state, "{", FIELD_MODE_CREATE, &s, &err), ST_SYNTAX);
    assert_int_equal(err.count, 0);
}

static void test_stored_structs_are_trusted(void **state)
{
    struct sample s;
    assert_int_equal(sample_read(*state,
                         "{\"id\":\"" SAMPLE_ID "\",\"name\":\"x\",\"hired\":\"2026-01-01\",\"number\":\"M\","
                         "\"secret\":\"12345678\"}",
                         FIELD_MODE_STORED, &s, NULL),
        ST_OK);
    assert_string_equal(s.id, SAMPLE_ID);
    struct error err = ERROR_INIT;
    assert_int_equal(sample_read(*state, "{\"name\":\"x\"}", FIELD_MODE_STORED, &s, &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/hired");
}

static void test_hostile_inputs_stay_cheap(void **state)
{
    struct arena *arena = *state;
    BUF_AUTO buf;
    buf_init(&buf, 0);
    buf_char(&buf, '{');
    for (int i = 0; i < 50000; i++)
        buf_printf(&buf, "%s\"\xc3\xa9%d%s\":1", i ? "," : "", i,
            i % 100 ? "" : "/~/~/~/~/~/~/~/~/~/~/~/~/~/~/~/~/~/~/~/~");
    buf_char(&buf, '}');
    struct error err = ERROR_INIT;
    struct sample s;
    assert_int_equal(sample_read(arena, buf.data, FIELD_MODE_CREATE, &s, &err), ST_INVALID);
    assert_int_equal(err.count, ERROR_FIELDS_MAX);
    buf_reset(&buf);
    buf_text(&buf, "{\"");
    for (int i = 0; i < 300; i++)
        buf_text(&buf, i % 3 ? "\xe2\x82\xac" : "~");
    buf_text(&buf, "\":{}}");
    err = (struct error)ERROR_INIT;
    assert_int_equal(sample_read(arena, buf.data, FIELD_MODE_PATCH, &s, &err), ST_INVALID);
    assert_int_equal(err.count, 1);
    assert_memory_equal(err.fields[0].pointer, "/~0\xe2\x82\xac\xe2\x82\xac~0", 11);
    buf_reset(&buf);
    for (int i = 0; i < 30; i++)
        buf_text(&buf, i ? "{\"next\":" : "{\"place\":");
    buf_text(&buf, "{\"storey\":true}");
    for (int i = 0; i < 30; i++)
        buf_char(&buf, '}');
    err = (struct error)ERROR_INIT;
    assert_int_equal(sample_read(arena, buf.data, FIELD_MODE_PATCH, &s, &err), ST_INVALID);
    assert_int_equal(err.count, 1);
    assert_memory_equal(err.fields[0].pointer, "/place/next/next/", 17);
}

static const struct field *find(const char *name)
{
    for (size_t i = 0; i < sample_table.count; i++) {
        if (strcmp(sample_fields[i].name, name) == 0)
            return &sample_fields[i];
    }
    fail();
    return NULL;
}

static void test_fields_from_texts(void **state)
{
    struct arena *arena = *state;
    struct sample s;
    struct error err = ERROR_INIT;
    field_clear(&sample_table, &s);
    static const char *const good[][2] = {{"name", "x"}, {"days", "-12"}, {"active", "true"},
        {"contract", "fixed_term"}, {"hired", "2026-11-22"}, {"tags", "a, b c ,d"}, {"a/b~c", "[1,2]"},
        {"seen", "2026-11-22T10:15:30Z"}, {"term", "P1Y"}, {"email", "a@b.fr"}, {"manager", SAMPLE_ID}};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(field_read_text(find(good[i][0]), arena, good[i][1], &s, &err), ST_OK);
    assert_int_equal(err.status, ST_OK);
    assert_true(s.days == -12);
    assert_int_equal(s.active, 1);
    assert_int_equal(s.contract, 1);
    assert_int_equal(s.tags.count, 3);
    assert_string_equal(((const char *const *)s.tags.items)[1], "b c");
    assert_int_equal(json_count(s.extra), 2);

    static const char *const bad[][3] = {{"name", "", "must not be empty"}, {"name", "\xff", "not valid UTF-8"},
        {"days", "+1", "expected an integer"}, {"days", "1x", "expected an integer"},
        {"active", "yes", "expected true or false"}, {"tags", "a,,b", "expected a list of texts"},
        {"tags", "a,b,c,d,e", "expected at most 4 items"}, {"place", "{}", "cannot be given as a text"},
        {"skills", "[]", "cannot be given as a text"}, {"a/b~c", "[1", "expected JSON"},
        {"hired", "2026-13-01", "expected a date YYYY-MM-DD"}};
    struct sample before = s;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(field_read_text(find(bad[i][0]), arena, bad[i][1], &s, &err), ST_INVALID);
        assert_int_equal(err.count, i + 1);
        assert_string_equal(err.fields[i].detail, bad[i][2]);
    }
    assert_string_equal(err.fields[9].pointer, "/a~1b~0c");
    assert_string_equal(err.detail, "11 fields are wrong");
    assert_true(field_equal(&sample_table, &before, &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_is_read),
        cmocka_unit_test(test_what_is_absent_or_null_is_none),
        cmocka_unit_test(test_what_was_expected),
        cmocka_unit_test(test_what_a_patch_refuses),
        cmocka_unit_test(test_everything_wrong_is_reported),
        cmocka_unit_test(test_what_is_no_object),
        cmocka_unit_test(test_stored_structs_are_trusted),
        cmocka_unit_test(test_hostile_inputs_stay_cheap),
        cmocka_unit_test(test_fields_from_texts),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
