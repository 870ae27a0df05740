/*
 * Times to propose for a review. On a read lane.
 */
#include "agenda.h"
#include "internal.h"
#include "review_work.h"

enum { SLOT_MINUTES = 60, SLOT_LIMIT = 20, SLOT_WEEKS = 42 };

struct slots_work {
    const struct snapshot *snapshot;
    struct arena *arena;
    struct organisation organisation;
    date_t today;
    struct review review;
    date_t from, to;
    struct agenda agenda;
    struct agenda_calendar employee, interviewer;
};

/* ---- where to look */

/* The open duty that falls due first; the visit is none of ours. */
static const struct duty *slots_duty(const struct duties *duties)
{
    const struct duty *first = NULL;
    for (size_t i = 0; i < duties->open_count; i++) {
        const struct duty *duty = &duties->open[i];
        if (!duty_state_open((enum duty_state)duty->state) || duty->family == DUTY_MIDCAREER_VISIT)
            continue;
        if (!first || duty->due < first->due)
            first = duty;
    }
    return first;
}

static enum status slots_window(
    struct slots_work *w, const struct review_slot_search *search, struct error *err)
{
    struct duties_frame frame;
    struct duties_view view;
    char key[ORG_KEY_MAX];
    (void)id_parse(w->review.id, "rev", key);
    enum status status = duties_frame_load(w->snapshot, key, INSTANT_NONE, &frame, err);
    if (status == ST_OK)
        status = duties_view(w->snapshot, &frame, w->review.employee, frame.today, INSTANT_NONE, &view, err);
    if (status != ST_OK)
        return status;
    const struct duty *duty = slots_duty(&view.duties);
    struct agenda_window window = agenda_window(duty ? duty->due : DATE_NONE, duty ? duty->limit : DATE_NONE,
        duty ? duty->opens : DATE_NONE, &w->organisation, w->today);
    w->from = window.from;
    w->to = window.to;
    if (search->from != DATE_NONE)
        w->from = search->from;
    if (search->to != DATE_NONE)
        w->to = search->to;
    else if (w->to < w->from)
        w->to = w->from + SLOT_WEEKS;
    if (w->to < w->from)
        return error_field(err, "/to", "is before the first day");
    if (w->to - w->from > SLOT_DAYS_MAX)
        return error_field(err, "/to", "is more than %d days after the first", SLOT_DAYS_MAX);
    if (w->from < w->today)
        w->from = w->today;
    return ST_OK;
}

/* ---- who is there */

/* Before the hire and from the exit on there is nobody to meet. */
static enum status slots_employed(struct slots_work *w, struct error *err)
{
    struct employee_row employee;
    enum status status = employee_get(w->snapshot, w->review.employee, &employee, err);
    if (status != ST_OK)
        return status;
    if (employee.hire_date != DATE_NONE && w->from < employee.hire_date)
        w->from = employee.hire_date;
    if (employee.exit_date != DATE_NONE && w->to >= employee.exit_date)
        w->to = employee.exit_date - 1;
    return ST_OK;
}

/* ---- the search */

static int slots_minutes(const struct slots_work *w, const struct review_slot_search *search)
{
    if (search->duration != FIELD_INT_NONE)
        return (int)search->duration;
    if (w->review.start == INSTANT_NONE || w->review.end == INSTANT_NONE)
        return SLOT_MINUTES;
    return (int)((w->review.end - w->review.start) / (60 * US_PER_SEC));
}

/* A calendar that was not read that far says nothing of the time. */
static const char *slots_knowledge(const struct agenda_calendar *calendar, const struct slot *slot)
{
    bool known = calendar->as_of != INSTANT_NONE && slot->start >= calendar->from && slot->end <= calendar->to;
    return known ? "free" : "unknown";
}

static struct review_calendar slots_calendar(const struct agenda_calendar *calendar)
{
    return (struct review_calendar){.as_of = calendar->as_of, .problem = calendar->problem};
}

static void slots_search(
    const struct slots_work *w, const struct review_slot_search *search, struct review_slots *ret)
{
    struct slot found[SLOTS_MAX];
    struct slot_tally tally;
    size_t limit = search->limit == FIELD_INT_NONE ? SLOT_LIMIT : (size_t)search->limit;
    struct slot_search task =
        agenda_search(w->arena, &w->organisation, snapshot_now(w->snapshot), slots_minutes(w, search));
    task.busy = w->agenda.busy;
    task.busy_count = w->agenda.count;
    task.from = w->from;
    task.to = w->to;
    size_t count = slots_find(&task, found, limit < SLOTS_MAX ? limit : SLOTS_MAX, &tally);
    struct review_slot *slots = ARENA_ARRAY(w->arena, count, struct review_slot);
    for (size_t i = 0; i < count; i++)
        slots[i] = (struct review_slot){.start = found[i].start,
            .end = found[i].end,
            .employee = slots_knowledge(&w->employee, &found[i]),
            .interviewer = w->review.interviewer ? slots_knowledge(&w->interviewer, &found[i]) : NULL};
    *ret = (struct review_slots){.items = slots,
        .count = count,
        .from = w->from,
        .to = w->to,
        .employee = slots_calendar(&w->employee),
        .interviewer = slots_calendar(&w->interviewer),
        .explanation = count ? NULL : agenda_explain(w->arena, &tally, w->from, w->to)};
}

static enum status slots_load(struct slots_work *w, const char *id, struct error *err)
{
    struct review_row row;
    char key[ORG_KEY_MAX];
    enum status status = review_get(w->snapshot, id, &row, err);
    if (status == ST_OK)
        status = review_of_row(w->arena, &row, &w->review, err);
    if (status != ST_OK)
        return status;
    (void)id_parse(id, "rev", key);
    status = organisation_view(w->snapshot, key, &w->organisation, err);
    w->today = organisation_today(&w->organisation, snapshot_now(w->snapshot));
    return status;
}

enum status review_propose_slots(const struct snapshot *snapshot, const char *id,
    const struct review_slot_search *search, struct review_slots *ret, struct error *err)
{
    struct slots_work w = {.snapshot = snapshot, .arena = snapshot_arena(snapshot)};
    enum status status = slots_load(&w, id, err);
    if (status == ST_OK)
        status = slots_window(&w, search, err);
    if (status == ST_OK)
        status = slots_employed(&w, err);
    if (status != ST_OK)
        return status;
    w.agenda = agenda_init(snapshot, w.arena, &w.organisation, w.from, w.to);
    status = agenda_add(&w.agenda, w.review.employee, AGENDA_EMPLOYEE, id, err);
    if (status == ST_OK)
        status = agenda_add(&w.agenda, w.review.interviewer, AGENDA_INTERVIEWER, id, err);
    w.agenda.own_start = w.review.start;
    w.agenda.own_end = w.review.end;
    if (status == ST_OK)
        status = agenda_calendar(&w.agenda, w.review.employee, AGENDA_EMPLOYEE, &w.employee, err);
    if (status == ST_OK)
        status = agenda_calendar(&w.agenda, w.review.interviewer, AGENDA_INTERVIEWER, &w.interviewer, err);
    if (status == ST_OK)
        slots_search(&w, search, ret);
    return status;
}
