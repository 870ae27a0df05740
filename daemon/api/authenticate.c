/*
 * Who is asking: bearer tokens, looked up by their SHA-256 on a read lane and remembered on the loop for a
 * while, so that most requests need no extra hop. Creating or deleting a token forgets what is remembered.
 */
#include "internal.h"

#include "base/log.h"
#include "base/text.h"
#include "store/employee.h"
#include "store/token.h"
#include "work/duties.h"

#include <stdlib.h>
#include <string.h>

static const int64_t cache_us = 30 * US_PER_SEC;
static const int64_t touch_us = 60 * US_PER_SEC;

const char *const scope_names[SCOPE_COUNT + 1] = {
    "admin", "hr", "read", "manager", "ingest", "provision", "audit", NULL};

struct lookup {
    struct call *call;
    struct sha256 hash;
    uint64_t generation;
    struct cached_token token;
    bool found;
};

void api_forget_tokens(struct api *api)
{
    memset(api->tokens, 0, sizeof(api->tokens));
    api->token_generation++;
}

static struct cached_token *cache_slot(struct api *api, const struct sha256 *hash)
{
    return &api->tokens[(hash->bytes[0] << 8 | hash->bytes[1]) % TOKEN_CACHE_SLOTS];
}

bool api_knows_token(struct api *api, const struct http_exchange *exchange)
{
    const char *bearer = credentials_bearer(http_header(exchange, "authorization"));
    if (!bearer)
        return false;
    struct sha256 hash = sha256(bearer, strlen(bearer));
    const struct cached_token *slot = cache_slot(api, &hash);
    return slot->known && bytes_equal_ct(&slot->hash, &hash, sizeof(hash));
}

static void call_bar(struct call *call, int retry)
{
    struct error err = ERROR_INIT;
    struct http_header after = {"Retry-After", arena_printf(call->arena, "%d", retry)};
    call->api->rate_refusals++;
    error_set(&err, ST_BUSY, "too many wrong credentials from this address, try again in %d s", retry);
    call_failed_with(call, 429, &err, &after, 1);
}

void call_refuse_credentials(struct call *call, const char *why)
{
    struct error err = ERROR_INIT;
    int retry = 0;
    if (!rate_take_failure(call->api, call->peer, clock_monotonic(), &retry)) {
        call_bar(call, retry);
        return;
    }
    error_set(&err, ST_UNAUTHENTICATED, "%s", why);
    if (call->route->auth == AUTH_STATEMENTS) {
        static const struct http_header basic = {
            "WWW-Authenticate", "Basic realm=\"entretiend\", charset=\"UTF-8\""};
        call_failed_with(call, 401, &err, &basic, 1);
        return;
    }
    call_failed(call, &err);
}

static enum status touch_token(struct txn *txn, void *context, struct error *err)
{
    return token_used(txn, context, txn_now(txn), err);
}

static void touch_done(void *context, enum status status, const struct error *err)
{
    (void)err;
    if (status == ST_INTERNAL)
        log_line(LOG_WARNING, "token", "last use could not be written", NULL);
    free(context);
}

/* Writes the last use, at most once a minute and token; never holds up the request. */
static void note_use(struct api *api, struct cached_token *cached)
{
    instant_t now = clock_now(api->options.clock);
    if (cached->touched != INSTANT_NONE && now - cached->touched < touch_us && now >= cached->touched)
        return;
    cached->touched = now;
    char *id = strdup(cached->who.actor);
    if (!id)
        abort();
    const char *organisation = cached->who.organisation[0] ? cached->who.organisation : "system";
    struct store_request request = {
        .organisation = organisation, .actor = id, .priority = LANE_SLICE, .context = id, .done = touch_done};
    if (store_write(api->options.store, &request, touch_token, NULL) != ST_OK)
        free(id);
}

static void admit(struct call *call, struct cached_token *cached)
{
    if (cached->expires_at != INSTANT_NONE && cached->expires_at <= clock_now(call->api->options.clock)) {
        call_refuse_credentials(call, "the token has expired");
        return;
    }
    call->who = cached->who;
    note_use(call->api, cached);
    if (!(call->who.scopes & (call->route->scopes | SCOPE_ADMIN))) {
        struct error err = ERROR_INIT;
        error_set(&err, ST_FORBIDDEN, "the token's scopes do not allow this operation");
        call_failed(call, &err);
        return;
    }
    call_authenticated(call);
}

static unsigned scopes_parse(const char *text)
{
    unsigned scopes = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        for (int i = 0; i < SCOPE_COUNT; i++)
            if (strlen(scope_names[i]) == length && !strncmp(text, scope_names[i], length))
                scopes |= 1u << i;
        text += length + (text[length] == ' ');
    }
    return scopes;
}

