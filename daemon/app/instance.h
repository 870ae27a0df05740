#pragma once
/*
 * A running daemon and the order of its life: subsystems start in the order of a table, drain and stop in the
 * reverse one. The runner knows the table's columns only, so that tests give it tables of their own. Loop
 * thread.
 */
#include "base/clock.h"
#include "base/error.h"
#include "config.h"
#include "loop/loop.h"

#include <stdbool.h>

struct api;
struct fetcher;
struct http_server;
struct letters;
struct store;

struct app {
    struct config_source source;
    struct config *config;
    const char *argument; /* of a command that takes one */
    struct clock *clock;
    bool clock_broken; /* its file holds no instant, which has been said */
    struct keyring *keyring;
    struct loop *loop;
    struct store *store;
    struct api *api;
    struct fetcher *fetcher;
    struct jobs *jobs;
    struct letters *letters;
    struct mail_route mail;
    struct mailbox_route mailbox;
    instant_t jobs_seen; /* by the set clock, when the jobs looked last */
    struct http_server *http;
    int data_fd;         /* the data directory, open for good */
    int lock_fd;         /* its lock */
    char *base_url;      /* what links begin with, once it is known */
    char address[64];    /* listened on */
    uint16_t port;       /* of it */
    int64_t watchdog_us; /* between two signs of life, 0 = none wanted */
    int64_t watchdog_next;

    /* The runner's: */
    const struct subsystem *subsystems;
    size_t count;
    size_t started;  /* the first so many of the table run */
    size_t draining; /* the next to drain is the one before */
    bool stopping, ended, overdue;
    const char *failed; /* the subsystem that could not start */
    struct timer *deadline;
};

struct subsystem {
    const char *name; /* subject of its log lines */
    enum status (*start)(struct app *app, struct error *err);
    /* Takes over app->config after a reload; `before` is the one it replaces. */
    enum status (*reload)(struct app *app, const struct config *before, struct error *err);
    /* On each tick of the loop, about 100 ms. */
    void (*tick)(struct app *app);
    /* Lets what is under way end, then calls drained(context) on the loop, once. */
    void (*drain)(struct app *app, void (*drained)(void *context), void *context);
    /* Called only after a start that went well; frees. */
    void (*stop)(struct app *app);
};

/* The daemon's own table. */
extern const struct subsystem subsystems[];
extern const size_t subsystems_count;
/* What commands on the store need, without a loop. */
extern const struct subsystem offline_subsystems[];
extern const size_t offline_subsystems_count;
/* What commands on the file of the store need, which is not opened. */
extern const struct subsystem bare_subsystems[];
extern const size_t bare_subsystems_count;

/* Starts, runs until a signal or instance_stop, drains, stops. ST_BUSY: the drain's deadline passed. The table
 * has to start app->loop. */
enum status instance_run(struct app *app, const struct subsystem *table, size_t count, struct error *err);
/* Starts, calls run, stops: commands. */
enum status instance_once(struct app *app, const struct subsystem *table, size_t count,
    enum status (*run)(struct app *app, struct error *err), struct error *err);
/* Begins to drain (SIGTERM, SIGINT); a second call ends at once. */
void instance_stop(struct app *app);
/* Reads the configuration again (SIGHUP). */
void instance_reload(struct app *app);
