/*
 * What becomes of a campaign as a whole: all are invited, or what nobody was invited to is cancelled. One
 * review after the other, each as by hand; what one of them refuses stops no other. On a write lane.
 */
#include "campaign_work.h"

#include "base/clock.h"
#include "base/text.h"
#include "internal.h"
#include "work/review.h"

#include <string.h>

enum { END_PAGE = 40, END_BUDGET_MS = 25 };

/* ---- what is asked */

static enum status end_begin(struct txn *txn, const char *id, struct campaign_work *ret, struct error *err)
{
    *ret = (struct campaign_work){.txn = txn, .arena = txn_arena(txn)};
    enum status status = campaign_get(txn_snapshot(txn), id, &ret->row, err);
    return status == ST_OK ? field_parse(&campaign_options_table, ret->arena, ret->row.options,
                                 strlen(ret->row.options), FIELD_MODE_STORED, &ret->options, err)
                           : status;
}

static enum status end_write(
    struct campaign_work *w, enum campaign_state state, struct campaign_row *ret, struct error *err)
{
    w->row.state = campaign_state_names[state];
    w->row.cursor = NULL;
    w->row.options = campaign_json(w->arena, &w->options);
    *ret = w->row;
    return campaign_update(w->txn, &w->row, err);
}

enum status campaign_invite(
    struct txn *txn, const char *id, bool short_notice, struct campaign_row *ret, struct error *err)
{
    struct campaign_work w;
    enum status status = end_begin(txn, id, &w, err);
    if (status != ST_OK)
        return status;
    if (!text_equal(w.row.state, campaign_state_names[CAMPAIGN_DONE]))
        return error_set(err, ST_CONFLICT, "the campaign is %s: wait until it is done", w.row.state);
    if (w.options.dry_run == 1)
        return error_set(err, ST_CONFLICT, "it was a dry run: there are no reviews to invite to");
    w.options.short_notice = short_notice;
    return end_write(&w, CAMPAIGN_INVITING, ret, err);
}

enum status campaign_discard(struct txn *txn, const char *id, struct campaign_row *ret, struct error *err)
{
    struct campaign_work w;
    enum status status = end_begin(txn, id, &w, err);
    if (status != ST_OK)
        return status;
    if (text_equal(w.row.state, campaign_state_names[CAMPAIGN_INVITING]))
        return error_set(err, ST_CONFLICT, "the campaign is inviting: wait until it is done");
    status = placement_discard_waiting(txn, id, err);
    return status == ST_OK ? end_write(&w, CAMPAIGN_DISCARDING, ret, err) : status;
}

/* ---- one review */

struct ending {
    struct campaign_work *w;
    struct placement_row row;
    struct review_step step;
    const char *state; /* of the placement, when it went well */
};

static enum status end_step(struct txn *txn, void *context, struct error *err)
{
    const struct ending *e = context;
    struct review shown;
    return review_do(txn, e->row.review, &e->step, 0, &shown, err);
}

static enum status end_try(struct ending *e, struct error *err)
{
    struct error why = ERROR_INIT;
    enum status status = txn_try(e->w->txn, end_step, e, &why);
    bool refused = status == ST_INVALID || status == ST_CONFLICT || status == ST_NOT_FOUND;
    if (status != ST_OK && !refused) {
        *err = why;
        return status;
    }
    e->row.reason = e->row.explanation = NULL;
    if (status == ST_OK) {
        e->row.state = e->state;
    } else {
        e->row.reason = e->step.event == REVIEW_EVENT_INVITE ? "not_invited" : "not_discarded";
        e->row.explanation = arena_strdup(e->w->arena, why.count ? why.fields[0].detail : why.detail);
    }
    return placement_update(e->w->txn, e->w->row.id, &e->row, err);
}

/* Somebody may have been invited, or the review cancelled, by hand. */
static enum status end_one(struct ending *e, struct error *err)
{
    struct review_row review;
    enum status status = review_get(txn_snapshot(e->w->txn), e->row.review, &review, err);
    if (status != ST_OK)
        return status;
    int state = work_name_index(review_state_names, review.state);
    if (state == REVIEW_DRAFT || state == REVIEW_PROPOSED)
        return end_try(e, err);
    e->row.state = state == REVIEW_CANCELLED ? "discarded" : "invited";
    return placement_update(e->w->txn, e->w->row.id, &e->row, err);
}

/* ---- all of them */

static enum status end_some(struct campaign_work *w, const struct ending *each, struct error *err)
{
    struct placement_list list;
    int64_t end = clock_monotonic() + END_BUDGET_MS * INT64_C(1000);
    size_t done = 0;
    enum status status = placement_after(
        txn_snapshot(w->txn), w->row.id, placement_state_names[2], w->row.cursor, END_PAGE, &list, err);
    while (status == ST_OK && done < list.count && (done == 0 || clock_monotonic() < end)) {
        struct ending one = *each;
        one.w = w;
        one.row = list.items[done];
        w->row.cursor = list.items[done++].employee;
        status = end_one(&one, err);
    }
    if (status == ST_OK && done == list.count && list.count < END_PAGE) {
        w->row.state = campaign_state_names[CAMPAIGN_DONE];
        w->row.cursor = NULL;
    }
    return status;
}

static struct review_step end_event(enum review_event event)
{
    return (struct review_step){.event = (int)event,
        .date = DATE_NONE,
        .means = FIELD_UNSET,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .duration = FIELD_INT_NONE};
}

enum status campaign_invite_some(struct campaign_work *w, struct error *err)
{
    struct ending each = {.step = end_event(REVIEW_EVENT_INVITE), .state = "invited"};
    each.step.short_notice = w->options.short_notice;
    return end_some(w, &each, err);
}

enum status campaign_discard_some(struct campaign_work *w, struct error *err)
{
    struct ending each = {.step = end_event(REVIEW_EVENT_CANCEL), .state = "discarded"};
    each.step.reason =
        w->organisation.locale == LANG_FR ? "campagne d'entretiens abandonnée" : "the campaign was discarded";
    return end_some(w, &each, err);
}
