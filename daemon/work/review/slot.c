/*
 * When a review may take place: in working time, not while either is away, with notice. On a write lane.
 */
#include "work.h"

#include "work/duties.h"
#include "work/employee.h"
#include "work/facts.h"

#include <string.h>

instant_t review_end(instant_t start, instant_t end, int64_t duration)
{
    if (end != INSTANT_NONE || start == INSTANT_NONE || duration == FIELD_INT_NONE)
        return end;
    return start + duration * 60 * US_PER_SEC;
}

date_t review_first_day(const struct review_work *w)
{
    return employee_first_day(w->employee.hire_date, w->employee.seniority_date);
}

enum status review_check_day(
    const struct review_work *w, date_t day, date_t first, const char *pointer, struct error *err)
{
    if (day == DATE_NONE)
        return error_field(err, pointer, "expected a date");
    if (day > w->today)
        return error_field(err, pointer, "is in the future");
    if (first != DATE_NONE && day < first)
        return error_field(err, pointer, "is before %s", date_show(first).text);
    return ST_OK;
}

static bool slot_in_hours(const struct review_work *w, instant_t start, instant_t end)
{
    struct local_time from = zone_local(w->zone, start);
    struct local_time to = zone_local(w->zone, end);
    const struct working_hours *hours = w->organisation.working_hours.items;
    for (size_t i = 0; from.date == to.date && i < w->organisation.working_hours.count; i++)
        if (hours[i].weekday == date_weekday(from.date) && from.second >= time_of_day(hours[i].start) * 60 &&
            to.second <= time_of_day(hours[i].end) * 60)
            return true;
    return false;
}

static enum status slot_check_workday(const struct review_work *w, date_t day, struct error *err)
{
    struct workweek week = organisation_week(&w->organisation);
    switch (workday(&week, day)) {
    case WORKDAY_YES:
        return ST_OK;
    case WORKDAY_HOLIDAY:
        return error_field(err, "/start", "%s is a public holiday (%s): a review takes place in working time",
            date_show(day).text, holiday_name((enum holiday_calendar)week.holidays, day, LANG_EN));
    default:
        return error_field(
            err, "/start", "%s is no day worked: a review takes place in working time", date_show(day).text);
    }
}

enum status review_away(
    const struct snapshot *snapshot, const char *person, date_t day, bool *ret, struct error *err)
{
    struct list facts = {0};
    enum status status = person ? facts_of(snapshot, &absence_facts, person, INSTANT_NONE, &facts, err) : ST_OK;
    const struct absence *absences = facts.items;
    *ret = false;
    for (size_t i = 0; status == ST_OK && i < facts.count; i++) {
        const struct absence_type *type = rules_absence_type(duties_rules(), absences[i].type);
        bool covers = absences[i].start <= day && (absences[i].end == DATE_NONE || day <= absences[i].end);
        *ret |= covers && type && type->away == 1;
    }
    return status;
}

/* Neither the type nor the dates of the absence are told. */
static enum status slot_check_absences(
    const struct review_work *w, const char *person, const char *who, date_t day, struct error *err)
{
    bool away = false;
    enum status status = review_away(txn_snapshot(w->txn), person, day, &away, err);
    return away ? error_field(err, "/start", "the %s is away on %s", who, date_show(day).text) : status;
}

static enum status slot_check_employed(const struct review_work *w, date_t day, struct error *err)
{
    if (w->employee.hire_date != DATE_NONE && day < w->employee.hire_date)
        return error_field(err, "/start", "is before the hire date");
    if (w->employee.exit_date != DATE_NONE && day >= w->employee.exit_date)
        return error_field(err, "/start", "is on or after the day the employee leaves");
    return ST_OK;
}

static enum status slot_check_notice(struct review_work *w, date_t day, bool insists, struct error *err)
{
    bool late = day - w->today < REVIEW_NOTICE_MIN;
    if (late && !insists)
        return error_field(err, "/start",
            "is %d days ahead: a convocation leaves at least %d to prepare (short_notice: true to insist)",
            day - w->today, REVIEW_NOTICE_MIN);
    w->is.short_notice = late;
    return ST_OK;
}

enum status review_check_slot(
    struct review_work *w, instant_t start, instant_t end, bool convenes, bool insists, struct error *err)
{
    if (start == INSTANT_NONE)
        return error_field(err, "/start", "expected the start of the slot");
    date_t day = zone_date(w->zone, start);
    enum status status = slot_check_employed(w, day, err);
    if (status == ST_OK)
        status = slot_check_workday(w, day, err);
    if (status == ST_OK)
        status = slot_check_absences(w, w->employee.id, "employee", day, err);
    if (status == ST_OK)
        status = slot_check_absences(w, w->interviewer.id, "interviewer", day, err);
    if (status == ST_OK && convenes)
        status = slot_check_notice(w, day, insists, err);
    if (status == ST_OK)
        w->is.outside_hours = end == INSTANT_NONE || !slot_in_hours(w, start, end);
    return status;
}
