/* Letters: every one in both languages, with all values, none and hostile ones; replacing them; their table. */
#include "base/text.h"
#include "mail/letter.h"
#include "mail_samples.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct letters *letters;
static const struct letter_values no_values;

static int start(void **state)
{
    struct error err = ERROR_INIT;
    (void)state;
    arena = arena_new(0);
    letters = letters_load(NULL, &err);
    if (letters == NULL)
        print_error("%s\n", err.detail);
    return letters == NULL;
}

static int stop(void **state)
{
    (void)state;
    letters_free(letters);
    arena_free(arena);
    return 0;
}

static void test_text_of_a_letter(void **state)
{
    struct letter_values values = sample_values;
    (void)state;
    struct letter_text t = letter_write(letters, LETTER_REMINDER, LANG_FR, &values, arena);
    assert_string_equal(
        t.subject, "Rappel : Entretien professionnel – vendredi 8 mars 2024 de 14 h 30 à 15 h 30");
    assert_string_equal(t.text, "Bonjour Zoé,\n\nL'entretien « Entretien professionnel » de Zoé d'Aubigné a "
                                "lieu dans 7 jours : vendredi 8 mars "
                                "2024 de 14 h 30 à 15 h 30.\n\nLieu : Salle Éluard\n\nÀ distance, testez avant "
                                "l'heure dite votre caméra, votre "
                                "micro et votre connexion.\n\n-> Rejoindre à distance : "
                                "https://visio.example.fr/r?a=1&b=2\n\nVotre liste de "
                                "préparation est sur votre page.\n\n-> Ma page : "
                                "https://rh.example.fr/me/abc\n\nUne question ? rh@example.fr\n\n"
                                "Ateliers d'Été\n");
    values.employee = values.place = values.conference = values.page = values.relative = NULL;
    t = letter_write(letters, LETTER_REMINDER, LANG_EN, &values, arena);
    assert_string_equal(t.text, "Hello Zoé,\n\nThe review \"Entretien professionnel\" takes place vendredi 8 "
                                "mars 2024 de 14 h 30 à 15 h 30.\n\n"
                                "Any question? rh@example.fr\n\nAteliers d'Été\n");
    assert_non_null(strstr(t.html, "<html lang=\"en\">"));
    assert_non_null(strstr(t.html,
        "<p>Hello Zoé,</p>\n<p>The review &quot;Entretien professionnel&quot; takes place vendredi 8 mars 2024 "
        "de 14 h 30 "
        "à 15 h 30.</p>\n<p>Any question? rh@example.fr</p>\n<p>Ateliers d&#39;Été</p>\n</body></html>"));
}

static void test_html_of_lists_and_links(void **state)
{
    (void)state;
    struct letter_text t = letter_write(letters, LETTER_INVITATION, LANG_FR, &sample_values, arena);
    assert_non_null(strstr(t.html,
        "<ul>\n<li>Quand\u00a0: vendredi 8 mars 2024 de 14\u00a0h\u00a030 à 15\u00a0h\u00a030</li>\n"
        "<li>Où\u00a0: Salle Éluard</li>\n<li>Avec\u00a0: Élodie Martin</li>\n</ul>\n"));
    assert_non_null(
        strstr(t.html, "<p><a href=\"https://visio.example.fr/r?a=1&amp;b=2\">Rejoindre à distance</a></p>\n"));
    assert_non_null(
        strstr(t.html, "<li>votre plan de développement</li>\n"
                       "<li>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot; X: y</li>\n</ul>"));
    assert_non_null(strstr(t.text, "- <script>alert(1)</script> & \"co\" X: y\n"));
    assert_non_null(strstr(t.text, "validation des acquis de l'expérience (VAE)"));
    struct letter_values annual = sample_values;
    annual.annual = "1";
    t = letter_write(letters, LETTER_INVITATION, LANG_FR, &annual, arena);
    assert_null(strstr(t.text, "VAE)"));
    assert_null(strstr(t.html, "est pas une évaluation"));
}

/* French as it is printed, but not in tags, and not in English. */
static void test_typography_of_html(void **state)
{
    (void)state;
    struct letter_values values = sample_values;
    values.title = "« Moi » ? 9 h ; 10 hommes : l'été, 'cité' 50 %";
    values.conference = "https://visio.example.fr/a%20:b?c=d";
    struct letter_text t = letter_write(letters, LETTER_INVITATION, LANG_FR, &values, arena);
    assert_non_null(
        strstr(t.html, "«\u00a0Moi\u00a0»\u00a0? 9\u00a0h\u00a0; 10 hommes\u00a0: l\u2019été, &#39;cité"));
    assert_non_null(strstr(t.html, "50\u00a0%"));
    assert_non_null(strstr(t.html, "href=\"https://visio.example.fr/a%20:b?c=d\""));
    assert_non_null(strstr(t.text, values.title));
    t = letter_write(letters, LETTER_INVITATION, LANG_EN, &values, arena);
    assert_null(strstr(t.html, "\u00a0"));
}

