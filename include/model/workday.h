#pragma once
/*
 * On which days people work: public holidays in France (Code du travail L3133-1, and L3134-13 for Alsace and
 * Moselle), Easter, weekdays. A review is held in working time, so none is set on a day off. Pure, any thread.
 */
#include "base/date.h"
#include "base/lang.h"

#include <stdbool.h>

enum holiday_calendar { HOLIDAYS_METROPOLE, HOLIDAYS_ALSACE_MOSELLE };
extern const char *const holiday_calendar_names[]; /* "metropole", "alsace_moselle", NULL */

/* The Sunday of Easter in the Gregorian calendar, years 1583 to 9999; DATE_NONE outside. */
date_t easter_sunday(int year);
/* "Ascension", "Ascension Day"; NULL when the day is no public holiday there. */
const char *holiday_name(enum holiday_calendar calendar, date_t day, enum lang lang);

struct workweek {
    unsigned weekdays; /* bit 1 = Monday ... bit 7 = Sunday */
    int holidays;      /* enum holiday_calendar */
};
#define WORKWEEK_NONE    ((struct workweek){0}) /* no day is told apart */
#define WORKWEEK_DEFAULT ((struct workweek){.weekdays = 0x3e, .holidays = HOLIDAYS_METROPOLE})

enum workday_reason { WORKDAY_YES, WORKDAY_WEEKEND, WORKDAY_HOLIDAY };

/* Whether people work on that day, else why not: a holiday on a weekend is a weekend. */
enum workday_reason workday(const struct workweek *week, date_t day);
/* The first day worked on or after `day`; DATE_NONE when the week has none. */
date_t workday_from(const struct workweek *week, date_t day);
/* The last day worked on or before `day`, `day` itself when the week has none. */
date_t workday_until(const struct workweek *week, date_t day);
/* Days worked from `from` to the day before `to`. */
int workday_count(const struct workweek *week, date_t from, date_t to);
