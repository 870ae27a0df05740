/*
 * A patch of a review: read as the events it amounts to, each through the one transition table. On a write
 * lane.
 */
#include "work.h"

#include "base/text.h"
#include "own.h"

/* What a patch does, besides the fields it writes. */
struct change_plan {
    bool slot, interviewer, place, nature, correction, record;
};

static bool change_given(const struct review *patch, const char *name)
{
    return field_given(&review_table, patch, name);
}

static bool change_was_held(const struct review_work *w)
{
    return w->was.held != DATE_NONE;
}

/* The patch over what is; times, people and corrections are looked at by themselves. */
static struct review change_merged(const struct review_work *w, const struct review *patch)
{
    struct review merged = w->is;
    (void)field_merge(&review_table, &merged, patch);
    if (!change_given(patch, "end") && change_given(patch, "duration"))
        merged.end = review_end(merged.start, INSTANT_NONE, patch->duration);
    else if (change_given(patch, "start") && !change_given(patch, "end") && w->is.end != INSTANT_NONE)
        merged.end = merged.start == INSTANT_NONE ? INSTANT_NONE : merged.start + (w->is.end - w->is.start);
    return merged;
}

static struct change_plan change_read(
    const struct review_work *w, const struct review *patch, const struct review *merged)
{
    const struct review *is = &w->is;
    bool to_come = change_given(patch, "held") && merged->held != is->held;
    bool nature = merged->type != is->type || (merged->recap == 1) != (is->recap == 1);
    return (struct change_plan){.slot = merged->start != is->start || merged->end != is->end,
        .interviewer = !text_equal(merged->interviewer, is->interviewer),
        .place = merged->mode != is->mode || !text_equal(merged->location, is->location) ||
                 !text_equal(merged->conference_url, is->conference_url),
        .nature = nature,
        .correction = to_come || (nature && change_was_held(w)),
        .record = change_given(patch, "themes") || change_given(patch, "information") ||
                  change_given(patch, "held_by")};
}

/* ---- each part */

static enum status change_interviewer(struct review_work *w, const struct review *merged, struct error *err)
{
    enum status status = review_set_interviewer(w, merged->interviewer, "/interviewer", err);
    if (status != ST_OK)
        return status;
    struct review_happening event = review_event(w, REVIEW_EVENT_REPLACE);
    status = review_happen(w, &event, err);
    return status == ST_OK ? review_apply_answers(w, err) : status;
}

static enum status change_slot(
    struct review_work *w, const struct review *patch, const struct review *merged, struct error *err)
{
    enum review_state state = (enum review_state)w->is.state;
    bool again = state == REVIEW_NO_SHOW;
    enum review_event event = again ? REVIEW_EVENT_RECONVENE : REVIEW_EVENT_RESCHEDULE;
    if (!review_allows(state, event)) {
        struct review_happening refused = review_slot_event(w, event, merged->start, merged->end);
        return review_happen(w, &refused, err);
    }
    bool convenes = again || review_answerable(state);
    enum status status =
        review_check_slot(w, merged->start, merged->end, convenes, patch->short_notice == 1, err);
    if (status != ST_OK)
        return status;
    struct review_happening slot = review_slot_event(w, event, merged->start, merged->end);
    return review_happen(w, &slot, err);
}

static enum status change_nature(struct review_work *w, const struct review *merged, struct error *err)
{
    if (merged->type == REVIEW_ANNUAL && merged->recap == 1)
        return error_field(err, "/recap", "an annual review is no recap of the path");
    w->is.type = merged->type;
    w->is.recap = merged->recap == 1;
    return ST_OK;
}

/* What the record of a review that did not take place has left is no longer true; the history keeps it. */
static void change_forget_record(struct review_work *w)
{
    w->is.held_by = NULL;
    w->is.themes = w->is.information = (struct list){0};
    w->is.report = NULL;
    w->is.copy = NULL;
    w->is.refusal = NULL;
}

static enum status change_correct(
    struct review_work *w, const struct review *patch, const struct review *merged, struct error *err)
{
    struct review_happening event = review_event(w, REVIEW_EVENT_CORRECT);
    event.held_on = merged->held;
    event.reason = patch->reason;
    enum status status = ST_OK;
    if (merged->held != DATE_NONE)
        status = review_check_day(w, merged->held, review_first_day(w), "/held", err);
    if (status == ST_OK)
        status = review_happen(w, &event, err);
    if (status == ST_OK && merged->held == DATE_NONE)
        change_forget_record(w);
    return status;
}

/* What was covered, by whom: once it is held. */
static enum status change_record(
    struct review_work *w, const struct review *patch, const struct review *merged, struct error *err)
{
    struct employee_row person;
    if (w->is.held == DATE_NONE)
        return error_set(err, ST_CONFLICT, "the review is %s: what it covered is recorded once it is held",
            review_state_name((enum review_state)w->is.state));
    if (change_given(patch, "held_by")) {
        if (merged->held_by && own_employee(w->txn, merged->held_by, "/held_by", &person, err) != ST_OK)
            return ST_INVALID;
        w->is.held_by = merged->held_by;
    }
    return review_set_topics(w, &merged->themes, &merged->information, err);
}

static enum status change_place(
    struct review_work *w, const struct review *merged, bool told, struct error *err)
{
    w->is.mode = merged->mode;
    w->is.location = merged->location;
    w->is.conference_url = merged->conference_url;
    struct review_happening event = review_event(w, REVIEW_EVENT_CHANGE);
    return told ? ST_OK : review_happen(w, &event, err);
}

/* A new slot or list tells everyone the place too: one message, not two. */
static enum status change_apply(struct review_work *w, const struct review *patch, const struct review *merged,
    const struct change_plan *plan, struct error *err)
{
    enum status status = ST_OK;
    bool told = plan->slot || plan->interviewer;
    bool nature_event = plan->nature && !plan->correction && !told && !plan->place;
    if (plan->correction)
        status = change_correct(w, patch, merged, err);
    if (status == ST_OK && plan->nature)
        status = change_nature(w, merged, err);
    if (status == ST_OK && (plan->place || nature_event))
        status = change_place(w, merged, told, err);
    if (status == ST_OK && plan->interviewer)
        status = change_interviewer(w, merged, err);
    if (status == ST_OK && plan->slot)
        status = change_slot(w, patch, merged, err);
    if (status == ST_OK && plan->record)
        status = change_record(w, patch, merged, err);
    return status;
}

static const char *change_verb(const struct review_work *w, const struct change_plan *plan)
{
    if (plan->correction)
        return "review.corrected";
    if (!plan->slot)
        return "review.changed";
    return w->was.state == REVIEW_NO_SHOW ? "review.reconvened" : "review.rescheduled";
}

enum status review_change(struct txn *txn, const char *id, const struct review *patch, int64_t expected,
    struct review *ret, struct error *err)
{
    struct review_work *w = ARENA_NEW(txn_arena(txn), struct review_work);
    enum status status = review_load(txn, id, expected, w, err);
    if (status != ST_OK)
        return status;
    struct review merged = change_merged(w, patch);
    struct change_plan plan = change_read(w, patch, &merged);
    status = change_apply(w, patch, &merged, &plan, err);
    if (status != ST_OK)
        return status;
    if (field_equal(&review_audit_table, &w->was, &w->is))
        return review_view_of(txn_snapshot(txn), &w->row, ret, err);
    return review_save(w, change_verb(w, &plan), patch->reason, ret, err);
}
