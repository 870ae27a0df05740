/* What HR is told of what came back: an answer that waits for a person, a message nobody got. On a lane. */
#include "outbox.h"

#include "work/delivery.h"

enum status delivery_tell_unverified(struct txn *txn, const char *review, struct error *err)
{
    static const char *const words[LANG_COUNT] = {"Une réponse est arrivée dont l'expéditeur n'est pas prouvé "
                                                  ": elle ne compte pas avant d'être confirmée.",
        "An answer came in whose sender is not proved: it does not count until it is confirmed."};
    struct outbox_scene scene;
    enum status status = outbox_scene_review(txn, review, &scene, err);
    if (status != ST_OK)
        return status;
    struct outbox_reader to = outbox_reader_hr(&scene);
    struct letter_values values = outbox_values(&scene, &to);
    values.comment = words[to.lang];
    const struct outbox_mail mail = {
        .kind = "decision", .letter = LETTER_DECISION, .to = &to, .values = &values};
    return outbox_add(&scene, &mail, err);
}

enum status delivery_tell_calendar(
    struct txn *txn, const char *review, const char *address, const char *why, struct error *err)
{
    struct outbox_scene scene;
    enum status status = outbox_scene_review(txn, review, &scene, err);
    if (status != ST_OK)
        return status;
    struct outbox_reader to = outbox_reader_hr(&scene);
    struct letter_values values = outbox_values(&scene, &to);
    values.address = address;
    values.comment = why;
    const struct outbox_mail mail = {.kind = "calendar_failed",
        .letter = LETTER_CALENDAR_FAILED,
        .to = &to,
        .values = &values,
        .subject = address};
    return outbox_add(&scene, &mail, err);
}

static enum status tell_scene(
    struct txn *txn, const struct delivery_row *delivery, struct outbox_scene *ret, struct error *err)
{
    if (delivery->review)
        return outbox_scene_review(txn, delivery->review, ret, err);
    enum status status = outbox_scene(txn, ret, err);
    if (status == ST_OK && delivery->employee)
        status = outbox_scene_employee(ret, delivery->employee, err);
    return status;
}

enum status delivery_tell_return(struct txn *txn, const char *delivery, const char *why, struct error *err)
{
    struct delivery_row row;
    struct outbox_scene scene;
    enum status status = delivery_get(txn_snapshot(txn), delivery, &row, err);
    if (status == ST_OK)
        status = tell_scene(txn, &row, &scene, err);
    if (status != ST_OK)
        return status;
    struct outbox_reader to = outbox_reader_hr(&scene);
    struct letter_values values = outbox_values(&scene, &to);
    values.address = row.recipient;
    values.comment = why;
    const struct outbox_mail mail = {
        .kind = "returned", .letter = LETTER_RETURNED, .to = &to, .values = &values, .subject = row.id};
    return outbox_add(&scene, &mail, err);
}
