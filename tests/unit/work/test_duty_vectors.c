/* The cases of tests/data/vectors/duties.json lived through the store: an organisation, an employee and facts,
 * and the stored duties are those expected. The vectors call every state before overdue "open". */
#include "people.h"

#include "base/buf.h"
#include "store/duty.h"

#include <stdio.h>

enum { VECTORS_MAX = 1 << 20 };

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

/* The members of a vector's object with some before them: {"number":"M1",...}. */
static const char *with(struct arena *arena, const char *before, const struct json *object)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    json_write(&text, object);
    return arena_printf(arena, "{%s%s%s", before, json_count(object) ? "," : "", text.data + 1);
}

static const struct {
    const char *key;
    const struct fact_kind *kind;
} fact_lists[] = {{"reviews", &review_facts}, {"absences", &absence_facts}, {"events", &event_facts}};

/* Facts later than the day are not known yet: visits to come are not recorded. */
static bool to_come(const struct json *fact, date_t as_of)
{
    date_t date;
    const char *text = json_text(json_get(fact, "date"));
    return text && date_parse(text, &date) && date > as_of;
}

static void live(struct people *p, const char *employee, const struct json *vector, date_t as_of)
{
    for (size_t i = 0; i < sizeof fact_lists / sizeof fact_lists[0]; i++) {
        const struct json *list = json_get(vector, fact_lists[i].key);
        for (size_t k = 0; k < json_count(list); k++) {
            char review[ID_MAX];
            const char *body = with(p->f.arena, "", json_at(list, k));
            if (to_come(json_at(list, k), as_of))
                continue;
            id_new(review, "rev", p->org, 0);
            if (fact_lists[i].kind == &review_facts)
                body =
                    with(p->f.arena, arena_printf(p->f.arena, "\"review\":\"%s\"", review), json_at(list, k));
            if (body[1] == ',')
                body = arena_printf(p->f.arena, "{%s", body + 2);
            if (people_put(p, fact_lists[i].kind, employee, body, NULL) != ST_OK)
                fail_msg("%s: %s %s", json_text(json_get(vector, "id")), body, p->err.detail);
        }
    }
}

static const char *expected_text(struct arena *arena, const struct json *vector)
{
    const struct json *expect = json_get(vector, "expect");
    const char *text = "";
    for (size_t i = 0; i < json_count(expect); i++) {
        const struct json *duty = json_at(expect, i);
        text = arena_printf(arena, "%s%s %s %s %s; ", text, json_text(json_get(duty, "kind")),
            json_text(json_get(duty, "rule")), json_text(json_get(duty, "due")),
            json_text(json_get(duty, "state")));
    }
    return text;
}

struct stored {
    const char *employee;
    struct arena *arena;
    const char *text;
};

static const char *state_word(const char *state)
{
    bool open =
        strcmp(state, "upcoming") == 0 || strcmp(state, "to_plan") == 0 || strcmp(state, "planned") == 0;
    return open ? "open" : state;
}

static enum status look_stored(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct stored *stored = context;
    struct duty_list list;
    enum status status = duty_of_employee(snapshot, stored->employee, &list, err);
    stored->text = "";
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        const struct duty_row *row = &list.items[i];
        if (!row->closed)
            stored->text = arena_printf(stored->arena, "%s%s %s %s %s; ", stored->text, row->kind, row->rule,
                date_show(row->due).text, state_word(row->state));
    }
    return status;
}

/* Every duty of one text is in the other; rows of one due date have no order of their own. */
static bool same_duties(struct arena *arena, const char *a, const char *b)
{
    char *rest = arena_strdup(arena, a);
    if (strlen(a) != strlen(b))
        return false;
    for (char *end = strstr(rest, "; "); end; rest = end + 2, end = strstr(rest, "; ")) {
        *end = '\0';
        if (!strstr(b, rest))
            return false;
    }
    return true;
}

static bool case_holds(const struct json *vector)
{
    struct people p;
    date_t as_of;
    assert_true(date_parse(json_text(json_get(vector, "as_of")), &as_of));
    struct arena *arena = arena_new(0);
    people_open(&p, as_of, with(arena, "\"name\":\"Essai\"", json_get(vector, "organisation")));
    const char *id = people_hire(&p, with(arena, "\"number\":\"M1\",\"given_name\":\"A\",\"family_name\":\"B\"",
                                         json_get(vector, "employee")));
    if (!id)
        fail_msg("%s: %s", json_text(json_get(vector, "id")), p.err.detail);
    live(&p, id, vector, as_of);
    struct stored stored = {.employee = id, .arena = arena};
    fixture_see(&p.f, look_stored, &stored);
    const char *expected = expected_text(arena, vector);
    bool holds = same_duties(arena, expected, stored.text);
    if (!holds)
        print_error("%s: %s\n  instead of %s\n", json_text(json_get(vector, "id")), stored.text, expected);
    people_close(&p);
    arena_free(arena);
    return holds;
}

static void test_every_vector_holds_when_lived(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    const struct json *vectors = vectors_read(arena);
    unsigned faults = 0;
    assert_true(json_count(vectors) >= 71);
    for (size_t i = 0; i < json_count(vectors); i++)
        faults += case_holds(json_at(vectors, i)) ? 0 : 1;
    assert_int_equal(faults, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_vector_holds_when_lived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
