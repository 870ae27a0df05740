#pragma once
/*
 * xAPI statements received for a source: kept for whoever asks for them again, and read for the completions
 * they tell of, which go the way of every other completion.
 */
#include "lms/statement.h"
#include "work/completion.h"

/* All or nothing. An id that is known is taken for a repeat when the statement says the same, else ST_CONFLICT
 * names it. Voiding takes a completion back. `request` is what the inbox keeps of the request. */
enum status statements_receive(struct txn *txn, const struct source_reader *source,
    const struct lms_request *request, const struct lms_statements *statements, struct completion_receipt *ret,
    struct error *err);
