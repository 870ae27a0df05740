/* Themes of reviews: what each regime and duty asks, unknown names. */
#include "model/theme.h"

#include "model/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_required(void **state)
{
    (void)state;
    date_t before = date_of(2025, 10, 25), after = date_of(2025, 10, 26);
    assert_int_equal(themes_required(after, 0), 0x1f);
    assert_int_equal(themes_required(after, 1u << DUTY_PERIODIC), 0x1f);
    assert_true(themes_required(after, 1u << DUTY_MIDCAREER) & (1u << THEME_WEAR));
    assert_true(themes_required(after, 1u << DUTY_SENIOR) & (1u << THEME_END_OF_CAREER));
    assert_false(themes_required(after, 1u << DUTY_SENIOR) & (1u << THEME_WEAR));
    assert_int_equal(themes_required(before, 1u << DUTY_SENIOR), 1u << THEME_PROSPECTS);
    assert_int_equal(informations_required(after), 0);
    assert_true(informations_required(before) & (1u << INFORMATION_VAE));
    assert_false(informations_required(before) & (1u << INFORMATION_FINANCING));
}

static void test_names(void **state)
{
    (void)state;
    static const char *const good[] = {"skills", "cpf", "skills"};
    static const char *const bad[] = {"skills", "salary", "rating"};
    struct list names = {good, 3};
    unsigned bits = 0;
    struct error err = ERROR_INIT;
    assert_int_equal(themes_read(&names, &bits, &err), ST_OK);
    assert_int_equal(bits, (1u << THEME_SKILLS) | (1u << THEME_CPF));
    names = (struct list){bad, 3};
    assert_int_equal(themes_read(&names, &bits, &err), ST_INVALID);
    assert_int_equal(err.count, 2);
    assert_string_equal(err.fields[0].pointer, "/themes/1");
    assert_int_equal(bits, (1u << THEME_SKILLS) | (1u << THEME_CPF));
    static const char *const given[] = {"vae", "financing"};
    names = (struct list){given, 2};
    error_clear(&err);
    assert_int_equal(informations_read(&names, &bits, &err), ST_OK);
    assert_int_equal(bits, (1u << INFORMATION_VAE) | (1u << INFORMATION_FINANCING));
    assert_int_equal(informations_read(&(struct list){bad, 1}, &bits, &err), ST_INVALID);
    assert_string_equal(err.fields[0].pointer, "/information/0");
}

static void test_every_topic_is_named_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < THEME_COUNT; i++)
        assert_true(
            review_themes[i].name && review_themes[i].titles[LANG_FR] && review_themes[i].titles[LANG_EN]);
    for (int i = 0; i < INFORMATION_COUNT; i++)
        assert_true(review_informations[i].name && review_informations[i].titles[LANG_EN]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_required), cmocka_unit_test(test_names),
        cmocka_unit_test(test_every_topic_is_named_in_both_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
