#pragma once
/* The parts of the table in subsystems.c that have a file of their own. The columns are those of instance.h. */
#include "instance.h"
#include "store/store.h"

enum status data_start(struct app *app, struct error *err);
void data_stop(struct app *app);
/* What the superuser made in a data directory of the daemon's user becomes that user's. */
enum status data_give(const struct app *app, const char *path, struct error *err);
enum status keyring_start(struct app *app, struct error *err);
void keyring_stop(struct app *app);

/* systemd: signs of life and reloads; nothing happens without $NOTIFY_SOCKET. First of the table ... */
/* journal.c: lines go to the journal with their fields, when standard error is the journal. */
void journal_begin(void);
enum status notify_start(struct app *app, struct error *err);
enum status notify_reload(struct app *app, const struct config *before, struct error *err);
void notify_tick(struct app *app);
/* ... and readiness and stop, last. */
enum status ready_start(struct app *app, struct error *err);
enum status ready_reload(struct app *app, const struct config *before, struct error *err);
void ready_drain(struct app *app, void (*drained)(void *context), void *context);

/* service.c: the store, calls to others, the jobs, the interface, the server. */
enum status service_store_start(struct app *app, struct error *err);
/* For commands: the files stay the daemon's. */
enum status service_store_start_offline(struct app *app, struct error *err);
void service_store_end(struct app *app, void (*drained)(void *context), void *context);
void service_store_stop(struct app *app);
enum status service_net_start(struct app *app, struct error *err);
void service_net_end(struct app *app, void (*drained)(void *context), void *context);
void service_net_stop(struct app *app);
enum status service_jobs_start(struct app *app, struct error *err);
void service_jobs_tick(struct app *app);
void service_jobs_end(struct app *app, void (*drained)(void *context), void *context);
void service_jobs_stop(struct app *app);
enum status service_api_start(struct app *app, struct error *err);
void service_api_stop(struct app *app);
enum status service_http_start(struct app *app, struct error *err);
enum status service_http_reload(struct app *app, const struct config *before, struct error *err);
void service_http_end(struct app *app, void (*drained)(void *context), void *context);
void service_http_stop(struct app *app);
