/*
 * Reads that leave a record: who has looked at evidence as it came, with all that it says of people. The answer
 * waits until the record is written, and is none when it cannot be. Loop thread, but for witness_write.
 */
#include "internal.h"

void call_witness(struct call *call, const char *verb, const char *subject)
{
    call->witness_verb = verb;
    call->witness_subject = arena_strdup(call->arena, subject);
}

static enum status witness_write(struct txn *txn, void *context, struct error *err)
{
    const struct call *call = context;
    (void)err;
    txn_audit(txn, call->witness_verb, call->witness_subject, NULL);
    return ST_OK;
}

static void witness_done(void *context, enum status status, const struct error *err)
{
    struct call *call = context;
    call->in_lane = false;
    if (status == ST_OK)
        call_respond(call);
    else
        call_failed(call, err);
}

void witness_before_answer(struct call *call)
{
    struct error err = ERROR_INIT;
    char *organisation = arena_alloc(call->arena, ORG_KEY_MAX);
    (void)id_parse(call->witness_subject, NULL, organisation);
    const struct store_request request = {.organisation = organisation,
        .actor = call->who.actor,
        .priority = LANE_PEOPLE,
        .context = call,
        .done = witness_done};
    call->in_lane = true;
    if (store_write(call->api->options.store, &request, witness_write, &err) != ST_OK) {
        call->in_lane = false;
        call_failed(call, &err);
    }
}
