/* The reason of each date as one clause, in both languages; what managers may not see stays out. */
#include "story.h"

static const char *explained(struct story *s, const struct duty *duty, enum lang lang, enum duty_detail detail)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    assert_non_null(duty);
    duty_explain(duty, lang, detail, &text);
    return arena_strdup(s->arena, text.data);
}

#define assert_told(duty, fr, en)                                                                              \
    do {                                                                                                       \
        assert_string_equal(explained(s, (duty), LANG_FR, DUTY_DETAIL_FULL), (fr));                            \
        assert_string_equal(explained(s, (duty), LANG_EN, DUTY_DETAIL_FULL), (en));                            \
    } while (0)

static void a_transition_is_explained(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-01");
    story_review(s, "r", "2024-03-08");
    story_on(s, "2026-11-22");
    assert_told(story_open(s, "T.PERIODIC"),
        "quatre ans après l'entretien tenu le 8 mars 2024 ; le délai de deux ans n'avait pas expiré le 26 "
        "octobre 2025",
        "four years after the review held on 8 March 2024; the two-year term had not expired on 26 October "
        "2025");
    assert_told(story_open(s, "R2.RECAP"), "huit ans après le début de l'ancienneté, le 1er mars 2020",
        "eight years after the start of the seniority on 1 March 2020");
}

static void the_law_of_2014_and_the_postponement_are_told(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2009-04-01");
    story_on(s, "2016-03-08");
    assert_told(story_open(s, "R1.FIRST"),
        "deux ans après l'embauche du 1er avril 2009 (compté du 7 mars 2014)",
        "two years after the hiring on 1 April 2009 (counted from 7 March 2014)");
    assert_told(story_open(s, "R1.RECAP"),
        "six ans après le début de l'ancienneté, le 1er avril 2009 (compté du 7 mars 2014) ; report au 30 juin "
        "2021 par "
        "l'ordonnance 2020-1501 et la loi 2021-689",
        "six years after the start of the seniority on 1 April 2009 (counted from 7 March 2014); put off to 30 "
        "June 2021 "
        "by ordonnance 2020-1501 and law 2021-689");
}

static void agreements_are_cited(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2019-05-10");
    story_review(s, "r", "2024-11-30");
    struct case_agreement *agreement = story_agreement(s, AGREEMENT_COMPANY, "P2Y6M");
    story_on(s, "2026-11-22");
    assert_told(story_open(s, "AGR.PERIODIC"),
        "deux ans et six mois après l'entretien tenu le 30 novembre 2024, périodicité de l'accord collectif « "
        "accord »",
        "two years and six months after the review held on 30 November 2024, the period of the agreement "
        "“accord”");
    agreement->period = (struct period){.months = 18};
    agreement->reference = NULL;
    story_on(s, "2026-11-22");
    assert_told(story_open(s, "AGR.PERIODIC"),
        "18 mois après l'entretien tenu le 30 novembre 2024, périodicité de l'accord collectif",
        "18 months after the review held on 30 November 2024, the period of the agreement");
}

static void a_capped_duty_says_why(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2026-03-02");
    s->facts.employee.contract_end = day("2026-12-31");
    story_on(s, "2026-11-22");
    assert_told(story_open(s, "R2.FIRST"),
        "avant la fin du contrat, moins d'un an après l'embauche du 2 mars 2026",
        "before the contract ends, less than a year after the hiring on 2 March 2026");
}

static void an_exemption_is_explained_with_its_warning(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_review(s, "r", "2025-09-01");
    story_absence(s, "m", "maternity", "2026-05-10", "2026-08-31");
    story_on(s, "2026-11-22");
    const struct duty *back = story_open(s, "R2.RETURN");
    assert_told(back,
        "un mois après le retour du 1er septembre 2026 (congé de maternité) ; dispense : un entretien a été "
        "tenu le 1er "
        "septembre 2025, dans les douze mois avant ce retour ; l'article L1225-27 accorde pourtant cet "
        "entretien sans "
        "cette dispense",
        "one month after the return on 1 September 2026 (maternity leave); exempt: a review was held on 1 "
        "September "
        "2025, within the twelve months before that return; article L1225-27 nevertheless grants this review "
        "without "
        "that exemption");
    assert_string_equal(explained(s, back, LANG_EN, DUTY_DETAIL_DISCREET),
        "one month after the return on 1 September 2026 (absence); exempt: a review was held on 1 September "
        "2025, "
        "within the twelve months before that return");
}

static void a_mandate_ends_and_nobody_returns(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_absence(s, "m", "union_mandate", "2024-06-01", "2026-05-31");
    story_on(s, "2026-11-22");
    const struct duty *end = story_open(s, "R2.RETURN");
    assert_told(end, "un mois après le terme du 31 mai 2026 (mandat syndical)",
        "one month after the end on 31 May 2026 (union mandate)");
    assert_string_equal(
        explained(s, end, LANG_FR, DUTY_DETAIL_DISCREET), "un mois après le retour du 1er juin 2026 (absence)");
}

static void days_that_do_not_count_are_told(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2020-03-15");
    story_absence(s, "a", "unpaid", "2022-01-01", "2022-01-01");
    story_on(s, "2026-11-22");
    assert_told(story_open(s, "R2.RECAP"),
        "huit ans après le début de l'ancienneté, le 15 mars 2020 ; date limite repoussée au 15 mars 2029 par "
        "1 jour "
        "d'absence hors ancienneté",
        "eight years after the start of the seniority on 15 March 2020; latest date pushed to 15 March 2029 by "
        "1 day of "
        "absence that seniority leaves out");
}

