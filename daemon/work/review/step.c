/*
 * The transitions of a review that people ask for: one row each says what it needs, what it leaves behind and
 * how it is audited. On a write lane.
 */
#include "own.h"
#include "work.h"
#include "work/delivery.h"

#include <string.h>

struct step_row {
    int event; /* enum review_event */
    const char *verb;
    /* Checks the step, notes what it leaves behind, completes the happening. */
    enum status (*prepare)(struct review_work *w, const struct review_step *step,
        struct review_happening *happening, struct error *err);
};

static enum status step_propose(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    instant_t start = step->start == INSTANT_NONE ? w->is.start : step->start;
    instant_t end = step->start == INSTANT_NONE ? w->is.end : review_end(start, step->end, step->duration);
    *happening = review_slot_event(w, REVIEW_EVENT_PROPOSE, start, end);
    return review_check_slot(w, start, end, true, step->short_notice == 1, err);
}

static enum status step_invite(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    (void)happening;
    if (w->is.start == INSTANT_NONE || w->is.start <= w->now)
        return ST_OK;
    return review_check_slot(w, w->is.start, w->is.end, true, step->short_notice == 1, err);
}

static enum status step_hold(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    struct employee_row person;
    enum status status = review_check_day(w, step->date, review_first_day(w), "/date", err);
    if (step->by && own_employee(w->txn, step->by, "/by", &person, err) != ST_OK)
        status = ST_INVALID;
    if (step->by && strcmp(step->by, w->employee.id) == 0)
        status = error_field(err, "/by", "an employee does not hold their own review");
    if (review_set_topics(w, &step->themes, &step->information, err) != ST_OK)
        status = ST_INVALID;
    happening->held_on = step->date;
    w->is.held_by = step->by ? step->by : w->is.interviewer;
    return status;
}

static bool step_is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static enum status step_report(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    (void)happening;
    struct review_report *report = ARENA_NEW(w->arena, struct review_report);
    *report = (struct review_report){.date = step->date == DATE_NONE ? w->today : step->date,
        .reference = step->reference,
        .sha256 = step->sha256};
    w->is.report = report;
    enum status status = review_check_day(w, report->date, w->is.held, "/date", err);
    if (step->sha256 && !step_is_sha256(step->sha256))
        status = error_field(err, "/sha256", "expected 64 hexadecimal digits in lower case");
    return status;
}

static enum status step_copy(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    (void)happening;
    struct review_copy *copy = ARENA_NEW(w->arena, struct review_copy);
    *copy = (struct review_copy){.date = step->date, .means = step->means, .proof = step->proof};
    w->is.copy = copy;
    return review_check_day(w, copy->date, w->is.held, "/date", err);
}

static enum status step_absence(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    (void)happening;
    const struct review_no_show *before = w->is.no_shows.items;
    size_t count = w->is.no_shows.count;
    if (count >= REVIEW_NO_SHOWS_MAX)
        return error_set(err, ST_CONFLICT, "the employee was absent %zu times: close the review", count);
    struct review_no_show *all = ARENA_ARRAY(w->arena, count + 1, struct review_no_show);
    for (size_t i = 0; i < count; i++)
        all[i] = before[i];
    date_t slot_on = w->is.start == INSTANT_NONE ? w->today : zone_date(w->zone, w->is.start);
    all[count] =
        (struct review_no_show){.date = step->date == DATE_NONE ? slot_on : step->date, .reason = step->reason};
    w->is.no_shows = (struct list){.items = all, .count = count + 1};
    return ST_OK;
}

static enum status step_refuse(struct review_work *w, const struct review_step *step,
    struct review_happening *happening, struct error *err)
{
    (void)happening;
    struct review_refusal *refusal = ARENA_NEW(w->arena, struct review_refusal);
    *refusal = (struct review_refusal){
        .date = step->date == DATE_NONE ? w->today : step->date, .proof = step->proof, .reason = step->reason};
    w->is.refusal = refusal;
    return review_check_day(w, refusal->date, DATE_NONE, "/date", err);
}

static const struct step_row step_rows[] = {
    {REVIEW_EVENT_PROPOSE, "review.proposed", step_propose},
    {REVIEW_EVENT_INVITE, "review.invited", step_invite},
    {REVIEW_EVENT_RESEND, "review.resent", NULL},
    {REVIEW_EVENT_HOLD, "review.held", step_hold},
    {REVIEW_EVENT_REPORT, "review.reported", step_report},
    {REVIEW_EVENT_COPY, "review.copied", step_copy},
    {REVIEW_EVENT_ABSENCE, "review.missed", step_absence},
    {REVIEW_EVENT_CLOSE, "review.closed", NULL},
    {REVIEW_EVENT_REFUSE, "review.refused", step_refuse},
    {REVIEW_EVENT_CANCEL, "review.cancelled", NULL},
};

static const struct step_row *step_find(int event)
{
    for (size_t i = 0; i < sizeof step_rows / sizeof step_rows[0]; i++)
        if (step_rows[i].event == event)
            return &step_rows[i];
    return NULL;
}

/* The state is judged before the details: a review that cannot be held needs no date. */
static enum status step_run(
    struct review_work *w, const struct step_row *row, const struct review_step *step, struct error *err)
{
    struct review_happening happening = review_event(w, (enum review_event)row->event);
    happening.reason = step->reason;
    bool allowed = review_allows((enum review_state)w->is.state, (enum review_event)row->event);
    enum status status = ST_OK;
    if (allowed && row->prepare)
        status = row->prepare(w, step, &happening, err);
    return status == ST_OK ? review_happen(w, &happening, err) : status;
}

/* Asking again for an invitation that is out sends the same once more. */
static int step_event(const struct review_work *w, const struct review_step *step)
{
    bool again = step->event == REVIEW_EVENT_INVITE && review_answerable((enum review_state)w->is.state);
    return again ? REVIEW_EVENT_RESEND : step->event;
}

enum status review_do(struct txn *txn, const char *id, const struct review_step *step, int64_t expected,
    struct review *ret, struct error *err)
{
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    enum status status = review_load(txn, id, expected, w, err);
    if (status != ST_OK)
        return status;
    const struct step_row *row = step_find(step_event(w, step));
    if (!row)
        return error_set(err, ST_INTERNAL, "no step %d of a review", step->event);
    status = step_run(w, row, step, err);
    if (status == ST_OK)
        status = review_save(w, row->verb, step->reason, ret, err);
    return status == ST_OK && row->event == REVIEW_EVENT_REPORT ? delivery_copy_ready(txn, id, err) : status;
}
