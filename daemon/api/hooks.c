/*
 * /hooks/{source}: what LMS platforms post. The signature is verified on the loop with what is remembered of
 * the source, so that strangers reach neither a lane nor the store; what is authentic is stored in one
 * transaction and answered after COMMIT.
 */
#include "hooks.h"

#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOOK_READ_MAX = 16 * 1024 };

static const int64_t source_fresh_us = 30 * US_PER_SEC;

/* A source remembered; the requests that use it hold a reference. */
struct cached_source {
    struct source_reader *reader;
    unsigned uses;
    int64_t loaded;
};

static void cached_release(struct cached_source *cached)
{
    if (--cached->uses > 0)
        return;
    source_close(cached->reader);
    free(cached);
}

static struct cached_source **cached_slot(struct api *api, const char *id)
{
    unsigned hash = 0;
    for (const char *c = id; *c; c++)
        hash = hash * 31 + (unsigned char)*c;
    return &api->sources[hash % SOURCE_CACHE_SLOTS];
}

bool api_knows_source(struct api *api, const char *id)
{
    const struct cached_source *cached = *cached_slot(api, id);
    return cached && !strcmp(cached->reader->id, id);
}

void api_forget_sources(struct api *api)
{
    for (size_t i = 0; i < SOURCE_CACHE_SLOTS; i++) {
        if (api->sources[i])
            cached_release(api->sources[i]);
        api->sources[i] = NULL;
    }
    api->source_generation++;
}

static void hook_forget(void *value)
{
    cached_release(value);
}

static void hook_use(struct call *call, struct cached_source *cached)
{
    struct hook *hook = call->state;
    cached->uses++;
    arena_defer(call->arena, hook_forget, cached);
    hook->source = cached->reader;
}

static struct lms_request hook_request(struct call *call)
{
    struct lms_header *headers = ARENA_ARRAY(call->arena, call->headers.count + 1, struct lms_header);
    for (size_t i = 0; i < call->headers.count; i++)
        headers[i] =
            (struct lms_header){.name = call->headers.pairs[i].name, .value = call->headers.pairs[i].value};
    return (struct lms_request){.headers = headers, .header_count = call->headers.count, .body = call->request};
}

static void hook_verify(struct call *call)
{
    struct hook *hook = call->state;
    struct api *api = call->api;
    struct error err = ERROR_INIT;
    hook->request = hook_request(call);
    const struct lms_signature *signature = hook->signature ? hook->signature : hook->source->signature;
    lms_verify(call->arena, signature, &hook->source->keys, &hook->request, clock_now(api->options.clock),
        &hook->verdict);
    if (hook->verdict.unknown_key && call_await_keys(call))
        return;
    if (hook->verdict.outcome != LMS_ACCEPTED) {
        call_refuse_credentials(call, hook->verdict.sentence);
        return;
    }
    hook->verified = true;
    if (hook->source->paused) {
        error_set(&err, ST_BUSY, "this source is paused");
        call_failed(call, &err);
        return;
    }
    char actor[ID_MAX + 8];
    snprintf(actor, sizeof actor, "hook:%s", hook->source->id);
    text_copy(call->who.actor, sizeof call->who.actor, actor);
    call_authenticated(call);
}

static enum status hook_load_run(const struct snapshot *snapshot, void *context, struct error *err)
{
    struct hook *hook = context;
    source_close(hook->source); /* of a run that has to be repeated */
    hook->source = NULL;
    const struct keyring *keyring = hook->call->api->options.keyring;
    return source_open(snapshot, keyring, hook->id, &hook->source, err);
}

