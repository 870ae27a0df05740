/*
 * `entretiend create-token`: a token for everything, made on a store that no daemon uses, because somebody has
 * to be the first to ask. Prints it and ends.
 */
#include "first_token.h"

#include "subsystem.h"

#include "base/crypto.h"
#include "store/store.h"
#include "store/token.h"

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

static enum status first_token_store(struct app *app, char *token, struct error *err)
{
    struct store *store = NULL;
    struct store_options where = service_store_options(app);
    enum status status = store_open(NULL, &where, &store, err);
    if (status != ST_OK)
        return status;
    status = store_write_now(store, "system", "system", first_token_write, token, err);
    store_free(store);
    return status;
}

enum status first_token_make(struct app *app, struct arena *arena, const char **ret, struct error *err)
{
    size_t started = 0;
    enum status status = ST_OK;
    while (status == ST_OK && strcmp(subsystems[started].name, "loop") != 0) {
        status = subsystems[started].start(app, err);
        started += status == ST_OK;
    }
    if (status == ST_OK) {
        char *token = secret_token(arena, "ent_", 32);
        status = first_token_store(app, token, err);
        *ret = token;
    }
    while (started-- > 0)
        if (subsystems[started].stop)
            subsystems[started].stop(app);
    return status;
}
