/*
 * What the service manager hears (sd_notify(3)): ready once the loop turns and the sockets listen, signs of
 * life from the loop's tick, so that a loop that hangs is noticed, and the stop. Loop thread.
 */
#include "subsystem.h"

#include "base/log.h"

#include <systemd/sd-daemon.h>

enum status notify_start(struct app *app, struct error *err)
{
    (void)err;
    uint64_t every = 0;
    if (sd_watchdog_enabled(0, &every) > 0)
        app->watchdog_us = (int64_t)every / 2;
    return ST_OK;
}

enum status notify_reload(struct app *app, const struct config *before, struct error *err)
{
    (void)app;
    (void)before;
    (void)err;
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic());
    return ST_OK;
}

void notify_tick(struct app *app)
{
    int64_t now = clock_monotonic();
    if (app->watchdog_us == 0 || now < app->watchdog_next)
        return;
    app->watchdog_next = now + app->watchdog_us;
    sd_notify(0, "WATCHDOG=1");
}

static void ready_tell(void *context)
{
    const struct app *app = context;
    if (!app->stopping)
        sd_notifyf(0, "READY=1\nSTATUS=listening on %s port %u", app->address, app->port);
}

enum status ready_start(struct app *app, struct error *err)
{
    (void)err;
    log_line(LOG_NOTICE, "start", "listening", "version=" ENTRETIEND_VERSION " address=%s port=%u",
        app->address, app->port);
    loop_post(app->loop, ready_tell, app);
    return ST_OK;
}

enum status ready_reload(struct app *app, const struct config *before, struct error *err)
{
    (void)before;
    (void)err;
    loop_post(app->loop, ready_tell, app);
    return ST_OK;
}

void ready_drain(struct app *app, void (*drained)(void *context), void *context)
{
    (void)app;
    sd_notify(0, "STOPPING=1\nSTATUS=draining");
    drained(context);
}
