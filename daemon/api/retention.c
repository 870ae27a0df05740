/* /v1/retention: what has outlived its term, and having it emptied and erased before the night. */
#include "work/retention.h"

#include "internal.h"
#include "ops.h"

static enum status retention_read(const struct snapshot *snapshot, struct call *call, struct error *err)
{
    struct retention out;
    enum status status = retention_view(snapshot, call->organisation, &call->api->options.retention, &out, err);
    if (status == ST_OK)
        call_answer(call, &out, 0);
    return status;
}

static enum status retention_write(struct txn *txn, struct call *call, struct error *err)
{
    enum status status = retention_ask(txn, err);
    call_location(call, "/v1/retention");
    struct retention out;
    if (status == ST_OK)
        status =
            retention_view(txn_snapshot(txn), call->organisation, &call->api->options.retention, &out, err);
    if (status != ST_OK)
        return status;
    out.departed = (struct list){0}; /* an answer may be kept for a repeated request */
    call_answer(call, &out, 0);
    return ST_OK;
}

const struct op retention_get = {.name = "retention_get",
    .summary = "How much has outlived its term, and who: what the next night empties and erases",
    .output = &retention_table,
    .read = retention_read};

const struct op retention_post = {.name = "retention_start",
    .summary = "Empties and erases now what has outlived its term",
    .output = &retention_table,
    .created = 202,
    .write = retention_write};
