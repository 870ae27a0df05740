/*
 * What a sender says of the rows it has claimed: sent, to be tried again, given up; with the audit record and
 * what it means for the review. And what people ask to be sent again. On a lane.
 */
#include "base/json.h"
#include "mail/redact.h"
#include "model/invitation.h"
#include "store/review.h"
#include "work/delivery.h"
#include "work/link.h"

#include <string.h>

static void send_audit(struct txn *txn, const struct delivery_row *row, const char *verb, const char *why)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "kind", row->kind);
    jw_member(&w, "channel", row->channel);
    jw_member(&w, "recipient", row->recipient);
    jw_member(&w, "employee", row->employee);
    jw_member(&w, "review", row->review);
    jw_member(&w, "message_id", row->message_id);
    if (row->sha256)
        jw_member(&w, "sha256", row->sha256);
    if (why)
        jw_member(&w, "error", why);
    jw_close(&w, '}');
    txn_audit(txn, verb, row->id, text.data);
}

/* From now on a cancellation must reach this person. */
static enum status send_mark(struct txn *txn, const struct delivery_row *row, struct error *err)
{
    if (!row->uid || !row->review)
        return ST_OK;
    return attendee_mark_sent(txn, row->review, row->recipient, row->sequence, err);
}

/* What is kept opens no page: the hash proves what was sent, the links are the reader's alone. */
static struct span send_keep(struct arena *arena, struct span sent)
{
    char *kept = sent.size ? arena_copy(arena, sent.data, sent.size) : NULL;
    if (kept)
        (void)mail_redact(arena, kept, sent.size, LINK_PATH, LINK_SECRET_LENGTH);
    return (struct span){kept, sent.size};
}

enum status delivery_settle(
    struct txn *txn, const char *owner, const struct delivery_end *end, struct error *err)
{
    struct delivery_row row;
    enum status status = delivery_get(txn_snapshot(txn), end->id, &row, err);
    if (status != ST_OK)
        return status;
    if (end->outcome == DELIVERY_RETRY)
        return delivery_failed(txn, end->id, owner, end->why, end->next_at, err);
    bool sent = end->outcome == DELIVERY_SENT;
    if (sent)
        status = delivery_sent(txn, end->id, owner, send_keep(txn_arena(txn), row.content), err);
    else if (end->outcome == DELIVERY_REPLACED)
        status = delivery_replaced(txn, end->id, owner, end->why, err);
    else
        status = delivery_dead(txn, end->id, owner, end->why, err);
    if (status != ST_OK)
        return status;
    send_audit(txn, &row, sent ? "delivery.sent" : "delivery.abandoned", sent ? NULL : end->why);
    return sent ? send_mark(txn, &row, err) : ST_OK;
}

enum status delivery_again(struct txn *txn, const char *id, struct error *err)
{
    enum status status = delivery_retry(txn, id, err);
    if (status == ST_OK)
        txn_audit(txn, "delivery.retried", id, NULL);
    return status;
}
