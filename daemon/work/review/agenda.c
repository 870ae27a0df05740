/*
 * Busy times of people as the search for slots takes them. On a lane.
 */
#include "agenda.h"

#include "base/buf.h"
#include "base/text.h"
#include "store/calendar.h"
#include "text/sentence.h"
#include "work.h"
#include "work/duties.h"
#include "work/facts.h"

#include <string.h>

enum { AGENDA_STEP = 30, AGENDA_PER_DAY = 3, AGENDA_WEEKS = 42 };

struct agenda agenda_init(const struct snapshot *snapshot, struct arena *arena,
    const struct organisation *organisation, date_t from, date_t to)
{
    return (struct agenda){.snapshot = snapshot,
        .arena = arena,
        .organisation = organisation,
        .zone = organisation_zone(organisation),
        .from = from,
        .to = to,
        .own_start = INSTANT_NONE,
        .own_end = INSTANT_NONE};
}

static void agenda_push(struct agenda *a, instant_t start, instant_t end, enum slot_reason reason)
{
    if (a->count == a->room) {
        struct slot_busy *more = ARENA_ARRAY(a->arena, 2 * a->room + 16, struct slot_busy);
        if (a->count)
            memcpy(more, a->busy, a->count * sizeof *more);
        a->busy = more;
        a->room = 2 * a->room + 16;
    }
    a->busy[a->count++] = (struct slot_busy){.start = start, .end = end, .reason = (int)reason};
}

void agenda_take(struct agenda *agenda, instant_t start, instant_t end, enum agenda_role role)
{
    agenda_push(agenda, start, end, role == AGENDA_EMPLOYEE ? SLOT_EMPLOYEE_REVIEW : SLOT_INTERVIEWER_REVIEW);
}

static enum status agenda_absences(
    struct agenda *a, const char *person, enum agenda_role role, struct error *err)
{
    struct list facts;
    enum slot_reason reason = role == AGENDA_EMPLOYEE ? SLOT_EMPLOYEE_AWAY : SLOT_INTERVIEWER_AWAY;
    enum status status = facts_of(a->snapshot, &absence_facts, person, INSTANT_NONE, &facts, err);
    const struct absence *absences = facts.items;
    for (size_t i = 0; status == ST_OK && i < facts.count; i++) {
        const struct absence_type *type = rules_absence_type(duties_rules(), absences[i].type);
        date_t last = absences[i].end == DATE_NONE || absences[i].end > a->to ? a->to : absences[i].end;
        if (type && type->away && absences[i].start <= a->to && last >= a->from)
            agenda_push(
                a, zone_instant(a->zone, absences[i].start, 0), zone_instant(a->zone, last + 1, 0), reason);
    }
    return status;
}

/* Whole weeks: an interviewer takes only so many in one. */
static enum status agenda_reviews(
    struct agenda *a, const char *person, enum agenda_role role, const char *except, struct error *err)
{
    struct review_time_list list;
    enum slot_reason reason = role == AGENDA_EMPLOYEE ? SLOT_EMPLOYEE_REVIEW : SLOT_INTERVIEWER_REVIEW;
    enum status status = review_times(a->snapshot, person, a->from - 6, a->to + 6, &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++)
        if (!text_equal(list.items[i].id, except))
            agenda_push(a, list.items[i].starts_at, list.items[i].ends_at, reason);
    return status;
}

enum status agenda_add(
    struct agenda *a, const char *person, enum agenda_role role, const char *except, struct error *err)
{
    if (!person)
        return ST_OK;
    enum status status = agenda_absences(a, person, role, err);
    return status == ST_OK ? agenda_reviews(a, person, role, except, err) : status;
}

enum status agenda_calendar(
    struct agenda *a, const char *person, enum agenda_role role, struct agenda_calendar *ret, struct error *err)
{
    struct busy_view_row view;
    struct busy_list list;
    struct error why = ERROR_INIT;
    enum slot_reason reason = role == AGENDA_EMPLOYEE ? SLOT_EMPLOYEE_BUSY : SLOT_INTERVIEWER_BUSY;
    *ret = (struct agenda_calendar){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, NULL};
    enum status status = person ? busy_view(a->snapshot, person, &view, &why) : ST_NOT_FOUND;
    if (status != ST_OK)
        return status == ST_NOT_FOUND ? ST_OK : error_set(err, status, "%s", why.detail);
    *ret = (struct agenda_calendar){view.from, view.to, view.as_of, view.last_error};
    status = busy_times(a->snapshot, person, zone_instant(a->zone, a->from, 0),
        zone_instant(a->zone, a->to + 1, 0), &list, err);
    for (size_t i = 0; status == ST_OK && i < list.count; i++) {
        const struct busy_period *period = &list.items[i];
        bool own = a->own_start != INSTANT_NONE && period->start >= a->own_start && period->end <= a->own_end;
        if (!own)
            agenda_push(a, period->start, period->end, reason);
    }
    return status;
}

