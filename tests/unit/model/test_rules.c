/* The rules built in are complete and sourced; a rules file with a mistake names its row and field. */
#include "base/buf.h"
#include "base/field.h"
#include "model/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const char rules_fr_l6315_1[];
extern const size_t rules_fr_l6315_1_size;

struct fixture {
    struct arena *arena;
    const struct rules *rules;
    struct error err;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_new(0);
    assert_int_equal(rules_default(f->arena, &f->rules, &f->err), ST_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    free(f);
    return 0;
}

static void every_rule_is_there_with_its_source(void **state)
{
    struct fixture *f = *state;
    static const char *const ids[] = {"R1.FIRST", "R1.PERIODIC", "R1.RETURN", "R1.RECAP", "T.FIRST",
        "T.PERIODIC", "R2.FIRST", "R2.PERIODIC", "R2.RETURN", "LEAVE.BEFORE", "R2.MIDCAREER.VISIT",
        "R2.MIDCAREER", "R2.SENIOR60", "R2.RECAP", "AGR.PERIODIC", "AGR.LAPSE"};
    assert_int_equal(f->rules->rule_count, sizeof ids / sizeof ids[0]);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct rule *rule = rules_find(f->rules, ids[i]);
        assert_non_null(rule);
        assert_int_equal(rule->verified_on, date_of(2026, 11, 22));
    }
    assert_null(rules_find(f->rules, "R3.FIRST"));
    assert_null(rules_find(f->rules, NULL));
    assert_string_equal(f->rules->postponements[0].id, "R1.COVID");
    assert_string_equal(rules_find(f->rules, "R2.RECAP")->grade, "A/B");
    assert_int_equal(f->rules->verified_on, date_of(2026, 11, 22));
    for (int i = 0; i < READING_COUNT; i++)
        assert_int_equal(f->rules->readings[i].name, i);
    for (int i = 0; i < GROUND_COUNT; i++) {
        const struct ground *ground = &f->rules->recap.grounds[i];
        assert_int_equal(ground->name, i);
        assert_int_equal(ground->verified_on, date_of(2026, 11, 22));
    }
    assert_int_equal(f->rules->recap.amount, 300000);
}

static void rows_of_a_family_stay_in_order(void **state)
{
    struct fixture *f = *state;
    const struct rule *periodic = f->rules->family[DUTY_PERIODIC];
    assert_int_equal(f->rules->family_count[DUTY_PERIODIC], 5);
    assert_string_equal(periodic[0].id, "R1.PERIODIC");
    assert_string_equal(periodic[1].id, "AGR.PERIODIC");
    assert_string_equal(periodic[4].id, "R2.PERIODIC");
}

static void absence_types_follow_the_table(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        int counted, after, before, away, exemptible;
        const char *special;
    } table[] = {
        {"maternity", 100, ABSENCE_RETURN_YES, 0, 1, 1, "L1225-27"},
        {"adoption", 100, ABSENCE_RETURN_YES, 0, 1, 1, "L1225-46-1"},
        {"birth", 100, ABSENCE_RETURN_YES, 0, 1, 1, NULL},
        {"paternity", 100, ABSENCE_RETURN_NO, 0, 1, 1, NULL},
        {"parental", 50, ABSENCE_RETURN_YES, 0, 1, 1, "L1225-57"},
        {"parental_part_time", 100, ABSENCE_RETURN_YES, 0, 0, 1, NULL},
        {"parental_presence", 100, ABSENCE_RETURN_NO, 0, 1, 1, NULL},
        {"carer", 100, ABSENCE_RETURN_YES, 1, 1, 0, NULL},
        {"family_solidarity", 100, ABSENCE_RETURN_YES, 1, 1, 0, NULL},
        {"sabbatical", 0, ABSENCE_RETURN_YES, 0, 1, 1, "L3142-31"},
        {"voluntary_mobility", 0, ABSENCE_RETURN_YES, 0, 1, 1, "L1222-14"},
        {"unpaid", 0, ABSENCE_RETURN_NO, 0, 1, 1, NULL},
        {"work_injury", 100, ABSENCE_RETURN_LONG, 0, 1, 1, NULL},
        {"illness", 0, ABSENCE_RETURN_LONG, 0, 1, 1, NULL},
        {"union_mandate", 100, ABSENCE_RETURN_YES, 0, 0, 1, NULL},
        {"transition_project", 100, ABSENCE_RETURN_NO, 0, 1, 1, NULL},
    };
    assert_int_equal(f->rules->absence_count, sizeof table / sizeof table[0]);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct absence_type *type = rules_absence_type(f->rules, table[i].name);
        assert_non_null(type);
        assert_int_equal(type->counted, table[i].counted);
        assert_int_equal(type->after, table[i].after);
        assert_int_equal(type->before == 1, table[i].before);
        assert_int_equal(type->away, table[i].away);
        assert_int_equal(type->exemptible, table[i].exemptible);
        if (table[i].special)
            assert_string_equal(type->special_article, table[i].special);
        else
            assert_null(type->special_article);
    }
    assert_int_equal(rules_absence_type(f->rules, "birth")->return_from, date_of(2025, 12, 31));
    assert_null(rules_absence_type(f->rules, "holiday"));
    assert_null(rules_absence_type(f->rules, NULL));
}