/* Elements are closed in the order they were opened; void ones stand alone. */
static void check_balanced(const char *html)
{
    const char *open[64];
    size_t sizes[64], depth = 0;

    for (const char *at = strchr(html, '<'); at != NULL; at = strchr(at + 1, '<')) {
        bool closes = at[1] == '/';
        const char *name = at + 1 + closes;
        size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz1");
        if (*name == '!' || strncmp(name, "br", size) == 0 || strncmp(name, "meta", size) == 0)
            continue;
        if (!closes) {
            assert_true(depth < 64);
            open[depth] = name;
            sizes[depth++] = size;
        } else {
            assert_true(depth > 0);
            depth--;
            if (sizes[depth] != size || strncmp(open[depth], name, size) != 0)
                fail_msg("%.20s closes %.20s in %s", name, open[depth], html);
        }
    }
    assert_int_equal(depth, 0);
}

static void check_letter(enum letter letter, enum lang lang, const struct letter_values *values)
{
    struct letter_text t = letter_write(letters, letter, lang, values, arena);

    assert_false(text_has_controls(t.subject, false));
    assert_false(text_has_controls(t.text, true));
    assert_true(utf8_valid(t.html, strlen(t.html)));
    assert_null(strstr(t.subject, "{{#"));
    assert_null(strstr(t.text, "{{#"));
    assert_null(strstr(t.text, "{{/"));
    assert_null(strstr(t.html, "{{#"));
    assert_null(strstr(t.html, "javascript:"));
    assert_null(strstr(t.html, "onclick"));
    assert_null(strstr(t.html, "<script"));
    assert_null(strstr(t.html, "<a href=\"x\""));
    if (values->organisation != NULL && strstr(t.text, "\n\n\n") != NULL)
        fail_msg("%s: %s", letter_name(letter), t.text);
    check_balanced(t.html);
}

static void test_every_letter_with_every_kind_of_values(void **state)
{
    static const struct letter_values *const kinds[] = {&sample_values, &no_values, &hostile_values};
    (void)state;
    for (unsigned letter = 0; letter < LETTER_COUNT; letter++) {
        for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
            for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                check_letter((enum letter)letter, (enum lang)lang, kinds[i]);
        }
    }
}

/* Times are links where they have one that is a link. */
static void test_times_are_links(void **state)
{
    (void)state;
    struct letter_text t = letter_write(letters, LETTER_PLAN_IT, LANG_EN, &sample_values, arena);
    assert_non_null(
        strstr(t.html, "<li><a href=\"https://rh.example.fr/me/abc?slot=2024-03-08T13:30:00Z\">votre plan de "
                       "développement</a></li>"));
    assert_non_null(strstr(
        t.text, "- votre plan de développement: https://rh.example.fr/me/abc?slot=2024-03-08T13:30:00Z\n"));
    struct letter_values values = sample_values;
    values.times = hostile_values.times;
    t = letter_write(letters, LETTER_PLAN_IT, LANG_EN, &values, arena);
    assert_null(strstr(t.html, "href=\"javascript"));
    assert_null(strstr(t.html, "\" onclick"));
    assert_non_null(strstr(t.html, "<li>votre plan de développement</li>"));
}

static void test_employees_and_subjects_know_no_reason(void **state)
{
    static const enum letter to_employees[] = {LETTER_INVITATION, LETTER_UPDATE, LETTER_CANCELLATION,
        LETTER_COUNTER_DECLINED, LETTER_PROPOSAL, LETTER_REMINDER, LETTER_COPY_READY};
    (void)state;
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        for (size_t i = 0; i < sizeof(to_employees) / sizeof(to_employees[0]); i++) {
            struct letter_text t =
                letter_write(letters, to_employees[i], (enum lang)lang, &sample_values, arena);
            assert_null(strstr(t.text, sample_values.why));
            assert_null(strstr(t.html, "quatre ans"));
        }
        for (unsigned letter = 0; letter < LETTER_COUNT; letter++) {
            struct letter_text t =
                letter_write(letters, (enum letter)letter, (enum lang)lang, &sample_values, arena);
            assert_null(strstr(t.subject, "quatre ans"));
        }
    }
}

static char folder[] = "/tmp/letters-XXXXXX";

