/*
 * Times to propose for a review. On a read lane.
 */
#include "agenda.h"
#include "internal.h"
#include "work.h"

#include <string.h>

enum { SLOT_MINUTES = 60, SLOT_LIMIT = 20, SLOT_WEEKS = 42 };

struct slots_work {
    const struct snapshot *snapshot;
    struct arena *arena;
    char key[ORG_KEY_MAX];
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
    enum status status = duties_frame_load(w->snapshot, w->key, INSTANT_NONE, &frame, err);
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

/* A calendar that was not read that far, or not for a day, says nothing of the time. */
static const char *slots_knowledge(
    const struct slots_work *w, const struct agenda_calendar *calendar, const struct slot *slot)
{
    bool known = calendar->as_of != INSTANT_NONE && slot->start >= calendar->from &&
                 slot->end <= calendar->to && snapshot_now(w->snapshot) - calendar->as_of <= US_PER_DAY;
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
            .employee = slots_knowledge(w, &w->employee, &found[i]),
            .interviewer = w->review.interviewer ? slots_knowledge(w, &w->interviewer, &found[i]) : NULL};
    *ret = (struct review_slots){.items = slots,
        .count = count,
        .from = w->from,
        .to = w->to,
        .employee = slots_calendar(&w->employee),
        .interviewer = slots_calendar(&w->interviewer),
        .explanation =
            count ? NULL : agenda_explain(w->arena, (enum lang)w->organisation.locale, &tally, w->from, w->to)};
}

static enum status slots_load(struct slots_work *w, const char *id, struct error *err)
{
    struct review_row row;
    enum status status = review_get(w->snapshot, id, &row, err);
    return status == ST_OK ? review_of_row(w->arena, &row, &w->review, err) : status;
}

static enum status slots_busy(struct slots_work *w, struct error *err)
{
    const struct review *review = &w->review;
    w->agenda = agenda_init(w->snapshot, w->arena, &w->organisation, w->from, w->to);
    w->agenda.own_start = review->start;
    w->agenda.own_end = review->end;
    enum status status = agenda_add(&w->agenda, review->employee, AGENDA_EMPLOYEE, review->id, err);
    if (status == ST_OK)
        status = agenda_add(&w->agenda, review->interviewer, AGENDA_INTERVIEWER, review->id, err);
    if (status == ST_OK)
        status = agenda_calendar(&w->agenda, review->employee, AGENDA_EMPLOYEE, &w->employee, err);
    if (status == ST_OK)
        status = agenda_calendar(&w->agenda, review->interviewer, AGENDA_INTERVIEWER, &w->interviewer, err);
    return status;
}

static enum status slots_propose(
    struct slots_work *w, const struct review_slot_search *search, struct review_slots *ret, struct error *err)
{
    (void)id_parse(w->review.employee, "emp", w->key);
    enum status status = organisation_view(w->snapshot, w->key, &w->organisation, err);
    if (status != ST_OK)
        return status;
    w->today = organisation_today(&w->organisation, snapshot_now(w->snapshot));
    status = slots_window(w, search, err);
    if (status == ST_OK)
        status = slots_employed(w, err);
    if (status == ST_OK)
        status = slots_busy(w, err);
    if (status == ST_OK)
        slots_search(w, search, ret);
    return status;
}

enum status review_propose_slots(const struct snapshot *snapshot, const char *id,
    const struct review_slot_search *search, struct review_slots *ret, struct error *err)
{
    struct slots_work w = {.snapshot = snapshot, .arena = snapshot_arena(snapshot)};
    enum status status = slots_load(&w, id, err);
    return status == ST_OK ? slots_propose(&w, search, ret, err) : status;
}

enum status review_propose_first_slots(const struct snapshot *snapshot, const char *employee,
    const char *interviewer, const struct review_slot_search *search, struct review_slots *ret,
    struct error *err)
{
    struct slots_work w = {.snapshot = snapshot, .arena = snapshot_arena(snapshot)};
    field_clear(&review_table, &w.review);
    w.review.employee = employee;
    w.review.interviewer = interviewer;
    return slots_propose(&w, search, ret, err);
}

/* ---- what is not known */

static bool slots_unknown(const char *knowledge)
{
    return knowledge && strcmp(knowledge, "unknown") == 0;
}

const char *review_unknown_calendars(const struct review_slots *slots, enum lang lang)
{
    static const char *const words[][LANG_COUNT] = {
        {"L'agenda de la personne n'a pas pu être consulté : ces moments ne tiennent compte que de ses "
         "absences et "
         "de ses autres entretiens.",
            "The person's calendar could not be read: these times heed absences and other reviews only."},
        {"Votre agenda n'a pas pu être consulté : ces moments ne tiennent compte que de vos absences et de vos "
         "autres entretiens.",
            "Your calendar could not be read: these times heed your absences and other reviews only."},
        {"Les agendas n'ont pas pu être consultés : ces moments ne tiennent compte que des absences et des "
         "autres "
         "entretiens. Vérifiez que vous êtes libres tous les deux.",
            "Neither calendar could be read: these times heed absences and other reviews only. Check that both "
            "of "
            "you are free."},
    };
    unsigned unknown = 0;
    for (size_t i = 0; i < slots->count; i++) {
        unknown |= slots_unknown(slots->items[i].employee) ? 1 : 0;
        unknown |= slots_unknown(slots->items[i].interviewer) ? 2 : 0;
    }
    return unknown ? words[unknown - 1][lang] : NULL;
}
