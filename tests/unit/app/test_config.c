/* The configuration: defaults, files, mistakes, printing, reloads. */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[96], secret[96], certificate[96];
    struct buf problems;
};

static void put(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    assert_true(fd >= 0 && fchmod(fd, mode) == 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    snprintf(f->folder, sizeof(f->folder), "/tmp/config.XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof(f->path), "%s/conf", f->folder);
    snprintf(f->secret, sizeof(f->secret), "%s/secret", f->folder);
    snprintf(f->certificate, sizeof(f->certificate), "%s/certificate", f->folder);
    buf_init(&f->problems, 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    unlink(f->path);
    unlink(f->secret);
    unlink(f->certificate);
    rmdir(f->folder);
    buf_free(&f->problems);
    free(f);
    return 0;
}

static struct config *load(struct fixture *f, const char *text)
{
    struct config_source source = {.path = f->path};
    put(f->path, text, 0644);
    buf_reset(&f->problems);
    return config_load(&source, &f->problems);
}

static void loads(struct fixture *f, const char *text)
{
    struct config *config = load(f, text);
    assert_string_equal(f->problems.data, "");
    assert_non_null(config);
    config_free(config);
}

/* The file is refused with exactly this, each line preceded by the file's name unless it stands alone. */
static void refused(struct fixture *f, const char *text, const char *expected)
{
    char whole[1200];
    assert_null(load(f, text));
    snprintf(whole, sizeof(whole), "%s:%s\n", f->path, expected);
    assert_string_equal(f->problems.data, whole);
}

static void test_the_defaults_hold_without_a_file(void **state)
{
    struct fixture *f = *state;
    struct config_source source = {0};
    struct config *config = config_load(&source, &f->problems);
    assert_string_equal(f->problems.data, "");
    assert_string_equal(config->listen.address, "127.0.0.1");
    assert_int_equal(config->listen.port, 8470);
    assert_null(config->listen.base_url);
    assert_int_equal(config->limits.header_bytes, 16 * 1024);
    assert_int_equal(config->limits.header_deadline, 10 * US_PER_SEC);
    assert_string_equal(config->store.sqlite_file, "/var/lib/entretiend/entretiend.db");
    assert_string_equal(config->mail.directory, "/var/lib/entretiend/outbox");
    assert_int_equal(config->mail.transport, MAIL_OFF);
    assert_true(config->mail.require_tls);
    assert_null(config->keys.sealing);
    config_free(config);
}

static void test_a_file_sets_values_of_every_type(void **state)
{
    struct fixture *f = *state;
    struct config *config =
        load(f, "# comment\n"
                "listen { address = \"::1\"\n port = 0\n base_url = \"https://rh.example/\" }\n"
                "store { data_directory = \"/srv/rh\" }\n"
                "limits { body_bytes = 2MiB header_deadline = \"1500ms\" }\n"
                "mail { transport = file require_tls = no }\n"
                "defaults { zone = \"Indian/Reunion\" organiser_email = \"rh@exemple.fr\" }\n"
                "log { level = debug }\n");
    assert_string_equal(f->problems.data, "");
    assert_string_equal(config->listen.address, "::1");
    assert_int_equal(config->listen.port, 0);
    assert_string_equal(config->listen.base_url, "https://rh.example/");
    assert_string_equal(config->store.sqlite_file, "/srv/rh/entretiend.db");
    assert_int_equal(config->limits.body_bytes, 2 * 1024 * 1024);
    assert_int_equal(config->limits.header_deadline, 1500000);
    assert_int_equal(config->mail.transport, MAIL_FILE);
    assert_false(config->mail.require_tls);
    assert_string_equal(config->defaults.zone, "Indian/Reunion");
    assert_string_equal(config->defaults.organiser_email, "rh@exemple.fr");
    assert_int_equal(config->log_level, 4);
    config_free(config);
}

static void test_a_wrong_value_names_line_key_and_expectation(void **state)
{
    struct fixture *f = *state;
    refused(f, "listen {\n  port = many\n}\n", "2: listen.port: \"many\" is not a number from 0 to 65535");
    refused(f, "listen {\n  port = 65536\n}\n", "2: listen.port: \"65536\" is not a number from 0 to 65535");
    refused(f, "listen { address = \"localhost\" }\n",
        "1: listen.address: \"localhost\" is not an IPv4 or IPv6 address");
    refused(f, "\n\nlimits { idle = 10 }\n",
        "3: limits.idle: \"10\" is not a duration (ms, s, min, h or d) from 1s to 1h");
    refused(f, "limits { header_bytes = 1GiB }\n",
        "1: limits.header_bytes: \"1GiB\" is not a size (bytes, KiB, MiB or GiB) from 1KiB to 1MiB");
    refused(f, "mail { transport = pigeon }\n", "1: mail.transport: \"pigeon\" is not one of off, file, smtp");
    refused(f, "mail { require_tls = 1 }\n", "1: mail.require_tls: \"1\" is not yes or no");
    refused(
        f, "store { data_directory = \"var\" }\n", "1: store.data_directory: \"var\" is not an absolute path");
    refused(f, "store { data_directory = \"\" }\n", "1: store.data_directory: \"\" is not an absolute path");
    refused(f, "defaults { zone = \"Mars/Base\" }\n",
        "1: defaults.zone: \"Mars/Base\" is not a time zone such as Europe/Paris");
    refused(f, "defaults { organiser_email = \"rh\" }\n",
        "1: defaults.organiser_email: \"rh\" is not a mail address");
    refused(f, "listen { base_url = \"ftp://a\" }\n",
        "1: listen.base_url: \"ftp://a\" is not an http or https URL");
}

/* The file is refused with exactly these lines, each preceded by the file's name. */
static void refused_for(struct fixture *f, const char *text, const char *const lines[])
{
    BUF_AUTO whole;
    buf_init(&whole, 0);
    assert_null(load(f, text));
    for (size_t i = 0; lines[i]; i++)
        buf_printf(&whole, "%s:%s\n", f->path, lines[i]);
    assert_string_equal(f->problems.data, whole.data);
}

static void test_every_mistake_is_told_at_once(void **state)
{
    struct fixture *f = *state;
    static const char *const values[] = {"2: listen.port: \"-1\" is not a number from 0 to 65535",
        "3: listen.address: \"x\" is not an IPv4 or IPv6 address", NULL};
    refused_for(f, "listen {\n port = -1\n address = \"x\"\n}\n", values);
    static const char *const all[] = {"2: listen.prot: unknown key, did you mean listen.port?",
        "3: listen.port: \"many\" is not a number from 0 to 65535",
        "5: listn: unknown section, did you mean listen?", "9: log.levle: unknown key, did you mean log.level?",
        "13: retentoin: unknown section, did you mean retention?",
        "16: feeds.gzip: \"perhaps\" is not yes or no", NULL};
    refused_for(f,
        "listen {\n  prot = 1\n  port = many\n}\nlistn {\n  port = 2\n  x = \"{\"\n}\nlog { levle = debug }\n"
        "listn { port = 3 }\n# retention {\n\nretentoin { mail = \"30d\"\n raw = many }\n"
        "\nfeeds { gzip = perhaps }\n",
        all);
}

static void test_comments_do_not_move_the_lines(void **state)
{
    struct fixture *f = *state;
    refused(f, "# one\n//two\n/* three {\n \"four */ log { # five\n// \"\n level = loud }\n",
        "6: log.level: \"loud\" is not one of error, warning, notice, info, debug");
    struct config *config =
        load(f, "# it's\nlisten{base_url=\"http://a/*b*/#c\" }# }\nlog { level=debug// }\n }");
    assert_null(config);
    config = load(f, "# it's\nlisten{base_url=\"http://a/*b*/#c\" }# }\n"
                     "defaults { organiser_name = 'a # \"b' organiser_email = \"a#b@x.fr\" }\nlog { "
                     "level=debug // }\n }");
    assert_string_equal(f->problems.data, "");
    assert_string_equal(config->listen.base_url, "http://a/*b*/#c");
    assert_string_equal(config->defaults.organiser_name, "a # \"b");
    assert_int_equal(config->log_level, 4);
    config_free(config);
}

static void test_what_goes_with_a_mistake_is_not_asked_for(void **state)
{
    struct fixture *f = *state;
    static const char *const mail[] = {"1: mail.realy: unknown key, did you mean mail.relay?",
        "2: limits.body_bytes: is more than limits.buffered_bytes; at most that is expected", NULL};
    refused_for(f,
        "mail { transport = smtp realy = \"smtp://a:25\" }\nlimits { buffered_bytes = 1MiB body_bytes = 2MiB "
        "}\n",
        mail);
    static const char *const top[] = {
        "1: relay: unknown section, did you mean mail.relay, inside its section?", NULL};
    refused_for(f, "relay = \"smtp://a:25\"\nmail { transport = smtp }\n", top);
}

static void test_the_list_of_mistakes_ends(void **state)
{
    struct fixture *f = *state;
    BUF_AUTO text;
    buf_init(&text, 0);
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "zz%d { a = 1 }\nlog { zz%d = 1 }\n", i, i);
    assert_null(load(f, text.data));
    size_t lines = 0;
    for (const char *at = f->problems.data; (at = strchr(at, '\n')); at++)
        lines++;
    assert_in_range(lines, CONFIG_PROBLEMS_MAX, CONFIG_PROBLEMS_MAX + 1);
    buf_reset(&text);
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "log { zz%d = 1 }\n", i);
    assert_null(load(f, text.data));
    char last[200];
    snprintf(last, sizeof last, "%s: 980 more mistakes\n", f->path);
    assert_string_equal(strstr(f->problems.data, last), last);
}

#define LOG_KEYS "expected one of level"

static void test_unknown_names_suggest_what_is_near(void **state)
{
    struct fixture *f = *state;
    refused(f, "listen {\n prot = 1\n}\n", "2: listen.prot: unknown key, did you mean listen.port?");
    refused(f, "listn { port = 1 }\n", "1: listn: unknown section, did you mean listen?");
    refused(f, "port = 1\n", "1: port: unknown section, did you mean listen.port, inside its section?");
    refused(f, "listen.port = 1\n",
        "1: listen.port: unknown section, did you mean listen.port, inside its section?");
    refused(
        f, "log { relay = 1 }\n", "1: log.relay: unknown key, did you mean mail.relay, inside its section?");
    refused(f, "log { timeout = 1 }\n",
        "1: log.timeout: unknown key, did you mean mail.timeout or mailbox.timeout, inside its section?");
    refused(f, "log { bananas = 1 }\n", "1: log.bananas: unknown key, " LOG_KEYS);
    refused(f, "log { weeks = 1 }\n", "1: log.weeks: unknown key, " LOG_KEYS);
    assert_null(load(f, "weeks { a = 1 }\n"));
    assert_non_null(strstr(f->problems.data, ":1: weeks: unknown section, expected one of listen, store, "));
    char longest[400];
    snprintf(longest, sizeof longest, "%0300d { a = 1 }\n", 0);
    assert_null(load(f, longest));
    assert_non_null(strstr(f->problems.data, "0: unknown section, expected one of listen, store, "));
}

static void test_twice_and_unclosed_are_refused(void **state)
{
    struct fixture *f = *state;
    refused(f, "listen {\n port = 1\n port = 2\n}\n", "3: listen.port: given twice, first on line 2");
    refused(f, "listen { port = 1 }\nlisten { port = 2 }\n", "2: listen.port: given twice, first on line 1");
    refused(f, "listen {\n port = 1\n", "3: section listen has no closing }");
    assert_null(load(f, "listen { address = \"127.0.0.1\n"));
    assert_non_null(strstr(f->problems.data, f->path));
}

static void test_files_that_cannot_be_read_are_refused(void **state)
{
    struct fixture *f = *state;
    struct config_source source = {.path = "/nonexistent/conf"};
    assert_null(config_load(&source, &f->problems));
    assert_string_equal(f->problems.data, "/nonexistent/conf: cannot be read: No such file or directory\n");
    char *big = calloc(1, CONFIG_FILE_MAX + 2);
    memset(big, '\n', CONFIG_FILE_MAX + 1);
    assert_null(load(f, big));
    assert_non_null(strstr(f->problems.data, "is not a text of at most 256 KiB"));
    free(big);
}

static void test_values_that_go_together_are_checked(void **state)
{
    struct fixture *f = *state;
    char text[400];
    put(f->certificate, "x", 0644);
    snprintf(text, sizeof(text), "listen { tls_certificate = \"%s\" }\n", f->certificate);
    refused(f, text, "1: listen.tls_certificate: listen.tls_key is expected with it");
    refused(f, "limits { buffered_bytes = 1MiB\n body_bytes = 2MiB }\n",
        "2: limits.body_bytes: is more than limits.buffered_bytes; at most that is expected");
    refused(f, "limits { connections = 10\n connections_per_address = 11 }\n",
        "2: limits.connections_per_address: is more than limits.connections; at most that is expected");
}

static void test_the_clock_is_set_only_when_the_command_line_allows(void **state)
{
    struct fixture *f = *state;
    char text[400];
    put(f->certificate, "2026-11-22T10:00:00Z\n", 0644);
    snprintf(text, sizeof(text), "clock { file = \"%s\" }\n", f->certificate);
    refused(f, text, "1: clock.file: refused without --allow-set-clock: an instance in use lives in real time");
    struct config_source source = {.path = f->path, .may_set_clock = true};
    buf_reset(&f->problems);
    struct config *config = config_load(&source, &f->problems);
    assert_non_null(config);
    assert_string_equal(config->clock_file, f->certificate);
    config_free(config);
}

/* ---- secrets */

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void test_secrets_come_from_closed_files(void **state)
{
    struct fixture *f = *state;
    char text[400];
    size_t size;
    put(f->secret, KEY "\n", 0600);
    snprintf(
        text, sizeof(text), "keys { sealing = \"%s\" retired = \"%s %s\" }\n", f->secret, f->secret, f->secret);
    struct config *config = load(f, text);
    assert_string_equal(f->problems.data, "");
    assert_memory_equal(secret_bytes(config->keys.sealing, &size), KEY, 64);
    assert_int_equal(size, 64);
    assert_int_equal(config->keys.retired.count, 2);
    BUF_AUTO printed;
    buf_init(&printed, 0);
    config_print(config, &printed);
    assert_null(strstr(printed.data, "0011"));
    assert_non_null(strstr(printed.data, "content hidden"));
    config_free(config);

    chmod(f->secret, 0644);
    assert_null(load(f, text));
    assert_non_null(strstr(f->problems.data, ":1: keys.sealing: "));
    unlink(f->secret);
    assert_null(load(f, text));
    assert_non_null(strstr(f->problems.data, ":1: keys.sealing: "));
}

static void test_secrets_come_from_credentials(void **state)
{
    struct fixture *f = *state;
    put(f->secret, KEY, 0400);
    unsetenv("CREDENTIALS_DIRECTORY");
    refused(f, "keys { sealing = \"secret\" }\n",
        "1: keys.sealing: \"secret\" is not the absolute path of a file closed to others, or the name "
        "of a "
        "systemd credential");
    setenv("CREDENTIALS_DIRECTORY", f->folder, 1);
    loads(f, "keys { sealing = \"secret\" }\n");
    assert_null(load(f, "keys { sealing = \"../secret\" }\n"));
    struct config *config = load(f, "listen { tls_certificate = \"secret\" tls_key = \"secret\" }\n");
    assert_string_equal(f->problems.data, "");
    assert_string_equal(config->listen.tls_key, f->secret);
    config_free(config);
    unsetenv("CREDENTIALS_DIRECTORY");
    refused(f, "mail { ca_file = \"secret\" }\n",
        "1: mail.ca_file: \"secret\" is not the absolute path of a readable file, or the name of a systemd "
        "credential");
}

/* ---- printing */

static void test_what_is_printed_can_be_read_again(void **state)
{
    struct fixture *f = *state;
    BUF_AUTO first, again;
    buf_init(&first, 0);
    buf_init(&again, 0);
    struct config *config =
        load(f, "defaults { organiser_name = \"L'\\\"équipe\\\" \\\\ ${HOME} \\$x\" }\nlisten { port = 1 }\n");
    assert_string_equal(f->problems.data, "");
    config_print(config, &first);
    assert_non_null(strstr(first.data, "    port = 1\n"));
    config_free(config);
    config = load(f, first.data);
    assert_string_equal(f->problems.data, "");
    config_print(config, &again);
    config_free(config);
    assert_string_equal(first.data, again.data);
}

static void test_the_sample_is_the_defaults(void **state)
{
    struct fixture *f = *state;
    BUF_AUTO sample;
    buf_init(&sample, 0);
    config_sample(&sample);
    struct config *config = load(f, sample.data);
    assert_string_equal(f->problems.data, "");
    for (size_t i = 0; i < options_count; i++) {
        char line[80];
        const char *at = sample.data;
        for (int n = 1; n < config->lines[i]; n++)
            at = strchr(at, '\n') + 1;
        snprintf(line, sizeof line, "    %s = ", option_key(&options[i]));
        assert_memory_equal(at, line, strlen(line));
        assert_string_equal(config->texts[i], options[i].fallback);
        assert_true(config->lines[i] > 0);
    }
    config_free(config);
}

static void test_options_stand_in_sections_that_exist(void **state)
{
    (void)state;
    size_t seen = 0, runs = 0;
    for (size_t s = 0; s < option_sections_count; s++) {
        bool inside = false;
        for (size_t i = 0; i < options_count; i++) {
            bool in = option_in_section(&options[i], &option_sections[s]);
            seen += in;
            runs += in && !inside;
            inside = in;
        }
    }
    assert_int_equal(seen, options_count);
    assert_int_equal(runs, option_sections_count);
    for (size_t i = 0; i < options_count; i++) {
        assert_ptr_equal(option_find(options[i].name), &options[i]);
        assert_true(strlen(options[i].doc) > 0);
    }
}

/* ---- reload */

static void test_a_reload_takes_what_may_change(void **state)
{
    struct fixture *f = *state;
    BUF_AUTO kept;
    buf_init(&kept, 0);
    struct config *current =
        load(f, "log { level = info }\nstore { data_directory = \"/a\" read_lanes = 1 }\n");
    struct config *fresh =
        load(f, "log { level = debug }\nstore { data_directory = \"/b\" sqlite_file = \"/c\" }\n");
    config_keep_fixed(current, fresh, &kept);
    assert_string_equal(kept.data, "store.data_directory\nstore.sqlite_file\nstore.read_lanes\n");
    assert_int_equal(fresh->log_level, 4);
    assert_string_equal(fresh->store.data_directory, "/a");
    assert_string_equal(fresh->store.sqlite_file, "/a/entretiend.db");
    assert_string_equal(fresh->mail.directory, "/a/outbox");
    assert_int_equal(fresh->store.read_lanes, 1);
    fresh->former = current;
    config_free(fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_defaults_hold_without_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_sets_values_of_every_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_wrong_value_names_line_key_and_expectation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_mistake_is_told_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_comments_do_not_move_the_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_goes_with_a_mistake_is_not_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_list_of_mistakes_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_names_suggest_what_is_near, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_twice_and_unclosed_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_files_that_cannot_be_read_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_that_go_together_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_the_clock_is_set_only_when_the_command_line_allows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_come_from_closed_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_come_from_credentials, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_printed_can_be_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_sample_is_the_defaults, set_up, tear_down),
        cmocka_unit_test(test_options_stand_in_sections_that_exist),
        cmocka_unit_test_setup_teardown(test_a_reload_takes_what_may_change, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
