/*
 * What becomes of the reviews to come when a person leaves, gets another manager or another address: cancelled,
 * held by somebody else, or the invitation sent where it can be read. On a write lane.
 */
#include "work.h"

#include "base/log.h"
#include "base/text.h"
#include "internal.h"
#include "text/sentence.h"

#include <string.h>

enum { FOLLOW_PAGE = 200 };

/* One person's change, and the review under hand. */
struct follow {
    const struct employee *before, *after;
    const char *review;
};

static bool follow_left(const struct follow *f)
{
    return f->after->exit_date != DATE_NONE && f->after->exit_date != f->before->exit_date;
}

static bool follow_moved_address(const struct follow *f)
{
    return f->after->email && !text_equal(f->before->email, f->after->email);
}

static bool follow_new_manager(const struct follow *f)
{
    return f->before->manager && !text_equal(f->before->manager, f->after->manager);
}

/* Whether the review comes when the person has gone; one without a slot does once the person has. */
static bool follow_is_after(const struct review_work *w, date_t exit)
{
    date_t day = w->is.start == INSTANT_NONE ? w->today : zone_date(w->zone, w->is.start);
    return exit != DATE_NONE && exit <= day;
}

static bool follow_is_open(const struct review_work *w)
{
    enum review_state state = (enum review_state)w->is.state;
    bool passed = w->is.start != INSTANT_NONE && w->is.start <= w->now;
    return !passed && (state == REVIEW_DRAFT || state == REVIEW_PROPOSED || review_answerable(state));
}

/* ---- what is done */

static enum status follow_cancel(struct review_work *w, date_t exit, struct error *err)
{
    struct review shown;
    enum lang lang = (enum lang)w->organisation.locale;
    const char *day = sentence_date(w->arena, lang, exit);
    const char *reason = arena_printf(w->arena, lang == LANG_FR ? "départ le %s" : "leaves on %s", day);
    struct review_happening event = review_event(w, REVIEW_EVENT_CANCEL);
    event.reason = reason;
    enum status status = review_happen(w, &event, err);
    return status == ST_OK ? review_save(w, "review.cancelled", reason, &shown, err) : status;
}

static enum status follow_replace(struct review_work *w, struct error *err)
{
    struct review shown;
    struct review_happening event = review_event(w, REVIEW_EVENT_REPLACE);
    enum status status = review_happen(w, &event, err);
    if (status == ST_OK)
        status = review_apply_answers(w, err);
    return status == ST_OK ? review_save(w, "review.changed", NULL, &shown, err) : status;
}

/* Somebody who is there on the day and can be written to. */
static bool follow_can_hold(const struct review_work *w, const char *id)
{
    struct employee_row person;
    if (!id || !strcmp(id, w->employee.id) || employee_get(txn_snapshot(w->txn), id, &person, NULL) != ST_OK)
        return false;
    return person.email && !follow_is_after(w, person.exit_date) &&
           (!w->employee.email || strcasecmp(person.email, w->employee.email) != 0);
}

/* The manager holds it; when there is none who can, nobody does, and HR is asked. */
static enum status follow_hand_over(struct review_work *w, struct error *err)
{
    const char *manager = w->employee.manager;
    const char *next = follow_can_hold(w, manager) && !text_equal(manager, w->is.interviewer) ? manager : NULL;
    enum status status = review_set_interviewer(w, next, "/interviewer", err);
    if (!next)
        w->notices |= REVIEW_NOTICE_HR;
    return status == ST_OK ? follow_replace(w, err) : status;
}

/* ---- which of it */

static enum status follow_as_employee(const struct follow *f, struct review_work *w, struct error *err)
{
    if (follow_left(f) && follow_is_after(w, f->after->exit_date))
        return follow_cancel(w, f->after->exit_date, err);
    if (follow_new_manager(f) && text_equal(w->is.interviewer, f->before->manager) &&
        follow_can_hold(w, f->after->manager))
        return follow_hand_over(w, err);
    bool invited = review_answerable((enum review_state)w->is.state);
    return follow_moved_address(f) && invited ? follow_replace(w, err) : ST_OK;
}

static enum status follow_as_interviewer(const struct follow *f, struct review_work *w, struct error *err)
{
    if (follow_left(f) && follow_is_after(w, f->after->exit_date))
        return follow_hand_over(w, err);
    bool invited = review_answerable((enum review_state)w->is.state);
    return follow_moved_address(f) && invited ? follow_replace(w, err) : ST_OK;
}

static enum status follow_one(struct txn *txn, void *context, struct error *err)
{
    const struct follow *f = context;
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    enum status status = review_load(txn, f->review, 0, w, err);
    if (status != ST_OK || !follow_is_open(w))
        return status;
    return text_equal(w->is.employee, f->after->id) ? follow_as_employee(f, w, err)
                                                    : follow_as_interviewer(f, w, err);
}

/* A review that cannot follow stops neither the change nor the others. */
static enum status follow_try(struct txn *txn, struct follow *f, struct error *err)
{
    struct error why = ERROR_INIT;
    enum status status = txn_try(txn, follow_one, f, &why);
    if (status == ST_BUSY || status == ST_FULL)
        return error_set(err, status, "%s", why.detail);
    if (status != ST_OK)
        log_line(LOG_WARNING, "review", "cannot follow a change of its people", "review=%s detail=%s",
            f->review, why.detail);
    return ST_OK;
}

static enum status follow_filtered(
    struct txn *txn, struct follow *f, const struct review_filter *filter, struct error *err)
{
    struct page page = {.limit = FOLLOW_PAGE};
    enum status status = ST_OK;
    do {
        struct review_list list;
        status = review_list(txn_snapshot(txn), txn_organisation(txn), filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++) {
            f->review = list.items[i].id;
            status = follow_try(txn, f, err);
        }
        page.cursor = status == ST_OK ? list.next : NULL;
    } while (page.cursor);
    return status;
}

enum status review_follow(
    struct txn *txn, const struct employee *before, const struct employee *after, struct error *err)
{
    struct follow f = {.before = before, .after = after};
    const struct review_filter own = {.employee = after->id, .from = DATE_NONE, .to = DATE_NONE};
    const struct review_filter holds = {.interviewer = after->id, .from = DATE_NONE, .to = DATE_NONE};
    bool concerns_others = follow_left(&f) || follow_moved_address(&f);
    enum status status = ST_OK;
    if (concerns_others || follow_new_manager(&f))
        status = follow_filtered(txn, &f, &own, err);
    return status == ST_OK && concerns_others ? follow_filtered(txn, &f, &holds, err) : status;
}
