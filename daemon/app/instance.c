/*
 * The runner of a daemon's life: start, reload, drain, stop, over a table of subsystems. Loop thread.
 */
#include "instance.h"

#include "base/log.h"

#include <signal.h>
#include <string.h>

static void instance_stop_started(struct app *app)
{
    while (app->started > 0) {
        const struct subsystem *subsystem = &app->subsystems[--app->started];
        if (subsystem->stop)
            subsystem->stop(app);
    }
}

static enum status instance_start(
    struct app *app, const struct subsystem *table, size_t count, struct error *err)
{
    app->subsystems = table;
    app->count = count;
    for (app->started = 0; app->started < app->count; app->started++) {
        enum status status = app->subsystems[app->started].start(app, err);
        if (status != ST_OK) {
            app->failed = app->subsystems[app->started].name;
            instance_stop_started(app);
            return status;
        }
    }
    return ST_OK;
}

static void instance_tick(void *context)
{
    struct app *app = context;
    for (size_t i = 0; i < app->count; i++)
        if (app->subsystems[i].tick)
            app->subsystems[i].tick(app);
}

/* ---- drain */

static void instance_drain_next(void *context)
{
    struct app *app = context;
    while (app->draining > 0) {
        const struct subsystem *subsystem = &app->subsystems[--app->draining];
        if (subsystem->drain) {
            subsystem->drain(app, instance_drain_next, app);
            return;
        }
    }
    app->ended = true;
    loop_stop(app->loop);
}

static void instance_overdue(void *context)
{
    struct app *app = context;
    log_line(LOG_WARNING, "stop", "not everything ended in time", "waiting_for=%s",
        app->subsystems[app->draining].name);
    app->overdue = true;
    loop_stop(app->loop);
}

void instance_stop(struct app *app)
{
    if (app->ended)
        return;
    if (app->stopping) {
        instance_overdue(app);
        return;
    }
    app->stopping = true;
    log_line(LOG_NOTICE, "stop", "draining", NULL);
    /* Requests get the whole of drain_deadline; what they leave behind (commits, deliveries) a little more. */
    timer_arm(app->deadline, app->config->limits.drain_deadline + app->config->limits.drain_deadline / 4);
    app->draining = app->count;
    instance_drain_next(app);
}

/* ---- reload */

static void instance_log_lines(
    enum log_level level, const char *subject, const char *message, struct buf *lines)
{
    for (char *line = lines->data, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        *end = '\0';
        log_line(level, subject, message, "detail=%s", line);
    }
}

void instance_reload(struct app *app)
{
    BUF_AUTO problems, kept;
    buf_init(&problems, 0);
    buf_init(&kept, 0);
    struct config *fresh = config_load(&app->source, &problems);
    if (!fresh) {
        instance_log_lines(LOG_ERROR, "reload", "the configuration stays as it was", &problems);
        return;
    }
    struct config *before = app->config;
    config_keep_fixed(before, fresh, &kept);
    instance_log_lines(LOG_WARNING, "reload", "this option waits for a restart", &kept);
    fresh->former = before;
    app->config = fresh;
    for (size_t i = 0; i < app->count; i++) {
        struct error err = ERROR_INIT;
        const struct subsystem *subsystem = &app->subsystems[i];
        if (subsystem->reload && subsystem->reload(app, before, &err) != ST_OK)
            log_line(
                LOG_ERROR, "reload", "not taken over", "subsystem=%s detail=%s", subsystem->name, err.detail);
    }
    log_line(LOG_NOTICE, "reload", "done", NULL);
}

/* ---- the whole life */

static void instance_on_stop(void *context)
{
    instance_stop(context);
}

static void instance_on_reload(void *context)
{
    struct app *app = context;
    if (!app->stopping)
        instance_reload(app);
}

enum status instance_run(struct app *app, const struct subsystem *table, size_t count, struct error *err)
{
    signal(SIGPIPE, SIG_IGN);
    enum status status = instance_start(app, table, count, err);
    if (status != ST_OK)
        return status;
    app->deadline = timer_new(app->loop, instance_overdue, app);
    loop_on_signal(app->loop, SIGTERM, instance_on_stop, app);
    loop_on_signal(app->loop, SIGINT, instance_on_stop, app);
    loop_on_signal(app->loop, SIGHUP, instance_on_reload, app);
    loop_on_tick(app->loop, instance_tick, app);
    loop_run(app->loop);
    timer_free(app->deadline);
    instance_stop_started(app);
    return app->overdue ? error_set(err, ST_BUSY, "stopped before everything had ended") : ST_OK;
}

enum status instance_once(struct app *app, const struct subsystem *table, size_t count,
    enum status (*run)(struct app *app, struct error *err), struct error *err)
{
    enum status status = instance_start(app, table, count, err);
    if (status != ST_OK)
        return status;
    status = run(app, err);
    instance_stop_started(app);
    return status;
}
