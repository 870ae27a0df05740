/*
 * Tokens that name a key nobody knows: the platform may have rotated since its set was fetched. It is fetched
 * again at once, but seldom, for anybody can name a key; whoever comes meanwhile waits unread and is verified
 * once more. Loop thread.
 */
#include "hooks.h"

#include "base/text.h"
#include "work/jwks.h"

#include <stdlib.h>
#include <string.h>

/* Anybody can name a key: they leave room for platforms that wait for the store. */
enum { WAITING_MAX = 100 };
/* How long after a wish the next one is heard, how long calls wait for one, how often they look. */
static const int64_t rest_us = 60 * US_PER_SEC, wait_us = 5 * US_PER_SEC, look_us = US_PER_SEC / 5;

/* Of a source; there are as many as sources that sign with tokens. */
struct key_wish {
    struct key_wish *next;
    struct api *api;
    char source[ID_MAX], organisation[ORG_KEY_MAX];
    int64_t at;
    bool writing;
};

static enum status wish_run(struct txn *txn, void *context, struct error *err)
{
    const struct key_wish *wish = context;
    return jwks_want(txn, wish->source, err);
}

static void wish_done(void *context, enum status status, const struct error *err)
{
    struct key_wish *wish = context;
    const struct api_options *options = &wish->api->options;
    (void)err;
    wish->writing = false; /* what could not be written is wished for again by the next one */
    if (status == ST_OK && options->changed)
        options->changed(options->changed_context, wish->organisation);
}

static struct key_wish *wish_of(struct api *api, const char *source)
{
    for (struct key_wish *wish = api->key_wishes; wish; wish = wish->next)
        if (!strcmp(wish->source, source))
            return wish;
    struct key_wish *wish = calloc(1, sizeof *wish);
    if (!wish)
        abort();
    *wish = (struct key_wish){.next = api->key_wishes, .api = api, .at = -rest_us};
    text_copy(wish->source, sizeof wish->source, source);
    (void)id_parse(source, "src", wish->organisation);
    api->key_wishes = wish;
    return wish;
}

static void keys_look(struct call *call)
{
    hook_open(call, look_us);
}

bool call_await_keys(struct call *call)
{
    struct hook *hook = call->state;
    struct key_wish *wish = wish_of(call->api, hook->source->id);
    int64_t now = clock_monotonic();
    if (!wish->writing && now - wish->at >= rest_us) {
        struct store_request request = {.organisation = wish->organisation,
            .actor = "system",
            .priority = LANE_PEOPLE,
            .context = wish,
            .done = wish_done};
        wish->writing = store_write(call->api->options.store, &request, wish_run, NULL) == ST_OK;
        wish->at = wish->writing ? now : wish->at;
    }
    return now - wish->at < wait_us && call->api->held < WAITING_MAX && call_hold(call, keys_look);
}

void key_wishes_free(struct api *api)
{
    while (api->key_wishes) {
        struct key_wish *wish = api->key_wishes;
        api->key_wishes = wish->next;
        free(wish);
    }
}
