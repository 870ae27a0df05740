/*
 * `entretiend create-token`: a token for everything, made on a store that no daemon uses, because somebody has
 * to be the first to ask. Prints it and ends.
 */
#include "subsystem.h"

#include "base/crypto.h"
#include "store/store.h"
#include "store/token.h"

#include <stdio.h>
#include <string.h>

static enum status first_token_write(struct txn *txn, void *context, struct error *err)
{
    const char *token = context;
    struct sha256 hash = sha256(token, strlen(token));
    struct token_row row = {.scopes = "admin",
        .label = "entretiend create-token",
        .expires_at = INSTANT_NONE,
        .last_used = INSTANT_NONE,
        .revoked_at = INSTANT_NONE};
    enum status status = token_add(txn, &row, &hash, err);
    if (status == ST_OK)
        txn_audit(txn, "token.created", row.id, "{\"scopes\":\"admin\"}");
    return status;
}

enum status first_token_make(struct app *app, struct error *err)
{
    struct arena *arena = arena_new(0);
    char *token = secret_token(arena, "ent_", 32);
    enum status status = store_write_now(app->store, "system", "system", first_token_write, token, err);
    if (status == ST_OK && (puts(token) < 0 || fflush(stdout) != 0))
        status = error_set(err, ST_INTERNAL, "the token cannot be written: %m");
    arena_free(arena);
    return status;
}
