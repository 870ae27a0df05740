/*
 * Times to propose for a review. On a read lane.
 */
#include "internal.h"
#include "model/slot.h"
#include "review_work.h"

#include <string.h>

enum { SLOT_MINUTES = 60, SLOT_STEP = 30, SLOT_PER_DAY = 3, SLOT_LIMIT = 20, SLOT_WEEKS = 42 };
static const char slot_unknown[] = "unknown";

struct slots_work {
    const struct snapshot *snapshot;
    struct arena *arena;
    struct organisation organisation;
    const struct zone *zone;
    date_t today;
    struct review review;
    date_t from, to;
    struct slot_busy *busy;
    size_t busy_count, busy_room;
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
    date_t soonest = w->today + REVIEW_NOTICE_MIN;
    const struct duty *duty = slots_duty(&view.duties);
    w->from = soonest;
    w->to = soonest + SLOT_WEEKS;
    if (duty)
        duty_window(duty, &frame.policies, w->today, &w->from, &w->to);
    /* Too late for the full notice: the shortest, then as soon as can be. */
    if (w->to < w->from)
        w->from = soonest;
    if (w->to < w->from)
        w->to = w->from + SLOT_WEEKS;
    if (w->to > w->from + SLOT_DAYS_MAX)
        w->from = w->to - SLOT_DAYS_MAX;
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

/* ---- what is in the way */

static void slots_add_busy(struct slots_work *w, instant_t start, instant_t end)
{
    if (w->busy_count == w->busy_room) {
        size_t room = w->busy_room ? w->busy_room * 2 : 16;
        struct slot_busy *all = ARENA_ARRAY(w->arena, room, struct slot_busy);
        for (size_t i = 0; i < w->busy_count; i++)
            all[i] = w->busy[i];
        w->busy = all;
        w->busy_room = room;
    }
    w->busy[w->busy_count++] = (struct slot_busy){.start = start, .end = end};
}

static enum status slots_absences(struct slots_work *w, const char *person, struct error *err)
{
    struct list facts;
    enum status status = facts_of(w->snapshot, &absence_facts, person, INSTANT_NONE, &facts, err);
    const struct absence *absences = facts.items;
    for (size_t i = 0; status == ST_OK && i < facts.count; i++) {
        const struct absence_type *type = rules_absence_type(duties_rules(), absences[i].type);
        date_t last = absences[i].end == DATE_NONE || absences[i].end > w->to ? w->to : absences[i].end;
        if (type && type->away && absences[i].start <= w->to && last >= w->from)
            slots_add_busy(w, zone_instant(w->zone, absences[i].start, 0), zone_instant(w->zone, last + 1, 0));
    }
    return status;
}

static enum status slots_reviews(
    struct slots_work *w, const struct review_filter *filter, const char *organisation, struct error *err)
{
    const struct page page = {.limit = PAGE_MAX};
    struct review_list list;
    enum status status = review_list(w->snapshot, organisation, filter, &page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        const struct review_row *row = &list.items[i];
        int state = work_name_index(review_state_names, row->state);
        bool set =
            state == REVIEW_DRAFT || state == REVIEW_PROPOSED || review_answerable((enum review_state)state);
        if (set && row->starts_at != INSTANT_NONE && strcmp(row->id, w->review.id) != 0)
            slots_add_busy(w, row->starts_at, row->ends_at);
    }
    return status;
}

static enum status slots_person(struct slots_work *w, const char *person, struct error *err)
{
    char key[ORG_KEY_MAX];
    if (!person || !id_parse(person, "emp", key))
        return ST_OK;
    const struct review_filter own = {.employee = person, .from = w->from, .to = w->to};
    const struct review_filter held = {.interviewer = person, .from = w->from, .to = w->to};
    enum status status = slots_absences(w, person, err);
    if (status == ST_OK)
        status = slots_reviews(w, &own, key, err);
    return status == ST_OK ? slots_reviews(w, &held, key, err) : status;
}

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

static const struct slot_hours *slots_hours(const struct slots_work *w)
{
    const struct working_hours *from = w->organisation.working_hours.items;
    size_t count = w->organisation.working_hours.count;
    struct slot_hours *hours = ARENA_ARRAY(w->arena, count, struct slot_hours);
    for (size_t i = 0; i < count; i++)
        hours[i] = (struct slot_hours){.weekday = (int)from[i].weekday,
            .from = time_of_day(from[i].start),
            .to = time_of_day(from[i].end)};
    return hours;
}

static void slots_search(
    const struct slots_work *w, const struct review_slot_search *search, struct review_slots *ret)
{
    struct slot found[SLOTS_MAX];
    size_t limit = search->limit == FIELD_INT_NONE ? SLOT_LIMIT : (size_t)search->limit;
    struct slot_search task = {.zone = w->zone,
        .holidays = w->organisation.holidays,
        .hours = slots_hours(w),
        .hours_count = w->organisation.working_hours.count,
        .busy = w->busy,
        .busy_count = w->busy_count,
        .from = w->from,
        .to = w->to,
        .minutes = slots_minutes(w, search),
        .step = SLOT_STEP,
        .per_day = SLOT_PER_DAY};
    size_t count = slots_find(&task, found, limit < SLOTS_MAX ? limit : SLOTS_MAX);
    struct review_slot *slots = ARENA_ARRAY(w->arena, count, struct review_slot);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (found[i].start > snapshot_now(w->snapshot))
            slots[kept++] = (struct review_slot){.start = found[i].start,
                .end = found[i].end,
                .employee = slot_unknown,
                .interviewer = w->review.interviewer ? slot_unknown : NULL};
    *ret = (struct review_slots){.items = slots, .count = kept, .from = w->from, .to = w->to};
}

enum status review_propose_slots(const struct snapshot *snapshot, const char *id,
    const struct review_slot_search *search, struct review_slots *ret, struct error *err)
{
    struct review_row row;
    char key[ORG_KEY_MAX];
    struct slots_work w = {.snapshot = snapshot, .arena = snapshot_arena(snapshot)};
    enum status status = review_get(snapshot, id, &row, err);
    if (status == ST_OK)
        status = review_of_row(w.arena, &row, &w.review, err);
    if (status != ST_OK)
        return status;
    (void)id_parse(id, "rev", key);
    status = organisation_view(snapshot, key, &w.organisation, err);
    if (status != ST_OK)
        return status;
    w.zone = organisation_zone(&w.organisation);
    w.today = organisation_today(&w.organisation, snapshot_now(snapshot));
    status = slots_window(&w, search, err);
    if (status == ST_OK)
        status = slots_employed(&w, err);
    if (status == ST_OK)
        status = slots_person(&w, w.review.employee, err);
    if (status == ST_OK)
        status = slots_person(&w, w.review.interviewer, err);
    if (status == ST_OK)
        slots_search(&w, search, ret);
    return status;
}
