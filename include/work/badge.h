#pragma once
/*
 * Badges that are handed in: Open Badges 2.0 at an address of their own. A job fetches them; what they prove is
 * kept as evidence, of a completion that is known or of one of its own under a source that stands for all
 * badges of the organisation.
 */
#include "base/field.h"
#include "lms/badge.h"
#include "store/operation.h"

struct badge_order {
    const char *url;
    const char *employee;
    const char *completion; /* NULL: one of its own */
};
extern const struct field_table badge_order_table;

#define BADGE_VERIFY "badge_verify" /* kind of the operations */

/* Asks for the badge to be fetched. ST_INVALID with pointers; ST_CONFLICT: the completion is another person's.
 */
enum status badge_hand_in(
    struct txn *txn, const struct badge_order *order, struct operation_row *ret, struct error *err);
/* What the operation asks for. ST_INTERNAL: it is none of these. */
enum status badge_order_read(
    struct arena *arena, const char *request, struct badge_order *ret, struct error *err);
/* All documents are here: keeps them, or *ret_problem says why not. *ret_result: JSON object for the operation.
 * Twice makes no difference. */
enum status badge_keep(struct txn *txn, const struct badge_order *order, const struct lms_badge_documents *docs,
    const char **ret_result, const char **ret_problem, struct error *err);
