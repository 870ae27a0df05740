/*
 * What a platform says is not, or not any more: a completion that is known is taken back by a record of its
 * own, and counts again when the platform shows it again. On a write lane.
 */
#include "pull.h"

#include "completion.h"

#include <string.h>

enum { DENIED_MAX = 20 };

#define DENIED_SUFFIX "/undone"

static bool is_denial(const char *identity)
{
    size_t length = strlen(identity), suffix = strlen(DENIED_SUFFIX);
    return length > suffix && !strcmp(identity + length - suffix, DENIED_SUFFIX);
}

/* The record that takes back what `identity` says, and its completion; *ret_known: there is one. */
static enum status denied_row(struct txn *txn, const char *source, const char *identity,
    struct item_row *ret_item, struct completion_row *ret, bool *ret_known, struct error *err)
{
    const char *taken_back = arena_printf(txn_arena(txn), "%s" DENIED_SUFFIX, identity);
    enum status status =
        item_by_identity(txn_snapshot(txn), txn_organisation(txn), source, taken_back, ret_item, err);
    *ret_known = status == ST_OK && ret_item->completion;
    if (status == ST_NOT_FOUND) {
        error_clear(err);
        return ST_OK;
    }
    return *ret_known ? completion_get(txn_snapshot(txn), ret_item->completion, ret, err) : status;
}

static enum status denied_settle(struct txn *txn, const struct item_row *item, struct error *err)
{
    struct completion_row row;
    struct completion_said said;
    enum status status = completion_get(txn_snapshot(txn), item->completion, &row, err);
    if (status == ST_OK)
        status = completion_said_of_row(txn_arena(txn), &row, &said, err);
    return status == ST_OK ? completion_settle(txn, &row, &said, item->sha256, err) : status;
}

/* Taken back once more: by the record that is there already. */
static enum status denied_again(
    struct txn *txn, const struct item_row *item, struct completion_row *row, struct error *err)
{
    if (strcmp(row->state, "other") != 0)
        return ST_OK;
    row->state = lms_effect_names[LMS_UNDONE];
    row->occurred_at = txn_now(txn);
    enum status status = completion_update(txn, row, 0, err);
    if (status == ST_OK)
        txn_audit(txn, "completion.denied", row->id, NULL);
    return status == ST_OK ? denied_settle(txn, item, err) : status;
}

enum status pull_deny(struct txn *txn, const struct source_reader *reader, const struct lms_request *answer,
    const struct lms_denial *denial, struct completion_receipt *ret, struct error *err)
{
    struct item_list known;
    enum status status = items_by_prefix(
        txn_snapshot(txn), txn_organisation(txn), reader->id, denial->prefix, DENIED_MAX, &known, err);
    *ret = (struct completion_receipt){0};
    for (size_t i = 0; status == ST_OK && i < known.count; i++) {
        struct item_row taken_back;
        struct completion_row row;
        struct lms_item item = denial->pulled.item;
        bool denied = false;
        if (is_denial(known.items[i].identity))
            continue;
        status = denied_row(txn, reader->id, known.items[i].identity, &taken_back, &row, &denied, err);
        if (status != ST_OK)
            return status;
        item.identity = arena_printf(txn_arena(txn), "%s" DENIED_SUFFIX, known.items[i].identity);
        status = denied ? denied_again(txn, &taken_back, &row, err)
                        : completion_accept(txn, reader, answer,
                              &(struct lms_envelope){.items = &item, .count = 1}, ret, err);
    }
    return status;
}

enum status pull_show_again(struct txn *txn, const char *source, const char *identity, struct error *err)
{
    struct completion_row denial;
    struct item_row shown, taken_back;
    bool denied = false;
    enum status status = denied_row(txn, source, identity, &taken_back, &denial, &denied, err);
    if (status != ST_OK || !denied || strcmp(denial.state, lms_effect_names[LMS_UNDONE]) != 0)
        return status;
    denial.state = "other";
    status = completion_update(txn, &denial, 0, err);
    if (status == ST_OK)
        status = item_by_identity(txn_snapshot(txn), txn_organisation(txn), source, identity, &shown, err);
    if (status != ST_OK)
        return status;
    txn_audit(txn, "completion.shown_again", shown.completion, NULL);
    return denied_settle(txn, &shown, err);
}