static void put_file(const char *name, const char *text)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void refuse_file(const char *name, const char *text, const char *detail)
{
    struct error err = ERROR_INIT;

    put_file(name, text);
    assert_null(letters_load(folder, &err));
    if (strstr(err.detail, detail) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", detail, err.detail);
    assert_int_equal(unlink(arena_printf(arena, "%s/%s", folder, name)), 0);
}

static void test_letters_may_be_replaced(void **state)
{
    struct error err = ERROR_INIT;
    (void)state;
    assert_non_null(mkdtemp(folder));
    put_file("copy_ready.fr.txt",
        "Subject: Votre {{title}}\r\n\r\n# Bonjour\r\nUn < deux\r\ntrois\r\n-> Ici : {{page}}\r\n");
    struct letters *own = letters_load(folder, &err);
    assert_non_null(own);
    struct letter_text t = letter_write(own, LETTER_COPY_READY, LANG_FR, &sample_values, arena);
    assert_string_equal(t.subject, "Votre Entretien professionnel");
    assert_string_equal(t.text, "# Bonjour\nUn < deux\ntrois\n-> Ici : https://rh.example.fr/me/abc\n");
    assert_non_null(strstr(t.html, "<h2>Bonjour</h2>\n<p>Un &lt; deux<br>\ntrois</p>\n"
                                   "<p><a href=\"https://rh.example.fr/me/abc\">Ici</a></p>\n"));
    letters_free(own);

    refuse_file("copy_ready.en.txt", "Hello\n", "copy_ready.en.txt line 1: \"Subject: ...\" was expected");
    refuse_file("copy_ready.en.txt", "Subject: x\ny\n", "line 2: an empty line was expected");
    refuse_file("copy_ready.en.txt", "Subject: {{why}}\n\n{{page}}\n", "line 1: \"why\" may not be used here");
    refuse_file("copy_ready.en.txt", "Subject: x\n\nfoo\n{{why}}\n", "line 4: \"why\" may not be used here");
    refuse_file("copy_ready.en.txt", "Subject: x\n\nfoo\n", "\"page\" is not used");
    refuse_file("copy_ready.en.txt", "Subject: x\n\n{{page}}\n-> {{page}}\n", "line 4: \"-> label: {{slot}}\"");
    refuse_file(
        "copy_ready.en.txt", "Subject: x\n\n{{page}}\n-> x: {{page}} y\n", "line 4: \"-> label: {{slot}}\"");
    refuse_file("copy_ready.de.txt", "Subject: x\n\n{{page}}\n", "no letter has this name");
    refuse_file("notes.txt", "x", "no letter has this name");
    assert_null(letters_load("/nonexistent", &err));
    assert_int_equal(unlink(arena_printf(arena, "%s/copy_ready.fr.txt", folder)), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Blocks around and inside lists: the markup stays balanced whatever the conditions say. */
static void test_layout_stays_balanced(void **state)
{
    static const char *const bodies[] = {
        "- a\n{{#if when}}\n- b\n{{/if}}\n- c\n",
        "{{#if when}}\n- b\ntext\n{{/if}}\n{{page}}\n",
        "{{#if when}}\ntext\n- b\n{{else}}\n- c\n{{/if}}\nx\n",
        "{{#if when}}\n- b\n\n- c\n{{else}}\n\n{{/if}}\n- d\n",
        "p\n{{#if when}}\nq\n{{/if}}\nr\n# h\n- a\n# h\n",
        "- a\n{{#if when}}\n{{#if title}}\n- b\n{{else}}\n- c\n{{/if}}\n{{/if}}\n",
        "{{#if when}}\n- a\n{{#if title}}\ntext\n{{/if}}\n{{/if}}\nx",
    };
    char path[64];
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/letters-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/copy_ready.fr.txt", folder);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct error err = ERROR_INIT;
        put_file("copy_ready.fr.txt", arena_printf(arena, "Subject: x\n\n%s\n{{page}}\n", bodies[i]));
        struct letters *own = letters_load(folder, &err);
        if (own == NULL)
            fail_msg("%s", err.detail);
        for (int values = 0; values < 4; values++) {
            struct letter_values some = {
                .page = "https://a.fr/", .when = values & 1 ? "w" : NULL, .title = values & 2 ? "t" : NULL};
            check_balanced(letter_write(own, LETTER_COPY_READY, LANG_FR, &some, arena).html);
        }
        letters_free(own);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_of_a_letter),
        cmocka_unit_test(test_html_of_lists_and_links),
        cmocka_unit_test(test_typography_of_html),
        cmocka_unit_test(test_every_letter_with_every_kind_of_values),
        cmocka_unit_test(test_times_are_links),
        cmocka_unit_test(test_employees_and_subjects_know_no_reason),
        cmocka_unit_test(test_letters_may_be_replaced),
        cmocka_unit_test(test_layout_stays_balanced),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