/* The built-in file with `from` replaced by `to` once. */
static enum status parse_edited(struct fixture *f, const char *from, const char *to)
{
    const char *at = strstr(rules_fr_l6315_1, from);
    assert_non_null(at);
    BUF_AUTO text;
    buf_init(&text, 0);
    buf_add(&text, rules_fr_l6315_1, (size_t)(at - rules_fr_l6315_1));
    buf_text(&text, to);
    buf_text(&text, at + strlen(from));
    const struct rules *rules = NULL;
    f->err = (struct error)ERROR_INIT;
    enum status status = rules_parse(f->arena, text.data, text.size, &rules, &f->err);
    assert_true((status == ST_OK) == (rules != NULL));
    return status;
}

static void a_mistake_names_its_row_and_field(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *from, *to, *pointer;
    } table[] = {
        {"\"id\": \"T.FIRST\"", "\"id\": \"R1.FIRST\"", "/rules/1/id"},
        {"\"kind\": \"first\"", "\"kind\": \"last\"", "/rules/0/kind"},
        {"\"period\": \"P2Y\"", "\"period\": \"two years\"", "/rules/0/period"},
        {"\"period\": \"P2Y\",", "", "/rules/0/period"},
        {"\"early_period\": \"P1Y\", ", "", "/rules/1/early_period"},
        {"\"lapse\": \"2026-10-01\"", "\"lapse\": null", "/rules/4/lapse"},
        {"\"window\": \"P12M\"", "\"window\": null", "/rules/10/window"},
        {"\"anchor\": \"hire\"", "\"anchor\": \"birth\"", "/rules/0/anchor"},
        {"\"shape\": \"term\"", "\"shape\": \"birthday\"", "/rules/0/shape"},
        {"\"grade\": \"A\"", "\"grade\": \"F\"", "/rules/0/grade"},
        {"\"grade\": \"A/B\"", "\"grade\": \"A/\"", "/rules/4/grade"},
        {"\"grade\": \"A\"", "\"grade\": \"AB\"", "/rules/0/grade"},
        {"\"article\": \"L6315-1\", ", "", "/rules/0/article"},
        {"\"valid_from\": \"2014-03-07\"", "\"valid_from\": \"2014-03-07\", \"valid_to\": \"2014-03-06\"",
            "/rules/0/valid_to"},
        {"\"early_period\"", "\"expired_before\": \"2025-10-26\", \"early_period\"", "/rules/1/expired_before"},
        {"\"capped_fr\"", "\"because\"", "/rules/2/because"},
        {"\"exempt_fr\": \"dispense", "\"capped_fr\": \"dispense", "/rules/9/exempt_fr"},
        {"\"shifted_fr\"", "\"capped_fr\"", "/rules/15/shifted_fr"},
        {"\"to\": \"2021-06-30\"", "\"to\": \"2019-06-30\"", "/postponements/0/to"},
        {"\"becomes\": \"2021-06-30\"", "\"becomes\": \"2021-06-29\"", "/postponements/0/becomes"},
        {"\"name\": \"adoption\"", "\"name\": \"maternity\"", "/absences/1/name"},
        {"\"counted\": 100", "\"counted\": 101", "/absences/0/counted"},
        {"\"long_period\": \"P6M\", ", "", "/absences/12/long_period"},
        {"\"name\": \"lenient\"", "\"name\": \"strict\"", "/readings/1/name"},
        {"\"verified_on\": \"2026-11-22\"", "\"verified_on\": \"2026-11-31\"", "/verified_on"},
        {"\"amount\": 300000", "\"amount\": -1", "/recap/amount"},
        {"\"threshold\": 50, ", "", "/recap/threshold"},
        {"\"article\": \"L6362-2\", \"grade\": \"A\"", "\"article\": \"L6362-2\", \"grade\": \"Z\"",
            "/recap/grounds/5/grade"},
        {"\"name\": \"payment\"", "\"name\": \"threshold\"", "/recap/grounds/8/name"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(parse_edited(f, table[i].from, table[i].to), ST_INVALID);
        assert_true(f->err.count > 0);
        assert_string_equal(f->err.fields[0].pointer, table[i].pointer);
        assert_true(f->err.fields[0].detail[0] != '\0');
    }
}

static void a_missing_reading_is_named(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(parse_edited(f, "\"name\": \"seniority_grid\"", "\"name\": \"ministry\""), ST_INVALID);
    assert_int_equal(f->err.count, 2);
    assert_string_equal(f->err.fields[1].pointer, "/readings");
    assert_non_null(strstr(f->err.fields[1].detail, "seniority_grid"));
}

static void what_is_not_json_is_a_syntax_error(void **state)
{
    struct fixture *f = *state;
    const struct rules *rules = NULL;
    assert_int_equal(rules_parse(f->arena, "{", 1, &rules, &f->err), ST_SYNTAX);
    assert_int_equal(rules_parse(f->arena, "[]", 2, &rules, NULL), ST_INVALID);
    assert_null(rules);
    assert_true(rules_fr_l6315_1_size > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_rule_is_there_with_its_source, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_of_a_family_stay_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(absence_types_follow_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mistake_names_its_row_and_field, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_reading_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_json_is_a_syntax_error, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
