/* /v1/identities: keys of platforms that were taken for the wrong person. */
#include "op.h"

#include "work/identity.h"

static enum status merge_write(struct txn *txn, struct call *call, struct error *err)
{
    struct identity_outcome outcome;
    enum status status = identity_merge(txn, call->in, &outcome, err);
    if (status == ST_OK)
        call_answer(call, &outcome, 0);
    return status;
}

const struct op identity_merge_op = {.name = "identity_merge",
    .summary = "Two employees are one for the platforms: keys and completions go over",
    .input = &identity_merge_table,
    .output = &identity_outcome_table,
    .write = merge_write};

static enum status split_write(struct txn *txn, struct call *call, struct error *err)
{
    struct identity_outcome outcome;
    enum status status = identity_split(txn, call->in, &outcome, err);
    if (status == ST_OK)
        call_answer(call, &outcome, 0);
    return status;
}

const struct op identity_split_op = {.name = "identity_split",
    .summary = "A key means another person than it was taken for: what came by it goes over",
    .input = &identity_split_table,
    .output = &identity_outcome_table,
    .write = split_write};
