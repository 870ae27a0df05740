/* /v1/badges: badges that people hold elsewhere, verified where they are hosted. */
#include "operations.h"

#include "op.h"
#include "work/badge.h"

static enum status badge_write(struct txn *txn, struct call *call, struct error *err)
{
    struct operation_row operation;
    enum status status = badge_hand_in(txn, call->in, &operation, err);
    return status == ST_OK ? call_answer_operation(call, &operation) : status;
}

const struct op badge_post = {.name = "badge_hand_in",
    .summary = "Verifies a hosted Open Badge and keeps it as evidence; the operation says why not",
    .input = &badge_order_table,
    .output = &operation_table,
    .created = 202,
    .write = badge_write};
