/*
 * Whom a campaign is for: the employees with a duty to plan and no review under way. On a write lane.
 */
#include "campaign_work.h"

#include "base/text.h"
#include "internal.h"
#include "store/duty.h"
#include "store/employee.h"
#include "store/review.h"
#include "work.h"

#include <string.h>

enum { SELECT_DUTIES = 40 };

/* The days of the duty, within those asked for: asked days may cut the full notice down to the shortest. What
 * is late is planned on the days asked for, whatever its own were. */
static struct agenda_window select_window(const struct campaign_work *w, const struct duty_row *duty)
{
    struct agenda_window window =
        agenda_window(duty->due, duty->limit, duty->opens, &w->organisation, w->today);
    date_t asked = w->options.from;
    if (asked != DATE_NONE) {
        date_t soonest = w->today + REVIEW_NOTICE_MIN;
        window.from = asked > soonest ? asked : soonest;
        if (duty->opens > window.from)
            window.from = duty->opens;
    }
    bool late = window.to < window.from;
    if (w->options.to != DATE_NONE && (late || w->options.to < window.to))
        window.to = w->options.to;
    return window;
}

static bool select_wants(const struct campaign_work *w, const struct duty_row *duty)
{
    bool to_plan = text_equal(duty->state, duty_state_name(DUTY_TO_PLAN)) ||
                   text_equal(duty->state, duty_state_name(DUTY_OVERDUE));
    bool upcoming = text_equal(duty->state, duty_state_name(DUTY_UPCOMING));
    bool watched = text_equal(duty->kind, duty_family_name(DUTY_MIDCAREER_VISIT));
    return !watched && (to_plan || (upcoming && w->options.due_before != DATE_NONE));
}

/* A review under way serves whatever the employee is owed. */
static enum status select_under_way(struct campaign_work *w, const char *employee, bool *ret, struct error *err)
{
    struct review_list list;
    enum status status = review_of(txn_snapshot(w->txn), employee, &list, err);
    *ret = false;
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        int state = work_name_index(review_state_names, list.items[i].state);
        bool open = state == REVIEW_DRAFT || state == REVIEW_PROPOSED ||
                    review_answerable((enum review_state)state) || state == REVIEW_NO_SHOW;
        *ret |= open && strcmp(list.items[i].type, "professional") == 0;
    }
    return status;
}

static const char *select_interviewer(const struct campaign_work *w, const struct employee_row *employee)
{
    const char *otherwise = text_equal(w->options.interviewer, employee->id) ? NULL : w->options.interviewer;
    return employee->manager ? employee->manager : otherwise;
}

static const char *const select_nobody[LANG_COUNT] = {
    [LANG_FR] = "personne n'est désigné pour le mener : il n'y a pas de responsable",
    [LANG_EN] = "nobody is named to hold it: the employee has no manager"};

static enum status select_one(struct campaign_work *w, const struct duty_row *duty, struct error *err)
{
    struct employee_row employee;
    bool under_way = false;
    enum status status = employee_get(txn_snapshot(w->txn), duty->employee, &employee, err);
    if (status == ST_OK)
        status = select_under_way(w, duty->employee, &under_way, err);
    if (status != ST_OK || under_way)
        return status;
    const char *interviewer = select_interviewer(w, &employee);
    struct agenda_window window = select_window(w, duty);
    struct placement_row row = {.employee = duty->employee,
        .duty = duty->id,
        .due = duty->due,
        .interviewer = interviewer ? interviewer : "",
        .from = window.from,
        .to = window.to,
        .state = interviewer ? "waiting" : "refused",
        .reason = interviewer ? NULL : "no_interviewer",
        .explanation =
            interviewer ? NULL : select_nobody[w->organisation.locale == LANG_FR ? LANG_FR : LANG_EN]};
    return placement_add(w->txn, w->row.id, &row, err);
}

enum status campaign_select(struct campaign_work *w, struct error *err)
{
    const struct duty_filter filter = {
        .manager = w->options.manager, .due_before = w->options.due_before, .due_after = DATE_NONE};
    const struct page page = {.limit = SELECT_DUTIES, .cursor = w->row.cursor};
    struct duty_list list;
    enum status status = duty_list(txn_snapshot(w->txn), txn_organisation(w->txn), &filter, &page, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        if (select_wants(w, &list.items[i]))
            status = select_one(w, &list.items[i], err);
    if (status != ST_OK)
        return status;
    w->row.cursor = list.next;
    if (!list.next)
        w->row.state = campaign_state_names[CAMPAIGN_PLANNING];
    return ST_OK;
}
