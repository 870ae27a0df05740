#pragma once
/* The parts of the table in subsystems.c that have a file of their own. The columns are those of instance.h. */
#include "instance.h"

enum status data_start(struct app *app, struct error *err);
void data_stop(struct app *app);
enum status keyring_start(struct app *app, struct error *err);
void keyring_stop(struct app *app);

/* systemd: signs of life and reloads; nothing happens without $NOTIFY_SOCKET. First of the table ... */
enum status notify_start(struct app *app, struct error *err);
enum status notify_reload(struct app *app, const struct config *before, struct error *err);
void notify_tick(struct app *app);
/* ... and readiness and stop, last. */
enum status ready_start(struct app *app, struct error *err);
enum status ready_reload(struct app *app, const struct config *before, struct error *err);
void ready_drain(struct app *app, void (*drained)(void *context), void *context);
