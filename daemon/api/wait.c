/*
 * Calls that wait for an operation or an import: held on a list of the loop until api_notify names their id or
 * their time is up, then sent once more through a read lane for the final answer. A daemon that stops holds
 * none: each is answered with what was known when it began to wait.
 */
#include "internal.h"

#include <string.h>

void wait_forget(struct call *call)
{
    for (struct call **at = &call->api->waiting; *at; at = &(*at)->next) {
        if (*at == call) {
            *at = call->next;
            call->next = NULL;
            return;
        }
    }
}

static void wait_over(void *context)
{
    struct call *call = context;
    wait_forget(call);
    call_run(call);
}

void call_await(struct call *call, const char *id, int64_t us)
{
    call->await = us > 0 ? id : NULL;
    call->await_us = us;
}

void call_await_end(struct call *call, const char *id, int64_t seconds)
{
    int64_t patience = seconds == FIELD_INT_NONE ? 0 : seconds * US_PER_SEC;
    int64_t left = patience - (clock_monotonic() - call->started);
    call_await(call, id, left < US_PER_SEC ? left : US_PER_SEC);
}

void call_wait(struct call *call)
{
    call->next = call->api->waiting;
    call->api->waiting = call;
    if (!call->timer)
        call->timer = timer_new(call->api->options.loop, wait_over, call);
    timer_arm(call->timer, call->await_us);
}

void wait_end(struct api *api)
{
    while (api->waiting) {
        struct call *call = api->waiting;
        wait_forget(call);
        timer_disarm(call->timer);
        call_respond(call);
    }
}

void api_notify(struct api *api, const char *id)
{
    struct call *ready = NULL;
    for (struct call **at = &api->waiting; *at;) {
        struct call *call = *at;
        if (strcmp(call->await, id) != 0) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        call->next = ready;
        ready = call;
    }
    while (ready) {
        struct call *call = ready;
        ready = call->next;
        call->next = NULL;
        timer_disarm(call->timer);
        call_run(call);
    }
}
