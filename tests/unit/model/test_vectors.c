/* The cases of tests/data/vectors/duties.json through the simulation: every duty that is expected, as expected,
 * and no other. The vectors call every state before overdue "open". */
#include "model/simulation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VECTORS_MAX = 1 << 20, CASES_MIN = 71 };

static const struct json *vectors_read(struct arena *arena)
{
    FILE *file = fopen(TEST_DATA "/vectors/duties.json", "rb");
    assert_non_null(file);
    char *text = arena_alloc(arena, VECTORS_MAX);
    size_t size = fread(text, 1, VECTORS_MAX, file);
    assert_int_equal(fclose(file), 0);
    const struct json *vectors = NULL;
    struct error err = ERROR_INIT;
    assert_int_equal(json_parse(arena, text, size, &vectors, &err), ST_OK);
    return vectors;
}

/* The state as the vectors word it. */
static const char *state_word(const char *state)
{
    bool open =
        strcmp(state, "upcoming") == 0 || strcmp(state, "to_plan") == 0 || strcmp(state, "planned") == 0;
    return open ? "open" : state;
}

struct comparing {
    const char *id;
    const struct json *got;
    unsigned faults;
};

static enum status compare_member(void *context, const char *key, const struct json *expected)
{
    struct comparing *c = context;
    const struct json *got = json_get(c->got, key);
    bool same = json_equal(expected, got);
    if (strcmp(key, "state") == 0)
        same = strcmp(json_text(expected), state_word(json_text(got))) == 0;
    if (!same) {
        BUF_AUTO text;
        buf_init(&text, 0);
        json_write(&text, c->got);
        print_error("%s: %s is not as expected in %s\n", c->id, key, text.data);
        c->faults++;
    }
    return ST_OK;
}

/* What a vector leaves out is not there either. */
static void compare_absent(struct comparing *c, const struct json *expected)
{
    bool conflict = json_type(json_get(c->got, "conflict")) == JSON_TRUE;
    if (json_get(expected, "conflict") == NULL && conflict) {
        print_error("%s: %s has a conflict\n", c->id, json_text(json_get(c->got, "rule")));
        c->faults++;
    }
    static const char *const nullable[] = {"opens", "shifted", "warning"};
    for (size_t i = 0; i < sizeof nullable / sizeof nullable[0]; i++) {
        if (json_get(expected, nullable[i]) == NULL && json_type(json_get(c->got, nullable[i])) != JSON_NULL) {
            print_error("%s: %s has %s\n", c->id, json_text(json_get(c->got, "rule")), nullable[i]);
            c->faults++;
        }
    }
}

static unsigned compare_case(const struct json *vector, const struct json *result)
{
    const struct json *expected = json_get(vector, "expect");
    const struct json *got = json_get(result, "duties");
    struct comparing c = {.id = json_text(json_get(vector, "id"))};
    if (json_count(expected) != json_count(got)) {
        BUF_AUTO text;
        buf_init(&text, 0);
        json_write(&text, result);
        print_error(
            "%s: %zu duties instead of %zu: %s\n", c.id, json_count(got), json_count(expected), text.data);
        return 1;
    }
    for (size_t i = 0; i < json_count(expected); i++) {
        c.got = json_at(got, i);
        (void)json_each(json_at(expected, i), compare_member, &c);
        compare_absent(&c, json_at(expected, i));
    }
    return c.faults;
}

static void every_vector_holds(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    struct error err = ERROR_INIT;
    const struct rules *rules = NULL;
    assert_int_equal(rules_default(arena, &rules, &err), ST_OK);
    const struct json *vectors = vectors_read(arena);
    assert_true(json_count(vectors) >= CASES_MIN);

    BUF_AUTO out;
    buf_init(&out, 0);
    struct json_writer w = json_writer(&out);
    assert_int_equal(simulation_run(arena, vectors, rules, LANG_EN, &w, &err), ST_OK);
    const struct json *answer = NULL;
    assert_int_equal(json_parse(arena, out.data, out.size, &answer, &err), ST_OK);
    const struct json *results = json_get(answer, "results");
    assert_int_equal(json_count(results), json_count(vectors));
    unsigned faults = 0;
    for (size_t i = 0; i < json_count(vectors); i++)
        faults += compare_case(json_at(vectors, i), json_at(results, i));
    assert_int_equal(faults, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
