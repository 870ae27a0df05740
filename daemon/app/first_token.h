#pragma once
/* `entretiend create-token`. */
#include "instance.h"

/* A new admin token for all organisations, on the arena. Errors: another daemon uses the store, and what can be
 * wrong with the data directory and the store. */
enum status first_token_make(struct app *app, struct arena *arena, const char **ret, struct error *err);
