/* One employee's part in the yearly figures: facts of the duties, and actions of the plan. On a lane. */
#include "work/indicators.h"

#include "internal.h"
#include "training/plan_work.h"

#include <string.h>

static bool in_year(date_t day, int year)
{
    return day != DATE_NONE && date_ymd(day).year == year;
}

/* Employed on a day of the year; the agency counts its own. */
static bool counts(const struct case_employee *employee, int year)
{
    return employee->contract != CONTRACT_TEMPORARY && employee->hire_date != DATE_NONE &&
           date_ymd(employee->hire_date).year <= year &&
           (employee->exit_date == DATE_NONE || date_ymd(employee->exit_date - 1).year >= year);
}

static void add_reviews(const struct duty_case *facts, int year, struct indicator_figures *figures)
{
    for (size_t i = 0; i < facts->review_count; i++) {
        const struct case_review *review = &facts->reviews[i];
        if (review->type != REVIEW_PROFESSIONAL || !in_year(review->held, year))
            continue;
        figures->reviews++;
        figures->recaps += review->recap == 1;
        figures->reviewed = 1;
    }
    for (size_t i = 0; i < facts->event_count; i++) {
        if (facts->events[i].type != EVENT_CPF_CONTRIBUTION || !in_year(facts->events[i].date, year))
            continue;
        figures->credited = 1;
        figures->credit += facts->rules->recap.amount;
    }
}

static void add_done(const struct action *action, struct indicator_figures *figures)
{
    switch ((enum action_nature)action->nature) {
    case NATURE_TRAINING:
    case NATURE_AFEST:
        figures->trained = 1;
        figures->trainings++;
        figures->minutes += action->minutes_done > 0 ? action->minutes_done : 0;
        break;
    case NATURE_SKILLS_ASSESSMENT:
        figures->skills_assessments++;
        break;
    case NATURE_VAE:
        figures->vae++;
        break;
    default:
        break;
    }
}

static void add_action(const struct action *action, int year, struct indicator_figures *figures)
{
    bool done = action->state == ACTION_DONE;
    if (done && in_year(action->done_on != DATE_NONE ? action->done_on : action->end, year))
        add_done(action, figures);
    if ((!action->review && !action->need) || action->year != year)
        return;
    figures->decided++;
    figures->decided_done += done;
    figures->decided_dropped += action->state == ACTION_CANCELLED || action->state == ACTION_REFUSED ||
                                action->state == ACTION_POSTPONED;
}

static enum status add_actions(const struct snapshot *snapshot, const char *organisation, const char *employee,
    int year, struct indicator_figures *figures, struct error *err)
{
    const struct action_filter filter = {.employee = employee};
    struct page page = {.limit = PAGE_MAX};
    enum status status = ST_OK;
    do {
        struct action_list list;
        status = action_list(snapshot, organisation, &filter, &page, &list, err);
        for (size_t i = 0; status == ST_OK && i < list.count; i++) {
            struct action action;
            status = action_of_row(snapshot_arena(snapshot), &list.items[i], &action, err);
            if (status == ST_OK)
                add_action(&action, year, figures);
        }
        page.cursor = status == ST_OK ? list.next : NULL;
    } while (page.cursor);
    return status;
}

enum status indicators_of(const struct snapshot *snapshot, const struct duties_frame *frame,
    const char *employee, int year, instant_t known_at, struct indicator_figures *ret, struct error *err)
{
    struct duties_view *view = ARENA_NEW(snapshot_arena(snapshot), struct duties_view);
    *ret = (struct indicator_figures){.people = 0};
    enum status status = duties_view(snapshot, frame, employee, frame->today, known_at, view, err);
    if (status != ST_OK || !view->known || !counts(&view->facts.employee, year))
        return status;
    ret->people = 1;
    add_reviews(&view->facts, year, ret);
    return add_actions(snapshot, frame->organisation, employee, year, ret, err);
}
