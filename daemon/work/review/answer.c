/*
 * Answers to invitations: what came in by iTIP, and what the organiser makes of a counter-proposal. On a write
 * lane.
 */
#include "work.h"

#include <string.h>

/* ---- counter-proposals */

static const struct invitation_attendee *answer_counter_of(const struct review_work *w)
{
    for (size_t i = 0; i < w->invitation.attendee_count; i++)
        if (w->invitation.attendees[i].countered)
            return &w->invitation.attendees[i];
    return NULL;
}

static enum status answer_accept(struct review_work *w, bool insists, struct error *err)
{
    const struct invitation_attendee *counter = answer_counter_of(w);
    if (!counter)
        return error_set(err, ST_CONFLICT, "nobody has proposed another time");
    instant_t start = counter->answer.start;
    instant_t end = counter->answer.end;
    enum status status = review_check_slot(w, start, end, true, insists, err);
    if (status != ST_OK)
        return status;
    struct review_happening slot = review_slot_event(w, REVIEW_EVENT_RESCHEDULE, start, end);
    return review_happen(w, &slot, err);
}

static enum status answer_refuse(struct review_work *w, struct error *err)
{
    struct review_happening event = review_event(w, REVIEW_EVENT_REFUSE_COUNTER);
    enum status status = review_happen(w, &event, err);
    return status == ST_OK ? review_apply_answers(w, err) : status;
}

enum status review_answer_counter(struct txn *txn, const char *id, bool accept, int short_notice,
    int64_t expected, struct review *ret, struct error *err)
{
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    enum status status = review_load(txn, id, expected, w, err);
    if (status == ST_OK)
        status = accept ? answer_accept(w, short_notice == 1, err) : answer_refuse(w, err);
    if (status != ST_OK)
        return status;
    return review_save(w, accept ? "review.rescheduled" : "review.counter_refused", NULL, ret, err);
}

/* ---- replies */

/* A REFRESH is answered with the same message; other answers change the state of the review. */
static enum status answer_take(struct review_work *w, const struct itip_outcome *outcome, struct error *err)
{
    struct review shown;
    w->attendees_changed = true;
    if (outcome->message.method != ITIP_NONE) {
        w->messages[w->message_count++] = outcome->message;
        return review_save(w, "review.resent", NULL, &shown, err);
    }
    enum status status = review_apply_answers(w, err);
    return status == ST_OK ? review_save(w, "review.answered", NULL, &shown, err) : status;
}

enum status review_receive(
    struct txn *txn, const struct itip_received *received, struct itip_outcome *ret, struct error *err)
{
    struct review_row row;
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    enum status status = review_by_uid(txn_snapshot(txn), received->uid, &row, err);
    if (status == ST_OK)
        status = review_load(txn, row.id, 0, w, err);
    if (status != ST_OK)
        return status;
    struct invitation after;
    struct itip_outcome outcome = invitation_receive(&w->invitation, received, w->now, w->arena, &after);
    if (outcome.verdict == ITIP_TAKEN) {
        w->invitation = after;
        status = answer_take(w, &outcome, err);
    }
    if (status == ST_OK)
        *ret = outcome;
    return status;
}
