/*
 * The times of a campaign: for one interviewer at a time, then the reviews. On a write lane.
 */
#include "campaign_work.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"
#include "calendar/work.h"
#include "work/review.h"

#include <string.h>

enum {
    PLAN_PEOPLE = 40,     /* of one interviewer, planned together */
    PATIENCE_S = 10 * 60, /* with calendars, before a time is looked for without them */
    CREATE_BUDGET_MS = 25 /* of one slice */
};

/* ---- times */

struct planning {
    struct campaign_work *w;
    struct placement_list rows;
    struct slot_task *tasks;
    struct slot_assigned *found;
};

/* Times found for others of the campaign that are no reviews yet: all there is in a dry run. */
static enum status plan_add_found(struct campaign_work *w, struct agenda *agenda, const char *person,
    enum agenda_role role, struct error *err)
{
    struct placement_list list;
    enum status status = placement_times(txn_snapshot(w->txn), w->row.id, person, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        agenda_take(agenda, list.items[i].starts_at, list.items[i].ends_at, role);
    return status;
}

/* The number by which interviewers differ: none of an employee. */
static size_t plan_number(const char *interviewer)
{
    struct sha256 hash = sha256(interviewer, strlen(interviewer));
    return PLAN_PEOPLE + 1 + ((size_t)hash.bytes[0] << 8 | hash.bytes[1]);
}

static enum status plan_task(struct planning *p, size_t at, struct error *err)
{
    struct campaign_work *w = p->w;
    const struct placement_row *row = &p->rows.items[at];
    struct agenda agenda = agenda_init(txn_snapshot(w->txn), w->arena, &w->organisation, row->from, row->to);
    enum status status = agenda_add(&agenda, row->employee, AGENDA_EMPLOYEE, NULL, err);
    if (status == ST_OK)
        status = agenda_add(&agenda, row->interviewer, AGENDA_INTERVIEWER, NULL, err);
    struct agenda_calendar known;
    if (status == ST_OK)
        status = agenda_calendar(&agenda, row->employee, AGENDA_EMPLOYEE, &known, err);
    if (status == ST_OK)
        status = agenda_calendar(&agenda, row->interviewer, AGENDA_INTERVIEWER, &known, err);
    if (status == ST_OK)
        status = plan_add_found(w, &agenda, row->employee, AGENDA_EMPLOYEE, err);
    if (status == ST_OK)
        status = plan_add_found(w, &agenda, row->interviewer, AGENDA_INTERVIEWER, err);
    p->tasks[at] = (struct slot_task){.employee = at + 1,
        .interviewer = plan_number(row->interviewer),
        .from = row->from,
        .to = row->to,
        .busy = agenda.busy,
        .busy_count = agenda.count};
    return status;
}

static enum status plan_note(struct planning *p, size_t at, struct error *err)
{
    struct placement_row row = p->rows.items[at];
    const struct slot_assigned *found = &p->found[at];
    row.starts_at = found->slot.start;
    row.ends_at = found->slot.end;
    row.state = "planned";
    if (found->slot.start == INSTANT_NONE) {
        row.state = "refused";
        row.reason = slot_reason_names[slot_tally_main(&found->tally)];
        if (slot_tally_main(&found->tally) == SLOT_FREE)
            row.reason = "no_day";
        row.explanation =
            agenda_explain(p->w->arena, (enum lang)p->w->organisation.locale, &found->tally, row.from, row.to);
    }
    return placement_update(p->w->txn, p->w->row.id, &row, err);
}

static struct slot_search plan_rules(const struct campaign_work *w)
{
    int minutes = w->options.duration == FIELD_INT_NONE ? 60 : (int)w->options.duration;
    struct slot_search rules = agenda_search(w->arena, &w->organisation, txn_now(w->txn), minutes);
    if (w->options.per_week != FIELD_INT_NONE)
        rules.per_week = (int)w->options.per_week;
    return rules;
}

static enum status plan_interviewer(struct campaign_work *w, struct placement_list rows, struct error *err)
{
    struct planning p = {.w = w,
        .rows = rows,
        .tasks = ARENA_ARRAY(w->arena, rows.count, struct slot_task),
        .found = ARENA_ARRAY(w->arena, rows.count, struct slot_assigned)};
    enum status status = ST_OK;
    for (size_t i = 0; status == ST_OK && i < rows.count; i++)
        status = plan_task(&p, i, err);
    if (status != ST_OK)
        return status;
    struct slot_search rules = plan_rules(w);
    slots_assign(&rules, p.tasks, rows.count, w->arena, p.found);
    for (size_t i = 0; status == ST_OK && i < rows.count; i++)
        status = plan_note(&p, i, err);
    return status;
}

/* ---- reviews */

struct creation {
    struct campaign_work *w;
    struct placement_row row;
};

/* Since its time was found another review may have taken it. */
static enum status create_check(struct creation *c, struct error *err)
{
    struct campaign_work *w = c->w;
    date_t day = zone_date(organisation_zone(&w->organisation), c->row.starts_at);
    struct agenda agenda = agenda_init(txn_snapshot(w->txn), w->arena, &w->organisation, day, day);
    enum status status = agenda_add(&agenda, c->row.employee, AGENDA_EMPLOYEE, NULL, err);
    if (status == ST_OK)
        status = agenda_add(&agenda, c->row.interviewer, AGENDA_INTERVIEWER, NULL, err);
    for (size_t i = 0; status == ST_OK && i < agenda.count; i++)
        if (agenda.busy[i].start < c->row.ends_at && c->row.starts_at < agenda.busy[i].end)
            return error_set(err, ST_CONFLICT, "the time was taken while the campaign was planned");
    return status;
}

static enum status create_run(struct txn *txn, void *context, struct error *err)
{
    struct creation *c = context;
    const struct campaign_options *options = &c->w->options;
    struct review in, made;
    enum status status = create_check(c, err);
    if (status != ST_OK)
        return status;
    field_clear(&review_table, &in);
    in.employee = c->row.employee;
    in.interviewer = c->row.interviewer;
    in.start = c->row.starts_at;
    in.end = c->row.ends_at;
    in.mode = options->mode;
    in.location = options->location;
    in.conference_url = options->conference_url;
    in.reason = options->label ? options->label : c->w->row.id;
    status = review_create(txn, &in, &made, err);
    if (status != ST_OK)
        return status;
    c->row.review = made.id;
    if (options->propose != 1)
        return ST_OK;
    struct review_step step = {.event = REVIEW_EVENT_PROPOSE,
        .date = DATE_NONE,
        .means = FIELD_UNSET,
        .start = INSTANT_NONE,
        .end = INSTANT_NONE,
        .duration = FIELD_INT_NONE};
    return review_do(txn, made.id, &step, 0, &made, err);
}

static bool create_is_refusal(enum status status)
{
    return status == ST_INVALID || status == ST_CONFLICT || status == ST_NOT_FOUND;
}

static enum status create_one(struct campaign_work *w, const struct placement_row *row, struct error *err)
{
    struct creation c = {.w = w, .row = *row};
    struct error why = ERROR_INIT;
    enum status status = txn_try(w->txn, create_run, &c, &why);
    if (status != ST_OK && !create_is_refusal(status)) {
        *err = why;
        return status;
    }
    c.row.state = status == ST_OK ? "created" : "refused";
    if (status != ST_OK) {
        c.row.starts_at = c.row.ends_at = INSTANT_NONE;
        c.row.review = NULL;
        c.row.reason = "refused";
        c.row.explanation = arena_strdup(w->arena, why.count ? why.fields[0].detail : why.detail);
    }
    return placement_update(w->txn, w->row.id, &c.row, err);
}

static enum status create_some(struct campaign_work *w, bool *ret_any, struct error *err)
{
    struct placement_list rows;
    int64_t end = clock_monotonic() + CREATE_BUDGET_MS * INT64_C(1000);
    enum status status =
        placement_of_one_interviewer(txn_snapshot(w->txn), w->row.id, "planned", PLAN_PEOPLE, &rows, err);
    *ret_any = status == ST_OK && rows.count > 0;
    for (size_t i = 0; status == ST_OK && i < rows.count && (i == 0 || clock_monotonic() < end); i++)
        status = create_one(w, &rows.items[i], err);
    return status;
}

/* A calendar that is well is asked about all who are to be planned first; not for ever. */
static enum status plan_looks_first(struct campaign_work *w, struct error *err)
{
    struct calendar_list calendars;
    const struct snapshot *snapshot = txn_snapshot(w->txn);
    enum status status = calendar_all(snapshot, txn_organisation(w->txn), &calendars, err);
    bool patient = txn_now(w->txn) - w->row.created_at < PATIENCE_S * US_PER_SEC;
    for (size_t i = 0; status == ST_OK && patient && !w->waits && i < calendars.count; i++) {
        const struct calendar_row *calendar = &calendars.items[i];
        bool store = text_equal(calendar->kind, calendar_kind_names[CALENDAR_STORE]);
        struct busy_people people = {0};
        if (!calendar->paused && calendar->failures == 0 && calendar->found_at != INSTANT_NONE)
            status = busy_needed(
                snapshot, txn_organisation(w->txn), w->row.created_at, store, PLAN_PEOPLE, &people, err);
        for (size_t k = 0; status == ST_OK && k < people.count; k++)
            w->waits |= !store || calendar_holds(calendar->url, people.items[k].calendar_url);
    }
    return status;
}

enum status campaign_plan(struct campaign_work *w, struct error *err)
{
    struct placement_list rows;
    bool any = false;
    enum status status = ST_OK;
    if (w->options.dry_run != 1)
        status = create_some(w, &any, err);
    if (status != ST_OK || any)
        return status;
    status = placement_of_one_interviewer(txn_snapshot(w->txn), w->row.id, "waiting", PLAN_PEOPLE, &rows, err);
    if (status == ST_OK && rows.count == 0)
        w->row.state = campaign_state_names[CAMPAIGN_DONE];
    else if (status == ST_OK)
        status = plan_looks_first(w, err);
    if (status == ST_OK && w->waits)
        return calendar_wake(w->txn, &w->woke, err);
    return status == ST_OK ? plan_interviewer(w, rows, err) : status;
}
