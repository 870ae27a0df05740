/*
 * The daemon's subsystems in the order they start; they drain and stop in the reverse one. Loop thread.
 */
#include "subsystem.h"

#include "base/log.h"

#include <unistd.h>

/* ---- log */

static enum status log_start(struct app *app, struct error *err)
{
    (void)err;
    journal_begin();
    log_set_level((enum log_level)(LOG_ERROR + app->config->log_level));
    return ST_OK;
}

static enum status log_reload(struct app *app, const struct config *before, struct error *err)
{
    (void)before;
    return log_start(app, err);
}

/* ---- clock */

static enum status app_clock_start(struct app *app, struct error *err)
{
    const char *path = app->config->clock_file;
    app->clock = path ? clock_new_file(path, err) : clock_new_real();
    if (!app->clock)
        return ST_INVALID;
    char now[INSTANT_TEXT_MAX];
    if (path)
        log_line(LOG_WARNING, "clock", "the time is set by a file: nothing here happens in real time",
            "file=%s now=%s", path, instant_text(clock_now(app->clock), now));
    return ST_OK;
}

static void app_clock_tick(struct app *app)
{
    bool changed = false;
    struct error err = ERROR_INIT;
    char now[INSTANT_TEXT_MAX];
    if (!clock_is_set(app->clock))
        return;
    bool broken = clock_refresh(app->clock, &changed, &err) != ST_OK;
    if (broken && !app->clock_broken)
        log_line(
            LOG_WARNING, "clock", "the file is not an instant, the last one holds", "detail=%s", err.detail);
    else if (changed)
        log_line(LOG_NOTICE, "clock", "moved", "now=%s", instant_text(clock_now(app->clock), now));
    app->clock_broken = broken;
}

static void app_clock_stop(struct app *app)
{
    clock_free(app->clock);
}

/* ---- loop */

static enum status app_loop_start(struct app *app, struct error *err)
{
    (void)err;
    app->loop = loop_new();
    return ST_OK;
}

static void app_loop_stop(struct app *app)
{
    loop_free(app->loop);
}

const struct subsystem subsystems[] = {
    {"log", log_start, .reload = log_reload},
    {"notify", notify_start, .reload = notify_reload, .tick = notify_tick},
    {"data", data_start, .stop = data_stop},
    {"clock", app_clock_start, .tick = app_clock_tick, .stop = app_clock_stop},
    {"keyring", keyring_start, .stop = keyring_stop},
    {"loop", app_loop_start, .stop = app_loop_stop},
    {"store", service_store_start, .drain = service_store_end, .stop = service_store_stop},
    {"net", service_net_start, .drain = service_net_end, .stop = service_net_stop},
    {"jobs", service_jobs_start, .tick = service_jobs_tick, .drain = service_jobs_end,
        .stop = service_jobs_stop},
    {"api", service_api_start, .stop = service_api_stop},
    {"http", service_http_start, .reload = service_http_reload, .drain = service_http_end,
        .stop = service_http_stop},
    {"ready", ready_start, .reload = ready_reload, .drain = ready_drain},
};
const size_t subsystems_count = sizeof(subsystems) / sizeof(subsystems[0]);

const struct subsystem offline_subsystems[] = {
    {"log", .start = log_start},
    {"data", data_start, .stop = data_stop},
    {"clock", app_clock_start, .stop = app_clock_stop},
    {"keyring", keyring_start, .stop = keyring_stop},
    {"store", service_store_start_offline, .stop = service_store_stop},
};
const size_t offline_subsystems_count = sizeof(offline_subsystems) / sizeof(offline_subsystems[0]);

const struct subsystem bare_subsystems[] = {
    {"log", .start = log_start},
    {"data", data_start, .stop = data_stop},
    {"clock", app_clock_start, .stop = app_clock_stop},
};
const size_t bare_subsystems_count = sizeof(bare_subsystems) / sizeof(bare_subsystems[0]);