static void hook_load_done(void *context, enum status status, const struct error *err)
{
    struct hook *hook = context;
    struct call *call = hook->call;
    call->in_lane = false;
    if (status == ST_NOT_FOUND) {
        call->refusal = 404;
        call_refuse_credentials(call, "there is no such source");
        return;
    }
    if (status != ST_OK) {
        source_close(hook->source);
        call_failed(call, err);
        return;
    }
    hook->source->keep_raw = call->api->options.keep_raw;
    struct cached_source *cached = calloc(1, sizeof *cached);
    if (!cached)
        abort();
    *cached = (struct cached_source){.reader = hook->source, .loaded = clock_monotonic()};
    hook_use(call, cached);
    if (hook->generation == call->api->source_generation) {
        struct cached_source **slot = cached_slot(call->api, hook->source->id);
        if (*slot)
            cached_release(*slot);
        cached->uses++;
        *slot = cached;
    }
    hook_verify(call);
}

static void hook_load(struct call *call)
{
    struct error err = ERROR_INIT;
    struct hook *hook = call->state;
    hook->generation = call->api->source_generation;
    hook->source = NULL; /* what was remembered goes with the call */
    struct store_request request = {.actor = "anonymous", .context = hook, .done = hook_load_done};
    call->in_lane = true;
    if (store_read(call->api->options.store, &request, hook_load_run, &err) != ST_OK) {
        call->in_lane = false;
        call_failed(call, &err);
    }
}

void hook_open(struct call *call, int64_t fresh)
{
    struct hook *hook = call->state;
    struct cached_source *cached = *cached_slot(call->api, hook->id);
    if (!cached || strcmp(cached->reader->id, hook->id) != 0 || clock_monotonic() - cached->loaded >= fresh) {
        hook_load(call);
        return;
    }
    hook_use(call, cached);
    hook_verify(call);
}

void source_authenticate(struct call *call, const char *id, const struct lms_signature *signature)
{
    struct hook *hook = ARENA_NEW(call->arena, struct hook);
    *hook = (struct hook){.call = call, .id = id, .signature = signature};
    call->state = hook;
    if (!id_valid(id, "src")) {
        call->refusal = 404;
        call_refuse_credentials(call, "there is no such source");
        return;
    }
    hook_open(call, source_fresh_us);
}

/* In place of a token: calls call_authenticated or refuses, now or later. */
void hook_authenticate(struct call *call)
{
    source_authenticate(call, call_param(call, "source"), NULL);
}

/* Small bodies are read here, the lane is for what needs the store; the rest is not to hold up the loop. */
static enum status hook_parse(struct call *call, struct error *err)
{
    struct hook *hook = call->state;
    const struct lms_input input = {.source = hook->source->id,
        .request = &hook->request,
        .content = hook->verdict.content,
        .message_id = hook->verdict.message_id,
        .now = clock_now(call->api->options.clock)};
    if (hook->verdict.content.size > HOOK_READ_MAX)
        return ST_OK;
    hook->read = true;
    return lms_parse(call->arena, hook->source->platform, hook->source->mapping, &input, &hook->parsed, err);
}

static enum status hook_write(struct txn *txn, struct call *call, struct error *err)
{
    const struct hook *hook = call->state;
    struct completion_receipt receipt;
    enum status status =
        hook->read ? completion_accept(txn, hook->source, &hook->request, &hook->parsed, &receipt, err)
                   : completion_receive(txn, hook->source, &hook->request, &hook->verdict, &receipt, err);
    if (status != ST_OK)
        return status;
    struct json_writer w = call_writer(call);
    jw_open(&w, '{');
    jw_member_int(&w, "received", (int64_t)receipt.received);
    jw_member_int(&w, "completions", (int64_t)receipt.completions);
    jw_member_int(&w, "duplicates", (int64_t)receipt.duplicates);
    jw_member_int(&w, "quarantined", (int64_t)receipt.quarantined);
    jw_member_int(&w, "ignored", (int64_t)receipt.ignored);
    jw_close(&w, '}');
    return ST_OK;
}

const struct op hook_receive = {.name = "hook_receive",
    .summary = "A platform posts completions, proved by its signature",
    .consumes = "*/*",
    .parse = hook_parse,
    .write = hook_write};