static struct cached_token token_of_row(const struct sha256 *hash, const struct token_row *row)
{
    struct cached_token token = {.hash = *hash,
        .known = true,
        .expires_at = row->expires_at,
        .loaded = clock_monotonic(),
        .touched = row->last_used};
    const char *organisation = strcmp(row->organisation, "system") ? row->organisation : "";
    text_copy(token.who.actor, sizeof(token.who.actor), row->id);
    text_copy(token.who.organisation, sizeof(token.who.organisation), organisation);
    text_copy(token.who.employee, sizeof(token.who.employee), row->employee ? row->employee : "");
    token.who.scopes = scopes_parse(row->scopes);
    return token;
}

/* A manager's token ends with the day the person is gone. */
static enum status lookup_leaving(
    const struct snapshot *snapshot, const struct token_row *row, struct cached_token *token, struct error *err)
{
    struct employee_row manager;
    struct duties_frame frame;
    if (!row->employee)
        return ST_OK;
    enum status status = employee_get(snapshot, row->employee, &manager, err);
    if (status == ST_OK)
        status = duties_frame_load(snapshot, row->organisation, INSTANT_NONE, &frame, err);
    if (status != ST_OK || manager.exit_date == DATE_NONE)
        return status;
    instant_t gone = duties_day_end(&frame, manager.exit_date - 1);
    if (token->expires_at == INSTANT_NONE || gone < token->expires_at)
        token->expires_at = gone;
    return ST_OK;
}

static enum status lookup_run(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct lookup *lookup = context;
    struct token_row row;
    enum status status = token_find(snapshot, &lookup->hash, &row, err);
    lookup->found = status == ST_OK;
    if (lookup->found) {
        lookup->token = token_of_row(&lookup->hash, &row);
        status = lookup_leaving(snapshot, &row, &lookup->token, err);
    }
    return status == ST_UNAUTHENTICATED ? ST_OK : status;
}

static void lookup_done(void *context, enum status status, const struct error *err)
{
    struct lookup *lookup = context;
    struct call *call = lookup->call;
    call->in_lane = false;
    if (status != ST_OK) {
        call_failed(call, err);
        return;
    }
    if (!lookup->found) {
        call_refuse_credentials(call, "the token is unknown or was revoked");
        return;
    }
    struct cached_token *slot = &lookup->token;
    if (lookup->generation == call->api->token_generation) {
        slot = cache_slot(call->api, &lookup->hash);
        *slot = lookup->token;
    }
    admit(call, slot);
}

static void look_up(struct call *call, const struct sha256 *hash)
{
    struct error err = ERROR_INIT;
    struct lookup *lookup = ARENA_NEW(call->arena, struct lookup);
    lookup->call = call;
    lookup->generation = call->api->token_generation;
    lookup->hash = *hash;
    struct store_request request = {
        .organisation = "system", .actor = "anonymous", .context = lookup, .done = lookup_done};
    call->in_lane = true;
    if (store_read(call->api->options.store, &request, lookup_run, &err) != ST_OK) {
        call->in_lane = false;
        call_failed(call, &err);
    }
}

static void token_authenticate(struct call *call)
{
    const char *bearer = credentials_bearer(http_header(call->exchange, "authorization"));
    if (!bearer) {
        call_refuse_credentials(call, "expected Authorization: Bearer <token>");
        return;
    }
    struct sha256 hash = sha256(bearer, strlen(bearer));
    struct cached_token *slot = cache_slot(call->api, &hash);
    bool fresh = slot->known && clock_monotonic() - slot->loaded < cache_us;
    if (fresh && bytes_equal_ct(&slot->hash, &hash, sizeof(hash)))
        admit(call, slot);
    else
        look_up(call, &hash);
}

/* What was good a while ago is no guess. */
static bool call_is_known(struct call *call)
{
    if (call->route->auth == AUTH_TOKEN)
        return api_knows_token(call->api, call->exchange);
    return call->route->auth == AUTH_FEED && calendar_known(call);
}

void call_authenticate(struct call *call)
{
    static void (*const authenticators[AUTH_COUNT])(struct call * call) = {
        [AUTH_TOKEN] = token_authenticate,
        [AUTH_HOOK] = hook_authenticate,
        [AUTH_STATEMENTS] = statements_authenticate,
        [AUTH_LINK] = me_authenticate,
        [AUTH_FEED] = call_authenticated,
        [AUTH_NONE] = call_authenticated,
    };
    int retry = 0;
    text_copy(call->who.actor, sizeof(call->who.actor), "anonymous");
    if (call->route->auth != AUTH_NONE && rate_is_barred(call->api, call->peer, clock_monotonic(), &retry) &&
        !call_is_known(call))
        call_bar(call, retry);
    else
        authenticators[call->route->auth](call);
}
