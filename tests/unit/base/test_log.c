/* Log lines as they reach standard error. */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 4, LINES = 200 };

static FILE *capture;
static int real_stderr;
static char seen[512 * 1024];

static void capture_start(void)
{
    capture = tmpfile();
    real_stderr = dup(STDERR_FILENO);
    assert_true(capture && real_stderr >= 0);
    assert_true(dup2(fileno(capture), STDERR_FILENO) >= 0);
}

/* What was written since, as a string. */
static const char *capture_end(void)
{
    assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
    close(real_stderr);
    rewind(capture);
    size_t size = fread(seen, 1, sizeof seen - 1, capture);
    seen[size] = '\0';
    fclose(capture);
    return seen;
}

static void test_line(void **state)
{
    (void)state;
    capture_start();
    log_line(LOG_WARNING, "smtp", "relay refused the message", "status=%d host=%s", 451, "mx.example");
    log_line(LOG_INFO, "app", "started", NULL);
    log_line(LOG_NOTICE, "app", "réglé", "x=%s", "");
    assert_string_equal(capture_end(), "warning smtp: relay refused the message status=451 host=mx.example\n"
                                       "info app: started\nnotice app: réglé x=\n");
}

static struct log_record taken;
static char taken_text[5][200];
static bool sink_answer;

static bool sink(const struct log_record *record)
{
    taken = *record;
    snprintf(taken_text[4], sizeof taken_text[4], "%s", record->line);
    for (unsigned i = 0; i < record->count && i < 4; i++)
        snprintf(taken_text[i], sizeof taken_text[i], "%s|%s", record->fields[i].key, record->fields[i].value);
    return sink_answer;
}

static void test_a_sink_takes_lines_apart(void **state)
{
    (void)state;
    sink_answer = true;
    log_set_sink(sink);
    capture_start();
    log_line(LOG_WARNING, "smtp", "refused", "status=%d detail=%s host=%s", 451, "no, a=b c=d\n", "");
    assert_string_equal(capture_end(), "");
    assert_int_equal(taken.count, 3);
    assert_string_equal(taken_text[0], "status|451");
    assert_string_equal(taken_text[1], "detail|no, a=b c=d\n");
    assert_string_equal(taken_text[2], "host|");
    assert_string_equal(taken_text[4], "warning smtp: refused status=451 detail=no, a=b c=d\\n host=");
    log_line(LOG_INFO, "app", "started", NULL);
    assert_int_equal(taken.count, 0);
    log_line(LOG_ERROR, "http", "forged", "v=%s w=%s", "1\x1Forganisation=2", "3");
    assert_int_equal(taken.count, 0);
    sink_answer = false;
    capture_start();
    log_line(LOG_ERROR, "http", "bad", "v=%d w=%d", 1, 2);
    assert_string_equal(capture_end(), "error http: bad v=1 w=2\n");
    log_set_sink(NULL);
}

static void test_hostile_values(void **state)
{
    (void)state;
    capture_start();
    log_line(LOG_ERROR, "http", "bad", "v=%s", "a\nerror app: forged\r\t\x1b[31m\x7F\\n");
    log_line(LOG_ERROR, "http", "bad", "v=%s", "\xC2\x85 \xE2\x80\xA8 \xE2\x80\xAE \xFF \xC3 \xED\xA0\x80 é€😀");
    log_line(LOG_ERROR, "a\nb", "c\nd", NULL);
    assert_string_equal(capture_end(),
        "error http: bad v=a\\nerror app: forged\\r\\t\\x1b[31m\\x7f\\\\n\n"
        "error http: bad v=\\u0085 \\u2028 \\u202e \\xff \\xc3 \\xed\\xa0\\x80 é€😀\n"
        "error a\\nb: c\\nd\n");
}

static void test_long_lines_are_cut(void **state)
{
    (void)state;
    static char noise[10000];
    static const char fillers[] = {'x', '\n', '\xFF'};
    for (size_t i = 0; i < sizeof fillers; i++) {
        memset(noise, fillers[i], sizeof noise - 1);
        capture_start();
        log_line(LOG_ERROR, "http", "bad", "v=%s", noise);
        const char *line = capture_end();
        size_t size = strlen(line);
        assert_true(size > 2000 && size <= 4096);
        assert_string_equal(line + size - 5, " ...\n");
        assert_ptr_equal(strchr(line, '\n'), line + size - 1);
    }
}

static void test_levels_and_counts(void **state)
{
    (void)state;
    unsigned long errors = log_count(LOG_ERROR);
    unsigned long warnings = log_count(LOG_WARNING);
    unsigned long all = log_count(LOG_DEBUG);
    capture_start();
    log_line(LOG_DEBUG, "a", "hidden", NULL);
    log_set_level(LOG_ERROR);
    log_line(LOG_WARNING, "a", "hidden", NULL);
    log_line(LOG_ERROR, "a", "shown", NULL);
    log_set_level(LOG_DEBUG);
    log_line(LOG_DEBUG, "a", "shown", NULL);
    log_set_level(LOG_INFO);
    errno = EAGAIN;
    log_line((enum log_level)99, "a", "hidden", NULL);
    log_line((enum log_level)0, "a", "worst", NULL);
    assert_int_equal(errno, EAGAIN);
    assert_string_equal(capture_end(), "error a: shown\ndebug a: shown\nerror a: worst\n");
    assert_int_equal(log_count(LOG_ERROR) - errors, 2);
    assert_int_equal(log_count(LOG_WARNING) - warnings, 3);
    assert_int_equal(log_count(LOG_DEBUG) - all, 6);
}

static void test_journal_prefix(void **state)
{
    (void)state;
    capture_start();
    pid_t child = fork();
    if (child == 0) {
        /* A fresh program image would read it itself; here no line has been written yet. */
        log_line(LOG_ERROR, "app", "stopped", "code=%d", 1);
        log_line(LOG_INFO, "app", "bye", NULL);
        _exit(0);
    }
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_string_equal(capture_end(), "<3>error app: stopped code=1\n<6>info app: bye\n");
    assert_int_equal(status, 0);
    unsetenv("JOURNAL_STREAM");
}

static void *write_lines(void *text)
{
    for (int i = 0; i < LINES; i++)
        log_line(LOG_INFO, "thread", "line", "text=%s", (const char *)text);
    return NULL;
}

static void test_threads_do_not_mix_lines(void **state)
{
    (void)state;
    static char texts[THREADS][301];
    pthread_t threads[THREADS];
    capture_start();
    for (int i = 0; i < THREADS; i++) {
        memset(texts[i], 'a' + i, 300);
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, texts[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    const char *at = capture_end();
    size_t lines = 0;
    for (const char *end; (end = strchr(at, '\n')); at = end + 1, lines++) {
        assert_memory_equal(at, "info thread: line text=", 23);
        const char *text = at + 23;
        assert_int_equal(end - text, 300);
        for (int i = 1; i < 300; i++)
            assert_int_equal(text[i], text[0]);
    }
    assert_int_equal(lines, THREADS * LINES);
}

int main(void)
{
    /* Looked at by the first line of a process: the first test forks before any. */
    setenv("JOURNAL_STREAM", "8:12345", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_journal_prefix),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_a_sink_takes_lines_apart),
        cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_long_lines_are_cut),
        cmocka_unit_test(test_levels_and_counts),
        cmocka_unit_test(test_threads_do_not_mix_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
