/* Where URL and token come from, in which order, and which files are refused. */
#include "settings.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *environment[16]; /* name, value, name, value ..., NULL */

static char *lookup(const char *name)
{
    static char value[256];
    for (size_t i = 0; environment[i]; i += 2) {
        if (strcmp(environment[i], name) == 0) {
            (void)snprintf(value, sizeof(value), "%s", environment[i + 1]);
            return value;
        }
    }
    return NULL;
}

static char folder[64];
static char path[128];

static int begin(void **state)
{
    (void)state;
    memset(environment, 0, sizeof(environment));
    (void)snprintf(folder, sizeof(folder), "/tmp/ctl.XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/entretienctl.conf", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)rmdir(folder);
    return 0;
}

static void write_file(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static const char *token_text(const struct settings *settings)
{
    return settings->token ? (const char *)secret_bytes(settings->token, NULL) : "(none)";
}

static enum status load(
    struct arena *arena, const char *flag, const char *value, struct settings *ret, struct error *err)
{
    char *words[] = {arena_strdup(arena, flag), arena_strdup(arena, value), NULL};
    struct invocation invocation;
    if (!flag)
        words[0] = NULL;
    assert_int_equal(invocation_read(arena, words, &invocation, NULL), ST_OK);
    return settings_read(arena, &invocation, lookup, ret, err);
}

static void test_later_places_win(void **state)
{
    struct arena *arena = arena_new(0);
    struct settings settings;
    (void)state;
    assert_int_equal(load(arena, NULL, NULL, &settings, NULL), ST_OK);
    assert_string_equal(settings.url, "http://127.0.0.1:8470");
    assert_null(settings.token);
    environment[0] = "XDG_CONFIG_HOME";
    environment[1] = folder;
    write_file(
        "# where\nurl = https://rh.example/base/\n\n token = 'ent_abc' \norganisation=\"Ateliers du Rhône\"\n",
        0600);
    assert_int_equal(load(arena, NULL, NULL, &settings, NULL), ST_OK);
    assert_string_equal(settings.url, "https://rh.example/base");
    assert_string_equal(settings.organisation, "Ateliers du Rhône");
    assert_string_equal(token_text(&settings), "ent_abc");
    environment[2] = "ENTRETIENCTL_TOKEN";
    environment[3] = "ent_of_the_environment";
    assert_int_equal(load(arena, "--url", "http://127.0.0.1:1", &settings, NULL), ST_OK);
    assert_string_equal(settings.url, "http://127.0.0.1:1");
    assert_string_equal(token_text(&settings), "ent_of_the_environment");
    write_file("ent_of_the_file\n", 0600);
    environment[0] = "HOME";
    environment[1] = "/nonexistent";
    assert_int_equal(load(arena, "--token-file", path, &settings, NULL), ST_OK);
    assert_string_equal(token_text(&settings), "ent_of_the_file");
    arena_free(arena);
}

static void refuses(const char *flag, const char *value, const char *said)
{
    struct arena *arena = arena_new(0);
    struct settings settings;
    struct error err = ERROR_INIT;
    assert_int_equal(load(arena, flag, value, &settings, &err), ST_INVALID);
    assert_non_null(strstr(err.detail, said));
    arena_free(arena);
}

static void test_refusals(void **state)
{
    (void)state;
    refuses("--config", path, "cannot open");
    refuses("--token-file", path, "cannot open");
    write_file("token = x\n", 0644);
    refuses("--config", path, "may be read or written by everyone");
    refuses("--token-file", path, "may be read or written by everyone");
    write_file("token = x\n", 0600);
    refuses("--token-file", path, "does not hold one line with a token");
    write_file("url = http://a\nnothing\n", 0600);
    refuses("--config", path, "entretienctl.conf: line 2: expected key = value");
    write_file("colour = red\n", 0600);
    refuses("--config", path, "line 1: unknown key colour");
    write_file("url =\n", 0600);
    refuses("--config", path, "line 1: url is empty");
    write_file("token = a b\n", 0600);
    refuses("--config", path, "visible characters");
    write_file("url = \xff\n", 0600);
    refuses("--config", path, "not UTF-8");
    refuses("--url", "ftp://x", "is not the URL of a server");
    refuses("--url", "http://x/?a=b", "is not the URL of a server");
    refuses("--url", "http://user:secret@x/", "is not the URL of a server");
    environment[0] = "ENTRETIENCTL_TOKEN";
    environment[1] = "a\r\nX-Evil: 1";
    refuses(NULL, NULL, "ENTRETIENCTL_TOKEN: the token");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_later_places_win, begin, end),
        cmocka_unit_test_setup_teardown(test_refusals, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
