/* Structs of a table among themselves: JSON Merge Patch (RFC 7396), equality, what is still missing. */
#include "field_sample.h"

#define BASE                                                                                                   \
    "{\"name\":\"Ada\",\"hired\":\"2020-01-01\",\"notes\":\"n\",\"days\":5,\"active\":true,\"contract\":"      \
    "\"permanent\",\"term\":\"P1Y\",\"seen\":\"2026-11-22T10:15:30Z\",\"place\":{\"city\":\"Lyon\","           \
    "\"storey\":2,"                                                                                            \
    "\"next\":{\"city\":\"Metz\",\"storey\":1}},\"best\":{\"label\":\"C\",\"level\":2},\"skills\":[{"          \
    "\"label\":"                                                                                               \
    "\"x\",\"proofs\":[\"p\"]}],\"tags\":[\"a\",\"b\"],\"a/b~c\":{\"k\":1}}"

static struct sample read_one(struct arena *arena, const char *text, enum field_mode mode)
{
    struct sample s;
    struct error err = ERROR_INIT;
    assert_int_equal(sample_read(arena, text, mode, &s, &err), ST_OK);
    return s;
}

static struct sample base_sample(struct arena *arena)
{
    return read_one(arena, BASE, FIELD_MODE_CREATE);
}

static void test_equality_is_deep(void **state)
{
    struct arena *arena = *state;
    struct sample a = base_sample(arena);
    struct sample b = base_sample(arena);
    assert_true(field_equal(&sample_table, &a, &b));
    b.given = (struct given){0, 0};
    assert_true(field_equal(&sample_table, &a, &b));
    static const char *const changes[] = {"\"name\":\"Eve\"", "\"hired\":\"2020-01-02\"", "\"notes\":null",
        "\"days\":6", "\"active\":false", "\"active\":null", "\"contract\":\"temporary\"", "\"term\":\"P12M\"",
        "\"seen\":null", "\"place\":{\"storey\":3}", "\"place\":{\"next\":{\"city\":\"Nancy\"}}",
        "\"place\":{\"next\":null}", "\"place\":null", "\"best\":{\"label\":\"C\"}", "\"skills\":[]",
        "\"skills\":[{\"label\":\"x\"}]", "\"skills\":[{\"label\":\"x\",\"proofs\":[\"q\"]}]",
        "\"tags\":[\"a\"]", "\"tags\":[\"a\",\"c\"]", "\"a/b~c\":{\"k\":2}", "\"a/b~c\":null",
        "\"email\":\"a@b.fr\""};
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct sample target = base_sample(arena);
        struct sample patch = read_one(arena, arena_printf(arena, "{%s}", changes[i]), FIELD_MODE_PATCH);
        assert_true(field_merge(&sample_table, &target, &patch));
        assert_false(field_equal(&sample_table, &a, &target));
        assert_false(field_equal(&sample_table, &target, &a));
        assert_false(field_merge(&sample_table, &target, &patch));
    }
}

static void test_patches_that_change_nothing(void **state)
{
    struct arena *arena = *state;
    static const char *const same[] = {"", "\"name\":\"Ada\"", "\"days\":5.0", "\"email\":null",
        "\"place\":{\"storey\":2}", "\"place\":{\"next\":{\"storey\":1}}", "\"place\":{}",
        "\"skills\":[{\"label\":\"x\",\"proofs\":[\"p\"]}]", "\"tags\":[\"a\",\"b\"]", "\"a/b~c\":{\"k\":1.0}",
        "\"best\":{\"label\":\"C\",\"level\":2}", "\"term\":\"P1Y\""};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        struct sample target = base_sample(arena);
        struct sample patch = read_one(arena, arena_printf(arena, "{%s}", same[i]), FIELD_MODE_PATCH);
        assert_false(field_merge(&sample_table, &target, &patch));
        struct sample untouched = base_sample(arena);
        assert_true(field_equal(&sample_table, &target, &untouched));
    }
}

static void test_nested_patches_keep_what_they_leave_alone(void **state)
{
    struct arena *arena = *state;
    struct sample target = base_sample(arena);
    struct sample former = target;
    struct sample patch =
        read_one(arena, "{\"place\":{\"storey\":null,\"next\":{\"city\":\"Nancy\"}}}", FIELD_MODE_PATCH);
    assert_true(field_merge(&sample_table, &target, &patch));
    assert_string_equal(target.place->city, "Lyon");
    assert_true(target.place->storey == FIELD_INT_NONE);
    assert_string_equal(target.place->next->city, "Nancy");
    assert_true(target.place->next->storey == 1);
    /* the former object is whole */
    assert_true(former.place->storey == 2);
    assert_string_equal(former.place->next->city, "Metz");

    /* the same patch again, on something else: nothing of the first target remains in it */
    struct sample other = read_one(arena,
        "{\"name\":\"Bo\",\"hired\":\"2020-01-01\",\"place\":{\"city\":\"Brest\",\"storey\":9}}",
        FIELD_MODE_CREATE);
    assert_true(field_merge(&sample_table, &other, &patch));
    assert_string_equal(other.place->city, "Brest");
    assert_string_equal(other.place->next->city, "Nancy");
    assert_true(other.place->next->storey == FIELD_INT_NONE);
    struct sample bare = read_one(arena, "{\"name\":\"Bo\",\"hired\":\"2020-01-01\"}", FIELD_MODE_CREATE);
    assert_true(field_merge(&sample_table, &bare, &patch));
    assert_null(bare.place->city);
    struct error err = ERROR_INIT;
    assert_int_equal(field_check(&sample_table, &bare, &err), ST_INVALID);
    assert_int_equal(err.count, 1);
    assert_string_equal(err.fields[0].pointer, "/place/city");
}

static void test_objects_without_marks_are_replaced(void **state)
{
    struct arena *arena = *state;
    struct sample target = base_sample(arena);
    struct sample patch = read_one(arena, "{\"best\":{\"label\":\"D\"}}", FIELD_MODE_PATCH);
    assert_true(field_merge(&sample_table, &target, &patch));
    assert_string_equal(target.best->label, "D");
    assert_true(target.best->level == FIELD_INT_NONE);
    struct sample_skill skill = {.label = "E", .level = 4};
    struct sample_skill onto = {.label = "F", .level = 5};
    assert_true(field_merge(&sample_skill_table, &onto, &skill));
    assert_string_equal(onto.label, "E");
    assert_true(field_given(&sample_skill_table, &onto, "level"));
}

static void test_missing_fields_of_a_struct(void **state)
{
    struct arena *arena = *state;
    struct sample s = base_sample(arena);
    assert_int_equal(field_check(&sample_table, &s, NULL), ST_OK);
    struct sample_skill skills[] = {{.label = "x"}, {.label = NULL}};
    s.skills = (struct list){.items = skills, .count = 2};
    s.hired = DATE_NONE;
    struct error err = ERROR_INIT;
    assert_int_equal(field_check(&sample_table, &s, &err), ST_INVALID);
    assert_int_equal(err.count, 2);
    assert_string_equal(err.fields[0].pointer, "/hired");
    assert_string_equal(err.fields[0].detail, "is required; expected a date YYYY-MM-DD");
    assert_string_equal(err.fields[1].pointer, "/skills/1/label");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equality_is_deep),
        cmocka_unit_test(test_patches_that_change_nothing),
        cmocka_unit_test(test_nested_patches_keep_what_they_leave_alone),
        cmocka_unit_test(test_objects_without_marks_are_replaced),
        cmocka_unit_test(test_missing_fields_of_a_struct),
    };
    return cmocka_run_group_tests(tests, sample_setup, sample_teardown);
}