/* Every rule, in both languages, leaves no brace behind and begins like the end of a sentence. */
static void every_rule_can_be_told(void **state)
{
    struct story *s = *state;
    const struct rules *rules = s->facts.rules;
    for (size_t i = 0; i < rules->rule_count; i++) {
        struct duty duty = {.rules = rules,
            .rule = &rules->rules[i],
            .article = "L1",
            .anchor_kind = rules->rules[i].anchor,
            .anchor = day("2020-01-01"),
            .period = {.years = 4},
            .due = day("2024-01-01"),
            .limit = day("2024-01-01"),
            .capped = rules->rules[i].capped == 1,
            .satisfied_on = day("2024-01-01")};
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            const char *text = explained(s, &duty, (enum lang)lang, DUTY_DETAIL_FULL);
            assert_true(strlen(text) > 20);
            assert_null(strchr(text, '{'));
        }
    }
}

static void unknown_braces_stay_as_they_are(void **state)
{
    struct story *s = *state;
    struct rule rule = {.anchor_floor = DATE_NONE, .because_fr = "{autre} {due", .because_en = "{other}{due}"};
    struct duty duty = {.rule = &rule, .due = day("2024-01-01")};
    assert_told(&duty, "{autre} {due", "{other}1 January 2024");
}

static const struct json *written(struct story *s, const struct duty *duty, enum duty_detail detail)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    const struct json *value = NULL;
    jw_open(&w, '{');
    duty_write_members(duty, LANG_EN, detail, NULL, &w);
    jw_close(&w, '}');
    assert_int_equal(json_parse(s->arena, text.data, text.size, &value, NULL), ST_OK);
    return value;
}

static const char *member(const struct json *object, const char *pointer)
{
    return json_text(json_pointer(object, pointer));
}

static void a_duty_is_written_whole(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_review(s, "r", "2025-09-01");
    story_absence(s, "m", "maternity", "2026-05-10", "2026-08-31");
    story_absence(s, "u", "unpaid", "2026-09-10", "2026-09-11");
    story_on(s, "2026-11-22");
    const struct json *back = written(s, story_open(s, "R2.RETURN"), DUTY_DETAIL_FULL);
    assert_string_equal(member(back, "/kind"), "return");
    assert_string_equal(member(back, "/regime"), "R2");
    assert_string_equal(member(back, "/article"), "L1225-27");
    assert_string_equal(member(back, "/grade"), "A");
    assert_string_equal(member(back, "/verified_on"), "2026-11-22");
    assert_string_equal(member(back, "/anchor/kind"), "return");
    assert_string_equal(member(back, "/anchor/date"), "2026-09-01");
    assert_string_equal(member(back, "/anchor/id"), "m");
    assert_string_equal(member(back, "/warning"), "special_article");
    assert_string_equal(member(back, "/absence"), "maternity");
    assert_string_equal(member(back, "/satisfied_by"), "r");
    assert_int_equal(json_type(json_get(back, "opens")), JSON_NULL);
    const struct json *recap = written(s, story_open(s, "R2.RECAP"), DUTY_DETAIL_FULL);
    assert_int_equal(json_type(json_get(recap, "conflict")), JSON_TRUE);
    assert_int_equal(json_int(json_get(recap, "excluded_days")), 2);
    assert_string_equal(member(recap, "/absences/1/type"), "unpaid");
    assert_string_equal(member(recap, "/readings/0/name"), "shifted");
    assert_string_equal(member(recap, "/readings/0/date"), "2030-01-12");
    assert_string_equal(member(recap, "/readings/0/grade"), "B");
    assert_true(strlen(member(recap, "/readings/0/explanation")) > 20);
}

static void a_discreet_duty_names_no_absence(void **state)
{
    struct story *s = *state;
    s->facts.employee.hire_date = day("2022-01-10");
    story_review(s, "r", "2025-09-01");
    story_absence(s, "m", "maternity", "2026-05-10", "2026-08-31");
    story_absence(s, "p", "parental_presence", "2025-01-01", "2025-03-31");
    story_on(s, "2026-11-22");
    const struct json *back = written(s, story_open(s, "R2.RETURN"), DUTY_DETAIL_DISCREET);
    assert_string_equal(member(back, "/article"), "L6315-1");
    assert_int_equal(json_type(json_get(back, "warning")), JSON_NULL);
    assert_null(json_get(back, "absence"));
    const struct json *recap = written(s, story_open(s, "R2.RECAP"), DUTY_DETAIL_DISCREET);
    assert_null(json_get(recap, "absences"));
    assert_int_equal(json_count(json_get(recap, "readings")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_transition_is_explained),
        STORY(the_law_of_2014_and_the_postponement_are_told),
        STORY(agreements_are_cited),
        STORY(a_capped_duty_says_why),
        STORY(an_exemption_is_explained_with_its_warning),
        STORY(a_mandate_ends_and_nobody_returns),
        STORY(days_that_do_not_count_are_told),
        STORY(every_rule_can_be_told),
        STORY(unknown_braces_stay_as_they_are),
        STORY(a_duty_is_written_whole),
        STORY(a_discreet_duty_names_no_absence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
