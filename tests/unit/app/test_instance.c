/* The order of a daemon's life, over tables that write down what happens to them. */
#include "instance.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
    char lines[400];
    bool fail_second;
    bool second_hangs;
    bool twice;
    void (*drained)(void *context);
    void *context;
    unsigned ticks;
} story;

static void note(const char *text)
{
    size_t length = strlen(story.lines);
    snprintf(story.lines + length, sizeof(story.lines) - length, "%s ", text);
}

static enum status loop_start(struct app *app, struct error *err)
{
    (void)err;
    note("+loop");
    app->loop = loop_new();
    return ST_OK;
}

static void loop_end(struct app *app)
{
    note("-loop");
    loop_free(app->loop);
}

static enum status second_start(struct app *app, struct error *err)
{
    (void)app;
    if (story.fail_second)
        return error_set(err, ST_CONFLICT, "the port is in use");
    note("+second");
    return ST_OK;
}

static void second_ended(void *nothing)
{
    (void)nothing;
    note("second-drained");
    story.drained(story.context);
}

static void second_drain(struct app *app, void (*drained)(void *context), void *context)
{
    note("second-drains");
    story.drained = drained;
    story.context = context;
    if (!story.second_hangs)
        loop_post(app->loop, second_ended, NULL);
}

static void second_stop(struct app *app)
{
    (void)app;
    note("-second");
}

static void third_asks_to_stop(void *app)
{
    instance_stop(app);
    if (story.twice)
        instance_stop(app);
}

static enum status third_start(struct app *app, struct error *err)
{
    (void)err;
    note("+third");
    loop_post(app->loop, third_asks_to_stop, app);
    return ST_OK;
}

static void third_drain(struct app *app, void (*drained)(void *context), void *context)
{
    (void)app;
    note("third-drains");
    drained(context);
}

static const struct subsystem table[] = {
    {"loop", loop_start, .stop = loop_end},
    {"second", second_start, .drain = second_drain, .stop = second_stop},
    {"third", third_start, .drain = third_drain},
};

static const struct subsystem brief[] = {
    {"loop", loop_start, .stop = loop_end},
    {"third", third_start, .drain = third_drain},
};

static int set_up(void **state)
{
    static struct app app;
    memset(&story, 0, sizeof(story));
    app = (struct app){0};
    struct buf problems;
    buf_init(&problems, 0);
    app.config = config_load(&app.source, &problems);
    assert_non_null(app.config);
    buf_free(&problems);
    *state = &app;
    return 0;
}

static int tear_down(void **state)
{
    struct app *app = *state;
    config_free(app->config);
    return 0;
}

static void test_stops_in_the_reverse_order_after_draining(void **state)
{
    struct error err = ERROR_INIT;
    assert_int_equal(instance_run(*state, table, 3, &err), ST_OK);
    assert_string_equal(
        story.lines, "+loop +second +third third-drains second-drains second-drained -second -loop ");
}

static void test_a_start_that_fails_undoes_those_before(void **state)
{
    struct error err = ERROR_INIT;
    story.fail_second = true;
    assert_int_equal(instance_run(*state, table, 3, &err), ST_CONFLICT);
    assert_string_equal(err.detail, "the port is in use");
    assert_string_equal(story.lines, "+loop -loop ");
}

static void test_a_second_request_ends_at_once(void **state)
{
    struct error err = ERROR_INIT;
    story.second_hangs = true;
    story.twice = true;
    assert_int_equal(instance_run(*state, table, 3, &err), ST_BUSY);
    assert_string_equal(story.lines, "+loop +second +third third-drains second-drains -second -loop ");
}

static void test_a_second_request_after_the_end_is_nothing(void **state)
{
    struct error err = ERROR_INIT;
    story.twice = true;
    assert_int_equal(instance_run(*state, brief, 2, &err), ST_OK);
}

static void test_the_deadline_ends_a_drain_that_hangs(void **state)
{
    struct app *app = *state;
    struct error err = ERROR_INIT;
    story.second_hangs = true;
    app->config->limits.drain_deadline = 1000;
    assert_int_equal(instance_run(app, table, 3, &err), ST_BUSY);
    assert_string_equal(story.lines, "+loop +second +third third-drains second-drains -second -loop ");
}

/* ---- signals */

static enum status raise_start(struct app *app, struct error *err)
{
    (void)app;
    (void)err;
    return ST_OK;
}

static void raise_tick(struct app *app)
{
    (void)app;
    if (story.ticks++ == 0) {
        kill(getpid(), SIGHUP);
        kill(getpid(), SIGTERM);
    }
}

static enum status raise_reload(struct app *app, const struct config *before, struct error *err)
{
    (void)err;
    note(before != app->config && app->config->former == before ? "reloaded" : "not replaced");
    return ST_OK;
}

static const struct subsystem signalled[] = {
    {"loop", loop_start, .stop = loop_end},
    {"raise", raise_start, .reload = raise_reload, .tick = raise_tick, .drain = third_drain},
};

static void test_signals_reload_and_stop(void **state)
{
    struct error err = ERROR_INIT;
    assert_int_equal(instance_run(*state, signalled, 2, &err), ST_OK);
    assert_string_equal(story.lines, "+loop reloaded third-drains -loop ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stops_in_the_reverse_order_after_draining, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_start_that_fails_undoes_those_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_second_request_ends_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_second_request_after_the_end_is_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_deadline_ends_a_drain_that_hangs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signals_reload_and_stop, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