struct slot_search agenda_search(
    struct arena *arena, const struct organisation *organisation, instant_t now, int minutes)
{
    const struct working_hours *from = organisation->working_hours.items;
    size_t count = organisation->working_hours.count;
    struct slot_hours *hours = ARENA_ARRAY(arena, count, struct slot_hours);
    for (size_t i = 0; i < count; i++)
        hours[i] = (struct slot_hours){.weekday = (int)from[i].weekday,
            .from = time_of_day(from[i].start),
            .to = time_of_day(from[i].end)};
    return (struct slot_search){.zone = organisation_zone(organisation),
        .holidays = organisation->holidays,
        .hours = hours,
        .hours_count = count,
        .now = now,
        .minutes = minutes,
        .step = AGENDA_STEP,
        .per_day = AGENDA_PER_DAY,
        .per_week = (int)organisation->policies->reviews_per_week};
}

struct agenda_window agenda_window(
    date_t due, date_t limit, date_t opens, const struct organisation *organisation, date_t today)
{
    date_t soonest = today + REVIEW_NOTICE_MIN;
    struct agenda_window window = {soonest, soonest + AGENDA_WEEKS};
    if (due != DATE_NONE) {
        const struct duty duty = {.due = due, .limit = limit, .opens = opens};
        const struct duty_policies policies = {.notice_days = (int)organisation->policies->notice_days};
        duty_window(&duty, &policies, today, &window.from, &window.to);
    }
    if (window.to < window.from)
        window.from = soonest;
    if (window.to < window.from)
        window.to = window.from + AGENDA_WEEKS;
    if (window.to > window.from + SLOT_DAYS_MAX)
        window.from = window.to - SLOT_DAYS_MAX;
    return window;
}

/* One and many of each, what follows the number. */
static const struct {
    const char *one[LANG_COUNT], *many[LANG_COUNT];
} agenda_words[SLOT_REASON_COUNT] = {
    [SLOT_CLOSED] = {{"jour sans horaires de travail", "day without working hours"},
        {"jours sans horaires de travail", "days without working hours"}},
    [SLOT_HOLIDAY] = {{"jour férié", "day that is a public holiday"},
        {"jours fériés", "days that are public holidays"}},
    [SLOT_PAST] = {{"créneau déjà passé", "time that is over"},
        {"créneaux déjà passés", "times that are over"}},
    [SLOT_EMPLOYEE_AWAY] = {{"créneau où la personne est absente", "time when the employee is absent"},
        {"créneaux où la personne est absente", "times when the employee is absent"}},
    [SLOT_INTERVIEWER_AWAY] = {{"créneau où la personne qui mène l'entretien est absente",
                                   "time when the interviewer is absent"},
        {"créneaux où la personne qui mène l'entretien est absente", "times when the interviewer is absent"}},
    [SLOT_EMPLOYEE_REVIEW] = {{"créneau pris par un autre entretien de la personne",
                                  "time taken by another review of the employee"},
        {"créneaux pris par un autre entretien de la personne",
            "times taken by another review of the employee"}},
    [SLOT_INTERVIEWER_REVIEW] = {{"créneau pris par un autre entretien de la personne qui le mène",
                                     "time taken by another review of the interviewer"},
        {"créneaux pris par un autre entretien de la personne qui le mène",
            "times taken by another review of the interviewer"}},
    [SLOT_EMPLOYEE_BUSY] = {{"créneau pris dans l'agenda de la personne",
                                "time taken in the employee's calendar"},
        {"créneaux pris dans l'agenda de la personne", "times taken in the employee's calendar"}},
    [SLOT_INTERVIEWER_BUSY] = {{"créneau pris dans l'agenda de la personne qui le mène",
                                   "time taken in the interviewer's calendar"},
        {"créneaux pris dans l'agenda de la personne qui le mène",
            "times taken in the interviewer's calendar"}},
    [SLOT_WEEK_FULL] = {{"créneau dans une semaine où la personne qui le mène en a déjà autant que prévu",
                            "time in a week with as many reviews as the interviewer takes"},
        {"créneaux dans des semaines où la personne qui le mène en a déjà autant que prévu",
            "times in weeks with as many reviews as the interviewer takes"}},
};

const char *agenda_explain(
    struct arena *arena, enum lang lang, const struct slot_tally *tally, date_t from, date_t to)
{
    if (to < from)
        return lang == LANG_FR ? "aucun jour ne convient" : "there is no day on which it could be held";
    BUF_AUTO text;
    buf_init(&text, 0);
    if (lang == LANG_FR)
        buf_printf(&text, "aucun créneau du %s au %s", sentence_date(arena, lang, from),
            sentence_date(arena, lang, to));
    else
        buf_printf(
            &text, "no time from %s to %s", sentence_date(arena, lang, from), sentence_date(arena, lang, to));
    const char *separator = lang == LANG_FR ? " : " : ": ";
    for (int reason = SLOT_REASON_COUNT - 1; reason > SLOT_FREE; reason--) {
        unsigned count = tally->count[reason];
        if (count == 0)
            continue;
        const char *const *words = count == 1 ? agenda_words[reason].one : agenda_words[reason].many;
        buf_printf(&text, "%s%u %s", separator, count, words[lang]);
        separator = ", ";
    }
    return arena_strndup(arena, text.data, text.size);
}
