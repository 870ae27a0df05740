/*
 * What reviews ask to be sent, as rows of the outbox. On a write lane.
 */
#include "work/delivery.h"

#include "base/buf.h"
#include "base/json.h"
#include "model/review.h"
#include "store/delivery.h"
#include "store/employee.h"
#include "store/review.h"

static const char *delivery_kind(int method)
{
    switch (method) {
    case ITIP_CANCEL:
        return "cancellation";
    case ITIP_DECLINECOUNTER:
        return "counter_refusal";
    default:
        return "invitation";
    }
}

static const char *delivery_payload(struct arena *arena, const struct invitation_message *message)
{
    BUF_AUTO text;
    buf_init(&text, 0);
    struct json_writer w = json_writer(&text);
    jw_open(&w, '{');
    jw_member(&w, "method", itip_method_name((enum itip_method)message->method));
    jw_member_int(&w, "sequence", message->sequence);
    jw_member_instant(&w, "dtstamp", message->dtstamp);
    jw_member_bool(&w, "removed", message->removed);
    jw_close(&w, '}');
    return arena_strndup(arena, text.data, text.size);
}

enum status delivery_invitation(
    struct txn *txn, const char *review, const struct invitation_message *message, struct error *err)
{
    struct review_row row;
    int64_t withdrawn;
    enum status status = review_get(txn_snapshot(txn), review, &row, err);
    if (status != ST_OK)
        return status;
    if (message->method == ITIP_NONE)
        return message->drops ? delivery_withdraw_review(txn, review, "invitation", &withdrawn, err) : ST_OK;
    struct delivery_row delivery = {.channel = "mail",
        .kind = delivery_kind(message->method),
        .employee = row.employee,
        .review = row.id,
        .recipient = message->email,
        .uid = row.uid,
        .sequence = message->sequence,
        .due_at = INSTANT_NONE,
        .payload = delivery_payload(txn_arena(txn), message)};
    return delivery_add(txn, &delivery, err);
}

static enum status delivery_notice(
    struct txn *txn, const struct review_row *review, const char *person, const char *kind, struct error *err)
{
    struct employee_row to;
    if (!person)
        return ST_OK;
    enum status status = employee_get(txn_snapshot(txn), person, &to, err);
    if (status != ST_OK || !to.email)
        return status;
    struct delivery_row delivery = {.channel = "mail",
        .kind = kind,
        .employee = review->employee,
        .review = review->id,
        .recipient = to.email,
        .due_at = INSTANT_NONE,
        .payload = "{}"};
    return delivery_add(txn, &delivery, err);
}

enum status delivery_notices(struct txn *txn, const char *review, unsigned notices, struct error *err)
{
    struct review_row row;
    enum status status = review_get(txn_snapshot(txn), review, &row, err);
    if (status == ST_OK && (notices & REVIEW_NOTICE_SLOT))
        status = delivery_notice(txn, &row, row.employee, "slot", err);
    if (status == ST_OK && (notices & REVIEW_NOTICE_WITHDRAWN))
        status = delivery_notice(txn, &row, row.employee, "slot_withdrawn", err);
    if (status == ST_OK && (notices & REVIEW_NOTICE_INTERVIEWER))
        status = delivery_notice(txn, &row, row.interviewer, "decision", err);
    return status;
}

enum status delivery_drop_reminders(struct txn *txn, const char *review, struct error *err)
{
    int64_t withdrawn;
    return delivery_withdraw_review(txn, review, "reminder", &withdrawn, err);
}
