#pragma once
/*
 * When two people have no time for a review: absences, other reviews, what their calendars say. Inside the
 * module; on a lane.
 */
#include "model/slot.h"
#include "work/organisation.h"

enum agenda_role { AGENDA_EMPLOYEE, AGENDA_INTERVIEWER };

struct agenda {
    const struct snapshot *snapshot;
    struct arena *arena;
    const struct organisation *organisation;
    const struct zone *zone;
    date_t from, to;              /* both included; busy times cover whole weeks around them */
    instant_t own_start, own_end; /* of the slot that is looked at anew: it is not in its own way */
    struct slot_busy *busy;
    size_t count, room;
};
/* What is known of somebody's calendar. */
struct agenda_calendar {
    instant_t from, to, as_of; /* as_of INSTANT_NONE: nothing */
    const char *problem;       /* of the last look, NULL = none */
};

struct agenda agenda_init(const struct snapshot *snapshot, struct arena *arena,
    const struct organisation *organisation, date_t from, date_t to);
/* What is in the way of this person; nothing of the review `except` (NULL: of none). */
enum status agenda_add(
    struct agenda *agenda, const char *person, enum agenda_role role, const char *except, struct error *err);

/* What the calendar of this person holds, as far as it is known. */
enum status agenda_calendar(struct agenda *agenda, const char *person, enum agenda_role role,
    struct agenda_calendar *ret, struct error *err);
/* A time that somebody is taken by a review that is not stored yet. */
void agenda_take(struct agenda *agenda, instant_t start, instant_t end, enum agenda_role role);

/* The search of an organisation, without busy times and days. */
struct slot_search agenda_search(
    struct arena *arena, const struct organisation *organisation, instant_t now, int minutes);

/* One sentence on why there is no time from day to day: what took how many. */
const char *agenda_explain(
    struct arena *arena, enum lang lang, const struct slot_tally *tally, date_t from, date_t to);

/* Where to look for a day for a duty: its planning window; when it is too late for the full notice, from the
 * shortest notice on; when that is too late too, the next weeks. `due` DATE_NONE: no duty, the next weeks. */
struct agenda_window {
    date_t from, to;
};
struct agenda_window agenda_window(
    date_t due, date_t limit, date_t opens, const struct organisation *organisation, date_t today);
